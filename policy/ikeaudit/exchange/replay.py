"""One direction of one tunnel: every reading replayed, then one verdict with its certainty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from ikeaudit.exchange.aggressive_mode import aggressive_mode, aggressive_peer, first_mode
from ikeaudit.exchange.choices import Answer, Choices, Option, explore
from ikeaudit.exchange.clients import log_in, register
from ikeaudit.exchange.ikev2 import ikev2, start_v2
from ikeaudit.exchange.main_mode import first_key, main_mode, refuse_to_start, start
from ikeaudit.exchange.profile_choice import request_profile
from ikeaudit.exchange.quick_mode import quick_mode
from ikeaudit.exchange.result import FAILED, Confidence, Exchange, Idle, Message, Outcome, Reading, Renewal
from ikeaudit.exchange.run import Initiator, Responder, Run, Stop
from ikeaudit.exchange.steps import Notes, Pool
from ikeaudit.exchange.traffic import start_traffic
from ikeaudit.exchange.unknowns import unread_answering, unread_lines, unread_of_end
from ikeaudit.exchange.way import heard, set_out, way_back
from ikeaudit.exchange.xauth import challenge
from ikeaudit.model import IPAddress
from ikeaudit.selection import Endpoint
from ikeaudit.selection.endpoint import NETWORK_ID, Shortcut

_Result = tuple[Run, tuple[Answer, ...]]


def replay(
    initiator: Initiator,
    responder: Responder | None,
    *,
    tunnel: str = "",
    startable: bool = True,
    known_as: IPAddress | None = None,
    pool: Pool | None = None,
    same: Pool | None = None,
    words: bool = True,
) -> Exchange:
    """The verdict on ``initiator`` calling ``responder`` (None: the peer's configuration is missing).

    ``tunnel`` names the tunnel, the same for its two directions; ``startable`` is False for a peer that nobody can call,
    ``known_as`` the address by which an end that names no peer knows it once it has called.
    With a ``pool`` the primary reading tells its steps. ``same`` keeps one object of each line for all replayed with it.
    Without ``words`` it is the verdict alone, with neither transcript nor evidence.
    """
    notes = Notes(pool) if pool is not None else None

    def once(choices: Choices) -> Run:
        nonlocal notes
        run = Run(choices, notes, same, words=words)
        notes = None  # only the first reading is told
        try:
            _negotiate(run, initiator, responder, startable)
            way_back(run, initiator, responder)
        except Stop as stop:
            run.close(stop)
        return run

    results = list(explore(once))
    run, _ = results[0]
    outcome, confidence = _judge(results)
    idle = outcome == "not-initiated"
    unread = unread_of_end(run, initiator) if idle else unread_lines(run, initiator, responder)
    if unread:
        outcome, confidence = "unknown", "unknown"
        for router, line in unread:
            run.cite(router, line)
    failed = outcome in FAILED
    told = confidence != "certain" or len({_picks(run) for run, _ in results}) > 1
    endpoint = initiator.endpoint
    return Exchange(
        initiator=initiator.router.name,
        responder=responder.router.name if responder else None,
        peer=str(endpoint.peer or endpoint.peer_name or (responder and responder.end.address) or "any"),
        initiator_interface=endpoint.interface,
        responder_interface=run.responder_interface or _first_interface(responder),
        ike_version=endpoint.ike_version,
        mode=run.mode if endpoint.ike_version == 1 else None,
        outcome=outcome,
        confidence=confidence,
        failed_at=run.failed_at if failed else None,
        reason=run.reason if failed else run.idle if outcome == "not-initiated" else None,
        lost_at=run.lost_at if outcome == "up" else None,
        lost_after=run.lost_after if outcome == "up" else None,
        initiator_profile=run.initiator_profile,
        initiator_keyring=run.initiator_keyring,
        responder_keyring=run.responder_keyring,
        responder_profile=run.responder_profile,
        readings=tuple(_reading(result, n == 0) for n, result in enumerate(results)) if told else (),
        transcript=run.said(),
        cited=run.cited(),
        steps=run.steps(),
        tunnel=tunnel,
        renewal=_renewal(initiator, responder, known_as)
        if idle and run.idle == "peer-unknown" and not unread
        else None,
    )


def takers(initiator: Initiator, responder: Responder) -> tuple[int, ...]:
    """Which of the responder's ends take the call, by their places: that of the primary reading first, none twice."""

    def once(choices: Choices) -> Endpoint | None:
        run = Run(choices, words=False)
        try:
            _negotiate(run, initiator, responder, startable=True)
        except Stop:
            return None
        return run.taken

    taken = [end for end, _ in explore(once) if end is not None]
    return tuple(dict.fromkeys(responder.endpoints.index(end) for end in taken))


def _renewal(initiator: Initiator, responder: Responder | None, known_as: IPAddress | None) -> Renewal | None:
    """The same call while the peer is known, None for an end that never knows it so (CALL-RENEWAL)."""
    end = initiator.endpoint
    peer = end.peer or known_as
    if responder is None or peer is None or any(far.kind == "ezvpn" for far in responder.endpoints):
        return None
    if not end.dynamic and not (end.tunnel_mode or "").startswith("gre multipoint"):
        return None
    known = msgspec.structs.replace(end, peer=peer, peer_name=None, dynamic=False, responder_only=False)
    found = replay(Initiator(initiator.rules, known), responder, words=False)
    if found.outcome == "not-initiated":
        return None
    sure: Confidence = "probable" if found.confidence == "certain" else found.confidence
    return Renewal(found.outcome, sure, found.failed_at, found.failure)


def _negotiate(run: Run, initiator: Initiator, responder: Responder | None, startable: bool) -> None:
    endpoint = initiator.endpoint
    run.cite(initiator.router, *endpoint.lines)
    idle = _idle(endpoint, startable)
    if idle is not None:
        places = (endpoint.interface.split()[0], endpoint.local.interface) if idle == "interface-down" else ()
        down = (initiator.rules.addresses.interface(name) for name in places)
        run.cite(initiator.router, *(one.down_line for one in down if one is not None))
        run.stay_idle(idle)
    if endpoint.shortcut is not None and not run.choose(_SHORTCUTS[endpoint.shortcut]):
        run.stay_idle("no-shortcut")
    if endpoint.peer is None:
        run.give_up(f"the address of {endpoint.peer_name} is not in the configuration")
    discarding = initiator.rules.discarding_route(initiator.end, endpoint.peer)
    if discarding is not None:
        run.cite(initiator.router, discarding.line)
        run.assume("a router does not reach a peer that a static route to Null0 stands for (ROUTE-NULL0)")
        run.stay_idle("null-route")
    if endpoint.undescribed is not None:
        run.give_up(endpoint.undescribed)
    if endpoint.kind == "crypto-map" and endpoint.incomplete:
        run.stay_idle("incomplete-configuration")
    set_out(run, initiator, responder)
    if any(what == NETWORK_ID for what, _ in endpoint.missing):
        run.stay_idle("incomplete-configuration")
    start_traffic(run, initiator)
    source = initiator.rules.addresses.interface(endpoint.local.interface)
    if source is not None and source.vrf != endpoint.fvrf:
        run.cite(initiator.router, source.line)
        run.assume("the outer packets of a tunnel are in the VRF of `tunnel vrf`, not in that of its source (END-FVRF)")
    run.message("MM1" if endpoint.ike_version == 1 else "SA_INIT")
    if endpoint.kind == "gdoi":
        run.assume("the keys for a registration are looked up like any other peer's (CLIENT-GETVPN)")
    if endpoint.missing:
        run.cite(initiator.router, *(line for _, line in endpoint.missing))
        run.assume("an end that refers to something undefined does not negotiate (BIND-UNDEFINED)")
        run.stop("MM1" if endpoint.ike_version == 1 else "SA_INIT", "incomplete-configuration")
    if endpoint.ike_version == 1 and not initiator.router.isakmp.enabled:
        run.cite(initiator.router, initiator.router.isakmp.enabled_line)
        run.assume("a router with `no crypto isakmp enable` starts no IKEv1 (IKE-ENABLED)")
        run.stop("MM1", "incomplete-configuration")
    if endpoint.ike_version == 2:
        bound, keys, offers = start_v2(run, initiator)
        ikev2(run, initiator, _same_version(run, initiator, responder), bound, keys, offers)
        return
    if endpoint.kind == "ezvpn":
        log_in(run, initiator, _same_version(run, initiator, responder))
    profile = request_profile(run, initiator)
    block = aggressive_peer(initiator)
    mine = first_mode(run, initiator, profile, block)
    if run.mode == "main":
        mine = start(run, initiator, profile)
    elif mine is None:
        mine = first_key(run, initiator, profile)
    if mine is None and run.mode == "aggressive":
        if initiator.rules.certificates:
            run.give_up("no source describes aggressive mode with certificates")
        refuse_to_start(run, initiator, profile)
    run.initiator_keyring = (mine.keyring.name or None) if mine is not None else None
    there = _same_version(run, initiator, responder)
    if run.mode == "aggressive" and mine is not None:
        selected = aggressive_mode(run, initiator, there, profile, mine, block)
    else:
        selected = main_mode(run, initiator, there, profile, mine)
    if endpoint.kind == "gdoi":
        register(run, initiator, there)
    else:
        challenge(run, initiator, there, selected, exempt=mine is not None and mine.key.no_xauth)
        quick_mode(run, initiator, there, selected)


_SHORTCUTS: Mapping[Shortcut, Sequence[Option[bool]]] = {
    "both": (Option(True, "spokes that both take shortcuts call each other"),),
    "theirs": (
        Option(True, "the spoke that answers an NHRP request calls first"),
        Option(False, "the spoke that makes an NHRP request calls first"),
    ),
    "ours": (
        Option(False, "the spoke that answers an NHRP request calls first"),
        Option(True, "the spoke that makes an NHRP request calls first"),
    ),
    "open": (
        Option(True, "the spokes' releases take shortcuts"),
        Option(False, "the spokes' releases take no shortcuts", "unknown"),
    ),
    "kept": (
        Option(True, "the routing protocol leaves the spokes' next hops alone"),
        Option(False, "the routing protocol makes the hub the next hop"),
    ),
    "unseen": (
        Option(True, "the spokes' hub, which is not known, redirects them"),
        Option(False, "the spokes' hub, which is not known, does not redirect them"),
    ),
    "refused": (
        Option(False, "NHRP refuses one of the spokes, whose 'ip nhrp authentication' differs"),
        Option(True, "NHRP still has entries from before 'ip nhrp authentication' differed", "unknown"),
    ),
    "none": (Option(False, "nothing makes spokes call each other"),),
}
"""Whether a spoke calls another one (DMVPN-SPOKES)."""


def _idle(endpoint: Endpoint, startable: bool) -> Idle | None:
    """Why nothing reaches IKE at this end, None when something may (CALL-POSSIBLE)."""
    if endpoint.shutdown or endpoint.unapplied:
        return "interface-down" if endpoint.shutdown else "map-not-applied"
    if endpoint.accepts_any or endpoint.dynamic or not startable:
        return "peer-unknown"
    return "responder-only" if endpoint.responder_only else None


def _same_version(run: Run, initiator: Initiator, responder: Responder | None) -> Responder:
    """The responder with only those ends that speak the initiator's IKE version."""
    endpoint = initiator.endpoint
    if responder is None:
        run.give_up(f"the configuration of {endpoint.peer} is missing")
    if responder.translated:
        run.cite(responder.router, *(line for end in responder.translated for line in end.lines))
        run.give_up(f"{endpoint.local.address} looks translated on the way: see NAT-GUESS, and give the addresses")
    if responder.assumed is not None:
        run.assume(responder.assumed)
    _reachable(run, initiator, responder)
    run.arrive()
    caller = responder.caller
    discarding = responder.rules.discarding_route(responder.end, caller) if caller is not None else None
    if discarding is not None:
        run.cite(responder.router, discarding.line)
        run.give_up(f"{responder.router.name} has a static route to Null0 for {caller}, so that its answers are lost")
    waiting = responder.endpoints or unread_answering(responder)
    silent = [end.undescribed for end in waiting if end.undescribed is not None]
    if silent and len(silent) == len(waiting):
        run.give_up(silent[0])
    same = tuple(e for e in responder.endpoints if e.ike_version == endpoint.ike_version or e.undescribed is not None)
    if responder.endpoints and not same:
        other = responder.endpoints[0]
        run.responder_interface = other.interface
        run.cite(responder.router, *other.lines)
        run.assume("one tunnel end does not serve both IKE versions (U-9)")
        run.stop(_first_message(run, endpoint), "ike-version-mismatch")
    return msgspec.structs.replace(responder, endpoints=same)


def _reachable(run: Run, initiator: Initiator, responder: Responder) -> None:
    """Stops where nobody hears the first packet: the interface called is shut down, or IKE is switched off (IKE-ENABLED)."""
    router, end, endpoint = responder.router, responder.end, initiator.endpoint
    interface = responder.rules.addresses.interface(end.interface)
    split = [e for e in responder.elsewhere if e.local.address == end.address and e.fvrf != end.fvrf]
    if split and not responder.endpoints:
        run.cite(router, *split[0].lines)
        run.assume("a packet arrives in the VRF of the interface, not in the one that `tunnel vrf` names (END-FVRF)")
    if interface is not None and interface.shutdown:
        run.cite(router, interface.line, interface.down_line)
        run.assume("an interface that is shut down answers nothing")
        run.stop(_first_message(run, endpoint), "incomplete-configuration")
    if endpoint.ike_version == 1 and not router.isakmp.enabled:
        run.cite(router, router.isakmp.enabled_line)
        run.assume("a router with `no crypto isakmp enable` answers no IKEv1 (IKE-ENABLED)")
        run.stop(_first_message(run, endpoint), "incomplete-configuration")
    heard(run, initiator, responder, _first_message(run, endpoint))


def _first_message(run: Run, endpoint: Endpoint) -> Message:
    if endpoint.ike_version == 2:
        return "SA_INIT"
    return "AM1" if run.mode == "aggressive" else "MM1"


def _judge(results: Sequence[_Result]) -> tuple[Outcome, Confidence]:
    """Outcome and certainty over all readings."""
    primary = results[0][0]
    if primary.outcome == "unknown":
        return "unknown", "unknown"
    verdict = _verdict(primary)
    confidence: Confidence = "probable" if primary.assumptions else "certain"
    runs = {_answers(taken): run for run, taken in results}
    for run, taken in results[1:]:
        *before, last = taken[: len(_answers(taken))]
        leaning = {decision.weight for decision in taken} - {"primary", "unknown"}
        other = runs[_answers(before)] if last.weight == "unknown" else run
        if run.outcome != other.outcome and not leaning:
            # The primary reading itself rests on a fact that nobody has, the other answers being the same.
            return "unknown", "unknown"
        if _verdict(run) != _verdict(other) and not leaning:
            # The outcome is the same whatever that fact is, but not where the exchange fails.
            confidence = "unknown"
        if _verdict(run) == verdict or confidence == "unknown":
            continue
        if leaning == {"tie"}:
            confidence = "unpredictable"
        elif confidence == "certain":
            confidence = "probable"
    return primary.outcome, confidence


def _answers(taken: Sequence[Answer]) -> tuple[int, ...]:
    """The answers of a run up to the last that is not the primary one: what tells runs apart."""
    answers = [decision.index for decision in taken]
    while answers and not answers[-1]:
        answers.pop()
    return tuple(answers)


def _verdict(run: Run) -> tuple[object, ...]:
    return run.outcome, run.failed_at, run.reason


def _picks(run: Run) -> tuple[object, ...]:
    """What one reading takes; where readings differ in it, they are worth telling although they end alike."""
    return run.initiator_profile, run.initiator_keyring, run.responder_keyring, run.responder_profile


def _reading(result: _Result, primary: bool) -> Reading:
    run, taken = result
    words = [decision.words for decision in taken] or run.assumptions or ["the rules as read"]
    return Reading(
        reading="; ".join(words),
        outcome=run.outcome,
        failed_at=run.failed_at,
        reason=run.reason,
        initiator_profile=run.initiator_profile,
        initiator_keyring=run.initiator_keyring,
        responder_keyring=run.responder_keyring,
        responder_profile=run.responder_profile,
        primary=primary,
    )


def _first_interface(responder: Responder | None) -> str | None:
    ends = (*responder.endpoints, *responder.elsewhere) if responder else ()
    return ends[0].interface if ends else None
