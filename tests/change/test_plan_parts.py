"""A wave of a plan as a change of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from change_lab import hub_and_spokes

from ikeaudit.change import Options, window_of
from ikeaudit.change.plan_parts import after_text, is_part_of, numbers, parts
from ikeaudit.change.setting import minutes_for
from ikeaudit.model.errors import InputError
from ikeaudit.parsing.volatile import before_hash
from ikeaudit.remediation.plan_folder import load_plan, write_plan
from ikeaudit.remediation.planner import make_plan
from ikeaudit.remediation.strategies import STRATEGIES
from ikeaudit.remediation.strategies.ikev2 import ikev2_strategy
from ikeaudit.snapshot.loading import load_snapshot
from ikeaudit.snapshot.workspace import Workspace


def plan_of(tmp_path, seed_config, strategy):
    (tmp_path / "snapshot").mkdir()
    for name in ("R1", "R2"):
        (tmp_path / "snapshot" / f"{name}.cfg").write_text(seed_config(name))
    fleet = load_snapshot(tmp_path / "snapshot", Workspace.open(tmp_path / "workspace")).fleet()
    made = make_plan(fleet, strategy, change_id="CHG-1", created=datetime.now(UTC))
    write_plan(tmp_path / "plan", made.plan, made.files)
    return load_plan(tmp_path / "plan")


def test_the_waves_share_out_the_steps(tmp_path, seed_config):
    plan = plan_of(tmp_path, seed_config, ikev2_strategy())
    assert len(numbers(plan)) >= 2
    views = [window_of(plan, number) for number in numbers(plan)]
    assert [view.change_id for view in views] == [f"CHG-1-w{number}" for number in numbers(plan)]
    assert sorted(step.number for view in views for step in view.steps) == [step.number for step in plan.steps]
    # each router runs before a wave what it ran after the one before, and after the last what the plan predicts
    for router in plan.routers:
        own = [r for view in views for r in view.routers if r.name == router.name]
        assert own[0].before_hash == router.before_hash and own[-1].after_hash == router.after_hash
        assert all(one.after_hash == two.before_hash for one, two in pairwise(own))
    for router in plan.routers:
        for view, number in zip(views, numbers(plan), strict=True):
            sent = {step for part in parts(plan) if part.wave <= number for step in part.steps}
            text = after_text(plan, tmp_path / "plan", router.name, sent)
            ikev1_left = "crypto keyring" in text
            assert ikev1_left is (number == 1), (view.change_id, router.name)
            assert "crypto ikev2 keyring" in text
    text = after_text(plan, tmp_path / "plan", "R1", {step.number for step in plan.steps})
    assert before_hash(text) == plan.router("R1").after_hash
    with pytest.raises(InputError, match="no wave 99"):
        window_of(plan, 99)


def test_a_group_has_its_own_timers_tunnels_and_hashes(tmp_path):
    """Six spokes: the canary, and five groups that share the hub; the far end has the longer timer (DOMAIN 8.8)."""
    texts = hub_and_spokes(6)
    (tmp_path / "snapshot").mkdir()
    for name, text in texts.items():
        (tmp_path / "snapshot" / f"{name}.cfg").write_text(text)
    fleet = load_snapshot(tmp_path / "snapshot", Workspace.open(tmp_path / "workspace")).fleet()
    plan = make_plan(fleet, ikev2_strategy(), change_id="CHG-1", created=datetime.now(UTC)).plan
    ids = [part.change_id for part in parts(plan)]
    assert ids[:3] == ["CHG-1-w1", "CHG-1-w2-g1", "CHG-1-w2-g2"] and len(set(ids)) == len(ids)
    assert all(is_part_of(one, "CHG-1") for one in ids) and not is_part_of("CHG-10-w1", "CHG-1")
    view = window_of(plan, 2, 3)
    assert [router.name for router in view.routers] == ["S4", "HUB"]
    assert {step.router for step in view.steps} == {"S4", "HUB"}
    assert {str(o.direction) for o in view.directions} == {"S4 Tunnel1 -> HUB", "HUB Tunnel4 -> S4"}
    assert [minutes_for(view, name, Options()) for name in ("S4", "HUB")] == [25, 15]
    assert minutes_for(view, "S4", Options(minutes=40)) == 40
    # the hub runs before a group what it ran after the one before
    hubs = [window_of(plan, p.wave, p.group).router("HUB") for p in parts(plan) if "HUB" in p.routers]
    assert len(hubs) == 7 and hubs[0].before_hash == plan.router("HUB").before_hash
    assert all(one.after_hash == two.before_hash != one.before_hash for one, two in pairwise(hubs))
    assert hubs[-1].after_hash == plan.router("HUB").after_hash
    with pytest.raises(InputError, match="Wave 2 has no group 6; it has 5"):
        window_of(plan, 2, 6)


def test_a_plan_of_one_wave_is_itself(tmp_path, seed_config):
    (single,) = [s for s in STRATEGIES if s.name == "single-keyring"]
    plan = plan_of(tmp_path, seed_config, single)
    assert numbers(plan) == () and window_of(plan, 1) is plan
