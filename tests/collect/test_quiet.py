"""Session traffic stays out of log records; the demo's inventory is one that collection can open."""

from __future__ import annotations

import logging
from pathlib import Path

from ikeaudit.session import open_inventory, silence_libraries


def test_netmiko_may_warn_but_not_quote(caplog):
    silence_libraries()
    with caplog.at_level(logging.DEBUG, logger="netmiko"):
        logger = logging.getLogger("netmiko")
        logger.debug("read_channel: key Canary")
        logger.info("Canary")
        logger.warning("slow")
    assert [record.message for record in caplog.records] == ["slow"]


def test_silencing_twice_is_silencing_once():
    silence_libraries()
    before = [len(logging.getLogger(name).handlers) for name in ("netmiko", "nornir", "paramiko")]
    silence_libraries()
    assert [len(logging.getLogger(name).handlers) for name in ("netmiko", "nornir", "paramiko")] == before
    assert sum(type(f).__name__ == "_DropTraffic" for f in logging.getLogger("netmiko").filters) == 1


def test_the_demo_inventory():
    nornir = open_inventory(Path(__file__).resolve().parents[2] / "inventory")
    assert list(nornir.inventory.hosts) == ["R1", "R2"]
    for host in nornir.inventory.hosts.values():
        assert (host.hostname, host.platform) == ("127.0.0.1", "cisco_ios")
        assert host.password is None
