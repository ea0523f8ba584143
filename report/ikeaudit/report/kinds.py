"""Every kind of document that a verb prints or a plan's folder holds; a new one is a line in ``KINDS``.

A kind with a schema is for programs as well: its JSON Schema is derived from the struct that ``struct`` names. The structs
are imported when they are asked for, because some of them belong to parts that drive routers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec


class Kind(msgspec.Struct, frozen=True):
    """A kind of document.

    ``title`` says what prints or holds it; ``schema`` is its published id (empty: it is text for people only) and ``struct``
    the struct of that schema; ``printed`` is False for what only lies in a plan's folder. ``later`` names, by struct, the
    fields that came after the schema's number was given: documents without them are valid. ``refused`` is the sentence for
    somebody who wants it in a format that cannot draw it.
    """

    name: str
    title: str
    schema: str = ""
    struct: Callable[[], type[msgspec.Struct]] | None = None
    later: Mapping[str, tuple[str, ...]] = {}
    printed: bool = True
    refused: str = "The format {format} cannot draw what {title}; use {others}."


def _findings() -> type[msgspec.Struct]:
    from ikeaudit.report.published import PublishedFindings

    return PublishedFindings


def _exchanges() -> type[msgspec.Struct]:
    from ikeaudit.report.published import PublishedExchanges

    return PublishedExchanges


def _coverage() -> type[msgspec.Struct]:
    from ikeaudit.report.published import PublishedCoverage

    return PublishedCoverage


def _rules() -> type[msgspec.Struct]:
    from ikeaudit.report.published import PublishedRules

    return PublishedRules


def _collection() -> type[msgspec.Struct]:
    from ikeaudit.collect.outcome import Collection

    return Collection


def _plan() -> type[msgspec.Struct]:
    from ikeaudit.remediation.plan import Plan

    return Plan


def _proof() -> type[msgspec.Struct]:
    from ikeaudit.remediation.proof_record import Proof

    return Proof


def _approval() -> type[msgspec.Struct]:
    from ikeaudit.remediation.approval import Approval

    return Approval


def _change() -> type[msgspec.Struct]:
    from ikeaudit.change.report import ChangeReport

    return ChangeReport


def _status() -> type[msgspec.Struct]:
    from ikeaudit.change.status import Status

    return Status


def _rehearsal() -> type[msgspec.Struct]:
    from ikeaudit.change.rehearsal import Rehearsal

    return Rehearsal


_LATER = {
    "PublishedFile": ("unread", "collected"),
    "PublishedTotal": ("unread",),
    "PublishedFindings": ("incomplete", "failing"),
}

KINDS: tuple[Kind, ...] = (
    Kind("approval", "`approve` prints and writes as approval.json", "ikeaudit.approval/1", _approval),
    Kind(
        "change",
        "`apply`, `confirm`, `rollback` and `verify` print",
        "ikeaudit.change/1",
        _change,
        {"ChangeReport": ("worse", "groups", "next")},
    ),
    Kind(
        "collection",
        "`collect` prints",
        "ikeaudit.collection/1",
        _collection,
        {"Collection": ("kept", "dropped"), "HostOutcome": ("notices", "read", "unchanged")},
    ),
    Kind("coverage", "`coverage` prints", "ikeaudit.coverage/2", _coverage, {"PublishedFileKind": ("collected",)}),
    Kind("exchanges", "`explain` prints", "ikeaudit.exchanges/2", _exchanges),
    Kind("findings", "`check` prints", "ikeaudit.findings/1", _findings, _LATER),
    Kind("plan", "`plan` prints and writes as plan.json", "ikeaudit.plan/1", _plan),
    Kind(
        "plan-diff",
        "`plan diff` prints",
        refused="`plan diff` is text, which the format {format} cannot draw; `plan show --format json` prints the plan.",
    ),
    Kind("proof", "`plan` writes as proof.json", "ikeaudit.proof/1", _proof, printed=False),
    Kind("rehearsal", "`rehearse` prints and writes as rehearsal.json", "ikeaudit.rehearsal/1", _rehearsal),
    Kind("rules", "`rules` and `rule` print", "ikeaudit.rules/1", _rules, {"PublishedRules": ("book",)}),
    Kind("status", "`status` prints", "ikeaudit.status/1", _status, {"Status": ("plans",)}),
)


def kind_named(name: str) -> Kind:
    """The kind called ``name``; raises KeyError when there is none."""
    return _BY_NAME[name]


_BY_NAME = {kind.name: kind for kind in KINDS}
