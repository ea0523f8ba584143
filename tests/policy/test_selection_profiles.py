"""Which profile an identity selects, boundary by boundary: ISAKMP profiles and IKEv2 profiles, policies and keys."""

from __future__ import annotations

import pytest
from parsed import clear, prefix, router

from ikeaudit.model import IdentityMatch, Ikev2Identity, IPAddress, IsakmpProfile, Router, parse_address
from ikeaudit.selection import LocalEnd, ProfileSearch, RouterRules
from ikeaudit.selection.identities import identity_matches
from ikeaudit.selection.ikev2 import Ikev2Keys
from ikeaudit.selection.profiles import Identity, specificity


def address(text: str) -> IPAddress:
    found = parse_address(text)
    assert found is not None
    return found


def rules(text: str) -> RouterRules:
    return RouterRules(router("hostname R\n!\n" + text + "!\nend\n"))


def end(
    text: str | None = "192.0.2.1", interface: str | None = "GigabitEthernet0/0", fvrf: str | None = None
) -> LocalEnd:
    return LocalEnd(address(text) if text else None, interface, fvrf)


def ip(text: str) -> Identity:
    return Identity("address", address(text))


def fqdn(value: str) -> Identity:
    return Identity("fqdn", value=value)


def user(value: str) -> Identity:
    return Identity("user-fqdn", value=value)


def names(search: ProfileSearch, what: str = "matching") -> list[str]:
    return [pick.profile.name for pick in getattr(search, what)]


def profile(name: str, *lines: str) -> str:
    return "\n".join([f"crypto isakmp profile {name}", *(f"   {line}" for line in lines), ""])


class TestIsakmpProfiles:
    """DOMAIN 3.2, 4.6, 10.1 C-1."""

    @pytest.mark.parametrize(
        ("match", "covered", "not_covered"),
        [
            (
                "address 198.51.100.16 255.255.255.240",
                [ip("198.51.100.16"), ip("198.51.100.31")],
                [ip("198.51.100.15"), ip("198.51.100.32"), ip("2001:db8::1"), fqdn("198.51.100.16")],
            ),
            ("address 198.51.100.16", [ip("198.51.100.16")], [ip("198.51.100.17")]),
            ("address 0.0.0.0", [ip("198.51.100.16")], [ip("2001:db8::1"), fqdn("a")]),
            ("address ipv6 2001:DB8::/32", [ip("2001:db8::1")], [ip("2001:db9::1"), ip("198.51.100.16")]),
            (
                "host a.example.net",
                [fqdn("A.example.NET")],
                [fqdn("b.a.example.net"), fqdn("a"), user("a.example.net")],
            ),
            (
                "host domain example.net",
                [fqdn("a.example.net"), fqdn("b.a.Example.net")],
                [fqdn("a.badexample.net"), fqdn("example.net.org"), user("bob@example.net")],
            ),
            ("user bob@example.net", [user("Bob@Example.net")], [user("abob@example.net"), fqdn("bob@example.net")]),
            (
                "user domain example.net",
                [user("bob@example.net"), user("bob@a.example.net"), user("a@b@example.net")],
                [user("bob@badexample.net"), user("example.net@bad.org"), fqdn("a.example.net")],
            ),
            ("group SALES", [Identity("key-id", value="SALES")], [Identity("key-id", value="SALE"), fqdn("SALES")]),
        ],
    )
    def test_what_a_match_covers(self, match: str, covered: list[Identity], not_covered: list[Identity]) -> None:
        found = rules(profile("P", f"match identity {match}"))
        assert [i for i in covered if names(found.profiles_for(i, end())) != ["P"]] == []
        assert [i for i in not_covered if names(found.profiles_for(i, end()))] == []

    @pytest.mark.parametrize(
        ("wide", "narrow", "identity"),
        [
            ("address 198.51.0.0 255.255.0.0", "address 198.51.100.0 255.255.255.0", ip("198.51.100.7")),
            ("address 198.51.100.0 255.255.255.0", "address 198.51.100.7", ip("198.51.100.7")),
            ("address 0.0.0.0", "address 128.0.0.0 128.0.0.0", ip("198.51.100.7")),
            ("host domain example.net", "host domain a.example.net", fqdn("b.a.example.net")),
            ("host domain a.example.net", "host b.a.example.net", fqdn("b.a.example.net")),
            ("user domain example.net", "user bob@example.net", user("bob@example.net")),
        ],
    )
    def test_the_most_specific_wins_and_the_first_is_told(self, wide: str, narrow: str, identity: Identity) -> None:
        one, other = profile("WIDE", f"match identity {wide}"), profile("NARROW", f"match identity {narrow}")
        for text, order in ((one + other, ["WIDE", "NARROW"]), (other + one, ["NARROW", "WIDE"])):
            found = rules(text).profiles_for(identity, end())
            assert names(found) == order
            assert names(found, "best") == ["NARROW"]
            assert found.first is not None and found.first.profile.name == order[0]

    def test_equally_specific_profiles_tie_in_configuration_order(self) -> None:
        text = profile("B", "match identity address 198.51.100.7") + profile("A", "match identity address 198.51.100.7")
        assert names(rules(text).profiles_for(ip("198.51.100.7"), end()), "best") == ["B", "A"]

    def test_nothing_matches(self) -> None:
        found = rules(profile("P", "match identity address 198.51.100.7")).profiles_for(ip("198.51.100.8"), end())
        assert (found.matching, found.best, found.first) == ((), (), None)

    def test_a_profile_counts_once_with_its_most_specific_match(self) -> None:
        matches = ["match identity address 198.51.100.7", "match identity address 198.51.0.0 255.255.0.0"]
        for lines in (matches, matches[::-1]):
            text = profile("P", *lines) + profile("Q", "match identity address 198.51.100.0 255.255.255.0")
            found = rules(text).profiles_for(ip("198.51.100.7"), end())
            assert names(found) == ["P", "Q"] and names(found, "best") == ["P"]
            assert found.best[0].match.line == 4 + lines.index(matches[0])

    def test_of_its_lines_that_match_alike_the_first_is_told(self) -> None:
        first, second = (IdentityMatch(n, "address", prefix=prefix(f"198.51.100.{n}/24")) for n in (1, 2))
        for matches in ((first, second), (second, first)):
            found = RouterRules(Router("R", "r.cfg", isakmp_profiles=(IsakmpProfile("P", 1, matches=matches),)))
            (pick,) = found.profiles_for(Identity("address", parse_address("198.51.100.7")), LocalEnd(None)).matching
            assert pick.match == matches[0]

    def test_each_vrf_has_its_own_matches(self) -> None:
        text = profile("D", "match identity address 198.51.100.7") + profile(
            "F", "match identity address 198.51.100.7 FRONT"
        )
        text += profile("H", "match identity host a.b FRONT")
        found = rules(text)
        assert names(found.profiles_for(ip("198.51.100.7"), end())) == ["D"]
        assert names(found.profiles_for(ip("198.51.100.7"), end(fvrf="FRONT"))) == ["F"]
        assert names(found.profiles_for(fqdn("a.b"), end(fvrf="FRONT"))) == ["H"]
        assert names(found.profiles_for(fqdn("a.b"), end())) == []
        assert names(found.profiles_for(ip("198.51.100.7"), end(fvrf="OTHER"))) == []

    def test_local_address(self) -> None:
        match = "match identity address 198.51.100.7"
        text = profile("HERE", match, "local-address 192.0.2.1") + profile("THERE", match, "local-address 192.0.2.2")
        text += profile("SOMEWHERE", match, "local-address Dialer1") + "interface Dialer1\n ip address negotiated\n"
        found = rules(text).profiles_for(ip("198.51.100.7"), end())
        assert (names(found), names(found, "uncertain")) == (["HERE"], ["SOMEWHERE"])
        assert names(found, "lacking") == [], "those without the VRF of their address (LOCAL-VRF)"

    def test_host_bits_are_compared_under_the_mask(self) -> None:
        found = rules(profile("P", "match identity address 198.51.100.77 255.255.255.0"))
        assert names(found.profiles_for(ip("198.51.100.1"), end())) == ["P"]


def v2(kind: str, value: str = "") -> Ikev2Identity:
    found = router(f"hostname R\n!\ncrypto ikev2 profile F\n match identity remote {kind} {value}\n!\nend\n")
    return found.ikev2.profiles[0].matches[0]


@pytest.mark.parametrize("name", ["r.example", "R.Example"])
def test_a_certificate_map_and_a_damaged_address_match_no_identity_by_themselves(name: str) -> None:
    bare, by_map = IdentityMatch(1, "address"), IdentityMatch(2, "certificate", value=name)
    for identity in (Identity("fqdn", value=name), Identity("address", parse_address("198.51.100.7"))):
        assert specificity(bare, identity) is specificity(by_map, identity) is None


class TestIkev2Identities:
    """DOMAIN 3.5, 6.1."""

    @pytest.mark.parametrize(
        ("match", "covered", "not_covered"),
        [
            (("any",), [ip("192.0.2.9"), fqdn("a"), Identity("dn")], []),
            (
                ("address", "198.51.100.16 255.255.255.240"),
                [ip("198.51.100.16"), ip("198.51.100.31")],
                [ip("198.51.100.15"), ip("198.51.100.32"), fqdn("198.51.100.16"), ip("2001:db8::1")],
            ),
            (("fqdn", "a.example.net"), [fqdn("A.example.net")], [fqdn("b.a.example.net"), user("a.example.net")]),
            (
                ("fqdn", "domain example.net"),
                [fqdn("example.net"), fqdn("a.EXAMPLE.net")],
                [fqdn("badexample.net"), fqdn("a.badexample.net"), user("bob@example.net"), fqdn("example.net.org")],
            ),
            (
                ("email", "bob@example.net"),
                [user("BOB@example.net")],
                [user("abob@example.net"), fqdn("bob@example.net")],
            ),
            (
                ("email", "domain example.net"),
                [user("bob@example.net"), user("bob@home@Example.net")],
                [user("bob@badexample.net"), user("bob@a.example.net"), fqdn("example.net"), fqdn("a@example.net")],
            ),
            (
                ("key-id", "SITE-1"),
                [Identity("key-id", value="site-1")],
                [Identity("key-id", value="SITE-11"), fqdn("SITE-1")],
            ),
        ],
    )
    def test_what_a_match_covers(
        self, match: tuple[str, ...], covered: list[Identity], not_covered: list[Identity]
    ) -> None:
        line = v2(*match)
        assert [i for i in covered if not identity_matches(line, i)] == []
        assert [i for i in not_covered if identity_matches(line, i)] == []

    def test_a_domain_may_be_written_with_its_dot(self) -> None:
        assert identity_matches(v2("fqdn", "domain .example.net"), fqdn("a.example.net"))
        assert not identity_matches(v2("fqdn", "domain .example.net"), fqdn("a.badexample.net"))


def v2_profile(name: str, *lines: str) -> str:
    return "\n".join([f"crypto ikev2 profile {name}", *(f" {line}" for line in lines), ""])


class TestIkev2Profiles:
    MATCH = "match identity remote address 198.51.100.7 255.255.255.255"

    def found(self, text: str, here: LocalEnd | None = None) -> list[str]:
        return [p.name for p in rules(text).ikev2.profiles_for(ip("198.51.100.7"), here or end())]

    def test_every_profile_that_matches_in_configuration_order(self) -> None:
        text = v2_profile("B", "match identity remote any") + v2_profile("A", self.MATCH)
        text += v2_profile("C", "match identity remote fqdn a.b")
        assert self.found(text) == ["B", "A"]

    @pytest.mark.parametrize(
        ("line", "here", "serves"),
        [
            ("", end(), True),
            ("", end(fvrf="FRONT"), False),
            ("match fvrf any", end(), True),
            ("match fvrf any", end(fvrf="FRONT"), True),
            ("match fvrf FRONT", end(fvrf="FRONT"), True),
            ("match fvrf FRONT", end(), False),
            ("match fvrf FRONT", end(fvrf="OTHER"), False),
            ("match address local 192.0.2.1", end(), True),
            ("match address local 192.0.2.1", end("192.0.2.2"), False),
            ("match address local interface GigabitEthernet0/0", end("192.0.2.2"), True),
            ("match address local interface GigabitEthernet0/0", end(interface="GigabitEthernet0/1"), False),
            ("shutdown", end(), False),
        ],
    )
    def test_where_a_profile_serves(self, line: str, here: LocalEnd, serves: bool) -> None:
        assert self.found(v2_profile("F", self.MATCH, *([line] if line else [])), here) == (["F"] if serves else [])

    def test_one_local_match_of_several_is_enough(self) -> None:
        text = v2_profile(
            "F", self.MATCH, "match address local 192.0.2.9", "match address local interface GigabitEthernet0/0"
        )
        assert self.found(text) == ["F"]
        assert self.found(text, end("192.0.2.9", "Loopback9")) == ["F"]
        assert self.found(text, end("192.0.2.8", "Loopback9")) == []


class TestIkev2Policies:
    PROPOSALS = "crypto ikev2 proposal A\n encryption aes-cbc-256\n!\ncrypto ikev2 proposal B\n encryption 3des\n!\n"

    @pytest.mark.parametrize(
        ("lines", "here", "used"),
        [
            ([], end(), True),
            ([], end(fvrf="FRONT"), False),
            (["match fvrf any"], end(fvrf="FRONT"), True),
            (["match fvrf FRONT"], end(fvrf="FRONT"), True),
            (["match fvrf FRONT"], end(), False),
            (["match address local 192.0.2.1"], end(), True),
            (["match address local 192.0.2.1"], end("192.0.2.2"), False),
        ],
    )
    def test_where_a_policy_serves(self, lines: list[str], here: LocalEnd, used: bool) -> None:
        body = "".join(f" {line}\n" for line in lines)
        found = rules(f"crypto ikev2 policy P\n{body} proposal A\n").ikev2
        assert [p.name for p in found.policies(here)] == (["P"] if used else [])
        policy = found.policy(here)
        assert (policy.name if policy else None) == ("P" if used else None)

    def test_the_first_of_several(self) -> None:
        found = rules("crypto ikev2 policy Q\n proposal A\n!\ncrypto ikev2 policy P\n proposal B\n").ikev2
        policy = found.policy(end())
        assert policy is not None and policy.name == "Q"

    def test_the_proposals_of_a_policy(self) -> None:
        found = rules(self.PROPOSALS + "crypto ikev2 policy P\n proposal B\n proposal A\n proposal MISSING\n").ikev2
        assert [p.name for p in found.proposals(found.policy(end())) or ()] == ["B", "A"]
        missing = rules(self.PROPOSALS + "crypto ikev2 policy P\n proposal MISSING\n").ikev2
        assert missing.proposals(missing.policy(end())) == ()

    def test_the_built_in_proposal_is_not_known_unless_the_router_defines_it(self) -> None:
        found = rules(self.PROPOSALS).ikev2
        assert found.proposals(None) is None
        named = rules("crypto ikev2 policy P\n proposal default\n").ikev2
        assert named.proposals(named.policy(end())) is None
        own = rules("crypto ikev2 proposal default\n encryption 3des\n!\n").ikev2
        assert [p.encryption for p in own.proposals(None) or ()] == [("3des",)]


KEYRING = """\
crypto ikev2 keyring K
 peer NET
  address 198.51.100.0 255.255.255.0
  pre-shared-key net
 !
 peer HOST
  address 198.51.100.7
  pre-shared-key host
 !
 peer TWIN
  address 198.51.100.7
  pre-shared-key twin
 !
 peer NAMED
  hostname R2.example.net
  pre-shared-key local named-local
  pre-shared-key remote named-remote
 !
 peer ID
  identity fqdn id.example.net
  pre-shared-key id
 !
 peer DOMAIN
  identity fqdn domain example.net
  pre-shared-key domain
 !
 peer ADDRESS
  identity address 203.0.113.9
  pre-shared-key address
 !
!
crypto ikev2 profile F
 match identity remote any
 authentication local pre-share
 authentication remote pre-share
 keyring local K
!
crypto ikev2 profile INLINE
 match identity remote any
 authentication local pre-share key mine
 authentication remote pre-share key yours
 keyring local K
!
crypto ikev2 profile HALF
 match identity remote any
 authentication local pre-share key mine
 authentication remote rsa-sig
!
crypto ikev2 profile BARE
 match identity remote any
!
crypto ikev2 profile LOST
 match identity remote any
 keyring local MISSING
!
ip host r2.example.net 198.51.100.77
"""


class TestIkev2Keys:
    """DOMAIN 6.2."""

    def blocks(self, found: tuple[Ikev2Keys, ...]) -> list[str | None]:
        return [keys.peer for keys in found]

    def test_an_initiator_looks_by_host_name_then_by_address(self) -> None:
        found = rules(KEYRING).ikev2
        profile = found.profiles["F"]
        cases = {"198.51.100.77": ["NAMED"], "198.51.100.7": ["HOST", "TWIN"], "198.51.100.8": ["NET"], "192.0.2.9": []}
        for peer, blocks in cases.items():
            assert self.blocks(found.initiator_candidates(profile, address(peer))) == blocks
            keys = found.initiator_keys(profile, address(peer))
            assert (keys.peer if keys else None) == (blocks[0] if blocks else None)
        assert self.blocks(found.address_candidates(profile, address("198.51.100.77"))) == ["NET"]

    def test_a_responder_looks_by_identity_then_by_address(self) -> None:
        found = rules(KEYRING).ikev2
        profile = found.profiles["F"]
        caller = address("198.51.100.7")
        cases = [
            (fqdn("id.example.net"), caller, ["ID"]),
            (fqdn("x.example.net"), caller, ["DOMAIN"]),
            (fqdn("other.org"), caller, ["HOST", "TWIN"]),
            (fqdn("other.org"), address("198.51.100.77"), ["NET"]),
            (fqdn("other.org"), None, []),
            (ip("203.0.113.9"), caller, ["ADDRESS"]),
            (ip("203.0.113.8"), caller, ["HOST", "TWIN"]),
        ]
        for identity, peer, blocks in cases:
            assert self.blocks(found.responder_candidates(profile, identity, peer)) == blocks, identity
            keys = found.responder_keys(profile, identity, peer)
            assert (keys.peer if keys else None) == (blocks[0] if blocks else None)

    def test_the_two_halves_and_their_lines(self) -> None:
        found = rules(KEYRING).ikev2
        keys = found.initiator_keys(found.profiles["F"], address("198.51.100.77"))
        assert keys is not None and keys.local is not None and keys.remote is not None
        assert (keys.local.fingerprint, keys.remote.fingerprint) == (clear("named-local"), clear("named-remote"))
        assert keys.lines == (3, 16)

    def test_keys_in_the_profile_come_before_its_keyring(self) -> None:
        found = rules(KEYRING).ikev2
        for keys in (
            found.initiator_candidates(found.profiles["INLINE"], address("198.51.100.7")),
            found.responder_candidates(found.profiles["INLINE"], fqdn("id.example.net"), address("198.51.100.7")),
        ):
            (only,) = keys
            assert only.local is not None and only.remote is not None and only.peer is None
            assert (only.local.fingerprint, only.remote.fingerprint) == (clear("mine"), clear("yours"))
            assert len(only.lines) == 2
        (half,) = found.initiator_candidates(found.profiles["HALF"], address("198.51.100.7"))
        assert half.local is not None and half.remote is None and len(half.lines) == 1

    @pytest.mark.parametrize("name", ["BARE", "LOST"])
    def test_without_a_keyring_there_is_no_key(self, name: str) -> None:
        found = rules(KEYRING).ikev2
        assert found.initiator_candidates(found.profiles[name], address("198.51.100.7")) == ()
        assert found.responder_candidates(found.profiles[name], fqdn("id.example.net"), address("198.51.100.7")) == ()


class TestIkev2OwnIdentity:
    @pytest.mark.parametrize(
        ("line", "identity"),
        [
            ("", ip("192.0.2.1")),
            ("identity local address 203.0.113.5", ip("203.0.113.5")),
            ("identity local fqdn a.b", fqdn("a.b")),
            ("identity local email bob@a.b", user("bob@a.b")),
            ("identity local key-id SITE", Identity("key-id", value="SITE")),
            ("identity local dn", Identity("dn")),
        ],
    )
    def test_what_a_router_presents(self, line: str, identity: Identity) -> None:
        found = rules(v2_profile("F", "match identity remote any", *([line] if line else []))).ikev2
        assert found.own_identity(found.profiles["F"], end()) == identity
