"""Peers of a DMVPN that NHRP and IPsec see differently."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.finding import Finding, catalogued
from ikeaudit.witness import shown_lines


@catalogued(
    code="SA-NHRP",
    title="NHRP and IPsec do not agree about a peer",
    category="connectivity",
    severity="medium",
    scope="pair",
    what=(
        "A router has an association with the peer of a multipoint tunnel, and NHRP has not got further than registering; or "
        "NHRP has the peer as up, and there is no association with it though the tunnel is protected."
    ),
    why=(
        "The first is no matter of IKE: packets are encrypted, and what is inside is not answered. The second is left from "
        "before, or goes by another way than it should."
    ),
    symptom="'show dmvpn' shows the peer in state NHRP with QM_IDLE or READY, or UP without either.",
    fix=(
        "Where NHRP does not register: compare 'ip nhrp authentication', 'tunnel key' and the mapping of the server's address "
        "at both ends. Where there is no association: look at both ends' 'show crypto session', and clear the NHRP entry."
    ),
    source="SHOW-LAYOUT, DMVPN-CLOUDS",
    absent_from=(),
)
def sa_nhrp(context: AuditContext) -> Iterator[Finding]:
    """One finding for each peer of a tunnel."""
    witness = context.witness
    for peer in witness.nhrp_peers:
        sa = witness.carries(peer)
        if peer.state == "NHRP" and sa is not None:
            what = "an association is up, and NHRP has not registered"
        elif peer.state == "UP" and sa is None and all(witness.shows(peer.router, version) for version in (1, 2)):
            what = "NHRP has it as up, and there is no association with it"
        else:
            continue
        rules = context.fleet.rules(peer.router)
        far = [router.name for router, _ in context.fleet.owners(peer.nbma)]
        yield sa_nhrp.finding(
            hosts=dict.fromkeys([peer.router, *far]),
            peers=[str(peer.nbma)],
            message=f"{peer.router} {peer.interface}, peer {peer.nbma}: {what}.",
            cause=[peer.router, peer.interface, str(peer.nbma), peer.state],
            parts=[(peer.router, peer.interface, str(peer.nbma))],
            evidence=shown_lines(rules, [peer.shown, *(sa.shown if sa is not None else ())]),
        )
