"""The timers on the screen."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from ikeaudit.change import Journal, progress_of
from ikeaudit.cli.countdown import counting_down, timers


def test_each_timer_counts_down(tmp_path):
    journal = Journal(tmp_path / "journal.jsonl")
    journal.record("begin", change_id="C1", routers=["R1", "R2", "R3"])
    for name in ("R1", "R2"):
        journal.record("arming", name, safety="timer", minutes=10)
    progress = progress_of(journal.entries)
    entire = SimpleNamespace(plan=None)
    setting = SimpleNamespace(progress=lambda window: progress_of(journal.entries), entire=entire, under_way=[])
    at = progress.routers["R1"].acts_at - timedelta(minutes=9, seconds=5)
    first, second = timers(setting, at).splitlines()
    assert first == "R1 goes back by itself in 9:05; at once by hand: configure revert now"
    assert second.startswith("R2 goes back")
    journal.record("confirming", "R1")
    journal.record("reverted", "R2")
    assert timers(setting, at) == ""


def test_without_a_terminal_only_lines(capfd):
    with counting_down(SimpleNamespace()) as tell:
        tell("R1: saved")
    assert capfd.readouterr().err == "R1: saved\n"
