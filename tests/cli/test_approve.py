"""``ikeaudit approve``: who stands for which plan, and what counts as approved."""

from __future__ import annotations

import json
import os
import re
import shlex
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from ikeaudit.cli.main import main
from ikeaudit.model.errors import RefusedError
from ikeaudit.remediation.plan_folder import load_plan, require_approval
from ikeaudit.report import load_schema

NOTHING = Path(__file__).parents[1] / "remediation" / "plans" / "nothing-to-do"


def run(*words: object) -> int:
    return main([str(word) for word in words])


def make(snapshot: Path, out: Path, change: str = "CHG-7") -> Path:
    assert run("plan", snapshot, "-s", "single-keyring", "-o", out, "--change-id", change, "--no-archive") == 0
    return out


@pytest.fixture
def plan(seed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    folder = make(seed, tmp_path / "plan")
    capsys.readouterr()
    return folder


def test_an_approval_names_plan_person_and_time(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("approve", plan, "--by", "  Ada  Lovelace ") == 0
    digest = load_plan(plan).digest
    shown = capsys.readouterr()
    assert not shown.err
    assert "single-keyring, change CHG-7: 2 routers, 8 steps in 1 wave." in shown.out
    assert "Routers: R1, R2." in shown.out and "No step interrupts traffic. Refused: nothing." in shown.out
    assert "Approved by Ada Lovelace at " in shown.out and digest in shown.out
    written = json.loads((plan / "approval.json").read_text())
    Draft202012Validator(load_schema("ikeaudit.approval/1")).validate(written)
    assert (written["change_id"], written["digest"], written["by"]) == ("CHG-7", digest, "Ada Lovelace")
    assert datetime.now(UTC) - datetime.fromisoformat(written["at"]) < timedelta(minutes=2)
    assert stat.S_IMODE((plan / "approval.json").stat().st_mode) == 0o600
    assert require_approval(plan, load_plan(plan)).by == "Ada Lovelace"
    assert not [path.name for path in plan.iterdir() if path.name.startswith(".")]


def test_the_approval_as_json(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("approve", plan, "--by", "Ada", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out) == json.loads((plan / "approval.json").read_text())


def test_a_later_approval_replaces_an_earlier_one_and_says_so(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("approve", plan, "--by", "Ada")
    assert run("approve", plan, "--by", "Grace") == 0
    assert "This replaces the approval of Ada." in capsys.readouterr().out
    assert require_approval(plan, load_plan(plan)).by == "Grace"


def test_a_plan_that_nobody_approved_and_the_command_that_is_printed_of_it(
    plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(
        RefusedError, match=r'CHG-7 is not approved; read .*plan\.md, then `ikeaudit approve .* --by "\$USER"`'
    ) as refused:
        require_approval(plan, load_plan(plan))
    monkeypatch.setenv("USER", "Ada")
    (printed,) = re.findall("`(ikeaudit .*)`", str(refused.value))
    assert run(*shlex.split(os.path.expandvars(printed))[1:]) == 0
    assert require_approval(plan, load_plan(plan)).by == "Ada"


def test_a_plan_made_anew_is_not_the_one_that_was_approved(plan: Path, seed: Path) -> None:
    run("approve", plan, "--by", "Ada")
    kept = (plan / "approval.json").read_text()
    make(seed, plan, "CHG-8")
    assert not (plan / "approval.json").exists(), "the folder is replaced as a whole"
    (plan / "approval.json").write_text(kept)
    with pytest.raises(RefusedError, match=r"Ada approved the plan [0-9a-f]{16}, and this one is [0-9a-f]{16}"):
        require_approval(plan, load_plan(plan))


def test_an_altered_plan_cannot_be_approved(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = plan / "R1" / "apply.cfg"
    path.write_text(path.read_text() + "no ip routing\n")
    assert run("approve", plan, "--by", "Ada") == 5
    assert "apply.cfg was altered after the plan was made" in capsys.readouterr().err
    assert not (plan / "approval.json").exists()


@pytest.mark.parametrize("content", ["", "{", "[]", "{}"])
def test_the_status_of_a_damaged_plan(plan: Path, content: str, capsys: pytest.CaptureFixture[str]) -> None:
    (plan / "plan.json").write_text(content)
    capsys.readouterr()
    assert run("status", plan) == 2
    assert f"{plan / 'plan.json'} is damaged and does not tell which change it is" in capsys.readouterr().err


OTHER = (
    '{"schema": "ikeaudit.approval/9", "change_id": "CHG-7", "digest": "0", "by": "Ada", "at": "2026-01-01T00:00:00Z"}'
)


@pytest.mark.parametrize(
    ("content", "what"),
    [("", "damaged"), ("{", "damaged"), ("{}", "damaged"), ("[]", "damaged"), (OTHER, "no approval of this version")],
)
def test_a_damaged_approval_is_none_and_is_replaced_by_the_command_that_is_printed(
    plan: Path, content: str, what: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (plan / "approval.json").write_text(content)
    capsys.readouterr()
    assert run("plan", "show", plan) == 0
    shown = capsys.readouterr().out
    assert "CHG-7" in shown
    assert f"approval.json is {what}" in " ".join(shown.split())
    with pytest.raises(RefusedError, match=rf"approval\.json is {what}") as refused:
        require_approval(plan, load_plan(plan))
    monkeypatch.setenv("USER", "Ada")
    (printed,) = re.findall("`(ikeaudit .*)`", str(refused.value))
    assert run(*shlex.split(os.path.expandvars(printed))[1:]) == 0
    assert "This replaces" not in capsys.readouterr().out
    assert require_approval(plan, load_plan(plan)).by == "Ada"


def test_a_plan_that_changes_nothing_needs_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make(NOTHING, tmp_path / "empty")
    capsys.readouterr()
    assert run("approve", folder, "--by", "Ada") == 5
    assert "changes nothing" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "Missing option '--by'"),
        (["--by", ""], "--by is empty (an unset variable?)"),
        (["--by", " "], "--by takes the name of who approves"),
        (["--by", "a\x1b[2Jb"], "--by takes the name of who approves"),
        (["--by", "x" * 81], "up to 80 printable characters"),
        (["--by", "Ada", "--format", "xml"], "'xml' is none of console, json"),
    ],
)
def test_wrong_usage_is_one_sentence(
    plan: Path, words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("approve", plan, *words) == 2
    shown = capsys.readouterr()
    assert not shown.out and sentence in shown.err and shown.err.count("\n") == 1
    assert not (plan / "approval.json").exists()


def test_no_plan_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("approve", tmp_path / "none", "--by", "Ada") == 2
    assert "There is no plan in" in capsys.readouterr().err


def test_apply_refuses_before_it_asks_for_anything(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No inventory is there: it is not even looked for until the plan is approved."""
    assert run("apply", plan, "--inventory", "nowhere", "--commit") == 5
    assert "CHG-7 is not approved" in capsys.readouterr().err
    run("approve", plan, "--by", "Ada")
    assert run("apply", plan, "--inventory", "nowhere", "--commit") == 2
    assert "no inventory at nowhere" in capsys.readouterr().err
    path = plan / "plan.json"
    path.write_text(path.read_text().replace("no crypto keyring keyring2", "no crypto keyring keyring1"))
    assert run("apply", plan, "--inventory", "nowhere", "--commit") == 5
    assert "altered" in capsys.readouterr().err


def test_looking_at_the_lines_needs_no_approval(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("apply", plan) == 0
    assert "R1(config)# no crypto keyring keyring2" in capsys.readouterr().out
