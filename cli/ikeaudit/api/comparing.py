"""What became of a fleet between two snapshots: other verdicts, other findings, and the lines that made them so."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from ikeaudit.api.snapshot import Snapshot
from ikeaudit.candidate import Candidate, diff
from ikeaudit.candidate.index import index_of
from ikeaudit.exchange.result import SEVERITY, Exchange
from ikeaudit.hazards.finding import RANK, Finding
from ikeaudit.ios.language import GLOBAL
from ikeaudit.model import Evidence, Router
from ikeaudit.model.errors import InputError, RefusedError
from ikeaudit.parsing.gc_pause import gc_paused
from ikeaudit.report import EXIT_CLEAN, EXIT_FINDINGS, EXIT_INCOMPLETE, FAIL_ON, Verdict, least_ranks
from ikeaudit.report.comparison import Change, ChangedFinding, ChangedLine, ChangedVerdict, Comparison, FindingChange
from ikeaudit.report.documents import ComparisonReport
from ikeaudit.report.verdict import incompleteness
from ikeaudit.snapshot.parting import together

if TYPE_CHECKING:
    from ikeaudit.fleet import Fleet


def compare(
    new: Snapshot, old: Snapshot, *, fail_on: str = FAIL_ON, min_coverage: float = 0.0, tolerated: int = 0
) -> ComparisonReport:
    """Which directions and findings of ``new`` are not as they were in ``old``, each with the changed lines behind it.

    It fails by what is worse than it was: a direction with a worse outcome, or a finding that fails by ``fail_on`` and was not
    there, was less severe or had fewer members. What was wrong before and still is does not fail. ``min_coverage`` and
    ``tolerated`` are as in ``check``, for both snapshots. Raises what ``check`` raises, RefusedError for snapshots that were
    collected under two workspaces: each key would be another one.
    """
    try:
        least = least_ranks(fail_on)
    except ValueError as error:
        raise InputError(f"fail_on: {error}") from None
    if old.key_id and new.key_id and old.key_id != new.key_id:
        raise RefusedError(
            f"{old.path} and {new.path} were collected under two workspaces (fingerprint keys {old.key_id} and {new.key_id}): "
            "their keys cannot be compared."
        )
    lines = _Lines(old, new)
    verdicts = tuple(_verdicts(old, new, lines))
    findings = tuple(_findings(old, new, lines))
    worse = sum(one.worse for one in verdicts)
    changed = (one for one in findings if one.change in ("new", "worse"))
    grave = sum(RANK[one.severity] >= least.get(one.category, len(RANK)) for one in changed)
    gaps = [
        f"{snapshot.path}: {gap}"
        for snapshot in (old, new)
        for gap in incompleteness(snapshot.coverage, min_coverage, tolerated)
    ]
    behind = [*(one.lines for one in verdicts), *(one.lines for one in findings)]
    explained = {(line.host, line.text) for some in behind for line in some}
    comparison = Comparison(
        before=str(old.path),
        after=str(new.path),
        verdicts=verdicts,
        findings=findings,
        hosts_gone=tuple(sorted(set(old.hosts) - set(new.hosts))),
        hosts_new=tuple(sorted(set(new.hosts) - set(old.hosts))),
        other_lines=tuple(line for host in lines.both for line in lines.of(host) if (host, line.text) not in explained),
        incomplete=bool(gaps),
        failing=bool(worse or grave),
    )
    return ComparisonReport(comparison=comparison, verdict=_judged(comparison, worse, grave, fail_on, gaps))


def _judged(found: Comparison, worse: int, grave: int, fail_on: str, gaps: Sequence[str]) -> Verdict:
    said = f"{len(found.verdicts)} verdicts differ, {worse} for the worse; {len(found.findings)} findings differ"
    failing = worse + grave > 0
    if failing and grave:
        said += f", {grave} failing{'' if fail_on == FAIL_ON else f' by --fail-on {fail_on}'}"
    if gaps:
        return Verdict("INCOMPLETE", f"{'; '.join(gaps)}; {said}.", EXIT_INCOMPLETE, incomplete=True, failing=failing)
    if failing:
        return Verdict("FINDINGS", f"{said}.", EXIT_FINDINGS, failing=True)
    return Verdict("OK", f"{said}.", EXIT_CLEAN)


_CHANGES: Mapping[str, Change] = {"-": "gone", "+": "new", "~": "order"}


class _Place(NamedTuple):
    """What stays of a direction while the fleet changes: who calls, by which end, whom."""

    initiator: str
    interface: str
    peer: str
    version: int


class _Differing(NamedTuple):
    """A direction that does not end as it did, with the routers that it is about and the text of the lines behind it."""

    verdict: ChangedVerdict
    hosts: tuple[str, ...]
    texts: frozenset[str]


def _verdicts(old: Snapshot, new: Snapshot, lines: _Lines) -> Iterator[ChangedVerdict]:
    """The directions that differ, by who calls. Parts of the fleet in which no router is another one are not replayed."""
    both = together(old.parts.all, new.parts.all)
    parts = [names for names in both if not all(new.parts.is_as_in(old.parts, name) for name in names)]
    found = [one for part in new.parts.spread("parts compared", partial(_differing, old, new), parts) for one in part]
    for one in sorted(found, key=lambda one: (one.verdict.after is None, one.verdict.initiator)):
        yield msgspec.structs.replace(one.verdict, lines=lines.behind(one.hosts, one.texts))


def _differing(old: Snapshot, new: Snapshot, names: tuple[str, ...]) -> list[_Differing]:
    """The directions of some routers that differ, which have nothing to do with any others in either snapshot."""
    with gc_paused(), old.parts.known(names) as then, new.parts.known(names) as today:
        before, after = _directions(then), _directions(today)
    places = [
        place for place in dict.fromkeys((*after, *before)) if _ending(before.get(place)) != _ending(after.get(place))
    ]
    if not places:
        return []
    callers = {place.initiator for place in places}
    told = [_directions(_steps(snapshot, names, callers)) for snapshot in (old, new)]
    return [_difference(*(some.get(place) for some in told)) for place in places]


def _steps(snapshot: Snapshot, names: tuple[str, ...], callers: set[str]) -> Fleet:
    """What some of the routers called so start, with steps."""
    return snapshot.parts.fleet(snapshot.parts.of(names), steps=True, of=callers)


def _difference(was: Exchange | None, now: Exchange | None) -> _Differing:
    known = now or was
    assert known is not None
    hosts = [host for host in (known.initiator, known.responder, was and was.responder) if host]
    evidence = (line for one in (was, now) if one is not None for line in _evidence(one))
    verdict = ChangedVerdict(
        initiator=known.initiator,
        initiator_interface=known.initiator_interface,
        peer=known.peer,
        responder=known.responder,
        before=None if was is None else _words(was),
        after=None if now is None else _words(now),
        worse=_is_worse(was, now),
        lines=(),
    )
    return _Differing(verdict, tuple(dict.fromkeys(hosts)), _texts(evidence))


def _directions(fleet: Fleet) -> dict[_Place, Exchange]:
    found = (*fleet.exchanges, *fleet.client_exchanges)
    return {_Place(e.initiator, e.initiator_interface, e.peer, e.ike_version): e for e in found}


def _ending(exchange: Exchange | None) -> tuple[object, ...] | None:
    return None if exchange is None else _said(exchange)


def _texts(evidence: Iterable[Evidence]) -> frozenset[str]:
    return frozenset(" ".join(line.text.split()) for line in evidence)


def _said(exchange: Exchange) -> tuple[object, ...]:
    renewal = exchange.renewal
    return (
        exchange.outcome,
        exchange.confidence,
        exchange.failed_at,
        exchange.reason,
        exchange.lost_at,
        exchange.worst,
        renewal and (renewal.outcome, renewal.failed_at, renewal.reason),
        exchange.instead and (exchange.instead.peer, exchange.instead.outcome),
    )


def _is_worse(was: Exchange | None, now: Exchange | None) -> bool:
    if now is None:
        return False
    if was is None:
        return SEVERITY[now.outcome] >= SEVERITY["half-open"] or now.by == "fault"
    return _rank(now) > _rank(was)


def _rank(exchange: Exchange) -> tuple[int, bool, int, int]:
    renewal = exchange.renewal
    return (
        SEVERITY[exchange.outcome],
        exchange.lost_at is not None or exchange.by == "fault",
        SEVERITY[exchange.worst],
        SEVERITY[renewal.outcome] if renewal is not None else 0,
    )


def _words(exchange: Exchange) -> str:
    """``down at MM5, keyring-verification (certain)``."""
    words = exchange.outcome + (f" at {exchange.failed_at}" if exchange.failed_at else "")
    if exchange.reason:
        words += f", {exchange.reason}"
    if exchange.lost_at:
        words += f", its {exchange.lost_at} lost" if exchange.lost_at == "replies" else ", lost at the first rekey"
    if exchange.renewal is not None and exchange.renewal.outcome != "up":
        words += f", its renewal {exchange.renewal.outcome}"
    if exchange.instead is not None:
        words += f", then {exchange.instead.peer} called: {exchange.instead.outcome}"
    return f"{words} ({exchange.confidence})"


def _evidence(exchange: Exchange) -> Iterator[Evidence]:
    yield from exchange.evidence
    for step in exchange.steps:
        for decision in step.decisions:
            yield from decision.evidence
            for one in decision.considered:
                yield from one.evidence


def _findings(old: Snapshot, new: Snapshot, lines: _Lines) -> Iterator[ChangedFinding]:
    before, after = ({found.fingerprint: found for found in snapshot.audited().findings} for snapshot in (old, new))
    gone = [found for key, found in before.items() if key not in after]
    for key, now in after.items():
        was = before.get(key) or next((one for one in gone if (one.code, one.hosts) == (now.code, now.hosts)), None)
        if was is None:
            yield _changed("new", now, now.evidence, lines)
        elif was in gone or (was.severity, _ids(was)) != (now.severity, _ids(now)):
            grown = RANK[now.severity] > RANK[was.severity] or (was not in gone and len(_ids(now)) > len(_ids(was)))
            change: FindingChange = "worse" if grown else "other"
            yield _changed(change, now, (*was.evidence, *now.evidence), lines)
            gone = [one for one in gone if one is not was]
    for was in gone:
        yield _changed("gone", was, was.evidence, lines)


def _ids(finding: Finding) -> set[str]:
    return {member.id for member in finding.members}


def _changed(change: FindingChange, finding: Finding, evidence: Iterable[Evidence], lines: _Lines) -> ChangedFinding:
    return ChangedFinding(
        change=change,
        fingerprint=finding.fingerprint,
        code=finding.code,
        category=finding.category,
        severity=finding.severity,
        hosts=finding.hosts,
        message=finding.message,
        lines=lines.behind(finding.hosts, _texts(evidence)),
    )


class _Lines:
    """What changed in the configurations of the hosts that both snapshots have, looked up once for each host."""

    def __init__(self, old: Snapshot, new: Snapshot) -> None:
        self._old, self._new = old, new
        self._known: dict[str, tuple[ChangedLine, ...]] = {}
        self._inside: dict[tuple[str, str], set[str]] = {}

    @property
    def both(self) -> list[str]:
        """The hosts that both snapshots have."""
        before = {*self._old.hosts}
        return [host for host in self._new.hosts if host in before]

    def of(self, host: str) -> tuple[ChangedLine, ...]:
        """The lines of ``host`` that came or went; none when one of the snapshots has no such host."""
        if host not in self._known:
            self._known[host] = tuple(self._changes(host))
        return self._known[host]

    def behind(self, hosts: Iterable[str], said: Collection[str]) -> tuple[ChangedLine, ...]:
        """The changed lines of ``hosts`` whose text was ``said``, and what else changed in a section that holds one.

        A section may be said as a whole, too, as an ISAKMP policy is by the line that opens it.

        Where none was: those of sections that were; else those that the model holds; else all.
        """
        changed = [line for host in hosts for line in self.of(host)]
        hit = {(line.host, line.section or line.text) for line in changed if line.text in said}
        opened = {(line.host, line.section) for line in changed if line.section in said}
        hit |= {place for place in opened if self._inside.get(place, set()).isdisjoint(said)}
        return tuple(
            [line for line in changed if line.text in said or (line.section and (line.host, line.section) in hit)]
            or [line for line in changed if line.section in said]
            or [line for line in changed if _is_modelled(line.section or line.text)]
            or changed
        )

    def _changes(self, host: str) -> Iterator[ChangedLine]:
        if self._new.parts.has_the_lines_of(self._old.parts, host):
            return
        old, new = self._old.parts.router(host), self._new.parts.router(host)
        if old is None or new is None or old.lines == new.lines:
            return
        section = ""
        before, after = _numbers(old), _numbers(new)
        for within, text in (*before, *after):
            if text != within:
                self._inside.setdefault((host, within), set()).add(text)
        for line in diff(*(Candidate.from_text("\n".join(router.lines)) for router in (old, new))).splitlines():
            sign, text = line[:1], " ".join(line[1:].split())
            if not line[1:].startswith(" ") or sign == "~":
                section = text
            if sign != " ":
                within = section if text != section else ""
                numbers = before if sign == "-" else after
                yield ChangedLine(host, _CHANGES[sign], text, within, numbers.get((within, text)))


def _is_modelled(command: str) -> bool:
    """Whether the model holds something of this global command."""
    root = Candidate.from_text(command).root
    index_of(root, GLOBAL)
    match = next(iter(root.statements())).match
    return match is not None and match.command.bears == "modelled"


def _numbers(router: Router) -> Mapping[tuple[str, str], int]:
    """Where each line of a router's file stands first, by its section and its text; in whatever section by an empty one."""
    found: dict[tuple[str, str], int] = {}
    section = ""
    for number, line in enumerate(router.lines, router.first_line):
        text = " ".join(line.split())
        if not line.startswith(" "):
            section = text
        found.setdefault(("", text), number)
        found.setdefault((section, text), number)
    return found
