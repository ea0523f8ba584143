"""PW-PEERADDR: one end calls an address where the other does not wait for it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ikeaudit.exchange import Responder
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import strongest
from ikeaudit.hazards.facts.words import place
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import Evidence, Router
from ikeaudit.selection import Endpoint


class _Miss(msgspec.Struct, frozen=True):
    """A call that arrives at ``responder``, where no end waits for it."""

    caller: Router
    end: Endpoint
    responder: Responder


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each pair of routers that miss each other."""
    groups: dict[tuple[str, str], list[_Miss]] = {}
    for facts in context.routers:
        for end in facts.ends:
            responder = context.missed(end)
            if responder is not None:
                pair = sorted((facts.name, responder.router.name))
                groups.setdefault((pair[0], pair[1]), []).append(_Miss(facts.router, end, responder))
    for (one, other), misses in groups.items():
        evidence: list[Evidence] = []
        for miss in misses:
            evidence += miss.caller.evidence(*miss.end.lines)
            evidence += miss.responder.router.evidence(*(n for e in miss.responder.elsewhere for n in e.lines))
        sure = strongest(
            *(context.told(miss.caller.name, (str(miss.end.peer),)) for miss in misses if miss.responder.elsewhere)
        )
        certain = any(miss.responder.elsewhere for miss in misses)
        yield HAZARD.finding(
            hosts=[one, other],
            peers=dict.fromkeys(str(miss.end.peer) for miss in misses),
            message=f"{_told(misses)}.",
            cause=sorted(f"{miss.caller.name} {miss.end.interface} {miss.end.peer}" for miss in misses),
            evidence=evidence,
            confidence=sure if certain else "probable",
        )


def _told(misses: list[_Miss]) -> str:
    more = f"; and {len(misses) - 2} more" if len(misses) > 2 else ""
    return f"{'; '.join(_words(miss) for miss in misses[:2])}{more}"


def _words(miss: _Miss) -> str:
    called = f"{miss.caller.name} {miss.end.interface} calls {miss.end.peer} from {_source(miss)}"
    router = miss.responder.router.name
    if not miss.responder.elsewhere:
        return f"{called}, but {router} has no tunnel for it"
    waiting = miss.responder.elsewhere[0]
    at = f"{waiting.local.address or waiting.local.interface} in {place(waiting.fvrf)}"
    return f"{called}, but {router} {waiting.interface} waits at {at} for {waiting.peer}"


def _source(miss: _Miss) -> str:
    return str(miss.responder.caller or miss.end.local.interface or "an unknown address")


HAZARD = Hazard(
    code="PW-PEERADDR",
    title="One end calls an address where the other does not wait for it",
    severity="critical",
    scope="pair",
    what=(
        "The address that a tunnel names as its peer belongs to a router of the snapshot, and that router has no "
        "tunnel end with this local address, this front-door VRF and the caller's address as its peer."
    ),
    why=(
        "A tunnel's source at one end must be its destination at the other. If not, the packet finds no key, or no "
        "tunnel end that accepts its proxies."
    ),
    symptom="'phase 1 SA policy not acceptable!' or 'proxy identities not supported', error 32.",
    fix="Make each end's destination the other end's source, in the same front-door VRF.",
    source="END-NAMED-PEER",
    detect=detect,
)
