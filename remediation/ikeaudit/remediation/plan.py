"""A change as people review it and machines carry it out: ``ikeaudit.plan/1`` (DESIGN section 4).

A plan never holds a key. Where a command needs one, the token ``<PSK:fingerprint>`` stands in its place, and
:class:`KeyNeed` says where the value is found at the moment of sending.

::

    Plan
    ├── routers      PlannedRouter   one for every router that is changed, in the order in which they are changed
    │   └── keys     KeyNeed         the values that its commands and its rollback need
    ├── steps        Step            ordered over all routers: what is sent, what undoes it, what it may interrupt
    ├── directions   Outlook         every direction of every tunnel of those routers, before and after
    ├── waves        Wave            which routers are changed together, and why
    └── refusals     Refusal         what was not planned, and why
"""

from __future__ import annotations

from typing import Literal

import msgspec

from ikeaudit.exchange.result import Confidence, Exchange, Outcome, Reason
from ikeaudit.model import Evidence, SecretFacts

PLAN_SCHEMA = "ikeaudit.plan/1"

Phase = Literal["additive", "switch", "cleanup"]
"""``additive`` adds what nothing uses yet; ``switch`` changes what negotiations use; ``cleanup`` removes leftovers."""


class Direction(msgspec.Struct, frozen=True, order=True):
    """One direction of one tunnel, the way :class:`~ikeaudit.exchange.result.Exchange` names it.

    ``responder`` and ``responder_interface`` are None when nothing known answers at ``peer``.
    """

    initiator: str
    initiator_interface: str
    peer: str
    responder: str | None = None
    responder_interface: str | None = None

    @classmethod
    def of(cls, exchange: Exchange) -> Direction:
        """The direction that ``exchange`` replays."""
        return cls(
            exchange.initiator,
            exchange.initiator_interface,
            exchange.peer,
            exchange.responder,
            exchange.responder_interface,
        )

    def __str__(self) -> str:
        return f"{self.initiator} {self.initiator_interface} -> {self.responder or self.peer}"


class Announcement(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a step does besides its purpose; what is not announced must not happen (DESIGN 3.5).

    ``seconds`` bounds how long traffic may stop; 0 when established tunnels go on and only negotiations that begin
    in that moment are concerned. ``directions`` may leave ``up`` from this step on, until step ``until`` has been
    sent.
    """

    text: str
    seconds: int = 0
    directions: tuple[Direction, ...] = ()
    until: int = 0


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """Lines for one router that belong together; the router is left in a proven state after each step.

    ``commands`` start in global configuration mode and return to it (sub-modes are left with ``exit``); they have
    no indentation, no comments and no ``configure terminal`` or ``end``. ``rollback`` undoes exactly this step,
    given that all later steps on the same router are undone first. ``cuts_session`` marks a step that may cut the
    SSH session that sends it.
    """

    number: int
    router: str
    phase: Phase
    title: str
    commands: tuple[str, ...]
    rollback: tuple[str, ...]
    announce: tuple[Announcement, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    cuts_session: bool = False


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the strategy would change but must not (DOMAIN 12.1); ``subject`` names what is left as it is."""

    router: str
    subject: str
    reason: str
    evidence: tuple[Evidence, ...] = ()


class KeyNeed(msgspec.Struct, frozen=True, kw_only=True):
    """A key that the commands need: the token ``<PSK:fingerprint>`` behind the encoding digit ``type`` (0, 6 or 7).

    ``source`` says who knows the value when the plan is applied: ``own``, the running-config of the router itself,
    where it stands behind the same digit; ``peer``, that of ``host``; ``operator``, whoever applies the plan.
    """

    fingerprint: str
    type: int = 0
    source: Literal["own", "peer", "operator"] = "own"
    host: str | None = None
    evidence: tuple[Evidence, ...] = ()

    @property
    def token(self) -> str:
        """The token as it stands in the commands."""
        return f"<PSK:{self.fingerprint}>"


class PlannedRouter(msgspec.Struct, frozen=True, kw_only=True):
    """A router that is changed.

    ``before_hash``, ``after_hash`` and ``rolled_back_hash`` are :func:`ikeaudit.parsing.volatile.before_hash` of
    the redacted running-config before the change, as predicted after it, and as predicted after the change and its
    rollback; ``order_changes`` says in sentences what the rollback brings back in another order (DOMAIN 8.4), in
    which case the last hash differs from the first. ``folder`` holds ``apply.cfg``, ``rollback.cfg`` and
    ``after.cfg``.
    """

    name: str
    folder: str
    before_hash: str
    after_hash: str
    rolled_back_hash: str
    file: str
    order_changes: tuple[str, ...] = ()
    keys: tuple[KeyNeed, ...] = ()


class Verdict(msgspec.Struct, frozen=True):
    """The result of an exchange in short: primary reading, certainty, and the worst of all readings."""

    outcome: Outcome
    confidence: Confidence
    worst: Outcome
    reason: Reason | None = None

    @classmethod
    def of(cls, exchange: Exchange) -> Verdict:
        """The verdict of ``exchange``."""
        return cls(exchange.outcome, exchange.confidence, exchange.worst, exchange.reason)


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """A direction of a tunnel of a changed router: what it does before the change and what is proven for after it.

    ``before`` is None for a direction that the change adds, ``after`` for one that it removes.
    ``fvrf`` is the front-door VRF of the initiator's end (None: default VRF); directions with one ``tunnel`` are
    the two directions of one tunnel.
    """

    direction: Direction
    tunnel: str
    before: Verdict | None
    after: Verdict | None
    ike_version: int
    fvrf: str | None = None


class Wave(msgspec.Struct, frozen=True, kw_only=True):
    """Routers changed in one window, in this order; ``reasons`` says of each why it is here and at this place."""

    number: int
    routers: tuple[str, ...]
    reasons: dict[str, str]
    minutes: int = 15


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A proven change. ``load_plan`` returns one only if every file of its folder is as it was written.

    ``digest`` is the SHA-256 (hex) of everything else in here, and ``files`` holds the SHA-256 of every other file
    of the folder by its relative path: whoever approves the digest approves all of it. ``created`` is UTC, ISO
    8601. ``key_facts`` carries what was measured of the keys (never the keys), by fingerprint.
    """

    schema: str = PLAN_SCHEMA
    digest: str = ""
    change_id: str
    strategy: str
    tool_version: str
    created: str
    routers: tuple[PlannedRouter, ...] = ()
    steps: tuple[Step, ...] = ()
    directions: tuple[Outlook, ...] = ()
    waves: tuple[Wave, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    key_facts: dict[str, SecretFacts] = {}
    files: dict[str, str] = {}

    @property
    def empty(self) -> bool:
        """Whether nothing is to be changed."""
        return not self.steps

    def router(self, name: str) -> PlannedRouter:
        """The changed router called ``name``; raises KeyError when the plan does not change it."""
        for router in self.routers:
            if router.name == name:
                return router
        raise KeyError(name)

    def steps_of(self, name: str) -> tuple[Step, ...]:
        """The steps of one router, in order."""
        return tuple(step for step in self.steps if step.router == name)

    def commands_of(self, name: str) -> tuple[str, ...]:
        """All lines to send to one router, in order; they start and end in global configuration mode."""
        return tuple(line for step in self.steps_of(name) for line in step.commands)

    def rollback_of(self, name: str, done: int | None = None) -> tuple[str, ...]:
        """The lines that undo one router's steps, last step first; ``done``: only those numbered up to it were sent."""
        steps = [step for step in self.steps_of(name) if done is None or step.number <= done]
        return tuple(line for step in reversed(steps) for line in step.rollback)
