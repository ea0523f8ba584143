"""The commands that a person types to take a change back, for the screen, and on disk for when the screen is gone.

Of a change whose journal cannot tell, the page to type from still does.
"""

import shlex
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from ikeaudit.change.advice import command, selection_of
from ikeaudit.change.as_planned import arming_rollback
from ikeaudit.change.journal import AT_REST, STRICT, Progress, RouterProgress, Typed
from ikeaudit.remediation.plan import Plan
from ikeaudit.snapshot.plain_files import read_plain
from ikeaudit.snapshot.private_files import write_private

SHEET = "revert-by-hand.txt"
"""The file beside the journal."""

_TRY = "IKEAUDIT_WORKSPACE="
"""How the row begins that holds the command to be tried first."""


def by_hand(plan: Plan | None, progress: RouterProgress) -> tuple[str, ...]:
    """The commands that take the change back on one router, the first way that works; keys as tokens.

    Without the plan the copy on the router's flash is all there is to go by.
    """
    lines: list[str] = []
    if progress.safety == "timer" and not progress.confirming:
        lines.append("configure revert now")
        undo = arming_rollback(plan, progress.name) if plan is not None and progress.step else ()
        lines += ["configure terminal", *undo, "end"] if undo else []
    elif progress.backup is not None:
        lines.append(f"configure replace {progress.backup} force")
    elif progress.step and plan is not None:
        lines += ["configure terminal", *plan.rollback_of(progress.name, progress.step), "end"]
    if progress.safety == "reload":
        lines.append("reload cancel")
    if progress.saved:
        lines.append("write memory")
    return (*lines, *clearing(plan, progress.name))


def clearing(plan: Plan | None, name: str) -> tuple[str, ...]:
    """What makes the tunnels of a router negotiate anew."""
    own = [o for o in plan.directions if o.direction.initiator == name] if plan is not None else []
    peers = dict.fromkeys((o.direction.peer, o.fvrf) for o in own)
    return tuple(
        f"clear crypto session remote {peer}" + (f" fvrf {fvrf}" if fvrf is not None else "") for peer, fvrf in peers
    )


def shortened(lines: tuple[str, ...], clears: int = 3) -> list[str]:
    """The commands as they fit on a screen: of many sessions to clear the first few, and how many more there are."""
    at = [n for n, line in enumerate(lines) if line.startswith("clear crypto session ")]
    left_out = at[clears:] if len(at) > clears + 1 else []
    found = [line for n, line in enumerate(lines) if n not in set(left_out)]
    return found + ([f"! and {len(left_out)} more sessions to clear, in that file"] if left_out else [])


def sheet(plan: Plan, progress: Progress, at: datetime, workspace: Path) -> str:
    """The page to type from: every router in the order in which to take it back, with what to do when a line fails."""
    rows = [
        f"Taking back the change {plan.change_id} by hand, as of {at:%Y-%m-%d %H:%M:%S} UTC.",
        "Try first the command below. It reads each router afterwards; by hand you have to.",
        f"{_TRY}{shlex.quote(str(workspace.absolute()))} {_command(progress)}",
    ]
    touched = [r for r in progress.routers.values() if r.phase not in ("untouched", "reverted", "closed")]
    for router in touched:
        rows += ["", f"{router.name}: {_standing(router)}"]
        rows += [f"  {router.name}# {line}" for line in by_hand(plan, router)]
        if router.safety == "timer" and router.backup is not None:
            rows.append("  When it says that no change is pending, and the new lines are still there:")
            rows.append(f"  {router.name}# configure replace {router.backup} force")
        rows.append(f"  {router.name}# show archive config rollback timer")
    if not touched:
        rows += ["", "There is nothing to take back: every router runs what it ran before, or the change is closed."]
    return "\n".join(rows) + "\n"


def write_sheet(folder: Path, plan: Plan, progress: Progress, at: datetime) -> Path:
    """Put :func:`sheet` on the disk, mode 0600, all of it or nothing; a disk that does not take it stops no change."""
    target = folder / SHEET
    with suppress(OSError):
        write_private(target, sheet(plan, progress, at, folder.parent.parent).encode())
    return target


def sheet_lines(page: Path) -> dict[str, tuple[str, ...]]:
    """The commands of a page that :func:`write_sheet` has written, by router; empty when there is none to be read."""
    try:
        text = read_plain(page).decode("utf-8", "replace")
    except OSError:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for row in text.splitlines():
        name, mark, line = row.strip().partition("# ")
        if row.startswith("  ") and mark and not line.startswith("show "):
            found[name] = (*found.get(name, ()), line)
    return found


def called_on(page: Path) -> Typed | None:
    """How a change was called, by the page that :func:`write_sheet` has written; None when there is none to be read."""
    with suppress(OSError, ValueError, IndexError):
        for row in read_plain(page).decode("utf-8").splitlines():
            words = shlex.split(row) if row.startswith(_TRY) and row.isprintable() else []
            if words[1:3] == ["ikeaudit", "rollback"]:
                inventory = words[words.index("--inventory") + 1] if "--inventory" in words else ""
                seconds = words[words.index("--timeout") + 1] if "--timeout" in words else ""
                session = [f"--timeout {seconds}"] * bool(seconds) + [STRICT] * (STRICT in words)
                return Typed(plan=words[3], inventory=inventory, session=" ".join(session))
    return None


def open_routers(progress: Progress) -> Iterable[RouterProgress]:
    """The routers on which something is left to be done."""
    return (router for router in progress.routers.values() if router.phase not in AT_REST)


def _command(progress: Progress) -> str:
    """What takes it back; a change that is in force must be named."""
    named = progress.selection if progress.going_back else ""
    selection = named if progress.open else selection_of(progress.wave, progress.group)
    return command("rollback", progress.typed, "--commit", selection, anywhere=True)


def _standing(router: RouterProgress) -> str:
    until = router.acts_at
    if until is not None and not router.confirming:
        deed = "rolls back" if router.safety == "timer" else "restarts with its earlier configuration"
        return f"{router.phase}; {deed} by itself at {until:%H:%M:%S} UTC"
    return {"confirmed": "confirmed, not saved", "saved": "confirmed and saved", "lost": "state unknown"}.get(
        router.phase, router.phase
    )


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
