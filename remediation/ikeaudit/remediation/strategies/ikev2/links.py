"""Which places must change together: both ends of every tunnel, and whatever else those ends serve (PLAN-IKEV2)."""

from collections.abc import Iterable, Iterator

import msgspec

from ikeaudit.exchange import Exchange
from ikeaudit.fleet import Fleet
from ikeaudit.model import IPAddress
from ikeaudit.model.grouping import by_key
from ikeaudit.remediation.plan import Refusal
from ikeaudit.remediation.strategies.ikev2.places import Place, interface_at, place_of
from ikeaudit.selection import Endpoint


class Link(msgspec.Struct, frozen=True):
    """A tunnel end that knows its peer, and the end that answers it.

    ``caller`` is the address of ``near`` as the far router sees it (after translation).
    """

    near: Endpoint
    far: Endpoint
    near_place: Place
    far_place: Place
    caller: IPAddress


class Unit(msgspec.Struct, frozen=True):
    """Places that are switched in one go, with every tunnel between them; ``links`` has each direction that can be started.

    ``problems`` say why the unit cannot be moved; they are empty for one that may.
    """

    places: tuple[Place, ...]
    links: tuple[Link, ...]
    ends: tuple[Endpoint, ...]
    problems: tuple[Refusal, ...] = ()

    @property
    def routers(self) -> tuple[str, ...]:
        """The routers of the unit, sorted."""
        return tuple(sorted({place.router for place in self.places}))

    def places_on(self, router: str) -> tuple[Place, ...]:
        """The places on one router, in a stable order."""
        return tuple(place for place in self.places if place.router == router)


class Joined:
    """Places joined into groups."""

    def __init__(self, places: Iterable[Place] = ()) -> None:
        self._parent = {place: place for place in places}

    def root(self, place: Place) -> Place:
        """The first place of the group that ``place`` is in; a new place is a group of its own."""
        self._parent.setdefault(place, place)
        while self._parent[place] != place:
            self._parent[place] = self._parent[self._parent[place]]
            place = self._parent[place]
        return place

    def join(self, one: Place, other: Place) -> None:
        """Make one group of the groups of two places."""
        low, high = sorted((self.root(one), self.root(other)))
        self._parent[high] = low

    def groups(self) -> Iterator[tuple[Place, ...]]:
        """The groups, each sorted, by their first places."""
        found = by_key((self.root(place), place) for place in sorted(self._parent))
        yield from (tuple(places) for places in found.values())


def units(fleet: Fleet) -> tuple[Unit, ...]:
    """Every group of IKEv1 places that belong together, in a stable order, with what speaks against moving it."""
    groups = Joined()
    links: dict[Place, list[Link]] = {}
    ends: dict[Place, list[Endpoint]] = {}
    problems: dict[Place, list[Refusal]] = {}
    verdicts = {(e.initiator, e.initiator_interface, e.peer): e for e in fleet.exchanges}
    for end in fleet.endpoints:
        if end.ike_version != 1:
            continue
        place = place_of(fleet.router(end.router), end)
        groups.root(place)
        ends.setdefault(place, []).append(end)
        if end.accepts_any or not fleet.directory.callable(end):
            continue  # such an end only answers: the link is that of its caller
        found = _link(fleet, end, place, verdicts)
        if isinstance(found, Refusal):
            problems.setdefault(place, []).append(found)
        else:
            links.setdefault(place, []).append(found)
            groups.join(place, found.far_place)
    for one, other in _sharing(fleet, ends):
        groups.join(one, other)
    return tuple(_unit(fleet, places, links, ends, problems) for places in groups.groups())


def _unit(
    fleet: Fleet,
    places: tuple[Place, ...],
    links: dict[Place, list[Link]],
    ends: dict[Place, list[Endpoint]],
    problems: dict[Place, list[Refusal]],
) -> Unit:
    inside = tuple(link for place in places for link in links.get(place, ()))
    reached = {link.far_place for link in inside}
    found = [problem for place in places for problem in problems.get(place, ())]
    for place in places:
        if place not in reached and not links.get(place) and not problems.get(place):
            reason = "None of its callers is known: no configuration here calls it, so nothing could be moved with it."
            found.append(refusal(fleet, place, reason, *ends[place][0].lines))
    return Unit(places, inside, tuple(end for place in places for end in ends.get(place, ())), tuple(found))


def _link(fleet: Fleet, end: Endpoint, place: Place, verdicts: dict[tuple[str, str, str], Exchange]) -> Link | Refusal:
    """The end that answers ``end``, or why there is none to move with it."""
    router = fleet.router(end.router)
    if end.missing:
        what = ", ".join(name for name, _ in end.missing)
        reason = f"It refers to something that is not defined: {what}."
        return refusal(fleet, place, reason, *(line for _, line in end.missing))
    if end.peer is None:
        reason = f"Its peer {end.peer_name} is a name, whose address is not in the configuration."
        return refusal(fleet, place, reason, *end.lines)
    if end.local.address is None:
        reason = "The address that it calls from is not in the configuration, so its IKEv2 identity is not known."
        return refusal(fleet, place, reason, *end.lines)
    if end.shutdown:
        return refusal(fleet, place, "It is shut down, so no change of it can be proven.", *end.lines)
    responders = fleet.responders(end)
    if not responders:
        reason = f"The configuration of its peer {end.peer} is not here; both ends must change together."
        return refusal(fleet, place, reason, *end.lines)
    if len(responders) > 1:
        names = " and ".join(r.router.name for r in responders)
        return refusal(fleet, place, f"{names} both hold the address {end.peer}; one of them answers.", *end.lines)
    (responder,) = responders
    there = responder.router
    if not responder.endpoints:
        lines = [line for other in responder.elsewhere for line in other.lines]
        reason = f"{there.name} has no tunnel from {end.peer} back to {responder.caller or router.name}."
        found = refusal(fleet, place, reason, *end.lines)
        return msgspec.structs.replace(found, evidence=(*found.evidence, *there.evidence(*lines)))
    same = [other for other in responder.endpoints if other.ike_version == 1]
    if not same:
        other = responder.endpoints[0]
        reason = f"{there.name} {other.interface} speaks IKEv2 already; the other end is half-way through another move."
        found = refusal(fleet, place, reason, *end.lines)
        return msgspec.structs.replace(found, evidence=(*found.evidence, *there.evidence(*other.lines)))
    assert responder.caller is not None, "the local address is known"
    verdict = verdicts.get((end.router, end.interface, str(end.peer)))
    accepted = verdict.responder_interface if verdict is not None else None
    keyed = [other for other in same if _key(fleet, other) == _key(fleet, end)]
    far = next((other for other in keyed or same if other.interface == accepted), (keyed or same)[0])
    return Link(end, far, place, place_of(there, far), responder.caller)


def _key(fleet: Fleet, end: Endpoint) -> int | None:
    """The tunnel key, which tells tunnels between the same addresses apart."""
    if end.kind != "tunnel":
        return None
    tunnel = fleet.rules(end.router).addresses.interfaces[end.interface].tunnel
    return tunnel.key if tunnel is not None else None


def _sharing(fleet: Fleet, places: Iterable[Place]) -> Iterator[tuple[Place, Place]]:
    """Tunnels that share a source interface and its IPsec profile: all of them change, or none (END-SHARED)."""
    first: dict[tuple[str, str | None, str | None], Place] = {}
    for place in places:
        if place.kind != "tunnel":
            continue
        tunnel = interface_at(fleet.router(place.router), place).tunnel
        if tunnel is not None and tunnel.protection is not None and tunnel.protection.shared:
            yield first.setdefault((place.router, tunnel.source_interface, tunnel.vrf), place), place


def refusal(fleet: Fleet, place: Place, reason: str, *lines: int) -> Refusal:
    """A refusal for one place."""
    evidence = fleet.router(place.router).evidence(*lines)
    return Refusal(router=place.router, subject=place.label, reason=reason, evidence=evidence)
