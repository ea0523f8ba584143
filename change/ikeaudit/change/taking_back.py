"""What of a plan is to be taken back: what is half-way by itself, and what is in force only when somebody names it."""

import msgspec

from ikeaudit.change.advice import back_command, command, quoted, rollback_command, selection_of
from ikeaudit.change.journal import Progress
from ikeaudit.change.plan_parts import Part, numbers, parts, wave_numbered, window_of
from ikeaudit.change.setting import Setting
from ikeaudit.model.errors import InputError, RefusedError
from ikeaudit.remediation.plan import Plan

Begun = tuple[tuple[Part, Progress], ...]


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """What a person named: ``wave`` and those after it, or one ``group`` of it, or ``everything``; nothing by default."""

    wave: int | None = None
    group: int | None = None
    everything: bool = False

    @property
    def named(self) -> bool:
        """Whether anything was named."""
        return self.everything or self.wave is not None or self.group is not None

    @property
    def words(self) -> str:
        """The options as they are typed; empty when nothing was named."""
        return selection_of(self.wave, self.group) if self.named else ""

    def has(self, part: Part) -> bool:
        """Whether a part of the plan is named."""
        if self.everything:
            return True
        if self.group is None:
            return self.wave is not None and (part.wave or 1) >= self.wave
        return (part.wave or 1) == (self.wave or 1) and (part.group or 1) == self.group


def chosen(setting: Setting, selection: Selection, begun: Begun) -> Begun:
    """The parts to be taken back, the last one carried out first; none when there is nothing to take back.

    ``begun`` is what is known of the parts, from journals or from routers that were asked. What is half-way needs no name. What
    is in force does: whoever types the same command twice means the first only.

    :raises RefusedError: when what is in force is not named, something half-way comes first, other parts rest on what is named,
        or the way back has ended.
    """
    begun = tuple((part, p) for part, p in begun if any(r.touched for r in p.routers.values()))
    half = tuple((part, progress) for part, progress in begun if progress.open)
    if not begun:
        return ()
    if not selection.named:
        if not half:
            _refuse_unnamed(setting, begun)
        return _last_first(half)
    wanted = tuple((part, progress) for part, progress in begun if selection.has(part))
    outside = [(part, progress) for part, progress in half if not selection.has(part)]
    if outside:
        part, progress = outside[0]
        raise RefusedError(
            f"The change {part.change_id} is half-way on {', '.join(progress.half_way)}, and that comes first; take it back "
            f"with `{back_command(progress)}`."
        )
    _refuse_rested_on(setting, begun, wanted)
    return _last_first(wanted)


def check(plan: Plan, folder: str, selection: Selection) -> None:
    """Raise InputError when the plan in ``folder`` has no part that is named, or the names contradict each other."""
    if selection.everything and (selection.wave is not None or selection.group is not None):
        raise InputError("--all takes back everything; name either that, or --wave and --group.")
    if selection.group is not None and selection.wave is None and numbers(plan):
        raise InputError(f"--group {selection.group} is a group of which wave? Name it with --wave.")
    if selection.wave is not None and plan.waves:
        wave_numbered(plan, selection.wave)
    if selection.group is not None and not any(selection.has(part) for part in parts(plan)):
        raise InputError(
            f"Wave {selection.wave or 1} has no group {selection.group}; `ikeaudit plan show {quoted(folder)}` names them."
        )


def _last_first(begun: Begun) -> Begun:
    return tuple(sorted(begun, key=lambda item: item[1].applied, reverse=True))


def _refuse_unnamed(setting: Setting, begun: Begun) -> None:
    """Nothing is half-way, so what is in force must be named."""
    plan, typed = setting.plan, setting.typed
    open_ = [(part, p) for part, p in begun if not p.closed]
    if not open_:
        part, progress = _last_first(begun)[0]
        raise RefusedError(way_has_ended(part, progress))
    everything = f"`{rollback_command(typed, '--all')}`"
    unsure = any(progress.uncertain for _, progress in setting.begun())
    kept = f" The journal could not tell that; `{command('confirm', typed)}` puts it there." if unsure else ""
    if len(parts(plan)) == 1:
        names = ", ".join(name for _, p in open_ for name in p.routers)
        raise RefusedError(
            f"Nothing of {plan.change_id} is half-way: it is in force on {names}. {everything} takes it back all the same "
            f"(of a plan with waves or groups, --wave N or --group G names a part).{kept}"
        )
    ways = []
    last = _last_first(tuple(open_))[0][0]
    if numbers(plan):
        there = sorted({part.wave for part, _ in open_ if part.wave is not None})
        ways.append(
            f"`{rollback_command(typed, selection_of(last.wave, None))}` wave {last.wave} and those after it "
            f"(--wave N; in force: {', '.join(map(str, there))})"
        )
    grouped = next((part for part, _ in _last_first(tuple(open_)) if part.group is not None), None)
    if grouped is not None:
        same = sorted(part.group for part, _ in open_ if part.wave == grouped.wave and part.group is not None)
        of = f" of wave {grouped.wave}" if grouped.wave is not None else ""
        ways.append(
            f"`{rollback_command(typed, selection_of(grouped.wave, grouped.group))}` one group{of} "
            f"(--group G; in force: {', '.join(map(str, same))})"
        )
    elif numbers(plan):
        ways.append("a group of a wave that has several is named with --wave N --group G")
    raise RefusedError(
        f"Nothing of {plan.change_id} is half-way, and parts of it are in force; say what is to be taken back: "
        f"{'; '.join(ways)}; {everything} all of it.{kept}"
    )


def _refuse_rested_on(setting: Setting, begun: Begun, wanted: Begun) -> None:
    """A part of another wave that was carried out later, on routers of this part or their other ends, rests on it."""
    ids = {part.change_id for part, _ in wanted}
    for part, progress in wanted:
        view = window_of(setting.plan, part.wave, part.group)
        ends = {name for o in view.directions for name in (o.direction.initiator, o.direction.responder)}
        for other, later in begun:
            if other.change_id in ids or other.wave == part.wave or later.applied <= progress.applied:
                continue
            shared = [name for name in other.routers if name in ends or name in part.routers]
            if shared and any(router.touched for router in later.routers.values()):
                raise RefusedError(
                    f"{other.words[:1].upper()}{other.words[1:]} rests on {part.words}: it was carried out later, on "
                    f"{', '.join(shared[:4])}; take it back first with "
                    f"`{rollback_command(setting.typed, selection_of(other.wave, None))}`, or all of it with "
                    f"`{rollback_command(setting.typed, '--all')}`."
                )


def way_has_ended(part: Part, progress: Progress) -> str:
    """Why a closed change cannot be taken back."""
    closed = [name for name, router in progress.routers.items() if router.phase == "closed"]
    return (
        f"The change {part.change_id} is closed on {', '.join(closed)}: the copies of the earlier "
        "configurations are removed, and the way back has ended there; plan the way back as a change of its own."
    )
