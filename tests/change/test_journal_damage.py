"""A journal that is damaged, or cannot be written, never says more than is known."""

from __future__ import annotations

import os

import pytest

from ikeaudit.change import Journal, progress_of, read_journal
from ikeaudit.change.journal_file import INCOMPLETE, progress_at
from ikeaudit.model.errors import StateUnknownError


def begun(path):
    """A journal of two routers, of which the first has two lines and the second none."""
    journal = Journal(path)
    journal.record("begin", text="apply", change_id="C1", digest="d" * 64, plan="/plan", routers=["R1", "R2"])
    for name in ("R1", "R2"):
        journal.record("backup", name, file="flash:pre-C1.cfg")
        journal.record("arming", name, safety="timer", minutes=10)
        journal.record("armed", name, safety="timer", minutes=10)
    journal.record("send", "R1", step=1, line="crypto keyring K")
    journal.record("reply", "R1", step=1, last=True)
    return journal


def phases(path):
    progress = progress_at(path)
    return {name: router.phase for name, router in progress.routers.items()}, progress


def lines_of(path):
    return path.read_bytes().split(b"\n")


def put(path, lines):
    path.write_bytes(b"\n".join(lines))


def test_a_short_write_is_finished(tmp_path, monkeypatch):
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, data[:7]))
    journal = Journal(tmp_path / "journal.jsonl")
    journal.record("begin", routers=["R1"])
    journal.record("arming", "R1", safety="timer", minutes=10)
    assert [e.event for e in read_journal(journal.path)] == ["begin", "arming"]


def test_a_disk_that_fills_in_the_middle_of_a_line_leaves_whole_lines(tmp_path, monkeypatch):
    journal = begun(tmp_path / "journal.jsonl")
    before = journal.path.read_bytes()
    real = os.write
    taken = []

    def filling(handle, data):
        if taken:
            raise OSError(28, "No space left on device")
        taken.append(1)
        return real(handle, data[:9])

    monkeypatch.setattr(os, "write", filling)
    with pytest.raises(StateUnknownError, match="no space left"):
        journal.record("send", "R2", step=2, line="x")
    assert journal.path.read_bytes() == before and journal.failure == "no space left on device"
    assert all(entry.router != "R2" or entry.event != "send" for entry in journal.entries)  # it must not be sent


def test_what_happens_after_the_disk_failed_is_doubtful_until_it_is_written(tmp_path, monkeypatch):
    journal = begun(tmp_path / "journal.jsonl")

    def full(handle, data):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(StateUnknownError):
            journal.record("send", "R2", step=2, line="x")
        journal.record("reverted", "R1", match="same")  # the way back stops for nothing
        journal.record("reverted", "R2", match="same")
    assert {r.phase for r in progress_of(journal.entries).routers.values()} == {"reverted"}
    assert (tmp_path / INCOMPLETE).exists()
    assert phases(journal.path)[0] == {"R1": "lost", "R2": "lost"}  # what another process makes of it
    journal.record("end", result="rolled-back")  # there is room again
    assert phases(journal.path)[0] == {"R1": "reverted", "R2": "reverted"}
    assert not (tmp_path / INCOMPLETE).exists()
    assert [e.number for e in read_journal(journal.path)] == list(range(1, 13))


def test_the_doubt_of_a_journal_that_was_not_written_to_its_end_outlives_the_next_run(tmp_path):
    path = tmp_path / "journal.jsonl"
    begun(path).close()
    (tmp_path / INCOMPLETE).touch()
    again = Journal(path)
    again.record("begin", text="rollback", routers=["R1"])
    again.record("reverted", "R1", match="same")
    assert not (tmp_path / INCOMPLETE).exists()
    assert phases(path)[0] == {"R1": "reverted", "R2": "lost"}
    assert "damaged" in [e.event for e in read_journal(path)]


def test_a_journal_in_memory_alone(tmp_path):
    (tmp_path / "changes").write_text("")  # no folder can be made here
    journal = Journal(tmp_path / "changes/C1/journal.jsonl", keep_going=True)
    journal.record("begin", routers=["R1"])
    journal.record("reverted", "R1")
    assert [e.event for e in journal.entries] == ["begin", "reverted"] and journal.failure


@pytest.mark.parametrize(
    "damage",
    [
        b'\xff\xfe{"number":7}',
        b"\0" * 40,
        b"}{",
        b'{"number":8,"at":"yesterday","event":"reply","router":"R1"}',
        b'{"number":8,"at":"2025-03-01T02:00:00.000Z","event":"arming","router":"R1","data":{"minutes":"ten"}}',
        b'{"number":8,"at":"2025-03-01T02:00:00.000Z","event":"arming"}',
    ],
)
def test_a_line_that_cannot_be_read_may_have_been_anything(tmp_path, damage):
    path = tmp_path / "journal.jsonl"
    begun(path).close()
    lines = lines_of(path)
    lines[-2] = damage  # the last entry
    put(path, lines)
    found, progress = phases(path)
    assert found == {"R1": "lost", "R2": "lost"} and progress.uncertain and progress.open
    assert "line 9 cannot be read" in progress.damaged
    journal = Journal(path)
    journal.record("reverted", "R1", match="same")
    journal.record("arrived", "R2")
    assert phases(path)[0] == {"R1": "reverted", "R2": "arrived"} and not phases(path)[1].uncertain


@pytest.mark.parametrize("at", [0, 3, 7])
def test_a_line_that_is_missing_is_noticed(tmp_path, at):
    path = tmp_path / "journal.jsonl"
    begun(path).close()
    lines = lines_of(path)
    del lines[at]
    put(path, lines)
    assert phases(path)[1].uncertain
    assert set(phases(path)[0].values()) == {"lost"}


def test_lines_in_another_order_or_twice_are_noticed(tmp_path):
    path = tmp_path / "journal.jsonl"
    begun(path).close()
    lines = lines_of(path)
    put(path, [*lines[:4], lines[5], lines[4], *lines[6:]])
    assert phases(path)[1].uncertain
    put(path, [*lines[:5], lines[4], *lines[5:]])
    assert phases(path)[1].uncertain


def test_what_was_cut_off_by_a_crash_stays_no_damage_once_the_next_process_wrote(tmp_path):
    path = tmp_path / "journal.jsonl"
    begun(path).close()
    path.write_bytes(path.read_bytes()[:-15])
    again = Journal(path)
    again.record("begin", text="rollback", routers=["R1", "R2"])
    found, progress = phases(path)
    assert found == {"R1": "changed", "R2": "armed"} and not progress.uncertain


def test_a_beginning_that_is_missing_leaves_every_router_in_doubt(tmp_path):
    path = tmp_path / "journal.jsonl"
    begun(path).close()
    lines = lines_of(path)
    put(path, lines[5:])
    found, progress = phases(path)
    assert found == {"R2": "lost", "R1": "lost"} and progress.blind


def foreign(path, what):
    path.parent.mkdir(parents=True, exist_ok=True)
    match what:
        case "folder":
            path.mkdir()
        case "fifo":
            os.mkfifo(path)
        case "device":
            path.symlink_to("/dev/zero")
        case "dangling":
            path.symlink_to(path.with_name("nowhere"))
        case _:
            path.write_bytes(what)


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"\0" * 4096, "zeros"),
        (b'{"schema": "something/1", "entries": []}\n', "something else"),
        (b"[" * 100_000, "something else"),
        (b"\xff\xfe", "something else"),
        ("folder", "a folder is in its place"),
        ("fifo", "no regular file"),
        ("device", "no regular file"),
        ("dangling", "a link to nothing"),
    ],
)
def test_what_is_no_journal_tells_nothing(tmp_path, what, words):
    path = tmp_path / "C1/journal.jsonl"
    foreign(path, what)
    progress = progress_at(path)
    assert words in progress.problem and progress.uncertain and progress.open
    journal = Journal(path, keep_going=True, aside=True)
    journal.record("begin", text="rollback", change_id="C1", routers=["R1"], unknown=True)
    assert progress_at(path).routers["R1"].phase == "lost"  # until it was asked
    journal.record("found", "R1", runs="before", step=0, whole=True, safety=None, file=None, saved=False, digest="x")
    assert progress_at(path).routers["R1"].phase == "untouched" and not progress_at(path).open
    assert os.path.lexists(path.with_name("journal.jsonl.unreadable-1"))


@pytest.mark.parametrize(
    ("runs", "step", "net", "saved", "phase"),
    [
        ("before", 0, None, False, "untouched"),
        ("before", 0, "timer", False, "armed"),
        ("before", 9, None, True, "changed"),
        ("between", 3, "timer", False, "changed"),
        ("after", 9, "timer", False, "arrived"),
        ("after", 9, None, False, "confirmed"),
        ("after", 9, None, True, "saved"),
        ("else", 9, None, True, "lost"),
    ],
)
def test_what_a_router_was_found_to_run_counts(tmp_path, runs, step, net, saved, phase):
    journal = begun(tmp_path / "journal.jsonl")
    journal.record("found", "R1", step=step, runs=runs, whole=True, safety=net, file=None, saved=saved)
    router = progress_of(journal.entries).routers["R1"]
    assert (router.phase, router.step, router.safety, router.backup) == (phase, step, net, "flash:pre-C1.cfg")
