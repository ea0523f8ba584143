"""Selection at its edges, by hand: whose local address, which earlier entry takes the traffic, which end of a client."""

from __future__ import annotations

import msgspec
import pytest
from parsed import clear, prefix, router

from ikeaudit.model import (
    AccessList,
    AclEntry,
    CryptoMap,
    CryptoMapEntry,
    CryptoPeer,
    EzvpnClient,
    EzvpnUse,
    GdoiGroup,
    Interface,
    InterfaceAddress,
    IPAddress,
    IsakmpProfile,
    Key,
    Keyring,
    LocalAddress,
    NamedLine,
    Prefix,
    Router,
    Secret,
    parse_address,
)
from ikeaudit.selection import Endpoint, KeyPick, KeySearch, LocalEnd, RouterRules
from ikeaudit.selection.clients import client_ends, key_server_ends
from ikeaudit.selection.endpoint import _template_number
from ikeaudit.selection.inside import unsupported_inside
from ikeaudit.selection.local import Addresses
from ikeaudit.selection.proxies import Proxy
from ikeaudit.selection.traffic import _First


def address(text: str) -> IPAddress:
    found = parse_address(text)
    assert found is not None
    return found


def interface(name: str, line: int, text: str = "", role: str = "primary", **more: object) -> Interface:
    own = prefix(text) if text else None
    addresses = (InterfaceAddress(line + 1, own.address, own, role),) if own is not None else ()  # type: ignore[arg-type]
    return Interface(name, line, addresses=addresses, **{"addressing": "static" if own else "none", **more})  # type: ignore[arg-type]


OWN, OTHER, SIX = address("192.0.2.1"), address("192.0.2.9"), address("2001:db8::1")


def at(interface: str | None = None, of: IPAddress | None = None, vrf: str | None = None) -> LocalAddress:
    return LocalAddress(1, interface, of, vrf)


class TestLocalAddress:
    """Whether ``local-address`` lets an end through (KEY-LOCAL-ADDRESS, LOCAL-VRF, U-16); None: nobody can tell."""

    ADDRESSES = Addresses(
        Router(
            "R", "r.cfg",
            interfaces=(
                interface("Gi0", 1, "192.0.2.1/24"), interface("Gi1", 3, addressing="dhcp"), interface("Gi2", 5),
                interface("Gi3", 7, "192.0.2.1/24", "secondary"), interface("Gi4", 9, addressing="negotiated"),
                interface("Gi6", 11, "2001:db8::1/64"),
            ),
        )
    )  # fmt: skip

    @pytest.mark.parametrize(
        ("restriction", "end", "admitted"),
        [
            (None, LocalEnd(None), True),
            (at(of=OWN), LocalEnd(OWN), True), (at(of=OWN), LocalEnd(OTHER), False),
            (at(of=OWN), LocalEnd(None), None),
            (at(of=OWN, vrf="RED"), LocalEnd(OWN, fvrf="RED"), True),
            (at(of=OWN, vrf="RED"), LocalEnd(None, fvrf="RED"), None),
            (at(of=OWN, vrf="RED"), LocalEnd(OWN), False),
            (at(of=OWN, vrf="RED"), LocalEnd(OWN, fvrf="BLUE"), False),
            (at(of=OWN), LocalEnd(OWN, fvrf="RED"), False),
            (at(of=OWN), LocalEnd(OTHER, fvrf="RED"), False),
            # The interface of the end itself: its own address, learnt or not; not a secondary or shared one.
            (at("Gi0"), LocalEnd(OWN, "Gi0"), True), (at("Gi0"), LocalEnd(OTHER, "Gi0"), False),
            (at("Gi1"), LocalEnd(None, "Gi1"), True), (at("Gi1"), LocalEnd(OTHER, "Gi1"), False),
            (at("Gi3"), LocalEnd(OWN, "Gi3"), False),
            (at("Gi6"), LocalEnd(SIX, "Gi6"), True), (at("Gi6"), LocalEnd(OWN, "Gi6"), False),
            # Another interface: its address is compared, of the family of the end's.
            (at("Gi0"), LocalEnd(OWN, "Gi9"), True), (at("Gi0"), LocalEnd(OTHER, "Gi9"), False),
            (at("Gi0"), LocalEnd(None, "Gi9"), None), (at("Gi9"), LocalEnd(OWN, "Gi0"), False),
            (at("Gi1"), LocalEnd(OWN, "Gi0"), None), (at("Gi4"), LocalEnd(OWN, "Gi0"), None),
            (at("Gi2"), LocalEnd(OWN, "Gi0"), False), (at("Gi3"), LocalEnd(OWN, "Gi0"), False),
            (at("Gi6"), LocalEnd(SIX, "Gi9"), True), (at("Gi6"), LocalEnd(None, "Gi9"), False),
        ],
    )  # fmt: skip
    def test_it_admits(self, restriction: LocalAddress | None, end: LocalEnd, admitted: bool | None) -> None:
        assert self.ADDRESSES.admits(restriction, end) is admitted

    @pytest.mark.parametrize(
        ("restriction", "end", "lacks"),
        [
            (None, LocalEnd(OWN, fvrf="RED"), False), (at(of=OWN), LocalEnd(OWN, fvrf="RED"), True),
            (at(of=OWN), LocalEnd(OWN), False), (at(of=OWN), LocalEnd(OTHER, fvrf="RED"), False),
            (at(of=OWN, vrf="RED"), LocalEnd(OWN, fvrf="RED"), False),
            (at("Gi0"), LocalEnd(None, fvrf="RED"), False),
        ],
    )  # fmt: skip
    def test_it_lacks_its_vrf(self, restriction: LocalAddress | None, end: LocalEnd, lacks: bool) -> None:
        assert self.ADDRESSES.lacks_vrf(restriction, end) is lacks


class TestKeySearch:
    """``local-address`` first, then the longest mask; what is left out for it, and would win or tie, is remembered (U-16)."""

    HERE, ELSE, LEARNT = None, at(of=OTHER), at("Gi1")

    def pick(self, name: str, length: int, local: LocalAddress | None = None) -> KeyPick:
        key = Key(1, Secret(clear(name)), prefix=Prefix.of(address("198.51.100.7"), length))
        return KeyPick(Keyring(name, 1, local_address=local), key)

    def told(self, *picks: KeyPick, end: LocalEnd | None = None) -> str:
        found = KeySearch.among(picks, TestLocalAddress.ADDRESSES, end or LocalEnd(OWN, "Gi0"))
        parts = (found.considered, found.best, found.uncertain, found.outranked, found.lacking)
        return " | ".join("".join(pick.keyring.name for pick in part) for part in parts)

    def test_the_longest_mask(self) -> None:
        assert self.told(self.pick("A", 24), self.pick("B", 32), self.pick("C", 32)) == "ABC | BC |  |  | "
        assert self.told() == " |  |  |  | "
        assert self.told(self.pick("A", 0)) == "A | A |  |  | "

    def test_what_may_take_part_counts_unless_it_is_less_precise(self) -> None:
        u = [self.pick(name, length, self.LEARNT) for name, length in (("U", 0), ("V", 24), ("W", 25))]
        assert self.told(*u) == " |  | UVW |  | "
        assert self.told(self.pick("A", 24), *u) == "A | A | VW |  | "

    def test_what_is_kept_out_and_more_precise_would_outrank(self) -> None:
        b = [self.pick(name, length, self.ELSE) for name, length in (("B", 24), ("C", 25))]
        assert self.told(self.pick("A", 24), *b) == "A | A |  | C | "
        assert self.told(*b) == " |  |  |  | "

    def test_an_address_without_its_vrf(self) -> None:
        red = LocalEnd(OTHER, fvrf="RED")
        b = [self.pick(name, length, self.ELSE) for name, length in (("B", 23), ("C", 24), ("D", 25))]
        assert self.told(self.pick("A", 24), *b, end=red) == "A | A |  | D | CD"
        assert self.told(*b, end=red) == " |  |  |  | BCD"


NEAR, FAR = prefix("10.1.0.0/16"), prefix("10.9.0.0/16")


class TestWhatAnEntryBeforeTakes:
    """MAP-FIRST-FIT: the first entry whose list names all of some traffic gets it, if it is for another peer."""

    def taken(self, *lines: AclEntry, proxy: Proxy | None = None, sequence: int = 20, end: Endpoint | None = None,
              peers: tuple[CryptoPeer, ...] | None = None, name: str = "CM", unread: tuple[int, ...] = (),
              kind: str = "ipsec-isakmp", acl: str = "A") -> tuple[int, ...]:  # fmt: skip
        peers = (CryptoPeer(62, OTHER),) if peers is None else peers
        entry = CryptoMapEntry(10, 61, kind, peers=peers, acl=NamedLine(63, acl))  # type: ignore[arg-type]
        later = CryptoMapEntry(15, 71, peers=(CryptoPeer(72, OTHER),), acl=NamedLine(73, "A"))
        bare = CryptoMapEntry(5, 51, peers=(CryptoPeer(52, OTHER),))
        maps = (CryptoMap("X", 50, (bare,)), CryptoMap("CM", 60, (bare, entry, later) if sequence == 20 else (entry,)))
        found = Router("R", "r.cfg", crypto_maps=maps, acls=(AccessList("A", 40, lines, unread=unread),))
        own = end or Endpoint("R", "Gi0 CM 20", "crypto-map", LocalEnd(None), peer=OWN)
        return _First(found, name).taking(sequence, own, proxy or Proxy("ip", NEAR, FAR))

    @staticmethod
    def line(
        source: Prefix | None = NEAR, destination: Prefix | None = FAR, protocol: str = "ip", **more: str
    ) -> AclEntry:
        return AclEntry(41, "permit", protocol, source, destination, **more)

    def test_the_same_traffic(self) -> None:
        assert self.taken(self.line()) == (61, 41)
        again = msgspec.structs.replace(self.line(), line=42)
        assert self.taken(self.line(), again) == (61, 41), "the first line that has it"

    @pytest.mark.parametrize(
        ("source", "destination", "takes"),
        [
            ("10.0.0.0/8", "10.9.0.0/16", True), ("10.1.0.0/16", "10.0.0.0/8", True), ("0.0.0.0/0", "0.0.0.0/0", True),
            ("10.1.0.0/17", "10.9.0.0/16", False), ("10.1.0.0/16", "10.9.0.0/17", False), ("10.2.0.0/16", "10.9.0.0/16", False),
            ("10.1.0.0/16", "10.8.0.0/16", False), ("11.0.0.0/8", "10.9.0.0/16", False), ("10.9.0.0/16", "10.1.0.0/16", False),
        ],
    )  # fmt: skip
    def test_all_of_it(self, source: str, destination: str, takes: bool) -> None:
        assert self.taken(self.line(prefix(source), prefix(destination))) == ((61, 41) if takes else ())

    @pytest.mark.parametrize(
        ("listed", "asked", "takes"),
        [
            ("ip", "ip", True),
            ("ip", "tcp", True),
            ("tcp", "tcp", True),
            ("tcp", "ip", False),
            ("tcp", "udp", False),
            ("47", "gre", True),
        ],
    )
    def test_of_its_protocol(self, listed: str, asked: str, takes: bool) -> None:
        found = self.taken(self.line(protocol=listed), proxy=Proxy(asked, NEAR, FAR))
        assert found == ((61, 41) if takes else ())

    def test_by_a_list_that_is_plain(self) -> None:
        assert self.taken(self.line(source_ports="eq 1")) == self.taken(self.line(destination_ports="eq 1")) == ()
        assert self.taken(self.line(None)) == self.taken(self.line(NEAR, None)) == ()
        assert self.taken(self.line(), unread=(42,)) == self.taken(self.line(), acl="GONE", sequence=15) == ()
        assert self.taken(self.line(), AclEntry(43, "deny", "ip", FAR, NEAR)) == ()
        mixed = self.taken(self.line(source_ports="eq 1"), msgspec.structs.replace(self.line(), line=42))
        assert mixed == (61, 42)

    def test_a_list_that_denies_does_not_hide_the_entries_behind_it(self) -> None:
        """Wrong lines that this catches: one that looks at no entry behind a list that denies something."""
        peers = (CryptoPeer(62, OTHER),)
        lists = (
            AccessList("D", 30, (AclEntry(31, "deny", "ip", FAR, NEAR), self.line())),
            AccessList("A", 40, (self.line(),)),
        )
        entries = (
            CryptoMapEntry(10, 51, peers=peers, acl=NamedLine(53, "D")),
            CryptoMapEntry(15, 61, peers=peers, acl=NamedLine(63, "A")),
        )
        router = Router("R", "r.cfg", crypto_maps=(CryptoMap("CM", 50, entries),), acls=lists)
        own = Endpoint("R", "Gi0 CM 20", "crypto-map", LocalEnd(None), peer=OWN)
        assert _First(router, "CM").taking(20, own, Proxy("ip", NEAR, FAR)) == (61, 41)

    def test_of_an_entry_before_for_another_peer(self) -> None:
        assert self.taken(self.line(), sequence=11) == (61, 41) and self.taken(self.line(), sequence=10) == ()
        assert self.taken(self.line(), peers=(CryptoPeer(62, OTHER), CryptoPeer(64, OWN)), sequence=15) == ()
        assert self.taken(self.line(), peers=(), sequence=15) == self.taken(self.line(), kind="gdoi", sequence=15) == ()
        assert self.taken(self.line(), name="X") == self.taken(self.line(), name="NONE") == ()
        named = Endpoint("R", "Gi0 CM 20", "crypto-map", LocalEnd(None), peer_name="far.a.b")
        for host, lines in (("far.a.b", ()), ("else.a.b", (61, 41))):
            assert self.taken(self.line(), peers=(CryptoPeer(62, hostname=host),), end=named, sequence=15) == lines

    def test_of_its_family(self) -> None:
        six = Prefix(6, 0, 0)
        assert self.taken(self.line(six, six)) == ()
        assert self.taken(
            self.line(six, six), proxy=Proxy("ip", prefix("2001:db8::/64"), prefix("2001:db8:1::/64"))
        ) == (61, 41)


SERVERS = (CryptoPeer(23, address("198.51.100.1")), CryptoPeer(24, hostname="ks.a.b"))
GROUP = GdoiGroup("G", 20, identity="4711", identity_line=21, servers=SERVERS)


class TestMembers:
    """What a GET VPN member calls with, and from where (CLIENT-GETVPN, BIND-ENTRY)."""

    LOOP = interface("Lo0", 1, "203.0.113.5/32", vrf="RED")
    GI = interface("Gi0", 3, "192.0.2.1/24", crypto_maps=(NamedLine(5, "CM"),))
    ENTRY = CryptoMapEntry(10, 31, "gdoi", reference="G")
    BASE = Endpoint(
        "R", "Gi0 CM 10", "gdoi", LocalEnd(OWN, "Gi0"), crypto_map="CM", group="4711", lines=(5, 31, 20, 21, 23)
    )

    def ends(self, group: GdoiGroup | None = GROUP, *interfaces: Interface, entry: CryptoMapEntry | None = None,
             profiles: tuple[str, ...] = ("P", "M"), **more: object) -> tuple[Endpoint, ...]:  # fmt: skip
        found = Router(
            "R", "r.cfg", interfaces=(self.LOOP, *(interfaces or (self.GI,))), gdoi_groups=(group,) if group else (),
            crypto_maps=(CryptoMap("CM", 30, (entry or self.ENTRY, CryptoMapEntry(20, 39)), **more),),  # type: ignore[arg-type]
            isakmp_profiles=tuple(IsakmpProfile(name, 60 + at) for at, name in enumerate(profiles)),
        )  # fmt: skip
        return client_ends(found, Addresses(found))

    def test_one_for_each_server(self) -> None:
        one = msgspec.structs.replace(self.BASE, peer=SERVERS[0].address)
        two = msgspec.structs.replace(self.BASE, peer_name="ks.a.b", lines=(5, 31, 20, 21, 24))
        assert self.ends() == (one, two)

    def test_what_is_no_entry_of_a_group_is_passed_over(self) -> None:
        two = msgspec.structs.replace(self.GI, crypto_maps=(NamedLine(4, "GONE"), NamedLine(5, "CM")))
        found = Router(
            "R", "r.cfg", interfaces=(two,), gdoi_groups=(GROUP,),
            crypto_maps=(CryptoMap("CM", 30, (CryptoMapEntry(5, 29), self.ENTRY)),),
        )  # fmt: skip
        assert [one.interface for one in client_ends(found, Addresses(found))] == ["Gi0 CM 10"] * 2

    def test_by_the_profile_of_the_entry_or_of_the_map(self) -> None:
        of_map, of_entry = NamedLine(32, "M"), NamedLine(33, "P")
        own = msgspec.structs.replace(self.ENTRY, isakmp_profile=of_entry)

        def bound(*found: Endpoint) -> tuple[object, ...]:
            return found[0].isakmp_profile, found[0].lines[5:], found[0].missing

        assert bound(*self.ends(isakmp_profile=of_map)) == ("M", (32,), ())
        assert bound(*self.ends(entry=own, isakmp_profile=of_map)) == ("P", (33,), ())
        undefined = self.ends(entry=own, profiles=("M",))
        assert [one.missing for one in undefined] == [(("isakmp profile P", 33),)] * 2
        two = msgspec.structs.replace(GROUP, ikev2_profile=NamedLine(25, "V2"))
        (first, _) = self.ends(two, entry=own)
        assert (first.isakmp_profile, first.ikev2_profile, first.lines) == (None, "V2", (5, 31, 20, 21, 23, 25))

    def test_from_where(self) -> None:
        away = msgspec.structs.replace(GROUP, registration_interface=NamedLine(26, "Lo0"))
        second = interface("Gi1", 7, "192.0.2.9/24", crypto_maps=(NamedLine(9, "CM"),), shutdown=True)
        loop = LocalEnd(address("203.0.113.5"), "Lo0", "RED")
        found = self.ends(away, self.GI, second)
        assert [(one.interface, one.local) for one in found] == [("Gi0 CM 10", loop)] * 2, "it registers once"
        assert found[0].lines == (5, 31, 20, 21, 23, 26)
        twice = self.ends(GROUP, self.GI, second)
        assert [(one.interface, one.local, one.shutdown) for one in twice] == [
            ("Gi0 CM 10", LocalEnd(OWN, "Gi0"), False)] * 2 + [("Gi1 CM 10", LocalEnd(OTHER, "Gi1"), True)] * 2  # fmt: skip
        assert self.ends(local_address=NamedLine(34, "Lo0"))[0].local == loop
        assert self.ends(away, local_address=NamedLine(34, "Gi0"))[0].local == loop, (
            "the group's own outranks the map's"
        )
        assert self.ends(local_address=NamedLine(34, "Lo9"))[0].local == LocalEnd(None, "Lo9")

    def test_what_is_missing(self) -> None:
        (gone,) = self.ends(None)
        assert (gone.missing, gone.group, gone.peer_name, gone.lines) == (
            (("gdoi group G", 31),), None, "a server that is not named", (5, 31)
        )  # fmt: skip
        bare = self.ends(msgspec.structs.replace(GROUP, identity=None, identity_line=0))
        assert (bare[0].missing, bare[0].lines) == ((("identity number", 20),), (5, 31, 20, 23))


def test_ends_of_a_key_server() -> None:
    """One with ``gikev2`` answers by both versions (CLIENT-GETVPN)."""
    server = GdoiGroup("G", 20, identity="4711", identity_line=21, server_line=22, address=OWN, address_line=23,
                       authorization=NamedLine(24, "WHO"), ikev2_profile=NamedLine(25, "V2"))  # fmt: skip
    one = Endpoint("R", "GDOI G", "gdoi", LocalEnd(OWN), group="4711", acl="WHO", lines=(20, 21, 22, 23, 24))
    two = msgspec.structs.replace(one, ikev2_profile="V2", lines=(20, 21, 22, 23, 24, 25))
    assert key_server_ends(Router("R", "r.cfg", gdoi_groups=(GROUP, server))) == (one, two)
    plain = msgspec.structs.replace(
        server, gkm=True, ikev2_profile=None, authorization=None, address=None, address_line=0
    )
    assert key_server_ends(Router("R", "r.cfg", gdoi_groups=(plain,))) == (
        Endpoint("R", "GKM G", "gdoi", LocalEnd(None), group="4711", lines=(20, 21, 22)),
    )


def test_ends_of_an_easy_vpn_client() -> None:
    client = EzvpnClient("EZ", 40, group="B", group_line=41, peers=SERVERS, local_address=NamedLine(44, "Lo0"))
    uses = (EzvpnUse(6, "EZ", inside=True), EzvpnUse(7, "EZ"), EzvpnUse(8, "GONE"))
    gi = interface("Gi0", 3, "192.0.2.1/24", ezvpn=uses)
    found = Router("R", "r.cfg", interfaces=(interface("Lo0", 1, "203.0.113.5/32"), gi), ezvpn_clients=(client,))
    one = Endpoint("R", "Gi0 EZ", "ezvpn", LocalEnd(address("203.0.113.5"), "Lo0"), peer=SERVERS[0].address, group="B",
                   lines=(7, 40, 41, 23, 44))  # fmt: skip
    gone = Endpoint("R", "Gi0 GONE", "ezvpn", LocalEnd(OWN, "Gi0"), peer_name="a server that is not named", lines=(8,),
                    missing=(("ezvpn client GONE", 8),))  # fmt: skip
    assert client_ends(found, Addresses(found)) == (
        one, msgspec.structs.replace(one, peer=None, peer_name="ks.a.b", lines=(7, 40, 41, 24, 44)), gone
    )  # fmt: skip


def test_one_of_the_protected_networks_on_this_side_is_enough_to_tell_the_table() -> None:
    """A map in a VRF whose networks are in the default table; what no interface has, tells nothing (PROFILE-IVRF)."""
    text = """\
hostname B
crypto map CM 10 ipsec-isakmp
 set peer 192.0.2.1
 match address VPN
interface GigabitEthernet0/0
 vrf forwarding RED
 ip address 192.0.2.2 255.255.255.0
 crypto map CM
interface GigabitEthernet0/1
 ip address 10.1.0.1 255.255.0.0
ip access-list extended VPN
 permit ip 10.7.0.0 0.0.255.255 10.9.0.0 0.0.255.255
 permit ip 10.1.0.0 0.0.255.255 10.9.0.0 0.0.255.255
 permit ip any 10.9.0.0 0.0.255.255
end
"""
    rules = RouterRules(router(text))
    assert [rules.router.text(line) for line in unsupported_inside(rules, rules.endpoints[0])] == [
        "interface GigabitEthernet0/1"
    ]


@pytest.mark.parametrize(
    ("protection", "name", "missing", "undescribed"),
    [
        ("ipsec profile I", "I", False, False), ("ipsec profile GONE", "GONE", True, False), ("psk sesame", None, False, True),
        ("ipsec profile default", "default", False, False),
    ],
)  # fmt: skip
def test_what_protects_a_tunnel(protection: str, name: str | None, missing: bool, undescribed: bool) -> None:
    text = (
        "hostname R\ncrypto ipsec transform-set TS esp-aes\ncrypto ipsec profile I\n set transform-set TS\n"
        "interface Tunnel1\n tunnel source GigabitEthernet0/0\n tunnel destination 192.0.2.2\n"
        f" tunnel protection {protection}\ninterface GigabitEthernet0/0\n ip address 192.0.2.1 255.255.255.0\nend\n"
    )
    (end,) = RouterRules(router(text)).endpoints
    assert (end.ipsec_profile, end.undescribed is not None) == (name, undescribed)
    assert end.missing == ((("ipsec profile GONE", 8),) if missing else ())
    assert end.transform_sets == {"I": ("TS",), "default": ("default",)}.get(name or "", ())


@pytest.mark.parametrize(
    ("name", "number"),
    [("Virtual-Template7", 7), ("Virtual-Template", None), ("Virtual-Template1a", None), ("Tunnel7", None)],
)
def test_the_number_of_a_template(name: str, number: int | None) -> None:
    assert _template_number(Interface(name, 1)) == number
