"""One direction of one tunnel, replayed message by message: verdict, certainty and transcript."""

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
