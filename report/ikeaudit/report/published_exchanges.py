"""What programs read of ``explain``: the structs behind ``ikeaudit.exchanges/2``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec

from ikeaudit.exchange.result import (
    Alternative,
    Confidence,
    Exchange,
    Idle,
    Lost,
    Message,
    Mode,
    Observed,
    Outcome,
    Reading,
    Reason,
    Renewal,
    TranscriptLine,
)
from ikeaudit.exchange.steps import Considered, Fate, Sender, Step, StepMessage, What
from ikeaudit.model import Evidence
from ikeaudit.report.published import RULE_ID, Number

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
        Message | None,
        msgspec.Meta(description="The message whose sender cannot build it or whose receiver rejects it"),
    ]
    reason: Annotated[
        Literal[Reason, Idle] | None,
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
    instead: Annotated[
        Alternative | None,
        msgspec.Meta(
            description="Of a direction that fails, from a crypto map entry with several peers: the one that is called "
            "instead, and what becomes of that call; null for all others"
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
    observed: Annotated[
        Observed | msgspec.UnsetType,
        msgspec.Meta(
            description="What an association in the routers' state says of it, which this initiator started; only where there "
            "is one. observed: up as predicted; other-reading: as another reading of the rules has it; contradicted: the model "
            "is wrong; before-change: older than the last change of an end, so that it is tested at the next renewal; undated: "
            "its age, or when the ends were changed, is not known"
        ),
    ] = msgspec.UNSET

    @classmethod
    def of(cls, exchange: Exchange) -> PublishedExchange:
        """``exchange``, its steps pointing into its evidence and transcript."""
        lines = {line: place for place, line in enumerate(exchange.evidence)}
        steps = tuple(_step(step, lines) for step in exchange.steps)
        values = {name: getattr(exchange, name) for name in cls.__struct_fields__}
        values["observed"] = exchange.observed or msgspec.UNSET
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
