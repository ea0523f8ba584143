"""One router as hazards see it: its ends, keys, profiles and peers by what they are asked for, computed once."""

from collections.abc import Collection, Iterable
from functools import cached_property

import msgspec

from ikeaudit.exchange.result import Confidence
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.psk import Psk, psks
from ikeaudit.ios.command import ObjectKind
from ikeaudit.model import (
    DEFAULT_KEYRING,
    IdentityMatch,
    IPAddress,
    IsakmpProfile,
    Keyring,
    Prefix,
    Router,
)
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import Addresses, Endpoint, Identity, KeyTable, LocalEnd, RouterRules
from ikeaudit.selection.keys import KeyPick, keys_of
from ikeaudit.selection.prefixes import PrefixIndex
from ikeaudit.selection.profiles import ProfileTable


class Statements:
    """What one profile matches; neither the tunnel's own VRF nor a ``local-address`` counts here."""

    def __init__(self, router: Router, profile: IsakmpProfile, addresses: Addresses) -> None:
        alone = msgspec.structs.replace(profile, local_address=None)
        self._table = ProfileTable(msgspec.structs.replace(router, isakmp_profiles=(alone,)), addresses)
        self._vrfs = tuple(dict.fromkeys(match.vrf for match in profile.matches))
        self.certificates = any(match.kind == "certificate" for match in profile.matches)
        self.only_names = all(match.prefix is None for match in profile.matches)

    def covering(self, identity: Identity) -> tuple[IdentityMatch, ...]:
        """The most specific statement that covers ``identity``, for each VRF that has one."""
        found = (self._table.search(identity, LocalEnd(None, None, vrf)).first for vrf in self._vrfs)
        return tuple(pick.match for pick in found if pick is not None)


class RouterView:
    """One router of the fleet with its tunnel ends; ``peers`` are the far ends known to them, those shut down left out.

    ``idle_peers`` are the far ends of the ends that are shut down.
    """

    def __init__(
        self, rules: RouterRules, ends: Iterable[Endpoint], peers: Iterable[Peer], idle_peers: Iterable[Peer] = ()
    ) -> None:
        self.rules = rules
        self.ends = tuple(end for end in ends if not end.shutdown)
        self.peers = tuple(peers)
        self.idle_peers = tuple(idle_peers)

    @property
    def router(self) -> Router:
        """The configuration."""
        return self.rules.router

    @property
    def name(self) -> str:
        """The router's name in the fleet."""
        return self.rules.router.name

    @cached_property
    def _ends_by_peer(self) -> dict[IPAddress, list[Endpoint]]:
        return by_key((end.peer, end) for end in self.ends if end.peer is not None)

    def ends_towards(self, address: IPAddress | None) -> tuple[Endpoint, ...]:
        """The tunnel ends that name ``address`` as their peer."""
        return tuple(self._ends_by_peer.get(address, ())) if address is not None else ()

    @cached_property
    def maps_with_local_address(self) -> frozenset[str]:
        """The crypto maps that have a ``local-address``."""
        return frozenset(m.name for m in self.router.crypto_maps if m.local_address is not None)

    @cached_property
    def ikev1_ends(self) -> tuple[Endpoint, ...]:
        """The tunnel ends that negotiate by IKEv1."""
        return tuple(end for end in self.ends if end.ike_version == 1)

    @cached_property
    def ikev2_ends(self) -> tuple[Endpoint, ...]:
        """The tunnel ends that negotiate by IKEv2."""
        return tuple(end for end in self.ends if end.ike_version == 2)

    @cached_property
    def ikev1_peers(self) -> tuple[Peer, ...]:
        """The known far ends of IKEv1 tunnels."""
        return tuple(peer for peer in self.peers if peer.end.ike_version == 1)

    @cached_property
    def ikev2_peers(self) -> tuple[Peer, ...]:
        """The known far ends of IKEv2 tunnels."""
        return tuple(peer for peer in self.peers if peer.end.ike_version == 2)

    @cached_property
    def members(self) -> tuple[Peer, ...]:
        """The key servers that the router calls by IKEv1 as a GET VPN member, as peers of their own kind."""
        ends = (end for end in self.rules.clients if end.kind == "gdoi" and end.ike_version == 1 and not end.shutdown)
        return tuple(Peer(self.rules, end, end.peer) for end in ends if end.peer is not None)

    @cached_property
    def keyrings(self) -> tuple[Keyring, ...]:
        """All IKEv1 keyrings, the default one first, as the search goes."""
        return (self.router.default_keyring, *self.router.keyrings)

    @cached_property
    def picks(self) -> tuple[KeyPick, ...]:
        """Every IKEv1 key with its keyring, in the order of the search."""
        return tuple(keys_of(self.keyrings))

    @cached_property
    def host_keys(self) -> frozenset[IPAddress]:
        """The addresses that keys are for alone."""
        prefixes = (pick.key.prefix for pick in self.picks)
        return frozenset(prefix.address for prefix in prefixes if prefix is not None and prefix.is_host)

    def profiles_matching(self, address: IPAddress) -> list[IsakmpProfile]:
        """The ISAKMP profiles with a match statement for ``address``, whatever its VRF, in their order."""
        places = {place for place, _ in self._matched.covering(address)}
        return [self.router.isakmp_profiles[place] for place in sorted(places)]

    @cached_property
    def _matched(self) -> PrefixIndex:
        found = PrefixIndex()
        for place, profile in enumerate(self.router.isakmp_profiles):
            for match in profile.matches:
                if match.prefix is not None:
                    found.add(place, match.prefix)
        return found

    @cached_property
    def psks(self) -> tuple[Psk, ...]:
        """Every pre-shared key of the router, IKEv2 and aggressive mode included."""
        return psks(self.router)

    @cached_property
    def up_with(self) -> frozenset[str]:
        """The peers that the router's show commands have a session, an ISAKMP SA or an IKEv2 SA with."""
        shows = self.router.shows
        found = {str(one.peer) for one in shows.sessions or () if one.status.upper().startswith("UP")}
        found |= {str(sa.remote) for sa in shows.ikev2_sas or () if sa.status.upper() == "READY"}
        for sa in shows.isakmp_sas or ():
            if sa.state == "QM_IDLE" and "deleted" not in sa.status.lower():
                found |= {str(sa.source), str(sa.destination)}
        return frozenset(found)

    @cached_property
    def listed_keyrings(self) -> dict[str, tuple[IsakmpProfile, ...]]:
        """The profiles that name each keyring; a profile without a ``keyring`` line names none."""
        found: dict[str, list[IsakmpProfile]] = {}
        for profile in self.router.isakmp_profiles:
            for name in dict.fromkeys(ref.name for ref in profile.keyrings):
                found.setdefault(name, []).append(profile)
        return {name: tuple(profiles) for name, profiles in found.items()}

    @cached_property
    def _tables(self) -> dict[str | None, KeyTable]:
        """All keys by front-door VRF, whatever the local address."""
        by_vrf = by_key((pick.keyring.vrf, pick) for pick in self.picks)
        return {vrf: KeyTable(picks) for vrf, picks in by_vrf.items()}

    @cached_property
    def key_vrfs(self) -> tuple[str | None, ...]:
        """The front-door VRFs that have keys."""
        return tuple(self._tables)

    def covering(self, vrf: str | None, address: IPAddress) -> tuple[KeyPick, ...]:
        """Every key of ``vrf`` that covers ``address``, whatever its keyring's local address."""
        table = self._tables.get(vrf)
        return table.covering(address) if table is not None else ()

    @cached_property
    def _peers_by_line(self) -> dict[int, tuple[Peer, ...]]:
        found: dict[int, list[Peer]] = {}
        for peer in self.ikev1_peers:
            for pick in self.covering(peer.end.fvrf, peer.address):
                if self.rules.addresses.admits(pick.keyring.local_address, peer.end.local) is not False:
                    found.setdefault(pick.key.line, []).append(peer)
        return {line: tuple(peers) for line, peers in found.items()}

    def peers_under(self, line: int) -> tuple[Peer, ...]:
        """The known IKEv1 peers that the key on ``line`` covers, in its VRF and at its local address."""
        return self._peers_by_line.get(line, ())

    @cached_property
    def _peers_by_address(self) -> dict[IPAddress, list[Peer]]:
        return by_key((peer.address, peer) for peer in self.peers)

    def peers_at(self, address: IPAddress) -> tuple[Peer, ...]:
        """The known peers of either version at one address; several where they share a translated one."""
        return tuple(self._peers_by_address.get(address, ()))

    def ikev1_peers_in(self, prefixes: Collection[Prefix]) -> list[Peer]:
        """The known IKEv1 peers with an address under one of ``prefixes``, in their order."""
        if all(prefix.is_host for prefix in prefixes):
            hosts = (self._ikev1_places.get(prefix.address, ()) for prefix in prefixes)
            return [self.ikev1_peers[place] for place in sorted({place for places in hosts for place in places})]
        return [peer for peer in self.ikev1_peers if any(prefix.covers(peer.address) for prefix in prefixes)]

    @cached_property
    def _ikev1_places(self) -> dict[IPAddress, list[int]]:
        return by_key((peer.address, place) for place, peer in enumerate(self.ikev1_peers))

    @cached_property
    def callers(self) -> tuple[Peer, ...]:
        """Known IKEv1 peers, and one representative for each class of callers where an end takes any."""
        return (*self.ikev1_peers, *self._conceivable)

    @cached_property
    def _conceivable(self) -> tuple[Peer, ...]:
        """Callers that match a profile at an end that names no peer.

        The configuration can only tell callers apart by its own prefixes, so the first address of each stands for all. A
        configuration without any tunnel end (an excerpt) is taken as one that answers everybody.
        """
        ends = [end for end in self.ikev1_ends if end.accepts_any]
        if not self.rules.endpoints:
            vrfs = dict.fromkeys(m.vrf for profile in self.router.isakmp_profiles for m in profile.matches)
            ends = [Endpoint(self.name, "any interface", "tunnel", LocalEnd(None, None, vrf)) for vrf in vrfs]
        found: list[Peer] = []
        known = {(peer.end.fvrf, peer.address) for peer in self.ikev1_peers}
        seen_ends: set[tuple[LocalEnd, str | None]] = set()
        for end in ends:
            if (end.local, end.isakmp_profile) in seen_ends:
                continue
            seen_ends.add((end.local, end.isakmp_profile))
            for address, prefix in self._representatives(end.fvrf).items():
                if (end.fvrf, address) in known:
                    continue
                if self.rules.profiles_for(Identity("address", address), end.local).matching:
                    found.append(Peer(self.rules, end, address, prefix=prefix))
        return tuple(found)

    def _representatives(self, vrf: str | None) -> dict[IPAddress, Prefix]:
        prefixes: list[Prefix] = [pick.key.prefix for pick in self.picks if pick.keyring.vrf == vrf and pick.key.prefix]
        for profile in self.router.isakmp_profiles:
            prefixes += [match.prefix for match in profile.matches if match.vrf == vrf and match.prefix is not None]
        found: dict[IPAddress, Prefix] = {}
        for prefix in prefixes:
            found.setdefault(_first(prefix), prefix)
        return found

    @cached_property
    def _statements(self) -> dict[str, Statements]:
        return {}

    def statements(self, profile: IsakmpProfile) -> Statements:
        """The match statements of one of the router's profiles."""
        if profile.name not in self._statements:
            self._statements[profile.name] = Statements(self.router, profile, self.rules.addresses)
        return self._statements[profile.name]

    def doubt(self, *kinds: ObjectKind, name: str = "") -> Confidence:
        """``unknown`` where a line that was not understood, or a file that ends too early, may hold what seems to be missing.

        ``kinds`` are the objects whose lines matter; with ``name`` only that object's. Top-level lines always matter.
        """
        unread = any(
            line.kind == "global" or (line.kind in kinds and name in ("", line.name)) for line in self.router.unknown
        )
        return "unknown" if unread or self.router.truncated else "certain"

    @cached_property
    def certificates(self) -> bool:
        """Whether peers can be authenticated by certificates: a trust-point of one's own, and a policy that uses it."""
        return bool(self.rules.trustpoints) and any(
            policy.authentication not in (None, "pre-share") for policy in self.rules.policies
        )

    @cached_property
    def pre_shared(self) -> bool:
        """Whether some ISAKMP policy in force allows pre-shared keys."""
        return any(policy.authentication in (None, "pre-share") for policy in self.rules.policies)

    def uses(self, psk: Psk) -> bool:
        """Whether a key can be used at all: IKEv1 keys only where a policy allows them."""
        return psk.ike_version == 2 or self.pre_shared

    @property
    def has_default_keys(self) -> bool:
        """Whether there are global keys."""
        return bool(self.rules.keyrings[DEFAULT_KEYRING].keys)


def _first(prefix: Prefix) -> IPAddress:
    """The host itself, or the first host of a network."""
    network = prefix.network.address
    return network if prefix.is_host else network + 1
