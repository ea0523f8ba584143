"""What a router's own log says of its negotiations: which message failed, and why, as far as the log tells.

Pure: lines in, negotiations out; memory grows with the number of ends that negotiate, not with the log.
"""

from typing import TYPE_CHECKING, Any

from ikeaudit.model.rooms import name_in

if TYPE_CHECKING:
    from ikeaudit.logs.message import Cause, Side
    from ikeaudit.logs.negotiation import Earlier, Negotiation
    from ikeaudit.logs.tracker import Diagnosis, diagnose

__all__ = [
    "Cause",
    "Diagnosis",
    "Earlier",
    "Negotiation",
    "Side",
    "diagnose",
]

_ROOMS = ("message", "negotiation", "tracker")
"""Where the names are, what is light first."""


def __getattr__(name: str) -> Any:
    """One of the names above, from the room that has it (PEP 562); AttributeError for any other."""
    return name_in(globals(), _ROOMS, name)
