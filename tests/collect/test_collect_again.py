"""``ikeaudit collect`` again: resumed, dated, only what is old, only what changed; Ctrl-C at any moment."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from ikeaudit.lab import Lab, LabRouter

pytestmark = pytest.mark.ssh

CONFIG = "version 15.3\nhostname {name}\n!\ncrypto isakmp key Canary-psk-8Zq2 address 192.0.2.9\n!\nend\n"
COLLECT = [sys.executable, "-c", "from ikeaudit.cli.main import run; run()"]


def router(name):
    return LabRouter(name, CONFIG.format(name=name), username="lab", password="Canary-login-8Zq9")


def environment(tmp_path):
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "IKEAUDIT_USERNAME": "lab",
        "IKEAUDIT_PASSWORD": "Canary-login-8Zq9",
        "IKEAUDIT_WORKSPACE": str(tmp_path / "workspace"),
        "COLUMNS": "200",
    }


def run(tmp_path, *arguments, verb="collect"):
    done = subprocess.run(
        [*COLLECT, verb, *map(str, arguments)], cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def hosts_file(lab, tmp_path, **ports):
    """The lab's inventory, some of its hosts at other ports."""
    folder = lab.write_inventory(tmp_path / "inventory")
    text = (folder / "hosts.yaml").read_text()
    for name, port in ports.items():
        text = text.replace(f"port: {lab.port(name)}", f"port: {port}")
    (folder / "hosts.yaml").write_text(text)


def meta(path):
    return json.loads((path / "meta.json").read_text())


def test_interrupted_and_resumed(tmp_path, silent_port):
    with Lab([router("R1"), router("R2"), router("R3")]) as lab:
        hosts_file(lab, tmp_path, R2=silent_port)
        with subprocess.Popen(
            [*COLLECT, "collect", "--out", "snap", "--host", "R1", "--host", "R2"],
            cwd=tmp_path, env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            until = time.monotonic() + 40
            while not (tmp_path / "snap/R1/meta.json").exists():
                assert time.monotonic() < until
                time.sleep(0.05)
            begun = time.monotonic()
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
            assert time.monotonic() - begun < 10  # R2 would take a minute
        assert process.returncode == 130 and out == ""
        assert "Read 1 of 2 routers into snap; --resume goes on." in err and "Traceback" not in err
        code, out, _ = run(tmp_path, "snap", verb="check")
        assert code == 3 and "R2: was not read: the collection of " in out, (
            "a folder that can be read, and is not whole"
        )
        hosts_file(lab, tmp_path)
        asked = lab.router("R1").typed()
        code, out, err = run(tmp_path, "--out", "snap", "--resume", "--format", "json")
        document = json.loads(out)
        assert (code, document["kept"], [host["host"] for host in document["hosts"]]) == (0, ["R1"], ["R2"])
        assert lab.router("R1").typed() == asked and lab.router("R3").typed() == ()
        code, _, err = run(tmp_path, "--out", "snap", "--resume")
        assert code == 2 and "no interrupted collection in snap; leave out --resume" in err


def test_dated_folders_with_what_was_missed_taken_over(tmp_path, closed_port):
    with Lab([router("R1"), router("R2"), router("R3")]) as lab:
        hosts_file(lab, tmp_path)
        assert run(tmp_path, "--out", "d", "--dated")[0] == 0
        (first,) = (entry for entry in (tmp_path / "d").iterdir() if not entry.is_symlink())
        hosts_file(lab, tmp_path, R2=closed_port)
        time.sleep(1.1)  # when a router was read is told in seconds
        code, out, _ = run(tmp_path, "--out", "d", "--dated", "--host", "R1", "--host", "R2", "--format", "json")
    one, two = json.loads(out)["hosts"]
    assert (
        code == 3 and one["read"] > meta(first / "R1")["collected"] and two["read"] == meta(first / "R2")["collected"]
    )
    latest = tmp_path / "d/latest"
    assert latest.resolve() != first and latest.is_symlink() and latest.readlink().name == str(latest.readlink())
    assert sorted(entry.name for entry in latest.iterdir() if entry.is_dir()) == ["R1", "R2", "R3"]
    assert meta(latest / "R3") == meta(first / "R3") and meta(latest / "R2")["missed"]
    code, out, _ = run(tmp_path, "d/latest", verb="check")
    assert code == 3 and "R2: is stale" in out and "R3" not in out.split("Coverage")[1]


def test_only_what_is_old_and_only_what_changed(tmp_path):
    with Lab([router("R1"), router("R2")]) as lab:
        hosts_file(lab, tmp_path)
        lab.do(lambda: lab.router("R1").operator(["interface Loopback7", "description one"]))
        lab.do(lambda: lab.router("R2").operator(["interface Loopback7", "description one"]))
        assert run(tmp_path, "--out", "snap")[0] == 0
        asked = {name: len(lab.router(name).typed()) for name in ("R1", "R2")}

        code, out, _ = run(tmp_path, "--out", "snap", "--since", "1h")
        assert code == 0 and "Read 0 of 0 routers" in out and "Kept, read already: R1, R2" in out
        assert asked == {name: len(lab.router(name).typed()) for name in ("R1", "R2")}

        time.sleep(1.1)  # the remark tells seconds
        lab.do(lambda: lab.router("R2").operator(["interface Loopback7", "ip address 192.0.2.77 255.255.255.255"]))
        before = meta(tmp_path / "snap/R1")
        code, out, _ = run(tmp_path, "--out", "snap", "--only-changed")
        assert code == 0 and "Read 2 of 2 routers" in out and "Unchanged, asked for the last change only: R1" in out
        short, whole = (lab.router(name).typed()[asked[name] :] for name in ("R1", "R2"))
        shows = [line for line in short if line.startswith("show")]
        assert shows == ["show privilege", "show running-config | include Last configuration change"]
        assert "show running-config" in whole and "show version" in whole
    after = meta(tmp_path / "snap/R1")
    assert after["collected"] == before["collected"] < after["confirmed"]
    assert "ip address 192.0.2.77" in (tmp_path / "snap/R2/running-config.txt").read_text()
    code, out, _ = run(tmp_path, "snap", "--format", "json", verb="check")
    assert code in (0, 1)
    assert json.loads(out)["coverage"]["hosts"][0]["collected"] == after["confirmed"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--since", "soon", "--out", "s"], "--since: 'soon' is no age; write a number with m, h or d"),
        (["--since", "12h"], "need an earlier snapshot: name its folder with --out, or say --dated"),
        (["--only-changed"], "need an earlier snapshot"),
        (["--resume"], "no interrupted collection in snapshots"),
        (["--resume", "--out", "none"], "no interrupted collection in none"),
        (["--resume", "--out", "none", "--dated"], "no interrupted collection in none"),
        (["--limit", "0"], "--limit"),
        (["--filter", "site"], "KEY=VALUE"),
        (["--group", "none"], "no group 'none'"),
        (["--host", "X*"], "no host 'X*'"),
    ],
)
def test_mistakes_are_one_sentence_and_leave_nothing(tmp_path, arguments, words):
    (tmp_path / "inventory").mkdir()
    (tmp_path / "inventory/hosts.yaml").write_text("R1: {hostname: 127.0.0.1, port: 1}\n")
    code, out, err = run(tmp_path, *arguments)
    assert code == 2 and out == "" and words in err and err.count("\n") == 1
    assert [entry.name for entry in tmp_path.iterdir() if entry.name != "workspace"] == ["inventory"]
