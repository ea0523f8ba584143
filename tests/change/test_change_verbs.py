"""``apply``, ``confirm``, ``rollback`` and ``verify`` as a user runs them, up to and including ``kill -9``."""

from __future__ import annotations

import json
import os
import signal

import pytest
from jsonschema import Draft202012Validator

from ikeaudit.lab.faults import CONFIG_LINE, Happening, Refused
from ikeaudit.report import load_schema

pytestmark = pytest.mark.ssh

BOTH = ("R1", "R2")


def test_nothing_is_sent_unless_asked(verbs):
    code, out, err = verbs.run("apply", "plan", "--inventory", "nowhere", IKEAUDIT_PASSWORD="")
    assert code == 0 and err == ""
    lines = out.splitlines()
    assert "R1(config)# no crypto keyring keyring2" in lines
    assert "R1# configure terminal revert timer 15" in lines and "R2# configure confirm" in lines
    assert any("key <PSK:" in line for line in lines) and lines[-1] == "! Nothing was sent; --commit does it."
    assert all(verbs.window.router(name).typed() == () for name in BOTH)
    verbs.assert_no_canary()


def test_apply_verify_and_roll_back(verbs):
    w = verbs.window
    assert verbs.run("verify", "plan")[0] == 1
    code, out, err = verbs.run("apply", "plan", "--commit", "--format", "json")
    assert code == 0
    body = json.loads(out)
    Draft202012Validator(load_schema("ikeaudit.change/1")).validate(body)
    assert body["result"] == "committed" and [d["result"] for d in body["directions"]] == ["up", "up"]
    assert "R1: step 1," in err and all(w.is_after(name) for name in BOTH)
    assert verbs.run("verify", "plan", "--force")[0] == 0
    code, out, _ = verbs.run("rollback", "plan", "--all")
    assert code == 0 and "R1# configure replace flash:pre-CHG-1.cfg force" in out and all(w.is_after(n) for n in BOTH)
    code, out, _ = verbs.run("rollback", "plan", "--commit", "--all")
    assert code == 0 and "Every router runs what it ran before." in out
    assert all(w.is_before(name) for name in BOTH)
    code, out, _ = verbs.run("rollback", "plan", "--commit", "--all")
    assert code == 0 and "nothing to take back" in out
    verbs.assert_no_canary()


def test_hold_and_confirm(verbs):
    w = verbs.window
    code, out, _ = verbs.run("apply", "plan", "--commit", "--hold", "--minutes", "60")
    assert code == 0 and "ikeaudit confirm" in out
    assert all(w.router(name).revert.pending is not None for name in BOTH)
    assert verbs.run("apply", "plan", "--commit")[0] == 5
    code, out, _ = verbs.run("confirm", "plan")
    assert code == 0 and "tested, confirmed and saved" in out
    assert all(w.router(name).startup_text == w.router(name).running_text for name in BOTH)
    assert verbs.run("confirm", "plan")[0] == 5


def test_a_failed_change(verbs):
    verbs.window.fault("R2", Refused(on=CONFIG_LINE, after=2))
    code, out, _ = verbs.run("apply", "plan", "--commit")
    assert code == 6
    assert "Why: R2 answered `crypto keyring keyring2` with: % Invalid input" in out
    assert "Every router runs what it ran before." in out
    assert all(verbs.window.is_before(name) for name in BOTH)
    assert verbs.run("apply", "plan", "--commit")[0] == 0  # the second attempt; its copy replaces that of the first
    verbs.assert_no_canary()


def test_a_stale_plan(verbs):
    w = verbs.window
    w.lab.do(
        lambda: w.router("R1").operator(["crypto keyring keyring2", "pre-shared-key address 10.9.9.9 key Canary-9"])
    )
    code, out, err = verbs.run("apply", "plan", "--commit")
    assert code == 5 and out == ""
    assert "+ crypto keyring keyring2 / pre-shared-key address 10.9.9.9 key <PSK:" in err
    assert "R1 does not run what the plan was made for" in err
    verbs.assert_no_canary()


def test_a_plan_that_nobody_approved(verbs):
    (verbs.tmp_path / "plan/approval.json").unlink()
    code, out, err = verbs.run("apply", "plan", "--commit", IKEAUDIT_PASSWORD="")
    assert code == 5 and out == "" and "CHG-1 is not approved" in err
    assert all(verbs.window.router(name).typed() == () for name in BOTH)
    assert verbs.run("approve", "plan", "--by", "Ada")[0] == 0
    assert verbs.run("apply", "plan", "--commit")[0] == 0


def test_an_altered_plan(verbs):
    path = verbs.tmp_path / "plan" / "plan.json"
    path.write_text(path.read_text().replace("no crypto keyring keyring2", "no crypto keyring keyring1"))
    code, _, err = verbs.run("apply", "plan", "--commit")
    assert code == 5 and "altered" in err
    assert all(verbs.window.router(name).typed() == () for name in BOTH)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["apply", "nowhere", "--commit"], 2, "no plan in nowhere"),
        (["apply", "plan", "--commit", "--inventory", "nowhere"], 2, "no inventory at nowhere"),
        (["apply", "plan", "--commit", "--wave", "9"], 2, "no wave 9"),
        (["apply", "plan", "--minutes", "0"], 2, "--minutes"),
        (["confirm", "plan"], 5, "does not wait to be confirmed"),
        (["rollback", "plan", "--all", "--wave", "1"], 2, "--all takes back everything"),
        (["rollback", "plan", "--wave", "9"], 2, "no wave 9"),
        (["rollback", "plan", "--group", "9"], 2, "no group 9"),
    ],
)
def test_mistakes_are_one_sentence(verbs, arguments, code, words):
    got, out, err = verbs.run(*arguments)
    told = [line for line in err.splitlines() if not line.startswith("Workspace: ")]
    assert got == code and out == "" and len(told) == 1 and words in told[0]


def test_a_router_that_is_not_in_the_inventory(verbs):
    hosts = verbs.tmp_path / "inventory/hosts.yaml"
    text = hosts.read_text()
    hosts.write_text(text[: text.index("R2:")])
    code, _, err = verbs.run("apply", "plan", "--commit")
    assert code == 2 and "no host for R2" in err
    assert verbs.window.router("R1").typed() == ()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_polite_kill_takes_everything_back(verbs, how):
    w = verbs.window
    started = []
    w.fault("R2", Happening(on=CONFIG_LINE, after=1, action=lambda router: os.kill(started[0].pid, how)))
    started.append(verbs.start("apply", "plan", "--commit"))
    code, out, _ = verbs.finish(started[0])
    assert code == 6 and "interrupted" in out
    assert all(w.is_before(name) for name in BOTH)
    assert all(w.router(name).revert.pending is None for name in BOTH)


def test_ctrl_c_again_and_again_does_not_stop_the_way_back(verbs):
    w = verbs.window
    started = []
    for on in (CONFIG_LINE, "^configure revert now", "^show archive config rollback"):
        after = 1 if on == CONFIG_LINE else 0
        since = {"after": 3} if on.startswith("^show") else {"after": after}
        w.fault("R1", Happening(on=on, action=lambda router: os.kill(started[0].pid, signal.SIGINT), **since))
    started.append(verbs.start("apply", "plan", "--commit"))
    code, out, err = verbs.finish(started[0])
    assert code == 6 and "interrupted" in out
    assert "What was done is being taken back; if this is killed, each router's timer does it." in err
    assert all(w.is_before(name) and w.router(name).revert.pending is None for name in BOTH)


@pytest.mark.parametrize(
    ("name", "on", "after"),
    [
        ("R1", "^configure terminal revert", 0),
        ("R1", CONFIG_LINE, 0),
        ("R1", CONFIG_LINE, 4),
        pytest.param("R2", CONFIG_LINE, 2, marks=pytest.mark.quick),
        ("R2", "^ping", 0),
        ("R2", "^configure confirm", 0),
        ("R2", "^write memory", 0),
    ],
)
def test_kill_9_at_any_moment_can_be_finished(verbs, name, on, after):
    w = verbs.window
    started = []
    w.fault(name, Happening(on=on, after=after, action=lambda router: os.kill(started[0].pid, signal.SIGKILL)))
    started.append(verbs.start("apply", "plan", "--commit"))
    code, _, _ = verbs.finish(started[0])
    assert code == -signal.SIGKILL
    progress = w.setting.progress()
    assert progress.open and progress.result is None
    code, _, err = verbs.run("apply", "plan", "--commit")
    assert code == 5 and "half-way" in err and "rollback" in err
    code, out, _ = verbs.run("rollback", "plan", "--commit")
    assert code == 0, out
    for router in BOTH:
        assert w.is_before(router) and w.router(router).revert.pending is None
        assert "keyring2" in w.router(router).startup_text
    assert not w.setting.progress().open
    verbs.assert_no_canary()


@pytest.mark.parametrize(
    ("name", "on", "after", "words"),
    [
        ("R1", "^configure terminal revert", 0, "begins again"),
        ("R2", "^configure terminal revert", 0, "begins again"),
        ("R1", CONFIG_LINE, 1, "begins again"),
        ("R2", CONFIG_LINE, 3, "begins again"),
        ("R1", "^ping", 0, None),
        ("R1", "^configure confirm", 0, None),
        ("R2", "^configure confirm", 0, None),
        ("R2", "^write memory", 0, None),
    ],
)
def test_kill_9_at_any_moment_can_be_resumed(verbs, name, on, after, words):
    w = verbs.window
    started = []
    w.fault(name, Happening(on=on, after=after, action=lambda router: os.kill(started[0].pid, signal.SIGKILL)))
    started.append(verbs.start("apply", "plan", "--commit"))
    assert verbs.finish(started[0])[0] == -signal.SIGKILL
    code, out, _ = verbs.run("status", "CHG-1")
    assert code == 0 and "cut off half-way" in out and "back by hand:" in out
    assert ("rollback plan --commit" if words else "apply plan --commit --resume") in out
    code, out, _ = verbs.run("status", "plan", "--format", "json")
    Draft202012Validator(load_schema("ikeaudit.status/1")).validate(json.loads(out))
    sheet = verbs.tmp_path / "workspace/changes/CHG-1/revert-by-hand.txt"
    if words is None or on == CONFIG_LINE:
        assert "R1# configure re" in sheet.read_text() and sheet.stat().st_mode & 0o777 == 0o600
    code, out, err = verbs.run("apply", "plan", "--commit", "--resume")
    assert code == 0, (out, err)
    assert ("begins again" in err) is (words is not None)
    for router in (w.router(n) for n in BOTH):
        assert w.is_after(router.hostname) and router.revert.pending is None
        assert router.startup_text == router.running_text
    assert json.loads(verbs.run("status", "plan", "--format", "json")[1])["changes"][0]["state"] == "committed"
    code, _, err = verbs.run("apply", "plan", "--commit", "--resume")
    assert code == 5 and "nothing to resume" in err
    verbs.assert_no_canary()


def test_resume_after_the_timers_ran_out(verbs):
    """One end had confirmed, the other's timer fired: no pair stays mixed."""
    w = verbs.window
    started = []
    w.fault("R2", Happening(on="^configure confirm", action=lambda router: os.kill(started[0].pid, signal.SIGKILL)))
    started.append(verbs.start("apply", "plan", "--commit"))
    verbs.finish(started[0])
    w.lab.do(lambda: w.router("R2").revert.fire() if w.router("R2").revert.pending else None)
    code, out, err = verbs.run("apply", "plan", "--commit", "--resume")
    assert code == 0, (out, err)
    assert all(w.is_after(name) and w.router(name).revert.pending is None for name in BOTH)


def test_closing_ends_the_way_back(verbs):
    w = verbs.window
    assert verbs.run("confirm", "plan", "--close")[0] == 5
    assert verbs.run("apply", "plan", "--commit")[0] == 0
    assert all(w.router(name).flash.read("flash:pre-CHG-1.cfg") for name in BOTH)
    code, out, err = verbs.run("confirm", "plan", "--close", "--format", "json")
    assert code == 0, err
    body = json.loads(out)
    Draft202012Validator(load_schema("ikeaudit.change/1")).validate(body)
    assert body["result"] == "closed" and "the way back has ended" in err
    assert all(w.router(name).flash.read("flash:pre-CHG-1.cfg") is None and w.is_after(name) for name in BOTH)
    code, _, err = verbs.run("rollback", "plan", "--commit")
    assert code == 5 and "the way back has ended there" in err
    code, out, _ = verbs.run("status", "plan")
    assert code == 0 and "the way back has ended" in out and "next:" not in out
    assert verbs.run("confirm", "plan", "--close")[0] == 5
    verbs.assert_no_canary()


def test_a_change_that_waits_cannot_be_closed(verbs):
    assert verbs.run("apply", "plan", "--commit", "--hold", "--minutes", "60")[0] == 0
    code, _, err = verbs.run("confirm", "plan", "--close")
    assert code == 5 and "not finished" in err
    assert all(verbs.window.router(name).flash.read("flash:pre-CHG-1.cfg") for name in BOTH)


def test_a_router_that_keeps_its_copy(verbs):
    assert verbs.run("apply", "plan", "--commit")[0] == 0
    verbs.window.fault(
        "R2", Refused(on="^delete", reply="%Error deleting flash:pre-CHG-1.cfg (Read-only)", caret=False)
    )
    code, _, err = verbs.run("confirm", "plan", "--close")
    assert code == 3 and "R2 keeps flash:pre-CHG-1.cfg: %Error deleting" in err
    assert verbs.run("confirm", "plan", "--close")[0] == 0
    assert all(verbs.window.router(name).flash.read("flash:pre-CHG-1.cfg") is None for name in BOTH)


def test_the_collections_schema(verbs):
    code, out, _ = verbs.run("collect", "--out", "snap", "--format", "json")
    assert code == 0
    Draft202012Validator(load_schema("ikeaudit.collection/1")).validate(json.loads(out))


def test_another_operator_is_a_no_go_until_the_word_is_given(verbs):
    router = verbs.window.router("R1")
    router.other_users.append("   3 vty 1     ann        idle                 00:01:12 192.0.2.77")
    code, out, err = verbs.run("apply", "plan", "--commit")
    assert (code, out) == (5, "") and "No-go: R1: ann idle 00:01:12 192.0.2.77 (vty 1) is logged in as well." in err
    assert not any(line.startswith(("configure", "copy", "write")) for line in router.typed())
    code, _, err = verbs.run("apply", "plan", "--commit", "--go")
    assert code == 0 and "R2, before anything is armed:" in err and "operators: nobody else" in err
