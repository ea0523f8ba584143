"""Whether a router runs what it should, and in which lines it does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from difflib import SequenceMatcher
from pathlib import Path
from typing import Literal

from ikeaudit.candidate import Candidate
from ikeaudit.change.made_keys import AFTER_FILE
from ikeaudit.drive.device import RouterText
from ikeaudit.parsing.volatile import stable_lines
from ikeaudit.remediation.plan import Plan, PlannedRouter
from ikeaudit.snapshot.plain_files import read_plain_text

Match = Literal["same", "reordered", "different"]
"""``reordered``: the same lines in the same sections, but objects stand in another order (CHANGE-APPENDS, CHANGE-REVERT)."""


def planned_after(folder: Path, router: PlannedRouter) -> list[str]:
    """The redacted lines that the plan predicts for after the change; none when they cannot be read any more."""
    return stable_lines(_text(folder, router))


def planned_before(folder: Path, plan: Plan, router: PlannedRouter) -> list[str]:
    """The redacted lines that the plan was made for: its prediction with its own rollback applied.

    Their order may differ from what the router had, where a rollback cannot bring the order back. None when the prediction
    cannot be read any more: then only the plan's hashes tell.
    """
    text = _text(folder, router)
    if not text:
        return []
    candidate = Candidate.from_text(text)
    candidate.apply(plan.rollback_of(router.name))
    return stable_lines(candidate.text())


def _text(folder: Path, router: PlannedRouter) -> str:
    with suppress(OSError, UnicodeDecodeError):
        return read_plain_text(folder / router.folder / AFTER_FILE)
    return ""


def matches(found: RouterText, digests: Iterable[str], lines: list[str]) -> Match:
    """How ``found`` compares with a configuration known by its digests and its lines."""
    if found.digest in set(digests):
        return "same"
    return "reordered" if content(found.lines) == content(lines) else "different"


def differences(expected: list[str], found: list[str], limit: int = 20) -> list[str]:
    """Lines that are missing (``-``) or came in addition (``+``), each under its section; at most ``limit`` and a count."""
    old, new = sectioned(expected), sectioned(found)
    rows: list[str] = []
    for operation, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if operation != "equal":
            rows += [f"- {shown(entry)}" for entry in old[a:b]] + [f"+ {shown(entry)}" for entry in new[c:d]]
    if len(rows) > limit:
        rows[limit:] = [f"... and {len(rows) - limit} more"]
    return rows


def content(lines: Iterable[str]) -> Counter[tuple[str, str]]:
    """How often each line stands in which section (empty for a line of the first level)."""
    return Counter(sectioned(lines))


def sectioned(lines: Iterable[str]) -> list[tuple[str, str]]:
    """Each line with the section that it stands in, empty for a line of the first level."""
    section = ""
    found: list[tuple[str, str]] = []
    for line in lines:
        if line[:1].isspace():
            found.append((section, line.strip()))
        else:
            section = line
            found.append(("", line))
    return found


def shown(entry: tuple[str, str]) -> str:
    """A line with its section, as it is told."""
    section, line = entry
    return f"{section} / {line}" if section else line
