"""IKEv2 and certificates between two routers, and peers that are not known."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter

from ikeaudit.exchange import Exchange, Reading
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.one_slip import Lookalikes
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.phrases import counted, listing
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, catalogued
from ikeaudit.hazards.shared.pair_findings import (
    Failing,
    asymmetric,
    describe,
    failing_by,
    failing_reading,
    findings,
    grouped,
    oneway,
    pair_finding,
)
from ikeaudit.model import parse_address
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import Endpoint, LocalEnd, RouterRules


@catalogued(
    code="PW-V2-HALFOPEN",
    title="The initiator's IKEv2 profile does not match the responder's identity",
    category="connectivity",
    breaks=("identity-not-matched",),
    severity="high",
    scope="pair",
    what="A router's bound IKEv2 profile does not match the identity that the router it calls presents.",
    why=(
        "The responder has accepted and installed its security associations when the initiator rejects the answer: "
        "one end is READY and encrypts into a hole."
    ),
    symptom=(
        "Initiator: 'Failed to locate an item in the database', 'Auth exchange failed', later "
        "%CRYPTO-4-RECVD_PKT_INV_SPI. Responder: READY, packets encapsulated and none decapsulated."
    ),
    fix=(
        "Match the responder's identity in the initiator's profile, or correct 'identity local' at the responder, "
        "whichever is meant."
    ),
    source="IKEV2-HALF-OPEN",
    absent_from=("ikev2-profile",),
)
def pw_v2_halfopen(context: AuditContext) -> Iterator[Finding]:
    """One finding for each cause."""
    failing = []
    for tunnel in context.tunnels:
        half = [
            e
            for e in tunnel.directions
            if _left_half_open(e)
            or (e.confidence != "unknown" and any(_left_half_open(r) and "(U-23)" not in r.reading for r in e.readings))
        ]
        if half:
            failing.append(Failing(tunnel, tuple(half), half[0].confidence))
    for cause, items in grouped(failing).items():
        words = f"{describe(items)}: the initiator's profile does not match the responder's identity"
        yield pair_finding(pw_v2_halfopen, cause, items, f"{words}; the responder stays up alone.")


def _left_half_open(way: Exchange | Reading) -> bool:
    """Whether the initiator rejects whom it called by the identity; half open for keys or methods has hazards of its own."""
    return way.outcome == "half-open" and way.reason == "identity-not-matched"


def _refused_by_responder(_: AuditContext, exchange: Exchange) -> bool:
    """Whether an IKEv2 direction is refused by its responder in some reading; else it is PW-V2-HALFOPEN."""
    readings = [(exchange.outcome, exchange.reason), *((r.outcome, r.reason) for r in exchange.readings)]
    return exchange.ike_version == 2 and ("down", "identity-not-matched") in readings


pw_v2_noprofile = failing_by(
    "identity-not-matched",
    when=_refused_by_responder,
    code="PW-V2-NOPROFILE",
    title="No IKEv2 profile of the responder matches the initiator's identity",
    category="connectivity",
    severity="critical",
    scope="pair",
    what=(
        "The identity that a router presents in IKE_AUTH is matched by no IKEv2 profile of the router that it "
        "calls, in the VRF and at the address called."
    ),
    why="The responder refuses before it answers IKE_AUTH, so that this direction never comes up.",
    symptom="Called: 'IKEv2 profile not found'. Caller: 'Auth exchange failed'.",
    fix=(
        "If the caller is meant to come in, match its identity in the profile that is bound to the tunnel, with the "
        "right 'match fvrf'."
    ),
    source="IKEV2-PROFILE, IKEV2-HALF-OPEN",
    absent_from=("ikev2-profile", "global"),
)


pw_v2_asym = failing_by(
    "psk-mismatch",
    when=asymmetric,
    code="PW-V2-ASYM",
    title="Asymmetric IKEv2 keys do not cross over",
    category="connectivity",
    severity="critical",
    scope="pair",
    what=(
        "An end has different 'pre-shared-key local' and 'remote' keys, and its local key is not the other end's "
        "remote one, or the other way round."
    ),
    why=(
        "What one end proves itself with is not what the other expects; typing both ends alike instead of crosswise "
        "is the usual cause."
    ),
    symptom="'Verification of peer's authentication data FAILED', 'Failed to authenticate the IKE SA' on both ends.",
    fix=(
        "If two keys are meant, make A's local key B's remote key, and A's remote key B's local key; else use one key"
        " at both ends."
    ),
    source="IKEV2-LOCAL-REMOTE",
    absent_from=(),
)


@catalogued(
    code="PW-V2-KE",
    title="The initiator's first Diffie-Hellman group is not the responder's",
    category="hygiene",
    severity="info",
    scope="pair",
    what=(
        "The first group of the initiator's IKEv2 proposal is not among the responder's, but they have another one "
        "in common."
    ),
    why=(
        "The responder asks for another key exchange payload, and the negotiation takes one more round trip. It "
        "succeeds."
    ),
    symptom="'The peer's KE payload contained the wrong DH group' (INVALID_KE_PAYLOAD).",
    fix="None needed; the same order of groups at both ends avoids it.",
    source="IKEV2-POLICY",
    absent_from=(),
)
def pw_v2_ke(context: AuditContext) -> Iterator[Finding]:
    """One finding for each direction between two routers that needs another round trip."""
    seen: set[tuple[str, str]] = set()
    for peer in context.peers:
        if peer.end.ike_version != 2 or peer.far_rules is None or peer.end.peer is None:
            continue
        guess, accepted = _groups(peer.rules, peer.end.local), _groups(peer.far_rules, _far_end(peer))
        pair = (peer.router.name, peer.far_name)
        if pair in seen or not guess or not accepted or guess[0] in accepted or not set(guess) & set(accepted):
            continue
        seen.add(pair)
        lines = [
            proposal.line for proposal in peer.rules.ikev2.proposals(peer.rules.ikev2.policy(peer.end.local)) or ()
        ]
        far = peer.far_rules
        theirs = [proposal.line for proposal in far.ikev2.proposals(far.ikev2.policy(_far_end(peer))) or ()]
        yield pw_v2_ke.finding(
            hosts=sorted(pair),
            peers=[str(peer.address)],
            message=(
                f"{pair[0]} guesses group {guess[0]}, which {pair[1]} does not have; they agree on another in a "
                "second round."
            ),
            cause=pair,
            evidence=[*peer.router.evidence(*lines), *far.router.evidence(*theirs)],
        )


def _far_end(peer: Peer) -> LocalEnd:
    return peer.far.local if peer.far is not None else LocalEnd(peer.address)


def _groups(rules: RouterRules, end: LocalEnd) -> tuple[str, ...]:
    """The groups that an end offers, in order of preference."""
    proposals = rules.ikev2.proposals(rules.ikev2.policy(end)) or ()
    return tuple(dict.fromkeys(group for proposal in proposals for group in proposal.groups))


@catalogued(
    code="PW-CERT-ONEWAY",
    title="Certificates are accepted in one direction only",
    category="connectivity",
    breaks=("certificate",),
    severity="high",
    scope="pair",
    what=(
        "A tunnel with certificates comes up from one end, and from the other fails by the trust-points of the "
        "profiles."
    ),
    why=(
        "The initiator asks for certificates of its profile's trust-points, the responder for those of all; both "
        "validate by the profile's. What is sent and what is accepted so depends on who starts."
    ),
    symptom="'Verify cert failed', %CRYPTO-6-IKMP_AUTH_FAIL.",
    fix="Where both ends are meant to call, the same trust-points at both; none in the profiles of a responder.",
    source="CERT-TRUSTPOINTS",
    absent_from=("isakmp-profile",),
)
def pw_cert_oneway(context: AuditContext) -> Iterator[Finding]:
    """One finding for each cause."""
    found = (oneway(tunnel) for tunnel in context.tunnels)
    yield from findings(pw_cert_oneway, [item for item in found if item and _by_certificate(item)])


def _by_certificate(item: Failing) -> bool:
    failed = failing_reading(item.directions[0])
    return failed is not None and failed.reason == "certificate"


@catalogued(
    code="PW-UNKNOWN-PEER",
    title="The far end's configuration is not in the snapshot",
    category="hygiene",
    severity="info",
    scope="pair",
    what=(
        "A tunnel's peer address belongs to no router of the snapshot, or to several of them so that nobody can say "
        "which is meant, or its name resolves only by DNS."
    ),
    why=(
        "Only this router's half of the negotiation can be checked; whether the tunnel comes up is unknown, in both "
        "directions."
    ),
    fix="Collect the far end too, or accept that it is another's.",
    source="END-NAMED-PEER",
    absent_from=(),
)
def pw_unknown_peer(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router."""
    calling = by_key((str(end.peer), (place, end)) for place, end in enumerate(context.ends))
    for facts in context.routers:
        ends = {peer.end: str(peer.address) for peer in facts.peers if peer.far_rules is None}
        ends |= {end: end.peer_name for end in facts.ends if end.peer is None and end.peer_name is not None}
        clients = (end for end in facts.rules.clients if end.peer is not None and not end.shutdown)
        ends |= {end: str(end.peer) for end in clients if not _owners(context, str(end.peer))}
        addresses = dict.fromkeys(ends.values())
        if addresses:
            several = dict.fromkeys(one for one in addresses if len(_owners(context, one) - {facts.name}) > 1)
            missing = dict.fromkeys(one for one in addresses if one not in several)
            parts = []
            if missing:
                parts.append(
                    f"{counted(len(missing), 'peer')} without a configuration in this snapshot: {listing(missing)}"
                )
            if several:
                parts.append(
                    f"{counted(len(several), 'peer address', 'peer addresses')} that several routers hold: "
                    f"{listing(several)}"
                )
            waiting = _waiting(calling, facts, [end for end in ends if str(end.peer) in missing])
            hint = f" (did you mean {listing(waiting)}, where a router waits for this one?)" if waiting else ""
            yield pw_unknown_peer.finding(
                hosts=[facts.name],
                peers=addresses,
                fix=f"Correct the address, if this router is meant: {listing(waiting)}." if waiting else None,
                message=f"{'; '.join(parts)}{hint}.",
                cause=[facts.name],
                evidence=facts.router.evidence(*(end.lines[-1] for end in ends if end.lines)),
            )


def _waiting(
    calling: Mapping[str, list[tuple[int, Endpoint]]], facts: RouterFacts, ends: Iterable[Endpoint]
) -> list[str]:
    """Addresses one slip apart from those called at which some router has an end that calls the caller, and gets no call.

    ``calling`` are the ends of the fleet with their places, by the address that they call. Where this router calls such an
    address as often as it is called from there, nobody waits.
    """
    own = by_key((str(end.local.address), end) for end in ends)
    there = sorted((item for address in own for item in calling.get(address, ())), key=itemgetter(0))
    meant = {address: Lookalikes(str(end.peer) for end in ends) for address, ends in own.items()}
    calls = Counter((end.local.address, end.peer) for end in facts.rules.endpoints)
    called = Counter((far.peer, far.local.address) for _, far in there if far.router != facts.name)
    found: dict[str, None] = {}
    for far in (far for _, far in there if far.router != facts.name):
        address, way = str(far.local.address), (far.peer, far.local.address)
        if called[way] > calls[way] and any(
            own[str(far.peer)][place].peer != far.local.address for place in meant[str(far.peer)].of(address)
        ):
            found[address] = None
    return list(found)


def _owners(context: AuditContext, address: str) -> set[str]:
    """The routers that hold a peer's address; none where it is a name."""
    parsed = parse_address(address)
    return {router.name for router, _ in context.fleet.owners(parsed)} if parsed is not None else set()
