"""FL-NO-V2: routers that cannot do IKEv2."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.release import Release, release_of
from ikeaudit.hazards.facts.words import listing
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import Evidence

FIRST = Release(15, 1)
"""The first releases with IKEv2 are 15.1(1)T and IOS-XE 3.3S, which calls itself 15.1 (IKEV2-RELEASES)."""


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each release."""
    groups: dict[Release, list[str]] = {}
    for facts in context.routers:
        release = release_of(facts.router)
        if release is not None and release < FIRST and (facts.ends or facts.picks):
            groups.setdefault(Release(release.major, release.minor), []).append(facts.name)
    for release, names in groups.items():
        yield HAZARD.finding(
            hosts=sorted(names),
            message=f"Release {release} on {listing(sorted(names))} has no IKEv2.",
            cause=[str(release)],
            evidence=[line for name in sorted(names) for line in _version(context, name)],
            confidence="probable",
        )


def _version(context: AuditContext, name: str) -> tuple[Evidence, ...]:
    """The configuration's own ``version`` line."""
    router = context.router(name).router
    lines = enumerate(router.lines, router.first_line)
    return router.evidence(*[n for n, text in lines if text.startswith("version ")][:1])


HAZARD = Hazard(
    code="FL-NO-V2",
    title="A router's release has no IKEv2",
    severity="info",
    scope="fleet",
    what="A router with IPsec runs a release before 15.1(1)T or IOS-XE 3.3S.",
    why="It and the tunnels to it cannot be moved to IKEv2.",
    symptom="None.",
    fix="Upgrade or replace it, or leave its tunnels out of the migration.",
    source="IKEV2-RELEASES",
    detect=detect,
)
