"""A large collection is divided among processes; nobody is lost, and nothing but outcomes comes back."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from ikeaudit.collect import Collection, collect_fleet, shards
from ikeaudit.collect.folder import SnapshotFolder
from ikeaudit.collect.task import CollectHosts
from ikeaudit.lab import Lab, LabRouter
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.session import Credentials, Keychain, KnownHosts, Limits, known_hosts, open_inventory

pytestmark = pytest.mark.ssh

PASSWORD, KEY = "Canary-login-6Sh1", "Canary-shard-6Sh2"
CONFIG = "version 15.7\nhostname {name}\n!\ncrypto isakmp key " + KEY + " address 192.0.2.9\n!\nend\n"
LIMITS = Limits(connect=20.0, idle=20.0)
KEYS = Keychain(Credentials("lab", PASSWORD))


@pytest.fixture(autouse=True)
def two_cores(monkeypatch):
    monkeypatch.setattr(shards, "SMALLEST", 2)
    monkeypatch.setattr("os.sched_getaffinity", lambda pid: {0, 1})


def collected(tmp_path: Path, names: list[str], *, closed: int | None = None) -> Collection:
    routers = [LabRouter(name, CONFIG.format(name=name), password=PASSWORD) for name in names]
    with Lab(routers) as lab:
        folder = lab.write_inventory(tmp_path / "inventory")
        if closed is not None:
            with (folder / "hosts.yaml").open("a") as hosts:
                hosts.write(f"GONE:\n  hostname: 127.0.0.1\n  port: {closed}\n")
        nornir = open_inventory(folder, workers=4)
        (tmp_path / "ws").mkdir()
        known_hosts(nornir, tmp_path / "ws")
        writer = SnapshotFolder(tmp_path / "snap", Fingerprinter(bytes(32)))
        return collect_fleet(nornir, KEYS, writer, folder=writer.path, limits=LIMITS)


def test_every_host_is_read_and_written_by_one_of_them(tmp_path, closed_port):
    names = ["R1", "R2", "R3", "R4"]
    result = collected(tmp_path, names, closed=closed_port)
    assert [(host.host, host.status) for host in result.hosts] == [
        *((n, "collected") for n in names),
        ("GONE", "failed"),
    ]
    assert result.hosts[-1].reason == "refused"
    for name in names:
        text = (tmp_path / "snap" / name / "running-config.txt").read_text()
        assert "<PSK:" in text and KEY not in text
    assert len(KnownHosts(tmp_path / "ws" / "known_hosts").ours()) == 4


def test_hosts_of_a_process_that_ends_are_named_and_the_others_read(tmp_path, monkeypatch):
    # the second shard cannot be unpacked, as if its process had been killed
    divided = shards.shards_of
    monkeypatch.setattr("ikeaudit.collect.run.shards_of", lambda nornir, task: (divided(nornir, task)[0], b"rubbish"))
    result = collected(tmp_path, ["R1", "R2", "R3", "R4"])
    assert [host.status for host in result.hosts] == ["collected", "failed", "collected", "failed"]
    assert {host.reason for host in result.hosts} == {None, "internal"}


def test_what_is_handed_over_holds_no_more_than_its_part_and_small_fleets_are_not_divided(tmp_path):
    with Lab([LabRouter(f"R{n}", CONFIG.format(name=f"R{n}"), password=PASSWORD) for n in range(5)]) as lab:
        nornir = open_inventory(lab.write_inventory(tmp_path), workers=5)
    task = CollectHosts(KEYS, SnapshotFolder(tmp_path / "snap", Fingerprinter(bytes(32))), LIMITS, {})
    parts = [pickle.loads(part) for part in shards.shards_of(nornir, task)]
    assert [sorted(part.inventory.hosts) for part in parts] == [["R0", "R2", "R4"], ["R1", "R3"]]
    assert [part.workers for part in parts] == [3, 3]
    assert PASSWORD not in repr(parts) and "lab" not in repr(task)
    assert shards.shards_of(nornir.filter(lambda host: host.name in ("R1", "R2")), task) == ()
    unfit = CollectHosts(KEYS, lambda: None, LIMITS, {})  # type: ignore[arg-type]
    assert shards.shards_of(nornir, unfit) == ()
