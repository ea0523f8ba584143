"""``ikeaudit plan show`` and ``plan diff``: a plan that was written before, for people who review it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ikeaudit.cli.main import main
from ikeaudit.remediation.plan_folder import load_plan

HUB = Path(__file__).parents[1] / "remediation" / "plans" / "a2-many-keyrings"
ORDER = Path(__file__).parents[1] / "remediation" / "plans" / "a1-order-changes"


def run(*words: object) -> int:
    return main([str(word) for word in words])


def made(snapshot: Path, out: Path, *words: object) -> Path:
    assert run("plan", snapshot, "-s", "single-keyring", "-o", out, "--change-id", "CHG-7", "--no-archive", *words) == 0
    return out


@pytest.fixture
def plan(seed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    folder = made(seed, tmp_path / "plan")
    capsys.readouterr()
    return folder


@pytest.mark.parametrize(
    "words", [("show", "PLAN"), ("PLAN", "--show"), ("--show", "PLAN"), ("show", "-f", "console", "PLAN")]
)
def test_a_plan_is_shown_as_it_was_when_it_was_made(
    plan: Path, seed: Path, words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("plan", *(plan if word == "PLAN" else word for word in words)) == 0
    shown = capsys.readouterr().out
    made(seed, tmp_path / "again")
    first = capsys.readouterr().out
    upto = shown.index("\nIn ")
    assert shown[:upto] == first[:upto] and "change CHG-7: 2 routers, 8 steps, proven" in shown
    assert "R1  place 1 of 2; together with R2, the other end of its only tunnel" in shown
    assert f"In {plan}: plan.md to read" in shown and load_plan(plan).digest[:16] in shown
    assert "Nobody has approved it yet." in shown


def test_who_approved_it_is_shown(plan: Path, seed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("approve", plan, "--by", "Ada")
    kept = (plan / "approval.json").read_text()
    capsys.readouterr()
    run("plan", "show", plan)
    assert "Approved by Ada at 2" in capsys.readouterr().out
    made(seed, plan, "--host", "R1")
    (plan / "approval.json").write_text(kept)
    capsys.readouterr()
    run("plan", "show", plan)
    assert "Ada approved another plan in this place" in capsys.readouterr().out


def test_the_plan_as_json(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("plan", "show", plan, "--format", "json") == 0
    assert capsys.readouterr().out == (plan / "plan.json").read_text()


DIFF = """\
--- {name} before CHG-7
+++ {name} after CHG-7
-crypto keyring keyring2
- pre-shared-key address {peer} key {token}
 crypto isakmp profile profile2
- keyring keyring2
+ keyring keyring1
"""
"""DOMAIN 12 A1: keyring2 goes, and the profile that listed it lists keyring1."""


@pytest.mark.parametrize("words", [("diff", "PLAN"), ("PLAN", "--diff")])
def test_the_difference_by_router(
    plan: Path, canary: str, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("plan", *(plan if word == "PLAN" else word for word in words)) == 0
    shown = capsys.readouterr()
    (need,) = load_plan(plan).router("R1").keys
    one = DIFF.format(name="R1", peer="192.168.0.2", token=need.token)
    other = DIFF.format(name="R2", peer="192.168.0.1", token=need.token)
    assert shown.out == one + other and not shown.err
    assert canary not in shown.out


def test_the_difference_on_one_router(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("plan", "diff", plan, "--host", "r2") == 0
    shown = capsys.readouterr().out
    assert shown.startswith("--- R2 before") and "R1" not in shown


def test_every_line_that_stays_apart_is_in_the_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the diff takes away is in the configuration before, what it adds is in the one after."""
    folder = made(HUB, tmp_path / "plan")
    capsys.readouterr()
    assert run("plan", "diff", folder) == 0
    lines = capsys.readouterr().out.splitlines()[2:]
    gone = {line[1:].strip() for line in lines if line.startswith("-")}
    new = {line[1:].strip() for line in lines if line.startswith("+")}
    after = {line.strip() for line in (folder / "HUB" / "after.cfg").read_text().splitlines()}
    assert new and new <= after
    headers = {line for line in gone if line.startswith("crypto keyring")}
    assert headers and not headers & after


def test_an_order_that_cannot_come_back_does_no_harm(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = made(ORDER, tmp_path / "plan")
    assert load_plan(folder).routers[0].order_changes
    capsys.readouterr()
    assert run("plan", "diff", folder) == 0
    assert "~" not in capsys.readouterr().out


@pytest.mark.parametrize("word", ["show", "diff"])
def test_an_altered_plan_is_not_printed(plan: Path, word: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = plan / "R2" / "after.cfg"
    path.write_text(path.read_text().replace("keyring1", "keyring9"))
    assert run("plan", word, plan) == 5
    shown = capsys.readouterr()
    assert not shown.out and "after.cfg was altered" in shown.err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["show"], "Missing argument 'PATH'"),
        (["show", "nowhere"], "There is no plan in nowhere"),
        (["show", "PLAN", "--out", "x"], "--out is for making a plan"),
        (["show", "PLAN", "--wave-size", "3"], "--wave-size is for making a plan"),
        (["show", "PLAN", "--host", "R1"], "--host chooses routers of `plan diff`"),
        (["diff", "PLAN", "--format", "json"], "`plan diff` is text"),
        (["diff", "PLAN", "--host", "R9"], "There is no router 'R9'"),
    ],
)
def test_wrong_usage_is_one_sentence(
    plan: Path, words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("plan", *(plan if word == "PLAN" else word for word in words)) == 2
    shown = capsys.readouterr()
    assert not shown.out and sentence in shown.err and shown.err.count("\n") == 1


def test_a_snapshot_may_be_called_show(seed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    seed.rename(tmp_path / "show")
    assert run("plan", "show", "--strategy", "single-keyring", "--out", "plan") == 0
    assert load_plan(Path("plan")).routers


def test_the_size_of_waves(seed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made(seed, tmp_path / "plan", "--wave-size", 1)
    assert len(load_plan(tmp_path / "plan").waves) == 1, "two routers that only talk to each other stay together"
    assert run("plan", seed, "-s", "single-keyring", "-o", tmp_path / "other", "--wave-size", 0) == 2
