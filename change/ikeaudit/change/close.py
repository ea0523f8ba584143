"""``confirm --close``: the end of the way back. The copies of the earlier configurations go from the routers.

They hold keys that no longer need to be there, and as long as they are there a roll-back can use them; so removing them is a
step of its own, taken when nobody wants to go back any more.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ikeaudit.change.advice import refuse_going_back
from ikeaudit.change.arming import arming_rollback
from ikeaudit.change.as_told import refuse_unlike
from ikeaudit.change.journal import RouterProgress
from ikeaudit.change.journal_file import Journal
from ikeaudit.change.opened import work
from ikeaudit.change.plan_parts import parts
from ikeaudit.change.report import ChangeReport, RouterResult
from ikeaudit.change.setting import Setting
from ikeaudit.drive import safety
from ikeaudit.drive.device import Device
from ikeaudit.drive.replies import complaint, unexpected
from ikeaudit.model.errors import IncompleteError, RefusedError
from ikeaudit.remediation.archive_path import archive_files
from ikeaudit.remediation.plan import Plan


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
                f"The change {part.change_id} is not finished; `ikeaudit status {part.change_id}` says where it "
                "is. Only what is confirmed and saved everywhere, or taken back, can be closed."
            )
    left = [(p, {n: r.backup for n, r in progress.routers.items() if _to_close(r)}) for p, progress in begun]
    left = [(part, files) for part, files in left if files]
    if not begun:
        raise RefusedError(f"There is nothing to close: {setting.no_journal()}.")
    if not left:
        raise RefusedError(
            f"There is nothing to close: the change {setting.plan.change_id} has left nothing on any router."
        )
    refuse_unlike(setting, left, dict(begun))
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
    for name in _files(device, archive_files(plan.change_id)):
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


def _files(device: Device, beginning: str) -> list[str]:
    return re.findall(rf"(?m)\s({re.escape(beginning)}\S*)\s*$", device.run("dir"))


def _disk(device: Device) -> str:
    found = re.search(r"Directory of (\w+:)", device.run("dir"))
    return found[1] if found else "flash:"
