"""IKEv1 objects that nothing uses any more once tunnels have moved (PLAN-IKEV2), and the steps that take them away.

They go in the order in which IOS lets go of them (CHANGE-ORDER, U-10).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from ikeaudit.ios.language import GLOBAL
from ikeaudit.ios.tables.names import CRYPTO
from ikeaudit.ios.words import slot
from ikeaudit.ios.writing import command, no
from ikeaudit.model import (
    DEFAULT_KEYRING,
    Evidence,
    IPAddress,
    IpsecProfile,
    IsakmpProfile,
    Key,
    Keyring,
    Router,
    TransformSet,
)
from ikeaudit.remediation.plan import Announcement
from ikeaudit.remediation.strategies.contract import Draft, Request
from ikeaudit.remediation.strategies.ikev2.drafts import FOLDER
from ikeaudit.remediation.strategies.ikev2.objects import MADE
from ikeaudit.remediation.strategies.ikev2.places import Sections
from ikeaudit.selection import Endpoint, Identity, RouterRules

_PROFILE = re.compile(rf"\s+{slot('gdoi/profile')} (\S+)")
_OTHER_USERS = ("gdoi", "ezvpn", "isakmp-group", "isakmp-peer")
"""Sections that say that IKEv1 is in use for something else than a tunnel of the model."""


class Moved(msgspec.Struct, frozen=True):
    """What a router used for the tunnels that have moved: names, and the peers by front-door VRF."""

    ipsec_profiles: frozenset[str] = frozenset()
    transform_sets: frozenset[str] = frozenset()
    isakmp_profiles: frozenset[str] = frozenset()
    peers: frozenset[tuple[str | None, IPAddress]] = frozenset()
    everything: bool = False
    """Whether all that is unused counts, and not only what those tunnels used."""

    def and_of(self, other: Moved) -> Moved:
        """What either says."""
        return Moved(
            self.ipsec_profiles | other.ipsec_profiles,
            self.transform_sets | other.transform_sets,
            self.isakmp_profiles | other.isakmp_profiles,
            self.peers | other.peers,
            self.everything or other.everything,
        )


def moved_earlier(rules: RouterRules) -> Moved | None:
    """What tunnels will have used that a plan has moved before, as their objects' names tell; None where there is none.

    What they were bound to then is not known any more: unused IPsec profiles that a profile of such a peer or none belongs to,
    and, of crypto maps, unused transform sets.
    """
    ends = [end for end in rules.endpoints if end.ike_version == 2 and (end.ikev2_profile or "").startswith(MADE)]
    if not ends:
        return None
    profiles: set[str] = set()
    made = {profile.name: profile for profile in rules.router.ikev2.profiles}
    for end in ends:
        matches = made[end.ikev2_profile].matches if end.ikev2_profile in made else ()
        known = {m.prefix.address for m in matches if m.prefix is not None and m.prefix.is_host} | {end.peer}
        for address in (address for address in known if address is not None):
            matching = rules.profiles_for(Identity("address", address), end.local).matching
            profiles.update(pick.profile.name for pick in matching)
    router = rules.router
    return Moved(
        ipsec_profiles=frozenset(
            p.name
            for p in router.ipsec_profiles
            if p.ikev2_profile is None and (p.isakmp_profile is None or p.isakmp_profile.name in profiles)
        ),
        transform_sets=frozenset(
            t.name for t in router.transform_sets if any(end.kind == "crypto-map" for end in ends)
        ),
        isakmp_profiles=frozenset(profiles),
        peers=frozenset((end.fvrf, end.peer) for end in ends if end.peer is not None),
    )


class Leftovers(msgspec.Struct, frozen=True):
    """What can go; ``keys`` are keys of keyrings that stay, ``closed`` says that no IKEv1 is left at all."""

    ipsec_profiles: tuple[IpsecProfile, ...] = ()
    transform_sets: tuple[TransformSet, ...] = ()
    isakmp_profiles: tuple[IsakmpProfile, ...] = ()
    keyrings: tuple[Keyring, ...] = ()
    keys: tuple[tuple[Keyring, tuple[Key, ...]], ...] = ()
    closed: bool = False


def leftovers(now: Router, raw: Sections, then: RouterRules, moved: Moved) -> Leftovers:
    """What of ``now``, the router before the change, is unused in ``then``, the router after its tunnels have moved.

    ``raw`` are the sections of ``now``; what could not be typed again stays.
    """
    after = then.router
    remaining = [end for end in then.endpoints if end.ike_version == 1]
    others = _other_users(after)
    alone = not remaining and not others
    bound = _bound_ipsec_profiles(after)
    ipsec = tuple(
        p
        for p in now.ipsec_profiles
        if p.name not in bound
        and (p.name in moved.ipsec_profiles or (moved.everything and p.ikev2_profile is None))
        and raw.restorable(p.line)
    )
    gone = {p.name for p in ipsec}
    used_sets = _used_sets(after, gone)
    freed = moved.transform_sets | {n.name for p in ipsec for n in p.transform_sets}
    sets = tuple(
        t
        for t in now.transform_sets
        if t.name not in used_sets and (t.name in freed or moved.everything) and raw.restorable(t.line)
    )
    if others:
        return Leftovers(ipsec, sets)
    named = _named_profiles(after, gone)
    profiles = tuple(
        p
        for p in now.isakmp_profiles
        if p.name not in named and (alone or _only_moved(then, p, remaining, moved)) and raw.restorable(p.line)
    )
    left = {p.name for p in now.isakmp_profiles} - {p.name for p in profiles}
    listed = {ref.name for p in now.isakmp_profiles if p.name in left for ref in p.keyrings}
    keyrings: list[Keyring] = []
    keys: list[tuple[Keyring, tuple[Key, ...]]] = []
    for keyring in (now.default_keyring, *now.keyrings):
        removable = tuple(k for k in keyring.keys if alone or _unneeded(keyring, k, remaining, moved))
        if not removable and not (alone and keyring.name != DEFAULT_KEYRING and not keyring.keys):
            continue
        whole = len(removable) == len(keyring.keys) and not keyring.rsa_keys and keyring.name not in listed
        if keyring.name != DEFAULT_KEYRING and whole:
            if raw.restorable(keyring.line):
                keyrings.append(keyring)
        elif removable:
            keys.append((keyring, removable))
    return Leftovers(ipsec, sets, profiles, tuple(keyrings), tuple(keys), alone)


def _other_users(router: Router) -> bool:
    """Whether IKEv1 serves something besides the tunnel ends: GET VPN, EzVPN, maps that stand on no interface."""
    applied = {reference.name for interface in router.interfaces for reference in interface.crypto_maps}
    for crypto_map in router.crypto_maps:
        for entry in crypto_map.entries:
            if entry.kind == "gdoi" or (crypto_map.name not in applied and entry.ikev2_profile is None):
                return True
    if any(profile.virtual_template is not None for profile in router.isakmp_profiles):
        return True
    headers = [GLOBAL.match(line) for line in router.lines if line.startswith(CRYPTO)]
    return any(found is not None and not found.negated and found.row.opens in _OTHER_USERS for found in headers)


def _bound_ipsec_profiles(router: Router) -> set[str]:
    """IPsec profiles that an interface or a crypto map names."""
    found = {
        interface.tunnel.protection.ipsec_profile or ""
        for interface in router.interfaces
        if interface.tunnel is not None and interface.tunnel.protection is not None
    }
    found |= {e.reference or "" for m in router.crypto_maps for e in m.entries if e.kind == "profile"}
    # `crypto gdoi group` and others name profiles in lines that the model does not keep.
    return found | {m[1] for line in router.lines if (m := _PROFILE.match(line))}


def _used_sets(router: Router, gone: set[str]) -> set[str]:
    """Transform sets that something which stays names."""
    found = {n.name for p in router.ipsec_profiles if p.name not in gone for n in p.transform_sets}
    maps = (*router.crypto_maps, *router.dynamic_maps)
    return found | {n.name for m in maps for e in m.entries for n in e.transform_sets}


def _named_profiles(router: Router, gone: set[str]) -> set[str]:
    """ISAKMP profiles that something which stays names."""
    found = {p.isakmp_profile.name for p in router.ipsec_profiles if p.isakmp_profile and p.name not in gone}
    for crypto_map in (*router.crypto_maps, *router.dynamic_maps):
        found |= {e.isakmp_profile.name for e in crypto_map.entries if e.isakmp_profile}
        found |= {crypto_map.isakmp_profile.name} if crypto_map.isakmp_profile else set()
    for interface in router.interfaces:
        if interface.tunnel is not None and interface.tunnel.protection is not None:
            found.add(interface.tunnel.protection.isakmp_profile or "")
    return found


def _only_moved(rules: RouterRules, profile: IsakmpProfile, remaining: list[Endpoint], moved: Moved) -> bool:
    """Whether a profile served the moved tunnels and no tunnel that stays with IKEv1 could select it.

    Only a profile that matches addresses is sure to be of no use to peers whose identity nobody has seen.
    """
    if profile.name not in moved.isakmp_profiles or any(match.kind != "address" for match in profile.matches):
        return False
    for end in remaining:
        if end.peer is None:
            return False
        search = rules.profiles_for(Identity("address", end.peer), end.local)
        if any(pick.profile.name == profile.name for pick in (*search.matching, *search.uncertain)):
            return False
    return True


def _unneeded(keyring: Keyring, key: Key, remaining: list[Endpoint], moved: Moved) -> bool:
    """Whether a key was for moved peers, and no tunnel that stays with IKEv1 can need it."""
    if key.prefix is None or not any(vrf == keyring.vrf and key.prefix.covers(peer) for vrf, peer in moved.peers):
        return False
    there = [end.peer for end in remaining if end.fvrf == keyring.vrf]
    return not any(peer is None or key.prefix.covers(peer) for peer in there)


_HELD = (
    "An old IKE SA may hold the profile for up to a minute: clear the sessions of the switched tunnels and wait 60 s before "
    "this step (U-10)."
)


class Object(msgspec.Struct, frozen=True):
    """Something to take away and to put back word for word.

    ``removal`` takes all of it away; without one only its ``lines`` go. ``section`` tells that the header opens a mode.
    """

    header: str
    lines: tuple[str, ...] = ()
    removal: str | None = None
    section: bool = True


def cleanup(router: Router, raw: Sections, left: Leftovers, request: Request) -> list[Draft]:
    """IPsec profiles, transform sets, ISAKMP profiles, keyrings and keys; then the policies when no IKEv1 is left at all.

    ``raw`` are the sections of ``router``.
    """
    drafts: list[Draft] = []
    steps = (
        ("IPsec profile", [(p.name, p.line) for p in left.ipsec_profiles]),
        ("transform set", [(t.name, t.line) for t in left.transform_sets]),
        ("ISAKMP profile", [(p.name, p.line) for p in left.isakmp_profiles]),
    )
    for noun, found in steps:
        if found:
            objects = [_whole(raw, noun, name, line) for name, line in found]
            title = f"Remove {_several(noun, [name for name, _ in found])}, which nothing uses any more"
            held = (Announcement(text=_HELD),) if noun == "ISAKMP profile" else ()
            evidence = router.evidence(*(line for _, line in found))
            drafts.append(_draft(router, request, title, objects, evidence, held))
    objects = [_whole(raw, "keyring", k.name, k.line) for k in left.keyrings]
    lines = [k.line for k in left.keyrings]
    for keyring, keys in left.keys:
        lines += [key.line for key in keys]
        texts = [raw.header(key.line) for key in keys]
        if keyring.name == DEFAULT_KEYRING:
            objects += [Object(text, removal=f"no {text}", section=False) for text in texts]
        else:
            objects.append(Object(raw.header(keyring.line), tuple(texts)))
    if objects:
        title = f"Remove {_keys_title(left)} of the tunnels that have moved"
        drafts.append(_draft(router, request, title, objects, router.evidence(*lines)))
    return drafts + (_close(router, raw, request) if left.closed else [])


def _whole(raw: Sections, noun: str, name: str, line: int) -> Object:
    header = raw.header(line)
    # Of a transform set the name is enough; what a keyring is told from others by is its whole header.
    removal = no("global/crypto-ipsec-transform-set", name) if noun == "transform set" else f"no {header}"
    return Object(header, raw.below(line), removal=removal)


def _keys_title(left: Leftovers) -> str:
    parts = [_several("keyring", [k.name for k in left.keyrings])] if left.keyrings else []
    for keyring, keys in left.keys:
        where = "the global keys" if keyring.name == DEFAULT_KEYRING else keyring.name
        parts.append(f"{len(keys)} key{'s' * (len(keys) != 1)} of {where}")
    return " and ".join(parts)


def _close(router: Router, raw: Sections, request: Request) -> list[Draft]:
    """No IKEv1 peer is left: policies go, the built-in ones too, and aggressive mode is refused (PLAN-IKEV2)."""
    policies = [(raw.header(p.line), raw.below(p.line)) for p in router.isakmp_policies if raw.restorable(p.line)]
    apply = [f"no {header}" for header, _ in reversed(policies)]
    rollback: list[str] = []
    if not router.isakmp.default_policy_disabled:
        apply.append(no("global/crypto-isakmp-default-policy"))
        rollback.append(command("global/crypto-isakmp-default-policy"))
    if not router.isakmp.aggressive_mode_disabled:
        apply.append(command("global/crypto-isakmp-aggressive-mode-disable"))
        rollback.append(no("global/crypto-isakmp-aggressive-mode-disable"))
    if not apply:
        return []
    for header, lines in policies:
        rollback += [header, *(f" {line}" for line in lines), "exit"]
    render = request.templates.render
    return [
        Draft(
            router=router.name,
            phase="cleanup",
            title="Close IKEv1: no peer of this router speaks it any more",
            apply=render(f"{FOLDER}/close-ikev1.j2", lines=apply),
            rollback=render(f"{FOLDER}/close-ikev1.j2", lines=rollback),
            evidence=router.evidence(*(policy.line for policy in router.isakmp_policies)),
        )
    ]


def _draft(
    router: Router,
    request: Request,
    title: str,
    objects: Sequence[Object],
    evidence: tuple[Evidence, ...],
    announce: tuple[Announcement, ...] = (),
) -> Draft:
    render = request.templates.render
    return Draft(
        router=router.name,
        phase="cleanup",
        title=title,
        apply=render(f"{FOLDER}/remove-objects.j2", objects=objects),
        rollback=render(f"{FOLDER}/restore-objects.j2", objects=objects),
        announce=announce,
        evidence=evidence,
    )


def _several(noun: str, names: Sequence[str]) -> str:
    return f"{noun}{'s' * (len(names) != 1)} {', '.join(names)}"
