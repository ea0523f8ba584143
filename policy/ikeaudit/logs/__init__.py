"""What a router's own log says of its negotiations: which message failed, and why, as far as the log tells.

Pure: lines in, negotiations out; memory grows with the number of ends that negotiate, not with the log.
"""

from ikeaudit.logs.message import Cause, Side
from ikeaudit.logs.negotiation import Earlier, Negotiation
from ikeaudit.logs.tracker import Diagnosis, diagnose

__all__ = ["Cause", "Diagnosis", "Earlier", "Negotiation", "Side", "diagnose"]
