"""``ikeaudit`` as a library: what the command line does, for programs (docs/api.md).

What ``__all__`` names is public, with the fields of the types that it returns: it changes only with the version of ikeaudit,
and what is published as JSON only with the number of its schema. Everything else in ``ikeaudit`` may change at any time.

No function prints, exits or touches a router. Errors are :class:`IkeauditError` and its kinds; their text is one sentence for
the user and holds no key.
"""

from typing import TYPE_CHECKING, Any

from ikeaudit.model.rooms import name_in

if TYPE_CHECKING:
    from ikeaudit.api.audit import check, exchanges, explain, findings
    from ikeaudit.api.comparing import compare
    from ikeaudit.api.diagnosing import diagnose
    from ikeaudit.api.exporting import Exported, export_case
    from ikeaudit.api.planning import Planned, ikev2, load_plan, mending, own_strategy, plan
    from ikeaudit.api.snapshot import Snapshot, load
    from ikeaudit.api.witnessing import witness
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
    "Exported",
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
    "Planned",
    "Problem",
    "Proof",
    "Reading",
    "RefusedError",
    "Renewal",
    "Repair",
    "Snapshot",
    "Step",
    "TranscriptLine",
    "Translation",
    "Verdict",
    "WitnessReport",
    "check",
    "compare",
    "diagnose",
    "exchanges",
    "explain",
    "export_case",
    "findings",
    "ikev2",
    "load",
    "load_plan",
    "load_schema",
    "mending",
    "own_strategy",
    "plan",
    "to_json",
    "witness",
]

_ROOMS = ("snapshot", "audit", "shared", "comparing", "diagnosing", "exporting", "planning", "witnessing")
"""Where the names are, what is light first: who loads a snapshot imports no strategy."""


def __getattr__(name: str) -> Any:
    """One of the names above, from the room that has it (PEP 562); AttributeError for any other."""
    return name_in(globals(), _ROOMS, name)


def __dir__() -> list[str]:
    """What is public."""
    return [*__all__]
