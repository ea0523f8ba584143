"""Hazards of protected tunnel interfaces."""

from collections.abc import Iterator

import msgspec

from ikeaudit.exchange.result import unstarted
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import weakest
from ikeaudit.hazards.facts.peer import keepalive, peer_keepalive
from ikeaudit.hazards.facts.phrases import listing, verb
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, catalogued, for_each_router
from ikeaudit.hazards.shared.pair_findings import ANYBODY, Failing, call, evidence
from ikeaudit.model import Interface, IPAddress, Tunnel, TunnelProtection
from ikeaudit.model.grouping import by_key


class ProtectedTunnel(msgspec.Struct, frozen=True):
    """A tunnel interface with its protection; ``source`` its own address or, where that is learnt, its source interface."""

    interface: Interface
    tunnel: Tunnel
    protection: TunnelProtection
    source: IPAddress | str

    @property
    def name(self) -> str:
        """The interface's name."""
        return self.interface.name

    @property
    def lines(self) -> tuple[int, ...]:
        """The lines that matter here."""
        return (self.interface.line, self.tunnel.source_line, self.tunnel.destination_line, self.protection.line)


def by_source(facts: RouterFacts) -> Iterator[list[ProtectedTunnel]]:
    """Groups of two or more protected tunnels with one source and one front-door VRF; those shut down are left out."""
    groups: dict[tuple[object, str | None], list[ProtectedTunnel]] = {}
    for interface in facts.router.interfaces:
        tunnel = interface.tunnel
        if tunnel is None or tunnel.protection is None or interface.shutdown:
            continue
        if tunnel.source_interface is not None:
            version = 6 if tunnel.mode.endswith("ipv6") else 4
            source: IPAddress | str | None = facts.rules.addresses.primary(tunnel.source_interface, version)
            source = source or tunnel.source_interface
        else:
            source = tunnel.source_address
        if source is not None:
            found = ProtectedTunnel(interface, tunnel, tunnel.protection, source)
            groups.setdefault((source, tunnel.vrf), []).append(found)
    return (group for group in groups.values() if len(group) > 1)


def properly_shared(tunnels: list[ProtectedTunnel]) -> bool:
    """Whether all carry ``shared``, name one IPsec profile, and have an interface as their source."""
    return (
        all(t.protection.shared and t.tunnel.source_interface is not None for t in tunnels)
        and len({t.protection.ipsec_profile for t in tunnels}) == 1
    )


@for_each_router(
    code="TP-SHARED",
    title="Tunnels with one source, not properly shared",
    category="connectivity",
    severity="high",
    what=(
        "Two or more protected tunnels have the same source, one of them being multipoint or two having the same "
        "destination, and not all carry 'shared' with one IPsec profile and an interface as source. Point-to-point "
        "tunnels with different destinations need none of this."
    ),
    why=(
        "An incoming security association cannot be assigned to one of the tunnels: it lands in the wrong database, "
        "or twice."
    ),
    symptom="Duplicate security associations, flapping, traffic in the wrong tunnel.",
    fix=(
        "If they may share their security associations, one IPsec profile and 'shared' on all of them, with 'tunnel "
        "source INTERFACE'; else different sources."
    ),
    source="END-SHARED",
    absent_from=("interface",),
)
def tp_shared(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each source."""
    for tunnels in by_source(facts):
        need = _needing(tunnels)
        if len(need) < 2 or properly_shared(need):
            continue
        yield tp_shared.finding(
            peers=dict.fromkeys(str(t.tunnel.destination) for t in need if t.tunnel.destination is not None),
            message=f"{listing(t.name for t in need)} share the source {need[0].source}: {_problem(need)}.",
            cause=[str(need[0].source), str(need[0].tunnel.vrf)],
            parts=[(facts.name, t.name, str(t.tunnel.destination or "")) for t in need],
            evidence=facts.router.evidence(*(line for t in need for line in t.lines)),
        )


def _needing(tunnels: list[ProtectedTunnel]) -> list[ProtectedTunnel]:
    """The tunnels of one source that cannot be told apart without ``shared``."""
    if any(t.tunnel.multipoint for t in tunnels):
        return tunnels
    destinations = by_key((t.tunnel.destination or t.tunnel.destination_name or t.name, t) for t in tunnels)
    return [t for same in destinations.values() if len(same) > 1 for t in same]


def _problem(tunnels: list[ProtectedTunnel]) -> str:
    if not all(t.protection.shared for t in tunnels):
        return f"'shared' is missing on {listing(t.name for t in tunnels if not t.protection.shared)}"
    if len({t.protection.ipsec_profile for t in tunnels}) > 1:
        return f"their IPsec profiles differ ({listing(t.protection.ipsec_profile for t in tunnels)})"
    return "the source is written as an address, where sharing needs the interface"


@for_each_router(
    code="TP-SAME-ENDPOINTS",
    title="Two tunnels between the same two addresses",
    category="connectivity",
    explains=("TP-SHARED",),
    severity="high",
    what=(
        "Two protected point-to-point tunnels have the same source and destination, and do not properly share their "
        "protection."
    ),
    why=(
        "Their proxies are identical, so that the second one never gets security associations of its own. Nor can "
        "one of them be moved to IKEv2 while the other stays."
    ),
    symptom="The second tunnel does not come up, or takes over the first one's security associations.",
    fix=(
        "Give them different loopbacks as sources; where they may share their security associations, one IPsec "
        "profile and 'shared' on all of them does as well."
    ),
    source="END-SHARED, PLAN-IKEV2",
    absent_from=("interface",),
)
def tp_same_endpoints(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each pair of addresses."""
    for tunnels in by_source(facts):
        destinations = by_key((str(t.tunnel.destination), t) for t in tunnels if t.tunnel.destination is not None)
        for destination, same in destinations.items():
            if len(same) < 2 or properly_shared(same):
                continue
            yield tp_same_endpoints.finding(
                peers=[destination],
                message=f"{listing(t.name for t in same)} all run from {same[0].source} to {destination}.",
                cause=[str(same[0].source), str(same[0].tunnel.vrf), destination],
                parts=[(facts.name, t.name, destination) for t in same],
                evidence=facts.router.evidence(*(line for t in same for line in t.lines)),
            )


@catalogued(
    code="TP-RESPONLY-BOTH",
    title="Both ends of a tunnel only respond",
    category="connectivity",
    severity="critical",
    scope="pair",
    what=(
        "The IPsec profiles or crypto map entries at both ends of a tunnel have 'responder-only'; or one has, and the other "
        "end does not know its peer: a dynamic map, or a virtual template."
    ),
    why="Nobody starts the negotiation.",
    symptom="Nothing is ever sent; the tunnel stays down without an error message.",
    fix="Take 'responder-only' back at the end that is meant to call.",
    source="CALL-POSSIBLE",
    absent_from=(),
)
def tp_responly_both(context: AuditContext) -> Iterator[Finding]:
    """One finding for each tunnel that nobody starts."""
    for tunnel in context.tunnels:
        if not unstarted(tunnel.directions):
            continue
        ends = {f"{e.initiator} {e.initiator_interface}": e for e in tunnel.directions}
        only = sorted(end for end, e in ends.items() if e.reason == "responder-only")
        others = sorted(ends.keys() - set(only))
        told = tp_responly_both.finding(
            hosts=tunnel.hosts,
            peers=sorted(address for address in tunnel.peers if address != ANYBODY),
            message=(
                f"{only[0]} is responder-only, and {others[0]} cannot call, because it does not know its peer."
                if others
                else f"{' and '.join(only)} are both responder-only."
            ),
            cause=sorted(ends),
            evidence=evidence([Failing(tunnel, tunnel.directions, "certain")]),
            confidence=weakest(*(e.confidence for e in tunnel.directions)),
        )
        parts = tuple(call(told.code, e, e, str(e.reason)) for e in tunnel.directions)
        yield msgspec.structs.replace(told, parts=parts)


@for_each_router(
    code="TP-NOKEEP",
    title="No dead peer detection",
    category="hygiene",
    severity="medium",
    what="Neither 'crypto isakmp keepalive' nor the bound profile's 'keepalive' (IKEv2: 'dpd') applies to a tunnel.",
    why=(
        "When one end loses its security associations, by a reload or a clear on one side, the other keeps sending "
        "into them until they expire, which can take a day."
    ),
    symptom="%CRYPTO-4-RECVD_PKT_INV_SPI on one end, traffic lost, 'UP-ACTIVE' on the other.",
    fix="'crypto isakmp keepalive 10 3 on-demand' or the profile's equivalent, at both ends.",
    source="DPD-BOTH, CHANGE-CLEAR",
    absent_from=("isakmp-profile", "ikev2-profile", "global"),
)
def tp_nokeep(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each router."""
    served = {peer.end for peer in facts.peers if peer_keepalive(peer) is not None}
    ends = [end for end in facts.ends if keepalive(facts.rules, end) is None and end not in served]
    if ends:
        labels = dict.fromkeys(end.interface for end in ends)
        yield tp_nokeep.finding(
            peers=dict.fromkeys(str(end.peer) for end in ends if end.peer is not None),
            message=f"{listing(labels)} {verb(labels, 'runs', 'run')} without dead peer detection.",
            cause=["keepalive"],
            parts=[(facts.name, end.interface, str(end.peer or "")) for end in ends],
            evidence=facts.router.evidence(*(end.lines[0] for end in ends if end.lines)),
        )
