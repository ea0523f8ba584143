"""What must not be moved, seen before anything is designed (PLAN-IKEV2, PLAN-REFUSED), and the end state, replayed.

What is moved comes up by IKEv2, from every end that can start it; that is seen before anything is proposed.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TypeAlias

from ikeaudit.candidate import Candidate, ConfigSession
from ikeaudit.exchange import Exchange
from ikeaudit.fleet import Fleet
from ikeaudit.model import Evidence, Router, parse_address
from ikeaudit.remediation.changing_router import read_as
from ikeaudit.remediation.plan import Direction, Refusal
from ikeaudit.remediation.scene import key_of
from ikeaudit.remediation.strategies.contract import Draft, command_lines
from ikeaudit.remediation.strategies.ikev2.abilities import Obstacle
from ikeaudit.remediation.strategies.ikev2.links import Link, Unit, refusal
from ikeaudit.remediation.strategies.ikev2.places import Place, entry_at, interface_at, ipsec_profile_at
from ikeaudit.selection import Endpoint, Identity, RouterRules

Against: TypeAlias = Callable[[str], tuple[Obstacle, ...]]


def problems(fleet: Fleet, unit: Unit, allowed: Collection[str], against: Against) -> tuple[Refusal, ...]:
    """Why ``unit`` is left as it is, but for its keys; empty when nothing speaks against it.

    ``against`` gives what speaks against the suite on a router.
    """
    found = list(unit.problems)
    outside = [name for name in unit.routers if name not in allowed]
    if outside:
        mine = next(place for place in unit.places if place.router in allowed)
        lines = [line for end in unit.ends if end.router == mine.router for line in end.lines]
        reason = (
            f"{' and '.join(outside)} {'is' if len(outside) == 1 else 'are'} not changed by this plan, and all ends of a "
            "tunnel change together."
        )
        return (refusal(fleet, mine, reason, *lines),)
    for name in unit.routers:
        found += _unable(fleet.router(name), unit, against(name))
    for place in unit.places:
        found += _place(fleet, unit, place)
    found += _strangers(fleet, unit)
    return tuple({(r.router, r.subject, r.reason): r for r in found}.values())


def _unable(router: Router, unit: Unit, against: Iterable[Obstacle]) -> Iterator[Refusal]:
    where = ", ".join(place.label for place in unit.places_on(router.name))
    lines = [line for end in unit.ends if end.router == router.name for line in end.lines[:1]]
    for obstacle in against:
        if not obstacle.remark:
            evidence = router.evidence(*lines)
            yield Refusal(router=router.name, subject=where, reason=f"{obstacle.text}.", evidence=evidence)


def _place(fleet: Fleet, unit: Unit, place: Place) -> Iterator[Refusal]:
    rules = fleet.rules(place.router)
    ends = [end for end in unit.ends if end.router == place.router and _at(rules.router, end, place)]
    unread = _unread(rules.router, place, ends)
    if unread:
        reason = "A line that is not understood stands in its way, so what the change would do cannot be told."
        yield refusal(fleet, place, reason, *unread)
    if place.kind == "tunnel":
        interface = interface_at(rules.router, place)
        if interface.virtual_template_type is not None or place.name.startswith("Virtual-Template"):
            yield refusal(fleet, place, "It is a template for dynamic tunnels, which are not moved.", interface.line)
    else:
        yield from _map(fleet, place)
    for end in ends:
        yield from _remote_access(fleet, rules, place, end)


def _at(router: Router, end: Endpoint, place: Place) -> bool:
    if place.kind == "tunnel":
        return end.kind == "tunnel" and end.interface == place.name
    return end.kind == "crypto-map" and entry_at(router, place)[1].line in end.lines


def _map(fleet: Fleet, place: Place) -> Iterator[Refusal]:
    router = fleet.router(place.router)
    own, entry = entry_at(router, place)
    # The map that stands on the interface carries the attributes, also those of the clients of a dynamic map.
    carriers = [own]
    if place.kind == "dynamic-map":
        carriers = [m for m in router.crypto_maps if any(e.reference == place.name for e in m.entries)]
    for crypto_map in carriers:
        if crypto_map.isakmp_profile is not None:
            reason = (
                f"The whole crypto map {crypto_map.name} is bound to profile {crypto_map.isakmp_profile.name}, and an entry "
                "with an IKEv2 profile cannot be had beside that; bind its entries one by one first."
            )
            yield refusal(fleet, place, reason, crypto_map.isakmp_profile.line, entry.line)
        clients = (crypto_map.client_authentication, crypto_map.authorization)
        lines = [line.line for line in clients if line is not None]
        if place.kind == "dynamic-map" and (lines or crypto_map.client_configuration_address):
            yield refusal(fleet, place, "It serves remote-access clients, which are not moved.", entry.line, *lines)


def _remote_access(fleet: Fleet, rules: RouterRules, place: Place, end: Endpoint) -> Iterator[Refusal]:
    """XAUTH, client configuration and virtual templates have no counterpart that a plan could choose."""
    if end.isakmp_profile is not None:
        profiles = [rules.profiles[end.isakmp_profile]] if end.isakmp_profile in rules.profiles else []
    elif end.peer is not None:
        profiles = [p.profile for p in rules.profiles_for(Identity("address", end.peer), end.local).best]
    else:
        profiles = []
    for profile in profiles:
        uses = {
            "client authentication": profile.client_authentication,
            "authorization": profile.authorization,
            "client configuration": profile.client_configuration_group or profile.client_configuration_address,
            "a virtual template": profile.virtual_template,
        }
        named = [words for words, value in uses.items() if value is not None]
        if named:
            reason = f"Its profile {profile.name} has {' and '.join(named)}: remote access is not moved."
            yield refusal(fleet, place, reason, profile.line, *end.lines)


def _unread(router: Router, place: Place, ends: list[Endpoint]) -> list[int]:
    """Lines not understood that the change would touch, copy, or depend on."""
    profile = ipsec_profile_at(router, place)
    named = {("interface", place.name), ("crypto-map", f"{place.name} {place.sequence}")}
    named |= {("dynamic-map", f"{place.name} {place.sequence}"), ("ipsec-profile", profile.name if profile else "")}
    named |= {("interface", end.local.interface or "") for end in ends}
    named |= {("acl", end.acl or "") for end in ends}
    return [
        line.line
        for line in router.unknown
        if line.kind == "global" or line.kind.startswith("ikev2-") or (line.kind, line.name) in named
    ]


def _strangers(fleet: Fleet, unit: Unit) -> Iterator[Refusal]:
    """Peers that show commands saw at a multipoint end, and whose configuration is not here."""
    known = {(place, link.caller) for link in unit.links for place in (link.far_place,)}
    known |= {(link.near_place, link.near.peer) for link in unit.links if link.near.peer is not None}
    for place in unit.places:
        if place.kind != "tunnel":
            continue
        router = fleet.router(place.router)
        seen = {str(parse_address(p.nbma)) for p in router.shows.dmvpn_peers or () if p.interface == place.name}
        seen |= {
            str(session.peer)
            for session in router.shows.sessions or ()
            if session.interface == place.name and session.peer is not None and session.status.startswith("UP")
        }
        here = {str(address) for where, address in known if where == place} | {"None"}
        missing = sorted(seen - here)
        if missing:
            reason = (
                f"{', '.join(missing)} {'was' if len(missing) == 1 else 'were'} connected when the router was read, and the "
                "configuration is not here; all ends of a tunnel change together."
            )
            interface = interface_at(router, place)
            yield refusal(fleet, place, reason, interface.line)


def after(fleet: Fleet, drafts: Sequence[Draft]) -> dict[str, Router]:
    """The routers that ``drafts`` change, as they are afterwards; a line that is refused is left to the proof."""
    sent: dict[str, tuple[Candidate, ConfigSession]] = {}
    for draft in drafts:
        if draft.router not in sent:
            candidate = Candidate.from_text("\n".join(fleet.router(draft.router).lines) + "\n", redacted=True)
            sent[draft.router] = candidate, candidate.session()
        for line in command_lines(draft.apply):
            sent[draft.router][1].send(line)
    return {name: read_as(fleet.router(name), candidate.text()) for name, (candidate, _) in sent.items()}


def failures(fleet: Fleet, then: Fleet, units: Sequence[Unit]) -> dict[Place, Refusal]:
    """The units of which a direction would not be up, or not by IKEv2, by their first place, with the reason.

    ``then`` is the fleet after the change.
    """
    verdicts = {key_of(exchange): exchange for exchange in then.exchanges}
    now = {key_of(exchange): exchange for exchange in fleet.exchanges}
    found = {}
    for unit in units:
        for link in unit.links:
            key = (link.near.router, link.near.interface, str(link.near.peer))
            exchange = verdicts.get(key)
            before = now.get(key)
            if exchange is not None and exchange.ike_version == 2 and _good(exchange, before):
                continue
            found[unit.places[0]] = _refusal(fleet, link, exchange, before)
            break
    return found


def _good(exchange: Exchange, before: Exchange | None) -> bool:
    if before is not None and before.outcome == "not-initiated":
        return exchange.holds or exchange.outcome == "not-initiated"
    return exchange.holds


def _refusal(fleet: Fleet, link: Link, exchange: Exchange | None, before: Exchange | None) -> Refusal:
    router = fleet.router(link.near.router)
    if exchange is None:
        reason = "After the move the tunnel would not be found any more."
    else:
        why = f" ({exchange.reason})" if exchange.reason else ""
        now = "still come up by IKEv1" if exchange.holds else f"be {exchange.outcome}{why}, not up by IKEv2"
        if exchange.lost_at is not None:
            now = f"come up and be lost again at the first {exchange.lost_at}"
        reason = f"After the move {Direction.of(exchange)} would {now}."
    evidence = _as_it_stands(fleet, exchange) or (before.evidence if before is not None else ())
    evidence = evidence or router.evidence(*link.near.lines)
    return Refusal(router=router.name, subject=link.near_place.label, reason=reason, evidence=evidence)


def _as_it_stands(fleet: Fleet, exchange: Exchange | None) -> tuple[Evidence, ...]:
    """The lines behind a verdict on the changed configurations that stand in today's as well."""
    found: list[Evidence] = []
    for cited in exchange.evidence if exchange is not None else ():
        router = fleet.router(cited.host)
        numbers = [n for n, text in enumerate(router.lines, router.first_line) if text.strip() == cited.text]
        found += router.evidence(*numbers[:1])
    return tuple(found)
