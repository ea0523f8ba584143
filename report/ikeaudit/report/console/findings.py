"""``check`` for people: findings by hazard, in their order; what they rest on; one line that says how it ended."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from ikeaudit.hazards.finding import Effect, Finding, Severity
from ikeaudit.ios.language import GLOBAL, LANGUAGES
from ikeaudit.model.grouping import by_key
from ikeaudit.remediation.fixes.contract import Repair
from ikeaudit.report.console.glance import draw_glance
from ikeaudit.report.console.pieces import draw_coverage_note, draw_evidence, named, plural
from ikeaudit.report.console.seen import counted
from ikeaudit.report.console.sheet import Sheet
from ikeaudit.report.console.style import CONFIDENCE_STYLE, SEVERITY_STYLE, verdict_style
from ikeaudit.report.documents import CheckReport

FINDINGS_ON_TERMINAL: dict[Severity, int] = {"critical": 30, "high": 15, "medium": 6, "low": 6, "info": 6}
"""How many findings of one hazard a terminal shows before it only names the routers of the others."""


_EFFECTS: dict[Effect, tuple[str, str]] = {
    "down": ("that no end brings up", "that no end brings up"),
    "one-at-most": ("that one end at most brings up", "that one end at most brings up"),
    "one-end": ("that one end only brings up", "that one end only brings up"),
    "order": ("that hangs on an order", "that hang on an order"),
    "later": ("that is lost later", "that are lost later"),
}
"""What becomes of one tunnel, and of several."""


def draw_findings(report: CheckReport, sheet: Sheet) -> None:
    """The findings, the coverage and the verdict; on a terminal a glance, unless more was asked for."""
    if report.depth == "glance" and sheet.surface.terminal and not report.shown:
        draw_glance(report, sheet)
        return
    sheet.whole = sheet.whole or report.depth == "all"
    if report.shown:
        sheet.prose((f"Only findings {report.shown}.", "dim"))
        sheet.blank()
    for group in grouped(report.findings):
        _draw_group(group, report, sheet)
    if report.findings and not report.repairs:
        asked = f"ikeaudit check {shlex.quote(report.path)} --fixes"
        sheet.prose((f"Advice is not proved; {asked} shows what is, by replay.", "dim"))
        sheet.blank()
    draw_coverage_note(sheet, report.coverage, report.path)
    if report.seen:
        sheet.prose(*counted(report.seen), hang=6)
    sheet.blank()
    sheet.prose(
        (report.verdict.word, verdict_style(report.verdict)),
        f"  {report.verdict.sentence}",
        hang=len(report.verdict.word) + 2,
    )


def grouped(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Findings of one hazard, severity and effect together, in the order given."""
    return list(by_key(((f.code, f.severity, f.effect), f) for f in findings).values())


def _draw_group(group: Sequence[Finding], report: CheckReport, sheet: Sheet) -> None:
    """One heading for all; symptom and fix are said once when they are the same for all.

    Who chose what to see sees all of it; otherwise a terminal shows the first findings of a hazard.
    """
    first = group[0]
    title = report.titles.get(first.code, "")
    heading = f"  {title}" if title else ""
    count = f"  ({plural(len(group), 'finding')})" if len(group) > 1 else ""
    sheet.prose(
        (f" {first.severity.upper()} ", SEVERITY_STYLE[first.severity]),
        " ",
        (first.code, "bold"),
        heading,
        (count, "dim"),
        hang=len(first.severity) + 3,
    )
    one_advice = not report.repairs and len({(finding.symptom, finding.fix) for finding in group}) == 1
    some, left = (group, 0) if report.shown else sheet.shortened(group, FINDINGS_ON_TERMINAL[first.severity])
    for finding in some:
        _draw_finding(finding, sheet)
        if not one_advice:
            _draw_advice(finding, sheet, report.repairs.get(finding.fingerprint))
            sheet.blank()
    if left:
        _draw_rest(group[len(some) :], report, sheet)
    if one_advice:
        _draw_advice(first, sheet)
        sheet.blank()


def _draw_rest(rest: Sequence[Finding], report: CheckReport, sheet: Sheet) -> None:
    """How many findings are not shown, on which routers, and how to see them."""
    hosts = tuple(dict.fromkeys(host for finding in rest for host in finding.hosts))
    sheet.prose(
        ("… and ", "dim"), (plural(len(rest), "more finding"), "bold"), f" on {named(sheet, hosts)}", indent=2, hang=2
    )
    sheet.prose((f"ikeaudit check {shlex.quote(report.path)} --code {rest[0].code} shows all", "dim"), indent=4)


def _effect(effect: Effect, tunnels: int) -> str:
    """What becomes of the tunnels that a finding is about."""
    return f"{plural(tunnels, 'tunnel')} {_EFFECTS[effect][tunnels != 1]}"


def _draw_finding(finding: Finding, sheet: Sheet) -> None:
    where: list[str | tuple[str, str]] = [(named(sheet, finding.hosts), "bold")]
    if finding.peers:
        where.append(f" · {'peer' if len(finding.peers) == 1 else 'peers'} {named(sheet, finding.peers)}")
    if finding.confidence != "certain":
        where += [" · ", (finding.confidence, CONFIDENCE_STYLE[finding.confidence])]
    if finding.effect != "none":
        where.append(f" · {_effect(finding.effect, finding.tunnels)}")
    sheet.prose(*where, indent=2, hang=2)
    sheet.prose(finding.message, indent=4)
    draw_evidence(sheet, finding.evidence, indent=4)
    for one in finding.consequences:
        more = f" and {len(one.messages) - 1:,} more" if len(one.messages) > 1 else ""
        sheet.labelled(
            ("follows", "dim"), f"{one.code} on {named(sheet, one.hosts)}: {one.messages[0]}{more}", indent=4
        )


def _nested(commands: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Commands with how deep in sections each is typed."""
    path = [GLOBAL]
    for line in commands:
        if line == "exit":
            path.pop()
        yield len(path) - 1, line
        found = path[-1].match(line)
        opened = LANGUAGES.get(found.row.opens or "") if found is not None and not found.negated else None
        if opened is not None:
            path.append(opened)


def _draw_advice(finding: Finding, sheet: Sheet, repair: Repair | None = None) -> None:
    sheet.labelled(("symptom", "dim"), finding.symptom, indent=4)
    proved = repair is not None and (repair.proved or repair.tried)
    text = finding.fix if repair is None else repair.text(finding.fix)
    sheet.labelled(("fix" if proved else "advice", "dim"), text, indent=4)
    if repair is None or not repair.proved:
        return
    for host, commands in repair.commands.items():
        sheet.fact((host, "bold"), indent=8)
        for depth, line in _nested(commands):
            sheet.fact(line, indent=10 + depth, hang=2)
    came = (
        f"Proved by replay: brings up {plural(len(repair.brings_up), 'direction')}"
        if repair.brings_up
        else "Proved by replay"
    )
    sheet.prose((f"{came}, makes none worse.", "dim"), indent=8)
    for left in repair.leaves_down:
        sheet.prose(f"{left.direction} does not come up by it: {left.why}.", indent=8)
