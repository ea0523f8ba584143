"""Which lines of a router's configuration are a change's own, and which somebody else has changed since.

A change owns the lines that any moment of it adds or removes, the moments of its roll-back included. All others are compared
with what the router ran before: where they differ, somebody else typed, and taking the change back leaves that alone. Lines
count by their section; their order means nothing here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ikeaudit.candidate import Candidate, after_commands
from ikeaudit.change.as_planned import content, differences, planned_after, planned_before, shown
from ikeaudit.drive.device import RouterText
from ikeaudit.parsing.volatile import stable_lines
from ikeaudit.remediation.order_changes import may_not_come_back
from ikeaudit.remediation.plan import Plan

_MOST_LINES = 2_000_000
"""Lines compared to find a change's own: some seconds, while somebody waits for a router to go back."""

Place = tuple[str, str]
"""The section that a line stands in (empty for a line of the first level), and the line."""


@dataclass(frozen=True)
class OwnLines:
    """One router of a plan: what it ran before the change and runs after it, redacted, and the lines typed in between.

    ``dangling`` are lines that it ran before and need not take again: ``before`` has them not, and nobody else typed them.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    commands: tuple[str, ...]
    rollback: tuple[str, ...]
    dangling: frozenset[str] = frozenset()

    @classmethod
    def of(cls, plan: Plan, folder: Path, name: str) -> OwnLines:
        """Those of the router ``name``; its predicted configuration lies in ``folder``."""
        planned = plan.router(name)
        return cls(
            before=tuple(planned_before(folder, plan, planned)),
            after=tuple(planned_after(folder, planned)),
            commands=plan.commands_of(name),
            rollback=plan.rollback_of(name),
            dangling=frozenset(may_not_come_back(planned.order_changes)),
        )

    @property
    def told(self) -> bool:
        """Whether the plan's texts could be read; without them no line is known to be the change's, nor somebody else's."""
        return bool(self.before and self.after)

    @cached_property
    def places(self) -> frozenset[Place]:
        """The lines that are the change's own: those which come or go at any moment of it."""
        return frozenset(_moving(self.before, self.commands) | _moving(self.after, self.rollback))

    def back(self, lines: Iterable[str]) -> bool:
        """Whether the change's own lines are as they were before it."""
        found = content(lines)
        return self.told and all(found[place] == self._before[place] for place in self.places)

    def arrived(self, lines: Iterable[str]) -> bool:
        """Whether all lines that the change alters in the end are as it leaves them."""
        found = content(lines)
        places = self._before.keys() | self._after.keys()
        return self.told and all(found[p] == self._after[p] for p in places if self._before[p] != self._after[p])

    def untouched_by_others(self, found: RouterText) -> bool:
        """Whether nobody else has changed anything; where a router is as the change leaves it that is seen at once."""
        return content(found.lines) == self._after or not self.foreign(found.lines)

    def foreign(self, lines: Iterable[str]) -> dict[Place, int]:
        """What somebody else added (count above zero) or removed (below)."""
        if not self.told:
            return {}
        found = content(lines)
        others = {
            place
            for place in (found.keys() | self._before.keys()) - self.places
            if place[1] not in self.dangling or found[place] < self._before[place]
        }
        return {place: found[place] - self._before[place] for place in others if found[place] != self._before[place]}

    def taken_back(self, found: RouterText, commands: Iterable[str]) -> RouterText:
        """What a router that runs ``found`` runs once it is sent roll-back ``commands``."""
        return RouterText(after_commands(found.text, commands), "", found.vault)

    @cached_property
    def _before(self) -> Counter[Place]:
        return content(self.before)

    @cached_property
    def _after(self) -> Counter[Place]:
        return content(self.after)


def lost(kept: dict[Place, int], now: dict[Place, int]) -> dict[Place, int]:
    """Of what somebody else had changed (``kept``) that which is not so any more."""
    return {place: count for place, count in kept.items() if now.get(place) != count}


def rows(changes: dict[Place, int], limit: int = 4) -> str:
    """Changed lines as they are told: ``+ ip route ...; - snmp-server location here``."""
    found = [f"{'+' if count > 0 else '-'} {shown(place)}" for place, count in sorted(changes.items())]
    more = [f"and {len(found) - limit} more"] if len(found) > limit else []
    return "; ".join(found[:limit] + more)


def would_lose(own: OwnLines, found: RouterText, commands: Sequence[str]) -> str:
    """What roll-back ``commands`` would take away of what somebody else changed, or not undo; empty when they are right."""
    then = own.taken_back(found, commands).lines
    gone = lost(own.foreign(found.lines), own.foreign(then))
    if gone:
        return rows(gone)
    more = own.foreign(then).items() - own.foreign(found.lines).items()
    if more:
        return rows(dict(more))
    if own.back(then):
        return ""
    return "; ".join(differences(list(own.before), then, limit=4))


def objection(name: str, would: str) -> str:
    """Why a router is left alone; ``would`` is what is at stake."""
    return (
        f"Taking the change back on {name} would undo what somebody else has changed there since, or leave some of the change: "
        f"{would}; take that away first, and type it again afterwards."
    )


def _moving(start: Iterable[str], commands: Iterable[str]) -> set[Place]:
    """The lines that differ from the start after any of the commands, or after every few of them where there are very many."""
    candidate = Candidate.from_text("\n".join(start) + "\n")
    first = content(stable_lines(candidate.text()))
    session = candidate.session()
    commands = tuple(commands)
    every = 1 + len(commands) * sum(first.values()) // _MOST_LINES
    moving: set[Place] = set()
    changed = False
    for number, command in enumerate(commands, 1):
        changed = session.send(command).changed or changed
        if not changed or (number % every and number != len(commands)):
            continue
        changed = False
        now = content(stable_lines(candidate.text()))
        moving |= {place for place in now.keys() | first.keys() if now[place] != first[place]}
    return moving
