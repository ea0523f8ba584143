"""``rules`` and ``rule`` for people."""

from __future__ import annotations

from ikeaudit.hazards.finding import Hazard
from ikeaudit.report.console.sheet import Sheet
from ikeaudit.report.console.style import SEVERITY_STYLE
from ikeaudit.report.documents import RulesReport
from ikeaudit.rulebook import Rule

SCOPE_WORDS = {"router": "one router", "pair": "a pair of routers", "fleet": "the whole fleet"}


def draw_rules(report: RulesReport, sheet: Sheet) -> None:
    """One hazard in full, or the list."""
    if report.detailed:
        for hazard in report.hazards:
            _draw_hazard(hazard, sheet)
        for rule in report.book:
            _draw_rule(rule, sheet)
        return
    sheet.rows(
        (
            ((hazard.code, "bold"), (hazard.severity, SEVERITY_STYLE[hazard.severity]), hazard.title)
            for hazard in report.hazards
        ),
        heads=("code", "severity", "hazard"),
    )
    sheet.blank()
    sheet.prose((f"{len(report.hazards)} rules; ikeaudit rule {report.hazards[0].code} explains the first.", "dim"))


def _draw_hazard(hazard: Hazard, sheet: Sheet) -> None:
    sheet.prose(
        (f" {hazard.severity.upper()} ", SEVERITY_STYLE[hazard.severity]),
        " ",
        (hazard.code, "bold"),
        f"  {hazard.title}",
        hang=len(hazard.severity) + 3,
    )
    sheet.blank()
    for label, body in (
        ("looks at", SCOPE_WORDS[hazard.scope]),
        ("what", hazard.what),
        ("why", hazard.why),
        ("symptom", hazard.symptom),
        ("fix", hazard.fix),
        ("rests on", hazard.source),
    ):
        sheet.labelled((label, "dim"), body, indent=2, column=10)


def _draw_rule(rule: Rule, sheet: Sheet) -> None:
    sheet.prose((rule.id, "bold"), f"  {rule.title}", hang=len(rule.id) + 2)
    sheet.blank()
    sheet.labelled(("rule", "dim"), rule.text, indent=2, column=10)
    sheet.labelled(("source", "dim"), rule.source, indent=2, column=10)
