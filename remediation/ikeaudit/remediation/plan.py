"""A change as people review it and machines carry it out: ``ikeaudit.plan/1``.

A plan never holds a key. Where a command needs one, the token ``<PSK:fingerprint>`` stands in its place, and
:class:`KeyNeed` says where the value is found at the moment of sending.

::

    Plan
    ├── routers      PlannedRouter   one for every router that is changed, in the order in which they are changed
    │   └── keys     KeyNeed         the values that its commands and its rollback need
    ├── steps        Step            ordered over all routers: what is sent, what undoes it, what it may interrupt
    ├── directions   Outlook         every direction of every tunnel of those routers, before and after
    ├── waves        Wave            what is carried out in one window, and why
    │   └── groups   WaveGroup       what is carried out, or taken back, as one
    │       └── meanwhile  Meanwhile  what later groups bring to its end
    ├── refusals     Refusal         what was not planned, and why
    ├── unmended     Unmended        directions that stay down, and why
    └── rekeys       FirstRekey      directions whose first rekey tells whether both ends agree
"""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from ikeaudit.exchange.result import Confidence, Exchange, Lost, Outcome, Reason
from ikeaudit.model import Evidence, SecretFacts

PLAN_SCHEMA = "ikeaudit.plan/1"

Phase = Literal["arm", "additive", "switch", "cleanup"]
"""``arm`` makes a revert timer possible, before anything else; ``additive`` adds what nothing uses yet; ``switch`` changes what
negotiations use; ``cleanup`` removes leftovers."""


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


class Verdict(msgspec.Struct, frozen=True):
    """The result of an exchange in short: primary reading, certainty, and the worst of all readings."""

    outcome: Outcome
    confidence: Confidence
    worst: Outcome
    reason: Reason | None = None

    @classmethod
    def of(cls, exchange: Exchange) -> Verdict:
        """The verdict of ``exchange``."""
        return cls(exchange.outcome, exchange.confidence, exchange.worst, exchange.failure)


class Announcement(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a step does besides its purpose; what is not announced must not happen.

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
    """Something that the strategy would change but must not (PLAN-REFUSED); ``subject`` names what is left as it is."""

    router: str
    subject: str
    reason: str
    evidence: tuple[Evidence, ...] = ()


class KeyNeed(msgspec.Struct, frozen=True, kw_only=True):
    """A key that the commands need: the token ``<PSK:fingerprint>`` behind the encoding digit ``type`` (0, 6 or 7).

    ``source`` says who knows the value when the plan is applied: ``own``, the running-config of the router itself,
    where it stands behind the same digit; ``peer``, that of ``host``; ``generated``, nobody yet: it is made at that moment, for
    all routers that need it, and its fingerprint is a mere name; ``operator``, whoever applies the plan.
    """

    fingerprint: str
    type: int = 0
    source: Literal["own", "peer", "generated", "operator"] = "own"
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
    rollback; ``order_changes`` says in sentences what the rollback brings back in another order (CHANGE-APPENDS), in
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


class Unmended(msgspec.Struct, frozen=True, kw_only=True):
    """A direction that does not work, and will not after the plan; ``hazards`` say why, the code of each first."""

    direction: Direction
    verdict: Verdict
    lost_at: Lost | None = None
    hazards: tuple[str, ...] = ()


class FirstRekey(msgspec.Struct, frozen=True, kw_only=True):
    """A direction by IKEv2 of which nobody knows whether its far end uses the same group for PFS (``pfs``; None: none).

    Where it does not, that shows at the first rekey, ``seconds`` after it has come up.
    """

    direction: Direction
    pfs: str | None
    seconds: int


class Meanwhile(msgspec.Struct, frozen=True):
    """What a direction does after a group, where that is not yet what it does after the whole plan; None: it is not there."""

    direction: Direction
    verdict: Verdict | None


class WaveGroup(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a wave that is carried out, or taken back, as one: the two ends of tunnels, or whole routers.

    ``routers`` are changed in this order by the steps with the numbers ``steps``; ``tunnels`` are put to the test afterwards,
    in both directions. ``minutes`` is the revert timer of its near ends, ``timers`` the longer one of those named there.
    ``before`` and ``after`` are the hashes of what its routers run before and after it, when all groups before it are in force;
    ``meanwhile`` tells what those of its directions do then that later groups bring to their end.
    """

    routers: tuple[str, ...]
    steps: tuple[int, ...]
    tunnels: tuple[str, ...] = ()
    minutes: int = 15
    timers: dict[str, int] = {}
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    meanwhile: tuple[Meanwhile, ...] = ()


class Wave(msgspec.Struct, frozen=True, kw_only=True):
    """What is carried out in one window: its ``groups`` one after the other, each confirmed before the next begins.

    ``routers`` are changed, far ends first; ``reasons`` says of each why it is here and at this place. ``minutes`` is the
    longest revert timer of the near ends of a group, ``timers`` the longer one of those named there. ``partners`` are other
    ends that this wave does not change and that start their tunnels for the test. A router may be in several waves:
    ``before`` and ``after`` are the hashes (see :class:`PlannedRouter`) of what it runs before and after this one.
    """

    number: int
    routers: tuple[str, ...]
    reasons: dict[str, str]
    minutes: int = 15
    title: str = ""
    groups: tuple[WaveGroup, ...] = ()
    timers: dict[str, int] = {}
    partners: tuple[str, ...] = ()
    before: dict[str, str] = {}
    after: dict[str, str] = {}

    @property
    def steps(self) -> tuple[int, ...]:
        """The numbers of the wave's steps, in the order of sending."""
        return tuple(sorted(number for group in self.groups for number in group.steps))

    def timer(self, name: str) -> int:
        """The minutes after which router ``name`` goes back by itself."""
        return self.timers.get(name, self.minutes)


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A proven change. ``load_plan`` returns one only if every file of its folder is as it was written.

    ``digest`` is the SHA-256 (hex) of everything else in here, and ``files`` holds the SHA-256 of every other file
    of the folder by its relative path: whoever approves the digest approves all of it. ``created`` is UTC, ISO
    8601. ``key_facts`` carries what was measured of the keys (never the keys), by fingerprint; ``key_id`` names the workspace's
    key that those were made with. ``unmended`` is what the plan leaves as bad as it is, ``rekeys`` what must be seen before the
    change is closed; both are left out where there is nothing.
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
    key_id: str | UnsetType = UNSET
    unmended: tuple[Unmended, ...] | msgspec.UnsetType = msgspec.UNSET
    rekeys: tuple[FirstRekey, ...] | msgspec.UnsetType = msgspec.UNSET
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

    def wave(self, number: int) -> Wave:
        """The wave of that number; raises KeyError when the plan has none."""
        for wave in self.waves:
            if wave.number == number:
                return wave
        raise KeyError(number)

    def steps_of(self, name: str, wave: int | None = None) -> tuple[Step, ...]:
        """The steps of one router, in order; with ``wave`` only those of that wave."""
        among = None if wave is None else frozenset(self.wave(wave).steps)
        return tuple(step for step in self.steps if step.router == name and (among is None or step.number in among))

    def commands_of(self, name: str, wave: int | None = None) -> tuple[str, ...]:
        """All lines to send to one router (in ``wave``), in order; they start and end in global configuration mode."""
        return tuple(line for step in self.steps_of(name, wave) for line in step.commands)

    def rollback_of(self, name: str, done: int | None = None, wave: int | None = None) -> tuple[str, ...]:
        """The lines that undo one router's steps (of ``wave``), last first; ``done``: only those up to there were sent."""
        steps = [step for step in self.steps_of(name, wave) if done is None or step.number <= done]
        return tuple(line for step in reversed(steps) for line in step.rollback)
