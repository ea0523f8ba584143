"""Tunnels that should be up and are not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ikeaudit.exchange import Exchange
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.phrases import counted, listing
from ikeaudit.hazards.finding import Finding, catalogued
from ikeaudit.model import Evidence
from ikeaudit.witness import NhrpPeer, shown_lines


@catalogued(
    code="SA-MISSING",
    title="A tunnel that should be up has no association",
    category="connectivity",
    severity="medium",
    scope="pair",
    what=(
        "A tunnel is predicted to come up, and the state of its routers shows no association with the peer. Info for crypto "
        "maps and for spokes that call each other: those wait for traffic."
    ),
    why="A protected tunnel interface calls as soon as something is sent, as routing does. Something keeps it from that.",
    symptom="'show crypto session' shows it down, or not at all.",
    fix=(
        "If there is traffic for it, look for what configurations do not tell: reachability, access lists on the way, the far "
        "end's state."
    ),
    source="SA-EVIDENCE, SHOW-LAYOUT",
    absent_from=(),
)
def sa_missing(context: AuditContext) -> Iterator[Finding]:
    """One finding for each tunnel interface, and one a router for what waits for traffic."""
    if not context.witness.present:
        return
    waiting: dict[str, list[Exchange]] = {}
    for tunnel in context.tunnels:
        up = next((e for e in tunnel.directions if e.holds), None)
        if up is None or not _listed(up) or not _is_missing(context, tunnel.directions):
            continue
        if " " in up.initiator_interface or " " in (up.responder_interface or ""):
            waiting.setdefault(up.initiator, []).append(up)
            continue
        tried = sorted({sa.state for e in tunnel.directions for sa in context.witness.associations(e) if not sa.up})
        more = f"; it was tried ({listing(tried)})" if tried else ""
        waiting_for = [peer for e in tunnel.directions if (peer := _nhrp(context, e)) is not None and peer.waits]
        if waiting_for:
            peer = waiting_for[0]
            more += f"; NHRP at {peer.router} has it in state {peer.state}: {peer.waits}"
        yield sa_missing.finding(
            hosts=tunnel.hosts,
            peers=tunnel.peers,
            message=(
                f"{up.initiator} {up.initiator_interface} should be up with {up.responder or up.peer}, and there is no "
                f"association{more}."
            ),
            cause=tunnel.interfaces,
            parts=[(e.initiator, e.initiator_interface, e.peer) for e in tunnel.directions],
            evidence=[
                *_tried(context, tunnel.directions),
                *(line for p in waiting_for for line in shown_lines(context.fleet.rules(p.router), [p.shown])),
                *(line for line in up.evidence if line.host in tunnel.hosts),
            ],
        )
    yield from _waiting(context, waiting, "crypto map")
    spokes: dict[str, list[Exchange]] = {}
    for exchange in context.fleet.spoke_exchanges:
        if exchange.holds and _is_missing(context, (exchange,)):
            spokes.setdefault(exchange.initiator, []).append(exchange)
    yield from _waiting(context, spokes, "shortcut")


def _tried(context: AuditContext, directions: Iterable[Exchange]) -> Iterator[Evidence]:
    """The lines that show attempts."""
    for exchange in directions:
        for sa in context.witness.associations(exchange):
            yield from shown_lines(context.fleet.rules(sa.router), sa.shown)


def _nhrp(context: AuditContext, exchange: Exchange) -> NhrpPeer | None:
    """What NHRP at the router that calls has of the one called."""
    return context.witness.nhrp_peer(exchange.initiator, exchange.initiator_interface, exchange.peer)


def _waiting(context: AuditContext, found: dict[str, list[Exchange]], kind: str) -> Iterator[Finding]:
    for router, calls in found.items():
        ends = {"crypto map": "crypto map entry", "shortcut": "spoke"}[kind]
        many = {"crypto map": "crypto map entries", "shortcut": "spokes"}[kind]
        hosts = dict.fromkeys((router, *(e.responder for e in calls if e.responder is not None)))
        what = listing([e.responder or e.peer for e in calls])
        tried = [peer for e in calls if (peer := _nhrp(context, e)) is not None and peer.waits]
        traffic = "there may have been no traffic"
        if tried:
            states = listing(dict.fromkeys(peer.state for peer in tried))
            traffic = f"NHRP shows traffic for {len(tried)} of them, in state {states}"
        yield sa_missing.finding(
            hosts=hosts,
            peers=dict.fromkeys(e.peer for e in calls),
            message=(f"{router} has no association for {counted(len(calls), ends, many)} ({what}); {traffic}."),
            cause=[router, kind],
            severity="info",
            parts=[(e.initiator, e.initiator_interface, e.peer) for e in calls],
            evidence=[
                *(line for p in tried for line in shown_lines(context.fleet.rules(p.router), [p.shown])),
                *(line for e in calls for line in e.evidence if line.host in hosts),
            ],
        )


def _listed(exchange: Exchange) -> bool:
    """Whether the call is that of a tunnel, not of a client or a template, which are up while somebody wants them."""
    return exchange.initiator_interface.startswith("Tunnel") or " " in exchange.initiator_interface


def _is_missing(context: AuditContext, directions: Iterable[Exchange]) -> bool:
    """Whether a router's state would show an association of the tunnel, and none does."""
    witness = context.witness
    ends = {name: e.ike_version for e in directions for name in (e.initiator, e.responder) if name is not None}
    if not any(witness.shows(name, version) for name, version in ends.items()):
        return False
    return not any(sa.up for e in directions for sa in witness.associations(e))
