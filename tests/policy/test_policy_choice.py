"""Which ISAKMP policy two routers agree on, and why they do not: offers against policies, by hand (POLICY-AGREE, MODE-MAIN)."""

from __future__ import annotations

from types import SimpleNamespace

import msgspec
import pytest
from two_ends import pair

from ikeaudit.exchange.choices import Choices
from ikeaudit.exchange.policy_choice import Agreement, compare
from ikeaudit.exchange.run import Initiator, Responder, Run
from ikeaudit.model import Router
from ikeaudit.selection import EffectivePolicy, RouterRules


def psk(
    number: int, encryption: str | None = "aes", hashing: str | None = "sha", group: str | None = "14"
) -> EffectivePolicy:
    return EffectivePolicy(number, number, encryption, hashing, "pre-share", group)


def rsa(
    number: int, encryption: str | None = "aes", hashing: str | None = "sha", group: str | None = "14"
) -> EffectivePolicy:
    return msgspec.structs.replace(psk(number, encryption, hashing, group), authentication="rsa-sig")


Policies = tuple[EffectivePolicy, ...]
END = RouterRules(pair()[0]).endpoints[0]
LINES = tuple(f"line {n}" for n in range(1, 100))


def agreed(
    ours: Policies, theirs: Policies, trusting: str = "AB", script: tuple[int, ...] = (), **asked: bool
) -> tuple[Agreement, Run]:
    def rules(name: str, policies: Policies) -> object:
        trustpoints = ("CA",) if name in trusting else ()
        return SimpleNamespace(policies=policies, trustpoints=trustpoints, router=Router(name, name, lines=LINES))

    run = Run(Choices(script))
    caller = Initiator(rules("A", ours), END)  # type: ignore[arg-type]
    called = Responder(rules("B", theirs), END.local, None)  # type: ignore[arg-type]
    return compare(run, caller, called, **{"preshared": True, **asked}), run


def taken(found: Agreement) -> tuple[int, int, int] | None:
    if found.accepted is None:
        return None
    number, offer, own = found.accepted
    return number, offer.number, own.number


@pytest.mark.parametrize(
    ("ours", "theirs", "trusting", "asked", "accepted"),
    [
        ((psk(10),), (psk(10),), "", {}, (1, 10, 10)),
        ((psk(10, "3des"), psk(20)), (psk(10, "des"), psk(15)), "", {}, (2, 20, 15)),
        # Of policies of one method the initiator's first one.
        ((psk(10), psk(20, "3des")), (psk(5, "3des"), psk(6)), "", {}, (1, 10, 6)),
        # Certificates come second here; first where a key is missing at either end, and there are trust-points at both.
        ((psk(10), rsa(20)), (psk(10), rsa(20)), "AB", {}, (1, 10, 10)),
        ((psk(10), rsa(20)), (psk(10), rsa(20)), "AB", {"answerable": False}, (2, 20, 20)),
        ((psk(10), rsa(20)), (psk(10), rsa(20)), "AB", {"preshared": False}, (2, 20, 20)),
        ((psk(10), rsa(20)), (psk(10), rsa(20)), "A", {"answerable": False}, (1, 10, 10)),
        ((psk(10), rsa(20)), (psk(10), rsa(20)), "B", {"answerable": False}, (1, 10, 10)),
        ((psk(10), rsa(20)), (psk(10), rsa(20)), "B", {"preshared": False}, None),
        ((psk(10),), (psk(10),), "AB", {"preshared": False}, None),
    ],
)  # fmt: skip
def test_what_is_accepted(
    ours: Policies, theirs: Policies, trusting: str, asked: dict[str, bool], accepted: tuple[int, int, int] | None
) -> None:
    found, run = agreed(ours, theirs, trusting, **asked)
    assert taken(found) == accepted
    assert found.offers == (ours if asked.get("preshared", True) else tuple(p for p in ours if p in {rsa(20)}))
    assert found.preshared is (accepted not in (None, (2, 20, 20)))
    if accepted is not None:
        assert [(e.host, e.line) for e in run.evidence] == [("A", accepted[1]), ("B", accepted[2])]
        assert (run.assumptions, run._choices.taken) == ([], [])


def test_whose_order_counts_between_keys_and_certificates() -> None:
    """No source says: both are computed, the initiator's first."""
    ours, theirs = (psk(10), rsa(20)), (rsa(5), psk(6))
    for script, accepted, words in (
        ((), (1, 10, 6), "the initiator's order of policies decides: pre-share"),
        ((1,), (2, 20, 5), "the responder's order of policies decides: rsa-sig"),
    ):
        found, run = agreed(ours, theirs, script=script)
        assert taken(found) == accepted
        assert [(one.words, one.count) for one in run._choices.taken] == [(words, 2)]


METHOD = "Authentication method offered does not match policy!"
CIPHER = "Encryption algorithm offered does not match policy!"
GROUP = "Diffie-Hellman group offered does not match policy!"


@pytest.mark.parametrize(
    ("ours", "theirs", "trusting", "reason", "refused", "assumed"),
    [
        ((psk(10),), (rsa(20),), "AB", "authentication-method", [(1, 10, 20, METHOD)], False),
        # What is looked at first is complained of; more than the method differs.
        ((psk(10),), (rsa(20, group="5"),), "AB", "no-common-ike-policy", [(1, 10, 20, METHOD)], False),
        ((psk(10, "3des"),), (rsa(20, group="5"),), "AB", "no-common-ike-policy", [(1, 10, 20, CIPHER)], False),
        # One pair of several that only differs in the method is enough.
        ((psk(10), psk(11, group="5")), (rsa(20), psk(30, group="2")), "", "authentication-method",
         [(1, 10, 20, METHOD), (1, 10, 30, GROUP), (2, 11, 20, METHOD), (2, 11, 30, GROUP)], False),
        # Certificates on both sides, and a trust-point at one end, or at none: then it is the hidden default.
        ((rsa(10),), (rsa(20),), "", "authentication-method", [], True),
        ((rsa(10),), (rsa(20),), "A", "certificate", [], True), ((rsa(10),), (rsa(20),), "B", "certificate", [], True),
        ((rsa(10), psk(11)), (rsa(20),), "A", "authentication-method", [(2, 11, 20, METHOD)], False),
        ((), (psk(10),), "", "no-common-ike-policy", [], False),
    ],
)  # fmt: skip
def test_why_nothing_is(
    ours: Policies, theirs: Policies, trusting: str, reason: str, refused: list[object], assumed: bool
) -> None:
    found, run = agreed(ours, theirs, trusting)
    assert (taken(found), found.reason) == (None, reason)
    assert [(n, offer.number, own.number, words) for n, offer, own, words in found.refused] == refused
    words = ["without a trust-point a policy with certificates is not acceptable (POLICY-AGREE)"]
    assert (run.assumptions, run._choices.taken) == (words if assumed else [], [])
    assert [(e.host, e.line) for e in run.evidence] == [("A", p.number) for p in ours] + [
        ("B", p.number) for p in theirs
    ]


class TestHiddenAttributes:
    """What a release hides, nobody can compare (U-13)."""

    HIDES = psk(10, None)

    def test_all_else_is_the_same(self) -> None:
        found, run = agreed((self.HIDES,), (psk(20),))
        assert taken(found) == (1, 10, 20)
        assert [one.words for one in run._choices.taken] == ["the hidden policy defaults of the two releases agree"]
        found, run = agreed((self.HIDES,), (psk(20),), script=(1,))
        assert (taken(found), found.reason) == (None, "no-common-ike-policy")
        assert [(one.words, one.weight) for one in run._choices.taken] == [
            ("the hidden policy defaults of the two releases differ", "unknown")
        ]
        certain, run = agreed((self.HIDES, psk(11)), (psk(20),))
        assert taken(certain) == (2, 11, 20) and run._choices.taken == []

    @pytest.mark.parametrize(
        ("ours", "asked"),
        [((HIDES,), True), ((HIDES, psk(11)), False), ((psk(11), HIDES), False), ((HIDES, psk(11, None)), True)],
    )
    def test_only_the_method_differs_as_far_as_is_known(self, ours: Policies, asked: bool) -> None:
        found, run = agreed(ours, (rsa(20),))
        assert found.reason == "authentication-method"
        assert [one.words for one in run._choices.taken] == (
            ["only the authentication methods differ"] if asked else []
        )
        if asked:
            found, run = agreed(ours, (rsa(20),), script=(1,))
            assert found.reason == "no-common-ike-policy"
            assert [(one.words, one.weight) for one in run._choices.taken] == [
                ("hidden policy defaults differ, too", "unknown")
            ]

    def test_classic_defaults_at_one_end_only_are_taken_for_granted(self) -> None:
        filled = msgspec.structs.replace(psk(10), assumed=("group",))
        words = ["attributes that the configuration hides have their classic defaults (POLICY-DEFAULTS)"]
        for ours, theirs, assumed in (
            (filled, psk(20), words),
            (psk(20), filled, words),
            (filled, filled, []),
            (psk(10), psk(20), []),
        ):
            _, run = agreed((ours,), (theirs,))
            assert run.assumptions == assumed
