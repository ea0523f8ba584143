"""What every router runs before and after each wave and group, so that ``apply`` can tell whether one is next."""

from collections.abc import Iterable

import msgspec

from ikeaudit.fleet import Fleet
from ikeaudit.model.grouping import by_key
from ikeaudit.parsing.volatile import before_hash
from ikeaudit.remediation.plan import Direction, Meanwhile, Step, Verdict, Wave
from ikeaudit.remediation.proof import Proven
from ikeaudit.remediation.proof_record import Moved, ProvenExchange
from ikeaudit.remediation.waves.arranging import longer


def with_states(fleet: Fleet, waves: tuple[Wave, ...], proven: Proven) -> tuple[Wave, ...]:
    """``waves`` with the hashes of what their routers run before and after each, and before and after each group.

    ``proven`` holds the steps, the end, and the hashes after the steps :func:`between` two groups.
    """
    ends = between(waves, proven.steps)
    states = {name: iter(_states(fleet, name, ends[name], proven)) for name in ends}
    now = {name: next(found) for name, found in states.items()}
    found = []
    for wave in waves:
        groups = []
        for group in wave.groups:
            before = {name: now[name] for name in group.routers}
            now.update({name: next(states[name]) for name in group.routers})
            after = {name: now[name] for name in group.routers}
            groups.append(msgspec.structs.replace(group, before=before, after=after))
        first = {name: group.before[name] for group in reversed(groups) for name in group.routers}
        last = {name: group.after[name] for group in groups for name in group.routers}
        found.append(
            msgspec.structs.replace(
                wave,
                groups=tuple(groups),
                before={name: first[name] for name in wave.routers},
                after={name: last[name] for name in wave.routers},
            )
        )
    return tuple(found)


def with_expectations(waves: tuple[Wave, ...], proven: Proven) -> tuple[Wave, ...]:
    """``waves`` whose groups also test the tunnels that come up with them, and say what is not at its end after them.

    Both are read off the proof, which replayed every step in the order of the waves.
    """
    end = {Direction.of(e): Verdict.of(e) for e in proven.later}
    tunnel_of = {Direction.of(e): e.tunnel for e in (*proven.before, *proven.later)}
    of_tunnel = by_key((tunnel_of[direction], direction) for direction in end)
    place = {direction: n for n, direction in enumerate(end)}
    now = {e.direction: _verdict(e) for e in proven.proof.before}
    known = {tunnel_of[direction] for direction in now if direction in tunnel_of}
    found = []
    for wave in waves:
        groups = []
        for group in wave.groups:
            moved = [direction for number in group.steps for direction in _follow(now, proven.moved[number])]
            up = (d for d in moved if d in now and now[d].outcome == "up")
            new = {tunnel_of[d] for d in up if tunnel_of.get(d) is not None} - known
            known |= new
            tunnels = tuple(sorted({*group.tunnels, *new}))
            own = sorted((d for tunnel in tunnels for d in of_tunnel.get(tunnel, ())), key=place.__getitem__)
            meanwhile = tuple(Meanwhile(d, now.get(d)) for d in own if now.get(d) != end[d])
            more = len(tunnels) - len(group.tunnels)
            groups.append(
                msgspec.structs.replace(longer(group, more) if more else group, tunnels=tunnels, meanwhile=meanwhile)
            )
        minutes = max((group.minutes for group in groups), default=wave.minutes)
        tested = (d for tunnel in {t for group in groups for t in group.tunnels} for d in of_tunnel.get(tunnel, ()))
        ends = {name for d in tested for name in (d.initiator, d.responder) if name is not None}
        partners = (*wave.partners, *sorted(ends.difference(wave.routers, wave.partners)))
        found.append(
            msgspec.structs.replace(wave, groups=tuple(groups), minutes=max(minutes, wave.minutes), partners=partners)
        )
    return tuple(found)


def _follow(now: dict[Direction, Verdict], moved: Moved) -> list[Direction]:
    """Take what a step leaves otherwise into ``now``; those of the directions that are there."""
    for direction in moved.was:
        now.pop(direction, None)
    seen = {exchange.direction: _verdict(exchange) for exchange in moved.now}
    now.update(seen)
    return [*seen]


def _verdict(exchange: ProvenExchange) -> Verdict:
    return Verdict(exchange.outcome, exchange.confidence, exchange.worst, exchange.reason)


def _states(fleet: Fleet, name: str, ends: list[int], proven: Proven) -> list[str]:
    """The hashes before the first of a router's groups, and after each; ``ends`` are the last steps of all but the last."""
    before, after = before_hash("\n".join(fleet.router(name).lines)), before_hash(proven.after[name])
    return [before, *(proven.hashes.get(number, before) for number in ends), after]


def between(waves: Iterable[Wave], steps: Iterable[Step]) -> dict[str, list[int]]:
    """By router the steps with which its groups end, but for the last of them; 0 where it has had none yet."""
    router_of = {step.number: step.router for step in steps}
    found: dict[str, list[int]] = {}
    for group in (group for wave in waves for group in wave.groups):
        last = {router_of[number]: number for number in sorted(group.steps)}
        for name in group.routers:
            ends = found.setdefault(name, [])
            ends.append(last[name] if name in last else ends[-1] if ends else 0)
    return {name: numbers[:-1] for name, numbers in found.items()}
