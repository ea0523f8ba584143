"""What people and programs are shown: one document a verb, one file a format, one derived schema a document.

A verb builds a *document* (``documents``) of some *kind* (``kinds``), and a *format* out of ``FORMATS`` that can draw that kind
turns it into text. A new format (SARIF, JUnit, Markdown, HTML) is one file in ``formats/`` and one line in its tuple; it names
the kinds that it can draw. This package lies above those whose documents it draws, and is imported by the command line alone.
"""

from ikeaudit.report.coverage import Coverage, FileCoverage, Line, LineCount, Problem
from ikeaudit.report.documents import (
    ApproveReport,
    CheckReport,
    CollectReport,
    ComparisonReport,
    CoverageReport,
    DifferenceReport,
    Document,
    ExplainReport,
    PlanReport,
    RehearseReport,
    RouterDifference,
    RulesReport,
    Run,
    StatusReport,
    WholeFleet,
    WindowReport,
)
from ikeaudit.report.formats import FORMATS, Format, format_named, refusal, to_json
from ikeaudit.report.schemas import SCHEMAS, load_schema
from ikeaudit.report.surface import Surface
from ikeaudit.report.verdict import EXIT_CLEAN, EXIT_FINDINGS, EXIT_INCOMPLETE, FAIL_ON, Verdict, judge, least_ranks

__all__ = [
    "EXIT_CLEAN",
    "EXIT_FINDINGS",
    "EXIT_INCOMPLETE",
    "FAIL_ON",
    "FORMATS",
    "SCHEMAS",
    "ApproveReport",
    "CheckReport",
    "CollectReport",
    "ComparisonReport",
    "Coverage",
    "CoverageReport",
    "DifferenceReport",
    "Document",
    "ExplainReport",
    "FileCoverage",
    "Format",
    "Line",
    "LineCount",
    "PlanReport",
    "Problem",
    "RehearseReport",
    "RouterDifference",
    "RulesReport",
    "Run",
    "StatusReport",
    "Surface",
    "Verdict",
    "WholeFleet",
    "WindowReport",
    "format_named",
    "judge",
    "least_ranks",
    "load_schema",
    "refusal",
    "to_json",
]
