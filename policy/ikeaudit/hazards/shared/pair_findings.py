"""Findings about tunnels, grouped by what they share: one cause, one finding."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Unpack

import msgspec

from ikeaudit.exchange import Exchange, Reading, Reason
from ikeaudit.exchange.citations import Citations, Piece
from ikeaudit.exchange.result import Confidence, Renewal
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.certainty import strongest
from ikeaudit.hazards.facts.phrases import counted, listing
from ikeaudit.hazards.facts.tunnel_pairs import FAILED, TunnelPair
from ikeaudit.hazards.finding import OUTCOMES, Finding, Hazard, Member, Texts
from ikeaudit.model import IPAddress, same_key
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import Endpoint, RouterRules
from ikeaudit.selection.ikev2 import Ikev2Keys

_AT_INITIATOR = ("no-key-on-initiator",)

_REFUSER_AT_FAULT = frozenset({"keyring-verification", "profile-binding", "identity-not-matched"})
"""Reasons that lie in the configuration of the router that refuses, or in what it expects of the other."""

WORDS: dict[Reason, str] = {
    "no-key-on-initiator": "the initiator has no key",
    "no-key-on-responder": "the responder has no key for the caller",
    "psk-mismatch": "the keys differ",
    "keyring-verification": "the key comes from a keyring outside the profile",
    "profile-binding": "the identity selects another profile than the tunnel is bound to",
    "no-common-ike-policy": "there is no common phase 1 policy",
    "authentication-method": "the authentication methods differ",
    "xauth": "a router is asked for a user name, and gives none",
    "aggressive-mode-disabled": "the responder refuses aggressive mode",
    "no-common-transform": "there is no common transform set",
    "pfs-mismatch": "the PFS groups differ",
    "proxy-mismatch": "the proxies are no mirror images",
    "ike-version-mismatch": "the IKE versions differ",
    "identity-not-matched": "the identity is matched by no profile",
    "peer-address-mismatch": "no tunnel end waits for the caller",
    "certificate": "the certificate is not accepted",
    "incomplete-configuration": "the configuration is incomplete",
}

MENDS: dict[Reason, str] = {
    "no-key-on-initiator": "If the tunnel is wanted, give the router that calls a key for its peer's address, where its tunnel "
    "looks for it.",
    "no-key-on-responder": "If calls do arrive from that address, give the router that is called a key for it.",
    "psk-mismatch": "Enter the key that is meant at both ends; check which keyring each end takes it from.",
    "keyring-verification": "If one key is meant for the peer, let one keyring alone hold it, and the peer's profile name it.",
    "profile-binding": "Match the peer's identity in the profile that the tunnel is bound to, and in no other, or bind the one "
    "that matches, whichever is meant.",
    "identity-not-matched": "Match in the profile what the other router presents, or make it present what is matched, "
    "whichever is meant.",
    "no-common-ike-policy": "If the two ends are meant for each other, give both one strong policy in common (IKEv2: a "
    "proposal).",
    "authentication-method": "Use the method that is meant at both ends.",
    "xauth": "If the peer is a router, do not ask it for a user: 'no-xauth' behind its global key, or a profile without "
    "client authentication.",
    "aggressive-mode-disabled": "Where addresses are fixed, main mode with address keys at both ends; else IKEv2.",
    "no-common-transform": "Give both ends the same transform set, the one that is meant.",
    "pfs-mismatch": "Set the same PFS group at both ends, the one that is meant.",
    "proxy-mismatch": "Where both ends are meant to protect the same traffic, make the access lists exact mirror images, and "
    "the tunnel modes the same.",
    "ike-version-mismatch": "Let both ends speak the version that is meant: bind both to an IKEv2 profile, or neither.",
    "peer-address-mismatch": "If the two ends are meant for each other, make each end's peer the other end's local address, in "
    "the same front-door VRF.",
    "certificate": "Where certificates are meant, give both ends trust-points that the other one accepts.",
    "incomplete-configuration": "If the tunnel is wanted, complete what the end refers to: profile, access list, peer and "
    "transform set.",
}
"""What to do about a direction that fails, where no hazard explains it."""

ANYBODY = "any"
"""What an exchange names as its peer when its initiator's end names none."""
_RULES = re.compile(r" \([A-Z][A-Z0-9]*-[A-Z0-9, -]*\)")


class Cause(msgspec.Struct, frozen=True, order=True):
    """What failures are grouped by: the router that refuses or cannot start, why, and the keyring it used."""

    router: str
    reason: str
    keyring: str


class Failing(msgspec.Struct, frozen=True):
    """A tunnel with its failing directions and how sure that is."""

    tunnel: TunnelPair
    directions: tuple[Exchange, ...]
    confidence: Confidence


def failing_reading(exchange: Exchange, reasons: Sequence[Reason] = ()) -> Exchange | Reading | None:
    """How a direction fails: the exchange itself where its primary reading does, else the first reading that does.

    With ``reasons`` given only failures for one of them count.
    """
    candidates: list[Exchange | Reading] = [exchange, *exchange.readings]
    return next((c for c in candidates if c.outcome in FAILED and (not reasons or c.reason in reasons)), None)


def cause_of(exchange: Exchange, reasons: Sequence[Reason] = ()) -> Cause:
    """The grouping key of a failing direction."""
    failed = failing_reading(exchange, reasons) or exchange
    reason = failed.reason or ""
    if reason in _AT_INITIATOR or failed.failed_at == "MM6" or exchange.responder is None:
        return Cause(exchange.initiator, reason, failed.initiator_keyring or "")
    return Cause(exchange.responder, reason, failed.responder_keyring or "")


def grouped(failing: Iterable[Failing], reasons: Sequence[Reason] = ()) -> dict[Cause, list[Failing]]:
    """Tunnels by cause; of a tunnel's possible causes the one that it shares with the most others."""
    items = list(failing)
    options = [sorted({cause_of(direction, reasons) for direction in item.directions}) for item in items]
    count = Counter(cause for causes in options for cause in causes)
    return by_key((max(causes, key=lambda c: count[c]), item) for item, causes in zip(items, options, strict=True))


def failing_by(
    reason: Reason,
    *,
    when: Callable[[AuditContext, Exchange], bool] | None = None,
    besides: Callable[[Hazard, AuditContext], Iterable[Finding]] | None = None,
    **texts: Unpack[Texts],
) -> Hazard:
    """The hazard that is the very reason why directions fail, or those of them for which ``when`` holds.

    ``besides`` tells what the hazard does where no direction fails.
    """

    def detect(context: AuditContext) -> Iterator[Finding]:
        failing = []
        for tunnel in context.tunnels:
            found = {e: c for e, c in tunnel.failing_by(reason).items() if when is None or when(context, e)}
            if found:
                failing.append(Failing(tunnel, tuple(found), strongest(*found.values())))
        yield from findings(made, failing, reason)
        if besides is not None:
            yield from besides(made, context)

    texts.setdefault("breaks", (reason,))
    made = Hazard(**texts, detect=detect)
    return made


def oneway(tunnel: TunnelPair) -> Failing | None:
    """The failing direction of a tunnel whose other direction comes up; None when there is no such thing.

    The primary reading counts first. Otherwise the worst reading of one direction against the primary one of the other:
    then with the confidence of the direction that may fail. A direction that is unknown, or that nobody starts, proves
    nothing.
    """
    if tunnel.back is None:
        return None
    for good, bad in ((tunnel.there, tunnel.back), (tunnel.back, tunnel.there)):
        if good.holds and bad.outcome in FAILED:
            return Failing(tunnel, (bad,), bad.confidence)
    for good, bad in ((tunnel.there, tunnel.back), (tunnel.back, tunnel.there)):
        if good.holds and _may_fail(bad) and not _fail_together(good, bad):
            return Failing(tunnel, (bad,), bad.confidence)
    return None


def half_known(tunnel: TunnelPair) -> Failing | None:
    """The failing direction of a tunnel whose other direction is unknown; None when there is no such thing."""
    if tunnel.back is None:
        return None
    for open_, bad in ((tunnel.there, tunnel.back), (tunnel.back, tunnel.there)):
        if open_.outcome == "unknown" and bad.outcome in FAILED:
            return Failing(tunnel, (bad,), bad.confidence)
    return None


def _fail_together(one: Exchange, other: Exchange) -> bool:
    """Whether two directions fail by the same readings only, so that the tunnel is up at both ends or at neither."""
    failing = [{r.reading for r in e.readings if r.outcome in FAILED} for e in (one, other)]
    return failing[0] == failing[1]


def renewed(tunnels: Iterable[TunnelPair]) -> Iterator[Failing]:
    """The tunnels that one end opens and the other, which cannot, loses when it renews them (CALL-RENEWAL)."""
    for tunnel in tunnels:
        if tunnel.back is None:
            continue
        for good, bad in ((tunnel.there, tunnel.back), (tunnel.back, tunnel.there)):
            call = bad.renewal
            if good.holds and call is not None and call.outcome in FAILED:
                fails = msgspec.structs.replace(
                    bad, outcome=call.outcome, failed_at=call.failed_at, reason=call.reason, renewal=None
                )
                yield Failing(tunnel, (fails,), call.confidence)


def _may_fail(exchange: Exchange) -> bool:
    return (
        exchange.confidence != "unknown"
        and exchange.outcome not in ("unknown", "not-initiated")
        and exchange.worst in FAILED
    )


def asymmetric(context: AuditContext, exchange: Exchange) -> bool:
    """Whether an end of an IKEv2 exchange has different keys for the two directions (IKEV2-LOCAL-REMOTE)."""
    peer = context.peer_of(exchange) if exchange.ike_version == 2 else None
    if peer is None:
        return False
    keys = [_ikev2_keys(peer.rules, peer.end, peer.address)]
    if peer.far_rules is not None and peer.far is not None:
        keys.append(_ikev2_keys(peer.far_rules, peer.far, peer.far.peer or peer.end.local.address))
    own = ((k.local, k.remote) for k in keys if k is not None)
    return any(a is not None and b is not None and same_key(a, b, same_router=True) is False for a, b in own)


def _ikev2_keys(rules: RouterRules, end: Endpoint, address: IPAddress | None) -> Ikev2Keys | None:
    """What an end has for its peer."""
    profile = rules.ikev2.profiles.get(end.ikev2_profile or "")
    return rules.ikev2.initiator_keys(profile, address) if profile is not None and address is not None else None


def findings(hazard: Hazard, failing: Iterable[Failing], *reasons: Reason) -> Iterator[Finding]:
    """One finding for each cause; with ``reasons`` only these are named as causes.

    Failures that only a less likely reading leads to are told apart, with what it supposes.
    """
    items = list(failing)
    for weak in (False, True):
        some = [item for item in items if only_supposed(item, reasons) == weak]
        for cause, group in grouped(some, reasons).items():
            words = f"{describe(group)}: {reason_words(cause.reason)}"
            if weak:
                words += f", if {supposition(group[0].directions[0], reasons)}, which is the less likely reading"
            yield pair_finding(hazard, cause, group, f"{words}.", "supposed" if weak else "")


def only_supposed(item: Failing, reasons: Sequence[Reason] = ()) -> bool:
    """Whether none of the directions fails in the likely reading of the rules."""
    return all(supposition(direction, reasons) is not None for direction in item.directions)


def supposition(exchange: Exchange, reasons: Sequence[Reason] = ()) -> str | None:
    """What has to be so for the direction to fail, in words: ``R1 takes the key of K2``; None where it fails anyway."""
    failed = failing_reading(exchange, reasons)
    if not isinstance(failed, Reading) or failed.primary:
        return None
    return _RULES.sub("", failed.reading).replace("; ", " and ")


def pair_finding(hazard: Hazard, cause: Cause, items: list[Failing], message: str, kind: str = "") -> Finding:
    """The finding for tunnels that share a cause, with what the routers would show for the first of them.

    ``kind`` tells it from others of the hazard with the same cause.
    """
    hosts = sorted({host for item in items for host in item.tunnel.hosts})
    found = hazard.finding(
        hosts=hosts,
        peers=dict.fromkeys(address for item in items for address in item.tunnel.peers if address != ANYBODY),
        message=message + _instead(items),
        cause=[cause.router, cause.reason, cause.keyring, kind],
        evidence=evidence(items),
        confidence=strongest(*(item.confidence for item in items)),
        symptom=symptom(items, hazard.symptom),
        fix=_mend(cause.reason) if hazard.code in OUTCOMES else None,
    )
    # A direction that follows from others does so by its own reason, not by that of the tunnel's other one.
    own = "" if hazard.code in OUTCOMES else cause.reason
    return msgspec.structs.replace(found, parts=members(hazard.code, items, own))


def _mend(reason: str) -> str | None:
    return {str(known): words for known, words in MENDS.items()}.get(reason)


def _instead(items: list[Failing]) -> str:
    """Who is called where the peer of a crypto map entry does not answer, as one more sentence."""
    others = {e.initiator: e.instead for item in items for e in item.directions if e.instead is not None}
    if len(others) != 1:
        return ""
    [(caller, other)] = others.items()
    whom = f"{other.responder} ({other.peer})" if other.responder else other.peer
    if other.outcome != "up":
        return f" The other peers of the entry do not help: {caller} to {whom} is {other.outcome}."
    if other.confidence == "unknown":
        return f" Whether {caller} then calls {whom}, which would come up, is not known."
    return f" Another peer of the entry, {whom}, comes up: {caller} calls them in turn."


def members(code: str, items: list[Failing], reason: str = "") -> tuple[Member, ...]:
    """The directions that fail, each with its reason: ``reason``, where it is given and the direction can fail for it."""
    found = []
    for e in (e for item in items for e in item.directions):
        own = failing_reading(e) or e
        ways: list[Exchange | Reading] = [own, *e.readings]
        failed = next((way for way in ways if way.outcome in FAILED and way.reason == reason), own)
        found.append(call(code, e, failed, failed.reason or reason))
    return tuple(found)


def call(code: str, exchange: Exchange, failed: Exchange | Reading | Renewal, reason: str) -> Member:
    """A direction that fails for ``reason``, in its own reading or another, or when it is renewed."""
    at = exchange.initiator if failed.outcome == "not-initiated" else ""
    if reason in _REFUSER_AT_FAULT:
        by_caller = failed.failed_at == "MM6" or failed.outcome == "half-open"
        at = exchange.initiator if by_caller else exchange.responder or ""
    return Member(
        code=code,
        host=exchange.initiator,
        object=exchange.initiator_interface,
        peer=exchange.peer,
        far=exchange.responder or "",
        reason=reason,
        at=at,
    )


def describe(items: list[Failing]) -> str:
    """``R2 to R1 (Tunnel1)``, or the number of tunnels with some of their directions, or of their ends where both fail."""
    if len(items) == 1:
        return listing(arrow(e) for e in items[0].directions)
    both = any(len(item.directions) > 1 for item in items)
    names = [ends(item) if both else arrow(item.directions[0]) for item in items]
    return f"{counted(len(items), 'tunnel')} ({listing(names, 3)})"


def ends(item: Failing) -> str:
    """``R1 Tunnel1 - R2 Tunnel0``."""
    return " - ".join(sorted({f"{e.initiator} {e.initiator_interface}" for e in item.tunnel.directions}))


def arrow(exchange: Exchange) -> str:
    """``R1 to R2 (Tunnel1)``."""
    return f"{exchange.initiator} to {exchange.responder or exchange.peer} ({exchange.initiator_interface})"


def evidence(items: list[Failing]) -> Piece:
    """The lines behind the failing directions."""
    return Citations.joined(direction.cited for item in items for direction in item.directions).lines


def symptom(items: list[Failing], otherwise: str) -> str:
    """The last lines that the routers would log in the first failing direction."""
    for item in items:
        for direction in item.directions:
            if direction.outcome in FAILED and direction.transcript:
                return "; ".join(f"{line.router}: {line.line}" for line in direction.transcript[-3:])
    return otherwise


def reason_words(reason: str) -> str:
    """A reason as part of a sentence."""
    return {str(key): words for key, words in WORDS.items()}.get(reason, "the negotiation fails")
