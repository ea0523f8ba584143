"""Corners of an exchange that one input tells apart: what is offered, presented, taken for granted, or left in doubt."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from parsed import router
from two_ends import POLICY, Changes, call, cited, end, pair

from ikeaudit.exchange import Exchange
from ikeaudit.exchange.choices import Choices
from ikeaudit.exchange.ikev2_init import _offers
from ikeaudit.exchange.replay import replay
from ikeaudit.exchange.result import FAILED, SEVERITY, Idle
from ikeaudit.exchange.run import Initiator, Responder, Run
from ikeaudit.exchange.unknowns import _unread, unread_answering, unread_of_end
from ikeaudit.fleet import Fleet
from ikeaudit.model import EzvpnClient, IPAddress, UnknownLine, parse_address
from ikeaudit.selection import LocalEnd, RouterRules


def address(text: str) -> IPAddress:
    found = parse_address(text)
    assert found is not None
    return found


def readings(found: Exchange) -> list[tuple[object, ...]]:
    return [(r.reading, r.outcome, r.failed_at, r.reason) for r in found.readings]


def said(found: Exchange, host: str) -> list[str]:
    return [one.line for one in found.transcript if one.router == host]


class TestIkev2Policies:
    """What serves an end, the likely one first (IKEV2-POLICY, IKEV2-BUILT-IN, U-22)."""

    PROPOSAL = "crypto ikev2 proposal PR\n encryption aes-cbc-256\n integrity sha256\n group 14\n"
    PO, EMPTY = "crypto ikev2 policy PO\n proposal PR\n", "crypto ikev2 policy EMPTY\n proposal NONE\n"
    RED = "crypto ikev2 policy RED\n match fvrf RED\n proposal PR\n"
    FAR = "crypto ikev2 policy FAR\n match address local 192.0.2.9\n proposal PR\n"
    OFF = "no crypto ikev2 policy default\n"
    USES, LEARNT = "R uses IKEv2 policy {}", "R has learnt the address of IKEv2 policy {}"
    BUILT, BESIDE = (
        "the built-in IKEv2 policy of R serves",
        "the built-in IKEv2 policy of R does not serve beside its own (U-22)",
    )
    ALONE = "the built-in IKEv2 policy of R serves where none of its own does"
    BEFORE = "IKEv2 policy EMPTY of R, which has no proposal, keeps the next one out"

    @pytest.mark.parametrize(
        ("policies", "own", "told"),
        [
            ("", "192.0.2.1", [("default", BUILT, "weak")]), (OFF, "192.0.2.1", [(None, BUILT, "weak")]),
            (PO, "192.0.2.1", [("PO", USES.format("PO"), "weak")]),
            (PO + OFF, "192.0.2.1", [("PO", USES.format("PO"), "weak")]),
            (RED, "192.0.2.1", [("default", ALONE, "weak"), (None, BESIDE, "unknown")]),
            (RED + OFF, "192.0.2.1", [(None, ALONE, "weak")]),
            (RED + PO, "192.0.2.1", [("PO", USES.format("PO"), "weak")]),
            (EMPTY, "192.0.2.1", [("default", ALONE, "weak"), (None, BESIDE, "unknown")]),
            (EMPTY + PO, "192.0.2.1", [("PO", USES.format("PO"), "weak"), (None, BEFORE, "unknown")]),
            (PO + EMPTY, "192.0.2.1", [("PO", USES.format("PO"), "weak")]),
            (FAR, "192.0.2.9", [("FAR", USES.format("FAR"), "weak")]),
            (FAR + PO, "192.0.2.1", [("PO", USES.format("PO"), "weak")]),
            (FAR + PO, None, [("PO", USES.format("PO"), "weak"), ("FAR", LEARNT.format("FAR"), "unknown")]),
            (FAR + OFF, None, [(None, ALONE, "weak"), ("FAR", LEARNT.format("FAR"), "unknown")]),
        ],
    )  # fmt: skip
    def test_of_an_end(self, policies: str, own: str | None, told: list[tuple[str | None, str, str]]) -> None:
        rules = RouterRules(router(f"hostname R\n{self.PROPOSAL}{policies}end\n"))
        options = _offers(rules.router, rules.ikev2, LocalEnd(address(own) if own else None))
        found = [
            (o.value and (o.value.policy.name if o.value.policy else "default"), o.words, o.weight) for o in options
        ]
        assert found == told
        names = [[p.name for p in o.value.proposals or ()] for o in options if o.value and o.value.policy]
        assert names == [["PR"] for name, _, _ in told if name not in (None, "default")]


class TestIkev2:
    def test_replies_that_are_lost_at_once_are_not_lost_at_the_rekey(self) -> None:
        """B's answers leave by a route to Null0, PFS differs, too: the first is what happens (NAT-BEFORE-MAP, IKEV2-PFS)."""
        map_of = (
            "crypto map CM 10 ipsec-isakmp\n set peer PEER\n set transform-set TS\n set pfs {}\n set ikev2-profile P\n"
            " match address VPN\n!\nip access-list extended VPN\n permit ip {} {}\n!\n"
        )
        near, far = "10.1.0.0 0.0.255.255", "10.2.0.0 0.0.255.255"
        tunnel = (
            "interface Tunnel1\n tunnel source GigabitEthernet0/0\n tunnel mode ipsec ipv4\n tunnel destination PEER\n"
            " tunnel protection ipsec profile I\n!\n"
        )
        port = {" ip address OWN 255.255.255.0\n": " ip address OWN 255.255.255.0\n crypto map CM\n"}
        a: Changes = {tunnel: map_of.format("group14", near, far), **port}
        b: Changes = {tunnel: map_of.format("group19", far, near), **port}
        differ = call(a, b, version=2)
        assert (differ.outcome, differ.lost_at, differ.lost_after) == ("up", "rekey", 3600)
        away = {**b, tunnel: b[tunnel] + "ip route 10.1.0.0 255.255.0.0 Null0\n!\n"}
        found = call(a, away, version=2)
        assert (found.outcome, found.lost_at, found.lost_after) == ("up", "replies", None)

    PPK = "  pre-shared-key sesame\n  ppk manual id 1 key walnut\n"

    @pytest.mark.parametrize(
        ("change", "assumed"),
        [
            ({}, False), ({"  pre-shared-key sesame\n": PPK}, True),
            ({" keyring local K\n": " keyring local K\n keyring ppk Z\n"}, True),
            ({"crypto ikev2 keyring K\n": (
                f"crypto ikev2 keyring Z\n peer X\n  address 198.51.100.9\n{PPK} !\n!\ncrypto ikev2 keyring K\n")}, False),
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("at", ["A", "B"])
    def test_post_quantum_keys_that_may_be_demanded(self, change: Changes, assumed: bool, at: str) -> None:
        """Those of the profile, and of the keyring that it uses, at either end (IKEV2-QUANTUM)."""
        found = call(*((change, None) if at == "A" else (None, change)), version=2)
        words = ["post-quantum keys and key exchanges of the two ends agree (IKEV2-QUANTUM)"]
        assert [r.reading for r in found.readings] == (words if assumed else [])
        assert end(found) == ("up", None, None, "probable" if assumed else "certain")

    def test_a_profile_is_whole_with_a_match_of_any_kind(self) -> None:
        """IKEV2-COMPLETE: an identity or a certificate map; B proves itself by a key, so that the map does not match."""
        match = " match identity remote address PEER 255.255.255.255\n"
        by_map = call({match: " match certificate MAP\n"}, version=2)
        assert end(by_map)[:3] == ("half-open", "AUTH", "identity-not-matched")
        assert end(call({match: ""}, version=2))[:3] == ("down", "SA_INIT", "incomplete-configuration")

    def test_the_half_that_verifies_the_answer_is_missing(self) -> None:
        half = {"  pre-shared-key sesame\n": "  pre-shared-key local sesame\n"}
        found = call(half, version=2)
        assert end(found) == ("down", "SA_INIT", "no-key-on-initiator", "probable")
        assert readings(found)[1:] == [
            ("A starts without the half that verifies the answer; both ends give up when the initiator cannot authenticate "
             "the responder", "down", "AUTH", "no-key-on-initiator"),
            ("A starts without the half that verifies the answer; the responder keeps its SAs when the initiator gives up",
             "half-open", "AUTH", "no-key-on-initiator"),
        ]  # fmt: skip


class TestWhoIsPresented:
    DN = "crypto isakmp identity dn\n"

    def test_the_distinguished_name_only_where_the_profile_names_nothing_else(self) -> None:
        """ID-SENT: a profile's own identity goes before that of the router."""
        assert end(call({POLICY: self.DN + POLICY}))[3] == "probable"
        named = {POLICY: self.DN + POLICY, "   keyring K\n": "   keyring K\n   self-identity address\n"}
        found = call(named)
        assert end(found) == ("up", None, None, "certain")
        assert "self-identity address" in cited(found, "A") and self.DN.strip() not in cited(found, "A")


def test_a_fragment_whose_keys_are_of_its_own_vrf_has_none_for_the_peer() -> None:
    """That another keyring of the same VRF has one is no doubt: the bound profile's are looked into only (KEY-BOUND)."""
    gone = {"interface GigabitEthernet0/0\n ip address OWN 255.255.255.0\n!\n": ""}
    other = "crypto keyring L{}\n  pre-shared-key address PEER key sesame\n" + POLICY
    lacks = {**gone, "  pre-shared-key address PEER key": "  pre-shared-key address 198.51.100.9 key"}
    assert end(call({**lacks, POLICY: other.format("")})) == ("down", "MM1", "no-key-on-initiator", "certain")
    assert end(call({**lacks, POLICY: other.format(" vrf RED")})) == ("unknown", None, None, "unknown")


class TestLinesThatMayBeWhy:
    """Of an end that a fault makes idle the lines in its path, of one that names no peer those of its place."""

    PLACES = (
        UnknownLine(5, "interface", "GigabitEthernet0/0"), UnknownLine(6, "ipsec-profile", "I"),
        UnknownLine(7, "interface", "Tunnel2"),
        UnknownLine(8, "crypto-map", "CM 10"), UnknownLine(9, "crypto-map", "CX 10"), UnknownLine(10, "dynamic-map", "CM 5"),
    )  # fmt: skip

    @pytest.mark.parametrize(
        ("idle", "change", "lines"),
        [
            ("traffic-translated", {}, [5, 6]), ("traffic-not-matched", {}, [5, 6]), ("incomplete-configuration", {}, [5, 6]),
            ("map-not-applied", {}, [5, 6]), ("map-not-applied", {"unapplied": True}, [5, 6, 7]),
            ("null-route", {}, []), ("interface-down", {}, []), ("peer-unknown", {}, []), ("responder-only", {}, []),
            ("peer-unknown", {"peer": None, "interface": "GigabitEthernet0/0 CM 10", "crypto_map": "CM"}, [5, 8, 10]),
            ("interface-down", {"peer": None, "shutdown": True, "interface": "GigabitEthernet0/0 CM 10"}, []),
            ("peer-unknown", {"peer": None, "peer_name": "a.b"}, []),
        ],
    )  # fmt: skip
    def test_of_an_idle_end(self, idle: Idle, change: dict[str, object], lines: list[int]) -> None:
        rules = RouterRules(msgspec.structs.replace(pair()[0], unknown=self.PLACES))
        run = Run(Choices())
        run.idle = idle
        calling = Initiator(rules, msgspec.structs.replace(rules.endpoints[0], **change))
        assert [line for _, line in unread_of_end(run, calling)] == lines


@pytest.mark.parametrize(
    ("kinds", "lines"),
    [(("ezvpn",), [5]), (("tunnel", "gdoi"), [5]), (("ezvpn", "tunnel"), [5]), (("tunnel",), []), ((), [])],
)
def test_a_client_s_group_counts_where_one_of_the_ends_is_a_client_s(kinds: tuple[str, ...], lines: list[int]) -> None:
    router = msgspec.structs.replace(
        pair()[0], unknown=(UnknownLine(5, "other", "HQ"),), ezvpn_clients=(EzvpnClient("HQ", 4),)
    )
    own = RouterRules(router).endpoints[0]
    ends = tuple(msgspec.structs.replace(own, kind=kind) for kind in kinds)
    assert _unread(router, ends) == lines


class TestUnreadEndsThatMayAnswer:
    """By where the call arrives: an end for another place or another caller is none."""

    @pytest.mark.parametrize(
        ("local", "peer", "may"),
        [
            (LocalEnd(address("192.0.2.2"), "GigabitEthernet0/0"), "192.0.2.1", True),
            (LocalEnd(address("192.0.2.2")), "192.0.2.1", True),
            (LocalEnd(None, "GigabitEthernet0/0"), "192.0.2.1", True),
            (LocalEnd(address("198.51.100.2"), "GigabitEthernet0/0"), None, True),
            (LocalEnd(None), None, True),
            (LocalEnd(address("198.51.100.2"), "GigabitEthernet0/1"), None, False),
            (LocalEnd(None, "GigabitEthernet0/1"), "192.0.2.1", False),
            (LocalEnd(None, None, "FRONT"), None, False),
            (LocalEnd(address("192.0.2.2"), "GigabitEthernet0/0"), "198.51.100.1", False),
        ],
    )
    def test_by_place_and_caller(self, local: LocalEnd, peer: str | None, may: bool) -> None:
        rules = RouterRules(pair()[1])
        unread = msgspec.structs.replace(rules.endpoints[0], local=local, peer=None if peer is None else address(peer))
        rules.__dict__["unread_ends"] = (unread,)
        called = Responder(rules, LocalEnd(address("192.0.2.2"), "GigabitEthernet0/0"), address("192.0.2.1"), ())
        assert unread_answering(called) == ((unread,) if may else ())


class TestWhatIsNotKnownOfTheOtherEnd:
    def answer(self, called: dict[str, object], *ends: dict[str, object], unknown: bool = False) -> Exchange:
        a, b = (RouterRules(one) for one in pair())
        own = b.endpoints[0]
        there = tuple(msgspec.structs.replace(own, **change) for change in ends)
        responder = Responder(b, own.local, address("192.0.2.1"), there)
        return replay(Initiator(a, a.endpoints[0]), msgspec.structs.replace(responder, **called))

    def test_an_end_that_no_source_describes(self) -> None:
        words = "no source describes it"
        assert self.answer({}, {"undescribed": words}).readings[0].reading == words
        beside = self.answer({}, {}, {"undescribed": words})
        assert (beside.outcome, beside.responder_interface) == ("up", "Tunnel1")
        behind = self.answer({}, {"undescribed": words, "ikev2_profile": "X"}, {})
        assert (behind.outcome, [r.reading for r in behind.readings]) == ("unknown", [words]), "it is asked first"

    def test_what_was_taken_for_granted_to_find_it(self) -> None:
        found = self.answer({"assumed": "it is this one"}, {})
        assert (end(found), [r.reading for r in found.readings]) == (("up", None, None, "probable"), ["it is this one"])

    def test_a_caller_that_looks_translated(self) -> None:
        own = RouterRules(pair()[1]).endpoints[0]
        found = self.answer({"translated": (msgspec.structs.replace(own, lines=(3,)),)}, {})
        words = "192.0.2.1 looks translated on the way: see NAT-GUESS, and give the addresses"
        assert (found.outcome, [r.reading for r in found.readings]) == ("unknown", [words])
        assert [e.line for e in found.evidence if e.host == "B"] == [3]

    def test_ends_of_the_other_version(self) -> None:
        found = self.answer({}, {"ikev2_profile": "X", "lines": (3,)})
        assert end(found) == ("down", "MM1", "ike-version-mismatch", "probable")
        assert (found.responder_interface, [e.line for e in found.evidence if e.host == "B"]) == ("Tunnel1", [3])
        assert self.answer({}, {"ikev2_profile": "X"}, {}).outcome == "up"


def test_a_group_that_the_server_has_no_key_for_is_told_as_the_debug_does() -> None:
    """CLIENT-EZVPN: neither the group, nor AAA, nor the client's address; nothing else is printed by either."""
    client = (
        "hostname CLIENT\ncrypto ipsec client ezvpn EZ\n connect auto\n group BRANCHES key sesame\n mode client\n"
        " peer 198.51.100.1\n"
        "interface GigabitEthernet0/0\n ip address 192.0.2.1 255.255.255.0\n crypto ipsec client ezvpn EZ\nend\n"
    )
    server = (
        "hostname SERVER\ncrypto isakmp policy 10\n authentication pre-share\ncrypto dynamic-map DM 10\n"
        "crypto map CM 65535 ipsec-isakmp dynamic DM\ninterface GigabitEthernet0/0\n ip address 198.51.100.1 255.255.255.0\n"
        " crypto map CM\n{}end\n"
    )
    calling, called = RouterRules(router(client)), RouterRules(router(server.format("")))
    (own,) = calling.clients
    there = Responder(
        called, LocalEnd(address("198.51.100.1"), "GigabitEthernet0/0"), address("192.0.2.1"), called.endpoints
    )
    found = replay(Initiator(calling, own), there)
    assert end(found) == ("down", "AM1", "no-key-on-responder", "probable") and found.mode == "aggressive"
    assert said(found, "SERVER") == ["peer matches *none* of the profiles", "No pre-shared key with 192.0.2.1!"]
    assert said(found, "CLIENT") == []
    off = RouterRules(router(server.format("crypto isakmp aggressive-mode disable\n")))
    refused = replay(Initiator(calling, own), msgspec.structs.replace(there, rules=off))
    assert end(refused) == ("down", "AM1", "aggressive-mode-disabled", "probable")
    for name, outcome in (
        ("EZ", "unknown"),
        ("LINE", "down"),
    ):  # a line of the client's is not understood, or one elsewhere
        doubtful = RouterRules(msgspec.structs.replace(calling.router, unknown=(UnknownLine(3, "other", name),)))
        assert replay(Initiator(doubtful, own), msgspec.structs.replace(there, rules=off)).outcome == outcome
    bare = msgspec.structs.replace(own, group=None)
    assert replay(Initiator(calling, bare), there).outcome == "unknown"
    for more in ("crypto isakmp key sesame address 192.0.2.1\n", "crypto map CM isakmp authorization list L\n"):
        held = msgspec.structs.replace(there, rules=RouterRules(router(server.format(more))))
        assert replay(Initiator(calling, own), held).outcome == "unknown", more
    assert replay(Initiator(calling, own), msgspec.structs.replace(there, caller=None)).outcome == "unknown"


def test_certificates_that_the_other_end_does_not_trust() -> None:
    """The responder validates by the trust-points of the profile that the identity selects (CERT-TRUSTPOINTS)."""
    two = "".join(f"crypto pki trustpoint {name}\n enrollment terminal\n!\n" for name in ("CB", "CA"))
    rsa = two + POLICY.replace(" authentication pre-share\n", "")

    def trusting(name: str) -> Changes:
        return {POLICY: rsa, "   keyring K\n": f"   keyring K\n   ca trust-point {name}\n"}

    found = call(trusting("CA"), trusting("CB"))
    assert end(found) == ("down", "MM5", "certificate", "probable")
    assert said(found, "B")[-3:] == [
        "peer matches P profile", "Verify cert failed",
        "%CRYPTO-6-IKMP_AUTH_FAIL: Authentication method 3 failed with host 192.0.2.1",
    ]  # fmt: skip
    assert ("ca trust-point CA" in cited(found, "A"), "ca trust-point CB" in cited(found, "B")) == (True, True)
    assert (found.initiator_profile, found.responder_profile) == ("P", "P")
    (told,) = [e for e in Fleet(pair(trusting("CA"), trusting("CB")), steps=True).exchanges if e.initiator == "A"]
    assert [(step.message, step.arrived) for step in told.steps] == [(f"MM{n}", True) for n in range(1, 6)]
    good = call(trusting("CA"), trusting("CA"))
    assert end(good) == ("up", None, None, "probable")
    assert said(good, "B").count("SA authentication status: authenticated") == 1
    assert said(good, "A").count("SA authentication status: authenticated") == 1
    assert end(call({POLICY: rsa}, trusting("CB"))) == ("up", None, None, "probable"), "its first that both have"
    assert end(call({POLICY: rsa}, trusting("CA"))) == ("down", "MM5", "certificate", "probable")
    asking = {
        **trusting("CA"),
        POLICY: rsa,
        "   keyring K\n": "   ca trust-point CA\n   client authentication list L\n",
    }
    assert end(call(trusting("CA"), asking)) == ("down", "XAUTH", "xauth", "probable"), "no key exempts the caller"
    alone = call({POLICY: rsa.replace("CB", "CX").replace("CA", "CY")}, {POLICY: rsa})
    assert (end(alone)[0], alone.readings[0].reading) == (
        "unknown", "which CA stands behind a trust-point cannot be told from its name (CERT-TRUSTPOINTS)"
    )  # fmt: skip


@pytest.mark.parametrize("key", ["sesame", "6 AABB"])
def test_the_lines_of_a_key_by_name_or_of_a_password_are_cited(key: str) -> None:
    """MODE-AGGRESSIVE: what aggressive mode starts with, whether it can be compared or not."""
    named = {
        "pre-shared-key address PEER key sesame": f"pre-shared-key hostname far.a.b key {key}",
        POLICY: f"ip host far.a.b PEER\n{POLICY}",
    }
    found = call(named)
    assert found.mode == "aggressive" and found.outcome == ("up" if key == "sesame" else "unknown")
    texts = [text.partition(" key ")[0] for text in cited(found, "A")]
    assert {"crypto keyring K", "pre-shared-key hostname far.a.b"} <= set(texts)
    block = call({POLICY: f"crypto isakmp peer address PEER\n set aggressive-mode password {key}\n!\n{POLICY}"})
    assert "crypto isakmp peer address 192.0.2.2" in cited(block, "A")


@pytest.mark.parametrize("at", ["A", "B"])
def test_a_call_that_is_dropped_ends_with_the_message_that_nobody_hears(at: str) -> None:
    """FILTER-IN: the call does not arrive at B, or B's answer does not arrive at A."""
    inside: Changes = {
        "interface GigabitEthernet0/0\n": (
            "ip access-list extended IN\n permit tcp any any\n!\ninterface GigabitEthernet0/0\n ip access-group IN in\n"
        )
    }
    a, b = pair(*((inside, None) if at == "A" else (None, inside)))
    (found,) = [e for e in Fleet((a, b), steps=True).exchanges if e.initiator == "A"]
    told = [("MM1", "initiator", True), ("MM2", "responder", False)] if at == "A" else [("MM1", "initiator", False)]
    assert [(step.message, step.sender, step.arrived) for step in found.steps] == told
    assert end(found) == ("down", told[-1][0], "incomplete-configuration", "certain")
    assert cited(found, at)[-1] == "ip access-group IN in"


def test_outcomes_from_best_to_worst() -> None:
    assert sorted(SEVERITY, key=SEVERITY.__getitem__) == ["up", "not-initiated", "unknown", "half-open", "down"]
    assert len(set(SEVERITY.values())) == 5 and FAILED == ("down", "half-open")


def test_a_member_registers_when_ike_stands() -> None:
    """CLIENT-GETVPN: after main mode one more message, to the key server of its group."""
    folder = Path(__file__).parents[1] / "cases" / "getvpn" / "registration"
    routers = [router(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.cfg"))]
    found = next(e for e in Fleet(routers, steps=True).client_exchanges if e.outcome == "up")
    messages = [*(f"MM{n}" for n in range(1, 7)), "REGISTER"]
    assert [(step.message, step.sender[0], step.arrived) for step in found.steps] == [
        (message, "ri"[at % 2 == 0], True) for at, message in enumerate(messages)
    ]
    (told,) = found.steps[-1].decisions
    assert (told.what, told.rule, told.picked) == ("binding", "CLIENT-GETVPN", "GDOI GETVPN")
    assert [(one.name, one.result) for one in told.considered] == [("GDOI GETVPN", "picked")]


def test_nothing_is_sent_by_an_end_that_only_answers() -> None:
    inbound = {"crypto ikev2 profile P\n": "crypto ikev2 profile P\n match inbound-only\n"}
    (found,) = [e for e in Fleet(pair(inbound, version=2), steps=True).exchanges if e.initiator == "A"]
    assert (found.outcome, found.reason, found.steps) == ("not-initiated", "responder-only", ())


@pytest.mark.parametrize("at", ["A", "B"])
def test_a_proposal_that_no_built_in_one_meets(at: str) -> None:
    """Whichever of the two the other end has (IKEV2-BUILT-IN)."""
    policy = "crypto ikev2 policy PO\n proposal PR\n!\n"
    proposal = "crypto ikev2 proposal PR\n encryption aes-cbc-256\n integrity sha256\n group 14\n!\n"
    none: Changes = {proposal + policy: ""}
    weak: Changes = {" encryption aes-cbc-256\n": " encryption 3des\n"}
    found = call(*((weak, none) if at == "A" else (none, weak)), version=2)
    assert end(found) == ("down", "SA_INIT", "no-common-ike-policy", "probable")
    assert [r.reading for r in found.readings] == [
        "the built-in IKEv2 proposal is one of two, by release (IKEV2-BUILT-IN)"
    ]


@pytest.mark.parametrize(
    ("lines", "met"),
    [
        ("aes-cbc-256 sha512 19", "one"), ("aes-cbc-256 sha384 14", "one"), ("aes-cbc-256 sha512 21", "one"),
        ("aes-cbc-256 sha512 5", "both"), ("aes-cbc-256 sha384 5", "both"), ("aes-cbc-256 sha512 2", "one"),
        ("aes-cbc-192 sha512 5", "one"), ("aes-cbc-128 sha256 5", "one"), ("aes-cbc-256 sha1 2", "one"),
        ("aes-cbc-256 md5 5", "one"), ("aes-cbc-256 sha384 2", "one"),
        ("aes-cbc-192 sha384 14", "none"), ("aes-cbc-256 sha512 20", "none"), ("aes-cbc-256 sha256 19", "none"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("at", ["A", "B"])
def test_what_meets_a_built_in_proposal(at: str, lines: str, met: str) -> None:
    """One of two that goes by the release: AES-CBC 256, 192, 128 with SHA-512 to MD5 and groups 5 and 2; or AES-CBC 256 with
    SHA-512 and SHA-384 and groups 19, 14, 21, 5 (IKEV2-BUILT-IN). Where one alone is met, nobody can tell."""
    cipher, integrity, group = lines.split()
    proposal = "crypto ikev2 proposal PR\n encryption aes-cbc-256\n integrity sha256\n group 14\n!\n"
    own = f"crypto ikev2 proposal PR\n encryption {cipher}\n integrity {integrity}\n group {group}\n!\n"
    none: Changes = {proposal + "crypto ikev2 policy PO\n proposal PR\n!\n": ""}
    one: Changes = {proposal: own}
    found = call(*((one, none) if at == "A" else (none, one)), version=2)
    told = {"one": ("unknown", "unknown"), "both": ("up", "probable"), "none": ("down", "probable")}
    assert (found.outcome, found.confidence) == told[met]


def test_a_source_address_without_its_interface_is_an_address_all_the_same() -> None:
    """Its VRF is that of the tunnel: what keyrings of other VRFs hold is no doubt."""
    bare = {
        "interface GigabitEthernet0/0\n ip address OWN 255.255.255.0\n!\n": "",
        "tunnel source GigabitEthernet0/0": "tunnel source OWN", "crypto keyring K\n": "crypto keyring K vrf RED\n",
    }  # fmt: skip
    assert end(call(bare)) == ("down", "MM1", "no-key-on-initiator", "certain")
