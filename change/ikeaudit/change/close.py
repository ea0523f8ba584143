"""``confirm --close``: the end of the way back. The copies of the earlier configurations go from the routers.

They hold keys that no longer need to be there, and as long as they are there a roll-back can use them; so removing them is a
step of its own, taken when nobody wants to go back any more. It cannot be undone, so the routers' own word is asked for first
whether they are as their journals say.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ikeaudit.change.advice import refuse_going_back
from ikeaudit.change.as_planned import arming_rollback, content, disarmed_lines, planned_after, planned_before
from ikeaudit.change.journal import Progress, RouterProgress
from ikeaudit.change.journal_file import Journal
from ikeaudit.change.next_step import stands
from ikeaudit.change.opened import reading, work
from ikeaudit.change.own_lines import Place, rows
from ikeaudit.change.plan_parts import Part, Window, parts
from ikeaudit.change.report import ChangeReport, RouterResult
from ikeaudit.change.setting import Setting
from ikeaudit.drive import safety
from ikeaudit.drive.device import Device
from ikeaudit.drive.observe import observe
from ikeaudit.drive.replies import complaint, unexpected
from ikeaudit.model.errors import IncompleteError, RefusedError
from ikeaudit.remediation.archive_path import archive_files
from ikeaudit.remediation.plan import Plan


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


def close_change(setting: Setting, say: Callable[[str], None]) -> ChangeReport:
    """Remove ``pre-<change>.cfg`` from every router that has one, and archive paths that the plan gave to routers.

    A change that was taken back can be closed as well: its copies hold keys like any other's. An archive path stays while the
    router is in a part of the plan that is not in force yet.

    The routers are read first: what the journal says is not enough to take the way back away.

    :raises RefusedError: when a part is not finished everywhere, there is nothing to close, or a router does not run, or has
        not saved, what it should.
    :raises SessionError: when a router cannot be reached to see that; then nothing was closed.
    :raises IncompleteError: when a router keeps its copy; those before it are closed.
    """
    begun = setting.begun()
    for part, progress in begun:
        refuse_going_back(part.change_id, progress)
        if progress.open:
            raise RefusedError(
                f"The change {part.change_id} is not finished: {stands(progress)}. `ikeaudit status {part.change_id}` tells "
                "more. Only what is confirmed and saved everywhere, or taken back, can be closed."
            )
    left = [(p, {n: r.backup for n, r in progress.routers.items() if _to_close(r)}) for p, progress in begun]
    left = [(part, files) for part, files in left if files]
    if not begun:
        raise RefusedError(f"There is nothing to close: {setting.no_journal()}.")
    if not left:
        raise RefusedError(
            f"There is nothing to close: the change {setting.plan.change_id} has left nothing on any router, and "
            f"{stands(begun[-1][1])}."
        )
    refuse_unlike(setting, left, dict(begun))
    _refuse_before_rekey(setting, [progress for _, progress in begun if progress.in_force])
    whole = setting.plan
    there = {part.change_id for part, progress in begun if progress.in_force}
    waiting = {name for part in parts(whole) if part.change_id not in there for name in part.routers}
    last = {name: part for part, files in left for name in files}
    results: dict[str, RouterResult] = {}
    journal_path = ""
    for part, files in left:
        own = setting.part(part)
        standing = setting.progress(own).routers
        with work(setting, own, "close", tuple(files)) as (devices, journal):
            journal_path = str(journal.path)
            for name, url in files.items():
                journal.record("closing", name, file=url)
                details = []
                if name not in waiting and last[name] is part:
                    details += _disarm(devices[name], whole, journal)
                details.append(_remove(devices[name], url, in_force=standing[name].phase == "saved"))
                detail = "; ".join(details)
                journal.record("closed", name, text=detail, in_force=standing[name].phase == "saved")
                results[name] = RouterResult(name=name, state="closed", detail=detail)
                say(f"{name}: {detail}")
            journal.record("end", result="closed")
    return ChangeReport(
        change_id=setting.plan.change_id,
        digest=setting.plan.digest,
        result="closed",
        routers=tuple(results.values()),
        journal=journal_path,
    )


def _refuse_before_rekey(setting: Setting, in_force: Sequence[Progress]) -> None:
    """Each direction whose far end nobody knows must have lived through one rekey: until then its PFS is not proven.

    :raises RefusedError: when it is too early, or the session is gone.
    :raises SessionError: when a router cannot be reached to see that.
    """
    for rekey in setting.plan.rekeys or ():
        name, where = rekey.direction.initiator, f"{rekey.direction.initiator_interface} -> {rekey.direction.peer}"
        applied = [progress.applied for progress in in_force if name in progress.routers]
        if not applied:
            continue
        due = datetime.fromisoformat(max(applied)) + timedelta(seconds=rekey.seconds)
        later = "Nothing was closed, so that the way back stays."
        if datetime.now(UTC) < due:
            raise RefusedError(
                f"{rekey.direction} has not lived through its first rekey, which shows whether both ends use the same group "
                f"for PFS; it is due by {due:%Y-%m-%d %H:%M} UTC. {later}"
            )
        with reading(setting, setting.entire, (name,)) as devices:
            state = observe(devices[name]).sessions.get(where, "gone")
        if not state.startswith("UP"):
            raise RefusedError(
                f"{rekey.direction} was to live through its first rekey, and its session is {state}. {later}"
            )


def _to_close(router: RouterProgress) -> bool:
    return router.phase == "saved" or (router.phase in ("untouched", "reverted") and router.backup is not None)


def _disarm(device: Device, plan: Plan, journal: Journal) -> list[str]:
    """Take away the archive path that the plan gave to a router, and what was archived there; what was done, in sentences."""
    undo = arming_rollback(plan, device.name)
    if not undo:
        return []
    running = device.running()
    startup = device.startup()
    if "archive" not in running.lines:
        return []  # it went when the change was closed before
    safety.enter_config(device)
    for line in undo:
        journal.record("closing", device.name, line=line)
        no = unexpected(device.run(line))
        if no is not None:
            device.leave_config()
            raise IncompleteError(f"{device.name} keeps its archive path: {no}; close the change again.")
    device.leave_config()
    for name in re.findall(rf"(?m)\s({re.escape(archive_files(plan.change_id))}\S*)\s*$", device.run("dir")):
        device.run(f"delete /force {_disk(device)}{name}", slow=True)
    done = "its archive path, which the change had given to it, is removed"
    if startup is None or startup.digest != running.digest:
        return [f"{done}, and not saved: it runs something else than its startup-config; type `write memory`"]
    safety.save(device)
    return [done]


def _remove(device: Device, url: str | None, *, in_force: bool = True) -> str:
    """Delete the copy of the earlier configuration; what was done, in a sentence."""
    end = "; the way back has ended" if in_force else ""
    device.leave_config()
    if url is None:
        return "there was no copy of its earlier configuration"
    name = url.rpartition(":")[2].lstrip("/")
    if not _listed(device, name):
        return f"{url} was not there any more{end}"
    reply = device.run(f"delete /force {url}", slow=True)
    if _listed(device, name):
        no = complaint(reply)
        raise IncompleteError(f"{device.name} keeps {url}: {no or 'it gives no reason'}; close the change again.")
    return f"{url} is removed{end}"


def _listed(device: Device, name: str) -> bool:
    return re.search(rf"(?m)\s{re.escape(name)}\s*$", device.run("dir")) is not None


def _disk(device: Device) -> str:
    found = re.search(r"Directory of (\w+:)", device.run("dir"))
    return found[1] if found else "flash:"
