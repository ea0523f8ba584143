"""A fix is advised only when the replay of it says that it mends the cause and harms nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import TypeAlias

from ikeaudit.candidate import Candidate
from ikeaudit.candidate.way import accepted, way
from ikeaudit.exchange import Exchange
from ikeaudit.fleet import Fleet
from ikeaudit.hazards import AuditContext, audit, hazard
from ikeaudit.hazards.catalogue import OF_STATE
from ikeaudit.hazards.facts.release import Release
from ikeaudit.hazards.finding import RANK, Finding
from ikeaudit.hazards.ranking import broken_by
from ikeaudit.model import Router
from ikeaudit.remediation.changing_router import ChangingRouter
from ikeaudit.remediation.fixes.case import Case
from ikeaudit.remediation.fixes.contract import Change, Left, Repair, together
from ikeaudit.remediation.fixes.generators import candidates
from ikeaudit.remediation.fixes.progress import comes_up, fails, left_by, stage, why_none
from ikeaudit.remediation.other_orders import other_orders
from ikeaudit.remediation.plan import Direction, Step
from ikeaudit.remediation.proof import NotProven, prove
from ikeaudit.remediation.proof_state import worsening
from ikeaudit.remediation.scene import Key, key_of
from ikeaudit.selection import Endpoint, RouterRules

TRIED = (80, 24, 16)
"""So many candidates are replayed for one cause, the smallest first; then so many on top of each change that mends a part."""
CONCERNED = 12
"""So many directions are looked at where none fails."""
ORDERS = 6
"""So many other orders of the lines are tried for one router."""
PROOFS = 40
"""So many proofs, line by line, are made for one cause."""
KEPT = 4
"""So many changes that mend a part are tried with another one on top."""


_WEAKER = ("PH1-WEAK", "PH2-WEAK", "PFS-WEAK")
"""What no fix brings to a router: the far end's weak algorithms."""


_Lines: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]
"""What is sent to whom."""


class Refused(Exception):  # noqa: N818 - what was found, not an accident
    """A candidate that is not advised, and why not."""


class _Trial:
    """A fleet with some routers changed."""

    def __init__(self, prover: Prover, change: Change) -> None:
        self.change = change
        self.routers: dict[str, Router] = {}
        for host in change.blocks:
            changing = ChangingRouter(prover.fleet.router(host))
            for line in change.commands(host):
                reply = changing.send(line)
                if reply.refused:
                    raise Refused(f"{host} would answer '{line}' with: {reply.output.strip()}")
            self.routers[host] = changing.model()
            if len(self.routers[host].unknown) > len(prover.fleet.router(host).unknown):
                raise Refused(f"{host} would have a line that is not understood")
        self._prover = prover
        self._replayed: dict[Key, Exchange] = {}

    @cached_property
    def fleet(self) -> Fleet:
        """The changed routers and those that they talk to."""
        return self._prover.around((*self._prover.finding.hosts, *self.routers), self.routers)

    @cached_property
    def exchanges(self) -> tuple[Exchange, ...]:
        """All directions of :attr:`fleet`."""
        return _directions(self.fleet)

    @cached_property
    def _ends(self) -> dict[Key, Endpoint]:
        """The ends that call, by their direction: what becomes of one is known without all the others."""
        calling = (end for end in self.fleet.endpoints if not end.accepts_any)
        return {(end.router, end.interface, str(end.peer or end.peer_name)): end for end in calling}

    def becomes(self, before: Exchange) -> Exchange | None:
        """What becomes of a direction; where another address is called now, of that."""
        key = key_of(before)
        if key in self._ends:
            if key not in self._replayed:
                self._replayed[key] = self.fleet.replay(self._ends[key])
            return self._replayed[key]
        same = [e for e in self.exchanges if key_of(e) == key]
        like = [e for e in self.exchanges if key_of(e)[:2] == key[:2] and key_of(e) not in self._prover.known]
        return next(iter(same or like), None)


def _directions(fleet: Fleet) -> tuple[Exchange, ...]:
    return (*fleet.exchanges, *fleet.client_exchanges, *fleet.spoke_exchanges)


class Prover:
    """Looks for what mends one finding of a fleet; ``planned`` as for the audit."""

    def __init__(self, fleet: Fleet, finding: Finding, planned: Mapping[str, Release] | None = None) -> None:
        self.fleet = fleet
        self.finding = finding
        self._planned = planned
        self._hazard = hazard(finding.code)
        self._audits: dict[frozenset[str], tuple[Finding, ...]] = {}
        self._proofs = 0
        self._needed = finding.category in ("connectivity", "selection")

    @cached_property
    def neighbours(self) -> dict[str, set[str]]:
        """Who talks to whom."""
        found: dict[str, set[str]] = {}
        for e in _directions(self.fleet):
            if e.responder is not None:
                found.setdefault(e.initiator, set()).add(e.responder)
                found.setdefault(e.responder, set()).add(e.initiator)
        return found

    def around(self, hosts: Iterable[str], versions: Mapping[str, Router]) -> Fleet:
        """The part of the fleet that ``hosts`` belong to, with ``versions`` of some routers.

        Nobody runs those yet, so that they have no state; of what the state itself tells, no edit is the end.
        """
        names = self._names(hosts)
        routers = [versions.get(r.name, r) for r in self.fleet.routers if r.name in names]
        stateless = bool(versions) and self.finding.code not in OF_STATE
        return Fleet((r.without_state() for r in routers) if stateless else routers, self.fleet.translations)

    def _names(self, hosts: Iterable[str]) -> frozenset[str]:
        own = set(hosts)
        return frozenset(own.union(*(self.neighbours.get(name, ()) for name in own)))

    def _audit(self, hosts: Iterable[str]) -> tuple[Finding, ...]:
        names = self._names(hosts)
        if names not in self._audits:
            self._audits[names] = _all(audit(self.around(names, {}), self._planned))
        return self._audits[names]

    @cached_property
    def known(self) -> frozenset[Key]:
        """The directions that there are."""
        return frozenset(map(key_of, _directions(self.fleet)))

    @cached_property
    def healthy(self) -> Counter[str]:
        """How many calls come up at each router: one whose other tunnels work is less likely to be the odd one out."""
        return Counter(name for e in _directions(self.fleet) if e.holds for name in (e.initiator, str(e.responder)))

    @cached_property
    def failing(self) -> tuple[Exchange, ...]:
        """The directions that fail by the cause."""
        return broken_by(self.finding, self._hazard, AuditContext(self.fleet)) if self._needed else ()

    @cached_property
    def concerned(self) -> tuple[Exchange, ...]:
        """The directions that fail by the cause; where none does, those between its routers and peers."""
        hosts, peers = set(self.finding.hosts), set(self.finding.peers)
        near = (
            e
            for e in _directions(self.fleet)
            if {e.initiator, e.responder} <= hosts
            or (e.initiator in hosts and (e.peer in peers or (len(hosts) == 1 and not peers)))
            or (len(hosts) == 1 and not peers and e.responder in hosts)
        )
        return self.failing or tuple(islice(near, CONCERNED))

    def repair(self) -> Repair:
        """The smallest change that is proved, or why there is none."""
        reasons: dict[str, None] = {}
        partly: list[tuple[tuple[int, ...], Repair]] = []
        seen: set[_Lines] = set()
        bases: list[Change | None] = [None]
        round_: Repair | None = None
        for most in TRIED:
            steps: list[tuple[tuple[int, ...], Change]] = []
            for base in bases:
                for trial in self._trials(base, most, seen, reasons):
                    left = [e for e in self.failing if not comes_up(e, trial.becomes(e))]
                    down = sum(fails(trial.becomes(e)) for e in left)
                    score = (down, sum(stage(trial.becomes(e)) for e in left), *trial.change.size(self.healthy))
                    try:
                        found = self._proved(trial, left)
                    except Refused as refused:
                        reasons.setdefault(str(refused))
                        steps.append((score, trial.change))
                        continue
                    if not any(fails(trial.becomes(e)) for e in left):
                        if not found.around:
                            return found
                        round_ = round_ or found  # unless two changes together take the mistake back
                        continue
                    partly.append((score, found))
                    steps.append((score, trial.change))
            if partly and min(partly, key=lambda one: one[0])[0][0] == 0:
                break
            worst = (len(self.failing), sum(stage(e) for e in self.failing))
            better = sorted((s for s in steps if s[0][:2] < worst), key=lambda one: one[0])
            bases = [change for _, change in better[:KEPT]]
            if not bases:
                break
        if round_ is not None:
            return round_
        if partly:
            return min(partly, key=lambda one: one[0])[1]
        return Repair(proved=False, reason=why_none(reasons, self.failing), tried=bool(reasons))

    def _trials(self, base: Change | None, most: int, seen: set[_Lines], reasons: dict[str, None]) -> Iterator[_Trial]:
        """The candidates on top of ``base``, the smallest first, as far as the routers accept them and something moves."""
        case = Case(self.fleet, self.finding, self.concerned)
        if base is not None:
            started = _Trial(self, base)
            now = ((e, started.becomes(e)) for e in self.concerned)
            failing = tuple(after for e, after in now if after is not None and not comes_up(e, after))
            case = Case(started.fleet, self.finding, failing or self.concerned)
        found = sorted(candidates(case), key=lambda one: one.size(self.healthy))
        for one in found[:most]:
            whole = one if base is None else together((base, one))
            key = tuple((host, whole.commands(host)) for host in sorted(whole.blocks))
            if not key or key in seen:
                continue
            seen.add(key)
            try:
                yield _Trial(self, whole)
            except Refused as refused:
                reasons.setdefault(str(refused))

    def _proved(self, trial: _Trial, left: Sequence[Exchange]) -> Repair:
        """The repair that ``trial`` is; raises Refused when the replay does not accept it."""
        if self.failing and len([e for e in left if fails(trial.becomes(e))]) == len(self.failing):
            raise Refused(f"{trial.change.title}: no direction comes up by that")
        self._no_worse(trial)
        self._gone(trial)
        commands, rollback = self._lines(trial)
        commands = self._carried_out(trial, commands, rollback)
        return Repair(
            proved=True,
            title=trial.change.title,
            commands=commands,
            rollback=rollback,
            brings_up=tuple(Direction.of(e) for e in self.failing if e not in left),
            around=trial.change.around,
            leaves_down=tuple(Left(Direction.of(e), left_by(trial.becomes(e))) for e in left),
        )

    def _no_worse(self, trial: _Trial) -> None:
        """No direction is worse, no tunnel end is gone, and what is not in the fleet keeps its keys."""
        hosts = set(trial.routers)
        now = {key_of(e): e for e in trial.exchanges}
        for before in _directions(self.fleet):
            if hosts.isdisjoint((before.initiator, before.responder)):
                continue
            after = now.get(key_of(before))
            change = worsening(before, after) if after is not None else None
            if change is not None:
                raise Refused(f"{trial.change.title}: {Direction.of(before)} would be worse: {change}")
            if after is None and before.outcome in ("up", "unknown"):
                raise Refused(f"{trial.change.title}: {Direction.of(before)} would no longer be configured")
        for name in hosts:
            was, comes = self.fleet.rules(name), RouterRules(trial.routers[name])
            gone = Counter(map(_place, was.endpoints)) - Counter(map(_place, comes.endpoints))
            if gone:
                raise Refused(f"{trial.change.title}: {', '.join(sorted(gone))} of {name} would lose a peer")
            failing = {key_of(e) for e in self.failing}
            for end in was.endpoints:
                own = _key_for(was, end) if (name, end.interface, str(end.peer)) not in failing else None
                if own is not None and own != _key_for(comes, end):
                    raise Refused(f"{trial.change.title}: {name} would use another key for {end.peer}")

    def _gone(self, trial: _Trial) -> None:
        """The finding is not there any more, nor another one of weight in its place."""
        hosts = (*self.finding.hosts, *trial.routers)
        before, after = self._audit(hosts), _all(audit(trial.fleet, self._planned))
        members = {member.id for member in self.finding.members}
        for one in after:
            same = one.code == self.finding.code and not members.isdisjoint(m.id for m in one.members)
            if one.fingerprint == self.finding.fingerprint or same:
                raise Refused(f"{trial.change.title}: the finding would stay")
        known = {(one.code, host) for one in before for host in one.hosts}
        for one in after:
            harm = one.category in ("connectivity", "selection", "exposure") and RANK[one.severity] >= RANK["high"]
            harm |= one.code in _WEAKER
            if harm and any((one.code, host) not in known for host in one.hosts if host in trial.routers):
                raise Refused(f"{trial.change.title}: {one.code} would be found then: {one.message.rstrip('.')}")

    def _lines(self, trial: _Trial) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
        """What is sent, and what takes it back."""
        commands = {host: trial.change.commands(host) for host in trial.routers}
        rollback: dict[str, tuple[str, ...]] = {}
        for host in trial.routers:
            before = Candidate.from_text("\n".join(self.fleet.router(host).lines) + "\n", redacted=True)
            after = before.copy()
            after.apply(commands[host])
            rollback[host] = accepted(after, way(after, before))
        return commands, rollback

    def _carried_out(
        self, trial: _Trial, commands: Mapping[str, tuple[str, ...]], rollback: Mapping[str, tuple[str, ...]]
    ) -> dict[str, tuple[str, ...]]:
        """The commands in an order that is proved line by line, there and back (:mod:`ikeaudit.remediation.proof`)."""
        fleet = self.around(trial.routers, {})
        refused = ""
        for order in dict.fromkeys((tuple(commands), tuple(reversed(tuple(commands))))):
            for lines in self._orders(commands):
                self._proofs += 1
                if self._proofs > PROOFS:
                    raise Refused(
                        refused or f"{trial.change.title}: not proved among the first {PROOFS} ways to mend it"
                    )
                try:
                    prove(fleet, numbered(trial.change.title, lines, rollback, order))
                    return {host: lines[host] for host in order}
                except NotProven as error:
                    refused = refused or str(error).rstrip(".")
                    if "between two of its lines" not in str(error):
                        break
        raise Refused(refused)

    def _orders(self, commands: Mapping[str, tuple[str, ...]]) -> Iterator[Mapping[str, tuple[str, ...]]]:
        """The lines as they are thought of, then those of one router in other orders."""
        yield commands
        for host, lines in commands.items():
            text = "\n".join(self.fleet.router(host).lines) + "\n"
            for other in islice(other_orders(text, lines), ORDERS):
                yield {**commands, host: other}


def numbered(
    title: str,
    commands: Mapping[str, tuple[str, ...]],
    rollback: Mapping[str, tuple[str, ...]],
    order: Collection[str],
) -> tuple[Step, ...]:
    """A step for each router, in that order."""
    return tuple(
        Step(number=n, router=host, phase="switch", title=title, commands=commands[host], rollback=rollback[host])
        for n, host in enumerate(order, 1)
    )


def _all(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Causes, and what follows from them."""
    return tuple(one for finding in findings for one in (finding, *finding.follows))


def _place(end: Endpoint) -> str:
    """Where an end is; the number of a crypto map's entry does not matter."""
    return end.interface.rpartition(" ")[0] or end.interface


def _key_for(rules: RouterRules, end: Endpoint) -> object:
    """The key that a router has for the peer of one of its ends; None where it has none."""
    if end.peer is None:
        return None
    if end.ike_version == 2:
        profile = rules.ikev2.profiles.get(end.ikev2_profile or "")
        keys = rules.ikev2.initiator_keys(profile, end.peer) if profile is not None else None
        return keys and tuple(secret and (secret.type == 6, secret.fingerprint) for secret in (keys.local, keys.remote))
    profile1 = rules.profiles.get(end.isakmp_profile or "")
    search = rules.keys_in_profile(profile1, end.local, end.peer) if profile1 is not None else None
    best = (search.best if search is not None else ()) or rules.blind_keys(end.local, end.peer).best
    return (best[0].key.secret.type == 6, best[0].key.secret.fingerprint) if best else None
