"""When a direction has become worse: in some reading of the rules its outcome leaves ``up``.

``unknown`` may have been up: leaving it for a failure is worse too. Ties are compared reading by reading, so that a direction
which worked for one order of the keyrings must go on working for that order.
"""

from __future__ import annotations

from collections import Counter

from ikeaudit.exchange.result import SEVERITY, Exchange, Outcome, Reading


def worsening(before: Exchange, now: Exchange) -> str | None:
    """What became worse between two replays of one direction, as a clause; None when nothing did."""
    if before.holds and now.lost_at is not None:
        return f"up becomes lost at the first {now.lost_at}"
    if _worse(before.outcome, now.outcome):
        return f"{_state(before.outcome, None)} becomes {_state(now.outcome, now)}"
    if _worse(before.worst, now.worst):
        bad = next((r for r in now.readings if r.outcome == now.worst), None)
        reading = f" if {bad.reading}" if bad is not None else ""
        return f"{_state(before.worst, None)} becomes {_state(now.worst, bad)}{reading}"
    return _by_reading(before, now)


def _worse(before: Outcome, now: Outcome) -> bool:
    return before in ("up", "unknown") and SEVERITY[now] > SEVERITY[before]


def _state(outcome: Outcome, why: Exchange | Reading | None) -> str:
    return f"{outcome} ({why.reason})" if why is not None and why.reason else outcome


def _by_reading(before: Exchange, now: Exchange) -> str | None:
    """Readings that make the same choices, as far as both moments pose the same questions."""
    earlier, later = _readings(before), _readings(now)
    asked = frozenset(choice for choices, _, _ in later for choice in choices)
    for choices, reading, outcome in later:
        same = [old for old in earlier if old[0] == choices] or [
            old for old in earlier if Counter(choice for choice in old[0] if choice in asked) <= Counter(choices)
        ]
        if any(_worse(old, outcome) for _, _, old in same):
            words = f" if {reading.reading}" if reading is not None else ""
            worst = next(old for _, _, old in same if _worse(old, outcome))
            return f"{worst} becomes {_state(outcome, reading)}{words}"
    return None


def _readings(exchange: Exchange) -> list[tuple[tuple[str, ...], Reading | None, Outcome]]:
    if not exchange.readings:
        return [((), None, exchange.outcome)]
    return [(tuple(r.reading.split("; ")), r, r.outcome) for r in exchange.readings]
