"""PW-PSK-DIFF: the two routers use different keys for each other."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import strongest
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.hazards.shared.asymmetric import asymmetric
from ikeaudit.hazards.shared.pair_findings import Failing, findings


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each cause; keys that are asymmetric by intention are PW-V2-ASYM."""
    failing = []
    for tunnel in context.tunnels:
        directions = {e: c for e, c in tunnel.failing_by("psk-mismatch").items() if not asymmetric(context, e)}
        if directions:
            failing.append(Failing(tunnel, tuple(directions), strongest(*directions.values())))
    yield from findings(HAZARD, failing, "psk-mismatch")


HAZARD = Hazard(
    code="PW-PSK-DIFF",
    title="The two routers use different keys for each other",
    severity="critical",
    scope="pair",
    what=(
        "The key that the initiator takes and the key that the responder takes for it differ, in the usual reading "
        "of the rules or, with less confidence, in another one. Type 6 keys, which cannot be compared, are not "
        "reported."
    ),
    why=(
        "IKEv1 encrypts from MM5 on with a key derived from the pre-shared one, so that the responder reads noise "
        "and cannot even say why; IKEv2 fails the authentication."
    ),
    symptom=(
        "Called: 'reserved not zero on ID payload!', %CRYPTO-4-IKMP_BAD_MESSAGE. Caller: MM_KEY_EXCH and deleted "
        "MM_NO_STATE. IKEv2: 'Failed to authenticate the IKE SA'."
    ),
    fix="Enter the same key at both ends, and check which keyring each of them takes it from.",
    source="KEY-MISMATCH, DEBUG-LINES",
    detect=detect,
)
