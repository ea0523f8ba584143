"""Private files are written whole or not at all, whatever stops the writing: a full disk, or an end by kill -9."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ikeaudit.snapshot.private_files import (
    create_private,
    drafted,
    filling,
    is_draft,
    open_private,
    replace_folder,
    tighten,
    write_output,
    write_private,
)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_and_is_private(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"old")
    file.chmod(0o644)
    write_private(file, b"new")
    assert (file.read_bytes(), mode(file), names(tmp_path)) == (b"new", 0o600, ["a"])


def test_a_folder_is_replaced_with_all_in_it_and_is_private(tmp_path: Path) -> None:
    replace_folder(tmp_path / "d", {"gone": b"1", "R1/after": b"2"})
    replace_folder(tmp_path / "d", {"kept": b"3", "R1/after": b"4"})
    assert names(tmp_path) == ["d"] and names(tmp_path / "d") == ["R1", "kept"]
    assert (tmp_path / "d/R1/after").read_bytes() == b"4"
    assert {mode(tmp_path / "d"), mode(tmp_path / "d/R1")} == {0o700}
    assert {mode(tmp_path / "d/kept"), mode(tmp_path / "d/R1/after")} == {0o600}


@pytest.mark.parametrize("there", ["file", "link"])
def test_a_folder_takes_the_place_of_whatever_is_there(tmp_path: Path, there: str) -> None:
    (tmp_path / "else").mkdir()
    (tmp_path / "else/x").write_bytes(b"")
    if there == "file":
        (tmp_path / "d").write_bytes(b"")
    else:
        (tmp_path / "d").symlink_to("else")
    replace_folder(tmp_path / "d", {"a": b"1"})
    assert names(tmp_path) == ["d", "else"] and not (tmp_path / "d").is_symlink()
    assert names(tmp_path / "d") == ["a"] and names(tmp_path / "else") == ["x"]


def test_a_link_is_replaced_but_followed_where_a_user_wants_output(tmp_path: Path) -> None:
    (tmp_path / "target").write_bytes(b"old")
    for name in ("ours", "theirs"):
        (tmp_path / name).symlink_to("target")
    write_output(tmp_path / "theirs", b"new")
    assert (tmp_path / "theirs").is_symlink() and (tmp_path / "target").read_bytes() == b"new"
    write_private(tmp_path / "ours", b"newer")
    assert not (tmp_path / "ours").is_symlink() and (tmp_path / "target").read_bytes() == b"new"


def test_output_goes_into_a_pipe_that_a_user_names(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    write_output(tmp_path / "pipe", b"report")
    reader.join(10)
    assert got == [b"report"] and names(tmp_path) == ["pipe"]


@pytest.mark.parametrize("links", [True, False], ids=["links", "no-links"])
def test_what_is_made_once_stays_and_is_private(tmp_path: Path, links: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    if not links:
        monkeypatch.setattr(os, "link", refuse)
    create_private(tmp_path / "key", b"first")
    create_private(tmp_path / "key", b"second")
    assert (tmp_path / "key").read_bytes() == b"first" and mode(tmp_path / "key") == 0o600
    assert names(tmp_path) == ["key"]


def test_without_links_a_full_disk_leaves_no_half_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    written: list[int] = []
    real = os.write

    def filling(handle: int, data: bytes) -> int:
        written.append(len(data))
        if len(written) == 1:
            return real(handle, data)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(os, "write", filling)
    with pytest.raises(OSError, match="No space"):
        create_private(tmp_path / "key", b"secret")
    assert names(tmp_path) == []


def test_a_file_that_grows_in_place_is_made_private_and_kept(tmp_path: Path) -> None:
    for text in (b"one", b"two"):
        handle = open_private(tmp_path / "changes/C1/journal", os.O_RDWR | os.O_APPEND)
        os.write(handle, text)
        os.close(handle)
    assert (tmp_path / "changes/C1/journal").read_bytes() == b"onetwo"
    assert mode(tmp_path / "changes/C1/journal") == 0o600 and mode(tmp_path / "changes/C1") == 0o700


def test_what_is_ours_is_tightened(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir(mode=0o755)
    (tmp_path / "d/f").write_bytes(b"")
    (tmp_path / "d/f").chmod(0o640)
    tighten(tmp_path / "d")
    tighten(tmp_path / "d/f")
    assert (mode(tmp_path / "d"), mode(tmp_path / "d/f")) == (0o700, 0o600)


def test_file_and_folder_are_on_the_disk_in_this_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The content before the name, the name before the caller goes on; a power cut leaves one of the two contents."""
    events: list[str] = []
    sync, replace = os.fsync, os.replace

    def synced(handle: int) -> None:
        events.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        sync(handle)

    def replaced(*arguments: Path) -> None:
        events.append("rename")
        replace(*arguments)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    monkeypatch.setattr(os, "rename", replaced)
    write_private(tmp_path / "a", b"new")
    assert events == ["file", "rename", "folder"]
    events.clear()
    replace_folder(tmp_path / "d", {"a": b"1", "b": b"2"})
    assert events == ["file", "file", "folder", "rename", "folder"]


def test_an_error_names_the_file_and_not_its_draft(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as missing:
        write_private(tmp_path / "no/report.json", b"")
    assert missing.value.filename == str(tmp_path / "no/report.json")


def test_a_draft_tells_of_what(tmp_path: Path) -> None:
    assert is_draft(".R1.x7_k2abc.draft") and drafted(".R1.x7_k2abc.draft") == "R1"
    assert is_draft(".r.lab.x7_k2abc.draft.old") and drafted(".r.lab.x7_k2abc.draft.old") == "r.lab"
    assert not is_draft("R1.draft") and not is_draft(".hidden")


# -- kill -9 ---------------------------------------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from pathlib import Path
from ikeaudit.snapshot import private_files

call, number = sys.argv[1], int(sys.argv[2])
real, calls = getattr(os, call), []

def deadly(*arguments, **named):
    calls.append(1)
    if len(calls) < number:
        return real(*arguments, **named)
    if call == "write":
        real(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
    os.kill(os.getpid(), signal.SIGKILL)

setattr(os, call, deadly)
folder = Path(sys.argv[3])
if sys.argv[4] == "file":
    private_files.write_private(folder / "target", b"new" * 1000)
else:
    private_files.replace_folder(folder / "target", {"a": b"new" * 1000, "R1/b": b"new"})
"""


def killed_at(call: str, number: int, folder: Path, kind: str) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED, call, str(number), str(folder), kind], check=False)
    assert ended.returncode == -signal.SIGKILL, "it was not killed there"


@pytest.mark.parametrize(
    ("call", "number", "left"),
    [("write", 1, b"old"), ("fsync", 1, b"old"), ("replace", 1, b"old"), ("fsync", 2, b"new" * 1000)],
)
def test_kill_9_leaves_the_old_file_or_the_new_one(tmp_path: Path, call: str, number: int, left: bytes) -> None:
    write_private(tmp_path / "target", b"old")
    killed_at(call, number, tmp_path, "file")
    assert (tmp_path / "target").read_bytes() == left
    assert all(name == "target" or (is_draft(name) and drafted(name) == "target") for name in names(tmp_path))
    write_private(tmp_path / "target", b"again")
    assert (tmp_path / "target").read_bytes() == b"again"


OLD, NEW = {"a": b"old", "c": b"old"}, {"a": b"new" * 1000, "R1/b": b"new"}


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("call", "number", "left"),
    [
        ("write", 1, OLD),
        ("write", 2, OLD),
        ("fsync", 3, OLD),
        ("rename", 1, OLD),
        ("rename", 2, None),
        ("rmdir", 1, NEW),
    ],
)
def test_kill_9_leaves_a_folder_whole(tmp_path: Path, call: str, number: int, left: dict[str, bytes] | None) -> None:
    """Between the two renames the place is empty, and the old folder lies beside it."""
    replace_folder(tmp_path / "target", OLD)
    killed_at(call, number, tmp_path, "folder")
    if left is None:
        assert not (tmp_path / "target").exists()
        assert OLD in [contents(path) for path in tmp_path.iterdir()]
    else:
        assert contents(tmp_path / "target") == left
    assert all(name == "target" or (is_draft(name) and drafted(name) == "target") for name in names(tmp_path))


@pytest.mark.parametrize(("call", "number"), [("mkdir", 1), ("write", 2), ("rename", 1), ("rename", 2)])
def test_what_kill_9_left_of_a_folder_goes_when_it_is_written_again(tmp_path: Path, call: str, number: int) -> None:
    """But for an old folder, which was somebody's."""
    replace_folder(tmp_path / "target", OLD)
    killed_at(call, number, tmp_path, "folder")
    before = names(tmp_path)
    replace_folder(tmp_path / "target", NEW)
    assert contents(tmp_path / "target") == NEW
    left = [name for name in names(tmp_path) if name != "target"]
    assert left == [name for name in before if name.endswith(".old")]
    assert [contents(tmp_path / name) for name in left] == [OLD] * (number == 2 and call == "rename")


def test_what_somebody_writes_just_now_stays(tmp_path: Path) -> None:
    (tmp_path / ".target.mine.draft").write_text("a file is none of them")
    with filling(tmp_path / "target") as first, filling(tmp_path / "target") as second:
        first.write("a", b"1")
        second.write("a", b"2")
        first.put()
        second.put()
        assert names(tmp_path) == [".target.mine.draft", "target"]
    assert contents(tmp_path / "target") == {"a": b"2"}


def test_without_locks_nothing_is_taken_for_left_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    (tmp_path / ".target.x.draft").mkdir()
    replace_folder(tmp_path / "target", NEW)
    assert names(tmp_path) == [".target.x.draft", "target"]


@pytest.mark.parametrize("before", ["open", "flock"])
def test_a_draft_that_was_taken_for_left_over_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    """Another process asked for its lock before it had it itself: before it opened it, or after."""
    module = os if before == "open" else fcntl
    real, taken = getattr(module, before), []

    def late(*arguments: object) -> object:
        if not taken and (drafts := [*tmp_path.iterdir()]):
            drafts[0].rmdir()
            taken.append(drafts[0].name)
        return real(*arguments)

    monkeypatch.setattr(module, before, late)
    replace_folder(tmp_path / "target", NEW)
    assert taken
    assert contents(tmp_path / "target") == NEW


@pytest.mark.parametrize("write", [write_private, write_output, create_private], ids=lambda write: write.__name__)
def test_a_long_name_is_no_obstacle(tmp_path: Path, write: Callable[[Path, bytes], None]) -> None:
    name = "ä" * 127  # 254 bytes: the longest that most file systems take is 255
    write(tmp_path / name, b"1")
    assert names(tmp_path) == [name]
