"""What programs read of ``witness``: the structs behind ``ikeaudit.witness/1``."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from ikeaudit.exchange.result import Confidence, Idle, Outcome, Reason, Seen
from ikeaudit.report.published import Number


class WitnessSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """One of the snapshots that were summed up."""

    path: str
    read: Annotated[str, msgspec.Meta(description="When the newest of its states was read (UTC); empty where none was")]
    hosts: Annotated[Number, msgspec.Meta(description="Routers with a configuration")]
    states: Annotated[Number, msgspec.Meta(description="Routers of which it has the state, too")]


class WitnessDirection(msgspec.Struct, frozen=True, kw_only=True):
    """One direction of one tunnel over all snapshots: what the newest one predicts, and how often it was seen."""

    initiator: str
    responder: Annotated[str | None, msgspec.Meta(description="Host name, null when its configuration is missing")]
    peer: Annotated[str, msgspec.Meta(description="The address called")]
    initiator_interface: str
    responder_interface: str | None
    ike_version: Literal[1, 2]
    predicted: Annotated[Outcome, msgspec.Meta(description="The outcome by the newest snapshot that has the direction")]
    confidence: Confidence
    reason: Literal[Reason, Idle] | None
    looked: Annotated[Number, msgspec.Meta(description="Snapshots whose state would show an association of it")]
    seen: Annotated[Number, msgspec.Meta(description="Those in which this initiator had started one that was up")]
    other_end: Annotated[
        Number, msgspec.Meta(description="Those in which the tunnel was up, and the other end alone had started it")
    ]
    observed: Annotated[Number, msgspec.Meta(description="Those in which it was evidence, and as predicted")]
    contradicted: Annotated[Number, msgspec.Meta(description="Those in which it was evidence against the prediction")]
    first_seen: Annotated[str | None, msgspec.Meta(description="When it was seen first, with this initiator (UTC)")]
    last_seen: Annotated[str | None, msgspec.Meta(description="When it was seen last (UTC)")]
    age: Annotated[int | None, msgspec.Meta(description="How old the association was then, in seconds, at most")]
    standing: Annotated[
        Seen, msgspec.Meta(description="What the newest snapshot that looked says: `observed` of ikeaudit.exchanges")
    ]


class PublishedWitness(msgspec.Struct, frozen=True, kw_only=True, tag_field="schema", tag="ikeaudit.witness/1"):
    """The answer of ``witness``."""

    snapshots: Annotated[tuple[WitnessSnapshot, ...], msgspec.Meta(min_length=1, description="The oldest first")]
    directions: Annotated[
        tuple[WitnessDirection, ...],
        msgspec.Meta(description="Contradicted ones first, then those that the other end alone ever started"),
    ]
    incomplete: Annotated[bool, msgspec.Meta(description="Whether a host could not be read (exit code 3)")]
