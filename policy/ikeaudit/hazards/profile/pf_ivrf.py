"""PF-IVRF: the profile's inside VRF is not the tunnel interface's."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.facts.words import listing, place
from ikeaudit.hazards.finding import Finding, Hazard
from ikeaudit.model import Interface, IsakmpProfile, Prefix, StaticRoute
from ikeaudit.selection import Endpoint


def detect(context: AuditContext) -> Iterator[Finding]:
    """One finding for each profile whose tunnels are in another VRF."""
    for facts in context.routers:
        groups: dict[str, tuple[IsakmpProfile, list[Interface]]] = {}
        interfaces = facts.rules.addresses.interfaces
        pairs = [(end.isakmp_profile, end.interface) for end in facts.ikev1_ends if end.kind == "tunnel"]
        pairs += [
            (p.name, f"Virtual-Template{p.virtual_template}")
            for p in facts.router.isakmp_profiles
            if p.virtual_template is not None
        ]
        for name, label in dict.fromkeys(pairs):
            profile, interface = facts.rules.profiles.get(name or ""), interfaces.get(label)
            if profile is None or interface is None or profile.vrf is None or profile.vrf == interface.vrf:
                continue
            groups.setdefault(profile.name, (profile, []))[1].append(interface)
        for profile, found in groups.values():
            seen = dict.fromkeys(f"{i.name} in {place(i.vrf)}" for i in found)
            yield HAZARD.finding(
                hosts=[facts.name],
                message=(
                    f"Profile {profile.name} maps its tunnels to {place(profile.vrf)}, but is bound to {listing(seen)}."
                ),
                cause=[profile.name, str(profile.vrf), *seen],
                evidence=facts.router.evidence(profile.line, *(interface.line for interface in found)),
            )
        yield from _crypto_maps(facts)


def _crypto_maps(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each profile whose crypto map entries protect networks that are routed in another VRF."""
    groups: dict[str, list[tuple[Endpoint, StaticRoute]]] = {}
    acls = {acl.name: acl for acl in facts.router.acls}
    table: dict[Prefix, list[StaticRoute]] = {}
    for route in facts.router.static_routes:
        if route.prefix.length:
            table.setdefault(route.prefix.network, []).append(route)
    # Reverse route injection writes the route into the inside VRF by itself.
    injected = {m.name for m in facts.router.crypto_maps if any(entry.reverse_route for entry in m.entries)}
    for end in facts.ikev1_ends:
        profile = facts.rules.profiles.get(end.isakmp_profile or "") if end.kind == "crypto-map" else None
        acl = acls.get(end.acl or "")
        if profile is None or profile.vrf is None or acl is None or end.crypto_map in injected:
            continue
        far = [e.destination for e in acl.entries if e.action == "permit" and e.destination is not None]
        routes = [route for prefix in far for route in _covering(table, prefix)]
        if routes and all(route.vrf != profile.vrf for route in routes):
            groups.setdefault(profile.name, []).append((end, routes[0]))
    for name, found in groups.items():
        profile = facts.rules.profiles[name]
        entries = dict.fromkeys(end.interface for end, _ in found)
        seen = dict.fromkeys(f"{route.prefix} in {place(route.vrf)}" for _, route in found)
        yield HAZARD.finding(
            hosts=[facts.name],
            peers=dict.fromkeys(str(end.peer) for end, _ in found if end.peer is not None),
            message=(
                f"Profile {name} maps {listing(entries)} to {place(profile.vrf)}, but what that protects is routed as "
                f"{listing(seen)} only."
            ),
            cause=[name, str(profile.vrf), *entries, *seen],
            evidence=facts.router.evidence(
                profile.line, *(n for end, route in found for n in (*end.lines, route.line))
            ),
            confidence="probable",
        )


def _covering(table: dict[Prefix, list[StaticRoute]], prefix: Prefix) -> list[StaticRoute]:
    """The routes to networks that hold the whole of ``prefix``, the longest first."""
    wider = (Prefix.of(prefix.network.address, length).network for length in range(prefix.length, 0, -1))
    return [route for network in wider for route in table.get(network, ())]


HAZARD = Hazard(
    code="PF-IVRF",
    title="The profile's inside VRF is not the tunnel interface's",
    severity="medium",
    scope="router",
    what=(
        "A profile with 'vrf NAME' is bound to a tunnel interface, or clones a virtual template, whose 'vrf "
        "forwarding' names another VRF or none; or it is bound to a crypto map entry whose protected networks have "
        "static routes in other VRFs only."
    ),
    why=(
        "The profile's VRF is meant for crypto maps; a tunnel's own VRF governs. Where the two disagree, one of "
        "them does not say what its author meant."
    ),
    symptom="Security associations are up, but no traffic passes, or it appears in the wrong VRF.",
    fix="Align the two, or remove 'vrf' from the profile of a tunnel.",
    source="PROFILE-IVRF",
    detect=detect,
)
