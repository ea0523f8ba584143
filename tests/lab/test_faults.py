"""Every fault strikes where it is told to, and nowhere else."""

from __future__ import annotations

import pytest

from ikeaudit.lab import LabRouter
from ikeaudit.lab.console import Console
from ikeaudit.lab.faults import (
    CONFIG_LINE,
    AlreadyExists,
    ConnectionLost,
    DiskFull,
    Happening,
    PromptChanged,
    Reboot,
    Refused,
    RevertRefused,
    SecondOperator,
    SlowReply,
    SyslogBurst,
    TimerFires,
)

LINES = ("crypto keyring A", "description one", "exit", "crypto keyring B", "end")


def _keyrings(router: LabRouter) -> list[str]:
    return [line.split()[-1] for line in router.running_text.splitlines() if line.startswith("crypto keyring ")]


@pytest.mark.parametrize(("carried_out", "left"), [(False, []), (True, ["B"])])
def test_connection_lost_at_line_k(console: Console, router: LabRouter, carried_out: bool, left: list[str]) -> None:
    # Lines that leave a mode are not counted, so the third configuration line is "crypto keyring B".
    router.faults.add(ConnectionLost(on=CONFIG_LINE, after=2, carried_out=carried_out))
    console.send("configure terminal")
    for line in LINES:
        if not console.dropped:
            console.send(line)
    assert console.dropped
    assert router.typed()[-1] == "crypto keyring B"
    assert _keyrings(router) == ["keyring1", "keyring2", "A", *left]


def test_reboot_loses_what_was_not_saved(console: Console, router: LabRouter) -> None:
    router.faults.add(Reboot(on=CONFIG_LINE, after=1))
    console.send_all("configure terminal", *LINES[:2])
    assert console.dropped
    assert router.reboots == 1
    assert _keyrings(router) == ["keyring1", "keyring2"]


def test_a_refused_line_is_not_carried_out(console: Console, router: LabRouter) -> None:
    router.faults.add(Refused(on="^crypto keyring B"), AlreadyExists(on="^description"))
    console.send("configure terminal")
    replies = [console.send(line) for line in LINES]
    assert "already exists!" in replies[1]
    assert "% Invalid input detected at '^' marker." in replies[3]
    assert _keyrings(router) == ["keyring1", "keyring2", "A"]
    assert "description" not in router.running_text


def test_a_fault_strikes_as_often_as_told(console: Console, router: LabRouter) -> None:
    router.faults.add(Refused(on="^show clock", after=1, times=2))
    answers = ["% Invalid" in console.send("show clock") for _ in range(5)]
    assert answers == [False, True, True, False, False]


def test_a_slow_reply_is_carried_out_first(console: Console, router: LabRouter) -> None:
    router.faults.add(SlowReply(on="^show clock", seconds=30))
    assert "UTC" in console.send("show clock")


def test_syslog_in_the_middle_of_the_reply(console: Console, router: LabRouter) -> None:
    clean = console.send("show running-config").splitlines()
    router.faults.add(SyslogBurst(on="^show running-config"))
    dirty = console.send("show running-config").splitlines()
    noise = [n for n, line in enumerate(dirty) if "%LINEPROTO-5-UPDOWN" in line]
    assert noise
    assert 0 < noise[0] < noise[-1] < len(dirty) - 1
    assert [line for line in dirty if "%LINEPROTO" not in line and line] == [line for line in clean if line]


def test_syslog_also_breaks_into_a_silent_command(console: Console, router: LabRouter) -> None:
    router.faults.add(SyslogBurst(on="^crypto keyring A"))
    console.send("configure terminal")
    assert "%LINEPROTO-5-UPDOWN" in console.send("crypto keyring A")


def test_the_prompt_changes(console: Console, router: LabRouter) -> None:
    router.faults.add(PromptChanged(on="^show clock", name="standby"))
    console.send("show clock")
    assert console.prompt == "standby#"
    assert "hostname R1" in router.running_text


def test_the_timer_fires_early(console: Console, router: LabRouter) -> None:
    router.faults.add(TimerFires(on="^crypto keyring B"))
    console.send("configure terminal revert timer 10")
    console.send_all(*LINES)
    # A is gone with the roll-back, B was typed after it.
    assert _keyrings(router) == ["keyring1", "keyring2", "B"]
    assert router.revert.pending is None


def test_revert_refused(console: Console, router: LabRouter) -> None:
    router.faults.add(RevertRefused(on="^configure revert now"))
    console.send("configure terminal revert timer 10")
    console.send_all(*LINES)
    assert console.send("configure revert now").startswith("%")
    assert "A" in _keyrings(router)
    assert "Rollback Done" in console.send("configure revert now")


def test_disk_full(console: Console, router: LabRouter) -> None:
    router.file_prompt_quiet = True
    router.faults.add(DiskFull(on="^copy running-config flash:"))
    assert "No space left on device" in console.send("copy running-config flash:pre.cfg")
    assert "No space left on device" in console.send("configure terminal revert timer 10")
    assert console.prompt == "R1#"


def test_a_second_operator(console: Console, router: LabRouter) -> None:
    router.faults.add(SecondOperator(on="^crypto keyring A", commands=("crypto keyring OTHER",)))
    console.send_all("configure terminal", *LINES)
    assert _keyrings(router) == ["keyring1", "keyring2", "OTHER", "A", "B"]
    assert "by second on vty9" in console.send("show logging")


def test_anything_else_can_happen(console: Console, router: LabRouter) -> None:
    router.faults.add(Happening(on="^write memory", action=lambda r: r.flash.write("note", "x")))
    console.send("write memory")
    assert router.flash.read("note") == "x"


def test_faults_can_be_disarmed(console: Console, router: LabRouter) -> None:
    router.faults.add(Refused(on="."))
    router.faults.clear()
    assert "% Invalid" not in console.send("show clock")
