"""What people and programs are shown: one document a verb, one file a format, one derived schema a document.

A verb builds a *document* (``documents``) of some *kind* (``kinds``), and a *format* out of ``FORMATS`` that can draw that kind
turns it into text. A new format (SARIF, JUnit, Markdown, HTML) is one file in ``formats/`` and one line in its tuple; it names
the kinds that it can draw. This package lies above those whose documents it draws, and is imported by the command line alone.
"""

from typing import TYPE_CHECKING, Any

from ikeaudit.model.rooms import name_in

if TYPE_CHECKING:
    from ikeaudit.report.asked import EXIT_CLEAN, EXIT_FINDINGS, EXIT_INCOMPLETE, FAIL_ON, least_ranks
    from ikeaudit.report.coverage import Coverage, FileCoverage, Line, LineCount, Problem
    from ikeaudit.report.diagnosis import Diagnosed
    from ikeaudit.report.documents import (
        ApproveReport,
        CheckReport,
        CollectReport,
        ComparisonReport,
        CoverageReport,
        DiagnoseReport,
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
        WholePart,
        WindowReport,
        WitnessReport,
    )
    from ikeaudit.report.formats import FORMATS, Format, format_named, refusal, to_json
    from ikeaudit.report.schemas import SCHEMAS, load_schema
    from ikeaudit.report.surface import Surface
    from ikeaudit.report.verdict import Verdict, judge

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
    "DiagnoseReport",
    "Diagnosed",
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
    "WholePart",
    "WindowReport",
    "WitnessReport",
    "format_named",
    "judge",
    "least_ranks",
    "load_schema",
    "refusal",
    "to_json",
]

_ROOMS = ("asked", "surface", "formats", "schemas", "coverage", "verdict", "documents", "diagnosis")
"""Where the names are, what is light first: a verb that only prints its help imports no model."""


def __getattr__(name: str) -> Any:
    """One of the names above, from the room that has it (PEP 562); AttributeError for any other."""
    return name_in(globals(), _ROOMS, name)
