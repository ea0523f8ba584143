"""Waves of real plans: the proven steps in their order, what every router runs in between, and the text that says why."""

from __future__ import annotations

import pytest
from dual_hub import dual_hub_fleet
from plans import planned

from ikeaudit.candidate import Candidate, compare
from ikeaudit.parsing.volatile import before_hash
from ikeaudit.remediation.planner import PlannedChange

SPOKES = 3


@pytest.fixture(scope="module", params=["single-keyring", "ikev2"])
def change(request: pytest.FixtureRequest) -> PlannedChange:
    change = planned(dual_hub_fleet(SPOKES), request.param)
    assert not change.plan.empty and not change.plan.refusals
    return change


def test_every_step_is_in_one_wave(change: PlannedChange) -> None:
    plan = change.plan
    numbers = [number for wave in plan.waves for number in wave.steps]
    assert numbers == [step.number for step in plan.steps]
    for wave in plan.waves:
        assert {step.router for step in plan.steps if step.number in wave.steps} == set(wave.routers)
    assert [router.name for router in plan.routers] == list(
        dict.fromkeys(name for wave in plan.waves for name in wave.routers)
    )


def test_no_spoke_has_both_hubs_in_one_wave(change: PlannedChange) -> None:
    assert len(change.plan.waves) > 2
    assert not any({"HUB1", "HUB2"} <= set(wave.routers) for wave in change.plan.waves)


def test_what_a_router_runs_between_its_waves(change: PlannedChange) -> None:
    """The hashes in the waves are those of a configuration that takes the waves' commands one after the other."""
    plan = change.plan
    fleet = dual_hub_fleet(SPOKES)
    several = 0
    for router in plan.routers:
        candidate = Candidate.from_text("\n".join(fleet.router(router.name).lines) + "\n")
        own = [wave for wave in plan.waves if router.name in wave.routers]
        several += len(own) > 1
        assert own[0].before[router.name] == router.before_hash
        assert own[-1].after[router.name] == router.after_hash
        for wave in own:
            assert wave.before[router.name] == before_hash(candidate.text())
            candidate.apply(plan.commands_of(router.name, wave.number))
            assert wave.after[router.name] == before_hash(candidate.text())
    assert several == (0 if plan.strategy == "single-keyring" else SPOKES + 2)


def test_a_wave_can_be_taken_back_alone(change: PlannedChange) -> None:
    """What a router runs after its last wave, with that wave undone, is what it ran before it, but for the order of objects."""
    plan = change.plan
    fleet = dual_hub_fleet(SPOKES)
    for router in plan.routers:
        own = [wave for wave in plan.waves if router.name in wave.routers]
        text = "\n".join(fleet.router(router.name).lines) + "\n"
        candidate = Candidate.from_text(text)
        for wave in own[:-1]:
            candidate.apply(plan.commands_of(router.name, wave.number))
        before = Candidate.from_text(candidate.text())
        candidate.apply(plan.commands_of(router.name, own[-1].number))
        candidate.apply(plan.rollback_of(router.name, wave=own[-1].number))
        assert not compare(before, candidate).differences
        assert plan.rollback_of(router.name) == tuple(
            line for wave in reversed(own) for line in plan.rollback_of(router.name, wave=wave.number)
        )
    with pytest.raises(KeyError):
        plan.wave(99)


def test_the_text_says_why(change: PlannedChange) -> None:
    text = change.files["plan.md"]
    for wave in change.plan.waves:
        assert f"* Wave {wave.number}, {wave.title}: {', '.join(wave.routers)}. Steps " in text
        for name in wave.routers:
            assert f"In wave {wave.number} ({wave.title}), {wave.reasons[name]}." in text


def test_the_size_of_a_wave_is_the_user_s() -> None:
    fleet = dual_hub_fleet(SPOKES)
    assert max(len(wave.routers) for wave in planned(fleet).plan.waves) == SPOKES - 1
    assert max(len(wave.routers) for wave in planned(fleet, wave_size=1).plan.waves) == 1
