"""What a router's rules say after each line of a change, taken over from the version before: the same as made anew.

A proof asks them after every line, so that what is wrongly taken over is a wrong proof. One line is missing, or another, in
each version; line numbers stay, as they do in what a proof reads section by section.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec
import pytest
from parsed import router as parsed
from steps import steps

from ikeaudit.model import (
    HostMapping,
    IdentityMatch,
    Ikev2,
    Ikev2Identity,
    Ikev2Profile,
    IsakmpProfile,
    Key,
    Keyring,
    Prefix,
    Router,
    Secret,
    parse_address,
)
from ikeaudit.selection import Endpoint, Identity, LocalEnd, RouterRules, routing, traffic
from ikeaudit.selection import rules as rules_module
from ikeaudit.selection.filters import dropping
from ikeaudit.selection.ikev2 import Ikev2Rules

COMMON = """\
    hostname A
    ip domain name lab.example
    ip host hub.lab.example 198.51.100.9
    ip host FAR 198.51.100.1
    crypto keyring K1
      pre-shared-key address 198.51.100.0 255.255.255.0 key one
      pre-shared-key address 198.51.100.1 key two
    crypto keyring K2
      local-address Loopback0
      pre-shared-key hostname FAR key three
    crypto keyring K3 vrf RED
      pre-shared-key address 0.0.0.0 0.0.0.0 key four
    crypto isakmp policy 10
     encryption aes 256
     authentication pre-share
    crypto isakmp policy 20
     group 14
    crypto isakmp key five address 198.51.100.2
    crypto isakmp peer address 198.51.100.2
     set aggressive-mode password six
     set aggressive-mode client-endpoint fqdn a.lab.example
    crypto isakmp profile P1
       keyring K1
       match identity address 198.51.100.1 255.255.255.255
       match identity host domain lab.example
    crypto isakmp profile P2
       keyring K2
       match identity address 198.51.100.0 255.255.255.0
       match identity host hub.lab.example
    crypto ikev2 proposal PR
     encryption aes-cbc-256
    crypto ikev2 policy PO
     match address local 192.0.2.1
     proposal PR
    crypto ikev2 keyring IK
     peer FAR
      address 198.51.100.1
      pre-shared-key seven
     peer NAMED
      hostname far
      pre-shared-key eight
     peer ALL
      address 0.0.0.0 0.0.0.0
      identity fqdn hub.lab.example
      pre-shared-key nine
      ppk manual id 1 key ten
    crypto ikev2 profile I1
     match identity remote address 198.51.100.1 255.255.255.255
     identity local address 192.0.2.77
     authentication remote pre-share
     authentication local pre-share
     keyring local IK
    crypto ikev2 profile I2
     match identity remote fqdn domain lab.example
     match address local interface Loopback0
     identity local fqdn a.lab.example
     authentication remote pre-share
     authentication local pre-share
     keyring local IK
     virtual-template 1
    crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
    crypto ipsec transform-set OTHER esp-aes esp-sha-hmac
"""

TUNNELS = f"""{COMMON}\
    crypto ipsec profile IP
     set transform-set TS
     set isakmp-profile P1
    crypto ipsec profile V2
     set transform-set TS OTHER
     set ikev2-profile I1
    crypto ipsec profile PLAIN
     set transform-set OTHER
    interface Loopback0
     ip address 192.0.2.1 255.255.255.255
    interface Loopback1
     ip unnumbered Loopback3
    interface Loopback2
     ip address 192.0.2.3 255.255.255.255
    interface Loopback3
     ip address 192.0.2.4 255.255.255.255
    interface Loopback4
     shutdown
    interface Tunnel1
     ip address 10.0.1.1 255.255.255.252
     tunnel source Loopback0
     tunnel destination 198.51.100.1
     tunnel mode ipsec ipv4
     tunnel protection ipsec profile IP
    interface Tunnel2
     ip address 10.0.2.1 255.255.255.252
     ip nat outside
     tunnel source Loopback1
     tunnel destination 198.51.100.2
     tunnel protection ipsec profile V2
    interface Tunnel3
     ip address 10.0.3.1 255.255.255.0
     ip nhrp network-id 3
     ip nhrp map 10.0.3.8 198.51.100.8
     ip nhrp map 10.0.3.9 198.51.100.9
     tunnel source GigabitEthernet0/0
     tunnel mode gre multipoint
     tunnel protection ipsec profile PLAIN
    interface Tunnel4
     ip unnumbered Loopback0
     tunnel source 192.0.2.3
     tunnel destination hub.lab.example
     tunnel mode ipsec ipv4
     tunnel protection ipsec policy ipv4 VPN
     tunnel protection ipsec profile PLAIN
    interface GigabitEthernet0/0
     ip address 203.0.113.1 255.255.255.0
     ip access-group IN in
    interface GigabitEthernet0/1
     ip address 10.1.0.1 255.255.0.0
     ip nat inside
    interface Virtual-Template1 type tunnel
     ip unnumbered Loopback0
     tunnel source Loopback0
     tunnel mode ipsec ipv4
     tunnel protection ipsec profile PLAIN
    router ospf 1
     network 10.1.0.0 0.0.255.255 area 0
    ip nat inside source list NAT interface Tunnel2 overload
    ip access-list extended NAT
     deny ip 10.1.0.0 0.0.255.255 10.9.0.0 0.0.255.255
     permit ip 10.1.0.0 0.0.255.255 any
    ip access-list extended VPN
     permit ip 10.1.0.0 0.0.255.255 10.9.0.0 0.0.255.255
    ip access-list extended IN
     permit udp host 198.51.100.1 any eq isakmp
     deny udp any any eq isakmp
     permit ip any any
    ip route 198.51.100.1 255.255.255.255 Tunnel1
    ip route 10.9.0.0 255.255.0.0 Tunnel2
    ip route 198.51.100.2 255.255.255.255 Null0
    end
"""

MAPS = f"""{COMMON}\
    crypto dynamic-map DYN 10
     set transform-set OTHER
     set isakmp-profile P2
    crypto map CM 10 ipsec-isakmp
     set peer 198.51.100.1
     set transform-set TS
     set isakmp-profile P1
     match address VPN
     reverse-route
    crypto map CM 20 ipsec-isakmp
     set peer 198.51.100.2
     set transform-set OTHER
     match address MORE
    crypto map CM 30 ipsec-isakmp
     set peer hub.lab.example
     set transform-set TS
     set ikev2-profile I1
     match address LAST
    crypto map CM 40 ipsec-isakmp dynamic DYN
    crypto gdoi group GETVPN
     identity number 7
     server address ipv4 198.51.100.20
    crypto map GM isakmp-profile P1
    crypto map GM 10 gdoi
     set group GETVPN
    crypto map SPARE 10 ipsec-isakmp
     set peer 198.51.100.7
     set transform-set TS
     match address LAST
    interface Loopback0
     ip address 192.0.2.1 255.255.255.255
    interface GigabitEthernet0/0
     ip address 203.0.113.1 255.255.255.0
     ip nat outside
     crypto map CM
    interface GigabitEthernet0/1
     ip address 10.1.0.1 255.255.0.0
     ip nat inside
    interface GigabitEthernet0/2
     ip address 10.2.0.1 255.255.0.0
     ip ospf 1 area 0
     crypto map GM
    router bgp 65000
     neighbor 203.0.113.254 remote-as 65001
    ip nat inside source route-map RM interface GigabitEthernet0/0 overload
    route-map RM permit 10
     match ip address NAT
    ip access-list extended NAT
     deny ip 10.1.0.0 0.0.255.255 10.9.0.0 0.0.255.255
     permit ip 10.1.0.0 0.0.255.255 any
     permit ip 10.3.0.0 0.0.255.255 any
    ip access-list extended VPN
     permit ip 10.1.0.0 0.0.255.255 10.9.0.0 0.0.255.255
    ip access-list extended MORE
     deny ip 10.1.0.0 0.0.255.255 host 10.9.0.1
     permit ip 10.1.0.0 0.0.255.255 10.9.0.0 0.0.0.255
     permit ip 10.1.0.0 0.0.255.255 10.8.0.0 0.0.255.255
    ip access-list extended LAST
     permit ip 10.3.0.0 0.0.255.255 10.7.0.0 0.0.255.255
     permit ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255
    ip route 0.0.0.0 0.0.0.0 203.0.113.254
    ip route 10.7.0.0 255.255.0.0 10.2.0.254
    ip route 10.3.0.0 255.255.0.0 10.1.0.254
    ip route 198.51.100.7 255.255.255.255 Null0
    end
"""

ROUTERS = {"tunnels": parsed(TUNNELS), "maps": parsed(MAPS)}
PEERS = [parse_address(f"198.51.100.{last}") for last in (1, 2, 9)]
OTHERS = [parse_address(text) for text in ("10.1.0.9", "10.9.0.1", "198.51.100.7")]
IDENTITIES = [
    *(Identity("address", peer) for peer in (PEERS[0], PEERS[1], None)),
    *(Identity("fqdn", value=name) for name in ("hub.lab.example", "other")),
]
ENDS = [LocalEnd(parse_address("192.0.2.1"), "Loopback0"), LocalEnd(None, "GigabitEthernet0/1", "RED")]


def told(rules: RouterRules) -> dict[str, object]:
    """All that the rules say, whoever calls."""
    ends = (*rules.endpoints, *rules.unapplied, *rules.clients)
    ikev2 = rules.ikev2
    return {
        "ends": ends,
        "policies": (rules.policies, rules.trustpoints, rules.aggressive_peers, rules.aggressive_addresses),
        "names": (rules.keyrings, rules.profiles, rules.transform_sets, ikev2.profiles, rules.hostname_keys),
        "keys": [
            (rules.covering(peer), rules.blind_keys(end, peer), rules.keys_by_name_of(peer, end))
            for peer in PEERS
            for end in ENDS
        ],
        "profiles": [rules.profiles_for(identity, end) for identity in IDENTITIES for end in ENDS],
        "open": [rules.names_unresolved(end) for end in ENDS],
        "ikev2": [
            (ikev2.profiles_for(identity, end), ikev2.perhaps_for(identity, end), ikev2.policies(end))
            for identity in IDENTITIES
            for end in ENDS
        ],
        "ikev2 keys": [
            (
                [ikev2.initiator_candidates(profile, peer) for peer in PEERS],
                [ikev2.responder_candidates(profile, identity, PEERS[0]) for identity in IDENTITIES],
                [ikev2.expects(profile, identity) for identity in IDENTITIES],
                ikev2.may_demand_quantum(profile),
            )
            for profile in rules.router.ikev2.profiles
        ],
        "ikev2 presented": (ikev2.presented, ikev2.built_in, ikev2.proposals(None)),
        "ways": [(rules.routing.way_out(None, to), rules.routing.reaches(None, to)) for to in (*PEERS, *OTHERS)],
        "learns": (rules.routing.learns, rules.routing.has_routes(None)),
        "astray": [rules.routing.astray(end) for end in ends],
        "dropped": [dropping(rules.router, rules.routing, end, peer, "udp 500") for peer in PEERS for end in ENDS],
        "discarded": [rules.discarding_route(ENDS[0], peer) for peer in PEERS],
        "traffic": [(rules.proxies(end), fates(rules, end)) for end in ends],
        "translated": [rules.traffic.inside_of(one) for one in rules.router.interfaces if one.tunnel is not None],
    }


def fates(rules: RouterRules, end: Endpoint) -> list[object]:
    return [rules.traffic.fate(end, one) for one in rules.proxies(end).entries]


def others(value: Any) -> Iterator[Any]:
    """What a value is without one thing that it is made of."""
    if isinstance(value, tuple):
        for at, one in enumerate(value):
            yield value[:at] + value[at + 1 :]
            yield from ((*value[:at], other, *value[at + 1 :]) for other in others(one))
    elif isinstance(value, msgspec.Struct) and not isinstance(value, (HostMapping, Prefix, Secret)):
        for field in msgspec.structs.fields(value):
            was = getattr(value, field.name)
            if was != field.default is not msgspec.NODEFAULT and not isinstance(was, tuple):
                yield msgspec.structs.replace(value, **{field.name: field.default})
            yield from (msgspec.structs.replace(value, **{field.name: other}) for other in others(was))


def versions(router: Router, part: str) -> list[Router]:
    """The router without each of the things that one part of it is made of; all else are the very same objects."""
    if part == "lines":
        lines = router.lines
        said = [at for at, line in enumerate(lines) if line.strip().startswith(("router ", "network ", "neighbor "))]
        return [msgspec.structs.replace(router, lines=(*lines[:at], "!", *lines[at + 1 :])) for at in said]
    return [msgspec.structs.replace(router, **{part: other}) for other in others(getattr(router, part))]


PARTS = [
    (name, field.name)
    for name, router in ROUTERS.items()
    for field in msgspec.structs.fields(router)
    if versions(router, field.name)
]


@pytest.mark.parametrize(("name", "part"), PARTS)
def test_a_version_says_what_it_says_made_anew(name: str, part: str) -> None:
    """Without each thing of one part, with it again, and behind a version that nobody asked about."""
    whole = before = ROUTERS[name]
    rules = RouterRules(whole)
    known = told(rules)
    for other in versions(whole, part):
        anew = told(RouterRules(other))
        later = RouterRules(other, rules)
        assert told(later) == anew
        assert told(RouterRules(whole, later)) == known
        assert told(RouterRules(other, RouterRules(before, rules))) == anew
        before = other
    assert told(rules) == known, "what is known of a version stays as it is"


def test_what_concerns_nothing_leaves_all_that_is_worked_out() -> None:
    """Each line of a change is replayed: what it does not touch is not worked out again."""
    tables = (rules_module._WORKED_OUT_OF, routing._WORKED_OUT_OF, traffic._WORKED_OUT_OF)
    asked: list[set[str]] = [set() for _ in tables]
    for router in ROUTERS.values():
        rules = RouterRules(router)
        told(rules)
        later = RouterRules(msgspec.structs.replace(router, archive_path="flash:before"), rules)
        assert list(map(id, later.endpoints)) == list(map(id, rules.endpoints))
        before = [vars(one) for one in (rules, rules.routing, rules.traffic)]
        behind = [vars(one) for one in (later, later.routing, later.traffic)]
        for names, was, now, table in zip(asked, before, behind, tables, strict=True):
            there = table.keys() & was.keys()
            assert {name for name in there if now.get(name) is not was[name]} == set()
            names |= there
    assert asked == [set(table) for table in tables]


BARE = msgspec.structs.replace(ROUTERS["tunnels"], isakmp_policies=(), version="17.12")
DOWN = tuple(msgspec.structs.replace(one, shutdown=True) for one in BARE.interfaces)


@pytest.mark.parametrize(
    "change", [{"version": "15.2"}, {"compliance_shield_disabled": True}, {"truncated": True}, {"interfaces": DOWN}]
)
def test_settings_of_the_whole_router(change: dict[str, Any]) -> None:
    """What hangs on its release, on whether its configuration is whole, and on interfaces that are up."""
    was, now = RouterRules(BARE), msgspec.structs.replace(BARE, **change)

    def told(rules: RouterRules) -> tuple[object, ...]:
        routes = [rules.routing.routed(None, peer) for peer in PEERS]
        return rules.policies, rules.routing.learns, rules.routing._given, routes

    before = told(was)
    assert told(RouterRules(now, was)) == told(RouterRules(now)) != before


def test_of_keys_and_profiles_what_changes_is_put_in_without_a_look_at_the_others() -> None:
    def taken(count: int) -> dict[str, int]:
        hosts = [Prefix(4, 0x0A000000 + n, 0xFFFFFFFF) for n in range(count)]
        keys = tuple(Key(n, Secret(str(n)), prefix=host) for n, host in enumerate(hosts))
        profiles = tuple(
            IsakmpProfile(f"P{n}", n, matches=(IdentityMatch(n, "address", prefix=host),))
            for n, host in enumerate(hosts)
        )
        was = Router("R", "r.cfg", keyrings=(Keyring("A", 1, keys=keys), Keyring("B", 1)), isakmp_profiles=profiles)
        rules, asked = RouterRules(was), Identity("address", PEERS[0])
        assert rules.covering(PEERS[0]) == () == rules.profiles_for(asked, ENDS[0]).matching
        own = Prefix.of(PEERS[0])
        other = Keyring("B", 1, keys=(Key(99, Secret("x"), prefix=own),))
        last = IsakmpProfile("Q", 1, matches=(IdentityMatch(1, "address", prefix=own),))
        later = msgspec.structs.replace(was, keyrings=(was.keyrings[0], other), isakmp_profiles=(*profiles[:-1], last))
        now, found = RouterRules(later, rules), list[Any]()
        counted = steps(lambda: found.extend((now.covering(PEERS[0]), now.profiles_for(asked, ENDS[0]))))
        assert [pick.keyring for pick in found[0]] == [other] and [pick.profile for pick in found[1].matching] == [last]
        return {line: often for line, often in counted.items() if line.startswith("selection/")}

    assert taken(10) == taken(40)


def test_what_is_worked_out_of_ikev2_profiles_alone_stays_while_they_do() -> None:
    """A keyring of a hub changes with each of its spokes."""
    router = ROUTERS["tunnels"]
    rules = RouterRules(router)
    told(rules)
    fewer = msgspec.structs.replace(router.ikev2.keyrings[0], peers=())
    later = RouterRules(
        msgspec.structs.replace(router, ikev2=msgspec.structs.replace(router.ikev2, keyrings=(fewer,))), rules
    )
    names = ("profiles", "presented", "_presented", "_places", "_matches")
    assert [name for name in names if vars(later.ikev2).get(name) is not vars(rules.ikev2)[name]] == []


def test_of_ikev2_profiles_the_last_one_is_put_in_without_a_look_at_the_others() -> None:
    """A hub that gets spoke after spoke, each with a profile: what that costs does not grow with their number."""

    def taken(count: int) -> dict[str, int]:
        profiles = tuple(
            Ikev2Profile(f"P{n}", n, matches=(Ikev2Identity(n, "fqdn", value=f"r{n}.x"),)) for n in range(count)
        )
        was = Ikev2Rules(Router("R", "r.cfg", ikev2=Ikev2(profiles=profiles)))
        last = Ikev2Profile("Q", 1, matches=(Ikev2Identity(1, "fqdn", value="q.x"),))
        asked = Identity("fqdn", value="q.x")
        assert was.matching(asked) == ()
        now = Ikev2Rules(Router("R", "r.cfg", ikev2=Ikev2(profiles=(*profiles[:-1], last))), was)
        counted = steps(partial(now.matching, asked))
        assert now.matching(asked) == (last,)
        return {line: often for line, often in counted.items() if line.startswith("selection/")}

    assert taken(10) == taken(40)
