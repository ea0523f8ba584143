"""PW-V2-ASYM: asymmetric IKEv2 keys that do not cross over."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import strongest
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.shared.asymmetric import asymmetric
from ikeaudit.hazards.shared.pair_findings import Failing, findings


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each cause."""
    failing = []
    for tunnel in context.tunnels:
        directions = {e: c for e, c in tunnel.failing_by("psk-mismatch").items() if asymmetric(context, e)}
        if directions:
            failing.append(Failing(tunnel, tuple(directions), strongest(*directions.values())))
    yield from findings(HAZARD, failing, "psk-mismatch")


HAZARD = Hazard(
    code="PW-V2-ASYM",
    title="Asymmetric IKEv2 keys do not cross over",
    severity="critical",
    scope="pair",
    what=(
        "An end has different 'pre-shared-key local' and 'remote' keys, and its local key is not the other end's "
        "remote one, or the other way round."
    ),
    why=(
        "What one end proves itself with is not what the other expects; typing both ends alike instead of crosswise "
        "is the usual cause."
    ),
    symptom="'Verification of peer's authentication data FAILED', 'Failed to authenticate the IKE SA' on both ends.",
    fix="Make A's local key B's remote key, and A's remote key B's local key.",
    source="IKEV2-LOCAL-REMOTE",
    detect=detect,
)
