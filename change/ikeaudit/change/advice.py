"""Commands that messages tell people to type, whole: each can be copied and run where it is printed."""

import os
import shlex
from pathlib import Path

from ikeaudit.change.journal import Progress, Typed
from ikeaudit.model.errors import RefusedError

INVENTORY = "inventory"
"""Where an inventory is looked for when nobody names one."""


def quoted(path: str) -> str:
    """A path as it can be typed: relative when it lies below the current folder."""
    if not path:
        return ""
    short = os.path.relpath(path)
    return shlex.quote(path if short.startswith("..") else short)


def command(verb: str, typed: Typed, *options: str, anywhere: bool = False) -> str:
    """What carries out ``verb`` for a plan, with the inventory and the options that its change was called with.

    ``anywhere``: for a page that somebody may open in whichever folder. Where the plan's folder is not known, ``status`` tells
    more.
    """
    if not typed.plan:
        return "ikeaudit status"
    path = shlex.quote if anywhere else quoted
    words = [f"ikeaudit {verb}", path(typed.plan), *options]
    inventory = inventory_of(typed)
    if inventory and (anywhere or Path(inventory).absolute() != Path(INVENTORY).absolute()):
        words.append(f"--inventory {path(inventory)}")
    return " ".join(filter(None, (*words, typed.session, typed.applying if verb == "apply" else "")))


def inventory_of(typed: Typed) -> str:
    """The inventory that a change was begun with; where that is gone, the one that it was gone on with since."""
    gone = typed.since and not os.path.lexists(typed.inventory) and os.path.lexists(typed.since)
    return typed.since if gone else typed.inventory


def rollback_command(typed: Typed, selection: str = "") -> str:
    """What takes back a plan, or what ``selection`` (options) names of it."""
    return command("rollback", typed, "--commit", selection)


def back_command(progress: Progress) -> str:
    """What takes a half-way change back, or goes on to do so as it was begun."""
    return rollback_command(progress.typed, progress.selection if progress.going_back else "")


def selection_of(wave: int | None, group: int | None) -> str:
    """The options of ``rollback`` that name a part of a plan which is in force."""
    named = (("--wave", wave), ("--group", group))
    return " ".join(f"{option} {number}" for option, number in named if number is not None) or "--all"


def refuse_going_back(change_id: str, progress: Progress) -> None:
    """Nothing but ``rollback`` goes on with a change that is being taken back.

    :raises RefusedError: when it is.
    """
    if progress.going_back:
        left = progress.half_way
        how = (
            f"{', '.join(left)} {'is' if len(left) == 1 else 'are'} not back yet" if left else "its journal is damaged"
        )
        raise RefusedError(
            f"The change {change_id} is being taken back, and {how}; go on with `{back_command(progress)}`."
        )
