"""The seed's two routers moved to IKEv2 over SSH: wave by wave, with the keys of today or with new ones."""

from __future__ import annotations

import re

import pytest

from ikeaudit.change import (
    apply_change,
    close_change,
    read_journal,
    resume_change,
    roll_back,
    status_of,
    verify_change,
)
from ikeaudit.lab import Console
from ikeaudit.lab.faults import CONFIG_LINE, Happening, Refused
from ikeaudit.model.errors import RefusedError
from ikeaudit.remediation.strategies.ikev2 import Options, ikev2_strategy

pytestmark = pytest.mark.ssh

BOTH = ("R1", "R2")
KEY = re.compile(r"^\s*pre-shared-key (?:(local|remote) )?(\S+)$", re.M)


def waves(w):
    return [wave.number for wave in w.setting.plan.waves]


def apply_all(w):
    """Every wave of the plan, one window after the other."""
    return [apply_change(w.setting, w.options, w.said.append, wave=number) for number in waves(w)]


def keys(w, name):
    """The IKEv2 keys in a router's running-config by side; empty side for a symmetric one."""
    text = w.running(name)
    block = re.search(r"(?m)^crypto ikev2 keyring .*\n((?: .*\n)*)", text)
    return dict(KEY.findall(block[1])) if block else {}


def ping(w, name):
    """Whether the tunnel comes up when this end starts it."""
    for router in BOTH:
        w.lab.do(lambda router=router: Console(w.router(router), privilege=15).send("clear crypto session"))
    target = "10.0.0.2" if name == "R1" else "10.0.0.1"
    said = w.lab.do(lambda: Console(w.router(name), privilege=15).send(f"ping {target} source Tunnel1"))
    shown = w.lab.do(lambda: Console(w.router(name), privilege=15).send("show crypto ikev2 sa detailed"))
    return "100 percent" in said and "READY" in shown


def test_the_whole_move(window):
    w = window(strategy=ikev2_strategy())
    assert len(waves(w)) >= 2
    with pytest.raises(RefusedError, match="comes after wave 1"):
        apply_change(w.setting, w.options, w.said.append, wave=2)
    reports = apply_all(w)
    assert [r.result for r in reports] == ["committed"] * len(reports), w.said
    assert {(d.direction, d.result) for d in reports[0].directions} == {
        ("R1 Tunnel1 -> R2", "up"),
        ("R2 Tunnel1 -> R1", "up"),
    }
    assert all("READY" in d.detail for d in reports[0].directions)
    for name in BOTH:
        assert ping(w, name)
        running = w.running(name)
        for gone in ("crypto keyring", "crypto isakmp profile", "crypto isakmp policy 10"):
            assert gone not in running
        assert w.router(name).startup_text == running
        assert keys(w, name) == {"": "Canary-psk-4Wd1-long-enough"}
    assert verify_change(w.setting, w.options, w.said.append, forced=True).exit_code == 0
    states = {c.change_id: c.state for c in status_of(w.setting.workspace, "CHG-1").changes}
    assert states == {f"CHG-1-w{n}": "committed" for n in waves(w)}


def test_every_wave_goes_back(window):
    w = window(strategy=ikev2_strategy())
    apply_all(w)
    typed = {name: len(w.router(name).typed()) for name in BOTH}
    report = roll_back(w.setting, w.options, w.said.append, everything=True)
    assert report.result == "rolled-back", (report, w.said)
    for name in BOTH:
        assert same_lines(w.running(name), before_text(w, name))
        later = w.router(name).typed()[typed[name] :]
        # after the clean-up only the copy on the flash has the old keys
        assert f"configure replace flash:pre-CHG-1-w{waves(w)[-1]}.cfg force" in later
    assert roll_back(w.setting, w.options, w.said.append, everything=True).result == "nothing-to-do"


def same_lines(one, other):
    """Whether two configurations say the same; a roll-back may bring objects back in another order."""

    def lines(text):
        return sorted(line for line in text.splitlines() if line.strip(" !"))

    return lines(one) == lines(other)


def before_text(w, name):
    return w.router(name).flash.read("flash:pre-CHG-1-w1.cfg")


def test_a_failed_clean_up_leaves_the_move_in_force(window):
    w = window(strategy=ikev2_strategy())
    first = waves(w)[0]
    assert apply_change(w.setting, w.options, w.said.append, wave=first).result == "committed"
    after = {name: w.running(name) for name in BOTH}
    w.fault("R2", Refused(on=CONFIG_LINE, after=1))
    report = apply_change(w.setting, w.options, w.said.append, wave=first + 1)
    assert report.exit_code == 6, report
    for name in BOTH:
        assert same_lines(w.running(name), after[name]) and ping(w, name)


def test_closing_ends_the_way_back_of_every_wave(window):
    w = window(strategy=ikev2_strategy())
    apply_all(w)
    assert close_change(w.setting, w.said.append).result == "closed"
    for name in BOTH:
        assert not [file for file in w.router(name).flash.names if file.startswith("pre-")]
    with pytest.raises(RefusedError, match="way back has ended"):
        roll_back(w.setting, w.options, w.said.append, everything=True)


def everything_written(tmp_path):
    return [file.read_text(errors="replace") for file in tmp_path.rglob("*") if file.is_file()]


def test_new_keys_are_made_for_both_ends_and_written_nowhere(window, tmp_path, capfd, caplog):
    caplog.set_level("DEBUG")
    w = window(strategy=ikev2_strategy(Options(new_keys=True)))
    reports = apply_all(w)
    assert [r.result for r in reports] == ["committed"] * len(reports), w.said
    one, two = keys(w, "R1"), keys(w, "R2")
    assert one["local"] == two["remote"] and one["remote"] == two["local"] and one["local"] != one["remote"]
    for key in one.values():
        assert len(key) >= 32 and re.fullmatch(r"[A-Za-z0-9_-]+", key)
    assert ping(w, "R1") and ping(w, "R2")
    assert verify_change(w.setting, w.options, w.said.append, forced=True).exit_code == 0
    texts = [*map(repr, reports), *w.said, caplog.text, *capfd.readouterr(), *everything_written(tmp_path)]
    for text in texts:
        assert "Canary" not in text
        assert not any(key in text for key in one.values())
    report = roll_back(w.setting, w.options, w.said.append, everything=True)
    assert report.result == "rolled-back", (report, w.said)
    assert all(keys(w, name) == {} for name in BOTH)


def test_a_router_with_another_new_key_does_not_run_what_was_planned(window):
    w = window(strategy=ikev2_strategy(Options(new_keys=True)))
    apply_all(w)
    (keyring,) = re.findall(r"(?m)^crypto ikev2 keyring (\S+)", w.running("R2"))
    (peer,) = re.findall(rf"(?m)^crypto ikev2 keyring {re.escape(keyring)}\n peer (\S+)", w.running("R2"))
    w.lab.do(
        lambda: w.router("R2").operator(
            [f"crypto ikev2 keyring {keyring}", f"peer {peer}", "pre-shared-key local Canary-other-key-for-R2-only"]
        )
    )
    report = verify_change(w.setting, w.options, w.said.append)
    assert report.exit_code == 1 and "R2" in report.cause


def test_an_interrupted_pair_gets_both_keys_anew(window):
    """The process dies after R1 has its new keys; the values died with it."""
    import os
    import signal

    w = window(strategy=ikev2_strategy(Options(new_keys=True)), minute_seconds=60)
    first = {}

    def die(router):
        first.update(keys_now(w.router("R1")))
        first.update(keys_now(w.router("R2")))
        os.kill(child[0], signal.SIGKILL)

    w.fault("R2", Happening(on="^ping", action=die))
    child = [run_in_process(w)]
    assert os.waitstatus_to_exitcode(os.waitpid(child[0], 0)[1]) == -signal.SIGKILL
    assert first
    w.lab.do(lambda: w.router("R2").revert.fire())  # one end has gone back meanwhile
    report = resume_change(w.setting, w.options, w.said.append)
    assert report.result == "committed", (report, w.said)
    one, two = keys(w, "R1"), keys(w, "R2")
    assert one["local"] == two["remote"] and one["remote"] == two["local"]
    assert not set(first.values()) & set(one.values())
    assert any("begins again" in line for line in w.said)


def keys_now(router):
    return {f"{router.hostname} {side}": key for side, key in KEY.findall(router.running_text) if side}


def run_in_process(w):
    """The first wave in a process of its own; its id."""
    import os
    import subprocess
    import sys

    code = (
        "import sys, pathlib\n"
        "from ikeaudit.change import Options, Pace, Setting, apply_change\n"
        "from ikeaudit.snapshot.workspace import Workspace\n"
        "from ikeaudit.remediation.plan_folder import load_plan\n"
        "from ikeaudit.session import Credentials, Keychain, Limits, open_inventory\n"
        "base = pathlib.Path(sys.argv[1])\n"
        "keys = Keychain(Credentials('lab', 'Canary-login-4Wd6', 'Canary-enable-4Wd2'))\n"
        "setting = Setting(load_plan(base / 'plan'), base / 'plan', Workspace.open(base / 'workspace'),\n"
        "    open_inventory(base / 'inventory'), keys, Limits(connect=3.0, idle=4.0, total=20.0))\n"
        "options = Options(minutes=10, pace=Pace(settle=1.0, look=0.1, routing=2.0), patience=6.0, pause=0.2)\n"
        "apply_change(setting, options, lambda line: None, wave=1)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(w.setting.folder.parent)], env=dict(os.environ))
    process.returncode = 0  # waited for by its id
    return process.pid


def test_the_journal_has_tokens_for_made_keys(window):
    w = window(strategy=ikev2_strategy(Options(new_keys=True)))
    apply_change(w.setting, w.options, w.said.append, wave=1)
    lines = [
        e.line for e in read_journal(w.setting.journal_of(w.setting.window(1))) if e.line and "pre-shared-key" in e.line
    ]
    assert lines and all(re.search(r"<PSK:[0-9a-f]{16}>$", line) for line in lines)


def test_only_the_last_wave_goes_back(window):
    w = window(strategy=ikev2_strategy())
    apply_all(w)
    last = waves(w)[-1]
    assert roll_back(w.setting, w.options, w.said.append, wave=last).result == "rolled-back"
    for name in BOTH:
        assert "crypto keyring" in w.running(name) and "crypto ikev2 keyring" in w.running(name)
        assert ping(w, name)


def test_a_wave_that_is_half_way_goes_back_alone(window):
    """The clean-up is held; taking it back does not touch the move before it."""
    from dataclasses import replace

    w = window(strategy=ikev2_strategy(), minute_seconds=60)
    first = waves(w)[0]
    assert apply_change(w.setting, w.options, w.said.append, wave=first).result == "committed"
    held = replace(w.options, hold=True)
    assert apply_change(w.setting, held, w.said.append, wave=first + 1).result == "held"
    assert roll_back(w.setting, w.options, w.said.append).result == "rolled-back"
    for name in BOTH:
        assert "crypto ikev2 keyring" in w.running(name) and ping(w, name)
    states = {c.change_id: c.state for c in status_of(w.setting.workspace, "CHG-1").changes}
    assert states == {f"CHG-1-w{first}": "committed", f"CHG-1-w{first + 1}": "rolled-back"}
