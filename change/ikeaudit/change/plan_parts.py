"""A plan of several waves and groups is several changes, one after the other: each has its own journal, copies and way back.

The change of wave 2 of the plan ``CHG-7`` is called ``CHG-7-w2``, that of its third group ``CHG-7-w2-g3`` where it has several.
It is a plan like any other, with the steps, directions and hashes of that part; what the routers run after it is worked out
from the whole plan and lies beside its journal. A window is such a part: what is to be done, and nothing of how it is done.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import msgspec

from ikeaudit.candidate import after_commands
from ikeaudit.model.errors import InputError
from ikeaudit.remediation.plan import Direction, Outlook, Plan, Verdict, Wave, WaveGroup
from ikeaudit.remediation.plan_folder import predicted
from ikeaudit.snapshot.plain_files import why
from ikeaudit.snapshot.private_files import make_folder, write_private


@dataclass(frozen=True, slots=True)
class Window:
    """One change, carried out and taken back as one; a whole plan where that has only one part.

    ``plan`` is this part's, with the hashes that its last attempt began with, ``folder`` holds what its routers run after it;
    ``whole`` is the plan that it is wave ``wave`` or group ``group`` of, in the folder ``source``. ``alone`` when no other
    group is to follow.
    """

    plan: Plan
    folder: Path
    whole: Plan
    source: Path
    wave: int | None = None
    group: int | None = None
    alone: bool = False

    @property
    def routers(self) -> tuple[str, ...]:
        """The routers that it changes, in the order of changing them."""
        return tuple(router.name for router in self.plan.routers)

    @property
    def words(self) -> str:
        """``wave 2, group 3``; empty for a whole plan."""
        named = (("wave", self.wave), ("group", self.group))
        return ", ".join(f"{kind} {number}" for kind, number in named if number is not None)


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A change of its own: ``wave`` and ``group`` are None where the plan, or the wave, has only one."""

    change_id: str
    wave: int | None
    group: int | None
    routers: tuple[str, ...]
    steps: frozenset[int]

    @property
    def words(self) -> str:
        """``wave 2, group 3``; empty for a whole plan."""
        named = (("wave", self.wave), ("group", self.group))
        return ", ".join(f"{kind} {number}" for kind, number in named if number is not None)


def numbers(plan: Plan) -> tuple[int, ...]:
    """The waves that are changes of their own; none when the whole plan is one."""
    return tuple(wave.number for wave in plan.waves) if len(plan.waves) > 1 else ()


def parts(plan: Plan, wave: int | None = None) -> tuple[Part, ...]:
    """The changes that a plan, or one ``wave`` of it, consists of, in their order.

    :raises InputError: when the plan has no such wave.
    """
    if wave is not None:
        wave_numbered(plan, wave)
    found: list[Part] = []
    for one in plan.waves:
        if wave is not None and one.number != wave:
            continue
        number = one.number if numbers(plan) else None
        several = len(one.groups) > 1
        for at, group in enumerate(one.groups if several else (None,), 1):
            found.append(
                Part(
                    change_id=_change_id(plan, number, at if several else None),
                    wave=number,
                    group=at if several else None,
                    routers=one.routers if group is None else group.routers,
                    steps=_steps(plan, one) if group is None else frozenset(group.steps),
                )
            )
    if found:
        return tuple(found)
    routers = tuple(router.name for router in plan.routers)
    steps = frozenset(step.number for step in plan.steps)
    return (Part(change_id=plan.change_id, wave=None, group=None, routers=routers, steps=steps),)


def is_part_of(change_id: str, plan_id: str) -> bool:
    """Whether ``change_id`` is the plan's own or that of a part of it."""
    return re.fullmatch(re.escape(plan_id) + r"(-w\d+)?(-g\d+)?", change_id) is not None


def wave_numbered(plan: Plan, number: int) -> Wave:
    """One wave. Raises InputError when the plan has no such wave."""
    for wave in plan.waves:
        if wave.number == number:
            return wave
    raise InputError(f"The plan has no wave {number}; it has {', '.join(str(w.number) for w in plan.waves) or 'none'}.")


def window_of(plan: Plan, number: int | None, group: int | None = None) -> Plan:
    """The change of a wave or of one group of it; the plan itself when that is all of it.

    :raises InputError: when the plan has no such wave, or the wave no such group.
    """
    if number is None:
        if len(plan.waves) > 1 or group is None:
            return plan
        number = plan.waves[0].number
    wave = wave_numbered(plan, number)
    if group is not None:
        if not 1 <= group <= max(1, len(wave.groups)):
            raise InputError(f"Wave {number} has no group {group}; it has {max(1, len(wave.groups))}.")
        if len(wave.groups) > 1:
            wave = _as_wave(wave, wave.groups[group - 1])
    if not numbers(plan) and len(plan.waves[0].groups) == len(wave.groups):
        return plan
    own = None if len(wave_numbered(plan, number).groups) == len(wave.groups) else group
    routers = []
    for name in wave.routers:
        router = plan.router(name)
        before = wave.before.get(name, router.before_hash)
        after = wave.after.get(name, router.after_hash)
        back = router.rolled_back_hash if before == router.before_hash else before
        routers.append(msgspec.structs.replace(router, before_hash=before, after_hash=after, rolled_back_hash=back))
    steps = _steps(plan, wave)
    return msgspec.structs.replace(
        plan,
        change_id=_change_id(plan, number if numbers(plan) else None, own),
        routers=tuple(routers),
        steps=tuple(step for step in plan.steps if step.number in steps),
        directions=_directions(plan, wave),
        waves=(wave,),
    )


def after_text(plan: Plan, folder: Path, name: str, steps: Collection[int]) -> str:
    """What router ``name`` runs when only ``steps`` of the plan have been sent: its end, with the others undone."""
    text = predicted(folder, plan.router(name))
    undone = [line for s in reversed(plan.steps_of(name)) if s.number not in steps for line in s.rollback]
    return after_commands(text, undone) if undone else text


def write_text(target: Path, text: str) -> None:
    """Put a predicted configuration in its place, mode 0600, all of it or nothing; keys stand in it as tokens.

    :raises InputError: when the disk does not take it.
    """
    try:
        make_folder(target.parent)
        write_private(target, text.encode())
    except OSError as error:
        raise InputError(f"{target} cannot be written: {why(error)}.") from None


def _change_id(plan: Plan, wave: int | None, group: int | None) -> str:
    return plan.change_id + (f"-w{wave}" if wave is not None else "") + (f"-g{group}" if group is not None else "")


def _as_wave(wave: Wave, group: WaveGroup) -> Wave:
    """One group of a wave as a wave of its own."""
    return msgspec.structs.replace(
        wave,
        routers=group.routers,
        reasons={name: wave.reasons[name] for name in group.routers if name in wave.reasons},
        minutes=group.minutes,
        groups=(group,),
        timers=group.timers,
        before=group.before,
        after=group.after,
    )


def _steps(plan: Plan, wave: Wave) -> frozenset[int]:
    """The numbers of a wave's steps; all of its routers' when it does not say."""
    return frozenset(wave.steps) if wave.groups else frozenset(s.number for s in plan.steps if s.router in wave.routers)


def _directions(plan: Plan, wave: Wave) -> tuple[Outlook, ...]:
    """The directions that a part concerns, with what they do after it, which later parts may still change."""
    if not wave.groups:
        own = set(wave.routers)
        return tuple(o for o in plan.directions if {o.direction.initiator, o.direction.responder} & own)
    after: dict[Direction, Verdict | None] = {}
    for group in wave.groups:
        meanwhile = {m.direction: m.verdict for m in group.meanwhile}
        own = set(group.tunnels)
        after |= {o.direction: meanwhile.get(o.direction, o.after) for o in plan.directions if o.tunnel in own}
    return tuple(msgspec.structs.replace(o, after=after[o.direction]) for o in plan.directions if o.direction in after)
