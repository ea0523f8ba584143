"""Which keys a router takes into account, boundary by boundary (DOMAIN 1, 3.1, 4.1 to 4.5)."""

from __future__ import annotations

import msgspec
import pytest
from parsed import clear, router

from ikeaudit.model import (
    CryptoMap,
    IPAddress,
    IsakmpProfile,
    LocalAddress,
    NamedLine,
    Router,
    TransformSet,
    parse_address,
)
from ikeaudit.selection import Endpoint, KeySearch, LocalEnd, RouterRules
from ikeaudit.selection.profiles import Identity


def address(text: str) -> IPAddress:
    found = parse_address(text)
    assert found is not None
    return found


def rules(text: str) -> RouterRules:
    return RouterRules(router("hostname R\n!\n" + text + "end\n"))


def end(
    text: str | None = "192.0.2.1", interface: str | None = "GigabitEthernet0/0", fvrf: str | None = None
) -> LocalEnd:
    return LocalEnd(address(text) if text else None, interface, fvrf)


def names(search: KeySearch, what: str = "best") -> list[str]:
    return [pick.keyring.name for pick in getattr(search, what)]


PEER = address("198.51.100.7")
INTERFACES = """\
interface GigabitEthernet0/0
 ip address 192.0.2.1 255.255.255.0
 ip address 192.0.2.9 255.255.255.0 secondary
!
interface GigabitEthernet0/1
 ip address 203.0.113.1 255.255.255.0
!
interface GigabitEthernet0/2
 no ip address
!
interface Dialer1
 ip address negotiated
!
interface GigabitEthernet0/3
 ip address dhcp
!
interface Loopback1
 ip unnumbered GigabitEthernet0/0
!
interface GigabitEthernet0/4
 ip address 192.0.2.65 255.255.255.192
 ipv6 address FE80::4 link-local
 ipv6 address 2001:DB8::4/64
!
"""


def ring(name: str, peer: str, key: str = "one", local: str | None = None, vrf: str | None = None) -> str:
    lines = [f"crypto keyring {name}" + (f" vrf {vrf}" if vrf else "")]
    lines += [f"  local-address {local}"] if local else []
    return "\n".join([*lines, f"  pre-shared-key address {peer} key {key}", ""])


class TestBlindSearch:
    def test_the_longest_mask_wins_whatever_the_order(self) -> None:
        wide, narrow = ring("WIDE", "198.51.0.0 255.255.0.0"), ring("NARROW", "198.51.100.7")
        for text in (wide + narrow, narrow + wide):
            found = rules(text).blind_keys(end(), PEER)
            assert names(found) == ["NARROW"]
            assert sorted(names(found, "considered")) == ["NARROW", "WIDE"]
            assert not found.tie

    def test_considered_keys_stand_in_configuration_order(self) -> None:
        text = ring("A", "198.51.0.0 255.255.0.0") + ring("B", "198.51.100.7") + ring("C", "0.0.0.0 0.0.0.0")
        assert names(rules(text).blind_keys(end(), PEER), "considered") == ["A", "B", "C"]

    def test_equal_masks_in_two_keyrings_tie_and_the_first_stands_first(self) -> None:
        found = rules(ring("A", "198.51.100.7") + ring("B", "198.51.100.7", "two")).blind_keys(end(), PEER)
        assert names(found) == ["A", "B"] and found.tie

    def test_two_entries_of_one_keyring_are_no_tie(self) -> None:
        text = "crypto keyring K\n  pre-shared-key address 198.51.100.7 255.255.255.0 key a\n"
        text += "  pre-shared-key address 198.51.100.9 255.255.255.0 key b\n"
        found = rules(text).blind_keys(end(), PEER)
        assert names(found) == ["K", "K"] and not found.tie

    @pytest.mark.parametrize(
        ("peer", "found"),
        [
            ("198.51.100.8", False),
            ("198.51.100.15", True),
            ("198.51.100.16", True),
            ("198.51.100.31", True),
            ("198.51.100.32", False),
        ],
    )
    def test_the_edges_of_a_mask(self, peer: str, found: bool) -> None:
        text = ring("K", "198.51.100.16 255.255.255.240") + ring("H", "198.51.100.15")
        assert bool(rules(text).blind_keys(end(), address(peer)).best) is found

    def test_a_key_of_one_family_is_none_for_the_other(self) -> None:
        text = "crypto keyring K\n  pre-shared-key address ipv6 ::/0 key one\n"
        assert not rules(text).blind_keys(end(), PEER).best
        assert names(rules(text).blind_keys(end("2001:db8::1"), address("2001:db8::2"))) == ["K"]
        assert not rules(ring("K", "0.0.0.0 0.0.0.0")).blind_keys(end("2001:db8::1"), address("2001:db8::2")).best

    def test_a_host_name_key_is_no_candidate(self) -> None:
        text = "crypto keyring K\n  pre-shared-key hostname r2 key one\n" + ring("L", "0.0.0.0 0.0.0.0")
        found = rules(text).blind_keys(end(), PEER)
        assert names(found, "considered") == ["L"]
        (named,) = rules(text).hostname_keys
        assert named.length == 0 and named.key.hostname == "r2"

    def test_global_keys_come_first_and_end_the_search(self) -> None:
        text = "crypto isakmp key one address 0.0.0.0\n" + ring("K", "198.51.100.7")
        found = rules(text).blind_keys(end(), PEER)
        assert names(found, "considered") == names(found) == ["default"]

    def test_without_a_global_key_for_the_peer_the_keyrings_follow(self) -> None:
        text = "crypto isakmp key one address 198.51.100.8\n" + ring("K", "198.51.100.7")
        assert names(rules(text).blind_keys(end(), PEER)) == ["K"]

    def test_each_vrf_has_its_own_keyrings_and_none_the_global_keys(self) -> None:
        text = (
            "crypto isakmp key one address 0.0.0.0\n"
            + ring("K", "198.51.100.7")
            + ring("F", "198.51.100.7", vrf="FRONT")
        )
        found = rules(text)
        assert names(found.blind_keys(end(fvrf="FRONT"), PEER)) == ["F"]
        assert not found.blind_keys(end(fvrf="OTHER"), PEER).considered
        assert names(rules(ring("F", "198.51.100.7", vrf="FRONT")).blind_keys(end(), PEER)) == []


class TestLocalAddress:
    """Keyring ``K`` with a ``local-address``, for a peer that calls 192.0.2.1 on GigabitEthernet0/0 unless it is said."""

    def found(self, local: str, here: LocalEnd | None = None, peer: str = "198.51.100.7", rest: str = "") -> KeySearch:
        return rules(ring("K", peer, local=local) + rest + INTERFACES).blind_keys(here or end(), PEER)

    @pytest.mark.parametrize(
        ("local", "here"),
        [
            ("192.0.2.1", end()),
            ("192.0.2.9", end("192.0.2.9")),
            ("GigabitEthernet0/0", end()),
            ("GigabitEthernet0/1", end("203.0.113.1", "GigabitEthernet0/1")),
            ("GigabitEthernet0/3", end(None, "GigabitEthernet0/3")),  # learnt, and the very interface
            ("Loopback1", end()),  # unnumbered: the address of GigabitEthernet0/0
            ("GigabitEthernet0/0", end(interface="Loopback1")),
        ],
    )
    def test_serves(self, local: str, here: LocalEnd) -> None:
        found = self.found(local, here)
        assert (names(found), names(found, "uncertain"), names(found, "outranked")) == (["K"], [], [])

    @pytest.mark.parametrize(
        ("local", "here"),
        [
            ("192.0.2.2", end()),
            ("192.0.2.9", end()),
            ("203.0.113.1", end()),
            ("GigabitEthernet0/0", end("192.0.2.9")),  # the interface stands for its primary address
            ("GigabitEthernet0/1", end()),
            ("GigabitEthernet0/2", end()),  # no address at all
            ("GigabitEthernet0/2", end(None, "Dialer1")),
            ("GigabitEthernet0/9", end()),  # no such interface
            ("GigabitEthernet0/9", end(None, None)),
        ],
    )
    def test_does_not_serve(self, local: str, here: LocalEnd) -> None:
        found = self.found(local, here)
        assert (names(found, "considered"), names(found, "uncertain"), names(found)) == ([], [], [])

    @pytest.mark.parametrize(
        ("local", "here"),
        [
            ("192.0.2.1", end(None, "Dialer1")),  # who calls a learnt address
            ("GigabitEthernet0/1", end(None, "Dialer1")),
            ("Dialer1", end()),  # a learnt address that may be the one called
            ("GigabitEthernet0/3", end()),
        ],
    )
    def test_nobody_knows(self, local: str, here: LocalEnd) -> None:
        found = self.found(local, here)
        assert (names(found, "considered"), names(found, "uncertain")) == ([], ["K"])

    @pytest.mark.parametrize(
        ("mask", "other", "uncertain"),
        [
            ("255.255.255.255", "255.255.255.0", ["K"]),
            ("255.255.255.0", "255.255.255.0", ["K"]),
            ("255.255.255.0", "255.255.255.255", []),
            ("255.255.255.0", "255.255.255.128", []),
            ("255.255.255.0", "255.255.254.0", ["K"]),
        ],
    )
    def test_a_keyring_that_nobody_knows_matters_from_the_best_mask_on(
        self, mask: str, other: str, uncertain: list[str]
    ) -> None:
        base = {"255.255.255.255": "198.51.100.7"}
        mine, theirs = (f"{base.get(m, '198.51.100.0')} {m}" for m in (mask, other))
        found = self.found("Dialer1", peer=mine, rest=ring("SURE", theirs))
        assert names(found) == ["SURE"]
        assert names(found, "uncertain") == uncertain

    @pytest.mark.parametrize(
        ("mask", "other", "outranked"),
        [
            ("255.255.255.255", "255.255.255.0", ["K"]),
            ("255.255.255.0", "255.255.255.0", []),
            ("255.255.255.0", "255.255.255.255", []),
        ],
    )
    def test_a_longer_mask_elsewhere_outranks_under_the_other_order(
        self, mask: str, other: str, outranked: list[str]
    ) -> None:
        base = {"255.255.255.255": "198.51.100.7"}
        mine, theirs = (f"{base.get(m, '198.51.100.0')} {m}" for m in (mask, other))
        found = self.found("GigabitEthernet0/1", peer=mine, rest=ring("SURE", theirs))
        assert names(found) == ["SURE"]
        assert names(found, "outranked") == outranked

    def test_without_any_key_that_serves_nothing_is_outranked(self) -> None:
        assert names(self.found("GigabitEthernet0/1"), "outranked") == []

    def test_an_interface_of_both_families_has_an_address_in_each(self) -> None:
        here = end("2001:db8::4", "GigabitEthernet0/4")
        text = "crypto keyring K\n  local-address GigabitEthernet0/4\n  pre-shared-key address ipv6 ::/0 key one\n"
        assert names(rules(text + INTERFACES).blind_keys(here, address("2001:db8::9"))) == ["K"]
        other = end("2001:db8::4", "GigabitEthernet0/1")
        assert names(rules(text + INTERFACES).blind_keys(other, address("2001:db8::9"))) == ["K"]
        assert names(self.found("GigabitEthernet0/4", end("192.0.2.65", "GigabitEthernet0/4"))) == ["K"]
        assert names(self.found("GigabitEthernet0/4", end("192.0.2.65", None))) == ["K"]


class TestAddresses:
    def test_the_primary_address_of_each_family(self) -> None:
        found = rules(INTERFACES).addresses
        assert found.primary("GigabitEthernet0/0") == address("192.0.2.1")
        assert found.primary("GigabitEthernet0/4") == address("192.0.2.65")
        assert found.primary("GigabitEthernet0/4", 6) == address("2001:db8::4")
        assert found.primary("GigabitEthernet0/0", 6) is None
        assert found.primary("Loopback1") == address("192.0.2.1")
        assert found.primary("Dialer1") is None and found.primary("Nowhere9") is None

    def test_unnumbered_in_a_circle_ends(self) -> None:
        text = "interface Loopback1\n ip unnumbered Loopback2\n!\ninterface Loopback2\n ip unnumbered Loopback1\n!\n"
        assert rules(text).addresses.primary("Loopback1") is None

    def test_who_holds_an_address(self) -> None:
        found = rules(INTERFACES).addresses
        assert [i.name for i in found.owners(address("192.0.2.9"))] == ["GigabitEthernet0/0"]
        assert found.owners(address("fe80::4")) == (), "a link-local address is everybody's"
        assert found.owners(address("192.0.2.2")) == ()
        assert set(found.all()) == {
            address(a) for a in ("192.0.2.1", "192.0.2.9", "203.0.113.1", "192.0.2.65", "2001:db8::4")
        }

    def test_shared_addresses(self) -> None:
        text = "interface GigabitEthernet0/0\n ip address 192.0.2.2 255.255.255.0\n standby 1 ip 192.0.2.1\n"
        assert rules(text + "!\n").addresses.shared("GigabitEthernet0/0") == address("192.0.2.1")
        two = rules(text + " standby 2 ip 192.0.2.3\n!\n").addresses
        assert two.shared("GigabitEthernet0/0") is None
        assert two.shared("Nowhere9") is None

    def test_what_is_shut_down(self) -> None:
        found = rules(
            "interface GigabitEthernet0/0\n shutdown\n!\ninterface GigabitEthernet0/1\n no shutdown\n!\n"
        ).addresses
        assert [found.down(n) for n in ("GigabitEthernet0/0", "GigabitEthernet0/1", "Nowhere9", None)] == [
            True,
            False,
            False,
            False,
        ]


class TestKeysOfAProfile:
    TEXT = (
        "crypto isakmp key globe address 198.51.100.7\n"
        + ring("A", "198.51.100.7", "a")
        + ring("B", "198.51.100.0 255.255.255.0", "b")
        + ring("F", "198.51.100.7", "f", vrf="FRONT")
        + "crypto isakmp profile NONE\n   match identity address 198.51.100.7 255.255.255.255\n"
        + "crypto isakmp profile ONE\n   keyring B\n   match identity address 198.51.100.7 255.255.255.255\n"
        + "crypto isakmp profile MANY\n   keyring B\n   keyring A\n   keyring F\n   keyring MISSING\n   keyring default\n"
        + "   match identity address 198.51.100.7 255.255.255.255\n!\n"
    )

    def keys(self, profile: str, fvrf: str | None = None) -> KeySearch:
        found = rules(self.TEXT)
        return found.keys_in_profile(found.profiles[profile], end(fvrf=fvrf), PEER)

    def test_a_profile_without_keyrings_has_the_global_keys(self) -> None:
        assert names(self.keys("NONE"), "considered") == ["default"]
        assert self.keys("NONE", "FRONT").considered == ()

    def test_only_what_it_lists_in_that_order(self) -> None:
        assert names(self.keys("ONE"), "considered") == ["B"]
        assert names(self.keys("MANY"), "considered") == ["B", "A", "default"]
        assert names(self.keys("MANY")) == ["A", "default"]
        assert names(self.keys("MANY", "FRONT"), "considered") == ["F"]

    def test_the_key_itself(self) -> None:
        (pick,) = self.keys("ONE").best
        assert (pick.key.secret.fingerprint, pick.length) == (clear("b"), 24)

    def test_names_listed_twice_count_once(self) -> None:
        found = rules(self.TEXT)
        assert found.ring_names(found.profiles["MANY"]) == ("B", "A", "F", "MISSING", "default")
        assert found.ring_names(found.profiles["NONE"]) == ("default",)


class TestHostNames:
    TEXT = (
        "ip host R2.example.net 198.51.100.7\nip host other 198.51.100.8\n!\n"
        "crypto keyring K\n  pre-shared-key hostname r2.EXAMPLE.net key one\n"
        "crypto keyring F vrf FRONT\n  pre-shared-key hostname r2.example.net key two\n"
        "crypto keyring L\n  local-address 203.0.113.1\n  pre-shared-key hostname r2.example.net key three\n"
        "crypto isakmp profile P\n   keyring K\n   match identity address 198.51.100.7 255.255.255.255\n"
        "crypto isakmp profile Q\n   keyring F\n   match identity address 198.51.100.7 255.255.255.255\n!\n"
    ) + INTERFACES

    @pytest.mark.parametrize(
        ("here", "found"),
        [
            (end(), ["K"]),
            (end(fvrf="FRONT"), ["F"]),
            (end("203.0.113.1", "GigabitEthernet0/1"), ["K", "L"]),
            (end(None, "Dialer1"), ["K", "L"]),  # which address that is, nobody knows
            (end(fvrf="OTHER"), []),
        ],
    )
    def test_for_a_name_and_for_an_address_with_that_name(self, here: LocalEnd, found: list[str]) -> None:
        known = rules(self.TEXT)
        assert [p.keyring.name for p in known.keys_for_name("R2.Example.NET", here)] == found
        assert [p.keyring.name for p in known.keys_by_name_of(PEER, here)] == found
        assert known.keys_for_name("r2", here) == ()
        assert known.keys_by_name_of(address("198.51.100.8"), here) == ()

    def test_of_a_profile_only_its_keyrings(self) -> None:
        known = rules(self.TEXT)
        assert [p.keyring.name for p in known.keys_by_name_of(PEER, end(), known.profiles["P"])] == ["K"]
        assert known.keys_by_name_of(PEER, end(), known.profiles["Q"]) == ()

    def test_names_that_only_dns_knows(self) -> None:
        known = rules(self.TEXT)
        assert not known.names_unresolved(end())
        text = "crypto keyring U\n  pre-shared-key hostname nobody.example.net key x\n" + self.TEXT
        more = rules(text)
        assert more.names_unresolved(end())
        assert not more.names_unresolved(end(fvrf="FRONT"))
        assert not more.names_unresolved(end(), more.profiles["P"])
        listed = rules(text.replace("profile P\n   keyring K\n", "profile P\n   keyring U\n"))
        assert listed.names_unresolved(end(), listed.profiles["P"])


class TestNullRoutes:
    @pytest.mark.parametrize(
        ("routes", "discards"),
        [
            (["ip route 198.51.100.7 255.255.255.255 Null0"], True),
            (["ip route 198.51.100.0 255.255.255.0 Null0"], False),
            (["ip route 198.51.100.7 255.255.255.255 192.0.2.254"], False),
            (["ip route 198.51.100.7 255.255.255.255 Null0 250"], False),
            (["ip route 198.51.100.7 255.255.255.255 Null0 track 1"], False),
            (["ip route vrf FRONT 198.51.100.7 255.255.255.255 Null0"], False),
            (["ip route 198.51.100.8 255.255.255.255 Null0"], False),
            (
                ["ip route 198.51.100.7 255.255.255.255 Null0", "ip route 198.51.100.7 255.255.255.255 192.0.2.254"],
                False,
            ),
            (
                [
                    "ip route 198.51.100.7 255.255.255.255 Null0",
                    "ip route 198.51.100.7 255.255.255.255 192.0.2.254 250",
                ],
                True,
            ),
        ],
    )
    def test_what_throws_away(self, routes: list[str], discards: bool) -> None:
        found = rules("\n".join([*routes, ""])).discarding_route(end(), PEER)
        assert (found is not None) is discards

    def test_in_the_vrf_of_the_call(self) -> None:
        found = rules("ip route vrf FRONT 198.51.100.7 255.255.255.255 Null0\n").discarding_route(
            end(fvrf="FRONT"), PEER
        )
        assert found is not None and found.line == 3


class TestOwnIdentity:
    @pytest.mark.parametrize(
        ("extra", "profile", "identity"),
        [
            ("", "", Identity("address", address("192.0.2.1"))),
            ("crypto isakmp identity hostname\n", "", Identity("fqdn", value="R")),
            (
                "ip domain name example.net\ncrypto isakmp identity hostname\n",
                "",
                Identity("fqdn", value="R.example.net"),
            ),
            ("crypto isakmp identity dn\n", "", Identity("address", address("192.0.2.1"))),
            (
                "crypto isakmp identity hostname\n",
                "   self-identity address\n",
                Identity("address", address("192.0.2.1")),
            ),
            ("ip domain name example.net\n", "   self-identity fqdn\n", Identity("fqdn", value="R.example.net")),
            ("ip domain name example.net\n", "   self-identity fqdn a.b\n", Identity("fqdn", value="a.b")),
            ("", "   self-identity user-fqdn bob@a.b\n", Identity("user-fqdn", value="bob@a.b")),
        ],
    )
    def test_what_a_router_presents(self, extra: str, profile: str, identity: Identity) -> None:
        text = f"{extra}crypto isakmp profile P\n{profile}   match identity address 198.51.100.7 255.255.255.255\n!\n"
        found = rules(text)
        assert found.own_identity(found.profiles["P"], end()) == identity
        if not profile:
            assert found.own_identity(None, end()) == identity

    def test_its_text(self) -> None:
        assert str(Identity("address", address("192.0.2.1"))) == "192.0.2.1"
        assert str(Identity("fqdn", value="a.b")) == "a.b"


class TestCertificates:
    RSA = "crypto isakmp policy 10\n authentication rsa-sig\n!\n"
    PSK = "crypto isakmp policy 10\n authentication pre-share\n!\n"
    TRUSTPOINT = "crypto pki trustpoint CA\n enrollment terminal\n!\n"
    OWN = (
        "crypto pki trustpoint TP-self-signed-123\n enrollment selfsigned\n!\ncrypto pki trustpoint SLA-TrustPoint\n!\n"
    )

    @pytest.mark.parametrize(
        ("text", "able"),
        [
            (TRUSTPOINT + RSA, True),
            (TRUSTPOINT + PSK, False),
            (RSA, False),
            (OWN + RSA, False),
            (OWN + TRUSTPOINT + RSA, True),
        ],
    )
    def test_who_can_authenticate_by_certificate(self, text: str, able: bool) -> None:
        assert rules(text).certificates is able

    def test_what_ios_makes_for_itself_is_left_out(self) -> None:
        assert rules(self.OWN + self.TRUSTPOINT).trustpoints == ("CA",)


def test_an_end_without_a_peer_accepts_anybody() -> None:
    here = end()
    assert Endpoint("R", "Tunnel1", "tunnel", here).accepts_any
    assert not Endpoint("R", "Tunnel1", "tunnel", here, peer=PEER).accepts_any
    assert not Endpoint("R", "Tunnel1", "tunnel", here, peer_name="r2").accepts_any


def test_a_router_without_a_host_name_has_that_of_its_file() -> None:
    nameless = msgspec.structs.replace(
        router("hostname R\n!\ninterface Loopback0\n!\nend\n"), hostname=None, name="site@r1"
    )
    assert RouterRules(nameless).fqdn == "site"
    assert RouterRules(msgspec.structs.replace(nameless, name="r1", domain_name="a.b")).fqdn == "r1.a.b"


@pytest.mark.parametrize(
    ("named", "own", "fvrf", "admitted"),
    [
        (None, "192.0.2.1", None, True),
        (None, "192.0.2.1", "RED", False),
        ("RED", "192.0.2.1", "RED", True),
        ("RED", "192.0.2.1", None, False),
        ("RED", "192.0.2.1", "BLUE", False),
        (None, "192.0.2.2", None, False),
        (None, None, "RED", None),
        ("RED", None, None, False),
    ],
)
def test_a_local_address_serves_the_vrf_that_it_names(
    named: str | None, own: str | None, fvrf: str | None, admitted: bool | None
) -> None:
    restriction = LocalAddress(1, address=parse_address("192.0.2.1"), vrf=named)
    end = LocalEnd(parse_address(own) if own is not None else None, None, fvrf)
    assert (
        RouterRules(router("hostname R\n!\ninterface Loopback0\n!\nend\n")).addresses.admits(restriction, end)
        is admitted
    )


def test_every_key_for_a_peer_stands_once_in_its_order_the_global_one_first() -> None:
    rings = "crypto keyring A\n  pre-shared-key address 198.51.100.0 255.255.255.0 key one\n!\n"
    red = "crypto keyring B vrf RED\n  pre-shared-key address 198.51.100.7 key two\n!\n"
    found = rules(f"{rings}{red}crypto isakmp key three address 198.51.100.7\n!\n")
    assert [pick.keyring.name for pick in found.covering(PEER)] == ["default", "A", "B"]


@pytest.mark.parametrize(
    ("name", "hostname", "domain", "presented"),
    [
        ("lon-1", "R1", None, "R1"),
        ("lon-1", "R1", "lab.example", "R1.lab.example"),
        ("R1@lon-1", None, "lab.example", "R1.lab.example"),
        ("R1", None, None, "R1"),
    ],
)
def test_a_router_presents_its_own_name_whatever_it_is_called_here(
    name: str, hostname: str | None, domain: str | None, presented: str
) -> None:
    """ID-SENT: by its ``hostname`` line, or where that is not shown by the name that stands for it."""
    found = RouterRules(Router(name, "r.cfg", hostname=hostname, domain_name=domain))
    assert found.fqdn == presented


def test_who_asks_for_a_user_name() -> None:
    """XAUTH-ROUTERS: a profile for its own peers; without one the crypto map, the first line that says so."""
    line = NamedLine(11, "LIST")
    profiles = (IsakmpProfile("P", 1, client_authentication="LIST"), IsakmpProfile("Q", 2))
    maps = (CryptoMap("N", 5), CryptoMap("M", 6), CryptoMap("M", 7, client_authentication=line))
    found = RouterRules(Router("R", "r.cfg", isakmp_profiles=profiles, crypto_maps=maps))
    assert [found.asks_user(profile, "M") for profile in (*profiles, None)] == [1, None, 11]
    assert [found.asks_user(None, name) for name in ("N", "GONE", None)] == [None, None, None]


def test_the_statements_of_a_profile_are_the_same_each_time() -> None:
    text = "crypto ikev2 profile P\n match identity remote any\n match identity remote fqdn a.b\n!\n"
    found = rules(text)
    (profile,) = found.router.ikev2.profiles
    told = found.statements(profile)
    assert [line.text for line in told] == ["match identity remote any", "match identity remote fqdn a.b"]
    assert found.statements(profile) is told
    assert found.told_statements == {("P", profile.line): told}


def test_transform_sets_by_their_names() -> None:
    sets = tuple(TransformSet(name, 1, ("esp-aes",)) for name in ("A", "B"))
    assert RouterRules(Router("R", "r.cfg", transform_sets=sets)).transform_sets == {"A": sets[0], "B": sets[1]}


@pytest.mark.parametrize(
    ("text", "can"),
    [
        ("isakmp policy 10\n authentication pre-share\ncrypto isakmp policy 20\n authentication rsa-sig\n", True),
        ("isakmp policy 10\n authentication rsa-sig\ncrypto isakmp policy 20\n authentication pre-share\n", True),
        ("isakmp policy 10\n authentication pre-share\n", False),
        ("isakmp policy 10\n", True),  # what prints no method means rsa-sig
    ],
)
def test_a_router_with_a_trustpoint_and_one_policy_for_certificates_can_use_them(text: str, can: bool) -> None:
    off = "no crypto isakmp default policy\n"
    assert rules(f"{off}crypto pki trustpoint CA\n!\ncrypto {text}").certificates is can
    assert not rules(f"{off}crypto {text}").certificates
