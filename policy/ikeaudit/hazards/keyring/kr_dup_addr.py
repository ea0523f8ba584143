"""KR-DUP-ADDR: the same peer address in two keyrings, with the same key."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.duplicates import duplicate_groups, duplicate_lines, duplicate_peers, taken
from ikeaudit.hazards.facts.words import listing, place
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each set of keyrings that share addresses."""
    for facts in context.routers:
        groups = duplicate_groups(facts.duplicates, lambda d: d.equal is not False and not d.harmless)
        for (keyrings, vrf), found in groups.items():
            hidden = any(d.equal is None for d in found)
            unsure = hidden or not all(d.sure for d in found)
            same = "keys that cannot be compared" if hidden else "the same key"
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=duplicate_peers(found),
                message=(
                    f"Keyrings {listing(keyrings)} of {place(vrf)} all hold {listing(d.prefix for d in found)}, with "
                    f"{same}: as responder the router takes {taken(keyrings)}, whichever profile the peer belongs to."
                ),
                cause=[str(vrf), *keyrings, *(str(d.prefix) for d in found)],
                evidence=facts.router.evidence(*duplicate_lines(found)),
                confidence="unknown" if unsure else "certain",
            )


HAZARD = Hazard(
    code="KR-DUP-ADDR",
    title="The same peer address in two keyrings, with the same key",
    severity="high",
    scope="router",
    what=(
        "Two or more keyrings of one front-door VRF hold a key for exactly the same address and mask, their local "
        "addresses do not keep them apart, and the keys are equal (or are type 6, so that nobody can tell). It is "
        "left out when every profile that names one of the keyrings names all of them."
    ),
    why=(
        "In IKEv1 the responder needs the key before it knows who is calling, so it searches all keyrings and, "
        "between equal masks, ends up with the first in the configuration. Only afterwards does the peer's identity "
        "select a profile, and a key that came from a keyring outside that profile is refused even though its text "
        "is right. Cisco calls two keys for one address unpredictable and does not support them."
    ),
    symptom=(
        "Works when this router starts the negotiation. When the peer starts it: 'Key not found in keyrings of "
        "profile , aborting exchange' after MM5, and the peer retransmits in MM_KEY_EXCH."
    ),
    fix="Keep the address in one keyring only and let every profile name that keyring (plan strategy single-keyring).",
    source="KEY-TIE, KEY-VERIFY, U-3",
    detect=detect,
)
