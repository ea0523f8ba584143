"""FL-LATENT-ONEWAY: tunnels that are up now and will not come up again from the other end."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import strongest
from ikeaudit.hazards.facts.words import counted, listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.shared.oneway import oneway
from ikeaudit.hazards.shared.pair_findings import Failing, arrow, ends, evidence, only_supposed
from ikeaudit.model import Router


def detect(context: AuditContext) -> Iterator[Finding]:
    """The list of such tunnels, and another of those that only a less likely reading of the rules takes down."""
    latent = [found for tunnel in context.tunnels if (found := oneway(tunnel)) is not None and _up(context, found)]
    for weak in (False, True):
        yield from _list([item for item in latent if only_supposed(item) == weak], weak=weak)


def _list(latent: list[Failing], *, weak: bool) -> Iterator[Finding]:
    if latent:
        labels = [ends(item) for item in latent]
        calls = listing(arrow(item.directions[0]) for item in latent)
        would = "may not come up again, by a less likely reading," if weak else "would not come up again"
        yield HAZARD.finding(
            hosts=sorted({host for item in latent for host in item.tunnel.hosts}),
            peers=dict.fromkeys(address for item in latent for address in item.tunnel.peers),
            message=f"{counted(len(latent), 'tunnel')} up now {would} when started from the other end: {calls}.",
            cause=labels,
            evidence=evidence(latent),
            confidence=strongest(*(item.confidence for item in latent)),
        )


def _up(context: AuditContext, item: Failing) -> bool:
    """Whether one of the two routers showed the tunnel as up."""
    return any(is_up(context.router(exchange.initiator).router, exchange.peer) for exchange in item.tunnel.directions)


def is_up(router: Router, peer: str) -> bool:
    """Whether the router's show commands have a session, an ISAKMP SA or an IKEv2 SA with ``peer``."""
    sessions = router.shows.sessions or ()
    if any(str(s.peer) == peer and s.status.upper().startswith("UP") for s in sessions):
        return True
    if any(str(sa.remote) == peer and sa.status.upper() == "READY" for sa in router.shows.ikev2_sas or ()):
        return True
    return any(
        peer in (str(sa.source), str(sa.destination)) and sa.state == "QM_IDLE" and "deleted" not in sa.status.lower()
        for sa in router.shows.isakmp_sas or ()
    )


HAZARD = Hazard(
    code="FL-LATENT-ONEWAY",
    title="Tunnels that are up now and will not survive the other end's start",
    severity="high",
    scope="fleet",
    what=(
        "'show crypto session', 'show crypto isakmp sa' or 'show crypto ikev2 sa' of the snapshot has a tunnel up, and "
        "by the configuration it comes up from one end only (PW-ONEWAY)."
    ),
    why="These tunnels look healthy to every monitor. They are the ones that stay down after the next reload.",
    symptom="None yet.",
    fix="Mend the cause before the next maintenance; until then have the good end start.",
    source="KEY-BEFORE-ID",
    detect=detect,
)
