"""What others look up of a router: the addresses that it holds, and those that it names."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

from parsed import router as parsed

from ikeaudit.snapshot.card import Card, concerned
from ikeaudit.snapshot.cards import card_of
from ikeaudit.snapshot.matter import without_idle_lines

TEXT = """\
hostname R1
ip host far 203.0.113.9
crypto isakmp key one address 192.0.2.7 255.255.255.255
crypto isakmp key two address ipv6 2001:DB8:2::1/128
interface GigabitEthernet0/0
 ip address 192.0.2.1 255.255.255.0
 ipv6 address 2001:DB8:1::1/64
interface Tunnel0
 tunnel destination 198.51.100.1
ip access-list extended A
 permit ip host 203.0.113.200 any
ip route 0.0.0.0 0.0.0.0 192.0.2.254
end
"""


def number(text: str) -> int:
    return int(IPv4Address(text))


def test_addresses_held_and_named() -> None:
    card = card_of(parsed(TEXT))
    assert {*card.holds} == {number("192.0.2.1"), str(IPv6Address("2001:db8:1::1"))}
    masks = {number("255.255.255.255"), 0}
    named = map(number, ("203.0.113.9", "192.0.2.7", "198.51.100.1", "192.0.2.254"))
    assert {*card.names} == {*named, *masks, "2001:db8:2::1"}
    assert not card.state


def test_an_own_address_is_named_where_something_else_than_the_interface_says_it() -> None:
    card = card_of(parsed(TEXT.replace("tunnel destination 198.51.100.1", "tunnel destination 192.0.2.1")))
    assert number("192.0.2.1") in card.names


def test_what_no_rule_looks_at_names_nobody() -> None:
    text = TEXT.replace("ip route", "ntp server 203.0.113.77\nsnmp-server host 203.0.113.78 public\nip route")
    text = text.replace("interface Tunnel0\n", "interface Tunnel0\n description 203.0.113.79\n")
    named = {*card_of(without_idle_lines(parsed(text))).names} - {*card_of(parsed(TEXT)).names}
    assert named == {number("203.0.113.78")}


def test_who_is_concerned() -> None:
    cards = {
        "A": Card(holds=(1,), names=(2, 7)),
        "called": Card(holds=(2,)),
        "calling": Card(holds=(3,), names=(1,)),
        "double": Card(holds=(1, 9)),
        "another": Card(holds=(4,), names=(2,)),
        "B": Card(holds=(5,)),
        "alone": Card(holds=(6,)),
    }
    assert concerned(("A", "B"), cards) == {"A", "B", "called", "calling", "double"}
