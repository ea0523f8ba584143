"""Routing neighbours and interface counters of lab routers: there while the tunnel carries traffic, gone with it."""

from __future__ import annotations

import re

import pytest

from ikeaudit.lab import Console, Lab, LabRouter

TEXT = """hostname {name}
!
crypto isakmp policy 10
 encr aes
 authentication pre-share
 group 14
crypto isakmp key one-key address {peer}
!
crypto ipsec transform-set TS esp-aes esp-sha-hmac
!
crypto ipsec profile P
 set transform-set TS
!
interface Loopback0
 ip address {loop} 255.255.255.255
!
interface Tunnel1
 ip address {inner} 255.255.255.0
 tunnel source Ethernet0/0
 tunnel destination {peer}
 tunnel protection ipsec profile P
!
interface Ethernet0/0
 ip address {outer} 255.255.255.0
!
router eigrp 100
 network 10.0.0.0 0.0.0.255
!
router ospf 1
 network 10.0.0.0 0.0.0.255 area {area}
!
router bgp {own}
 neighbor {far} remote-as {other}
!
end
"""


def text(name, area="0", other=None):
    one = name == "R1"
    return TEXT.format(
        name=name,
        peer="192.0.2.2" if one else "192.0.2.1",
        outer="192.0.2.1" if one else "192.0.2.2",
        inner="10.0.0.1" if one else "10.0.0.2",
        far="10.0.0.2" if one else "10.0.0.1",
        loop="1.1.1.1" if one else "2.2.2.2",
        area=area,
        own="65001" if one else "65002",
        other=other or ("65002" if one else "65001"),
    )


@pytest.fixture
def pair():
    """Boots R1 and R2 and gives a function that types on one of them."""
    labs = []

    def boot(one=None, two=None):
        lab = Lab([LabRouter("R1", one or text("R1")), LabRouter("R2", two or text("R2"))])
        lab.__enter__()
        labs.append(lab)
        return lambda name, line: lab.do(lambda: Console(lab.router(name), privilege=15).send(line))

    yield boot
    for lab in labs:
        lab.stop()


def test_neighbours_come_with_the_tunnel_and_go_with_it(pair):
    type_ = pair()
    assert "10.0.0.2" not in type_("R1", "show ip eigrp neighbors") + type_("R1", "show ip ospf neighbor")
    assert re.search(r"10\.0\.0\.2 .* Idle", type_("R1", "show ip bgp summary"))
    assert "100 percent" in type_("R1", "ping 10.0.0.2 source Tunnel1")
    assert re.search(r"AS\(100\)[\s\S]*10\.0\.0\.2 +Tu1 ", type_("R1", "show ip eigrp neighbors"))
    assert re.search(r"2\.2\.2\.2 .*FULL.* 10\.0\.0\.2 +Tunnel1", type_("R1", "show ip ospf neighbor"))
    assert re.search(r"10\.0\.0\.1 .* 65001 .* \d+$", type_("R2", "show ip bgp summary").strip())
    type_("R2", "clear crypto session")
    assert "10.0.0.2" not in type_("R1", "show ip eigrp neighbors") + type_("R1", "show ip ospf neighbor")


def test_both_ends_must_agree(pair):
    type_ = pair(two=text("R2", area="7", other="65009").replace("router eigrp 100", "router eigrp 200"))
    assert "100 percent" in type_("R1", "ping 10.0.0.2 source Tunnel1")
    assert "10.0.0.2" not in type_("R1", "show ip eigrp neighbors") + type_("R1", "show ip ospf neighbor")
    assert "Idle" in type_("R1", "show ip bgp summary")


def test_counters_count(pair):
    type_ = pair()
    type_("R1", "ping 10.0.0.2 source Tunnel1 repeat 7")
    type_("R1", "clear crypto session")
    type_("R1", "ping 10.0.0.2 source Tunnel1 repeat 2")
    for name in ("R1", "R2"):
        shown = type_(name, "show interfaces Tunnel1")
        assert "9 packets input, 900 bytes" in shown and "9 packets output, 900 bytes" in shown
    assert type_("R1", "show interfaces | include ^Tunnel|packets input").count("Tunnel1") == 1


def test_no_bgp_no_table(pair):
    type_ = pair(one=re.sub(r"router bgp[\s\S]*?!\n", "", text("R1")))
    assert "% BGP not active" in type_("R1", "show ip bgp summary")


IN_VRF = """router eigrp 100
 !
 address-family ipv4 vrf RED autonomous-system 7
  network 10.0.0.0 0.0.0.255
 exit-address-family
!
router ospf 1 vrf RED
 network 10.0.0.0 0.0.0.255 area 0
!
router bgp {own}
 !
 address-family ipv4 vrf RED
  neighbor {far} remote-as {other}
  neighbor {far} activate
 exit-address-family
!
end
"""


def in_vrf(name):
    """The same router with its tunnel, and all routing over it, in the VRF RED."""
    one = name == "R1"
    routing = IN_VRF.format(
        own="65001" if one else "65002", other="65002" if one else "65001", far="10.0.0.2" if one else "10.0.0.1"
    )
    head = (
        text(name)
        .partition("router eigrp")[0]
        .replace("interface Tunnel1\n", "interface Tunnel1\n ip vrf forwarding RED\n")
    )
    return head.replace("!\ncrypto isakmp policy", "!\nip vrf RED\n!\ncrypto isakmp policy", 1) + routing


def test_neighbours_in_a_vrf(pair):
    type_ = pair(one=in_vrf("R1"), two=in_vrf("R2"))
    assert re.search(r"(?m)^  RED +<not set> +Tu1$", type_("R1", "show ip vrf"))
    assert "100 percent" in type_("R1", "ping vrf RED 10.0.0.2 source Tunnel1")
    assert re.search(r"AS\(7\) VRF\(RED\)[\s\S]*10\.0\.0\.2 +Tu1 ", type_("R1", "show ip eigrp vrf RED neighbors"))
    assert "10.0.0.2" not in type_("R1", "show ip eigrp neighbors") + type_("R1", "show ip bgp summary")
    assert re.search(r"FULL.* 10\.0\.0\.2 +Tunnel1", type_("R1", "show ip ospf neighbor"))
    assert re.search(r"(?m)^10\.0\.0\.1 .* 65001 .* 0$", type_("R2", "show ip bgp vpnv4 all summary"))
    type_("R2", "clear crypto session")
    assert "10.0.0.2" not in type_("R1", "show ip eigrp vrf RED neighbors") + type_("R1", "show ip ospf neighbor")
    assert re.search(r"(?m)^10\.0\.0\.1 .* Idle$", type_("R2", "show ip bgp vpnv4 all summary"))


def test_one_end_in_a_vrf_is_enough_for_neighbours(pair):
    """The VRF is each router's own affair."""
    type_ = pair(one=in_vrf("R1").replace("system 7", "system 100"))
    assert "100 percent" in type_("R1", "ping vrf RED 10.0.0.2 source Tunnel1")
    assert "10.0.0.2" in type_("R1", "show ip eigrp vrf RED neighbors") and "10.0.0.1" in type_(
        "R2", "show ip eigrp neighbors"
    )
