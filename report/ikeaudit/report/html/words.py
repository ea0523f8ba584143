"""The words of the page: those of the console, so that both say the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ikeaudit.hazards.finding import State
from ikeaudit.report.console.decision import FATES, HEADS, LABELS, NOTHING, OFTEN, PICKED
from ikeaudit.report.console.seen import STANDINGS
from ikeaudit.report.console.style import REASON_WORDS

STATES: Mapping[State, str] = {
    "down": "neither end",
    "one-at-most": "one end at most",
    "one-end": "one end only",
    "order": "by luck of an order",
    "later": "lost later",
    "unknown": "not known",
    "none": "healthy",
    "design": "started by nobody, by design",
}
"""What becomes of a tunnel, the worst first."""
BAD: tuple[State, ...] = ("down", "one-at-most", "one-end", "order", "later")


def words() -> dict[str, Any]:
    """All of them, by what they are of."""
    return {
        "states": dict(STATES),
        "standings": dict(STANDINGS),
        "reasons": dict(REASON_WORDS),
        "labels": dict(LABELS),
        "fates": dict(FATES),
        "picked": dict(PICKED),
        "nothing": dict(NOTHING),
        "heads": dict(HEADS),
        "often": list(OFTEN),
    }
