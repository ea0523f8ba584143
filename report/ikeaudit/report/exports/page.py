"""For tickets and merge requests: a verdict, and tables that a wiki or a code host draws.

Names and configuration lines are the routers' own words: nothing in them is taken for Markdown or HTML.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ikeaudit.hazards.finding import Finding
from ikeaudit.report.documents import CheckReport, ComparisonReport, CoverageReport, Document, ExplainReport
from ikeaudit.report.exports.tables import Cell, Table, place, table_of
from ikeaudit.report.kinds import kind_named

_MEANS_SOMETHING = re.compile(r"([\\`*_{}\[\]<>()#+!|~&$])|:(?=//|\w)|(?<=www)\.", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]")
_WIDE = frozenset({"fix", "symptom", "message", "consequences", "fingerprint", "lines"})
"""What a table of findings has no room for; it stands below, cause by cause."""
_OF_A_DIRECTION = (
    *("initiator", "initiator_interface", "responder", "peer", "outcome", "confidence", "failed_at", "reason"),
    *("initiator_keyring", "responder_keyring", "responder_profile"),
)


def draw(document: Document) -> str:
    """The whole text of ``document``, of one of the kinds that the format draws."""
    return "\n".join(_DRAWN.get(document.kind, _plain)(document)) + "\n"


def _findings(report: CheckReport) -> Iterator[str]:
    yield f"# {report.verdict.word}: {_text(report.verdict.sentence)}"
    yield ""
    total = report.coverage.total
    tunnels = " · ".join(f"{state} {count}" for state, count in report.tunnels.items() if count)
    yield f"Coverage {total.percent:g} %, {total.unknown} lines not understood." + (
        f" Tunnels: {_text(tunnels)}." if tunnels else ""
    )
    yield from (f"- {_text(f'{problem.subject} {problem.reason}')}" for problem in report.coverage.problems)
    if not report.findings:
        return
    yield ""
    yield from _table(_narrow(table_of(report)))
    for finding in report.findings:
        repair = report.repairs.get(finding.fingerprint)
        yield ""
        yield f"## {_text(finding.code)}: {_text(finding.message)}"
        yield ""
        yield from _details(finding, repair.text(finding.fix) if repair else finding.fix)
        for host, lines in (repair.commands if repair else {}).items():
            yield from ("", f"On {_text(host)}:", "", *_code(lines))


def _details(finding: Finding, fix: str) -> Iterator[str]:
    yield f"- Shows as: {_text(finding.symptom)}"
    yield f"- Mend: {_text(fix)}"
    if finding.consequences:
        yield f"- Follows from it: {_text(', '.join(one.code for one in finding.consequences))}"
    yield f"- Fingerprint: {_text(finding.fingerprint)}"
    if finding.evidence:
        yield ""
        yield from _code(tuple(f"{place(line)}  {line.text}" for line in finding.evidence))


def _exchanges(report: ExplainReport) -> Iterator[str]:
    title = " and ".join(report.pair) if report.pair else "all tunnels"
    yield f"# Directions of {_text(title)}"
    yield ""
    yield from _table(_narrow(table_of(report), _OF_A_DIRECTION))


def _coverage(report: CoverageReport) -> Iterator[str]:
    total = report.coverage.total
    yield f"# Coverage {total.percent:g} %"
    yield ""
    yield from (f"- {_text(gap)}" for gap in report.gaps)
    yield from _table(table_of(report))


def _comparison(report: ComparisonReport) -> Iterator[str]:
    yield f"# {report.verdict.word}: {_text(report.verdict.sentence)}"
    yield ""
    yield f"{_text(report.comparison.before)} → {_text(report.comparison.after)}"
    yield ""
    yield from _table(table_of(report))


def _plain(document: Document) -> Iterator[str]:
    yield f"# What {kind_named(document.kind).title}".replace("prints", "says").replace("print", "say")
    yield ""
    yield from _table(table_of(document))


def _narrow(table: Table, keep: tuple[str, ...] = ()) -> Table:
    """Without the columns that are told elsewhere, or with those of ``keep`` only."""
    places = [n for n, name in enumerate(table.columns) if (name in keep if keep else name not in _WIDE)]
    return Table(tuple(table.columns[n] for n in places), tuple(tuple(row[n] for n in places) for row in table.rows))


def _table(table: Table) -> Iterator[str]:
    yield f"| {' | '.join(name.replace('_', ' ') for name in table.columns)} |"
    yield f"|{' --- |' * len(table.columns)}"
    for row in table.rows:
        yield f"| {' | '.join(map(_cell, row))} |"


def _cell(cell: Cell) -> str:
    if cell is None:
        return ""
    return _text({True: "yes", False: "no"}[cell] if isinstance(cell, bool) else str(cell))


def _text(text: str) -> str:
    """``text`` as it is, on one line: no mark of it is taken for Markdown or HTML, nothing in it is invisible."""
    return _MEANS_SOMETHING.sub(r"\\\g<0>", _shown(" ".join(text.split())))


def _code(lines: Sequence[str]) -> Iterator[str]:
    """Lines of a router between two fences that are longer than any in them."""
    shown = [_shown(line) for line in lines]
    longest = max((len(run) for line in shown for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    yield from (f"{fence}text", *shown, fence)


def _shown(text: str) -> str:
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape", "surrogatepass").decode(), text)


_DRAWN: Mapping[str, Callable[[Any], Iterator[str]]] = {
    "findings": _findings,
    "exchanges": _exchanges,
    "coverage": _coverage,
    "comparison": _comparison,
}
