"""RD-UNREAD: a line that tunnels depend on was not understood."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.words import counted, listing
from ikeaudit.hazards.finding import Finding, Hazard

_LOOSE = ("global", "other")


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router with such lines; those that stand in an object of tunnels first."""
    for facts in context.routers:
        router = facts.router
        if not router.unknown:
            continue
        inside = [line for line in router.unknown if line.kind not in _LOOSE]
        lines = inside or router.unknown
        objects = dict.fromkeys(f"{line.kind} {line.name}".strip() for line in inside)
        where = f", in {listing(objects)}" if inside else ""
        yield HAZARD.finding(
            hosts=[facts.name],
            severity=None if inside else "medium",
            message=(
                f"{counted(len(lines), 'line')} of the configuration {'was' if len(lines) == 1 else 'were'} not "
                f"understood{where}: what would be said to be missing there is withheld, and verdicts that it may change "
                "are unknown."
            ),
            cause=[*objects] or ["global"],
            evidence=router.evidence(*(line.line for line in lines)),
        )


HAZARD = Hazard(
    code="RD-UNREAD",
    title="A line that tunnels depend on was not understood",
    severity="high",
    scope="router",
    what=(
        "A line of the global configuration that has to do with tunnels, or one inside a keyring, profile, policy, "
        "transform set, crypto map, access list of one or tunnel interface, is no command that ikeaudit knows. It is "
        "mistyped, damaged, a placeholder, or newer than the grammar."
    ),
    why=(
        "It may be the very key, match statement or destination that everything else depends on: an audit that passes "
        "over it gives an all clear, or an alarm, that nobody should rely on."
    ),
    symptom="None on the router, where the line is as it is printed; a mistyped one is refused there.",
    fix="Correct the line, or collect the configuration again; if it is as IOS prints it, report it as a gap.",
    source="TEXT-UNREAD",
    detect=detect,
)
