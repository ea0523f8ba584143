"""Nothing becomes a plan before it is replayed: each line, each step, mixed states, the whole, the way back (DESIGN 3.5)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec

from ikeaudit.exchange import Exchange, Initiator
from ikeaudit.fleet import Fleet
from ikeaudit.model import IPAddress, Router
from ikeaudit.remediation import sections
from ikeaudit.remediation.bench import Bench
from ikeaudit.remediation.callers import callers, lost_callers
from ikeaudit.remediation.compare import worsening
from ikeaudit.remediation.plan import Direction, Refusal, Step
from ikeaudit.remediation.proof_record import Degraded, MixedProof, Proof, ProvenExchange, StepProof
from ikeaudit.selection import RouterRules

_Key = tuple[str, str, str]


def _key(direction: Direction | Exchange) -> _Key:
    return direction.initiator, direction.initiator_interface, direction.peer


class NotProven(Exception):  # noqa: N818 - what was found, not an accident
    """The steps of one router cannot be accepted; ``refusal`` says which one and why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.reason)
        self.refusal = refusal


class Proven(msgspec.Struct, frozen=True):
    """What the replay established.

    ``after`` and ``rolled_back`` are configurations by router; ``order_changes`` says for each what the rollback brings back
    in another order.
    """

    steps: tuple[Step, ...]
    proof: Proof
    before: tuple[Exchange, ...]
    later: tuple[Exchange, ...]
    after: dict[str, str]
    rolled_back: dict[str, str]
    order_changes: dict[str, tuple[str, ...]]


def prove(fleet: Fleet, steps: tuple[Step, ...]) -> Proven:
    """Replay ``steps``; raises :class:`NotProven` for the first router whose steps break a law or make a direction worse.

    The laws: every line is accepted; no line adds something that is not understood; every direction that is up stays so in
    every reading, after each line, unless announced; every class of callers that gets through goes on doing so; the rollback
    brings the configuration back, but for an order that is announced; no direction is worse after it than before.
    """
    return _Prover(fleet, steps).run()


class Scene:
    """The routers that the changed ones talk to; replays them with later versions of the changed ones."""

    def __init__(self, fleet: Fleet, changed: Collection[str]) -> None:
        self._changed = frozenset(changed)
        self._translations = fleet.translations
        self._touching = [e for e in fleet.exchanges if e.initiator in self._changed or e.responder in self._changed]
        ends = {(end.router, end.interface, end.peer): end for end in fleet.endpoints}
        self._names = set(changed)
        self._callers: set[tuple[str, str, IPAddress | None]] = set()
        for key, end in ends.items():
            answering = {r.router.name for r in fleet.directory.responders(Initiator(fleet.rules(end.router), end))}
            if end.router in self._changed:
                self._names |= answering
            elif answering & self._changed:
                self._names |= {end.router, *answering}
                self._callers.add(key)
        self._routers = {name: fleet.router(name) for name in self._names}

    def replay(self, versions: dict[str, Router], touching: Collection[str]) -> tuple[Exchange, ...]:
        """Every exchange that begins or ends at a router of ``touching``.

        Directions that cannot be started by design (mGRE, dynamic maps) are taken over from the fleet as long as their end
        names no peer.
        """
        fleet = Fleet({**self._routers, **versions}.values(), self._translations)
        found: dict[_Key, Exchange] = {}
        waiting = set()
        for end in fleet.endpoints:
            if end.accepts_any:
                waiting.add((end.router, end.interface))
            elif end.router in self._changed or (end.router, end.interface, end.peer) in self._callers:
                exchange = fleet.replay(end)
                found[_key(exchange)] = exchange
        for exchange in self._touching:
            if exchange.outcome == "not-initiated" and (exchange.initiator, exchange.initiator_interface) in waiting:
                found.setdefault(_key(exchange), exchange)
        return tuple(e for e in found.values() if e.initiator in touching or e.responder in touching)


class _Prover:
    def __init__(self, fleet: Fleet, steps: tuple[Step, ...]) -> None:
        self._fleet = fleet
        self._steps = steps
        self._changed = tuple(dict.fromkeys(step.router for step in steps))
        self._scene = Scene(fleet, self._changed)
        self._benches = {name: Bench(fleet.router(name)) for name in self._changed}
        self._running = {name: bench.text for name, bench in self._benches.items()}
        self._models: dict[str, Router] = {}
        self._before = self._scene.replay({}, self._changed)
        self._baseline = {_key(e): e for e in self._before}
        self._callers = {name: callers(fleet.rules(name)) for name in self._changed}

    def run(self) -> Proven:
        records = [self._step(step) for step in self._steps]
        later = self._scene.replay(self._models, self._changed)
        after = {name: bench.text for name, bench in self._benches.items()}
        mixed = self._mixed()
        rolled_back, order = self._roll_back({_key(e): e for e in later})
        proof = Proof(
            before=_records(self._before),
            steps=tuple(records),
            mixed=mixed,
            after=_records(later),
            rolled_back=_records(rolled_back),
            checks=(
                "every line of the change and of the rollback was accepted",
                "no line adds anything that is not understood",
                "the running-config with the change applied is after.cfg",
                "after.cfg with the rollback applied is the running-config, but for the order that the plan announces",
                "every class of callers that got through before gets through after each step",
            ),
        )
        texts = {name: bench.text for name, bench in self._benches.items()}
        return Proven(self._steps, proof, self._before, later, after, texts, order)

    # -- forward ---------------------------------------------------------------------------------------------------

    def _step(self, step: Step) -> StepProof:
        moments = 0
        degraded: dict[_Key, Degraded] = {}
        exchanges: tuple[Exchange, ...] = ()
        allowed = self._announced(step.number, during=True)
        for line in step.commands:
            if self._send(step, line):
                moments += 1
                exchanges = self._replay(step)
                degraded.update(self._compare(step, exchanges, allowed))
        exchanges = exchanges or self._replay(step)
        self._compare(step, exchanges, self._announced(step.number, during=False))
        self._check_callers(step)
        return StepProof(
            number=step.number,
            router=step.router,
            moments=moments,
            exchanges=_records(exchanges),
            degraded=tuple(degraded.values()),
        )

    def _send(self, step: Step, line: str) -> bool:
        """Send one line; whether it changed the configuration."""
        reply = self._benches[step.router].send(line)
        if reply.refused:
            raise self._not_proven(step, f"the router would answer '{line}' with: {reply.output.strip()}")
        if reply.changed:
            self._models[step.router] = self._read(step)
        return reply.changed

    def _read(self, step: Step) -> Router:
        router = self._benches[step.router].model()
        if len(router.unknown) > len(self._fleet.router(step.router).unknown):
            text = router.text(router.unknown[-1].line)
            raise self._not_proven(step, f"it adds a line that is not understood: {text}")
        return router

    def _replay(self, step: Step) -> tuple[Exchange, ...]:
        return self._scene.replay(self._models, (step.router,))

    def _announced(self, number: int, *, during: bool) -> frozenset[_Key]:
        """The directions that may be worse while step ``number`` is sent, or once it has been."""
        last = number if during else number + 1
        return frozenset(
            _key(direction)
            for step in self._steps[:number]
            for announcement in step.announce
            if announcement.until >= last
            for direction in announcement.directions
        )

    def _compare(self, step: Step, now: Iterable[Exchange], allowed: frozenset[_Key]) -> dict[_Key, Degraded]:
        """What is worse than before, all of it announced; raises for the first that is not."""
        found = {}
        seen = set()
        for exchange in now:
            key = _key(exchange)
            seen.add(key)
            before = self._baseline.get(key)
            change = worsening(before, exchange) if before is not None else None
            if change is None:
                continue
            if key not in allowed:
                raise self._not_proven(step, f"{Direction.of(exchange)} gets worse without being announced: {change}")
            found[key] = Degraded(Direction.of(exchange), change)
        for key, before in self._baseline.items():
            gone = key not in seen and step.router in (before.initiator, before.responder)
            if gone and before.outcome in ("up", "unknown") and key not in allowed:
                raise self._not_proven(step, f"{Direction.of(before)} is no longer configured")
        return found

    def _check_callers(self, step: Step) -> None:
        announced = any(a.directions for s in self._steps[: step.number] for a in s.announce if a.until > step.number)
        if step.router not in self._models or announced:
            return
        rules = self._fleet.rules(step.router)
        lost = next(lost_callers(rules, RouterRules(self._models[step.router]), self._callers[step.router]), None)
        if lost is not None:
            raise self._not_proven(
                step, f"a peer calling from {lost.address} gets through today and would not any more"
            )

    def _mixed(self) -> tuple[MixedProof, ...]:
        """Each changed router alone in its new state, where its tunnels end at another changed one."""
        found = []
        for name in self._changed:
            others = {r for e in self._before for r in (e.initiator, e.responder) if name in (e.initiator, e.responder)}
            if not others & set(self._changed) - {name}:
                continue
            exchanges = self._scene.replay({name: self._models[name]}, (name,))
            last = [step for step in self._steps if step.router == name][-1]
            self._compare(last, exchanges, frozenset())
            found.append(MixedProof(changed=(name,), exchanges=_records(exchanges)))
        return tuple(found)

    # -- back ------------------------------------------------------------------------------------------------------

    def _roll_back(self, after: dict[_Key, Exchange]) -> tuple[tuple[Exchange, ...], dict[str, tuple[str, ...]]]:
        """Undo all steps, last first; the exchanges then, and what came back in another order by router."""
        up = frozenset(
            k for k, e in self._baseline.items() if e.outcome == "up" and k in after and after[k].outcome == "up"
        )
        for step in reversed(self._steps):
            announced = frozenset(_key(d) for s in self._steps for a in s.announce for d in a.directions)
            for line in step.rollback:
                if self._send(step, line):
                    self._keeps_up(step, up - announced)
        order = {}
        for name, bench in self._benches.items():
            changes = sections.order_changes(self._running[name], bench.text)
            first = next(step for step in self._steps if step.router == name)
            if changes is None:
                raise self._not_proven(first, "its rollback does not bring the configuration back")
            order[name] = changes
        exchanges = self._scene.replay(self._models, self._changed)
        for exchange in exchanges:
            before = self._baseline.get(_key(exchange))
            change = worsening(before, exchange) if before is not None else None
            if change is not None:
                step = next(s for s in self._steps if s.router in (exchange.initiator, exchange.responder))
                raise self._not_proven(step, f"after its rollback {Direction.of(exchange)} would be worse: {change}")
        return exchanges, order

    def _keeps_up(self, step: Step, up: frozenset[_Key]) -> None:
        """During the rollback, what is up before and after the change stays up by the primary reading."""
        for exchange in self._replay(step):
            if _key(exchange) in up and exchange.outcome != "up":
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
            )
        )


def _records(exchanges: Iterable[Exchange]) -> tuple[ProvenExchange, ...]:
    return tuple(ProvenExchange.of(exchange) for exchange in exchanges)
