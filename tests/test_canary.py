"""Canaries: distinctive secrets in lab routers must not come out of any verb, in success or failure (DESIGN 3.6)."""

from __future__ import annotations

import json
import logging
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ikeaudit.cli.main import main
from ikeaudit.lab import Lab, LabRouter, running_lab
from ikeaudit.lab.faults import CONFIG_LINE, ConnectionLost, Happening, Refused
from ikeaudit.lab.scenarios import SEED

CANARIES = {
    "psk": "Zq9-Canary-psk-Xw3",
    "enable": "Zq9-Canary-enable-Xw3",
    "user": "Zq9-Canary-user-Xw3",
    "snmp": "Zq9-Canary-snmp-Xw3",
    "tacacs": "Zq9-Canary-tacacs-Xw3",
    "login": "Zq9-Canary-login-Xw3",
}
SECRETS = f"""\
enable secret 0 {CANARIES["enable"]}
username ops privilege 15 password 0 {CANARIES["user"]}
snmp-server community {CANARIES["snmp"]} RO
tacacs server T1
 address ipv4 192.0.2.9
 key {CANARIES["tacacs"]}
!
"""

pytestmark = [pytest.mark.ssh, pytest.mark.timeout(180)]


def config(name: str) -> str:
    text = (SEED / f"{name}.cfg").read_text(encoding="utf-8")
    text = text.replace("key cisco", f"key {CANARIES['psk']}")
    return text.replace(f"hostname {name}\n", f"hostname {name}\n!\n{SECRETS}")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("IKEAUDIT_WORKSPACE", raising=False)
    monkeypatch.setenv("IKEAUDIT_USERNAME", "lab")
    monkeypatch.setenv("IKEAUDIT_PASSWORD", CANARIES["login"])
    monkeypatch.setenv("IKEAUDIT_ENABLE", CANARIES["enable"])
    return tmp_path


@pytest.fixture
def lab(folder: Path) -> Iterator[Lab]:
    routers = [
        LabRouter(name, config(name), password=CANARIES["login"], enable_secret=CANARIES["enable"])
        for name in ("R1", "R2")
    ]
    with running_lab(routers, minute_seconds=1.0) as world:
        world.write_inventory(folder / "inventory")
        yield world


class Watch:
    """Runs verbs and keeps everything that they let out: streams, log records of every level, files."""

    def __init__(self, folder: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
        self._folder, self._capfd, self._caplog = folder, capfd, caplog
        self._printed: list[str] = []

    def run(self, *arguments: str) -> int:
        code = main(arguments)
        streams = self._capfd.readouterr()
        self._printed += [streams.out, streams.err]
        assert "Traceback" not in streams.out + streams.err
        return code

    def said(self) -> list[str]:
        """Streams and logs."""
        return [*self._printed, *(f"{r.getMessage()} {r.args} {r.exc_text or ''}" for r in self._caplog.records)]

    def leaks(self) -> list[str]:
        """Where a canary sings."""
        records = "\n".join(f"{r.getMessage()} {r.args} {r.exc_text or ''}" for r in self._caplog.records)
        places = {"the streams": "\n".join(self._printed), "the logs": records}
        for file in self._folder.rglob("*"):
            if file.is_file():
                places[str(file)] = str(file) + file.read_bytes().decode("utf-8", "replace")
        return [f"{kind} in {place}" for place, text in places.items() for kind, c in CANARIES.items() if c in text]


@pytest.fixture
def watch(folder: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Watch:
    caplog.set_level(logging.DEBUG)
    return Watch(folder, capfd, caplog)


def prepared(watch: Watch) -> None:
    assert watch.run("collect", "--out", "before") == 0
    assert watch.run("plan", "before", "--strategy", "single-keyring", "--out", "plan") == 0
    for words in (("plan", "show", "plan"), ("plan", "diff", "plan"), ("approve", "plan", "--by", "the tests")):
        assert watch.run(*words) == 0


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
    assert watch.run("check", str(plain)) == 1
    assert watch.run("explain", str(plain), "--format", "json") == 0
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
        lambda: router.operator(["crypto keyring keyring1", f"pre-shared-key address 192.0.2.77 key {CANARIES['psk']}"])
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
