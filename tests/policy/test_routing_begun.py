"""The lines that make a router learn routes, spelt as IOS takes them (ROUTE-WAY)."""

import pytest
from parsed import router

from ikeaudit.ios.words import beginning
from ikeaudit.selection.local import Addresses
from ikeaudit.selection.routing import Routing

OUTSIDE = """\
hostname A
!
interface GigabitEthernet0/0
 ip address 192.0.2.1 255.255.255.0
{inside}!
ip route 10.7.0.0 255.255.0.0 192.0.2.7
{line}
!
end
"""


def routing(line: str, inside: str = "") -> Routing:
    found = router(OUTSIDE.format(line=line, inside=inside))
    return Routing(found, Addresses(found))


@pytest.mark.parametrize(
    "line",
    [
        "ip default-gateway 192.0.2.254",
        "ip default-network 10.0.0.0",
        "ip def 192.0.2.254",  # whichever of the two it is
        "ip default-g 192.0.2.254",
        "ip local policy route-map PBR",
        "ip local pol route-map PBR",
        "IP Default-Gateway 192.0.2.254",
        "ipv6 router ospf 1",
        "router bgp 65001",
        "router ospf 1",
    ],
)
def test_a_line_that_gives_routes_is_known_however_it_is_spelt(line: str) -> None:
    assert routing(line).learns


@pytest.mark.parametrize(
    "line",
    [
        "no ip default-gateway",
        "ip domain name example.com",
        "ip d 192.0.2.254",  # dhcp, domain, default-gateway: IOS asks which
        "ip local pool POOL 10.9.0.1 10.9.0.9",
        "ip local po POOL 10.9.0.1 10.9.0.9",  # pool or policy
        "ipv6 route ::/0 2001:db8::1",
        "route-map PBR permit 10",
    ],
)
def test_a_line_that_gives_none_is_not(line: str) -> None:
    assert not routing(line).learns


@pytest.mark.parametrize(
    ("inside", "spoken"),
    [
        (" ip ospf 1 area 0\n", True),
        (" ip osp 1 area 0\n", True),
        (" ip rip advertise 10\n", True),
        (" ip router isis\n", True),
        (" ip route-cache flow\n", False),
        (" ip ro isis\n", False),  # router or route-cache
        (" ip address 192.0.2.9 255.255.255.0 secondary\n", False),
    ],
)
def test_a_protocol_is_switched_on_at_an_interface(inside: str, spoken: bool) -> None:
    assert routing("", inside)._learns_at("GigabitEthernet0/0") is spoken


@pytest.mark.parametrize(
    ("inside", "steered"),
    [
        (" ip policy route-map PBR\n", True),
        (" ip pol route-map PBR\n", True),
        (" ipv6 policy route-map PBR\n", True),
        (" ip pim sparse-mode\n", False),
        (" ip p route-map PBR\n", False),  # pim or policy
    ],
)
def test_policy_routing_is_seen(inside: str, steered: bool) -> None:
    assert routing("", inside)._steered is steered


@pytest.mark.parametrize(
    ("below", "speaks"),
    [
        (" network 192.0.2.0 0.0.0.255 area 0", True),
        (" net 192.0.2.0 0.0.0.255 area 0", True),
        (" network 10.7.0.0 0.0.255.255 area 0", False),
        (" ne 192.0.2.0 0.0.0.255 area 0", False),  # network or neighbor
        (" neighbor 192.0.2.9", True),
        (" network", False),
    ],
)
def test_where_a_protocol_speaks(below: str, speaks: bool) -> None:
    assert routing(f"router ospf 1\n{below}")._learns_at("GigabitEthernet0/0") is speaks


@pytest.mark.parametrize("section", ["ip dhcp pool LAN", "ip nhrp group X", "line vty 0 4"])
def test_only_the_lines_of_a_protocol_say_where_it_runs(section: str) -> None:
    below = " network 192.0.2.0 255.255.255.0"
    assert not routing(f"{section}\n{below}")._learns_at("GigabitEthernet0/0")
    assert not routing(f"router ospf 1\n!\n{section}\n{below}")._learns_at("GigabitEthernet0/0")


@pytest.mark.parametrize(
    ("below", "inside", "speaks"),
    [
        ("router eigrp 1\n network 192.0.2.0 0.0.0.127", "", True),
        ("router eigrp 1\n network 192.0.2.128 0.0.0.127", "", False),
        ("router ospf 1\n network 192.0.2.1 0.0.0.0 area 0", "", True),
        ("router ospf 1\n network 192.0.2.0 0.0.0.0 area 0", "", False),
        ("router ospf 1\n network 10.7.0.0 0.0.255.255 area 0", " ip address 10.7.0.1 255.255.0.0 secondary\n", True),
    ],
)
def test_where_it_runs_by_its_wildcard(below: str, inside: str, speaks: bool) -> None:
    """Of which not every protocol says an area, and of which each bit counts; one network of the interface will do."""
    assert routing(below, inside)._learns_at("GigabitEthernet0/0") is speaks


def test_an_address_with_a_damaged_mask_is_passed_over_where_another_tells() -> None:
    """C-10: its network is not known, the other address says whether the protocol runs."""
    for network, speaks in (("192.0.2.0", True), ("10.7.0.0", False)):
        found = routing(f"router ospf 1\n network {network} 0.0.0.255 area 0", " ip address 203.0.113.1/xx secondary\n")
        (interface,) = found._router.interfaces
        assert [own.prefix is None for own in interface.addresses] == [False, True]
        assert found._learns_at("GigabitEthernet0/0") is speaks


def test_a_beginning_is_no_part_of_a_word_and_no_word_of_another_command() -> None:
    pattern = beginning("interface/ip-policy", "interface/ipv6-policy")
    assert pattern.match("  ip  policy")
    assert not pattern.match(" ip policyx")
    assert not pattern.match(" ip")
    assert not pattern.match(" no ip policy route-map X")
