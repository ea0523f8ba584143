"""NHRP and tunnel keys: what keeps the spokes of a DMVPN from registering although IPsec is up."""

from collections import Counter
from collections.abc import Callable, Iterator

import msgspec

from ikeaudit.fleet.dmvpn import words_differ
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.phrases import listing, verb
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, Hazard, catalogued, for_each_router
from ikeaudit.hazards.protected_tunnels import by_source
from ikeaudit.model import Evidence, Interface, IPAddress, Tunnel
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import RouterRules


class _Spoke(msgspec.Struct, frozen=True):
    """A spoke's tunnel, and the tunnel of the router that it calls which has the address of its next-hop server."""

    rules: RouterRules
    interface: Interface
    tunnel: Tunnel
    hub_rules: RouterRules
    hub_interface: Interface
    hub: Tunnel
    nbma: IPAddress

    @property
    def own(self) -> tuple[str, str]:
        """The spoke's router and tunnel."""
        return self.name, self.interface.name

    @property
    def there(self) -> tuple[str, str]:
        """The hub's router and tunnel."""
        return self.hub_name, self.hub_interface.name

    @property
    def name(self) -> str:
        """The spoke's router."""
        return self.rules.router.name

    @property
    def hub_name(self) -> str:
        """The hub's router."""
        return self.hub_rules.router.name

    def finding(self, hazard: Hazard, message: str, *lines: int, hub_lines: tuple[int, ...] = ()) -> Finding:
        """A finding about the two, with the lines of each."""
        evidence: list[Evidence] = [*self.rules.router.evidence(self.interface.line, *lines)]
        evidence += self.hub_rules.router.evidence(self.hub_interface.line, *hub_lines)
        return hazard.finding(
            hosts=sorted((self.name, self.hub_name)),
            peers=[str(self.nbma)],
            message=message,
            cause=[self.name, self.interface.name, self.hub_name, self.hub_interface.name, message],
            parts=[(self.name, f"{self.interface.name}: {message}", str(self.nbma))],
            evidence=evidence,
        )


def _spokes(context: AuditContext) -> Iterator[_Spoke]:
    """Every GRE tunnel of the fleet with the one at its far end: of a spoke that which has its server's address (DMVPN-CLOUDS).

    Of two point-to-point tunnels only one is told as the spoke.
    """
    for facts in context.routers:
        for peer in facts.peers:
            interface, far = facts.rules.addresses.interface(peer.end.interface), peer.far_rules
            if far is None or interface is None or interface.tunnel is None or peer.end.peer is None:
                continue
            inside = [m.tunnel for m in interface.tunnel.nhrp_maps if m.nbma == peer.end.peer and m.tunnel is not None]
            hubs = far.addresses.owners(inside[0]) if inside else ()
            if not inside and peer.far is not None and peer.far.kind == peer.end.kind == "tunnel":
                there = far.addresses.interface(peer.far.interface)
                first = peer.far.peer is None or facts.name < peer.far_name
                hubs = (there,) if there is not None and first else ()
            for hub in hubs:
                if hub.tunnel is not None and not hub.shutdown and _is_gre(hub.tunnel) and _is_gre(interface.tunnel):
                    yield _Spoke(facts.rules, interface, interface.tunnel, far, hub, hub.tunnel, peer.address)


def _is_gre(tunnel: Tunnel) -> bool:
    return tunnel.mode.startswith("gre")


@for_each_router(
    code="TP-NETWORK-ID",
    title="A multipoint tunnel without 'ip nhrp network-id'",
    explains=("PW-NOSTART",),
    category="connectivity",
    breaks=("incomplete-configuration",),
    severity="high",
    what="A protected multipoint tunnel has no 'ip nhrp network-id', so that NHRP does not run on it.",
    why=(
        "A spoke without it never calls its hub at all. At a hub without it IPsec comes up and no spoke registers. The number "
        "itself is of local meaning only."
    ),
    symptom="Spoke: 'show dmvpn' is empty. Hub: QM_IDLE, %DMVPN-5-NHRP_NETID_UNCONFIGURED, no spoke registers.",
    fix="If the tunnel is meant for NHRP, add 'ip nhrp network-id NUMBER' to it.",
    source="DMVPN-CLOUDS",
    absent_from=("interface",),
)
def tp_network_id(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each tunnel."""
    callers = by_key((peer.end.interface, str(peer.address)) for peer in facts.peers)
    for interface in facts.router.interfaces:
        tunnel = interface.tunnel
        if tunnel is None or tunnel.protection is None or not tunnel.multipoint or interface.shutdown:
            continue
        if tunnel.nhrp_network is None:
            what = "never calls its hub" if tunnel.nhrp_maps else "lets no spoke register"
            yield tp_network_id.finding(
                peers=callers.get(interface.name, ()),
                message=f"{interface.name} has no 'ip nhrp network-id', and {what}.",
                cause=[interface.name],
                evidence=facts.router.evidence(interface.line, tunnel.protection.line),
                confidence=facts.doubt("interface", name=interface.name),
            )


@for_each_router(
    code="TP-TUNNEL-KEY",
    title="Multipoint tunnels on one source that no tunnel key tells apart",
    category="connectivity",
    severity="high",
    what="Protected multipoint tunnels have one source, and one of them has no 'tunnel key', or the same as another.",
    why="What arrives is told by its key alone which tunnel it is for.",
    symptom="Spokes of one cloud register in the other, or not at all.",
    fix=(
        "If the clouds are to stay apart, a 'tunnel key' of its own for each, the same at all its routers; or "
        "different sources."
    ),
    source="END-SHARED, DMVPN-CLOUDS",
    absent_from=("interface",),
)
def tp_tunnel_key(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each source."""
    for tunnels in by_source(facts):
        clouds = [one for one in tunnels if one.tunnel.multipoint]
        keys = [one.tunnel.key for one in clouds]
        if len(clouds) > 1 and (None in keys or len(set(keys)) < len(keys)):
            names = listing(one.name for one in clouds)
            what = "not all have a tunnel key" if None in keys else "they have one tunnel key"
            yield tp_tunnel_key.finding(
                message=f"{names} share the source {clouds[0].source}, and {what}.",
                cause=[str(clouds[0].source), *(one.name for one in clouds)],
                evidence=facts.router.evidence(*(n for one in clouds for n in (*one.lines, one.tunnel.key_line))),
            )


@catalogued(
    code="PW-TUNNEL-KEY",
    title="The two ends have different tunnel keys",
    category="connectivity",
    severity="high",
    scope="pair",
    what=(
        "The 'tunnel key' of a GRE tunnel is not that of the tunnel at its far end, which for a spoke is that of its next-hop "
        "server; or one of them has none."
    ),
    why="IPsec comes up, but what arrives belongs to no tunnel: a spoke never registers, and nothing is logged.",
    symptom="IKE is up; one end decapsulates and never encapsulates; 'show dmvpn' shows the hub in state NHRP.",
    fix="If both are meant for one cloud, the same 'tunnel key' at both.",
    source="DMVPN-CLOUDS",
    absent_from=("interface",),
)
def pw_tunnel_key(context: AuditContext) -> Iterator[Finding]:
    """One finding for each end whose key differs, and each key that the others have."""
    differing = [one for one in _spokes(context) if one.tunnel.key != one.hub.key]
    for end, own in _odd_ends(differing):
        for keys, pairs in by_key(((one.tunnel.key, one.hub.key), one) for one in own).items():
            first, (spokes, hubs) = pairs[0], _sides(pairs)
            yield _finding(
                pw_tunnel_key,
                pairs,
                f"{listing(spokes)} {_key(first.tunnel, spokes)}, {listing(hubs)} {_key(first.hub, hubs)}: "
                f"IPsec comes up, and {'the spoke never registers' if first.hub.multipoint else 'nothing gets through'}.",
                [*end, *map(str, keys)],
                lambda tunnel: tunnel.key_line,
            )


def _odd_ends(pairs: list[_Spoke]) -> Iterator[tuple[tuple[str, str], list[_Spoke]]]:
    """Pairs that differ, by the end which most likely is the cause: that with the most of them, of two alike the hub."""
    counts = Counter(end for one in pairs for end in (one.own, one.there))
    yield from by_key((one.own if counts[one.own] > counts[one.there] else one.there, one) for one in pairs).items()


def _sides(pairs: list[_Spoke]) -> tuple[list[str], list[str]]:
    """The tunnels of the spokes and those of the hubs, each once."""
    return list(dict.fromkeys(" ".join(one.own) for one in pairs)), list(
        dict.fromkeys(" ".join(one.there) for one in pairs)
    )


def _finding(
    hazard: Hazard, pairs: list[_Spoke], message: str, cause: list[str], line: Callable[[Tunnel], int]
) -> Finding:
    """A finding about several pairs, with the ``line`` of each tunnel."""
    spokes = [e for one in pairs for e in one.rules.router.evidence(one.interface.line, line(one.tunnel))]
    hubs = [e for one in pairs for e in one.hub_rules.router.evidence(one.hub_interface.line, line(one.hub))]
    return hazard.finding(
        hosts=sorted({name for one in pairs for name in (one.name, one.hub_name)}),
        peers=dict.fromkeys(str(one.nbma) for one in pairs),
        message=message,
        cause=cause,
        parts=[(one.name, f"{one.interface.name} {one.hub_name}", str(one.nbma)) for one in pairs],
        evidence=dict.fromkeys((*spokes, *hubs)),
    )


def _key(tunnel: Tunnel, ends: list[str]) -> str:
    return f"{verb(ends, 'has', 'have')} {'no tunnel key' if tunnel.key is None else f'tunnel key {tunnel.key}'}"


@catalogued(
    code="PW-NHRP",
    title="A spoke does not register with its hub",
    category="connectivity",
    severity="high",
    scope="pair",
    what=(
        "A spoke maps its hub and names no 'ip nhrp nhs'; 'ip nhrp authentication' of the two differs, or only one has it; or "
        "the hub's tunnel is point-to-point and goes to somebody else. A masked word is like any other."
    ),
    why="IPsec may come up; without the registration the hub does not know where the spoke is.",
    symptom="'show dmvpn' shows the hub in state NHRP, or nothing of the spoke at the hub.",
    fix=(
        "If the spoke is meant for this hub, add 'ip nhrp nhs', the same 'ip nhrp authentication' at both, or 'tunnel"
        " mode gre multipoint' at the hub, whichever is missing."
    ),
    source="DMVPN-CLOUDS",
    absent_from=("interface",),
)
def pw_nhrp(context: AuditContext) -> Iterator[Finding]:
    """One finding for each spoke and what keeps it out, or for each end whose word differs from those of others."""
    for one in (spoke for spoke in _spokes(context) if spoke.tunnel.nhrp_maps):
        lines = tuple(mapping.line for mapping in one.tunnel.nhrp_maps)
        if not one.hub.multipoint:
            if one.hub.destination is not None and one.hub.destination not in _outer(one):
                words = f"{one.hub_name} {one.hub_interface.name} is point-to-point and goes to {one.hub.destination}"
                yield one.finding(
                    pw_nhrp, f"{words}: {one.name} is left out.", *lines, hub_lines=(one.hub.destination_line,)
                )
            continue
        serves = not any(mapping.nhs for mapping in one.hub.nhrp_maps) and not _maps_back(one)
        if serves and not any(mapping.nhs for mapping in one.tunnel.nhrp_maps):
            words = f"{one.name} {one.interface.name} maps {one.hub_name} and names no 'ip nhrp nhs'"
            yield one.finding(pw_nhrp, f"{words}: it never registers.", *lines)
    refused = [
        one
        for one in _spokes(context)
        if one.tunnel.nhrp_maps and one.hub.multipoint and words_differ(one.tunnel, one.hub)
    ]
    for end, own in _odd_ends(refused):
        for has, pairs in by_key((_has_word(one), one) for one in own).items():
            spokes, hubs = _sides(pairs)
            every, having = listing([*spokes, *hubs]), spokes if has[0] else hubs
            words = f"{every} have different words behind 'ip nhrp authentication'"
            if has != (True, True):
                words = f"Of {every} only {listing(having)} {verb(having, 'has', 'have')} 'ip nhrp authentication'"
            yield _finding(
                pw_nhrp,
                pairs,
                f"{words}: the registration is refused.",
                [*end, "authentication"],
                lambda tunnel: tunnel.nhrp_authentication_line,
            )


def _has_word(one: _Spoke) -> tuple[bool, bool]:
    return bool(one.tunnel.nhrp_authentication_line), bool(one.hub.nhrp_authentication_line)


def _outer(one: _Spoke) -> set[IPAddress]:
    return set(one.rules.addresses.all())


def _maps_back(one: _Spoke) -> bool:
    """Whether the other router maps this one as well: a mesh of static maps registers nowhere and needs not."""
    inside = {own.address for own in one.interface.addresses}
    return any(mapping.tunnel in inside for mapping in one.hub.nhrp_maps)
