"""IKEv2, both sides of what one algorithm, one block or one line more decides (IKEV2-POLICY, IKEV2-KEYS, IKEV2-PROFILE)."""

from __future__ import annotations

import pytest
from parsed import prefix, router
from two_ends import Changes, call, end, pair

from ikeaudit.exchange import Exchange
from ikeaudit.exchange.decisions import ikev2_policy_decision
from ikeaudit.exchange.ikev2 import _complete
from ikeaudit.exchange.ikev2_init import _proposals_meet
from ikeaudit.fleet import Fleet
from ikeaudit.model import Ikev2Proposal
from ikeaudit.selection import LocalEnd, RouterRules
from ikeaudit.selection.ikev2 import Ikev2Offer

KEY = "  pre-shared-key sesame\n"
RING, OURS = " keyring local K\n", " authentication local pre-share\n"
MATCH = " match identity remote address PEER 255.255.255.255\n"
PROPOSAL = "crypto ikev2 proposal PR\n encryption aes-cbc-256\n integrity sha256\n group 14\n!\n"
POLICY = "crypto ikev2 policy PO\n proposal PR\n!\n"
UP, PROBABLY = ("up", None, None, "certain"), ("up", None, None, "probable")


def said(found: Exchange, host: str) -> list[str]:
    return [one.line for one in found.transcript if one.router == host]


def proposal(text: str) -> Ikev2Proposal:
    """Of ``encryption / integrity / prf / groups``, words apart."""
    encryption, integrity, prf, groups = (tuple(part.split()) for part in text.split("/"))
    return Ikev2Proposal("X", 1, encryption, integrity, prf, groups)


@pytest.mark.parametrize(
    ("offer", "own", "meet"),
    [
        ("cbc / sha256 / / 14", "cbc / sha256 / / 14", True), ("cbc / sha256 / / 14", "3des / sha256 / / 14", False),
        ("cbc / sha256 / / 14", "cbc / sha1 / / 14", False), ("cbc / sha256 / / 14", "cbc / sha256 / / 19", False),
        ("3des cbc / sha1 sha256 / / 19 14", "cbc / sha256 / / 14", True),
        # Without its own line the pseudo-random function is that of the integrity.
        ("cbc / sha256 / sha512 / 14", "cbc / sha256 / / 14", False),
        ("cbc / sha256 / sha256 / 14", "cbc / sha256 / / 14", True),
        ("cbc / sha256 / sha512 / 14", "cbc / sha256 / sha512 / 14", True),
        ("cbc / sha256 / sha512 / 14", "cbc / sha256 / sha384 / 14", False),
        ("cbc / sha256 / sha512 / 14", "cbc / sha1 / sha512 / 14", False),
        ("cbc / sha256 / sha1 sha512 / 14", "cbc / sha256 / sha512 sha384 / 14", True),
        # A cipher that vouches for what it carries needs no integrity, also where another one is in common.
        ("gcm / / sha256 / 14", "gcm / / sha256 / 14", True), ("gcm / / sha256 / 14", "gcm / / sha512 / 14", False),
        ("gcm cbc / sha256 / sha256 / 14", "gcm cbc / sha1 / sha256 / 14", True),
        ("gcm cbc / sha256 / sha256 / 14", "cbc / sha1 / sha256 / 14", False),
        ("gcm / / sha256 / 14", "gcm / / / 14", True),
    ],
)  # fmt: skip
def test_what_two_proposals_have_in_common(offer: str, own: str, meet: bool) -> None:
    assert _proposals_meet(proposal(offer), proposal(own)) is meet
    assert _proposals_meet(proposal(own), proposal(offer)) is meet


REMOTE, BY = " authentication remote pre-share\n", " match identity remote any\n"


@pytest.mark.parametrize(
    ("lines", "complete"),
    [
        (OURS + REMOTE + BY, True), (OURS + REMOTE + " match certificate M\n", True),
        (OURS + REMOTE + BY + " match certificate M\n", True), (OURS + REMOTE, False), (OURS + BY, False), (REMOTE + BY, False),
        (OURS + " match certificate M\n", False), (BY, False), ("", False),
    ],
)  # fmt: skip
def test_what_a_profile_needs(lines: str, complete: bool) -> None:
    """Both ways to authenticate, and a match of an identity or of a certificate (IKEV2-COMPLETE)."""
    (profile,) = router(f"hostname R\ncrypto ikev2 profile P\n{lines} dpd 10 2 periodic\nend\n").ikev2.profiles
    assert _complete(profile) is complete


@pytest.mark.parametrize(("at", "other"), [("A", "B"), ("B", "A")])
def test_a_router_that_no_policy_serves_says_so(at: str, other: str) -> None:
    """None of its own, and the built-in one switched off (IKEV2-BUILT-IN)."""
    none = {POLICY: "no crypto ikev2 policy default\n"}
    found = call(none if at == "A" else {}, none if at == "B" else {}, version=2)
    assert end(found) == ("down", "SA_INIT", "no-common-ike-policy", "certain")
    assert said(found, at)[-1] == "Failed to find a matching policy"
    assert "Failed to find a matching policy" not in said(found, other)
    assert "no crypto ikev2 policy default" in [one.text for one in found.evidence if one.host == at]


def test_other_profiles_of_the_caller_that_match_the_answer() -> None:
    """A is bound to P, and Q matches the answer as well: P is used; the weaker reading takes none (U-23)."""
    more = "crypto ikev2 profile Q\n match identity remote any\n authentication remote pre-share\n{}!\n"
    found = call({PROPOSAL: PROPOSAL + more.format(OURS + RING)}, version=2)
    assert end(found) == PROBABLY
    assert [(one.reading, one.outcome, one.reason) for one in found.readings] == [
        ("A uses the IKEv2 profile that it is bound to", "up", None),
        ("A takes no profile where several of its own match (U-23)", "half-open", "identity-not-matched"),
    ]
    elsewhere = more.replace("remote any", "remote address 198.51.100.9").format(OURS + RING)
    assert end(call({PROPOSAL: PROPOSAL + elsewhere}, version=2)) == UP


FAR = "  address PEER\n  pre-shared-key sesame\n !\n"
BY_NAME: Changes = {MATCH: f"{MATCH} identity local fqdn a.b\n"}
NAMED = " match identity remote fqdn a.b\n"


@pytest.mark.parametrize(
    ("address", "name", "ended"),
    [
        # One block by name and one by address: that the name is looked for first is remembered, not read.
        (("PEER", "walnut"), ("a.b", "sesame"), PROBABLY), (("PEER", "sesame"), ("a.b", "sesame"), UP),
        (("PEER", "sesame"), ("c.d", "walnut"), UP), (("198.51.100.9", "walnut"), ("a.b", "sesame"), UP),
        (("PEER", "sesame"), ("a.b", "walnut"), ("down", "AUTH", "psk-mismatch", "probable")),
    ],
)  # fmt: skip
def test_the_block_of_a_caller_that_names_itself(
    address: tuple[str, str], name: tuple[str, str], ended: tuple[object, ...]
) -> None:
    """Identity before address (IKEV2-KEYS); of no weight where both blocks say the same, or only one fits."""
    blocks = "  address {}\n  pre-shared-key {}\n !\n".format(*address)
    blocks += " peer NAME\n  identity fqdn {}\n  pre-shared-key {}\n !\n".format(*name)
    assert end(call(BY_NAME, {MATCH: NAMED, FAR: blocks}, version=2)) == ended


def test_keys_written_into_a_profile_are_told_by_it() -> None:
    """They stand in no keyring: what differs is told of the profile, at both ends (IKEV2-LOCAL-REMOTE)."""
    written = {
        RING: "", OURS: " authentication local pre-share key walnut\n",
        REMOTE: " authentication remote pre-share key walnut\n",
    }  # fmt: skip
    for a, b, names in ((written, {}, ["profile", "FAR"]), ({}, written, ["FAR", "profile"])):
        (found,) = [one for one in Fleet(pair(a, b, version=2), steps=True).exchanges if one.initiator == "A"]
        assert (found.failed_at, found.reason, found.confidence) == ("AUTH", "psk-mismatch", "certain")
        told = found.steps[-1].decisions[-1]
        assert [(one.name, one.result) for one in told.considered] == [(name, "differs") for name in names]
    assert end(call(written, written, version=2)) == UP


POLICIES = f"""\
hostname R
{PROPOSAL}crypto ikev2 policy OURS
 match address local 192.0.2.1
 proposal PR
crypto ikev2 policy RED
 match fvrf RED
 proposal PR
crypto ikev2 policy RED-OURS
 match fvrf RED
 match address local 192.0.2.1
 proposal PR
crypto ikev2 policy FAR
 match address local 192.0.2.9
 proposal PR
crypto ikev2 policy LATER
 proposal PR
crypto ikev2 policy EMPTY
 proposal NONE
end
"""


def test_what_becomes_of_each_policy() -> None:
    """The first that serves is taken; of the others it is told what keeps them out (IKEV2-POLICY)."""
    rules = RouterRules(router(POLICIES))
    here = LocalEnd(prefix("192.0.2.1").address)

    def told(own: str | None) -> list[tuple[str, str]]:
        policy = next((one for one in rules.router.ikev2.policies if one.name == own), None)
        offer = Ikev2Offer(policy, None) if policy is not None else None
        found = ikev2_policy_decision(rules.router, rules.ikev2.policies(here), offer, here)
        assert (found.rule, found.picked) == ("IKEV2-POLICY" if own else "IKEV2-BUILT-IN", own)
        return [(one.name, one.result) for one in found.considered]

    apart = [("RED", "other-vrf"), ("RED-OURS", "other-vrf"), ("FAR", "other-address")]
    assert told("OURS") == [("OURS", "picked"), *apart, ("LATER", "later"), ("EMPTY", "later")]
    assert told("LATER") == [("OURS", "later"), *apart, ("LATER", "picked"), ("EMPTY", "later")]
    assert told(None) == [
        ("OURS", "no-match"), *apart, ("LATER", "no-match"), ("EMPTY", "no-match"), ("default", "no-match"),
    ]  # fmt: skip
