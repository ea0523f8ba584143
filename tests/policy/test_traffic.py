"""What becomes of traffic before a crypto map or a tunnel gets it, by hand (NAT-BEFORE-MAP, ACL-BACKWARDS, ACL-NETMASK)."""

from __future__ import annotations

import msgspec
import pytest
from parsed import prefix

from ikeaudit.model import (
    AccessList,
    AclEntry,
    Interface,
    InterfaceAddress,
    IsakmpProfile,
    NatRule,
    Prefix,
    RouteMap,
    RouteMapEntry,
    Router,
    StaticRoute,
    parse_address,
)
from ikeaudit.selection import Endpoint, LocalEnd
from ikeaudit.selection.local import Addresses
from ikeaudit.selection.proxies import Proxy
from ikeaudit.selection.traffic import Fate, Traffic
from ikeaudit.selection.translation import Translation

LAN, FAR, ANY = prefix("10.1.0.0/16"), prefix("10.9.0.0/16"), Prefix(4, 0, 0)


def interface(name: str, line: int, address: str = "", **more: object) -> Interface:
    own = prefix(address) if address else None
    addresses = (InterfaceAddress(line + 1, own.address, own),) if own is not None else ()
    return Interface(name, line, addresses=addresses, addressing="static" if own else "none", **more)  # type: ignore[arg-type]


OUTSIDE = interface("Gi0", 10, "192.0.2.1/24", nat="outside")
INSIDE = interface("Gi1", 20, "10.1.0.1/16", nat="inside")


def permit(line: int, source: Prefix | None = ANY, destination: Prefix | None = ANY, **more: str) -> AclEntry:
    return AclEntry(line, more.pop("action", "permit"), more.pop("protocol", "ip"), source, destination, **more)  # type: ignore[arg-type]


def router(*interfaces: Interface, entries: tuple[AclEntry, ...] = (), **more: object) -> Router:
    lists = {"acls": (AccessList("NAT", 30, entries),), "nat_rules": (NatRule(90, "inside", acl="NAT"),)}
    return Router("R", "r.cfg", interfaces=interfaces or (OUTSIDE, INSIDE), **(lists | more))  # type: ignore[arg-type]


def traffic(found: Router) -> Traffic:
    return Traffic(found, Addresses(found))


def fate(found: Router, proxy: Proxy | None = None, interface: str = "Gi0 CM 10", kind: str = "crypto-map") -> Fate:
    end = Endpoint("R", interface, kind, LocalEnd(None))  # type: ignore[arg-type]
    return traffic(found).fate(end, proxy or Proxy("ip", LAN, FAR, line=40))


class TestIntoACryptoMap:
    def test_what_the_list_permits_is_translated_and_what_it_denies_is_seen(self) -> None:
        denied = permit(31, LAN, FAR, action="deny")
        assert fate(router(entries=(permit(32, LAN),))) == Fate("translated", (40, 90, 32))
        assert fate(router(entries=(denied, permit(32, LAN)))) == Fate()
        half = permit(31, LAN, prefix("10.9.0.0/17"), action="deny")
        assert fate(router(entries=(half, permit(32, LAN)))) == Fate("part", (40, 90, 32))

    @pytest.mark.parametrize("nat", [None, "outside"])
    def test_traffic_that_does_not_come_from_inside_is_left_alone(self, nat: str | None) -> None:
        found = router(OUTSIDE, interface("Gi1", 20, "10.1.0.1/16", nat=nat), entries=(permit(32),))
        assert fate(found) == Fate()

    def test_by_nat_virtual_interfaces_nobody_can_tell(self) -> None:
        enabled = (
            interface("Gi0", 10, "192.0.2.1/24", nat="enable"),
            interface("Gi1", 20, "10.1.0.1/16", nat="enable"),
        )
        rule = {"nat_rules": (NatRule(90, "any", local=LAN),)}
        assert fate(router(*enabled, **rule)).kind == "open"
        assert fate(router(enabled[0], interface("Gi1", 20, "10.1.0.1/16"), **rule)) == Fate()

    def test_where_nothing_is_translated_outside(self) -> None:
        plain = interface("Gi0", 10, "192.0.2.1/24")
        assert fate(router(plain, INSIDE, entries=(permit(32),))) == Fate()
        assert fate(router(entries=(permit(32),), nat_rules=())) == Fate()

    def test_only_crypto_maps_on_interfaces_that_are_there(self) -> None:
        found = router(entries=(permit(32),))
        assert fate(found, interface="Gi7 CM 10") == Fate()
        assert fate(found, kind="tunnel") == Fate()

    def test_a_netmask_in_the_crypto_list(self) -> None:
        typed = Prefix(4, LAN.value, 0x0000FFFF).network
        for source, destination in ((typed, FAR), (LAN, typed)):
            assert fate(router(), Proxy("ip", source, destination, line=40)) == Fate("netmask", (40,))
        holes = Prefix(4, LAN.value, 0xFF00FF00).network
        for source, destination in ((holes, FAR), (LAN, holes)):
            assert fate(router(entries=(permit(32),)), Proxy("ip", source, destination, line=40)) == Fate()

    def test_what_the_router_sends_itself_comes_in_by_no_interface(self) -> None:
        whole = router(entries=(permit(32),))
        own = Proxy("gre", prefix("192.0.2.1/32"), prefix("198.51.100.7/32"), line=40)
        assert fate(whole, own) == Fate()
        assert fate(whole, Proxy("gre", LAN, FAR, line=40)).kind == "translated"
        second = InterfaceAddress(12, parse_address("198.51.100.1"), prefix("198.51.100.1/24"), "secondary")
        two = msgspec.structs.replace(OUTSIDE, addresses=(*OUTSIDE.addresses, second))
        assert fate(router(two, INSIDE, entries=(permit(32),)), own) == Fate(), "by whichever of its addresses"
        neighbours = Proxy("ip", prefix("192.0.2.0/24"), FAR, line=40)
        assert fate(whole, neighbours).kind == "translated", "which others send, too"

    def test_a_line_written_backwards_leads_to_a_network_on_this_side(self) -> None:
        assert fate(router(), Proxy("ip", FAR, prefix("10.1.4.0/24"), line=40)) == Fate("backwards", (40, 21))
        assert fate(router(), Proxy("ip", FAR, LAN, line=40)) == Fate("backwards", (40, 21))
        assert fate(router(nat_rules=()), Proxy("ip", FAR, prefix("10.0.0.0/8"), line=40)) == Fate()
        assert fate(router(nat_rules=()), Proxy("ip", LAN, LAN, line=40)) == Fate()

    def test_the_outside_is_known_by_its_name_whichever_version_of_it_the_addresses_hold(self) -> None:
        """Addresses are taken over from an earlier version of a router, whose interfaces are equal and not the same."""
        away = StaticRoute(50, ANY, next_hop=parse_address("192.0.2.254"))
        now, before = (router(interface("Gi0", 10, "192.0.2.1/24"), INSIDE, static_routes=(away,)) for _ in range(2))
        end = Endpoint("R", "Gi0 CM 10", "crypto-map", LocalEnd(None))
        for back, kind in ((Proxy("ip", FAR, LAN, line=40), "backwards"), (Proxy("ip", LAN, FAR, line=40), "seen")):
            assert Traffic(now, Addresses(before)).fate(end, back) == traffic(now).fate(end, back)
            assert traffic(now).fate(end, back).kind == kind

    def test_only_the_lines_of_the_networks_that_it_leads_to_are_told(self) -> None:
        other = interface("Gi2", 24, "10.2.0.1/16")
        assert fate(router(OUTSIDE, other, INSIDE), Proxy("ip", FAR, LAN, line=40)) == Fate("backwards", (40, 21))

    def test_what_goes_from_one_network_on_this_side_to_another_is_not_backwards(self) -> None:
        other = interface("Gi2", 24, "10.2.0.1/16")
        between = Proxy("ip", prefix("10.2.0.0/16"), LAN, line=40)
        for interfaces in ((INSIDE, other), (other, INSIDE)):
            assert fate(router(OUTSIDE, *interfaces, nat_rules=()), between) == Fate()

    def test_an_address_with_a_damaged_mask_is_of_no_network(self) -> None:
        """C-10: nobody can tell which addresses are on this side."""
        for damaged in (None, Prefix(4, LAN.value, 0xFF00FF00)):
            bare = InterfaceAddress(21, parse_address("10.1.0.1"), damaged)
            inside = Interface("Gi1", 20, addresses=(bare,), addressing="static")
            assert fate(router(OUTSIDE, inside), Proxy("ip", FAR, prefix("10.1.0.0/24"), line=40)) == Fate()

    def test_two_halves_of_a_network_on_this_side(self) -> None:
        halves = (interface("Gi1", 20, "10.1.0.1/17"), interface("Gi2", 24, "10.1.128.1/17"))
        assert fate(router(OUTSIDE, *halves), Proxy("ip", FAR, LAN, line=40)) == Fate("backwards", (40, 21, 25))
        assert fate(router(OUTSIDE, halves[0]), Proxy("ip", FAR, LAN, line=40)) == Fate()

    def test_a_network_that_is_routed_inside(self) -> None:
        behind, hop = prefix("172.16.0.0/16"), parse_address("10.1.0.9")
        proxy = Proxy("ip", behind, FAR, line=40)
        by_hop = StaticRoute(50, behind, next_hop=hop)
        by_interface = StaticRoute(50, behind, interface="Gi1")
        out = interface("Gi2", 24, "10.2.0.1/16")

        def told(route: StaticRoute) -> str:
            return fate(router(OUTSIDE, INSIDE, out, entries=(permit(32),), static_routes=(route,)), proxy).kind

        assert [told(route) for route in (by_hop, by_interface)] == ["translated", "translated"]
        assert told(StaticRoute(50, behind, next_hop=parse_address("10.2.0.9"))) == "seen"
        assert told(StaticRoute(50, behind, interface="Gi2", next_hop=hop)) == "seen"
        elsewhere = StaticRoute(50, behind, next_hop=parse_address("192.0.2.9"))
        for route in (elsewhere, StaticRoute(50, behind, vrf="RED", next_hop=hop), StaticRoute(50, behind)):
            assert told(route) == "open", route
        assert fate(router(static_routes=(by_hop,)), Proxy("ip", FAR, behind, line=40)) == Fate()

    def test_traffic_from_nowhere_known_may_come_by_any_way(self) -> None:
        proxy = Proxy("ip", prefix("172.16.0.0/16"), FAR, line=40)
        one, other = interface("Gi2", 24, nat="inside", unnumbered="Gi1"), interface("Gi3", 26, "10.3.0.1/24")
        assert fate(router(OUTSIDE, one, entries=(permit(32),)), proxy).kind == "translated"
        assert fate(router(OUTSIDE, INSIDE, one, entries=(permit(32),)), proxy).kind == "translated"
        assert fate(router(OUTSIDE, INSIDE, other, entries=(permit(32),)), proxy).kind == "open"
        assert fate(router(OUTSIDE, other, entries=(permit(32),)), proxy) == Fate()
        assert fate(router(OUTSIDE, INSIDE, other, entries=(permit(32, LAN),)), proxy) == Fate(), (
            "in no list, whatever its way"
        )
        learnt = Interface("Gi4", 28, addressing="dhcp", nat="inside")
        assert fate(router(OUTSIDE, learnt, entries=(permit(32),)), proxy).kind == "translated"
        for none in (
            Interface("Gi5", 29, nat="inside"),
            interface("Gi5", 29, "10.5.0.1/24", nat="inside", shutdown=True),
        ):
            assert fate(router(OUTSIDE, none, entries=(permit(32),)), proxy) == Fate()
        second = interface("Gi6", 29, "10.6.0.1/24", nat="outside")
        assert fate(router(OUTSIDE, INSIDE, second, entries=(permit(32),)), proxy).kind == "translated"

    def test_where_some_of_it_is_known_the_rest_does_not_count_if_the_ways_differ(self) -> None:
        proxy = Proxy("ip", prefix("10.0.0.0/8"), FAR, line=40)
        other = interface("Gi3", 26, "172.16.3.1/24")
        assert fate(router(OUTSIDE, INSIDE, other, entries=(permit(32, LAN),)), proxy) == Fate(
            "translated", (40, 90, 32)
        )
        assert fate(router(entries=(permit(32, LAN),)), proxy).kind == "part"

    def test_of_networks_that_differ_a_part_is_translated(self) -> None:
        proxy = Proxy("ip", prefix("10.0.0.0/8"), FAR, line=40)
        plain = interface("Gi2", 24, "10.2.0.1/16")
        for interfaces in ((INSIDE, plain), (plain, INSIDE)):
            assert fate(router(OUTSIDE, *interfaces, entries=(permit(32),)), proxy) == Fate("part", (40, 90, 32))

    def test_it_comes_in_where_its_most_precise_network_is(self) -> None:
        precise = interface("Gi2", 24, "10.1.5.1/24")
        for interfaces in ((INSIDE, precise), (precise, INSIDE)):
            found = router(OUTSIDE, *interfaces, entries=(permit(32),))
            assert fate(found, Proxy("ip", prefix("10.1.5.0/24"), FAR, line=40)) == Fate()
            assert fate(found, Proxy("ip", prefix("10.1.6.0/24"), FAR, line=40)).kind == "translated"

    def test_it_comes_from_the_second_network_of_an_interface(self) -> None:
        second = InterfaceAddress(22, parse_address("10.7.0.1"), prefix("10.7.0.1/16"), "secondary")
        inside = msgspec.structs.replace(INSIDE, addresses=(*INSIDE.addresses, second))
        other = interface("Gi3", 26, "10.3.0.1/24")
        found = router(OUTSIDE, inside, other, entries=(permit(32),))
        assert fate(found, Proxy("ip", prefix("10.7.0.0/16"), FAR, line=40)).kind == "translated"

    def test_the_inside_vrf_is_that_of_the_interface(self) -> None:
        red = interface("Gi1", 20, "10.1.0.1/16", nat="inside", vrf="RED")
        assert fate(router(OUTSIDE, red, entries=(permit(32),))) == Fate()

    def test_a_map_on_an_interface_of_a_vrf_is_about_the_networks_of_that(self) -> None:
        back = Proxy("ip", FAR, LAN, line=40)
        outside = interface("Gi0", 10, "192.0.2.1/24", nat="outside", vrf="RED")
        for vrf, kind in (("RED", "backwards"), (None, "seen"), ("BLUE", "seen")):
            assert fate(router(outside, interface("Gi1", 20, "10.1.0.1/16", vrf=vrf)), back).kind == kind, vrf

    def test_the_inside_vrf_is_that_of_the_profile_where_it_names_one(self) -> None:
        red = interface("Gi1", 20, "10.1.0.1/16", vrf="RED")
        found = router(OUTSIDE, red, isakmp_profiles=(IsakmpProfile("P", 70, vrf="RED"), IsakmpProfile("Q", 71)))
        back = Proxy("ip", FAR, LAN, line=40)
        for profile, kind in (("P", "backwards"), ("Q", "seen"), ("GONE", "seen"), (None, "seen")):
            end = Endpoint("R", "Gi0 CM 10", "crypto-map", LocalEnd(None), isakmp_profile=profile)
            assert traffic(found).fate(end, back).kind == kind, profile


class TestIntoATunnel:
    TUNNEL = interface("Tunnel1", 60, "172.31.0.1/30", nat="outside")

    def fates(self, *interfaces: Interface, routes: tuple[StaticRoute, ...] = ()) -> list[tuple[Fate, Prefix]]:
        found = router(self.TUNNEL, *interfaces, entries=(permit(32, LAN),), static_routes=routes)
        return traffic(found).inside_of(self.TUNNEL)

    def test_a_network_inside_is_translated_on_its_way_to_anything(self) -> None:
        assert self.fates(INSIDE) == [(Fate("translated", (21, 90, 32)), LAN)]

    def test_of_its_traffic_a_list_for_one_protocol_takes_a_part(self) -> None:
        found = router(self.TUNNEL, INSIDE, entries=(permit(32, LAN, protocol="tcp"),))
        assert traffic(found).inside_of(self.TUNNEL) == [(Fate("part", (21, 90, 32)), LAN)]

    def test_an_address_without_a_mask_leads_nothing_into_the_tunnel(self) -> None:
        bare = InterfaceAddress(61, parse_address("172.31.0.1"))
        tunnel = msgspec.structs.replace(self.TUNNEL, addresses=(bare, *self.TUNNEL.addresses))
        routes = (StaticRoute(50, FAR, next_hop=parse_address("172.31.0.2")),)
        found = router(tunnel, INSIDE, entries=(permit(32, LAN, FAR),), static_routes=routes)
        assert traffic(found).inside_of(tunnel) == [(Fate("translated", (21, 90, 32)), LAN)]

    def test_only_networks_inside_count(self) -> None:
        six = Interface("Gi2", 24, addresses=(InterfaceAddress(25, prefix("2001:db8::1").address, prefix("2001:db8::1/64")),),
                        addressing="static", nat="inside")  # fmt: skip
        assert self.fates(interface("Gi1", 20, "10.1.0.1/16"), six) == []
        assert self.fates(interface("Gi1", 20, "10.1.0.1/16", nat="enable")) == []
        routed = StaticRoute(50, prefix("172.16.0.0/16"), next_hop=parse_address("10.1.0.9"))
        assert [network for _, network in self.fates(INSIDE, routes=(routed,))] == [LAN]

    @pytest.mark.parametrize(
        ("route", "told"),
        [
            (StaticRoute(50, FAR, interface="Tunnel1"), True),
            (StaticRoute(50, FAR, next_hop=parse_address("172.31.0.2")), True),
            (StaticRoute(50, FAR, next_hop=parse_address("172.31.0.6")), False),
            (StaticRoute(50, FAR, interface="Null0"), False),
        ],
    )
    def test_its_traffic_is_what_routes_lead_into_the_tunnel(self, route: StaticRoute, told: bool) -> None:
        denied = permit(31, LAN, FAR, action="deny")
        found = router(self.TUNNEL, INSIDE, entries=(denied, permit(32, LAN)), static_routes=(route,))
        (fated,) = traffic(found).inside_of(self.TUNNEL)
        assert (fated == (Fate(), LAN)) is told


class TestWhatALineOfTheListTakes:
    """Protocols and ports of a line against those of the traffic: all of it, some, or none."""

    @staticmethod
    def taken(
        entries: tuple[AclEntry, ...], proxy: Proxy, rule: NatRule | None = None, **more: object
    ) -> set[str | None]:
        found = router(entries=entries, nat_rules=(rule or NatRule(90, "inside", acl="NAT"),), **more)
        part = (proxy.source, proxy.destination)
        return {how for _, how, _ in Translation(found, OUTSIDE, None).pieces(part, proxy)}

    TCP = Proxy("tcp", LAN, FAR, destination_ports="eq 443")

    @pytest.mark.parametrize(
        ("line", "how"),
        [
            ({"protocol": "ip"}, "all"),
            ({"protocol": "tcp"}, "all"),
            ({"protocol": "udp"}, None),
            ({"protocol": "tcp", "destination_ports": "eq 443"}, "all"),
            ({"protocol": "tcp", "destination_ports": "eq 80"}, None),
            ({"protocol": "tcp", "source_ports": "eq 443"}, "some"),
            ({"protocol": "tcp", "destination_ports": "eq 80 443"}, "some"),
            ({"protocol": "tcp", "destination_ports": "range 1 1023"}, "some"),
        ],
    )
    def test_one_line(self, line: dict[str, str], how: str | None) -> None:
        assert self.taken((permit(32, **line),), self.TCP) == {how}

    def test_a_line_for_other_traffic_is_passed_over(self) -> None:
        typed = Prefix(4, 0, 0x0000FFFF)
        for other in (permit(31, protocol="udp"), permit(31, typed), permit(31, ANY, typed), permit(31, FAR, LAN)):
            denied = AclEntry(33, "deny", "ip", ANY, ANY)
            assert self.taken((other, permit(32)), self.TCP) == {"all"}
            assert self.taken((other, denied, permit(32)), self.TCP) == {None}

    def test_of_all_protocols_a_line_for_one_takes_some(self) -> None:
        everything = Proxy("ip", LAN, FAR)
        assert self.taken((permit(32, protocol="tcp"),), everything) == {"some"}
        assert self.taken((permit(31, protocol="tcp", action="deny"), permit(32)), everything) == {"some"}
        assert self.taken((permit(31, protocol="tcp", action="deny"),), everything) == {None}
        both = (permit(31, protocol="tcp", action="deny"), permit(32, protocol="udp"))
        assert self.taken(both, everything) == {"some"}

    def test_a_line_that_cannot_be_read_leaves_it_open(self) -> None:
        assert self.taken((permit(32, None, FAR),), self.TCP) == {"open"}
        assert self.taken((permit(32, LAN, None),), self.TCP) == {"open"}
        assert self.taken((permit(32, None, LAN), permit(33)), self.TCP) == {"all"}, "it names other traffic"
        holes = Prefix(4, LAN.value, 0xFFFF00FF).network
        assert self.taken((permit(32, holes),), self.TCP) == {"open"}
        typed = Prefix(4, 0, 0x0000FFFF)
        assert self.taken((permit(32, typed),), self.TCP) == {None}, "a netmask for a wildcard"
        assert self.taken((permit(32, ANY, typed),), self.TCP) == {None}

    def test_lists_and_route_maps_that_are_not_there(self) -> None:
        assert self.taken((), self.TCP, NatRule(90, "inside", acl="NONE")) == {"open"}
        assert self.taken((), self.TCP, NatRule(90, "inside", route_map="NONE")) == {"open"}
        unread = {"acls": (AccessList("NAT", 30, (permit(32),), unread=(33,)),)}
        assert self.taken((), self.TCP, **unread) == {"open"}

    @pytest.mark.parametrize(
        ("entries", "how"),
        [
            ((RouteMapEntry(71, 10, acls=("NAT",)),), "all"),
            ((RouteMapEntry(71, 10, "deny", acls=("NAT",)),), None),
            ((RouteMapEntry(71, 10, interfaces=("Gi0",)),), "all"),
            ((RouteMapEntry(71, 10, interfaces=("Gi9",)),), None),
            ((RouteMapEntry(71, 10, interfaces=("Gi9",)), RouteMapEntry(72, 20)), "all"),
            ((RouteMapEntry(71, 10, acls=("NAT",), others=(73,)),), "open"),
            ((RouteMapEntry(71, 10, "deny", acls=("NAT",)), RouteMapEntry(72, 20)), None),
            ((RouteMapEntry(71, 10, acls=("NO",)), RouteMapEntry(72, 20)), "all"),
            ((RouteMapEntry(71, 10, acls=("NO", "NAT")),), "all"),
            ((RouteMapEntry(71, 10, "deny"), RouteMapEntry(72, 20)), None),
            ((), None),
        ],
    )
    def test_a_route_map(self, entries: tuple[RouteMapEntry, ...], how: str | None) -> None:
        lists = (AccessList("NAT", 30, (permit(32),)), AccessList("NO", 34, (permit(35, action="deny"),)))
        more = {"route_maps": (RouteMap("RM", entries),), "acls": lists}
        assert self.taken((), self.TCP, NatRule(90, "inside", route_map="RM"), **more) == {how}

    def test_a_denied_part_of_which_ports_decide_is_open(self) -> None:
        entry = RouteMapEntry(71, 10, "deny", acls=("NAT",))
        entries = (permit(32, protocol="tcp"),)
        rule = NatRule(90, "inside", route_map="RM")
        assert self.taken(entries, Proxy("ip", LAN, FAR), rule, route_maps=(RouteMap("RM", (entry,)),)) == {"open"}

    def test_the_lines_that_decide(self) -> None:
        entries = (RouteMapEntry(71, 10, acls=("NO", "NAT", "GONE")),)
        lists = (
            AccessList("NO", 34, (permit(35, action="deny"), permit(36, FAR))),
            AccessList("NAT", 30, (permit(31, LAN, LAN), permit(32, None, FAR), permit(33, LAN, FAR))),
        )
        found = router(
            acls=lists, route_maps=(RouteMap("RM", entries),), nat_rules=(NatRule(90, "inside", route_map="RM"),)
        )
        (piece,) = Translation(found, OUTSIDE, None).pieces((LAN, FAR), self.TCP)
        assert piece[2] == (90, 33)

    @pytest.mark.parametrize(
        ("outside", "rule", "how"),
        [
            ("outside", NatRule(90, "inside", local=LAN), "all"),
            ("outside", NatRule(90, "inside", local=LAN, ports=True), None),
            ("outside", NatRule(90, "any", local=LAN), None),
            ("outside", NatRule(90, "outside", local=FAR), "open"),
            ("outside", NatRule(90, "outside", acl="NAT"), None),
            ("outside", NatRule(90, "inside", local=LAN, vrf="RED"), None),
            ("outside", NatRule(90, "inside", local=LAN, in_vrf=True), "open"),
            ("outside", NatRule(90, "inside", local=LAN, route_map="GONE"), "open"),
            ("outside", NatRule(90, "inside", local=FAR, route_map="GONE"), None),
            ("enable", NatRule(90, "any", local=LAN), "open"),
            ("enable", NatRule(90, "inside", local=LAN), None),
            ("enable", NatRule(90, "outside", local=FAR), "open"),
            ("inside", NatRule(90, "inside", local=LAN), None),
            (None, NatRule(90, "inside", local=LAN), None),
        ],
    )
    def test_rules_of_every_kind(self, outside: str | None, rule: NatRule, how: str | None) -> None:
        found = router(entries=(permit(32),), nat_rules=(rule,))
        way = interface("Gi0", 10, "192.0.2.1/24", nat=outside)
        assert {taken for _, taken, _ in Translation(found, way, None).pieces((LAN, FAR), self.TCP)} == {how}

    def test_a_rule_of_the_vrf_is_not_modelled(self) -> None:
        for rule in (NatRule(90, "inside", local=LAN, vrf="RED"), NatRule(90, "inside", local=LAN)):
            pieces = Translation(router(nat_rules=(rule,)), OUTSIDE, "RED").pieces((LAN, FAR), self.TCP)
            assert {taken for _, taken, _ in pieces} == {"open"}


class TestLinesThatDeny:
    """Traffic that an earlier line of its own list denies never meets the map; a list that is not clear tells nothing."""

    DENY, ALL = permit(51, LAN, FAR, action="deny"), permit(52)

    def of(
        self, *entries: AclEntry, unread: tuple[int, ...] = (), acl: str | None = "ACL", proxy: Proxy | None = None
    ) -> Fate:
        own = AccessList("ACL", 50, entries, unread=unread)
        found = Router("R", "r.cfg", interfaces=(OUTSIDE,), acls=(AccessList("OTHER", 40, (self.ALL,)), own))
        end = Endpoint("R", "Gi0 CM 10", "crypto-map", LocalEnd(None), acl=acl)
        return traffic(found).fate(end, proxy or Proxy("ip", LAN, FAR, line=52))

    def test_the_first_line_that_fits_decides(self) -> None:
        assert self.of(self.DENY, self.ALL) == Fate("denied", (52, 51))
        assert self.of(self.ALL, self.DENY) == Fate()
        assert self.of(permit(51, LAN, prefix("10.9.1.0/24"), action="deny"), self.ALL) == Fate(), "a part of it only"

    def test_only_the_lines_that_meet_it_are_told(self) -> None:
        elsewhere = permit(49, FAR, LAN, action="deny")
        assert self.of(elsewhere, self.DENY, self.ALL) == Fate("denied", (52, 51))
        assert self.of(permit(49, FAR, LAN), self.DENY, self.ALL) == Fate("denied", (52, 51))
        for unknown in (permit(49, None, LAN, action="deny"), permit(49, FAR, None, action="deny")):
            assert self.of(unknown, self.DENY, self.ALL) == Fate("denied", (52, 51)), "what it names lies elsewhere"
        assert self.of(permit(49, None, FAR, action="deny"), self.DENY, self.ALL) == Fate(), "nobody can tell"

    def test_a_line_for_what_cannot_be_read_is_told_where_it_may_name_it(self) -> None:
        unknown = permit(53, LAN, None, action="deny")
        assert self.of(self.DENY, unknown, self.ALL) == Fate("denied", (52, 51, 53))

    @pytest.mark.parametrize("holes", ["source", "destination"])
    def test_of_a_line_with_holes_in_its_mask_some_comes_through(self, holes: str) -> None:
        """It names 10.x.0.5 for any x, of which the line that denies is about one."""
        own = Proxy("ip", LAN, FAR, line=52)
        value = getattr(own, holes).value | 5
        proxy = msgspec.structs.replace(own, **{holes: Prefix(4, value, 0xFF00FFFF)})
        assert self.of(self.DENY, self.ALL, proxy=proxy) == Fate()

    def test_a_list_without_a_line_that_denies_or_not_read_in_full_or_not_there(self) -> None:
        assert self.of(permit(51, FAR, LAN)) == Fate(), "what no line names is not looked for"
        assert self.of(self.DENY, self.ALL, unread=(53,)) == Fate()
        assert self.of(self.DENY, self.ALL, acl="OTHER") == self.of(self.DENY, self.ALL, acl="GONE") == Fate()
        assert self.of(self.DENY, self.ALL, acl=None) == Fate()

    def test_a_very_long_list_is_not_looked_into(self) -> None:
        assert self.of(self.DENY, *[self.ALL] * 511) == Fate("denied", (52, 51))
        assert self.of(self.DENY, *[self.ALL] * 512) == Fate()
