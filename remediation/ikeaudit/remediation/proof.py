"""Nothing becomes a plan before it is replayed: each line, each step, mixed states, the whole, the way back."""

from collections.abc import Collection, Iterable, Iterator
from typing import TypeAlias

import msgspec

from ikeaudit.exchange import Exchange
from ikeaudit.exchange.result import FAILED
from ikeaudit.fleet import Fleet
from ikeaudit.model import Router
from ikeaudit.model.grouping import by_key
from ikeaudit.model.watching import watched
from ikeaudit.parsing.gc_pause import gc_paused, sweep
from ikeaudit.remediation.callers import callers, class_of, lost_callers, served, still_calling
from ikeaudit.remediation.changing_router import ChangingRouter, essence
from ikeaudit.remediation.order_changes import order_changes
from ikeaudit.remediation.other_orders import other_orders
from ikeaudit.remediation.plan import Direction, Refusal, Step
from ikeaudit.remediation.proof_record import (
    CHECKS,
    Degraded,
    MixedProof,
    Moved,
    Proof,
    ProvenExchange,
    StepProof,
    Within,
)
from ikeaudit.remediation.proof_state import LOST, Announced, Passing, State, told, worsening
from ikeaudit.remediation.proven import NotProven, Proven
from ikeaudit.remediation.scene import Key, Scene, key_of
from ikeaudit.remediation.text_seen import Pages, joined
from ikeaudit.remediation.touched import Touched
from ikeaudit.selection import RouterRules

__all__ = ["NotProven", "Proven", "prove"]

_Before: TypeAlias = tuple[Pages, Scene, RouterRules | None]
"""A router before a step: its configuration, the scene, and its rules when some step has changed them already."""


def prove(fleet: Fleet, steps: tuple[Step, ...], *, whole: bool = False, marks: Collection[int] = ()) -> Proven:
    """Replay ``steps``; raises :class:`NotProven` for the first router whose steps break a law or make a direction worse.

    The laws: every line is accepted; no line adds something that is not understood; every direction that is up stays so in
    every reading, after each line, unless announced, or no order of the step's lines avoids it; every class of callers that
    some end serves goes on getting through; the rollback brings the configuration back, but for an order that is announced; no
    direction is worse after it than before. A peer of the fleet whose call fails need not keep the key that it has, and a line
    that no router would take, because it names what is not defined, need not come back.

    After a line that is replayed which the line can concern, and at the end of all everything once more, which must say the
    same. With ``whole`` everything of the step's router is replayed after each step, too: it says the same and takes longer.
    ``marks`` are the numbers of steps of whose router the hash is wanted as they leave it.
    """
    with gc_paused():
        found = _Prover(fleet, steps, whole=whole, marks=marks).run()
        sweep(further=True)
        return found


class _Prover:
    def __init__(self, fleet: Fleet, steps: tuple[Step, ...], *, whole: bool, marks: Collection[int]) -> None:
        self._whole = whole
        self._stage = 0
        self._marks, self._hashes = frozenset(marks), dict[int, str]()
        self._fleet = fleet
        self._steps = steps
        self._changed = tuple(dict.fromkeys(step.router for step in steps))
        self._origin = self._scene = Scene(fleet, self._changed)
        self._changing = {name: ChangingRouter(fleet.router(name)) for name in self._changed}
        self._running = {name: changing.text for name, changing in self._changing.items()}
        self._rules: dict[str, RouterRules] = {}
        self._degraded: dict[Key, Degraded] = {}
        self._first = {step.router: step for step in reversed(steps)}
        self._last = {step.router: step for step in steps}
        self._announcements = Announced(steps)
        self._before = self._scene.replay({}, self._changed)
        self._baseline = {key_of(e): e for e in self._before}
        self._own: dict[str, list[Key]] = {name: [] for name in self._changed}
        self._partners: dict[str, set[str | None]] = {name: set() for name in self._changed}
        for key, e in self._baseline.items():
            for name in {e.initiator, e.responder} & self._own.keys():
                assert name is not None
                self._own[name].append(key)
                self._partners[name] |= {e.initiator, e.responder}
        self._failing = self._scene.calling(key for key, e in self._baseline.items() if e.outcome in FAILED)
        self._state = State(self._before, self._changed)
        self._unserved: dict[int, tuple[str, ...]] = {}
        self._forgotten: dict[str, dict[str, None]] = {}
        self._unsaid: dict[int, tuple[Within, ...]] = {}
        self._back: dict[int, tuple[Within, ...]] = {}
        self._moved: dict[int, Moved] = {}
        self._callers = {name: callers(fleet.rules(name)) for name in self._changed}

    def run(self) -> Proven:
        records = []
        for step in watched("steps proved", self._steps):
            records.append(self._step(step))
            if step.number in self._marks:
                self._hashes[step.number] = self._changing[step.router].hash()
            if step is self._last[step.router]:
                self._read_whole(step)
        self._stage = 1
        last = self._rebuilt()
        later = last.replay({}, self._changed, words=True)
        of_router = by_key((name, e) for e in later for name in {e.initiator, e.responder})
        for name in self._changed:
            own = of_router.get(name, [])
            self._compare(self._last[name], own, frozenset(), complete=True)
            self._state.confirmed(own, self._last[name], self._not_proven)
        after = {name: changing.text for name, changing in self._changing.items()}
        self._stage = 2
        mixed = self._mixed()
        self._stage = 3
        self._state.take(later)
        rolled_back, order = self._roll_back({key_of(e): e for e in later})
        proof = Proof(
            before=_records(self._before),
            steps=tuple(msgspec.structs.replace(r, within_rollback=self._back.get(r.number, ())) for r in records),
            mixed=mixed,
            after=_records(later),
            rolled_back=_records(rolled_back),
            checks=CHECKS,
        )
        texts = {name: changing.text for name, changing in self._changing.items()}
        steps = tuple(told(s, self._unsaid.get(s.number, ()), self._unserved.get(s.number, ())) for s in self._steps)
        beside = self._origin.beside_tunnels | last.beside_tunnels
        before, later = (tuple(e for e in found if key_of(e) not in beside) for found in (self._before, later))
        unstarted = self._origin.unstarted, last.unstarted
        return Proven(steps, proof, before, later, after, texts, order, self._moved, self._hashes, unstarted)

    # -- forward ---------------------------------------------------------------------------------------------------

    def _step(self, step: Step) -> StepProof:
        """Look at the exchanges that a line can concern after each line, then at the step as a whole."""
        degraded: dict[Key, Degraded] = {}
        passing = Passing(self._state)
        looks: list[Touched] = []
        at = self._changing[step.router].pages, self._scene, self._rules.get(step.router)
        for touched, replayed in self._moments(step, step.commands):
            looks.append(touched)
            passing.take(replayed)
            self._state.take(replayed)
            self._note(replayed, self._worse(replayed))
            degraded.update(
                (key, now)
                for key, now in self._degraded.items()
                if step.router in _ends(now.direction) and not (key in degraded and now.sentence.startswith(LOST))
            )
        self._settle(step, passing.seen, complete=self._whole or any(t.anything for t in looks))
        if any(t.callers for t in looks):
            self._check_callers(step)
        within = passing.within(self._state.now)
        if within:
            self._unavoidable(step, step.commands, passing, at)
            unsaid = tuple(w for w in within if key_of(w.direction) not in self._announcements.during(step.number))
            self._unsaid[step.number] = unsaid
        alone = {key_of(w.direction) for w in within}
        told = self._state.told(step.router)
        self._moved[step.number] = told.moved
        return StepProof(
            number=step.number,
            router=step.router,
            lines=len(looks),
            moments=len(looks),
            exchanges=told.listed,
            unchanged=told.unchanged,
            degraded=tuple(degraded[key] for key in sorted(degraded) if key not in alone),
            within=within,
        )

    def _moments(self, step: Step, lines: Iterable[str]) -> Iterator[tuple[Touched, tuple[Exchange, ...]]]:
        """Send ``lines`` to the step's router; after each that changes something, what it touched and what that concerns."""
        for line in lines:
            if self._send(step, line):
                touched = self._look(step)
                yield touched, self._replay(step.router, touched) if touched.something else ()

    def _unavoidable(self, step: Step, lines: tuple[str, ...], passing: Passing, before: _Before) -> None:
        """Raise when the ``lines`` of a step, in another order, would come to the same without what passes between them.

        An order counts that breaks fewer directions, or none more and leaves fewer worse in some reading.
        """
        pages, scene, rules = before
        text = joined(pages)
        broken, within = passing.broken(self._state.now), passing.within(self._state.now)
        keys = frozenset(key_of(w.direction) for w in within)
        now = self._scene, self._rules[step.router], self._changing[step.router]
        model = self._fleet.router(step.router) if rules is None else rules.router
        try:
            for order in other_orders(text, lines):
                self._scene, self._changing[step.router] = scene, ChangingRouter(model, text)
                trial = passing.again()
                try:
                    for _, replayed in self._moments(step, order):
                        trial.take(replayed)
                except NotProven:
                    continue
                less, left = trial.broken(self._state.now), trial.within(self._state.now)
                fewer = less < broken or (less == broken and {key_of(w.direction) for w in left} < keys)
                if fewer and order_changes(now[2].text, self._changing[step.router].text) is not None:
                    worst = next((w for w in within if key_of(w.direction) in broken - less), within[0])
                    raise self._not_proven(
                        step,
                        f"between two of its lines {worst.direction} gets worse for a moment: {worst.sentence}; in another "
                        f"order of its lines it would not: {'; '.join(line for line in order if line != 'exit')}",
                    )
        finally:
            self._scene, self._rules[step.router], self._changing[step.router] = now

    def _settle(self, step: Step, changed: Collection[Key], *, complete: bool) -> None:
        """Compare once a step has been sent: everything replayed again, or what has ``changed`` and what was worse already."""
        allowed = self._announcements.after(step.number)
        if complete:
            exchanges = self._replay(step.router)
            self._state.settle(step.router, exchanges)
        else:
            waiting = [k for k, d in self._degraded.items() if step.router in _ends(d.direction)]
            exchanges = tuple(self._state.now[key] for key in dict.fromkeys((*changed, *waiting)))
        self._note(exchanges, self._compare(step, exchanges, allowed, complete=complete))

    def _worse(self, now: Iterable[Exchange]) -> dict[Key, Degraded]:
        """What of ``now`` is worse than before the change."""
        pairs = ((e, worsening(self._baseline[key_of(e)], e)) for e in now if key_of(e) in self._baseline)
        return {key_of(e): Degraded(Direction.of(e), change) for e, change in pairs if change is not None}

    def _note(self, replayed: Iterable[Exchange], found: dict[Key, Degraded]) -> None:
        """Keep in mind what is worse than before at this moment: ``found`` of what was ``replayed``; the rest is as it was."""
        for exchange in replayed:
            self._degraded.pop(key_of(exchange), None)
        self._degraded.update(found)

    def _send(self, step: Step, line: str) -> bool:
        """Send one line; whether it changed the configuration."""
        reply = self._changing[step.router].send(line)
        if reply.refused:
            raise self._not_proven(step, f"the router would answer '{line}' with: {reply.output.strip()}")
        return reply.changed

    def _look(self, step: Step) -> Touched:
        """Read what the lines since the last look have changed."""
        router, touched = self._changing[step.router].step()
        self._take(step, router)
        if not touched.ends:
            return touched
        patched = self._scene.patched(step.router, self._rules[step.router])
        self._scene = patched if patched is not None else self._rebuilt()
        return touched if patched is not None else msgspec.structs.replace(touched, anything=True)

    def _take(self, step: Step, router: Router) -> None:
        if len(router.unknown) > len(self._fleet.router(step.router).unknown):
            text = router.text(router.unknown[-1].line)
            raise self._not_proven(step, f"it adds a line that is not understood: {text}")
        earlier = self._rules.get(step.router) or self._fleet.rules(step.router)
        self._rules[step.router] = rules = RouterRules(router, earlier)
        self._scene.note(step.router, rules)

    def _read_whole(self, step: Step) -> None:
        """Read a router's configuration as a whole once its steps are done: it must say what its sections said.

        What the replay has looked at until then was read in sections; when the whole says something else, nothing is proven.
        """
        changing = self._changing[step.router]
        pieces = self._rules[step.router].router if step.router in self._rules else self._fleet.router(step.router)
        whole = changing.model()
        if essence(whole) != essence(pieces):
            raise self._not_proven(
                step, "read as a whole, the configuration says something else than its sections one by one"
            )
        self._take(step, whole)
        sweep()

    def _rebuilt(self) -> Scene:
        return self._origin.rebuilt({name: rules.router for name, rules in self._rules.items()})

    def _replay(self, name: str, touched: Touched | None = None) -> tuple[Exchange, ...]:
        return self._scene.replay(self._rules, (name,), touched, noted=True)

    def _compare(
        self, step: Step, now: Iterable[Exchange], allowed: frozenset[Key], *, complete: bool
    ) -> dict[Key, Degraded]:
        """What is worse than before, all of it announced; raises for the first that is not.

        ``complete``: ``now`` are all exchanges of the step's router, so that one that is missing is gone.
        """
        now = tuple(now)
        found = self._worse(now)
        for key, degraded in found.items():
            if key not in allowed:
                raise self._not_proven(
                    step, f"{degraded.direction} gets worse without being announced: {degraded.sentence}"
                )
        seen = {key_of(exchange) for exchange in now}
        for key in self._own[step.router] if complete else ():
            before = self._baseline[key]
            if key not in seen and before.outcome in ("up", "unknown") and key not in allowed:
                raise self._not_proven(step, f"{Direction.of(before)} is no longer configured")
        return found

    def _check_callers(self, step: Step) -> None:
        if step.router not in self._rules or self._announcements.pending(step.number):
            return
        rules, now = self._fleet.rules(step.router), self._rules[step.router]
        lost = tuple(lost_callers(rules, now, self._callers[step.router]))
        for caller in still_calling(rules, now, lost):
            if served(rules, caller) and (step.router, caller.address) not in self._failing:
                raise self._not_proven(
                    step, f"a peer calling from {class_of(rules, caller)} gets through today and would not any more"
                )
        unserved = dict.fromkeys(class_of(rules, caller) for caller in lost if not served(rules, caller))
        told = self._forgotten.setdefault(step.router, {})
        self._unserved[step.number] = tuple(words for words in unserved if words not in told)
        told.update(unserved)

    def _mixed(self) -> tuple[MixedProof, ...]:
        """Each changed router alone in its new state, where its tunnels end at another changed one."""
        found = []
        announced, changed = self._announcements.waiting(), set(self._changed)
        for name in self._changed:
            others = self._partners[name] - {name}
            if name not in self._rules or others.isdisjoint(changed):
                continue
            rules = self._rules[name]
            scene = self._origin.patched(name, rules) or self._origin.rebuilt({name: rules.router})
            exchanges = scene.replay({name: rules}, (name,))
            self._compare(self._last[name], exchanges, announced, complete=True)
            found.append(MixedProof(changed=(name,), exchanges=_records(exchanges)))
        return tuple(found)

    # -- back ------------------------------------------------------------------------------------------------------

    def _roll_back(self, after: dict[Key, Exchange]) -> tuple[tuple[Exchange, ...], dict[str, tuple[str, ...]]]:
        """Undo all steps, last first; the exchanges then, and what came back in another order by router."""
        up = frozenset(k for k, e in self._baseline.items() if e.holds and k in after and after[k].holds)
        announced = frozenset(key_of(d) for s in self._steps for a in s.announce for d in a.directions)
        staying = up - announced
        for step in reversed(self._steps):
            passing = Passing(self._state)
            at = self._changing[step.router].pages, self._scene, self._rules.get(step.router)
            for _, replayed in self._moments(step, step.rollback):
                passing.take(replayed)
                self._state.take(replayed)
            settled = self._replay(step.router) if self._whole else tuple(self._state.now[key] for key in passing.seen)
            self._state.take(settled)
            self._keeps_up(step, settled, staying)
            self._back[step.number] = passing.within(self._state.now)
            if self._back[step.number]:
                self._unavoidable(step, step.rollback, passing, at)
            if step is self._first[step.router]:
                self._read_whole(step)
        self._stage = 4
        order = {}
        for name, changing in self._changing.items():
            changes = order_changes(self._running[name], changing.text)
            if changes is None:
                raise self._not_proven(self._first[name], "its rollback does not bring the configuration back")
            order[name] = changes
            sweep()
        self._stage = 5
        if all(rules.router is self._fleet.router(name) for name, rules in self._rules.items()):
            return self._before, order  # every router says what it said before, so that nothing is left to replay
        exchanges = self._rebuilt().replay({}, self._changed)
        for exchange in exchanges:
            before = self._baseline.get(key_of(exchange))
            change = worsening(before, exchange) if before is not None else None
            if change is not None:
                step = next(s for s in self._steps if s.router in (exchange.initiator, exchange.responder))
                raise self._not_proven(step, f"after its rollback {Direction.of(exchange)} would be worse: {change}")
        return exchanges, order

    def _keeps_up(self, step: Step, exchanges: Iterable[Exchange], up: frozenset[Key]) -> None:
        """During the rollback, what is up before and after the change stays up by the primary reading."""
        for exchange in exchanges:
            if key_of(exchange) in up and not exchange.holds:
                raise self._not_proven(
                    step, f"its rollback would leave {Direction.of(exchange)} {exchange.outcome} on the way"
                )

    def _not_proven(self, step: Step, why: str) -> NotProven:
        return NotProven(
            Refusal(
                router=step.router,
                subject=f"step {step.number} ({step.title})",
                reason=f"The replay does not accept step {step.number} on {step.router}: {why}.",
                evidence=step.evidence,
            ),
            self._stage,
            step.number,
        )


def _ends(direction: Direction) -> tuple[str, str | None]:
    return direction.initiator, direction.responder


def _records(exchanges: Iterable[Exchange]) -> tuple[ProvenExchange, ...]:
    return tuple(map(ProvenExchange.of, exchanges))
