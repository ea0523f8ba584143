"""What programs read of an audit: the structs behind ``ikeaudit.findings/1``, ``exchanges/2``, ``coverage/2``, ``rules/1``.

They name their fields one by one, so that a field added to a model never slips into what others rely on. Their JSON Schemas
are derived from them (``report.schemas``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal, Self, TypeVar

import msgspec

from ikeaudit.exchange.result import (
    Confidence,
    Exchange,
    Idle,
    Lost,
    Message,
    Mode,
    Outcome,
    Reading,
    Reason,
    Renewal,
    TranscriptLine,
)
from ikeaudit.exchange.steps import Considered, Fate, Sender, Step, StepMessage, What
from ikeaudit.hazards.finding import Finding, Hazard, Scope, Severity
from ikeaudit.model import Evidence, FileKind
from ikeaudit.report.coverage import Coverage, FileCoverage
from ikeaudit.report.verdict import Verdict
from ikeaudit.rulebook import Rule

T = TypeVar("T", bound=msgspec.Struct)

Text = Annotated[str, msgspec.Meta(min_length=1)]
Code = Annotated[
    str, msgspec.Meta(description="Id of the hazard, see ikeaudit rules", pattern=r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)+$")
]
Number = Annotated[int, msgspec.Meta(ge=0)]
LineNumber = Annotated[int, msgspec.Meta(ge=1, description="Line number in the file, from 1")]


RULE_ID = r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)+$"
Places = Annotated[tuple[Number, ...], msgspec.Meta(description="Places in the exchange's evidence, from 0")]


class PublishedConsidered(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a decision looked at."""

    name: Annotated[str, msgspec.Meta(description="Keyring, profile, policy, peer block, interface, identity ...")]
    result: Fate
    detail: Annotated[
        str | None, msgspec.Meta(description="The address and mask that fit, what differs, or whose it is")
    ]
    evidence: Places


class PublishedDecision(msgspec.Struct, frozen=True, kw_only=True):
    """A decision that a router took at a message."""

    router: str
    what: What
    blind: Annotated[bool, msgspec.Meta(description="A key chosen before the peer's profile is known")]
    considered: tuple[PublishedConsidered, ...]
    left_out: Annotated[
        Number,
        msgspec.Meta(description="How many more were looked at that have nothing for this peer and are not listed"),
    ]
    picked: Annotated[str | None, msgspec.Meta(description="Name of what was taken; null where nothing served")]
    rule: Annotated[
        str, msgspec.Meta(description="Id of the rule that decided, in docs/selection-rules.md", pattern=RULE_ID)
    ]
    evidence: Places


class PublishedStep(msgspec.Struct, frozen=True, kw_only=True):
    """One message, and what both ends decided before it left and when it came."""

    message: Annotated[
        StepMessage, msgspec.Meta(description="REGISTER: a GET VPN member's registration with its key server")
    ]
    sender: Sender = msgspec.field(name="from")
    arrived: Annotated[
        bool | None,
        msgspec.Meta(description="false: it cannot be built, or nobody hears it; null: not known"),
    ]
    decisions: tuple[PublishedDecision, ...]
    transcript: Annotated[
        tuple[Number, ...], msgspec.Meta(description="Places of its lines in the exchange's transcript, from 0")
    ]


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
        Literal[Message, "XAUTH"] | None,
        msgspec.Meta(description="The message whose sender cannot build it or whose receiver rejects it"),
    ]
    reason: Annotated[
        Literal[Reason, Idle, "xauth"] | None,
        msgspec.Meta(description="Why it fails, or why nothing reaches IKE at this end; null when it comes up"),
    ]
    by: Annotated[
        Literal["design", "fault"] | None,
        msgspec.Meta(description="Of a direction that is not initiated: meant so, or a fault; null for all others"),
    ]
    renewal: Annotated[
        Renewal | None,
        msgspec.Meta(
            description="Of an end that cannot call because it does not know its peer: what becomes of the same call while "
            "it does, which is how it renews the tunnel; null for all others"
        ),
    ]
    lost_at: Annotated[
        Lost | None,
        msgspec.Meta(
            description="It comes up and is lost again: at the first rekey, or at once, because replies leave in clear. "
            "Such a direction does not count as up"
        ),
    ]
    lost_after: Annotated[Number | None, msgspec.Meta(description="Seconds until then; null where not known")]
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
        tuple[Reading, ...],
        msgspec.Meta(
            description="Every reading of the rules, when the confidence is not certain, or when readings that end alike "
            "take different keyrings or profiles"
        ),
    ]
    transcript: Annotated[
        tuple[TranscriptLine, ...], msgspec.Meta(description="What the routers' IKE debug would show, in order")
    ]
    evidence: tuple[Evidence, ...]
    steps: Annotated[
        tuple[PublishedStep, ...],
        msgspec.Meta(description="The primary reading, message by message; empty when nothing is sent"),
    ]

    @classmethod
    def of(cls, exchange: Exchange) -> PublishedExchange:
        """``exchange``, its steps pointing into its evidence and transcript."""
        lines = {line: place for place, line in enumerate(exchange.evidence)}
        steps = tuple(_step(step, lines) for step in exchange.steps)
        values = {name: getattr(exchange, name) for name in cls.__struct_fields__}
        return cls(**{**values, "steps": steps, "evidence": tuple(lines)})


def _step(step: Step, lines: dict[Evidence, int]) -> PublishedStep:
    decisions = tuple(
        PublishedDecision(
            router=decision.router,
            what=decision.what,
            blind=decision.blind,
            considered=tuple(_considered(one, lines) for one in decision.considered),
            left_out=decision.left_out,
            picked=decision.picked,
            rule=decision.rule,
            evidence=_places(decision.evidence, lines),
        )
        for decision in step.decisions
    )
    return PublishedStep(
        message=step.message,
        sender=step.sender,
        arrived=step.arrived,
        decisions=decisions,
        transcript=step.transcript,
    )


def _considered(one: Considered, lines: dict[Evidence, int]) -> PublishedConsidered:
    return PublishedConsidered(
        name=one.name, result=one.result, detail=one.detail, evidence=_places(one.evidence, lines)
    )


def _places(evidence: Iterable[Evidence], lines: dict[Evidence, int]) -> tuple[int, ...]:
    """Where the lines stand in the exchange's evidence; those that only a step names are added to it."""
    return tuple(lines.setdefault(line, len(lines)) for line in evidence)


class PublishedExchanges(msgspec.Struct, frozen=True, kw_only=True, tag_field="schema", tag="ikeaudit.exchanges/2"):
    """The answer of ``explain``."""

    exchanges: tuple[PublishedExchange, ...]

    @classmethod
    def of(cls, exchanges: Iterable[Exchange]) -> PublishedExchanges:
        """``exchanges`` in their order."""
        return cls(exchanges=tuple(PublishedExchange.of(exchange) for exchange in exchanges))


class PublishedLine(msgspec.Struct, frozen=True):
    """A line of a file."""

    line: LineNumber
    text: Annotated[str, msgspec.Meta(description="The line, keys masked")]


class PublishedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One configuration."""

    host: str
    file: str
    kind: Literal["ios", "not-ios"]
    reason: Annotated[str | None, msgspec.Meta(description="Why the file is not taken for IOS, or is a template")]
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
    def of(cls, entry: FileCoverage) -> Self:
        """The ledger of one file."""
        return cls(
            host=entry.host,
            file=entry.file,
            kind=cls.kind_of(entry),
            reason=entry.reason,
            modelled=entry.modelled,
            irrelevant=entry.irrelevant,
            unknown=_all(PublishedLine, entry.unknown),
            unread=entry.unread,
            collected=entry.collected or msgspec.UNSET,
            remarks=_all(PublishedLine, entry.remarks),
        )

    @classmethod
    def kind_of(cls, entry: FileCoverage) -> Any:
        """What the schema calls the file."""
        return "ios" if entry.read else "not-ios"


class PublishedFileKind(PublishedFile, frozen=True, kw_only=True):
    """One configuration, with more kinds."""

    kind: Annotated[  # type: ignore[assignment]
        FileKind,
        msgspec.Meta(
            description="ios; template: values are not filled in; not-ios: known to be something else; unreadable: no text, "
            "or nothing known"
        ),
    ]

    @classmethod
    def kind_of(cls, entry: FileCoverage) -> Any:
        """What became of the file."""
        return entry.kind


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
FileKindSaidWhy = Annotated[
    PublishedFileKind,
    msgspec.Meta(
        extra_json_schema={
            "if": {"properties": {"kind": {"enum": ["template", "not-ios", "unreadable"]}}},
            "then": {"properties": {"reason": {"type": "string", "minLength": 1}}},
        }
    ),
]


class CoverageInFindings(msgspec.Struct, frozen=True, kw_only=True):
    """What the findings rest on."""

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


class PublishedCoverage(msgspec.Struct, frozen=True, kw_only=True, tag_field="schema", tag="ikeaudit.coverage/2"):
    """The answer of ``coverage``."""

    hosts: Annotated[
        tuple[FileKindSaidWhy, ...],
        msgspec.Meta(description="One entry per configuration, in the order of the snapshot"),
    ]
    total: PublishedTotal
    problems: tuple[PublishedProblem, ...]
    incomplete: Annotated[
        bool, msgspec.Meta(description="Whether a host is missing, or less was understood than was asked for")
    ]

    @classmethod
    def of(cls, coverage: Coverage, *, incomplete: bool) -> Self:
        """The ledgers of all files."""
        return cls(
            hosts=tuple(PublishedFileKind.of(entry) for entry in coverage.hosts),
            total=_picked(PublishedTotal, coverage.total),
            problems=_all(PublishedProblem, coverage.problems),
            incomplete=incomplete,
        )


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
    incomplete: Annotated[
        bool,
        msgspec.Meta(description="Whether a host is missing, or less was understood than was asked for (exit code 3)"),
    ]
    failing: Annotated[
        bool,
        msgspec.Meta(description="Whether a finding is as severe as --fail-on (exit code 1, unless incomplete too)"),
    ]

    @classmethod
    def of(cls, coverage: Coverage, findings: Iterable[Finding], verdict: Verdict) -> PublishedFindings:
        """``findings`` in their order, with what they rest on and how the check ended."""
        return cls(
            incomplete=verdict.incomplete,
            failing=verdict.failing,
            coverage=CoverageInFindings.of(coverage),
            findings=_all(PublishedFinding, findings),
        )


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

    id: Annotated[str, msgspec.Meta(description="Id that hazards and plans cite", pattern=RULE_ID)]
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
