"""Who answers, who is doubted and what is told: one input to each side of what the replay asks."""

from __future__ import annotations

import msgspec
import pytest
from parsed import prefix
from two_ends import POLICY, Changes, call, cited, decided, end, pair

from ikeaudit.exchange import Exchange, Initiator, Responder
from ikeaudit.exchange.aggressive_mode import _endpoint_identity
from ikeaudit.exchange.clients import _admits
from ikeaudit.exchange.policy_choice import _attributes
from ikeaudit.exchange.profile_choice import _profile_options
from ikeaudit.exchange.quick_mode import _family
from ikeaudit.exchange.replay import replay
from ikeaudit.exchange.unknowns import _unread
from ikeaudit.fleet import Fleet
from ikeaudit.model import AccessList, AclEntry, GdoiGroup, IdentityMatch, IsakmpProfile, UnknownLine
from ikeaudit.selection import Identity, ProfileSearch, RouterRules
from ikeaudit.selection.profiles import ProfilePick

UP, UNKNOWN = ("up", None, None, "certain"), ("unknown", None, None, "unknown")
CALLER = prefix("192.0.2.1").address
KEY, RING = "  pre-shared-key sesame\n", " keyring local K\n"
MATCH, FAR = " match identity remote address PEER 255.255.255.255\n", "  address PEER\n"
ASKED: Changes = {"   keyring K\n": "   keyring K\n   initiate mode aggressive\n"}
Ends = tuple[dict[str, object], ...]


def answer(
    version: int = 1, *ends: dict[str, object], unknown: tuple[UnknownLine, ...] = (), **more: object
) -> Exchange:
    """A's call to B, whose ends are its own with these changes in each; ``unknown`` are lines of B."""
    a, b = (RouterRules(one) for one in pair(version=version))
    if unknown:
        b = RouterRules(msgspec.structs.replace(b.router, unknown=unknown))
    own = b.endpoints[0]
    there = tuple(msgspec.structs.replace(own, interface=f"Tunnel{n}", **change) for n, change in enumerate(ends))
    return replay(Initiator(a, a.endpoints[0]), msgspec.structs.replace(Responder(b, own.local, CALLER, there), **more))


class TestEndsThatNobodyDescribes:
    @pytest.mark.parametrize("version", [1, 2])
    @pytest.mark.parametrize(
        ("ends", "ended"),
        [
            (({},), UP), (({"undescribed": "what X does"},), UNKNOWN), (({"undescribed": "what X does"}, {}), UNKNOWN),
            (({}, {"undescribed": "what X does"}), UP),
        ],
    )  # fmt: skip
    def test_are_no_matter_to_a_call_that_another_end_takes_first(
        self, version: int, ends: Ends, ended: tuple[object, ...]
    ) -> None:
        found = answer(version, *ends)
        assert end(found) == ended
        assert [one.reading for one in found.readings] == ([] if ended == UP else ["what X does"])


class TestEndsThatWaitElsewhere:
    """A packet arrives in the VRF of the interface (END-FVRF): an end for that address in another VRF is told of."""

    WORDS = "a packet arrives in the VRF of the interface, not in the one that `tunnel vrf` names (END-FVRF)"

    @pytest.mark.parametrize(
        ("local", "split"),
        [({}, False), ({"fvrf": "RED"}, True), ({"fvrf": "RED", "address": prefix("192.0.2.7").address}, False)],
    )
    def test_in_another_vrf(self, local: dict[str, object], split: bool) -> None:
        own = RouterRules(pair()[1]).endpoints[0]
        there = msgspec.structs.replace(own, local=msgspec.structs.replace(own.local, **local), lines=(3,))
        found = answer(1, elsewhere=(there,))
        assert end(found)[:3] == ("down", "QM1", "peer-address-mismatch")
        assert (found.responder_interface, found.confidence == "probable") == ("Tunnel1", split)
        assert [one.reading for one in found.readings] == ([self.WORDS] if split else [])
        assert [one.line for one in found.evidence if one.host == "B"].count(3) == 1

    def test_are_cited_where_the_call_fails_before_anybody_takes_it(self) -> None:
        a, b = (RouterRules(one) for one in pair(b={"group 14": "group 19"}))
        own = b.endpoints[0]
        there = msgspec.structs.replace(own, local=msgspec.structs.replace(own.local, fvrf="RED"), lines=(3,))
        found = replay(Initiator(a, a.endpoints[0]), Responder(b, own.local, CALLER, (), (there,)))
        assert end(found) == ("down", "MM1", "no-common-ike-policy", "probable")
        assert 3 in [one.line for one in found.evidence if one.host == "B"]

    def test_where_one_serves_they_are_no_matter(self) -> None:
        own = RouterRules(pair()[1]).endpoints[0]
        there = msgspec.structs.replace(own, local=msgspec.structs.replace(own.local, fvrf="RED"))
        assert end(answer(1, {}, elsewhere=(there,))) == UP


class TestLinesThatAreNotUnderstood:
    LINE = UnknownLine(5, "global", "")

    def test_at_an_end_that_is_never_called(self) -> None:
        """Without a key nothing leaves A, whatever B says (KEY-MISSING)."""
        lacks = {"pre-shared-key address PEER": "pre-shared-key address 198.51.100.9"}
        a, b = pair(lacks)
        doubtful = msgspec.structs.replace(b, unknown=(self.LINE,))
        for there in (b, doubtful):
            (found,) = [one for one in Fleet([a, there]).exchanges if one.initiator == "A"]
            assert end(found) == ("down", "MM1", "no-key-on-initiator", "certain")
        assert end(answer(1, {}, unknown=(self.LINE,))) == UNKNOWN

    def test_are_told_with_the_rules_as_read(self) -> None:
        found = answer(1, {}, unknown=(self.LINE,))
        assert [(one.reading, one.outcome, one.primary) for one in found.readings] == [
            ("the rules as read", "up", True)
        ]

    def test_of_an_end_that_only_answers(self) -> None:
        a, b = pair()
        rules = RouterRules(msgspec.structs.replace(a, unknown=(UnknownLine(5, "interface", "Tunnel1"),)))
        own, there = rules.endpoints[0], RouterRules(b)
        called = Responder(there, there.endpoints[0].local, CALLER, there.endpoints)
        waits = msgspec.structs.replace(own, responder_only=True)
        assert end(replay(Initiator(rules, waits), called)) == ("not-initiated", None, "responder-only", "certain")
        assert end(replay(Initiator(rules, own), called)) == UNKNOWN

    @pytest.mark.parametrize(("kind", "lines"), [("gdoi", [5]), ("tunnel", [])])
    def test_of_a_group(self, kind: str, lines: list[int]) -> None:
        a, _ = pair()
        found = msgspec.structs.replace(
            a,
            unknown=(UnknownLine(5, "other", "GROUP"), UnknownLine(6, "other", "X")),
            gdoi_groups=(GdoiGroup("GROUP", 4),),
        )
        assert _unread(found, (msgspec.structs.replace(RouterRules(a).endpoints[0], kind=kind),)) == lines


class TestAggressiveMode:
    def test_fails_at_its_own_first_message(self) -> None:
        port = " ip address OWN 255.255.255.0\n"
        found = call(ASKED, {port: f"{port} shutdown\n"})
        assert end(found) == ("down", "AM1", "incomplete-configuration", "probable")
        found = call({}, {port: f"{port} shutdown\n"})
        assert end(found) == ("down", "MM1", "incomplete-configuration", "probable")

    def test_is_what_the_caller_was_told_to_start_though_it_is_disabled(self) -> None:
        found = call({**ASKED, POLICY: f"crypto isakmp aggressive-mode disable\n{POLICY}"})
        assert (found.mode, end(found)) == ("aggressive", ("down", "AM1", "aggressive-mode-disabled", "probable"))

    def test_cites_the_key_of_the_end_that_answers(self) -> None:
        lines = cited(call(ASKED), "B")
        assert "crypto keyring K" in lines and any(one.startswith("pre-shared-key address 192.0.2.1") for one in lines)

    def test_looks_into_all_keyrings_where_no_profile_matches(self) -> None:
        """Like a blind search, and told as one (AGGRESSIVE-KEY); of a profile that matches it is not blind."""
        away = {"match identity address PEER 255.255.255.255": "match identity address 198.51.100.9"}
        for change, rule, blind in ((away, "KEY-LPM", True), ({}, "KEY-BOUND", False)):
            told = [one for one in decided(ASKED, change, "AM1") if one.router == "B" and one.what == "key"]
            assert [(one.rule, one.picked, one.blind) for one in told] == [(rule, "K", blind)]

    @pytest.mark.parametrize(
        ("endpoint", "identity"),
        [
            ("fqdn a.b", Identity("fqdn", value="a.b")), ("a.b", Identity("fqdn", value="a.b")),
            ("user-fqdn u@a.b", Identity("user-fqdn", value="u@a.b")), ("u@a.b", Identity("user-fqdn", value="u@a.b")),
            ("user-fqdn branch", Identity("user-fqdn", value="branch")), ("fqdn u@a.b", Identity("user-fqdn", value="u@a.b")),
            ("ipv4-address 192.0.2.1", Identity("address", CALLER)),
        ],
    )  # fmt: skip
    def test_what_a_client_endpoint_is(self, endpoint: str, identity: Identity) -> None:
        assert _endpoint_identity(endpoint) == identity


def test_a_profile_that_matches_is_no_matter_of_certificate_maps() -> None:
    """Only where no profile matches the identity may a map decide (CERT-TRUSTPOINTS)."""
    rsa = "crypto pki trustpoint CA\n enrollment terminal\n!\n" + POLICY.replace(" authentication pre-share\n", "")
    other = "crypto isakmp profile Q\n   match certificate M\n!\ncrypto ipsec transform-set"
    found = call({POLICY: rsa}, {POLICY: rsa, "crypto ipsec transform-set": other})
    assert (found.outcome, found.responder_profile) == ("up", "P")
    away = {"match identity address PEER 255.255.255.255": "match identity address 198.51.100.9"}
    assert end(call({POLICY: rsa}, {POLICY: rsa, "crypto ipsec transform-set": other, **away})) == UNKNOWN


def test_no_key_is_looked_for_where_none_is_offered() -> None:
    """Certificates only, and other groups: what B says of keys has no place here (MODE-MAIN)."""
    ca = "crypto pki trustpoint CA\n enrollment terminal\n!\n"
    rsa = ca + POLICY.replace(" authentication pre-share\n", "")
    found = call({POLICY: rsa}, {POLICY: rsa.replace("group 14", "group 19")})
    assert end(found) == ("down", "MM1", "no-common-ike-policy", "certain")
    assert not [one.line for one in found.transcript if one.router == "B" and "shared key" in one.line]
    offered = call({}, {"group 14": "group 19"})
    assert "local preshared key found" in [one.line for one in offered.transcript if one.router == "B"]


def test_a_call_that_fails_early_is_told_with_the_end_that_it_came_to() -> None:
    assert call(b={"group 14": "group 19"}).responder_interface == "Tunnel1"
    assert replay(*_alone()).responder_interface is None


def _alone() -> tuple[Initiator, None]:
    a = RouterRules(pair()[0])
    return Initiator(a, a.endpoints[0]), None


class TestIkev2:
    def test_of_two_blocks_for_one_address_the_order_decides(self) -> None:
        """IOS refuses the second one, so that which is taken is not promised (IKEV2-KEYS)."""
        two = {KEY: f"{KEY} !\n peer TWO\n{FAR}  pre-shared-key walnut\n"}
        other = {KEY: f"  pre-shared-key walnut\n !\n peer TWO\n{FAR}{KEY}"}
        for a, b in ((two, {}), ({}, two)):
            found = call(a, b, version=2)
            assert end(found) == ("up", None, None, "unpredictable")
            assert [one.outcome for one in found.readings] == ["up", "down"]
        found = call({}, other, version=2)
        assert end(found) == ("down", "AUTH", "psk-mismatch", "unpredictable")

    @pytest.mark.parametrize(("maps", "ended"), [
        ((), ("down", "AUTH", "identity-not-matched", "certain")), (("Q",), UNKNOWN), (("P",), UNKNOWN), (("P", "Q"), UNKNOWN),
    ])  # fmt: skip
    def test_any_profile_with_a_certificate_map_may_be_the_one(
        self, maps: tuple[str, ...], ended: tuple[object, ...]
    ) -> None:
        none = " match identity remote address 198.51.100.9\n"
        lines = {name: f"{none} match certificate M\n" if name in maps else none for name in "PQ"}
        methods = " authentication remote pre-share\n authentication local pre-share\n"
        more = f"crypto ikev2 profile Q\n{lines['Q']}{methods}{RING}!\n"
        found = call(
            b={MATCH: lines["P"], "crypto ipsec transform-set": f"{more}crypto ipsec transform-set"}, version=2
        )
        assert end(found) == ended

    @pytest.mark.parametrize(
        ("blocks", "ended"),
        [
            # Only what an address would decide is not known of a caller whose address is learnt.
            (f"  address 0.0.0.0 0.0.0.0\n{KEY}", UP),
            (f"  address 0.0.0.0 0.0.0.0\n{KEY} !\n peer TWO\n  address 198.51.100.9\n  pre-shared-key walnut\n", UNKNOWN),
            (f"  identity fqdn a.b\n{KEY} !\n peer TWO\n  address 198.51.100.9\n  pre-shared-key walnut\n", UP),
        ],
    )  # fmt: skip
    def test_the_key_of_a_caller_whose_address_is_learnt(self, blocks: str, ended: tuple[object, ...]) -> None:
        a, b = (
            RouterRules(one)
            for one in pair(
                {MATCH: f"{MATCH} identity local fqdn a.b\n"},
                {MATCH: " match identity remote fqdn a.b\n", FAR + KEY: blocks},
                version=2,
            )
        )
        own = msgspec.structs.replace(b.endpoints[0], peer=None)
        found = replay(Initiator(a, a.endpoints[0]), Responder(b, own.local, None, (own,)))
        assert end(found)[:3] == ended[:3]

    def test_nobody_waits_for_the_caller(self) -> None:
        told = decided({}, {" tunnel destination PEER\n": " tunnel destination 198.51.100.9\n"}, "AUTH", version=2)
        assert [(one.rule, one.picked) for one in told if one.what == "binding"] == [("END-PLACES", None)]

    def test_a_template_is_bound_by_the_profile_of_the_caller(self) -> None:
        clone = {
            RING: f"{RING} virtual-template 1\n", "interface Tunnel1\n": "interface Virtual-Template1 type tunnel\n",
            " tunnel destination PEER\n": "",
        }  # fmt: skip
        told = decided({}, clone, "AUTH", version=2)
        assert [(one.rule, one.picked) for one in told if one.what == "binding"] == [
            ("END-TEMPLATE", "Virtual-Template1")
        ]
        told = decided({}, {}, "AUTH", version=2)
        assert [(one.rule, one.picked) for one in told if one.what == "binding"] == [("BIND-PROFILE", "Tunnel1")]

    def test_an_end_that_only_answers_sends_nothing_to_tell_of(self) -> None:
        routers = pair({MATCH: f" match inbound-only\n{MATCH}"}, version=2)
        found = {one.initiator: one for one in Fleet(routers, steps=True).exchanges}
        assert (found["A"].outcome, found["A"].reason, found["A"].steps) == ("not-initiated", "responder-only", ())
        assert found["B"].steps


def test_several_keyrings_of_a_profile_that_are_not_the_one_in_use() -> None:
    """That any listed keyring passes is taken for granted only where the one in use is listed (U-3)."""
    rings = "".join(f"crypto keyring {name}\n  pre-shared-key address 198.51.100.9 key walnut\n" for name in "LM")
    found = call(b={POLICY: rings + POLICY, "   keyring K\n": "   keyring L\n   keyring M\n"})
    assert end(found) == ("down", "MM5", "keyring-verification", "certain")


@pytest.mark.parametrize(
    ("encryption", "lines"),
    [
        ("aes", ["encryption AES-CBC", "keylength of 128"]), ("aes 192", ["encryption AES-CBC", "keylength of 192"]),
        ("3des", ["encryption 3DES-CBC"]), ("des", ["encryption DES-CBC"]), (None, []),
    ],
)  # fmt: skip
def test_the_cipher_of_an_offer(encryption: str | None, lines: list[str]) -> None:
    """AES without a length is that of 128 bits, and no other cipher has one (DOMAIN 3.3)."""
    told = _attributes(encryption, None, None, None, 3600)
    assert list(told) == [*lines, "life type in seconds", "life duration (basic) of 3600"]


@pytest.mark.parametrize(
    ("one", "other", "pair_up"),
    [
        ("gre ip", "gre multipoint", True), (None, "gre ip", True), ("gre ipv6", "gre multipoint ipv6", True),
        ("gre ip", "gre ipv6", False), ("gre ip", "ipsec ipv4", False), ("ipsec ipv4", "ipsec ipv4", True),
        ("ipsec ipv4", "ipsec ipv6", False),
    ],
)  # fmt: skip
def test_tunnels_that_pair_up(one: str | None, other: str | None, pair_up: bool) -> None:
    """By what they encapsulate with: GRE over IPv4, GRE over IPv6, or IPsec of one kind (QM-PROXIES)."""
    assert (_family(one) == _family(other)) is pair_up


def test_which_profiles_an_identity_may_select() -> None:
    """The most specific ones, then the first one (C-1), those whose end is not known, and those whose VRF is not named."""
    first, precise, equal, other, last = (
        ProfilePick(IsakmpProfile(name, at), IdentityMatch(at, "address"), length)
        for at, (name, length) in enumerate((("F", 24), ("P", 32), ("E", 32), ("U", 32), ("L", 32)), 1)
    )
    router = pair()[0]

    def told(
        *matching: ProfilePick, uncertain: tuple[ProfilePick, ...] = (), lacking: tuple[ProfilePick, ...] = ()
    ) -> object:
        options = _profile_options(router, ProfileSearch(matching, uncertain, lacking))
        return [(one.value.name if one.value is not None else None, one.words, one.weight) for one in options]

    takes, fits = "A takes profile {}", "A: local-address of profile U fits"
    serves = "A: local-address of profile L serves the VRF that it does not name (LOCAL-VRF)"
    assert told() == [(None, "A finds no profile", "weak")]
    assert told(precise) == [("P", takes.format("P"), "tie")]
    assert told(precise, equal) == [("P", takes.format("P"), "tie"), ("E", takes.format("E"), "tie")]
    assert told(first, precise) == [
        ("P", takes.format("P"), "tie"), ("F", "A takes the first matching profile, F", "weak"),
    ]  # fmt: skip
    assert told(precise, first) == [("P", takes.format("P"), "tie")]
    assert told(precise, uncertain=(other,), lacking=(last,)) == [
        ("P", takes.format("P"), "tie"), ("U", fits, "unknown"), ("L", serves, "weak"),
    ]  # fmt: skip
    assert told(uncertain=(other,)) == [(None, "A finds no profile", "weak"), ("U", fits, "unknown")]


@pytest.mark.parametrize(
    ("lines", "admitted"),
    [
        ((), False), ((("permit", "192.0.2.0/24"),), True), ((("deny", "192.0.2.0/24"),), False),
        ((("permit", "198.51.100.0/24"),), False), ((("deny", "192.0.2.1/32"), ("permit", "192.0.2.0/24")), False),
        ((("permit", "192.0.2.1/32"), ("deny", "192.0.2.0/24")), True),
        ((("deny", "198.51.100.0/24"), ("permit", "192.0.2.0/24")), True),
        # A line of which it is not known whom it is about: what stands below it may never be reached.
        ((("permit", None), ("permit", "192.0.2.0/24")), False), ((("permit", "192.0.2.0/24"), ("deny", None)), True),
    ],
)  # fmt: skip
def test_whom_a_key_server_admits(lines: tuple[tuple[str, str | None], ...], admitted: bool) -> None:
    """The first fitting line of its list decides (CLIENT-GETVPN)."""
    entries = tuple(
        AclEntry(at, action, "ip", prefix(source) if source else None, None)  # type: ignore[arg-type]
        for at, (action, source) in enumerate(lines, 2)
    )
    lists = (
        AccessList("OTHER", 90, (AclEntry(91, "permit", "ip", prefix("0.0.0.0/0"), None),)),
        AccessList("WHO", 1, entries),
    )
    rules = RouterRules(msgspec.structs.replace(pair()[1], acls=lists))
    own = msgspec.structs.replace(rules.endpoints[0], acl="WHO")
    there = Responder(rules, own.local, CALLER, (own,))
    assert _admits(there, own) is admitted
    assert not _admits(msgspec.structs.replace(there, caller=None), own)
    assert not _admits(there, msgspec.structs.replace(own, acl="GONE"))
