"""What an end asks to protect and what it takes, by kind and mode; routes and keys that just fit (QM-PROXIES, ROUTE-WAY)."""

from __future__ import annotations

import msgspec
import pytest
from parsed import prefix, router

from ikeaudit.model import AccessList, AclEntry, IPAddress, Prefix, Router, parse_address
from ikeaudit.selection import Endpoint, LocalEnd, RouterRules
from ikeaudit.selection.proxies import Proxies, Proxy, compared, proxies

ANY, ANY_6 = prefix("0.0.0.0/0"), Prefix(6, 0, 0)
NEAR, FAR = prefix("10.1.0.0/16"), prefix("10.9.0.0/16")


def address(text: str | None) -> IPAddress | None:
    return parse_address(text) if text else None


class TestWhatAnEndProposes:
    @pytest.mark.parametrize(
        ("mode", "own", "peer", "proposed"),
        [
            ("ipsec ipv4", "192.0.2.1", "192.0.2.2", ("ip", ANY, ANY)),
            ("ipsec ipv6", "2001:db8::1", "2001:db8::2", ("ip", ANY_6, ANY_6)),
            ("gre ip", "192.0.2.1", "192.0.2.2", ("gre", prefix("192.0.2.1/32"), prefix("192.0.2.2/32"))),
            (None, "192.0.2.1", "192.0.2.2", ("gre", prefix("192.0.2.1/32"), prefix("192.0.2.2/32"))),
            ("gre ipv6", "2001:db8::1", "2001:db8::2", ("gre", prefix("2001:db8::1/128"), prefix("2001:db8::2/128"))),
            ("gre multipoint", "192.0.2.1", None, ("gre", prefix("192.0.2.1/32"), ANY)),
            ("gre multipoint ipv6", "2001:db8::1", None, ("gre", prefix("2001:db8::1/128"), ANY_6)),
            ("gre ip", None, "192.0.2.2", ("gre", ANY, prefix("192.0.2.2/32"))), ("gre ip", None, None, ("gre", ANY, ANY)),
            ("gre ipv6", None, "2001:db8::2", ("gre", ANY_6, prefix("2001:db8::2/128"))),
            ("gre ipv6", None, None, ("gre", ANY_6, ANY_6)),
        ],
    )  # fmt: skip
    def test_by_a_tunnel(
        self, mode: str | None, own: str | None, peer: str | None, proposed: tuple[str, Prefix, Prefix]
    ) -> None:
        end = Endpoint("R", "Tunnel1", "tunnel", LocalEnd(address(own)), peer=address(peer), tunnel_mode=mode)
        assert proxies(Router("R", "r.cfg"), end) == Proxies((Proxy(*proposed),))

    def test_by_an_access_list(self) -> None:
        entries = (
            AclEntry(41, "permit", "47", NEAR, FAR), AclEntry(42, "deny", "ip", NEAR, None),
            AclEntry(43, "permit", "ip", NEAR, None),
            AclEntry(44, "permit", "ip", None, FAR), AclEntry(45, "permit", "0", NEAR, FAR, "eq 1", "eq 2"),
        )  # fmt: skip
        lists = (AccessList("B", 30, (AclEntry(31, "permit", "ip", FAR, NEAR),)), AccessList("A", 40, entries))
        found = Router("R", "r.cfg", acls=lists)
        end = Endpoint("R", "Gi0 CM 10", "crypto-map", LocalEnd(None), acl="A")
        told = Proxies((Proxy("gre", NEAR, FAR, line=41), Proxy("ip", NEAR, FAR, "eq 1", "eq 2", 45)), unread=(43, 44))
        assert proxies(found, end) == told
        tunnel = msgspec.structs.replace(end, kind="tunnel", interface="Tunnel1", tunnel_mode="ipsec ipv4")
        assert proxies(found, tunnel) == told, "a tunnel with a policy of its own"
        assert proxies(found, msgspec.structs.replace(end, acl="GONE")) == Proxies()
        assert proxies(found, msgspec.structs.replace(end, acl=None)) == Proxies(anything=True)
        grouped = msgspec.structs.replace(entries[0], grouped=True)
        for entry, told_so in ((grouped, True), (msgspec.structs.replace(grouped, action="deny"), False)):
            one = Router("R", "r.cfg", acls=(AccessList("A", 40, (entries[-1], entry)),))
            assert proxies(one, end).grouped is told_so


class TestWhatAnEndTakes:
    """The mirror image or a part of it, never more."""

    OWN = Proxy("ip", NEAR, FAR)

    @pytest.mark.parametrize(
        ("own", "offer", "takes"),
        [
            ({}, {}, True), ({}, {"source": prefix("10.9.1.0/24")}, True), ({}, {"destination": prefix("10.1.1.0/24")}, True),
            ({}, {"source": prefix("10.8.0.0/15")}, False), ({}, {"destination": prefix("10.0.0.0/15")}, False),
            ({}, {"source": prefix("10.8.0.0/16")}, False), ({}, {"destination": prefix("10.2.0.0/16")}, False),
            ({}, {"source": NEAR, "destination": FAR}, False), ({}, {"protocol": "tcp"}, True),
            ({"protocol": "tcp"}, {"protocol": "tcp"}, True), ({"protocol": "tcp"}, {}, False),
            ({"protocol": "tcp"}, {"protocol": "udp"}, False),
            ({"source_ports": "eq 1"}, {"destination_ports": "eq 1"}, True),
            ({"source_ports": "eq 1"}, {"source_ports": "eq 1"}, False),
            ({"source_ports": "eq 1"}, {}, False), ({}, {"destination_ports": "eq 1"}, True),
            ({}, {"source_ports": "eq 1"}, True),
            ({"destination_ports": "eq 1"}, {"source_ports": "eq 1"}, True),
            ({"destination_ports": "eq 1"}, {"destination_ports": "eq 1"}, False),
            ({"destination_ports": "eq 1"}, {}, False), ({}, {"source": ANY_6}, False), ({}, {"destination": ANY_6}, False),
            ({"source": ANY, "destination": ANY}, {}, True),
            ({"source": ANY, "destination": ANY}, {"source": ANY_6, "destination": ANY_6}, False),
        ],
    )  # fmt: skip
    def test_an_offer(self, own: dict[str, object], offer: dict[str, object], takes: bool) -> None:
        mine = msgspec.structs.replace(self.OWN, **own)
        theirs = msgspec.structs.replace(Proxy("ip", FAR, NEAR), **offer)
        assert mine.accepts(theirs) is takes
        other = Proxy("ip", prefix("10.7.0.0/16"), FAR)
        assert compared(Proxies((theirs,)), Proxies((other, mine))) == ((takes,), frozenset({mine} if takes else ()))


class TestRoutes:
    TEXT = """\
hostname R
interface GigabitEthernet0/0
 ip address 192.0.2.1 255.255.255.0
ip route 10.9.0.0 255.255.0.0 192.0.2.8
ip route 10.9.1.0 255.255.255.0 192.0.2.9
ip route vrf RED 10.7.0.0 255.255.0.0 192.0.2.9
end
"""

    @pytest.mark.parametrize(
        ("vrf", "destination", "lines"),
        [
            (None, "10.9.1.0/24", [5]), (None, "10.9.1.7/32", [5]), (None, "10.9.2.0/24", [4]), (None, "10.9.0.0/16", [4]),
            (None, "10.8.0.0/15", []), (None, "10.9.0.0/15", []), (None, "10.7.1.0/24", []), ("RED", "10.7.1.0/24", [6]),
            ("RED", "10.9.1.0/24", []), ("RED", "10.6.0.0/15", []),
        ],
    )  # fmt: skip
    def test_the_most_precise_that_holds_all_of_a_network(
        self, vrf: str | None, destination: str, lines: list[int]
    ) -> None:
        rules = RouterRules(router(self.TEXT))
        assert [route.line for route in rules.routing.routes_to(vrf, prefix(destination))] == lines
        assert rules.routing.routes_to(None, Prefix(6, 0, 0)) == ()


@pytest.mark.parametrize(("local", "remote"), [(True, True), (True, False), (False, True), (False, False)])
def test_the_halves_of_a_key_in_an_ikev2_profile(local: bool, remote: bool) -> None:
    """Either half written into the profile keeps its keyring out (IKEV2-KEYS)."""
    text = (
        "hostname R\ncrypto ikev2 keyring K\n peer FAR\n  address 192.0.2.2\n  pre-shared-key sesame\ncrypto ikev2 profile P\n"
        f" match identity remote address 192.0.2.2\n authentication remote pre-share{' key walnut' * remote}\n"
        f" authentication local pre-share{' key walnut' * local}\n keyring local K\nend\n"
    )
    rules = RouterRules(router(text)).ikev2
    peer = parse_address("192.0.2.2")
    assert peer is not None
    (keys,) = rules.initiator_candidates(rules.profiles["P"], peer)
    lines = tuple(line for line, there in ((9, local), (8, remote)) if there)
    if lines:
        assert (keys.local is not None, keys.remote is not None, keys.lines, keys.peer) == (local, remote, lines, None)
    else:
        assert (keys.local == keys.remote, keys.lines, keys.peer) == (True, (2, 3), "FAR")
