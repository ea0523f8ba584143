"""What a proof holds: ``ikeaudit.proof/1``, every exchange before, after each step, after all, and after the rollback."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from ikeaudit.exchange.result import Confidence, Exchange, Message, Outcome, Reading, Reason
from ikeaudit.remediation.plan import Direction

PROOF_SCHEMA = "ikeaudit.proof/1"
LISTED = 100
"""Directions of a router that each of its steps lists one by one in the file."""

CHECKS = (
    "every line of the change and of the rollback was accepted",
    "no line adds anything that is not understood",
    "the running-config with the change applied is after.cfg",
    "after.cfg with the rollback applied is the running-config, but for the order that the plan announces",
    "every class of callers that some end serves gets through after each step",
)
"""The laws that hold of a plan besides what was replayed."""


class ProvenExchange(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict on one direction at one moment, without its transcript (``explain`` on ``after.cfg`` prints that)."""

    direction: Direction
    outcome: Outcome
    confidence: Confidence
    worst: Outcome
    failed_at: Message | None = None
    reason: Reason | None = None
    initiator_profile: str | None = None
    initiator_keyring: str | None = None
    responder_keyring: str | None = None
    responder_profile: str | None = None
    readings: tuple[Reading, ...] = ()

    @classmethod
    def of(cls, exchange: Exchange) -> ProvenExchange:
        """The record of ``exchange``."""
        return cls(
            direction=Direction.of(exchange),
            outcome=exchange.outcome,
            confidence=exchange.confidence,
            worst=exchange.worst,
            failed_at=exchange.failed_at,
            reason=exchange.failure,
            initiator_profile=exchange.initiator_profile,
            initiator_keyring=exchange.initiator_keyring,
            responder_keyring=exchange.responder_keyring,
            responder_profile=exchange.responder_profile,
            readings=exchange.readings,
        )


class Degraded(msgspec.Struct, frozen=True):
    """A direction that left ``up`` in some reading, as the plan had announced; ``sentence`` says what happens."""

    direction: Direction
    sentence: str


class Within(msgspec.Struct, frozen=True, kw_only=True):
    """A direction that is worse between two lines of a step than before and after it, for so many ``lines``.

    No order of the step's lines avoids it, else the step would have been refused; ``sentence`` says what happens first.
    """

    direction: Direction
    sentence: str
    lines: int


class StepProof(msgspec.Struct, frozen=True, kw_only=True):
    """The fleet as step ``number`` leaves it: the exchanges that touch its router.

    ``lines`` counts the lines that changed something, ``moments`` those of them after which everything that they can concern
    was replayed: all of them. ``degraded`` are the directions of its router that were worse than before the change at one of
    those moments, but for those that are so only ``within`` the step; ``within_rollback`` tells the same of its rollback. In
    the file, ``exchanges`` of a router with more than 100 directions are those that the step leaves otherwise than they were;
    ``unchanged`` counts the rest.
    """

    number: int
    router: str
    lines: int
    moments: int
    exchanges: tuple[ProvenExchange, ...]
    unchanged: int = 0
    degraded: tuple[Degraded, ...] = ()
    within: tuple[Within, ...] = ()
    within_rollback: tuple[Within, ...] = ()


class Moved(NamedTuple):
    """What a step leaves otherwise than its router's last step did, or than it was before all: no part of the file.

    ``was`` are directions that may not be there any more, ``now`` the verdicts on those that are.
    """

    was: tuple[Direction, ...]
    now: tuple[ProvenExchange, ...]


class MixedProof(msgspec.Struct, frozen=True, kw_only=True):
    """A state in which only ``changed`` have their new configuration: what a reverted far end leaves behind."""

    changed: tuple[str, ...]
    exchanges: tuple[ProvenExchange, ...]


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was replayed to accept a plan.

    ``checks`` are the laws that hold besides: every line accepted, running + apply = after, after + rollback = running.
    """

    schema: str = PROOF_SCHEMA
    before: tuple[ProvenExchange, ...]
    steps: tuple[StepProof, ...]
    mixed: tuple[MixedProof, ...]
    after: tuple[ProvenExchange, ...]
    rolled_back: tuple[ProvenExchange, ...]
    checks: tuple[str, ...]
