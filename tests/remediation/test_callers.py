"""One representative for each class of callers, and what the router answers it (DESIGN 3.4)."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plans import router_of

from ikeaudit.model import Prefix
from ikeaudit.remediation.callers import accepted_key, callers, lost_callers, representatives
from ikeaudit.selection import RouterRules


def prefix(text: str) -> Prefix:
    network = ip_network(text)
    return Prefix.of(network.network_address, network.prefixlen)


@pytest.mark.parametrize(
    ("prefixes", "expected"),
    [
        ([], []),
        (["10.0.0.0/8"], ["10.0.0.0"]),
        # the first address of the wide one is taken by a narrow one
        (["10.0.0.0/8", "10.0.0.0/24"], ["10.0.0.0", "10.0.1.0"]),
        # a host inside
        (["10.0.0.0/30", "10.0.0.0/32", "10.0.0.2/32"], ["10.0.0.0", "10.0.0.1", "10.0.0.2"]),
        # the wide one is used up by its halves
        (["10.0.0.0/31", "10.0.0.0/32", "10.0.0.1/32"], ["10.0.0.0", "10.0.0.1"]),
        # siblings, and nesting of three
        (["0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "11.0.0.0/8"], ["0.0.0.0", "10.0.0.0", "10.1.0.0", "11.0.0.0"]),
        (["2001:db8::/32", "10.0.0.1/32"], ["10.0.0.1", "2001:db8::"]),
    ],
)
def test_representatives(prefixes: list[str], expected: list[str]) -> None:
    assert [str(address) for address in representatives(map(prefix, prefixes))] == expected


@given(st.lists(st.tuples(st.integers(0, 255), st.integers(0, 8)), max_size=12))
def test_every_class_has_a_representative(drawn: list[tuple[int, int]]) -> None:
    """Over 256 addresses, compare with the classes found by trying every address."""
    prefixes = [Prefix.of(ip_address((10 << 24) + value), 24 + length).network for value, length in drawn]
    everyone = [ip_address((10 << 24) + n) for n in range(256)]
    classes = {frozenset(p for p in prefixes if p.covers(a)) for a in everyone} - {frozenset()}
    found = [frozenset(p for p in prefixes if p.covers(a)) for a in representatives(prefixes)]
    assert set(found) == classes


TEXT = """\
hostname HUB
crypto keyring K1
  pre-shared-key address 198.51.100.0 255.255.255.0 key first-sample-key
crypto keyring K2
  pre-shared-key address 198.51.100.7 key second-sample-key
{more}
crypto isakmp profile P
   keyring {listed}
   match identity address 198.51.100.0 255.255.255.0
crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
crypto ipsec profile IP
 set transform-set TS
 set isakmp-profile P
interface Tunnel1
 tunnel source GigabitEthernet0/0
 tunnel mode gre multipoint
 tunnel protection ipsec profile IP
interface GigabitEthernet0/0
 ip address 192.0.2.1 255.255.255.0
end
"""


def rules(listed: str, more: str = "!") -> RouterRules:
    return RouterRules(router_of(TEXT.format(listed=listed, more=more)))


def answers(found: RouterRules) -> dict[str, bool]:
    return {str(caller.address): accepted_key(found, caller) is not None for caller in callers(found)}


def test_a_caller_needs_a_key_in_a_keyring_that_its_profile_lists() -> None:
    assert answers(rules("K1")) == {"198.51.100.0": True, "198.51.100.7": False}
    assert answers(rules("K2")) == {"198.51.100.0": False, "198.51.100.7": True}


def test_a_tie_with_another_key_is_no_answer() -> None:
    more = "crypto keyring K3\n  pre-shared-key address 198.51.100.7 key third-sample-key"
    assert answers(rules("K2", more)) == {"198.51.100.0": False, "198.51.100.7": False}


def test_a_lost_caller_is_named() -> None:
    before = rules("K1\n   keyring K2")
    lost = [str(caller.address) for caller in lost_callers(before, rules("K1"), callers(before))]
    assert lost == ["198.51.100.7"]
    assert not list(lost_callers(before, before, callers(before)))
