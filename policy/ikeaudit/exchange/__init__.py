"""One direction of one tunnel, replayed message by message: verdict, certainty and transcript.

The rules are taken to be the same for all releases (U-12), and no line is predicted that no source shows (U-19).
"""

from ikeaudit.exchange.replay import replay
from ikeaudit.exchange.result import SEVERITY, Confidence, Exchange, Message, Outcome, Reading, Reason, TranscriptLine
from ikeaudit.exchange.run import Initiator, Responder

__all__ = [
    "SEVERITY",
    "Confidence",
    "Exchange",
    "Initiator",
    "Message",
    "Outcome",
    "Reading",
    "Reason",
    "Responder",
    "TranscriptLine",
    "replay",
]
