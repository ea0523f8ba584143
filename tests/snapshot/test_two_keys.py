"""Routers that were collected under several workspaces: a key of one is never compared with that of another."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from collected import config, written

from ikeaudit.cli.main import main
from ikeaudit.snapshot.one_key import key_of_most
from ikeaudit.snapshot.workspace import Workspace


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path / "ws"))
    return Workspace.open(tmp_path / "ws")


@pytest.fixture
def theirs(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "other")


def answered(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, dict[str, object]]:
    code = main([*map(str, arguments), "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("plain", [False, True], ids=["both collected", "a file beside"])
def test_equal_keys_do_not_differ(
    plain: bool, tmp_path: Path, ours: Workspace, theirs: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody says that the keys differ; the router of the other workspace is missing, and the answer incomplete."""
    folder = tmp_path / "mix"
    folder.mkdir()
    written(folder, "R2", theirs)
    if plain:
        (folder / "R1.cfg").write_text(config("R1"))
    else:
        written(folder, "R1", ours)
    code, body = answered(capsys, "check", folder)
    assert code == 3 and body["incomplete"] is True
    assert not {one["code"] for one in body["findings"]} & {"PW-PSK-DIFF", "PW-BOTHFAIL"}  # type: ignore[attr-defined]
    code, body = answered(capsys, "explain", folder)
    assert {one["outcome"] for one in body["exchanges"]} == {"unknown"}  # type: ignore[attr-defined]
    assert main(["coverage", str(folder)]) == 3
    told = " ".join(capsys.readouterr().out.split())
    assert f"R2: was collected under another workspace (fingerprint key {theirs.fingerprinter.key_id}" in told


def test_all_of_another_workspace_are_compared(
    tmp_path: Path, ours: Workspace, theirs: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(written(tmp_path / "both", "R1", theirs), "R2", theirs)
    assert theirs.fingerprinter.key_id != ours.fingerprinter.key_id
    code, body = answered(capsys, "explain", folder)
    assert code == 0
    assert {one["outcome"] for one in body["exchanges"]} == {"up"}  # type: ignore[attr-defined]


def test_two_nights_of_two_workspaces_are_not_compared(
    tmp_path: Path, ours: Workspace, theirs: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    new, old = written(tmp_path / "new", "R1", ours), written(tmp_path / "old", "R1", theirs)
    same = written(tmp_path / "same", "R1", ours)
    assert main(["check", str(new), "--against", str(old)]) == 5
    out, err = capsys.readouterr()
    assert out == "" and "collected under two workspaces" in err
    assert ours.fingerprinter.key_id in err and theirs.fingerprinter.key_id in err
    assert main(["check", str(new), "--against", str(same)]) == 0


@pytest.mark.parametrize(
    ("key_ids", "kept"),
    [
        ([], "own"),
        (["own", "b", "b"], "own"),
        (["b", "a", "b"], "b"),
        (["b", "a"], "a"),
        (["b"], "b"),
    ],
)
def test_whose_routers_are_looked_at(key_ids: list[str], kept: str) -> None:
    """Wrong lines that this catches: those of most before one's own, another one each time where there are as many."""
    assert key_of_most(key_ids, "own") == kept
