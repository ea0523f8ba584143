"""What has to stay: keyrings, keys and profiles that something configured refers to, would choose, or seems to miss.

A fix that removes an object is given only for what none of these questions is answered by yes. All of them look at
everything that is configured (:mod:`ikeaudit.hazards.facts.configured`), not only at what is up.
"""

from functools import cached_property

from ikeaudit.hazards.facts.configured import (
    Reference,
    ikev2_profile_references,
    isakmp_profile_references,
    loose_ends,
)
from ikeaudit.hazards.facts.peer import Peer
from ikeaudit.hazards.facts.router_view import RouterView
from ikeaudit.model import DEFAULT_KEYRING, IPAddress, IsakmpProfile, Key, Keyring, Prefix
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import Endpoint, Identity, KeyPick, ProfileSearch


class InUse:
    """The questions for one router."""

    def __init__(self, facts: RouterView) -> None:
        self._facts = facts
        self._rules = facts.rules

    # -- what is configured --------------------------------------------------------------------------------------------

    @cached_property
    def _loose(self) -> tuple[Endpoint, ...]:
        return loose_ends(self._rules)

    @cached_property
    def ends(self) -> tuple[Endpoint, ...]:
        """Every end that is configured, those of key servers and their members included."""
        clients = (end for end in self._rules.clients if end.kind == "gdoi")
        return (*self._rules.endpoints, *clients, *self._rules.key_servers, *self._loose)

    @cached_property
    def carried(self) -> frozenset[Endpoint]:
        """The ends that an interface carries, up or shut down."""
        return frozenset((*self._rules.endpoints, *self._rules.clients, *self._rules.key_servers))

    @cached_property
    def open_ends(self) -> tuple[Endpoint, ...]:
        """The ends whose peer the configuration does not tell: anybody, or a name."""
        return tuple(end for end in self.ends if end.peer is None)

    @cached_property
    def peers(self) -> tuple[Peer, ...]:
        """Every configured or known far end, also of ends that take no part."""
        loose = (Peer(self._rules, end, end.peer) for end in self._loose if end.peer is not None)
        servers = (end for end in self._rules.clients if end.kind == "gdoi" and end.peer is not None)
        members = (Peer(self._rules, end, end.peer) for end in servers if end.peer is not None)
        return (*self._facts.peers, *self._facts.idle_peers, *loose, *members)

    @cached_property
    def ikev1_peers(self) -> tuple[Peer, ...]:
        """Those whose end negotiates by IKEv1."""
        return tuple(peer for peer in self.peers if peer.end.ike_version == 1)

    @cached_property
    def unread(self) -> frozenset[str]:
        """The words of the lines that were not understood: a name among them may be a reference."""
        router = self._facts.router
        return frozenset(word for line in router.unknown for word in router.text(line.line).split())

    def sure(self, name: str) -> bool:
        """Whether no reference to ``name`` can hide in a line that was not understood, or after the end of the file."""
        return name not in self.unread and not self._facts.router.truncated

    # -- profiles ------------------------------------------------------------------------------------------------------

    @cached_property
    def profile_references(self) -> dict[str, tuple[Reference, ...]]:
        """The places that name an ISAKMP profile, by its name."""
        return _by_name(isakmp_profile_references(self._facts.router))

    @cached_property
    def profile_spellings(self) -> frozenset[str]:
        """The names of ISAKMP profiles that something refers to, in lower case."""
        return frozenset(name.lower() for name in self.profile_references)

    @cached_property
    def ikev2_references(self) -> dict[str, tuple[Reference, ...]]:
        """The places that name an IKEv2 profile, by its name."""
        return _by_name(ikev2_profile_references(self._facts.router))

    @cached_property
    def ikev2_spellings(self) -> frozenset[str]:
        """The names of IKEv2 profiles that something refers to, in lower case."""
        return frozenset(name.lower() for name in self.ikev2_references)

    @cached_property
    def _addresses(self) -> frozenset[IPAddress]:
        return frozenset(peer.address for peer in self.peers)

    def names_some_of(self, prefix: Prefix) -> bool:
        """Whether a configured or known far end has an address under ``prefix``."""
        if prefix.is_host:
            return prefix.address in self._addresses
        return any(map(prefix.covers, self._addresses))

    @cached_property
    def _peers_of_profile(self) -> dict[str, tuple[Peer, ...]]:
        found: dict[str, dict[Peer, None]] = {}
        for peer in self.ikev1_peers:
            for search in (peer.selected, *self._otherwise(peer)):
                for pick in (*search.matching, *search.uncertain):
                    found.setdefault(pick.profile.name, {})[peer] = None
        return {name: tuple(peers) for name, peers in found.items()}

    def _otherwise(self, peer: Peer) -> list[ProfileSearch]:
        """What the peer would select by its address, and by its name where that is known, if it presented that instead."""
        identities = [Identity("address", peer.address)]
        if peer.far_rules is not None:
            identities.append(Identity("fqdn", value=peer.far_rules.fqdn))
        return [
            self._rules.profiles_for(identity, peer.end.local) for identity in identities if identity != peer.identity
        ]

    def peers_of(self, profile: IsakmpProfile) -> tuple[Peer, ...]:
        """The peers whose identity the profile matches, or whose address or name it was made to match."""
        return self._peers_of_profile.get(profile.name, ())

    def ends_of(self, profile: IsakmpProfile) -> tuple[Endpoint, ...]:
        """The ends that are bound to the profile."""
        return self._bound.get(profile.name, ())

    @cached_property
    def _bound(self) -> dict[str, tuple[Endpoint, ...]]:
        found = by_key((end.isakmp_profile, end) for end in self.ends if end.isakmp_profile is not None)
        return {name: tuple(ends) for name, ends in found.items()}

    def may_be_anybodys(self, profile: IsakmpProfile) -> bool:
        """Whether callers that the configuration does not tell may come to the profile: at an unbound end, or by a template."""
        if profile.virtual_template is not None:
            return True
        vrfs = {match.vrf for match in profile.matches}
        return any(end.ike_version == 1 and end.isakmp_profile is None and end.fvrf in vrfs for end in self.open_ends)

    @cached_property
    def profile_missed(self) -> bool:
        """Whether some place names an ISAKMP profile that is not defined: one that nothing names may be meant."""
        return any(name not in self._rules.profiles for name in self.profile_references)

    @cached_property
    def ikev2_profile_missed(self) -> bool:
        """The same of IKEv2 profiles; the built-in ``default`` is always there."""
        defined = {profile.name for profile in self._facts.router.ikev2.profiles} | {"default"}
        return any(name not in defined for name in self.ikev2_references)

    def names_only(self, profile: IsakmpProfile) -> bool:
        """Whether the profile matches names, groups or certificates, which nobody knows of a peer that is not in the fleet."""
        return any(match.prefix is None for match in profile.matches) and any(
            peer.far_rules is None for peer in self.ikev1_peers
        )

    # -- keyrings ------------------------------------------------------------------------------------------------------

    def serves(self, keyring: Keyring) -> bool:
        """Whether the keyring is what some unbound end lives on, or would: for its peer, or for anybody who calls it.

        The global keys do not count against it: a keyring that they shadow is the one that is left when they are mended.
        """
        if any(self._open_to(end, keyring) for end in self.open_ends):
            return True
        return any(self._relies(peer, keyring.name) for key in keyring.keys for peer in self._under(key))

    def _open_to(self, end: Endpoint, keyring: Keyring) -> bool:
        return (
            end.ike_version == 1
            and end.isakmp_profile is None
            and end.fvrf == keyring.vrf
            and self._rules.addresses.admits(keyring.local_address, end.local) is not False
        )

    @cached_property
    def _best_by_line(self) -> dict[int, list[Peer]]:
        """The peers of unbound ends, by the line of each key of a named keyring that has the longest mask for them."""
        found: dict[int, list[Peer]] = {}
        for peer in self.ikev1_peers:
            if peer.end.isakmp_profile is not None:
                continue
            picks = [pick for pick in self._in_scope(peer) if pick.keyring.name != DEFAULT_KEYRING]
            longest = max((pick.length for pick in picks), default=0)
            for pick in picks:
                if pick.length == longest:
                    found.setdefault(pick.key.line, []).append(peer)
        return found

    def _under(self, key: Key) -> list[Peer]:
        return self._best_by_line.get(key.line, [])

    def _in_scope(self, peer: Peer) -> list[KeyPick]:
        end = peer.end.local
        admits = self._rules.addresses.admits
        found = self._facts.covering(end.fvrf, peer.address)
        return [pick for pick in found if admits(pick.keyring.local_address, end) is not False]

    def _relies(self, peer: Peer, keyring: str) -> bool:
        """Whether the peer of an unbound end depends on the keyring: no profile takes it, or one that has no key for it."""
        selected = [pick.profile for pick in (*peer.selected.matching, *peer.selected.uncertain)]
        return not selected or any(
            keyring in self._rules.ring_names(profile) or not peer.keys_in(profile).best for profile in selected
        )

    def keyring_missed(self, keyring: Keyring) -> bool:
        """Whether the keyring seems to be what something lacks, so that the fix is to name it, and not to take it away.

        So it is while a profile names a keyring that is not defined or has no key at all, and where the keyring holds a key
        for a peer that finds none where it looks, whatever the keyring's VRF and local address.
        """
        return self._keyless_profiles or keyring.name in self._missed or self._spelt_otherwise(keyring)

    @cached_property
    def _keyless_profiles(self) -> bool:
        for profile in self._facts.router.isakmp_profiles:
            if any(ref.name not in self._rules.keyrings for ref in profile.keyrings):
                return True
            by_other_means = profile.trustpoints or any(m.kind in ("certificate", "group") for m in profile.matches)
            rings = [self._rules.keyrings[name] for name in self._rules.ring_names(profile)]
            if not by_other_means and not any(ring.keys or ring.rsa_keys for ring in rings):
                return True
        return False

    @cached_property
    def keyless(self) -> tuple[Peer, ...]:
        """The configured peers for which no key is found where the router looks, or whose profile is not defined."""
        return tuple(peer for peer in self.ikev1_peers if self._lacks(peer))

    def _lacks(self, peer: Peer) -> bool:
        if peer.end.isakmp_profile is not None and peer.bound is None:
            return True
        profiles = [pick.profile for pick in peer.selected.matching]
        if peer.bound is not None:
            profiles.append(peer.bound)
        if profiles:
            return any(not peer.keys_in(profile).best for profile in profiles)
        return not peer.blind.best

    @cached_property
    def _missed(self) -> frozenset[str]:
        vrfs = self._facts.key_vrfs
        picks = (pick for peer in self.keyless for vrf in vrfs for pick in self._facts.covering(vrf, peer.address))
        return frozenset(pick.keyring.name for pick in picks)

    def _spelt_otherwise(self, keyring: Keyring) -> bool:
        listed = self._facts.listed_keyrings
        return any(name != keyring.name and name.lower() == keyring.name.lower() for name in listed)

    # -- keys ----------------------------------------------------------------------------------------------------------

    def matched_with(self, pick: KeyPick) -> tuple[str, ...]:
        """The profiles that use the key's keyring and have a match statement for an address that the key covers."""
        prefix, profiles = pick.key.prefix, self._facts.router.isakmp_profiles
        if prefix is None:
            return ()
        if prefix.is_host:
            found = self._facts.profiles_matching(prefix.address)
        else:
            found = [
                one for one in profiles if any(m.prefix is not None and m.prefix.overlaps(prefix) for m in one.matches)
            ]
        return tuple(one.name for one in found if pick.keyring.name in self._rules.ring_names(one))


def _by_name(references: tuple[Reference, ...]) -> dict[str, tuple[Reference, ...]]:
    found = by_key((reference.name, reference) for reference in references)
    return {name: tuple(places) for name, places in found.items()}
