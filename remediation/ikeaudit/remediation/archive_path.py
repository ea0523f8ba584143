"""A router without an archive path gets one first: without it there is no revert timer (CHANGE-REVERT, CHANGE-WINDOW).

That is a step of its own, proven like all others and sent before the timer is armed. It is removed when the change is closed.
"""

import re
from collections.abc import Sequence

from ikeaudit.fleet import Fleet
from ikeaudit.ios.words import slot
from ikeaudit.ios.writing import command, no
from ikeaudit.model import Router
from ikeaudit.remediation.strategies import Draft

_BOOTFLASH = re.compile(rf"\bbootflash:|^{slot('global/version')} (?:1[6-9]|[2-9]\d)\.", re.MULTILINE)
_ARCHIVE = slot("global/archive")
_PATH_ROW = "archive/path"
_PATH = re.compile(rf"\s+{slot(_PATH_ROW)} \S")
_MAXIMUM = 14


def with_arming(fleet: Fleet, drafts: Sequence[Draft], change_id: str) -> tuple[Draft, ...]:
    """``drafts`` with such a step before them for each of their routers that has no archive path."""
    routers = dict.fromkeys(draft.router for draft in drafts)
    arming = [draft for name in routers if (draft := _draft(fleet.router(name), change_id)) is not None]
    return (*arming, *drafts)


def archive_files(change_id: str) -> str:
    """What the names of the files begin with that a router archives under such a step."""
    return f"chg-{change_id}-"


def _draft(router: Router, change_id: str) -> Draft | None:
    block = _archive(router.lines)
    if block is not None and any(_PATH.match(line) for line in block):
        return None
    disk = "bootflash:" if _BOOTFLASH.search("\n".join(router.lines)) else "flash:"
    lines = [_ARCHIVE, f" {command(_PATH_ROW, disk + archive_files(change_id))}"]
    if block is None:
        lines.append(f" {command('archive/maximum', _MAXIMUM)}")
    undo = [no("global/archive")] if block is None else [_ARCHIVE, f" {no(_PATH_ROW)}", " exit"]
    return Draft(
        router=router.name,
        phase="arm",
        title="Give the router an archive path, which its revert timer needs",
        apply="\n".join((*lines, " exit")) + "\n",
        rollback="\n".join(undo) + "\n",
    )


def _archive(lines: Sequence[str]) -> list[str] | None:
    """The lines below ``archive``; None without such a block."""
    try:
        start = next(at for at, line in enumerate(lines) if line.rstrip() == _ARCHIVE) + 1
    except StopIteration:
        return None
    end = next((at for at in range(start, len(lines)) if not lines[at].startswith(" ")), len(lines))
    return list(lines[start:end])
