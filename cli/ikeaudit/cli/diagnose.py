"""``ikeaudit diagnose``: from a log to its cause."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ikeaudit.cli.options import JobsOption, NatOption, NoCacheOption, OutputOption, format_option
from ikeaudit.report import EXIT_CLEAN, EXIT_INCOMPLETE

if TYPE_CHECKING:
    from ikeaudit.api.diagnosing import Comparison
    from ikeaudit.logs import Negotiation


def diagnose(
    log: Annotated[
        str,
        typer.Argument(
            metavar="LOG",
            show_default=False,
            help="What routers logged: their IKE debug, syslog, show logging, a terminal capture; - is standard input.",
        ),
    ],
    path: Annotated[
        Path | None,
        typer.Argument(
            metavar="[PATH]",
            show_default=False,
            help="A snapshot folder, a folder of running-configs, or one such file: what the log is compared to.",
        ),
    ] = None,
    format_: Annotated[str, format_option("diagnosis")] = "console",
    follow: Annotated[
        bool,
        typer.Option(
            "--follow", help="Go on reading as LOG grows, until Ctrl-C; each negotiation is told once it is decided."
        ),
    ] = False,
    nat: NatOption = None,
    jobs: JobsOption = 0,
    no_cache: NoCacheOption = False,
    output: OutputOption = None,
) -> int:
    """Find each negotiation in a log: which message failed and why; with PATH, the finding and the lines behind it.

    Where a log does not decide between causes, all of them are named. Nothing of the log is repeated but names of routers,
    addresses and time stamps.

    Exit code: 0 answered (whatever the answer is), 2 wrong usage or unusable input, 3 a host of the snapshot could not be
    read, 4 internal error.
    """
    from ikeaudit.api.diagnosing import Comparison
    from ikeaudit.api.snapshot import load
    from ikeaudit.cli.output import is_machine, warn

    if follow and (log == "-" or output is not None):
        raise typer.BadParameter("--follow reads a file and prints as it grows: it goes with neither - nor --output.")
    comparison = None
    if path is not None:
        from ikeaudit.api.snapshot import require_ios

        snapshot = load(path, nat=nat or (), create=False, jobs=jobs, cache=not no_cache)
        require_ios(snapshot.coverage, path)
        comparison = Comparison(snapshot)
    if follow:
        _follow(Path(log), comparison, format_)
    else:
        _whole(log, comparison, format_, output)
    if comparison is None:
        return EXIT_CLEAN
    coverage = comparison.snapshot.coverage
    if is_machine(format_):
        from ikeaudit.cli.explain import gaps_of

        warn(gaps_of(coverage))
    return EXIT_INCOMPLETE if coverage.unread else EXIT_CLEAN


def _whole(log: str, comparison: Comparison | None, format_: str, output: Path | None) -> None:
    """Read ``log`` to its end and print what it tells."""
    from ikeaudit.api.diagnosing import reported
    from ikeaudit.cli.output import emit
    from ikeaudit.logs import Diagnosis

    diagnosis = Diagnosis()
    for line in _lines(log):
        diagnosis.feed(line)
    emit(reported(diagnosis, diagnosis.finish(), comparison, log=log), format_, output)


def _lines(log: str) -> Iterator[str]:
    from ikeaudit.snapshot.log_lines import lines_of, open_log
    from ikeaudit.snapshot.standard_input import NAME, standard_input

    if log == "-":
        yield from lines_of(standard_input(), NAME)
        return
    with closing(open_log(Path(log))) as stream:
        yield from lines_of(stream, log)


def _follow(path: Path, comparison: Comparison | None, format_: str) -> None:
    """Print each negotiation when it is decided, and again when it changes, until Ctrl-C; as JSON a document a line."""
    from ikeaudit.api.diagnosing import reported
    from ikeaudit.logs import Diagnosis
    from ikeaudit.snapshot.log_lines import Followed

    diagnosis = Diagnosis()
    shown: dict[tuple[object, ...], tuple[object, ...]] = {}

    def tell(negotiations: list[Negotiation]) -> None:
        new = []
        for one in negotiations:
            ends = (one.host, one.peer, one.side, one.ike_version)
            verdict = (one.outcome, one.failed_at, one.reason)
            if one.outcome != "unknown" and one is _last(negotiations, one) and shown.get(ends) != verdict:
                shown[ends] = verdict
                new.append(one)
        if new:
            _print(reported(diagnosis, new, comparison, log=str(path), live=True), format_)

    told = -1
    try:
        for line in Followed(path, wait=time.sleep).lines():
            if line is not None:
                diagnosis.feed(line)
            elif diagnosis.read != told:
                told = diagnosis.read
                diagnosis.flush()
                tell(diagnosis.so_far())
    except KeyboardInterrupt:
        tell(diagnosis.finish())
        sys.stdout.flush()


def _last(negotiations: list[Negotiation], one: Negotiation) -> Negotiation:
    """What is known last of the same ends: a failure since they came up, else that they did."""
    alike = [
        other
        for other in negotiations
        if (other.host, other.peer, other.side, other.ike_version) == (one.host, one.peer, one.side, one.ike_version)
    ]
    return next((other for other in reversed(alike) if other.outcome != "up"), alike[-1])


def _print(document: object, format_: str) -> None:
    from ikeaudit.cli.output import emit, is_machine
    from ikeaudit.report import DiagnoseReport

    assert isinstance(document, DiagnoseReport)
    if not is_machine(format_):
        emit(document, format_)
        return
    import msgspec

    sys.stdout.buffer.write(msgspec.json.encode(document.published()) + b"\n")
    sys.stdout.buffer.flush()
