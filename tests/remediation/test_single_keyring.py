"""What ``single-keyring`` proposes, worked out by hand from DOMAIN 12 A."""

from __future__ import annotations

from pathlib import Path

import pytest
from plans import FINGERPRINTER, after_fleet, fleet_in, fleet_of, planned

from ikeaudit.model.errors import InputError
from ikeaudit.remediation.strategies import STRATEGIES, find_strategy

PLANS = Path(__file__).parent / "plans"
CISCO = f"<PSK:{FINGERPRINTER.psk('cisco')}>"


def test_a1_is_the_recipe_of_the_seed() -> None:
    """DOMAIN 12 A1: survivor keyring1, no key is typed again; the peer is cleaned up the same way."""
    plan = planned(fleet_in(PLANS / "a1-seed")).plan
    assert plan.commands_of("R1") == (
        "crypto isakmp profile profile2",
        "keyring keyring1",
        "exit",
        "crypto keyring keyring2",
        f"no pre-shared-key address 192.168.0.2 key {CISCO}",
        "exit",
        "crypto isakmp profile profile2",
        "no keyring keyring2",
        "exit",
        "no crypto keyring keyring2",
    )
    assert [step.phase for step in plan.steps_of("R1")] == ["additive", "switch", "cleanup", "cleanup"]
    assert [step.number for step in plan.steps] == list(range(1, 9))
    assert not [a for step in plan.steps for a in step.announce]


def test_a1_leaves_both_directions_up_and_certain() -> None:
    fleet = fleet_in(PLANS / "a1-seed")
    assert {(e.initiator, e.outcome, e.confidence) for e in fleet.exchanges} == {
        ("R1", "up", "unpredictable"),
        ("R2", "down", "unpredictable"),
    }
    after = after_fleet(fleet, planned(fleet))
    assert {(e.initiator, e.outcome, e.confidence) for e in after.exchanges} == {
        ("R1", "up", "certain"),
        ("R2", "up", "certain"),
    }
    keyrings = {router.name: [(k.name, len(k.keys)) for k in router.keyrings] for router in after.routers}
    assert keyrings == {"R1": [("keyring1", 1)], "R2": [("keyring1", 1)]}
    assert [r.name for p in after.router("R1").isakmp_profiles for r in p.keyrings] == ["keyring1", "keyring1"]


def test_every_no_has_its_line_in_the_rollback() -> None:
    for folder in sorted(PLANS.glob("a*")):
        for step in planned(fleet_in(folder)).plan.steps:
            for line in step.commands:
                if line.startswith("no "):
                    assert line.removeprefix("no ") in step.rollback, (folder.name, step.number)


def test_a_router_without_need_is_left_alone() -> None:
    """In ``a2-many-keyrings`` the spokes have one keyring each."""
    plan = planned(fleet_in(PLANS / "a2-many-keyrings")).plan
    assert [router.name for router in plan.routers] == ["HUB"]
    assert not plan.refusals


def test_a2_announces_the_tie_until_the_last_old_keyring_is_empty() -> None:
    plan = planned(fleet_in(PLANS / "a2-many-keyrings")).plan
    announced = [(step.number, a.until, a.seconds) for step in plan.steps for a in step.announce]
    assert announced == [(3, 4, 0)]
    assert plan.steps[3].title == "Empty OLD2, OLD1; their keys are in KR-ALL"
    concerned = {direction.initiator for step in plan.steps for a in step.announce for direction in a.directions}
    assert concerned == {"SPOKE1", "SPOKE2"}


def test_a2_keeps_the_keys_of_every_profile() -> None:
    fleet = fleet_in(PLANS / "a2-many-keyrings")
    hub = after_fleet(fleet, planned(fleet)).router("HUB")
    assert [(str(key.prefix), key.secret.fingerprint) for key in hub.keyrings[0].keys] == [
        ("198.51.100.1", FINGERPRINTER.psk("first-sample-key")),
        ("198.51.100.2", FINGERPRINTER.psk("second-sample-key")),
        ("203.0.113.0/24", FINGERPRINTER.psk("third-sample-key")),
    ]
    assert {r.name for p in hub.isakmp_profiles for r in p.keyrings} == {"KR-ALL"}


@pytest.mark.parametrize(
    ("case", "words", "line"),
    [
        ("refused-different-keys", "hold different keys for 198.51.100.1", 7),
        ("refused-type-6-compared", "it cannot be told whether they are the same", 7),
        ("refused-local-address", "does not say which address 'local-address Dialer1' stands for", 5),
        ("refused-other-key-wins", "would use another key for 198.51.100.1", 7),
        ("refused-ambiguous-profile", "matches the profiles P1 and ANY", 20),
    ],
)
def test_refusals_name_the_reason_and_the_line(case: str, words: str, line: int) -> None:
    plan = planned(fleet_in(PLANS / case)).plan
    assert plan.empty
    (refusal,) = plan.refusals
    assert refusal.router == "HUB"
    assert words in refusal.reason
    assert ("hub.cfg", line) in {(evidence.file, evidence.line) for evidence in refusal.evidence}


def test_a_key_with_a_trailing_blank_is_refused() -> None:
    """It belongs to the key and does not survive being sent again (DOMAIN 3.1)."""
    text = (PLANS / "a2-many-keyrings" / "hub.cfg").read_text().replace("first-sample-key", "first-sample-key ")
    (refusal,) = planned(fleet_of(text)).plan.refusals
    assert "ends in a blank" in refusal.reason


def test_a_new_keyring_never_takes_a_name_in_use() -> None:
    text = (PLANS / "a2-many-keyrings" / "hub.cfg").read_text().replace("OLD1", "kr-all").replace("OLD2", "KR-ALL-2")
    plan = planned(fleet_of(text)).plan
    assert plan.steps[0].commands[0] == "crypto keyring KR-ALL-3"


def test_only_the_hosts_asked_for_are_changed() -> None:
    plan = planned(fleet_in(PLANS / "a1-seed"), hosts=["R2"]).plan
    assert {step.router for step in plan.steps} == {"R2"}


def test_an_unknown_host_is_one_sentence() -> None:
    with pytest.raises(InputError, match="no router R9 here; known are R1, R2"):
        planned(fleet_in(PLANS / "a1-seed"), hosts=["R9"])


def test_strategies_are_found_by_name() -> None:
    assert len({strategy.name for strategy in STRATEGIES}) == len(STRATEGIES)
    assert find_strategy("single-keyring").documentation.startswith("# Strategy `single-keyring`")
    with pytest.raises(InputError, match="no strategy 'none'; choose one of: single-keyring"):
        find_strategy("none")


FIRST, SECOND = (f"<PSK:{FINGERPRINTER.psk(key)}>" for key in ("first-sample-key", "second-sample-key"))


def test_a3_is_the_recipe_for_crypto_maps() -> None:
    """DOMAIN 12 A3, line for line: the first keyring takes over, then the unbound entry is bound."""
    fleet = fleet_in(PLANS / "a3-crypto-map")
    plan = planned(fleet).plan
    assert plan.commands_of("HUB") == (
        "crypto isakmp profile P-SITE2",
        "keyring K-SITE1",
        "exit",
        "crypto keyring K-SITE1",
        f"pre-shared-key address 198.51.100.2 key {SECOND}",
        "exit",
        "crypto keyring K-SITE2",
        f"no pre-shared-key address 198.51.100.2 key {SECOND}",
        "exit",
        "crypto isakmp profile P-SITE2",
        "no keyring K-SITE2",
        "exit",
        "no crypto keyring K-SITE2",
        "crypto map CM 10 ipsec-isakmp",
        "set isakmp-profile P-SITE1",
        "exit",
    )
    after = {(e.initiator, e.peer): (e.outcome, e.confidence) for e in after_fleet(fleet, planned(fleet)).exchanges}
    assert after["HUB", "198.51.100.1"] == after["SITE1", "192.0.2.1"] == ("up", "certain")


def test_a3_rollback_begins_by_unbinding() -> None:
    plan = planned(fleet_in(PLANS / "a3-crypto-map")).plan
    assert plan.rollback_of("HUB")[:3] == ("crypto map CM 10 ipsec-isakmp", "no set isakmp-profile P-SITE1", "exit")


def test_an_entry_whose_peer_is_not_known_is_not_bound() -> None:
    plan = planned(fleet_in(PLANS / "a3-peer-unknown")).plan
    assert "set isakmp-profile P-SITE1" not in plan.commands_of("HUB")
    (refusal,) = plan.refusals
    assert refusal.subject == "crypto map CM 10"
    assert "the configuration of 198.51.100.1 is not here" in refusal.reason


def test_a4_keeps_one_keyring_for_each_vrf_and_local_address() -> None:
    fleet = fleet_in(PLANS / "a2-front-door-vrf")
    after = after_fleet(fleet, planned(fleet)).router("HUB")
    assert [(ring.name, ring.vrf, len(ring.keys)) for ring in after.keyrings] == [
        ("KC", None, 1),
        ("KR-INET", "INET", 2),
    ]
    fleet = fleet_in(PLANS / "a2-local-address")
    after = after_fleet(fleet, planned(fleet)).router("HUB")
    assert [(ring.name, len(ring.keys)) for ring in after.keyrings] == [("K3", 1), ("KR-ALL-192.0.2.11", 2)]
    local = after.keyrings[1].local_address
    assert local is not None and local.interface == "Loopback1"


def test_a5_moves_global_keys_and_their_profiles() -> None:
    """While the global keys stand, they win, so the profiles list both; they go, then ``keyring default`` goes."""
    fleet = fleet_in(PLANS / "a5-global-keys")
    plan = planned(fleet).plan
    assert f"no crypto isakmp key {FIRST} address 198.51.100.1 no-xauth" in plan.commands_of("HUB")
    assert f"crypto isakmp key {FIRST} address 198.51.100.1 no-xauth" in plan.rollback_of("HUB")
    after = after_fleet(fleet, planned(fleet)).router("HUB")
    assert not after.default_keyring.keys
    assert {p.name: [r.name for r in p.keyrings] for p in after.isakmp_profiles} == {
        "P1": ["K2"],
        "P2": ["K2"],
        "P3": ["K2"],
    }
    assert [str(key.prefix) for key in after.keyrings[0].keys] == ["198.51.100.2", "198.51.100.1", "203.0.113.0/24"]


def test_a5_moves_0_0_0_0_with_its_mask() -> None:
    """``address 0.0.0.0`` alone means everything (DOMAIN 3.1); the same PSK for one peer is no conflict."""
    text = (
        (PLANS / "refused-callers-use-global-key" / "hub.cfg")
        .read_text()
        .replace("second-sample-key", "first-sample-key")
    )
    plan = planned(fleet_of(text)).plan
    assert f"pre-shared-key address 0.0.0.0 0.0.0.0 key {FIRST}" in plan.commands_of("HUB")
    assert f"no crypto isakmp key {FIRST} address 0.0.0.0" in plan.commands_of("HUB")


def test_a5_keeps_what_only_global_keys_can_do() -> None:
    """Keys of host names stay global, and profiles that list them go on listing them."""
    fleet = fleet_in(PLANS / "a5-host-name-key-stays")
    after = after_fleet(fleet, planned(fleet)).router("HUB")
    assert [key.hostname for key in after.default_keyring.keys] == ["spoke.example.com"]
    listed = {p.name: [r.name for r in p.keyrings] for p in after.isakmp_profiles}
    assert listed == {"P1": ["default", "KR-ALL"], "P2": ["KR-ALL"]}


def test_a6_leaves_the_global_keys_when_they_are_all_there_is() -> None:
    fleet = fleet_in(PLANS / "a6-global-keys-survive")
    after = after_fleet(fleet, planned(fleet))
    assert not after.router("HUB").keyrings
    assert [r.name for p in after.router("HUB").isakmp_profiles for r in p.keyrings] == ["default"]
    outcomes = {(e.initiator, e.outcome) for e in after.exchanges if e.responder}
    assert outcomes == {("HUB", "up"), ("SITE2", "up")}


def test_global_keys_alone_are_one_place_already() -> None:
    text = (PLANS / "a6-global-keys-survive" / "hub.cfg").read_text()
    text = text.replace("crypto keyring K2\n", "crypto keyring K2 vrf ELSEWHERE\n")
    plan = planned(fleet_of(text)).plan
    assert plan.empty and not plan.refusals


def test_ipv6_host_name_and_rsa_entries_are_carried_over() -> None:
    fleet = fleet_in(PLANS / "a2-ipv6-host-names-rsa")
    after = after_fleet(fleet, planned(fleet)).router("HUB")
    rings = {ring.name: ring for ring in after.keyrings}
    assert [str(key.prefix or key.hostname) for key in rings["KR-ALL"].keys] == [
        "2001:db8:1::1",
        "one.example.com",
        "2001:db8:2::/48",
        "198.51.100.2",
    ]
    assert [(name, len(rings[name].keys), len(rings[name].rsa_keys)) for name in ("K1", "K2")] == [
        ("K1", 0, 1),
        ("K2", 0, 1),
    ]
    assert [[r.name for r in p.keyrings] for p in after.isakmp_profiles] == [["K1", "KR-ALL"], ["K2", "KR-ALL"]]


def test_a_keyring_with_rsa_keys_takes_over_the_others() -> None:
    fleet = fleet_in(PLANS / "a3-rsa-keys")
    (ring,) = after_fleet(fleet, planned(fleet)).router("HUB").keyrings
    assert (ring.name, len(ring.keys), len(ring.rsa_keys)) == ("K1", 2, 1)


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (
            "refused-callers-use-global-key",
            "A peer calling from 198.51.100.2 gets through today and would not any more",
        ),
        ("refused-no-xauth", "says no-xauth, which a keyring cannot say"),
    ],
)
def test_global_keys_that_must_stay(case: str, words: str) -> None:
    plan = planned(fleet_in(PLANS / case)).plan
    assert plan.empty
    assert words in plan.refusals[0].reason
    assert plan.refusals[0].evidence
