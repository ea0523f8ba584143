"""What somebody else changed since stays when a change is taken back, and what is saved then is what was verified."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from judge import NAMES, comes_up, config_lines, lines_of, runs

from ikeaudit.change import apply_change, roll_back, status_of
from ikeaudit.lab.faults import CONFIG_LINE, Happening, Refused, SecondOperator
from ikeaudit.model.errors import RefusedError
from ikeaudit.remediation.strategies.ikev2 import ikev2_strategy

pytestmark = pytest.mark.ssh

ROUTE = "ip route 10.9.0.0 255.255.0.0 Null0"
WHOLE = ("configure replace", "configure revert")


def types(w, name, *lines):
    w.lab.do(lambda: w.router(name).operator(lines))


def saves(w, name):
    w.lab.do(w.router(name).save)


def without(text, *lines):
    return "".join(f"{line}\n" for line in text.splitlines() if line not in lines)


def back(w, **which):
    return roll_back(w.setting, w.options, w.said.append, **which)


def details(report):
    return {router.name: router.detail for router in report.routers}


# -- other people's lines --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("saved", [True, False])
def test_a_line_that_was_added_stays(window, saved):
    """Saved or not: R1 runs the route afterwards, and its startup configuration has it where the change was saved with it."""
    w = window()
    assert w.apply().result == "committed"
    types(w, "R1", ROUTE)
    if saved:
        saves(w, "R1")
    report = back(w, everything=True)
    assert report.result == "rolled-back", w.said
    assert ROUTE in w.running("R1").splitlines() and ROUTE in w.router("R1").startup_text.splitlines()
    assert runs(w, "R1", without(w.running("R1"), ROUTE)) == "before" and runs(w, "R2") == "before"
    assert runs(w, "R1", without(w.router("R1").startup_text, ROUTE)) == "before"
    assert f"+ {ROUTE}" in details(report)["R1"] and details(report)["R2"] == ""
    assert ("not saved" in details(report)["R1"]) is not saved
    assert not [line for line in w.router("R1").typed() if line.startswith(WHOLE)]
    assert [line for line in w.router("R2").typed() if line.startswith(WHOLE)], "where nobody typed the copy does it"
    comes_up(w, "before")


def test_lines_that_were_removed_and_changed_stay_so(window):
    w = window()
    assert w.apply().result == "committed"
    types(
        w,
        "R1",
        "no snmp-server community Canary-snmp-4Wd4 RO",
        "interface Tunnel1",
        "ip address 10.0.0.1 255.255.255.252",
    )
    report = back(w, everything=True)
    assert report.result == "rolled-back", w.said
    for text in (w.running("R1"), w.router("R1").startup_text):
        assert "snmp-server" not in text and " ip address 10.0.0.1 255.255.255.252\n" in text
        assert "crypto keyring keyring2" in text and "   keyring keyring2\n" in text
    assert "- snmp-server community" in details(report)["R1"] and "Canary" not in repr(report)


def test_what_would_be_lost_is_named_and_nothing_is_sent(window):
    """A line in an object that the change made goes with that object: it is named, and not a line is sent to any router."""
    w = window(strategy=ikev2_strategy())
    first = w.setting.plan.waves[0]
    assert apply_change(w.setting, w.options, w.said.append, wave=first.number).result == "committed"
    profile = re.findall(r"(?m)^crypto ikev2 profile \S+", w.running("R2"))[0]
    types(w, "R2", profile, "lifetime 3600")
    assert f"{profile}\n" in w.running("R2") and " lifetime 3600\n" in w.running("R2")
    now = {name: (w.running(name), w.router(name).startup_text, len(config_lines(w, name))) for name in NAMES}
    with pytest.raises(RefusedError) as told:
        back(w, everything=True)
    words = str(told.value)
    assert "on R2 would undo what somebody else has changed" in words and f"+ {profile} / lifetime 3600" in words
    assert told.value.exit_code == 5
    assert now == {name: (w.running(name), w.router(name).startup_text, len(config_lines(w, name))) for name in NAMES}
    assert {change.state for change in status_of(w.setting.workspace, None).changes} == {"committed"}
    types(w, "R2", profile, "no lifetime 3600")
    assert back(w, everything=True).result == "rolled-back", w.said
    assert "ikev2" not in w.running("R2")


def test_a_line_in_an_object_that_the_change_only_alters_stays(window):
    w = window()
    assert w.apply().result == "committed"
    types(
        w, "R1", "crypto keyring other", "pre-shared-key address 192.168.0.3 key Canary-other-4Wd7", "exit",
        "crypto isakmp profile profile2", "keyring other",
    )  # fmt: skip
    report = back(w, everything=True)
    assert report.result == "rolled-back", w.said
    text = w.running("R1")
    profile = text[text.index("crypto isakmp profile profile2") :].split("\ncrypto")[0]
    assert "keyring keyring2" in profile and "keyring other" in profile and "keyring keyring1" not in profile
    assert "crypto keyring other\n  pre-shared-key address 192.168.0.3 key Canary-other-4Wd7" in text
    assert "Canary" not in repr(report) + "".join(w.said)


def test_under_a_timer_too(window):
    """``--hold``: what the timer would bring back is the configuration as it was when that was set."""
    w = window(minute_seconds=60)
    assert w.apply(replace(w.options, hold=True)).result == "held"
    types(w, "R1", ROUTE)
    report = back(w)
    assert report.result == "rolled-back", w.said
    assert ROUTE in w.running("R1").splitlines() and runs(w, "R1", without(w.running("R1"), ROUTE)) == "before"
    assert runs(w, "R2") == "before"
    assert all(w.router(name).revert.pending is None for name in NAMES)
    comes_up(w, "before")


def test_typed_after_a_timer_fired(window):
    w = window(minute_seconds=60)
    assert w.apply(replace(w.options, hold=True)).result == "held"
    for name in NAMES:
        w.lab.do(w.router(name).revert.fire)
    types(w, "R1", ROUTE)
    typed = config_lines(w, "R1")
    report = back(w)
    assert report.result == "rolled-back" and f"+ {ROUTE}" in details(report)["R1"]
    assert config_lines(w, "R1") == typed and ROUTE in w.running("R1")


def test_through_all_waves_and_a_clean_up(window):
    """The keys that the clean-up removed come from the copy; the copy itself is not put in place of everything."""
    w = window(strategy=ikev2_strategy())
    texts = {name: w.running(name) for name in NAMES}
    for wave in w.setting.plan.waves:
        assert apply_change(w.setting, w.options, w.said.append, wave=wave.number).result == "committed"
    types(w, "R2", ROUTE)
    saves(w, "R2")
    report = back(w, everything=True)
    assert report.result == "rolled-back", (report, w.said)
    for text in (w.running("R2"), w.router("R2").startup_text):
        assert ROUTE in text.splitlines()
        assert lines_of(without(text, ROUTE)) == lines_of(texts["R2"])
    assert lines_of(w.running("R1")) == lines_of(texts["R1"])
    assert not [line for line in w.router("R2").typed() if line.startswith(WHOLE)]


def test_with_an_archive_path_of_the_plan_s(window):
    w = window(archive="", arm=True)
    assert w.apply().result == "committed"
    types(w, "R1", ROUTE)
    assert back(w, everything=True).result == "rolled-back", w.said
    for text in (w.running("R1"), w.router("R1").startup_text):
        assert ROUTE in text.splitlines() and "archive" not in text
        assert runs(w, "R1", without(text, ROUTE)) == "before"


# -- the startup configuration ---------------------------------------------------------------------------------------


def before_everywhere(w):
    assert [runs(w, n) for n in NAMES] == ["before", "before"]
    assert [runs(w, n, w.router(n).startup_text) for n in NAMES] == ["before", "before"]


@pytest.mark.parametrize("fired", [False, True])
def test_somebody_saved_during_a_hold(window, fired):
    w = window(minute_seconds=60)
    assert w.apply(replace(w.options, hold=True)).result == "held"
    saves(w, "R1")
    if fired:
        for name in NAMES:
            w.lab.do(w.router(name).revert.fire)
    assert runs(w, "R1", w.router("R1").startup_text) == "after"
    report = back(w)
    assert report.result == "rolled-back", w.said
    before_everywhere(w)
    assert "startup configuration held the change" in details(report)["R1"] and details(report)["R2"] == ""
    assert "write memory" not in w.router("R2").typed(), "there was nothing to write"


def test_somebody_saved_in_the_middle_of_a_change_that_fails(window):
    w = window()
    w.fault("R1", Happening(on="^ping", action=lambda router: router.save()))
    w.fault("R2", Refused(on="^ping"))
    report = w.apply()
    assert (report.result, report.exit_code) == ("rolled-back", 6), w.said
    before_everywhere(w)
    assert "startup configuration held the change" in details(report)["R1"]


def test_a_startup_configuration_that_cannot_be_written_is_said(window):
    w = window(minute_seconds=60)
    assert w.apply(replace(w.options, hold=True)).result == "held"
    saves(w, "R1")
    w.router("R1").nvram_full = True
    report = back(w)
    assert (report.result, report.exit_code) == ("state-unknown", 7)
    assert [runs(w, n) for n in NAMES] == ["before", "before"]
    assert "startup configuration still holds the change" in details(report)["R1"]
    assert "type `write memory`" in details(report)["R1"] and "could not save" in details(report)["R1"]
    change = status_of(w.setting.workspace, None).changes[0]
    assert change.state == "state-unknown" and "rollback" in change.next
    w.router("R1").nvram_full = False
    assert back(w).result == "rolled-back"
    before_everywhere(w)


def test_a_save_that_did_not_save_is_noticed(window):
    """``[OK]`` is what the router says; what it will start with is what it shows."""
    w = window(minute_seconds=60)
    assert w.apply(replace(w.options, hold=True)).result == "held"
    saves(w, "R1")
    w.fault("R1", Refused(on="^write memory", reply="Building configuration...\n[OK]", caret=False, times=9))
    report = back(w)
    assert (report.result, report.exit_code) == ("state-unknown", 7)
    assert "startup configuration still holds the change" in details(report)["R1"]


def test_what_is_saved_is_read_just_before(window):
    """Somebody changes the change's own lines again between the look and the save: that is not saved as the earlier state."""
    w = window()
    assert w.apply().result == "committed"
    again = ("no crypto keyring keyring2",)
    w.fault("R1", Happening(on="^show startup", action=lambda router: router.operator(again)))
    report = back(w, everything=True)
    for name in NAMES:
        for text in (w.running(name), w.router(name).startup_text):
            assert runs(w, name, text) == "before", (name, report, w.said)
    assert report.result == "rolled-back"


def test_a_line_refused_after_that(window):
    """The journal's last line that says so was lost, and so was the record of the save: the router itself is asked."""
    w = window()
    assert w.apply().result == "committed"
    path = w.setting.journal_path
    kept = [
        line for line in path.read_text().splitlines() if '"event":"sav' not in line and '"event":"end"' not in line
    ]
    path.write_text("\n".join(kept) + "\n")
    assert w.setting.progress().routers["R1"].phase == "confirmed"
    assert back(w).result == "rolled-back", w.said
    before_everywhere(w)


def test_lines_that_fail_half_way_are_said(window):
    """R1 takes roll-back lines no more: what others typed is not sacrificed, and the state is told as it is."""
    w = window()
    assert w.apply().result == "committed"
    types(w, "R1", ROUTE)
    w.fault("R1", Refused(on=CONFIG_LINE, after=1, times=99))
    report = back(w, everything=True)
    assert (report.result, report.exit_code) == ("state-unknown", 7)
    assert ROUTE in w.running("R1") and "does not run what it ran before" in details(report)["R1"]
    w.lab.do(w.router("R1").faults.clear)
    assert back(w).result == "rolled-back", w.said
    assert ROUTE in w.running("R1") and runs(w, "R1", without(w.running("R1"), ROUTE)) == "before"


# -- saving a change -------------------------------------------------------------------------------------------------


def test_a_change_that_is_not_saved_though_the_router_says_so(window):
    w = window()
    w.fault("R2", Refused(on="^write memory", reply="Building configuration...\n[OK]", caret=False, times=9))
    report = w.apply()
    assert (report.result, report.exit_code) == ("unsaved", 3), w.said
    assert "R2 says that it saved" in report.cause and "keyring2" in report.cause
    assert runs(w, "R1", w.router("R1").startup_text) == "after"
    assert status_of(w.setting.workspace, None).changes[0].state == "unsaved"


def test_what_was_saved_with_it_is_named(window):
    w = window()
    w.fault("R2", SecondOperator(on="^write memory", commands=(ROUTE,)))
    report = w.apply()
    assert report.result == "committed", w.said
    assert f"+ {ROUTE}" in details(report)["R2"] and details(report)["R1"] == ""
    assert any(ROUTE in line and line.startswith("R2: saved") for line in w.said)


def test_a_path_that_was_saved_meanwhile_goes_from_the_startup_configuration_too(window):
    """Only the archive path was sent when somebody saved, and then no timer could be had."""
    w = window(archive="", arm=True)
    w.lab.do(lambda: w.router("R2").operator(["banner motd ^C not saved ^C"]))
    w.lab.do(w.router("R2").save)
    w.lab.do(lambda: w.router("R2").operator(["no banner motd"]))
    w.fault("R2", Refused(on="^configure terminal revert", times=9))
    w.fault("R2", Happening(on="^show archive config", since="^path", action=lambda router: router.save()))
    report = w.apply()
    assert report.result == "rolled-back", w.said
    for name in NAMES:
        assert runs(w, name) == "before" and "archive" not in w.router(name).startup_text


def test_a_startup_configuration_that_is_not_shown_is_said(window):
    w = window(minute_seconds=60)
    assert w.apply(replace(w.options, hold=True)).result == "held"
    w.fault("R1", Refused(on="^show startup", reply="startup-config is not present", caret=False))
    report = back(w)
    assert report.result == "rolled-back" and "shows no startup configuration" in details(report)["R1"]
    assert details(report)["R2"] == "" and "write memory" not in w.router("R1").typed()
