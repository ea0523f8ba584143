"""What hazards need to know of one router: the view of it, and what follows from that."""

from functools import cached_property
from weakref import proxy

from ikeaudit.hazards.facts.duplicates import Duplicate, duplicates
from ikeaudit.hazards.facts.in_use import InUse
from ikeaudit.hazards.facts.one_slip import Lookalikes
from ikeaudit.hazards.facts.responder_keys import Detour, detours
from ikeaudit.hazards.facts.router_view import RouterView
from ikeaudit.selection import KeyPick


class RouterFacts(RouterView):
    """A :class:`RouterView` with the answers that are worked out from it in modules of their own."""

    @cached_property
    def in_use(self) -> InUse:
        """What something configured refers to or would choose, so that no fix may remove it."""
        return InUse(proxy(self))  # no circle, so that the facts of a part of the fleet go when it is done

    @cached_property
    def duplicates(self) -> tuple[Duplicate, ...]:
        """Addresses that stand in several keyrings of one scope."""
        return duplicates(self)

    @cached_property
    def detours(self) -> tuple[Detour, ...]:
        """Callers that are answered with a key from outside their profile."""
        return tuple(detours(self))

    @cached_property
    def idle_host_keys(self) -> tuple[KeyPick, ...]:
        """The keys for one host each that no peer has the address of, be it one of an end that takes no part."""
        known = {peer.address for peer in (*self.in_use.peers, *self.members)}
        hosts = (
            (pick, pick.key.prefix) for pick in self.picks if pick.key.prefix is not None and pick.key.prefix.is_host
        )
        return tuple(pick for pick, prefix in hosts if prefix.address not in known)

    @cached_property
    def lookalikes(self) -> Lookalikes:
        """The addresses of :attr:`idle_host_keys`."""
        return Lookalikes(str(pick.key.prefix.address) for pick in self.idle_host_keys if pick.key.prefix is not None)
