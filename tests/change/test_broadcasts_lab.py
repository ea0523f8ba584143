"""A change goes through though the routers say things in between, and a person sees the warning of a timer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from broadcast import Broadcast

from ikeaudit.lab.archive import WARNING
from ikeaudit.lab.faults import CONFIG_LINE, Refused, SlowReply

pytestmark = pytest.mark.ssh

BOTH = ("R1", "R2")
SENT = "\n\n\n\x07***\n***\n*** Message from tty2 to all terminals:\n***\nMaintenance at 23:00\n\n"
COUNTDOWN = "\n\n\n***\n*** --- SHUTDOWN in 0:01:00 ---\n***\n\n"
LOG = "\n*Mar  1 02:00:00.123: %SYS-5-CONFIG_I: Configured from console by lab on vty1\n"
TOLD = "warns: it rolls the change back in one minute unless it is confirmed"


def assert_in_force(w, report):
    assert (report.result, report.exit_code, report.cause) == ("committed", 0, None), w.said
    for name in BOTH:
        router = w.router(name)
        assert w.is_after(name) and router.startup_text == router.running_text
        assert router.revert.pending is None and not router.failures


@pytest.mark.parametrize("place", ["before", "middle", "after"])
@pytest.mark.parametrize(
    "on",
    [CONFIG_LINE, "^configure terminal$", "^ping", "^configure confirm$", "^write memory$"],
)
def test_the_warning_rolls_nothing_back(window, on, place):
    w = window()
    w.fault("R1", Broadcast(on=on, place=place))
    w.fault("R2", Broadcast(on=on, place=place))
    assert_in_force(w, w.apply())
    if (on, place) != ("^write memory$", "after"):  # then nothing is read of the router any more
        assert f"R1 {TOLD}" in w.said


@pytest.mark.parametrize("text", [SENT, COUNTDOWN, LOG], ids=["send", "countdown", "log"])
def test_other_broadcasts_roll_nothing_back(window, text):
    w = window()
    for name in BOTH:
        w.fault(
            name,
            Broadcast(on="^configure terminal revert", text=text, place="after"),
            Broadcast(on="^configure terminal$", text=text, place="middle"),
            Broadcast(on=CONFIG_LINE, text=text, place="before"),
            Broadcast(on=CONFIG_LINE, text=text, place="after", after=1),
            Broadcast(on="^show running-config", text=text, place="middle", since=CONFIG_LINE),
            Broadcast(on="^show crypto", text=text, place="before", since="^ping"),
            Broadcast(on="^show archive config rollback", text=text, place="before", since="^configure confirm"),
        )
    assert_in_force(w, w.apply())


def test_a_refusal_with_a_warning_beside_it_still_rolls_back(window):
    w = window()
    w.fault("R2", Refused(on=CONFIG_LINE, after=1), Broadcast(on=CONFIG_LINE, after=1))
    report = w.apply()
    assert (report.result, report.exit_code) == ("rolled-back", 6)
    assert "Invalid input" in report.cause
    assert all(w.is_before(name) for name in BOTH)


def test_a_timer_that_warns_while_the_tests_run(window):
    # a lab minute lasts 8 seconds and the timers two of them: R1's warning comes while its slow replies are waited for
    w = window(minute_seconds=8.0)
    slow = {"^clear crypto": None, "^ping": None, "^show crypto isakmp sa": "^ping"}
    w.fault("R1", *(SlowReply(on=on, since=since, seconds=3.5) for on, since in slow.items()))
    assert_in_force(w, w.apply(replace(w.options, minutes=2, minute=8.0)))
    at = w.said.index(f"R1 {TOLD}")
    assert not any(line.endswith(": confirmed") for line in w.said[:at])


def test_the_warning_of_a_timer_of_one_minute_comes_at_once(window):
    w = window(minute_seconds=30.0)
    report = w.apply(replace(w.options, minutes=1, minute=30.0))
    assert_in_force(w, report)
    assert {line for line in w.said if TOLD in line} >= {f"R1 {TOLD}", f"R2 {TOLD}"}


def test_what_the_lab_says_is_what_ios_says():
    assert WARNING == (
        "Rollback Confirmed Change: Rollback will begin in one minute.\n"
        'Enter "configure confirm" if you wish to keep what you\'ve configured\n\n'
    )
