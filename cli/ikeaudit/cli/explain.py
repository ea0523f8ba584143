"""``ikeaudit explain``: each direction of each tunnel, message by message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ikeaudit.cli.options import FormatOption, NatOption, OutputOption, PathArgument, one_of
from ikeaudit.report import EXIT_CLEAN, EXIT_INCOMPLETE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ikeaudit.exchange.result import Exchange
    from ikeaudit.report import Coverage

TRANSCRIPTS = ("auto", "all", "none")


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("explain")(explain)


def explain(
    path: PathArgument,
    a: Annotated[
        str | None, typer.Argument(metavar="[A]", show_default=False, help="Only tunnels of this router.")
    ] = None,
    b: Annotated[
        str | None,
        typer.Argument(
            metavar="[B]", show_default=False, help="Only tunnels between A and this router or peer address."
        ),
    ] = None,
    format_: FormatOption = "console",
    transcripts: Annotated[
        str,
        typer.Option(
            "--transcripts",
            metavar="|".join(TRANSCRIPTS),
            callback=one_of(TRANSCRIPTS),
            help="Whose transcripts to print; auto: of directions that fail in some reading, and of a pair asked for.",
        ),
    ] = "auto",
    nat: NatOption = None,
    output: OutputOption = None,
) -> int:
    """Replay every tunnel in both directions: outcome, certainty, the debug lines and the configuration behind it.

    Spokes of one DMVPN may call each other, too: of six or fewer every pair is shown, of more those that their
    configurations tell apart. A and B together show any pair.

    Exit code: 0 answered (whatever the answer is), 2 wrong usage or unusable input, 3 a host of the snapshot could not be
    read, 4 internal error.
    """
    from ikeaudit.cli.loading import fleet_of, load, require_ios, warn
    from ikeaudit.cli.output import emit
    from ikeaudit.report import ExplainReport

    snapshot, coverage = load(path)
    require_ios(coverage, path)
    fleet = fleet_of(snapshot, nat)
    exchanges: Sequence[Exchange] = (*fleet.exchanges, *fleet.client_exchanges, *fleet.spoke_exchanges)
    pair: tuple[str, ...] = ()
    if a is not None:
        names = tuple(router.name for router in fleet.routers)
        pair, exchanges = narrowed(exchanges, names, coverage, a, b)
        # Of a large DMVPN only some pairs of spokes are in the list; the pair asked for always is.
        known = {(e.initiator, e.initiator_interface, e.peer) for e in exchanges}
        asked = fleet.between(*pair) if len(pair) == 2 else ()
        missing = [e for e in asked if (e.initiator, e.initiator_interface, e.peer) not in known]
        exchanges = sorted([*exchanges, *missing], key=lambda exchange: exchange.initiator != pair[0])
    report = ExplainReport(
        exchanges=tuple(exchanges), coverage=coverage, pair=pair, transcripts=transcripts, path=str(path)
    )
    emit(report, format_, output)
    if format_ != "console":
        warn(gaps_of(coverage))
    return EXIT_INCOMPLETE if coverage.unread and not pair else EXIT_CLEAN


def narrowed(
    exchanges: Sequence[Exchange], names: Sequence[str], coverage: Coverage, a: str, b: str | None
) -> tuple[tuple[str, ...], tuple[Exchange, ...]]:
    """The names as the snapshot writes them, and the exchanges of router ``a`` or between ``a`` and ``b``, A's own first.

    ``b`` may be an address that A calls. Raises InputError for a name that is not there, IncompleteError for a router that
    could not be read.
    """
    one = _router(a, names, coverage)
    of_one = [exchange for exchange in exchanges if one in (exchange.initiator, exchange.responder)]
    pair: tuple[str, ...] = (one,)
    chosen = of_one
    if b is not None and b not in names and any(exchange.peer == b for exchange in of_one):
        pair = (one, b)
        chosen = [exchange for exchange in of_one if exchange.peer == b and exchange.initiator == one]
    elif b is not None:
        pair = (one, _router(b, names, coverage))
        chosen = [exchange for exchange in of_one if {exchange.initiator, exchange.responder} == set(pair)]
    return pair, tuple(sorted(chosen, key=lambda exchange: exchange.initiator != one))


def _router(asked: str, names: Sequence[str], coverage: Coverage) -> str:
    from ikeaudit.cli.lookup import one_named
    from ikeaudit.model.errors import IncompleteError, InputError

    if asked not in names:
        for problem in coverage.unread:
            if problem.host == asked:
                raise IncompleteError(f"{asked} could not be read: {problem.reason.rstrip('.')}.")
        for entry in coverage.not_ios:
            if entry.host == asked:
                raise InputError(f"{asked} is not an IOS router ({entry.reason}).")
    return one_named(asked, names, what="router")


def gaps_of(coverage: Coverage) -> list[str]:
    """What is missing; the exchanges document has no place for coverage, so it is said beside it."""
    from ikeaudit.cli.loading import unread_words

    gaps = unread_words(coverage)
    gaps += [f"{entry.file} is not IOS" for entry in coverage.other_systems]
    if coverage.total.unknown:
        gaps.append(f"{coverage.total.unknown} lines were not understood")
    return gaps
