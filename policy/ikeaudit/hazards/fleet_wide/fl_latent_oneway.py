"""FL-LATENT-ONEWAY: tunnels that are up now and will not come up again from the other end."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import strongest
from ikeaudit.hazards.facts.oneway import oneway
from ikeaudit.hazards.facts.pair_findings import Failing, evidence
from ikeaudit.hazards.facts.words import counted, listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import Router


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding: the list of such tunnels."""
    latent = [found for tunnel in context.tunnels if (found := oneway(tunnel)) is not None and _up(context, found)]
    if latent:
        labels = [" - ".join(item.tunnel.interfaces) for item in latent]
        yield HAZARD.finding(
            hosts=sorted({host for item in latent for host in item.tunnel.hosts}),
            peers=dict.fromkeys(address for item in latent for address in item.tunnel.peers),
            message=f"{counted(len(latent), 'tunnel')} up now would not come up from the other end: {listing(labels)}.",
            cause=labels,
            evidence=evidence(latent),
            confidence=strongest(*(item.confidence for item in latent)),
        )


def _up(context: AuditContext, item: Failing) -> bool:
    """Whether one of the two routers showed the tunnel as up."""
    return any(is_up(context.router(exchange.initiator).router, exchange.peer) for exchange in item.tunnel.directions)


def is_up(router: Router, peer: str) -> bool:
    """Whether the router's show commands have a session or an ISAKMP SA with ``peer``."""
    sessions = router.shows.sessions or ()
    if any(str(s.peer) == peer and s.status.upper().startswith("UP") for s in sessions):
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
        "'show crypto session' or 'show crypto isakmp sa' of the snapshot has a tunnel up, and by the configuration "
        "it comes up from one end only (PW-ONEWAY)."
    ),
    why="These tunnels look healthy to every monitor. They are the ones that stay down after the next reload.",
    symptom="None yet.",
    fix="Mend the cause before the next maintenance; until then have the good end start.",
    source="DOMAIN 1, 11.E",
    detect=detect,
)
