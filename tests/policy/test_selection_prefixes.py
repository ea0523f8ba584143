"""Prefixes, lines of access lists and names that are looked up say what asking one after the other says."""

from __future__ import annotations

from random import Random

import pytest
from parsed import router

from ikeaudit.model import (
    AccessList,
    AclEntry,
    AggressivePeer,
    HostMapping,
    IsakmpSettings,
    Prefix,
    Router,
    Secret,
    parse_address,
)
from ikeaudit.model.address import IPAddress
from ikeaudit.selection import RouterRules
from ikeaudit.selection.host_names import HostNames
from ikeaudit.selection.lines_by_source import LinesBySource
from ikeaudit.selection.prefixes import PrefixIndex

ADDRESSES: list[IPAddress] = [
    address
    for text in ("10.0.0.1", "10.0.0.2", "10.0.1.1", "192.0.2.1", "0.0.0.0", "2001:db8::1", "2001:db8:1::1")
    if (address := parse_address(text)) is not None
]
PREFIXES = [
    *(Prefix.of(address) for address in ADDRESSES),
    *(Prefix.of(address, length) for address in ADDRESSES for length in (0, 8, 23, 24, 31)),
    Prefix(4, int(ADDRESSES[0]), 0xFF0000FF),
    Prefix(4, int(ADDRESSES[1]), 0x0000FFFF),
]


@pytest.mark.parametrize("seed", range(60))
def test_an_index_finds_the_prefixes_that_cover_and_meet(seed: int) -> None:
    held = Random(seed).choices(PREFIXES, k=seed % 7)
    index = PrefixIndex()
    for place, prefix in enumerate(held):
        index.add(place, prefix)
    for address in ADDRESSES:
        assert sorted(index.covering(address)) == [(n, p.length) for n, p in enumerate(held) if p.covers(address)]
    assert sorted(index.covering(None)) == [(n, 0) for n, p in enumerate(held) if not p.length]
    for asked in PREFIXES:
        assert index.meets(asked) is any(p.overlaps(asked) for p in held)
        for above in (0, 8, 23, 31, 32):
            assert index.meets(asked, above) is any(p.overlaps(asked) and p.length > above for p in held)


def entry(chance: Random, line: int) -> AclEntry:
    source = chance.choice([*PREFIXES[:7], PREFIXES[7], PREFIXES[9], None])
    return AclEntry(line, "permit", chance.choice(("ip", "udp", "object-group")), source, None)


@pytest.mark.parametrize("seed", range(60))
def test_the_lines_of_a_list_that_may_fit_a_source_come_in_their_order(seed: int) -> None:
    chance = Random(seed)
    acl = AccessList("L", 1, tuple(entry(chance, line) for line in range(seed % 9)))
    lines = LinesBySource(acl)
    for address in ADDRESSES:
        mine = [
            one
            for one in acl.entries
            if one.protocol.startswith("object")
            or one.source is None
            or not one.source.is_host
            or one.source.covers(address)
        ]
        assert list(lines.of(address)) == mine


def mapping(line: int, name: str, vrf: str | None = None) -> HostMapping:
    return HostMapping(line, name, (ADDRESSES[0],), vrf)


class TestHostNames:
    def test_the_first_mapping_of_either_spelling_counts(self) -> None:
        both = (mapping(1, "Hub.Example.net"), mapping(2, "hub"), mapping(3, "HUB"))
        for mappings, line in ((both, 1), (both[1:], 2), (both[2:], 3), ((both[1], both[0]), 2)):
            hosts = HostNames(Router("R", "r.cfg", domain_name="example.NET", host_mappings=mappings))
            found = hosts.mapping(None, "hUb")
            assert found is not None and found.line == line

    def test_a_name_is_that_of_its_vrf(self) -> None:
        hosts = HostNames(Router("R", "r.cfg", host_mappings=(mapping(1, "hub", "A"), mapping(2, "hub"))))
        assert [found.line for vrf in ("A", None) if (found := hosts.mapping(vrf, "hub"))] == [1, 2]
        assert hosts.mapping("B", "hub") is None

    def test_without_a_domain_only_the_name_itself_counts(self) -> None:
        hosts = HostNames(Router("R", "r.cfg", host_mappings=(mapping(1, "hub.example.net"),)))
        assert hosts.mapping(None, "hub") is None
        assert hosts.mapping(None, "hub.example.net") is not None
        assert HostNames(Router("R", "r.cfg")).mapping(None, "hub") is None


def test_a_peer_by_name_is_the_one_that_ip_host_tells() -> None:
    found = router(
        """
        hostname R1
        ip domain name example.net
        ip host other 192.0.2.9
        ip host hub.example.net 192.0.2.1 192.0.2.2
        interface Tunnel1
         tunnel source GigabitEthernet0/0
         tunnel mode ipsec ipv4
         tunnel destination HUB
         tunnel protection ipsec profile I
        crypto ipsec profile I
        interface GigabitEthernet0/0
         ip address 192.0.2.7 255.255.255.0
        end
        """
    )
    (end,) = RouterRules(found).endpoints
    assert str(end.peer) == "192.0.2.1" and end.peer_name is None and end.lines[-1] == 5


def test_the_first_block_with_attributes_of_an_address_and_vrf_counts() -> None:
    here, there = ADDRESSES[0], ADDRESSES[1]
    secret = Secret("f" * 16)
    blocks = (
        AggressivePeer(1, here),
        AggressivePeer(2, here, client_endpoint="fqdn a"),
        AggressivePeer(3, here, password=secret),
        AggressivePeer(4, here, vrf="A", password=secret),
        AggressivePeer(5, hostname="hub", password=secret),
        AggressivePeer(6, there, client_endpoint=""),
    )
    rules = RouterRules(Router("R", "r.cfg", isakmp=IsakmpSettings(peers=blocks)))
    assert rules.aggressive_peers == {(here, None): blocks[1], (here, "A"): blocks[3]}
    assert rules.aggressive_addresses == {here}
