"""What a case is to say, as its ``expect.toml`` (CONTRIBUTING, "Adding a case")."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator

from ikeaudit.exchange import Exchange
from ikeaudit.fleet import Fleet
from ikeaudit.hazards import audit
from ikeaudit.hazards.catalogue import OF_STATE

_ENDS = ("initiator", "responder", "initiator_interface", "peer")
_VERDICT = (
    "outcome",
    "confidence",
    "failed_at",
    "reason",
    "lost_at",
    "initiator_profile",
    "initiator_keyring",
    "responder_keyring",
    "responder_profile",
)


def expectation(fleet: Fleet) -> str:
    """Every direction of ``fleet`` with its verdict, and the findings of its state: what is there now.

    Directions that the ends do not tell apart are left out, as no case can name them.
    """
    exchanges = (*fleet.exchanges, *fleet.client_exchanges, *fleet.spoke_exchanges)
    names = Counter(tuple(getattr(e, key) for key in _ENDS) for e in exchanges)
    told = [e for e in exchanges if names[tuple(getattr(e, key) for key in _ENDS)] == 1]
    lines = ["# Written by 'ikeaudit export-case': what the model says of these routers, not what is right.", *_head()]
    lines += [line for exchange in told for line in _exchange(exchange)]
    codes = {finding.code for cause in audit(fleet) for finding in (cause, *cause.follows)}
    lines += _findings(sorted(code for code in codes if code in OF_STATE))
    return "\n".join(lines) + "\n"


def _head() -> Iterator[str]:
    yield 'source = "two routers of a snapshot, with names, addresses and keys replaced"'


def _exchange(exchange: Exchange) -> Iterator[str]:
    yield "[[exchange]]"
    for key in _ENDS:
        value = getattr(exchange, key)
        if value is not None:
            yield f"{key} = {json.dumps(value)}"
    for key in _VERDICT:
        value = getattr(exchange, key)
        yield f"{key} = {json.dumps('none' if value is None else value)}"


def _findings(codes: Iterable[str]) -> Iterator[str]:
    if told := list(codes):
        yield "[findings]"
        yield f"fire = {json.dumps(told)}"
