"""For CI servers: JUnit XML, in the form that Jenkins' xUnit plugin checks (junit-10.xsd).

``check`` is a test for each hazard of the catalogue; ``explain`` one for each direction, failed when it is down and
skipped when that is not known or nobody begins it; ``coverage`` one for each file; ``collect`` one for each host;
``rehearse`` one for each run of the plan. What could not be read is an error, never a pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal
from xml.etree import ElementTree as ET

import msgspec

from ikeaudit.exchange.result import Exchange
from ikeaudit.hazards.finding import RANK, Finding
from ikeaudit.report.asked import least_ranks
from ikeaudit.report.coverage import Coverage
from ikeaudit.report.documents import (
    CheckReport,
    CollectReport,
    CoverageReport,
    Document,
    ExplainReport,
    RehearseReport,
)
from ikeaudit.report.exports.tables import place

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no place for, not even escaped (section 2.2, Characters)."""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One test; ``message`` says why it is not simply passed, ``text`` tells more."""

    group: str
    name: str
    ended: Literal["passed", "failure", "error", "skipped"] = "passed"
    message: str = ""
    text: str = ""
    seconds: float = 0.0


def draw(document: Document) -> str:
    """The whole text of ``document``, of one of the kinds that the format draws."""
    name, cases = f"ikeaudit.{document.kind}", tuple(_CASES[document.kind](document))
    numbers = {
        "tests": str(len(cases)),
        "failures": str(_count(cases, "failure")),
        "errors": str(_count(cases, "error")),
        "time": f"{sum(case.seconds for case in cases):.3f}",
    }
    root = ET.Element("testsuites", {"name": "ikeaudit", **numbers})
    suite = ET.SubElement(root, "testsuite", {"name": name, **numbers, "skipped": str(_count(cases, "skipped"))})
    for case in cases:
        told = {"classname": f"{name}.{_xml(case.group)}", "name": _xml(case.name), "time": f"{case.seconds:.3f}"}
        element = ET.SubElement(suite, "testcase", told)
        if case.ended != "passed":
            why = ET.SubElement(element, case.ended, {"message": _xml(case.message)})
            why.text = _xml(case.text) or None
        elif case.text:
            ET.SubElement(element, "system-out").text = _xml(case.text)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _xml(text: str) -> str:
    """``text`` with characters that XML cannot hold written as ``\\xNN``."""
    return _NO_XML.sub(lambda found: found[0].encode("unicode_escape", "surrogatepass").decode(), text)


def _count(cases: Iterable[Case], ended: str) -> int:
    return sum(case.ended == ended for case in cases)


def _findings(report: CheckReport) -> Iterator[Case]:
    from ikeaudit.hazards import HAZARDS

    yield _read(report.coverage, incomplete=report.verdict.incomplete)
    least = least_ranks(report.fail_on)
    by_code: dict[str, list[Finding]] = {hazard.code: [] for hazard in HAZARDS}
    for finding in report.findings:
        by_code.setdefault(finding.code, []).append(finding)
    titles = {hazard.code: (hazard.category, hazard.title) for hazard in HAZARDS}
    for code, findings in by_code.items():
        category, title = titles.get(code, ("", ""))
        failing = [f for f in findings if RANK[f.severity] >= least.get(f.category, len(RANK))]
        some = failing or findings
        yield Case(
            group=category,
            name=f"{code} {title}".strip(),
            ended="failure" if failing else "passed",
            message=failing[0].message + (f" (and {len(failing) - 1} more)" if failing[1:] else "") if failing else "",
            text="\n\n".join(map(_told, some)),
        )


def _told(finding: Finding) -> str:
    lines = [f"{finding.severity}: {finding.message}", *(f"{place(line)}  {line.text}" for line in finding.evidence)]
    return "\n".join([*lines, f"Mend: {finding.fix}"])


def _read(coverage: Coverage, *, incomplete: bool) -> Case:
    """Whether all was read, as a test of its own."""
    wrong = "\n".join(f"{problem.subject} {problem.reason}" for problem in coverage.problems)
    return Case(
        group="coverage",
        name="everything was read",
        ended="error" if incomplete else "passed",
        message=f"coverage {coverage.total.percent:g}%, {len(coverage.unread)} hosts not read" if incomplete else "",
        text=wrong,
    )


def _exchanges(report: ExplainReport) -> Iterator[Case]:
    for one in report.exchanges:
        ended, message = _direction(one)
        lines = [f"{place(line)}  {line.text}" for line in one.evidence]
        far = f"{one.responder} ({one.peer})" if one.responder else one.peer
        yield Case(
            group=one.initiator,
            name=f"{one.initiator_interface} calls {far}",
            ended=ended,
            message=message,
            text="\n".join(lines),
        )


def _direction(one: Exchange) -> tuple[Literal["passed", "failure", "skipped"], str]:
    at = f" at {one.failed_at}" if one.failed_at else ""
    why = f": {one.reason}" if one.reason else ""
    if one.outcome == "up" and one.lost_at is not None:
        return "failure", f"comes up and is lost again ({one.lost_at})"
    if one.outcome == "up":
        return "passed", ""
    if one.outcome == "down" or (one.outcome == "not-initiated" and one.by == "fault"):
        return "failure", f"{one.outcome}{at}{why} ({one.confidence})"
    return "skipped", f"{one.outcome}{why}"


def _coverage(report: CoverageReport) -> Iterator[Case]:
    for entry in report.coverage.hosts:
        lines = "\n".join(f"{entry.file}:{line.line}  {line.text}" for line in entry.unknown)
        unread = entry.kind == "unreadable"
        yield Case(
            group=entry.kind,
            name=entry.file,
            ended="error" if unread else "failure" if entry.unknown else "passed" if entry.read else "skipped",
            message=f"{len(entry.unknown)} lines were not understood" if entry.unknown else entry.reason or "",
            text=lines,
        )
    listed = {entry.file for entry in report.coverage.hosts if entry.kind == "unreadable"}
    for problem in report.coverage.problems:
        if problem.file not in listed:
            ended: Literal["error", "failure"] = "error" if problem.kind == "host" else "failure"
            yield Case(group="problems", name=problem.subject, ended=ended, message=problem.reason)


def _collection(report: CollectReport) -> Iterator[Case]:
    for one in report.collection.hosts:
        yield Case(
            group=one.status,
            name=one.host,
            ended={"collected": "passed", "partial": "failure", "failed": "error"}[one.status],  # type: ignore[arg-type]
            message=" ".join(part for part in (one.reason, one.message) if part),
            text="\n".join(one.notices),
            seconds=one.seconds,
        )


def _rehearsal(report: RehearseReport) -> Iterator[Case]:
    for one in report.rehearsal.cases:
        where = " ".join(part for part in (one.fault or "no fault", one.phase, one.router) if part)
        yield Case(
            group=f"wave {one.wave}",
            name=where,
            ended="passed" if one.passed else "failure",
            message="; ".join(one.wrong),
            text=f"ended {one.result}, exit code {one.exit_code}",
            seconds=one.seconds,
        )


_CASES: Mapping[str, Callable[[Any], Iterable[Case]]] = {
    "findings": _findings,
    "exchanges": _exchanges,
    "coverage": _coverage,
    "collection": _collection,
    "rehearsal": _rehearsal,
}
