"""How IOS prints a line that may be typed in several ways: what its row makes of the operands (TEXT-PRINTED)."""

from __future__ import annotations

import pytest

from ikeaudit.candidate import Candidate
from ikeaudit.ios.language import GLOBAL, LANGUAGES
from ikeaudit.ios.syntax import Match

HOST, ANY = "255.255.255.255", "0.0.0.0"


@pytest.mark.parametrize(
    ("mode", "typed", "printed"),
    [
        ("isakmp-policy", "encr aes", "encryption aes"),
        ("isakmp-policy", "encryption aes 128", "encryption aes"),
        ("isakmp-policy", "encryption aes 192", "encryption aes 192"),
        ("isakmp-policy", "encryption aes 256", "encryption aes 256"),
        ("isakmp-policy", "encryption 3des", "encryption 3des"),
        ("keyring", f"pre-shared-key address 192.0.2.1 {HOST} key 0 k", "pre-shared-key address 192.0.2.1 key k"),
        ("keyring", "pre-shared-key address 192.0.2.0 255.255.255.0 key 6 k",
         "pre-shared-key address 192.0.2.0 255.255.255.0 key 6 k"),
        ("keyring", "pre-shared-key address ipv6 2001:DB8::/32 key 0 k", "pre-shared-key address ipv6 2001:DB8::/32 key k"),
        ("keyring", "pre-shared-key hostname far.example key 0 k", "pre-shared-key hostname far.example key k"),
        ("global", f"crypto isakmp key 0 k address 192.0.2.1 {HOST}", "crypto isakmp key k address 192.0.2.1"),
        ("global", "crypto isakmp key k address 192.0.2.1 no-x", "crypto isakmp key k address 192.0.2.1 no-xauth"),
        ("global", "crypto isakmp key 6 k hostname far.example", "crypto isakmp key 6 k hostname far.example"),
        ("isakmp-profile", "match identity address 192.0.2.1", f"match identity address 192.0.2.1 {HOST}"),
        ("isakmp-profile", "match identity address 192.0.2.1 RED", f"match identity address 192.0.2.1 {HOST} RED"),
        ("isakmp-profile", f"match identity address {ANY} {ANY}", f"match identity address {ANY}"),
        ("isakmp-profile", f"match identity address {ANY} RED", f"match identity address {ANY} RED"),
        ("ikev2-profile", "match identity remote address 192.0.2.1", f"match identity remote address 192.0.2.1 {HOST}"),
        ("ikev2-profile", f"match identity remote address {ANY} {ANY}", f"match identity remote address {ANY}"),
        ("ikev2-peer", f"address 192.0.2.1 {HOST}", "address 192.0.2.1"),
        ("ikev2-peer", "address 192.0.2.0 255.255.255.0", "address 192.0.2.0 255.255.255.0"),
        ("ikev2-peer", "pre-shared-key 0 k", "pre-shared-key k"),
        ("ikev2-peer", "pre-shared-key local 6 k", "pre-shared-key local 6 k"),
        ("ikev2-peer", "pre-shared-key rem k", "pre-shared-key remote k"),
    ],
)  # fmt: skip
def test_a_line_as_ios_prints_it(mode: str, typed: str, printed: str) -> None:
    found = LANGUAGES[mode].read(typed)
    assert isinstance(found, Match) and found.command.spell is not None
    assert found.command.spell(found.args) == printed


@pytest.mark.parametrize("line", ["ip address dhcp", "ip address negotiated", "ip address 192.0.2.1 255.255.255.0"])
def test_an_interface_without_its_address_says_so(line: str) -> None:
    candidate = Candidate.from_text("hostname R\ninterface GigabitEthernet0/0\nend\n")
    candidate.apply(["interface GigabitEthernet0/0", line])
    assert f" {line}" in candidate.text().splitlines()
    candidate.apply(["interface GigabitEthernet0/0", f"no {line}"])
    assert [one for one in candidate.text().splitlines() if "address" in one] == [" no ip address"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("route-map R permit 10", "route-map R  permit   10", True),
        ("route-map R permit 10", "route-map R permit10", False),
        ("crypto map M 10 ipsec-isakmp", "crypto map M 20 ipsec-isakmp", False),
        ("crypto map M 10 ipsec-isakmp", "crypto map N 10 ipsec-isakmp", False),
        ("crypto map M 10 ipsec-isakmp", "crypto map M 10 ipsec-isakmp dynamic D", True),
        ("crypto dynamic-map D 10", "crypto dynamic-map D 20", False),
        ("crypto dynamic-map D 10", "crypto dynamic-map E 10", False),
        ("crypto map M local-address Loopback0", "crypto map M local-address Loopback1", True),
        ("crypto map M local-address Loopback0", "crypto map N local-address Loopback0", False),
        ("crypto map M isakmp-profile P", "crypto map M local-address Loopback0", False),
        ("crypto map M client authentication list A", "crypto map M client accounting list A", False),
        ("crypto map M client configuration address initiate", "crypto map M client configuration address respond", False),
        ("crypto isakmp key a address 192.0.2.1", f"crypto isakmp key b address 192.0.2.1 {HOST}", True),
        ("crypto isakmp key a address 192.0.2.1", "crypto isakmp key a address 192.0.2.1 255.255.255.0", False),
    ],
)  # fmt: skip
def test_which_lines_are_the_same_line(one: str, other: str, same: bool) -> None:
    mine, theirs = GLOBAL.read(one), GLOBAL.read(other)
    assert isinstance(mine, Match) and isinstance(theirs, Match)
    assert (mine.command.identity(mine.args) == theirs.command.identity(theirs.args)) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", f"192.0.2.1 {HOST}", True),
        ("192.0.2.1", "192.0.2.1 255.255.255.0", False),
        ("192.0.2.1 RED", f"192.0.2.1 {HOST} RED", True),
        ("192.0.2.1 RED", "192.0.2.1 BLUE", False),
        ("192.0.2.1 RED", "192.0.2.1", False),
    ],
)
def test_which_matches_are_the_same(one: str, other: str, same: bool) -> None:
    mine, theirs = (LANGUAGES["isakmp-profile"].read(f"match identity address {text}") for text in (one, other))
    assert isinstance(mine, Match) and isinstance(theirs, Match)
    assert (mine.command.identity(mine.args) == theirs.command.identity(theirs.args)) is same


def test_a_line_behind_no_with_operands_is_that_line_alone() -> None:
    for line in ("crypto map M 10 ipsec-isakmp", "crypto dynamic-map D 10", "crypto isakmp key a address 192.0.2.1"):
        found = GLOBAL.read(line)
        assert isinstance(found, Match)
        row = found.command
        assert row.key_of is not None and row.identity_start(found.args) == row.identity(found.args) != (row.slot,)


def test_both_ways_to_give_a_client_its_address_stand_beside_each_other() -> None:
    ways = [f"crypto map M client configuration address {way}" for way in ("initiate", "respond")]
    candidate = Candidate.from_text("hostname R\nend\n")
    candidate.apply(ways)
    assert [line for line in candidate.text().splitlines() if line.startswith("crypto map")] == ways


@pytest.mark.parametrize(
    ("name", "reply"),
    [
        ("GigabitEthernet0/0", "% Removal of physical interfaces is not permitted"),
        ("GigabitEthernet0/0.10", ""),
        ("Tunnel1", ""),
    ],
)
def test_which_interface_may_go(name: str, reply: str) -> None:
    candidate = Candidate.from_text(f"hostname R\ninterface {name}\nend\n")
    assert candidate.apply([f"no interface {name}"])[-1].output == reply
    assert (f"interface {name}" in candidate.text().splitlines()) is bool(reply)
