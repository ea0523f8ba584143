"""What keys are written for: local addresses and host names."""

from collections.abc import Iterator

from ikeaudit.hazards.facts.missing_keys import (
    callers_at,
    candidates,
    end_lines,
    keyless,
    unreached,
    unreached_lines,
)
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.phrases import listing, verb
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, for_each_router
from ikeaudit.model import Key, LocalAddress
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import Addresses, Endpoint


@for_each_router(
    code="KR-LOCALADDR-MISS",
    title="The local-address of a keyring or profile does not match the tunnel",
    category="connectivity",
    breaks=(
        "no-key-on-initiator",
        "no-key-on-responder",
        "identity-not-matched",
        "profile-binding",
        "keyring-verification",
    ),
    explains=(
        "KR-NOKEY",
        "KR-PROFILE-LACKS-PEER",
        "PW-NOKEY-R",
        "PF-BOUND-NOMATCH",
        "PF-BIND-MISMATCH",
        "CM-MULTIPEER-SPLIT",
    ),
    severity="high",
    what=(
        "A tunnel's own address (tunnel source, crypto map local-address or outgoing interface) is not the one that "
        "the 'local-address' of its keyring admits, and no other eligible keyring covers the peer; or the bound "
        "profile's 'local-address' does not admit it."
    ),
    why="A keyring or profile whose local address does not fit is ignored for the negotiation, as if it did not exist.",
    symptom="No key although one is configured for the peer; or 'peer matches *none* of the profiles'.",
    fix=(
        "If it is meant for this tunnel, correct 'local-address' to the tunnel's source; where nothing has to be kept"
        " apart, 'local-address' can go."
    ),
    source="KEY-LOCAL-ADDRESS, U-16",
    absent_from=("keyring", "isakmp-profile", "global"),
)
def kr_localaddr_miss(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each keyring or profile whose restriction keeps its own tunnels out."""
    groups: dict[tuple[str, int], list[Peer]] = {}
    for peer in keyless(facts):
        for pick in facts.covering(peer.end.fvrf, peer.address):
            restriction = pick.keyring.local_address
            if pick.keyring not in candidates(facts, peer) or restriction is None:
                continue
            if facts.rules.addresses.admits(restriction, peer.end.local) is False:
                groups.setdefault((f"keyring {pick.keyring.name}", restriction.line), []).append(peer)
    for peer in facts.ikev1_peers:
        restriction = peer.bound.local_address if peer.bound is not None else None
        if peer.bound is None or restriction is None:
            continue
        if facts.rules.addresses.admits(restriction, peer.end.local) is False:
            groups.setdefault((f"profile {peer.bound.name}", restriction.line), []).append(peer)
    for (owner, line), peers in groups.items():
        addresses = dict.fromkeys(str(peer.address) for peer in peers)
        ends = dict.fromkeys(_place(peer.end) for peer in peers)
        unnamed = facts.router.text(line) if any(_lacks_vrf(facts, owner, peer) for peer in peers) else ""
        what = (
            f"names no VRF, which {listing(ends)} is in"
            if unnamed
            else f"does not fit the tunnel to {listing(addresses)}"
        )
        yield kr_localaddr_miss.finding(
            peers=addresses,
            message=(
                f"The local-address of {owner} {what}: the {owner.split()[0]} takes no part in it."
                if unnamed
                else f"The local-address of {owner} {what}, which uses {listing(ends)}: the {owner.split()[0]} takes no part "
                "in it."
            ),
            fix=f"If it is meant for this tunnel, name the VRF behind the address: '{unnamed} {peers[0].end.fvrf}'."
            if unnamed
            else None,
            confidence="probable" if unnamed else "certain",
            cause=[owner],
            evidence=facts.router.evidence(line, *end_lines(peers)),
        )
    yield from _open_ends(facts)


def _lacks_vrf(facts: RouterFacts, owner: str, peer: Peer) -> bool:
    kind, _, name = owner.partition(" ")
    one = facts.rules.keyrings[name] if kind == "keyring" else facts.rules.profiles[name]
    return facts.rules.addresses.lacks_vrf(one.local_address, peer.end.local)


def _open_ends(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each keyring that no end of its profile can use, where those ends answer anybody."""
    groups = by_key((item.pick.keyring.name, item) for item in unreached(facts) if not item.vrf_differs)
    for keyring, found in groups.items():
        ends = dict.fromkeys(f"{item.end.interface} ({_place(item.end)})" for item in found)
        restriction = found[0].pick.keyring.local_address
        yield kr_localaddr_miss.finding(
            peers=callers_at(facts, (item.end for item in found)),
            message=(
                f"The local-address of keyring {keyring} does not fit {listing(ends)}, which "
                f"{verb(ends, 'answers', 'answer')} any caller: the keyring takes no part in it."
            ),
            cause=[f"keyring {keyring}", "callers"],
            evidence=facts.router.evidence(restriction.line if restriction else 0, *unreached_lines(found)),
        )
    for end in facts.ikev1_ends:
        profile = facts.rules.profiles.get(end.isakmp_profile or "") if end.accepts_any else None
        if profile is None or profile.local_address is None or end.virtual_template is not None:
            continue
        if facts.rules.addresses.admits(profile.local_address, end.local) is False:
            yield kr_localaddr_miss.finding(
                peers=callers_at(facts, [end]),
                message=(
                    f"The local-address of profile {profile.name} does not fit {end.interface} ({_place(end)}), which is "
                    "bound to it and answers any caller: no caller is assigned to the profile there."
                ),
                cause=[f"profile {profile.name}", "callers", end.interface],
                evidence=facts.router.evidence(profile.line, profile.local_address.line, *end.lines),
            )


def _place(end: Endpoint) -> str:
    local = end.local
    return f"{local.address or 'a learnt address'} of {local.interface}" if local.interface else str(local.address)


def restrictions(facts: RouterFacts) -> list[tuple[str, LocalAddress]]:
    """Every ``local-address`` of keyrings and profiles with its owner in words."""
    rings = [(f"keyring {k.name}", k.local_address) for k in facts.router.keyrings]
    profiles = [(f"profile {p.name}", p.local_address) for p in facts.router.isakmp_profiles]
    return [(owner, restriction) for owner, restriction in (*rings, *profiles) if restriction is not None]


@for_each_router(
    code="KR-LOCALADDR-UNRES",
    title="The interface of a local-address is missing, down or without a fixed address",
    category="selection",
    breaks=(
        "no-key-on-initiator",
        "no-key-on-responder",
        "identity-not-matched",
        "profile-binding",
        "keyring-verification",
    ),
    explains=("KR-NOKEY", "PW-NOKEY-R"),
    severity="medium",
    what=(
        "A keyring or profile is limited by 'local-address' to an interface that is not configured, is shut down, "
        "has no address, or gets its address by DHCP or PPP."
    ),
    why=(
        "Without an address the keyring or profile is inactive. With a learnt one it depends on the provider "
        "whether it takes part, and the audit cannot say either: verdicts that hang on it are 'unknown'."
    ),
    symptom="The keyring or profile seems to be ignored, always or after the address changed.",
    fix=(
        "Name an interface with a fixed address (a loopback), if there is one; where nothing has to be kept apart, "
        "'local-address' can go."
    ),
    source="KEY-LOCAL-ADDRESS",
    absent_from=("interface", "global"),
)
def kr_localaddr_unres(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each interface that several keyrings or profiles may rely on."""
    groups: dict[str, tuple[str, list[tuple[str, LocalAddress]]]] = {}
    for owner, restriction in restrictions(facts):
        problem = _problem(restriction, facts.rules.addresses)
        if problem is not None and restriction.interface is not None:
            groups.setdefault(restriction.interface, (problem, []))[1].append((owner, restriction))
    # An interface that tunnels start from exists, even if the file does not show it.
    sources = {end.local.interface for end in facts.rules.endpoints}
    excerpted = {name for name in groups if name in sources and facts.rules.addresses.interface(name) is None}
    for interface, (problem, users) in groups.items():
        problem = _NOT_SHOWN if interface in excerpted else problem
        names = [owner for owner, _ in users]
        owners = listing(names)
        yield kr_localaddr_unres.finding(
            message=(
                f"{owners[0].upper()}{owners[1:]} {verb(names, 'is', 'are')} limited to the address of {interface}, "
                f"and that interface {problem}."
            ),
            cause=[interface],
            parts=[(facts.name, owner, "") for owner in names],
            evidence=facts.router.evidence(
                *(restriction.line for _, restriction in users), _line(facts.rules.addresses, interface)
            ),
            confidence="unknown" if interface in excerpted else "certain",
        )


_NOT_SHOWN = "is not in this configuration: whether any of its keys or matches takes part is not known"


def _problem(restriction: LocalAddress, addresses: Addresses) -> str | None:
    if restriction.interface is None:
        return None
    interface = addresses.interface(restriction.interface)
    if interface is None:
        return "is not configured, so that none of its keys or matches takes part"
    if interface.shutdown:
        return "is shut down, so that none of its keys or matches takes part"
    if interface.addressing in ("dhcp", "negotiated"):
        return "learns its address: which negotiations that concerns, the configuration does not say"
    if addresses.primary(interface.name) is None and addresses.primary(interface.name, 6) is None:
        return "has no address, so that none of its keys or matches takes part"
    return None


def _line(addresses: Addresses, name: str) -> int:
    interface = addresses.interface(name)
    return interface.line if interface is not None else 0


@for_each_router(
    code="KR-HOST-ONLY-MM",
    title="Only a host-name key for a peer that negotiates in main mode",
    category="connectivity",
    breaks=("no-key-on-initiator", "no-key-on-responder"),
    explains=("KR-NOKEY", "PW-NOKEY-R"),
    severity="high",
    what=(
        "A tunnel's peer is covered by no address key, only by a key for its host name (as the peer calls itself, as "
        "'ip host' maps it, or the only host name with a key where nothing tells whose it is), and neither end is told "
        "to use aggressive mode."
    ),
    why="In main mode the host name is not known when the key is needed, so that keys by host name are no candidates.",
    symptom=(
        "Called: no key at MM1, 'phase 1 SA policy not acceptable!'. Starting: nothing is sent, or the router falls "
        "back to aggressive mode if the name resolves."
    ),
    fix=(
        "Where the peer's address is fixed, write the key for that; else use certificates or IKEv2, where the "
        "identity comes first."
    ),
    source="KEY-ADDRESS-ONLY, U-14",
    absent_from=("keyring", "isakmp-profile", "global"),
)
def kr_host_only_mm(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each host name."""
    if not any(pick.key.hostname is not None for pick in facts.picks):
        return
    groups: dict[str, list[tuple[Peer, Key]]] = {}
    blocks = {block.address for block in facts.router.isakmp.peers}
    for peer in keyless(facts):
        if peer.address in blocks or _aggressive(peer):
            continue
        names = _names(facts, peer)
        keys = _host_keys(facts, peer)
        own = [key for key in keys if (key.hostname or "").lower() in names] or _guess(facts, peer, keys)
        for key in own:
            groups.setdefault(key.hostname or "", []).append((peer, key))
    for hostname, found in groups.items():
        addresses = dict.fromkeys(str(peer.address) for peer, _ in found)
        yield kr_host_only_mm.finding(
            peers=addresses,
            message=(
                f"The only key for {listing(addresses)} is written for the host name {hostname}, and nothing "
                "makes either end use aggressive mode."
            ),
            cause=[hostname],
            evidence=facts.router.evidence(*(key.line for _, key in found), *end_lines([peer for peer, _ in found])),
            confidence="probable",
        )


def _host_keys(facts: RouterFacts, peer: Peer) -> list[Key]:
    """The keys by host name that the router may use for the peer."""
    rings = (keyring for keyring in candidates(facts, peer) if keyring.vrf == peer.end.fvrf)
    return [key for keyring in rings for key in keyring.keys if key.hostname is not None]


def _guess(facts: RouterFacts, peer: Peer, keys: list[Key]) -> list[Key]:
    """The one key by host name, where nothing tells whose name it is: it may well be the peer's."""
    mapped = {mapping.name.lower() for mapping in facts.router.host_mappings}
    if len(keys) != 1 or (keys[0].hostname or "").lower() in mapped or peer.far_rules is not None:
        return []
    return keys


def _names(facts: RouterFacts, peer: Peer) -> set[str]:
    """The names that the peer goes by: of its own, and by ``ip host``."""
    names = {mapping.name.lower() for mapping in facts.router.host_mappings if peer.address in mapping.addresses}
    if peer.far_rules is not None:
        names |= {peer.far_rules.fqdn.lower(), (peer.far_rules.router.hostname or "").lower()}
    return names


def _aggressive(peer: Peer) -> bool:
    """Whether a profile tells one of the ends to use aggressive mode."""
    if peer.bound is not None and peer.bound.initiate_mode == "aggressive":
        return True
    if peer.far_rules is None or peer.far is None:
        return False
    far_profile = peer.far_rules.profiles.get(peer.far.isakmp_profile or "")
    return far_profile is not None and far_profile.initiate_mode == "aggressive"
