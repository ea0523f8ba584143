"""Where a plan of several waves and groups stands as a whole, from the states of its parts."""

from collections.abc import Mapping

import msgspec

from ikeaudit.change.advice import command, quoted
from ikeaudit.change.journal import Typed
from ikeaudit.change.plan_parts import Part, parts
from ikeaudit.model.grouping import by_key
from ikeaudit.remediation.plan import Plan

IN_FORCE = ("committed", "closed", "held", "unsaved")
"""States of a part that is in force."""


HALF_WAY = ("running", "interrupted", "going-back", "state-unknown", "held", "unsaved")
"""States of a part on which something is left to be done."""


class PartStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One group of a wave, or a wave that is one: ``state`` is its change's, ``taken-back`` (by a person) or ``not-begun``."""

    group: int | None
    routers: tuple[str, ...]
    state: str


class WaveStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One wave: its parts in their order."""

    number: int | None
    title: str
    parts: tuple[PartStatus, ...]


class PlanStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A plan of several parts; ``next`` is the command that goes on with it, None when all of it is in force."""

    change_id: str
    plan: str
    waves: tuple[WaveStatus, ...]
    next: str | None
    next_why: str


def overview(plan: Plan, typed: Typed, states: Mapping[str, str]) -> PlanStatus:
    """``states`` are those of the parts that were begun, by change id; ``typed`` is how they were called."""
    waves = by_key((part.wave, part) for part in parts(plan))
    titles = {wave.number: wave.title for wave in plan.waves}
    next_up, why = following(plan, typed, states)
    return PlanStatus(
        change_id=plan.change_id,
        plan=quoted(typed.plan),
        waves=tuple(
            WaveStatus(
                number=number,
                title=titles.get(number or 1, ""),
                parts=tuple(
                    PartStatus(group=p.group, routers=p.routers, state=states.get(p.change_id, "not-begun"))
                    for p in own
                ),
            )
            for number, own in waves.items()
        ),
        next=next_up,
        next_why=why,
    )


def following(plan: Plan, typed: Typed, states: Mapping[str, str]) -> tuple[str | None, str]:
    """The command that goes on with a plan of several parts, and why it is that."""
    half = next((s for s in states.values() if s in HALF_WAY), None)
    if half is not None:
        return f"ikeaudit status {plan.change_id}", "a part of it is half-way, and comes first"
    left = [part for part in parts(plan) if states.get(part.change_id) not in IN_FORCE]
    if not left:
        return None, "all of it is in force"
    wave = [part for part in left if part.wave == left[0].wave]
    number = f"--wave {wave[0].wave}" if wave[0].wave is not None else ""
    failed = [part for part in wave if states.get(part.change_id) in ("rolled-back", "refused")]
    names = tuple(dict.fromkeys(name for part in wave for name in part.routers))
    shown = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
    which = _wave(plan, wave[0])
    if failed:
        groups = [str(part.group) for part in failed if part.group is not None]
        again = f"{which}: " + (f"group {', '.join(groups)} failed and " if groups else "it failed and ")
        more = len(wave) - len(failed)
        tail = f", then {'the other' if more == 1 else f'{more} others'}" if more else ""
        return command("apply", typed, "--commit", number), f"{again}would be tried again{tail}: {shown}"
    undone = all(states.get(part.change_id) == "taken-back" for part in wave)
    coming = "was taken back, and can be carried out again" if undone else "comes next"
    return command("apply", typed, "--commit", number), f"{which} {coming}: {shown}"


def _wave(plan: Plan, part: Part) -> str:
    wave = next((w for w in plan.waves if w.number == (part.wave or 1)), None)
    if part.wave is None or wave is None:
        return "the plan"
    return f"wave {wave.number}" + (f" ({wave.title})" if wave.title else "")


def wave_words(wave: WaveStatus) -> str:
    """A wave in a line: ``wave 2 (far ends): 1 of 3 groups in force; taken back: group 2 (A3, B3); not begun: 1``."""
    name = (f"wave {wave.number}" if wave.number is not None else "the plan") + (
        f" ({wave.title})" if wave.title else ""
    )
    if len(wave.parts) == 1:
        (only,) = wave.parts
        return f"{name}: {_WORDS.get(only.state, only.state)} ({_few(only.routers)})"
    there = sum(part.state in IN_FORCE for part in wave.parts)
    rows = [f"{there} of {len(wave.parts)} groups in force"]
    idle = sum(part.state == "not-begun" for part in wave.parts)
    if idle == len(wave.parts):
        return f"{name}: not begun ({idle} groups)"
    rows += [
        f"{_WORDS.get(part.state, part.state)}: group {part.group} ({_few(part.routers)})"
        for part in wave.parts
        if part.state not in ("committed", "closed", "not-begun")
    ]
    if idle:
        rows.append(f"not begun: {idle}")
    return f"{name}: {'; '.join(rows)}"


_WORDS = {
    "committed": "in force",
    "closed": "in force and closed",
    "held": "waiting to be confirmed",
    "unsaved": "not saved everywhere",
    "rolled-back": "taken back",
    "taken-back": "taken back",
    "refused": "refused before anything was changed",
    "running": "under way",
    "interrupted": "cut off half-way",
    "going-back": "being taken back",
    "state-unknown": "STATE UNKNOWN",
    "not-begun": "not begun",
}


def _few(names: tuple[str, ...]) -> str:
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
