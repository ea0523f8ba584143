"""The objects and the switches as steps: additive on every router first, then tunnel by tunnel, far end first (PLAN-IKEV2)."""

from collections.abc import Callable, Iterable, Mapping
from ipaddress import IPv4Address

import msgspec

from ikeaudit.exchange import Exchange
from ikeaudit.fleet import Fleet
from ikeaudit.ios.writing import command, no
from ikeaudit.model import Evidence, Prefix, Router
from ikeaudit.model.grouping import by_key
from ikeaudit.remediation.plan import Announcement, Direction
from ikeaudit.remediation.strategies.contract import Draft, Request
from ikeaudit.remediation.strategies.ikev2.abilities import obstacles
from ikeaudit.remediation.strategies.ikev2.choices import Suite
from ikeaudit.remediation.strategies.ikev2.links import Unit
from ikeaudit.remediation.strategies.ikev2.objects import Binding, PeerBlock, RouterPlan, Shelf
from ikeaudit.remediation.strategies.ikev2.places import Place, bare, entry_at, interface_at

FOLDER = "strategies/ikev2"

STEP_SECONDS = 15
"""How long it takes to send one step, at most."""
WAVE_BY_WAVE = 10_000
"""Tunnels of one router up to which each wave creates only what it switches; beyond, the first wave creates everything.

After a line of IKEv2 the proof replays the tunnels that it can concern, so that objects made wave by wave cost it about as much
as all at once. What grows is the plan: each wave has steps of its own for what its tunnels share.
"""
NEGOTIATION_SECONDS = 30
"""How long a new negotiation takes once both ends are switched, at most."""


class Objects(msgspec.Struct, frozen=True):
    """The objects of one router and how to write them; ``switched`` are the places in use that will be bound to them."""

    router: Router
    plan: RouterPlan
    suite: Suite
    request: Request
    switched: frozenset[Place]


class _Shares:
    """What one additive step makes, by labels of places. What no switch waits for, a second cloud, comes with the first."""

    def __init__(self, objects: Objects, shelf: Shelf, write: Callable[[Objects, bool], Draft | None]) -> None:
        self._objects, self._shelf, self._write = objects, shelf, write
        self._beside = frozenset(objects.plan.bindings) - objects.switched

    def named(self, wanted: frozenset[str]) -> frozenset[object]:
        """See :class:`ikeaudit.remediation.strategies.contract.Shares`."""
        return self._shelf.named(self._places(wanted))

    def of(self, wanted: frozenset[str], made: frozenset[object]) -> Draft | None:
        """See :class:`ikeaudit.remediation.strategies.contract.Shares`."""
        places = self._places(wanted)
        new = self._shelf.named(places) - made
        plan = self._shelf.share(places, new)
        return self._write(msgspec.structs.replace(self._objects, plan=plan), not made)

    def _places(self, labels: frozenset[str]) -> list[Place]:
        places = [self._shelf.places[label] for label in sorted(labels) if label in self._shelf.places]
        return [*places, *sorted(self._beside.difference(places))] if places else []


def additive(objects: Objects) -> list[Draft]:
    """The steps that create what nothing uses yet."""
    shelf = Shelf(objects.plan)
    found = [(write, write(objects, True)) for write in (_create_ikev2, _create_ipsec)]
    drafts = [(write, draft) for write, draft in found if draft is not None]
    if len(objects.switched) <= WAVE_BY_WAVE:
        return [msgspec.structs.replace(draft, shares=_Shares(objects, shelf, write)) for write, draft in drafts]
    why = Announcement(
        text=f"All new objects of {objects.router.name} are created in the first wave that it has a part in, because "
        f"{len(objects.switched)} of its tunnels are switched: for more than {WAVE_BY_WAVE} that is not divided by waves."
    )
    return [
        msgspec.structs.replace(draft, announce=draft.announce if n else (*draft.announce, why))
        for n, (_, draft) in enumerate(drafts)
    ]


def _create_ikev2(objects: Objects, first: bool) -> Draft | None:
    router, plan, suite = objects.router, objects.plan, objects.suite
    if not (plan.proposal or plan.policies or plan.extended or plan.profiles):
        return None
    labels = [b.label for ring in plan.keyrings for b in ring.blocks] or [p.name for p in plan.profiles]
    values = _ikev2_values(plan, suite)
    return Draft(
        router=router.name,
        phase="additive",
        title=f"Create the IKEv2 objects for {', '.join(dict.fromkeys(labels))}; nothing uses them yet"
        if plan.profiles
        else "Create the IKEv2 proposal and policy; nothing uses them yet",
        apply=objects.request.templates.render(f"{FOLDER}/create-ikev2.j2", **values),
        rollback=objects.request.templates.render(f"{FOLDER}/remove-ikev2.j2", **values),
        announce=tuple(Announcement(text=f"{o.text}.") for o in obstacles(router, suite) if o.remark) if first else (),
        evidence=_evidence(objects),
    )


def _create_ipsec(objects: Objects, first: bool) -> Draft | None:
    plan, suite = objects.plan, objects.suite
    if not (plan.transform_sets or plan.ipsec_profiles):
        return None
    values: dict[str, object] = {
        "transform_sets": [
            {"name": t.name, "mode": t.mode, "transforms": " ".join(suite.transforms)} for t in plan.transform_sets
        ],
        "ipsec_profiles": [msgspec.structs.asdict(p) | {"pfs": suite.pfs} for p in plan.ipsec_profiles],
    }
    names = ", ".join([t.name for t in plan.transform_sets] + [p.name for p in plan.ipsec_profiles])
    return Draft(
        router=objects.router.name,
        phase="additive",
        title=f"Create {names}; nothing uses {'it' if ',' not in names else 'them'} yet",
        apply=objects.request.templates.render(f"{FOLDER}/create-ipsec.j2", **values),
        rollback=objects.request.templates.render(f"{FOLDER}/remove-ipsec.j2", **values),
        evidence=_evidence(objects),
    )


def _evidence(objects: Objects) -> tuple[Evidence, ...]:
    lines = [line for place in objects.plan.bindings for line in _place_lines(objects.router, place)]
    return objects.router.evidence(*lines)


def _ikev2_values(plan: RouterPlan, suite: Suite) -> dict[str, object]:
    proposal = {
        "name": plan.proposal_name,
        "encryption": " ".join(suite.encryption),
        "integrity": " ".join(suite.integrity),
        "prf": " ".join(suite.prf),
        "group": " ".join(suite.groups),
    }
    policies = [{"name": p.name, "fvrf": p.fvrf, "proposal": plan.proposal_name, "new": True} for p in plan.policies]
    policies += [{"name": n, "fvrf": None, "proposal": plan.proposal_name, "new": False} for n in plan.extended]
    return {
        "proposal": proposal if plan.proposal else None,
        "policies": policies,
        "keyrings": [
            {
                "name": keyring.name,
                "new": keyring.new,
                "peers": [
                    {"label": b.label, "address": block_address(b.prefix), "lines": _key_lines(b)}
                    for b in keyring.blocks
                ],
            }
            for keyring in plan.keyrings
        ],
        "profiles": [
            msgspec.structs.asdict(profile) | {"identities": [matched_address(i) for i in profile.identities]}
            for profile in plan.profiles
        ],
    }


_KEY = "ikev2-peer/pre-shared-key"


def _key_lines(block: PeerBlock) -> list[str]:
    if block.tokens.symmetric:
        return [command(_KEY, block.tokens.local)]
    return [command(_KEY, "local", block.tokens.local), command(_KEY, "remote", block.tokens.remote)]


def block_address(prefix: Prefix) -> str:
    """The operand of ``address`` in a peer block: a host without a mask (IKEV2-OBJECTS)."""
    if prefix.version == 6:
        return f"{prefix.address}/{prefix.length}"
    return str(prefix.address) if prefix.is_host else f"{prefix.address} {IPv4Address(prefix.mask)}"


def matched_address(prefix: Prefix) -> str:
    """The operand of ``match identity remote address``."""
    if prefix.version == 6:
        return f"{prefix.address}/{prefix.length}"
    return f"{prefix.address} {IPv4Address(prefix.mask)}"


class Known:
    """A fleet with its directions, found by the ends that start them; those of tunnels, and those between DMVPN spokes.

    ``place`` has the routers of a request by their places in its order.
    """

    def __init__(self, fleet: Fleet, request: Request) -> None:
        self.fleet = fleet
        self.place = {name: place for place, name in enumerate(request.order)}
        self._tunnels, self._spokes = (
            by_key(((e.initiator, e.initiator_interface), (place, e)) for place, e in enumerate(exchanges))
            for exchanges in (fleet.exchanges, fleet.spoke_exchanges)
        )

    def started(self, ends: Iterable[tuple[str, str]], *, spokes: bool = False) -> list[Exchange]:
        """What ``ends``, routers with their interfaces, start, in the order of the fleet."""
        known = self._spokes if spokes else self._tunnels
        found = dict(one for end in dict.fromkeys(ends) for one in known.get(end, ()))
        return [found[place] for place in sorted(found)]


def switches(known: Known, unit: Unit, plans: Mapping[str, RouterPlan], suite: Suite, request: Request) -> list[Draft]:
    """The steps that switch the places of one unit, router by router in the order of the request."""
    order = sorted(unit.routers, key=known.place.__getitem__)
    return [_switch(known, unit, order, place, plans[order[place]], suite, request) for place in range(len(order))]


def _switch(
    known: Known, unit: Unit, order: list[str], place: int, plan: RouterPlan, suite: Suite, request: Request
) -> Draft:
    router = known.fleet.router(plan.router)
    places = unit.places_on(plan.router)
    render = request.templates.render
    changes = [_lines(router, plan.bindings[where], suite) for where in places]
    labels = ", ".join(where.label for where in places)
    return Draft(
        router=plan.router,
        phase="switch",
        title=f"Switch {labels} to IKEv2",
        apply=render(f"{FOLDER}/switch.j2", places=[{"header": h, "lines": new} for h, new, _ in changes]),
        rollback=render(f"{FOLDER}/switch.j2", places=[{"header": h, "lines": old} for h, _, old in reversed(changes)]),
        announce=_announcements(known, unit, order, place),
        evidence=router.evidence(*(line for where in places for line in _place_lines(router, where))),
        needs=frozenset(where.label for where in places),
    )


def _lines(router: Router, binding: Binding, suite: Suite) -> tuple[str, list[str], list[str]]:
    """The header of a place, the lines that switch it, and those that switch it back."""
    if binding.place.kind == "tunnel":
        interface = interface_at(router, binding.place)
        assert interface.tunnel is not None and interface.tunnel.protection is not None
        protection = interface.tunnel.protection
        shared = "shared" if protection.shared else None
        new = command("interface/tunnel-protection", binding.ipsec_profile, shared)
        return bare(router.text(interface.line)), [new], [bare(router.text(protection.line))]
    _, entry = entry_at(router, binding.place)
    header = bare(router.text(entry.line))
    switched: list[str] = []
    isakmp, ikev2, sets, pfs = (
        f"crypto-map/set-{what}" for what in ("isakmp-profile", "ikev2-profile", "transform-set", "pfs")
    )
    old = [no(ikev2, binding.profile)]
    if entry.isakmp_profile is not None:
        switched.append(no(isakmp, entry.isakmp_profile.name))
        old.append(command(isakmp, entry.isakmp_profile.name))
    switched += [command(ikev2, binding.profile), command(sets, binding.transform_set)]
    names = [n.name for n in entry.transform_sets]
    old.append(command(sets, *names) if names else no(sets, binding.transform_set))
    if suite.pfs is not None:
        switched.append(command(pfs, suite.pfs))
        old.append(command(pfs, entry.pfs) if entry.pfs is not None else no(pfs, suite.pfs))
    elif entry.pfs is not None:
        switched.append(no(pfs, entry.pfs))
        old.append(command(pfs, entry.pfs))
    return header, switched, old


def _place_lines(router: Router, place: Place) -> list[int]:
    if place.kind == "tunnel":
        interface = interface_at(router, place)
        assert interface.tunnel is not None and interface.tunnel.protection is not None
        return [interface.line, interface.tunnel.protection.line]
    _, entry = entry_at(router, place)
    return [entry.line, *(n.line for n in (entry.isakmp_profile, *entry.transform_sets) if n is not None)]


def _announcements(known: Known, unit: Unit, order: list[str], at: int) -> tuple[Announcement, ...]:
    """What a switch interrupts: tunnels to routers of the unit that follow, until they follow; the others only briefly."""
    name = order[at]
    later: dict[int, list[Direction]] = {}
    for direction in directions(known, unit):
        if name in (direction.initiator, direction.responder):
            other = direction.responder if direction.initiator == name else direction.initiator
            assert other is not None
            later.setdefault(max(order.index(other) - at, 0), []).append(direction)
    maps = all(place.kind != "tunnel" for place in unit.places_on(name))
    found = [_announcement(name, order[at + wait], wait, named, maps=maps) for wait, named in sorted(later.items())]
    if any(link.far.router == name and link.far.accepts_any for link in unit.links):
        text = "Callers whose configuration is not here are not moved: they cannot connect from here on."
        found.append(Announcement(text=text))
    return tuple(found)


def _announcement(name: str, other: str, wait: int, found: Iterable[Direction], *, maps: bool) -> Announcement:
    """Changing a tunnel's protection ends its SAs; those of a crypto map go on until they are cleared (CHANGE-TEARDOWN)."""
    named = tuple(found)
    if wait == 0:
        text = "SAs by IKEv1 that are still there are cleared" if maps else "The old tunnel goes down with the switch"
        return Announcement(
            text=f"{text}, and both ends negotiate anew by IKEv2.", seconds=NEGOTIATION_SECONDS, directions=named
        )
    state = "nothing new comes up between them" if maps else "the tunnel is down"
    return Announcement(
        text=f"{name} speaks IKEv2 from here on and {other} still IKEv1: {state} until {other} is switched too.",
        seconds=wait * STEP_SECONDS + NEGOTIATION_SECONDS,
        directions=named,
        until=wait,
    )


def directions(known: Known, unit: Unit) -> tuple[Direction, ...]:
    """The directions between the places of ``unit`` that can be started; those between DMVPN spokes where they may come up."""
    ends = {(link.near.router, link.near.interface, str(link.near.peer)) for link in unit.links}
    places = {(end.router, end.interface) for end in unit.ends}
    routers = {router for router, _ in places}
    return tuple(
        Direction.of(exchange)
        for exchange in known.started((router, interface) for router, interface, _ in ends)
        if (exchange.initiator, exchange.initiator_interface, exchange.peer) in ends and exchange.responder is not None
    ) + tuple(
        Direction.of(exchange)
        for exchange in known.started(places, spokes=True)
        if exchange.responder in routers
        and any(outcome in ("up", "unknown") for outcome in (exchange.outcome, *(r.outcome for r in exchange.readings)))
    )
