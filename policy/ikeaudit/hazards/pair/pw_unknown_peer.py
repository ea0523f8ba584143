"""PW-UNKNOWN-PEER: the configuration of the far end is missing."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.words import counted, listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import parse_address


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router."""
    for facts in context.routers:
        ends = {peer.end: str(peer.address) for peer in facts.peers if peer.far_rules is None}
        ends |= {end: end.peer_name for end in facts.ends if end.peer is None and end.peer_name is not None}
        clients = (end for end in facts.rules.clients if end.peer is not None and not end.shutdown)
        ends |= {end: str(end.peer) for end in clients if not _owners(context, str(end.peer))}
        addresses = dict.fromkeys(ends.values())
        if addresses:
            several = [address for address in addresses if len(_owners(context, address) - {facts.name}) > 1]
            missing = [address for address in addresses if address not in several]
            parts = []
            if missing:
                parts.append(
                    f"{counted(len(missing), 'peer')} without a configuration in this snapshot: {listing(missing)}"
                )
            if several:
                parts.append(
                    f"{counted(len(several), 'peer address', 'peer addresses')} that several routers hold: "
                    f"{listing(several)}"
                )
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=addresses,
                message=f"{'; '.join(parts)}.",
                cause=addresses,
                evidence=facts.router.evidence(*(end.lines[-1] for end in ends if end.lines)),
            )


def _owners(context: AuditContext, address: str) -> set[str]:
    """The routers that hold a peer's address; none where it is a name."""
    parsed = parse_address(address)
    return {router.name for router, _ in context.fleet.owners(parsed)} if parsed is not None else set()


HAZARD = Hazard(
    code="PW-UNKNOWN-PEER",
    title="The far end's configuration is not in the snapshot",
    severity="info",
    scope="pair",
    what=(
        "A tunnel's peer address belongs to no router of the snapshot, or to several of them so that nobody can say "
        "which is meant, or its name resolves only by DNS."
    ),
    why=(
        "Only this router's half of the negotiation can be checked; whether the tunnel comes up is unknown, in both "
        "directions."
    ),
    symptom="None.",
    fix="Collect the far end too, or accept that it is another's.",
    source="END-NAMED-PEER",
    detect=detect,
)
