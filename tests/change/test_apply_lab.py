"""The seed's change, over SSH: both ends changed, both directions proven, or everything back."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import msgspec
import pytest

from ikeaudit.change import StaleError, confirm_change, roll_back, verify_change
from ikeaudit.change.opened import work
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
from ikeaudit.model.errors import InputError, RefusedError
from ikeaudit.session import SessionError

pytestmark = pytest.mark.ssh

BOTH = ("R1", "R2")
WRITING = ("keyring", "no ", "crypto ", "pre-shared", "match", "interface", "tunnel")


def assert_untouched(w):
    """No configuration line was typed anywhere, and no timer runs."""
    for name in BOTH:
        assert w.is_before(name)
        assert not any(line.startswith(("configure t", *WRITING)) for line in w.router(name).typed())
        assert w.router(name).revert.pending is None and w.router(name).reload_due_in() is None


def assert_back(w, report, *, exit_code=6):
    """Both routers run what they ran before, nothing is pending, the journal and the report say so."""
    assert report.exit_code == exit_code, (report, w.said)
    for name in BOTH:
        assert w.is_before(name), w.running(name)
        assert w.router(name).revert.pending is None and w.router(name).reload_due_in() is None
        assert squeezed(w.router(name).startup_text) == squeezed(w.running(name))
    assert {r.state for r in report.routers} <= {"reverted", "untouched"}
    assert not w.setting.progress().open
    assert w.setting.progress().result == "rolled-back"


# -- the good way --


def test_the_whole_change(window):
    w = window()
    report = w.apply()
    assert (report.result, report.exit_code, report.cause) == ("committed", 0, None)
    assert [(d.direction, d.result) for d in report.directions] == [
        ("R1 Tunnel1 -> R2", "up"),
        ("R2 Tunnel1 -> R1", "up"),
    ]
    for name in BOTH:
        router = w.router(name)
        assert w.is_after(name)
        assert router.startup_text == router.running_text
        assert router.revert.pending is None
        assert router.flash.read("flash:pre-CHG-1.cfg") is not None
        assert not router.failures
    assert w.setting.progress().result == "committed" and not w.setting.progress().open
    assert verify_change(w.setting, w.options, w.said.append, forced=True).exit_code == 0


def test_the_order_of_things(window):
    w = window()
    w.apply()
    for name in BOTH:
        typed = w.router(name).typed()
        at = [
            next(n for n, line in enumerate(typed) if line.startswith(start))
            for start in (
                "show running-config",
                "copy running-config flash:pre-CHG-1.cfg",
                "configure terminal revert timer 10",
                "crypto isakmp profile",
                "no crypto keyring keyring2",
                "clear crypto session remote 192.168.0.",
                "ping 10.0.0.",
                "configure confirm",
                "write memory",
            )
        ]
        assert at == sorted(at)
        assert "clear crypto session" not in typed  # never without the peer
    # both timers run before the first line goes out, and both directions were tested before the first is confirmed
    events = [(e.event, e.router) for e in read(w)]
    assert max(events.index(("armed", n)) for n in BOTH) < events.index(("send", "R1"))
    assert max(n for n, e in enumerate(events) if e[0] == "tested") < min(
        n for n, e in enumerate(events) if e[0] == "confirming"
    )
    assert max(n for n, e in enumerate(events) if e[0] == "confirmed") < min(
        n for n, e in enumerate(events) if e[0] == "saving"
    )


def read(w):
    """The journal's entries."""
    from ikeaudit.change import read_journal

    return list(read_journal(w.setting.journal_path))


def test_every_line_is_in_the_journal_before_it_is_typed(window):
    w = window()
    seen = []

    def look(router):
        entries = read(w)
        seen.append((entries[-1].event, entries[-1].line, router.typed()[-1]))

    w.fault("R1", *(Happening(on=CONFIG_LINE, after=n, action=look) for n in range(4)))
    assert w.apply().exit_code == 0
    assert len(seen) == 4
    for event, line, typed in seen:
        assert event == "send" and line.split("<PSK:")[0] == typed.split("Canary-psk")[0]


def test_the_key_is_typed_but_written_nowhere(window, tmp_path, capfd, caplog):
    caplog.set_level("DEBUG")
    w = window()
    report = w.apply()
    assert any("key Canary-psk-4Wd1-long-enough" in line for line in w.router("R1").typed())
    texts = [repr(report), *w.said, caplog.text, *capfd.readouterr()]
    texts += [file.read_text(errors="replace") for file in tmp_path.rglob("*") if file.is_file()]
    assert any("<PSK:" in text for text in texts)
    for text in texts:
        assert "Canary" not in text
    for path in (tmp_path / "workspace").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_without_archive_a_reload_is_the_net(window):
    w = window(archive="")
    report = w.apply()
    assert report.result == "committed"
    for name in BOTH:
        assert w.is_after(name) and w.router(name).reload_due_in() is None and w.router(name).reboots == 0
        assert "reload in 10" in w.router(name).typed() and "reload cancel" in w.router(name).typed()


# -- refusals: nothing is changed --


def test_a_stale_plan_shows_what_differs(window):
    w = window()
    mistake = ["snmp-server location here", "crypto isakmp policy 10", "group 5"]
    w.lab.do(lambda: w.router("R2").operator(mistake))
    typed = [len(w.router(name).typed()) for name in BOTH]
    with pytest.raises(StaleError) as caught:
        w.apply()
    assert caught.value.exit_code == 5 and "R2" in str(caught.value)
    assert "Tunnel1 -> R2 would be down (no-common-ike-policy)" in str(caught.value)
    first, second, third = caught.value.details  # what matters before what does not
    assert {first, second} == {"- crypto isakmp policy 10 / group 14", "+ crypto isakmp policy 10 / group 5"}
    assert third.startswith("+ snmp-server location")
    for name, before in zip(BOTH, typed, strict=True):
        assert not any(line.startswith(("configure", "copy", *WRITING)) for line in w.router(name).typed()[before:])
    assert w.setting.progress().result == "refused" and not w.setting.progress().open


def said(w, name):
    """What was typed but for the farewell of a session, which the router may hear a moment later."""
    return [line for line in w.router(name).typed() if line != "exit"]


def test_a_change_is_not_carried_out_twice(window):
    w = window()
    assert w.apply().exit_code == 0
    typed = [said(w, name) for name in BOTH]
    with pytest.raises(
        RefusedError,
        match=r"CHG-1 is in force already, .*`ikeaudit verify .*/plan`.*`ikeaudit rollback .*/plan --commit --all`",
    ):
        w.apply()
    assert typed == [said(w, name) for name in BOTH]


def test_a_router_that_is_away_means_no_change(window):
    w = window()
    w.lab.do(lambda: w.router("R2").reboot(down_for=3600))
    with pytest.raises(SessionError) as caught:
        w.apply()
    assert "R2" in str(caught.value)
    assert_untouched(w)


def test_a_pending_change_of_somebody_else(window):
    w = window()
    w.lab.do(lambda: w.router("R1").revert.arm(60, "somebody"))
    with pytest.raises(RefusedError, match="revert timer running already"):
        w.apply()
    assert w.router("R1").revert.pending is not None


def test_an_unsaved_configuration_without_an_archive(window):
    w = window(archive="")
    w.lab.do(lambda: setattr(w.router("R1"), "startup_text", w.router("R1").startup_text.replace("TS", "TS2")))
    with pytest.raises(RefusedError, match="only a reload could take a change back"):
        w.apply()
    assert_untouched(w)


def test_two_at_once(window):
    w = window()
    with (
        work(w.setting, w.setting.entire, "apply", ("R1",)),
        pytest.raises(RefusedError, match="being changed by change CHG-1, process"),
    ):
        w.apply()
    assert_untouched(w)


def test_a_router_that_is_half_way_in_another_change(window):
    from ikeaudit.change import Journal

    w = window()
    other = Journal(w.setting.workspace.folder("changes") / "CHG-0" / "journal.jsonl")
    other.record("begin", change_id="CHG-0", digest="x", routers=["R2"])
    other.record("arming", "R2", safety="timer", minutes=10)
    other.close()
    with pytest.raises(RefusedError, match="R2 is half-way in the change CHG-0"):
        w.apply()
    assert_untouched(w)


def test_the_other_end_is_tested_though_it_is_not_changed(window):
    w = window(hosts=("R1",))
    report = w.apply()
    assert report.result == "committed" and [r.name for r in report.routers] == ["R1"]
    assert [(d.initiator, d.result) for d in report.directions] == [("R1", "up"), ("R2", "up")]
    assert w.is_after("R1") and w.is_before("R2")
    assert not any(line.startswith(("configure", "copy", "write", *WRITING)) for line in w.router("R2").typed())


def test_an_other_end_that_cannot_be_asked(window):
    w = window(hosts=("R1",))
    del w.setting.nornir.inventory.hosts["R2"]
    with pytest.raises(RefusedError, match=r"R2 Tunnel1 -> R1 could not be tested .*--accept-unproven"):
        w.apply()
    assert_untouched(w)
    report = w.apply(replace(w.options, accept_unproven=True))
    assert report.result == "committed"
    results = {d.initiator: d.result for d in report.directions}
    assert results["R2"] == "not-proven"


def test_a_plan_of_several_waves_goes_one_after_the_other(window):
    from ikeaudit.change import apply_change
    from ikeaudit.remediation.plan import Wave

    w = window()
    waves = (Wave(number=1, routers=("R1",), reasons={}), Wave(number=2, routers=("R2",), reasons={}))
    plan = msgspec.structs.replace(w.setting.plan, waves=waves)
    setting = replace(w.setting, plan=plan)
    with pytest.raises(InputError, match="no wave 3; it has 1, 2"):
        apply_change(setting, w.options, w.said.append, wave=3)
    with pytest.raises(RefusedError, match=r"Wave 2 comes after wave 1, and wave 1 of CHG-1 \(R1\) is not in force"):
        apply_change(setting, w.options, w.said.append, wave=2)
    assert_untouched(w)
    report = apply_change(setting, w.options, w.said.append)
    assert report.result == "committed" and "--commit --wave 2   (wave 2 comes next: R2)" in report.next
    assert w.is_after("R1") and w.is_before("R2")
    assert apply_change(setting, w.options, w.said.append, wave=2).result == "committed"
    assert w.is_after("R1") and w.is_after("R2")
    for number in (None, 2):
        with pytest.raises(RefusedError, match="is in force already"):
            apply_change(setting, w.options, w.said.append, wave=number)


# -- failures: everything goes back --


def failing(w, name, *faults, **changes):
    """The report of a change in which ``faults`` strike on router ``name``."""
    w.fault(name, *faults)
    return w.apply(replace(w.options, **changes))


@pytest.mark.parametrize("line", [0, 1, 3, 5])
@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("kind", [Refused, AlreadyExists])
def test_a_line_that_is_not_accepted(window, name, line, kind):
    w = window()
    report = failing(w, name, kind(on=CONFIG_LINE, after=line))
    assert_back(w, report)
    said = "Invalid input" if kind is Refused else "already exists"
    assert said in report.cause and name in report.cause
    assert [d.result for d in report.directions if d.initiator == "R1"] == ["up"]  # it was up before and is again


@pytest.mark.parametrize("line", [0, 2, 4])
@pytest.mark.parametrize("carried_out", [False, True])
def test_a_lost_connection(window, line, carried_out):
    w = window()
    report = failing(w, "R1", ConnectionLost(on=CONFIG_LINE, after=line, carried_out=carried_out))
    assert_back(w, report)


def test_a_lost_connection_on_the_second_router(window):
    w = window()
    assert_back(w, failing(w, "R2", ConnectionLost(on=CONFIG_LINE, after=2)))


@pytest.mark.parametrize("archive", ["archive\n path flash:chg-\n!\n", ""])
def test_a_router_that_restarts(window, archive):
    w = window(archive=archive)
    report = failing(w, "R2", Reboot(on=CONFIG_LINE, after=2, seconds=30))
    assert_back(w, report)
    assert w.router("R2").reboots == 1


def test_a_line_refused_under_the_reload_net(window):
    w = window(archive="")
    assert_back(w, failing(w, "R2", Refused(on=CONFIG_LINE, after=3)))
    assert w.router("R1").reboots == w.router("R2").reboots == 0


def test_a_timer_that_fires_early(window):
    w = window()
    assert_back(w, failing(w, "R1", TimerFires(on="^no crypto keyring")))


def test_a_timer_that_fires_while_testing(window):
    w = window()
    assert_back(w, failing(w, "R2", TimerFires(on="^ping")))


def test_a_timer_that_fires_between_two_confirmations(window):
    # R1 is confirmed, R2 has gone back: the mixed state is repaired by taking R1 back too.
    w = window()
    report = failing(w, "R2", TimerFires(on="^configure confirm"))
    assert_back(w, report)
    assert ("confirmed", "R1") in [(e.event, e.router) for e in read(w)]


def test_a_refused_revert(window):
    # R2 refuses a line, R1 refuses to roll back by itself: the plan's own lines take it back.
    w = window()
    w.fault("R1", RevertRefused(on="^configure revert now"))
    report = failing(w, "R2", Refused(on=CONFIG_LINE))
    assert_back(w, report)


def test_a_confirmation_that_is_refused(window):
    w = window()
    report = failing(w, "R2", Refused(on="^configure confirm", reply="%Error: config lock is held", caret=False))
    assert_back(w, report)


def test_a_full_disk(window):
    w = window()
    report = failing(w, "R2", DiskFull(on="^dir"))
    assert_back(w, report)
    assert "No space left" in report.cause
    assert not any(line.startswith(WRITING) for name in BOTH for line in w.router(name).typed())


def test_a_slow_reply(window):
    w = window()
    report = failing(w, "R1", SlowReply(on="^no crypto keyring", seconds=8))
    assert_back(w, report)
    assert "silent" in report.cause


def test_log_messages_do_not_disturb(window):
    w = window()
    w.fault("R1", SyslogBurst(on=CONFIG_LINE, times=3), SyslogBurst(on="^show running-config", times=5))
    w.fault("R2", SyslogBurst(on="^(ping|clear|show crypto|configure confirm|write)", times=20))
    assert w.apply().result == "committed"


def test_another_prompt(window):
    w = window()
    w.fault("R2", PromptChanged(on=CONFIG_LINE, after=1))
    report = w.apply()
    assert report.exit_code == 6, report
    assert w.is_before("R1") and w.is_before("R2")


@pytest.mark.parametrize("on", ["^no crypto keyring", "^ping"])
def test_a_second_operator(window, on):
    w = window()
    report = failing(w, "R1", SecondOperator(on=on, commands=("snmp-server location here",)))
    assert_back(w, report)
    assert "snmp-server location <CUT:" in report.cause
    (r1,) = [r for r in report.routers if r.name == "R1"]
    assert "LOST: + snmp-server location <CUT:" in r1.detail


@pytest.mark.parametrize("archive", ["archive\n path flash:chg-\n!\n", ""])
def test_a_second_operator_before_the_first_line_keeps_his_work(window, archive):
    w = window(archive=archive)
    report = failing(w, "R1", SecondOperator(on="^dir", commands=("snmp-server location here",)))
    assert report.exit_code == 6 and "Somebody else is changing R1: + snmp-server location <CUT:" in report.cause
    assert "snmp-server location here" in w.running("R1") and w.is_before("R2")
    for name in BOTH:
        assert not any(line.startswith(WRITING) for line in w.router(name).typed())
        assert w.router(name).revert.pending is None and w.router(name).reload_due_in() is None


def test_a_direction_that_does_not_come_up(window):
    # somebody takes R2's only policy away while it is tested: what the proof rests on is gone, nothing is confirmed
    w = window()
    w.fault("R1", Happening(on="^ping", action=lambda _: w.router("R2").operator(["no crypto isakmp policy 10"])))
    report = w.apply()
    assert_back(w, report)
    assert report.cause.startswith("R1 Tunnel1 -> R2 is down")
    assert ("confirming", "R1") not in [(e.event, e.router) for e in read(w)]


def test_a_direction_that_the_other_side_always_starts(window):
    # R2 answers each clear with traffic of its own: R1 never shows itself as the initiator, so nothing is proven
    from ikeaudit.lab import Console

    w = window()

    def traffic(_):
        Console(w.router("R2"), privilege=15).send("ping 10.0.0.1 source Tunnel1")

    w.fault("R1", Happening(on="^ping", times=9, action=traffic))
    report = w.apply()
    assert report.exit_code == 6 and "not-proven" in report.cause and "3 times" in report.cause
    assert w.is_before("R1") and w.is_before("R2")
    w.lab.do(lambda: w.router("R1").faults.clear())
    w.fault("R1", Happening(on="^ping", times=9, action=traffic))
    report = w.apply(replace(w.options, accept_unproven=True))
    assert report.result == "committed" and [d.result for d in report.directions] == ["not-proven", "up"]


def test_a_disk_that_does_not_save_is_said(window):
    w = window()
    busy = "%Error opening nvram:/startup-config (Device or resource busy)"
    w.fault("R2", Refused(on="^write memory", reply=busy, caret=False, times=2))
    report = w.apply()
    assert (report.result, report.exit_code) == ("unsaved", 3)
    assert [r.by_hand for r in report.routers] == [(), ("write memory",)]
    assert w.is_after("R1") and w.is_after("R2")
    assert w.router("R1").startup_text == w.router("R1").running_text
    assert w.router("R2").startup_text != w.router("R2").running_text
    assert w.setting.progress().open  # confirm can finish it
    again = confirm_change(w.setting, w.options, w.said.append)
    assert again.result == "committed" and w.router("R2").startup_text == w.router("R2").running_text


def test_a_bug_in_the_middle(window, monkeypatch):
    from ikeaudit.change.run import Run

    def broken(self):
        raise ValueError("Canary-bug")

    monkeypatch.setattr(Run, "test", broken)
    w = window()
    report = w.apply()
    assert_back(w, report)
    place = r"ValueError at .*test_apply_lab\.py:\d+ in ikeaudit/change/apply\.py:\d+"
    assert re.fullmatch(rf"An internal error happened \({place}\)\.", report.cause), report.cause


def test_ctrl_c(window):
    w = window()

    def interrupt(router):
        import _thread

        _thread.interrupt_main()

    report = failing(w, "R2", Happening(on=CONFIG_LINE, after=1, action=interrupt))
    assert_back(w, report)
    assert report.cause == "It was interrupted."


# -- hold, confirm, roll back, verify --


def test_hold_then_confirm(window):
    w = window(minute_seconds=60)
    report = w.apply(replace(w.options, hold=True))
    assert report.result == "held" and all(w.router(n).revert.pending is not None for n in BOTH)
    assert all(w.router(n).startup_text != w.router(n).running_text for n in BOTH)
    with pytest.raises(RefusedError, match=r"or keep it with `ikeaudit confirm [^`]*plan`"):
        w.apply()
    report = confirm_change(w.setting, w.options, w.said.append)
    assert report.result == "committed"
    for name in BOTH:
        assert w.is_after(name) and w.router(name).revert.pending is None
        assert w.router(name).startup_text == w.router(name).running_text
    with pytest.raises(RefusedError, match="does not wait"):
        confirm_change(w.setting, w.options, w.said.append)


def test_confirm_after_one_timer_ran_out(window):
    w = window(minute_seconds=60)
    w.apply(replace(w.options, hold=True))
    w.lab.do(lambda: w.router("R2").revert.fire())
    report = confirm_change(w.setting, w.options, w.said.append)
    assert_back(w, report)


def test_hold_then_roll_back(window):
    w = window(minute_seconds=60)
    w.apply(replace(w.options, hold=True))
    report = roll_back(w.setting, w.options, w.said.append)
    assert report.result == "rolled-back" and all(w.is_before(n) for n in BOTH)
    assert roll_back(w.setting, w.options, w.said.append).result == "nothing-to-do"


def test_roll_back_after_it_was_saved(window):
    w = window()
    w.apply()
    report = roll_back(w.setting, w.options, w.said.append, everything=True)
    assert report.result == "rolled-back"
    for name in BOTH:
        assert w.is_before(name)
        assert squeezed(w.router(name).startup_text) == squeezed(w.running(name))


def squeezed(text):
    return [line.rstrip() for line in text.splitlines() if line.strip() not in ("", "!")]


def test_verify_before_and_after(window):
    w = window()
    report = verify_change(w.setting, w.options, w.said.append)
    assert report.exit_code == 1 and {r.state for r in report.routers} == {"untouched"}
    w.apply()
    report = verify_change(w.setting, w.options, w.said.append)
    assert report.exit_code == 0 and {r.state for r in report.routers} == {"changed"}
    w.lab.do(lambda: w.router("R2").operator(["crypto keyring keyring9"]))
    report = verify_change(w.setting, w.options, w.said.append)
    assert report.exit_code == 1 and "keyring9" in report.cause


def test_the_report_as_json(window):
    import msgspec

    w = window()
    body = json.loads(msgspec.json.encode(w.apply()))
    assert body["schema"] == "ikeaudit.change/1" and body["result"] == "committed"
