"""IKEv2: keys of peer blocks, profiles and what they match, policies and proposals, and what is bound."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.ios.words import slot
from ikeaudit.ios.writing import command
from ikeaudit.ios.writing import no as undone
from ikeaudit.model import Ikev2Peer, Ikev2Profile, Ikev2Proposal, IPAddress, Prefix, Secret
from ikeaudit.remediation.fixes.case import Call, Side
from ikeaudit.remediation.fixes.contract import LEAVING, Block, Change, change
from ikeaudit.remediation.fixes.lines import binder, encoded, free, masked, no
from ikeaudit.selection import Identity
from ikeaudit.selection.identities import identity_matches


def _ikev2(call: Call) -> Iterator[Side]:
    for side in call.sides:
        if side.router.ikev2.profiles and (side.end.ike_version == 2 or call.exchange.ike_version == 2):
            yield side


def _profiles(side: Side) -> list[Ikev2Profile]:
    """The bound profile, or all where none is bound."""
    profiles = side.router.ikev2.profiles
    return [p for p in profiles if p.name == side.end.ikev2_profile] or list(profiles)


def _presented(side: Side) -> Identity:
    if side.other is None or side.other_end is None:
        return Identity("address", side.peer)
    profile = side.other.ikev2.profiles.get(side.other_end.ikev2_profile or "")
    found = side.other.ikev2.own_identity(profile, side.other_end.local) if profile is not None else None
    return Identity("address", side.peer) if found is None or (found.kind == "address" and not found.address) else found


_KINDS = {"fqdn": "fqdn", "user-fqdn": "email", "key-id": "key-id"}
_MATCH = "ikev2-profile/match-identity-remote"


def _match(identity: Identity) -> str | None:
    """The line that matches an identity; None where there is none for it."""
    if identity.kind == "address":
        v4 = identity.address is not None and identity.address.version == 4
        return command(_MATCH, masked(Prefix.of(identity.address))) if v4 and identity.address is not None else None
    if identity.kind not in _KINDS:
        return None
    row = f"{_MATCH}-key-id" if identity.kind == "key-id" else f"{_MATCH}-name"
    return command(row, _KINDS[identity.kind], identity.value)


def _policy(name: str, proposal: str, *vrf: str) -> Block:
    """An IKEv2 policy that offers a proposal."""
    return command("global/crypto-ikev2-policy", name), *vrf, command("ikev2-policy/proposal", proposal)


def _peer(name: object, *lines: str) -> Block:
    """A peer block of a keyring."""
    return command("ikev2-keyring/peer", name), *lines, LEAVING


def _address(peer: IPAddress) -> str:
    """The line of a peer block that says whose it is."""
    return command("ikev2-peer/address" if peer.version == 4 else "ikev2-peer/address-ipv6", peer)


def _by_key() -> list[str]:
    """Pre-shared keys both ways."""
    return [command(f"ikev2-profile/authentication-{side}", "pre-share") for side in ("remote", "local")]


def _halves(side: Side) -> Iterator[tuple[Secret, Secret]]:
    """The keys that an end should have: the far end's, the other way round; or one for both."""
    if side.other is not None and side.other_end is not None and side.end.local.address is not None:
        profile = side.other.ikev2.profiles.get(side.other_end.ikev2_profile or "")
        address = side.other_end.peer or side.end.local.address
        keys = side.other.ikev2.initiator_keys(profile, address) if profile is not None else None
        if keys is not None and (keys.local or keys.remote):
            local, remote = keys.local or keys.remote, keys.remote or keys.local
            assert local is not None
            assert remote is not None
            if not local.opaque and not remote.opaque:
                yield remote, local
    for ring in side.router.ikev2.keyrings:
        for block in ring.peers:
            near = side.peer is not None and any(a.covers(side.peer) for a in block.addresses)
            own = (block.local or block.remote, block.remote or block.local)
            if near and own[0] is not None and own[1] is not None:
                yield own[0], own[1]
    v1 = (*side.secrets, *(Side(side.other, side.other_end, side.end.local.address, side.rules, side.end, False).secrets
                           if side.other is not None and side.other_end is not None else ()))  # fmt: skip
    for secret in dict.fromkeys(v1):
        yield secret, secret


_KEY = "ikev2-peer/pre-shared-key"


def _key_lines(local: Secret, remote: Secret) -> list[str]:
    if local == remote:
        return [command(_KEY, encoded(local))]
    return [command(_KEY, "local", encoded(local)), command(_KEY, "remote", encoded(remote))]


def keys(call: Call) -> Iterator[Change]:
    """A peer block with the far end's keys: the one for the address, any that has no address, or a new one."""
    for side in _ikev2(call):
        router = side.router
        rings = {ring.name: ring for ring in router.ikev2.keyrings}
        for profile in _profiles(side):
            ring = rings.get(profile.keyring.name) if profile.keyring is not None else None
            if ring is None or side.peer is None:
                continue
            header = router.text(ring.line)
            for local, remote in dict.fromkeys(_halves(side)):
                whose = _whose(call, side, local, remote)
                title = f"Give keyring {ring.name} of {router.name} the keys for {side.peer}{whose}"
                for block in ring.peers:
                    lines = _block(side, block, local, remote)
                    if lines is not None:
                        yield change(title, (router, (header, *_peer(block.name, *lines))))
                name = free(str(side.peer), (block.name for block in ring.peers))
                lines = [_address(side.peer), *_key_lines(local, remote)]
                yield change(title, (router, (header, *_peer(name, *lines))))
            for block in ring.peers:
                if not block.addresses and block.identity is not None:
                    title = f"Give peer {block.name} of keyring {ring.name} on {router.name} an address"
                    yield change(title, (router, (header, *_peer(block.name, _address(side.peer)))))
                if any(a.covers(side.peer) for a in block.addresses):
                    title = f"Take peer {block.name} out of keyring {ring.name} of {router.name}"
                    yield change(title, (router, (header, undone("ikev2-keyring/peer", block.name))), detour=1)


def _whose(call: Call, side: Side, local: Secret, remote: Secret) -> str:
    """Where the keys are the far end's and this end has others: that either may be the right ones."""
    far = side.other
    if far is None or "psk-mismatch" not in call.reasons or (local, remote) != next(_halves(side), None):
        return ""
    own, there = side.router.name, far.router.name
    return f", which {there} has (or {there} those of {own}: which of the two are right is in no configuration)"


def _block(side: Side, block: Ikev2Peer, local: Secret, remote: Secret) -> list[str] | None:
    """The lines that give a peer block these keys; None where it is not for the peer, or has them."""
    near = side.peer is not None and (not block.addresses or any(a.covers(side.peer) for a in block.addresses))
    if not near or (block.local, block.remote) == (local, remote):
        return None
    lines = []
    if block.local != block.remote and local == remote:
        lines += [undone(_KEY, "local")] * (block.local is not None) + [undone(_KEY, "remote")] * (
            block.remote is not None
        )
    elif block.local == block.remote and block.local is not None and local != remote:
        lines.append(undone(_KEY))
    return [*lines, *_key_lines(local, remote)]


def keyrings(call: Call) -> Iterator[Change]:
    """A profile with what it lacks: a keyring, a method, a match."""
    for side in _ikev2(call):
        router = side.router
        for profile in _profiles(side):
            header, line = router.text(profile.line), _match(_presented(side))
            match = [] if profile.matches or line is None else [line]
            methods = [
                method
                for method, there in zip(_by_key(), (profile.remote_auth, profile.local_auth), strict=True)
                if not there
            ]
            names = [ring.name for ring in router.ikev2.keyrings]
            own = profile.keyring.name if profile.keyring is not None else None
            if match or methods:
                yield change(
                    f"Complete IKEv2 profile {profile.name} of {router.name}", (router, (header, *match, *methods))
                )
            for name in names:
                if name != own:
                    title = f"Let IKEv2 profile {profile.name} of {router.name} use keyring {name}"
                    yield change(
                        title, (router, (header, *match, *methods, command("ikev2-profile/keyring-local", name)))
                    )


def matches(call: Call) -> Iterator[Change]:
    """The bound profile matches what the peer presents, and no other one does."""
    for side in _ikev2(call):
        router, identity = side.router, _presented(side)
        line = _match(identity)
        for profile in _profiles(side):
            whom = line.removeprefix(f"{slot(_MATCH)} ") if line is not None else side.peer
            title = f"Let IKEv2 profile {profile.name} of {router.name} match {whom}"
            header = router.text(profile.line)
            own = any(identity_matches(match, identity) for match in profile.matches)
            first: list[Block] = [] if own or line is None else [(header, line)]
            if first:
                yield change(title, (router, first[0]))
            others: list[Block] = [
                (router.text(other.line), no(router.text(match.line)))
                for other in router.ikev2.profiles
                for match in (other.matches if other.name != profile.name else ())
                if identity_matches(match, identity)
            ]
            if others:
                yield change(f"{title}, and no other one", *((router, block) for block in (*first, *others)))
            local = side.end.local.address
            if local is not None:
                yield change(
                    f"Let IKEv2 profile {profile.name} of {router.name} serve {local}",
                    (router, (header, command("ikev2-profile/match-address-local", local))),
                    detour=1,
                )


def identities(call: Call) -> Iterator[Change]:
    """A router presents what the far end's profile matches."""
    for side in _ikev2(call):
        router = side.router
        far = (
            side.other.ikev2.profiles.get(side.other_end.ikev2_profile or "") if side.other and side.other_end else None
        )
        for profile in _profiles(side):
            header = router.text(profile.line)
            if profile.identity_local is not None:
                title = f"Let IKEv2 profile {profile.name} of {router.name} present the address"
                yield change(title, (router, (header, no(router.text(profile.identity_local.line)))))
            for match in far.matches if far is not None else ():
                words = (
                    match.value
                    if match.value
                    else str(match.prefix.address)
                    if match.prefix and match.prefix.is_host
                    else None
                )
                kind = match.kind if match.kind != "address" else None
                if words is not None and match.kind in ("fqdn", "email", "key-id", "address"):
                    title = f"Let IKEv2 profile {profile.name} of {router.name} present {words}"
                    yield change(title, (router, (header, command("ikev2-profile/identity-local", kind, words))))


_SERVES = "ikev2-policy/match-fvrf"


def front_door(call: Call) -> Iterator[Change]:
    """Profile and policy are for the tunnel's front-door VRF, and for its address."""
    for side in _ikev2(call):
        router, vrf = side.router, side.end.fvrf
        blocks: list[Block] = []
        if vrf is not None:
            blocks += [
                (router.text(profile.line), command("ikev2-profile/match-fvrf", vrf))
                for profile in _profiles(side)
                if profile.fvrf not in (vrf, "any")
            ]
            policies: list[Block] = [
                (router.text(policy.line), command(_SERVES, word))
                for word in (vrf, "any")
                for policy in router.ikev2.policies
                if policy.fvrf not in (vrf, "any")
            ]
            tries: list[list[Block]] = [blocks, *([p] for p in policies), *([*blocks, p] for p in policies)]
            for one in tries:
                if one:
                    title = f"Let the IKEv2 objects of {router.name} serve VRF {vrf}"
                    yield change(title, *((router, block) for block in one))
        for policy in router.ikev2.policies:
            header = router.text(policy.line)
            if side.end.local.address is not None and policy.local_addresses:
                title = f"Let IKEv2 policy {policy.name} of {router.name} serve {side.end.local.address}"
                yield change(
                    title, (router, (header, command("ikev2-policy/match-address-local", side.end.local.address)))
                )
            if policy.fvrf not in (None, "any", vrf):
                title = f"Let IKEv2 policy {policy.name} of {router.name} serve every VRF"
                yield change(title, (router, (header, command(_SERVES, "any"))))


def offers(call: Call) -> Iterator[Change]:
    """A policy with a proposal that both ends have; what is built in, where it was switched off."""
    for side in _ikev2(call):
        router = side.router
        for policy in router.ikev2.policies:
            for proposal in router.ikev2.proposals:
                if proposal.name not in {named.name for named in policy.proposals}:
                    title = f"Let IKEv2 policy {policy.name} of {router.name} offer {proposal.name}"
                    yield change(
                        title, (router, (router.text(policy.line), command("ikev2-policy/proposal", proposal.name)))
                    )
        for line in (router.ikev2.policy_off_line, router.ikev2.proposal_off_line):
            if line:
                yield change(f"Let {router.name} offer what is built in", (router, (no(router.text(line)),)))
        yield from _policies(side)
        far = side.other.router.ikev2 if side.other is not None else None
        for proposal in far.proposals if far is not None else ():
            name = free(proposal.name, (p.name for p in router.ikev2.proposals))
            block = _proposal(name, proposal)
            title = f"Give {router.name} the IKEv2 proposal {proposal.name} of the far end"
            for policy in router.ikev2.policies:
                yield change(
                    title, (router, block), (router, (router.text(policy.line), command("ikev2-policy/proposal", name)))
                )
            if not router.ikev2.policies:
                yield change(title, (router, block), (router, _policy(name, name)))


def _policies(side: Side) -> Iterator[Change]:
    """A policy of its own for an end that none serves."""
    router = side.router
    name = free("POLICY", (p.name for p in router.ikev2.policies))
    vrf = [command(_SERVES, side.end.fvrf)] if side.end.fvrf else []
    for proposal in (*router.ikev2.proposals, None):
        named = proposal.name if proposal is not None else "default"
        title = f"Give {router.name} an IKEv2 policy with proposal {named}"
        yield change(title, (router, _policy(name, named, *vrf)), detour=int(proposal is None))


def bind(call: Call) -> Iterator[Change]:
    """The end is bound to an IKEv2 profile, and to no ISAKMP profile; or to none."""
    for side in call.sides:
        there = binder(side)
        if there is None:
            continue
        header, what = there
        router = side.router
        old = [no(router.text(what.isakmp_profile.line))] if what.isakmp_profile is not None else []
        for profile in router.ikev2.profiles:
            if profile.name != side.end.ikev2_profile:
                title = f"Bind {side.end.interface} of {router.name} to IKEv2 profile {profile.name}"
                yield change(title, (router, (header, *old, command("ipsec-profile/set-ikev2-profile", profile.name))))
        if what.ikev2_profile is not None:
            gone = no(router.text(what.ikev2_profile.line))
            title = f"Bind {side.end.interface} of {router.name} to IKEv1"
            around = "what is wrong with IKEv2 stays, and the tunnel goes back to IKEv1"
            yield change(title, (router, (header, gone)), detour=1, around=around)
            for one in router.isakmp_profiles:
                lines = (header, gone, command("ipsec-profile/set-isakmp-profile", one.name))
                yield change(f"{title} and profile {one.name}", (router, lines), detour=1, around=around)


def move_over(call: Call) -> Iterator[Change]:
    """An end that is left with IKEv1 gets what IKEv2 needs: the keys that it has, a profile, the far end's offer."""
    for side in call.sides:
        there, far = binder(side), side.other
        if (
            there is None
            or far is None
            or side.other_end is None
            or side.peer is None
            or side.other_end.ike_version == 1
        ):
            continue
        header, what = there
        router = side.router
        match = _match(_presented(side))
        if side.end.ike_version == 2 or match is None:
            continue
        blocks: list[Block] = []
        for proposal in far.router.ikev2.proposals if not router.ikev2.policies else ():
            name = free(proposal.name, (p.name for p in router.ikev2.proposals))
            blocks += [_proposal(name, proposal), _policy(name, name)]
        ring = free(f"IKEV2-{side.peer}", (k.name for k in router.ikev2.keyrings))
        fvrf = [command("ikev2-profile/match-fvrf", side.end.fvrf)] if side.end.fvrf else []
        old = [no(router.text(what.isakmp_profile.line))] if what.isakmp_profile is not None else []
        for local, remote in dict.fromkeys(_halves(side)):
            block = _peer(side.peer, _address(side.peer), *_key_lines(local, remote))
            profile = (
                command("global/crypto-ikev2-profile", ring),
                *fvrf,
                match,
                *_by_key(),
                command("ikev2-profile/keyring-local", ring),
            )
            title = f"Move {side.end.interface} of {router.name} to IKEv2, as {far.router.name} is"
            binding = (header, *old, command("ipsec-profile/set-ikev2-profile", ring))
            lines: list[Block] = [*blocks, (command("global/crypto-ikev2-keyring", ring), *block), profile, binding]
            yield change(title, *((router, one) for one in lines))


def _proposal(name: str, proposal: Ikev2Proposal) -> Block:
    said = {
        "encryption": proposal.encryption,
        "integrity": proposal.integrity,
        "prf": proposal.prf,
        "group": proposal.groups,
    }
    lines = [command(f"ikev2-proposal/{what}", *words) for what, words in said.items() if words]
    return (command("global/crypto-ikev2-proposal", name), *lines)


BY_CALL = (move_over, keys, keyrings, matches, identities, front_door, offers, bind)
