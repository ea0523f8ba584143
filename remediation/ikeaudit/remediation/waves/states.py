"""What every router runs before and after each wave and group, so that ``apply`` can tell whether one is next."""

import msgspec

from ikeaudit.candidate import Candidate
from ikeaudit.fleet import Fleet
from ikeaudit.parsing.volatile import before_hash
from ikeaudit.remediation.plan import Direction, Meanwhile, Step, Verdict, Wave, WaveGroup
from ikeaudit.remediation.proof import Proven
from ikeaudit.remediation.proof_record import ProvenExchange, StepProof
from ikeaudit.remediation.waves.arranging import longer


def with_states(fleet: Fleet, waves: tuple[Wave, ...], proven: Proven) -> tuple[Wave, ...]:
    """``waves`` with the hashes of what their routers run before and after each, and before and after each group.

    ``proven`` holds the steps and the end.
    """
    steps = {step.number: step for step in proven.steps}
    states = {
        name: _states(fleet, name, [g for w in waves for g in w.groups if name in g.routers], steps, proven.after[name])
        for name in dict.fromkeys(name for wave in waves for name in wave.routers)
    }
    found = []
    for wave in waves:
        groups = []
        for group in wave.groups:
            before = {name: states[name].pop(0) for name in group.routers}
            after = {name: states[name][0] for name in group.routers}
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
    proofs = {step.number: step for step in proven.proof.steps}
    now = {e.direction: _verdict(e) for e in proven.proof.before}
    known = {tunnel_of[direction] for direction in now if direction in tunnel_of}
    found = []
    for wave in waves:
        groups = []
        for group in wave.groups:
            touched: set[Direction] = set()
            for number in group.steps:
                touched |= _follow(now, proofs[number])
            new = {
                tunnel_of[d] for d in touched if d in now and now[d].outcome == "up" and tunnel_of.get(d) is not None
            } - known
            known |= new
            tunnels = tuple(sorted({*group.tunnels, *new}))
            own = [d for d in end if tunnel_of[d] in set(tunnels)] if tunnels else []
            meanwhile = tuple(Meanwhile(d, now.get(d)) for d in own if now.get(d) != end[d])
            more = len(tunnels) - len(group.tunnels)
            groups.append(
                msgspec.structs.replace(longer(group, more) if more else group, tunnels=tunnels, meanwhile=meanwhile)
            )
        minutes = max((group.minutes for group in groups), default=wave.minutes)
        tested = {tunnel for group in groups for tunnel in group.tunnels}
        ends = {name for d in end if tunnel_of[d] in tested for name in (d.initiator, d.responder) if name is not None}
        partners = (*wave.partners, *sorted(ends.difference(wave.routers, wave.partners)))
        found.append(
            msgspec.structs.replace(wave, groups=tuple(groups), minutes=max(minutes, wave.minutes), partners=partners)
        )
    return tuple(found)


def _follow(now: dict[Direction, Verdict], proof: StepProof) -> set[Direction]:
    """Take a step's exchanges into ``now``; the directions of its router."""
    seen = {exchange.direction: _verdict(exchange) for exchange in proof.exchanges}
    gone = {d for d in now if proof.router in (d.initiator, d.responder) and d not in seen}
    for direction in gone:
        del now[direction]
    now.update(seen)
    return set(seen)


def _verdict(exchange: ProvenExchange) -> Verdict:
    return Verdict(exchange.outcome, exchange.confidence, exchange.worst, exchange.reason)


def _states(fleet: Fleet, name: str, groups: list[WaveGroup], steps: dict[int, Step], end: str) -> list[str]:
    """The hashes before the first of a router's ``groups``, between them, and after the last (``end`` is what it runs then)."""
    running = "\n".join(fleet.router(name).lines) + "\n"
    found = [before_hash(running)]
    if len(groups) > 1:
        candidate = Candidate.from_text(running)
        session = candidate.session()
        for group in groups[:-1]:
            for number in group.steps:
                for line in steps[number].commands if steps[number].router == name else ():
                    session.send(line)
            found.append(before_hash(candidate.text()))
    return [*found, before_hash(end)]
