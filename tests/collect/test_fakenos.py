"""A router that others wrote: the virtual IOS of fakenos is read by the verb as a user runs it."""

from __future__ import annotations

import socket

import pytest

from ikeaudit.cli.main import main

fakenos = pytest.importorskip("fakenos", reason="fakenos is not installed (it is among the extra `dev`)")

pytestmark = [pytest.mark.fakenos, pytest.mark.full]

PASSWORD = "Canary-login-9Fk1"


def test_the_router_of_fakenos_is_read_whole(tmp_path, monkeypatch, capfd):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    host = {"username": "ops", "password": PASSWORD, "port": port, "platform": "cisco_ios"}
    (tmp_path / "inventory").mkdir()
    (tmp_path / "inventory" / "hosts.yaml").write_text(
        f"R1: {{hostname: 127.0.0.1, port: {port}, platform: cisco_ios}}\n"
    )
    for name, value in {
        "USERNAME": "ops",
        "PASSWORD": PASSWORD,
        "ENABLE": PASSWORD,
        "WORKSPACE": str(tmp_path / "ws"),
    }.items():
        monkeypatch.setenv(f"IKEAUDIT_{name}", value)
    net = fakenos.FakeNOS(inventory={"hosts": {"R1": host}})
    net.start()
    try:
        code = main(["collect", "-i", str(tmp_path / "inventory"), "-o", str(tmp_path / "snap"), "--timeout", "20"])
    finally:
        net.stop()
    out = capfd.readouterr().out
    assert code == 0 and "Read 1 of 1 router" in out and "first contact" in out
    config = (tmp_path / "snap" / "R1" / "running-config.txt").read_text().splitlines()
    assert "hostname R1" in config and config[-1] == "end"
    assert main(["coverage", str(tmp_path / "snap")]) == 0
