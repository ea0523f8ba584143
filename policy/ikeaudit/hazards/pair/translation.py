"""Two routers with address translation between them."""

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.duplicates import all_equal
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.phrases import listing, verb
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, catalogued, for_each_router
from ikeaudit.model import Secret
from ikeaudit.selection import Identity


@for_each_router(
    code="PW-NAT-ID",
    title="A profile matches the translated address, but the identity is the inner one",
    category="connectivity",
    breaks=("identity-not-matched", "profile-binding", "keyring-verification"),
    explains=("PW-ID", "PF-BOUND-NOMATCH", "PF-BIND-MISMATCH"),
    severity="high",
    scope="pair",
    what=(
        "Address translation between two routers is known, and the responder's profile matches the outer address of "
        "the caller, while the identity that the caller presents is its own, inner address."
    ),
    why=(
        "The key is looked up by the outer address, the profile by the identity, which the translation does not change."
    ),
    symptom="'peer matches *none* of the profiles' or another one, then error 32 or a verification failure.",
    fix=(
        "Where the address is translated, match the inner one in the profile (the key stays with the outer one), or "
        "use host names or IKEv2 identities."
    ),
    source="NAT-ADDRESSES",
    absent_from=(),
)
def pw_nat_id(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each profile that matches translated addresses."""
    groups: dict[str, list[Peer]] = {}
    for peer in facts.ikev1_peers:
        inner = peer.identity
        if peer.far_rules is None or inner.kind != "address" or inner.address == peer.address:
            continue
        outer = facts.rules.profiles_for(Identity("address", peer.address), peer.end.local)
        if outer.best and outer.best[0].profile is not peer.profile:
            groups.setdefault(outer.best[0].profile.name, []).append(peer)
    for name, peers in groups.items():
        profile = facts.rules.profiles[name]
        moves = [f"{peer.address} (identity {peer.identity})" for peer in peers]
        yield pw_nat_id.finding(
            hosts=sorted({facts.name, *(peer.far_name for peer in peers)}),
            peers=[str(peer.address) for peer in peers],
            message=f"Profile {name} of {facts.name} matches the translated address of {listing(moves)}.",
            cause=[name],
            parts=[(facts.name, name, str(peer.address)) for peer in peers],
            evidence=facts.router.evidence(profile.line, *(match.line for match in profile.matches)),
            confidence="probable",
        )


@catalogued(
    code="PW-NAT-SHAREDIP",
    title="Several peers behind one translated address have different keys",
    category="connectivity",
    breaks=("psk-mismatch", "keyring-verification"),
    explains=("PW-PSK-DIFF",),
    severity="high",
    scope="pair",
    what=(
        "Address translation is known to give several routers one outer address, and they use different keys "
        "towards the router that they call, or belong there to profiles with different keyrings."
    ),
    why=(
        "In main mode the key is chosen by the outer address, so that all who share it must share one key and one "
        "keyring."
    ),
    symptom="%CRYPTO-4-IKMP_BAD_MESSAGE for all of them but one.",
    fix="If all of them may have one key, give them one; else IKEv2 with identities (key-id, FQDN).",
    source="NAT-ADDRESSES",
    absent_from=(),
)
def pw_nat_sharedip(context: AuditContext) -> Iterator[Finding]:
    """One finding for each shared address."""
    for facts in context.routers:
        groups: dict[tuple[str | None, str], dict[str, Peer]] = {}
        for peer in facts.ikev1_peers:
            if peer.far_rules is not None:
                groups.setdefault((peer.end.fvrf, str(peer.address)), {})[peer.far_name] = peer
        for (fvrf, address), peers in groups.items():
            if len(peers) < 2 or address not in context.outside_addresses:
                continue
            keys = [secret for peer in peers.values() if (secret := _their_key(peer)) is not None]
            rings = {facts.rules.ring_names(p.profile) for p in peers.values() if p.profile is not None}
            equal = all_equal(keys)
            if equal and len(rings) < 2:
                continue
            what = "different keys" if equal is False else "keys that cannot be compared" if not equal else "one key"
            yield pw_nat_sharedip.finding(
                hosts=sorted({facts.name, *peers}),
                peers=[address],
                message=(
                    f"{listing(sorted(peers))} all call {facts.name} from {address}, with "
                    f"{what}{' and profiles of different keyrings' if len(rings) > 1 else ''}."
                ),
                cause=[facts.name, str(fvrf), address],
                parts=[(facts.name, name, address) for name in peers],
                evidence=facts.router.evidence(*(n for peer in peers.values() for n in peer.end.lines)),
                confidence="certain" if equal is not None else "unknown",
            )


def _their_key(peer: Peer) -> Secret | None:
    """The key that the far router uses for this one."""
    if peer.far_rules is None or peer.far is None or peer.far.peer is None:
        return None
    best = Peer(peer.far_rules, peer.far, peer.far.peer).calling_keys.best
    return best[0].key.secret if best else None


@catalogued(
    code="PW-NAT-INITIATE",
    title="An end names a peer that only the other side can call",
    category="connectivity",
    severity="medium",
    scope="pair",
    what=(
        "A tunnel's peer address is known to be the outside of port translation (PAT), and the end is not "
        "'responder-only'. Low where the inner side calls and is answered."
    ),
    why=(
        "The translator has no entry until the inner side has called. After a loss of state only that side can "
        "bring the tunnel up."
    ),
    symptom="This end retransmits MM1 without an answer, until the other one starts.",
    fix=(
        "If the inner side is meant to call, 'responder-only' here, DPD and something that keeps the inner side "
        "starting (a tracked ping) there."
    ),
    source="CALL-POSSIBLE, NAT-ADDRESSES",
    absent_from=(),
)
def pw_nat_initiate(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router."""
    answered = {(e.responder, e.responder_interface) for e in context.exchanges if e.holds}
    for facts in context.routers:
        ends = [end for end in facts.ends if not end.responder_only and not context.fleet.directory.callable(end)]
        if ends:
            addresses = dict.fromkeys(str(end.peer) for end in ends)
            yield pw_nat_initiate.finding(
                severity="low" if all((facts.name, end.interface) in answered for end in ends) else None,
                hosts=[facts.name],
                peers=addresses,
                message=(
                    f"{listing(end.interface for end in ends)} {verb(ends, 'calls', 'call')} {listing(addresses)}, "
                    "where port translation lets nobody in."
                ),
                cause=[facts.name],
                evidence=facts.router.evidence(*(n for end in ends for n in end.lines)),
            )


@catalogued(
    code="PW-NAT-LOOKS",
    title="A caller looks translated on the way",
    category="connectivity",
    severity="low",
    scope="pair",
    what=(
        "A tunnel starts from a private or shared address (RFC 1918, RFC 6598) and calls a public one, whose router has no "
        "tunnel for the caller, but one for a public address that no router of the snapshot has."
    ),
    why="Keys are looked up for the address outside, identities carry the one inside: without both nothing can be told.",
    fix="If the address is translated on the way, give the translation with '--nat FILE'.",
    source="NAT-GUESS, NAT-ADDRESSES",
    absent_from=(),
)
def pw_nat_looks(context: AuditContext) -> Iterator[Finding]:
    """One finding for each caller."""
    for end, there in context.fleet.looks_translated.items():
        outside = dict.fromkeys(str(far.peer) for far in there.translated)
        name, router = end.router, context.fleet.router(end.router)
        more = f", or another of {listing(outside)}" if len(outside) > 1 else ""
        yield pw_nat_looks.finding(
            hosts=sorted({name, there.router.name}),
            peers=[str(end.peer), *outside],
            message=(
                f"{name} calls {there.router.name} from {end.local.address}, and {there.router.name} expects "
                f"{next(iter(outside))}{more}: this looks like one pair with address translation in between."
            ),
            fix=(
                f"Write this to a file and give it with '--nat FILE': '- {{inside: {end.local.address}, outside: "
                f"{next(iter(outside))}, kind: pat}}'; 'kind: static' where {name} can be called."
            ),
            cause=[name, end.interface],
            parts=[(name, end.interface, str(end.peer))],
            evidence=[
                *router.evidence(*end.lines),
                *there.router.evidence(*(line for far in there.translated for line in far.lines)),
            ],
            confidence="probable",
        )
