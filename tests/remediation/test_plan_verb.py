"""``ikeaudit plan`` from the outside: exit codes, sentences, files, and no key anywhere."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest

from ikeaudit.cli.endings import EXIT_INTERRUPTED, ended_politely
from ikeaudit.cli.main import main
from ikeaudit.remediation import proven_parts
from ikeaudit.remediation.plan_folder import load_plan
from ikeaudit.snapshot.private_files import is_draft

PLANS = Path(__file__).parent / "plans"
CANARY = "Canary-PSK-5f17-do-not-show"


@pytest.fixture(autouse=True)
def workspace(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path_factory.mktemp("workspace") / "ws"))


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for path in (PLANS / "a1-seed").glob("*.cfg"):
        (folder / path.name).write_text(path.read_text().replace("key cisco", f"key {CANARY}"))
    return folder


def run(*words: object) -> int:
    """Without the step that gives a router an archive path."""
    return main(["plan", "--no-archive", *map(str, words)])


def test_a_plan_is_shown_and_written(seed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert run(seed, "--strategy", "single-keyring", "--out", out, "--change-id", "CHG-7") == 0
    shown = capsys.readouterr()
    assert not shown.err
    assert "change CHG-7: 2 routers, 8 steps, proven" in shown.out
    assert "down (keyring-verification, unpredictable)" in shown.out
    assert "Empty keyring2; its keys are in keyring1" in shown.out
    assert load_plan(out).change_id == "CHG-7"
    assert load_plan(out).digest[:16] in shown.out


def test_the_key_is_nowhere(seed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert run(seed, "--strategy", "single-keyring", "--out", out, "--format", "json") == 0
    shown = capsys.readouterr()
    assert CANARY not in shown.out + shown.err
    for path in out.rglob("*"):
        assert path.is_dir() or CANARY not in path.read_text(), path


def test_json_is_the_plan(seed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert run(seed, "-s", "single-keyring", "-o", out, "-f", "json") == 0
    printed = capsys.readouterr().out
    assert printed == (out / "plan.json").read_text()
    assert json.loads(printed)["schema"] == "ikeaudit.plan/1"


def test_only_one_host(seed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(seed, "-s", "single-keyring", "-o", tmp_path / "out", "--host", "R2") == 0
    assert [router.name for router in load_plan(tmp_path / "out").routers] == ["R2"]
    assert "1 router, 4 steps" in capsys.readouterr().out


def test_planning_the_result_finds_nothing_to_do(
    seed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, after = tmp_path / "out", tmp_path / "after"
    run(seed, "-s", "single-keyring", "-o", out)
    after.mkdir()
    for host in ("R1", "R2"):
        (after / f"{host}.cfg").write_text((out / host / "after.cfg").read_text())
    assert run(after, "-s", "single-keyring", "-o", tmp_path / "again") == 0
    assert "nothing to do" in capsys.readouterr().out
    assert load_plan(tmp_path / "again").empty


def test_nothing_plannable_is_refused_with_the_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(PLANS / "refused-different-keys", "-s", "single-keyring", "-o", tmp_path / "out") == 5
    shown = capsys.readouterr()
    assert "hold different keys for 198.51.100.1" in shown.out
    assert "hub.cfg:7: pre-shared-key address 198.51.100.1 key <PSK:" in shown.out
    assert shown.err.startswith("ikeaudit: Nothing was planned; HUB, keyrings K1 and K2")
    assert shown.err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--strategy", "none", "--out", "OUT"], "There is no strategy 'none'; choose one of: single-keyring"),
        (["--strategy", "single-keyring"], "Missing option '--out'"),
        (["--out", "OUT"], "Missing option '--strategy'"),
        (["-s", "single-keyring", "-o", "OUT", "--host", "R9"], "There is no router 'R9'"),
        (["-s", "single-keyring", "-o", "OUT", "--change-id", "a b"], "A change id has up to 40 letters"),
        (["-s", "single-keyring", "-o", "OUT", "--templates", "none"], "The template folder none is not a folder"),
        (["-s", "single-keyring", "-o", "OUT", "-f", "xml"], "'xml' is none of console, json"),
        (["-s", "single-keyring", "-o", "IN"], "holds files that are no plan"),
    ],
)
def test_wrong_usage_is_one_sentence(
    seed: Path, tmp_path: Path, words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    places = {"OUT": str(tmp_path / "out"), "IN": str(seed)}
    assert run(seed, *(places.get(word, word) for word in words)) == 2
    shown = capsys.readouterr()
    assert not shown.out
    assert sentence in shown.err
    assert shown.err.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGHUP])
def test_a_polite_kill_leaves_nothing_of_a_plan(
    name: signal.Signals, seed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes while the draft of the folder is there already."""
    before, drafts = signal.getsignal(name), list[str]()

    def killed(*_: object, **__: object) -> None:
        drafts.extend(one.name for one in (tmp_path / "new").iterdir())
        os.kill(os.getpid(), name)
        time.sleep(5)

    monkeypatch.setattr(proven_parts, "prove", killed)
    assert run(seed, "-s", "single-keyring", "-o", tmp_path / "new" / "out") == EXIT_INTERRUPTED
    assert [is_draft(one) for one in drafts] == [True]
    assert not (tmp_path / "new").exists()
    assert signal.getsignal(name) is before


def test_a_lost_terminal_is_nothing_to_a_run_that_ignores_it() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with ended_politely():
            os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_second_kill_does_not_end_the_cleaning_up() -> None:
    cleaned = []
    with pytest.raises(KeyboardInterrupt), ended_politely():
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)
            cleaned.append(True)
    assert cleaned == [True]
