"""What programs read of ``diagnose``: the structs behind ``ikeaudit.diagnosis/1``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec

from ikeaudit.exchange.result import Message, Mode, Outcome
from ikeaudit.logs import Cause, Side
from ikeaudit.model import Evidence
from ikeaudit.report.diagnosis import Diagnosed
from ikeaudit.report.published import Code, LineNumber, Number, picked_all

Lines = Annotated[tuple[LineNumber, ...], msgspec.Meta(description="Numbers of the log's lines that tell, from 1")]
Attempts = Annotated[int, msgspec.Meta(ge=1, description="How many attempts ended so")]


class PublishedEarlier(msgspec.Struct, frozen=True, kw_only=True):
    """A failure before the same ends came up in the same direction."""

    failed_at: Message | None
    reason: Cause | None
    attempts: Attempts
    lines: Lines


class PublishedNegotiation(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a negotiation between two ends in one direction, by the log of one of them."""

    host: Annotated[
        str | None, msgspec.Meta(description="The router that logs; null where neither log nor snapshot says")
    ]
    local: Annotated[str | None, msgspec.Meta(description="Its address")]
    peer: Annotated[str | None, msgspec.Meta(description="The address of the other end")]
    side: Annotated[Literal[Side, "unknown"], msgspec.Meta(description="What the router that logs was")]
    ike_version: Literal[1, 2]
    mode: Annotated[Mode | None, msgspec.Meta(description="null where the log does not say, and for IKEv2")]
    outcome: Annotated[
        Outcome,
        msgspec.Meta(
            description="unknown: the log shows no end of it. It came up in the end: up, whatever failed before"
        ),
    ]
    failed_at: Annotated[
        Message | None, msgspec.Meta(description="The message that was refused or not answered; null where not told")
    ]
    reason: Annotated[
        Cause | None,
        msgspec.Meta(
            description="The cause that the log decides, or leads to; with a snapshot, the predicted one that it allows for"
        ),
    ]
    candidates: Annotated[
        tuple[Cause, ...],
        msgspec.Meta(description="What else it may be, as far as the log can tell; all where reason is null"),
    ]
    reached: Annotated[
        str | None, msgspec.Meta(description="The last message known to have gone by; PHASE1: the IKE SA was there")
    ]
    time: Annotated[str | None, msgspec.Meta(description="The stamp of the first line that tells, as the log has it")]
    lines: Lines
    says: Annotated[
        str, msgspec.Meta(description="The message that tells most, in its fixed words only; empty where nothing tells")
    ]
    attempts: Attempts
    earlier: tuple[PublishedEarlier, ...]
    predicted: Annotated[
        bool | None,
        msgspec.Meta(
            description="Whether explain says just this of the direction; null without a snapshot or where either is open"
        ),
    ]
    hazards: Annotated[tuple[Code, ...], msgspec.Meta(description="The findings behind it, as check tells them")]
    evidence: Annotated[tuple[Evidence, ...], msgspec.Meta(description="The lines of configuration behind it")]

    @classmethod
    def of(cls, diagnosed: Diagnosed) -> PublishedNegotiation:
        """A negotiation with what the snapshot adds."""
        told = diagnosed.told
        return cls(
            host=diagnosed.host,
            local=diagnosed.local,
            peer=told.peer,
            side=told.side,
            ike_version=told.ike_version,
            mode=told.mode,
            outcome=told.outcome,
            failed_at=diagnosed.failed_at,
            reason=diagnosed.reason,
            candidates=told.candidates,
            reached=told.reached,
            time=told.time,
            lines=told.lines,
            says=told.words,
            attempts=told.attempts,
            earlier=picked_all(PublishedEarlier, told.earlier),
            predicted=diagnosed.predicted,
            hazards=diagnosed.hazards,
            evidence=diagnosed.evidence,
        )


class PublishedDiagnosis(msgspec.Struct, frozen=True, kw_only=True, tag_field="schema", tag="ikeaudit.diagnosis/1"):
    """The answer of ``diagnose``."""

    exchanges: tuple[PublishedNegotiation, ...]
    lines: Annotated[Number, msgspec.Meta(description="Lines of the log that were read")]
    messages: Annotated[Number, msgspec.Meta(description="Messages of IKE and IPsec among them that are known")]

    @classmethod
    def of(cls, exchanges: Iterable[Diagnosed], lines: int, messages: int) -> PublishedDiagnosis:
        """``exchanges`` in their order."""
        return cls(exchanges=tuple(PublishedNegotiation.of(one) for one in exchanges), lines=lines, messages=messages)
