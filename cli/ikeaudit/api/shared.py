"""What the public library hands on of other packages: the types of what it returns, and its errors."""

from ikeaudit.exchange.result import Alternative, Exchange, Observed, Reading, Renewal, TranscriptLine
from ikeaudit.exchange.steps import Considered, Decision, Step
from ikeaudit.fleet import Translation
from ikeaudit.hazards.finding import Finding
from ikeaudit.logs import Earlier, Negotiation
from ikeaudit.model import Evidence
from ikeaudit.model.errors import IkeauditError, IncompleteError, InputError, RefusedError
from ikeaudit.remediation.fixes.contract import Repair
from ikeaudit.remediation.plan import Plan
from ikeaudit.remediation.proof_record import Proof
from ikeaudit.report import (
    SCHEMAS,
    CheckReport,
    ComparisonReport,
    Coverage,
    CoverageReport,
    Diagnosed,
    DiagnoseReport,
    ExplainReport,
    FileCoverage,
    Line,
    LineCount,
    PlanReport,
    Problem,
    Verdict,
    WitnessReport,
    load_schema,
    to_json,
)

__all__ = [
    "SCHEMAS",
    "Alternative",
    "CheckReport",
    "ComparisonReport",
    "Considered",
    "Coverage",
    "CoverageReport",
    "Decision",
    "DiagnoseReport",
    "Diagnosed",
    "Earlier",
    "Evidence",
    "Exchange",
    "ExplainReport",
    "FileCoverage",
    "Finding",
    "IkeauditError",
    "IncompleteError",
    "InputError",
    "Line",
    "LineCount",
    "Negotiation",
    "Observed",
    "Plan",
    "PlanReport",
    "Problem",
    "Proof",
    "Reading",
    "RefusedError",
    "Renewal",
    "Repair",
    "Step",
    "TranscriptLine",
    "Translation",
    "Verdict",
    "WitnessReport",
    "load_schema",
    "to_json",
]
