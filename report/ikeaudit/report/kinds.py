"""Every kind of document that a verb prints or a plan's folder holds; a new one is a line in ``KINDS``.

A kind with a schema is for programs as well: its JSON Schema is derived from a struct, which is imported when it is asked
for, because some belong to parts that drive routers.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import msgspec


class Kind(NamedTuple):
    """A kind of document.

    ``title`` says what prints or holds it; ``schema`` is its published id (empty: it is text for people only) and ``at``
    where the struct of that schema is; ``printed`` is False for what only lies in a plan's folder. ``later`` names, by struct,
    the fields that came after the schema's number was given: documents without them are valid. ``refused`` is the sentence for
    somebody who wants it in a format that cannot draw it.
    """

    name: str
    title: str
    schema: str = ""
    at: str = ""
    later: Mapping[str, tuple[str, ...]] = {}
    printed: bool = True
    refused: str = "The format {format} cannot draw what {title}; use {others}."

    def struct(self) -> type[msgspec.Struct]:
        """The struct of the schema; AttributeError for a kind without one."""
        module, _, name = self.at.partition(":")
        found: type[msgspec.Struct] = getattr(import_module(f"ikeaudit.{module}"), name)
        return found


_PLAN_LATER = {"Plan": ("unmended", "rekeys", "key_id")}
KINDS: tuple[Kind, ...] = (
    Kind(
        "approval",
        "`approve` prints and writes as approval.json",
        "ikeaudit.approval/1",
        "remediation.plan_folder:Approval",
    ),
    Kind(
        "change",
        "`apply`, `confirm`, `rollback` and `verify` print",
        "ikeaudit.change/1",
        "change.report:ChangeReport",
        {"ChangeReport": ("worse", "groups", "next"), "Tested": ("on",)},
    ),
    Kind(
        "collection",
        "`collect` prints",
        "ikeaudit.collection/1",
        "collect.outcome:Collection",
        {"Collection": ("kept", "dropped"), "HostOutcome": ("notices", "read", "unchanged")},
    ),
    Kind("comparison", "`check --against` prints", "ikeaudit.comparison/1", "report.comparison:Comparison"),
    Kind(
        "coverage",
        "`coverage` prints",
        "ikeaudit.coverage/2",
        "report.published:PublishedCoverage",
        {"PublishedFileKind": ("collected",)},
    ),
    Kind("diagnosis", "`diagnose` prints", "ikeaudit.diagnosis/1", "report.published_diagnosis:PublishedDiagnosis"),
    Kind(
        "exchanges",
        "`explain` prints",
        "ikeaudit.exchanges/2",
        "report.published_exchanges:PublishedExchanges",
        {"PublishedExchange": ("instead", "observed")},
    ),
    Kind(
        "findings",
        "`check` prints",
        "ikeaudit.findings/2",
        "report.published_findings:PublishedFindings",
        {
            "PublishedFindings": ("witness",),
            "PublishedFile": ("collected",),
            "PublishedFix": ("basis", "proved", "commands", "rollback", "brings_up", "leaves_down", "around", "reason"),
        },
    ),
    Kind(
        "ladders",
        "`plan` writes as ladders.json",
        "ikeaudit.ladders/1",
        "report.ladders:Ladders",
        {"PublishedExchange": ("observed",)},
        printed=False,
    ),
    Kind("plan", "`plan` prints and writes as plan.json", "ikeaudit.plan/1", "remediation.plan:Plan", _PLAN_LATER),
    Kind(
        "plan-diff",
        "`plan diff` prints",
        refused="`plan diff` is text, which the format {format} cannot draw; `plan show --format json` prints the plan.",
    ),
    Kind(
        "proof",
        "`plan` writes as proof.json",
        "ikeaudit.proof/1",
        "remediation.proof_record:Proof",
        {"StepProof": ("within", "within_rollback")},
        printed=False,
    ),
    Kind(
        "proofs",
        "`plan` writes as proof.json of a large fleet",
        "ikeaudit.proofs/1",
        "remediation.proof_files:ProofParts",
        printed=False,
    ),
    Kind(
        "rehearsal",
        "`rehearse` prints and writes as rehearsal.json",
        "ikeaudit.rehearsal/1",
        "change.rehearsal:Rehearsal",
        {"CaseResult": ("unproven",)},
    ),
    Kind(
        "rules",
        "`rules` and `rule` print",
        "ikeaudit.rules/1",
        "report.published_rules:PublishedRules",
        {"PublishedRules": ("book",), "PublishedRule": ("category",)},
    ),
    Kind("witness", "`witness` prints", "ikeaudit.witness/1", "report.published_witness:PublishedWitness"),
    Kind("status", "`status` prints", "ikeaudit.status/1", "change.status:Status", {"Status": ("plans", "workspace")}),
)


def kind_named(name: str) -> Kind:
    """The kind called ``name``; raises KeyError when there is none."""
    return _BY_NAME[name]


_BY_NAME = {kind.name: kind for kind in KINDS}
