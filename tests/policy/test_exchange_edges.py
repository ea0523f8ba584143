"""Single facts of an exchange at their edge: whose line is cited, which key is left out, which end may answer."""

from __future__ import annotations

import msgspec
import pytest
from parsed import prefix, router
from two_ends import POLICY, Changes, call, end, first, pair

from ikeaudit.exchange import Exchange
from ikeaudit.exchange.main_mode import _id_type
from ikeaudit.exchange.replay import replay
from ikeaudit.exchange.run import Initiator, Responder
from ikeaudit.fleet import Fleet
from ikeaudit.model import UnknownLine
from ikeaudit.selection import Identity, LocalEnd, RouterRules

UP = ("up", None, None, "certain")


def cited(found: Exchange, host: str) -> set[str]:
    return {e.text for e in found.evidence if e.host == host}


def test_ikev2_over_translation_without_traversal_stops_at_its_first_exchange() -> None:
    a, b = (RouterRules(one) for one in pair(version=2))
    off = RouterRules(msgspec.structs.replace(b.router, nat_transparency_off_line=1))
    for rules, ended in ((b, ("half-open", "AUTH")), (off, ("down", "SA_INIT"))):
        here = rules.endpoints[0]
        called = LocalEnd(prefix("10.0.0.2").address, "GigabitEthernet0/0")
        answering = msgspec.structs.replace(here, local=called)
        responder = Responder(rules, called, a.endpoints[0].local.address, (answering,))
        found = replay(Initiator(a, a.endpoints[0]), responder)
        assert (found.outcome, found.failed_at) == ended


def test_what_is_not_asked_for_is_not_told() -> None:
    assert call().steps == ()
    a, _ = (RouterRules(one) for one in pair())
    alone = replay(Initiator(a, a.endpoints[0]), None)
    assert (alone.tunnel, alone.responder, alone.outcome) == ("", None, "unknown")


SETS = "crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac\n mode tunnel\n"
GCM: Changes = {SETS: "crypto ipsec transform-set TS esp-gcm 256\n mode tunnel\n"}
NONE: Changes = {" set transform-set TS\n": ""}


@pytest.mark.parametrize(("a", "b", "host"), [(GCM, NONE, "A"), (NONE, GCM, "B")])
def test_an_end_without_a_transform_set_meets_one_of_combined_mode(a: Changes, b: Changes, host: str) -> None:
    found = call(a, b)
    assert end(found) == ("down", "QM1", "no-common-transform", "probable")
    line, other = "crypto ipsec transform-set TS esp-gcm 256", "B" if host == "A" else "A"
    assert line in cited(found, host) and not any("esp-" in text for text in cited(found, other))
    assert end(call(NONE, {}))[:1] == ("unknown",)
    assert end(call(NONE, NONE))[:1] == ("up",)


def test_a_key_for_a_name_in_a_keyring_that_the_profile_does_not_list() -> None:
    named = {"   keyring K\n": "   keyring K\n   initiate mode aggressive\n   self-identity fqdn a.b\n"}
    by_name = {
        "pre-shared-key address PEER": "pre-shared-key hostname a.b",
        "match identity address PEER 255.255.255.255": "match identity host a.b",
        "crypto keyring K\n": "crypto keyring Z\n  pre-shared-key hostname a.b key walnut\ncrypto keyring K\n",
    }
    found = call(named, by_name)
    assert (found.outcome, found.responder_keyring) == ("up", "K")
    unbound = call(named, {**by_name, "match identity address PEER 255.255.255.255": "match identity host c.d"})
    assert unbound.responder_keyring == "Z"


def test_an_unbound_tunnel_may_start_with_the_first_profile_that_matches() -> None:
    ring = "crypto keyring Z\n  pre-shared-key address 192.0.2.0 255.255.255.0 key walnut\n"
    wide = "crypto isakmp profile W\n   keyring Z\n   match identity address 0.0.0.0\n!\ncrypto isakmp profile P\n"
    found = call(
        {
            " set isakmp-profile P\n": "",
            "crypto keyring K\n": f"{ring}crypto keyring K\n",
            "crypto isakmp profile P\n": wide,
        }
    )
    assert [(r.reading.split("; ")[0], r.outcome, r.initiator_profile) for r in found.readings][:3] == [
        ("A, unbound, starts with profile P", "up", "P"),
        ("A, unbound, starts with the first matching profile, W", "down", "W"),
        ("A, unbound, starts without a profile", "up", "P"),  # of the answer
    ]
    assert end(found) == ("up", None, None, "probable")
    assert call({" set isakmp-profile P\n": ""}).readings == ()


@pytest.mark.parametrize(
    ("second", "doubt"),
    [
        ("", True), (" tunnel source GigabitEthernet0/0\n", True), (" tunnel source 192.0.2.2\n", True),
        (" tunnel source GigabitEthernet0/0\n tunnel destination 192.0.2.1\n", True),
        (" tunnel source GigabitEthernet0/0\n tunnel destination 192.0.2.9\n", False),
        (" tunnel source GigabitEthernet0/9\n", False), (" tunnel source 192.0.2.8\n", False),
        (" tunnel destination 192.0.2.9\n", False),
    ],
)  # fmt: skip
def test_an_unread_line_of_another_end_that_may_be_for_this_caller(second: str, doubt: bool) -> None:
    a, b = pair(
        None, {"interface GigabitEthernet0/0\n": f"interface Tunnel2\n{second}!\ninterface GigabitEthernet0/0\n"}
    )
    b = msgspec.structs.replace(b, unknown=(UnknownLine(5, "interface", "Tunnel2"),))
    assert end(first(a, b)) == (("unknown", None, None, "unknown") if doubt else UP)


@pytest.mark.parametrize(
    ("identity", "told"),
    [
        (Identity("address", prefix("192.0.2.1").address), ("ID_IPV4_ADDR", 1)),
        (Identity("address", prefix("2001:db8::1").address), ("ID_IPV6_ADDR", 5)),
        (Identity("address"), ("ID_IPV4_ADDR", 1)),
        (Identity("fqdn", value="a.b"), ("ID_FQDN", 2)),
        (Identity("user-fqdn", value="u@a.b"), ("ID_USER_FQDN", 3)),
        (Identity("dn"), ("ID_DER_ASN1_DN", 9)),
    ],
)
def test_types_of_identities(identity: Identity, told: tuple[str, int]) -> None:
    """By RFC 2407, 4.6.2.1."""
    assert _id_type(identity) == told


MAP = """\
hostname A
!
crypto isakmp key sesame address 192.0.2.2
crypto isakmp policy 10
 encr aes 256
 authentication pre-share
 group 14
!
crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
 mode tunnel
!
crypto map CM 10 ipsec-isakmp
 set peer 192.0.2.2
 set transform-set TS
 match address VPN
!
interface GigabitEthernet0/0
 ip address 192.0.2.1 255.255.255.0
 ip nat outside
 crypto map CM
!
interface GigabitEthernet0/1
 ip address 10.1.0.1 255.255.0.0
 ip nat inside
!
ip nat inside source list NAT interface GigabitEthernet0/0 overload
!
ip access-list extended NAT
 permit ip 10.1.0.0 0.0.255.255 any
!
ip access-list extended VPN
 permit ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255
!
end
"""
RULE = "ip nat inside source list NAT interface GigabitEthernet0/0 overload"


class TestTrafficThatStartsATunnel:
    """What the router translates does not come to the crypto map, and the lines that say so are cited (NAT-BEFORE-MAP)."""

    OTHER = (
        MAP.replace("192.0.2.1 255", "192.0.2.9 255").replace("192.0.2.2", "192.0.2.1").replace("192.0.2.9", "192.0.2.2")
        .replace("hostname A", "hostname B").replace("10.2.0.0", "10.3.0.0").replace("10.1.0", "10.2.0")
        .replace("10.3.0.0", "10.1.0.0").replace(" ip nat outside\n", "").replace(" ip nat inside\n", "")
        .replace(f"{RULE}\n!\n", "")
    )  # fmt: skip

    def found(self, text: str) -> Exchange:
        fleet = Fleet([router(text), router(self.OTHER)])
        (found,) = [e for e in fleet.exchanges if e.initiator == "A"]
        return found

    def test_all_of_it_is_translated(self) -> None:
        found = self.found(MAP)
        assert (found.outcome, found.reason, found.confidence) == ("not-initiated", "traffic-translated", "certain")
        assert {RULE, "permit ip 10.1.0.0 0.0.255.255 any"} <= cited(found, "A")

    def test_none_of_it_is(self) -> None:
        found = self.found(
            MAP.replace(" permit ip 10.1.0.0 0.0.255.255 any", " deny ip any 10.2.0.0 0.0.255.255\n permit ip any any")
        )
        assert found.outcome == "up" and RULE not in cited(found, "A")

    def test_some_of_it_is(self) -> None:
        half = " deny ip any 10.2.0.0 0.0.127.255\n permit ip any any"
        found = self.found(MAP.replace(" permit ip 10.1.0.0 0.0.255.255 any", half))
        assert found.outcome == "up" and RULE in cited(found, "A")

    def test_one_line_of_two_is(self) -> None:
        """The proposal of a line that no traffic reaches is not made: that the other end does not have it does not matter."""
        more = " permit ip 10.1.0.0 0.0.255.255 10.7.0.0 0.0.255.255\n!\nend\n"
        exempt = " deny ip any 10.2.0.0 0.0.255.255\n permit ip any any"
        found = self.found(MAP.replace(" permit ip 10.1.0.0 0.0.255.255 any", exempt).replace("!\nend\n", more))
        assert (found.outcome, found.confidence) == ("up", "certain")

    def test_nobody_can_tell(self) -> None:
        found = self.found(MAP.replace("permit ip 10.1.0.0 0.0.255.255 any", "permit ip object-group G any"))
        assert found.outcome == "unknown"
        assert [reading.outcome for reading in found.readings] == ["up", "not-initiated"]

    @pytest.mark.parametrize("line", ["permit ip 10.1.0.0 255.255.0.0 10.2.0.0 0.0.255.255"])
    def test_a_netmask_for_a_wildcard(self, line: str) -> None:
        found = self.found(MAP.replace("permit ip 10.1.0.0 0.0.255.255 10.2.0.0 0.0.255.255", line))
        assert (found.outcome, found.reason, found.confidence) == ("not-initiated", "traffic-not-matched", "probable")
        assert line in cited(found, "A")

    def test_an_entry_without_a_list_starts_nothing(self) -> None:
        found = self.found(MAP.replace(" match address VPN\n", ""))
        assert (found.outcome, found.reason) == ("not-initiated", "incomplete-configuration")

    def test_answers_that_are_translated_are_lost(self) -> None:
        text = MAP.replace(" ip nat outside\n", "").replace(" ip nat inside\n", "").replace(f"{RULE}\n!\n", "")
        back = self.OTHER.replace("crypto map CM\n!", "crypto map CM\n ip nat outside\n!").replace(
            " ip address 10.2.0.1 255.255.0.0\n", " ip address 10.2.0.1 255.255.0.0\n ip nat inside\n"
        )
        back = back.replace("ip access-list extended NAT", f"{RULE}\n!\nip access-list extended NAT")
        (found,) = [e for e in Fleet([router(text), router(back)]).exchanges if e.initiator == "A"]
        assert (found.outcome, found.lost_at) == ("up", "replies") and RULE in cited(found, "B")
        assert self.found(text).lost_at is None


def test_what_a_profile_presents_without_a_name() -> None:
    a, _ = pair(version=2)
    rules = RouterRules(a)
    profile = rules.ikev2.profiles["P"]
    own = msgspec.structs.replace(profile, identity_local=None)
    local = LocalEnd(prefix("192.0.2.1").address)
    assert rules.ikev2.own_identity(own, local) == Identity("address", local.address)
    text = "hostname A\n!\ncrypto ikev2 profile P\n identity local dn\n!\nend\n"
    named = RouterRules(router(text))
    assert named.ikev2.own_identity(named.ikev2.profiles["P"], local) == Identity("dn")
    one = RouterRules(router("hostname A\n!\ncrypto isakmp profile P\n   self-identity user-fqdn\n!\nend\n"))
    assert one.own_identity(one.profiles["P"], local) == Identity("user-fqdn")


def test_lines_before_the_first_header_are_of_no_protocol() -> None:
    """An excerpt may begin inside of a section."""
    own = "interface GigabitEthernet0/0\n ip address 192.0.2.1 255.255.255.0\n"
    found = router(f"hostname R\n!\n{own}!\nip route 10.9.0.0 255.255.0.0 192.0.2.9\nend\n")
    begun = msgspec.structs.replace(found, lines=(" network 192.0.2.0", *found.lines), first_line=found.first_line - 1)
    call_of = pair()[0]
    far = msgspec.structs.replace(RouterRules(call_of).endpoints[0], peer=prefix("198.51.100.7").address, router="R")
    assert RouterRules(begun).routing.astray(far) is not None


@pytest.mark.parametrize("at", ["A", "B"])
def test_an_ikev2_policy_without_a_proposal_may_keep_the_next_one_out(at: str) -> None:
    empty = {"crypto ikev2 policy PO\n": "crypto ikev2 policy EMPTY\n proposal NONE\n!\ncrypto ikev2 policy PO\n"}
    found = call(*((empty, None) if at == "A" else (None, empty)), version=2)
    assert end(found) == ("unknown", None, None, "unknown")
    assert [(r.outcome, r.failed_at, r.reason) for r in found.readings] == [
        ("up", None, None), ("down", "SA_INIT", "no-common-ike-policy")
    ]  # fmt: skip


def test_policies_with_certificates_that_only_one_end_has_beside_some_that_differ_in_the_method() -> None:
    """With a trust-point at one end alone, certificates are what fails; but not where keys against certificates fail, too."""
    certificates = "crypto isakmp policy 20\n encr 3des\n hash md5\n authentication rsa-sig\n group 5\n!\n"
    trusting = f"crypto pki trustpoint CA\n!\n{certificates}"
    a, b = {POLICY: certificates}, {POLICY: trusting}
    keyless = {"pre-shared-key address PEER": "pre-shared-key address 198.51.100.9"}
    only = call({**a, **keyless, POLICY: f"crypto pki trustpoint CA\n!\n{certificates}"}, {POLICY: certificates})
    assert (only.outcome, only.reason) == ("down", "certificate")
    assert call(a, b).reason == "certificate"
    keys = POLICY + certificates
    against = call({POLICY: keys}, {POLICY: POLICY.replace("pre-share", "rsa-sig") + trusting})
    assert (against.outcome, against.reason) == ("down", "authentication-method")


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        (" RED", ("up", None, None, "certain")),
        ("", ("down", "MM1", "no-key-on-responder", "probable")),  # whether it serves the VRF is not known (LOCAL-VRF)
    ],
)
def test_a_key_that_may_serve_comes_before_certificates(local: str, expected: tuple[str | None, ...]) -> None:
    """Both ends have policies of both methods, that with pre-shared keys first (MODE-MAIN)."""
    rsa = POLICY.replace("pre-share", "rsa-sig").replace("policy 10", "policy 20")
    both = {POLICY: f"crypto pki trustpoint CA\n!\n{POLICY}{rsa}"}
    red = {
        "crypto keyring K\n": f"crypto keyring K vrf RED\n  local-address OWN{local}\n",
        " tunnel source GigabitEthernet0/0\n": " tunnel source GigabitEthernet0/0\n tunnel vrf RED\n",
        "interface GigabitEthernet0/0\n": "interface GigabitEthernet0/0\n vrf forwarding RED\n",
        "address PEER 255.255.255.255\n": "address PEER 255.255.255.255 RED\n",
    }
    assert end(call(both, {**both, **red})) == expected
    # A keyring for another address is none: certificates are left.
    elsewhere = {key: value.replace("local-address OWN", "local-address 198.51.100.9") for key, value in red.items()}
    assert end(call(both, {**both, **elsewhere}))[0] == "up"


def test_one_match_of_several_is_enough_for_the_answer() -> None:
    match = " match identity remote address PEER 255.255.255.255\n"
    assert end(call({match: f"{match} match identity remote fqdn c.d\n"}, version=2)) == UP
    assert call({match: " match identity remote fqdn c.d\n"}, version=2).outcome == "half-open"


def test_whether_a_certificate_map_matches_nobody_can_tell() -> None:
    certificates = f"crypto pki trustpoint CA\n!\n{POLICY.replace('pre-share', 'rsa-sig')}"
    mapped = "crypto isakmp profile C\n   match certificate MAP\n!\ncrypto isakmp profile P\n"
    other = {POLICY: certificates, "match identity address PEER 255.255.255.255": "match identity host c.d"}
    assert call({POLICY: certificates}, {**other, "crypto isakmp profile P\n": mapped}).outcome == "unknown"
    assert call({POLICY: certificates}, other).outcome != "unknown"


def test_isakmp_policies_are_compared_whatever_stands_around_them() -> None:
    assert end(call({POLICY: f"crypto isakmp fragmentation\n{POLICY}"})) == UP
