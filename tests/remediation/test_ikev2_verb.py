"""``ikeaudit plan --strategy ikev2`` from the outside: options, exit codes, sentences, and no key anywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from ikeaudit.cli.main import main
from ikeaudit.remediation.plan_folder import load_plan
from ikeaudit.remediation.strategies.ikev2 import IKEV2

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


def test_a_move_is_planned_and_shown(seed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert run(seed, "--strategy", "ikev2", "--out", out, "--change-id", "CHG-7") == 0
    shown = capsys.readouterr()
    assert not shown.err
    assert "ikev2, change CHG-7: 2 routers, 16 steps, proven" in shown.out
    assert "until step 6 has been sent" in shown.out
    assert load_plan(out).strategy == "ikev2"
    for path in out.rglob("*"):
        assert path.is_dir() or CANARY not in path.read_text(), path
    assert CANARY not in shown.out


def test_suite_keys_and_clean_up_are_chosen(seed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    suites = tmp_path / "suites.yaml"
    suites.write_text(
        "ours:\n  ike: {encryption: [aes-cbc-192], integrity: [sha512], group: [21]}\n"
        "  esp: {transforms: [esp-aes 192, esp-sha512-hmac]}\n"
    )
    out = tmp_path / "out"
    assert (
        run(seed, "-s", "ikev2", "-o", out, "--suites", suites, "--suite", "ours", "--new-keys", "--cleanup", "later")
        == 0
    )
    capsys.readouterr()
    plan = load_plan(out)
    lines = plan.commands_of("R1")
    assert "encryption aes-cbc-192" in lines
    assert not [line for line in lines if line.startswith("set pfs")]
    local, remote = (
        next(line for line in lines if line.startswith(f"pre-shared-key {side}")) for side in ("local", "remote")
    )
    far = plan.commands_of("R2")
    assert local.replace("local", "remote") in far and remote.replace("remote", "local") in far
    assert {need.source for need in plan.router("R1").keys} == {"generated"}
    assert {step.phase for step in plan.steps} == {"additive", "switch"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--suite", "nsa"), "There is no suite 'nsa'; choose one of: ngfw-compat, cnsa, cnsa-gcm, classic."),
        (("--second-cloud", "none.yaml"), "none.yaml: cannot be read"),
    ],
)
def test_bad_options(
    seed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], sentence: str
) -> None:
    assert run(seed, "-s", "ikev2", "-o", tmp_path / "out", *words) == 2
    assert sentence in " ".join(capsys.readouterr().err.split())


def test_options_of_another_strategy(seed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(seed, "-s", "single-keyring", "-o", tmp_path / "out", "--new-keys") == 2
    assert "--new-keys belongs to the strategy ikev2; leave it out with single-keyring." in " ".join(
        capsys.readouterr().err.split()
    )


def test_a_peer_alone_is_refused(seed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (seed / "R2.cfg").unlink()
    assert run(seed, "-s", "ikev2", "-o", tmp_path / "out") == 5
    shown = capsys.readouterr()
    assert "The configuration of its peer 192.168.0.2 is not here" in " ".join((shown.out + shown.err).split())


def test_the_page_is_the_strategy_s() -> None:
    page = Path(__file__).parents[2] / "docs" / "strategies" / "ikev2.md"
    assert page.read_text(encoding="utf-8") == IKEV2.documentation, "docs/strategies/ikev2.md is stale: make docs"
