"""PW-PFS: the PFS groups differ."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import strongest
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.shared.pair_findings import Cause, Failing, by_reason, ends, pair_finding


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each cause; one for each tunnel that comes up by IKEv2 and is lost at the first rekey (IKEV2-PFS)."""
    yield from by_reason(HAZARD, context, "pfs-mismatch")
    for tunnel in context.tunnels:
        lost = tuple(e for e in tunnel.directions if e.lost_at == "rekey")
        if lost:
            item = Failing(tunnel, lost, strongest(*(e.confidence for e in lost)))
            who, seconds = f"{listing(tunnel.hosts)} ({ends(item)})", lost[0].lost_after
            words = f"{who} come up, and are lost at the first rekey, after {seconds} s"
            cause = Cause(lost[0].initiator, "rekey", "")
            yield pair_finding(HAZARD, cause, [item], f"{words}: the PFS groups differ.")


HAZARD = Hazard(
    code="PW-PFS",
    title="One end requires a PFS group that the other does not offer",
    severity="high",
    scope="pair",
    what=(
        "A responder's 'set pfs' names a group that the initiator does not offer, or the initiator has no 'set pfs' "
        "at all; with IKEv2, any two groups that differ."
    ),
    why=(
        "A responder with PFS refuses a proposal without it, while one without PFS accepts any. So the tunnel comes "
        "up when the end with PFS starts, and not the other way round. With IKEv2 it comes up in any case, and dies at the "
        "first rekey."
    ),
    symptom="Called: 'IPSec policy invalidated proposal with error 64'; with IKEv2 NO_PROPOSAL_CHOSEN when it rekeys.",
    fix="Set the same group at both ends.",
    source="QM-PFS, IKEV2-PFS, DEBUG-LINES",
    detect=detect,
)
