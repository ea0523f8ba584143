"""Calls that nobody makes, or that nobody has to answer."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import msgspec

from ikeaudit.exchange.result import FAILED, Confidence, Exchange
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import strongest, weakest
from ikeaudit.hazards.facts.configured import switched_off
from ikeaudit.hazards.facts.phrases import counted, listing, verb
from ikeaudit.hazards.facts.tunnel_pairs import Call
from ikeaudit.hazards.finding import Finding, Member, Severity, catalogued, compared
from ikeaudit.hazards.shared.pair_findings import call, reason_words
from ikeaudit.model import Evidence
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import Endpoint

_WORDS = {
    "interface-down": "its interface is shut down",
    "null-route": "a static route throws away what is sent to the peer",
    "incomplete-configuration": "its entry has no 'match address', or no 'set peer'",
}
_MENDS = {
    "interface-down": "If the tunnel is wanted, switch the interface on; else both ends can go.",
    "null-route": "If the tunnel is wanted, take the route away; else both ends can go.",
    "incomplete-configuration": "If the tunnel is wanted, complete the entry: 'match address' and 'set peer'.",
}


@catalogued(
    code="PW-NOSTART",
    title="One end of a tunnel never calls",
    category="connectivity",
    breaks=("incomplete-configuration", "peer-address-mismatch"),
    severity="medium",
    scope="pair",
    what=(
        "A tunnel is configured, and nothing of it reaches IKE at this end: its interface is shut down, a static route "
        "throws away what is sent to the peer, or its crypto map entry has no 'match address'. High where nobody can tell "
        "whether the other end's call comes up, critical where the other end never calls either and is meant to wait."
    ),
    why="The tunnel depends on the other end's call, if that can be answered at all.",
    symptom="No line of IKE at all.",
    fix="If the tunnel is wanted, switch the interface on, or take the route away; else both ends can go.",
    source="CALL-POSSIBLE, ROUTE-NULL0",
    absent_from=(),
)
def pw_nostart(context: AuditContext) -> Iterator[Finding]:
    """One finding for each end of a tunnel, or for all those that one interface takes with it."""
    down = {(end.router, end.interface): name for end, name in _switched_off(context)}
    ends = (*(end for facts in context.routers for end in facts.rules.endpoints), *context.fleet.clients)
    off = {(end.router, end.interface) for end in ends if end.shutdown}
    incomplete = {(end.router, end.interface) for facts in context.routers for end in facts.ends if end.incomplete}
    together: dict[tuple[str, ...], list[Exchange]] = {}
    for exchange in context.exchanges:
        why = _WORDS.get(str(exchange.reason)) if exchange.by == "fault" else None
        wanting = (exchange.initiator, exchange.initiator_interface) in incomplete
        astray = exchange.reason == "interface-down" and (exchange.initiator, exchange.initiator_interface) not in off
        if why is None or astray or (exchange.reason == "incomplete-configuration" and not wanting):
            continue  # what has a hazard of its own is told by that: CM-NAT, CM-ACL-ORDER, CM-NOT-APPLIED, PW-ROUTE
        name, own = exchange.initiator, exchange.initiator_interface
        shut = down.get((name, own)) if exchange.reason == "interface-down" else None
        cause: tuple[str, ...] = (name, own, exchange.peer) if shut in (None, own.split()[0]) else (name, str(shut))
        together.setdefault((*cause, str(exchange.reason)), []).append(exchange)
    answers = _answers(context, {_call(e) for calls in together.values() for e in calls})
    for cause, calls in together.items():
        yield _never(calls, cause, [answers[_call(e)] for e in calls if _call(e) in answers])


def _call(exchange: Exchange) -> Call:
    return exchange.initiator, exchange.initiator_interface, exchange.peer


def _answers(context: AuditContext, calls: Collection[Call]) -> dict[Call, Exchange]:
    """The other directions of the tunnels of ``calls``, where there are any."""
    found = {}
    for tunnel in context.tunnels:
        if tunnel.back is not None:
            for one, other in ((tunnel.there, tunnel.back), (tunnel.back, tunnel.there)):
                if _call(one) in calls:
                    found[_call(one)] = other
    return found


def _severity(answers: list[Exchange]) -> Severity | None:
    """How bad it is that one end never calls, by what becomes of the other end's call: None for the usual."""
    if any(e.by == "design" for e in answers):
        return "critical"
    return "high" if any(e.outcome == "unknown" for e in answers) else None


def _never(calls: list[Exchange], cause: tuple[str, ...], answers: list[Exchange]) -> Finding:
    """The finding for calls that nobody makes for one ``cause``."""
    name, reason = calls[0].initiator, cause[-1]
    ends, peers = dict.fromkeys(e.initiator_interface for e in calls), dict.fromkeys(e.peer for e in calls)
    why = _WORDS[reason] if len(cause) > 3 else f"{cause[1]} is shut down"
    told = pw_nostart.finding(
        hosts=dict.fromkeys(host for e in calls for host in (name, e.responder) if host is not None),
        peers=peers,
        message=f"{name} {listing(ends)} never {verb(ends, 'calls', 'call')} {listing(peers)}: {why}.",
        cause=cause,
        severity=_severity(answers),
        fix=_MENDS[reason],
        evidence=[line for e in calls for line in e.evidence],
        confidence=strongest(*(e.confidence for e in calls)),
    )
    return msgspec.structs.replace(told, parts=tuple(call(told.code, e, e, reason) for e in calls))


def _switched_off(context: AuditContext) -> Iterator[tuple[Endpoint, str]]:
    """The ends that an interface takes with it, with that interface."""
    for facts in context.routers:
        for end in facts.rules.endpoints:
            if (name := switched_off(end, facts.rules)) is not None:
                yield end, name


class SpokeCall(msgspec.Struct, frozen=True, tag=True):
    """A call of one spoke to another that fails for ``reason``: ``member`` says who calls whom."""

    order: str
    reason: str
    member: Member
    evidence: tuple[Evidence, ...]
    confidence: Confidence

    @property
    def members(self) -> tuple[Member, ...]:
        """The one direction."""
        return (self.member,)

    @property
    def ends(self) -> tuple[str, str]:
        """The router that calls, and the one called."""
        return self.member.host, self.member.far or self.member.peer


_SHORTCUT = "PW-SHORTCUT"


def _failing_spokes(context: AuditContext) -> Iterator[SpokeCall]:
    for last, exchange in zip(context.fleet.spoke_clouds, context.fleet.spoke_exchanges, strict=True):
        if exchange.outcome in FAILED or exchange.lost_at is not None:
            reason = exchange.lost_at or str(exchange.reason)
            member = call(_SHORTCUT, exchange, exchange, reason)
            yield SpokeCall(last, reason, member, exchange.evidence, exchange.confidence)


@compared(
    _failing_spokes,
    code=_SHORTCUT,
    title="Spokes fail to call each other",
    category="connectivity",
    severity="medium",
    scope="pair",
    what="A hub lets the spokes of its DMVPN call each other, and such a call fails, from one end or from both.",
    why="The spokes try again and again; their traffic stays on the hub.",
    symptom="'show dmvpn' shows the other spoke in state IKE, or not at all.",
    fix=(
        "If spokes are to call each other, give them keys for each other, or certificates; else leave out 'ip nhrp "
        "redirect' and 'ip nhrp shortcut'."
    ),
    source="DMVPN-SPOKES",
    absent_from=(),
)
def pw_shortcut(calls: Sequence[SpokeCall], _names: Collection[str]) -> Iterator[Finding]:
    """One finding for each reason; that one spoke has no key is one, whoever of the two calls."""
    keyless = {one.ends for one in calls if one.reason == _NO_KEY}
    same = ((_NO_KEY if _lacks_too(one, keyless) else one.reason, one) for one in calls)
    for reason, failing in by_key(same).items():
        pairs = dict.fromkeys(frozenset(one.ends) for one in failing)
        names = listing([" - ".join(sorted(pair)) for pair in pairs], 3)
        told = pw_shortcut.finding(
            hosts=sorted({name for pair in pairs for name in pair}),
            peers=dict.fromkeys(one.member.peer for one in failing),
            message=(
                f"{counted(len(pairs), 'pair')} of spokes ({names}) {_fails(failing, len(pairs))}: "
                f"{_why(reason, failing)}."
            ),
            fix=_SHORTCUT_MENDS.get(reason),
            cause=[reason],
            evidence=[line for one in failing for line in one.evidence],
            confidence=weakest(*(one.confidence for one in failing)),
        )
        yield msgspec.structs.replace(told, parts=tuple(one.member for one in failing))


_IF = "If spokes are to call each other,"
_ELSE = "else leave out 'ip nhrp redirect' and 'ip nhrp shortcut'."
_MATCH_SPOKES = f"{_IF} match them, too, in the profile that their tunnels are bound to; {_ELSE}"
_SHORTCUT_MENDS = {
    "profile-binding": _MATCH_SPOKES,
    "identity-not-matched": _MATCH_SPOKES,
    "psk-mismatch": f"{_IF} give them the same key for each other, or certificates; {_ELSE}",
    "keyring-verification": f"{_IF} let the keyring of their profile alone hold the key for them; {_ELSE}",
    "no-common-ike-policy": f"{_IF} give them one strong policy in common (IKEv2: a proposal); {_ELSE}",
    "no-common-transform": f"{_IF} give them the same transform set; {_ELSE}",
    "proxy-mismatch": f"{_IF} give their transform sets the same mode; {_ELSE}",
    "rekey": f"{_IF} set the same PFS group on them all; {_ELSE}",
}
"""What to do about calls between spokes that fail for another reason than a missing key."""


def _fails(failing: list[SpokeCall], pairs: int) -> str:
    ways = {one.ends for one in failing}
    if len(ways) == 2 * pairs:
        return "cannot call each other"
    calls = [f"{one} calls {other}" for one, other in sorted(ways)]
    return f"{'fails' if pairs == 1 else 'fail'} when {listing(calls, 3)}"


_NO_KEY, _NO_KEY_THERE = "no-key-on-initiator", "no-key-on-responder"


def _lacks_too(one: SpokeCall, keyless: Collection[tuple[str, str]]) -> bool:
    """Whether a call fails by the key that its responder lacks when it calls, too: ``keyless`` says who fails so."""
    return one.reason == _NO_KEY_THERE and one.ends[::-1] in keyless


def _why(reason: str, failing: list[SpokeCall]) -> str:
    if any(one.reason != reason for one in failing):
        lacking = sorted({one.ends[one.reason == _NO_KEY_THERE] for one in failing})
        others = "the other" if len({frozenset(one.ends) for one in failing}) == 1 else "the others"
        return f"{listing(lacking, 3)} {verb(lacking, 'has', 'have')} no key for {others}"
    return "their PFS groups differ, which shows at the first rekey" if reason == "rekey" else reason_words(reason)
