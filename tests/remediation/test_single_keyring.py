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
    assert announced == [(3, 7, 0)]
    assert plan.steps[6].title.startswith("Empty OLD1")
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
