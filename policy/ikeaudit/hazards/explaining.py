"""Causes and what follows from them: a finding that others explain is told inside theirs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

import msgspec

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.finding import OUTCOMES, RANK, Finding, Hazard, Member

_Place: TypeAlias = tuple[str, object]
"""A router with a peer that it has, or, of what has no peer, with the number of a line."""


def explained(findings: Sequence[Finding], hazards: Mapping[str, Hazard], context: AuditContext) -> list[Finding]:
    """The causes among ``findings``, each with what follows from it.

    A finding follows from others when every member of it does: from one whose hazard says that it explains the code, and that
    has the same router and peer. Of a direction either end counts, and its reason has to be one that the other hazard leads to;
    that somebody never calls follows only from what says so of PW-NOSTART.
    A cause is as severe as the worst that it does to tunnels.
    """
    causes = _Causes(findings, hazards, context)
    follows: dict[int, list[int]] = {}
    inside: set[int] = set()
    for number, finding in enumerate(findings):
        found = causes.of(finding)
        if all(found):
            inside.add(number)
            for cause in dict.fromkeys(one for some in found for one in some):
                follows.setdefault(cause, []).append(number)
    return [
        _with(finding, [findings[n] for n in _all_below(number, follows)])
        for number, finding in enumerate(findings)
        if number not in inside
    ]


def _with(finding: Finding, follows: Sequence[Finding]) -> Finding:
    if not follows:
        return finding
    harm = (one for one in follows if one.category in ("connectivity", "selection"))
    worst = max((finding, *harm), key=lambda f: RANK[f.severity])
    return msgspec.structs.replace(finding, severity=worst.severity, follows=tuple(follows))


def _all_below(number: int, follows: Mapping[int, list[int]]) -> list[int]:
    """All that follows from a finding, at whatever remove, in the order of the findings."""
    below: set[int] = set()
    open_ = [number]
    while open_:
        new = [n for n in follows.get(open_.pop(), ()) if n not in below]
        below.update(new)
        open_ += new
    return sorted(below)


def ends_of(member: Member, context: AuditContext) -> Iterator[tuple[str, str]]:
    """The routers at the ends of what a member is about, each with its peer's address as it sees it."""
    if member.peer and member.at in ("", member.host):
        yield member.host, member.peer
    if member.far and member.at in ("", member.far):
        for address in context.seen.get((member.host, member.object, member.far), ()):
            yield member.far, address


class _Causes:
    """The findings that may explain others, by where they are."""

    def __init__(self, findings: Sequence[Finding], hazards: Mapping[str, Hazard], context: AuditContext) -> None:
        self.findings = findings
        self.hazards = hazards
        self.context = context
        self.at: dict[_Place, list[int]] = {}
        for number, finding in enumerate(findings):
            hazard = hazards[finding.code]
            for place in self._places(finding) if hazard.explains or hazard.breaks else ():
                self.at.setdefault(place, []).append(number)

    def of(self, finding: Finding) -> list[list[int]]:
        """The findings that explain ``finding``, member by member."""
        beside: dict[str, dict[int, None]] = {}
        for host, line in _lines(finding):
            beside.setdefault(host, {}).update(dict.fromkeys(self.at.get((host, line), ())))
        return [self._of(finding, member, beside.get(member.host, {})) for member in finding.members]

    def _of(self, finding: Finding, member: Member, beside: Iterable[int]) -> list[int]:
        ends = [*ends_of(member, self.context)]
        near = dict.fromkeys(number for end in ends for number in self.at.get(end, ()))
        near.update(dict.fromkeys(number for number in beside if not ends or not self.findings[number].peers))
        return [number for number in near if self._explains(self.findings[number], finding, member)]

    def _explains(self, cause: Finding, finding: Finding, member: Member) -> bool:
        hazard = self.hazards[cause.code]
        if cause.code == finding.code or (member.reason and member.reason not in hazard.breaks):
            return False
        told = finding.code in OUTCOMES and finding.code != "PW-NOSTART" and bool(hazard.breaks)
        return told or finding.code in hazard.explains

    def _places(self, finding: Finding) -> Iterator[_Place]:
        """Where the finding is: its routers with their peers, and its lines, for what has no peer."""
        for member in finding.members:
            # An end that cannot call does not answer either, so that it may be behind the calls of both.
            both = msgspec.structs.replace(member, at="") if finding.code == "PW-NOSTART" else member
            yield from ends_of(both, self.context)
        yield from _lines(finding)


def _lines(finding: Finding) -> Iterator[_Place]:
    return ((line.host, line.line) for line in finding.evidence)
