"""How a decision tells what was considered: each keyring, policy and key with its fate (DESIGN 3.5)."""

from __future__ import annotations

import msgspec
import pytest
from parsed import prefix, router

from ikeaudit.exchange.decisions import (
    LISTED,
    binding_decision,
    blind_decision,
    identity_decision,
    ikev2_key_decision,
    ikev2_policy_decision,
    name_decision,
    nobody_decision,
    pfs_decision,
    policy_decision,
    profile_decision,
    proposal_decision,
    ring_decision,
    transform_decision,
    trustpoint_decision,
    verify_decision,
)
from ikeaudit.exchange.steps import Decision
from ikeaudit.model import Ikev2Policy, Ikev2Proposal, Router, TransformSet
from ikeaudit.selection import EffectivePolicy, Endpoint, Identity, KeyPick, LocalEnd, RouterRules
from ikeaudit.selection.ikev2 import Ikev2Keys, Ikev2Offer

PEER = prefix("192.0.2.2").address
END = LocalEnd(prefix("192.0.2.1").address)
TEXT = """\
hostname R
!
crypto keyring K
  pre-shared-key address 192.0.2.2 key one
crypto keyring L
  pre-shared-key address {second} key two
crypto keyring Z
  pre-shared-key address 192.0.2.2 key three
  pre-shared-key hostname far.example key four
!
crypto isakmp profile P
   keyring K
   keyring L
   keyring GONE
   match identity address 192.0.2.2 255.255.255.255
!
end
"""


def rules(second: str = "192.0.2.2") -> RouterRules:
    return RouterRules(router(TEXT.format(second=second)))


def pick(found: RouterRules, ring: str, at: int = 0) -> KeyPick:
    keyring = found.keyrings[ring]
    return KeyPick(keyring, keyring.keys[at])


@pytest.mark.parametrize(
    ("second", "used", "passed", "fates"),
    [
        ("192.0.2.2", "K", True, "K picked; L later; GONE no-key"),
        ("192.0.2.2", "L", True, "K later; L picked; GONE no-key"),
        ("192.0.2.9", "K", True, "K picked; L no-key; GONE no-key"),
        ("192.0.2.2", "Z", False, "K later; L later; GONE no-key; Z not-listed"),
        ("192.0.2.2", "Z", True, "K later; L later; GONE no-key; Z picked"),
        ("192.0.2.2", "L", False, "K later; L later; GONE no-key"),
    ],
)
def test_whether_the_key_came_from_a_keyring_of_the_profile(second: str, used: str, passed: bool, fates: str) -> None:
    found = rules(second)
    profile = found.profiles["P"]
    search = found.keys_in_profile(profile, END, PEER)
    decision = verify_decision(found, profile, pick(found, used), search, passed=passed)
    assert "; ".join(f"{one.name} {one.result}" for one in decision.considered) == fates
    assert (decision.rule, decision.picked) == ("KEY-VERIFY", used if passed else None)
    texts = [e.text for e in decision.evidence]
    assert [text for text in texts if "key" not in text or text.startswith("keyring")] == [
        "crypto isakmp profile P", "keyring K", "keyring L", "keyring GONE"
    ] or passed  # fmt: skip


def test_a_key_that_was_found_by_a_name() -> None:
    found = rules()
    decision = name_decision(found.router, pick(found, "Z", 1))
    (one,) = decision.considered
    assert (one.name, one.result, one.detail, decision.picked) == ("Z", "picked", "far.example", "Z")
    nothing = name_decision(found.router, None)
    assert (nothing.considered, nothing.picked) == ((), None)


def told(found: Decision) -> str:
    """The fates of what was considered, what was picked last."""
    return "; ".join(f"{one.name} {one.result}" for one in found.considered) + f" -> {found.picked}"


class TestSearchesForAKey:
    """Each keyring with what became of it (KEY-LPM, KEY-DEFAULT-FIRST, KEY-TIE, KEY-FVRF)."""

    WIDE = "crypto keyring W\n  pre-shared-key address 192.0.2.0 255.255.255.0 key w\n"
    ONE = "crypto keyring A\n  pre-shared-key address 192.0.2.2 key a\n"
    TWIN = "crypto keyring B\n  pre-shared-key address 192.0.2.2 key b\n"
    RED = "crypto keyring R vrf RED\n  pre-shared-key address 192.0.2.2 key r\n"
    LOCAL = "crypto keyring L\n  local-address 192.0.2.9\n  pre-shared-key address 192.0.2.2 key l\n"
    LEARNT = "crypto keyring U\n  local-address GigabitEthernet0/9\n  pre-shared-key address 192.0.2.2 key u\n"
    NONE = "crypto keyring N\n  pre-shared-key address 198.51.100.1 key n\n"
    BASE = "hostname R\n!\ninterface GigabitEthernet0/9\n ip address dhcp\n!\n"

    @pytest.mark.parametrize(
        ("text", "rule", "fates"),
        [
            (ONE + WIDE, "KEY-LPM", "default no-key; A picked; W less-precise -> A"),
            (ONE + TWIN, "KEY-TIE", "default no-key; A picked; B later -> A"),
            (ONE + RED + LOCAL + NONE, "KEY-LPM", "default no-key; A picked; R other-vrf; L other-address; N no-key -> A"),
            (ONE + LEARNT, "KEY-LPM", "default no-key; A picked; U not-known -> A"),
            (NONE, "KEY-MISSING", "default no-key; N no-key -> None"),
            ("crypto isakmp key d address 192.0.2.2\n", "KEY-LPM", "default picked -> default"),
            (ONE + "crypto isakmp key d address 192.0.2.0 255.255.255.0\n", "KEY-DEFAULT-FIRST",
             "default picked; A not-searched -> default"),
        ],
    )  # fmt: skip
    def test_without_a_profile(self, text: str, rule: str, fates: str) -> None:
        found = RouterRules(router(f"{self.BASE}{text}end\n"))
        search = found.blind_keys(END, PEER)
        told_of = blind_decision(found, END, PEER, search, search.best[0] if search.best else None)
        assert (told_of.rule, told(told_of), told_of.blind, told_of.what) == (rule, fates, True, "key")

    def test_in_another_vrf_the_global_keys_are_left_out_where_there_are_none(self) -> None:
        red = LocalEnd(END.address, fvrf="RED")
        found = RouterRules(router(f"{self.BASE}{self.ONE}{self.RED}end\n"))
        search = found.blind_keys(red, PEER)
        assert told(blind_decision(found, red, PEER, search, search.best[0])) == "A other-vrf; R picked -> R"
        keys = RouterRules(router(f"{self.BASE}{self.RED}crypto isakmp key d address 192.0.2.2\nend\n"))
        search = keys.blind_keys(red, PEER)
        assert told(blind_decision(keys, red, PEER, search, search.best[0])) == "default other-vrf; R picked -> R"

    def test_of_many_keyrings_those_that_have_nothing_are_counted(self) -> None:
        def left_out(number: int) -> tuple[int, int]:
            rings = "".join(self.NONE.replace("keyring N", f"keyring N{n}") for n in range(number))
            found = RouterRules(router(f"{self.BASE}{self.ONE}{rings}end\n"))
            search = found.blind_keys(END, PEER)
            decision = blind_decision(found, END, PEER, search, search.best[0])
            return len(decision.considered), decision.left_out

        assert (LISTED, left_out(10), left_out(11)) == (12, (12, 0), (2, 11))

    PROFILE = "crypto isakmp profile P\n{}   match identity address 192.0.2.2 255.255.255.255\n!\n"

    def test_in_the_keyrings_of_a_profile(self) -> None:
        text = (
            self.BASE
            + self.ONE
            + self.WIDE
            + self.PROFILE.format("   keyring W\n   keyring A\n   keyring GONE\n")
            + "end\n"
        )
        found = RouterRules(router(text))
        search = found.keys_in_profile(found.profiles["P"], END, PEER)
        decision = ring_decision(found, found.profiles["P"], END, PEER, search, search.best[0])
        assert (decision.rule, told(decision), decision.blind) == ("KEY-BOUND", "W less-precise; A picked -> A", False)
        assert [one.detail for one in decision.considered] == ["192.0.2.0 255.255.255.0", "192.0.2.2 255.255.255.255"]
        assert [e.text for e in decision.evidence][:4] == [
            "crypto isakmp profile P",
            "keyring W",
            "keyring A",
            "keyring GONE",
        ]
        missing = ring_decision(found, found.profiles["P"], END, PEER, search, None)
        assert (missing.rule, told(missing)) == ("KEY-MISSING", "W less-precise; A later -> None")

    def test_of_a_profile_without_a_keyring(self) -> None:
        found = RouterRules(router(self.BASE + self.ONE + self.PROFILE.format("") + "end\n"))
        search = found.blind_keys(END, PEER)
        decision = ring_decision(found, found.profiles["P"], END, PEER, search, search.best[0])
        assert (decision.rule, told(decision)) == ("PROFILE-NO-KEYRING", "default no-key; A picked -> A")


class TestProfiles:
    TEXT = """\
hostname R
!
crypto isakmp profile WIDE
   match identity address 192.0.0.0 255.255.0.0
crypto isakmp profile ONE
   match identity address 192.0.2.2 255.255.255.255
crypto isakmp profile TWIN
   match identity address 192.0.2.2 255.255.255.255
crypto isakmp profile RED
   match identity address 192.0.2.2 255.255.255.255 RED
crypto isakmp profile OTHER
   match identity host a.b
crypto isakmp profile NONE
   keyring K
crypto isakmp profile LEARNT
   match identity address 192.0.2.2 255.255.255.255
   local-address GigabitEthernet0/9
!
interface GigabitEthernet0/9
 ip address dhcp
!
end
"""

    def test_what_became_of_each(self) -> None:
        found = RouterRules(router(self.TEXT))
        search = found.profiles_for(Identity("address", PEER), END)

        def decided(name: str | None, rule: str = "PROFILE-MATCH") -> Decision:
            pick = found.profiles[name] if name else None
            return profile_decision(found.router, search, pick, END, rule)

        rest = "RED other-vrf; OTHER no-match; NONE no-match; LEARNT not-known"
        one = decided("ONE")
        assert (one.rule, told(one)) == ("PROFILE-UNIQUE", f"WIDE less-precise; ONE picked; TWIN later; {rest} -> ONE")
        wide = decided("WIDE")
        assert told(wide) == f"WIDE picked; ONE later; TWIN later; {rest} -> WIDE"
        nothing = decided(None)
        assert (nothing.rule, nothing.picked) == ("PROFILE-MATCH", None)
        assert decided("ONE", "C-4").rule == "C-4"

    @pytest.mark.parametrize(("gone", "pick", "rule"), [("TWIN", "ONE", "C-1"), ("WIDE", "ONE", "PROFILE-UNIQUE")])
    def test_the_rule(self, gone: str, pick: str, rule: str) -> None:
        text = self.TEXT.replace(f"profile {gone}\n   match identity", f"profile {gone}\n   description match")
        found = RouterRules(router(text))
        search = found.profiles_for(Identity("address", PEER), END)
        assert profile_decision(found.router, search, found.profiles[pick], END, "PROFILE-MATCH").rule == rule


class TestPolicies:
    OWN = (
        EffectivePolicy(10, 1, "aes 256", "sha", "pre-share", "14"), EffectivePolicy(20, 2, "aes 256", "md5", "rsa-sig", "14"),
        EffectivePolicy(30, 3, "3des", "sha", "pre-share", None),
    )  # fmt: skip
    ROUTER = Router("R", "r.cfg", lines=("one", "two", "three"))

    def test_what_differs_is_said_and_what_agrees_of_the_one_picked(self) -> None:
        decision = policy_decision(self.ROUTER, self.OWN[:1], self.OWN, 10)
        assert told(decision) == "policy 10 picked; policy 20 differs; policy 30 differs -> policy 10"
        assert [one.detail for one in decision.considered] == [
            "aes 256, sha, pre-share, group 14", "hash, authentication", "encryption"
        ]  # fmt: skip
        unlike = policy_decision(self.ROUTER, self.OWN[1:], self.OWN, 30)
        assert told(unlike) == "policy 10 differs; policy 20 later; policy 30 picked -> policy 30"
        assert [one.detail for one in unlike.considered] == ["encryption", None, "3des, sha, pre-share"]

    def test_without_an_offer_or_a_key(self) -> None:
        assert told(policy_decision(self.ROUTER, (), self.OWN[:1], None)) == "policy 10 differs -> None"
        keyless = policy_decision(self.ROUTER, self.OWN, self.OWN, None, keyless=True)
        assert told(keyless) == "policy 10 no-key; policy 20 later; policy 30 no-key -> None"


class TestSmallOnes:
    R = Router("R", "r.cfg", lines=("one", "two"))
    SETS = (TransformSet("T", 1, ("esp-aes",)), TransformSet("U", 2, ("esp-des",)))

    def test_transform_sets(self) -> None:
        assert told(transform_decision(self.R, self.SETS, self.SETS[1], fits=True)) == "T later; U picked -> U"
        assert told(transform_decision(self.R, self.SETS, None, fits=False)) == "T differs; U differs -> None"
        assert told(transform_decision(self.R, None, None, fits=True)) == " -> default"

    def test_pfs(self) -> None:
        group, none = (
            pfs_decision(self.R, "group5", "group14", fits=False),
            pfs_decision(self.R, None, None, fits=True),
        )
        assert (told(group), group.considered[0].detail, group.rule) == (
            "group14 differs -> None",
            "offered group5",
            "QM-PFS",
        )
        assert (told(none), none.considered[0].detail) == ("no PFS picked -> no PFS", "offered none")
        assert told(pfs_decision(self.R, None, "group14", fits=True)) == "group14 picked -> group14"

    def test_trust_points(self) -> None:
        assert told(trustpoint_decision(self.R, ("A", "B", "C"), ("C", "B"), (1,))) == "A later; B picked; C later -> B"
        assert told(trustpoint_decision(self.R, ("A",), (), ())) == "A differs -> None"

    def test_identities(self) -> None:
        assert (
            told(identity_decision(self.R, Identity("address", PEER), "ID-SENT", 1)) == "192.0.2.2 picked -> 192.0.2.2"
        )
        assert told(identity_decision(self.R, Identity("fqdn", value="a.b"), "ID-SENT")) == "a.b picked -> a.b"
        assert told(identity_decision(self.R, Identity("dn"), "ID-SENT")) == "not known picked -> not known"

    def test_the_binding_of_an_end(self) -> None:
        here = Endpoint("R", "Tunnel1", "tunnel", END, lines=(1, 2))

        def bound(fits: bool, selected: str | None, name: str | None) -> tuple[str, str | None]:
            decision = binding_decision(self.R, here, "U-6", fits=fits, selected=selected, bound=name)
            return told(decision), decision.considered[0].detail

        assert bound(True, "P", "P") == ("Tunnel1 picked -> Tunnel1", "bound to P, selected P")
        assert bound(False, None, "P") == ("Tunnel1 differs -> None", "bound to P, selected none")
        assert bound(False, "P", None) == ("Tunnel1 no-match -> None", None)
        assert told(nobody_decision(self.R, (here,))) == "Tunnel1 no-match -> None"
        assert [nobody_decision(self.R, ends).rule for ends in ((here,), ())] == ["END-NAMED-PEER", "END-PLACES"]

    def test_ikev2_proposals(self) -> None:
        own = (Ikev2Proposal("A", 1), Ikev2Proposal("B", 2), Ikev2Proposal("C", 3))
        met = proposal_decision(self.R, own, ("B", "C"), met=True)
        assert (told(met), met.rule) == ("A differs; B picked; C later -> B", "IKEV2-POLICY")
        assert told(proposal_decision(self.R, own, (), met=False)) == "A differs; B differs; C differs -> None"
        built_in = proposal_decision(self.R, None, (), met=True)
        assert (told(built_in), built_in.rule) == ("default picked -> default", "IKEV2-BUILT-IN")
        assert told(proposal_decision(self.R, None, (), met=False)) == "default differs -> None"

    def test_ikev2_policies(self) -> None:
        local = (prefix("192.0.2.9").address,)
        own = (
            Ikev2Policy("A", 1),
            Ikev2Policy("B", 2, fvrf="RED"),
            Ikev2Policy("C", 3, local_addresses=local),
            Ikev2Policy("D", 4),
            Ikev2Policy("E", 5, fvrf="RED", local_addresses=(END.address,)),  # its address is not what keeps it out
        )
        r = msgspec.structs.replace(
            self.R, ikev2=msgspec.structs.replace(self.R.ikev2, policies=own, policy_off_line=1)
        )
        used = ikev2_policy_decision(r, (own[0], own[3]), Ikev2Offer(own[0], ()), END)
        assert (told(used), used.rule) == (
            "A picked; B other-vrf; C other-address; D later; E other-vrf -> A",
            "IKEV2-POLICY",
        )
        built_in = ikev2_policy_decision(r, (own[3],), Ikev2Offer(None, None), END)
        kept_out = "A other-vrf; B other-vrf; C other-address; D no-match; E other-vrf"
        assert told(built_in) == f"{kept_out}; default picked -> default"
        nothing = ikev2_policy_decision(r, (), None, END)
        assert told(nothing).endswith("; default no-match -> None") and nothing.rule == "IKEV2-BUILT-IN"
        assert nothing.considered[-1].evidence[0].line == 1

    def test_ikev2_keys(self) -> None:
        block = "peer {0}\n  address {1}\n  pre-shared-key sesame\n !\n "
        blocks = block.format("ONE", "192.0.2.2") + block.format("TWO", "192.0.2.2") + block.format("FAR", "192.0.2.9")
        profile = " match identity remote address 192.0.2.2\n authentication remote pre-share\n keyring local K\n!\n"
        text = f"hostname R\n!\ncrypto ikev2 keyring K\n {blocks}!\ncrypto ikev2 profile P\n{profile}end\n"
        r = router(text)
        own = r.ikev2.profiles[0]
        one, two = Ikev2Keys(None, None, (4, 6), "ONE"), Ikev2Keys(None, None, (8, 10), "TWO")
        found = ikev2_key_decision(r, own, (one, two), one)
        assert (told(found), found.rule) == ("ONE picked; TWO later; FAR no-key -> ONE", "IKEV2-KEYS")
        assert [[e.line for e in each.evidence] for each in found.considered] == [[4, 6], [8, 10], [12]]
        assert [e.line for e in found.evidence] == [17, 20, 4, 6], "the profile, its keyring, the block"
        assert told(ikev2_key_decision(r, own, (one, two), two)) == "ONE later; TWO picked; FAR no-key -> TWO"
        assert told(ikev2_key_decision(r, own, (), None)) == "ONE no-key; TWO no-key; FAR no-key -> None"
        inside = msgspec.structs.replace(one, peer=None)
        bare = msgspec.structs.replace(own, keyring=None)
        found = ikev2_key_decision(r, bare, (inside,), inside)
        assert (told(found), [e.line for e in found.evidence]) == ("P picked -> P", [17, 4, 6])
