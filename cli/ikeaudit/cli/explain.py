"""``ikeaudit explain``: each direction of each tunnel, message by message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ikeaudit.cli.options import (
    JobsOption,
    NatOption,
    NoCacheOption,
    OutputOption,
    PathArgument,
    RunnerOption,
    format_option,
    one_of,
    report_option,
)
from ikeaudit.report.asked import EXIT_CLEAN, EXIT_INCOMPLETE, TRANSCRIPTS

if TYPE_CHECKING:
    from ikeaudit.report import Coverage


def explain(
    path: PathArgument,
    a: Annotated[
        str | None,
        typer.Argument(metavar="[A]", show_default=False, help="Only tunnels of this router, or at this address."),
    ] = None,
    b: Annotated[
        str | None,
        typer.Argument(
            metavar="[B]", show_default=False, help="Only tunnels between A and this router or peer address."
        ),
    ] = None,
    format_: Annotated[str, format_option("exchanges")] = "console",
    transcripts: Annotated[
        str,
        typer.Option(
            "--transcripts",
            metavar="|".join(TRANSCRIPTS),
            callback=one_of(TRANSCRIPTS),
            help="Whose debug lines to print; auto: of directions that fail in some reading.",
        ),
    ] = "none",
    everything: Annotated[bool, typer.Option("--all", help="Healthy directions, too.")] = False,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="The configuration lines behind each direction.")
    ] = False,
    nat: NatOption = None,
    jobs: JobsOption = 0,
    runner: RunnerOption = None,
    no_cache: NoCacheOption = False,
    output: OutputOption = None,
    report_to: Annotated[list[str] | None, report_option("exchanges")] = None,
) -> int:
    """Replay every tunnel in both directions: outcome, certainty, the debug lines and the configuration behind it.

    Spokes of one DMVPN may call each other, too: of six or fewer every pair is shown, of more those that their
    configurations tell apart. A and B together show any pair.

    Exit code: 0 answered (whatever the answer is), 2 wrong usage or unusable input, 3 a host of the snapshot could not be
    read, or a line that a verdict depends on was not understood, 4 internal error.
    """
    from ikeaudit.api import explain as explained
    from ikeaudit.api import load
    from ikeaudit.cli.output import emit, is_machine, tell, warn

    snapshot = load(path, nat=nat or (), create=False, jobs=jobs, cache=not no_cache, runner=runner, tell=tell)
    report = explained(snapshot, a, b, transcripts=transcripts, everything=everything, evidence=evidence)
    coverage = report.coverage
    emit(report, format_, output, reports=report_to or ())
    if is_machine(format_):
        warn(gaps_of(coverage))
    return EXIT_INCOMPLETE if report.unread or (coverage.unread and not report.pair) else EXIT_CLEAN


def gaps_of(coverage: Coverage) -> list[str]:
    """What is missing; the exchanges document has no place for coverage, so it is said beside it."""
    from ikeaudit.api.snapshot import unread_words

    gaps = unread_words(coverage)
    gaps += [f"{entry.file} is not IOS" for entry in coverage.other_systems]
    if coverage.total.unknown:
        gaps.append(f"{coverage.total.unknown} lines were not understood")
    return gaps
