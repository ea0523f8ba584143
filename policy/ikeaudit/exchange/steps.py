"""What happened at each message of an exchange, and which decision was taken there: the ``steps`` of ``ikeaudit explain``.

They are noted by the replay itself, at the place where it decides, and only when somebody asks for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from ikeaudit.model import Evidence
from ikeaudit.model.remembered import Remembered

T = TypeVar("T")

Sender = Literal["initiator", "responder"]

StepMessage = Literal[
    "MM1",
    "MM2",
    "MM3",
    "MM4",
    "MM5",
    "MM6",
    "AM1",
    "AM2",
    "AM3",
    "XAUTH",
    "QM1",
    "QM2",
    "QM3",
    "REGISTER",
    "SA_INIT",
    "AUTH",
]
"""The messages of the failures, and ``REGISTER``: what a GET VPN member says to its key server after phase 1."""

What = Annotated[
    Literal["key", "profile", "policy", "proposal", "identity", "proxy", "binding"],
    msgspec.Meta(
        description="key: what an end proves itself with, a keyring's key or a trust-point; profile: an ISAKMP or IKEv2 "
        "profile; policy: an ISAKMP or IKEv2 policy; proposal: an IKEv2 proposal, a transform set or a PFS group; "
        "identity: what an end presents itself as; proxy: the traffic to protect; binding: the tunnel end that takes it"
    ),
]

Fate = Annotated[
    Literal[
        "picked",
        "later",
        "less-precise",
        "not-searched",
        "no-key",
        "no-match",
        "other-vrf",
        "other-address",
        "not-listed",
        "differs",
        "not-known",
    ],
    msgspec.Meta(
        description="picked; later: fits as well, stands later in the configuration; less-precise: a longer mask or a more "
        "precise match won; not-searched: the search ended before; no-key: holds no key for the peer; no-match: does not "
        "match; other-vrf: serves another front-door VRF; other-address: local-address keeps it out; not-listed: the "
        "selected profile does not list it; differs: not the same at both ends; not-known: the configuration does not tell"
    ),
]


class Considered(msgspec.Struct, frozen=True, gc=False):
    """Something that a decision looked at, what became of it, and the lines that it stands on."""

    name: str
    result: Fate
    detail: str | None = None
    evidence: tuple[Evidence, ...] = ()


class Decision(msgspec.Struct, frozen=True, gc=False):
    """A decision that ``router`` took.

    ``blind`` is True for a key chosen before the profile is known. ``picked`` is None where nothing served; ``left_out``
    counts what was considered and is not listed, because it has nothing for this peer. ``rule`` is an id of
    ``docs/selection-rules.md``.
    """

    router: str
    what: What
    rule: str
    picked: str | None
    blind: bool = False
    considered: tuple[Considered, ...] = ()
    left_out: int = 0
    evidence: tuple[Evidence, ...] = ()


class Step(msgspec.Struct, frozen=True, gc=False):
    """One message: who sends it, and what both ends decide before it leaves and when it has come.

    ``arrived`` is False for a message that cannot be built or that nobody hears, None where that is not known.
    ``transcript`` are the places of the step's lines in the exchange's transcript.
    """

    message: StepMessage
    sender: Sender
    arrived: bool | None
    decisions: tuple[Decision, ...] = ()
    transcript: tuple[int, ...] = ()


class Pool:
    """Keeps one of each value: the routers of a fleet take the same decisions again and again."""

    def __init__(self) -> None:
        self._kept: dict[object, object] = {}
        self._made: dict[tuple[object, str], Remembered[Any]] = {}

    def one(self, value: T) -> T:
        """``value``, or the equal one that was there first."""
        return self._kept.setdefault(value, value)  # type: ignore[return-value]

    def made(self, make: Callable[[str, str], T], name: str) -> Mapping[str, T]:
        """By a text what ``make`` makes of ``name`` and the text, one of each."""
        made = self._made.get((make, name))
        if made is None:
            made = self._made[make, name] = Remembered(partial(make, name))
        return made


class Notes:
    """The steps of one run while it goes on."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._steps: list[Step] = []
        self._decisions: list[Decision] = []
        self._begun = 0

    def begin(self, message: StepMessage, sender: Sender, line: int) -> None:
        """A new message; ``line`` is the number of transcript lines so far."""
        self._finish(line)
        self._steps.append(Step(message, sender, arrived=False))

    def arrived(self) -> None:
        """The message has come to the other end."""
        self._steps[-1] = msgspec.structs.replace(self._steps[-1], arrived=True)

    def decided(self, decision: Decision) -> None:
        """A decision taken at the message that is under way."""
        self._decisions.append(self._pool.one(decision))

    def told(self, lines: int, *, aggressive: bool, known: bool) -> tuple[Step, ...]:
        """All steps; whether the last message arrived is not known where the replay gave up (``known`` is False)."""
        self._finish(lines)
        steps = [_named(step) if aggressive else step for step in self._steps]
        if steps and not steps[-1].arrived and not known:
            steps[-1] = msgspec.structs.replace(steps[-1], arrived=None)
        return tuple(self._pool.one(step) for step in steps)

    def _finish(self, line: int) -> None:
        if self._steps:
            places = tuple(range(self._begun, line))
            decisions = tuple(self._decisions)
            self._steps[-1] = msgspec.structs.replace(self._steps[-1], decisions=decisions, transcript=places)
        self._decisions, self._begun = [], line


def _named(step: Step) -> Step:
    """What began as the first message of phase 1, before the mode was known."""
    return msgspec.structs.replace(step, message="AM1") if step.message == "MM1" else step
