"""What programs read of an audit: the structs behind ``ikeaudit.findings/1``, ``exchanges/1``, ``coverage/1``, ``rules/1``.

They name their fields one by one, so that a field added to a model never slips into what others rely on. Their JSON Schemas
are derived from them (``report.schemas``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal, Self, TypeVar

import msgspec

from ikeaudit.exchange.result import Confidence, Exchange, Message, Mode, Outcome, Reading, Reason, TranscriptLine
from ikeaudit.hazards.finding import Finding, Hazard, Scope, Severity
from ikeaudit.model import Evidence
from ikeaudit.report.coverage import Coverage, FileCoverage
from ikeaudit.rulebook import Rule

T = TypeVar("T", bound=msgspec.Struct)

Text = Annotated[str, msgspec.Meta(min_length=1)]
Code = Annotated[
    str, msgspec.Meta(description="Id of the hazard, see ikeaudit rules", pattern=r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)+$")
]
Number = Annotated[int, msgspec.Meta(ge=0)]
LineNumber = Annotated[int, msgspec.Meta(ge=1, description="Line number in the file, from 1")]


class PublishedExchange(msgspec.Struct, frozen=True, kw_only=True):
    """One direction of one tunnel."""

    initiator: Annotated[
        str, msgspec.Meta(min_length=1, description="Host name; NAME@file-stem where two files claim one name")
    ]
    responder: Annotated[str | None, msgspec.Meta(description="Host name, null when its configuration is missing")]
    peer: Annotated[str, msgspec.Meta(description="The address called")]
    initiator_interface: Annotated[
        str, msgspec.Meta(description="Tunnel1, or GigabitEthernet0/0 CM 10 for a crypto map entry")
    ]
    responder_interface: Annotated[str | None, msgspec.Meta(description="The same at the responder")]
    ike_version: Literal[1, 2]
    mode: Mode | None
    outcome: Annotated[Outcome, msgspec.Meta(description="The outcome of the primary reading")]
    confidence: Annotated[
        Confidence,
        msgspec.Meta(
            description="certain: all readings agree; probable: a weaker reading differs or a rule is inferred; "
            "unpredictable: a tie that IOS documents as unsupported decides; unknown: something needed is not known"
        ),
    ]
    failed_at: Annotated[
        Message | None,
        msgspec.Meta(description="The message whose sender cannot build it or whose receiver rejects it"),
    ]
    reason: Annotated[Reason | None, msgspec.Meta(description="Why, or null when nothing fails")]
    initiator_profile: Annotated[
        str | None, msgspec.Meta(description="ISAKMP or IKEv2 profile that the initiator uses")
    ]
    initiator_keyring: Annotated[
        str | None, msgspec.Meta(description="Keyring its key comes from; default is the global one")
    ]
    responder_keyring: Annotated[
        str | None,
        msgspec.Meta(description="Keyring that the responder picks its key from; default is the global one"),
    ]
    responder_profile: Annotated[
        str | None, msgspec.Meta(description="Profile that the responder selects by the identity")
    ]
    readings: Annotated[
        tuple[Reading, ...], msgspec.Meta(description="Every reading of the rules, when the confidence is not certain")
    ]
    transcript: Annotated[
        tuple[TranscriptLine, ...], msgspec.Meta(description="What the routers' IKE debug would show, in order")
    ]
    evidence: tuple[Evidence, ...]


class PublishedExchanges(msgspec.Struct, frozen=True, kw_only=True, tag_field="schema", tag="ikeaudit.exchanges/1"):
    """The answer of ``explain``."""

    exchanges: tuple[PublishedExchange, ...]

    @classmethod
    def of(cls, exchanges: Iterable[Exchange]) -> PublishedExchanges:
        """``exchanges`` in their order."""
        return cls(exchanges=_all(PublishedExchange, exchanges))


class PublishedLine(msgspec.Struct, frozen=True):
    """A line of a file."""

    line: LineNumber
    text: Annotated[str, msgspec.Meta(description="The line, keys masked")]


class PublishedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One configuration."""

    host: str
    file: str
    kind: Literal["ios", "not-ios"]
    reason: Annotated[str | None, msgspec.Meta(description="Why the file is not taken for IOS")]
    modelled: Annotated[Number, msgspec.Meta(description="Crypto-relevant lines that the model holds")]
    irrelevant: Annotated[Number, msgspec.Meta(description="Lines known not to matter")]
    unknown: Annotated[
        tuple[PublishedLine, ...], msgspec.Meta(description="Crypto-relevant lines that were not understood")
    ]
    unread: Annotated[
        Number,
        msgspec.Meta(description="Crypto-relevant lines of a page of notes, which is not read as a configuration"),
    ]
    remarks: Annotated[
        tuple[PublishedLine, ...],
        msgspec.Meta(description="What an auditor should know about the file; line is where it shows"),
    ]
    collected: Annotated[
        str | msgspec.UnsetType,
        msgspec.Meta(description="When it was last known to be the router's (UTC); only of a collected configuration"),
    ] = msgspec.UNSET

    @classmethod
    def of(cls, entry: FileCoverage) -> PublishedFile:
        """The ledger of one file."""
        return cls(
            host=entry.host,
            file=entry.file,
            kind=entry.kind,
            reason=entry.reason,
            modelled=entry.modelled,
            irrelevant=entry.irrelevant,
            unknown=_all(PublishedLine, entry.unknown),
            unread=entry.unread,
            collected=entry.collected or msgspec.UNSET,
            remarks=_all(PublishedLine, entry.remarks),
        )


class PublishedTotal(msgspec.Struct, frozen=True, kw_only=True):
    """The lines of all files together."""

    modelled: Number
    irrelevant: Number
    unknown: Number
    unread: Annotated[
        Number,
        msgspec.Meta(description="Crypto-relevant lines of pages of notes, which are not read as configurations"),
    ]
    percent: Annotated[
        float,
        msgspec.Meta(ge=0, le=100, description="Understood lines of all crypto-relevant ones, rounded down to 0.1"),
    ]


class PublishedProblem(msgspec.Struct, frozen=True, kw_only=True):
    """Something of the snapshot that is missing or could not be used."""

    kind: Annotated[
        Literal["host", "show", "file"],
        msgspec.Meta(
            description="host: a host without a configuration or with a stale one, so the snapshot is incomplete; "
            "show: a show command; file: a file's state"
        ),
    ]
    host: str
    file: str
    reason: Annotated[
        str, msgspec.Meta(min_length=1, description="Completes a sentence that begins with the host or file")
    ]


FileSaidWhy = Annotated[
    PublishedFile,
    msgspec.Meta(
        extra_json_schema={
            "if": {"properties": {"kind": {"const": "not-ios"}}},
            "then": {"properties": {"reason": {"type": "string", "minLength": 1}}},
        }
    ),
]
"""A file that is not IOS has a reason."""


class CoverageInFindings(msgspec.Struct, frozen=True, kw_only=True):
    """The body of ``ikeaudit.coverage/1``: what the findings rest on."""

    hosts: Annotated[
        tuple[FileSaidWhy, ...],
        msgspec.Meta(description="One entry per configuration, in the order of the snapshot"),
    ]
    total: PublishedTotal
    problems: tuple[PublishedProblem, ...]

    @classmethod
    def of(cls, coverage: Coverage) -> Self:
        """The ledgers of all files."""
        return cls(
            hosts=tuple(PublishedFile.of(entry) for entry in coverage.hosts),
            total=_picked(PublishedTotal, coverage.total),
            problems=_all(PublishedProblem, coverage.problems),
        )


class PublishedCoverage(CoverageInFindings, frozen=True, kw_only=True, tag_field="schema", tag="ikeaudit.coverage/1"):
    """The answer of ``coverage``."""


class PublishedFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One cause, however many tunnels it harms."""

    code: Code
    severity: Severity
    hosts: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1, description="Routers concerned")]
    peers: Annotated[tuple[str, ...], msgspec.Meta(description="Peers concerned")]
    message: Annotated[str, msgspec.Meta(min_length=1, description="What is wrong here")]
    symptom: Annotated[str, msgspec.Meta(description="What the routers show")]
    fix: Annotated[str, msgspec.Meta(description="What to do")]
    confidence: Confidence
    evidence: tuple[Evidence, ...]
    fingerprint: Annotated[
        str, msgspec.Meta(pattern="^[0-9a-f]{16}$", description="Stable across runs while the facts stay the same")
    ]


class PublishedFindings(msgspec.Struct, frozen=True, kw_only=True, tag_field="schema", tag="ikeaudit.findings/1"):
    """The answer of ``check``."""

    coverage: CoverageInFindings
    findings: Annotated[tuple[PublishedFinding, ...], msgspec.Meta(description="Worst first")]

    @classmethod
    def of(cls, coverage: Coverage, findings: Iterable[Finding]) -> PublishedFindings:
        """``findings`` in their order, with what they rest on."""
        return cls(coverage=CoverageInFindings.of(coverage), findings=_all(PublishedFinding, findings))


class PublishedRule(msgspec.Struct, frozen=True, kw_only=True):
    """A hazard of the catalogue."""

    code: Code
    title: Text
    severity: Severity
    scope: Scope
    what: str
    why: str
    symptom: str
    fix: str
    source: Annotated[str, msgspec.Meta(description="The ids of the rules about IOS that the hazard rests on")]


class PublishedBookRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule about IOS."""

    id: Annotated[
        str, msgspec.Meta(description="Id that hazards and plans cite", pattern=r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)+$")
    ]
    title: Text
    text: Text
    source: Annotated[str, msgspec.Meta(min_length=1, description="Documents, captures and reports that it rests on")]


class PublishedRules(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="schema", tag="ikeaudit.rules/1"
):
    """The answer of ``rules`` and ``rule``."""

    rules: tuple[PublishedRule, ...]
    book: Annotated[
        tuple[PublishedBookRule, ...],
        msgspec.Meta(description="Rules about IOS that findings and code rest on; there when one was asked for"),
    ] = ()

    @classmethod
    def of(cls, hazards: Iterable[Hazard], book: Iterable[Rule] = ()) -> PublishedRules:
        """``hazards`` and rules of the ``book``, in their order."""
        return cls(rules=_all(PublishedRule, hazards), book=_all(PublishedBookRule, book))


def _picked(published: type[T], thing: object) -> T:
    """The fields of ``thing`` that are published."""
    return published(**{name: getattr(thing, name) for name in published.__struct_fields__})


def _all(published: type[T], things: Iterable[object]) -> tuple[T, ...]:
    return tuple(_picked(published, thing) for thing in things)
