"""What the page to type from tells of a change whose journal cannot, and how that is said."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ikeaudit.change.by_hand import SHEET, sheet_lines
from ikeaudit.change.journal import Progress, RouterProgress


def only_on_the_page(progress: Progress, journal: Path) -> dict[str, tuple[str, ...]]:
    """The routers that the page to type from wants taken back, with its lines, and of which the journal knows no such thing.

    The page is written once the nets are up and after each step that matters, so then the journal has lost its end.
    """
    if progress.result is not None:
        return {}
    known = {name for name, r in progress.routers.items() if r.phase != "untouched"}
    found = {name: lines for name, lines in sheet_lines(journal.with_name(SHEET)).items() if name not in known}
    for name in found:
        progress.routers.setdefault(name, RouterProgress(name=name))
    return found


def cause_told(progress: Progress, journal: Path, unheard: Mapping[str, object]) -> str | None:
    """Why a change failed, or why the journal cannot tell what came of it."""
    rows = [progress.cause] if progress.cause else []
    if progress.uncertain and progress.damaged:
        more = f", and {len(progress.damaged) - 1} more" if len(progress.damaged) > 1 else ""
        rows.append(f"The journal {journal} is damaged: {progress.damaged[0]}{more}; what it says may be not all.")
    if unheard:
        rows.append(f"{SHEET} tells of {', '.join(unheard)}, and the journal does not: it has lost its end.")
    return " ".join(rows) or None
