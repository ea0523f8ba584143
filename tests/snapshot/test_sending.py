"""A host's folder read on another machine: the same reading, and nothing travels in which a key may stand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hub_fleets import hub_fleet
from wire import Wire

from ikeaudit.api import check, load, to_json
from ikeaudit.api import snapshot as api
from ikeaudit.model.errors import IkeauditError, RefusedError
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.snapshot import sending
from ikeaudit.snapshot.host_meta import CONFIG_FILE, META_FILE
from ikeaudit.snapshot.sending import Sent, read_there, sent_of
from ikeaudit.snapshot.workspace import Workspace
from ikeaudit.snapshot.writing import write_failed_host, write_snapshot_host

CASES = Path(__file__).parents[1] / "cases"
FOLDERS = sorted({path.parent for path in CASES.rglob("expect.toml") if any(path.parent.glob("*.cfg"))})
KEY = "Canary-sending-5Xq2"
SHOWN = "R1#show crypto isakmp key\nKeyring      Hostname/Address            Preshared Key\n\ndefault      192.0.2.9  "


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path / "ws"))
    return Workspace.open()


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    made = Wire()
    monkeypatch.setattr(api, "_elsewhere", lambda *_: made)
    return made


def said(folder: Path, **how: Any) -> str:
    """The document without its time, or the error."""
    nat = folder / "nat.yaml"
    try:
        loaded = load(folder, nat=nat if nat.exists() else (), **how)
        return re.sub(r'"time":"[^"]*"', "", to_json(check(loaded)))
    except IkeauditError as error:
        return f"{type(error).__name__}: {error}"


def written(folder: Path, texts: dict[str, str], workspace: Workspace, shows: dict[str, str] | None = None) -> Path:
    """A snapshot of those configurations, with a state."""
    shown = {"show crypto isakmp key": f"{SHOWN}{KEY}\n", "show clock": "*10:00:00.1 UTC Mon Nov 30 2026\n"}
    for name, text in texts.items():
        whole = text if text.rstrip().endswith("end") else f"{text.rstrip()}\nend\n"
        write_snapshot_host(
            folder, name, whole, shows or shown, {}, fingerprinter=workspace.fingerprinter, collected="2026-11-30T10:00:00Z"
        )  # fmt: skip
    return folder


def texts_of(folder: Path) -> dict[str, str]:
    return {file.stem: file.read_text("utf-8", "replace") for file in sorted(folder.glob("*.cfg"))}


@pytest.mark.parametrize("some", [FOLDERS[2::40], pytest.param(FOLDERS, marks=pytest.mark.full)], ids=["few", "all"])
def test_every_case_is_read_there_as_it_is_here(
    some: list[Path], tmp_path: Path, workspace: Workspace, wire: Wire
) -> None:
    for number, case in enumerate(some):
        folder = written(tmp_path / str(number), texts_of(case), workspace)
        alone = said(folder)
        wire.sent.clear()
        assert said(folder, runner="there") == alone, case
        assert wire.sent, case
        assert KEY.encode() not in b"".join(wire.sent)
    assert wire.here == 0


def test_what_was_read_there_is_in_the_cache_as_if_it_were_read_here(
    tmp_path: Path, workspace: Workspace, wire: Wire
) -> None:
    folder = written(tmp_path / "snap", hub_fleet(20, hubs=2, each=2), workspace)
    alone = said(folder)
    count = len([*folder.iterdir()])
    assert said(folder, runner="there", cache=True) == alone
    assert len(wire.sent) == count
    assert said(folder, runner="there", cache=True) == alone
    assert len(wire.sent) == count, "a warm cache sends nothing"
    assert said(folder, cache=True) == alone


def test_what_a_collection_could_not_read_is_told_the_same(tmp_path: Path, workspace: Workspace, wire: Wire) -> None:
    folder = written(tmp_path / "snap", hub_fleet(6, hubs=2, each=2), workspace)
    write_failed_host(
        folder, "R9", "timed out", {}, fingerprinter=workspace.fingerprinter, missed="2026-11-30T10:00:00Z"
    )
    alone = said(folder)
    assert "timed out" in alone
    assert said(folder, runner="there") == alone
    assert wire.here == 0


def append(text: str) -> Callable[[Path], None]:
    def change(file: Path) -> None:
        file.write_text(file.read_text().replace("\nend\n", f"\n{text}\nend\n"))

    return change


def in_meta(**changes: object) -> Callable[[Path], None]:
    def change(file: Path) -> None:
        file.write_text(json.dumps(json.loads(file.read_text()) | changes))

    return change


@pytest.mark.parametrize(
    ("name", "change"),
    [
        (CONFIG_FILE, append(f"crypto isakmp key {KEY} address 192.0.2.77")),
        (CONFIG_FILE, append(f"alias exec {KEY} show clock")),
        (CONFIG_FILE, lambda file: file.unlink()),
        (META_FILE, lambda file: file.unlink()),
        (META_FILE, lambda file: file.write_text(KEY)),
        (META_FILE, in_meta(grammar="of before")),
        (META_FILE, in_meta(before_hash=None)),
        (META_FILE, in_meta(details={"hostname": f"crypto isakmp key {KEY} address 192.0.2.1"})),
        (META_FILE, in_meta(reason=f"crypto isakmp key {KEY} address 192.0.2.1")),
        ("show-crypto-isakmp-key.txt", lambda file: file.write_text(f"{SHOWN}{KEY}\n")),
        ("show-more.txt", lambda file: file.write_bytes(b"\x1f\x8b" + KEY.encode())),
    ],
)
def test_a_folder_that_somebody_changed_stays_here(
    name: str, change: Callable[[Path], None], tmp_path: Path, workspace: Workspace, wire: Wire
) -> None:
    """Each of these would bring the key, or an unknown text, onto the wire if its check were left out."""
    folder = written(tmp_path / "snap", hub_fleet(6, hubs=2, each=2), workspace)
    change(sorted(folder.iterdir())[2] / name)
    told: list[str] = []
    assert said(folder, runner="there", tell=told.append) == said(folder)
    assert wire.here == 1
    assert KEY.encode() not in b"".join(wire.sent)
    assert [line.partition(" ")[0] for line in told] == ["1"]


def test_what_a_record_has_beside_its_fields_does_not_travel(tmp_path: Path, workspace: Workspace, wire: Wire) -> None:
    folder = written(tmp_path / "snap", hub_fleet(6, hubs=2, each=2), workspace)
    in_meta(note=KEY)(sorted(folder.iterdir())[2] / META_FILE)
    assert said(folder, runner="there") == said(folder)
    assert wire.here == 0
    assert KEY.encode() not in b"".join(wire.sent)


def test_plain_configurations_stay_here_and_that_is_said(tmp_path: Path, workspace: Workspace, wire: Wire) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    for name, text in hub_fleet(6, hubs=2, each=2).items():
        (folder / f"{name}.cfg").write_text(text)
    told: list[str] = []
    assert said(folder, runner="there", tell=told.append) == said(folder)
    assert not wire.sent
    assert told == [f"{len([*folder.iterdir()])} of {len([*folder.iterdir()])} {sending.STAYS}"]


def test_the_key_does_not_travel(tmp_path: Path, workspace: Workspace, wire: Wire) -> None:
    folder = written(tmp_path / "snap", hub_fleet(6, hubs=2, each=2), workspace)
    said(folder, runner="there")
    key = (workspace.path / "fingerprint.key").read_bytes().strip()
    everything = b"".join(wire.sent)
    assert key not in everything and bytes.fromhex(key.decode()) not in everything


def files_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_a_machine_with_another_key_reads_nothing(
    tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = written(tmp_path / "snap", {"R1": "hostname R1\nend\n"}, workspace)
    sent = sent_of("R1", files_of(folder / "R1"), workspace.fingerprinter)
    assert sent is not None and read_there(sent)
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path / "other"))
    with pytest.raises(RefusedError, match="another fingerprint key"):
        read_there(sent)
    Workspace.open()
    with pytest.raises(RefusedError, match="another fingerprint key"):
        read_there(sent)


def test_free_text_is_kept_there_as_it_is_here(tmp_path: Path, workspace: Workspace) -> None:
    """Settings that keep more there are no harm, settings that keep less are refused."""
    folder = written(tmp_path / "snap", {"R1": "hostname R1\nend\n"}, workspace)
    keeping = Fingerprinter(
        bytes.fromhex((workspace.path / "fingerprint.key").read_text().strip()), ["interface description"]
    )
    sent = sent_of("R1", files_of(folder / "R1"), keeping)
    assert sent is not None
    with pytest.raises(RefusedError, match="what is kept"):
        read_there(sent)
    (workspace.path / "settings.toml").write_text('keep = ["interface description", "access-list remark"]\n')
    assert read_there(sent)


def test_an_answer_about_another_host_counts_for_nothing(
    tmp_path: Path, workspace: Workspace, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = written(tmp_path / "snap", hub_fleet(6, hubs=2, each=2), workspace)
    alone = said(folder)
    first = min(entry.name for entry in folder.iterdir())
    really = sending.read_there
    answers: list[bytes] = []

    def mixed(content: bytes) -> bytes:
        """Every answer is that to the first question, cut short, or no answer."""
        answers.append(really(content))
        return (answers[0], answers[-1][:-3], b"", msgspec.msgpack.encode((b"{}", b"[]")))[len(answers) % 4]

    monkeypatch.setattr(sending, "read_there", mixed)
    assert said(folder, runner="there", cache=True) == alone
    assert len(answers) == len([*folder.iterdir()])
    assert msgspec.msgpack.decode(wire.sent[0], type=Sent).name == first
    monkeypatch.undo()
    assert said(folder, cache=True, workspace=workspace.path) == alone, "nothing of it was kept"
