"""Whoever writes a private file leaves what was there when the disk takes no more, and writes by the one way there is."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from plans import fleet_in, planned

from ikeaudit.change.by_hand import write_sheet
from ikeaudit.change.journal import Progress
from ikeaudit.change.kept import keep
from ikeaudit.change.locks import locked
from ikeaudit.change.plan_parts import write_text
from ikeaudit.change.rehearsal import Rehearsal, write_rehearsal
from ikeaudit.cli.output import write_private as write_document
from ikeaudit.collect.folder import SnapshotFolder
from ikeaudit.collect.reading import Reading
from ikeaudit.lab import LabRouter
from ikeaudit.lab.lab import write_inventory
from ikeaudit.model.errors import InputError
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.remediation.plan_folder import approve, write_plan
from ikeaudit.snapshot.loading import load_snapshot
from ikeaudit.snapshot.workspace import Workspace
from ikeaudit.snapshot.writing import write_failed_host, write_snapshot_host

ROOT = Path(__file__).resolve().parents[1]
PRINTER = Fingerprinter(b"whole" * 4)
WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
CONFIG = "version 15.7\nhostname R1\n!\ncrypto keyring K\n  pre-shared-key address 192.0.2.1 key Canary-8\n!\nend\n"
SEED = planned(fleet_in(Path(__file__).parent / "remediation/plans/a1-seed"))

Write = Callable[[Path, int], object]
"""Writes into a folder; the number tells what is written the first time from what is written then."""


def _host(folder: Path, number: int) -> None:
    shows = {"show clock": f"12:00:0{number}"}
    write_snapshot_host(folder, "R1", CONFIG, shows, {}, fingerprinter=PRINTER)


def _failed(folder: Path, number: int) -> None:
    if number == 1:
        _host(folder, 1)
    else:
        write_failed_host(folder, "R1", "no answer", {}, fingerprinter=PRINTER)


def _plan(folder: Path, number: int) -> None:
    write_plan(folder / "plan", SEED.plan, {**SEED.files, "plan.md": str(number)})


def _approval(folder: Path, number: int) -> None:
    approve(folder, SEED.plan, by=f"Ann {number}", at=WHEN)


def _rehearsal(folder: Path, number: int) -> None:
    found = Rehearsal(
        change_id="C", digest=str(number), tool_version="0", at="", faults="some", passed=True, missing=(), cases=()
    )
    write_rehearsal(folder, found)


def _sheet(folder: Path, number: int) -> None:
    write_sheet(folder, SEED.plan, Progress(), WHEN + timedelta(hours=number))


def _predicted(folder: Path, number: int) -> None:
    write_text(folder / "R1/after.cfg", str(number))


def _kept(folder: Path, number: int) -> None:
    """A damaged copy is replaced."""
    write_plan(folder.with_name("source"), SEED.plan, SEED.files)
    keep(Workspace.open(folder), SEED.plan.digest, folder.with_name("source"))
    if number == 1:
        next(folder.rglob("after.cfg")).write_text("damaged")


def _key(folder: Path, number: int) -> None:
    """There is no second key: what a full disk must leave is nothing."""
    if number == 2:
        Workspace.open(folder)


def _inventory(folder: Path, number: int) -> None:
    write_inventory(folder, [LabRouter("R1", CONFIG)], "127.0.0.1", {"R1": 2200 + number})


def _document(folder: Path, number: int) -> None:
    write_document(folder / "report.json", str(number).encode())


WRITERS: dict[str, Write] = {
    "host": _host,
    "failed host": _failed,
    "plan": _plan,
    "approval": _approval,
    "rehearsal": _rehearsal,
    "sheet": _sheet,
    "predicted configuration": _predicted,
    "kept plan": _kept,
    "key": _key,
    "inventory of the lab": _inventory,
    "document": _document,
}
SILENT = {"sheet"}
"""What a full disk must not stop."""


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b"/" for path in folder.rglob("*")}


def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that takes half of what it is given next, and then nothing."""
    real, taken = os.write, []

    def write(handle: int, data: bytes) -> int:
        if taken:
            raise OSError(28, "No space left on device")
        taken.append(1)
        return real(handle, bytes(data)[: len(data) // 2])

    monkeypatch.setattr(os, "write", write)


def unsynced(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that takes everything and then turns out to be broken."""

    def sync(handle: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", sync)


def fixed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder in which nothing can be renamed or linked any more."""

    def refuse(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    for name in ("rename", "replace"):
        monkeypatch.setattr(os, name, refuse)


@pytest.mark.parametrize("fault", [full, unsynced, fixed], ids=lambda fault: fault.__name__)
@pytest.mark.parametrize("name", WRITERS)
def test_a_failing_write_leaves_what_was_there(
    name: str, fault: Callable[[pytest.MonkeyPatch], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "key" and fault is fixed:
        pytest.skip("a key is linked into its place, not renamed")
    folder = tmp_path / "folder"
    folder.mkdir(mode=0o700)
    write = WRITERS[name]
    write(folder, 1)
    before = tree(folder)
    with monkeypatch.context() as broken:
        if name == "kept plan":  # its source, not what is tested
            broken.setattr(f"{__name__}.write_plan", lambda *_: None)
        fault(broken)
        with suppress(InputError) if name in SILENT else pytest.raises(InputError) as told:
            write(folder, 2)
        assert name in SILENT or not re.search(r"\.draft|Errno|Canary", str(told.value))
    assert tree(folder) == before
    write(folder, 2)
    assert tree(folder) != before, "the second time something else is written"
    assert {path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_file()} == {0o600}


def test_a_full_disk_does_not_keep_a_lock_from_being_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full(monkeypatch)
    with (
        locked(tmp_path, change_id="C1", digest="0" * 64, routers=["R1"]),
        pytest.raises(InputError.__base__, match="being changed"),  # type: ignore[arg-type]
        locked(tmp_path, change_id="C2", digest="1" * 64, routers=["R1"]),
    ):
        pass
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_a_collection_that_was_killed_can_be_done_again_and_is_told_of_meanwhile(tmp_path: Path) -> None:
    """R10 lies there, R1 only as what was being written; R2 lies there and was being written anew."""
    folder = tmp_path / "snapshot"
    for host in ("R10", "R2"):
        write_snapshot_host(folder, host, CONFIG.replace("R1", host), {}, {}, fingerprinter=PRINTER)
    (folder / ".R1.a1b2c3d4.draft").mkdir()
    (folder / ".R2.a1b2c3d4.draft").mkdir()
    (folder / "R10").rename(folder / ".R10.a1b2c3d4.draft.old")
    found = load_snapshot(folder, Workspace.open(tmp_path / "ws"))
    assert [(problem.host, problem.file) for problem in found.failed_hosts] == [
        ("R1", ".R1.a1b2c3d4.draft"),
        ("R10", ".R10.a1b2c3d4.draft.old"),
    ]
    assert "collect it again" in found.failed_hosts[0].text
    again = SnapshotFolder(folder, PRINTER)
    for host in ("R1", "R10"):
        again.write(host, Reading(config=CONFIG.replace("R1", host), shows={}), {})
    found = load_snapshot(folder, Workspace.open(tmp_path / "ws"))
    assert not found.failed_hosts and [router.name for router in found.routers] == ["R1", "R10", "R2"]


BY_HAND = re.compile(
    r"mkstemp|mkdtemp|NamedTemporaryFile|O_CREAT|O_TRUNC|\.write_(?:text|bytes)\(|\.touch\(|\.chmod\(|\.mkdir\(mode"
    r"|os\.(?:replace|link)\b|\bopen\([^)]*[\"'][wxa]b?\+?[\"']|0o[67]00"
)


def test_nobody_else_makes_files() -> None:
    """One way alone: what it does not do, a caller forgets."""
    writer = ROOT / "snapshot/ikeaudit/snapshot/private_files.py"
    assert BY_HAND.search(writer.read_text(encoding="utf-8"))
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for root in ROOT.glob("*/ikeaudit")
        for path in sorted(root.rglob("*.py"))
        if path != writer
        for match in BY_HAND.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []
