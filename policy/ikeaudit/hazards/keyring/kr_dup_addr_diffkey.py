"""KR-DUP-ADDR-DIFFKEY: the same peer address in two keyrings, with different keys."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.duplicates import duplicate_groups, duplicate_lines, duplicate_peers, taken
from ikeaudit.hazards.facts.words import listing, place
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each set of keyrings that contradict each other."""
    for facts in context.routers:
        for (keyrings, vrf), found in duplicate_groups(facts.duplicates, lambda d: d.equal is False).items():
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=duplicate_peers(found),
                message=(
                    f"Keyrings {listing(keyrings)} of {place(vrf)} hold different keys for "
                    f"{listing(d.prefix for d in found)}: only one of them can be the peer's, and called by it the router "
                    f"takes that of {taken(keyrings)}."
                ),
                cause=[str(vrf), *keyrings, *(str(d.prefix) for d in found)],
                evidence=facts.router.evidence(*duplicate_lines(found)),
                confidence="certain" if all(d.sure for d in found) else "unknown",
            )


HAZARD = Hazard(
    code="KR-DUP-ADDR-DIFFKEY",
    title="The same peer address in two keyrings, with different keys",
    severity="critical",
    scope="router",
    what=(
        "Two or more keyrings of one front-door VRF hold different keys for exactly the same address and mask, and "
        "their local addresses do not keep them apart."
    ),
    why=(
        "The responder chooses one of the keys blindly. If it is not the one that the caller used, everything from "
        "MM5 on decrypts to noise, so the negotiation dies without naming the real cause. Such keyrings cannot be "
        "merged by a program either: somebody has to say which key is right."
    ),
    symptom=(
        "On the router that is called: 'reserved not zero on ID payload!' and %CRYPTO-4-IKMP_BAD_MESSAGE. On the "
        "caller: retransmissions in MM_KEY_EXCH, then MM_NO_STATE (deleted)."
    ),
    fix=(
        "Agree on one key with the peer, enter it wherever the address stands, and then let one keyring serve all "
        "profiles (plan strategy single-keyring). Where both keys are needed, keep them apart by local-address or "
        "front-door VRF, or move the tunnels to IKEv2."
    ),
    source="KEY-TIE, KEY-MISMATCH",
    detect=detect,
)
