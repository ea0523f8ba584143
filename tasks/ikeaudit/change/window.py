"""A plan of several waves is several changes, one a window: each has its own journal, safety copies and way back.

The change of wave 2 of the plan ``CHG-7`` is called ``CHG-7-w2``. It is a plan like any other, with the steps, directions and
hashes of that wave; what the routers run after it is worked out from the whole plan and lies beside its journal.
"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import mkstemp

import msgspec

from ikeaudit.change.made_keys import AFTER_FILE
from ikeaudit.model.errors import InputError
from ikeaudit.remediation.candidate import Candidate
from ikeaudit.remediation.plan import Outlook, Plan, Wave


def numbers(plan: Plan) -> tuple[int, ...]:
    """The waves that are changes of their own; none when the whole plan is one."""
    return tuple(wave.number for wave in plan.waves) if len(plan.waves) > 1 else ()


def wave_numbered(plan: Plan, number: int) -> Wave:
    """One wave. Raises InputError when the plan has no such wave."""
    for wave in plan.waves:
        if wave.number == number:
            return wave
    raise InputError(f"The plan has no wave {number}; it has {', '.join(str(w.number) for w in plan.waves) or 'none'}.")


def window_of(plan: Plan, number: int) -> Plan:
    """The change of wave ``number``; the plan itself when that is all of it.

    :raises InputError: when the plan has no such wave.
    """
    wave = wave_numbered(plan, number)
    if not numbers(plan):
        return plan
    routers = []
    for name in wave.routers:
        router = plan.router(name)
        before = wave.before.get(name, router.before_hash)
        after = wave.after.get(name, router.after_hash)
        back = router.rolled_back_hash if before == router.before_hash else before
        routers.append(msgspec.structs.replace(router, before_hash=before, after_hash=after, rolled_back_hash=back))
    return msgspec.structs.replace(
        plan,
        change_id=f"{plan.change_id}-w{number}",
        routers=tuple(routers),
        steps=tuple(step for step in plan.steps if step.number in _steps(plan, wave)),
        directions=tuple(outlook for outlook in plan.directions if _concerned(wave, outlook)),
        waves=(wave,),
    )


def after_text(plan: Plan, folder: Path, number: int, name: str) -> str:
    """What router ``name`` runs after wave ``number``: the end of the whole plan, later waves' steps undone."""
    text = (folder / plan.router(name).folder / AFTER_FILE).read_text(encoding="utf-8")
    later = {n for wave in plan.waves if wave.number > number for n in _steps(plan, wave)}
    undone = [line for step in reversed(plan.steps_of(name)) if step.number in later for line in step.rollback]
    if not undone:
        return text
    candidate = Candidate.from_text(text)
    candidate.apply(undone)
    return candidate.text()


def write_texts(plan: Plan, folder: Path, number: int, target: Path) -> None:
    """Put the predicted configurations of a wave's routers under ``target``, mode 0600; keys stand in them as tokens."""
    for name in wave_numbered(plan, number).routers:
        place = target / plan.router(name).folder
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, draft = mkstemp(prefix=f".{AFTER_FILE}.", dir=place)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(after_text(plan, folder, number, name))
        Path(draft).replace(place / AFTER_FILE)


def _steps(plan: Plan, wave: Wave) -> frozenset[int]:
    """The numbers of a wave's steps; all of its routers' when it does not say."""
    return frozenset(wave.steps) if wave.groups else frozenset(s.number for s in plan.steps if s.router in wave.routers)


def _concerned(wave: Wave, outlook: Outlook) -> bool:
    tunnels = {tunnel for group in wave.groups for tunnel in group.tunnels}
    if tunnels:
        return outlook.tunnel in tunnels
    return bool({outlook.direction.initiator, outlook.direction.responder} & set(wave.routers))
