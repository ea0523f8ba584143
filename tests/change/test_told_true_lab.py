"""What is true is what is said: tests with their configuration, waves by themselves, plans by their workspace."""

from __future__ import annotations

import msgspec
import pytest
from change_lab import OPTIONS, night, pairs

from ikeaudit.change import confirm_change, roll_back, status_of
from ikeaudit.change.report import ChangeStopError
from ikeaudit.change.run import Run
from ikeaudit.cli.main import main
from ikeaudit.lab.console import Console
from ikeaudit.remediation.plan_folder import seal, write_plan
from ikeaudit.remediation.strategies import find_strategy
from ikeaudit.report import Surface, WindowReport
from ikeaudit.report.console import draw
from ikeaudit.snapshot.workspace import Workspace

pytestmark = pytest.mark.ssh


def type_on(w, name, *lines):
    console = Console(w.lab.router(name), privilege=15)
    w.lab.do(lambda: [console.send(line) for line in ("configure terminal", *lines, "end")])


@pytest.mark.quick
def test_a_test_from_before_a_roll_back_is_shown_as_that(window, monkeypatch):
    """R1 could call R2 before the change, and is tested again; R2 could not, and what was tested of it holds no more."""
    w = window()

    def stop(self, already=()):
        raise ChangeStopError("Somebody stopped it.")

    monkeypatch.setattr(Run, "confirm", stop)
    report = w.apply()
    assert report.result == "rolled-back"
    assert {(test.initiator, test.on, test.result) for test in report.directions} == {
        ("R1", "before", "up"),
        ("R2", "after", "up"),
    }
    lines = draw(WindowReport(change=report), Surface()).splitlines()
    (one,) = [line for line in lines if line.startswith("R1 Tunnel1")]
    (other,) = [line for line in lines if line.startswith("R2 Tunnel1")]
    assert "taken back" not in one and "up with the configuration that was taken back, not tested since" in other


def test_confirming_a_wave_compares_with_that_wave(tmp_path):
    """The first wave is held while the second is still to come; the one line that differs is named."""
    from dataclasses import replace

    with night(tmp_path, pairs(2), find_strategy("single-keyring")) as n:
        assert len(n.setting.plan.waves) > 1
        assert n.apply(replace(OPTIONS, hold=True)).result == "held"
        assert confirm_change(n.setting, OPTIONS, n.said.append).result == "committed"
        assert n.apply(replace(OPTIONS, hold=True)).result == "held"
        type_on(n, "B2", "ip route 198.51.100.0 255.255.255.0 Null0")
        report = confirm_change(n.setting, OPTIONS, n.said.append)
        assert report.result == "rolled-back"
        assert report.cause == "B2 does not run what the plan predicts: + ip route 198.51.100.0 255.255.255.0 Null0."
        (told,) = [router for router in report.routers if router.name == "B2"]
        assert "ip route 198.51.100.0 255.255.255.0 Null0" in told.detail and "LOST" in told.detail


def test_what_a_person_took_back_has_not_failed(tmp_path):
    with night(tmp_path, pairs(2), find_strategy("single-keyring")) as n:
        assert n.apply().result == "committed" and n.apply().result == "committed"
        assert roll_back(n.setting, OPTIONS, n.said.append, wave=2).result == "rolled-back"
        (plan,) = status_of(n.setting.workspace, None).plans
        assert plan.waves[1].parts[0].state == "taken-back"
        assert "failed" not in plan.next_why and "was taken back" in plan.next_why


def test_a_plan_of_another_workspace_is_told_as_that(tmp_path, monkeypatch, capsys):
    """Not as if somebody had changed the keys on the routers."""
    with night(tmp_path, pairs(1), find_strategy("single-keyring")) as n:
        key = n.setting.workspace.fingerprinter.key_id
        plan = msgspec.structs.replace(n.setting.plan, key_id=key)
        files = {name: (tmp_path / "plan" / name).read_text() for name in plan.files}
        write_plan(tmp_path / "plan", seal(plan, files), files)
        monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path / "other"))
        monkeypatch.setenv("IKEAUDIT_USERNAME", "lab")
        monkeypatch.setenv("IKEAUDIT_PASSWORD", n.setting.keys.environment.password)
        other = Workspace.open().fingerprinter.key_id
        assert main(["approve", str(tmp_path / "plan"), "--by", "me"]) == 0
        for verb in (["apply", "--commit"], ["verify"]):
            capsys.readouterr()
            assert main([verb[0], str(tmp_path / "plan"), *verb[1:], "-i", str(tmp_path / "inventory")]) == 5
            err = capsys.readouterr().err
            assert key in err and other in err and "another workspace" in err
        monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(n.setting.workspace.path))
        assert main(["apply", str(tmp_path / "plan"), "--commit", "-i", str(tmp_path / "inventory")]) == 0
