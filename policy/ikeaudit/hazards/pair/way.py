"""What keeps packets from getting to the other end: routes, access lists, NAT traversal."""

from collections.abc import Iterator, Sequence

import msgspec

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.phrases import listing
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, catalogued, for_each_router, speaking_of
from ikeaudit.model import Interface, IPAddress
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import Endpoint, LocalEnd
from ikeaudit.selection.filters import Filter, Packet, dropping

_ASTRAY = {
    "itself": "the route to the peer leads into the tunnel itself",
    "nowhere": "there is no route to the peer",
    "unrouted": "there is no route to the network behind the peer",
    "round": "the route to the network behind the peer leads round the crypto map's interface",
    "discarded": "the route to the network behind the peer throws its traffic away",
}


@catalogued(
    code="PW-ROUTE",
    title="What a tunnel end sends does not get to its peer",
    explains=("PW-NOSTART",),
    category="connectivity",
    breaks=("null-route", "interface-down", "incomplete-configuration", "traffic-not-matched"),
    severity="high",
    scope="pair",
    what=(
        "By connected networks and static routes there is no way to the peer, the way leads into the tunnel itself, or the "
        "traffic of a crypto map leaves by an interface that does not carry it. Of a router that learns routes this is never "
        "certain, and what it may learn is not said to be missing."
    ),
    why=(
        "Nothing reaches IKE, or the tunnel goes down once it is up. Calls of the other end get no answer, or come up and "
        "carry nothing back."
    ),
    symptom="No line of IKE; %TUN-5-RECURDOWN; or counters that stay 0.",
    fix=(
        "If the tunnel is wanted, a route to the peer outside of the tunnel, and one to the network behind it by the "
        "interface with the crypto map."
    ),
    source="ROUTE-WAY",
    absent_from=("global", "interface"),
)
def pw_route(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router and kind of way."""
    for facts, _ in speaking_of(context, "PW-ROUTE", _perhaps_astray):
        found: dict[tuple[str, bool], list[tuple[Endpoint, tuple[int, ...]]]] = {}
        for end in facts.ends:
            told = not facts.router.static_routes and _told(context, end)  # only excerpts are doubted
            lost = facts.rules.routing.astray(end, told=told)
            if lost is not None:
                found.setdefault((lost.kind, lost.sure), []).append((end, lost.lines))
        for (kind, sure), items in found.items():
            labels = listing(dict.fromkeys(end.interface for end, _ in items))
            far = {r.router.name for end, _ in items for r in context.fleet.responders(end)}
            yield pw_route.finding(
                hosts=sorted({facts.name, *far}),
                peers=dict.fromkeys(str(end.peer) for end, _ in items),
                message=f"{facts.name} {labels}: {_ASTRAY[kind]}.",
                cause=[facts.name, kind, "sure" if sure else "likely"],
                parts=[(facts.name, end.interface, str(end.peer or "")) for end, _ in items],
                evidence=facts.router.evidence(*(n for end, lines in items for n in (*lines, *end.lines))),
                confidence="certain" if sure else "probable",
            )


def _perhaps_astray(facts: RouterFacts) -> Sequence[Endpoint]:
    """The ends with no way to the peer as far as the router itself tells; all of them where it prints no route."""
    if not facts.router.static_routes:
        return facts.ends
    return [end for end in facts.ends if facts.rules.routing.astray(end, told=False) is not None]


def _told(context: AuditContext, end: Endpoint) -> bool:
    return any(
        one.caller is not None and one.rules.routing.routed(one.end.fvrf, one.caller)
        for one in context.fleet.responders(end)
    )


class _Dropped(msgspec.Struct, frozen=True):
    """What a list drops of a tunnel: ``IKE``, ``ESP`` ...; ``hosts`` are both routers where both are known."""

    what: str
    by: Filter
    peer: str
    hosts: tuple[str, ...]


@catalogued(
    code="PW-FILTERED",
    title="An interface access list drops a tunnel's packets",
    category="connectivity",
    breaks=("incomplete-configuration",),
    severity="high",
    scope="pair",
    what=(
        "The access list for what comes in at the interface that a tunnel's packets arrive by drops UDP port 500, or ESP or AH "
        "where the tunnel uses it and no address is translated, or UDP port 4500 where one is."
    ),
    why="Without IKE nothing comes up; without ESP the tunnel is up and nothing of the peer's traffic arrives.",
    symptom="MM_NO_STATE and retransmissions; or QM_IDLE with 'decaps: 0'.",
    fix=(
        "If the peer is to come in, permit udp isakmp, esp, and where addresses are translated udp non500-isakmp, "
        "from it."
    ),
    source="FILTER-IN",
    absent_from=("acl", "interface"),
)
def pw_filtered(context: AuditContext) -> Iterator[Finding]:
    """One finding for each list and what it drops."""
    known = _translated(context)
    for facts, _ in speaking_of(context, "PW-FILTERED", _perhaps_dropped):
        found = by_key(((one.what, one.by.acl, one.by.interface), one) for one in _drops(known, facts))
        for (what, acl, interface), items in found.items():
            yield pw_filtered.finding(
                hosts=sorted({name for one in items for name in one.hosts}),
                peers=dict.fromkeys(one.peer for one in items),
                message=(
                    f"Access list {acl}, for what comes in at {interface} of {facts.name}, drops {what} of "
                    f"{listing(dict.fromkeys(one.peer for one in items))}."
                ),
                cause=[facts.name, interface, acl, what],
                parts=[(facts.name, f"{acl} {what}", one.peer) for one in items],
                evidence=facts.router.evidence(*(n for one in items for n in (one.by.binding, one.by.line))),
            )


def _perhaps_dropped(facts: RouterFacts) -> list[Peer]:
    """The peers of which some list drops something, be they translated or not."""
    if not any(one.traffic_filter or one.traffic_filter6 for one in facts.router.interfaces):
        return []
    return [
        peer
        for peer in facts.peers
        for packet in dict((*_wanted(peer, translated=False), *_wanted(peer, translated=True))).values()
        if dropping(facts.router, facts.rules.routing, peer.end.local, peer.address, packet) is not None
    ]


def _drops(known: frozenset[IPAddress], facts: RouterFacts) -> Iterator[_Dropped]:
    seen: set[tuple[LocalEnd, IPAddress]] = set()
    for peer in facts.peers:
        place = (peer.end.local, peer.address)
        if place in seen:
            continue
        seen.add(place)
        hosts = (facts.name,) if peer.far_rules is None else (facts.name, peer.far_name)
        for what, packet in _wanted(peer, translated=_is_translated(known, peer)):
            by = dropping(facts.router, facts.rules.routing, *place, packet)
            if by is not None:
                yield _Dropped(what, by, str(peer.address), hosts)
                break  # what else is dropped of a tunnel that does not come up is no cause of its own


def _wanted(peer: Peer, *, translated: bool) -> Iterator[tuple[str, Packet]]:
    """The packets that a tunnel needs, by name."""
    yield "IKE (UDP 500)", "udp 500"
    if translated:
        yield "NAT traversal (UDP 4500)", "udp 4500"
        return
    sets = [peer.rules.transform_sets[name] for name in peer.end.transform_sets if name in peer.rules.transform_sets]
    used = {transform.partition("-")[0] for one in sets for transform in one.transforms} or {"esp"}
    if "esp" in used:
        yield "ESP", "esp"
    if "ah" in used:
        yield "AH", "ahp"


def _translated(context: AuditContext) -> frozenset[IPAddress]:
    """The addresses that are other ones at the other end."""
    return frozenset(address for one in context.fleet.translations for address in (one.inside, one.outside))


def _is_translated(known: frozenset[IPAddress], peer: Peer) -> bool:
    """Whether one of the two addresses is another one at the other end."""
    return peer.address in known or peer.end.local.address in known


@catalogued(
    code="PW-NATT-OFF",
    title="NAT traversal is switched off, and an address is translated",
    category="connectivity",
    breaks=("incomplete-configuration",),
    severity="high",
    scope="pair",
    what="'no crypto ipsec nat-transparency udp-encapsulation' at a router one of whose peers is seen under another address.",
    why="IKEv2 refuses the tunnel; IKEv1 comes up, but plain ESP does not pass port translation.",
    symptom="'NAT-T disabled via cli'; or QM_IDLE with 'decaps: 0'.",
    fix="Where addresses are translated on the way, take the line away at both ends.",
    source="NAT-TRAVERSAL",
    absent_from=(),
)
def pw_natt_off(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router with the line."""
    known = _translated(context)
    for facts in context.routers:
        line = facts.router.nat_transparency_off_line
        own = [peer for peer in facts.peers if line and _is_translated(known, peer)]
        if own:
            yield pw_natt_off.finding(
                hosts=sorted({facts.name, *(peer.far_name for peer in own if peer.far_rules is not None)}),
                peers=dict.fromkeys(str(peer.address) for peer in own),
                message=f"{facts.name} does without NAT traversal, and {listing(p.far_name for p in own)} is translated.",
                cause=[facts.name],
                parts=[(facts.name, peer.end.interface, str(peer.address)) for peer in own],
                evidence=facts.router.evidence(line),
            )


@for_each_router(
    code="TP-UNPROTECTED",
    title="An unprotected tunnel on the endpoints of a protected one",
    category="connectivity",
    severity="high",
    what="A tunnel interface without protection has the source and destination of one with 'tunnel protection'.",
    why="What comes from that peer is expected to be encrypted: the packets of the other tunnel are dropped.",
    symptom="%CRYPTO-4-RECVD_PKT_NOT_IPSEC; the unprotected tunnel carries nothing.",
    fix="Protect both, or give one of them other endpoints, whichever is meant.",
    source="END-SHARED",
    absent_from=("interface",),
)
def tp_unprotected(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each unprotected tunnel."""
    protected: dict[object, Interface] = {}
    bare: list[tuple[object, Interface]] = []
    for interface in facts.router.interfaces:
        tunnel = interface.tunnel
        if tunnel is None or tunnel.destination is None or interface.shutdown:
            continue
        source = (
            facts.rules.addresses.primary(tunnel.source_interface) if tunnel.source_interface else tunnel.source_address
        )
        ends = (source or tunnel.source_interface, tunnel.destination, tunnel.vrf)
        if tunnel.protection is not None:
            protected.setdefault(ends, interface)
        elif not any(one.crypto_maps for one in facts.rules.addresses.owners(source)) if source else True:
            bare.append((ends, interface))
    for place, interface in bare:
        other = protected.get(place)
        if other is not None and interface.tunnel is not None:
            yield tp_unprotected.finding(
                peers=[str(interface.tunnel.destination)],
                message=f"{interface.name} is not protected and has the endpoints of {other.name}, which is.",
                cause=[interface.name, other.name],
                evidence=facts.router.evidence(interface.line, interface.tunnel.destination_line, other.line),
            )
