"""One router's selection rules behind one door, with the indexes built once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from ikeaudit.model import (
    DEFAULT_KEYRING,
    AggressivePeer,
    Evidence,
    Ikev2Profile,
    IPAddress,
    IsakmpProfile,
    Keyring,
    Prefix,
    Router,
    StaticRoute,
    TransformSet,
)
from ikeaudit.selection.clients import client_ends, key_server_ends
from ikeaudit.selection.endpoint import Endpoint, unapplied_ends
from ikeaudit.selection.ikev2 import Ikev2Rules
from ikeaudit.selection.key_index import KeyIndex
from ikeaudit.selection.keys import KeyPick, KeySearch, keys_of
from ikeaudit.selection.known_ends import KnownEnds
from ikeaudit.selection.local import Addresses, LocalEnd
from ikeaudit.selection.policies import EffectivePolicy, effective_policies
from ikeaudit.selection.profiles import Identity, ProfileSearch, ProfileTable
from ikeaudit.selection.proxies import Proxies, proposed
from ikeaudit.selection.routing import Routing
from ikeaudit.selection.taking_over import take_over
from ikeaudit.selection.traffic import Traffic
from ikeaudit.selection.unread import unread_ends


class RouterRules:
    """Answers what one router would pick; pure, and safe to share between threads once built.

    ``earlier`` are the rules of an earlier version of the router, of which is taken over what has not changed.
    """

    def __init__(self, router: Router, earlier: RouterRules | None = None) -> None:
        self.router = router
        if earlier is not None and earlier.router.interfaces is router.interfaces:
            self.addresses: Addresses = earlier.addresses
        else:
            self.addresses = Addresses(router, earlier.addresses if earlier is not None else None)
        self.routing: Routing = Routing(router, self.addresses, earlier.routing if earlier is not None else None)
        self._statements: dict[tuple[str, int], tuple[Evidence, ...]] = {}
        self._earlier_ends = earlier._ends_known if earlier is not None else None
        self._earlier_ikev2 = earlier._ikev2_known if earlier is not None else None
        self._earlier_keys = earlier._keys_known if earlier is not None else None
        self._earlier_profiles = earlier._profiles_known if earlier is not None else None
        self._earlier_traffic = earlier._traffic_known if earlier is not None else None
        if earlier is not None:
            take_over(self, router, earlier, earlier.router, _WORKED_OUT_OF)

    @cached_property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The router's tunnel ends."""
        return self._ends.found

    @cached_property
    def _ends(self) -> KnownEnds:
        return KnownEnds(self.router, self.addresses, self._earlier_ends)

    @property
    def _ends_known(self) -> KnownEnds | None:
        """The ends of this version, or of the last one before it whose ends were asked for."""
        return self.__dict__.get("_ends", self._earlier_ends)

    @cached_property
    def unread_ends(self) -> tuple[Endpoint, ...]:
        """What would be tunnel ends, too, if lines that were not understood say so."""
        return tuple(unread_ends(self.router, self.addresses)) if self.router.unknown else ()

    @cached_property
    def unapplied(self) -> tuple[Endpoint, ...]:
        """The router's crypto map entries that stand on no interface."""
        return unapplied_ends(self.router, self.addresses)

    @cached_property
    def clients(self) -> tuple[Endpoint, ...]:
        """The router's ends that call a key server or an Easy VPN server."""
        return client_ends(self.router, self.addresses)

    @cached_property
    def key_servers(self) -> tuple[Endpoint, ...]:
        """The router's ends that answer the members of GET VPN groups."""
        return key_server_ends(self.router)

    @cached_property
    def traffic(self) -> Traffic:
        """What becomes of the router's traffic before a crypto map sees it."""
        return Traffic(self.router, self.addresses, self._earlier_traffic)

    @property
    def _traffic_known(self) -> Traffic | None:
        """The traffic of this version, or of the last one before it that was asked for it."""
        return self.__dict__.get("traffic", self._earlier_traffic)

    @cached_property
    def policies(self) -> tuple[EffectivePolicy, ...]:
        """The router's ISAKMP policies by priority, defaults filled in."""
        return effective_policies(self.router)

    @cached_property
    def trustpoints(self) -> tuple[str, ...]:
        """The trust-points that a peer may be validated by; those that IOS makes for itself (HTTPS, licences) left out."""
        return tuple(t for t in self.router.trustpoints if not t.startswith(("TP-self-signed", "SLA-TrustPoint")))

    @cached_property
    def certificates(self) -> bool:
        """Whether the router can authenticate with a certificate: a trust-point and a policy that uses one."""
        return bool(self.trustpoints) and any(p.authentication != "pre-share" for p in self.policies)

    @cached_property
    def ikev2(self) -> Ikev2Rules:
        """The router's IKEv2 rules."""
        return Ikev2Rules(self.router, self._earlier_ikev2)

    @property
    def _ikev2_known(self) -> Ikev2Rules | None:
        """The IKEv2 rules of this version, or of the last one before it whose rules were asked for."""
        return self.__dict__.get("ikev2", self._earlier_ikev2)

    def proxies(self, end: Endpoint) -> Proxies:
        """What one of the router's ends proposes, and compares a proposal with (:mod:`ikeaudit.selection.proxies`)."""
        return proposed(end, self.routing.acl(end.acl))

    @cached_property
    def aggressive_peers(self) -> dict[tuple[IPAddress, str | None], AggressivePeer]:
        """The first ``crypto isakmp peer`` with aggressive-mode attributes of each address and VRF (MODE-AGGRESSIVE)."""
        found: dict[tuple[IPAddress, str | None], AggressivePeer] = {}
        for block in self.router.isakmp.peers:
            if block.address is not None and (block.password or block.client_endpoint):
                found.setdefault((block.address, block.vrf), block)
        return found

    @cached_property
    def aggressive_addresses(self) -> frozenset[IPAddress]:
        """The addresses of :attr:`aggressive_peers`, whatever their VRF."""
        return frozenset(address for address, _ in self.aggressive_peers)

    def statements(self, profile: Ikev2Profile) -> tuple[Evidence, ...]:
        """The match statements of one of the router's IKEv2 profiles: a hub's may be thousands, and are cited for each peer."""
        key = profile.name, profile.line
        if key not in self._statements:
            self._statements[key] = self.router.evidence(*(match.line for match in profile.matches))
        return self._statements[key]

    @property
    def told_statements(self) -> Mapping[tuple[str, int], tuple[Evidence, ...]]:
        """What :meth:`statements` has given until now, by the name and the line of the profile."""
        return self._statements

    @cached_property
    def keyrings(self) -> dict[str, Keyring]:
        """Every keyring by name, ``default`` included."""
        return {DEFAULT_KEYRING: self.router.default_keyring, **{k.name: k for k in self.router.keyrings}}

    @cached_property
    def profiles(self) -> dict[str, IsakmpProfile]:
        """Every ISAKMP profile by name."""
        return {p.name: p for p in self.router.isakmp_profiles}

    @cached_property
    def transform_sets(self) -> dict[str, TransformSet]:
        """Every transform set by name."""
        return {t.name: t for t in self.router.transform_sets}

    @cached_property
    def hostname_keys(self) -> tuple[KeyPick, ...]:
        """Every key for a host name."""
        return tuple(pick for pick in keys_of(self.keyrings.values()) if pick.key.hostname is not None)

    @cached_property
    def _keys_by_hostname(self) -> dict[str, list[KeyPick]]:
        by_name: dict[str, list[KeyPick]] = {}
        for pick in self.hostname_keys:
            by_name.setdefault((pick.key.hostname or "").lower(), []).append(pick)
        return by_name

    @cached_property
    def _names(self) -> dict[IPAddress, list[str]]:
        names: dict[IPAddress, list[str]] = {}
        for mapping in self.router.host_mappings:
            for address in mapping.addresses:
                names.setdefault(address, []).append(mapping.name.lower())
        return names

    @cached_property
    def _host_routes(self) -> dict[tuple[str | None, Prefix], list[StaticRoute]]:
        routes: dict[tuple[str | None, Prefix], list[StaticRoute]] = {}
        for route in self.router.static_routes:
            if route.prefix.is_host:
                routes.setdefault((route.vrf, route.prefix), []).append(route)
        return routes

    def discarding_route(self, end: LocalEnd, peer: IPAddress) -> StaticRoute | None:
        """The static host route that throws away what is sent to ``peer``; None when it may be reached (ROUTE-NULL0).

        Nothing else is evidence: a route that is missing may be learnt, and so may one that is more specific than a network's
        or preferred to one with a distance.
        """
        routes = self._host_routes.get((end.fvrf, Prefix.of(peer)), [])
        standing = [route for route in routes if route.distance == 1 and not route.tracked]
        return standing[0] if standing and all(route.interface == "Null0" for route in standing) else None

    def keys_for_name(self, name: str, end: LocalEnd) -> tuple[KeyPick, ...]:
        """The host-name keys for ``name`` whose keyring serves this end, in configuration order (AGGRESSIVE-KEY)."""
        return tuple(pick for pick in self._keys_by_hostname.get(name.lower(), ()) if self._in_scope(pick, end))

    def keys_by_name_of(
        self, peer: IPAddress, end: LocalEnd, profile: IsakmpProfile | None = None
    ) -> tuple[KeyPick, ...]:
        """The host-name keys for the names that ``ip host`` gives ``peer`` (MODE-AGGRESSIVE, U-14).

        With a ``profile`` only those in its keyrings (KEY-BOUND).
        """
        rings = self.ring_names(profile) if profile is not None else None
        named = (pick for name in self._names.get(peer, ()) for pick in self.keys_for_name(name, end))
        return tuple(pick for pick in named if rings is None or pick.keyring.name in rings)

    def names_unresolved(self, end: LocalEnd, profile: IsakmpProfile | None = None) -> bool:
        """Whether a host-name key serves this end whose name ``ip host`` does not know: it may be anybody's.

        With a ``profile`` only the keys in its keyrings count (KEY-BOUND).
        """
        known = {name for names in self._names.values() for name in names}
        rings = self.ring_names(profile) if profile is not None else None
        return any(
            name not in known
            and any(self._in_scope(pick, end) and (rings is None or pick.keyring.name in rings) for pick in picks)
            for name, picks in self._keys_by_hostname.items()
        )

    def _in_scope(self, pick: KeyPick, end: LocalEnd) -> bool:
        ring = pick.keyring
        return ring.vrf == end.fvrf and self.addresses.admits(ring.local_address, end) is not False

    @cached_property
    def _key_index(self) -> KeyIndex:
        return KeyIndex(self.router, self._earlier_keys)

    @property
    def _keys_known(self) -> KeyIndex | None:
        """The keys of this version, or of the last one before it that was asked for them."""
        return self.__dict__.get("_key_index", self._earlier_keys)

    @cached_property
    def _profile_table(self) -> ProfileTable:
        return ProfileTable(self.router, self.addresses, self._earlier_profiles)

    @property
    def _profiles_known(self) -> ProfileTable | None:
        """The profiles of this version, or of the last one before it that was asked for them."""
        return self.__dict__.get("_profile_table", self._earlier_profiles)

    def covering(self, peer: IPAddress) -> tuple[KeyPick, ...]:
        """Every address key for ``peer``, whatever its VRF."""
        keys = self._key_index
        return keys.of_default(peer) + tuple(pick for vrf in keys.vrfs() for pick in keys.named(vrf, peer))

    def blind_keys(self, end: LocalEnd, peer: IPAddress) -> KeySearch:
        """The key search without a profile: in the default VRF the default keyring first, then all (KEY-DEFAULT-FIRST, C-3)."""
        if end.fvrf is None:
            search = KeySearch.among(self._key_index.of_default(peer), self.addresses, end)
            if search.best:
                return search
        return KeySearch.among(self._key_index.named(end.fvrf, peer), self.addresses, end)

    def asks_user(self, profile: IsakmpProfile | None, crypto_map: str | None) -> int | None:
        """The line by which a peer of a profile, or without one of a crypto map, is asked for a user name (XAUTH-ROUTERS)."""
        if profile is not None:
            return profile.line if profile.client_authentication is not None else None
        asking = (m.client_authentication for m in self.router.crypto_maps if m.name == crypto_map)
        return next((line.line for line in asking if line is not None), None)

    def ring_names(self, profile: IsakmpProfile) -> tuple[str, ...]:
        """The keyrings a profile lists; several lines add up (U-20), none means the global keys (U-4)."""
        return tuple(dict.fromkeys(ref.name for ref in profile.keyrings)) or (DEFAULT_KEYRING,)

    def keys_in(self, ring_names: tuple[str, ...], end: LocalEnd, peer: IPAddress) -> KeySearch:
        """The key search within given keyrings, in their listed order, as a bound profile does it (KEY-BOUND).

        A keyring of another front-door VRF holds no key for this end, nor do the global keys outside the default VRF
        (KEY-FVRF).
        """
        picks: list[KeyPick] = []
        for name in ring_names:
            keyring = self.keyrings.get(name)
            if keyring is None or keyring.vrf != end.fvrf:
                continue
            picks += self._key_index.of_ring(name, peer)
        return KeySearch.among(picks, self.addresses, end)

    def keys_in_profile(self, profile: IsakmpProfile, end: LocalEnd, peer: IPAddress) -> KeySearch:
        """The key search within one profile's keyrings."""
        return self.keys_in(self.ring_names(profile), end, peer)

    def profiles_for(self, identity: Identity, end: LocalEnd) -> ProfileSearch:
        """The profiles that an identity selects at this end."""
        return self._profile_table.search(identity, end)

    def own_identity(self, profile: IsakmpProfile | None, end: LocalEnd) -> Identity:
        """What the router presents as itself: the profile's ``self-identity``, else ``crypto isakmp identity`` (ID-SENT)."""
        own = profile.self_identity if profile is not None else None
        kind = own.kind if own is not None else {"hostname": "fqdn"}.get(self.router.isakmp.identity, "address")
        if kind == "fqdn":
            return Identity("fqdn", value=(own.value if own else None) or self.fqdn)
        if kind == "user-fqdn":
            return Identity("user-fqdn", value=(own.value if own else None) or "")
        return Identity("address", end.address)

    @property
    def fqdn(self) -> str:
        """Host name with the domain name appended, when there is one."""
        host = self.router.hostname or self.router.name.partition("@")[0]
        return f"{host}.{self.router.domain_name}" if self.router.domain_name else host


_WORKED_OUT_OF = {
    "keyrings": ("default_keyring", "keyrings"),
    "profiles": ("isakmp_profiles",),
    "hostname_keys": ("default_keyring", "keyrings"),
    "_keys_by_hostname": ("default_keyring", "keyrings"),
    "_names": ("host_mappings",),
    "_host_routes": ("static_routes",),
    "_key_index": ("default_keyring", "keyrings"),
    "_profile_table": ("interfaces", "isakmp_profiles"),
    "transform_sets": ("transform_sets",),
    "ikev2": ("ikev2", "host_mappings"),
    "policies": ("isakmp_policies", "isakmp", "version", "compliance_shield_disabled"),
    "trustpoints": ("trustpoints",),
    "aggressive_peers": ("isakmp",),
    "aggressive_addresses": ("isakmp",),
    "clients": ("interfaces", "crypto_maps", "gdoi_groups", "ezvpn_clients", "isakmp_profiles"),
}
"""The parts of a router that each of its rules is worked out of, and nothing else."""
