"""The two directions of a tunnel side by side."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import msgspec

from ikeaudit.exchange import Exchange, Reading, Reason
from ikeaudit.exchange.result import KEYS_DIFFER, Confidence
from ikeaudit.hazards.facts.certainty import weakest
from ikeaudit.model.grouping import by_key

Call: TypeAlias = tuple[str, str, str]
"""A router, its interface, and the address that it calls."""

FAILED = ("down", "half-open")
"""Outcomes that end without a working tunnel."""


class TunnelPair(msgspec.Struct, frozen=True):
    """One tunnel: ``there`` is the direction that comes first in the fleet, ``back`` the other; None when there is none."""

    there: Exchange
    back: Exchange | None = None

    @property
    def directions(self) -> tuple[Exchange, ...]:
        """The directions that there are."""
        return (self.there,) if self.back is None else (self.there, self.back)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Both routers in alphabetical order; one, where the other's configuration is missing."""
        if self.back is not None:
            return tuple(sorted({self.there.initiator, self.back.initiator}))
        return tuple(sorted({name for e in self.directions for name in (e.initiator, e.responder) if name is not None}))

    @property
    def interfaces(self) -> tuple[str, ...]:
        """Both interfaces with their routers, in alphabetical order."""
        labels = {f"{e.initiator} {e.initiator_interface}" for e in self.directions}
        labels |= {
            f"{e.responder} {e.responder_interface}" for e in self.directions if e.responder and e.responder_interface
        }
        return tuple(sorted(labels))

    @property
    def peers(self) -> tuple[str, ...]:
        """The addresses called."""
        return tuple(dict.fromkeys(e.peer for e in self.directions))

    def failing_by(self, *reasons: Reason) -> dict[Exchange, Confidence]:
        """The directions that fail for one of ``reasons``, each with its confidence.

        A direction also counts when it only fails so in a reading that is not the primary one. It doesn't when a fact is
        missing altogether: its outcome is then ``unknown``, which says enough.
        """
        found: dict[Exchange, Confidence] = {}
        for exchange in self.directions:
            if exchange.reason in reasons and exchange.outcome in FAILED:
                found[exchange] = exchange.confidence
            elif exchange.confidence != "unknown" and any(
                r.reason in reasons and r.outcome in FAILED and not _uncompared(r) for r in exchange.readings
            ):
                found[exchange] = weakest(exchange.confidence, "probable")
        return found


def _uncompared(reading: Reading) -> bool:
    """Whether a reading supposes that two keys differ that nobody can compare (U-17): that proves no difference."""
    return reading.reason == "psk-mismatch" and any(words in reading.reading for words in KEYS_DIFFER)


def pair_up(exchanges: Iterable[Exchange]) -> tuple[TunnelPair, ...]:
    """Tunnels out of single directions.

    By the tunnel's name; then left-over directions of the same two routers in order; then the direction of an end whose
    peer hides behind port translation, which names no responder, with the one that arrives at that end.
    """
    by_tunnel = by_key((exchange.tunnel, exchange) for exchange in exchanges)
    found: list[TunnelPair] = []
    single: dict[tuple[str, str], list[Exchange]] = {}
    hidden: dict[tuple[str, str | None], Exchange] = {}
    for group in by_tunnel.values():
        forth = [e for e in group if e.initiator == group[0].initiator]
        back = [e for e in group if e.initiator != group[0].initiator]
        # A tunnel end that reaches its far end by several addresses has one answer for each of its calls.
        for n, exchange in enumerate(forth):
            if back:
                found.append(TunnelPair(exchange, back[min(n, len(back) - 1)]))
            elif exchange.responder is not None:
                single.setdefault((exchange.initiator, exchange.responder), []).append(exchange)
            elif exchange.outcome == "not-initiated":
                hidden[exchange.initiator, exchange.initiator_interface] = exchange
            else:
                found.append(TunnelPair(exchange))
    for (initiator, responder), alone in single.items():
        if initiator > responder and (responder, initiator) in single:
            continue
        answers = single.get((responder, initiator), [])
        for n in range(max(len(alone), len(answers))):
            if n < len(alone) and n < len(answers):
                found.append(TunnelPair(alone[n], answers[n]))
            else:
                lone = alone[n] if n < len(alone) else answers[n]
                found.append(TunnelPair(lone, hidden.pop((lone.responder or "", lone.responder_interface), None)))
    found += [TunnelPair(exchange) for exchange in hidden.values()]
    return tuple(found)


def joined(tunnels: Sequence[TunnelPair], meant: Mapping[Call, Call]) -> tuple[TunnelPair, ...]:
    """``tunnels`` with a call that misses and the one that was to be its answer, and goes elsewhere, as one tunnel.

    ``meant`` has the second by the first, each as router, interface and address called.
    """
    single = {_call(tunnel.there): tunnel for tunnel in tunnels if tunnel.back is None}
    pairs = {one: single[other] for one, other in meant.items() if one in single and other in single and one != other}
    answers = [_call(answer.there) for answer in pairs.values()]
    found, gone = [], {one for one in answers if answers.count(one) == 1 and one not in pairs}
    for tunnel in tunnels:
        own = _call(tunnel.there)
        answer = pairs.get(own)
        if tunnel.back is not None or (answer is None and own not in gone):
            found.append(tunnel)
        elif answer is not None:
            found.append(TunnelPair(tunnel.there, answer.there) if _call(answer.there) in gone else tunnel)
    return tuple(found)


def _call(exchange: Exchange) -> Call:
    return exchange.initiator, exchange.initiator_interface, exchange.peer
