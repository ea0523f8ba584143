"""A rehearsal of waves with several groups: the whole wave without a fault, faults on the group that they strike."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from change_lab import night, pairs

from ikeaudit.change.rehearsal.in_the_lab import _run, scene_of
from ikeaudit.lab.fault_set import KILLED, Case
from ikeaudit.remediation.strategies import STRATEGIES

pytestmark = pytest.mark.ssh

(SINGLE,) = [s for s in STRATEGIES if s.name == "single-keyring"]


def test_groups_of_a_wave(tmp_path):
    with ExitStack() as stack:
        n = stack.enter_context(night(tmp_path, pairs(3), SINGLE))
        scene = scene_of(n.setting.plan, n.setting.folder)
    (_, wave) = scene.plan.waves
    assert len(wave.groups) == 2
    whole = _run(scene, 2, wave.routers, None)
    assert whole.passed and whole.result == "committed" and set(whole.runs) == {"A2", "B2", "A3", "B3"}, whole
    lost = _run(scene, 2, wave.routers, Case("connection lost, line carried out", "middle line", "B3"))
    assert lost.passed and lost.result == "rolled-back" and lost.runs == {"A3": "before", "B3": "before"}, lost
    killed = _run(scene, 2, wave.routers, Case(KILLED, "confirm", "A2"))
    assert killed.passed and killed.result == "committed" and set(killed.runs) == {"A2", "B2"}, killed
