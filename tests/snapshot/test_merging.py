"""Snapshots of several collectors become one, with one key, the newest of each host, and nothing lost in silence."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from collected import written

from ikeaudit.cli.main import main
from ikeaudit.model.errors import InputError, RefusedError
from ikeaudit.snapshot.dated import Run, write_run
from ikeaudit.snapshot.merging import merge
from ikeaudit.snapshot.workspace import KEY_FILE, Workspace
from ikeaudit.snapshot.writing import write_failed_host


@pytest.fixture
def ours(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "ws")


def test_both_ends_of_a_tunnel_meet(
    tmp_path: Path, ours: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(ours.path))
    north, south = written(tmp_path / "north", "R1", ours), written(tmp_path / "south", "R2", ours)
    assert main(["explain", str(north), "--format", "json"]) == 0
    alone = json.loads(capsys.readouterr().out)["exchanges"]
    assert {one["outcome"] for one in alone} == {"unknown"}
    assert main(["snapshot", "merge", str(north), str(south), "--out", str(tmp_path / "whole")]) == 0
    assert capsys.readouterr().out == f"{north}: 1 host\n{south}: 1 host\n2 hosts in {tmp_path / 'whole'}.\n"
    assert main(["explain", str(tmp_path / "whole"), "--format", "json"]) == 0
    whole = json.loads(capsys.readouterr().out)["exchanges"]
    assert [(one["initiator"], one["responder"], one["outcome"]) for one in whole] == [
        ("R1", "R2", "up"),
        ("R2", "R1", "up"),
    ]
    assert stat.S_IMODE((tmp_path / "whole").stat().st_mode) == 0o700
    assert sorted(path.name for path in (tmp_path / "whole").iterdir()) == ["R1", "R2"]


def test_two_collectors_with_one_key_and_two_without(tmp_path: Path, ours: Workspace) -> None:
    """The pair has one pre-shared key; with two fingerprint keys it would look like two."""
    foreign = Workspace.open(tmp_path / "other")
    north, south = written(tmp_path / "north", "R1", ours), written(tmp_path / "south", "R2", foreign)
    with pytest.raises(RefusedError) as refused:
        merge([north, south], tmp_path / "whole")
    told = str(refused.value)
    assert ours.fingerprinter.key_id in told
    assert foreign.fingerprinter.key_id in told
    assert not (tmp_path / "whole").exists()
    ours.export_key(tmp_path / "carried")
    assert stat.S_IMODE((tmp_path / "carried").stat().st_mode) == 0o600
    shared, new = Workspace.import_key(tmp_path / "carried", tmp_path / "third")
    assert new
    assert (tmp_path / "third" / KEY_FILE).read_bytes() == (ours.path / KEY_FILE).read_bytes()
    again = written(tmp_path / "south2", "R2", shared)
    assert merge([north, again], tmp_path / "whole").hosts == {str(north): 1, str(again): 1}


def test_of_a_host_in_both_the_newest_is_taken(tmp_path: Path, ours: Workspace) -> None:
    old = written(tmp_path / "a", "R1", ours, "2026-01-01T00:00:00Z", key="the-old-one-of-24-letters")
    new = written(tmp_path / "b", "R1", ours, "2026-01-01T00:00:01Z", key="the-new-one-of-24-letters")
    for order in ((old, new), (new, old)):
        out = tmp_path / f"out-{order[0].name}"
        merged = merge(order, out)
        (one,) = merged.chosen
        assert (one.host, one.taken, one.left) == ("R1", str(new), (str(old),))
        assert (out / "R1" / "running-config.txt").read_bytes() == (new / "R1" / "running-config.txt").read_bytes()


def test_a_configuration_beats_a_failure_however_old(tmp_path: Path, ours: Workspace) -> None:
    old = written(tmp_path / "a", "R1", ours, "2020-01-01T00:00:00Z")
    write_failed_host(
        tmp_path / "b", "R1", "timed out", {"collected": "2026"}, fingerprinter=ours.fingerprinter, missed="2026"
    )
    assert merge([tmp_path / "b", old], tmp_path / "out").chosen[0].taken == str(old)


def test_what_is_missing_is_said(tmp_path: Path, ours: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    north, south = written(tmp_path / "north", "R1", ours), written(tmp_path / "south", "R2", ours)
    written(south, "R1", ours)
    (south / "R1" / "meta.json").write_text("{")
    write_run(north, Run(started="2026-01-01T00:00:00Z", hosts=("R1", "R9")))
    assert main(["snapshot", "merge", str(north), str(south), "--out", str(tmp_path / "out")]) == 3
    told = capsys.readouterr().out.splitlines()
    assert f"left out: {south / 'R1'} (meta.json is damaged)" in told
    assert f"{north}: its collection did not come to its end" in told
    assert told[-1] == f"2 hosts in {tmp_path / 'out'}."


def test_latest_of_dated_ones(tmp_path: Path, ours: Workspace) -> None:
    written(tmp_path / "dated" / "20260101T000000Z", "R1", ours)
    (tmp_path / "dated" / "latest").symlink_to("20260101T000000Z")
    merged = merge([tmp_path / "dated", written(tmp_path / "south", "R2", ours)], tmp_path / "out")
    assert list(merged.hosts.values()) == [1, 1]


def test_wrong_folders(tmp_path: Path, ours: Workspace) -> None:
    north = written(tmp_path / "north", "R1", ours)
    (tmp_path / "empty").mkdir()
    for folders, out, sentence in (
        ([north, tmp_path / "empty"], "out", "empty is no snapshot"),
        ([north, tmp_path / "nowhere"], "out", "nowhere is no snapshot"),
        ([north, north / ".." / "north"], "out", "A snapshot is named twice."),
        ([north], "north", "north is not empty (R1); name a new folder with --out."),
    ):
        with pytest.raises(InputError) as wrong:
            merge(folders, tmp_path / out)
        assert sentence in str(wrong.value)
        assert not (tmp_path / "out").exists()


def test_no_key_is_overwritten(tmp_path: Path, ours: Workspace) -> None:
    other = Workspace.open(tmp_path / "other")
    ours.export_key(tmp_path / "carried")
    before = (other.path / KEY_FILE).read_bytes()
    with pytest.raises(RefusedError, match="another fingerprint key"):
        Workspace.import_key(tmp_path / "carried", other.path)
    assert (other.path / KEY_FILE).read_bytes() == before
    _, new = Workspace.import_key(tmp_path / "carried", ours.path)
    assert not new, "the same key again is no change"
    with pytest.raises(RefusedError, match="is there already"):
        other.export_key(tmp_path / "carried")
    with pytest.raises(RefusedError, match="no fingerprint key yet"):
        Workspace.open(tmp_path / "never", create=False).export_key(tmp_path / "no")
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize("content", ["", "abc", "0" * 63, "g" * 64, "hostname R1\n"])
def test_a_file_that_is_no_key(content: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text(content)
    (tmp_path / "file").chmod(0o644)
    with pytest.raises(InputError):
        Workspace.import_key(tmp_path / "file", tmp_path / "ws")
    assert not (tmp_path / "ws").exists()
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o644


def test_the_key_itself_is_never_printed(
    tmp_path: Path, ours: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = (ours.path / KEY_FILE).read_text().strip()
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(ours.path))
    assert main(["workspace"]) == 0
    assert main(["workspace", "export", str(tmp_path / "k")]) == 0
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path / "new"))
    assert main(["workspace"]) == 0
    assert not (tmp_path / "new").exists(), "who only looks makes nothing"
    assert main(["workspace", "import", str(tmp_path / "k")]) == 0
    assert main(["workspace", "import", str(tmp_path / "k")]) == 0
    assert main(["workspace", "burn"]) == 2
    assert main(["workspace", "export"]) == 2
    out, err = capsys.readouterr()
    assert ours.fingerprinter.key_id in out
    assert key not in out + err
    assert key[:16] not in (out + err).replace(ours.fingerprinter.key_id, "")
