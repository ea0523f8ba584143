"""The journal is on the disk before what it tells of, and what it says survives a crash."""

from __future__ import annotations

import os

import pytest

from ikeaudit.change import Journal, progress_of, read_journal
from ikeaudit.change.locks import locked
from ikeaudit.model.errors import InputError, RefusedError, StateUnknownError


def test_an_entry_is_synced_when_record_returns(tmp_path, monkeypatch):
    path = tmp_path / "changes/C1/journal.jsonl"
    journal = Journal(path)
    synced = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (real(handle), synced.append(path.read_text().count("\n"))))
    journal.record("begin", routers=["R1"])
    journal.record("send", "R1", step=1, line="crypto keyring K")
    assert synced == [1, 2]
    assert [(e.number, e.event, e.line) for e in read_journal(path)] == [
        (1, "begin", None),
        (2, "send", "crypto keyring K"),
    ]
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700


def test_an_entry_cut_by_a_crash_is_passed_over(tmp_path):
    path = tmp_path / "journal.jsonl"
    journal = Journal(path)
    journal.record("begin", routers=["R1"])
    journal.record("arming", "R1", safety="timer", minutes=10)
    journal.close()
    path.write_bytes(path.read_bytes()[:-20])
    again = Journal(path)
    again.record("end", result="refused")
    assert [e.event for e in read_journal(path)] == ["begin", "end"]


def test_a_full_disk_stops_the_change(tmp_path, monkeypatch):
    journal = Journal(tmp_path / "journal.jsonl")

    def full(handle, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(StateUnknownError, match="no space left"):
        journal.record("send", "R1", line="x")


def test_a_journal_that_cannot_be_made(tmp_path):
    (tmp_path / "changes").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        Journal(tmp_path / "changes/C1/journal.jsonl")


def phases(*events):
    """The phase of R1 after these events of one run."""

    class Entries:
        def __init__(self):
            self.entries = []

        def record(self, event, router=None, *, step=None, line=None, **data):
            from ikeaudit.change.journal import Entry

            self.entries.append(
                Entry(
                    number=len(self.entries) + 1,
                    at="2025-03-01T02:00:00.000Z",
                    event=event,
                    router=router,
                    step=step,
                    line=line,
                    data=data,
                )
            )

    journal = Entries()
    journal.record("begin", change_id="C1", routers=["R1", "R2"])
    for event, data in events:
        journal.record(event, "R1", **data)
    return progress_of(journal.entries)


ARMING = ("arming", {"safety": "timer", "minutes": 10})


@pytest.mark.parametrize(
    ("events", "phase", "touched", "open_"),
    [
        ([], "untouched", False, False),
        ([("backup", {"file": "flash:pre-C1.cfg"})], "untouched", False, False),
        ([ARMING], "armed", True, True),
        ([ARMING, ("send", {"step": 1, "line": "x"})], "changed", True, True),
        ([ARMING, ("send", {"step": 1}), ("arrived", {})], "arrived", True, True),
        ([ARMING, ("send", {"step": 1}), ("arrived", {}), ("confirming", {})], "arrived", True, True),
        ([ARMING, ("arrived", {}), ("confirming", {}), ("confirmed", {})], "confirmed", True, True),
        ([ARMING, ("arrived", {}), ("confirmed", {}), ("saving", {}), ("saved", {})], "saved", True, False),
        ([ARMING, ("send", {"step": 1}), ("reverting", {}), ("reverted", {})], "reverted", False, False),
        ([ARMING, ("send", {"step": 1}), ("lost", {})], "lost", True, True),
    ],
)
def test_phases(events, phase, touched, open_):
    progress = phases(*events)
    router = progress.routers["R1"]
    assert (router.phase, router.touched, progress.open) == (phase, touched, open_)
    assert progress.routers["R2"].phase == "untouched" and progress.result is None


def test_a_step_is_whole_once_its_last_line_was_accepted():
    send, more, last = (
        ("send", {"step": 2}),
        ("reply", {"step": 2, "last": False}),
        ("reply", {"step": 2, "last": True}),
    )
    refused = ("reply", {"step": 2, "last": True, "refused": True})
    assert not phases(ARMING, send).routers["R1"].whole
    assert not phases(ARMING, send, more).routers["R1"].whole
    assert not phases(ARMING, send, refused).routers["R1"].whole
    done = phases(ARMING, send, more, send, last).routers["R1"]
    assert done.whole and done.step == 2 and done.sent == 2


def test_a_roll_back_goes_on_where_the_change_stopped(tmp_path):
    journal = Journal(tmp_path / "journal.jsonl")
    journal.record("begin", change_id="C1", routers=["R1", "R2"])
    journal.record("backup", "R1", file="flash:pre-C1.cfg")
    journal.record("arming", "R1", safety="reload", minutes=10)
    journal.record("send", "R1", step=3, line="x")
    journal.record("begin", text="rollback", change_id="C1", routers=["R1"])
    router = progress_of(journal.entries).routers["R1"]
    assert (router.phase, router.step, router.safety, router.backup) == ("changed", 3, "reload", "flash:pre-C1.cfg")


def test_a_second_attempt_begins_afresh(tmp_path):
    journal = Journal(tmp_path / "journal.jsonl")
    journal.record("begin", change_id="C1", routers=["R1"])
    journal.record("arming", "R1", safety="timer", minutes=10)
    journal.record("send", "R1", step=3, line="x")
    journal.record("reverted", "R1")
    journal.record("end", result="rolled-back")
    journal.record("begin", change_id="C1", routers=["R1"])
    router = progress_of(journal.entries).routers["R1"]
    assert (router.phase, router.step, router.sent) == ("untouched", 0, 0)
    assert progress_of(journal.entries).result is None


def test_locks_name_their_holder(tmp_path):
    with locked(tmp_path, change_id="C1", digest="d" * 64, routers=["R1", "R2"]):
        other = locked(tmp_path, change_id="C2", digest="e" * 64, routers=["R2", "R3"])
        with pytest.raises(RefusedError, match=r"R2 is being changed by change C1, process \d+"), other:
            pass
        same = locked(tmp_path, change_id="C1", digest="d" * 64, routers=["R9"])
        with pytest.raises(RefusedError, match="this plan is being changed"), same:
            pass
        with locked(tmp_path, change_id="C2", digest="e" * 64, routers=["R3"]):
            pass  # R3 was let go when R2 was refused
    with locked(tmp_path, change_id="C2", digest="d" * 64, routers=["R2"]):
        pass


def test_a_lock_ends_with_its_process(tmp_path):
    child = os.fork()
    if child == 0:
        with locked(tmp_path, change_id="C1", digest="d" * 64, routers=["R1"]):
            os._exit(0)
    os.waitpid(child, 0)
    with locked(tmp_path, change_id="C2", digest="d" * 64, routers=["R1"]):
        pass


def test_room_is_kept_and_given_up_when_the_disk_is_full(tmp_path, monkeypatch):
    """The disk takes nothing more once it is full; what was reserved before still takes the entries to come."""
    journal = Journal(tmp_path / "journal.jsonl")
    kept = tmp_path / "journal.reserve"
    assert journal.reserve(100_000) == ""
    assert kept.stat().st_size == 100_000 and kept.stat().st_blocks * 512 >= 100_000
    real = os.write

    def full(handle, data):
        if kept.exists():
            real(handle, data[:7])  # a short write, as a full disk does it
            raise OSError(28, "No space left on device")
        return real(handle, data)

    monkeypatch.setattr(os, "write", full)
    journal.record("send", "R1", line="x")
    journal.record("reply", "R1")
    assert journal.failure == "" and [e.event for e in read_journal(journal.path)] == ["send", "reply"]
    journal.close()
    assert not kept.exists()


def test_no_room_is_said_before_anything_is_sent(tmp_path, monkeypatch):
    journal = Journal(tmp_path / "journal.jsonl")

    def full(handle, start, size):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    assert journal.reserve(1) == "no space left on device"
    assert [path.name for path in tmp_path.iterdir()] == ["journal.jsonl"]


def test_short_writes_are_gone_on_with(tmp_path, monkeypatch):
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, data[:3]))
    journal = Journal(tmp_path / "journal.jsonl")
    journal.record("send", "R1", line="x")
    assert [e.line for e in read_journal(journal.path)] == ["x"]
