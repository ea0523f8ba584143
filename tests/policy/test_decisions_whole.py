"""A decision as a whole: head, every candidate with fate and detail, and the numbers of the lines behind each (DESIGN 3.1)."""

from __future__ import annotations

import msgspec
import pytest
from parsed import prefix, router

from ikeaudit.exchange.decisions import (
    LISTED,
    blind_decision,
    identity_decision,
    ikev2_key_decision,
    ikev2_policy_decision,
    ikev2_profile_decision,
    mismatch_decision,
    name_decision,
    policy_decision,
    profile_decision,
    proposal_decision,
    proxy_decision,
    ring_decision,
    transform_decision,
    trustpoint_decision,
    verify_decision,
)
from ikeaudit.exchange.steps import Decision
from ikeaudit.model import Ikev2Policy, Ikev2Proposal, Key, Keyring, Router, TransformSet
from ikeaudit.selection import EffectivePolicy, Identity, KeyPick, LocalEnd, RouterRules
from ikeaudit.selection.ikev2 import Ikev2Keys, Ikev2Offer
from ikeaudit.selection.proxies import Proxies, Proxy

PEER = prefix("192.0.2.2").address
END = LocalEnd(prefix("192.0.2.1").address)
R = Router("R", "r.cfg", lines=("one", "two", "three", "four"))


def whole(found: Decision) -> list[str]:
    """What is decided by which rule, what is picked, the numbers of the lines; then each candidate likewise."""
    more = f"{' blind' if found.blind else ''}{f' +{found.left_out}' if found.left_out else ''}"
    head = f"{found.router} {found.what} {found.rule} {found.picked}{more} <- {[e.line for e in found.evidence]}"
    return [head, *(f"{c.name} {c.result} {c.detail} <- {[e.line for e in c.evidence]}" for c in found.considered)]


KEYS = """\
hostname R
crypto keyring K
  pre-shared-key address 192.0.2.2 key one
  pre-shared-key address 192.0.2.0 255.255.255.0 key two
crypto keyring L
  local-address 192.0.2.9
  pre-shared-key address 192.0.2.2 key three
crypto keyring N
  pre-shared-key hostname far.example key four
crypto keyring Z
  pre-shared-key address 192.0.2.2 key five
crypto isakmp profile P
   keyring K
   keyring L
   keyring N
   keyring GONE
   match identity address 192.0.2.2 255.255.255.255
end
"""


class TestKeys:
    RULES = RouterRules(router(KEYS))
    P = RULES.profiles["P"]
    SEARCH = RULES.keys_in_profile(P, END, PEER)

    def test_a_bound_profile_looks_into_its_own_keyrings_only(self) -> None:
        assert whole(ring_decision(self.RULES, self.P, END, PEER, self.SEARCH, self.SEARCH.best[0])) == [
            "R key KEY-BOUND K <- [12, 13, 14, 15, 16, 2, 3]",
            "K picked 192.0.2.2 255.255.255.255 <- [2, 3]",
            "L other-address 192.0.2.2 255.255.255.255 <- [5, 7]",
            "N no-key None <- [8]",
        ]

    @pytest.mark.parametrize(
        ("ring", "at", "passed", "told"),
        [
            ("K", 0, True, ["R key KEY-VERIFY K <- [12, 13, 14, 15, 16, 2, 3]", "K picked None <- [2, 3]",
                            "L no-key None <- [5]", "N no-key None <- [8]", "GONE no-key None <- []"]),
            ("K", 1, True, ["R key KEY-VERIFY K <- [12, 13, 14, 15, 16, 2, 4]", "K picked None <- [2, 4]",
                            "L no-key None <- [5]", "N no-key None <- [8]", "GONE no-key None <- []"]),
            ("Z", 0, False, ["R key KEY-VERIFY None <- [12, 13, 14, 15, 16]", "K later None <- [2, 3]",
                             "L no-key None <- [5]", "N no-key None <- [8]", "GONE no-key None <- []",
                             "Z not-listed None <- [10, 11]"]),
        ],
    )  # fmt: skip
    def test_the_key_in_use_is_looked_for_in_the_selected_profile(
        self, ring: str, at: int, passed: bool, told: list[str]
    ) -> None:
        keyring = self.RULES.keyrings[ring]
        used = KeyPick(keyring, keyring.keys[at])
        assert whole(verify_decision(self.RULES, self.P, used, self.SEARCH, passed=passed)) == told

    def test_of_one_keyring_the_most_precise_key_is_shown(self) -> None:
        """The global key is found first, so that none of the others is looked into (KEY-DEFAULT-FIRST)."""
        rules = RouterRules(
            router(KEYS.replace("hostname R\n", "hostname R\ncrypto isakmp key g address 0.0.0.0 0.0.0.0\n"))
        )
        search = rules.blind_keys(END, PEER)
        assert whole(blind_decision(rules, END, PEER, search, search.best[0])) == [
            "R key KEY-DEFAULT-FIRST default blind <- [2]",
            "default picked 0.0.0.0 0.0.0.0 <- [2]",
            "K not-searched 192.0.2.2 255.255.255.255 <- [3, 4]",
            "L not-searched 192.0.2.2 255.255.255.255 <- [6, 8]",
            "N no-key None <- [9]",
            "Z not-searched 192.0.2.2 255.255.255.255 <- [11, 12]",
        ]

    def test_a_key_without_a_keyring_goes_by_its_command(self) -> None:
        secret = self.RULES.keyrings["Z"].keys[0].secret
        asked = KeyPick(Keyring("", 1), Key(2, secret))
        assert whole(name_decision(R, asked, "MODE-AGGRESSIVE")) == [
            "R key MODE-AGGRESSIVE crypto isakmp peer <- [1, 2]",
            "crypto isakmp peer picked None <- [1, 2]",
        ]
        assert whole(name_decision(R, None)) == ["R key AGGRESSIVE-KEY None <- []"]
        ends = [(R, "", (1, 2)), (msgspec.structs.replace(R, name="S"), "K", (3,))]
        assert whole(mismatch_decision(R, "KEY-MISMATCH", ends)) == [
            "R key KEY-MISMATCH None <- []", "crypto isakmp peer differs R <- [1, 2]", "K differs S <- [3]"
        ]  # fmt: skip

    def test_trust_points_and_identities(self) -> None:
        assert whole(trustpoint_decision(R, ("A", "B"), ("B",), (1, 0))) == [
            "R key CERT-TRUSTPOINTS B <- [1]", "A later None <- []", "B picked None <- []"
        ]  # fmt: skip
        named = identity_decision(R, Identity("fqdn", value="a.b"), "ID-SENT", 2, 0)
        assert whole(named) == ["R identity ID-SENT a.b <- [2]", "a.b picked fqdn <- [2]"]


PROFILES = """\
hostname R
crypto isakmp profile WIDE
   match identity address 192.0.2.0 255.255.255.0
   match identity host a.b
crypto isakmp profile ONE
   match identity host c.d
   match identity address 192.0.2.2 255.255.255.255
crypto isakmp profile MIXED
   match identity address 198.51.100.1 255.255.255.255
   match identity address 192.0.2.2 255.255.255.255 RED
crypto isakmp profile LEARNT
   match identity address 192.0.2.2 255.255.255.255
   match identity host e.f
   local-address GigabitEthernet0/9
interface GigabitEthernet0/9
 ip address dhcp
"""


class TestProfiles:
    def test_what_became_of_each_and_by_which_line(self) -> None:
        rules = RouterRules(router(PROFILES + "end\n"))
        search = rules.profiles_for(Identity("address", PEER), END)
        told = [
            "R profile C-1 ONE <- [5, 7]", "WIDE less-precise None <- [2, 3]", "ONE picked None <- [5, 7]",
            "MIXED no-match None <- [8, 9, 10]", "LEARNT not-known None <- [11, 12]",
        ]  # fmt: skip
        one = rules.profiles["ONE"]
        assert whole(profile_decision(rules.router, search, one, END, "PROFILE-MATCH")) == told
        none = whole(profile_decision(rules.router, search, None, END, "PROFILE-MATCH"))
        assert none[::2] == ["R profile PROFILE-MATCH None <- []", "ONE later None <- [5, 7]", told[4]]

    def test_one_that_may_match_is_no_contradiction(self) -> None:
        text = PROFILES[PROFILES.index("crypto isakmp profile LEARNT") :]
        rules = RouterRules(router(f"hostname R\n{text}end\n"))
        search = rules.profiles_for(Identity("address", PEER), END)
        assert whole(profile_decision(rules.router, search, rules.profiles["LEARNT"], END, "PROFILE-MATCH")) == [
            "R profile PROFILE-MATCH LEARNT <- [2, 3]", "LEARNT picked None <- [2, 3]"
        ]  # fmt: skip

    def test_of_many_profiles_those_that_have_nothing_for_the_peer_are_counted(self) -> None:
        for others in (8, 9):
            text = PROFILES + "".join(
                f"crypto isakmp profile O{n}\n   match identity host o.p\n" for n in range(others)
            )
            rules = RouterRules(router(text + "end\n"))
            search = rules.profiles_for(Identity("address", PEER), END)
            found = profile_decision(rules.router, search, rules.profiles["ONE"], END, "PROFILE-MATCH")
            names = [one.name for one in found.considered]
            assert len(rules.profiles) == 4 + others
            if others == 8:
                assert (len(names), found.left_out, LISTED) == (12, 0, 12)
            else:
                assert (names, found.left_out) == (["WIDE", "ONE", "LEARNT"], 10)

    V2 = """\
hostname R
crypto ikev2 profile A
 match identity remote address 192.0.2.0 255.255.255.0
 match identity remote fqdn a.b
crypto ikev2 profile B
 match identity remote address 192.0.2.2 255.255.255.255
crypto ikev2 profile C
 match fvrf RED
 match identity remote fqdn a.b
 match identity remote address 192.0.2.2 255.255.255.255
crypto ikev2 profile D
 match identity remote fqdn a.b
"""

    def test_of_ikev2(self) -> None:
        found = router(self.V2 + "end\n")
        a, b, c, _ = found.ikev2.profiles
        identity = Identity("address", PEER)
        told = [
            "R profile U-7 B <- [5, 6]", "A later None <- [2, 3, 4]", "B picked None <- [5, 6]",
            "C other-vrf None <- [7, 9, 10]", "D no-match None <- [11, 12]",
        ]  # fmt: skip
        assert whole(ikev2_profile_decision(found, (a, b), b, identity, ("A", "B", "D"))) == told
        alone = whole(ikev2_profile_decision(found, (b,), None, identity, ("A", "B", "C"), "IKEV2-HALF-OPEN"))
        assert alone == [
            "R profile IKEV2-HALF-OPEN None <- []", "A no-match None <- [2, 3, 4]", "B later None <- [5, 6]",
            "C no-match None <- [7, 9, 10]", told[4],
        ]  # fmt: skip
        more = "".join(f"crypto ikev2 profile O{n}\n match identity remote fqdn o.p\n" for n in range(9))
        many = router(self.V2 + more + "end\n")
        assert whole(ikev2_profile_decision(many, (c,), c, identity, ("C",))) == [
            "R profile IKEV2-PROFILE C +12 <- [7, 9, 10]", "C picked None <- [7, 9, 10]"
        ]  # fmt: skip


class TestIkev2:
    def test_an_offer_of_built_in_proposals_names_none_of_the_responders(self) -> None:
        own = (Ikev2Proposal("A", 1), Ikev2Proposal("B", 2))
        assert whole(proposal_decision(R, own, (), met=True)) == [
            "R proposal IKEV2-POLICY None <- []", "A differs None <- [1]", "B differs None <- [2]"
        ]  # fmt: skip

    @pytest.mark.parametrize("others", [12, 13])
    def test_peer_blocks_that_have_nothing_for_the_peer(self, others: int) -> None:
        blocks = "".join(f" peer O{n}\n  address 198.51.100.{n + 1}\n  pre-shared-key o\n" for n in range(others))
        text = (
            "hostname R\ncrypto ikev2 keyring J\n peer ELSE\n  address 192.0.2.2\n  pre-shared-key e\n"
            f"crypto ikev2 keyring K\n peer FAR\n  address 192.0.2.2\n  pre-shared-key f\n{blocks}"
            "crypto ikev2 profile P\n match identity remote any\n keyring local K\nend\n"
        )
        found = router(text)
        (profile,) = found.ikev2.profiles
        last = 9 + 3 * others
        far = Ikev2Keys(None, None, (6, 7), "FAR")
        told = whole(ikev2_key_decision(found, profile, (far,), far))
        head = f"R key IKEV2-KEYS FAR{' +13' if others == 13 else ''} <- [{last + 1}, {last + 3}, 6, 7]"
        assert told[:2] == [head, "FAR picked None <- [6, 7]"]
        listed = [f"O{n} no-key None <- [{10 + 3 * n}]" for n in range(others)]
        assert told[2:] == (listed if others == 12 else [])

    def test_a_policy_for_an_address_that_this_end_may_have_learnt(self) -> None:
        ours = Ikev2Policy("C", 3, local_addresses=(prefix("192.0.2.9").address,))
        found = msgspec.structs.replace(R, ikev2=msgspec.structs.replace(R.ikev2, policies=(ours,)))
        learnt = LocalEnd(None)
        assert whole(ikev2_policy_decision(found, (), Ikev2Offer(ours, ()), learnt)) == [
            "R policy IKEV2-POLICY C <- [3]", "C picked None <- [3]"
        ]  # fmt: skip
        assert whole(ikev2_policy_decision(found, (), None, learnt)) == [
            "R policy IKEV2-BUILT-IN None <- []", "C other-address None <- [3]", "default no-match None <- []"
        ]  # fmt: skip


def test_policies_that_differ_least_from_one_of_the_offers() -> None:
    one, two = (
        EffectivePolicy(10, 1, "aes 256", "sha", "pre-share", "14"),
        EffectivePolicy(20, 2, "des", "md5", None, "2"),
    )
    own = EffectivePolicy(30, 3, "3des", "sha", "pre-share", None)
    bare = EffectivePolicy(40, 4, None, None, None, None)
    assert whole(policy_decision(R, (one, two), (own, bare), 40)) == [
        "R policy POLICY-AGREE policy 40 <- [4]", "policy 30 differs encryption <- [3]", "policy 40 picked None <- [4]"
    ]  # fmt: skip


class TestTraffic:
    OURS, THEIRS, ELSE = (prefix(text) for text in ("10.2.0.0/16", "10.1.0.0/16", "10.3.0.0/16"))
    OTHER = Proxy("ip", ELSE, THEIRS, line=1)
    OWN = Proxy("ip", OURS, THEIRS, line=2)
    GRE = Proxy("gre", OURS, THEIRS, line=3)
    OFFERS = Proxies((Proxy("ip", THEIRS, OURS), Proxy("gre", THEIRS, OURS)))

    @pytest.mark.parametrize(
        ("offers", "accepted", "fits", "told"),
        [
            (OFFERS, Proxies((OTHER, OWN, GRE)), True,
             ["ip 10.2.0.0/16 10.1.0.0/16 <- [2]", "ip 10.3.0.0/16 10.1.0.0/16 differs None <- [1]",
              "ip 10.2.0.0/16 10.1.0.0/16 picked None <- [2]", "gre 10.2.0.0/16 10.1.0.0/16 later None <- [3]"]),
            (OFFERS, Proxies((OTHER, OWN)), False,
             ["None <- []", "ip 10.3.0.0/16 10.1.0.0/16 differs None <- [1]", "ip 10.2.0.0/16 10.1.0.0/16 later None <- [2]"]),
            (Proxies(), Proxies((OTHER, OWN)), True,
             ["ip 10.3.0.0/16 10.1.0.0/16 <- []", "ip 10.3.0.0/16 10.1.0.0/16 differs None <- [1]",
              "ip 10.2.0.0/16 10.1.0.0/16 differs None <- [2]"]),
            (Proxies(), Proxies(), True, ["as offered <- []"]), (Proxies(), Proxies(), False, ["None <- []"]),
            (OFFERS, Proxies(anything=True), True, ["any traffic <- []"]),
        ],
    )  # fmt: skip
    def test_the_first_entry_that_takes_an_offer(
        self, offers: Proxies, accepted: Proxies, fits: bool, told: list[str]
    ) -> None:
        head, *rest = told
        assert whole(proxy_decision(R, offers, accepted, fits=fits)) == [f"R proxy QM-PROXIES {head}", *rest]

    def test_transform_sets(self) -> None:
        sets = (TransformSet("T", 1, ("esp-aes",)), TransformSet("U", 2, ("esp-des",)))
        assert whole(transform_decision(R, sets, sets[1], fits=True)) == [
            "R proposal QM-TRANSFORM U <- [2]", "T later None <- [1]", "U picked None <- [2]"
        ]  # fmt: skip


def test_a_bare_decision_leaves_nothing_out_and_stands_on_nothing() -> None:
    """What a reader of the published object takes for granted where a field is missing."""
    bare = Decision("R", "key", "KEY-LPM", None)
    assert (bare.blind, bare.considered, bare.left_out, bare.evidence) == (False, (), 0, ())
    assert whole(bare) == ["R key KEY-LPM None <- []"]
