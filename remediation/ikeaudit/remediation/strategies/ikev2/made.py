"""IKEv2 objects that an earlier wave made and nothing uses yet: a fleet that is half moved goes on from there.

Only what says exactly what would be made anew is taken for such an object; anything else is somebody's own.
"""

from collections.abc import Iterable

import msgspec

from ikeaudit.ios.writing import command
from ikeaudit.model import Ikev2Keyring, Ikev2Peer, Ikev2Profile, IpsecProfile, Router, Secret
from ikeaudit.parsing.fingerprint import PSK_TOKEN
from ikeaudit.remediation.strategies.ikev2.groups import Group
from ikeaudit.remediation.strategies.ikev2.partners import Partner
from ikeaudit.selection import RouterRules


def idle(rules: RouterRules) -> tuple[Ikev2Profile, ...]:
    """The IKEv2 profiles that no tunnel end is bound to."""
    profiles = rules.router.ikev2.profiles
    used = {end.ikev2_profile for end in rules.endpoints} if profiles else set()
    return tuple(profile for profile in profiles if profile.name not in used)


def without(router: Router, profiles: Iterable[Ikev2Profile]) -> Router:
    """``router`` as if it had none of ``profiles``."""
    names = {profile.name for profile in profiles}
    kept = tuple(profile for profile in router.ikev2.profiles if profile.name not in names)
    return msgspec.structs.replace(router, ikev2=msgspec.structs.replace(router.ikev2, profiles=kept))


def made_for(rules: RouterRules, group: Group) -> Ikev2Profile | None:
    """The idle profile that is the one which ``group`` would get, with a keyring that has its peers' keys; None without one."""
    rings = {ring.name: ring for ring in rules.router.ikev2.keyrings}
    for profile in idle(rules):
        ring = rings.get(profile.keyring.name) if profile.keyring is not None else None
        if ring is not None and _is_for(profile, group) and all(_holds(ring, partner) for partner in group.partners):
            return profile
    return None


def _is_for(profile: Ikev2Profile, group: Group) -> bool:
    own = group.locals[0] if len(group.locals) == 1 else None
    presented = profile.identity_local
    return (
        (profile.fvrf, profile.ivrf, profile.keyring_kind) == (group.fvrf, group.ivrf, "local")
        and all(match.kind == "address" for match in profile.matches)
        and {match.prefix for match in profile.matches} == set(group.identities)
        and (presented.prefix.address if presented is not None and presented.prefix is not None else None) == own
        and profile.local_addresses == ((own,) if group.apart and own is not None else ())
        and [(auth.method, auth.key) for auth in (*profile.local_auth, *profile.remote_auth)]
        == [("pre-share", None)] * 2
        and not (profile.certificate_maps or profile.trustpoints or profile.local_interfaces or profile.inbound_only)
        and profile.virtual_template is None
        and profile.ppk_keyring is None
        and not profile.shutdown
    )


def _holds(ring: Ikev2Keyring, partner: Partner) -> bool:
    blocks = [block for block in ring.peers if any(address.covers(partner.address) for address in block.addresses)]
    return len(blocks) == 1 and _same(blocks[0], partner)


def _same(block: Ikev2Peer, partner: Partner) -> bool:
    return block.addresses == (partner.prefix.network,) and all(
        _token(secret) in PSK_TOKEN.findall(wanted)
        for secret, wanted in ((block.local, partner.tokens.local), (block.remote, partner.tokens.remote))
    )


def _token(secret: Secret | None) -> str | None:
    return secret.fingerprint if secret is not None else None


def ipsec_made_for(
    router: Router,
    profile: str,
    transform_set: str,
    pfs: str | None,
    lines: dict[str, frozenset[str]],
    kept: frozenset[str],
) -> IpsecProfile | None:
    """The IPsec profile that no interface has and that is the one which would be made; ``lines`` are those of each by name."""
    used = {
        interface.tunnel.protection.ipsec_profile
        for interface in router.interfaces
        if interface.tunnel is not None and interface.tunnel.protection is not None
    }
    wanted = kept | {
        command("ipsec-profile/set-transform-set", transform_set),
        command("ipsec-profile/set-ikev2-profile", profile),
    }
    wanted |= {command("ipsec-profile/set-pfs", pfs)} if pfs is not None else frozenset()
    return next((p for p in router.ipsec_profiles if p.name not in used and lines[p.name] == wanted), None)
