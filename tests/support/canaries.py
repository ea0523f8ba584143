"""Lab routers whose configurations hold distinctive secrets, and a watch for where these come out."""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from planted import NAMED, forms

from ikeaudit.cli.main import main
from ikeaudit.lab import Lab, LabRouter
from ikeaudit.lab.scenarios import SEED
from ikeaudit.report.formats import FORMATS

CANARIES = {
    "psk": "Zq9-Canary-psk-Xw3",
    "enable": "Zq9-Canary-enable-Xw3",
    "user": "Zq9-Canary-user-Xw3",
    "snmp": "Zq9-Canary-snmp-Xw3",
    "tacacs": "Zq9-Canary-tacacs-Xw3",
    "login": "Zq9-Canary-login-Xw3",
    "named": "Zq9-Canary-named-Xw3",
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


SAID_AGAIN = f"""\
alias exec vpnkey show running-config | include {CANARIES["psk"]}
access-list 77 remark the key is {CANARIES["psk"]}, ask noc
access-list 77 permit 192.0.2.77
snmp-server location rack 7, key {CANARIES["psk"]}
"""
"""Where people write a key down once more."""


PRINTED = "".join(
    f"{form}\n!\n".replace("{}", CANARIES["named"])
    for form in forms(NAMED)
    if not form.startswith(("archive", "redundancy inter-device"))
    and not any(mark in form for mark in (" // ", " ! ", " ; ", "#"))
)
"""Every form that stayed once, as far as a router prints it. Archive paths say where a revert timer finds its file, and what
looks like a stray command makes an audit incomplete."""


def config(name: str) -> str:
    text = (SEED / f"{name}.cfg").read_text(encoding="utf-8")
    text = text.replace("key cisco", f"key {CANARIES['psk']}")
    text = text.replace("interface Tunnel1\n", f"interface Tunnel1\n description to the peer, {CANARIES['psk']}\n")
    text = text.replace("crypto keyring keyring2\n", f"crypto keyring keyring2\n  description {CANARIES['psk']}xx\n")
    return text.replace(f"hostname {name}\n", f"hostname {name}\n!\n{SECRETS}{SAID_AGAIN}{PRINTED}")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("IKEAUDIT_WORKSPACE", raising=False)
    monkeypatch.setenv("IKEAUDIT_USERNAME", "lab")
    monkeypatch.setenv("IKEAUDIT_PASSWORD", CANARIES["login"])
    monkeypatch.setenv("IKEAUDIT_ENABLE", CANARIES["enable"])
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.setattr(tempfile.TemporaryDirectory, "_rmtree", lambda *args, **more: None)  # it stays to be looked at
    return tmp_path


@pytest.fixture
def lab(folder: Path) -> Iterator[Lab]:
    routers = [
        LabRouter(name, config(name), password=CANARIES["login"], enable_secret=CANARIES["enable"])
        for name in ("R1", "R2")
    ]
    with Lab(routers, minute_seconds=1.0) as world:
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

    def json(self) -> Any:
        """What the last verb printed, a document."""
        return json.loads(self._printed[-2])

    def said(self) -> list[str]:
        """Streams and logs."""
        return [*self._printed, *(f"{r.getMessage()} {r.args} {r.exc_text or ''}" for r in self._caplog.records)]

    def internal_errors(self) -> list[str]:
        """The lines in which a verb confesses that it was not made for what it met."""
        return [line for text in self._printed for line in text.splitlines() if "internal error" in line]

    def leaks(self, canaries: Mapping[str, str] = CANARIES) -> list[str]:
        """Where a canary sings."""
        records = "\n".join(f"{r.getMessage()} {r.args} {r.exc_text or ''}" for r in self._caplog.records)
        places = {"the streams": "\n".join(self._printed), "the logs": records}
        for file in self._folder.rglob("*"):
            if file.is_file():
                places[str(file)] = str(file) + file.read_bytes().decode("utf-8", "replace")
        return [f"{kind} in {place}" for place, text in places.items() for kind, c in canaries.items() if c in text]


@pytest.fixture
def watch(folder: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Watch:
    caplog.set_level(logging.DEBUG)
    return Watch(folder, capfd, caplog)


FIXES = ("--fixes", "--fail-on", "critical")


def mended(watch: Watch, folder: str, *, most: int = 1) -> list[str]:
    """Look for proved fixes of the findings in ``folder``, in every format, and plan the first of them; the plans' folders."""
    for form in sorted((one.name for one in FORMATS), key="json".__eq__):
        assert watch.run("check", folder, *FIXES, "--format", form) in (0, 1, 2, 3)
    found = [one["fingerprint"] for one in watch.json()["findings"] if (one["fix"] or {}).get("proved")]
    plans = []
    for number, fingerprint in enumerate(found[:most]):
        plan = f"{folder}-mended-{number}"
        if watch.run("plan", folder, "--finding", fingerprint, "--out", plan) == 0:
            plans.append(plan)
            for words in (("plan", "show", plan), ("plan", "diff", plan), ("plan", "show", plan, "--format", "json")):
                assert watch.run(*words) == 0
            for words in (("approve", plan, "--by", "the tests"), ("status", plan), ("apply", plan), ("verify", plan)):
                watch.run(*words)
    return plans


def prepared(watch: Watch) -> None:
    assert watch.run("collect", "--out", "before") == 0
    assert watch.run("plan", "before", "--strategy", "single-keyring", "--out", "plan") == 0
    for words in (("plan", "show", "plan"), ("plan", "diff", "plan"), ("approve", "plan", "--by", "the tests")):
        assert watch.run(*words) == 0
