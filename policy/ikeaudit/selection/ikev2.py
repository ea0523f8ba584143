"""IKEv2 selection: policy, profile and key (IKEV2-PROFILE, IKEV2-KEYS, IKEV2-POLICY)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import msgspec

from ikeaudit.model import (
    ANY_VRF,
    Ikev2Identity,
    Ikev2Keyring,
    Ikev2Peer,
    Ikev2Policy,
    Ikev2Profile,
    Ikev2Proposal,
    IPAddress,
    Router,
    Secret,
)
from ikeaudit.model.versions import differing
from ikeaudit.selection.identities import IdentityIndex, PeerBlocks
from ikeaudit.selection.local import LocalEnd
from ikeaudit.selection.profiles import Identity


class Ikev2Keys(msgspec.Struct, frozen=True):
    """The two halves of a pre-shared key: what this end proves itself with, and what it expects of the peer.

    ``lines`` are the configuration lines; ``peer`` the peer block, None for keys written into the profile.
    """

    local: Secret | None
    remote: Secret | None
    lines: tuple[int, ...]
    peer: str | None = None


class Ikev2Offer(msgspec.Struct, frozen=True):
    """A policy with its proposals: ``policy`` None is the built-in one, ``proposals`` None the built-in ones."""

    policy: Ikev2Policy | None
    proposals: tuple[Ikev2Proposal, ...] | None


class Ikev2Rules:
    """What one router would pick under IKEv2."""

    def __init__(self, router: Router, earlier: Ikev2Rules | None = None) -> None:
        """``earlier``: those of another version of the router, of which is taken over what has not changed."""
        self.router = router
        self._by_ring: dict[str, PeerBlocks] = {}
        self._earlier: tuple[tuple[Ikev2Profile, ...], IdentityIndex] | None = None
        self._earlier_blocks: dict[str, PeerBlocks] = {}
        self._earlier_presented: tuple[tuple[Ikev2Profile, ...], dict[IPAddress | None, int]] = ((), {})
        if earlier is not None:
            self._earlier = earlier._index_known
            known = "_presented" in earlier.__dict__
            profiles = earlier.router.ikev2.profiles
            self._earlier_presented = (profiles, earlier._presented) if known else earlier._earlier_presented
            self._earlier_blocks = {**earlier._earlier_blocks, **earlier._by_ring}
            if profiles is router.ikev2.profiles:
                for name in _OF_PROFILES & earlier.__dict__.keys():
                    self.__dict__[name] = earlier.__dict__[name]

    @property
    def _index_known(self) -> tuple[tuple[Ikev2Profile, ...], IdentityIndex] | None:
        """The index of this version, or of the last one before it that had one, with the profiles that it is of."""
        return (self.router.ikev2.profiles, self._matches) if "_matches" in self.__dict__ else self._earlier

    @cached_property
    def profiles(self) -> dict[str, Ikev2Profile]:
        """Every IKEv2 profile by name."""
        return {profile.name: profile for profile in self.router.ikev2.profiles}

    @cached_property
    def _keyrings(self) -> dict[str, Ikev2Keyring]:
        return {keyring.name: keyring for keyring in self.router.ikev2.keyrings}

    @cached_property
    def presented(self) -> frozenset[IPAddress] | None:
        """The addresses that profiles present in place of their end's own; None where one presents no address at all."""
        addresses = frozenset(address for address in self._presented if address is not None)
        return addresses if len(addresses) == len(self._presented) else None

    @cached_property
    def _presented(self) -> dict[IPAddress | None, int]:
        """How many profiles present each address, or with None no address at all."""
        was, known = self._earlier_presented
        _, gone, come = differing(was, self.router.ikev2.profiles)
        found = dict(known)
        for profiles, more in ((gone, -1), (come, 1)):
            for own in (p.identity_local for p in profiles if p.identity_local is not None):
                if own.kind == "address" and own.prefix is None:
                    continue
                address = own.prefix.address if own.prefix is not None else None
                found[address] = found.get(address, 0) + more
                if not found[address]:
                    del found[address]
        return found

    def policy(self, end: LocalEnd) -> Ikev2Policy | None:
        """The first policy for this front-door VRF and local address; None leaves the built-in one (IKEV2-POLICY)."""
        return next(iter(self.policies(end)), None)

    def policies(self, end: LocalEnd) -> tuple[Ikev2Policy, ...]:
        """Every policy for this front-door VRF and local address; IOS discourages more than one (IKEV2-POLICY)."""
        return tuple(
            policy
            for policy in self.router.ikev2.policies
            if _vrf_fits(policy.fvrf, end) and (not policy.local_addresses or end.address in policy.local_addresses)
        )

    def undecided(self, end: LocalEnd) -> tuple[Ikev2Policy, ...]:
        """The policies for local addresses of which one may be that of this end, which is learnt."""
        return tuple(
            policy
            for policy in self.router.ikev2.policies
            if end.address is None and policy.local_addresses and _vrf_fits(policy.fvrf, end)
        )

    @cached_property
    def _proposals(self) -> dict[str, Ikev2Proposal]:
        return {proposal.name: proposal for proposal in self.router.ikev2.proposals}

    def proposals(self, policy: Ikev2Policy | None) -> tuple[Ikev2Proposal, ...] | None:
        """The proposals of a policy; None when they are built-in ones, which differ by release (IKEV2-BUILT-IN)."""
        by_name = self._proposals
        names = [reference.name for reference in policy.proposals] if policy is not None else ["default"]
        found = tuple(by_name[name] for name in names if name in by_name)
        return found or (None if "default" in names and not self.router.ikev2.proposal_off_line else ())

    @cached_property
    def built_in(self) -> Ikev2Offer | None:
        """The built-in policy; None where it is switched off, redefined, or left without a proposal (IKEV2-BUILT-IN)."""
        own = self.router.ikev2
        proposals = self.proposals(None)
        if own.policy_off_line or proposals == () or any(policy.name == "default" for policy in own.policies):
            return None
        return Ikev2Offer(None, proposals)

    def profiles_for(self, identity: Identity, end: LocalEnd) -> tuple[Ikev2Profile, ...]:
        """Every profile that an identity matches at this end, in configuration order; more than one is U-7."""
        return tuple(
            profile for profile in self.matching(identity) if not profile.shutdown and self.serves(profile, end)
        )

    def matching(self, identity: Identity) -> tuple[Ikev2Profile, ...]:
        """Every profile with a line that covers an identity, those shut down among them, in configuration order."""
        return tuple(self.router.ikev2.profiles[place] for place in sorted(self._matches.covering(identity)))

    def expects(self, profile: Ikev2Profile, identity: Identity) -> bool:
        """Whether a line of ``profile``, which is one of the router's, covers an identity."""
        return self._places[profile.name] in self._matches.covering(identity)

    def perhaps_for(self, identity: Identity, end: LocalEnd) -> bool:
        """Whether some profile may match an identity that is an address not known."""
        return (
            identity.kind == "address"
            and identity.address is None
            and any(
                match.prefix is not None and match.prefix.length
                for profile in self.router.ikev2.profiles
                if not profile.shutdown and self.serves(profile, end)
                for match in profile.matches
            )
        )

    @cached_property
    def _places(self) -> dict[str, int]:
        return {profile.name: place for place, profile in enumerate(self.router.ikev2.profiles)}

    @cached_property
    def _matches(self) -> IdentityIndex:
        """The places of the profiles by what their lines match."""
        profiles = self.router.ikev2.profiles
        if self._earlier is not None:
            start, gone, come = differing(self._earlier[0], profiles)
            if start + len(gone) == len(self._earlier[0]):
                return self._earlier[1].changed(_listed(gone, start), _listed(come, start))
        return IdentityIndex(_listed(profiles, 0))

    def serves(self, profile: Ikev2Profile, end: LocalEnd) -> bool:
        """Whether ``match fvrf`` and ``match address local`` of a profile cover this end (IKEV2-PROFILE)."""
        return _vrf_fits(profile.fvrf, end) and self._local_fits(profile, end)

    def _local_fits(self, profile: Ikev2Profile, end: LocalEnd) -> bool:
        if not profile.local_addresses and not profile.local_interfaces:
            return True
        return end.address in profile.local_addresses or end.interface in profile.local_interfaces

    def own_identity(self, profile: Ikev2Profile, end: LocalEnd) -> Identity:
        """What the router presents: ``identity local``, by default its address (IKEV2-PROFILE)."""
        own = profile.identity_local
        if own is None:
            return Identity("address", end.address)
        if own.kind == "address":
            return Identity("address", own.prefix.address if own.prefix is not None else end.address)
        kind = {"fqdn": "fqdn", "email": "user-fqdn", "key-id": "key-id", "dn": "dn"}[own.kind]
        return Identity(kind, value=own.value or "")  # type: ignore[arg-type]

    def initiator_keys(self, profile: Ikev2Profile, peer: IPAddress) -> Ikev2Keys | None:
        """The keys an initiator finds before SA_INIT: by the peer's host name, then by its address (IKEV2-KEYS).

        Peers with an identity only do not count.
        """
        return next(iter(self.initiator_candidates(profile, peer)), None)

    def initiator_candidates(self, profile: Ikev2Profile, peer: IPAddress) -> tuple[Ikev2Keys, ...]:
        """As :meth:`initiator_keys`, with every peer block that fits equally well (IKEV2-KEYS)."""
        inline = self._inline(profile)
        if inline:
            return inline
        blocks = self._blocks(profile)
        if blocks is None:
            return ()
        return _keys(blocks, blocks.by_name(self._names.get(peer, ())) or blocks.by_address(peer))

    def address_candidates(self, profile: Ikev2Profile, peer: IPAddress | None) -> tuple[Ikev2Keys, ...]:
        """The keys of the profile's keyring for an address alone, with every peer block that fits equally well."""
        blocks = self._blocks(profile)
        return () if blocks is None else _keys(blocks, blocks.by_address(peer))

    @cached_property
    def _names(self) -> dict[IPAddress, set[str]]:
        names: dict[IPAddress, set[str]] = {}
        for mapping in self.router.host_mappings:
            for address in mapping.addresses:
                names.setdefault(address, set()).add(mapping.name.lower())
        return names

    def responder_keys(self, profile: Ikev2Profile, identity: Identity, peer: IPAddress | None) -> Ikev2Keys | None:
        """The keys a responder finds: by the peer's identity, then by its address (IKEV2-KEYS)."""
        return next(iter(self.responder_candidates(profile, identity, peer)), None)

    def responder_candidates(
        self, profile: Ikev2Profile, identity: Identity, peer: IPAddress | None
    ) -> tuple[Ikev2Keys, ...]:
        """As :meth:`responder_keys`, with every peer block that fits equally well (IKEV2-KEYS)."""
        return self.identity_candidates(profile, identity) or self.address_candidates(profile, peer)

    def identity_candidates(self, profile: Ikev2Profile, identity: Identity) -> tuple[Ikev2Keys, ...]:
        """The keys of a profile for an identity, whatever the address: written into it, or by its keyring."""
        inline = self._inline(profile)
        if inline:
            return inline
        blocks = self._blocks(profile)
        return () if blocks is None else _keys(blocks, blocks.by_identity(identity))

    def held_for_some(self, profile: Ikev2Profile, known: Sequence[Ikev2Keys]) -> bool:
        """Whether the profile's keyring holds other keys than ``known`` for addresses of which one may be the peer's."""
        blocks = self._blocks(profile)
        keys = {(one.local, one.remote) for one in known}
        return blocks is not None and any((one.local, one.remote) not in keys for one in blocks.precise)

    def may_demand_quantum(self, profile: Ikev2Profile) -> bool:
        """Whether a profile, a proposal or a peer block asks for a post-quantum key or key exchange (IKEV2-QUANTUM)."""
        blocks = self._blocks(profile)
        return (
            profile.ppk_keyring is not None
            or any(proposal.post_quantum for proposal in self.router.ikev2.proposals)
            or (blocks is not None and blocks.ppk > 0)
        )

    def _inline(self, profile: Ikev2Profile) -> tuple[Ikev2Keys, ...]:
        local = next((auth for auth in profile.local_auth if auth.key is not None), None)
        remote = next((auth for auth in profile.remote_auth if auth.key is not None), None)
        if local is None and remote is None:
            return ()
        lines = tuple(auth.line for auth in (local, remote) if auth is not None)
        return (Ikev2Keys(local.key if local else None, remote.key if remote else None, lines),)

    def _blocks(self, profile: Ikev2Profile) -> PeerBlocks | None:
        """The peer blocks of the profile's keyring; None without one."""
        keyring = self._keyrings.get(profile.keyring.name) if profile.keyring is not None else None
        if keyring is None:
            return None
        name = keyring.name
        if name not in self._by_ring:
            self._by_ring[name] = PeerBlocks(keyring, self._earlier_blocks.get(name))
        return self._by_ring[name]


_OF_PROFILES = frozenset({"profiles", "presented", "_presented", "_places", "_matches"})
"""What is worked out of the profiles alone."""


def _listed(profiles: Iterable[Ikev2Profile], start: int) -> list[tuple[int, Ikev2Identity]]:
    """What the lines of profiles match, each with the place of its profile, counted from ``start``."""
    return [(place, match) for place, profile in enumerate(profiles, start) for match in profile.matches]


def _keys(blocks: PeerBlocks, picked: Iterable[Ikev2Peer]) -> tuple[Ikev2Keys, ...]:
    ring = blocks.keyring
    return tuple(Ikev2Keys(block.local, block.remote, (ring.line, block.line), block.name) for block in picked)


def _vrf_fits(configured: str | None, end: LocalEnd) -> bool:
    return configured in (ANY_VRF, end.fvrf)
