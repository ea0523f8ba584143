"""The workspace's and the plan's own files in a bad way: one sentence each, and how to go back by hand."""

from __future__ import annotations

import errno
import fcntl
import os

import pytest

from ikeaudit.change import locks
from ikeaudit.change.locks import locked
from ikeaudit.cli.main import main
from ikeaudit.model.errors import InputError, RefusedError

WHO = {"change_id": "C1", "digest": "d" * 64, "routers": ("R1",)}


def failing(number):
    def fail(*args, **named):
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize(("number", "words"), [(errno.ENOSPC, "no space left"), (errno.EROFS, "read-only file system")])
def test_a_lock_folder_that_takes_nothing(tmp_path, monkeypatch, number, words):
    monkeypatch.setattr(locks, "open_private", failing(number))
    with pytest.raises(InputError, match=words) as refused, locked(tmp_path, **WHO):
        pass
    assert str(tmp_path) in str(refused.value) and "\n" not in str(refused.value)


def test_a_file_system_that_has_no_locks_is_not_somebody_else(tmp_path, monkeypatch):
    monkeypatch.setattr(fcntl, "flock", failing(errno.ENOLCK))
    with pytest.raises(InputError, match="no locks available"), locked(tmp_path, **WHO):
        pass


def test_something_else_in_the_place_of_a_lock(tmp_path):
    (tmp_path / f"plan-{'d' * 32}.lock").mkdir()
    with pytest.raises(InputError, match="is a directory"), locked(tmp_path, **WHO):
        pass


def test_a_huge_lock_file_is_not_read(tmp_path):
    path = tmp_path / f"plan-{'d' * 32}.lock"
    with path.open("wb") as huge:
        huge.truncate(2**40)
    assert locks.holder_of(tmp_path, "d" * 64) is None
    with (
        locked(tmp_path, **WHO),
        pytest.raises(RefusedError, match="is being changed by change C1"),
        locked(tmp_path, **WHO),
    ):
        pass


@pytest.mark.ssh
@pytest.mark.quick
def test_a_workspace_that_may_only_be_read_says_how_to_go_back_by_hand(window, monkeypatch, capsys):
    from dataclasses import replace

    from ikeaudit.change import lines_of_rollback, roll_back, status_of

    w = window()
    assert w.apply(replace(w.options, hold=True)).result == "held"
    monkeypatch.setattr(locks, "open_private", failing(errno.EROFS))
    with pytest.raises(InputError) as refused:
        roll_back(w.setting, w.options, w.said.append)
    said = str(refused.value)
    page = w.setting.workspace.path / "changes/CHG-1/revert-by-hand.txt"
    assert (
        "read-only file system" in said
        and str(page) in said
        and "R1: configure revert now" in said
        and "\n" not in said
    )
    assert "IKEAUDIT_WORKSPACE" in said
    assert status_of(w.setting.workspace, None).changes[0].state == "held"
    assert any("configure revert now" in line for line in lines_of_rollback(w.setting))
    monkeypatch.undo()
    assert roll_back(w.setting, w.options, w.said.append).result == "rolled-back"


@pytest.mark.ssh
@pytest.mark.quick
def test_a_full_disk_says_how_much_is_needed_and_no_line_is_sent(window, monkeypatch):
    w = window()
    monkeypatch.setattr(os, "posix_fallocate", failing(errno.ENOSPC))
    with pytest.raises(RefusedError, match=r"journal\.jsonl, which needs \d{2,} kB: no space left on device\. Nothing"):
        w.apply()
    assert all("configure" not in line for name in ("R1", "R2") for line in w.router(name).typed())
    monkeypatch.undo()
    assert w.apply().result == "committed"


@pytest.mark.parametrize("verb", [["apply"], ["rollback"], ["verify"], ["rehearse"], ["approve", "--by", "me"]])
def test_a_huge_plan_is_one_sentence(tmp_path, monkeypatch, capsys, verb):
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path / "ws"))
    (tmp_path / "plan").mkdir()
    with (tmp_path / "plan/plan.json").open("wb") as huge:
        huge.truncate(2**40)
    assert main([verb[0], str(tmp_path / "plan"), *verb[1:]]) == 2
    err = capsys.readouterr().err
    assert "larger than 256 MB" in err and len(err.splitlines()) == 1
