"""``ikeaudit coverage``: how much of each configuration was understood, and every line that was not."""

from __future__ import annotations

from typing import Annotated

from ikeaudit.cli.options import (
    JobsOption,
    MinCoverageOption,
    NoCacheOption,
    OutputOption,
    PathArgument,
    RunnerOption,
    TolerateOption,
    format_option,
    report_option,
)
from ikeaudit.report.asked import EXIT_CLEAN, EXIT_INCOMPLETE


def coverage(
    path: PathArgument,
    format_: Annotated[str, format_option("coverage")] = "console",
    min_coverage: MinCoverageOption = 0.0,
    tolerate_unreachable: TolerateOption = 0,
    output: OutputOption = None,
    report_to: Annotated[list[str] | None, report_option("coverage")] = None,
    jobs: JobsOption = 0,
    runner: RunnerOption = None,
    no_cache: NoCacheOption = False,
) -> int:
    """Show how much was understood: lines modelled, irrelevant and unknown per file, and the unknown ones.

    Exit code: 0 shown, 2 wrong usage or unusable input, 3 incomplete (a host could not be read, or coverage below
    --min-coverage), 4 internal error.
    """
    from ikeaudit.api import load
    from ikeaudit.api.snapshot import unread_words
    from ikeaudit.cli.output import emit, is_machine, tell, warn

    snapshot = load(path, create=False, jobs=jobs, cache=not no_cache, runner=runner, tell=tell)
    report = snapshot.measured(min_coverage, tolerate_unreachable)
    emit(report, format_, output, reports=report_to or ())
    if output is not None or is_machine(format_):
        warn(unread_words(report.coverage))
    return EXIT_INCOMPLETE if report.gaps else EXIT_CLEAN
