"""Documents as tables, a row for each thing that they tell of: what spreadsheets and Markdown show.

The names of columns are those of the JSON documents, where there is such a field; a new kind is a function below and a line in
``TABLES``. Lists are one cell, their parts apart by a space, which no name of a router or address has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from ikeaudit.model import Evidence
from ikeaudit.report.documents import (
    CheckReport,
    CollectReport,
    ComparisonReport,
    CoverageReport,
    Document,
    ExplainReport,
    RehearseReport,
    RulesReport,
    WitnessReport,
)
from ikeaudit.report.published_witness import WitnessDirection

Cell = str | int | float | bool | None


class Table(msgspec.Struct, frozen=True):
    """``rows`` have a cell for each of ``columns``; None is a cell with nothing in it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def table_of(document: Document) -> Table:
    """``document`` as a table; raises KeyError for a kind that is none of ``TABLES``."""
    return TABLES[document.kind](document)


def place(line: Evidence) -> str:
    """Where a configuration line stands: ``R1.cfg:12``."""
    return f"{line.file}:{line.line}"


def _table(columns: str, rows: Iterable[Iterable[Cell]]) -> Table:
    return Table(tuple(columns.split()), tuple(tuple(row) for row in rows))


def _findings(report: CheckReport) -> Table:
    columns = (
        "code category severity effect tunnels confidence hosts peers message symptom fix proved lines consequences "
    )
    rows = []
    for one in report.findings:
        repair = report.repairs.get(one.fingerprint)
        rows.append(
            (
                one.code,
                one.category,
                one.severity,
                one.effect,
                one.tunnels,
                one.confidence,
                " ".join(one.hosts),
                " ".join(one.peers),
                one.message,
                one.symptom,
                repair.text(one.fix) if repair else one.fix,
                repair.proved if repair else None,
                " ".join(map(place, one.evidence)),
                " ".join(consequence.code for consequence in one.consequences),
                one.fingerprint,
            )
        )
    return _table(columns + "fingerprint", rows)


_EXCHANGE = (
    "initiator initiator_interface responder responder_interface peer ike_version mode outcome confidence failed_at reason by "
    "lost_at lost_after initiator_profile initiator_keyring responder_keyring responder_profile"
)


def _exchanges(report: ExplainReport) -> Table:
    names = _EXCHANGE.split()
    rows = ((*(getattr(one, name) for name in names), " ".join(map(place, one.evidence))) for one in report.exchanges)
    return _table(f"{_EXCHANGE} lines", rows)


def _coverage(report: CoverageReport) -> Table:
    """A row for each file with its counts, one for each of its lines that were not understood, one for each problem."""
    rows: list[tuple[Cell, ...]] = []
    for entry in report.coverage.hosts:
        count = entry.count
        rows.append(
            (
                "file",
                entry.host,
                entry.file,
                entry.kind,
                None,
                entry.reason,
                count.modelled,
                count.irrelevant,
                count.unknown,
                count.unread,
                count.percent,
            )
        )
        rows += (
            ("unknown", entry.host, entry.file, entry.kind, line.line, line.text, *_NO_COUNT) for line in entry.unknown
        )
        rows += (
            ("remark", entry.host, entry.file, entry.kind, line.line, line.text, *_NO_COUNT) for line in entry.remarks
        )
    rows += (("problem", p.host, p.file, p.kind, None, p.reason, *_NO_COUNT) for p in report.coverage.problems)
    return _table("what host file kind line text modelled irrelevant unknown unread percent", rows)


_NO_COUNT = (None,) * 5


def _collection(report: CollectReport) -> Table:
    columns = "host status reason message hostname seconds read unchanged"
    names = columns.split()
    rows: list[tuple[Cell, ...]] = [tuple(getattr(one, name) for name in names) for one in report.collection.hosts]
    rows += ((host, "kept", *(None,) * 6) for host in report.collection.kept)
    rows += ((host, "dropped", *(None,) * 6) for host in report.collection.dropped)
    return _table(columns, rows)


def _comparison(report: ComparisonReport) -> Table:
    told = report.comparison
    rows: list[tuple[Cell, ...]] = []
    for verdict in told.verdicts:
        end = f"{verdict.initiator_interface} {verdict.peer}"
        lines = " ".join(f"{one.host}:{one.line}" for one in verdict.lines if one.line is not None)
        change = "worse" if verdict.worse else "other"
        rows.append(("direction", change, verdict.initiator, end, verdict.before, verdict.after, lines))
    for one in told.findings:
        lines = " ".join(f"{line.host}:{line.line}" for line in one.lines if line.line is not None)
        rows.append((one.code, one.change, " ".join(one.hosts), one.fingerprint, None, one.message, lines))
    rows += (("host", "gone", host, *(None,) * 4) for host in told.hosts_gone)
    rows += (("host", "new", host, *(None,) * 4) for host in told.hosts_new)
    rows += (("line", one.change, one.host, one.section, None, one.text, one.line) for one in told.other_lines)
    return _table("what change hosts object before after lines", rows)


def _rules(report: RulesReport) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            one.code,
            one.category,
            one.severity,
            one.scope,
            one.title,
            one.what,
            one.why,
            one.symptom,
            one.fix,
            one.source,
        )
        for one in report.hazards
    ]
    rows += ((one.id, "rule", None, None, one.title, one.text, None, None, None, one.source) for one in report.book)
    return _table("id category severity scope title what why symptom fix source", rows)


def _rehearsal(report: RehearseReport) -> Table:
    rows = (
        (
            one.wave,
            one.fault,
            one.phase,
            one.router,
            one.passed,
            one.result,
            one.exit_code,
            one.cause,
            one.seconds,
            "; ".join(one.wrong),
        )
        for one in report.rehearsal.cases
    )
    return _table("wave fault phase router passed result exit_code cause seconds wrong", rows)


def _witness(report: WitnessReport) -> Table:
    names = WitnessDirection.__struct_fields__
    return Table(names, tuple(tuple(getattr(one, name) for name in names) for one in report.witness.directions))


TABLES: Mapping[str, Callable[[Any], Table]] = {
    "findings": _findings,
    "exchanges": _exchanges,
    "coverage": _coverage,
    "collection": _collection,
    "comparison": _comparison,
    "rules": _rules,
    "rehearsal": _rehearsal,
    "witness": _witness,
}
"""How each kind of document is laid out as a table, by the kind's name."""
