"""How near a change brings a direction to coming up, and in words what is left or why nothing mends it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ikeaudit.exchange import Exchange
from ikeaudit.exchange.result import FAILED
from ikeaudit.hazards.facts.phrases import counted
from ikeaudit.hazards.ranking import mended
from ikeaudit.hazards.shared.pair_findings import reason_words


def fails(exchange: Exchange | None) -> bool:
    """Whether a direction is known to fail; of one whose peer's configuration is missing more cannot be known."""
    return exchange is None or exchange.responder is not None or exchange.worst in FAILED


def comes_up(before: Exchange, after: Exchange | None) -> bool:
    """Whether a direction that failed comes up; that nobody starts it any more is no way to mend it."""
    started = before.outcome != "not-initiated" or before.by == "fault"
    return after is not None and mended(after) and (after.outcome == "up" or not started)


_MESSAGES = (
    "MM1",
    "SA_INIT",
    "AM1",
    "MM2",
    "MM3",
    "MM4",
    "AM2",
    "MM5",
    "AUTH",
    "AM3",
    "MM6",
    "XAUTH",
    "QM1",
    "QM2",
    "QM3",
)


def stage(exchange: Exchange | None) -> int:
    """How far a direction is from coming up: the later it fails, the nearer."""
    if exchange is None:
        return 2 * len(_MESSAGES)
    if exchange.holds or exchange.outcome == "unknown":
        return 1
    at = exchange.failed_at
    return len(_MESSAGES) - _MESSAGES.index(at) + 1 if at is not None else len(_MESSAGES) + 2


def left_by(exchange: Exchange | None) -> str:
    """Why a direction stays down under a change."""
    if exchange is None:
        return "nothing calls there then"
    failed = exchange.reason or next((r.reason for r in exchange.readings if r.reason is not None), None)
    if failed is None and exchange.outcome == "unknown":
        missing = ", because the peer's configuration is missing" if exchange.responder is None else ""
        return f"what becomes of it cannot be told{missing}"
    at = f" at {exchange.failed_at}" if exchange.failed_at is not None else ""
    return f"{exchange.worst}{at}: {reason_words(failed or '')}"


_LEAST = ("would stay", "comes up by that")
"""How reasons end that say the least, the better first."""


def _says(reason: str) -> int:
    if " would answer '" in reason:
        return len(_LEAST)
    return next((n for n, end in enumerate(_LEAST) if reason.endswith(end)), -1)


def why_none(reasons: Iterable[str], failing: Sequence[Exchange]) -> str:
    """Why nothing mends it: what the replay said of the first candidates."""
    some = sorted(reasons, key=lambda reason: _says(reason))
    if any(e.reason == "interface-down" for e in failing):
        return "an interface is shut down, and whether it is to be is not for this tool to say"
    if not some:
        return "nothing that could be changed in these configurations is known to mend it"
    if some[0].endswith(_LEAST[1]) or " would answer '" in some[0]:
        return f"of {counted(len(some), 'change')} that were tried none brings a direction up"
    return some[0]
