"""``apply``, ``confirm``, ``rollback`` and ``verify`` as a user runs them, up to and including ``kill -9``."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator

from ikeaudit.lab.faults import CONFIG_LINE, Happening, Refused
from ikeaudit.report import load_schema

pytestmark = pytest.mark.ssh

BOTH = ("R1", "R2")


class Verbs:
    """Runs verbs in processes of their own, beside the lab."""

    def __init__(self, tmp_path, window):
        self.tmp_path = tmp_path
        self.window = window
        self.texts = []

    def start(self, *arguments, **environ):
        settings = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.tmp_path),
            "IKEAUDIT_USERNAME": "lab",
            "IKEAUDIT_PASSWORD": "Canary-login-4Wd6",
            "IKEAUDIT_ENABLE": "Canary-enable-4Wd2",
            "IKEAUDIT_WORKSPACE": str(self.tmp_path / "workspace"),
        }
        return subprocess.Popen(
            [sys.executable, "-c", "from ikeaudit.cli.main import run; run()", *map(str, arguments)],
            cwd=self.tmp_path,
            env=settings | environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def finish(self, process):
        out, err = process.communicate(timeout=100)
        self.texts += [out, err]
        assert "Traceback" not in err
        return process.returncode, out, err

    def run(self, *arguments, **environ):
        return self.finish(self.start(*arguments, **environ))

    def assert_no_canary(self):
        texts = [*self.texts]
        texts += [f.read_text(errors="replace") for f in self.tmp_path.rglob("*") if f.is_file()]
        assert not any("Canary" in text for text in texts)


@pytest.fixture
def verbs(tmp_path, window):
    return Verbs(tmp_path, window())


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
    code, out, _ = verbs.run("rollback", "plan")
    assert code == 0 and "R1# configure replace flash:pre-CHG-1.cfg force" in out and all(w.is_after(n) for n in BOTH)
    code, out, _ = verbs.run("rollback", "plan", "--commit")
    assert code == 0 and "Every router runs what it ran before." in out
    assert all(w.is_before(name) for name in BOTH)
    code, _, err = verbs.run("rollback", "plan", "--commit")
    assert code == 5 and "nothing to take back" in err
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
        (["rollback", "plan"], 5, "nothing to take back"),
    ],
)
def test_mistakes_are_one_sentence(verbs, arguments, code, words):
    got, out, err = verbs.run(*arguments)
    assert got == code and out == "" and words in err and err.count("\n") == 1


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


@pytest.mark.parametrize(
    ("name", "on", "after"),
    [
        ("R1", "^configure terminal revert", 0),
        ("R1", CONFIG_LINE, 0),
        ("R1", CONFIG_LINE, 4),
        ("R2", CONFIG_LINE, 2),
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


def test_the_collections_schema(verbs):
    code, out, _ = verbs.run("collect", "--out", "snap", "--format", "json")
    assert code == 0
    Draft202012Validator(load_schema("ikeaudit.collection/1")).validate(json.loads(out))
