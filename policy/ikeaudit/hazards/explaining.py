"""Causes and what follows from them: a finding that others explain is told inside theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Protocol, TypeAlias

import msgspec

from ikeaudit.hazards.facts.phrases import listing
from ikeaudit.hazards.finding import OUTCOMES, RANK, Finding, Hazard, Member
from ikeaudit.model.grouping import by_key

Seen: TypeAlias = Mapping[tuple[str, str, str | None], tuple[str, ...]]
"""By caller, its interface and the router called: the addresses under which that one knows the caller."""


class Sight(Protocol):
    """Who knows callers by which addresses: an :class:`~ikeaudit.hazards.context.AuditContext`, or what is left of some."""

    @property
    def seen(self) -> Seen:
        """The addresses by which callers are known."""


_Place: TypeAlias = tuple[str, object]
"""A router with a peer that it has, or, of what has no peer, with the number of a line."""
_Said: TypeAlias = tuple[int, Member | None]
"""A finding by its number, with the member that is meant; None where it is all of it, by a line that it names."""


def explained(findings: Sequence[Finding], hazards: Mapping[str, Hazard], context: Sight) -> list[Finding]:
    """The causes among ``findings``, each with what follows from it.

    A finding follows from others when every member of it does: from one whose hazard says that it explains the code, and that
    has the same router and peer. Of a direction either end counts, and its reason has to be one that the other hazard leads to;
    that somebody never calls follows only from what says so of PW-NOSTART.
    A cause is as severe as the worst that it does to tunnels.
    """
    causes = _Causes(findings, hazards, context)
    follows: dict[_Said, list[tuple[int, Member]]] = {}
    inside: set[int] = set()
    for number, finding in enumerate(findings):
        found = causes.of(finding)
        if all(found):
            inside.add(number)
            for member, some in zip(finding.members, found, strict=True):
                for cause in some:
                    follows.setdefault(cause, []).append((number, member))
    whole = {number: _Whole(findings[number]) for number in inside}
    return [
        _with(finding, [whole[n].part(some) for n, some in _all_below(number, finding, follows).items()])
        for number, finding in enumerate(findings)
        if number not in inside
    ]


class _Whole:
    """A finding that follows from others, of which each has its part."""

    def __init__(self, finding: Finding) -> None:
        self._finding = finding
        self._members = by_key((member, place) for place, member in enumerate(finding.members))
        self._hosts = {host: place for place, host in enumerate(finding.hosts)}
        self._peers = {peer: place for place, peer in enumerate(finding.peers)}

    def part(self, members: Collection[Member]) -> Finding:
        """What of it, about several directions, follows from one cause: those of ``members``; the rest has other causes."""
        all_of_it = self._finding.members
        some = tuple(all_of_it[n] for n in sorted(n for member in members for n in self._members[member]))
        if len(some) == len(all_of_it) or not all(member.reason for member in some):
            return self._finding
        hosts = {host for member in some for host in (member.host, member.far) if host in self._hosts}
        peers = {member.peer for member in some if member.peer in self._peers}
        return msgspec.structs.replace(
            self._finding,
            hosts=tuple(sorted(hosts, key=self._hosts.__getitem__)),
            peers=tuple(sorted(peers, key=self._peers.__getitem__)),
            message=f"{self._finding.message} By this cause: {listing(_calls(some))}.",
            parts=some,
        )


def _calls(members: Iterable[Member]) -> list[str]:
    """The directions of ``members``, each called once."""
    return [*dict.fromkeys(f"{member.host} to {member.far or member.peer}" for member in members)]


def _with(finding: Finding, follows: Sequence[Finding]) -> Finding:
    if not follows:
        return finding
    harm = (one for one in follows if one.category in ("connectivity", "selection"))
    worst = max((finding, *harm), key=lambda f: RANK[f.severity])
    return msgspec.structs.replace(finding, severity=worst.severity, follows=tuple(follows))


def _all_below(
    number: int, finding: Finding, follows: Mapping[_Said, Iterable[tuple[int, Member]]]
) -> dict[int, set[Member]]:
    """All that follows from a finding, at whatever remove, in the order of the findings, each with the members that do."""
    below: dict[int, set[Member]] = {}
    open_: list[_Said] = [(number, None), *((number, member) for member in finding.members)]
    while open_:
        for n, member in follows.get(open_.pop(), ()):
            known = below.get(n)
            if known is None:
                known = below[n] = set()
                open_.append((n, None))
            if member not in known:
                known.add(member)
                open_.append((n, member))
    return dict(sorted(below.items()))


def ends_of(member: Member, context: Sight) -> Iterator[tuple[str, str]]:
    """The routers at the ends of what a member is about, each with its peer's address as it sees it."""
    if member.peer and member.at in ("", member.host):
        yield member.host, member.peer
    if member.far and member.at in ("", member.far):
        for address in context.seen.get((member.host, member.object, member.far), ()):
            yield member.far, address


class _Causes:
    """The findings that may explain others, by where they are."""

    def __init__(self, findings: Sequence[Finding], hazards: Mapping[str, Hazard], context: Sight) -> None:
        self.findings = findings
        self.hazards = hazards
        self.context = context
        told = ((number, finding, hazards[finding.code]) for number, finding in enumerate(findings))
        self._explaining = [(number, finding) for number, finding, one in told if one.explains or one.breaks]
        self.at: dict[_Place, list[_Said]] = {}
        for number, finding in self._explaining:
            for end, member in self._ends(finding):
                self.at.setdefault(end, []).append((number, member))

    @cached_property
    def _by_line(self) -> dict[_Place, list[int]]:
        """The findings by the lines that they name."""
        return by_key((line, number) for number, finding in self._explaining for line in _lines(finding))

    @cached_property
    def _without_peers(self) -> dict[_Place, list[int]]:
        """Those that name no peer: of a thousand peers' findings about one hub each names the lines of the hub."""
        bare = ((number, finding) for number, finding in self._explaining if not finding.peers)
        return by_key((line, number) for number, finding in bare for line in _lines(finding))

    def of(self, finding: Finding) -> list[list[_Said]]:
        """What explains ``finding``, member by member."""
        lines = by_key(_lines(finding))
        beside: dict[tuple[str, bool], dict[_Said, None]] = {}
        found = []
        for member in finding.members:
            ends = [*ends_of(member, self.context)]
            key = member.host, bool(ends)
            if key not in beside:
                known = self._without_peers if ends else self._by_line
                own = ((member.host, line) for line in lines.get(member.host, ()))
                beside[key] = dict.fromkeys((number, None) for place in own for number in known.get(place, ()))
            near = dict.fromkeys(said for end in ends for said in self.at.get(end, ()))
            near.update(beside[key])
            found.append([said for said in near if self._explains(self.findings[said[0]], finding, member)])
        return found

    def _explains(self, cause: Finding, finding: Finding, member: Member) -> bool:
        hazard = self.hazards[cause.code]
        if cause.code == finding.code or (member.reason and member.reason not in hazard.breaks):
            return False
        told = finding.code in OUTCOMES and finding.code != "PW-NOSTART" and bool(hazard.breaks)
        return told or finding.code in hazard.explains

    def _ends(self, finding: Finding) -> Iterator[tuple[_Place, Member]]:
        """Where the finding is, but for its lines: its routers with their peers, each by its member."""
        for member in finding.members:
            # An end that cannot call does not answer either, so that it may be behind the calls of both.
            both = msgspec.structs.replace(member, at="") if finding.code == "PW-NOSTART" else member
            yield from ((place, member) for place in ends_of(both, self.context))


def _lines(finding: Finding) -> Iterator[_Place]:
    return ((line.host, line.line) for line in finding.evidence)
