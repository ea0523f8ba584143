"""How the fleet is laid out: keyrings, names, management, redundancy."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TypeAlias

import msgspec

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.duplicates import duplicate_lines
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.phrases import counted, each, listing, place, verb
from ikeaudit.hazards.facts.responder_keys import detour_lines
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.facts.scope import Scope, scope_of
from ikeaudit.hazards.facts.ways_out import LeavingBy, WaysOut
from ikeaudit.hazards.finding import Finding, catalogued, compared, for_each_router, speaking_of
from ikeaudit.ios.words import any_of, slot
from ikeaudit.model import Evidence, Interface, IPAddress, Keyring, Router, parse_address
from ikeaudit.model.grouping import by_key
from ikeaudit.model.remembered import Remembered
from ikeaudit.selection import Endpoint


@for_each_router(
    code="FL-KEYRING-SPRAWL",
    title="Several keyrings for one scope",
    category="hygiene",
    severity="low",
    scope="fleet",
    what="Two or more keyrings with keys, the global keys included, are for the same front-door VRF and local address.",
    why=(
        "An IKEv1 responder searches them all as if they were one, so that they separate nothing. It takes only one "
        "overlapping entry for a tunnel to fail."
    ),
    symptom="None as long as no entries overlap.",
    fix="Consolidate them (plan strategy single-keyring).",
    source="KEY-ONE-KEYRING, PLAN-KEYRING",
    absent_from=(),
)
def fl_keyring_sprawl(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each scope."""
    groups: dict[tuple[str | None, Scope], list[Keyring]] = {}
    for keyring in facts.keyrings:
        if keyring.keys:
            scope = scope_of(keyring.local_address, facts.rules.addresses, 4)
            groups.setdefault((keyring.vrf, scope), []).append(keyring)
    for (vrf, scope), keyrings in groups.items():
        if len(keyrings) < 2:
            continue
        names = [keyring.name for keyring in keyrings]
        local = f" at {scope.address or scope.interface}" if scope.kind in ("address", "learnt") else ""
        yield fl_keyring_sprawl.finding(
            message=(f"{counted(len(names), 'keyring')} for {place(vrf)}{local} where one would do: {listing(names)}."),
            cause=[str(vrf), local],
            parts=[(facts.name, name, "") for name in names],
            evidence=facts.router.evidence(*(keyring.line for keyring in keyrings)),
        )


class Content(msgspec.Struct, frozen=True, tag=True):
    """The ``content``, in words, of the object that is called ``name`` on one router, with the line that begins it."""

    order: str
    kind: str
    name: str
    content: str
    evidence: tuple[Evidence, ...]


def _contents(context: AuditContext) -> Iterator[Content]:
    for facts in context.routers:
        for kind, name, content, line in _objects(facts.router):
            yield Content(facts.name, kind, name, content, facts.router.evidence(line))


@compared(
    _contents,
    code="FL-NAME-DRIFT",
    title="One name, different contents on different routers",
    category="drift",
    severity="low",
    scope="fleet",
    what=(
        "A transform set, IKEv2 proposal or IPsec profile (PFS, lifetime) has the same name on several routers, but "
        "not the same contents."
    ),
    why=(
        "People and templates take equal names for equal settings; a tunnel between two variants fails, or falls "
        "back to what they have in common."
    ),
    symptom="None, or PW-TS-NONE, PW-PFS, PW-PH1-NONE.",
    fix="Bring the contents together, or rename one of them.",
    source="PROFILE-NAMES",
    absent_from=("keyring", "isakmp-profile", "ipsec-profile", "transform-set", "ikev2-profile", "ikev2-keyring"),
)
def fl_name_drift(objects: Sequence[Content], _names: Collection[str]) -> Iterator[Finding]:
    """One finding for each name."""
    for (kind, name), some in by_key(((one.kind, one.name), one) for one in objects).items():
        contents = by_key((one.content, one) for one in some)
        if len(contents) < 2:
            continue
        variants = [f"{content} ({listing(one.order for one in users)})" for content, users in sorted(contents.items())]
        yield fl_name_drift.finding(
            hosts=sorted({one.order for one in some}),
            message=(
                f"{kind[0].upper()}{kind[1:]} {name} exists in {counted(len(contents), 'variant')}: "
                f"{listing(variants)}."
            ),
            cause=[kind, name],
            evidence=[line for users in contents.values() for one in users for line in one.evidence],
        )


def _objects(router: Router) -> Iterator[tuple[str, str, str, int]]:
    """Objects that have nothing to do with the router's own peers, with their contents in words."""
    for transform_set in router.transform_sets:
        content = f"{' '.join(transform_set.algorithms)}, mode {transform_set.mode}"
        yield "transform set", transform_set.name, content, transform_set.line
    for proposal in router.ikev2.proposals:
        parts = {
            "": proposal.encryption,
            "integrity ": proposal.integrity,
            "prf ": proposal.prf,
            "group ": proposal.groups,
        }
        content = ", ".join(f"{kind}{' '.join(values)}" for kind, values in parts.items() if values)
        yield "IKEv2 proposal", proposal.name, content or "empty", proposal.line
    for profile in router.ipsec_profiles:
        content = f"pfs {profile.pfs or 'none'}, lifetime {profile.lifetime or 'default'}"
        yield "IPsec profile", profile.name, content, profile.line


class Station(msgspec.Struct, frozen=True):
    """An address that manages the router, in the VRF it is reached through; ``what`` it is, from ``line``."""

    address: IPAddress
    vrf: str | None
    what: str
    line: int


_ADDRESS = r"(?P<address>[0-9a-fA-F:.]{3,45})"


_LINES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("syslog", re.compile(rf"{slot('global/logging')} (?:host )?(?:ipv6 )?{_ADDRESS}(?: .*?vrf (?P<vrf>\S+))?")),
    ("SNMP", re.compile(rf"{slot('global/snmp-server')} host {_ADDRESS}(?: vrf (?P<vrf>\S+))?")),
    ("TACACS+", re.compile(rf"{slot('global/tacacs-server')} host {_ADDRESS}")),
    ("RADIUS", re.compile(rf"{slot('global/radius-server')} host {_ADDRESS}")),
    ("AAA", re.compile(rf" +(?:address ipv[46]|{slot('aaa-group/server-private')}) {_ADDRESS}")),
)


_SERVERS = ("global/logging", "global/snmp-server", "global/tacacs-server", "global/radius-server")
_INSIDE = ("aaa-group/server-private", "line/access-class")
_ANY = re.compile(rf"{any_of(map(slot, _SERVERS))} | +(?:address ipv|{any_of(map(slot, _INSIDE))} )")
_ADMITTED = re.compile(rf" +{slot('line/access-class')} (\S+) in")
"""What every line of interest begins with, to pass over the others quickly."""
_OF_INTEREST = Remembered(lambda line: _ANY.match(line) is not None)


def stations(facts: RouterFacts) -> Iterator[Station]:
    """Hosts that get the router's logs and traps, its AAA servers, and the hosts and networks that its lines admit."""
    router = facts.router
    acls = {acl.name: acl for acl in router.acls}
    for number, interesting in enumerate(_OF_INTEREST.of(router.lines), router.first_line):
        if not interesting:
            continue
        text = router.lines[number - router.first_line]
        for what, pattern in _LINES:
            found = pattern.match(text)
            address = parse_address(found["address"]) if found is not None else None
            if found is not None and address is not None:
                yield Station(address, found.groupdict().get("vrf"), what, number)
        admitted = _ADMITTED.match(text)
        acl = acls.get(admitted[1]) if admitted is not None else None
        for entry in acl.entries if acl is not None else ():
            if entry.action == "permit" and entry.source is not None and entry.source.length:
                yield Station(entry.source.network.address, None, "remote access", number)


@for_each_router(
    code="FL-MGMT-VIA-TUNNEL",
    title="The router is managed through the tunnel that is to be changed",
    category="hygiene",
    severity="high",
    scope="fleet",
    what=(
        "Every static default route of the default VRF leaves by a protected tunnel, so that the way back to "
        "whoever manages the router goes through it; or static routes or connected networks lead through such a tunnel "
        "to the hosts that the router logs to, sends traps to, asks for AAA, or admits to its lines. Routes learnt by a "
        "protocol are not seen. Low as long as nobody changes the tunnel."
    ),
    why="A change of that tunnel cuts off the hand that makes it.",
    symptom="The session hangs in the middle of a change.",
    fix="Arm the revert timer, change the far end first, and have another way in.",
    source="CHANGE-FAR-FIRST",
    absent_from=(),
)
def fl_mgmt_via_tunnel(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each router whose default routes, or whose ways to its managers, leave by protected tunnels."""
    yield from _by_default_route(facts)
    yield from _by_station(facts)


def _by_default_route(facts: RouterFacts) -> Iterator[Finding]:
    routes = [route for route in facts.router.static_routes if route.vrf is None and not route.prefix.length]
    leaving = LeavingBy(facts)
    through = [(route, interface) for route in routes if (interface := leaving.of(route)) is not None]
    if through and len(through) == len(routes):
        names = dict.fromkeys(interface.name for _, interface in through)
        yield fl_mgmt_via_tunnel.finding(
            severity="low",
            peers=_destinations(interface for _, interface in through),
            message=(
                f"The default route leaves by {listing(names)}: whoever manages the router comes through that tunnel."
            ),
            cause=["default route"],
            evidence=facts.router.evidence(*(n for route, interface in through for n in (route.line, interface.line))),
            confidence="probable",
        )


def _by_station(facts: RouterFacts) -> Iterator[Finding]:
    """Stations whose most specific static route or network leads into a tunnel."""
    ways = WaysOut(facts)
    through = [(s, way) for s in stations(facts) if (way := ways.to(s.address, s.vrf)) is not None]
    if not through:
        return
    names = dict.fromkeys(way.interface.name for _, way in through)
    seen = dict.fromkeys(f"{station.address} ({station.what})" for station, _ in through)
    yield fl_mgmt_via_tunnel.finding(
        severity="low",
        peers=_destinations(way.interface for _, way in through),
        message=(
            f"{listing(seen)} {verb(seen, 'is', 'are')} reached by {listing(names)}: the router is managed through that "
            "tunnel."
        ),
        cause=["stations"],
        evidence=facts.router.evidence(*(n for s, way in through for n in (s.line, way.line, way.interface.line))),
        confidence="probable",
    )


def _destinations(interfaces: Iterable[Interface]) -> list[str]:
    ends = (i.tunnel.destination for i in interfaces if i.tunnel is not None)
    return list(dict.fromkeys(str(end) for end in ends if end is not None))


SITE = 4
"""A router with more tunnels than this is a hub rather than a site with a backup."""


_Way: TypeAlias = tuple[str, IPAddress | None]
"""A tunnel end by its interface and the peer it names: the peers of one crypto map entry are ways of their own."""


class _Edit(msgspec.Struct, frozen=True):
    """What has to be edited on ``router``: keyrings, with the tunnel ends that hang on them and their lines."""

    router: RouterFacts
    keyrings: tuple[str, ...]
    peers: tuple[Peer, ...]
    lines: tuple[int, ...]


@catalogued(
    code="FL-REDUNDANCY-COUPLED",
    title="Primary and backup tunnel of a site share one hazard",
    category="hygiene",
    severity="high",
    scope="fleet",
    what=(
        "Duplicate or shadowed keys (the KR-DUP family, KR-DEFAULT-SHADOW, KR-LPM-STEAL) on a router concern all tunnels "
        "of a site that has two to four of them: of the router itself, or of a router at their far end."
    ),
    why=(
        "Mending the hazard means touching every way out of the site at once; a mistake cuts it off, and the "
        "redundancy does not help."
    ),
    fix="Mend one tunnel after the other, in separate windows, with the other one checked before each.",
    source="CHANGE-FAR-FIRST",
    absent_from=(),
)
def fl_redundancy_coupled(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router and set of keyrings, with the sites whose every tunnel hangs on them."""
    edits = [edit for _, some in speaking_of(context, "FL-REDUNDANCY-COUPLED", _edits) for edit in some]
    if not edits:
        return
    count = {facts.name: len({_way(peer.end) for peer in facts.peers}) for facts in context.routers}
    ways = {facts.name: _ways(facts, count) for facts in context.routers}
    for edit in edits:
        sites = [edit.router.name] if _cut_off(ways[edit.router.name], {_way(peer.end) for peer in edit.peers}) else []
        far: dict[str, set[_Way]] = {}
        for peer in edit.peers:
            if peer.far is not None:
                far.setdefault(peer.far.router, set()).add(_way(peer.far))
        sites += [name for name, ends in far.items() if _cut_off(ways[name], ends)]
        if sites:
            yield _finding(edit, sorted(sites))


def _finding(edit: _Edit, sites: list[str]) -> Finding:
    own = sites == [edit.router.name]
    where = "" if own else f" of {edit.router.name}"
    far = sorted({peer.far_name for peer in edit.peers})
    whose = f"this router, to {listing(far)}," if own else f"{listing(sites)}"
    return fl_redundancy_coupled.finding(
        hosts=dict.fromkeys([edit.router.name, *sites]),
        peers=dict.fromkeys(str(peer.address) for peer in edit.peers),
        message=f"All tunnels of {whose} hang on the same edit of {each('keyring', edit.keyrings)}{where}.",
        cause=[edit.router.name, *edit.keyrings],
        parts=[(edit.router.name, peer.end.interface, str(peer.address)) for peer in edit.peers],
        evidence=edit.router.router.evidence(*edit.lines),
    )


def _way(end: Endpoint) -> _Way:
    return end.interface, end.peer


def _ways(facts: RouterFacts, count: dict[str, int]) -> set[_Way]:
    """The tunnel ends of a site with a backup; nothing for a hub, or for a router with one tunnel.

    Three or more routers that all have no other tunnel than the one to this router make it a hub.
    """
    ends = {_way(peer.end) for peer in facts.peers}
    far = {peer.far_name for peer in facts.peers}
    if len(far) > 2 and all(count.get(name) == 1 for name in far):
        return set()
    return ends if 2 <= len(ends) <= SITE else set()


def _cut_off(ways: set[_Way], touched: set[_Way]) -> bool:
    """Whether the edit touches every way out of a site."""
    return bool(ways) and ways <= touched


def _edits(facts: RouterFacts) -> list[_Edit]:
    """Keyrings that have to be edited, with the peers that the edit concerns."""
    harmful = [d for d in facts.duplicates if not d.harmless]
    if harmful:
        names = tuple(dict.fromkeys(name for d in harmful for name in d.keyrings))
        peers = tuple(dict.fromkeys(peer for d in harmful for peer in d.peers))
        return [_Edit(facts, names, peers, tuple(duplicate_lines(harmful)))]
    found = [detour for detour in facts.detours if not detour.peer.conceivable]
    if not found:
        return []
    names = tuple(dict.fromkeys(detour.taken.keyring.name for detour in found))
    peers = tuple(dict.fromkeys(detour.peer for detour in found))
    return [_Edit(facts, names, peers, tuple(detour_lines(found)))]
