"""One direction of one tunnel, replayed message by message: verdict, certainty and transcript.

The rules are taken to be the same for all releases (U-12), and no line is predicted that no source shows (U-19).
"""

from typing import TYPE_CHECKING, Any

from ikeaudit.model.rooms import name_in

if TYPE_CHECKING:
    from ikeaudit.exchange.result import (
        SEVERITY,
        Confidence,
        Exchange,
        Idle,
        Message,
        Outcome,
        Reading,
        Reason,
        Renewal,
        TranscriptLine,
    )
    from ikeaudit.exchange.run import Initiator, Responder
    from ikeaudit.exchange.steps import Considered, Decision, Pool, Step

__all__ = [
    "SEVERITY",
    "Confidence",
    "Considered",
    "Decision",
    "Exchange",
    "Idle",
    "Initiator",
    "Message",
    "Outcome",
    "Pool",
    "Reading",
    "Reason",
    "Renewal",
    "Responder",
    "Step",
    "TranscriptLine",
]

_ROOMS = ("result", "steps", "run")
"""Where the names are, what is light first."""


def __getattr__(name: str) -> Any:
    """One of the names above, from the room that has it (PEP 562); AttributeError for any other."""
    return name_in(globals(), _ROOMS, name)
