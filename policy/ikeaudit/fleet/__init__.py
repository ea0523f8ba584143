"""Who talks to whom in a fleet, and every direction of every tunnel replayed."""

from typing import TYPE_CHECKING, Any

from ikeaudit.model.rooms import name_in

if TYPE_CHECKING:
    from ikeaudit.fleet.fleet import Fleet
    from ikeaudit.fleet.nat import NatMap, Translation
    from ikeaudit.fleet.pairing import Directory

__all__ = [
    "Directory",
    "Fleet",
    "NatMap",
    "Translation",
]

_ROOMS = ("nat", "pairing", "fleet")
"""Where the names are, what is light first."""


def __getattr__(name: str) -> Any:
    """One of the names above, from the room that has it (PEP 562); AttributeError for any other."""
    return name_in(globals(), _ROOMS, name)
