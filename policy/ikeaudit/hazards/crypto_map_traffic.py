"""Crypto maps whose traffic never comes to them (NAT-BEFORE-MAP, ACL-BACKWARDS, ACL-NETMASK), or that stand nowhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from ipaddress import IPv4Address

import msgspec

from ikeaudit.exchange import Exchange
from ikeaudit.hazards.context import AuditContext
from ikeaudit.hazards.facts.near import names_meant
from ikeaudit.hazards.facts.phrases import listing, verb
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.finding import Finding, Hazard, catalogued, for_each_router
from ikeaudit.model import NamedLine, Prefix, Router
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import Endpoint
from ikeaudit.selection.proxies import Proxy
from ikeaudit.selection.traffic import Fate


class _Taken(msgspec.Struct, frozen=True):
    """A line of an end's crypto access list whose traffic does not come to the crypto map, all of it or in part."""

    end: Endpoint
    proxy: Proxy
    fate: Fate


def _taken(facts: RouterFacts, *kinds: str) -> list[_Taken]:
    """The lines whose traffic meets one of the fates ``kinds``."""
    found = []
    for end in facts.ends:
        for proxy in facts.rules.proxies(end).entries if end.kind == "crypto-map" else ():
            fate = facts.rules.traffic.fate(end, proxy)
            if fate.kind in kinds:
                found.append(_Taken(end, proxy, fate))
    return found


def _whole(facts: RouterFacts, taken: Iterable[_Taken]) -> bool:
    """Whether one of the ends has no line left."""
    gone: dict[Endpoint, int] = {}
    for one in taken:
        if one.fate.kind != "part":
            gone[one.end] = gone.get(one.end, 0) + 1
    return any(len(facts.rules.proxies(end).entries) == count for end, count in gone.items())


def _finding(
    hazard: Hazard, context: AuditContext, facts: RouterFacts, taken: list[_Taken], message: str, fix: str
) -> Finding:
    """The finding for lines of one router."""
    whole = _whole(facts, taken)
    return hazard.finding(
        hosts=[facts.name, *_far(context, facts.name, {one.end.interface for one in taken})],
        peers=dict.fromkeys(str(one.end.peer) for one in taken if one.end.peer is not None),
        severity=hazard.severity if whole else "medium",
        message=message,
        fix=fix,
        cause=[facts.name],
        parts=[(facts.name, one.end.interface, str(one.end.peer or "")) for one in taken],
        evidence=facts.router.evidence(*(line for one in taken for line in (*one.fate.lines, *one.end.lines))),
    )


def _far(context: AuditContext, name: str, interfaces: set[str]) -> list[str]:
    """The routers at the far ends of some ends of a router."""
    return sorted({far for e in context.exchanges_at(name) if (far := _other(e, name, interfaces)) is not None})


def _other(exchange: Exchange, name: str, interfaces: set[str]) -> str | None:
    if exchange.initiator == name and exchange.initiator_interface in interfaces:
        return exchange.responder
    here = exchange.responder == name and exchange.responder_interface in interfaces
    return exchange.initiator if here else None


def _line(action: str, proxy: Proxy) -> str:
    """A line of an access list, as IOS prints it; ``ip`` for IPv6 too."""
    return f"'{action} {proxy.protocol} {_operand(proxy.source)} {_operand(proxy.destination)}'"


def _operand(prefix: Prefix) -> str:
    if prefix.version == 6:
        return str(prefix)
    if prefix.is_host:
        return f"host {prefix.address}"
    return f"{prefix.network.address} {IPv4Address(~prefix.mask & 0xFFFFFFFF)}" if prefix.mask else "any"


def _lists(taken: list[_Taken]) -> str:
    return listing(dict.fromkeys(f"{one.end.acl}" for one in taken))


@catalogued(
    code="CM-NAT",
    title="Address translation takes traffic that a crypto map is to protect",
    category="connectivity",
    breaks=("traffic-translated",),
    severity="critical",
    what=(
        "'ip nat inside source' translates traffic of a crypto access list on its way out of the interface of the crypto "
        "map. Medium where it is only a part of it. A list for the translated addresses is right, and silent."
    ),
    why=(
        "From inside to outside the translation comes before the crypto map. Translated traffic does not fit the access "
        "list: no negotiation starts, and where the other end starts one, the answers leave in clear."
    ),
    symptom="100% loss; no line of IKE, or 'encaps: 0'; 'show ip nat translations' holds the VPN's own traffic.",
    fix="If the traffic is meant for the tunnel, deny it in the list of the translation, before the line that permits it.",
    source="NAT-BEFORE-MAP",
    absent_from=("acl",),
)
def cm_nat(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router."""
    lost = {e.responder: e for e in context.exchanges if e.lost_at == "replies"}
    for facts in context.routers:
        taken = _taken(facts, "translated", "part")
        if taken:
            rules = dict.fromkeys(f"'{facts.router.text(one.fate.lines[1])}'" for one in taken)
            part = "" if _whole(facts, taken) else "part of "
            yield _finding(
                cm_nat,
                context,
                facts,
                taken,
                f"{facts.name} translates {part}the traffic of {_lists(taken)} before the crypto map sees it: "
                f"{listing(rules)}.",
                f"{_exemption(facts, taken)}.",
            )
        elif facts.name in lost:
            answers = [
                e for e in context.exchanges_at(facts.name) if e.responder == facts.name and e.lost_at == "replies"
            ]
            known, callers = {rule.line for rule in facts.router.nat_rules}, sorted({e.initiator for e in answers})
            shown = [line for e in answers for line in e.evidence if line.host == facts.name and line.line in known]
            if not shown:
                continue  # not translated, but missed: CM-ACL-BACKWARDS, CM-ACL-ORDER
            yield cm_nat.finding(
                hosts=[facts.name, *callers],
                peers=dict.fromkeys(e.peer for e in answers),
                message=(
                    f"{facts.name} translates what it answers {listing(callers)}: "
                    f"{listing(dict.fromkeys(f'{line.text!r}' for line in shown))}."
                ),
                cause=[facts.name],
                parts=[(facts.name, str(e.responder_interface), e.initiator) for e in answers],
                evidence=[line for e in answers for line in e.evidence],
            )


def _exemption(facts: RouterFacts, taken: list[_Taken]) -> str:
    """How to keep the traffic from being translated."""
    rules = {rule.line: rule for rule in facts.router.nat_rules}
    static = [rule for one in taken if (rule := rules[one.fate.lines[1]]).local is not None and rule.route_map is None]
    if len(static) == len(taken):
        return (
            "A static translation lets no traffic out but by 'route-map' behind it, which takes one host at a time; where "
            "more is meant for the tunnel, write both crypto access lists for the translated addresses"
        )
    exempt = listing(dict.fromkeys(_line("deny", one.proxy) for one in taken), 4)
    lines = {line for one in taken for line in one.fate.lines if line != one.proxy.line}
    standard = [a.name for a in facts.router.acls if not a.extended and lines & {entry.line for entry in a.entries}]
    if standard:
        return (
            "If it is meant for the tunnel, exempt the traffic. A standard list knows no destination: translate by an extended "
            f"one instead of {listing(standard)}, with {exempt} at its head"
        )
    return f"If it is meant for the tunnel, exempt the traffic: {exempt} at the head of every list that translates it"


@catalogued(
    code="CM-ACL-BACKWARDS",
    title="A crypto access list is written backwards",
    category="connectivity",
    breaks=("traffic-not-matched", "proxy-mismatch"),
    explains=("PW-PROXY",),
    severity="critical",
    what=(
        "The destination of a crypto access list's line lies in networks that are connected to this router behind other "
        "interfaces, and its source in none on this side. Medium where other lines are left."
    ),
    why="Seen from this router no packet fits the line, so that no negotiation starts; the mirror image belongs here.",
    symptom="No line of IKE at all, or 'proxy identities not supported' when the other end calls.",
    fix="Exchange source and destination, if the line is meant for what is behind this router.",
    source="ACL-BACKWARDS",
    absent_from=(),
)
def cm_acl_backwards(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router."""
    for facts in context.routers:
        if taken := _taken(facts, "backwards"):
            mirrored = dict.fromkeys(
                _line("permit", msgspec.structs.replace(p, source=p.destination, destination=p.source))
                for p in (one.proxy for one in taken)
            )
            yield _finding(
                cm_acl_backwards,
                context,
                facts,
                taken,
                f"{_lists(taken)} of {facts.name} {verb(dict.fromkeys(o.end.acl for o in taken), 'has', 'have')} source and "
                f"destination the wrong way round: {listing(dict.fromkeys(_line('permit', o.proxy) for o in taken), 3)} "
                "leads to a network on this side.",
                f"If it is meant for what is behind this router, write it from this side: {listing(mirrored, 4)}.",
            )


@catalogued(
    code="CM-ACL-ORDER",
    title="A line or entry before takes the traffic of a crypto access list",
    category="connectivity",
    breaks=("traffic-not-matched", "proxy-mismatch"),
    severity="critical",
    what=(
        "All traffic of a crypto access list's line is denied by lines before it, or named by the list of an entry of the "
        "crypto map for other peers with a lower number. Medium where other lines are left."
    ),
    why="The first line and the first entry that fit decide: what is denied leaves in clear, the rest goes to other peers.",
    symptom="No line of IKE for this peer, or IKE with another one.",
    fix=(
        "Put the more precise line or entry first, if its traffic is meant for it; where both are alike, name in each"
        " entry what is behind its own peers."
    ),
    source="MAP-FIRST-FIT",
    absent_from=(),
)
def cm_acl_order(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router and kind."""
    for facts in context.routers:
        for kind, words in (("denied", "lines before"), ("taken", "an entry before")):
            if taken := _taken(facts, kind):
                lines = dict.fromkeys(_line("permit", one.proxy) for one in taken)
                by = dict.fromkeys(f"'{facts.router.text(one.fate.lines[1])}'" for one in taken)
                told = _finding(
                    cm_acl_order,
                    context,
                    facts,
                    taken,
                    f"{listing(lines, 3)} of {_lists(taken)} on {facts.name} {verb(lines, 'gets', 'get')} no traffic: {words} "
                    f"{verb(lines, 'it', 'them')} {'take' if kind == 'denied' else 'takes'} it, {listing(by, 3)}.",
                    "If the traffic is meant for the tunnel, put a more precise permit before the deny; else the permit can go."
                    if kind == "denied"
                    else "Name in each entry what is behind its own peers; where an entry is meant for a part of another's "
                    "traffic, it needs the lower number.",
                )
                yield msgspec.structs.replace(
                    told, cause=(*told.cause, kind), confidence="certain" if kind == "denied" else "probable"
                )


@catalogued(
    code="CM-ACL-NETMASK",
    title="A netmask stands where a crypto access list wants a wildcard",
    category="connectivity",
    breaks=("traffic-not-matched", "proxy-mismatch"),
    explains=("PW-PROXY",),
    severity="critical",
    what=(
        "The wildcard of a crypto access list's line is a netmask (255.255.255.0). IOS clears what such a wildcard does not "
        "compare when it stores the line, which reads '0.0.0.0 255.255.255.0' from then on."
    ),
    why="The line matches addresses by their last bits only, whatever the network: no traffic fits it, nothing starts.",
    symptom="No line of IKE at all, or 'proxy identities not supported' when the other end calls.",
    fix="If a network is meant, write the line with a wildcard: 0.0.0.255 for a /24.",
    source="ACL-NETMASK",
    absent_from=(),
)
def cm_acl_netmask(context: AuditContext) -> Iterator[Finding]:
    """One finding for each router; how sure, its exchanges tell."""
    for facts in context.routers:
        if taken := _taken(facts, "netmask"):
            found = _finding(
                cm_acl_netmask,
                context,
                facts,
                taken,
                f"{_lists(taken)} of {facts.name} compares the last bits of addresses: "
                f"{listing(dict.fromkeys(_line('permit', one.proxy) for one in taken), 3)}.",
                cm_acl_netmask.fix,
            )
            yield msgspec.structs.replace(found, confidence="probable")


@catalogued(
    code="CM-NOT-APPLIED",
    title="A crypto map stands on no interface",
    category="connectivity",
    breaks=("map-not-applied", "peer-address-mismatch", "no-key-on-responder"),
    explains=("PW-PEERADDR", "PW-NOKEY-R", "PF-UNDEF-REF"),
    severity="critical",
    what=(
        "A crypto map with static entries is not applied to any interface, or only by a mistyped name. Low unless a router of "
        "the snapshot waits for one of its entries: it may be left over."
    ),
    why="It protects nothing, neither calls nor answers.",
    symptom="'show crypto map' lists no interface; no line of IKE.",
    fix="Apply the map to the interface that leads to its peers, if they are wanted.",
    source="END-PLACES",
    absent_from=("interface",),
)
def cm_not_applied(context: AuditContext) -> Iterator[Finding]:
    """One finding for each crypto map."""
    groups: dict[tuple[str, str], list[Endpoint]] = {}
    for end in context.fleet.unapplied:
        groups.setdefault((end.router, end.crypto_map or ""), []).append(end)
    unapplied = by_key(groups)
    for (host, name), ends in groups.items():
        waiting = {end: far for end in ends if (far := context.fleet.unapplied[end]) is not None}
        routers = sorted({far.router for far in waiting.values()})
        heard = f", and {listing(routers)} {verb(routers, 'waits', 'wait')} for it" if routers else ""
        router = context.router(host).router
        near = _mistyped(router, name, unapplied[host])
        instead = f" ({listing(n for n, _ in near)} has {near[0][1].name}, which is not defined)" if near else ""
        yield cm_not_applied.finding(
            hosts=[host, *routers],
            peers=dict.fromkeys(str(end.peer) for end in ends),
            severity="critical" if waiting else "low",
            message=f"Crypto map {name} of {host} stands on no interface{instead}{heard}.",
            fix=f"Correct the name on {near[0][0]}: {name} instead of {near[0][1].name}."
            if len(near) == 1
            else f"If its tunnels are wanted, 'crypto map {name}' on the interface that leads to its peers."
            if waiting
            else None,
            cause=[host, name],
            parts=[
                *((host, name, str(end.peer or "")) for end in ends),
                *((far.router, far.interface, str(far.peer or "")) for far in waiting.values()),
            ],
            evidence=router.evidence(*(line for end in ends for line in end.lines), *(named.line for _, named in near)),
        )


def _mistyped(router: Router, name: str, unapplied: Collection[str]) -> list[tuple[str, NamedLine]]:
    """The interfaces that name an undefined crypto map where this one is meant, each with that line."""
    defined = {crypto_map.name for crypto_map in router.crypto_maps}
    named = [(i.name, ref) for i in router.interfaces for ref in i.crypto_maps if ref.name not in defined]
    return [(interface, ref) for interface, ref in named if names_meant(ref.name, unapplied) == [name]]


@for_each_router(
    code="TP-NAT",
    title="Address translation takes what goes into a tunnel",
    category="connectivity",
    severity="medium",
    what=(
        "A protected tunnel interface is 'ip nat outside', and the lists of 'ip nat inside source' do not exempt traffic of "
        "inside networks into it. A tunnel without 'ip nat outside' is silent, whatever the lists."
    ),
    why="The tunnel is up, but what the far end sees are translated addresses, which its routes and filters are not made for.",
    symptom="'show ip nat translations' holds the VPN's own traffic; answers do not come back.",
    fix=(
        "If what the tunnel carries is not meant to be translated, take 'ip nat outside' off the tunnel, or deny the "
        "far networks in the list of the translation."
    ),
    source="NAT-BEFORE-MAP",
    absent_from=(),
)
def tp_nat(facts: RouterFacts) -> Iterator[Finding]:
    """One finding for each tunnel."""
    for end in {end.interface: end for end in facts.ends if end.kind == "tunnel"}.values():
        tunnel = facts.rules.addresses.interfaces[end.interface]
        fates = facts.rules.traffic.inside_of(tunnel) if tunnel.nat == "outside" else []
        taken = {str(network): fate for fate, network in fates if fate.kind == "translated"}
        if taken:
            yield tp_nat.finding(
                message=f"{facts.name} translates the traffic of {listing(taken)} into {tunnel.name}.",
                cause=[tunnel.name],
                parts=[(facts.name, tunnel.name, "")],
                evidence=facts.router.evidence(tunnel.line, *(line for fate in taken.values() for line in fate.lines)),
            )
