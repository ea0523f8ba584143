"""Steps: at which message which end decides what, by which rule, on which lines; and what is never without a reason."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import msgspec
import pytest
from parsed import router
from tests.test_cases import CASES, FOLDERS
from two_ends import POLICY, Changes, call, first, pair

from ikeaudit.exchange import Decision, Exchange, Step
from ikeaudit.exchange.result import Idle, Outcome, Reading
from ikeaudit.fleet import Fleet
from ikeaudit.lab.scenarios import SEED
from ikeaudit.rulebook import RULES
from ikeaudit.snapshot.loading import load_snapshot
from ikeaudit.snapshot.workspace import Workspace

IDS = {rule.id for rule in RULES}
MAIN = ["MM1", "MM2", "MM3", "MM4", "MM5", "MM6", "QM1", "QM2", "QM3"]


def told(a: Changes | None = None, b: Changes | None = None, *, version: int = 1) -> Exchange:
    (found,) = [e for e in Fleet(pair(a, b, version=version), steps=True).exchanges if e.initiator == "A"]
    return found


def messages(found: Exchange) -> list[str]:
    return [step.message for step in found.steps]


def at(found: Exchange, message: str, sender: str = "initiator") -> Step:
    (step,) = [step for step in found.steps if (step.message, step.sender) == (message, sender)]
    return step


def taken(step: Step) -> list[tuple[str, str, str | None, str]]:
    return [(d.router, d.what, d.picked, d.rule) for d in step.decisions]


def fates(decision: Decision) -> list[tuple[str, str]]:
    return [(one.name, one.result) for one in decision.considered]


def all_of(fleet: Fleet) -> tuple[Exchange, ...]:
    return (*fleet.exchanges, *fleet.client_exchanges, *fleet.spoke_exchanges)


@pytest.mark.parametrize("folders", [FOLDERS[::4], pytest.param(FOLDERS, marks=pytest.mark.full)], ids=["few", "all"])
def test_steps_hold_in_every_case(folders: list[Path], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Lines belong to steps, each to one and in order; the last step is where it fails; rules and picks exist."""
    workspace = Workspace.open(tmp_path_factory.mktemp("workspace"))
    seen: set[str] = set()
    for folder in folders:
        fleet = load_snapshot(folder, workspace).fleet()
        plain = all_of(fleet)
        for exchange, untold in zip(all_of(Fleet(fleet.routers, steps=True)), plain, strict=True):
            assert msgspec.structs.replace(exchange, steps=()) == untold, folder
            lines = [place for step in exchange.steps for place in step.transcript]
            assert lines == list(range(len(exchange.transcript))), (folder, exchange)
            for step in exchange.steps:
                seen |= {f"{step.message} {decision.what}" for decision in step.decisions}
                for decision in step.decisions:
                    assert decision.rule in IDS, (folder, decision)
                    assert decision.router in (exchange.initiator, exchange.responder)
                    picks = [one.name for one in decision.considered if one.result == "picked"]
                    assert len(picks) <= 1 and set(picks) <= {decision.picked}, (folder, decision)
            if exchange.failure is not None:
                assert exchange.steps[-1].message == exchange.failed_at, (folder, exchange)
            if exchange.outcome == "not-initiated":
                assert exchange.reason is not None and exchange.by is not None and exchange.steps == ()
            else:
                assert exchange.by is None and exchange.renewal is None
            if exchange.outcome == "up":
                assert all(step.arrived for step in exchange.steps)
    assert {
        "MM1 key",
        "MM3 key",
        "MM5 key",
        "MM6 profile",
        "AM1 key",
        "QM1 proxy",
        "SA_INIT policy",
        "AUTH key",
    } <= seen


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Exchange:
    """The failing direction of the published guide: R2 calls R1."""
    workspace = Workspace.open(tmp_path_factory.mktemp("workspace"))
    fleet = load_snapshot(SEED, workspace).fleet(steps=True)
    return next(e for e in fleet.exchanges if e.initiator == "R2")


class TestSeed:
    def test_the_messages(self, seed: Exchange) -> None:
        assert messages(seed) == ["MM1", "MM2", "MM3", "MM4", "MM5"]
        assert [step.sender for step in seed.steps] == [
            "initiator",
            "responder",
            "initiator",
            "responder",
            "initiator",
        ]
        assert all(step.arrived for step in seed.steps)

    def test_the_key_is_chosen_blindly_twice(self, seed: Exchange) -> None:
        blind = [d for step in seed.steps for d in step.decisions if d.blind]
        assert blind == [at(seed, "MM1").decisions[2], at(seed, "MM3").decisions[0]]
        for decision in blind:
            assert (decision.router, decision.what, decision.picked, decision.rule) == (
                "R1",
                "key",
                "keyring1",
                "KEY-TIE",
            )
            assert fates(decision) == [("default", "no-key"), ("keyring1", "picked"), ("keyring2", "later")]
            assert decision.considered[2].evidence[0].text == "crypto keyring keyring2"
            assert [line.host for line in decision.evidence] == ["R1", "R1"]

    def test_the_caller_knows_its_profile(self, seed: Exchange) -> None:
        assert taken(at(seed, "MM1"))[:2] == [
            ("R2", "profile", "profile1", "PROFILE-INITIATOR"),
            ("R2", "key", "keyring1", "KEY-BOUND"),
        ]

    def test_the_verification_at_the_fifth_message(self, seed: Exchange) -> None:
        assert taken(at(seed, "MM5")) == [
            ("R2", "identity", "192.168.0.2", "ID-SENT"),
            ("R1", "profile", "profile2", "PROFILE-MATCH"),
            ("R1", "key", None, "KEY-VERIFY"),
        ]
        assert fates(at(seed, "MM5").decisions[1]) == [("profile1", "no-match"), ("profile2", "picked")]
        verified = at(seed, "MM5").decisions[2]
        assert fates(verified) == [("keyring2", "later"), ("keyring1", "not-listed")]
        assert "keyring keyring2" in [line.text for line in verified.evidence]


class TestKeys:
    def test_the_longest_mask(self) -> None:
        steal = "crypto keyring S\n  pre-shared-key address 192.0.2.0 255.255.255.0 key sesame\n"
        wide = {"pre-shared-key address PEER": "pre-shared-key address 192.0.0.0 255.255.0.0", POLICY: steal + POLICY}
        decision = at(told(b=wide), "MM3").decisions[0]
        assert (decision.picked, decision.rule, decision.blind) == ("S", "KEY-LPM", True)
        assert fates(decision) == [("default", "no-key"), ("K", "less-precise"), ("S", "picked")]
        assert decision.considered[1].detail == "192.0.0.0 255.255.0.0"

    def test_the_global_keys_end_the_search(self) -> None:
        decision = at(told(b={POLICY: POLICY + "crypto isakmp key sesame address 0.0.0.0\n"}), "MM1").decisions[2]
        assert (decision.picked, decision.rule) == ("default", "KEY-DEFAULT-FIRST")
        assert fates(decision) == [("default", "picked"), ("K", "not-searched")]

    def test_keyrings_that_serve_others(self) -> None:
        more = (
            "crypto keyring RED vrf RED\n  pre-shared-key address 192.0.2.1 key sesame\n"
            "crypto keyring ELSE\n  local-address 198.51.100.1\n  pre-shared-key address 192.0.2.1 key sesame\n"
        )
        decision = at(told(b={POLICY: more + POLICY}), "MM1").decisions[2]
        assert fates(decision) == [
            ("default", "no-key"),
            ("K", "picked"),
            ("RED", "other-vrf"),
            ("ELSE", "other-address"),
        ]

    def test_none_at_the_caller(self) -> None:
        found = told({"pre-shared-key address PEER": "pre-shared-key address 198.51.100.9"})
        assert [(s.message, s.arrived) for s in found.steps] == [("MM1", False)]
        assert taken(found.steps[0])[1] == ("A", "key", None, "KEY-MISSING")
        assert fates(found.steps[0].decisions[1]) == [("K", "no-key")]

    def test_none_at_the_responder(self) -> None:
        found = told(b={"pre-shared-key address PEER": "pre-shared-key address 198.51.100.9"})
        assert [(s.message, s.arrived) for s in found.steps] == [("MM1", True)]
        assert taken(found.steps[0])[2:] == [("B", "key", None, "KEY-MISSING"), ("B", "policy", None, "POLICY-AGREE")]

    def test_that_differ(self) -> None:
        found = told(b={"key sesame": "key walnut"})
        last = found.steps[-1]
        assert last.message == "MM5" and taken(last)[-1] == ("B", "key", None, "KEY-MISMATCH")
        assert [(c.name, c.detail) for c in last.decisions[-1].considered] == [("K", "A"), ("K", "B")]

    def test_many_keyrings_are_counted(self) -> None:
        many = "".join(
            f"crypto keyring N{n}\n  pre-shared-key address 198.51.100.{n} key sesame\n" for n in range(1, 20)
        )
        decision = at(told(b={POLICY: many + POLICY}), "MM1").decisions[2]
        assert (fates(decision), decision.left_out) == ([("default", "no-key"), ("K", "picked")], 19)


class TestOtherDecisions:
    def test_up(self) -> None:
        found = told()
        assert messages(found) == MAIN
        assert taken(at(found, "QM1")) == [
            ("B", "binding", "Tunnel1", "BIND-PROFILE"),
            ("B", "proxy", "ip 0.0.0.0/0 0.0.0.0/0", "QM-PROXIES"),
            ("B", "proposal", "TS", "QM-TRANSFORM"),
            ("B", "proposal", "no PFS", "QM-PFS"),
        ]

    def test_policies(self) -> None:
        second = POLICY + POLICY.replace("policy 10", "policy 20").replace("group 14", "group 19")
        decision = at(told({"group 14": "group 19"}, {POLICY: second}), "MM1").decisions[3]
        assert (decision.what, decision.picked) == ("policy", "policy 20")
        assert [(c.name, c.result, c.detail) for c in decision.considered] == [
            ("policy 10", "differs", "group"),
            ("policy 20", "picked", "aes 256, sha256, pre-share, group 19"),
        ]

    def test_the_binding(self) -> None:
        second = (
            "crypto isakmp profile Q\n   keyring K\n   match identity address 198.51.100.9\n!\ncrypto ipsec transform"
        )
        found = told(b={"set isakmp-profile P": "set isakmp-profile Q", "crypto ipsec transform": second})
        last = found.steps[-1]
        assert (last.message, last.arrived) == ("QM1", True)
        assert taken(last) == [("B", "binding", None, "BIND-PROFILE")]
        assert last.decisions[0].considered[0].detail == "bound to Q, selected P"

    def test_nobody_waits(self) -> None:
        last = told(b={"tunnel destination PEER": "tunnel destination 198.51.100.9"}).steps[-1]
        assert taken(last) == [("B", "binding", None, "END-PLACES")]

    def test_proxies_and_transforms(self) -> None:
        assert taken(told(b={" tunnel mode ipsec ipv4\n": ""}).steps[-1])[-1] == ("B", "proxy", None, "QM-PROXIES")
        last = told(b={"esp-aes 256 esp-sha256-hmac": "esp-aes 256 esp-sha-hmac"}).steps[-1]
        assert taken(last)[-1] == ("B", "proposal", None, "QM-TRANSFORM")
        assert fates(last.decisions[-1]) == [("TS", "differs")]

    def test_an_unbound_caller(self) -> None:
        found = told(
            {" set isakmp-profile P\n": "", "match identity address PEER": "match identity address 198.51.100.9"}
        )
        assert taken(at(found, "MM1"))[:2] == [("A", "profile", None, "C-4"), ("A", "key", "K", "KEY-LPM")]
        assert taken(at(found, "MM6", "responder"))[1] == ("A", "profile", None, "PROFILE-MATCH")


def test_aggressive_mode() -> None:
    found = told({"   keyring K\n": "   keyring K\n   initiate mode aggressive\n"}, {"key sesame": "key walnut"})
    assert [(s.message, s.sender) for s in found.steps] == [("AM1", "initiator"), ("AM2", "responder")]
    assert taken(found.steps[0])[2:] == [
        ("B", "policy", "policy 10", "POLICY-AGREE"),
        ("A", "identity", "192.0.2.1", "ID-SENT"),
        ("B", "profile", "P", "PROFILE-MATCH"),
        ("B", "key", "K", "KEY-BOUND"),
    ]
    assert not any(decision.blind for step in found.steps for decision in step.decisions)
    assert taken(found.steps[1]) == [("A", "key", None, "KEY-MISMATCH")]


def test_ikev2() -> None:
    found = told(b={"remote address PEER": "remote address 198.51.100.9"}, version=2)
    assert [(s.message, s.sender) for s in found.steps] == [
        ("SA_INIT", "initiator"),
        ("SA_INIT", "responder"),
        ("AUTH", "initiator"),
    ]
    assert taken(found.steps[0]) == [
        ("A", "profile", "P", "IKEV2-PROFILE"),
        ("A", "key", "FAR", "IKEV2-KEYS"),
        ("A", "policy", "PO", "IKEV2-POLICY"),
        ("B", "policy", "PO", "IKEV2-POLICY"),
        ("B", "proposal", "PR", "IKEV2-POLICY"),
    ]
    assert taken(found.steps[2]) == [
        ("A", "identity", "192.0.2.1", "IKEV2-PROFILE"),
        ("B", "profile", None, "IKEV2-PROFILE"),
    ]
    back = told({"remote address PEER": "remote address 198.51.100.9"}, version=2)
    assert (back.outcome, back.steps[-1].sender) == ("half-open", "responder")
    assert taken(back.steps[-1])[-1] == ("A", "profile", None, "IKEV2-HALF-OPEN")


@pytest.mark.parametrize(
    ("folder", "initiator", "message", "wanted"),
    [
        ("getvpn/registration", "GM", "REGISTER", [("KS", "binding", "GDOI GETVPN", "CLIENT-GETVPN")]),
        (
            "ezvpn/group-with-aaa",
            "CLIENT",
            "AM1",
            [("CLIENT", "identity", "BRANCHES", "CLIENT-EZVPN"), ("SERVER", "profile", "EZ", "PROFILE-MATCH")],
        ),
        (
            "certificates/one-way-by-trust-point",
            "A",
            "MM5",
            [
                ("A", "key", "CA1", "CERT-TRUSTPOINTS"),
                ("A", "identity", "192.168.0.1", "ID-SENT"),
                ("B", "profile", "P", "PROFILE-MATCH"),
                ("B", "key", None, "CERT-TRUSTPOINTS"),
            ],
        ),
        (
            "crypto-map/dynamic-hub",
            "A",
            "QM1",
            [
                ("B", "binding", "GigabitEthernet0/0 CM 65000", "BIND-PROFILE"),
                ("B", "proxy", "any traffic", "QM-PROXIES"),
                ("B", "proposal", "TS", "QM-TRANSFORM"),
                ("B", "proposal", "no PFS", "QM-PFS"),
            ],
        ),
    ],
)
def test_other_calls(
    folder: str,
    initiator: str,
    message: str,
    wanted: list[tuple[object, ...]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Clients, certificates and dynamic maps tell their steps like all others."""
    workspace = Workspace.open(tmp_path_factory.mktemp("workspace"))
    fleet = load_snapshot(CASES / folder, workspace).fleet(steps=True)
    found = next(e for e in all_of(fleet) if e.initiator == initiator and e.steps)
    assert at(found, message).arrived
    assert taken(at(found, message)) == wanted


class TestNotInitiated:
    @pytest.mark.parametrize(
        ("change", "reason", "by"),
        [
            ({" tunnel source": " shutdown\n tunnel source"}, "interface-down", "fault"),
            ({" set transform-set TS\n": " set transform-set TS\n responder-only\n"}, "responder-only", "design"),
            ({"tunnel destination PEER": "tunnel destination dynamic"}, "peer-unknown", "design"),
        ],
    )
    def test_has_a_reason(self, change: Changes, reason: str, by: str) -> None:
        found = call(change)
        assert (found.outcome, found.reason, found.by) == ("not-initiated", reason, by)

    def test_a_route_to_nowhere(self) -> None:
        found = call({POLICY: f"ip route 192.0.2.2 255.255.255.255 Null0\n{POLICY}"})
        assert (found.outcome, found.reason, found.by) == ("not-initiated", "null-route", "fault")

    HUB = """\
        hostname H
        crypto keyring K
          pre-shared-key address 0.0.0.0 0.0.0.0 key sesame
        crypto isakmp policy 10
         authentication pre-share
        crypto isakmp profile P
           keyring K
           match identity address 0.0.0.0
        crypto ipsec transform-set TS esp-aes
        crypto dynamic-map D 10
         set transform-set TS
         set isakmp-profile P
        crypto map M 10 ipsec-isakmp dynamic D
        interface GigabitEthernet0/0
         ip address 192.0.2.1 255.255.255.0
         crypto map M
        end
    """
    SITE = """\
        hostname S
        crypto keyring WAN
          pre-shared-key address 192.0.2.0 255.255.255.0 key sesame
        crypto keyring K
          pre-shared-key address 192.0.2.0 255.255.255.0 key sesame
        crypto isakmp policy 10
         authentication pre-share
        crypto isakmp profile P
           keyring K
           match identity address 192.0.2.1
        crypto ipsec transform-set TS esp-aes
        access-list 101 permit ip 10.1.0.0 0.0.255.255 10.0.0.0 0.0.255.255
        crypto map M 10 ipsec-isakmp
         set peer 192.0.2.1
         set transform-set TS
         set isakmp-profile P
         match address 101
        interface GigabitEthernet0/0
         ip address 192.0.2.2 255.255.255.0
         crypto map M
        end
    """

    def test_a_dynamic_entry_renews(self) -> None:
        """The site opens; when the hub renews, it meets the keyring that stands first at the site (CALL-RENEWAL)."""
        fleet = Fleet([router(self.HUB), router(self.SITE)])
        hub, site = fleet.exchanges
        assert (site.initiator, site.outcome, site.renewal) == ("S", "up", None)
        assert (hub.outcome, hub.reason, hub.by) == ("not-initiated", "peer-unknown", "design")
        assert hub.renewal is not None
        assert (hub.renewal.outcome, hub.renewal.failed_at, hub.renewal.reason) == (
            "down",
            "MM5",
            "keyring-verification",
        )
        assert hub.renewal.confidence == "unpredictable"
        good = Fleet([router(self.HUB), router(self.SITE.replace("keyring WAN", "keyring WAN vrf WAN"))])
        renewed = good.exchanges[0].renewal
        assert renewed is not None and (renewed.outcome, renewed.confidence, renewed.reason) == ("up", "probable", None)


def test_readings_that_end_alike_are_told() -> None:
    """C-4: an unbound caller starts with the most specific profile; the guide's table says the first one."""
    two = "crypto isakmp profile FIRST\n   keyring K\n   match identity address 192.0.2.0 255.255.255.0\n!\n"
    found = first(*pair({" set isakmp-profile P\n": "", "crypto isakmp profile P": f"{two}crypto isakmp profile P"}))
    assert (found.outcome, found.initiator_profile, found.confidence) == ("up", "P", "certain")
    assert "FIRST" in [reading.initiator_profile for reading in found.readings]
    assert call().readings == ()


def test_the_messages_of_an_exchange_with_certificates() -> None:
    ca = POLICY.replace(" authentication pre-share\n", "") + "crypto pki trustpoint CA\n enrollment terminal\n!\n"
    found = told({POLICY: ca}, {POLICY: ca})
    assert found.outcome == "up" and messages(found) == MAIN
    assert [step.sender[0] for step in found.steps] == ["i", "r", "i", "r", "i", "r", "i", "r", "i"]
    assert all(step.arrived for step in found.steps)


@pytest.mark.parametrize("case", ["dynamic-map", "virtual-template", "key-for-the-address"])
def test_a_server_never_renews_what_a_client_began(case: str) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted((CASES / "ezvpn" / case).glob("*.cfg"))]
    fleet = Fleet([router(text) for text in texts])
    (found,) = [e for e in all_of(fleet) if e.initiator == "SERVER"]
    assert (found.outcome, found.reason, found.responder, found.renewal) == (
        "not-initiated",
        "peer-unknown",
        "CLIENT",
        None,
    )


WANTED = {"peer-unknown", "responder-only", "no-shortcut"}


@pytest.mark.parametrize("why", get_args(Idle))
def test_who_starts_nothing_was_meant_so_or_is_at_fault(why: Idle) -> None:
    found = msgspec.structs.replace(told(), outcome="not-initiated", reason=why)
    assert found.by == ("design" if why in WANTED else "fault")


FROM_BEST_TO_WORST = ("up", "not-initiated", "unknown", "half-open", "down")


@pytest.mark.parametrize("outcome", FROM_BEST_TO_WORST)
def test_the_worst_of_an_outcome_and_its_readings(outcome: Outcome) -> None:
    for reading in get_args(Outcome):
        found = msgspec.structs.replace(told(), outcome=outcome, readings=(Reading("x", reading),))
        assert found.worst == max(outcome, reading, key=FROM_BEST_TO_WORST.index)
