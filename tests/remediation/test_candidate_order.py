"""Typed in whatever order, lines are printed in that of a running-config, each block with its separators (TEXT-PRINTED)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ikeaudit.candidate import Candidate

PRINTED = """\
version 15.7
service timestamps debug datetime msec
hostname R
!
vrf definition FRONT
!
logging buffered 100000
enable secret 9 hash
!
aaa new-model
ip domain name example.net
!
crypto pki trustpoint CA
!
crypto ikev2 proposal PR
!
crypto ikev2 policy PO
!
crypto ikev2 keyring K2
!
crypto ikev2 profile P2
!
crypto keyring K
!
crypto isakmp policy 5
!
crypto isakmp policy 10
crypto isakmp key sesame address 192.0.2.9
crypto isakmp keepalive 10
crypto isakmp profile P
   ! This profile is incomplete (no match identity statement)
crypto ipsec transform-set TS esp-aes
!
crypto ipsec profile I
crypto dynamic-map D 10
!
crypto map M 10 ipsec-isakmp
crypto map M 20 ipsec-isakmp
!
interface Loopback0
!
interface Tunnel2
!
interface Tunnel10
!
interface Ethernet0/0
!
interface GigabitEthernet0/0
!
interface GigabitEthernet0/0.10
!
router ospf 1
!
ip http secure-server
ip route 0.0.0.0 0.0.0.0 192.0.2.2
ip access-list extended A
!
route-map RM permit 10
!
access-list 10 permit any
snmp-server location here
line vty 0 4
!
ntp server 192.0.2.7
"""
LINES = [line for line in PRINTED.splitlines() if line[0] not in " !"]


def typed(lines: list[str], text: str = "") -> str:
    """The text after these lines, each typed at the top of configuration mode."""
    candidate = Candidate.from_text(text, strict_references=False)
    replies = candidate.apply([one for line in lines for one in ("configure terminal", line)])
    assert [reply.command for reply in replies if reply.refused] == []
    return candidate.text()


@settings(max_examples=25, deadline=None)
@given(st.permutations(LINES))
def test_any_order_gives_that_of_a_running_config(lines: list[str]) -> None:
    text = typed(lines)
    assert [line for line in text.splitlines() if line and line[0] not in " !"] == LINES
    assert "!\n!\n" not in text
    assert Candidate.from_text(text).text() == text


def test_separators() -> None:
    printed = [line for line in typed(LINES).splitlines() if line]
    assert [line for line in printed if line != "!"] == [line for line in PRINTED.splitlines() if line != "!"]
    opening = (
        "vrf",
        "crypto pki",
        "crypto ikev2",
        "crypto isakmp policy",
        "crypto ipsec profile",
        "interface",
        "router",
    )
    for at, line in enumerate(printed[1:], 1):
        if line.startswith(opening):
            assert printed[at - 1] == "!", line


ENTRIES = ["crypto map M 5 ipsec-isakmp", "crypto map M 10 ipsec-isakmp", "crypto map M 100 ipsec-isakmp"]
OTHERS = ["crypto map A 7 ipsec-isakmp", "crypto map A 70 ipsec-isakmp"]
WHOLE = "crypto map M local-address Loopback0"


@settings(max_examples=40, deadline=None)
@given(st.permutations([*ENTRIES, *OTHERS, WHOLE]))
def test_entries_of_a_map_stand_together_by_number_its_attributes_first(lines: list[str]) -> None:
    headers = [line for line in typed(lines).splitlines() if line.startswith("crypto map")]
    mine = [WHOLE, *ENTRIES]
    assert headers == ([*mine, *OTHERS] if lines[0] in mine else [*OTHERS, *mine]), "the map that was there first"


@settings(max_examples=40, deadline=None)
@given(st.permutations([5, 10, 20, 100]), st.sampled_from([5, 10, 20, 100]))
def test_policies_stay_in_order_when_one_goes_and_comes_back(numbers: list[int], one: int) -> None:
    lines = [f"crypto isakmp policy {number}" for number in numbers]
    text = typed(lines, "hostname R\n!\ninterface Loopback0\n!\nend\n")
    assert typed([f"no crypto isakmp policy {one}", f"crypto isakmp policy {one}"], text) == text
    left = typed([f"no crypto isakmp policy {number}" for number in numbers if number != one], text)
    assert left == f"hostname R\n!\ncrypto isakmp policy {one}\n!\ninterface Loopback0\n!\nend\n"
    none = typed([f"no crypto isakmp policy {one}"], left)
    assert none == "hostname R\n!\ninterface Loopback0\n!\nend\n"
    assert typed(lines, none) == text


@pytest.mark.parametrize(
    ("section", "lines"),
    [
        ("crypto isakmp policy 10", "encr aes 256; hash md5; authentication pre-share; group 14; lifetime 3600"),
        (
            "interface Tunnel1",
            "description one; vrf forwarding V; ip address 10.0.0.1 255.0.0.0; ip address 10.0.0.2 255.0.0.0 secondary; "
            "no ip redirects; ip mtu 1400; tunnel source Loopback0; tunnel mode ipsec ipv4; tunnel destination 192.0.2.1; "
            "tunnel protection ipsec profile I",
        ),
        ("crypto ipsec profile I", "set transform-set TS; set pfs group14; set isakmp-profile P; reverse-route"),
        ("crypto map M 10 ipsec-isakmp", "set peer 192.0.2.1; set transform-set TS; set pfs group14; match address A"),
        (
            "crypto isakmp profile P",
            "description one; vrf V; keyring K; self-identity fqdn a.b; match identity address 192.0.2.1 255.255.255.255; "
            "local-address Loopback0; initiate mode aggressive; virtual-template 1",
        ),
    ],
)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_so_do_the_lines_of_a_section(section: str, lines: str, data: st.DataObject) -> None:
    printed = [line.strip() for line in lines.split(";")]
    order = data.draw(st.permutations(printed))
    if "vrf forwarding V" in order:  # takes the addresses away that were there before
        order = ["vrf forwarding V", *(line for line in order if line != "vrf forwarding V")]
    if section.startswith("interface"):  # the secondary address wants the primary first
        order = sorted(order, key=lambda line: line.endswith("secondary"))
    candidate = Candidate.from_text("crypto ipsec transform-set TS esp-aes\n", strict_references=False)
    assert not [reply for reply in candidate.apply([section, *order]) if reply.refused]
    shown = [line.strip() for line in candidate.text().splitlines() if line.startswith(" ") and "!" not in line]
    assert shown == printed


def test_a_kind_goes_behind_the_last_of_those_before_it_wherever_one_was_put_in() -> None:
    text = "hostname R\n!\ninterface Tunnel3\n!\ninterface Tunnel5\n!\nip route 10.3.0.0 255.255.0.0 Null0\nend\n"
    candidate = Candidate.from_text(text)
    for commands in (["interface Tunnel1", "interface Tunnel4"], ["router ospf 1"], ["interface Tunnel2"]):
        candidate.apply(commands)
    headers = [line for line in candidate.text().splitlines() if line not in ("!", "hostname R", "end")]
    assert headers == [
        *(f"interface Tunnel{n}" for n in range(1, 6)),
        "router ospf 1",
        "ip route 10.3.0.0 255.255.0.0 Null0",
    ]
