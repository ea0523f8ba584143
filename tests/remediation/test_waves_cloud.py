"""Waves of a DMVPN cloud with two hubs and ten spokes: a second cloud beside it, and the move in place."""

from __future__ import annotations

import pytest
from clouds import SECOND, dual_hub_cloud
from plans import WHEN, fleet_of

from ikeaudit.remediation.plan import Plan
from ikeaudit.remediation.planner import make_plan
from ikeaudit.remediation.strategies.ikev2 import Options, ikev2_strategy
from ikeaudit.remediation.strategies.ikev2.choices import Cloud

SPOKES = tuple(f"S{n:02}" for n in range(1, 11))


def planned(spokes: int, *clouds: Cloud, wave_size: int = 25) -> Plan:
    fleet = fleet_of(*dual_hub_cloud(spokes).values())
    strategy = ikev2_strategy(Options(clouds=clouds))
    return make_plan(fleet, strategy, change_id="CHG-1", created=WHEN, wave_size=wave_size).plan


@pytest.fixture(scope="module")
def second() -> Plan:
    plan = planned(10, SECOND)
    assert not plan.refusals
    return plan


def test_hubs_come_first_and_apart(second: Plan) -> None:
    assert [(w.title, w.routers) for w in second.waves] == [
        ("hubs", ("HUB1",)),
        ("hubs", ("HUB2",)),
        ("canary", ("S01",)),
        ("far ends", SPOKES[1:]),
    ]
    assert {step.phase for step in second.steps} == {"additive"}
    assert "before those that will call it in waves 3 and 4; apart from HUB2" in second.waves[0].reasons["HUB1"]
    assert "canary: the first whose new tunnels come up" in second.waves[2].reasons["S01"]


def test_a_hub_puts_nothing_to_the_test_and_a_spoke_its_new_tunnels(second: Plan) -> None:
    assert all(not group.tunnels for wave in second.waves[:2] for group in wave.groups)
    for wave in second.waves[2:]:
        for group in wave.groups:
            (name,) = group.routers
            assert group.tunnels == (f"HUB1 Tunnel20 <> {name} Tunnel20", f"HUB2 Tunnel20 <> {name} Tunnel20")
            assert not group.meanwhile
        assert wave.partners == ("HUB1", "HUB2")


def test_a_smaller_wave_is_the_user_s_choice() -> None:
    plan = planned(5, SECOND, wave_size=2)
    assert [wave.routers for wave in plan.waves] == [("HUB1",), ("HUB2",), ("S01",), ("S02", "S03"), ("S04", "S05")]


def test_in_place_everybody_moves_at_once_and_cleans_up_last() -> None:
    """B3': one multipoint interface has one version of IKE, so its routers are one group, and both paths go together."""
    plan = planned(10)
    first, *rest = plan.waves
    (group,) = first.groups
    assert set(group.routers) == {*SPOKES, "HUB1", "HUB2"} and first.routers[-2:] == ("HUB1", "HUB2")
    assert "both paths at once" in first.reasons["S01"] and "both paths at once" not in first.reasons["HUB1"]
    assert [(w.title, w.routers) for w in rest] == [
        ("clean-up", SPOKES),
        ("clean-up", ("HUB1",)),
        ("clean-up", ("HUB2",)),
    ]
