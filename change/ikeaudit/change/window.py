"""A part of a plan as a change of its own: what is to be done in one window, and nothing of how it is done."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ikeaudit.remediation.plan import Plan


@dataclass(frozen=True, slots=True)
class Window:
    """One change, carried out and taken back as one; a whole plan where that has only one part.

    ``plan`` is this part's, with the hashes that its last attempt began with, ``folder`` holds what its routers run after it;
    ``whole`` is the plan that it is wave ``wave`` or group ``group`` of, in the folder ``source``. ``alone`` when no other
    group is to follow.
    """

    plan: Plan
    folder: Path
    whole: Plan
    source: Path
    wave: int | None = None
    group: int | None = None
    alone: bool = False

    @property
    def routers(self) -> tuple[str, ...]:
        """The routers that it changes, in the order of changing them."""
        return tuple(router.name for router in self.plan.routers)

    @property
    def words(self) -> str:
        """``wave 2, group 3``; empty for a whole plan."""
        named = (("wave", self.wave), ("group", self.group))
        return ", ".join(f"{kind} {number}" for kind, number in named if number is not None)
