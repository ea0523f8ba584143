"""A change whose messages nobody can read: it goes on, or is taken back as a whole, and its exit code says which."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.ssh

BOTH = ("R1", "R2")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_a_log_on_a_full_disk(verbs):
    """As by a scheduler: ``rollback ... >>FILE 2>&1``."""
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        for verb, where in (
            (["apply", "plan"], verbs.window.is_after),
            (["rollback", "plan", "--all"], verbs.window.is_before),
        ):
            process = verbs.start(*verb, "--commit", stdout=full, stderr=full, stdin=subprocess.DEVNULL)
            assert process.wait(timeout=100) == 0
            assert all(where(name) for name in BOTH)


@pytest.mark.quick
def test_a_reader_that_leaves(verbs):
    """``apply ... 2>&1 | head``: the change comes to its end, both routers alike."""
    reading, writing = os.pipe()
    process = verbs.start("apply", "plan", "--commit", stdout=writing, stderr=writing, stdin=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as said:
        assert any("step 1" in line for line in said)
    assert process.wait(timeout=100) == 0
    assert all(verbs.window.is_after(name) for name in BOTH)
    assert "saved" in verbs.run("status", "plan")[1]


@pytest.mark.parametrize("moment", ["step 1", "R1: confirmed"])
def test_a_terminal_that_is_lost(verbs, moment):
    """The hang-up takes back what was done, though nothing can be said of it any more."""
    ours, theirs = pty.openpty()
    process = verbs.start("apply", "plan", "--commit", "--go", stdout=theirs, stderr=theirs, stdin=theirs, TERM="xterm")
    os.close(theirs)
    said = b""
    while moment.encode() not in said:
        said += os.read(ours, 4096)
    os.close(ours)
    process.send_signal(1)  # it is the leader of no session, to which the terminal would tell it
    assert process.wait(timeout=100) == 6
    assert all(verbs.window.is_before(name) for name in BOTH)
    code, out, _ = verbs.run("status", "plan")
    assert code == 0 and "damaged" not in out and "taken back" in out
