"""Whether routers are as their journals say, before something is done that cannot be undone: their own word is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ikeaudit.change.arming import disarmed_lines
from ikeaudit.change.as_planned import content, planned_after, planned_before
from ikeaudit.change.journal import Progress
from ikeaudit.change.opened import reading
from ikeaudit.change.own_lines import Place, rows
from ikeaudit.change.plan_parts import Part
from ikeaudit.change.setting import Setting
from ikeaudit.change.window import Window
from ikeaudit.drive.device import Device
from ikeaudit.model.errors import RefusedError


@dataclass(frozen=True, slots=True)
class _Ends:
    """How often each line that a part changes on a router stands there before and after it; ``in_force`` by the journal.

    ``told``: whether the plan's texts, which say it, could be read.
    """

    part: str
    places: Mapping[Place, tuple[int, int]]
    in_force: bool
    told: bool


def refuse_unlike(
    setting: Setting, parts: Sequence[tuple[Part, Collection[str]]], known: Mapping[Part, Progress]
) -> None:
    """Each of the routers of ``parts`` must run the change, and have it saved, where the journal says that it is in force.

    Where it says that it was taken back, it must be away from all configurations or in all: the same may have been carried out
    by another plan. Somebody else's lines do not count. Of a line that several parts change the last one says how it must be.

    :raises RefusedError: naming the routers and the lines that are otherwise, or when the plan's texts cannot be read.
    :raises SessionError: when a router cannot be reached.
    """
    ends: dict[str, list[_Ends]] = {}
    for part, names in sorted(parts, key=lambda item: known[item[0]].applied):
        window = setting.part(part)
        for name in names:
            ends.setdefault(name, []).append(_ends(window, part, name, known[part]))
    wrong: list[str] = []
    back: dict[str, list[tuple[str, bool]]] = {}
    untold = [name for name, own in ends.items() if not all(one.told for one in own)]
    if untold:
        raise RefusedError(
            f"What {', '.join(untold)} should run is not known, because the predicted configurations of "
            f"{setting.plan.change_id} cannot be read any more. Nothing was closed, so that the way back stays."
        )
    with reading(setting, setting.entire, tuple(ends)) as devices:
        for name, own in ends.items():
            for how, lines in _read(devices[name]).items():
                if lines is None:
                    wrong.append(f"{name} shows no {how} configuration that is whole")
                    continue
                found = content(lines)
                lacking = _lacking(own, found)
                if lacking:
                    wrong.append(f"the {how} configuration of {name} is not what the change leaves: {rows(lacking)}")
                for one in own:
                    there = not one.in_force and bool(one.places) and not _away(one.places, found, at=1)
                    away = not one.in_force and not _away(one.places, found, at=0)
                    if there or away:
                        back.setdefault(one.part, []).append((f"the {how} configuration of {name}", there))
            devices[name].close()
    for part_id, standing in back.items():
        if {there for _, there in standing} == {True, False}:
            wrong += [f"{what} holds {part_id}, which was taken back" for what, there in standing if there]
    if wrong:
        more = f"; and {len(wrong) - 4} more" if len(wrong) > 4 else ""
        raise RefusedError(
            f"The routers are not as the journal of {setting.plan.change_id} has it: {'; '.join(wrong[:4])}{more}. "
            "Nothing was closed, so that the way back stays."
        )


def _read(device: Device) -> dict[str, list[str] | None]:
    startup = device.startup()
    return {"running": device.running().lines, "startup": startup.lines if startup is not None else None}


def _ends(window: Window, part: Part, name: str, progress: Progress) -> _Ends:
    """An archive path that the plan gives to a router is left out: it goes when the change is closed."""
    planned, whole = window.plan.router(name), window.whole
    before = content(disarmed_lines(whole, name, planned_before(window.folder, window.plan, planned)))
    after = content(disarmed_lines(whole, name, planned_after(window.folder, planned)))
    changed = {place for place in before.keys() | after.keys() if before[place] != after[place]}
    places = {place: (before[place], after[place]) for place in changed}
    return _Ends(part.change_id, places, progress.routers[name].phase == "saved", bool(before and after))


def _lacking(own: Sequence[_Ends], found: Counter[Place]) -> dict[Place, int]:
    """Where the parts in force are not: lines that are missing count below zero, those that should be gone above."""
    wanted: dict[Place, tuple[int, int]] = {}
    for one in own:
        if one.in_force:
            wanted.update(one.places)
    return _away(wanted, found, at=1)


def _away(places: Mapping[Place, tuple[int, int]], found: Counter[Place], *, at: int) -> dict[Place, int]:
    """The lines that are not as at one end (0: before, 1: after), with what is too many or too few of them."""
    wrong: dict[Place, int] = {}
    for place, ends in places.items():
        here, other = ends[at], ends[1 - at]
        if (here > other and found[place] < here) or (here < other and found[place] > here):
            wrong[place] = found[place] - here
    return wrong
