"""What comes of a proof: what the replay established, or the first step that it does not accept."""

from __future__ import annotations

import msgspec

from ikeaudit.exchange import Exchange
from ikeaudit.remediation.plan import Refusal, Step
from ikeaudit.remediation.proof_record import Moved, Proof
from ikeaudit.remediation.scene import Key


class NotProven(Exception):  # noqa: N818 - what was found, not an accident
    """The steps of one router cannot be accepted; ``refusal`` says which one and why.

    ``stage`` says how far the proof had come: 0 step by step, 1 the whole compared, 2 mixed states, 3 the way back, 4 its end,
    5 that compared. ``step`` is the number of the step in question.
    """

    def __init__(self, refusal: Refusal, stage: int = 0, step: int = 0) -> None:
        super().__init__(refusal.reason)
        self.refusal = refusal
        self.stage = stage
        self.step = step


class Proven(msgspec.Struct, frozen=True):
    """What the replay established.

    ``before`` and ``later`` are the directions of tunnels; the proof itself has the calls of clients and between spokes too.
    ``after`` and ``rolled_back`` are configurations by router; ``order_changes`` says for each what the rollback brings back
    in another order. ``unstarted`` are the directions among ``before``, and among ``later``, that nobody calls
    (:attr:`Scene.unstarted`). ``moved`` has by step what it leaves otherwise, ``hashes`` what its router runs then.
    """

    steps: tuple[Step, ...]
    proof: Proof
    before: tuple[Exchange, ...]
    later: tuple[Exchange, ...]
    after: dict[str, str]
    rolled_back: dict[str, str]
    order_changes: dict[str, tuple[str, ...]]
    moved: dict[int, Moved]
    hashes: dict[int, str]
    unstarted: tuple[dict[Key, int], dict[Key, int]] = ({}, {})
