"""``ikeaudit status``: what every change has come to, from the journals; no router is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ikeaudit.cli.change_options import NeedlessCommit
from ikeaudit.cli.options import format_option

if TYPE_CHECKING:
    from ikeaudit.change.status import Status


def status(
    change: Annotated[
        str | None,
        typer.Argument(
            metavar="[PLAN|CHANGE-ID]", show_default=False, help="A plan's folder or a change's id; all when left out."
        ),
    ] = None,
    commit: NeedlessCommit = False,
    format_: Annotated[str, format_option("status")] = "console",
) -> int:
    """Say which router is in which state, which timers run, what is broken now and what to do next; no router is asked.

    Exit code: 0 answered, 2 there is no such change, 4 internal error, 7 the state of a change is not known.
    """
    from ikeaudit.change import status_of
    from ikeaudit.cli.change_options import refuse_commit
    from ikeaudit.cli.output import emit
    from ikeaudit.report import StatusReport
    from ikeaudit.snapshot.workspace import Workspace

    refuse_commit(commit, "status")
    found = status_of(Workspace.open(create=False), change)
    emit(StatusReport(status=found), format_)
    return _code(found)


def _code(found: Status) -> int:
    return 7 if any(change.state == "state-unknown" for change in found.changes) else 0
