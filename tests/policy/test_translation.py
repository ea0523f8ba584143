"""What address translation takes, against looking at every address one by one."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ikeaudit.model import AccessList, AclEntry, Interface, NatRule, Prefix, Router
from ikeaudit.selection.proxies import Proxy
from ikeaudit.selection.translation import Translation, _concerns, common, is_netmask, minus

BASE = int(IPv4Address("10.0.0.0"))
HOSTS = range(16)
"""Four bits of source and of destination are enough to overlap in every way."""


def prefixes() -> st.SearchStrategy[Prefix]:
    def made(low: int, length: int) -> Prefix:
        return Prefix.of(IPv4Address(BASE + low), length).network

    return st.builds(made, st.sampled_from(HOSTS), st.integers(28, 32))


parts = st.tuples(prefixes(), prefixes())
EVERY = [(IPv4Address(BASE + s), IPv4Address(BASE + d)) for s in HOSTS for d in HOSTS]


def holds(part: tuple[Prefix, Prefix], pair: tuple[IPv4Address, IPv4Address]) -> bool:
    return part[0].covers(pair[0]) and part[1].covers(pair[1])


@given(parts, parts)
def test_what_is_left_is_what_was_there_and_did_not_go(
    whole: tuple[Prefix, Prefix], gone: tuple[Prefix, Prefix]
) -> None:
    left, shared = minus(whole, gone), common(whole, gone)
    for pair in EVERY:
        assert sum(holds(part, pair) for part in left) == (holds(whole, pair) and not holds(gone, pair))
        assert (shared is not None and holds(shared, pair)) == (holds(whole, pair) and holds(gone, pair))


@settings(max_examples=200)
@given(parts, st.lists(st.tuples(st.booleans(), parts), max_size=5), prefixes())
def test_first_line_decides_and_a_static_line_takes_the_rest(
    whole: tuple[Prefix, Prefix], lines: list[tuple[bool, tuple[Prefix, Prefix]]], local: Prefix
) -> None:
    entries = tuple(AclEntry(n, "permit" if yes else "deny", "ip", *part) for n, (yes, part) in enumerate(lines, 1))
    rules = (NatRule(90, "inside", acl="NAT"), NatRule(91, "inside", local=local))
    router = Router("R", "r.cfg", acls=(AccessList("NAT", 1, entries),), nat_rules=rules)
    proxy = Proxy("ip", *whole)
    pieces = [*Translation(router, Interface("Gi0", 1, nat="outside"), None).pieces(whole, proxy)]
    for pair in EVERY:
        first = next((yes for yes, part in lines if holds(part, pair)), False)
        told = [taken for piece, taken, _ in pieces if holds(piece, pair)]
        if not holds(whole, pair):
            assert told == []
        else:
            assert told == (["all"] if first or local.covers(pair[0]) else [None])


def test_a_netmask_for_a_wildcard() -> None:
    def wildcard(text: str) -> Prefix:
        return Prefix(4, BASE, ~int(IPv4Address(text)) & 0xFFFFFFFF).network

    typed = ["255.255.255.0", "255.255.255.252", "128.0.0.0", "255.255.255.254"]
    meant = ["0.0.0.255", "0.0.0.0", "255.255.255.255", "0.0.255.0", "255.0.255.0"]
    assert [is_netmask(wildcard(text)) for text in typed] == [True] * 4
    assert [is_netmask(wildcard(text)) for text in meant] == [False] * 5
    assert not is_netmask(None)


@pytest.mark.parametrize(
    ("named", "own", "concerns"),
    [
        ("", "eq 500", True),
        ("eq 500", "eq 500", True),
        ("eq 4500", "eq 500", None),
        ("gt 1000", "eq 500", False),
        ("eq 500", "gt 400", False),
        ("eq 500 4500", "eq 500", False),
        ("range 400 600", "eq 500", False),
        ("eq 500", "", False),
    ],
)
def test_ports_that_cannot_be_the_same(named: str, own: str, concerns: bool | None) -> None:
    """None: no packet has both; False: some may have. Only two single ports that differ exclude each other for sure.

    Wrong lines that this catches: another operator (``gt``), or several ports, taken for a single one.
    """
    near, far = Prefix.of(IPv4Address(BASE), 28), Prefix.of(IPv4Address(BASE + 64), 28)
    line = AclEntry(1, "permit", "udp", near, far, source_ports=named)
    assert _concerns(line, Proxy("udp", near, far, source_ports=own)) is concerns
