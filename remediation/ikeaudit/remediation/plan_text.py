"""The plan's files for people: commands with comments, and ``plan.md``."""

from __future__ import annotations

from ikeaudit.model import Evidence
from ikeaudit.remediation.plan import Announcement, Outlook, Plan, PlannedRouter, Refusal, Step, Verdict, Wave
from ikeaudit.remediation.strategies import Draft, Strategy
from ikeaudit.rendering import Templates

Texts = tuple[tuple[Step, Draft], ...]
"""Steps with the drafts that they were made of, whose text keeps its layout."""


def apply_text(plan: Plan, router: PlannedRouter, steps: Texts, templates: Templates) -> str:
    """``apply.cfg``: the lines to send, with a comment line before each step (comments are never sent)."""
    return templates.render(
        "plan/commands.cfg.j2",
        title=f"{plan.change_id}: {plan.strategy} on {router.name}",
        steps=[{"caption": _caption(step), "text": draft.apply} for step, draft in steps],
    )


def rollback_text(plan: Plan, router: PlannedRouter, steps: Texts, templates: Templates) -> str:
    """``rollback.cfg``: the lines that undo the steps, last step first."""
    return templates.render(
        "plan/commands.cfg.j2",
        title=f"{plan.change_id}: rollback of {plan.strategy} on {router.name}",
        steps=[{"caption": f"undo {_caption(step)}", "text": draft.rollback} for step, draft in reversed(steps)],
    )


def _caption(step: Step) -> str:
    return f"step {step.number} ({step.phase}): {step.title}"


def plan_text(plan: Plan, strategy: Strategy, steps: Texts, templates: Templates) -> str:
    """``plan.md``: what changes, which tunnels, what interrupts traffic, what is refused and why."""
    return templates.render(
        "plan/plan.md.j2",
        plan=plan,
        strategy=strategy,
        changes=[
            {
                "router": router,
                "waves": [
                    f"wave {w.number} ({w.title}), {w.reasons[router.name]}"
                    for w in plan.waves
                    if router.name in w.routers
                ],
                "steps": [
                    {
                        "step": step,
                        "text": draft.apply.rstrip(),
                        "undo": draft.rollback.rstrip(),
                        "evidence": [cite(e) for e in step.evidence],
                        "announce": [_announced(step, a) for a in step.announce],
                    }
                    for step, draft in steps
                    if step.router == router.name
                ],
            }
            for router in plan.routers
        ],
        tunnels=[_tunnel(outlook) for outlook in plan.directions],
        interruptions=interruptions(plan),
        waves=[wave_text(wave) for wave in plan.waves],
        refusals=[_refusal(refusal) for refusal in plan.refusals],
    )


def interruptions(plan: Plan) -> list[str]:
    """What the steps announce, one sentence each, with the step's number."""
    return [f"Step {step.number} on {step.router}: {_announced(step, a)}" for step in plan.steps for a in step.announce]


def wave_text(wave: Wave) -> str:
    """A wave in one line: what it is, its routers and steps, its timers, and who starts tunnels without being changed."""
    timers: dict[int, list[str]] = {}
    for name, minutes in wave.timers.items():
        timers.setdefault(minutes, []).append(name)
    longer = "".join(f"; {minutes} minutes on {', '.join(names)}" for minutes, names in timers.items())
    partners = f" Tested from {few(wave.partners)} as well." if wave.partners else ""
    return (
        f"Wave {wave.number}, {wave.title}: {', '.join(wave.routers)}. Steps {_ranges(wave.steps)}. "
        f"Timer {wave.minutes} minutes{longer}.{partners}"
    )


def few(names: tuple[str, ...], shown: int = 5) -> str:
    """The first names, and how many more there are."""
    more = len(names) - shown
    return ", ".join(names[:shown]) + (f" and {more} more" if more > 0 else "")


def _ranges(numbers: tuple[int, ...]) -> str:
    """``1-4, 7`` for 1, 2, 3, 4 and 7."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in found)


def cite(evidence: Evidence) -> str:
    """``file:line`` with the line's text, keys masked."""
    return f"{evidence.file}:{evidence.line}: {evidence.text}"


def verdict_text(verdict: Verdict | None) -> str:
    """A verdict in words: ``down (keyring-verification, unpredictable)``."""
    if verdict is None:
        return "-"
    plain = verdict.confidence in ("certain", verdict.outcome)
    details = [d for d in (verdict.reason, None if plain else verdict.confidence) if d]
    return f"{verdict.outcome} ({', '.join(details)})" if details else verdict.outcome


def _announced(step: Step, announcement: Announcement) -> str:
    stop = "No established tunnel is interrupted. "
    if announcement.seconds:
        until = f", until step {announcement.until} has been sent" if announcement.until > step.number else ""
        stop = f"Traffic may stop for up to {announcement.seconds} s{until}. "
    named = ", ".join(str(direction) for direction in announcement.directions)
    return f"{stop}{announcement.text}" + (f" Concerned: {named}." if named else "")


def _tunnel(outlook: Outlook) -> dict[str, str]:
    return {
        "direction": str(outlook.direction),
        "before": verdict_text(outlook.before),
        "after": verdict_text(outlook.after),
    }


def _refusal(refusal: Refusal) -> dict[str, object]:
    return {
        "router": refusal.router,
        "subject": refusal.subject,
        "reason": refusal.reason,
        "evidence": [cite(e) for e in refusal.evidence],
    }
