"""What people and programs are shown: one document a verb, one file a format, one published schema a document.

A verb builds a *document* (``documents``), picks a *format* out of ``FORMATS`` and writes what ``render`` returns. A new
format (SARIF, JUnit, Markdown, HTML) is one file in ``formats/`` and one line in its tuple.
"""

from ikeaudit.report.coverage import Coverage, FileCoverage, Line, LineCount, Problem
from ikeaudit.report.documents import CheckReport, CoverageReport, Document, ExplainReport, RulesReport
from ikeaudit.report.formats import FORMATS, Format, format_named
from ikeaudit.report.schemas import SCHEMAS, load_schema
from ikeaudit.report.surface import Surface
from ikeaudit.report.verdict import EXIT_CLEAN, EXIT_FINDINGS, EXIT_INCOMPLETE, FAIL_ON, Verdict, judge

__all__ = [
    "EXIT_CLEAN",
    "EXIT_FINDINGS",
    "EXIT_INCOMPLETE",
    "FAIL_ON",
    "FORMATS",
    "SCHEMAS",
    "CheckReport",
    "Coverage",
    "CoverageReport",
    "Document",
    "ExplainReport",
    "FileCoverage",
    "Format",
    "Line",
    "LineCount",
    "Problem",
    "RulesReport",
    "Surface",
    "Verdict",
    "format_named",
    "judge",
    "load_schema",
]
