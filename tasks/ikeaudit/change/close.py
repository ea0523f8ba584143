"""``confirm --close``: the end of the way back. The copies of the earlier configurations go from the routers.

They hold keys that no longer need to be there, and as long as they are there a roll-back can use them; so removing them is a
step of its own, taken when nobody wants to go back any more.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ikeaudit.change.device import Device
from ikeaudit.change.replies import complaint
from ikeaudit.change.report import ChangeReport, RouterResult
from ikeaudit.change.setting import Setting
from ikeaudit.model.errors import IncompleteError, RefusedError


def close_change(setting: Setting, say: Callable[[str], None]) -> ChangeReport:
    """Remove ``pre-<change>.cfg`` from every router on which the change is saved; of several waves, those of all.

    :raises RefusedError: when a wave is not finished everywhere, or there is nothing to close.
    :raises IncompleteError: when a router cannot be reached, or keeps its copy; those before it are closed.
    """
    windows = setting.windows()
    for window in windows:
        progress = window.progress()
        if progress.open:
            raise RefusedError(
                f"The change {window.plan.change_id} is not finished; `ikeaudit status {window.plan.change_id}` says where it "
                "is. Only what is confirmed and saved everywhere can be closed."
            )
    left = [(w, tuple(n for n, r in w.progress().routers.items() if r.phase == "saved")) for w in windows]
    left = [(window, names) for window, names in left if names]
    if not left:
        raise RefusedError(f"There is nothing to close: the change {setting.plan.change_id} is in force on no router.")
    results: dict[str, RouterResult] = {}
    journal_path = ""
    for window, names in left:
        files = {name: router.backup for name, router in window.progress().routers.items()}
        with window.work("close", names) as (devices, journal):
            journal_path = str(journal.path)
            for name in names:
                journal.record("closing", name, file=files[name])
                detail = _remove(devices[name], files[name])
                journal.record("closed", name, text=detail)
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


def _remove(device: Device, url: str | None) -> str:
    device.leave_config()
    if url is None:
        return "there was no copy of its earlier configuration"
    name = url.rpartition(":")[2].lstrip("/")
    if not _listed(device, name):
        return f"{url} was not there any more; the way back has ended"
    reply = device.run(f"delete /force {url}", slow=True)
    if _listed(device, name):
        no = complaint(reply)
        raise IncompleteError(f"{device.name} keeps {url}: {no or 'it gives no reason'}; close the change again.")
    return f"{url} is removed; the way back has ended"


def _listed(device: Device, name: str) -> bool:
    return re.search(rf"(?m)\s{re.escape(name)}\s*$", device.run("dir")) is not None
