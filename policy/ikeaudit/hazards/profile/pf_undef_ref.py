"""PF-UNDEF-REF: a reference to something that is not defined."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.references import Dangling, dangling
from ikeaudit.hazards.facts.words import listing, verb
from ikeaudit.hazards.finding import Finding, Hazard


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each name that is not defined, however often it is used."""
    for facts in context.routers:
        groups: dict[tuple[str, str], list[Dangling]] = {}
        for reference in dangling(facts.router):
            groups.setdefault((reference.kind, reference.name), []).append(reference)
        for (kind, name), references in groups.items():
            lines = {reference.line for reference in references}
            peers = [str(p.address) for p in facts.peers if any(line in lines for _, line in p.end.missing)]
            yield HAZARD.finding(
                hosts=[facts.name],
                peers=peers,
                message=(
                    f"{kind[0].upper()}{kind[1:]} {name} is not defined, and {listing(r.owner for r in references)} "
                    f"{verb((r.owner for r in references), 'refers', 'refer')} to it."
                ),
                cause=[kind, name, *(r.owner for r in references)],
                evidence=facts.router.evidence(*(n for r in references for n in (r.owner_line, r.line))),
                confidence=facts.doubt(),
            )


HAZARD = Hazard(
    code="PF-UNDEF-REF",
    title="A reference to something that is not defined",
    severity="critical",
    scope="router",
    what=(
        "An IPsec profile, tunnel protection, crypto map or interface names an ISAKMP, IKEv2 or IPsec profile, "
        "transform set, access list, crypto map or dynamic map that the configuration does not define."
    ),
    why=(
        "The tunnel never negotiates, or the crypto map entry is incomplete and passed over, which can also send "
        "its traffic out in clear."
    ),
    symptom="'WARNING: This crypto map is in an incomplete state!' in show crypto map; no negotiation at all.",
    fix="Define the object, or correct the name (capital letters count).",
    source="BIND-UNDEFINED",
    detect=detect,
)
