"""Documents drawn for people: which function draws which document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ikeaudit.report.console.coverage import draw_coverage
from ikeaudit.report.console.exchanges import draw_exchanges
from ikeaudit.report.console.findings import draw_findings
from ikeaudit.report.console.rules import draw_rules
from ikeaudit.report.console.sheet import Sheet
from ikeaudit.report.documents import CheckReport, CoverageReport, Document, ExplainReport, RulesReport
from ikeaudit.report.surface import Surface

__all__ = ["draw"]

DRAWN: dict[type, Callable[[Any, Sheet], None]] = {
    CheckReport: draw_findings,
    ExplainReport: draw_exchanges,
    CoverageReport: draw_coverage,
    RulesReport: draw_rules,
}


def draw(document: Document, surface: Surface) -> str:
    """``document`` as text for ``surface``."""
    sheet = Sheet(surface)
    DRAWN[type(document)](document, sheet)
    return sheet.text()
