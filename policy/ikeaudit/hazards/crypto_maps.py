"""Hazards of crypto maps."""

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.phrases import listing
from ikeaudit.hazards.facts.release import release_of
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, catalogued, for_each_router
from ikeaudit.model import Evidence, IPAddress
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import Endpoint
from ikeaudit.selection.profiles import specificity
from ikeaudit.selection.proxies import compared


@for_each_router(
    code="CM-PROFILE-CONFLICT",
    title="A crypto map and its entry are bound to different profiles",
    category="selection",
    severity="medium",
    what=(
        "'crypto map NAME isakmp-profile P' and 'set isakmp-profile Q' in an entry of the same map name different "
        "profiles."
    ),
    why="Which one holds for the entry is easily misread, and changing the map's own seems to do nothing.",
    symptom="Error 32 in quick mode after the 'wrong' one was corrected.",
    fix=(
        "Give every entry a 'set isakmp-profile' of its own, those too that have the map's profile by now, if it is "
        "the one that is meant for them."
    ),
    source="BIND-ENTRY",
    absent_from=(),
)
def cm_profile_conflict(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each crypto map."""
    for crypto_map in facts.router.crypto_maps:
        whole = crypto_map.isakmp_profile
        if whole is None:
            continue
        other = [
            (entry, entry.isakmp_profile)
            for entry in crypto_map.entries
            if entry.isakmp_profile is not None and entry.isakmp_profile.name != whole.name
        ]
        if other:
            entries = [f"{entry.sequence} ({profile.name})" for entry, profile in other]
            yield cm_profile_conflict.finding(
                peers=[str(peer.address or peer.hostname) for entry, _ in other for peer in entry.peers],
                message=(
                    f"Crypto map {crypto_map.name} is bound to profile {whole.name}, its entry "
                    f"{listing(entries)} to another."
                ),
                cause=[crypto_map.name, whole.name],
                evidence=facts.router.evidence(whole.line, *(n for e, p in other for n in (e.line, p.line))),
            )


@for_each_router(
    code="CM-MULTIPEER-SPLIT",
    title="A crypto map entry's profile serves only some of its peers",
    category="connectivity",
    severity="high",
    what=(
        "A crypto map entry with several 'set peer' lines is bound to a profile whose keyrings or match statements "
        "cover some of the peers only."
    ),
    why=(
        "The first peer works, so nobody notices until it fails and the router turns to the next, which cannot come up."
    ),
    symptom="After a failover: 'No pre-shared key with X!', or error 32 when that peer starts.",
    fix="If all peers of the entry are wanted, give the profile keys and match statements for them all.",
    source="END-MAP-ADDRESS",
    absent_from=("keyring", "isakmp-profile"),
)
def cm_multipeer_split(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each crypto map entry."""
    entries: dict[str, dict[IPAddress, Peer]] = {}
    labels: dict[str, dict[str, None]] = {}
    for peer in facts.ikev1_peers:
        if peer.end.kind == "crypto-map" and peer.end.peer is not None and peer.bound is not None:
            # One entry counts once, however many interfaces its map stands on.
            entry = " ".join(peer.end.interface.split()[1:])
            entries.setdefault(entry, {}).setdefault(peer.address, peer)
            labels.setdefault(entry, {})[peer.end.interface] = None
    for entry, found in entries.items():
        label, peers = listing(labels[entry]), list(found.values())
        bad = [(peer, problem) for peer in peers if (problem := _problem(peer)) is not None]
        if len(peers) < 2 or not bad or len(bad) == len(peers):
            continue
        profile = peers[0].bound
        assert profile is not None
        problems = [f"{peer.address} {problem}" for peer, problem in bad]
        yield cm_multipeer_split.finding(
            peers=[str(peer.address) for peer, _ in bad],
            message=(
                f"Of the {len(peers)} peers of {label}, profile {profile.name} does not serve all: {listing(problems)}."
            ),
            cause=[entry, profile.name],
            evidence=facts.router.evidence(
                *(n for peer, _ in bad for n in peer.end.lines),
                profile.line,
                *(ref.line for ref in profile.keyrings),
                *(match.line for match in profile.matches),
            ),
            confidence="certain" if all(peer.far_rules is not None for peer, _ in bad) else "probable",
        )


def _problem(peer: Peer) -> str | None:
    assert peer.bound is not None
    if not peer.calling_keys.best and not peer.calling_keys.uncertain:
        return "has no key in its keyrings"
    matched = any(
        m.kind == "certificate" or (m.vrf == peer.end.fvrf and specificity(m, peer.identity) is not None)
        for m in peer.bound.matches
    )
    return None if matched else "is not matched"


@catalogued(
    code="CM-PEERS-APART",
    title="The peers of one crypto map entry are different sites",
    category="connectivity",
    severity="high",
    scope="pair",
    what=(
        "A crypto map entry has several 'set peer', and two of the routers called expect different lines of its access list: "
        "none that both would accept."
    ),
    why=(
        "The peers of an entry are alternatives for all of its traffic. The first that answers is called for the other site's "
        "traffic, too, and refuses it."
    ),
    symptom="One site works at a time; 'proxy identities not supported' at the other one's.",
    fix="If the peers are different sites, make an entry for each, with its own peer and access list.",
    source="END-MAP-ADDRESS",
    absent_from=("acl",),
)
def cm_peers_apart(context: AuditContext) -> Iterator[Finding]:
    """One finding for each entry."""
    for facts in context.routers:
        for label, ends in by_key((e.interface, e) for e in facts.ends if e.kind == "crypto-map" and e.peer).items():
            takes: dict[str, set[int]] = {}
            offers = facts.rules.proxies(ends[0])
            lines: dict[str, tuple[Evidence, ...]] = {}
            for end in ends if len(ends) > 1 else ():
                for far in context.fleet.responders(end):
                    own = [far.rules.proxies(there) for there in far.endpoints if not there.accepts_any]
                    fits = {n for p in own for n, taken in enumerate(compared(offers, p)[0]) if taken}
                    takes.setdefault(far.router.name, set()).update(fits)
                    lines[far.router.name] = far.router.evidence(*(n for there in far.endpoints for n in there.lines))
            sites = [name for name, taken in takes.items() if taken]
            if any(not takes[one] & takes[other] for one in sites for other in sites):
                yield cm_peers_apart.finding(
                    hosts=[facts.name, *sorted(sites)],
                    peers=[str(end.peer) for end in ends],
                    message=(
                        f"{facts.name} {label} has {listing(sorted(sites))} as alternatives, which expect different lines of "
                        f"{ends[0].acl}."
                    ),
                    cause=[facts.name, label],
                    parts=[(facts.name, label, str(end.peer)) for end in ends],
                    evidence=[
                        *facts.router.evidence(*(n for end in ends for n in end.lines)),
                        *(line for name in sites for line in lines[name]),
                    ],
                )


@catalogued(
    code="CM-LOCALADDR",
    title="The peer calls another address than the crypto map's local-address",
    category="connectivity",
    breaks=("peer-address-mismatch", "no-key-on-initiator", "no-key-on-responder"),
    explains=("PW-PEERADDR", "PW-NOKEY-R"),
    severity="high",
    scope="pair",
    what=(
        "A crypto map has 'local-address', and the router at the far end names another address of this router as "
        "its peer. Whether keyrings fit the local address is KR-LOCALADDR-MISS."
    ),
    why=(
        "Called at its interface, the router has no crypto map entry for that address; calling, it comes from an "
        "address for which the far end has neither key nor entry."
    ),
    symptom="No key, or error 32; replies from an unexpected address.",
    fix="If the local address is meant, name it at the far end; else 'local-address' can go here.",
    source="END-MAP-ADDRESS",
    absent_from=(),
)
def cm_localaddr(context: AuditContext) -> Iterator[Finding]:
    """One finding for each crypto map with a local address and each router that calls another one."""
    groups: dict[tuple[str, str, str], list[tuple[Peer, Endpoint]]] = {}
    for peer in context.peers:
        if peer.far_rules is None or peer.end.peer is None:
            continue
        facts = context.router(peer.far_rules.router.name)
        mine = _meant(facts, peer)
        if mine is not None and mine.local.address != peer.address:
            groups.setdefault((facts.name, mine.crypto_map or "", peer.router.name), []).append((peer, mine))
    for (host, name, caller), found in groups.items():
        router = context.router(host).router
        called = dict.fromkeys(str(peer.address) for peer, _ in found)
        local = next(m.local_address for m in router.crypto_maps if m.name == name)
        assert local is not None
        yield cm_localaddr.finding(
            hosts=sorted((host, caller)),
            peers=called,
            message=(
                f"Crypto map {name} of {host} negotiates from {local.name} ({found[0][1].local.address}), but "
                f"{caller} calls {listing(called)}."
            ),
            cause=[host, name, caller],
            parts=[
                part
                for peer, mine in found
                for part in (
                    (caller, peer.end.interface, str(peer.address)),
                    (host, mine.interface, str(mine.peer or peer.end.local.address)),
                )
            ],
            evidence=[
                *router.evidence(local.line, *(n for _, mine in found for n in mine.lines)),
                *found[0][0].router.evidence(*(n for peer, _ in found for n in peer.end.lines)),
            ],
        )


def _meant(facts: RouterFacts, peer: Peer) -> Endpoint | None:
    """The crypto map end with a local address that is meant for the caller."""
    for end in facts.ends_towards(peer.end.local.address):
        if end.kind == "crypto-map" and end.crypto_map in facts.maps_with_local_address:
            return end
    return None


_LAST = 65535
"""The last sequence number of a crypto map."""


@for_each_router(
    code="CM-DYNAMIC",
    title="A dynamic crypto map entry",
    category="selection",
    severity="info",
    what="A crypto map refers to a dynamic map by another entry than the last one there can be. High when static ones follow.",
    why=(
        "A dynamic entry has no peer to call, so its tunnels come up from the other end only. Entries are tried in "
        "order: one that takes anybody, placed before static ones, takes their peers too, under its own profile and "
        "transform sets."
    ),
    symptom="Static peers come up under the dynamic entry, or fail by its profile.",
    fix="Give the dynamic entry the last sequence number (65535), if static entries are to be asked before it.",
    source="END-DYNAMIC, CALL-POSSIBLE",
    absent_from=(),
)
def cm_dynamic(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each crypto map with a dynamic entry."""
    for crypto_map in facts.router.crypto_maps:
        dynamic = [entry for entry in crypto_map.entries if entry.kind == "dynamic"]
        if not dynamic:
            continue
        first = min(dynamic, key=lambda entry: entry.sequence)
        late = [e for e in crypto_map.entries if e.kind == "ipsec-isakmp" and e.sequence > first.sequence]
        places = [str(entry.sequence) for entry in dynamic]
        if not late and first.sequence == _LAST:
            continue  # as it should be
        if late:
            message = (
                f"The dynamic entry {first.sequence} of crypto map {crypto_map.name} takes away the peers of "
                f"what comes after it: entry {listing(e.sequence for e in late)}."
            )
        else:
            message = (
                f"Crypto map {crypto_map.name} answers any caller by its dynamic entry {listing(places)}; such "
                "tunnels can only be started from the other end."
            )
        yield cm_dynamic.finding(
            peers=[str(peer.address or peer.hostname) for entry in late for peer in entry.peers],
            severity="high" if late else "info",
            message=message,
            cause=[crypto_map.name],
            evidence=facts.router.evidence(*(entry.line for entry in (*dynamic, *late))),
        )


@for_each_router(
    code="CM-ON-TUNNEL",
    title="A crypto map on a tunnel interface",
    category="connectivity",
    severity="high",
    what=(
        "A crypto map, other than one for GETVPN, is applied to a tunnel interface on IOS-XE (16.x and later; "
        "confidence unknown where the release is). Classic IOS allows it."
    ),
    why="IOS-XE rejects the line, or keeps it without encrypting anything.",
    symptom="The command is refused, or the security association is up with 0 packets encapsulated.",
    fix=(
        "If the tunnel itself is to be protected, use tunnel protection; the map belongs to the interface that "
        "carries it."
    ),
    source="END-MAP-ON-TUNNEL",
    absent_from=(),
)
def cm_on_tunnel(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each crypto map that stands on tunnels."""
    release = release_of(facts.router)
    if release is not None and not release.xe:
        return
    gdoi = {m.name for m in facts.router.crypto_maps if any(entry.kind == "gdoi" for entry in m.entries)}
    groups: dict[str, list[tuple[str, int]]] = {}
    for interface in facts.router.interfaces:
        for reference in interface.crypto_maps if interface.tunnel is not None else ():
            if reference.name not in gdoi:
                groups.setdefault(reference.name, []).append((interface.name, reference.line))
    for name, places in groups.items():
        yield cm_on_tunnel.finding(
            message=(
                f"Crypto map {name} stands on {listing(interface for interface, _ in places)}, where IOS-XE does "
                "not support it."
            ),
            cause=[name],
            parts=[(facts.name, f"{name} {interface}", "") for interface, _ in places],
            evidence=facts.router.evidence(*(line for _, line in places)),
            confidence="certain" if release is not None else "unknown",
        )
