"""The far ends that a router talks to, each with what the router's own rules say about it."""

from dataclasses import dataclass, field
from functools import cached_property

from ikeaudit.exchange.result import Confidence
from ikeaudit.model import DEFAULT_KEYRING, IPAddress, IsakmpProfile, Keepalive, Prefix, Router
from ikeaudit.selection import Endpoint, Identity, KeyPick, KeySearch, LocalEnd, ProfileSearch, RouterRules


@dataclass(eq=False)
class Peer:
    """A far end of one tunnel end of a router, seen from that router.

    ``far_rules`` and ``far`` are the far router's rules and tunnel end where the fleet has them. ``prefix`` marks an
    address that stands for a class of callers of an end that names no peer, not a peer that is known to exist; ``guessed`` a
    far end that address translation seems to hide (NAT-GUESS).
    """

    rules: RouterRules
    end: Endpoint
    address: IPAddress
    far_rules: RouterRules | None = None
    far: Endpoint | None = None
    prefix: Prefix | None = field(default=None, kw_only=True)
    guessed: bool = field(default=False, kw_only=True)

    @property
    def conceivable(self) -> bool:
        """Whether this is a class of callers rather than a peer."""
        return self.prefix is not None

    @property
    def label(self) -> str:
        """The peer for people and programs: its address, or the prefix of the class that it stands for."""
        return str(self.address if self.prefix is None else self.prefix.network)

    @property
    def router(self) -> Router:
        """The router that sees this peer."""
        return self.rules.router

    @property
    def far_name(self) -> str:
        """The far router's name, or its address where its configuration is missing."""
        return self.far_rules.router.name if self.far_rules is not None else str(self.address)

    @cached_property
    def identity(self) -> Identity:
        """What the peer presents: computed from its configuration, else its address, which is the default (ID-SENT)."""
        if self.far_rules is None:
            return Identity("address", self.address)
        local = self.far.local if self.far is not None else LocalEnd(self.address)
        identity = self.far_rules.own_identity(self.far_profile, local)
        return identity if identity.kind != "address" or identity.address else Identity("address", self.address)

    @cached_property
    def far_profile(self) -> IsakmpProfile | None:
        """The profile that the far end presents itself by: the bound one, or what an unbound tunnel starts with (C-4)."""
        if self.far_rules is None or self.far is None:
            return None
        if self._found_by_far is not None and self.far.kind == "tunnel":
            return self._found_by_far
        return self.far_rules.profiles.get(self.far.isakmp_profile or "")

    @cached_property
    def _found_by_far(self) -> IsakmpProfile | None:
        """The most specific profile that an unbound far end has for the address which it calls."""
        far = self.far
        if self.far_rules is None or far is None or far.peer is None or far.isakmp_profile or far.ike_version == 2:
            return None
        best = self.far_rules.profiles_for(Identity("address", far.peer), far.local).best
        return best[0].profile if best else None

    @property
    def presents_by_profile(self) -> bool:
        """Whether :attr:`identity` hangs on the profile that an unbound far end starts with, or starts without (C-4)."""
        return self._found_by_far is not None and self._found_by_far.self_identity is not None

    @cached_property
    def bound(self) -> IsakmpProfile | None:
        """The profile that the tunnel end is bound to; None also when the name is not defined."""
        return self.rules.profiles.get(self.end.isakmp_profile or "")

    @property
    def placed(self) -> bool:
        """Whether the configuration shows the interface that the tunnel end uses, and so its VRF."""
        interface = self.rules.addresses.interface(self.end.local.interface)
        return self.end.local.address is not None or (interface is not None and interface.addressing != "none")

    @property
    def presents_known(self) -> bool:
        """Whether :attr:`identity` comes from the far configuration, with every part of it."""
        if self.far_rules is None:
            return False
        own = self.far_profile.self_identity if self.far_profile is not None else None
        written = own is not None and own.value is not None
        return self.identity.kind != "fqdn" or written or self.far_rules.router.hostname is not None

    @cached_property
    def calls_aggressively(self) -> bool:
        """Whether the far router is told to start aggressive mode towards this one, in which the profile comes first."""
        if self.far_rules is None or self.far is None:
            return False
        bound = self.far_rules.profiles.get(self.far.isakmp_profile or "")
        if bound is not None and bound.initiate_mode == "aggressive":
            return True
        return self.far.peer in self.far_rules.aggressive_addresses

    @cached_property
    def selected(self) -> ProfileSearch:
        """The profiles that the peer's identity selects when it calls."""
        return self.rules.profiles_for(self.identity, self.end.local)

    @cached_property
    def profile(self) -> IsakmpProfile | None:
        """The profile that the identity selects in the primary reading; None when it selects none."""
        best = self.selected.best
        return best[0].profile if best else None

    @cached_property
    def blind(self) -> KeySearch:
        """The key search that the router does when this peer calls."""
        return self.rules.blind_keys(self.end.local, self.address)

    @property
    def blind_pick(self) -> KeyPick | None:
        """The key that the blind search takes in the primary reading."""
        return self.blind.best[0] if self.blind.best else None

    def keys_in(self, profile: IsakmpProfile) -> KeySearch:
        """The key search for this peer within ``profile``."""
        return self.rules.keys_in_profile(profile, self.end.local, self.address)

    @cached_property
    def calling_keys(self) -> KeySearch:
        """The key search that the router does when it calls this peer: in the bound profile, else the blind one."""
        return self.keys_in(self.bound) if self.bound is not None else self.blind

    @cached_property
    def selection_confidence(self) -> Confidence:
        """How sure it is that :attr:`profile` is the one selected (C-1)."""
        search = self.selected
        if search.uncertain:
            return "unknown"
        if len(search.best) > 1:
            return "unpredictable"
        if (
            not self.presents_known
            or self.presents_by_profile
            or self.conceivable
            or (search.first is not None and search.first not in search.best)
        ):
            return "probable"
        return "certain"

    @property
    def uses_default(self) -> bool:
        """Whether the blind search ends in the global keys."""
        return self.blind_pick is not None and self.blind_pick.keyring.name == DEFAULT_KEYRING


def keepalive(rules: RouterRules, end: Endpoint) -> Keepalive | None:
    """The setting of the bound profile, or of the one that names the virtual template, else the router's own."""
    router = rules.router
    if end.ike_version == 2:
        bound = rules.ikev2.profiles.get(end.ikev2_profile or "")
        return (bound.dpd if bound is not None else None) or router.ikev2.dpd
    profile = rules.profiles.get(end.isakmp_profile or "")
    if profile is None and end.virtual_template is not None:
        profile = next((p for p in router.isakmp_profiles if p.virtual_template == end.virtual_template), None)
    return (profile.keepalive if profile is not None else None) or router.isakmp.keepalive


def peer_keepalive(peer: Peer) -> Keepalive | None:
    """The setting for one known peer: as :func:`keepalive`; at an unbound end that of the profile which the peer selects."""
    selected = peer.profile if peer.end.isakmp_profile is None and peer.end.ike_version == 1 else None
    return (selected.keepalive if selected is not None else None) or keepalive(peer.rules, peer.end)
