"""One call of a proof's stage: an end that calls, who may answer, and which changes can make a difference to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

import msgspec

from ikeaudit.exchange import Responder
from ikeaudit.model import IPAddress, Prefix
from ikeaudit.remediation.touched import Touched
from ikeaudit.selection import Endpoint

Presented: TypeAlias = frozenset[IPAddress] | None


class Call(msgspec.Struct, frozen=True):
    """An end that calls, and who may answer; fixed as long as no interface, tunnel or crypto map changes.

    ``selectable`` holds by router the profiles that this call may make it use; a router that is not in there may use any.
    """

    endpoint: Endpoint
    responders: tuple[Responder | None, ...]
    startable: bool
    tunnel: str
    selectable: dict[str, frozenset[str]]

    def routers(self) -> set[str]:
        """The routers at the ends of the call."""
        return {self.endpoint.router, *(r.router.name for r in self.responders if r is not None)}

    @property
    def old(self) -> bool:
        """Whether IKEv1 has a part in the call: what clients call for is asked of IKEv1, whatever they speak."""
        return self.endpoint.ike_version == 1 or self.endpoint.kind in ("gdoi", "ezvpn")

    def concerned(self, name: str, touched: Touched, presented: Callable[[str], Presented]) -> bool:
        """Whether a change on router ``name`` can make a difference to the call, whatever its ends are bound to.

        ``presented`` gives the addresses that a router's IKEv2 profiles present in place of its own, None for other identities.
        """
        if touched.anything or not touched.transform_sets.isdisjoint(self._sets(name)):
            return True
        if touched.ikev1 and self.old:
            return True
        if self.endpoint.ike_version == 2:
            return touched.ikev2 or self._concerned_v2(name, touched, presented)
        if not touched.prefixes and not touched.profiles:
            return False
        if name not in self.selectable or touched.profiles & self.selectable[name]:
            return True
        if any(end.isakmp_profile in touched.profiles for end in self.ends(name)):
            return True
        addresses: list[IPAddress | None] = []
        for responder in self.responders:
            if self.endpoint.router == name:
                addresses += [
                    self.endpoint.peer,
                    responder.end.address if responder is not None else self.endpoint.peer,
                ]
            if responder is not None and responder.router.name == name:
                addresses += [responder.caller, self.endpoint.local.address]
        return any(a is None or any(prefix.covers(a) for prefix in touched.prefixes) for a in addresses)

    def _concerned_v2(self, name: str, touched: Touched, presented: Callable[[str], Presented]) -> bool:
        """The same for IKEv2: by the profile that an end is bound to, or by what its peer is seen and presents itself as."""
        if not touched.v2_prefixes and not touched.v2_profiles:
            return False
        if any(end.ikev2_profile in touched.v2_profiles for end in self.ends(name)):
            return True
        seen: set[IPAddress | None] = set()
        others: set[str] = set()
        for responder in self.responders:
            if self.endpoint.router == name:
                seen |= {self.endpoint.peer, responder.end.address if responder is not None else None}
                others.update(() if responder is None else (responder.router.name,))
            if responder is not None and responder.router.name == name:
                seen |= {responder.caller, self.endpoint.local.address, *([None] if responder.translated else [])}
                others.add(self.endpoint.router)
        for other in others:
            instead = presented(other)
            if instead is None:
                return True
            seen |= instead
        return any(a is None or any(prefix.covers(a) for prefix in touched.v2_prefixes) for a in seen)

    def _sets(self, name: str) -> set[str]:
        """The transform sets that the call's ends on router ``name`` use."""
        return {transform for end in self.ends(name) for transform in end.transform_sets}

    def ends(self, name: str) -> Iterator[Endpoint]:
        """The ends of the call on router ``name``."""
        if self.endpoint.router == name:
            yield self.endpoint
        for responder in self.responders:
            if responder is not None and responder.router.name == name:
                yield from responder.endpoints

    def elsewhere(self, name: str) -> Iterator[Endpoint]:
        """Ends on router ``name`` that look like the one that is called, and are not."""
        for responder in self.responders:
            if responder is not None and responder.router.name == name:
                yield from responder.elsewhere

    def rebound(self, name: str, changed: Mapping[int, Endpoint]) -> Call:
        """The call with later versions of ends on router ``name``, given by the identity of the earlier ones."""
        responders = tuple(
            responder
            if responder is None or responder.router.name != name
            else msgspec.structs.replace(
                responder,
                endpoints=tuple(changed.get(id(end), end) for end in responder.endpoints),
                elsewhere=tuple(changed.get(id(end), end) for end in responder.elsewhere),
            )
            for responder in self.responders
        )
        endpoint = changed.get(id(self.endpoint), self.endpoint)
        # Which profiles it may select is not worked out again: any.
        return msgspec.structs.replace(self, endpoint=endpoint, responders=responders, selectable={})


class Named:
    """What routers present in place of their own address under IKEv2, now or at some time before: it only grows."""

    def __init__(self) -> None:
        self._last: dict[str, Presented] = {}
        self._anything: set[str] = set()
        self._by_address: dict[IPAddress, set[str]] = {}

    def note(self, name: str, presented: Presented) -> None:
        """Router ``name`` may present one of these addresses; None stands for something else than an address."""
        if presented == self._last.get(name, frozenset()):
            return
        self._last[name] = presented
        if presented is None:
            self._anything.add(name)
        for address in presented or ():
            self._by_address.setdefault(address, set()).add(name)

    def near(self, prefixes: Iterable[Prefix]) -> set[str]:
        """The routers that may present what one of ``prefixes`` covers, or what no address tells."""
        found = set(self._anything)
        for prefix in prefixes:
            if prefix.is_host:
                found |= self._by_address.get(prefix.address, set())
            else:
                found.update(n for address, names in self._by_address.items() if prefix.covers(address) for n in names)
        return found
