"""Several peers in one crypto map entry: who is called when one of them does not answer (CALL-ORDER)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from ikeaudit.exchange import Exchange
from ikeaudit.exchange.result import FAILED, Alternative, Confidence
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import Endpoint

_NO_ANSWER = frozenset({"MM1", "MM2", "MM3", "MM4", "MM5", "MM6", "AM1", "AM2", "AM3", "SA_INIT"})
"""Where an exchange fails before its peer counts as heard from."""


def with_alternatives(ends: Iterable[Endpoint], exchanges: Sequence[Exchange]) -> tuple[Exchange, ...]:
    """``exchanges``, those that fail with the peer of the same entry of ``ends`` that is called instead."""
    counted = by_key(((end.router, end.interface), end) for end in ends if end.kind == "crypto-map" and not end.dynamic)
    several = {key for key, own in counted.items() if len(own) > 1}
    if not several:
        return tuple(exchanges)
    keys = [(exchange.initiator, exchange.initiator_interface) for exchange in exchanges]
    entries = by_key((key, e) for key, e in zip(keys, exchanges, strict=True) if key in several)
    return tuple(_told(e, entries.get(key, [])) for key, e in zip(keys, exchanges, strict=True))


def _told(exchange: Exchange, entry: list[Exchange]) -> Exchange:
    if exchange.outcome not in FAILED or len(entry) < 2:
        return exchange
    at = next(n for n, one in enumerate(entry) if one is exchange)
    others = [*entry[at + 1 :], *entry[:at]]
    best = next((e for e in others if e.holds), None) or next((e for e in others if e.outcome == "unknown"), others[0])
    called: Confidence = "probable" if exchange.failed_at in _NO_ANSWER else "unknown"
    return msgspec.structs.replace(exchange, instead=Alternative(best.peer, best.responder, best.outcome, called))
