"""For code scanning and ticket systems: findings as SARIF 2.1.0 (OASIS).

A cause is one result, whatever follows from it; the lines of all routers concerned are its places. Results of two runs are the
same where ``ikeaudit/cause/v1`` is, the fingerprint of the JSON document; ``ikeaudit/members/v1`` are the ids of its members.
Text that was not understood, and hosts that were not read, are notifications: silence is no clean bill of health.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

import msgspec

from ikeaudit.hazards.finding import Finding, Hazard, Severity
from ikeaudit.model import Evidence
from ikeaudit.report.comparison import ChangedFinding, ChangedLine, FindingChange
from ikeaudit.report.coverage import Coverage
from ikeaudit.report.documents import CheckReport, ComparisonReport, Document
from ikeaudit.report.exports import sarif_log as sarif
from ikeaudit.report.verdict import Verdict

_LEVELS: Mapping[Severity, sarif.Level] = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "low": "note",
    "info": "note",
}
_BASELINE: Mapping[FindingChange, sarif.BaselineState] = {
    "new": "new",
    "worse": "updated",
    "other": "updated",
    "gone": "absent",
}


def draw(document: Document) -> str:
    """The whole text of ``document``, of one of the kinds that the format draws."""
    from ikeaudit.hazards import HAZARDS  # the catalogue takes its time, and only this format needs all of it

    hazards = {hazard.code: hazard for hazard in HAZARDS}
    if isinstance(document, ComparisonReport):
        run = _comparison(document, hazards)
    elif isinstance(document, CheckReport):
        run = _check(document, hazards)
    else:
        raise TypeError(document.kind)
    log = sarif.Log(schema=sarif.SCHEMA, version="2.1.0", runs=(run,))
    return msgspec.json.format(_encoded(log), indent=2).decode() + "\n"


def _encoded(log: sarif.Log) -> bytes:
    try:
        return msgspec.json.encode(log)
    except UnicodeEncodeError:  # a file name that is not UTF-8
        import json

        return json.dumps(msgspec.to_builtins(log)).encode()


def _check(report: CheckReport, hazards: Mapping[str, Hazard]) -> sarif.Run:
    rules = _rules((finding.code for finding in report.findings), hazards)
    places = {rule.id: number for number, rule in enumerate(rules)}
    return sarif.Run(
        tool=sarif.Tool(driver=sarif.Driver(name="ikeaudit", version=report.version or None, rules=rules)),
        automation_details=sarif.AutomationDetails(id="ikeaudit/check/"),
        invocations=(_invocation(report.verdict, _notifications(report.coverage)),),
        results=tuple(_result(finding, places[finding.code], report) for finding in report.findings),
        column_kind="unicodeCodePoints",
        properties={
            "time": report.time,
            "snapshot": report.snapshot,
            "coveragePercent": report.coverage.total.percent,
            "incomplete": report.verdict.incomplete,
            "failing": report.verdict.failing,
        },
    )


def _comparison(report: ComparisonReport, hazards: Mapping[str, Hazard]) -> sarif.Run:
    told = report.comparison
    rules = _rules((finding.code for finding in told.findings), hazards)
    places = {rule.id: number for number, rule in enumerate(rules)}
    return sarif.Run(
        tool=sarif.Tool(driver=sarif.Driver(name="ikeaudit", rules=rules)),
        automation_details=sarif.AutomationDetails(id="ikeaudit/check-against/"),
        invocations=(_invocation(report.verdict, ()),),
        results=tuple(_changed(one, places[one.code]) for one in told.findings),
        column_kind="unicodeCodePoints",
    )


def _invocation(verdict: Verdict, notifications: Iterable[sarif.Notification]) -> sarif.Invocation:
    return sarif.Invocation(
        execution_successful=not verdict.incomplete,
        exit_code=verdict.code,
        exit_code_description=f"{verdict.word}: {verdict.sentence}",
        tool_execution_notifications=tuple(notifications),
    )


def _notifications(coverage: Coverage) -> Iterator[sarif.Notification]:
    for problem in coverage.problems:
        level: sarif.Level = "error" if problem.kind == "host" else "warning"
        yield sarif.Notification(level=level, message=_said(f"{problem.subject} {problem.reason}"))
    for entry in coverage.hosts:
        for line in entry.unknown:
            where = _place(Evidence(host=entry.host, file=entry.file, line=line.line, text=line.text))
            yield sarif.Notification(level="warning", message=_said(f"Not understood: {line.text}"), locations=(where,))


def _rules(codes: Iterable[str], hazards: Mapping[str, Hazard]) -> tuple[sarif.Rule, ...]:
    """The hazards found, in the order of the catalogue."""
    found = set(codes)
    known = [code for code in hazards if code in found]
    return tuple(_rule(hazards[code]) for code in known) + tuple(
        sarif.Rule(id=code) for code in sorted(found.difference(known))
    )


def _rule(hazard: Hazard) -> sarif.Rule:
    return sarif.Rule(
        id=hazard.code,
        name=hazard.title,
        short_description=_said(hazard.title),
        full_description=_said(f"{hazard.what} {hazard.why}"),
        help=_said(hazard.fix),
        default_configuration=sarif.Configuration(level=_LEVELS[hazard.severity]),
        properties={"tags": [hazard.category, hazard.scope], "rules": hazard.source},
    )


def _result(finding: Finding, rule: int, report: CheckReport) -> sarif.Result:
    repair = report.repairs.get(finding.fingerprint)
    advice = repair.text(finding.fix) if repair else finding.fix
    first, others = finding.evidence[:1], finding.evidence[1:]
    routers = tuple(map(_router, finding.hosts))
    where = sarif.Location(physical_location=_physical(first[0]) if first else None, logical_locations=routers)
    return sarif.Result(
        rule_id=finding.code,
        rule_index=rule,
        level=_LEVELS[finding.severity],
        message=_said(" ".join(part for part in (finding.message, f"Mend: {advice}") if part)),
        locations=(where,),
        related_locations=tuple(_place(line, number) for number, line in enumerate(others, 1)),
        partial_fingerprints={
            "ikeaudit/cause/v1": finding.fingerprint,
            "ikeaudit/members/v1": " ".join(sorted(member.id for member in finding.members)),
        },
        fixes=_fixes(repair.commands, advice, finding.evidence) if repair and repair.proved else (),
        properties={
            "category": finding.category,
            "severity": finding.severity,
            "effect": finding.effect,
            "tunnels": finding.tunnels,
            "confidence": finding.confidence,
            "peers": list(finding.peers),
            "symptom": finding.symptom,
            "consequences": [one.code for one in finding.consequences],
        },
    )


def _fixes(commands: Mapping[str, Iterable[str]], advice: str, evidence: Iterable[Evidence]) -> tuple[sarif.Fix, ...]:
    """What was proved, as text to put behind the first line that the finding rests on, router by router.

    It is text for configuration mode, which the description says; a router whose file no line of the finding names is left
    to the description.
    """
    files: dict[str, Evidence] = {}
    for line in evidence:
        files.setdefault(line.host, line)
    changes = tuple(
        sarif.ArtifactChange(
            artifact_location=_file(files[host].file),
            replacements=(
                sarif.Replacement(
                    deleted_region=sarif.Region(
                        start_line=files[host].line + 1, start_column=1, end_line=files[host].line + 1, end_column=1
                    ),
                    inserted_content=_said("".join(f"{line}\n" for line in lines)),
                ),
            ),
        )
        for host, lines in commands.items()
        if host in files
    )
    text = f"{advice} Proved by replay. To be typed in configuration mode, keys in place of their tokens."
    return (sarif.Fix(description=_said(text), artifact_changes=changes),) if changes else ()


def _changed(finding: ChangedFinding, rule: int) -> sarif.Result:
    return sarif.Result(
        rule_id=finding.code,
        rule_index=rule,
        level=_LEVELS[finding.severity],
        message=_said(" ".join((finding.message, *map(_told, finding.lines)))),
        locations=(sarif.Location(logical_locations=tuple(map(_router, finding.hosts))),),
        partial_fingerprints={"ikeaudit/cause/v1": finding.fingerprint},
        baseline_state=_BASELINE[finding.change],
        properties={"category": finding.category, "severity": finding.severity, "change": finding.change},
    )


def _told(line: ChangedLine) -> str:
    return f"[{line.host}: {line.change}: {line.text}]"


def _place(line: Evidence, number: int | None = None) -> sarif.Location:
    return sarif.Location(
        id=number,
        physical_location=_physical(line),
        logical_locations=(_router(line.host),),
        message=_said(line.text) if number is not None else None,
    )


def _router(host: str) -> sarif.LogicalLocation:
    return sarif.LogicalLocation(name=host, kind="resource")


def _physical(line: Evidence) -> sarif.PhysicalLocation:
    region = sarif.Region(start_line=line.line, snippet=_said(line.text))
    return sarif.PhysicalLocation(artifact_location=_file(line.file), region=region)


def _file(name: str) -> sarif.ArtifactLocation:
    return sarif.ArtifactLocation(uri=quote(name, errors="surrogateescape"))


def _said(text: str) -> sarif.Message:
    return sarif.Message(text=text or "-")
