"""A wave of a plan as a change of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from ikeaudit.change import window_of
from ikeaudit.change.window import after_text, numbers
from ikeaudit.model.errors import InputError
from ikeaudit.parsing.snapshot import load_snapshot
from ikeaudit.parsing.volatile import before_hash
from ikeaudit.parsing.workspace import Workspace
from ikeaudit.remediation.plan_folder import load_plan, write_plan
from ikeaudit.remediation.planner import make_plan
from ikeaudit.remediation.strategies import STRATEGIES
from ikeaudit.remediation.strategies.ikev2 import ikev2_strategy


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
            text = after_text(plan, tmp_path / "plan", number, router.name)
            ikev1_left = "crypto keyring" in text
            assert ikev1_left is (number == 1), (view.change_id, router.name)
            assert "crypto ikev2 keyring" in text
    last = numbers(plan)[-1]
    text = after_text(plan, tmp_path / "plan", last, "R1")
    assert before_hash(text) == plan.router("R1").after_hash
    with pytest.raises(InputError, match="no wave 99"):
        window_of(plan, 99)


def test_a_plan_of_one_wave_is_itself(tmp_path, seed_config):
    (single,) = [s for s in STRATEGIES if s.name == "single-keyring"]
    plan = plan_of(tmp_path, seed_config, single)
    assert numbers(plan) == () and window_of(plan, 1) is plan
