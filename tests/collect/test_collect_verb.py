"""``ikeaudit collect`` as a user runs it: folders, exit codes, one sentence for a mistake, and no secret anywhere."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ikeaudit.lab import Lab, LabRouter

pytestmark = pytest.mark.ssh

CANARIES = {
    "psk": "Canary-psk-8Zq2",
    "global-psk": "Canary-gpsk-8Zq3",
    "enable": "Canary-enable-8Zq4",
    "user": "Canary-user-8Zq5",
    "snmp": "Canary-snmp-8Zq6",
    "tacacs": "Canary-tacacs-8Zq7",
    "radius": "Canary-radius-8Zq8",
    "login": "Canary-login-8Zq9",
}
CONFIG = """version 15.3
hostname {name}
!
enable password {enable}
username admin privilege 15 password 0 {user}
snmp-server community {snmp} RO
tacacs-server host 192.0.2.9 key {tacacs}
radius server RAD
 key {radius}
crypto keyring keyring1
  pre-shared-key address 192.168.0.2 key {psk}
crypto isakmp key {global-psk} address 192.168.0.3
crypto isakmp profile profile1
   keyring keyring1
   match identity address 192.168.0.2 255.255.255.255
!
end
"""


def router(name, **settings):
    text = CONFIG.format(name=name, **CANARIES)
    return LabRouter(
        name, text, username="lab", password=CANARIES["login"], enable_secret=CANARIES["enable"], **settings
    )


def run(tmp_path, *arguments, verb="collect", **environ):
    """``ikeaudit collect`` in a process of its own: exit code, standard output, standard error."""
    settings = {
        "IKEAUDIT_USERNAME": "lab",
        "IKEAUDIT_PASSWORD": CANARIES["login"],
        "IKEAUDIT_ENABLE": CANARIES["enable"],
        "IKEAUDIT_WORKSPACE": str(tmp_path / "workspace"),
        "COLUMNS": "200",
    }
    done = subprocess.run(
        [sys.executable, "-c", "from ikeaudit.cli.main import run; run()", verb, *map(str, arguments)],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)} | settings | environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def assert_no_canary(*texts):
    for text in texts:
        for name, canary in CANARIES.items():
            assert canary not in text, name


def files_below(*folders):
    """The files of these folders, all as text."""
    return {
        path: path.read_text(errors="replace") for folder in folders for path in folder.rglob("*") if path.is_file()
    }


def test_two_routers_one_of_which_is_down(tmp_path, closed_port):
    with Lab([router("R1"), router("R2")]) as lab:
        inventory = lab.write_inventory(tmp_path / "inventory")
        hosts = inventory / "hosts.yaml"
        hosts.write_text(hosts.read_text().replace(f"port: {lab.port('R2')}", f"port: {closed_port}"))
        code, out, err = run(tmp_path, "--out", "snap", "--format", "json")
    assert code == 3 and [line for line in err.splitlines() if not line.startswith("Workspace: ")] == []
    document = json.loads(out)
    assert document["schema"] == "ikeaudit.collection/1" and document["snapshot"] == "snap"
    one, two = document["hosts"]
    assert (one["host"], one["status"], one["reason"]) == ("R1", "collected", None)
    assert (two["host"], two["status"], two["reason"]) == ("R2", "failed", "refused")
    snap = tmp_path / "snap"
    assert (snap / "R1/running-config.txt").read_text().rstrip().endswith("end")
    assert (snap / "R1/show-version.txt").exists()
    assert sorted(path.name for path in (snap / "R2").iterdir()) == ["meta.json"]
    assert "refused the connection" in json.loads((snap / "R2/meta.json").read_text())["reason"]


def test_private_files_without_a_secret(tmp_path):
    with Lab([router("R1")]) as lab:
        lab.write_inventory(tmp_path / "inventory")
        code, out, err = run(tmp_path, "--out", "snap")
    assert code == 0 and "Read 1 of 1 router into snap" in out
    written = files_below(tmp_path)
    assert any(path.name == "show-crypto-isakmp-key.txt" for path in written)
    assert_no_canary(out, err, *written.values())
    config = written[tmp_path / "snap/R1/running-config.txt"]
    assert "pre-shared-key address 192.168.0.2 key <PSK:" in config
    for path in (tmp_path / "snap").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path
    assert (tmp_path / "snap").stat().st_mode & 0o077 == 0
    assert not list(tmp_path.rglob("*.log"))


def test_the_default_folder_carries_the_time(tmp_path):
    with Lab([router("R1")]) as lab:
        lab.write_inventory(tmp_path / "inventory")
        code, *_ = run(tmp_path)
    assert code == 0
    (snapshot,) = (tmp_path / "snapshots").iterdir()
    assert len(snapshot.name) == len("20250301T020000Z") and snapshot.name.endswith("Z")


def test_an_old_reading_does_not_pass_for_a_new_one(tmp_path):
    with Lab([router("R1")]) as lab:
        lab.write_inventory(tmp_path / "inventory")
        assert run(tmp_path, "--out", "snap")[0] == 0
    code, out, _ = run(tmp_path, "--out", "snap")  # the lab is gone
    read = json.loads((tmp_path / "snap/R1/meta.json").read_text())["collected"]
    assert code == 3 and "Read 0 of 1 router" in out and f"Stale, the earlier reading is kept: R1 ({read})" in out
    code, out, _ = run(tmp_path, "snap", verb="check")
    assert code == 3 and "R1: is stale: it was not reached at " in out and f"its configuration is that of {read}" in out
    assert f"collected {read}" in out
    _, _, err = run(tmp_path, "snap", "--format", "json", verb="check")
    assert "R1 is stale: it was not reached at " in err


def test_only_the_hosts_asked_for(tmp_path):
    with Lab([router("R1"), router("R2"), router("R3")]) as lab:
        lab.write_inventory(tmp_path / "inventory")
        code, *_ = run(tmp_path, "--out", "snap", "--host", "R3", "--host", "R1")
        assert lab.router("R2").typed() == ()
    assert code == 0
    assert sorted(path.name for path in (tmp_path / "snap").iterdir()) == ["R1", "R3"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--host", "r1"], "no host 'r1'; did you mean R1"),
        (["--inventory", "nowhere"], "no inventory at nowhere"),
        (["--workers", "0"], "--workers"),
        (["--out", "inventory"], "holds other things"),
        (["--out", "inventory/hosts.yaml"], "it is a file"),
        (["--password", "x"], "No such option"),
    ],
)
def test_mistakes_are_one_sentence(tmp_path, arguments, words):
    (tmp_path / "inventory").mkdir()
    (tmp_path / "inventory/hosts.yaml").write_text("R1: {hostname: 127.0.0.1, port: 1}\n")
    code, out, err = run(tmp_path, *arguments)
    assert code == 2 and out == ""
    told = [line for line in err.splitlines() if not line.startswith("Workspace: ")]
    assert len(told) == 1 and words in told[0] and "Traceback" not in err


def test_no_credentials_and_no_terminal(tmp_path):
    (tmp_path / "inventory").mkdir()
    (tmp_path / "inventory/hosts.yaml").write_text("R1: {hostname: 127.0.0.1, port: 1}\n")
    code, _, err = run(tmp_path, IKEAUDIT_PASSWORD="")
    assert code == 2 and "IKEAUDIT_PASSWORD" in err


def test_failures_tell_no_secret(tmp_path, closed_port):
    with Lab([router("R1"), router("R2")]) as lab:
        inventory = lab.write_inventory(tmp_path / "inventory")
        before = files_below(inventory)
        wrong = run(tmp_path, "--out", "a", IKEAUDIT_ENABLE="Canary-wrong-8Zq1")
        locked = run(tmp_path, "--out", "b", IKEAUDIT_PASSWORD="Canary-wrong-8Zq1")
    assert wrong[0] == locked[0] == 3
    assert "enable secret" in wrong[1] and "user name and password" in locked[1]
    texts = [*wrong[1:], *locked[1:], *files_below(tmp_path).values()]
    assert_no_canary(*texts)
    assert not any("Canary-wrong" in text for text in texts)
    assert before == files_below(inventory)


class Everything(logging.Handler):
    """Keeps the text of every record, arguments and tracebacks included."""

    def __init__(self):
        super().__init__(level=logging.DEBUG)
        self.texts = []

    def emit(self, record):
        self.texts.append(f"{logging.Formatter().format(record)} {record.args!r} {record.__dict__!r}")


def test_no_secret_in_any_log_record_or_result(tmp_path):
    from ikeaudit.collect import collect_fleet
    from ikeaudit.collect.folder import SnapshotFolder
    from ikeaudit.session import Credentials, Keychain, Limits, open_inventory
    from ikeaudit.snapshot.workspace import Workspace

    everything = Everything()
    root = logging.getLogger()
    level = root.level
    root.addHandler(everything)
    root.setLevel(logging.DEBUG)
    loggers = [logging.getLogger(name) for name in ("netmiko", "paramiko", "nornir")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    try:
        with Lab([router("R1"), router("R2")]) as lab:
            nornir = open_inventory(lab.write_inventory(tmp_path / "inventory"))
            writer = SnapshotFolder(tmp_path / "snap", Workspace.open(tmp_path / "workspace").fingerprinter)
            good = Credentials("lab", CANARIES["login"], CANARIES["enable"])
            bad = Credentials("lab", CANARIES["login"], "Canary-wrong-8Zq1")
            results = [
                collect_fleet(nornir, Keychain(keys), writer, folder=Path("snap"), limits=Limits(idle=5))
                for keys in (good, bad)
            ]
    finally:
        root.removeHandler(everything)
        root.setLevel(level)
        for logger, old in zip(loggers, levels, strict=True):
            logger.setLevel(old)
    assert [result.complete for result in results] == [True, False]
    assert any("paramiko" in text for text in everything.texts)  # the net was out
    assert_no_canary(*everything.texts, repr(results), str(nornir.data.dict()))
    assert not any("Canary-wrong" in text for text in everything.texts)
