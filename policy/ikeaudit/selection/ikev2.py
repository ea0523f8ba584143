"""IKEv2 selection: policy, profile and key (IKEV2-PROFILE, IKEV2-KEYS, IKEV2-POLICY)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TypeAlias

import msgspec

from ikeaudit.model import (
    ANY_VRF,
    Ikev2Identity,
    Ikev2Keyring,
    Ikev2Peer,
    Ikev2Policy,
    Ikev2Profile,
    Ikev2Proposal,
    IPAddress,
    Prefix,
    Router,
    Secret,
)
from ikeaudit.selection.local import LocalEnd
from ikeaudit.selection.profiles import Identity

_Fit: TypeAlias = Callable[[Ikev2Peer], int | None]


class Ikev2Keys(msgspec.Struct, frozen=True):
    """The two halves of a pre-shared key: what this end proves itself with, and what it expects of the peer.

    ``lines`` are the configuration lines; ``peer`` the peer block, None for keys written into the profile.
    """

    local: Secret | None
    remote: Secret | None
    lines: tuple[int, ...]
    peer: str | None = None


class Ikev2Offer(msgspec.Struct, frozen=True):
    """A policy with its proposals: ``policy`` None is the built-in one, ``proposals`` None the built-in ones."""

    policy: Ikev2Policy | None
    proposals: tuple[Ikev2Proposal, ...] | None


class Ikev2Rules:
    """What one router would pick under IKEv2."""

    def __init__(self, router: Router) -> None:
        self.router = router

    @cached_property
    def profiles(self) -> dict[str, Ikev2Profile]:
        """Every IKEv2 profile by name."""
        return {profile.name: profile for profile in self.router.ikev2.profiles}

    @cached_property
    def _keyrings(self) -> dict[str, Ikev2Keyring]:
        return {keyring.name: keyring for keyring in self.router.ikev2.keyrings}

    @cached_property
    def presented(self) -> frozenset[IPAddress] | None:
        """The addresses that profiles present in place of their end's own; None where one presents no address at all."""
        named = [profile.identity_local for profile in self.router.ikev2.profiles if profile.identity_local is not None]
        if any(own.kind != "address" for own in named):
            return None
        return frozenset(own.prefix.address for own in named if own.prefix is not None)

    def policy(self, end: LocalEnd) -> Ikev2Policy | None:
        """The first policy for this front-door VRF and local address; None leaves the built-in one (IKEV2-POLICY)."""
        return next(iter(self.policies(end)), None)

    def policies(self, end: LocalEnd) -> tuple[Ikev2Policy, ...]:
        """Every policy for this front-door VRF and local address; IOS discourages more than one (IKEV2-POLICY)."""
        return tuple(
            policy
            for policy in self.router.ikev2.policies
            if _vrf_fits(policy.fvrf, end) and (not policy.local_addresses or end.address in policy.local_addresses)
        )

    def undecided(self, end: LocalEnd) -> tuple[Ikev2Policy, ...]:
        """The policies for local addresses of which one may be that of this end, which is learnt."""
        return tuple(
            policy
            for policy in self.router.ikev2.policies
            if end.address is None and policy.local_addresses and _vrf_fits(policy.fvrf, end)
        )

    def proposals(self, policy: Ikev2Policy | None) -> tuple[Ikev2Proposal, ...] | None:
        """The proposals of a policy; None when they are built-in ones, which differ by release (IKEV2-BUILT-IN)."""
        by_name = {proposal.name: proposal for proposal in self.router.ikev2.proposals}
        names = [reference.name for reference in policy.proposals] if policy is not None else ["default"]
        found = tuple(by_name[name] for name in names if name in by_name)
        return found or (None if "default" in names and not self.router.ikev2.proposal_off_line else ())

    @cached_property
    def built_in(self) -> Ikev2Offer | None:
        """The built-in policy; None where it is switched off, redefined, or left without a proposal (IKEV2-BUILT-IN)."""
        own = self.router.ikev2
        proposals = self.proposals(None)
        if own.policy_off_line or proposals == () or any(policy.name == "default" for policy in own.policies):
            return None
        return Ikev2Offer(None, proposals)

    def profiles_for(self, identity: Identity, end: LocalEnd) -> tuple[Ikev2Profile, ...]:
        """Every profile that an identity matches at this end, in configuration order; more than one is U-7."""
        return tuple(profile for profile in self._matching(identity) if self.serves(profile, end))

    def perhaps_for(self, identity: Identity, end: LocalEnd) -> bool:
        """Whether some profile may match an identity that is an address not known."""
        return identity.kind == "address" and any(
            match.prefix is not None and match.prefix.length and identity.address is None
            for profile in self.router.ikev2.profiles
            if not profile.shutdown and self.serves(profile, end)
            for match in profile.matches
        )

    def _matching(self, identity: Identity) -> tuple[Ikev2Profile, ...]:
        exact, others = self._by_match
        value = identity.address if identity.kind == "address" else identity.value.lower()
        found = set(exact.get((identity.kind, value), ()))
        found |= {at for at, match in others if at not in found and identity_matches(match, identity)}
        return tuple(self.router.ikev2.profiles[at] for at in sorted(found))

    @cached_property
    def _by_match(self) -> tuple[dict[tuple[str, object], list[int]], list[tuple[int, Ikev2Identity]]]:
        """The places of the profiles by the one identity that a line of theirs matches; the other lines."""
        exact: dict[tuple[str, object], list[int]] = {}
        others: list[tuple[int, Ikev2Identity]] = []
        for at, profile in enumerate(self.router.ikev2.profiles):
            for match in () if profile.shutdown else profile.matches:
                if match.prefix is not None and match.prefix.is_host:
                    exact.setdefault(("address", match.prefix.address), []).append(at)
                elif match.kind in ("fqdn", "key-id"):
                    exact.setdefault((match.kind, (match.value or "").lower()), []).append(at)
                else:
                    others.append((at, match))
        return exact, others

    def serves(self, profile: Ikev2Profile, end: LocalEnd) -> bool:
        """Whether ``match fvrf`` and ``match address local`` of a profile cover this end (IKEV2-PROFILE)."""
        return _vrf_fits(profile.fvrf, end) and self._local_fits(profile, end)

    def _local_fits(self, profile: Ikev2Profile, end: LocalEnd) -> bool:
        if not profile.local_addresses and not profile.local_interfaces:
            return True
        return end.address in profile.local_addresses or end.interface in profile.local_interfaces

    def own_identity(self, profile: Ikev2Profile, end: LocalEnd) -> Identity:
        """What the router presents: ``identity local``, by default its address (IKEV2-PROFILE)."""
        own = profile.identity_local
        if own is None:
            return Identity("address", end.address)
        if own.kind == "address":
            return Identity("address", own.prefix.address if own.prefix is not None else end.address)
        kind = {"fqdn": "fqdn", "email": "user-fqdn", "key-id": "key-id", "dn": "dn"}[own.kind]
        return Identity(kind, value=own.value or "")  # type: ignore[arg-type]

    def initiator_keys(self, profile: Ikev2Profile, peer: IPAddress) -> Ikev2Keys | None:
        """The keys an initiator finds before SA_INIT: by the peer's host name, then by its address (IKEV2-KEYS).

        Peers with an identity only do not count.
        """
        return next(iter(self.initiator_candidates(profile, peer)), None)

    def initiator_candidates(self, profile: Ikev2Profile, peer: IPAddress) -> tuple[Ikev2Keys, ...]:
        """As :meth:`initiator_keys`, with every peer block that fits equally well (IKEV2-KEYS)."""
        named = self._inline(profile) or self._keys(profile, lambda block: self._name_fit(block, peer))
        return named or self.address_candidates(profile, peer)

    def address_candidates(self, profile: Ikev2Profile, peer: IPAddress) -> tuple[Ikev2Keys, ...]:
        """The keys of the profile's keyring for an address alone, with every peer block that fits equally well."""
        return self._keys(profile, lambda block: _address_fit(block, peer))

    @cached_property
    def _names(self) -> dict[IPAddress, set[str]]:
        names: dict[IPAddress, set[str]] = {}
        for mapping in self.router.host_mappings:
            for address in mapping.addresses:
                names.setdefault(address, set()).add(mapping.name.lower())
        return names

    def _name_fit(self, block: Ikev2Peer, peer: IPAddress) -> int | None:
        """Whether the block's ``hostname`` is a name that ``ip host`` gives the peer."""
        named = block.hostname is not None and block.hostname.lower() in self._names.get(peer, ())
        return 0 if named else None

    def responder_keys(self, profile: Ikev2Profile, identity: Identity, peer: IPAddress | None) -> Ikev2Keys | None:
        """The keys a responder finds: by the peer's identity, then by its address (IKEV2-KEYS)."""
        return next(iter(self.responder_candidates(profile, identity, peer)), None)

    def responder_candidates(
        self, profile: Ikev2Profile, identity: Identity, peer: IPAddress | None
    ) -> tuple[Ikev2Keys, ...]:
        """As :meth:`responder_keys`, with every peer block that fits equally well (IKEV2-KEYS)."""
        return self.identity_candidates(profile, identity) or self._keys(
            profile, lambda block: _address_fit(block, peer)
        )

    def identity_candidates(self, profile: Ikev2Profile, identity: Identity) -> tuple[Ikev2Keys, ...]:
        """The keys of a profile for an identity, whatever the address: written into it, or by its keyring."""
        return self._inline(profile) or self._keys(profile, lambda block: _identity_fit(block, identity))

    def held_for_some(self, profile: Ikev2Profile, known: Sequence[Ikev2Keys]) -> bool:
        """Whether the profile's keyring holds other keys than ``known`` for addresses of which one may be the peer's."""
        precise = self._keys(profile, lambda block: 0 if any(prefix.length for prefix in block.addresses) else None)
        keys = {(one.local, one.remote) for one in known}
        return any((one.local, one.remote) not in keys for one in precise)

    def _inline(self, profile: Ikev2Profile) -> tuple[Ikev2Keys, ...]:
        local = next((auth for auth in profile.local_auth if auth.key is not None), None)
        remote = next((auth for auth in profile.remote_auth if auth.key is not None), None)
        if local is None and remote is None:
            return ()
        lines = tuple(auth.line for auth in (local, remote) if auth is not None)
        return (Ikev2Keys(local.key if local else None, remote.key if remote else None, lines),)

    def _keys(self, profile: Ikev2Profile, fit: _Fit) -> tuple[Ikev2Keys, ...]:
        keyring = self._keyrings.get(profile.keyring.name) if profile.keyring is not None else None
        if keyring is None:
            return ()
        fits = [(how, block) for block in keyring.peers if (how := fit(block)) is not None]
        best = max((how for how, _ in fits), default=None)
        return tuple(
            Ikev2Keys(block.local, block.remote, (keyring.line, block.line), block.name)
            for how, block in fits
            if how == best
        )


def identity_matches(match: Ikev2Identity, identity: Identity) -> bool:
    """Whether a ``match identity remote`` line covers an identity."""
    if match.kind == "any":
        return True
    if match.kind == "address":
        return identity.kind == "address" and match.prefix is not None and _covers(match.prefix, identity.address)
    mine, theirs = (match.value or "").lower(), identity.value.lower()
    kinds = {"fqdn": "fqdn", "fqdn-domain": "fqdn", "email": "user-fqdn", "email-domain": "user-fqdn"}
    if kinds.get(match.kind, match.kind) != identity.kind:
        return False
    if match.kind == "fqdn-domain":
        return theirs == mine or theirs.endswith("." + mine.removeprefix("."))
    if match.kind == "email-domain":
        return theirs.rpartition("@")[2] == mine
    return mine == theirs


def _vrf_fits(configured: str | None, end: LocalEnd) -> bool:
    return configured in (ANY_VRF, end.fvrf)


def _address_fit(block: Ikev2Peer, peer: IPAddress | None) -> int | None:
    return max((prefix.length for prefix in block.addresses if _covers(prefix, peer)), default=None)


def _covers(prefix: Prefix, address: IPAddress | None) -> bool:
    """Whether a prefix surely covers an address; for one that is learnt (None) only the prefix of all does."""
    return not prefix.length if address is None else prefix.covers(address)


def _identity_fit(block: Ikev2Peer, identity: Identity) -> int | None:
    own = block.identity
    if own is None or not identity_matches(own, identity):
        return None
    return own.prefix.length if own.prefix is not None else len(own.value or "")
