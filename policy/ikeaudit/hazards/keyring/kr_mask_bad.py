"""KR-MASK-BAD: host bits under the mask, or a mask with holes."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import Prefix


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each keyring or profile with such lines."""
    for facts in context.routers:
        groups: dict[str, list[tuple[Prefix, int]]] = {}
        for owner, prefix, line in _prefixes(facts):
            if prefix.has_host_bits or not prefix.contiguous:
                groups.setdefault(owner, []).append((prefix, line))
        for owner, found in groups.items():
            holes = any(not prefix.contiguous for prefix, _ in found)
            problem = "a mask that is not contiguous" if holes else "host bits that the mask cuts off"
            written = [f"{prefix.address} {_mask(prefix)}" for prefix, _ in found]
            yield HAZARD.finding(
                hosts=[facts.name],
                message=f"{owner} is written with {problem}: {listing(written)}.",
                cause=[owner, *written],
                evidence=facts.router.evidence(*(line for _, line in found)),
            )


def _prefixes(facts: RouterFacts) -> Iterator[tuple[str, Prefix, int]]:
    for pick in facts.picks:
        if pick.key.prefix is not None:
            yield f"Keyring {pick.keyring.name}", pick.key.prefix, pick.key.line
    for profile in facts.router.isakmp_profiles:
        for match in profile.matches:
            if match.prefix is not None:
                yield f"Profile {profile.name}", match.prefix, match.line


def _mask(prefix: Prefix) -> str:
    return str(Prefix(prefix.version, prefix.mask, (1 << prefix.bits) - 1).address)


HAZARD = Hazard(
    code="KR-MASK-BAD",
    title="An address with host bits or a mask with holes",
    severity="medium",
    scope="router",
    what=(
        "The address of a key or of a 'match identity address' line has bits set that its mask cuts off, or the "
        "mask is not ones followed by zeros."
    ),
    why=(
        "The line reads as if it meant one host, but covers the whole network, or scattered addresses. Such an "
        "entry can win a search that its author never thought of."
    ),
    symptom="Unexpected peers match the key or the profile.",
    fix="Write what is meant: the host with 255.255.255.255, or the network address with its mask.",
    source="U-15",
    detect=detect,
)
