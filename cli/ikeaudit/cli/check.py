"""``ikeaudit check``: every hazard of a snapshot, with an exit code for schedulers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ikeaudit.cli.options import (
    JobsOption,
    MinCoverageOption,
    NatOption,
    NoCacheOption,
    OutputOption,
    PathArgument,
    RunnerOption,
    TolerateOption,
    format_option,
    report_option,
)
from ikeaudit.model.errors import InputError
from ikeaudit.report.asked import CATEGORIES, FAIL_ON, MIN_COVERAGE, least_ranks

if TYPE_CHECKING:
    from ikeaudit.report import Document, Verdict


def _fail_on(value: str) -> str:
    try:
        least_ranks(value)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    return value


def check(
    path: PathArgument,
    format_: Annotated[str, format_option("findings", "comparison")] = "console",
    fail_on: Annotated[
        str,
        typer.Option(
            "--fail-on",
            metavar="WHAT,...",
            callback=_fail_on,
            help="Exit with 1 when a finding is this severe or worse (high), of this category (exposure), or both "
            "(selection:high); never for none.",
        ),
    ] = FAIL_ON,
    min_coverage: MinCoverageOption = MIN_COVERAGE,
    tolerate_unreachable: TolerateOption = 0,
    host: Annotated[
        list[str] | None,
        typer.Option("--host", metavar="NAME", show_default=False, help="Only findings on this router (repeatable)."),
    ] = None,
    code: Annotated[
        list[str] | None,
        typer.Option(
            "--code", metavar="CODE", show_default=False, help="Only this hazard, or a pattern: 'KR-*' (repeatable)."
        ),
    ] = None,
    cause: Annotated[
        list[str] | None,
        typer.Option(
            "--cause",
            metavar="ID",
            show_default=False,
            help="Only the cause whose fingerprint begins so, with all that follows from it (repeatable).",
        ),
    ] = None,
    category: Annotated[
        list[str] | None,
        typer.Option(
            "--category",
            metavar="|".join(CATEGORIES),
            show_default=False,
            help="Only causes of this kind (repeatable).",
        ),
    ] = None,
    fixes: Annotated[
        bool,
        typer.Option(
            "--fixes",
            help="Also look for the commands that mend each cause shown, and replay them: only what mends it and harms "
            "nothing is told. Takes time; with --cause for one.",
        ),
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="On a terminal, too: every finding whole, as in a pipe.")
    ] = False,
    verbose: Annotated[
        bool,
        typer.Option("--verbose", "-v", help="On a terminal: findings with their lines and what to do, not a glance."),
    ] = False,
    target_release: Annotated[
        list[str] | None,
        typer.Option(
            "--target-release",
            metavar="[HOST=]RELEASE",
            show_default=False,
            help="The release that all routers, or those whose name fits HOST, are to be upgraded to: '17.12', "
            "'BR*=17.15.1a' (repeatable; the last that fits counts). FL-UPGRADE-BLOCK is about these upgrades.",
        ),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            "--against",
            metavar="SNAPSHOT",
            show_default=False,
            help="Say only what differs from this older snapshot, with the configuration lines behind it; exit with 1 when "
            "a direction is worse or a finding at or above --fail-on is new.",
        ),
    ] = None,
    nat: NatOption = None,
    output: OutputOption = None,
    report_to: Annotated[list[str] | None, report_option("findings", "comparison")] = None,
    jobs: JobsOption = 0,
    runner: RunnerOption = None,
    no_cache: NoCacheOption = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print nothing when the exit code is 0 (for schedulers).")
    ] = False,
) -> int:
    """Audit a snapshot: every cause of trouble, those first that take tunnels down, with the lines behind it.

    Exit code: 0 clean, 1 findings that fail by --fail-on, 2 wrong usage or unusable input, 3 incomplete (more hosts than
    tolerated could not be read, or coverage below --min-coverage; the last line says when findings fail as well), 4 internal
    error.
    """
    import msgspec

    from ikeaudit.api import load
    from ikeaudit.api.audit import check as audited
    from ikeaudit.api.snapshot import unread_words
    from ikeaudit.cli.output import is_machine, is_whole, tell, warn
    from ikeaudit.cli.progress import shown

    if against is not None:
        if host or code or cause or category or target_release or fixes:
            raise InputError(
                "--against compares whole snapshots: leave out --host, --code, --cause, --category, --fixes and "
                "--target-release."
            )
        from ikeaudit.api.comparing import compare

        with shown():
            old = load(against, nat=nat or (), jobs=jobs, cache=not no_cache, runner=runner, tell=tell)
            new = load(path, nat=nat or (), jobs=jobs, cache=not no_cache, runner=runner, tell=tell)
            compared = compare(new, old, fail_on=fail_on, min_coverage=min_coverage, tolerated=tolerate_unreachable)
        return _emitted(compared, compared.verdict, format_, output, report_to, quiet=quiet)
    with shown():
        report = audited(
            load(path, nat=nat or (), create=False, jobs=jobs, cache=not no_cache, runner=runner, tell=tell),
            hosts=host or (),
            codes=code or (),
            causes=cause or (),
            categories=category or (),
            target_releases=target_release or (),
            fail_on=fail_on,
            min_coverage=min_coverage,
            tolerated=tolerate_unreachable,
            fixes=fixes,
            whole=is_whole(format_, report_to or ()),
        )
    report = msgspec.structs.replace(
        report, depth="all" if everything else "findings" if verbose or fixes else "glance"
    )
    with shown():  # what draws every tunnel takes its time
        code_ = _emitted(report, report.verdict, format_, output, report_to, quiet=quiet)
    if quiet or output is not None or is_machine(format_):
        warn(unread_words(report.coverage))
    return code_


def _emitted(
    report: Document, verdict: Verdict, format_: str, output: Path | None, reports: list[str] | None, *, quiet: bool
) -> int:
    from ikeaudit.cli.output import emit
    from ikeaudit.parsing.gc_pause import gc_paused

    with gc_paused():  # a document of many findings keeps all that is made of it until it is written
        emit(report, format_, output, reports=reports or (), silent=quiet and verdict.code == 0)
    return verdict.code
