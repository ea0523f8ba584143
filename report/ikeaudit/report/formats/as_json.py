"""For programs: the documents, each with the id of its published schema, always in the same order.

Fields are named one by one, so that a field added to a model never slips into what others rely on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from ikeaudit.report.coverage import Coverage, FileCoverage, LineCount
from ikeaudit.report.documents import CheckReport, CoverageReport, Document, ExplainReport, RulesReport
from ikeaudit.report.formats.format import Format
from ikeaudit.report.surface import Surface

EXCHANGE_FIELDS = (
    "initiator",
    "responder",
    "peer",
    "initiator_interface",
    "responder_interface",
    "ike_version",
    "mode",
    "outcome",
    "confidence",
    "failed_at",
    "reason",
    "initiator_profile",
    "initiator_keyring",
    "responder_keyring",
    "responder_profile",
    "readings",
    "transcript",
    "evidence",
)

FINDING_FIELDS = (
    "code",
    "severity",
    "hosts",
    "peers",
    "message",
    "symptom",
    "fix",
    "confidence",
    "evidence",
    "fingerprint",
)

RULE_FIELDS = ("code", "title", "severity", "scope", "what", "why", "symptom", "fix", "source")
BOOK_FIELDS = ("id", "title", "text", "source")

FILE_FIELDS = ("host", "file", "kind", "reason", "modelled", "irrelevant", "unknown", "unread", "remarks")

PROBLEM_FIELDS = ("kind", "host", "file", "reason")

Json = dict[str, Any]


def _picked(thing: object, fields: Sequence[str]) -> Json:
    return {field: getattr(thing, field) for field in fields}


def exchanges(report: ExplainReport) -> Json:
    """``ikeaudit.exchanges/1``."""
    return {
        "schema": "ikeaudit.exchanges/1",
        "exchanges": [_picked(exchange, EXCHANGE_FIELDS) for exchange in report.exchanges],
    }


def findings(report: CheckReport) -> Json:
    """``ikeaudit.findings/1``; its ``coverage`` is the body of ``ikeaudit.coverage/1``."""
    return {
        "schema": "ikeaudit.findings/1",
        "coverage": _coverage(report.coverage),
        "findings": [_picked(finding, FINDING_FIELDS) for finding in report.findings],
    }


def coverage(report: CoverageReport) -> Json:
    """``ikeaudit.coverage/1``."""
    return {"schema": "ikeaudit.coverage/1", **_coverage(report.coverage)}


def rules(report: RulesReport) -> Json:
    """``ikeaudit.rules/1``; ``book`` is there when a rule of the book was asked for."""
    found: Json = {"schema": "ikeaudit.rules/1", "rules": [_picked(hazard, RULE_FIELDS) for hazard in report.hazards]}
    return {**found, "book": [_picked(rule, BOOK_FIELDS) for rule in report.book]} if report.book else found


def _coverage(covered: Coverage) -> Json:
    return {
        "hosts": [_file(entry) for entry in covered.hosts],
        "total": _count(covered.total),
        "problems": [_picked(problem, PROBLEM_FIELDS) for problem in covered.problems],
    }


def _file(entry: FileCoverage) -> Json:
    return _picked(entry, FILE_FIELDS)


def _count(count: LineCount) -> Json:
    return {
        "modelled": count.modelled,
        "irrelevant": count.irrelevant,
        "unknown": count.unknown,
        "unread": count.unread,
        "percent": count.percent,
    }


BODIES: dict[type, Callable[[Any], Json]] = {
    CheckReport: findings,
    ExplainReport: exchanges,
    CoverageReport: coverage,
    RulesReport: rules,
}


def _render(document: Document, surface: Surface) -> str:
    del surface
    body = BODIES[type(document)](document)
    try:
        text = msgspec.json.format(msgspec.json.encode(body), indent=2).decode()
    except UnicodeEncodeError:  # a file name that is not UTF-8
        import json

        text = json.dumps(msgspec.to_builtins(body), indent=2)
    return text + "\n"


JSON = Format(name="json", suffix="json", machine=True, render=_render)
