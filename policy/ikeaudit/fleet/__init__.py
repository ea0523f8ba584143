"""Who talks to whom in a fleet, and every direction of every tunnel replayed."""

from ikeaudit.fleet.fleet import Fleet
from ikeaudit.fleet.nat import NatMap, Translation
from ikeaudit.fleet.pairing import Directory

__all__ = ["Directory", "Fleet", "NatMap", "Translation"]
