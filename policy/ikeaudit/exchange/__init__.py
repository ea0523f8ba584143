"""One direction of one tunnel, replayed message by message: verdict, certainty and transcript.

The rules are taken to be the same for all releases (U-12), and no line is predicted that no source shows (U-19).
"""

from ikeaudit.exchange.replay import replay
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
    "replay",
]
