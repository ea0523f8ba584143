"""One attempt of one router to come to an SA with one peer: what the log has said of it so far."""

from __future__ import annotations

from typing import Literal

from ikeaudit.logs.message import Row, Side, Stage

_ORDER: tuple[tuple[Stage, ...], ...] = (
    ("MM1", "AM1", "SA_INIT"),
    ("MM2", "AM2"),
    ("MM3", "AM3"),
    ("MM4", "AUTH"),
    ("MM5",),
    ("MM6",),
    ("PHASE1",),
    ("XAUTH",),
    ("QM1",),
    ("QM2",),
    ("QM3",),
    ("UP",),
)
PLACE: dict[Stage, int] = {stage: place for place, stages in enumerate(_ORDER, start=1) for stage in stages}
"""How far along a message is."""

MOST_LINES = 12
"""Lines that are named for one verdict: the telling ones, of which a repeated failure has thousands."""


class Refusal:
    """That an end refuses a message: the ``row`` that says so, and its ``line``; ``at`` is the message, None if not told."""

    __slots__ = ("at", "line", "row", "time")

    def __init__(self, row: Row, line: int, at: Stage | None, time: str) -> None:
        self.row, self.line, self.at, self.time = row, line, at, time


class Attempt:
    """What is known of one attempt. Facts are noted as they come; later progress takes refusals of earlier messages back."""

    def __init__(self, version: Literal[1, 2], line: int, time: str) -> None:
        self.version = version
        self.line, self.time = line, time
        self.host: str | None = None
        self.soft_host = False
        """Whether the host is only that of the prompt last seen."""
        self.peer: str | None = None
        self.local: str | None = None
        self.side: Side | None = None
        self.assumed = False
        """Whether ``side`` is only likely, from what was looked up; what tells it for certain corrects it."""
        self.last_sent: bool | None = None
        """Whether the packet of IKEv2 shown last was sent; None where none was shown yet."""
        self.mode: Literal["main", "aggressive"] | None = None
        self.stage: Stage | None = None
        self.refusals: list[Refusal] = []
        self.repeats: list[Refusal] = []
        self.breaks: list[Refusal] = []
        self.facts: dict[str, int] = {}
        """Facts by the line that told them first."""
        self.up: Refusal | None = None
        self.numbers: set[str] = set()
        """The numbers of its SA: none while it has none yet."""
        self.sent = False
        """Whether a packet of it has left."""
        self.begun = False
        """Whether anything was said that only a negotiation says."""

    @property
    def place(self) -> int:
        """How far it has come, 0 where that is not told."""
        return PLACE[self.stage] if self.stage else 0

    @property
    def settled(self) -> bool:
        """Whether it has ended, one way or the other, as far as is known now."""
        return self.up is not None or bool(self.refusals)

    @property
    def keyless(self) -> bool:
        """Whether all that was refused so far is for want of a key, which certificates make up for."""
        return bool(self.refusals) and all(one.row.fact == "no-key" for one in self.refusals)

    def plays(self, side: Side | None, *, assumed: bool = False) -> None:
        """This router is ``side``, unless another part is known better."""
        if side is not None and (self.side is None or (self.assumed and not assumed)):
            self.side, self.assumed = side, assumed

    def may_be(self, side: Side | None) -> bool:
        """Whether nothing known speaks against this router being ``side``."""
        return side is None or self.assumed or self.side in (None, side)

    def has_a_key(self) -> None:
        """A key is there after all: by another look-up, or since an initiator of IKEv2 without any sends nothing.

        Where the log says that there was none in the end, it is there for the next attempt.
        """
        if not any(one.row.fact == "no-key" for one in self.refusals):
            self.refusals = [one for one in self.refusals if one.row.fact != "no-entry"]

    def reach(self, stage: Stage, row: Row | None = None, line: int = 0, time: str = "") -> None:
        """The negotiation has come to ``stage``, so what went before it was accepted after all."""
        self.begun = True
        if stage == "UP" and row is not None and self.up is None:
            self.up = Refusal(row, line, stage, time)
        elif stage == "UP" and self.up is None:
            self.up = Refusal(UP, line, stage, time)
        place = PLACE[stage]
        if place == self.place and stage.startswith("AM"):
            self.stage = stage  # a first packet does not tell of which mode it is
        if place <= self.place:
            return
        self.stage = stage
        self.refusals = [one for one in self.refusals if not self._overtaken(one, place)]
        self.repeats = [one for one in self.repeats if one.at is None or PLACE[one.at] > place] if stage != "UP" else []

    def _overtaken(self, refusal: Refusal, place: int) -> bool:
        if place == PLACE["UP"]:
            return True
        if refusal.row.child and self.version == 2:
            return False
        at = refusal.at
        if at is None:
            return place >= PLACE["PHASE1"] > 0
        return PLACE[at] < place and not (self.version == 2 and at == "AUTH" and place < PLACE["PHASE1"])

    def refuse(self, row: Row, line: int, at: Stage | None, time: str) -> None:
        """An end has refused a message."""
        self.begun = True
        if len(self.refusals) < MOST_LINES or row.weight > max(one.row.weight for one in self.refusals):
            self.refusals.append(Refusal(row, line, at, time))

    def repeat(self, row: Row, line: int, at: Stage | None, time: str) -> None:
        """A message was sent again, or given up."""
        self.begun = True
        if len(self.repeats) < MOST_LINES or row.fact == "given-up":
            self.repeats.append(Refusal(row, line, at, time))

    def note(self, fact: str, line: int) -> None:
        """A fact that helps to tell causes apart."""
        self.facts.setdefault(fact, line)


UP = Row(text="New State = IKE_QM_PHASE2_COMPLETE", does="reaches", at="UP", source="")
"""The state machine's own word for it."""
