"""What a log tells of the negotiations between two ends: the contract of ``ikeaudit diagnose``."""

from __future__ import annotations

from typing import Literal

import msgspec

from ikeaudit.exchange.result import Message, Outcome
from ikeaudit.logs.message import Cause, Side


class Earlier(msgspec.Struct, frozen=True, kw_only=True):
    """A failure of the same ends and direction before they came up."""

    failed_at: Message | None
    reason: Cause | None
    attempts: int
    lines: tuple[int, ...]


class Negotiation(msgspec.Struct, frozen=True, kw_only=True):
    """What became of ``attempts`` attempts of one router, with one peer, in one direction, that ended alike.

    ``host`` and ``local`` are the router that logs and its address, ``peer`` the other end, None where the log does not say.
    ``side`` is what this router was. ``candidates`` are causes that the log does not tell from ``reason``, or from each other
    where none leads. ``lines`` are the numbers of the lines that tell, of the first such attempt; ``words`` what they say, in
    the words of the tables and not of the log; ``time`` is the stamp of the first of them, as it stands there.
    ``reached`` is the last message that is known to have gone by. ``earlier`` are failures before an end that came up.
    """

    host: str | None
    local: str | None
    peer: str | None
    side: Literal[Side, "unknown"]
    ike_version: Literal[1, 2]
    mode: Literal["main", "aggressive"] | None
    outcome: Outcome
    failed_at: Message | None
    reason: Cause | None
    candidates: tuple[Cause, ...] = ()
    reached: str | None = None
    time: str | None = None
    attempts: int = 1
    lines: tuple[int, ...] = ()
    words: str = ""
    earlier: tuple[Earlier, ...] = ()
