"""More canaries: every verb there is, errors that nobody expected, damaged files, the libraries' own logs and results."""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from canaries import CANARIES, Watch, mended, prepared

import ikeaudit.cli.main as cli
from ikeaudit.lab import Lab
from ikeaudit.report.formats import FORMATS

pytest_plugins = ("canaries",)
pytestmark = [pytest.mark.ssh, pytest.mark.timeout(180)]

UNTOUCHED = {"demo", "lab", "rule", "rules"}
"""Verbs that are given no router's text and no snapshot by anybody."""


def test_every_verb_has_a_canary() -> None:
    """A verb that is added to the command must be watched somewhere here, or be named above."""
    here = Path(__file__).parent
    sources = "".join(f.read_text(encoding="utf-8") for f in here.glob("test_canary*.py"))
    watched = set(re.findall(r'watch\.run\(\s*"([a-z-]+)"', sources)) | set(
        re.findall(r'^\s+\("([a-z-]+)",', sources, re.M)
    )
    verbs = {verb.name for verb in cli.VERBS}
    assert verbs >= UNTOUCHED
    assert verbs - UNTOUCHED - watched == set()


OFFLINE = [
    ("check", "before"),
    ("check", "before", "--fixes"),
    ("check", "before", "--against", "before"),
    ("check", "before", "-v", "--all", "--target-release", "17.12"),
    ("check", "before", "--cause", "nothing"),
    ("plan", "before", "--finding", "nothing", "--out", "no-plan"),
    ("explain", "before", "--transcripts", "all", "--all"),
    ("coverage", "before", "--min-coverage", "100", "--output", "coverage.txt"),
    ("rules",),
    ("export-case", "before", "R1", "R2", "--out", "case"),
    ("snapshot", "merge", "before", "before", "--out", "merged"),
    ("workspace",),
    ("explain", "before"),
    ("explain", "before", "R1", "R2"),
    ("coverage", "before"),
    ("diagnose", "before/R1/running-config.txt", "before"),
    ("witness", "before"),
    ("export-case", "before", "R1", "R2", "--out", "case"),
    ("plan", "show", "plan"),
    ("plan", "diff", "plan"),
    ("apply", "plan"),
    ("rollback", "plan"),
    ("status",),
    ("status", "plan"),
    ("verify", "plan"),
    ("rehearse", "nowhere"),
    ("approve", "nowhere"),
    ("confirm", "plan"),
    ("hostkeys", "import", "before/R1/running-config.txt"),
]


def test_nothing_leaks_from_what_is_read_afterwards(lab: Lab, watch: Watch) -> None:
    """Each verb after a change was carried out, as text and as JSON; and everything that was never meant to be given to it."""
    prepared(watch)
    assert watch.run("apply", "plan", "--commit", "--hold") == 0
    assert watch.run("confirm", "plan") == 0
    for words in OFFLINE:
        watch.run(*words)
        for form in FORMATS:
            watch.run(*words, "--format", form.name)
    for verb in sorted({v.name for v in cli.VERBS} - {"demo", "lab"}):
        watch.run(verb)
        watch.run(verb, "before/R1/running-config.txt")
        watch.run(verb, CANARIES["psk"][:3])
    assert watch.run("rollback", "plan", "--commit", "--all") == 0
    assert watch.leaks() == []


@pytest.mark.parametrize("strategy", [("single-keyring",), ("ikev2",), ("ikev2", "--new-keys")], ids=" ".join)
def test_nothing_leaks_from_each_strategy(lab: Lab, watch: Watch, folder: Path, strategy: tuple[str, ...]) -> None:
    assert watch.run("collect", "--out", "before") == 0
    assert watch.run("plan", "before", "--strategy", *strategy, "--out", "plan", "--format", "json") == 0
    assert watch.run("approve", "plan", "--by", "the tests") == 0
    waves = [w["number"] for w in json.loads((folder / "plan/plan.json").read_bytes())["waves"]]
    for number in waves:
        assert watch.run("apply", "plan", "--commit", "--wave", str(number)) == 0
    assert watch.run("verify", "plan", "--force") == 0
    assert watch.run("confirm", "plan", "--close") == 0
    assert watch.leaks() == []


def test_nothing_leaks_from_mending_a_finding(lab: Lab, watch: Watch, folder: Path) -> None:
    """``check --fixes`` finds the commands, ``plan --finding`` plans them; the change is carried out and taken back."""
    assert watch.run("collect", "--out", "before") == 0
    plans = mended(watch, "before")
    assert plans
    assert watch.run("rehearse", plans[0], "--snapshot", "before") == 0
    assert watch.run("apply", plans[0], "--commit") == 0
    assert watch.run("verify", plans[0], "--force") == 0
    assert watch.run("rollback", plans[0], "--commit", "--all") == 0
    assert all(CANARIES["psk"] in lab.router(name).running_text for name in ("R1", "R2"))
    assert watch.leaks() == []


def raising(where: str) -> Callable[..., Any]:
    def broken(*args: Any, **more: Any) -> Any:
        held = [CANARIES["psk"], *map(str, args)]  # a local variable, for whoever prints those
        raise ValueError(f"{where}: {CANARIES['psk']} {held}")

    return broken


BROKEN = [
    ("ikeaudit.drive.device", "cut"),
    ("ikeaudit.drive.keys", "KeyVault.sending"),
    ("ikeaudit.drive.keys", "KeyVault.of"),
    ("ikeaudit.drive.probe", "_settled"),
    ("ikeaudit.change.recover", "Recovery._back"),
    ("ikeaudit.drive.safety", "save"),
    ("ikeaudit.session.terminal", "Terminal.enable"),
    ("ikeaudit.change.prepare", "modelled"),
    ("ikeaudit.drive.observe", "parse_session"),
]


@pytest.mark.parametrize(("module", "name"), BROKEN, ids=[f"{m}.{n}" for m, n in BROKEN])
def test_nothing_leaks_from_an_error_that_nobody_expected(
    lab: Lab, watch: Watch, monkeypatch: pytest.MonkeyPatch, module: str, name: str
) -> None:
    """It is raised with a key in its text and in a local variable, inside of ``apply``; then inside of the roll-back."""
    prepared(watch)
    found: Any = sys.modules[module] if module in sys.modules else __import__(module, fromlist=["_"])
    *path, last = name.split(".")
    for part in path:
        found = getattr(found, part)
    real = inspect.getattr_static(found, last)
    broken = raising(name)
    monkeypatch.setattr(found, last, staticmethod(broken) if isinstance(real, classmethod) else broken)
    code = watch.run("apply", "plan", "--commit", "--minutes", "1")
    assert code in (3, 4, 5, 6, 7, 0)
    watch.run("status", "plan")
    watch.run("rollback", "plan", "--commit")
    monkeypatch.setattr(found, last, real)
    if watch.run("status", "--format", "json") == 0 and code == 7:
        assert watch.run("rollback", "plan", "--commit") in (0, 5)
    assert watch.leaks() == []


def test_nothing_leaks_from_an_error_inside_of_nornir(lab: Lab, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nornir logs the traceback of a task that fails, and keeps results and exceptions."""
    from nornir.core.task import Task

    kept: list[str] = []
    real = Task.start

    def start(self: Any, *args: Any) -> Any:
        found = real(self, *args)
        kept.extend([repr(found), repr(getattr(found, "result", None)), repr(vars(found)), repr(self.params)])
        return found

    monkeypatch.setattr(Task, "start", start)
    assert watch.run("collect", "--out", "before") == 0
    assert kept
    monkeypatch.setattr("ikeaudit.collect.reading.has_end", raising("has_end"))
    assert watch.run("collect", "--out", "again") in (3, 4)
    assert not any(canary in text for text in kept for canary in CANARIES.values())
    assert watch.leaks() == []


def test_nothing_leaks_into_the_logs_of_the_libraries(lab: Lab, watch: Watch, folder: Path) -> None:
    """The inventory asks netmiko for a record of the session, and every logger there is talks at its lowest level."""
    import logging

    import asyncssh
    import netmiko
    import paramiko
    from ruamel.yaml import YAML

    log = folder / "session.log"
    extras = {"session_log": str(log), "session_log_record_writes": True, "session_log_file_mode": "append"}
    hosts = folder / "inventory/hosts.yaml"
    yaml = YAML(typ="safe")
    inventory = yaml.load(hosts.read_text(encoding="utf-8"))
    for host in inventory.values():
        host["connection_options"] = {"netmiko": {"extras": extras}}
    yaml.dump(inventory, hosts)
    for name in (asyncssh.__name__, netmiko.__name__, paramiko.__name__, "nornir", "paramiko.transport"):
        logging.getLogger(name).setLevel(1)
    try:
        prepared(watch)
        assert watch.run("apply", "plan", "--commit") == 0
    finally:
        for name in (asyncssh.__name__, netmiko.__name__, paramiko.__name__, "nornir", "paramiko.transport"):
            logging.getLogger(name).setLevel(logging.NOTSET)
    assert not log.exists()
    assert watch.leaks() == []


def test_nothing_leaks_from_damaged_files(lab: Lab, watch: Watch, folder: Path) -> None:
    """Decoders like to quote what they did not like."""
    prepared(watch)
    assert watch.run("apply", "plan", "--commit") == 0
    key = CANARIES["psk"]
    files = [*folder.glob("plan/*.json"), *folder.glob("plan/*/*.cfg"), *folder.rglob("journal.jsonl")]
    assert len(files) >= 6
    for file in files:
        good = file.read_bytes()
        for damage in (
            re.sub(rb'"(additive|switch|cleanup|up|saved|own|apply|timer)"', f'"{key}"'.encode(), good, count=1),
            b'{"schema": "%s", "number": "%s"}\n' % (key.encode(), key.encode()),
            good[: len(good) // 2] + key.encode(),
        ):
            file.write_bytes(damage)
            for words in (
                ("status", "plan"),
                ("plan", "show", "plan"),
                ("apply", "plan"),
                ("verify", "plan"),
                ("check", "before"),
            ):
                watch.run(*words)
        file.write_bytes(good)
    assert not watch.internal_errors()
    said = "\n".join(watch.said())
    assert key not in said
    assert watch.leaks() == []


def test_nothing_stays_in_temporary_files(lab: Lab, watch: Watch, folder: Path) -> None:
    """What a rehearsal wrote on the way is kept for this look; it has tokens where the keys were."""
    prepared(watch)
    assert watch.run("rehearse", "plan", "--snapshot", "before") == 0
    written = [f for f in (folder / "temporary").rglob("*") if f.is_file()]
    assert any(f.name == "journal.jsonl" for f in written)
    assert not any(re.search(rb"key cisco\b|key \d cisco", f.read_bytes()) for f in written)
    assert watch.leaks() == []
