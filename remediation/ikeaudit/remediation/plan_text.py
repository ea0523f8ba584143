"""The plan's files for people: commands with comments, and ``plan.md``."""

from collections.abc import Iterator, Sequence

from ikeaudit.model import Evidence
from ikeaudit.model.grouping import by_key
from ikeaudit.remediation.plan import (
    Announcement,
    Direction,
    Outlook,
    Plan,
    PlannedRouter,
    Refusal,
    Step,
    Verdict,
    Wave,
)
from ikeaudit.remediation.strategies import Draft, Strategy
from ikeaudit.rendering import Templates

Texts = tuple[tuple[Step, Draft], ...]
"""Steps with the drafts that they were made of, whose text keeps its layout."""

_NAMED = 8
"""Tunnels that one sentence names; ``plan.json`` has them all."""


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
    of_router = by_key((step.router, (step, draft)) for step, draft in steps)
    waves_of = by_key((name, wave) for wave in plan.waves for name in wave.routers)
    return templates.render(
        "plan/plan.md.j2",
        plan=plan,
        strategy=strategy,
        summary=_summary(plan),
        changes=[
            {
                "router": router,
                "waves": [
                    f"wave {w.number} ({w.title}), {w.reasons[router.name]}" for w in waves_of.get(router.name, ())
                ],
                "steps": [
                    {
                        "step": step,
                        "text": draft.apply.rstrip(),
                        "undo": draft.rollback.rstrip(),
                        "evidence": [cite(e) for e in step.evidence],
                        "announce": [_announced(step, a) for a in step.announce],
                    }
                    for step, draft in of_router.get(router.name, ())
                ],
            }
            for router in plan.routers
        ],
        tunnels=[_tunnel(outlook) for outlook in plan.directions],
        interruptions=interruptions(plan),
        remarks=remarks(plan),
        waves=[wave_text(wave) for wave in plan.waves],
        unmended=left_open(plan),
        refusals=[_refusal(refusal) for refusal in plan.refusals],
    )


def _summary(plan: Plan) -> list[str]:
    """The plan in three sentences."""
    steps = f"{counted('step', len(plan.steps))} and {counted('wave', len(plan.waves))}"
    names = few(tuple(router.name for router in plan.routers), 10)
    changes = f"Changes {counted('router', len(plan.routers))} in {steps}: {names}."
    refused = len(plan.refusals)
    left = f"{counted('thing', refused)} left alone, see Refused." if refused else "Nothing was refused."
    return [changes if plan.steps else "Nothing is changed.", *([stops(plan)] if plan.steps else []), left]


def _between(direction: Direction) -> str:
    """Both ends of a direction, the same for the opposite one."""
    one = f"{direction.initiator} {direction.initiator_interface}"
    return " and ".join(sorted((one, f"{direction.responder or direction.peer} {direction.responder_interface}")))


def stops(plan: Plan) -> str:
    """For how many tunnels and for how long traffic may stop, in a sentence."""
    known = {outlook.direction: outlook.tunnel for outlook in plan.directions}
    named = {known.get(d) or _between(d) for s in plan.steps for a in s.announce if a.seconds for d in a.directions}
    longest = max((a.seconds for step in plan.steps for a in step.announce), default=0)
    if not longest:
        return "No step interrupts traffic."
    return f"Interrupts {counted('tunnel', len(named))}, for up to {longest} s{' each' * (len(named) > 1)}."


def counted(noun: str, number: int) -> str:
    """``1 step``, ``2 steps``."""
    return f"{number} {noun}" + "s" * (number != 1)


def interruptions(plan: Plan) -> list[str]:
    """What may stop traffic or fail for a moment, one sentence for each, with the step's number."""
    return [
        f"Step {step.number} on {step.router}: {_announced(step, a)}"
        for step in plan.steps
        for a in step.announce
        if a.seconds or a.directions
    ]


def remarks(plan: Plan) -> list[str]:
    """What else the steps say beforehand; the same of several steps is said once."""
    said: dict[str, list[Step]] = {}
    for step in plan.steps:
        for announcement in step.announce:
            if not announcement.seconds and not announcement.directions:
                said.setdefault(announcement.text, []).append(step)
    found = []
    for text, steps in said.items():
        routers = tuple(dict.fromkeys(step.router for step in steps))
        numbers = _ranges(tuple(step.number for step in steps))
        found.append(f"Step{'s' * (len(steps) > 1)} {numbers} on {few(routers)}: {text}")
    return found + [
        f"{rekey.direction}: whether {rekey.direction.peer} uses {rekey.pfs or 'no group'} for PFS is not known here. Where it "
        f"does not, the tunnel comes up all the same and is lost at its first rekey, {rekey.seconds} s later; the change "
        "cannot be closed before that was seen."
        for rekey in plan.rekeys or ()
    ]


def left_open(plan: Plan) -> list[str]:
    """The directions that the plan does not mend, a sentence each with the hazards why."""
    return [
        f"{u.direction} stays {f'lost at the first {u.lost_at}' if u.lost_at else verdict_text(u.verdict)}: "
        + ("; ".join(why.rstrip(".") for why in u.hazards) or "no hazard of weight names it")
        + "."
        for u in plan.unmended or ()
    ]


def wave_text(wave: Wave) -> str:
    """A wave in one line: what it is, its routers and steps, its timers, and who starts tunnels without being changed."""
    timers = by_key((minutes, name) for name, minutes in wave.timers.items())
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
    if not announcement.seconds and not announcement.directions:
        return announcement.text
    stop = "No established tunnel is interrupted. "
    if announcement.seconds:
        until = f", until step {announcement.until} has been sent" if announcement.until > step.number else ""
        stop = f"Traffic may stop for up to {announcement.seconds} s{until}. "
    named = few(tuple(_two_way(announcement.directions)), _NAMED)
    return f"{stop}{announcement.text}" + (f" Concerned: {named}." if named else "")


def _two_way(directions: Sequence[Direction]) -> Iterator[str]:
    """The directions in words, the two of one tunnel as one."""
    ends = {(d.initiator, d.initiator_interface, d.responder, d.responder_interface) for d in directions}
    for d in directions:
        there = (d.responder, d.responder_interface, d.initiator, d.initiator_interface)
        if there not in ends:
            yield str(d)
        elif d.initiator <= (d.responder or ""):
            yield f"{d.initiator} {d.initiator_interface} <-> {d.responder} {d.responder_interface}"


def _tunnel(outlook: Outlook) -> dict[str, str]:
    after = verdict_text(outlook.after)
    if outlook.ike_version == 2 and outlook.after is not None:
        after = f"IKEv2: {after}"
    return {"direction": str(outlook.direction), "before": verdict_text(outlook.before), "after": after}


def _refusal(refusal: Refusal) -> dict[str, object]:
    return {
        "router": refusal.router,
        "subject": refusal.subject,
        "reason": refusal.reason,
        "evidence": [cite(e) for e in refusal.evidence],
    }
