"""Which way a router sends its packets, by hand: what its routes tell, and what they leave open (ROUTE-WAY)."""

from __future__ import annotations

import msgspec
import pytest
from parsed import prefix, router

from ikeaudit.model import IPAddress, StaticRoute, parse_address
from ikeaudit.selection import Endpoint, LocalEnd, RouterRules
from ikeaudit.selection.routing import Astray, Routing

BASE = """\
hostname R
!
vrf definition RED
 address-family ipv4
!
interface Tunnel1
 ip address 172.31.0.1 255.255.255.252
!
interface GigabitEthernet0/0
 ip address 192.0.2.1 255.255.255.0
!
interface GigabitEthernet0/1
 ip address 10.1.0.1 255.255.0.0
 ip address 10.2.0.1 255.255.0.0 secondary
 standby 1 ip 10.3.0.1
!
interface GigabitEthernet0/2
 vrf forwarding RED
 ip address 10.7.0.1 255.255.0.0
!
interface GigabitEthernet0/3
 ip address 10.8.0.1 255.255.0.0
 shutdown
!
"""
OUT, IN = "GigabitEthernet0/0", "GigabitEthernet0/1"


def address(text: str) -> IPAddress:
    found = parse_address(text)
    assert found is not None
    return found


def rules(*routes: str, text: str = BASE) -> RouterRules:
    return RouterRules(router(text + "".join(f"{line}\n" for line in routes) + "end\n"))


def routing(*routes: str, text: str = BASE) -> Routing:
    return rules(*routes, text=text).routing


class TestRoutes:
    ROUTES = (
        "ip route 10.9.0.0 255.255.0.0 192.0.2.9", "ip route 10.9.1.0 255.255.255.0 192.0.2.8",
        "ip route 10.9.2.0 255.255.255.0 192.0.2.7", "ip route vrf RED 10.9.1.0 255.255.255.0 10.7.0.9",
        "ipv6 route 2001:DB8::/32 2001:DB8:1::9", "ip route 10.9.3.0 255.255.255.0 GigabitEthernet0/3",
    )  # fmt: skip

    @pytest.mark.parametrize(
        ("vrf", "to", "hop"),
        [
            (None, "10.9.1.0/24", "192.0.2.8"), (None, "10.9.1.7", "192.0.2.8"), (None, "10.9.2.7", "192.0.2.7"),
            (None, "10.9.4.0/24", "192.0.2.9"), (None, "10.9.0.0/16", "192.0.2.9"), (None, "10.9.3.7", "192.0.2.9"),
            (None, "10.0.0.0/8", None), (None, "10.10.0.0/16", None), (None, "2001:db8::7", "2001:db8:1::9"),
            (None, "2001:db9::7", None), ("RED", "10.9.1.7", "10.7.0.9"), ("RED", "10.9.2.7", None), ("BLUE", "10.9.1.7", None),
        ],
    )  # fmt: skip
    def test_to_the_most_precise_network_that_holds_all(self, vrf: str | None, to: str, hop: str | None) -> None:
        found = routing(*self.ROUTES)
        assert [route.next_hop for route in found.routes_to(vrf, prefix(to))] == ([address(hop)] if hop else [])
        if "/" not in to:
            assert found.routed(vrf, address(to)) is (hop is not None)

    def test_a_route_of_one_family_leads_to_no_address_of_the_other(self) -> None:
        six, four = routing("ipv6 route ::/0 2001:DB8:1::9"), routing("ip route 0.0.0.0 0.0.0.0 192.0.2.9")
        assert six.routed(None, address("2001:db8::7")) and not six.routed(None, address("10.9.1.7"))
        assert four.routed(None, address("10.9.1.7")) and not four.routed(None, address("2001:db8::7"))

    def test_a_route_whose_next_hop_is_learnt_leads_out_of_nobody_knows_what(self) -> None:
        learnt = StaticRoute(90, prefix("10.9.0.0/16"))
        found = RouterRules(msgspec.structs.replace(router(BASE + "end\n"), static_routes=(learnt,))).routing
        assert found.reaches(None, address("10.9.1.7")) and found.way_out(None, address("10.9.1.7")) is None

    def test_whether_there_are_any(self) -> None:
        assert [routing(*self.ROUTES).has_routes(vrf) for vrf in (None, "RED", "BLUE")] == [True, True, False]
        assert not routing().has_routes(None)
        assert not routing("ip route 10.9.3.0 255.255.255.0 GigabitEthernet0/3").has_routes(None)

    @pytest.mark.parametrize(
        ("to", "reached"),
        [("192.0.2.9", True), ("10.2.0.9", True), ("10.3.0.9", False), ("10.7.0.9", False), ("10.8.0.9", False),
         ("10.9.1.7", True), ("10.11.0.1", False)],
    )  # fmt: skip
    def test_what_is_connected_or_routed_is_reached(self, to: str, reached: bool) -> None:
        assert routing(*self.ROUTES).reaches(None, address(to)) is reached

    def test_an_address_whose_mask_is_damaged_may_reach_anything(self) -> None:
        found = router(BASE + "end\n")
        bare = [msgspec.structs.replace(own, prefix=None) for own in found.interfaces[1].addresses]
        broken = msgspec.structs.replace(found.interfaces[1], addresses=tuple(bare))
        only = RouterRules(msgspec.structs.replace(found, interfaces=(broken,))).routing
        assert only.reaches(None, address("8.8.8.8"))
        assert only.way_out(None, address("8.8.8.8")) == OUT, "there is no other way"


class TestTheWayOut:
    @pytest.mark.parametrize(
        ("routes", "to", "way"),
        [
            ((), "192.0.2.9", OUT),
            ((), "198.51.100.7", None),
            (("ip route 0.0.0.0 0.0.0.0 192.0.2.9",), "198.51.100.7", OUT),
            (("ip route 0.0.0.0 0.0.0.0 GigabitEthernet0/1",), "198.51.100.7", IN),
            (("ip route 0.0.0.0 0.0.0.0 Null0",), "198.51.100.7", "Null0"),
            (("ip route 0.0.0.0 0.0.0.0 GigabitEthernet0/9",), "198.51.100.7", None),
            (("ip route 0.0.0.0 0.0.0.0 198.51.100.1",), "203.0.113.7", None),
            (("ip route 192.0.2.0 255.255.255.0 10.1.0.9",), "192.0.2.9", OUT),
            (("ip route 192.0.2.0 255.255.255.128 10.1.0.9",), "192.0.2.9", IN),
            (("ip route 192.0.0.0 255.255.0.0 10.1.0.9",), "192.0.2.9", OUT),
            (("ip route 0.0.0.0 0.0.0.0 192.0.2.9", "ip route 0.0.0.0 0.0.0.0 192.0.2.8"), "198.51.100.7", OUT),
            (("ip route 0.0.0.0 0.0.0.0 192.0.2.9", "ip route 0.0.0.0 0.0.0.0 10.1.0.9"), "198.51.100.7", None),
            (("ip route 198.51.100.7 255.255.255.255 198.51.100.7",), "198.51.100.7", None),
        ],
    )  # fmt: skip
    def test_of_packets_in_the_default_vrf(self, routes: tuple[str, ...], to: str, way: str | None) -> None:
        assert routing(*routes).way_out(None, address(to)) == way

    def test_in_another_vrf(self) -> None:
        inside = "ip route vrf RED 0.0.0.0 0.0.0.0 10.7.0.9"
        assert routing(inside).way_out("RED", address("198.51.100.7")) == "GigabitEthernet0/2"
        assert routing(f"{inside} global").way_out("RED", address("198.51.100.7")) is None

    def test_next_hops_are_looked_up_four_times_and_no_more(self) -> None:
        chain = [f"ip route 203.0.113.{n} 255.255.255.255 203.0.113.{n + 1}" for n in range(1, 5)]
        chain.append("ip route 203.0.113.5 255.255.255.255 192.0.2.9")
        assert routing(*chain).way_out(None, address("203.0.113.2")) == OUT
        assert routing(*chain).way_out(None, address("203.0.113.1")) is None

    def test_the_longest_connected_network_counts(self) -> None:
        text = BASE + "interface GigabitEthernet0/4\n ip address 10.1.9.1 255.255.255.0\n!\n"
        assert routing(text=text).way_out(None, address("10.1.9.7")) == "GigabitEthernet0/4"
        assert routing(text=text).way_out(None, address("10.1.8.7")) == IN


class TestWhetherARouterLearnsRoutes:
    @pytest.mark.parametrize(
        ("line", "learns"),
        [
            ("router ospf 1\n network 10.0.0.0 0.255.255.255 area 0", True),
            ("ip default-gateway 192.0.2.9", True),
            ("ip default-network 10.0.0.0", True),
            ("ip local policy route-map RM", True),
            ("ip policy-list PL permit", False),
            ("ip local pool P 10.0.0.1", False),
            ("interface GigabitEthernet0/5\n ip address dhcp", True),
            ("interface GigabitEthernet0/5\n ip address negotiated", True),
            ("interface GigabitEthernet0/5\n ip address dhcp\n shutdown", False),
            ("interface GigabitEthernet0/5\n no ip address", False),
            ("ip route 10.9.0.0 255.255.0.0 192.0.2.9", False),
        ],
    )
    def test_by_a_line(self, line: str, learns: bool) -> None:
        assert routing(line).learns is learns

    def test_ipv6(self) -> None:
        assert routing("ipv6 router ospf 1").learns
        assert not routing("ipv6 route 2001:DB8::/32 2001:DB8:1::9").learns

    def test_a_configuration_that_is_cut_off(self) -> None:
        assert RouterRules(msgspec.structs.replace(router(BASE + "end\n"), truncated=True)).routing.learns


PEER = "198.51.100.7"


def tunnel(**more: object) -> Endpoint:
    end = Endpoint("R", "Tunnel1", "tunnel", LocalEnd(address("192.0.2.1"), OUT), peer=address(PEER))
    return msgspec.structs.replace(end, **more)


SOMEWHERE = "ip route 10.9.0.0 255.255.0.0 192.0.2.9"
NOWHERE = Astray("nowhere", (), sure=False)


class TestATunnel:
    ITSELF = f"ip route {PEER} 255.255.255.255 Tunnel1"

    def test_whose_routes_lead_into_itself(self) -> None:
        found = rules(self.ITSELF)
        line = found.router.static_routes[0].line
        assert found.routing.astray(tunnel()) == Astray("itself", (line,), sure=True)
        by_hop = rules(f"ip route {PEER} 255.255.255.255 172.31.0.2").routing.astray(tunnel())
        assert by_hop is not None and by_hop.kind == "itself"
        learning = rules(self.ITSELF, "router ospf 1").routing.astray(tunnel())
        assert learning is not None and learning.kind == "itself" and not learning.sure
        twice = rules(self.ITSELF, "ip route 198.51.100.7 255.255.255.255 172.31.0.2").routing.astray(tunnel())
        assert twice is not None and len(twice.lines) == 2

    @pytest.mark.parametrize(
        "routes",
        [
            (f"{ITSELF} track 1",), (ITSELF, f"ip route {PEER} 255.255.255.255 192.0.2.9"),
            (ITSELF, f"ip route {PEER} 255.255.255.255 192.0.2.9 track 1"),
            (f"ip route {PEER} 255.255.255.255 192.0.2.9",), ("ip route 0.0.0.0 0.0.0.0 192.0.2.9",),
        ],
    )  # fmt: skip
    def test_whose_routes_may_lead_elsewhere(self, routes: tuple[str, ...]) -> None:
        assert routing(*routes).astray(tunnel()) is None

    def test_only_a_tunnel_in_the_vrf_of_its_outer_packets(self) -> None:
        found = routing(self.ITSELF)
        assert found.astray(tunnel(kind="gdoi")) is None
        assert found.astray(tunnel(interface="Tunnel9")) is None
        red = routing(f"ip route vrf RED {PEER} 255.255.255.255 Tunnel1")
        assert red.astray(tunnel(local=LocalEnd(address("192.0.2.1"), OUT, "RED"))) is None
        linked = BASE + "interface GigabitEthernet0/4\n ip address 198.51.100.1 255.255.255.0\n!\n"
        assert routing("ip route 198.51.100.0 255.255.255.0 Tunnel1", text=linked).astray(tunnel()) is None
        other = routing("ip route 198.51.100.0 255.255.255.128 Tunnel1", text=linked).astray(tunnel())
        assert other is not None and other.kind == "itself"

    def test_to_whose_peer_no_route_is_shown(self) -> None:
        assert routing(SOMEWHERE).astray(tunnel()) == NOWHERE
        assert routing(SOMEWHERE).astray(tunnel(peer=None)) is None
        assert routing(SOMEWHERE).astray(tunnel(peer=address("10.9.0.7"))) is None
        assert routing(SOMEWHERE).astray(tunnel(peer=address("192.0.2.7"))) is None

    def test_where_neither_end_shows_a_route_both_are_excerpts(self) -> None:
        assert routing().astray(tunnel()) is None
        assert routing().astray(tunnel(), told=True) == NOWHERE
        red = "ip route vrf RED 10.9.0.0 255.255.0.0 10.7.0.9"
        assert routing(red).astray(tunnel(), told=True) is None

    @pytest.mark.parametrize(
        ("lines", "may_learn"),
        [
            ("router ospf 1\n network 192.0.2.0 0.0.0.255 area 0", True),
            ("router ospf 1\n network 192.0.2.1 0.0.0.0 area 0", True),
            ("router ospf 1\n network 192.0.2.2 0.0.0.0 area 0", False),
            ("router ospf 1\n network 192.0.3.0 0.0.0.255 area 0", False),
            ("router ospf 1\n network 0.0.0.0 255.255.255.255 area 0", True),
            ("router ospf 1\n!\n network 192.0.2.0 0.0.0.255 area 0", True),
            ("router ospf 1\nline vty 0 4\n network 192.0.2.0 0.0.0.255 area 0", False),
            ("router eigrp 1\n network 0.0.0.0", True),
            ("router eigrp 1\n network 192.0.2.0", True),
            ("router eigrp 1\n network 192.0.3.0", False),
            ("router eigrp 1\n network 10.0.0.0", False),
            ("router eigrp 1\n network", False),
            ("router eigrp N\n network NAMED", True),
            ("router bgp 65000\n neighbor 192.0.2.9 remote-as 65001", True),
            ("router bgp 65000\n neighbor 203.0.113.9 remote-as 65001", True),
            ("router bgp 65000\n neighbor 10.1.0.9 remote-as 65001", False),
            ("router bgp 65000\n neighbor 10.7.0.9 remote-as 65001", True),
            ("router bgp 65000\n network 192.0.2.0", False),
            ("router ospf 1\n neighbor 203.0.113.9", True),
            ("router ospf 1\n neighbor 10.1.0.9", False),
            ("router eigrp 1\n redistribute static", False),
            ("interface GigabitEthernet0/0\n ip ospf 1 area 0", True),
            ("interface GigabitEthernet0/0\n ip router isis", True),
            ("interface GigabitEthernet0/0\n ip rip advertise 30", True),
            ("interface GigabitEthernet0/0\n ip mtu 1400", False),
            ("interface GigabitEthernet0/1\n ip ospf 1 area 0", False),
            ("ip default-gateway 192.0.2.9", True),
        ],
    )
    def test_routes_may_be_learnt_where_a_protocol_runs(self, lines: str, may_learn: bool) -> None:
        text = BASE
        if lines.startswith("interface"):
            header, body = lines.split("\n")
            text, lines = BASE.replace(f"{header}\n", f"{header}\n{body}\n"), ""
        assert routing(SOMEWHERE, lines or "!", text=text).astray(tunnel()) == (None if may_learn else NOWHERE)

    @pytest.mark.parametrize(
        ("own", "network", "inside"),
        [
            ("127.9.9.9", "127.0.0.0", True), ("127.9.9.9", "127.9.0.0", True), ("128.9.9.9", "128.9.0.0", True),
            ("128.9.9.9", "128.8.0.0", False), ("191.9.9.9", "191.9.0.0", True), ("191.9.9.9", "191.8.0.0", False),
            ("192.9.9.9", "192.9.9.0", True), ("192.9.9.9", "192.9.8.0", False), ("10.9.9.9", "10.0.0.0", True),
            ("10.9.9.9", "11.0.0.0", False),
        ],
    )  # fmt: skip
    def test_a_network_statement_without_a_wildcard_is_classful(self, own: str, network: str, inside: bool) -> None:
        text = BASE.replace("192.0.2.1 255.255.255.0", f"{own} 255.255.255.0")
        route = "ip route 203.0.113.0 255.255.255.0 10.1.0.9"
        found = routing(route, f"router eigrp 1\n network {network}", text=text).astray(tunnel())
        assert found == (None if inside else NOWHERE)

    def test_at_an_end_of_which_little_is_known_routes_may_be_learnt(self) -> None:
        found = routing(SOMEWHERE)
        for name in (None, "GigabitEthernet0/9"):
            assert found.astray(tunnel(local=LocalEnd(address("192.0.2.1"), name))) is None
        text = BASE.replace(" ip address 192.0.2.1 255.255.255.0\n", " no ip address\n")
        assert routing("ip route 10.9.0.0 255.255.0.0 10.1.0.9", text=text).astray(tunnel()) is None


MAP = """\
crypto map CM 10 ipsec-isakmp
 set peer 198.51.100.7
 set transform-set TS
 match address VPN
!
ip access-list extended VPN
 permit ip 10.1.0.0 0.0.255.255 10.9.0.0 0.0.255.255
!
"""
MAPPED = BASE.replace(" ip address 192.0.2.1 255.255.255.0\n", " ip address 192.0.2.1 255.255.255.0\n crypto map CM\n")
TO_PEER = "ip route 198.51.100.0 255.255.255.0 192.0.2.9"


def past(*routes: str, text: str = MAPPED, lists: str = MAP) -> tuple[str, bool, int] | None:
    """What becomes of the entry's traffic: kind, whether that is sure, and the lines of routes that say so."""
    found = rules(*routes, text=text + lists)
    (end,) = found.endpoints
    lost = found.routing.astray(end)
    return (lost.kind, lost.sure, len(lost.lines)) if lost is not None else None


class TestPastTheMap:
    ROUND = "ip route 10.9.0.0 255.255.0.0 10.1.0.9"

    @pytest.mark.parametrize(
        ("routes", "kind"),
        [
            ((ROUND,), ("round", True, 1)),
            (("ip route 10.9.0.0 255.255.0.0 192.0.2.9",), None),
            (("ip route 10.9.0.0 255.255.0.0 Null0",), ("discarded", True, 1)),
            (("ip route 10.9.0.0 255.255.0.0 Null0", ROUND), ("round", True, 2)),
            (("ip route 10.9.0.0 255.255.0.0 192.0.2.9", ROUND), None),
            ((), ("unrouted", False, 0)),
            ((f"{ROUND} track 1",), None),
            ((ROUND, "ip route 10.9.0.0 255.255.0.0 10.1.0.8 track 1"), None),
            (("ip route 10.9.0.0 255.255.0.0 203.0.113.1",), None),
            (("ip route 10.0.0.0 255.0.0.0 10.1.0.9",), ("round", True, 1)),
            ((ROUND, "ip route 10.9.4.0 255.255.255.0 192.0.2.9"), None),
            ((ROUND, "ip route vrf RED 10.9.4.0 255.255.255.0 10.7.0.9"), ("round", True, 1)),
            ((ROUND, "ip route 10.8.0.0 255.255.0.0 192.0.2.9"), ("round", True, 1)),
            ((ROUND, "router ospf 1"), ("round", False, 1)),
            (("ip route 10.9.0.0 255.255.0.0 Null0", "router ospf 1"), None),
            (("router ospf 1",), None),
        ],
    )
    def test_by_its_routes(self, routes: tuple[str, ...], kind: tuple[str, bool, int] | None) -> None:
        assert past(TO_PEER, *routes) == kind

    def test_without_any_route_it_is_an_excerpt(self) -> None:
        linked = MAPPED + "interface GigabitEthernet0/4\n ip address 198.51.100.1 255.255.255.0\n!\n"
        assert past(text=linked) is None

    def test_a_network_on_this_side_is_not_lost(self) -> None:
        near = MAP.replace("10.9.0.0 0.0.255.255", "10.2.0.0 0.0.255.255")
        assert past(TO_PEER, "ip route 10.2.0.0 255.255.0.0 Null0", lists=near) is None

    def test_some_of_it_may_leave_by_the_map(self) -> None:
        more = MAP.rstrip("!\n") + "\n permit ip 10.1.0.0 0.0.255.255 10.11.0.0 0.0.255.255\n!\n"
        assert past(TO_PEER, self.ROUND, "ip route 10.11.0.0 255.255.0.0 192.0.2.9", lists=more) is None
        assert past(TO_PEER, self.ROUND, lists=more) == ("round", True, 1)
        null = "ip route 10.11.0.0 255.255.0.0 Null0"
        assert past(TO_PEER, null, lists=more) == ("discarded", True, 1)
        assert past(TO_PEER, self.ROUND, null, lists=more) == ("round", True, 2)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (" match address VPN\n", " match address VPN\n reverse-route\n"),
            (" match address VPN\n", " match address VPN\n set isakmp-profile P\n"),
            (" permit ip 10.1.0.0 0.0.255.255 10.9", " permit ip object-group A 10.9"),
            (" permit ip 10.1", " permit ip object-group A 10.11.0.0 0.0.255.255\n permit ip 10.1"),
            ("ip access-list extended VPN\n", "route-map RM\n!\nip access-list extended VPN\n"),
        ],
    )
    def test_where_other_things_decide(self, old: str, new: str) -> None:
        profile = "crypto isakmp profile P\n   vrf RED\n   match identity address 0.0.0.0\n!\n"
        text = MAPPED.replace(" ip address 10.1.0.1", " ip policy route-map RM\n ip address 10.1.0.1")
        lists = profile + MAP.replace(old, new)
        assert past(TO_PEER, self.ROUND, text=text if "RM" in new else MAPPED, lists=lists) is None

    def test_where_no_address_is_shown_it_is_not_judged(self) -> None:
        learnt = "hostname R\n!\ninterface GigabitEthernet0/0\n ip address dhcp\n crypto map CM\n!\n"
        null = "ip route 10.9.0.0 255.255.0.0 Null0"
        assert past(TO_PEER, null, text=learnt) is None, "routes may be learnt"
        assert past(TO_PEER, null, text=learnt.replace("dhcp\n", "dhcp\n shutdown\n")) == ("discarded", True, 1)

    def test_an_entry_that_stands_on_no_interface_is_not_judged(self) -> None:
        found = rules(TO_PEER, self.ROUND, text=BASE + MAP)
        (end,) = found.unapplied
        assert found.routing.astray(end) is None

    def test_a_profile_without_a_vrf_and_another_entry_with_a_reverse_route_do_not(self) -> None:
        profile = "crypto isakmp profile P\n   match identity address 0.0.0.0\n!\n"
        bound = MAP.replace(" match address VPN\n", " match address VPN\n set isakmp-profile P\n")
        assert past(TO_PEER, self.ROUND, lists=profile + bound) == ("round", True, 1)
        found = rules(
            TO_PEER,
            self.ROUND,
            text=MAPPED + MAP + "crypto map CM 20 ipsec-isakmp\n set peer 198.51.100.8\n reverse-route\n!\n",
        )
        lost = found.routing.astray(found.endpoints[0])
        assert lost is not None and lost.kind == "round"

    def test_a_map_on_a_second_interface_takes_what_leaves_there(self) -> None:
        both = MAPPED.replace(" ip address 10.1.0.1", " crypto map CM\n ip address 10.1.0.1")
        found = rules(TO_PEER, self.ROUND, text=both + MAP)
        assert [found.routing.astray(end) for end in found.endpoints] == [None, None]

    def test_in_a_vrf_or_by_a_dynamic_map_it_is_not_judged(self) -> None:
        red = MAPPED.replace(" crypto map CM\n", " vrf forwarding RED\n crypto map CM\n")
        assert past(TO_PEER, self.ROUND, text=red) is None
        found = rules(TO_PEER, self.ROUND, text=MAPPED + MAP)
        dynamic = msgspec.structs.replace(found.endpoints[0], dynamic=True)
        assert found.routing.astray(dynamic) is None
