"""Whole results of single questions at their edge: verdict, readings, steps and decisions together, worked out by hand."""

from __future__ import annotations

from types import SimpleNamespace

import msgspec
import pytest
from parsed import prefix, router
from two_ends import POLICY, Changes, end, pair

from ikeaudit.exchange import Decision, Exchange
from ikeaudit.exchange.choices import Choices
from ikeaudit.exchange.clients import _admits
from ikeaudit.exchange.key_choice import note_blind
from ikeaudit.exchange.quick_mode import _binding_fits
from ikeaudit.exchange.run import Responder, Run
from ikeaudit.exchange.traffic import answer_traffic
from ikeaudit.fleet import Fleet
from ikeaudit.model import AccessList, AclEntry, IsakmpProfile, Router
from ikeaudit.selection import RouterRules
from ikeaudit.selection.proxies import Proxies, Proxy
from ikeaudit.selection.traffic import Fate


def told(a: Changes | None = None, b: Changes | None = None, *, version: int = 1) -> Exchange:
    (found,) = [e for e in Fleet(pair(a, b, version=version), steps=True).exchanges if e.initiator == "A"]
    return found


def readings(found: Exchange) -> list[tuple[object, ...]]:
    return [(r.reading, r.outcome, r.failed_at, r.reason) for r in found.readings]


def last(found: Exchange) -> tuple[object, ...]:
    """The last message, who sent it, whether it came, and what was decided at it."""
    step = found.steps[-1]
    decisions = [(d.router, d.what, d.picked, d.rule, fates(d)) for d in step.decisions]
    return step.message, step.sender, step.arrived, decisions


def fates(decision: Decision) -> str:
    return "; ".join(f"{one.name} {one.result}" for one in decision.considered)


class TestMainMode:
    def test_every_message_of_one_that_comes_up_arrives(self) -> None:
        found = told()
        assert [(s.message, s.sender, s.arrived) for s in found.steps] == [
            ("MM1", "initiator", True), ("MM2", "responder", True), ("MM3", "initiator", True), ("MM4", "responder", True),
            ("MM5", "initiator", True), ("MM6", "responder", True), ("QM1", "initiator", True), ("QM2", "responder", True),
            ("QM3", "initiator", True),
        ]  # fmt: skip

    def test_other_keys(self) -> None:
        """Nothing is open: one keyring each, the texts differ, so that the fifth message is noise (KEY-MISMATCH)."""
        found = told({"key sesame": "key walnut"})
        assert (end(found), readings(found)) == (("down", "MM5", "psk-mismatch", "certain"), [])
        assert last(found) == (
            "MM5", "initiator", True,
            [
                ("A", "identity", "192.0.2.1", "ID-SENT", "192.0.2.1 picked"),
                ("B", "key", None, "KEY-MISMATCH", "K differs; K differs"),
            ],
        )  # fmt: skip

    def test_two_listed_keyrings_of_which_the_profile_looks_into_the_other_first(self) -> None:
        """K stands before L, the profile lists L before K; both hold the very key."""
        twin = POLICY + "crypto keyring L\n  pre-shared-key address PEER key sesame\n"
        found = told(None, {"   keyring K\n": "   keyring L\n   keyring K\n", POLICY: twin})
        first, *others = readings(found)
        # KEY-TIE: equal masks, first in the configuration; U-3: any keyring that is listed passes.
        assert first == ("B takes the key of K; any listed keyring passes the verification", "up", None, None)
        assert sorted(others, key=str) == [
            # U-3, the other reading: the keyring looked into first is L, and the key in use came from K (KEY-VERIFY).
            ("B takes the key of K; only the keyring that the profile looks into first passes the verification",
             "down", "MM5", "keyring-verification"),
            # KEY-TIE, the other order: the key of L is what the profile finds first, so that nothing more is open.
            ("B takes the key of L", "up", None, None),
        ]  # fmt: skip
        # The tie alone changes nothing; U-3 does, and is no tie: probable (DOMAIN 10.2).
        assert end(found) == ("up", None, None, "probable")

    def test_a_profile_that_is_the_first_and_the_best_is_one_choice(self) -> None:
        ring = "crypto keyring Z\n  pre-shared-key address 192.0.2.0 255.255.255.0 key walnut\n"
        found = told(
            {
                " set isakmp-profile P\n": "",
                "crypto keyring K\n": f"{ring}crypto keyring K\n",
                "   keyring K\n": "   keyring Z\n",
            }
        )
        assert readings(found) == [
            # C-4, tunnel protection: the most specific profile. Its keyring Z holds walnut, B has sesame (KEY-BOUND,
            # KEY-MISMATCH).
            ("A, unbound, starts with profile P", "down", "MM5", "psk-mismatch"),
            # C-4, as the captures have it: no profile, so the longest mask, sesame of K (KEY-LPM). At MM6 B's address
            # selects P, which does not list K (KEY-UNBOUND, KEY-VERIFY).
            ("A, unbound, starts without a profile", "down", "MM6", "keyring-verification"),
        ]
        assert end(found) == ("down", "MM5", "psk-mismatch", "probable")


class TestIkev2:
    OTHER = "crypto ikev2 profile Q\n match identity remote address 198.51.100.9 255.255.255.255\n!\ncrypto ikev2 profile P\n"

    def test_several_profiles_match_the_caller(self) -> None:
        """Which is taken is not known, nor whether any is (U-7): facts that nobody has, so nothing is predicted."""
        twin = self.OTHER.replace("198.51.100.9", "PEER").replace(
            "!", " authentication remote pre-share\n authentication local pre-share\n keyring local K\n!"
        )
        found = told(None, {"crypto ikev2 profile P\n": twin}, version=2)
        assert end(found) == ("unknown", None, None, "unknown")
        assert readings(found) == [
            # Q is not what B's only end is bound to (BIND-PROFILE; inside IKE_AUTH: IKEV2-EXCHANGE).
            ("B takes IKEv2 profile Q", "down", "AUTH", "profile-binding"),
            ("B takes IKEv2 profile P", "up", None, None),
            # No profile for the caller: the responder refuses, nothing is up (IKEV2-HALF-OPEN).
            ("B takes no profile where several match", "down", "AUTH", "identity-not-matched"),
        ]

    def test_any_that_matches_would_do_but_perhaps_none_is_taken(self) -> None:
        twin = self.OTHER.replace("198.51.100.9", "PEER").replace(
            "!", " authentication remote pre-share\n authentication local pre-share\n keyring local K\n!"
        )
        second = (
            "crypto ipsec profile J\n set transform-set TS\n set ikev2-profile Q\n!\n"
            "interface Tunnel2\n tunnel source GigabitEthernet0/0\n tunnel mode ipsec ipv4\n tunnel destination PEER\n"
            " tunnel protection ipsec profile J\n!\ninterface Tunnel1\n"
        )
        found = told(None, {"crypto ikev2 profile P\n": twin, "interface Tunnel1\n": second}, version=2)
        assert end(found) == ("unknown", None, None, "unknown")
        assert readings(found) == [
            ("B takes IKEv2 profile Q", "up", None, None),  # Tunnel2 is bound to it (BIND-PROFILE)
            ("B takes IKEv2 profile P", "up", None, None),  # Tunnel1 is
            # U-7, as the guide has it; IKEV2-HALF-OPEN.
            ("B takes no profile where several match", "down", "AUTH", "identity-not-matched"),
        ]

    def test_the_callers_own_profile_does_not_match_the_answer(self) -> None:
        """Measured, so that nothing is open: B has its associations, A refuses (IKEV2-HALF-OPEN)."""
        found = told({"remote address PEER": "remote address 198.51.100.9"}, version=2)
        assert (end(found), readings(found)) == (("half-open", "AUTH", "identity-not-matched", "certain"), [])
        assert last(found) == (
            "AUTH", "responder", True,
            [
                ("B", "identity", "192.0.2.2", "IKEV2-PROFILE", "192.0.2.2 picked"),
                ("A", "profile", None, "IKEV2-HALF-OPEN", "P no-match"),
            ],
        )  # fmt: skip

    def test_the_callers_own_profile_serves_another_address(self) -> None:
        kept_out = {" match identity remote": " match address local 192.0.2.77\n match identity remote"}
        found = told(kept_out, version=2)
        assert end(found) == ("up", None, None, "probable")
        assert readings(found) == [
            # A caller uses the profile that it is bound to (IKEV2-PROFILE).
            ("A uses its bound profile whatever its match fvrf and local address", "up", None, None),
            # Criteria of different kinds must all fit, the local address, too (IKEV2-PROFILE); then IKEV2-HALF-OPEN.
            (
                "A does not find its profile under its match fvrf and local address",
                "half-open",
                "AUTH",
                "identity-not-matched",
            ),
        ]
        assert last(found)[3][-1] == ("A", "profile", "P", "IKEV2-HALF-OPEN", "P picked")  # type: ignore[index]


@pytest.mark.parametrize(
    ("template", "bound", "selected", "fits"),
    [
        # END-TEMPLATE: whose profile names the template; a profile bound as well must be that one (BIND-PROFILE).
        (7, None, None, False), (7, None, 8, False), (7, None, 7, True), (7, "P", 7, True), (7, "Q", 7, False),
        (7, "P", None, False),
        # U-6: nothing is bound; BIND-PROFILE; U-5: a peer of no profile where one is bound.
        (None, None, None, True), (None, None, 7, True), (None, "P", 7, True), (None, "Q", 7, False), (None, "P", None, False),
    ],
)  # fmt: skip
def test_whom_an_end_is_bound_to(template: int | None, bound: str | None, selected: int | None, fits: bool) -> None:
    """A template is cloned for the caller whose profile names it; a bound end takes callers of its profile only."""
    _, b = pair()
    rules = RouterRules(b)
    here = msgspec.structs.replace(rules.endpoints[0], virtual_template=template, isakmp_profile=bound)
    profile = IsakmpProfile("P", 1, virtual_template=selected) if selected is not None else None
    run = Run(Choices())
    assert _binding_fits(run, Responder(rules, here.local, None), here, profile) is fits
    assumed = ["an end without a bound profile takes any profile (U-6)"]
    assert run.assumptions == (assumed if (template, bound, selected) == (None, None, 7) else [])


@pytest.mark.parametrize(
    ("acl", "caller", "admitted"),
    [("ONE", "192.0.2.1", True), ("ONE", "192.0.2.2", False), ("TWO", "192.0.2.1", False), ("TWO", "192.0.2.2", True),
     ("ONE", "192.0.2.9", True), ("THREE", "192.0.2.1", False), ("FOUR", "192.0.2.1", False), ("GONE", "192.0.2.1", False),
     ("ONE", None, False)],
)  # fmt: skip
def test_the_list_that_the_key_server_names_decides(acl: str, caller: str | None, admitted: bool) -> None:
    def entry(line: int, action: str, which: str) -> AclEntry:
        return AclEntry(line, action, "ip", prefix(which), None)  # type: ignore[arg-type]

    one, two, every = "192.0.2.1/32", "192.0.2.2/32", "0.0.0.0/0"
    lists = (
        AccessList("ONE", 1, (entry(2, "deny", two), entry(3, "permit", one), entry(4, "permit", every))),
        AccessList("TWO", 5, (entry(6, "deny", one), entry(7, "permit", two), entry(8, "permit", every))),
        AccessList("THREE", 9, (entry(10, "permit", two),)),
        AccessList("FOUR", 11, (AclEntry(12, "permit", "ip", None, None), entry(13, "permit", every))),
    )
    rules = RouterRules(Router("KS", "ks.cfg", acls=lists))
    here = msgspec.structs.replace(RouterRules(pair()[1]).endpoints[0], acl=acl)
    asked = Responder(rules, here.local, prefix(caller).address if caller else None)
    assert _admits(asked, here) is admitted


@pytest.mark.parametrize(
    ("peer", "key", "rings", "assumed"),
    [
        ("2001:db8::2", "crypto isakmp key sesame address ipv6 2001:DB8::2/128\n", True, True),
        ("2001:db8::2", "crypto isakmp key sesame address ipv6 2001:DB8::2/128\n", False, False),
        ("2001:db8::2", "crypto keyring K\n  pre-shared-key address ipv6 2001:DB8::2/128 key sesame\n", True, False),
        ("192.0.2.2", "crypto isakmp key sesame address 192.0.2.2\n", True, False),
        ("192.0.2.2", "crypto isakmp key sesame address 192.0.2.2\n", False, False),
    ],
)
def test_what_a_blind_choice_takes_for_granted(peer: str, key: str, rings: bool, assumed: bool) -> None:
    """That global keys come first was read for IPv4; it is assumed where there is another keyring for them to come before."""
    other = "crypto keyring L\n  pre-shared-key address 198.51.100.9 key walnut\n" if rings else ""
    rules = RouterRules(router(f"hostname R\n!\n{other}{key}!\nend\n"))
    here, far = RouterRules(pair()[0]).endpoints[0].local, prefix(peer).address
    run, search = Run(Choices()), rules.blind_keys(here, far)
    (pick,) = search.best
    note_blind(run, rules, here, far, search, pick)
    assert run.assumptions == (["the global keys come first for IPv6 peers, too (U-18)"] if assumed else [])
    lines = dict.fromkeys(line for line in (pick.keyring.line, pick.key.line) if line)
    assert [e.line for e in run.evidence] == list(lines)


LOST, GRANTED = "replies", ["B does not translate what it answers"]


@pytest.mark.parametrize(
    ("kinds", "lost", "assumed"),
    [
        ([], None, []), (["seen"], None, []), (["part"], None, []), (["netmask"], None, []), (["open"], None, GRANTED),
        (["open", "open"], None, GRANTED), (["open", "denied"], LOST, []), (["translated"], LOST, []), (["denied"], LOST, []),
        (["backwards"], LOST, []), (["taken"], LOST, []), (["taken", "seen"], None, []),
        (["translated", "backwards", "denied", "taken", "open"], LOST, []),
    ],
)  # fmt: skip
def test_answers_are_lost_where_none_of_them_meets_the_map(
    kinds: list[str], lost: str | None, assumed: list[str]
) -> None:
    _, b = pair()
    parts = [Proxy("ip", prefix(f"10.1.{at}.0/24"), prefix("10.9.0.0/16")) for at in range(len(kinds))]
    asked: list[Proxy] = []

    def fate(_: object, proxy: Proxy) -> Fate:
        asked.append(proxy)
        return Fate(kinds[len(asked) - 1], (1,))  # type: ignore[arg-type]

    rules = SimpleNamespace(router=b, traffic=SimpleNamespace(fate=fate))
    here = RouterRules(b).endpoints[0]
    run = Run(Choices())
    taken = Proxies(tuple(Proxy("ip", part.destination, part.source) for part in parts))
    answer_traffic(run, Responder(rules, here.local, None), here, Proxies(tuple(parts)), taken)  # type: ignore[arg-type]
    assert asked == [Proxy("ip", part.destination, part.source) for part in parts], "mirrored"
    assert (run.lost_at, run.assumptions) == (lost, assumed)
    assert [e.line for e in run.evidence] == ([1] if lost or assumed else [])
