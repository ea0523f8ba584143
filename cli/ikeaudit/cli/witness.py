"""``ikeaudit witness``: what the states of snapshots say of the predictions, summed up."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from ikeaudit.cli.options import JobsOption, NatOption, NoCacheOption, OutputOption, format_option, report_option
from ikeaudit.report.asked import EXIT_CLEAN, EXIT_INCOMPLETE


def witness(
    folders: Annotated[
        list[Path],
        typer.Argument(
            metavar="FOLDER...",
            show_default=False,
            help="Snapshots with the routers' state, or folders of such snapshots, in any order.",
        ),
    ],
    nat: NatOption = None,
    jobs: JobsOption = 0,
    no_cache: NoCacheOption = False,
    format_: Annotated[str, format_option("witness")] = "console",
    output: OutputOption = None,
    report_to: Annotated[list[str] | None, report_option("witness")] = None,
) -> int:
    """Sum snapshots up: for each direction what is predicted, whether and when it was seen, and who had started it.

    Exit code: 0 shown, 2 wrong usage or unusable input, 3 a host could not be read, 4 internal error.
    """
    from ikeaudit.api import load
    from ikeaudit.api import witness as summed
    from ikeaudit.cli.output import emit
    from ikeaudit.snapshot.dated import snapshots_in

    found = [snapshot for folder in folders for snapshot in snapshots_in(folder)]
    paths = {os.path.realpath(snapshot): snapshot for snapshot in found}  # `snapshots/*` has `latest` among them
    how: dict[str, Any] = {"nat": nat or (), "create": False, "jobs": jobs, "cache": not no_cache}
    report = summed([load(path, **how) for path in paths.values()])
    emit(report, format_, output, reports=report_to or ())
    return EXIT_INCOMPLETE if report.witness.incomplete else EXIT_CLEAN
