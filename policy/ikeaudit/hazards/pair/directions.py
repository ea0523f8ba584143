"""Which directions of a tunnel come up, and the keys and addresses that decide it."""

from collections.abc import Iterator
from typing import TypeAlias

import msgspec

from ikeaudit.exchange import Exchange
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import strongest, weakest
from ikeaudit.hazards.facts.miscalled import Miss, slips
from ikeaudit.hazards.facts.phrases import counted, listing, place
from ikeaudit.hazards.facts.tunnel_pairs import FAILED, TunnelPair
from ikeaudit.hazards.finding import MAPS, Finding, catalogued
from ikeaudit.hazards.shared.pair_findings import (
    Cause,
    Failing,
    asymmetric,
    describe,
    ends,
    failing_by,
    failing_reading,
    grouped,
    half_known,
    oneway,
    only_supposed,
    pair_finding,
    reason_words,
    renewed,
    supposition,
)
from ikeaudit.model import Evidence, Interface, IPAddress
from ikeaudit.selection import Endpoint, RouterRules


@catalogued(
    code="PW-ONEWAY",
    title="A tunnel comes up from one end at most",
    category="connectivity",
    severity="high",
    scope="pair",
    what=(
        "Of the two directions of a tunnel one comes up and the other fails, in the usual reading of the selection "
        "rules or, with less confidence, in another one. Or one fails, and what becomes of the other is not known. Or one end "
        "cannot call first, because it does not know its peer, and fails when it renews the tunnel."
    ),
    why=(
        "As long as the right end happened to start, the tunnel is healthy and nothing shows. After a reload, a "
        "clear, a link flap or the end of phase 1 the other end may start, and the tunnel stays down until somebody "
        "intervenes."
    ),
    symptom="Depends on the cause; the failing direction's log lines tell.",
    fix="A finding says what to do by the reason; 'explain' shows the failing direction message by message.",
    source="KEY-BEFORE-ID, CALL-RENEWAL",
    absent_from=(),
)
def pw_oneway(context: AuditContext) -> Iterator[Finding]:
    """One finding for each cause; tunnels that only a less likely reading takes down are told apart."""
    failing = [found for tunnel in context.tunnels if (found := oneway(tunnel)) is not None]
    for weak in (False, True):
        for cause, items in grouped(item for item in failing if only_supposed(item) == weak).items():
            words, kind = (_supposed, "supposed") if weak else (_message, "")
            yield pair_finding(pw_oneway, cause, items, words(cause, items), kind)
    half = [found for tunnel in context.tunnels if (found := half_known(tunnel)) is not None]
    for cause, items in grouped(half).items():
        yield pair_finding(pw_oneway, cause, items, _open(cause, items), "unknown")
    for cause, items in grouped(renewed(context.tunnels)).items():
        told = pair_finding(pw_oneway, cause, items, _lost(cause, items), "renewal")
        # An end without a key for the address was not meant to call.
        meant = cause.reason != "no-key-on-initiator"
        yield told if meant else msgspec.structs.replace(told, severity="medium")


def _message(cause: Cause, items: list[Failing]) -> str:
    if len(items) > 1:
        return (
            f"{counted(len(items), 'tunnel')} come up from one end only: {reason_words(cause.reason)} when "
            f"{listing(_calls(items), 3)}."
        )
    bad = items[0].directions[0]
    good = f"{bad.responder or bad.peer} to {bad.initiator}"
    return f"{good} comes up, {describe(items)} fails{_at(bad.failed_at)}: {reason_words(cause.reason)}."


def _open(cause: Cause, items: list[Failing]) -> str:
    """The words for tunnels of which one direction fails, and nobody can tell about the other."""
    reason = reason_words(cause.reason)
    if len(items) > 1:
        calls = listing(_calls(items), 3)
        return f"Of {counted(len(items), 'tunnel')} the other direction is not known, and one fails when {calls}: {reason}."
    bad = items[0].directions[0]
    other = f"{bad.responder or bad.peer} to {bad.initiator}"
    return f"{describe(items)} fails{_at(bad.failed_at)}: {reason}; whether {other} comes up is not known."


def _lost(cause: Cause, items: list[Failing]) -> str:
    """The words for tunnels that only one end can open, and that the other one loses when it renews them."""
    bad = items[0].directions[0]
    what = "The tunnel of" if len(items) == 1 else f"{counted(len(items), 'tunnel')} of"
    hosts = listing(dict.fromkeys(h for item in items for h in item.tunnel.hosts))
    return (
        f"{what} {hosts} {_comes(items)} up by the only call there is; but when {bad.initiator} renews it, its call fails"
        f"{_at(bad.failed_at)}: {reason_words(cause.reason)}."
    )


def _supposed(cause: Cause, items: list[Failing]) -> str:
    """The words for tunnels that come up both ways unless a less likely reading of the rules is the right one."""
    bad = items[0].directions[0]
    failed = failing_reading(bad)
    callers = dict.fromkeys(item.directions[0].initiator for item in items)
    what = "The tunnel of" if len(items) == 1 else f"{counted(len(items), 'tunnel')} of"
    calls = f"the calls of {listing(callers)}" if len(items) > 1 else f"{bad.initiator}'s calls"
    return (
        f"{what} {listing(dict.fromkeys(h for item in items for h in item.tunnel.hosts))} {_comes(items)} up in both "
        f"directions by the likely reading; but if {supposition(bad)}, {calls} fail"
        f"{_at(failed.failed_at if failed is not None else None)}: {reason_words(cause.reason)}."
    )


def _comes(items: list[Failing]) -> str:
    return "comes" if len(items) == 1 else "come"


def _calls(items: list[Failing]) -> list[str]:
    return [f"{e.initiator} calls {e.responder or e.peer}" for item in items for e in item.directions]


def _at(message: str | None) -> str:
    return f" at {message}" if message else ""


@catalogued(
    code="PW-BOTHFAIL",
    title="A tunnel comes up from neither end",
    category="connectivity",
    severity="critical",
    scope="pair",
    what=(
        "Both directions of a tunnel fail; or the only one that can be started does, where the other end names no "
        "peer or only responds."
    ),
    why="The tunnel is down, or will be as soon as its present security associations end.",
    symptom="Depends on the cause; both directions' log lines tell.",
    fix="A finding says what to do by the reason; 'explain' shows both directions message by message.",
    source="KEY-BEFORE-ID",
    absent_from=(),
)
def pw_bothfail(context: AuditContext) -> Iterator[Finding]:
    """One finding for each cause."""
    failing = [found for tunnel in context.tunnels if (found := _dead(tunnel)) is not None]
    for cause, items in grouped(failing).items():
        what = (
            "No direction comes up" if len(items) > 1 else f"{listing(items[0].tunnel.hosts)} come up in no direction"
        )
        how = f" of {describe(items)}" if len(items) > 1 else f" ({ends(items[0])})"
        yield pair_finding(pw_bothfail, cause, items, f"{what}{how}: {reason_words(cause.reason)}.")


def _dead(tunnel: TunnelPair) -> Failing | None:
    """A tunnel whose every direction that anybody can start fails."""
    if tunnel.back is None:
        return None
    started = [e for e in tunnel.directions if e.outcome != "not-initiated"]
    if not started or any(e.outcome not in FAILED for e in started):
        return None
    return Failing(tunnel, tuple(started), weakest(*(e.confidence for e in started)))


pw_psk_diff = failing_by(
    "psk-mismatch",
    when=lambda context, exchange: not asymmetric(context, exchange),  # keys that are so by intention are PW-V2-ASYM
    code="PW-PSK-DIFF",
    title="The two routers use different keys for each other",
    category="connectivity",
    severity="critical",
    scope="pair",
    what=(
        "The key that the initiator takes and the key that the responder takes for it differ, in the usual reading of "
        "the rules or, with less confidence, in another one. Type 6 keys, which cannot be compared, are not reported."
    ),
    why=(
        "IKEv1 encrypts from MM5 on with a key derived from the pre-shared one, so that the responder reads noise "
        "and cannot even say why; IKEv2 fails the authentication."
    ),
    symptom=(
        "Called: 'reserved not zero on ID payload!', %CRYPTO-4-IKMP_BAD_MESSAGE. Caller: MM_KEY_EXCH and deleted "
        "MM_NO_STATE. IKEv2: 'Failed to authenticate the IKE SA'."
    ),
    fix="Enter the key that is meant at both ends; check which keyring each end takes it from.",
    source="KEY-MISMATCH, DEBUG-LINES",
    absent_from=(),
)


def _lacks_vrf(context: AuditContext, exchange: Exchange) -> bool:
    """Whether the responder has a key whose keyring only lacks the name of its VRF, which KR-LOCALADDR-MISS tells."""
    peer = context.peer_of(exchange)
    if peer is None or peer.far_rules is None or peer.far is None or peer.end.local.address is None:
        return False
    return bool(peer.far_rules.blind_keys(peer.far.local, peer.end.local.address).lacking)


pw_nokey_r = failing_by(
    "no-key-on-responder",
    when=lambda context, exchange: not _lacks_vrf(context, exchange),
    code="PW-NOKEY-R",
    title="The responder has no key for the address that the caller comes from",
    category="connectivity",
    severity="critical",
    scope="pair",
    what=(
        "A router calls another one, which has no eligible key for the source address that it sees (after address "
        "translation, in the front-door VRF and at the local address where the packet arrives)."
    ),
    why="Without a key no pre-share policy is acceptable, so that the negotiation ends with its first message.",
    symptom="On the router that is called: 'phase 1 SA policy not acceptable!'; the caller retransmits MM1.",
    fix=(
        "If calls do arrive from that address, add a key for it to the keyring of the profile that is meant for the "
        "caller; where an address is translated on the way, '--nat FILE' tells from which one they do."
    ),
    source="KEY-MISSING, NAT-ADDRESSES",
    absent_from=("keyring", "isakmp-profile", "global"),
)


@catalogued(
    code="PW-PEERADDR",
    title="One end calls an address where the other does not wait for it",
    category="connectivity",
    breaks=("peer-address-mismatch", "no-key-on-initiator", "no-key-on-responder"),
    explains=("PW-NOKEY-R", "KR-NOKEY", "PF-BOUND-NOMATCH"),
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
    fix=(
        "If the two ends are meant for each other, make each end's destination the other end's source, in the same "
        "front-door VRF."
    ),
    source="END-NAMED-PEER",
    absent_from=(*MAPS, "interface", "global"),
)
def pw_peeraddr(context: AuditContext) -> Iterator[Finding]:
    """One finding for each pair of routers that miss each other."""
    groups: dict[tuple[str, str], list[Miss]] = {}
    slipped = slips(context)
    calling = {end for found in slipped.values() for end, _ in found}
    told = {end for miss, found in slipped.items() if miss.end not in calling for end, _ in found}
    for miss in slipped:
        if miss.end not in told:
            pair = sorted((miss.caller.name, miss.responder.router.name))
            groups.setdefault((pair[0], pair[1]), []).append(miss)
    for (one, other), some in groups.items():
        evidence: list[Evidence] = []
        for miss in some:
            evidence += miss.caller.evidence(*miss.end.lines)
            evidence += miss.responder.router.evidence(*(n for e in miss.responder.elsewhere for n in e.lines))
        sure = strongest(
            *(context.told(miss.caller.name, (str(miss.end.peer),)) for miss in some if miss.responder.elsewhere)
        )
        certain = any(miss.responder.elsewhere for miss in some)
        meant = [slip for miss in some for slip in slipped[miss]]
        for end, _ in meant:
            evidence += context.router(end.router).router.evidence(*end.lines)
        slip = meant[0] if meant else None
        hint = f" (did {slip[0].router} {slip[0].interface} mean {slip[1]} by {slip[0].peer}?)" if slip else ""
        yield pw_peeraddr.finding(
            hosts=[one, other],
            peers=dict.fromkeys(str(end.peer) for end in (*(miss.end for miss in some), *(end for end, _ in meant))),
            message=f"{_told(some)}{hint}.",
            fix=_correct(some, slip),
            cause=[one, other],
            parts=[
                *((miss.caller.name, miss.end.interface, str(miss.end.peer)) for miss in some),
                *((end.router, end.interface, str(end.peer)) for end, _ in meant),
            ],
            evidence=evidence,
            confidence=sure if certain else "probable",
        )


def _correct(some: list[Miss], slip: tuple[Endpoint, IPAddress] | None) -> str | None:
    """What to do; that the addresses fit already, or that there is no end to correct, is said."""
    if slip is not None:
        return f"Correct the address that {slip[0].router} calls: {slip[1]} instead of {slip[0].peer}."
    waiting = [(miss, end) for miss in some for end in miss.responder.elsewhere]
    if not waiting:
        called = listing(dict.fromkeys(miss.responder.router.name for miss in some))
        return f"If the tunnel is wanted, give {called} an end for it, or call the router that has one."
    if all(end.local.address == miss.end.peer and end.peer == miss.responder.caller for miss, end in waiting):
        return "The addresses fit; if the two ends are meant for each other, let both be in the VRF that the packets arrive in."
    return None


def _told(misses: list[Miss]) -> str:
    more = f"; and {len(misses) - 2} more" if len(misses) > 2 else ""
    return f"{'; '.join(_words(miss) for miss in misses[:2])}{more}"


def _words(miss: Miss) -> str:
    called = f"{miss.caller.name} {miss.end.interface} calls {miss.end.peer} from {_source(miss)}"
    router = miss.responder.router.name
    if not miss.responder.elsewhere:
        return f"{called}, but {router} has no tunnel for it"
    waiting = miss.responder.elsewhere[0]
    at = f"{waiting.local.address or waiting.local.interface} in {place(waiting.fvrf)}"
    return f"{called}, but {router} {waiting.interface} waits at {at} for {waiting.peer}"


def _source(miss: Miss) -> str:
    return str(miss.responder.caller or miss.end.local.interface or "an unknown address")


_Way: TypeAlias = tuple[IPAddress | None, str | None, IPAddress]
"""A tunnel's own address, its front-door VRF, and its destination."""


def _in_clear(rules: RouterRules) -> dict[_Way, Interface]:
    """The first tunnel of a router that has no protection, for each way that its packets may take (GRE-HALF)."""
    found: dict[_Way, Interface] = {}
    for interface in rules.router.interfaces:
        tunnel = interface.tunnel
        if tunnel is None or tunnel.protection is not None or tunnel.destination is None:
            continue
        source = tunnel.source_address or rules.addresses.primary(tunnel.source_interface or "")
        found.setdefault((source, tunnel.vrf, tunnel.destination), interface)
    return found


@catalogued(
    code="PW-HALF-PROTECTED",
    title="A tunnel is protected at one end only",
    category="connectivity",
    breaks=("peer-address-mismatch", "no-key-on-responder"),
    explains=("PW-PEERADDR", "PW-NOKEY-R"),
    severity="critical",
    scope="pair",
    what="A tunnel with 'tunnel protection' calls a router whose tunnel back to it has none.",
    why="The end without protection answers no IKE for the tunnel and sends in clear, which the other end drops.",
    symptom="%CRYPTO-4-RECVD_PKT_NOT_IPSEC at the protected end; its calls end in error 32.",
    fix="If the tunnel is to be protected, put the same 'tunnel protection' on both ends; else it can come off both.",
    source="GRE-HALF",
    absent_from=("interface",),
)
def pw_half_protected(context: AuditContext) -> Iterator[Finding]:
    """One finding for each tunnel."""
    bare: dict[str, dict[_Way, Interface]] = {}
    for facts in context.routers:
        for end in facts.ends:
            there = context.missed(end)
            clear = None
            if there is not None and there.caller is not None and end.kind == "tunnel":
                name = there.router.name
                if name not in bare:
                    bare[name] = _in_clear(there.rules)
                clear = bare[name].get((there.end.address, there.end.fvrf, there.caller))
            if there is not None and clear is not None:
                yield pw_half_protected.finding(
                    hosts=sorted((facts.name, there.router.name)),
                    peers=[str(end.peer), str(there.caller)],
                    message=(
                        f"{facts.name} {end.interface} is protected, and {there.router.name} {clear.name} at its other end is "
                        "not."
                    ),
                    cause=sorted((f"{facts.name} {end.interface}", f"{there.router.name} {clear.name}")),
                    parts=[(facts.name, end.interface, str(end.peer))],
                    evidence=[*facts.router.evidence(*end.lines), *there.router.evidence(clear.line)],
                    confidence=context.told(facts.name, (str(end.peer),)),
                )
