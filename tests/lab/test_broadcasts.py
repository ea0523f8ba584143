"""What lab routers print into sessions without being asked."""

from __future__ import annotations

from manual_clock import ManualClock

from ikeaudit.lab import LabRouter
from ikeaudit.lab.archive import WARNING
from ikeaudit.lab.console import Console

CONFIG = "hostname R1\narchive\n path flash:chg-\n!\nend\n"
FIVE = "\n\n\n***\n*** --- SHUTDOWN in 0:05:00 ---\n***\n\n"


class Session:
    """An open session that keeps what is printed into it."""

    def __init__(self):
        self.shown = []

    def cut(self):
        """Nothing to close."""

    def show(self, text):
        self.shown.append(text)


def watched(*lines):
    """A router at which ``lines`` were typed, its clock, and what is shown to somebody else's session."""
    clock, session = ManualClock(), Session()
    router = LabRouter("R1", CONFIG, clock=clock)
    router.connections.add(session)
    console = Console(router)
    console.send_all(*lines)
    return clock, console, session.shown


def test_the_timer_warns_one_minute_before_it_fires():
    clock, _, shown = watched("configure terminal revert timer 3")
    clock.advance(119)
    assert shown == []
    clock.advance(1)
    assert shown == [WARNING]
    clock.advance(600)
    assert shown == [WARNING]


def test_a_timer_set_anew_warns_anew():
    clock, console, shown = watched("configure terminal revert timer 3", "end")
    clock.advance(100)
    console.send("configure revert timer 3")
    clock.advance(119)
    assert shown == []
    clock.advance(1)
    assert shown == [WARNING]


def test_a_confirmed_change_is_not_warned_of():
    clock, console, shown = watched("configure terminal revert timer 3", "end")
    console.send("configure confirm")
    clock.advance(600)
    assert shown == []


def test_a_scheduled_restart_counts_down():
    clock, _, shown = watched("reload in 10", "")
    clock.advance(299)
    assert shown == []
    clock.advance(1)
    assert shown == [FIVE]
    clock.advance(240)
    assert shown == [FIVE, FIVE.replace("0:05:00", "0:01:00")]


def test_a_restart_called_off_counts_down_no_more():
    clock, console, shown = watched("reload in 10", "")
    console.send("reload cancel")
    clock.advance(3600)
    assert shown == []


def test_a_message_to_all():
    router, session = LabRouter("R1", CONFIG), Session()
    router.connections.add(session)
    router.send_all("Maintenance at 23:00")
    assert session.shown == [
        "\n\n\n\x07***\n***\n*** Message from tty2 to all terminals:\n***\nMaintenance at 23:00\n\n"
    ]
