"""Routers without an archive path: the plan gives them one, in a step of its own before the timer (DOMAIN 12.0)."""

from __future__ import annotations

import time

import pytest
from judge import NAMES, check, comes_up, config_lines, runs

from ikeaudit.change import (
    apply_change,
    close_change,
    lines_of_apply,
    read_journal,
    roll_back,
    status_of,
    verify_change,
)
from ikeaudit.change.as_planned import placing
from ikeaudit.change.rehearsal.in_the_lab import _run, lines_for, scene_of
from ikeaudit.lab.fault_set import FAULTS, KILLED, Case
from ikeaudit.lab.faults import CONFIG_LINE, Refused
from ikeaudit.model.errors import IkeauditError
from ikeaudit.remediation.strategies.ikev2 import ikev2_strategy

pytestmark = pytest.mark.ssh

ARCHIVE = ["archive", "path flash:chg-CHG-1-", "maximum 14"]


@pytest.fixture
def bare(window):
    """Opens a window on routers without an archive path."""
    return lambda **more: window(archive="", arm=True, **more)


def test_the_path_comes_before_the_timer(bare):
    w = bare()
    report = w.apply()
    check(w, report.exit_code, report, w.said)
    assert report.result == "committed"
    for name in NAMES:
        typed = [line for line in w.router(name).typed() if line not in ("exit", "end")]
        at = typed.index("configure terminal revert timer 10")
        assert typed[at - 4 : at] == ["configure terminal", *ARCHIVE]
        assert not [line for line in typed if line.startswith("reload")]
        assert config_lines(w, name)[:3] == ARCHIVE and config_lines(w, name).count("archive") == 1
    entries = [e for e in read_journal(w.setting.journal_path) if e.router == "R1"]
    kinds = [(e.event, e.line) for e in entries if e.event in ("backup", "send", "arming")]
    assert kinds[:6] == [("backup", None), *(("send", line) for line in (*ARCHIVE, "exit")), ("arming", None)]


def test_the_lines_that_would_be_typed(bare):
    w = bare()
    lines = lines_of_apply(w.setting.plan, NAMES, w.options)
    for name in NAMES:
        own = [line for line in lines if line.startswith((f"{name}#", f"{name}("))]
        assert own.index(f"{name}(config)# archive") < own.index(f"{name}# configure terminal revert timer 10")
        assert own.count(f"{name}(config)# archive") == 1


def test_a_failure_takes_the_path_away_again(bare):
    w = bare()
    w.fault("R2", Refused(on=CONFIG_LINE, after=5))
    report = w.apply()
    check(w, report.exit_code, report, w.said)
    assert report.result == "rolled-back"
    assert all("no archive" in w.router(name).typed() for name in NAMES)
    comes_up(w, "before")


def test_a_router_that_takes_no_timer_all_the_same(bare):
    """Then a scheduled restart is its net: what it has saved is what it ran."""
    w = bare(minute_seconds=60)
    w.fault("R1", Refused(on="^configure terminal revert", times=9))
    report = w.apply()
    check(w, report.exit_code, report, w.said)
    assert report.result == "committed"
    assert any("scheduled restart is its net instead" in line for line in w.said)
    typed = w.router("R1").typed()
    assert "reload in 10" in typed and "reload cancel" in typed
    nets = [(e.router, e.data["safety"]) for e in read_journal(w.setting.journal_path) if e.event == "armed"]
    assert nets == [("R1", "reload"), ("R2", "timer")]


def test_no_net_at_all_is_no_change(bare):
    """No timer, and a startup configuration of its own: nothing but the archive path was ever sent, and that goes again."""
    w = bare()
    w.lab.do(lambda: w.router("R1").operator(["banner motd ^C hello ^C"]))
    w.lab.do(w.router("R1").save)
    w.lab.do(lambda: w.router("R1").operator(["no banner motd"]))
    w.fault("R1", Refused(on="^configure terminal revert", times=9))
    report = w.apply()
    assert report.result == "rolled-back" and "startup-config is not what it runs" in report.cause
    assert [runs(w, name) for name in NAMES] == ["before", "before"]
    assert not [line for line in config_lines(w, "R2") if "keyring" in line]


def test_closing_removes_it_and_saves(bare):
    w = bare()
    assert w.apply().result == "committed"
    assert any(file.startswith("chg-CHG-1-") for file in w.router("R1").flash.names)
    report = close_change(w.setting, w.said.append)
    assert report.result == "closed"
    for name in NAMES:
        running = w.running(name)
        assert "archive" not in running and "keyring2" not in running
        assert w.router(name).startup_text == running
        assert w.router(name).flash.names == ()
    assert verify_change(w.setting, w.options, w.said.append, forced=True).exit_code == 0
    (change,) = status_of(w.setting.workspace, None).changes
    assert change.state == "closed"


def test_the_path_stays_while_waves_are_left(bare):
    w = bare(strategy=ikev2_strategy())
    first, *others = [wave.number for wave in w.setting.plan.waves]
    assert apply_change(w.setting, w.options, w.said.append, wave=first).result == "committed"
    close_change(w.setting, w.said.append)
    assert all("path flash:chg-CHG-1-" in w.running(name) for name in NAMES)
    for number in others:
        assert apply_change(w.setting, w.options, w.said.append, wave=number).result == "committed", w.said
    close_change(w.setting, w.said.append)
    assert all("archive" not in w.running(name) for name in NAMES)
    assert all(w.router(name).startup_text == w.running(name) for name in NAMES)
    assert all(w.router(name).flash.names == () for name in NAMES)


def test_closing_does_not_save_what_somebody_else_left_unsaved(bare):
    w = bare()
    assert w.apply().result == "committed"
    w.lab.do(lambda: w.router("R2").operator(["snmp-server location not saved"]))
    report = close_change(w.setting, w.said.append)
    details = {router.name: router.detail for router in report.routers}
    assert "not saved" in details["R2"] and "write memory" in details["R2"] and "not saved" not in details["R1"]
    assert "not saved" not in w.router("R2").startup_text and "archive" not in w.running("R2")


def test_a_change_that_was_taken_back_leaves_no_keys_on_the_flash_once_closed(bare):
    w = bare()
    w.fault("R2", Refused(on=CONFIG_LINE, after=5))
    assert w.apply().result == "rolled-back"
    assert any(w.router(name).flash.names for name in NAMES)
    assert close_change(w.setting, w.said.append).result == "closed"
    for name in NAMES:
        assert not [file for file in w.router(name).flash.names if file.startswith("pre-")]
    (change,) = status_of(w.setting.workspace, None).changes
    assert change.state == "rolled-back"


def test_back_after_it_was_saved(bare):
    w = bare()
    assert w.apply().result == "committed"
    assert roll_back(w.setting, w.options, w.said.append, everything=True).result == "rolled-back"
    assert [runs(w, name) for name in NAMES] == ["before", "before"]
    assert [runs(w, name, w.router(name).startup_text) for name in NAMES] == ["before", "before"]


def test_where_ios_prints_the_block_means_nothing(bare):
    """Moved to the plan's place, sub-mode included; other lines stay where they are."""
    plan = bare().setting.plan
    text = (
        "hostname R1\n!\ncrypto isakmp policy 10\n encr aes\n!\ninterface Tunnel1\n ip address 10.0.0.1 255.255.255.0\n!\n"
        "archive\n log config\n  hidekeys\n path flash:x-\n!\nend\n"
    )
    moved = placing(plan)("R1", text)
    assert moved.index("archive") < moved.index("crypto isakmp policy")
    assert "archive\n log config\n  hidekeys\n path flash:x-\n" in moved
    assert sorted(filter(said, moved.split("\n"))) == sorted(filter(said, text.split("\n")))
    assert placing(plan)("R9", text) == text


def said(line):
    return line not in ("", "!")


PHASES = ("backup", "first line", "middle line", "arm", "armed", "last line", "ping", "confirm", "save")
EVERY = [Case(fault, phase, name) for fault in (*FAULTS, KILLED) for phase in PHASES for name in NAMES]


@pytest.mark.matrix
@pytest.mark.parametrize("case", [case for case in EVERY if case.fault != KILLED], ids=str)
def test_the_report_is_true(bare, case):
    """As in the fault matrix; the first lines that are sent are those of the archive."""
    w = bare()
    w.fault(case.router, *case.faults(lines_for(w.setting.plan, case.router)))
    try:
        report = w.apply()
        code, words = report.exit_code, f"{report.result}: {report.cause} {w.said}"
    except IkeauditError as error:
        report, code, words = None, error.exit_code, f"{error} {w.said}"
    for _ in range(50):
        if any(w.router(n).down for n in NAMES):
            time.sleep(0.1)
    check(w, code, report, words)


@pytest.mark.matrix
@pytest.mark.parametrize("case", [case for case in EVERY if case.fault == KILLED], ids=str)
def test_a_killed_change_is_finished(bare, case):
    w = bare()
    result = _run(scene_of(w.setting.plan, w.setting.folder), 1, NAMES, case)
    assert result.passed and result.result == "committed", result
