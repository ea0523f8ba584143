"""A rehearsal passes on every plan of the case folders, and finds a defect that was planted."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from ikeaudit.change.recover import Recovery
from ikeaudit.change.rehearsal.in_the_lab import _run, rehearse, scene_of
from ikeaudit.lab.fault_set import Case
from ikeaudit.model.errors import InputError
from ikeaudit.remediation.plan_folder import load_plan, write_plan
from ikeaudit.remediation.planner import make_plan
from ikeaudit.remediation.strategies import find_strategy
from ikeaudit.snapshot.loading import load_snapshot
from ikeaudit.snapshot.workspace import Workspace

CASES = Path(__file__).parents[1] / "cases"
EVERY = sorted({path.parent for path in CASES.glob("**/*.cfg")})
SAMPLE = 12
"""Of every so many case folders one is rehearsed wherever the tests on virtual routers run, the others by `make rehearsals`."""

pytestmark = [pytest.mark.ssh, pytest.mark.timeout(300)]


def scene_in(tmp_path, texts, strategy, archive=False):
    """What is rehearsed of a fleet; None when nothing is planned for it."""
    (tmp_path / "snapshot").mkdir()
    for name, text in texts.items():
        (tmp_path / "snapshot" / f"{name}.cfg").write_text(text)
    fleet = load_snapshot(tmp_path / "snapshot", Workspace.open(tmp_path / "ws")).fleet()
    made = make_plan(fleet, find_strategy(strategy), change_id="CHG-1", created=datetime.now(UTC), archive=archive)
    if made.plan.empty:
        return None
    write_plan(tmp_path / "plan", made.plan, made.files)
    known = {router.name: "\n".join(router.lines) + "\n" for router in fleet.routers}
    return scene_of(load_plan(tmp_path / "plan"), tmp_path / "plan", known)


def case_scene(tmp_path, folder, strategy):
    texts = {path.stem: path.read_text(errors="replace") for path in folder.glob("*.cfg")}
    try:
        return scene_in(tmp_path, texts, strategy)
    except InputError:
        return None


@pytest.mark.parametrize("strategy", ["single-keyring", "ikev2"])
@pytest.mark.parametrize(
    "folder",
    [
        pytest.param(folder, id=str(folder.relative_to(CASES)), marks=[pytest.mark.rehearsals] if n % SAMPLE else [])
        for n, folder in enumerate(EVERY)
    ],
)
def test_a_rehearsal_passes_on_every_plan_of_the_cases(tmp_path, folder, strategy):
    scene = case_scene(tmp_path, folder, strategy)
    for wave in scene.plan.waves if scene is not None else ():
        result = _run(scene, wave.number, wave.routers, None)
        assert result.passed and result.result == "committed", (wave.number, result)


@pytest.mark.quick
def test_an_association_that_holds_a_profile_is_cleared_on_the_way_back(tmp_path):
    """IOS refuses to delete a profile while an association uses it; the policy's encryption is spelt as other releases do."""
    scene = case_scene(tmp_path, CASES / "hazards/FL-UPGRADE-BLOCK/fires", "ikev2")
    result = _run(scene, 1, ("R1", "R2"), None)
    assert result.passed and result.result == "committed", result


@pytest.mark.quick
def test_a_defect_that_was_planted_is_found(tmp_path, monkeypatch):
    """A way back that sends nothing, and says that all is well."""
    scene = case_scene(tmp_path, CASES / "hazards/FL-UPGRADE-BLOCK/fires", "ikev2")

    def lazy(self, device, progress, patience):
        self._journal.record("reverted", device.name, text="", match="same")
        from ikeaudit.change.recover import Recovered

        return Recovered(device.name, True, "back")

    monkeypatch.setattr(Recovery, "recover", lazy)
    result = _run(scene, 1, ("R1", "R2"), Case("line refused as invalid", "middle line", "R1"))
    assert not result.passed and result.result == "rolled-back" and "R1 runs half" in " ".join(result.wrong), result


def test_a_kill_that_never_strikes_is_no_failure(tmp_path):
    """S1 starts no tunnel before the hub was changed, so the moment at which it shows its associations does not come."""
    from change_lab import hub_and_spokes

    scene = scene_in(tmp_path, hub_and_spokes(2), "single-keyring")
    result = _run(scene, 1, ("S1",), Case("process killed", "look", "S1"))
    assert result.passed and result.result == "committed", result


def test_one_ended_plans_want_the_snapshot(tmp_path):
    """What the other ends run cannot be told from the plan."""
    from change_lab import pairs

    scene = scene_in(tmp_path, pairs(1), "single-keyring")
    only = msgspec.structs.replace(scene.plan, routers=scene.plan.routers[:1])
    with pytest.raises(InputError, match="--snapshot"):
        scene_of(only, scene.folder)


def test_an_interrupted_rehearsal_is_no_result(tmp_path, monkeypatch):
    from change_lab import pairs

    from ikeaudit.change.run import Run

    def stop(self):
        raise KeyboardInterrupt

    scene = scene_in(tmp_path, pairs(1), "single-keyring")
    monkeypatch.setattr(Run, "send", stop)
    said = []
    with pytest.raises(KeyboardInterrupt):
        rehearse(scene, said.append)
    assert not said
