"""Commands that messages tell people to type, whole: the plan's folder as it can be typed, and what of it is meant."""

import os
import shlex

from ikeaudit.change.journal import Progress
from ikeaudit.model.errors import RefusedError


def quoted(path: str) -> str:
    """A path as it can be typed: relative when it lies below the current folder."""
    if not path:
        return ""
    short = os.path.relpath(path)
    return shlex.quote(path if short.startswith("..") else short)


def rollback_command(plan: str, selection: str = "") -> str:
    """What takes back the plan in the folder ``plan``, or what ``selection`` (options) names of it."""
    return f"ikeaudit rollback {quoted(plan) or 'PLAN'} --commit" + (f" {selection}" if selection else "")


def back_command(progress: Progress) -> str:
    """What takes a half-way change back, or goes on to do so as it was begun."""
    return rollback_command(progress.plan, progress.selection if progress.going_back else "")


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
