"""``rollback`` takes back what is half-way, and what is in force only when it is named; what was cut off is gone on with."""

from __future__ import annotations

import json
import os
import re
import signal
from contextlib import ExitStack
from dataclasses import replace

import pytest
from change_lab import OPTIONS, hub_and_spokes, night, pairs
from judge import NAMES, config_lines, runs

from ikeaudit.change import close_change, lines_of_rollback, roll_back, status_of
from ikeaudit.change.opened import work
from ikeaudit.lab.fault_set import SECOND_OPERATOR
from ikeaudit.lab.faults import CONFIG_LINE, Happening, Refused
from ikeaudit.model.errors import InputError, RefusedError
from ikeaudit.remediation.strategies import STRATEGIES
from ikeaudit.remediation.strategies.ikev2 import ikev2_strategy

pytestmark = pytest.mark.ssh

(SINGLE,) = [s for s in STRATEGIES if s.name == "single-keyring"]
CHANGING = ("configure replace", "configure revert", "configure confirm", "write", "copy", "delete", "reload")


@pytest.fixture
def boot(tmp_path):
    with ExitStack() as stack:
        yield lambda texts, strategy=SINGLE: stack.enter_context(night(tmp_path, texts, strategy))


def sent(w, names=NAMES):
    """Lines that changed anything on any router: those of configuration mode, and those of EXEC mode that do more than show."""
    return [
        (name, line)
        for name in names
        for line in [*config_lines(w.lab, name), *(t for t in w.lab.router(name).typed() if t.startswith(CHANGING))]
    ]


# -- what is in force must be named ----------------------------------------------------------------------------------


def test_typed_twice_the_second_takes_nothing_back(verbs):
    w = verbs.window
    w.fault("R2", Refused(on="^configure confirm", times=9))
    assert verbs.run("apply", "plan", "--commit", "--hold", "--minutes", "60")[0] == 0
    assert verbs.run("rollback", "plan", "--commit")[0] == 0, "half-way: by itself"
    before = sent(w)
    for more in ((), ("--all",), ("--wave", "1")):
        code, out, _ = verbs.run("rollback", "plan", "--commit", *more)
        assert code == 0 and "There is nothing to take back" in out
        assert "Every router" not in out, "none was read"
    assert sent(w) == before and [runs(w, n) for n in NAMES] == ["before", "before"]


def test_a_change_in_force_is_taken_back_only_when_that_is_said(verbs):
    w = verbs.window
    assert verbs.run("apply", "plan", "--commit")[0] == 0
    before = sent(w)
    for more in (("--commit",), (), ("--commit", "--format", "json")):
        code, out, err = verbs.run("rollback", "plan", *more)
        assert code == 5 and out == ""
        assert "in force on R1, R2" in err and "`ikeaudit rollback plan --commit --all`" in err
        assert "--wave N" in err and "--group G" in err
    assert sent(w) == before and [runs(w, n) for n in NAMES] == ["after", "after"]
    code, out, _ = verbs.run("rollback", "plan", "--all")
    assert code == 0 and "R1# configure replace flash:pre-CHG-1.cfg force" in out and sent(w) == before
    assert verbs.run("rollback", "plan", "--commit", "--all")[0] == 0
    assert [runs(w, n) for n in NAMES] == ["before", "before"]
    before = sent(w)
    code, out, _ = verbs.run("rollback", "plan", "--commit", "--all", "--format", "json")
    assert code == 0 and json.loads(out)["result"] == "nothing-to-do" and sent(w) == before


def test_nothing_was_ever_begun(verbs):
    for more in ((), ("--commit",), ("--commit", "--all")):
        code, out, _ = verbs.run("rollback", "plan", *more)
        assert code == 0 and "nothing to take back" in out
    typed = [line for name in NAMES for line in verbs.window.router(name).typed()]
    assert typed, "without a journal the routers are asked"
    assert [line for line in typed if not re.match(r"(terminal|show|dir|exit)\b", line)] == []


@pytest.mark.timeout(300)  # some thirty processes
def test_no_repetition_of_any_verb_sends_a_line(verbs):
    """Each verb once, so that it does its work; then again."""
    w = verbs.window
    held = ("apply", "plan", "--commit", "--hold", "--minutes", "60")
    first = [
        held,
        ("confirm", "plan"),
        ("apply", "plan", "--commit"),
        ("apply", "plan", "--commit", "--resume"),
        ("verify", "plan"),
        ("rollback", "plan", "--commit"),
        ("rollback", "plan", "--commit", "--all"),
    ]
    for words in first:
        verbs.run(*words)
        before = sent(w)
        assert before, words
        code, out, err = verbs.run(*words)
        assert sent(w) == before, (words, out, err)
        assert code in (0, 1, 5), (words, code, err)
    assert [runs(w, n) for n in NAMES] == ["before", "before"]
    assert verbs.run("apply", "plan", "--commit")[0] == 0
    assert verbs.run("confirm", "plan", "--close")[0] == 0
    before = sent(w)
    for words in [held, *first[3:], ("confirm", "plan", "--close"), ("rehearse", "plan")]:
        assert verbs.run(*words)[0] in (0, 5), words
        assert sent(w) == before, words


def test_of_groups_and_waves(boot, tmp_path, monkeypatch):
    """Half-way comes first and alone; then nothing without a name; then a group alone, a wave, the rest."""
    monkeypatch.chdir(tmp_path)
    n = boot(pairs(3))
    assert [len(wave.groups or (1,)) for wave in n.setting.plan.waves] == [1, 2]
    assert n.apply().result == "committed" and n.apply(wave=2, group=1).result == "committed"
    assert n.apply(replace(OPTIONS, hold=True), wave=2, group=2).result == "held"
    with pytest.raises(
        RefusedError, match=r"CHG-7-w2-g2 is half-way .*comes first; .*`ikeaudit rollback plan --commit`"
    ):
        roll_back(n.setting, OPTIONS, n.said.append, wave=2, group=1)
    assert roll_back(n.setting, OPTIONS, n.said.append).result == "rolled-back"
    assert [n.is_before(name) for name in ("A1", "A2", "A3")] == [False, False, True]
    assert n.apply(wave=2, group=2).result == "committed"
    before = sent(n, n.texts)
    for _ in range(2):
        with pytest.raises(RefusedError) as told:
            roll_back(n.setting, OPTIONS, n.said.append)
        with pytest.raises(RefusedError, match="say what is to be taken back"):
            lines_of_rollback(n.setting)
    words = str(told.value)
    assert told.value.exit_code == 5
    assert "`ikeaudit rollback plan --commit --wave 2` wave 2 and those after it (--wave N; in force: 1, 2)" in words
    assert (
        "`ikeaudit rollback plan --commit --wave 2 --group 2` one group of wave 2 (--group G; in force: 1, 2)" in words
    )
    assert "`ikeaudit rollback plan --commit --all` all of it" in words
    with pytest.raises(InputError, match="of which wave"):
        roll_back(n.setting, OPTIONS, n.said.append, group=1)
    with pytest.raises(InputError, match="no group 3"):
        roll_back(n.setting, OPTIONS, n.said.append, wave=2, group=3)
    assert sent(n, n.texts) == before
    assert any(line.startswith("A2# ") for line in lines_of_rollback(n.setting, wave=2, group=1))
    assert not any(line.startswith("A3# ") for line in lines_of_rollback(n.setting, wave=2, group=1))
    assert roll_back(n.setting, OPTIONS, n.said.append, wave=2, group=1).result == "rolled-back"
    assert [n.is_before(name) for name in ("A1", "A2", "B2", "A3")] == [False, True, True, False]
    assert roll_back(n.setting, OPTIONS, n.said.append, wave=2, group=1).result == "nothing-to-do"
    assert roll_back(n.setting, OPTIONS, n.said.append, wave=2).result == "rolled-back"
    assert [n.is_before(name) for name in ("A1", "A2", "A3")] == [False, True, True]
    assert roll_back(n.setting, OPTIONS, n.said.append, everything=True).result == "rolled-back"
    assert all(n.is_before(name) for name in n.texts) and n.quiet()


def test_what_later_waves_rest_on_is_not_taken_away(boot):
    """S2's group goes back alone while those after it, on the same hub, stay; wave 1 does not while later waves use it."""
    n = boot(hub_and_spokes(6), ikev2_strategy())
    assert [g.routers for g in n.setting.plan.waves[1].groups] == [(f"S{number}", "HUB") for number in range(2, 7)]
    for _ in range(2):
        assert n.apply().result == "committed", n.said
    hub = "\n".join(n.running("HUB"))
    assert hub.count("tunnel protection ipsec profile IP") == 0
    report = roll_back(n.setting, OPTIONS, n.said.append, wave=2, group=1)
    assert report.result == "rolled-back", (report, n.said[-9:])
    hub = "\n".join(n.running("HUB"))
    assert n.is_before("S2") and hub.count("tunnel protection ipsec profile IP") == 1, "only S2's is by IKEv1 again"
    assert not any(line.startswith("configure re") for line in n.lab.router("HUB").typed())
    assert n.quiet()
    assert n.apply(wave=2).result == "committed", n.said
    assert n.apply(wave=3).result == "committed", n.said
    before = sent(n, n.texts)
    with pytest.raises(RefusedError, match=r"Wave 2, group 1 rests on wave 1: .* later, on HUB; .*--commit --wave 2`"):
        roll_back(n.setting, OPTIONS, n.said.append, wave=1, group=1)
    assert sent(n, n.texts) == before


# -- a roll-back that was cut off ------------------------------------------------------------------------------------


def killed_going_back(verbs, on, after):
    """``rollback --all`` of a change in force, killed on R2 when R1 is back."""
    w, started = verbs.window, []
    assert verbs.run("apply", "plan", "--commit")[0] == 0
    if on == CONFIG_LINE:
        w.lab.do(lambda: w.router("R2").operator([SECOND_OPERATOR]))
    w.fault("R2", Happening(on=on, after=after, action=lambda router: os.kill(started[0].pid, signal.SIGKILL)))
    started.append(verbs.start("rollback", "plan", "--commit", "--all"))
    assert verbs.finish(started[0])[0] == -signal.SIGKILL
    w.lab.do(lambda: [w.router(name).faults.clear() for name in NAMES])
    assert runs(w, "R1") == "before"


@pytest.mark.parametrize(
    ("on", "after", "left"),
    [("^show archive config rollback", 1, "after"), ("^configure replace", 0, "before"), (CONFIG_LINE, 2, "half")],
)
def test_a_roll_back_that_was_killed_is_gone_on_with(verbs, on, after, left):
    """Before R2 was sent anything; when it had put its copy back; in the middle of lines, because of somebody else's one."""
    w = verbs.window
    killed_going_back(verbs, on, after)
    assert runs(w, "R2") == left
    code, out, _ = verbs.run("status")
    again = "ikeaudit rollback plan --commit --all"
    assert code == 0 and "CHG-1: being taken back" in out and f"next: {again}\n" in out and "in force" not in out
    (change,) = status_of(w.setting.workspace, None).changes
    assert change.state == "going-back"
    before = sent(w)
    for words in (
        ("confirm", "plan", "--close"),
        ("confirm", "plan"),
        ("apply", "plan", "--commit"),
        ("apply", "plan", "--commit", "--resume"),
    ):
        code, out, err = verbs.run(*words)
        assert code == 5 and f"`{again}`" in err and "being taken back" in err, (words, err)
    assert sent(w) == before
    assert all("pre-CHG-1.cfg" in w.router(name).flash.names for name in NAMES), "the way back is there"
    assert verbs.run("rollback", "plan", "--commit", "--all")[0] == 0
    assert [runs(w, n) for n in NAMES] == ["before", "before"]
    assert [runs(w, n, w.router(n).startup_text) for n in NAMES] == ["before", "before"]
    assert status_of(w.setting.workspace, None).changes[0].state == "rolled-back"


def test_without_a_name_a_roll_back_that_was_killed_goes_on_as_well(verbs):
    killed_going_back(verbs, "^show archive config rollback", 1)
    assert verbs.run("rollback", "plan", "--commit")[0] == 0
    assert [runs(verbs.window, n) for n in NAMES] == ["before", "before"]


def test_a_confirmation_that_was_killed_on_its_way_back_is_not_confirmed(window):
    """R1 is back and R2 waits still: to confirm R2 alone would leave one router before and one after the change."""
    w = window(minute_seconds=60)
    assert w.apply(replace(w.options, hold=True)).result == "held"
    with work(w.setting, w.setting.entire, "confirm", NAMES) as (_, journal):
        journal.record("failed", text="killed after the first router was taken back")
        w.lab.do(lambda: w.router("R1").revert.fire())
        journal.record("reverting", "R1", line="configure revert now")
        journal.record("reverted", "R1", text="by its timer", match="same")
    from ikeaudit.change import confirm_change

    before = sent(w)
    with pytest.raises(RefusedError, match=r"not in force on R1; take it back with `ikeaudit rollback .*--commit`"):
        confirm_change(w.setting, w.options, w.said.append)
    assert sent(w) == before


# -- what the journal says is not enough to close --------------------------------------------------------------------


def put_back_by_hand(w, name):
    w.lab.do(lambda: w.router(name).replace(w.router(name).flash.read("flash:pre-CHG-1.cfg")))


def save(w, name):
    w.lab.do(w.router(name).save)


@pytest.mark.parametrize("what", ["running", "startup", "both"])
def test_a_mixed_or_unsaved_state_is_not_closed(window, what):
    w = window()
    assert w.apply().result == "committed"
    new = w.running("R2")
    put_back_by_hand(w, "R2")
    if what in ("startup", "both"):
        save(w, "R2")
    if what == "startup":
        w.lab.do(lambda: w.router("R2").replace(new))
    before = sent(w)
    with pytest.raises(RefusedError) as told:
        close_change(w.setting, w.said.append)
    for kind in ("running", "startup"):
        named = f"the {kind} configuration of R2 is not what the change leaves" in str(told.value)
        assert named is (what in (kind, "both")), told.value
    assert "keyring2" in str(told.value) and "of R1" not in str(told.value)
    assert sent(w) == before
    assert all("pre-CHG-1.cfg" in w.router(name).flash.names for name in NAMES)


def test_other_people_s_lines_do_not_keep_it_from_being_closed(window):
    w = window()
    assert w.apply().result == "committed"
    w.lab.do(
        lambda: w.router("R1").operator(["ip route 10.9.0.0 255.255.0.0 Null0", "no snmp-server community Canary-x"])
    )
    save(w, "R1")
    assert close_change(w.setting, w.said.append).result == "closed"
    assert all("pre-CHG-1.cfg" not in w.router(name).flash.names for name in NAMES)


def test_closed_again_after_a_copy_was_kept_sends_no_line_twice(window):
    """An archive path that is gone already is not removed again: it may be somebody else's by then."""
    from ikeaudit.model.errors import IncompleteError

    w = window(archive="", arm=True)
    assert w.apply().result == "committed"
    w.fault(
        "R1",
        Refused(on="^delete /force flash:pre", reply="%Error deleting flash:pre-CHG-1.cfg (Read-only)", caret=False),
    )
    with pytest.raises(IncompleteError, match="R1 keeps"):
        close_change(w.setting, w.said.append)
    before = config_lines(w, "R1")
    assert close_change(w.setting, w.said.append).result == "closed"
    assert config_lines(w, "R1") == before
