"""Text typed or pasted without indents: what stands at the margin belongs to the section that knows it better."""

from __future__ import annotations

from ikeaudit.candidate import Candidate
from ikeaudit.candidate.line_tree import read_tree

FLAT = """\
hostname SPOKE
!
crypto ipsec profile P
set transform-set T
!
interface Tunnel0
ip address 172.16.0.2 255.255.255.0
no ip split-horizon eigrp 1
ip tcp adjust-mss 1360
tunnel source GigabitEthernet0/0
tunnel mode gre multipoint
tunnel protection ipsec profile P
interface GigabitEthernet0/0
ip address 192.0.2.2 255.255.255.0
!
ip tcp synwait-time 5
ip route 0.0.0.0 0.0.0.0 192.0.2.1
"""


def children(text: str, header: str) -> list[str]:
    section = next(line for line in read_tree(text).children() if line.text == header)
    return [line.text for line in section.children()]


def test_every_line_of_a_flat_interface_belongs_to_it() -> None:
    assert children(FLAT, "interface Tunnel0") == [
        "ip address 172.16.0.2 255.255.255.0",
        "no ip split-horizon eigrp 1",
        "ip tcp adjust-mss 1360",
        "tunnel source GigabitEthernet0/0",
        "tunnel mode gre multipoint",
        "tunnel protection ipsec profile P",
    ]
    assert children(FLAT, "interface GigabitEthernet0/0") == ["ip address 192.0.2.2 255.255.255.0"]


def test_a_line_is_taken_out_of_a_flat_interface() -> None:
    candidate = Candidate.from_text(FLAT)
    replies = candidate.apply(["interface Tunnel0", "no tunnel protection ipsec profile P", "exit"])
    assert replies[1].changed
    assert candidate.text() == FLAT.replace("tunnel protection ipsec profile P\n", "")


def test_a_global_line_behind_an_indented_interface_stays_global() -> None:
    text = "interface Tunnel0\n ip mtu 1400\nip pim rp-address 192.0.2.9\nip tcp adjust-mss 1360\n"
    assert children(text, "interface Tunnel0") == ["ip mtu 1400"]


def test_one_line_that_lost_its_indent_comes_back_to_its_section() -> None:
    text = "interface Tunnel0\n ip mtu 1400\ntunnel source Loopback0\nip route 10.0.0.0 255.0.0.0 Null0\n"
    assert children(text, "interface Tunnel0") == ["ip mtu 1400", "tunnel source Loopback0"]
