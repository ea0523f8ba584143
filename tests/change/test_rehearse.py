"""``rehearse``: the plan on virtual routers, tokens for keys, with and without faults."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import msgspec
import pytest
from jsonschema import Draft202012Validator

from ikeaudit.change import require_rehearsal, write_rehearsal
from ikeaudit.change.rehearsal import CaseResult, Rehearsal
from ikeaudit.change.rehearsal.in_the_lab import _run, rehearse, scene_of
from ikeaudit.cli.main import main
from ikeaudit.lab.fault_set import FAULTS, KILLED, PHASES, STAGES, Case, every_case, some_cases
from ikeaudit.model.errors import InputError, RefusedError
from ikeaudit.remediation.plan_folder import load_plan, write_plan
from ikeaudit.remediation.planner import make_plan
from ikeaudit.remediation.strategies import STRATEGIES
from ikeaudit.report import load_schema
from ikeaudit.snapshot.loading import load_snapshot
from ikeaudit.snapshot.workspace import Workspace


@pytest.fixture
def planned(tmp_path, seed_config, monkeypatch):
    """The seed's plan, made from a snapshot that lies beside it."""
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path / "workspace"))
    (tmp_path / "snapshot").mkdir()
    for name in ("R1", "R2"):
        (tmp_path / "snapshot" / f"{name}.cfg").write_text(seed_config(name))
    fleet = load_snapshot(tmp_path / "snapshot", Workspace.open()).fleet()
    (strategy,) = [s for s in STRATEGIES if s.name == "single-keyring"]
    made = make_plan(fleet, strategy, change_id="CHG-1", created=datetime.now(UTC))
    write_plan(tmp_path / "plan", made.plan, made.files)
    return tmp_path / "plan"


def test_the_fault_set():
    assert len(every_case(["R1", "R2"])) == 2 * len(PHASES) * (len(FAULTS) + 1)
    chosen = some_cases(["R1", "R2"])
    assert {case.fault for case in chosen} == {*FAULTS, KILLED}
    assert [case.phase for case in chosen] == list(PHASES) and {case.router for case in chosen} == {"R1", "R2"}
    assert tuple(dict.fromkeys(moment.stage for moment in PHASES.values())) == STAGES


def test_a_line_in_the_middle():
    assert [PHASES[name].of(9)["after"] for name in ("first line", "middle line", "last line")] == [0, 4, 8]
    assert [PHASES[name].of(0)["after"] for name in ("first line", "middle line", "last line")] == [0, 0, 0]


@pytest.mark.ssh
def test_the_whole_rehearsal_and_what_requires_it(planned, capfd):
    folder = str(planned)
    assert main(["apply", folder, "--require-rehearsal"]) == 5
    assert "was not rehearsed" in capfd.readouterr().err
    code = main(["rehearse", folder, "--format", "json"])
    out, err = capfd.readouterr()
    assert code == 0, (err, [c for c in json.loads(out)["cases"] if not c["passed"]])
    body = json.loads(out)
    Draft202012Validator(load_schema("ikeaudit.rehearsal/1")).validate(body)
    assert body == json.loads((planned / "rehearsal.json").read_bytes())
    assert (planned / "rehearsal.json").stat().st_mode & 0o777 == 0o600
    assert body["passed"] and body["faults"] == "some" and body["missing"] == []
    clean, *faulty = body["cases"]
    assert (clean["fault"], clean["result"], clean["runs"]) == (None, "committed", {"R1": "after", "R2": "after"})
    assert [case["phase"] for case in faulty] == list(PHASES)
    assert {case["result"] for case in faulty} >= {"committed", "rolled-back"}
    assert main(["apply", folder, "--require-rehearsal"]) == 0
    assert "Canary" not in out + err + (planned / "rehearsal.json").read_text()


def test_a_rehearsal_of_another_plan_does_not_count(planned):
    plan = load_plan(planned)

    def attach(**changes):
        case = CaseResult(
            wave=1, fault=None, phase=None, router=None, result="committed", exit_code=0, cause=None,
            runs={}, passed=True, wrong=(), seconds=1.0,
        )  # fmt: skip
        base = Rehearsal(
            change_id="CHG-1", digest=plan.digest, tool_version="0", at="", faults="some", passed=True, missing=(),
            cases=(case,),
        )  # fmt: skip
        write_rehearsal(planned, msgspec.structs.replace(base, **changes))

    attach()
    require_rehearsal(planned, plan)
    load_plan(planned)  # the record is no part of what is sealed
    for changes, words in (
        ({"digest": "0" * 64}, "of another plan"),
        ({"passed": False}, "failed"),
        ({"cases": ()}, "failed"),
    ):
        attach(**changes)
        with pytest.raises(RefusedError, match=words):
            require_rehearsal(planned, plan)
    (planned / "rehearsal.json").write_text("{")
    with pytest.raises(RefusedError, match="damaged"):
        require_rehearsal(planned, plan)


def test_another_snapshot_is_refused(planned, tmp_path):
    file = tmp_path / "snapshot" / "R2.cfg"
    text = file.read_text()
    file.write_text(text.replace("group 14", "group 5"))
    assert main(["rehearse", str(planned), "--snapshot", str(tmp_path / "snapshot")]) == 5
    file.unlink()
    assert main(["rehearse", str(planned), "--snapshot", str(tmp_path / "snapshot")]) == 2


def test_an_order_that_the_plan_does_not_tell(planned, monkeypatch):
    plan = load_plan(planned)
    router = msgspec.structs.replace(plan.routers[0], before_hash="0" * 64)
    with pytest.raises(InputError, match="--snapshot"):
        scene_of(msgspec.structs.replace(plan, routers=(router,)), planned)


@pytest.mark.ssh
def test_a_plan_that_does_not_work_fails_its_rehearsal(planned, seed_config):
    """R2's lines no longer fit what it runs: the run without faults fails, and no fault is tried."""
    plan = load_plan(planned)
    scene = scene_of(plan, planned)
    texts = dict(scene.texts) | {"R2": scene.texts["R2"].replace("group 14", "group 5")}
    from dataclasses import replace

    said = []
    done = rehearse(replace(scene, texts=texts), said.append)
    assert not done.passed and len(done.cases) == 1
    assert "R2 does not run what the plan was made for" in done.cases[0].wrong[0]


@pytest.mark.ssh
def test_a_report_that_is_not_true_is_noticed(planned, monkeypatch):
    """A change that claims success without having changed R2."""
    from ikeaudit.change.run import Run

    real = Run._send_step
    monkeypatch.setattr(Run, "_send_step", lambda self, step: real(self, step) if step.router == "R1" else None)
    monkeypatch.setattr(Run, "check_arrived", lambda self, name: None)
    scene = scene_of(load_plan(planned), planned)
    result = _run(scene, 1, ("R1", "R2"), None)
    assert not result.passed and result.result == "committed"
    assert result.runs["R2"] == "before" and "R2 runs before" in result.wrong[0]


@pytest.mark.ssh
@pytest.mark.parametrize("phase", ["arm", "confirm"])
def test_a_killed_change_is_finished(planned, phase):
    result = _run(scene_of(load_plan(planned), planned), 1, ("R1", "R2"), Case(KILLED, phase, "R2"))
    assert result.passed and result.result == "committed", result


@pytest.mark.ssh
@pytest.mark.parametrize("new_keys", [False, True])
def test_every_wave_of_a_move_to_ikev2(tmp_path, planned, new_keys):
    """Booted wave by wave, the later ones in the state that the earlier ones leave; new keys are made in the lab too."""
    from ikeaudit.remediation.strategies.ikev2 import Options, ikev2_strategy

    fleet = load_snapshot(tmp_path / "snapshot", Workspace.open()).fleet()
    strategy = ikev2_strategy(Options(new_keys=new_keys))
    made = make_plan(fleet, strategy, change_id="CHG-2", created=datetime.now(UTC))
    write_plan(tmp_path / "moved", made.plan, made.files)
    scene = scene_of(load_plan(tmp_path / "moved"), tmp_path / "moved", texts_of(fleet))
    for wave in scene.plan.waves:
        case = Case("connection lost, line carried out", "middle line", wave.routers[-1])
        for one in (None, case):
            result = _run(scene, wave.number, wave.routers, one)
            assert result.passed, (wave.number, result)
            assert result.result == ("committed" if one is None else "rolled-back")


def texts_of(fleet):
    return {router.name: "\n".join(router.lines) + "\n" for router in fleet.routers}


@pytest.mark.ssh
def test_a_configuration_that_is_saved_too_early_is_noticed(planned, monkeypatch):
    from ikeaudit.change.run import Run
    from ikeaudit.drive import safety

    real = Run.send

    def send(self):
        real(self)
        for name in self.routers:
            safety.save(self.devices[name])

    monkeypatch.setattr(Run, "send", send)
    result = _run(scene_of(load_plan(planned), planned), 1, ("R1", "R2"), Case("timer fires early", "ping", "R1"))
    assert not result.passed and "would start with after" in result.wrong[0], result
