"""Canaries: distinctive secrets in lab routers must not come out of any verb, in success or failure (DESIGN 3.6)."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from canaries import CANARIES, Watch, config, prepared
from planted import NAMED, OTHERS, forms

from ikeaudit.lab import Lab
from ikeaudit.lab.faults import CONFIG_LINE, ConnectionLost, Happening, Refused

pytest_plugins = ("canaries",)
pytestmark = [pytest.mark.ssh, pytest.mark.timeout(180)]


def test_the_watch_hears_a_canary(watch: Watch, folder: Path) -> None:
    (folder / "leak.txt").write_text(f"key {CANARIES['psk']}", encoding="utf-8")
    assert watch.leaks() == [f"psk in {folder / 'leak.txt'}"]


def test_nothing_leaks_when_all_goes_well(lab: Lab, watch: Watch) -> None:
    prepared(watch)
    for form in ("console", "json"):
        assert watch.run("check", "before", "--format", form) == 1
        assert watch.run("explain", "before", "--format", form) == 0
        assert watch.run("coverage", "before", "--format", form) == 0
    assert watch.run("apply", "plan") == 0
    assert watch.run("apply", "plan", "--commit") == 0
    assert watch.run("verify", "plan", "--force") == 0
    assert CANARIES["psk"] in lab.router("R1").running_text, "the router still has its key"
    assert watch.leaks() == []


def test_nothing_leaks_from_rehearsing_watching_and_closing(lab: Lab, watch: Watch) -> None:
    prepared(watch)
    assert watch.run("rehearse", "plan", "--snapshot", "before") == 0
    assert watch.run("apply", "plan", "--commit", "--require-rehearsal") == 0
    for form in ("console", "json"):
        assert watch.run("status", "plan", "--format", form) == 0
        assert watch.run("status", "--format", form) == 0
    assert any(CANARIES["psk"] in lab.router("R1").flash.read(name) for name in lab.router("R1").flash.names)
    assert watch.run("confirm", "plan", "--close") == 0
    assert watch.leaks() == []


def test_nothing_leaks_when_a_killed_change_is_finished(lab: Lab, watch: Watch, folder: Path) -> None:
    prepared(watch)
    started: list[subprocess.Popen[str]] = []
    kill = Happening(on=CONFIG_LINE, after=2, action=lambda router: started[0].kill())
    lab.router("R2").faults.add(kill)
    command = [sys.executable, "-c", "from ikeaudit.cli.main import run; run()", "apply", "plan", "--commit"]
    started.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True))
    (folder / "said.txt").write_text(started[0].communicate(timeout=60)[0], encoding="utf-8")
    assert watch.run("status") == 0
    assert watch.run("apply", "plan", "--commit", "--resume") == 0
    assert watch.leaks() == []


def test_no_made_key_leaks(lab: Lab, watch: Watch, folder: Path) -> None:
    """Keys that were made for the change are on the two routers, and nowhere else."""
    assert watch.run("collect", "--out", "before") == 0
    assert watch.run("plan", "before", "--strategy", "ikev2", "--new-keys", "--out", "plan") == 0
    assert watch.run("approve", "plan", "--by", "the tests") == 0
    waves = len(json.loads((folder / "plan/plan.json").read_bytes())["waves"])
    for number in range(1, waves + 1):
        assert watch.run("apply", "plan", "--commit", "--wave", str(number)) == 0
    made = re.findall(r"pre-shared-key (?:local|remote) (\S+)", lab.router("R1").running_text)
    assert len(made) == 2
    told = "\n".join(watch.said())
    written = [file.read_bytes().decode("utf-8", "replace") for file in folder.rglob("*") if file.is_file()]
    assert not any(key in text for key in made for text in (told, *written))
    assert watch.leaks() == []


def test_nothing_leaks_from_a_folder_of_plain_configurations(watch: Watch, folder: Path) -> None:
    plain = folder.parent / "plain"  # outside the watched folder: these files hold the keys by design
    plain.mkdir()
    for name in ("R1", "R2"):
        (plain / f"{name}.cfg").write_text(config(name), encoding="utf-8")
    more = "\n!\n".join(form.replace("{}", CANARIES["named"]) for form in forms(NAMED + OTHERS))
    text = config("R1").replace("\nend", f"\n!\n{more}\n!\nend")
    (plain / "R3.cfg").write_text(text.replace("hostname R1", "hostname R3"), encoding="utf-8")
    assert watch.run("check", str(plain)) == 1
    assert watch.run("explain", str(plain), "--format", "json") == 3  # a damaged line leaves a verdict open
    for form in ("console", "json"):
        assert watch.run("coverage", str(plain), "--format", form) == 0
    assert watch.run("plan", str(plain), "--strategy", "single-keyring", "--out", "plan") == 0
    assert watch.leaks() == []


def test_nothing_leaks_when_a_line_is_refused(lab: Lab, watch: Watch) -> None:
    prepared(watch)
    lab.router("R2").faults.add(Refused(on=CONFIG_LINE, after=1))
    assert watch.run("apply", "plan", "--commit") == 6
    assert watch.leaks() == []


def test_nothing_leaks_when_the_connection_is_lost(lab: Lab, watch: Watch) -> None:
    prepared(watch)
    lab.router("R1").faults.add(ConnectionLost(on=CONFIG_LINE, after=2))
    assert watch.run("apply", "plan", "--commit", "--minutes", "1") in (6, 7)
    assert watch.leaks() == []


def test_nothing_leaks_when_the_plan_is_stale(lab: Lab, watch: Watch) -> None:
    prepared(watch)
    router = lab.router("R1")
    lab.do(
        lambda: router.operator(["crypto keyring keyring2", f"pre-shared-key address 192.0.2.77 key {CANARIES['psk']}"])
    )
    assert watch.run("apply", "plan", "--commit") == 5
    assert watch.leaks() == []


def test_nothing_leaks_when_collecting_fails(lab: Lab, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IKEAUDIT_ENABLE", CANARIES["enable"] + "-wrong")
    assert watch.run("collect", "--out", "refused") == 3
    monkeypatch.setenv("IKEAUDIT_PASSWORD", CANARIES["login"] + "-wrong")
    assert watch.run("collect", "--out", "refused-again") == 3
    assert watch.leaks() == []


def test_nothing_leaks_from_a_damaged_configuration(watch: Watch, folder: Path) -> None:
    plain = folder.parent / "damaged"
    shutil.rmtree(plain, ignore_errors=True)
    plain.mkdir()
    text = config("R1").replace("pre-shared-key address 192.168.0.2 key", "pre-shared-kez adress 192.168.0.2 key", 1)
    text = text.replace("snmp-server community", "snmp-servr comunity password")
    (plain / "R1.cfg").write_text(
        text[: len(text) * 2 // 3] + f"\ncrypto isakmp key {CANARIES['psk']}", encoding="utf-8"
    )
    for verb in ("check", "coverage", "explain"):
        watch.run(verb, str(plain))
        watch.run(verb, str(plain), "--format", "json")
    assert watch.leaks() == []
