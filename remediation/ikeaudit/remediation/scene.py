"""The stage of a proof: the changed routers and everybody they talk to, replayed as often as the proof asks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from copy import copy
from typing import TypeAlias

import msgspec

from ikeaudit.exchange import Exchange, Initiator, Responder
from ikeaudit.exchange.replay import replay
from ikeaudit.fleet import Fleet
from ikeaudit.fleet.pairing import agreed, tunnel_name
from ikeaudit.model import Interface, IPAddress, Router
from ikeaudit.model.versions import differing
from ikeaudit.remediation.call_index import CallIndex
from ikeaudit.remediation.calls import Call, Named, Presented
from ikeaudit.remediation.plan import Direction
from ikeaudit.remediation.touched import Touched
from ikeaudit.selection import Endpoint, Identity, RouterRules

Key: TypeAlias = tuple[str, str, str]
"""A direction by its initiator, its interface and the address called: what stays the same while configurations change."""


def key_of(direction: Direction | Exchange) -> Key:
    """The key of a direction or of its exchange."""
    return direction.initiator, direction.initiator_interface, direction.peer


class Scene:
    """Replays the exchanges of some routers of a fleet with other versions of their configurations.

    Besides the directions of tunnels these are the calls of clients, and those of DMVPN spokes to each other: of the pairs of
    routers ``spokes``, or of those that the fleet looks at.
    """

    def __init__(
        self, fleet: Fleet, changed: Collection[str], spokes: Collection[tuple[str, str]] | None = None
    ) -> None:
        self._fleet = fleet
        self._changed = frozenset(changed)
        self._spokes = fleet.spoke_pairs if spokes is None else spokes
        self._ends = {name: _ends(fleet.rules(name)) for name in changed}
        self._given = dict(self._ends)
        self._open = frozenset(name for name, ends in self._ends.items() if any(end.accepts_any for end in ends))
        self._addresses = {name: fleet.rules(name).addresses for name in changed}
        self._fresh: frozenset[int] = frozenset()
        self._fresh_calls: frozenset[int] = frozenset()
        self._indexes: dict[str, tuple[CallIndex, int]] = {}
        self._by_router: dict[str, list[int]] = {}
        calling = (*fleet.endpoints, *fleet.clients, *fleet.spoke_ends(self._spokes))
        self._calls = [call for call in map(self._call, calling) if call is not None]
        for number, call in enumerate(self._calls):
            for name in call.routers():
                self._by_router.setdefault(name, []).append(number)
        self._named = Named()
        for name in self._by_router:
            self.note(name, fleet.rules(name))
        self._waiting = tuple(
            e
            for e in fleet.uncalled
            if e.outcome == "not-initiated" and not self._changed.isdisjoint((e.initiator, e.responder))
        )

    def _call(self, endpoint: Endpoint) -> Call | None:
        """The call that ``endpoint`` makes, when a changed router is one of its ends."""
        if endpoint.accepts_any:
            return None
        initiator = Initiator(self._fleet.rules(endpoint.router), endpoint)
        responders = self._fleet.directory.responders(initiator)
        call = Call(endpoint, responders or (None,), self._fleet.directory.callable(endpoint), "", {})
        if self._changed.isdisjoint(call.routers()):
            return None
        far = responders[0].endpoints[:1] if responders else ()
        name = tunnel_name(endpoint, far[0] if far else None)
        return msgspec.structs.replace(call, tunnel=name, selectable=self._selectable(initiator, responders))

    def _selectable(self, initiator: Initiator, responders: Collection[Responder]) -> dict[str, frozenset[str]]:
        """The profiles that either end may use; nothing is said of an end when an identity is more than an address."""
        endpoint, rules = initiator.endpoint, initiator.rules
        if endpoint.kind == "ezvpn":
            return {}  # it presents its group
        bound = rules.profiles.get(endpoint.isakmp_profile or "")
        found: dict[str, frozenset[str]] = {}
        if bound is not None:
            found[endpoint.router] = frozenset({bound.name})
        elif endpoint.peer is not None and all(
            r.rules.own_identity(None, r.end).kind == "address" and not _self_named(r.rules) for r in responders
        ):
            found[endpoint.router] = _covering(rules, endpoint, endpoint.peer)
        named = bound.self_identity is not None if bound is not None else _self_named(rules)
        identity = rules.own_identity(bound, initiator.end)
        for responder in responders:
            if not named and identity.kind == "address" and identity.address is not None:
                search = responder.rules.profiles_for(identity, responder.end)
                picks = (*search.matching, *search.uncertain)
                found[responder.router.name] = frozenset(pick.profile.name for pick in picks)
        return found

    def replay(
        self,
        versions: Mapping[str, RouterRules],
        touching: Collection[str],
        touched: Touched | None = None,
        *,
        noted: bool = False,
        words: bool = False,
    ) -> tuple[Exchange, ...]:
        """The exchanges of the routers ``touching``, with ``versions`` in place of their namesakes.

        The versions must have the interfaces, tunnels and crypto maps of the fleet's. With ``touched`` (for exactly one
        router) only those that the change can concern, or whose ends the last :meth:`patched` has bound to something else.
        ``noted``: :meth:`note` was told of all ``versions``. Only with ``words`` do they have transcripts and evidence.
        Directions that cannot be started by design are not replayed.
        """
        found: dict[Key, Exchange] = {}

        def presented(name: str) -> Presented:
            return (versions.get(name) or self._fleet.rules(name)).ikev2.presented

        if touched is not None and not noted:
            for name, rules in versions.items():
                self.note(name, rules)
        numbers = {number for name in touching for number in self._near(name, touched)}
        for number in sorted(numbers):
            call = self._calls[number]
            if touched is not None and not any(
                call.concerned(name, touched, presented) or self._rebound(call, name) for name in touching
            ):
                continue
            exchange = self._replay(call, versions, words=words)
            found[key_of(exchange)] = exchange
        if touched is None:
            for exchange in self._waiting:
                if exchange.initiator in touching or exchange.responder in touching:
                    found.setdefault(key_of(exchange), exchange)
        return tuple(found.values())

    def note(self, name: str, rules: RouterRules) -> None:
        """Keep in mind what a version of router ``name`` presents itself as."""
        self._named.note(name, rules.ikev2.presented)

    def _near(self, name: str, touched: Touched | None) -> Collection[int]:
        """The calls of router ``name``; with ``touched`` at least those that it concerns."""
        own = self._by_router.get(name, [])
        if touched is None or touched.anything or len(own) < _FEW:
            return own
        found = self._index(name).candidates(touched) | self._fresh_calls
        if touched.v2_prefixes or touched.v2_profiles:
            for other in self._named.near(touched.v2_prefixes) - {name}:
                found |= {number for number in self._by_router.get(other, ()) if name in self._calls[number].routers()}
        return found

    def _index(self, name: str) -> CallIndex:
        kept = self._indexes.get(name)
        if kept is None or kept[0].edition != kept[1]:
            index = CallIndex(name, {number: self._calls[number] for number in self._by_router.get(name, ())})
            kept = self._indexes[name] = index, index.edition
        return kept[0]

    def _replay(self, call: Call, versions: Mapping[str, RouterRules], *, words: bool) -> Exchange:
        endpoint = call.endpoint
        initiator = Initiator(versions.get(endpoint.router) or self._fleet.rules(endpoint.router), endpoint)
        exchanges = []
        for answering in call.responders:
            responder = answering
            if answering is not None and answering.router.name in versions:
                responder = msgspec.structs.replace(answering, rules=versions[answering.router.name])
            exchanges.append(replay(initiator, responder, tunnel=call.tunnel, startable=call.startable, words=words))
        return agreed(exchanges)

    def calling(self, keys: Iterable[Key]) -> frozenset[tuple[str, IPAddress | None]]:
        """The routers that answer the directions ``keys``, each with the address from which it sees the caller."""
        wanted = set(keys)
        return frozenset(
            (responder.router.name, responder.caller)
            for call in self._calls
            if (call.endpoint.router, call.endpoint.interface, str(call.endpoint.peer or call.endpoint.peer_name))
            in wanted
            for responder in call.responders
            if responder is not None
        )

    def _rebound(self, call: Call, name: str) -> bool:
        """Whether an end of ``call`` on router ``name`` was bound to something else by the last :meth:`patched`."""
        return any(id(end) in self._fresh for end in call.ends(name))

    def patched(self, name: str, rules: RouterRules) -> Scene | None:
        """This scene with the ends of router ``name`` bound as in ``rules``; None when more than that has changed.

        Who talks to whom stays the same as long as every end has its address, its peer and its kind.
        """
        ends, given = self._ends[name], _ends(rules)
        if given is self._given[name] and rules.addresses is self._addresses[name] and not self._fresh:
            return self
        start, before, after = differing(ends, given)
        if len(before) != len(after) or any(_moved(old, new) for old, new in zip(before, after, strict=True)):
            return None
        if not rules.addresses.stand_as(self._addresses[name]):
            return None
        _, *tunnels = differing(self._fleet.router(name).interfaces, rules.router.interfaces)
        if len({tuple(map(_nhrp, listed)) for listed in tunnels}) > 1:
            return None
        changed = {id(old): new for old, new in zip(before, after, strict=True) if old != new}
        scene = copy(self)
        if given is not self._given[name]:
            scene._given = {**self._given, name: given}
        if rules.addresses is not self._addresses[name]:
            scene._addresses = {**self._addresses, name: rules.addresses}
        scene._fresh = frozenset(id(end) for end in changed.values())
        scene._fresh_calls = frozenset()
        if changed:
            later = tuple(changed.get(id(old), old) for old in before)
            scene._ends = {**self._ends, name: ends[:start] + later + ends[start + len(before) :]}
            near = self._index(name).at(old.interface for old in before if id(old) in changed)
            scene._rebind(name, ends, changed, near)
        return scene

    def _rebind(
        self, name: str, before: tuple[Endpoint, ...], changed: dict[int, Endpoint], near: Iterable[int]
    ) -> None:
        """Put later versions of ends on router ``name`` into its calls, given by the identity of those ``before``.

        ``near`` are the numbers of the calls with an end at one of their interfaces.
        """
        waiting = (
            {old.interface: changed.get(id(old), old) for old in before if old.accepts_any}
            if name in self._open
            else {}
        )
        listed = {id(old) for old in before} if waiting else set()
        fresh, rebound = set(self._fresh), dict[int, Call]()
        for number in sorted(near):
            call = self._calls[number]
            copied = bool(waiting) and call.endpoint.router == name and id(call.endpoint) not in listed
            own = _as_caller(call.endpoint, waiting) if copied else None
            known = changed if own is None else {**changed, id(call.endpoint): own}
            if any(id(end) in known for end in (*call.ends(name), *call.elsewhere(name))):
                rebound[number] = call.rebound(name, known)
                fresh.update(() if own is None else (id(own),))
        indexes = {n: self._indexes[n] for call in rebound.values() for n in call.routers() if n in self._indexes}
        self._indexes, self._calls = dict(self._indexes), list(self._calls)
        for number, call in rebound.items():
            self._calls[number] = call
        fitting = {other: index for other, (index, edition) in indexes.items() if index.edition == edition}
        for number, call in rebound.items():
            for other in call.routers() & fitting.keys():
                fitting[other].update(number, call)
        self._indexes.update({other: (index, index.edition) for other, index in fitting.items()})
        self._fresh, self._fresh_calls = frozenset(fresh), frozenset(rebound)

    def rebuilt(self, versions: Mapping[str, Router]) -> Scene:
        """The same scene with ``versions`` as its routers, everything computed anew: who talks to whom may have changed."""
        names = {call.endpoint.router for call in self._calls} | set(versions) | self._changed
        names |= {r.router.name for call in self._calls for r in call.responders if r is not None}
        routers = [versions.get(name) or self._fleet.router(name) for name in sorted(names)]
        return Scene(Fleet(routers, self._fleet.translations), self._changed, self._spokes)

    @property
    def beside_tunnels(self) -> frozenset[Key]:
        """The directions that no tunnel's configuration asks for: calls of clients, and of spokes to each other."""
        ends = (*self._fleet.clients, *self._fleet.spoke_ends(self._spokes))
        keys = frozenset(map(_key, ends))
        if not keys:
            return keys
        called = (_key(end) for end in self._fleet.endpoints if not end.accepts_any)
        return keys.difference(called, map(key_of, self._fleet.uncalled))

    @property
    def unstarted(self) -> dict[Key, int]:
        """The directions that no call starts, which are told after all others: 1 where an end waits for them, 2 of an entry of
        a crypto map that stands on no interface."""
        called = {_key(call.endpoint) for call in self._calls}
        idle = {(end.router, end.interface) for end in self._fleet.unapplied}
        return {
            key_of(e): 2 if (e.initiator, e.initiator_interface) in idle else 1
            for e in self._waiting
            if key_of(e) not in called
        }


def _key(end: Endpoint) -> Key:
    """The key of the direction that an end starts, one that names its peer."""
    return end.router, end.interface, str(end.peer or end.peer_name)


_FEW = 8
"""A router with fewer calls has each of them asked whether a change concerns it."""


def _ends(rules: RouterRules) -> tuple[Endpoint, ...]:
    """The ends of a router's tunnels, and of its clients that are no tunnels."""
    return (*rules.endpoints, *rules.clients) if rules.clients else rules.endpoints


def _as_caller(calling: Endpoint, waiting: Mapping[str, Endpoint]) -> Endpoint | None:
    """A spoke's end that calls another spoke, made anew from the end that waits; None for any other, and for the same."""
    base = waiting.get(calling.interface)
    if base is None:
        return None
    fresh = msgspec.structs.replace(base, peer=calling.peer, peer_name=calling.peer_name, shortcut=calling.shortcut)
    return None if fresh == calling else fresh


def _nhrp(interface: Interface) -> object:
    """What of an interface lets spokes call each other (DMVPN-SPOKES), but for what makes its ends."""
    tunnel = interface.tunnel
    if tunnel is None:
        return None
    word = tunnel.nhrp_authentication
    told = tunnel.nhrp_network is not None, tunnel.redirect, tunnel.shortcut, tunnel.key, interface.next_hops_kept
    return *told, bool(tunnel.nhrp_authentication_line), word and (word.fingerprint, word.type)


def _moved(old: Endpoint, new: Endpoint) -> bool:
    """Whether an end is another one, and not the same with other bindings."""
    return any(getattr(old, field) != getattr(new, field) for field in _PLACE)


_PLACE = (
    "interface", "kind", "local", "peer", "peer_name", "responder_only", "tunnel_mode", "crypto_map", "acl", "shutdown"
)  # fmt: skip
"""What tells who calls whom; everything else of an end is what it is bound to."""


def _self_named(rules: RouterRules) -> bool:
    """Whether some profile presents the router as something else than its address."""
    return any(profile.self_identity is not None for profile in rules.router.isakmp_profiles)


def _covering(rules: RouterRules, endpoint: Endpoint, peer: IPAddress) -> frozenset[str]:
    search = rules.profiles_for(Identity("address", peer), endpoint.local)
    return frozenset(pick.profile.name for pick in (*search.matching, *search.uncertain))
