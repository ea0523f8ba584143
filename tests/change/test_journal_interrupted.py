"""Ctrl-C, or a terminal that is lost, while an entry is written: the way back begins with what is on the disk."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from ikeaudit.change import journal_file
from ikeaudit.change.journal import entries_in
from ikeaudit.change.journal_file import Journal, read_whole

FILE = journal_file.__file__


class Interrupting:
    """Raises KeyboardInterrupt before the given line that is run in the journal's module."""

    def __init__(self, at: int) -> None:
        self.left = at

    def __call__(self, frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename != FILE:
            return None
        if event == "line":
            self.left -= 1
            if self.left == 0:
                sys.settrace(None)
                raise KeyboardInterrupt
        return self


def recorded(journal: Journal, at: int) -> bool:
    """Whether an entry was recorded before the interruption came."""
    before = sys.gettrace()
    sys.settrace(Interrupting(at))
    try:
        journal.record("confirming", "R1")
    except KeyboardInterrupt:
        return False
    finally:
        sys.settrace(before)
    return True


@pytest.mark.parametrize("full", [False, True], ids=["", "the disk was full before"])
def test_at_whatever_line_it_comes(full: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No number stands twice, none is missing, and what is known of is what can be read.

    Wrong lines that this catches: an entry that is on the disk and not known, and the other way round; one noted twice.
    """
    at = 0
    while True:
        at += 1
        path = tmp_path / str(at) / "journal.jsonl"
        journal = Journal(path, keep_going=True)
        journal.record("begin", routers=["R1"])
        if full:
            with monkeypatch.context() as patched:
                patched.setattr(os, "write", _full)
                journal.record("arming", "R1", safety="timer", minutes=10)
        whole = recorded(journal, at)
        journal.record("failed", text="It was interrupted.")
        reading = read_whole(path)
        assert reading.problem == "" and [e.event for e in reading.entries if e.event == "damaged"] == [], at
        assert [*reading.entries] == journal.entries, at
        assert [e.number for e in reading.entries] == [*range(1, len(reading.entries) + 1)], at
        assert reading.entries[-1].event == "failed"
        journal.close()
        if whole:
            break
    assert at > 25
    assert [e.event for e in reading.entries if e.event == "confirming"] == ["confirming"]


def _full(_handle: int, _data: bytes) -> int:
    raise OSError(28, "No space left on device")


def test_right_behind_the_sync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.record("begin", routers=["R1"])
    real = os.fsync

    def interrupted(handle: int) -> None:
        real(handle)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", interrupted)
        with pytest.raises(KeyboardInterrupt):
            journal.record("confirming", "R1")
    assert [entry.event for entry in journal.entries] == ["begin"]
    journal.record("failed", text="It was interrupted.")
    assert [(entry.number, entry.event) for entry in journal.entries] == [
        (1, "begin"),
        (2, "confirming"),
        (3, "failed"),
    ]
    assert [*read_whole(journal.path).entries] == journal.entries


def test_the_whole_lines_of_a_part() -> None:
    """The last one, which has no end, is none; nor is what is no entry."""
    one = b'{"number":3,"at":"2026-01-01T00:00:00Z","event":"confirming","router":"R1"}'
    two = one.replace(b":3,", b":4,")
    assert [entry.number for entry in entries_in(one + b"\nno entry\n" + two + b"\n")] == [3, 4]
    assert [entry.number for entry in entries_in(one + b"\n" + two)] == [3]
    assert [*entries_in(one)] == [*entries_in(b"")] == []
