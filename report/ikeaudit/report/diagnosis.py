"""A negotiation that a log tells of, beside what the configurations say of it."""

from __future__ import annotations

import msgspec

from ikeaudit.exchange.result import Exchange, Message
from ikeaudit.logs import Cause, Negotiation
from ikeaudit.model import Evidence


class Diagnosed(msgspec.Struct, frozen=True, kw_only=True):
    """``told`` by the log, and what a snapshot adds.

    ``host`` and ``local`` are the router that logs and its address, by the snapshot where the log does not say.
    ``failed_at`` and ``reason`` are the log's, or those that ``explain`` predicts where the log leaves them open and allows for
    them. ``predicted``: whether ``explain`` says just this of the direction; None without a snapshot, and where either of them
    does not know. ``exchange`` is that direction. ``hazards`` are codes of the findings behind it, ``evidence`` their lines.
    """

    told: Negotiation
    host: str | None
    local: str | None
    failed_at: Message | None
    reason: Cause | None
    predicted: bool | None = None
    exchange: Exchange | None = None
    hazards: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    @classmethod
    def alone(cls, told: Negotiation) -> Diagnosed:
        """What the log says, with nothing to compare it to."""
        return cls(told=told, host=told.host, local=told.local, failed_at=told.failed_at, reason=told.reason)
