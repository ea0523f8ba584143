"""The ends of tunnels that a configuration makes, with everything that a replay reads of them (DOMAIN 3.4)."""

from __future__ import annotations

from textwrap import dedent

import pytest
from parsed import prefix, router

from ikeaudit.model import IPAddress, parse_address
from ikeaudit.selection import Endpoint, LocalEnd, RouterRules
from ikeaudit.selection.proxies import Proxies, Proxy, proxies


def address(text: str) -> IPAddress:
    found = parse_address(text)
    assert found is not None
    return found


def rules(text: str) -> RouterRules:
    return RouterRules(router("hostname R\n!\n" + dedent(text) + "end\n"))


def only(text: str) -> Endpoint:
    (found,) = rules(text).endpoints
    return found


OUTSIDE = """\
interface GigabitEthernet0/0
 ip address 192.0.2.1 255.255.255.0
 ip address 192.0.2.9 255.255.255.0 secondary
 ipv6 address 2001:DB8::1/64
!
"""
SETS = "crypto ipsec transform-set TS esp-aes\n mode tunnel\n!\ncrypto ipsec profile I\n set transform-set TS\n!\n"


def tunnel(*lines: str, profile: str = "I", name: str = "Tunnel1") -> str:
    body = "".join(f" {line}\n" for line in lines)
    return f"{SETS}interface {name}\n{body} tunnel protection ipsec profile {profile}\n!\n{OUTSIDE}"


class TestTunnels:
    def test_one_of_several_sas_names_an_access_list(self) -> None:
        lines = ("tunnel source GigabitEthernet0/0", "tunnel mode ipsec ipv4", "tunnel destination 198.51.100.7")
        text = tunnel(*lines, "tunnel protection ipsec policy ipv4 VPN")
        assert (only(text).acl, only(text).missing) == ("VPN", (("access list VPN", 13),))
        known = text + "ip access-list extended VPN\n permit ip any any\n!\n"
        assert (only(known).acl, only(known).missing) == ("VPN", ())

    def test_a_plain_one(self) -> None:
        found = only(tunnel("tunnel source GigabitEthernet0/0", "tunnel destination 198.51.100.7"))
        assert (found.router, found.interface, found.kind) == ("R", "Tunnel1", "tunnel")
        assert found.local == LocalEnd(address("192.0.2.1"), "GigabitEthernet0/0")
        assert (found.peer, found.peer_name, found.ike_version) == (address("198.51.100.7"), None, 1)
        assert (found.ipsec_profile, found.transform_sets, found.missing) == ("I", ("TS",), ())
        assert (found.shutdown, found.responder_only, found.virtual_template, found.undescribed) == (
            False,
            False,
            None,
            None,
        )
        assert found.lines == (9, 10, 11, 12)

    @pytest.mark.parametrize(
        ("mode", "own"),
        [
            ("gre ip", "192.0.2.1"),
            ("ipsec ipv4", "192.0.2.1"),
            ("gre ipv6", "2001:db8::1"),
            ("ipsec ipv6", "2001:db8::1"),
        ],
    )
    def test_the_transport_goes_by_the_mode(self, mode: str, own: str) -> None:
        peer = "198.51.100.7" if "." in own else "2001:DB8::7"
        found = only(tunnel("tunnel source GigabitEthernet0/0", f"tunnel mode {mode}", f"tunnel destination {peer}"))
        assert found.local.address == address(own)

    @pytest.mark.parametrize(("mode", "own"), [("gre multipoint", "192.0.2.1"), ("gre multipoint ipv6", "2001:db8::1")])
    def test_a_multipoint_tunnel_answers_anybody(self, mode: str, own: str) -> None:
        found = only(tunnel("tunnel source GigabitEthernet0/0", f"tunnel mode {mode}"))
        assert found.local.address == address(own) and found.accepts_any

    def test_a_spoke_calls_its_hubs_by_nhrp(self) -> None:
        text = tunnel(
            "ip nhrp map 10.0.0.1 198.51.100.1", "ip nhrp map 10.0.0.2 198.51.100.2", "ip nhrp map 10.0.0.1 198.51.100.1",
            "ip nhrp map 10.0.0.9 192.0.2.1", "tunnel source GigabitEthernet0/0", "tunnel mode gre multipoint",
        )  # fmt: skip
        found = rules(text).endpoints
        assert [end.peer for end in found] == [address("198.51.100.1"), address("198.51.100.2"), None]
        assert [end.lines[-1] for end in found[:2]] == [10, 11], "the first line that names it"

    def test_nhrp_lines_make_no_ends_of_a_point_to_point_tunnel(self) -> None:
        lines = (
            "ip nhrp map 10.0.0.1 198.51.100.1",
            "tunnel source GigabitEthernet0/0",
            "tunnel destination 198.51.100.7",
        )
        assert only(tunnel(*lines)).peer == address("198.51.100.7")

    def test_a_source_given_by_address_is_found_on_its_interface(self) -> None:
        found = only(tunnel("tunnel source 192.0.2.9", "tunnel destination 198.51.100.7"))
        assert found.local == LocalEnd(address("192.0.2.9"), "GigabitEthernet0/0")
        lost = only(tunnel("tunnel source 192.0.2.77", "tunnel destination 198.51.100.7"))
        assert lost.local == LocalEnd(address("192.0.2.77"), None)

    def test_a_source_in_two_vrfs_is_the_one_of_the_tunnel_vrf(self) -> None:
        other = "interface GigabitEthernet0/1\n vrf forwarding FRONT\n ip address 192.0.2.1 255.255.255.0\n!\n"
        vrf = "vrf definition FRONT\n address-family ipv4\n!\n"
        lines = ("tunnel source 192.0.2.1", "tunnel destination 198.51.100.7")
        plain, front = (only(vrf + tunnel(*lines, *more) + other) for more in ((), ("tunnel vrf FRONT",)))
        assert plain.local == LocalEnd(address("192.0.2.1"), "GigabitEthernet0/0")
        assert front.local == LocalEnd(address("192.0.2.1"), "GigabitEthernet0/1", "FRONT")
        assert front.fvrf == "FRONT"
        elsewhere = only(
            vrf + tunnel("tunnel source 192.0.2.9", "tunnel destination 198.51.100.7", "tunnel vrf FRONT") + other
        )
        assert elsewhere.local == LocalEnd(address("192.0.2.9"), "GigabitEthernet0/0", "FRONT")

    def test_shut_down_itself_or_at_its_source(self) -> None:
        text = tunnel("tunnel source GigabitEthernet0/0", "tunnel destination 198.51.100.7")
        itself = text.replace(" tunnel source", " shutdown\n tunnel source")
        source = text.replace("GigabitEthernet0/0\n ip", "GigabitEthernet0/0\n shutdown\n ip")
        assert [only(one).shutdown for one in (text, itself, source)] == [False, True, True]

    def test_an_unprotected_tunnel_is_no_end(self) -> None:
        assert (
            rules(
                "interface Tunnel1\n tunnel source GigabitEthernet0/0\n tunnel destination 198.51.100.7\n!\n" + OUTSIDE
            ).endpoints
            == ()
        )

    BOUND = (
        "crypto isakmp profile P\n!\ncrypto isakmp profile Q\n!\ncrypto ikev2 profile F\n!\ncrypto ikev2 profile G\n!\n"
    )

    @pytest.mark.parametrize(
        ("in_profile", "on_tunnel", "isakmp", "ikev2", "version"),
        [
            ("set isakmp-profile P", "", "P", None, 1),
            ("set isakmp-profile P", "isakmp-profile Q", "Q", None, 1),
            ("set ikev2-profile F", "", None, "F", 2),
            ("set ikev2-profile F", "ikev2-profile G", None, "G", 2),
            ("", "ikev2-profile G", None, "G", 2),
            ("", "", None, None, 1),
        ],
    )  # fmt: skip
    def test_the_bound_profile(
        self, in_profile: str, on_tunnel: str, isakmp: str | None, ikev2: str | None, version: int
    ) -> None:
        text = tunnel(
            "tunnel source GigabitEthernet0/0", "tunnel destination 198.51.100.7", profile=f"I {on_tunnel}".strip()
        )
        text = text.replace(
            " set transform-set TS\n",
            f" set transform-set TS\n {in_profile}\n" if in_profile else " set transform-set TS\n",
        )
        found = only(self.BOUND + text)
        assert (found.isakmp_profile, found.ikev2_profile, found.ike_version, found.missing) == (
            isakmp,
            ikev2,
            version,
            (),
        )

    def test_what_is_not_defined_is_told_with_the_line_that_names_it(self) -> None:
        source = ("tunnel source GigabitEthernet0/0", "tunnel destination 198.51.100.7")
        nothing = only(tunnel(*source, profile="NONE"))
        assert nothing.missing == (("ipsec profile NONE", 12),)
        assert (nothing.ipsec_profile, nothing.transform_sets) == ("NONE", ())
        unset = only(tunnel(*source).replace("set transform-set TS", "set transform-set NO TS"))
        assert unset.missing == (("transform set NO", 7),)
        assert unset.transform_sets == ("NO", "TS")
        for kind, line in (("isakmp", "set isakmp-profile NO"), ("ikev2", "set ikev2-profile NO")):
            bound = only(tunnel(*source).replace(" set transform-set TS\n", f" set transform-set TS\n {line}\n"))
            assert bound.missing == ((f"{kind} profile NO", 8),)
        on_tunnel = only(tunnel(*source, profile="I ikev2-profile NO"))
        assert on_tunnel.missing == (("ikev2 profile NO", 12),)

    def test_what_ios_defines_itself_is_not_missing(self) -> None:
        source = ("tunnel source GigabitEthernet0/0", "tunnel destination 198.51.100.7")
        found = only(tunnel(*source, profile="default"))
        assert (found.missing, found.ikev2_profile, found.transform_sets, found.ike_version) == (
            (),
            "default",
            ("default",),
            2,
        )
        bound = only(self.BOUND + tunnel(*source, profile="default isakmp-profile P"))
        assert (bound.missing, bound.ikev2_profile, bound.isakmp_profile) == ((), None, "P")
        own = only(
            self.BOUND + "crypto ipsec profile default\n set isakmp-profile P\n!\n" + tunnel(*source, profile="default")
        )
        assert (own.ikev2_profile, own.isakmp_profile, own.transform_sets) == (None, "P", ())

    def test_protection_by_a_key_of_its_own_is_not_described(self) -> None:
        text = tunnel("tunnel source GigabitEthernet0/0", "tunnel destination 198.51.100.7")
        found = only(text.replace("tunnel protection ipsec profile I", "tunnel protection psk secret"))
        assert found.undescribed == "no source describes tunnel protection psk" and found.missing == ()

    def test_pfs_and_responder_only(self) -> None:
        text = tunnel("tunnel source GigabitEthernet0/0", "tunnel destination 198.51.100.7")
        found = only(
            text.replace(" set transform-set TS\n", " set transform-set TS\n set pfs group14\n responder-only\n")
        )
        assert (found.pfs, found.responder_only) == ("group14", True)


class TestVirtualTemplates:
    def template(self, number: str = "7", extra: str = "") -> Endpoint:
        text = tunnel(
            "ip unnumbered GigabitEthernet0/0", "tunnel mode ipsec ipv4", name=f"Virtual-Template{number} type tunnel"
        )
        return only(extra + text)

    def test_its_number(self) -> None:
        assert self.template().virtual_template == 7
        assert self.template("12").virtual_template == 12

    def test_an_ikev2_profile_names_it_and_makes_it_ikev2(self) -> None:
        profile = "crypto ikev2 profile {}\n match identity remote any\n virtual-template {}\n!\n"
        assert self.template(extra=profile.format("OTHER", 8) + profile.format("F", 7)).ikev2_profile == "F"
        assert self.template(extra=profile.format("OTHER", 8)).ikev2_profile is None
        tunnel_1 = only(
            profile.format("F", 1) + tunnel("tunnel source GigabitEthernet0/0", "tunnel destination 198.51.100.7")
        )
        assert (tunnel_1.ikev2_profile, tunnel_1.virtual_template) == (None, None)


MAP = """\
crypto isakmp profile P
!
crypto isakmp profile Q
!
crypto ikev2 profile F
!
crypto ipsec transform-set TS esp-aes
 mode tunnel
!
crypto dynamic-map DM 1
 set transform-set TS
!
crypto map CM 10 ipsec-isakmp
 set peer 198.51.100.7
 set peer 198.51.100.8
 set peer r9.example.net dynamic
 set transform-set TS
 set pfs group14
 match address ACL
!
crypto map CM 65000 ipsec-isakmp dynamic DM
!
interface GigabitEthernet0/0
 ip address 192.0.2.1 255.255.255.0
 crypto map CM
!
ip access-list extended ACL
 permit ip any any
!
"""


class TestCryptoMaps:
    def test_one_end_for_each_peer_in_order_and_one_for_anybody(self) -> None:
        found = rules(MAP).endpoints
        assert [(e.interface, e.peer, e.peer_name) for e in found] == [
            ("GigabitEthernet0/0 CM 10", address("198.51.100.7"), None),
            ("GigabitEthernet0/0 CM 10", address("198.51.100.8"), None),
            ("GigabitEthernet0/0 CM 10", None, "r9.example.net"),
            ("GigabitEthernet0/0 CM 65000", None, None),
        ]
        assert [e.responder_only for e in found] == [False, False, False, True], "a dynamic map never starts"
        assert [e.missing for e in found] == [(), (), (), ()]
        first, last = found[0], found[-1]
        assert (first.kind, first.pfs, first.acl, first.crypto_map, first.transform_sets) == (
            "crypto-map",
            "group14",
            "ACL",
            "CM",
            ("TS",),
        )
        assert first.local == LocalEnd(address("192.0.2.1"), "GigabitEthernet0/0")
        assert first.lines == (27, 15, 16, 21)
        assert (last.acl, last.pfs, last.lines) == (None, None, (27, 23, 12))

    def test_a_dynamic_map_with_a_peer_serves_that_one(self) -> None:
        text = MAP.replace("crypto dynamic-map DM 1\n", "crypto dynamic-map DM 1\n set peer 198.51.100.9\n")
        assert rules(text).endpoints[-1].peer == address("198.51.100.9")

    def test_a_dynamic_map_that_nothing_defines_has_no_end(self) -> None:
        assert len(rules(MAP.replace("crypto dynamic-map DM", "crypto dynamic-map XX")).endpoints) == 3

    def test_a_map_on_no_interface_or_of_no_entry_has_no_end(self) -> None:
        assert rules(MAP.replace("\n crypto map CM\n", "\n")).endpoints == ()
        assert rules(MAP.replace("\n crypto map CM\n", "\n crypto map XX\n")).endpoints == ()

    @pytest.mark.parametrize(
        ("entry", "whole", "isakmp", "ikev2"),
        [
            ("", "", None, None),
            ("", "crypto map CM isakmp-profile P\n", "P", None),
            (" set isakmp-profile Q\n", "crypto map CM isakmp-profile P\n", "Q", None),
            (" set isakmp-profile Q\n", "", "Q", None),
            (" set ikev2-profile F\n", "", None, "F"),
            (" set ikev2-profile F\n", "crypto map CM isakmp-profile P\n", None, "F"),
        ],
    )
    def test_the_bound_profile_of_the_entry_outranks_that_of_the_map(
        self, entry: str, whole: str, isakmp: str | None, ikev2: str | None
    ) -> None:
        text = MAP.replace("crypto map CM 10", whole + "crypto map CM 10").replace(
            " set pfs group14\n", f" set pfs group14\n{entry}"
        )
        found = rules(text).endpoints[0]
        assert (found.isakmp_profile, found.ikev2_profile, found.missing) == (isakmp, ikev2, ())

    @pytest.mark.parametrize(
        ("old", "new", "missing"),
        [
            ("list extended ACL", "list extended OTHER", (("access list ACL", 21),)),
            (" match address ACL\n", "", (("match address", 15),)),
            (" set transform-set TS\n set pfs", " set transform-set NO\n set pfs", (("transform set NO", 19),)),
            (" set pfs group14\n", " set isakmp-profile NO\n", (("isakmp profile NO", 20),)),
            (" set pfs group14\n", " set ikev2-profile NO\n", (("ikev2 profile NO", 15),)),
        ],
    )
    def test_what_is_not_defined(self, old: str, new: str, missing: tuple[tuple[str, int], ...]) -> None:
        assert old in MAP
        assert rules(MAP.replace(old, new)).endpoints[0].missing == missing

    def test_local_address(self) -> None:
        loop = "interface Loopback0\n ip address 203.0.113.5 255.255.255.255\n!\n"
        text = MAP.replace("crypto map CM 10", "crypto map CM local-address Loopback0\ncrypto map CM 10") + loop
        assert rules(text).endpoints[0].local == LocalEnd(address("203.0.113.5"), "Loopback0")
        down = text.replace("interface Loopback0\n", "interface Loopback0\n shutdown\n")
        assert [rules(t).endpoints[0].shutdown for t in (text, down)] == [False, True]
        dark = MAP.replace("interface GigabitEthernet0/0\n", "interface GigabitEthernet0/0\n shutdown\n")
        assert rules(dark).endpoints[0].shutdown
        own = MAP.replace("crypto map CM 10", "crypto map CM local-address Loopback0\ncrypto map CM 10") + loop
        own = own.replace("interface GigabitEthernet0/0\n", "interface GigabitEthernet0/0\n shutdown\n")
        assert rules(own).endpoints[0].shutdown, "the interface that the map stands on, though its address is another's"

    def test_the_shared_address_only_with_redundancy(self) -> None:
        shared = MAP.replace("\n crypto map CM\n", "\n standby 1 ip 192.0.2.77\n standby 1 name HA\n crypto map CM{}\n")
        assert rules(shared.format("")).endpoints[0].local.address == address("192.0.2.1")
        assert rules(shared.format(" redundancy HA")).endpoints[0].local.address == address("192.0.2.77")

    def test_the_shared_address_is_none_of_an_ipv6_map_nor_of_one_with_a_local_address(self) -> None:
        hot = (
            "\n standby 1 ip 192.0.2.77\n standby 1 name HA\n ipv6 address 2001:DB8::1/64\n crypto map CM redundancy HA"
        )
        six = (
            "crypto map ipv6 CM6 10 ipsec-isakmp\n set peer 2001:DB8::7\n set transform-set TS\n match address V6\n!\n"
        )
        listed = "ipv6 access-list V6\n permit ipv6 any any\n!\n"
        text = six + listed + MAP.replace("\n crypto map CM\n", f"{hot}\n ipv6 crypto map CM6\n")
        found = {end.crypto_map: end.local.address for end in rules(text).endpoints}
        assert found == {"CM": address("192.0.2.77"), "CM6": address("2001:db8::1")}
        own = "interface Loopback0\n ip address 203.0.113.5 255.255.255.255\n!\n"
        named = f"crypto map CM local-address Loopback0\n{own}" + MAP.replace("\n crypto map CM\n", f"{hot}\n")
        assert rules(named).endpoints[0].local == LocalEnd(address("203.0.113.5"), "Loopback0")

    def test_the_vrf_is_that_of_the_interface(self) -> None:
        text = "vrf definition FRONT\n address-family ipv4\n!\n" + MAP.replace(
            " ip address 192", " vrf forwarding FRONT\n ip address 192"
        )
        assert rules(text).endpoints[0].fvrf == "FRONT"


class TestNames:
    @pytest.mark.parametrize(
        ("hosts", "peer"),
        [
            ("ip host r9.example.net 198.51.100.9\n", "198.51.100.9"),
            ("ip host R9.Example.NET 198.51.100.9\n", "198.51.100.9"),
            ("ip host other 198.51.100.8\nip host r9.example.net 198.51.100.9 198.51.100.10\n", "198.51.100.9"),
            ("ip host vrf FRONT r9.example.net 198.51.100.9\n", None),
            ("ip host r9 198.51.100.9\n", None),
            ("ip host xr9.example.net 198.51.100.9\n", None),
        ],
    )
    def test_a_peer_by_a_name_of_ip_host(self, hosts: str, peer: str | None) -> None:
        found = rules(hosts + MAP).endpoints[2]
        assert found.peer == (address(peer) if peer else None)
        assert found.peer_name == (None if peer else "r9.example.net")
        if peer:
            assert found.lines[-1] == 2 + hosts.count("\n"), "the line of the mapping"

    @pytest.mark.parametrize(
        ("name", "domain", "known"),
        [("r9", "example.net", True), ("r9", "example.org", False), ("r", "9.example.net", False)],
    )
    def test_a_short_name_gets_the_domain_of_the_router(self, name: str, domain: str, known: bool) -> None:
        text = f"ip domain name {domain}\nip host R9.example.net 198.51.100.9\n" + MAP.replace("r9.example.net", name)
        assert (rules(text).endpoints[2].peer is not None) is known


MEMBER = """\
crypto gdoi group G
 identity number 4711
 server address ipv4 198.51.100.1
 server address ipv4 198.51.100.2
!
crypto map CM 10 gdoi
 set group G
!
interface GigabitEthernet0/0
 ip address 192.0.2.1 255.255.255.0
 crypto map CM
!
interface GigabitEthernet0/1
 ip address 203.0.113.1 255.255.255.0
 crypto map CM
!
"""


class TestMembersAndServers:
    def test_a_member_calls_each_key_server_from_each_interface(self) -> None:
        found = rules(MEMBER).clients
        assert [(e.interface, e.peer, e.local.address) for e in found] == [
            ("GigabitEthernet0/0 CM 10", address("198.51.100.1"), address("192.0.2.1")),
            ("GigabitEthernet0/0 CM 10", address("198.51.100.2"), address("192.0.2.1")),
            ("GigabitEthernet0/1 CM 10", address("198.51.100.1"), address("203.0.113.1")),
            ("GigabitEthernet0/1 CM 10", address("198.51.100.2"), address("203.0.113.1")),
        ]
        assert {(e.kind, e.group, e.missing, e.crypto_map) for e in found} == {("gdoi", "4711", (), "CM")}
        assert found[0].lines == (13, 8, 3, 4, 5)

    def test_with_a_registration_interface_once(self) -> None:
        text = MEMBER.replace(
            " server address ipv4 198.51.100.1\n",
            " server address ipv4 198.51.100.1\n client registration interface Loopback0\n",
        )
        found = rules(text + "interface Loopback0\n ip address 203.0.113.5 255.255.255.255\n!\n").clients
        assert [(e.peer, e.local.interface) for e in found] == [
            (address("198.51.100.1"), "Loopback0"),
            (address("198.51.100.2"), "Loopback0"),
        ]

    @pytest.mark.parametrize(
        ("old", "new", "missing"),
        [
            ("crypto gdoi group G\n", "crypto gdoi group H\n", (("gdoi group G", 8),)),
            (" identity number 4711\n", "", (("identity number", 3),)),
        ],
    )
    def test_what_is_not_defined(self, old: str, new: str, missing: tuple[tuple[str, int], ...]) -> None:
        found = rules(MEMBER.replace(old, new)).clients[0]
        assert found.missing == missing
        assert not missing[0][0].startswith("gdoi") or found.lines == (13, 8), "no line of the group"

    def test_a_group_without_servers_calls_one_that_nobody_knows(self) -> None:
        text = "\n".join(line for line in MEMBER.splitlines() if "server address" not in line) + "\n"
        found = rules(text).clients
        assert [(e.peer, e.peer_name) for e in found] == [(None, "a server that is not named")] * 2
        assert found[0].lines == (11, 6, 3, 4), "no line of a server"

    def test_entries_of_other_kinds_are_no_members(self) -> None:
        assert rules(MAP).clients == ()
        assert rules(MEMBER).endpoints == ()

    SERVER = (
        "crypto gdoi group G\n identity number 4711\n server local\n"
        "  authorization address ipv4 WHO\n  address ipv4 198.51.100.1\n!\n"
    )

    def test_a_key_server_answers_its_members(self) -> None:
        (found,) = rules(self.SERVER).key_servers
        assert (found.interface, found.kind, found.group, found.acl) == ("GDOI G", "gdoi", "4711", "WHO")
        assert found.local == LocalEnd(address("198.51.100.1"))
        assert found.lines == (3, 4, 5, 7, 6)
        (open_to_all,) = rules(self.SERVER.replace("  authorization address ipv4 WHO\n", "")).key_servers
        assert open_to_all.acl is None
        assert rules(MEMBER).key_servers == ()

    def test_a_key_server_with_gikev2_answers_by_both_versions(self) -> None:
        text = "crypto ikev2 profile F\n match identity remote any\n!\n" + self.SERVER.replace(
            "  address ipv4", "  gikev2 F\n  address ipv4"
        )
        assert [(e.ike_version, e.ikev2_profile) for e in rules(text).key_servers] == [(1, None), (2, "F")]


EZVPN = """\
crypto ipsec client ezvpn OFFICE
 connect auto
 group SALES key secret
 mode client
 peer 198.51.100.1
 peer hub.example.net
!
interface GigabitEthernet0/0
 ip address 192.0.2.1 255.255.255.0
 crypto ipsec client ezvpn OFFICE
!
interface GigabitEthernet0/1
 ip address 10.1.1.1 255.255.255.0
 crypto ipsec client ezvpn OFFICE inside
!
"""


class TestEasyVpn:
    def test_a_client_calls_each_server_from_outside(self) -> None:
        found = rules(EZVPN).clients
        assert [(e.interface, e.peer, e.peer_name, e.group) for e in found] == [
            ("GigabitEthernet0/0 OFFICE", address("198.51.100.1"), None, "SALES"),
            ("GigabitEthernet0/0 OFFICE", None, "hub.example.net", "SALES"),
        ]
        assert found[0].kind == "ezvpn" and found[0].local.address == address("192.0.2.1") and found[0].missing == ()
        assert found[0].lines == (12, 3, 5, 7)

    def test_a_client_that_nothing_defines(self) -> None:
        (found,) = rules(EZVPN.replace("client ezvpn OFFICE\n connect", "client ezvpn OTHER\n connect")).clients
        assert found.missing == (("ezvpn client OFFICE", 12),)
        assert (found.peer_name, found.lines) == ("a server that is not named", (12,))

    def test_inside_and_outside_on_one_interface(self) -> None:
        both = " crypto ipsec client ezvpn OTHER inside\n crypto ipsec client ezvpn OFFICE\n"
        text = EZVPN.replace(" crypto ipsec client ezvpn OFFICE\n!", f"{both}!")
        assert [e.interface for e in rules(text).clients] == ["GigabitEthernet0/0 OFFICE"] * 2

    def test_local_address(self) -> None:
        text = EZVPN.replace(" mode client\n", " mode client\n local-address GigabitEthernet0/1\n")
        assert rules(text).clients[0].local == LocalEnd(address("10.1.1.1"), "GigabitEthernet0/1")


ANY4, ANY6 = prefix("0.0.0.0/0"), prefix("::/0")


class TestProxies:
    def of(self, text: str, place: int = 0) -> Proxies:
        found = rules(text)
        return proxies(found.router, found.endpoints[place])

    def test_a_vti_proposes_everything_of_its_family(self) -> None:
        source = "tunnel source GigabitEthernet0/0"
        four = self.of(tunnel(source, "tunnel mode ipsec ipv4", "tunnel destination 198.51.100.7"))
        six = self.of(tunnel(source, "tunnel mode ipsec ipv6", "tunnel destination 2001:DB8::7"))
        assert four == Proxies((Proxy("ip", ANY4, ANY4),))
        assert six == Proxies((Proxy("ip", ANY6, ANY6),))

    def test_gre_proposes_its_two_ends(self) -> None:
        own, peer = prefix("192.0.2.1"), prefix("198.51.100.7")
        source = "tunnel source GigabitEthernet0/0"
        assert self.of(tunnel(source, "tunnel destination 198.51.100.7")) == Proxies((Proxy("gre", own, peer),))
        assert self.of(tunnel(source, "tunnel mode gre multipoint")) == Proxies((Proxy("gre", own, ANY4),))
        learnt = (
            tunnel("tunnel source Dialer1", "tunnel destination 198.51.100.7")
            + "interface Dialer1\n ip address negotiated\n!\n"
        )
        assert self.of(learnt) == Proxies((Proxy("gre", ANY4, peer),))
        six = self.of(tunnel(source, "tunnel mode gre multipoint ipv6"))
        assert six == Proxies((Proxy("gre", prefix("2001:db8::1"), ANY6),))
        learnt_six = (
            tunnel("tunnel source Dialer1", "tunnel mode gre ipv6", "tunnel destination 2001:DB8::7")
            + "interface Dialer1\n ip address negotiated\n!\n"
        )
        assert self.of(learnt_six) == Proxies((Proxy("gre", ANY6, prefix("2001:db8::7")),))

    def test_a_map_proposes_what_its_list_permits(self) -> None:
        text = MAP.replace(
            " permit ip any any\n",
            " deny ip host 10.9.9.9 any\n permit ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255\n permit 47 host 192.0.2.1 any\n"
            " permit tcp 10.1.0.0 0.0.255.255 eq 80 any\n permit ip object-group HERE any\n",
        )
        found = self.of(text)
        assert [
            (p.protocol, p.source, p.destination, p.source_ports, p.destination_ports, p.line) for p in found.entries
        ] == [
            ("ip", prefix("10.1.0.0/16"), prefix("10.2.0.0/16"), "", "", 31),
            ("gre", prefix("192.0.2.1"), ANY4, "", "", 32),
            ("tcp", prefix("10.1.0.0/16"), ANY4, "eq 80", "", 33),
        ]
        assert found.unread == (34,) and not found.anything

    def test_a_map_without_a_list_takes_anything(self) -> None:
        assert self.of(MAP, 3) == Proxies(anything=True)
        assert self.of(MAP.replace("list extended ACL", "list extended OTHER")) == Proxies()


def test_a_line_of_a_map_that_names_an_unknown_group_at_either_side_is_not_read() -> None:
    for line in ("permit ip object-group HERE any", "permit ip any object-group THERE"):
        found = rules(MAP.replace("permit ip any any", line))
        assert proxies(found.router, found.endpoints[0]) == Proxies(unread=(30,), grouped=True)


def test_everything_of_one_family_is_nothing_of_the_other() -> None:
    assert not Proxy("ip", ANY4, ANY4).accepts(Proxy("ip", ANY6, ANY6))
    assert not Proxy("ip", ANY6, ANY6).accepts(Proxy("ip", ANY4, ANY4))
    assert Proxy("ip", ANY6, ANY6).accepts(Proxy("ip", ANY6, ANY6))


HERE, THERE = prefix("10.1.0.0/16"), prefix("10.2.0.0/16")


class TestWhatAProxyAccepts:
    """``Proxy("ip", HERE, THERE)`` is the responder's own line; the offer is seen from the other side."""

    @pytest.mark.parametrize(
        ("offer", "accepted"),
        [
            (Proxy("ip", THERE, HERE), True),
            (Proxy("ip", HERE, THERE), False),
            (Proxy("ip", prefix("10.2.3.0/24"), prefix("10.1.9.9")), True),
            (Proxy("ip", prefix("10.2.0.0/15"), HERE), False),
            (Proxy("ip", THERE, prefix("10.0.0.0/15")), False),
            (Proxy("ip", prefix("10.3.0.0/16"), HERE), False),
            (Proxy("ip", THERE, prefix("10.3.0.0/16")), False),
            (Proxy("tcp", THERE, HERE), True),
            (Proxy("ip", ANY6, ANY6), False),
        ],
    )
    def test_the_mirror_image_or_a_part_of_it(self, offer: Proxy, accepted: bool) -> None:
        assert Proxy("ip", HERE, THERE).accepts(offer) is accepted

    @pytest.mark.parametrize(
        ("own", "offer", "accepted"),
        [
            (Proxy("tcp", HERE, THERE), Proxy("tcp", THERE, HERE), True),
            (Proxy("tcp", HERE, THERE), Proxy("ip", THERE, HERE), False),
            (Proxy("tcp", HERE, THERE), Proxy("udp", THERE, HERE), False),
            (Proxy("tcp", HERE, THERE, "eq 80"), Proxy("tcp", THERE, HERE, "", "eq 80"), True),
            (Proxy("tcp", HERE, THERE, "eq 80"), Proxy("tcp", THERE, HERE, "eq 80", ""), False),
            (Proxy("tcp", HERE, THERE, "eq 80"), Proxy("tcp", THERE, HERE), False),
            (Proxy("tcp", HERE, THERE, "", "eq 80"), Proxy("tcp", THERE, HERE, "eq 80", ""), True),
            (Proxy("tcp", HERE, THERE, "", "eq 80"), Proxy("tcp", THERE, HERE, "", "eq 80"), False),
            (Proxy("tcp", HERE, THERE, "", "eq 80"), Proxy("tcp", THERE, HERE), False),
            (Proxy("tcp", HERE, THERE), Proxy("tcp", THERE, HERE, "eq 1", "eq 80"), True),
        ],
    )
    def test_protocols_and_ports(self, own: Proxy, offer: Proxy, accepted: bool) -> None:
        assert own.accepts(offer) is accepted


def test_the_default_peer_of_an_entry_is_called_first() -> None:
    entry = "crypto map CM 10 ipsec-isakmp\n set peer 198.51.100.1\n set peer 198.51.100.2 default\n set peer 198.51.100.3\n!\n"
    found = rules(entry + OUTSIDE.replace(" ip address 192.0.2.1", " crypto map CM\n ip address 192.0.2.1")).endpoints
    assert [str(one.peer) for one in found] == ["198.51.100.2", "198.51.100.1", "198.51.100.3"]
