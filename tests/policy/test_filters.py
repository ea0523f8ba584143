"""Access lists that drop what IKE sends, by hand: which list, which line, and when nobody can tell (FILTER-IN)."""

from __future__ import annotations

import msgspec
import pytest
from parsed import router

from ikeaudit.model import IPAddress, parse_address
from ikeaudit.selection import LocalEnd, RouterRules
from ikeaudit.selection.filters import Filter, Packet, dropping

BASE = """\
hostname R
!
interface Loopback0
 ip address 203.0.113.1 255.255.255.255
!
interface GigabitEthernet0/0
 ip address 192.0.2.1 255.255.255.0
 ipv6 address 2001:DB8::1/64
 ip access-group IN in
 ipv6 traffic-filter SIX in
!
interface GigabitEthernet0/1
 ip address 10.1.0.1 255.255.0.0
!
ip access-list extended IN
"""
BINDING, FIRST = 9, 16
FAR, OWN = "198.51.100.7", "192.0.2.1"
NAME = "GigabitEthernet0/0"


def address(text: str) -> IPAddress:
    found = parse_address(text)
    assert found is not None
    return found


def rules(*entries: str, more: str = "", text: str = BASE) -> RouterRules:
    return RouterRules(router(text + "".join(f" {line}\n" for line in entries) + f"!\n{more}end\n"))


def dropped(
    found: RouterRules, packet: Packet = "udp 500", far: str | None = FAR, end: LocalEnd | None = None
) -> Filter | None:
    end = end or LocalEnd(address(OWN), NAME)
    return dropping(found.router, found.routing, end, address(far) if far else None, packet)


def line(*entries: str, packet: Packet = "udp 500") -> int | None:
    """The number of the entry that drops, 0 for the end of the list, None where none surely does."""
    found = dropped(rules(*entries), packet)
    return None if found is None else found.line and found.line - FIRST + 1


TCP = "permit tcp any any"


class TestWhichEntryDecides:
    @pytest.mark.parametrize(
        ("entry", "drops"),
        [
            ("deny ip any any", True), ("deny udp any any", True), ("deny 17 any any", True), ("deny esp any any", False),
            ("deny udp host 198.51.100.7 any", True), ("deny udp host 198.51.100.8 any", False),
            ("deny udp any host 192.0.2.1", True), ("deny udp any host 192.0.2.2", False),
            ("deny udp any any eq isakmp", True), ("deny udp any any eq 500", True), ("deny udp any eq isakmp any", True),
            ("deny udp any any eq non500-isakmp", False), ("deny udp any any eq 4500 500", True),
            ("deny udp any any eq snmp", False), ("deny udp any any neq 500", False), ("deny udp any any neq 4500", True),
            ("deny udp any any neq snmp", True), ("deny udp any any range 500 501", True),
            ("deny udp any any range 499 500", True), ("deny udp any any range 501 600", False),
            ("deny udp any any range 400 499", False),
            ("deny udp any any gt 499", True), ("deny udp any any gt 500", False), ("deny udp any any lt 501", True),
            ("deny udp any any lt 500", False), ("deny udp any eq 500 any eq 4500", False),
            ("deny udp any any gt snmp", False), ("deny udp any any dscp ef", False), ("deny ip any any fragments", False),
            ("deny udp any any precedence critical", False), ("deny udp any any tos 4", False),
            ("deny ip any any option any-options", False), ("deny ip any any ttl eq 255", False),
            ("deny udp any any log-input", True),
            # IOS prints keywords before log: a word behind it is a cookie.
            ("deny udp any any log fragments", True), ("deny udp any any log rarely", True),
            ("deny udp any any fragments log rarely", False),
            ("deny udp any any eq 500 sequence 20", True), ("deny udp any any sequence 20 fragments", False),
            ("deny udp any any time-range T", False), ("deny udp any any log", True),
            ("deny udp object-group G any", False), ("deny object-group G any any", False),
        ],
    )  # fmt: skip
    def test_a_deny_before_a_permit_of_everything(self, entry: str, drops: bool) -> None:
        assert line(entry, "permit ip any any") == (1 if drops else None)

    @pytest.mark.parametrize(
        ("entry", "passes"),
        [
            ("permit udp any any eq isakmp", True), ("permit udp any any eq 4500", False), ("permit esp any any", False),
            ("permit udp any any dscp ef", True), ("permit object-group G any any", True),
            ("permit udp object-group G any", True), ("permit udp any any gt snmp", True), ("permit icmp any any", False),
            ("permit udp host 198.51.100.8 any", False),
        ],
    )  # fmt: skip
    def test_a_permit_before_the_end(self, entry: str, passes: bool) -> None:
        assert line(entry) == (None if passes else 0)
        assert line(entry, "deny udp any any") == (None if passes else 2)

    @pytest.mark.parametrize(
        ("packet", "entry"),
        [("esp", "esp"), ("esp", "50"), ("ahp", "ahp"), ("ahp", "51"), ("udp 4500", "udp"), ("udp 500", "17")],
    )
    def test_each_packet_by_its_protocol(self, packet: Packet, entry: str) -> None:
        assert line(f"permit {entry} any any", packet=packet) is None
        assert line(f"deny {entry} any any", "permit ip any any", packet=packet) == 1
        others = {"esp", "50", "ahp", "51", "udp", "17"} - {
            entry,
            {"50": "esp", "51": "ahp", "17": "udp"}.get(entry, entry),
        }
        others -= {"50"} if entry == "esp" else {"51"} if entry == "ahp" else {"17"} if entry == "udp" else set()
        for other in sorted(others):
            assert line(f"permit {other} any any", packet=packet) == 0, other

    def test_ports_go_by_the_packet(self) -> None:
        assert line("permit udp any any eq 500", packet="udp 4500") == 0
        assert line("permit udp any any eq non500-isakmp", packet="udp 4500") is None


class TestWhichListIsAsked:
    def test_it_is_told_with_its_lines(self) -> None:
        assert dropped(rules(TCP, "deny ip any any")) == Filter(NAME, "IN", BINDING, FIRST + 1)
        assert dropped(rules(TCP)) == Filter(NAME, "IN", BINDING, 0)

    def test_the_one_for_what_comes_in(self) -> None:
        assert dropped(rules(TCP, text=BASE.replace("IN in", "IN out"))) is None

    def test_none_where_it_is_not_there_or_empty_or_inspection_opens_it(self) -> None:
        assert dropped(rules(TCP, text=BASE.replace("extended IN", "extended OTHER"))) is None
        assert dropped(rules()) is None
        assert (
            dropped(rules(TCP, text=BASE.replace(" ip access-group", " ip inspect FW out\n ip access-group"))) is None
        )

    def test_none_for_ends_that_are_not_known(self) -> None:
        found = rules(TCP)
        assert dropped(found, far=None) is None
        assert dropped(found, end=LocalEnd(None, NAME)) is None
        assert dropped(found, end=LocalEnd(address(OWN), "GigabitEthernet0/9")) is None
        assert dropped(found, end=LocalEnd(address("10.1.0.1"), "GigabitEthernet0/1")) is None

    def test_ipv6_has_a_list_of_its_own(self) -> None:
        six = "ipv6 access-list SIX\n permit tcp any any\n!\n"
        end = LocalEnd(address("2001:db8::1"), NAME)
        found = dropped(rules("permit ip any any", more=six), far="2001:db8::7", end=end)
        assert found is not None and (found.acl, found.binding) == ("SIX", BINDING + 1)
        assert dropped(rules("permit ip any any", more=six)) is None
        passing = "ipv6 access-list SIX\n permit ipv6 any any\n!\n"
        assert dropped(rules(TCP, more=passing), far="2001:db8::7", end=end) is None

    def test_a_loopback_is_reached_by_the_interface_on_the_way_back(self) -> None:
        route, end = "ip route 198.51.100.0 255.255.255.0 {}\n", LocalEnd(address("203.0.113.1"), "Loopback0")
        here = rules(TCP, more=route.format("192.0.2.9"))
        assert dropped(here, end=end) == Filter(NAME, "IN", BINDING, 0)
        for other in (LocalEnd(address("203.0.113.1"), "Tunnel1"), LocalEnd(address("203.0.113.1"))):
            assert dropped(here, end=other) is not None
        assert dropped(rules(TCP, more=route.format("10.1.0.9")), end=end) is None
        assert dropped(rules(TCP), end=end) is None
        assert dropped(rules(TCP, more=route.format("192.0.2.9") + "router ospf 1\n"), end=end) is None


def test_a_range_of_unknown_names_is_not_known() -> None:
    found = rules("permit udp any any range 400 600")
    acl = found.router.acls[0]
    assert acl.entries[0].destination_ports == "range 400 600"
    odd = msgspec.structs.replace(acl.entries[0], destination_ports="range tftp snmp")
    changed = msgspec.structs.replace(found.router, acls=(msgspec.structs.replace(acl, entries=(odd,)),))
    assert dropped(RouterRules(changed)) is None
