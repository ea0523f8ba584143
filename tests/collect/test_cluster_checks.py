"""``check`` and ``plan`` over a real Dask cluster on loopback: the same bytes, whatever becomes of workers; no key travels."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import dask_cluster
import msgspec
import pytest
from dask_cluster import Cluster, cluster
from hub_fleets import hub_fleet
from parted import moved_away

from ikeaudit.api import check, load, plan, to_json
from ikeaudit.collect.cluster import spreading
from ikeaudit.model.errors import InputError
from ikeaudit.remediation import proven_parts
from ikeaudit.snapshot.workspace import KEY_FILE, Workspace
from ikeaudit.snapshot.writing import write_snapshot_host

sys.path.append(str(Path(__file__).parents[2] / "bench"))

import fleets

pytestmark = [pytest.mark.ssh, pytest.mark.full, pytest.mark.timeout(300)]

KEY, NOTE = "Canary-psk-2Dc1", "Canary-description-2Dc2"
SHOWN = f"Keyring      Hostname/Address            Preshared Key\n\ndefault      192.0.2.9  {KEY}\n"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a snapshot ``snap`` of three parts, its keys the canary, and ``plain``, the same as configurations."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path / "ws"))
    Workspace.open()
    (tmp_path / "plain").mkdir()
    parts = [hub_fleet(52, hubs=4, each=2, seed=seed) for seed in range(3)]
    texts = {f"{n}-{name}": moved_away(text, n) for n, fleet in enumerate(parts) for name, text in fleet.items()}
    for name, text in texts.items():
        whole = f"{text.rstrip().removesuffix('end')}crypto isakmp key {KEY} address 203.0.113.9\n"
        whole += f"interface Loopback9\n description {NOTE}\nend\n"
        (tmp_path / "plain" / f"{name}.cfg").write_text(whole)
        texts[name] = whole
    write(tmp_path / "snap", texts)
    yield tmp_path


def write(folder: Path, texts: dict[str, str]) -> None:
    """A snapshot of those configurations."""
    key = Workspace.open().fingerprinter
    shows = {"show crypto isakmp key": SHOWN}
    for name, text in texts.items():
        write_snapshot_host(folder, name, text, shows, {}, fingerprinter=key, collected="2026-11-30T10:00:00Z")


def workspaces(folder: Path, count: int) -> list[Path]:
    """Those of so many workers, with the key of the desk's."""
    Workspace.open().export_key(folder / "exported")
    others = [folder / f"ws{n}" for n in range(count)]
    for other in others:
        Workspace.import_key(folder / "exported", other)
    return others


def verb(*words: str, cache: bool = False) -> tuple[bytes, str]:
    """What a verb says, but for the time, and what it says beside."""
    more = [] if cache or words[0] != "check" else ["--no-cache"]
    done = subprocess.run(
        [sys.executable, "-m", "ikeaudit.cli", *words, *more], capture_output=True, env=dict(os.environ), check=False
    )
    assert done.returncode in (0, 1, 3), done.stderr.decode()
    return re.sub(rb'"time":"[^"]*"', b"", done.stdout), done.stderr.decode()


CHECK = ("check", "snap", "--format", "json")


class Wire:
    """What this process sends to a cluster, and what it gets."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sent: list[bytes] = []
        self.got: list[bytes] = []
        joined, read = spreading.join, spreading.read_done

        def join(runner: str) -> object:
            client = joined(runner)
            submit = client.submit

            def submitting(function, content, **how):
                self.sent.append(content)
                return submit(function, content, **how)

            client.submit = submitting  # type: ignore[method-assign]
            return client

        def reading(content: bytes, count: int) -> object:
            self.got.append(content)
            return read(content, count)

        monkeypatch.setattr(spreading, "join", join)
        monkeypatch.setattr(spreading, "read_done", reading)

    @property
    def work(self) -> set[str]:
        """What workers were asked to do."""
        return {msgspec.msgpack.decode(share)["there"].partition(":")[2] for share in self.sent}


def everything(running: Cluster) -> bytes:
    """What scheduler and workers know at this moment."""
    import cloudpickle
    from distributed import Client

    cloudpickle.register_pickle_by_value(dask_cluster)
    with Client(running.address, set_as_default=False) as client:
        known = [client.run_on_scheduler(dask_cluster.all_of_scheduler)]
        known += client.run(dask_cluster.all_of_worker).values()
    return b"".join(known)


def in_files(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_the_same_bytes_by_one_process_all_cores_a_warm_cache_and_a_cluster(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone, _ = verb(*CHECK, "--jobs", "1")
    assert b'"findings"' in alone and KEY.encode() not in alone
    assert verb(*CHECK, "--jobs", "0")[0] == alone
    others = workspaces(desk, 2)
    with cluster(desk / "cluster") as running:
        for other in others:
            running.add(other)
        running.wait(2)
        there = ("--runner", running.runner)
        assert verb(*CHECK, *there) == (alone, "")
        assert verb(*CHECK, *there, cache=True) == (alone, ""), "a cold cache"
        assert verb(*CHECK, *there, cache=True) == (alone, ""), "a warm one"
        assert verb(*CHECK, cache=True)[0] == alone, "what workers read, found by who has no cluster"
        regions = fleets.fleet(15, seed=2, kind="spoke2", region=5, faults=0.2)
        write(desk / "few", {one.name: one.text for one in regions})
        verb("plan", "few", "--strategy", "single-keyring", "--out", "planned", *there)
        how = {"change_id": "CHG1", "at": datetime(2026, 11, 30, tzinfo=UTC)}
        monkeypatch.setattr(proven_parts, "FEW", 0)
        wire = Wire(monkeypatch)
        there_planned = plan(load("few", runner=running.runner), "ikev2", **how)
        whole, said = verb("check", "plain", "--format", "json", *there)
        assert whole == verb("check", "plain", "--format", "json")[0]
        assert "were read on this machine" in said and "does not travel" in said
        for word in ("explain", "coverage"):
            assert verb(word, "few", "--format", "json", *there) == verb(word, "few", "--format", "json")
        logs = running.logs
    here_planned = plan(load("few"), "ikev2", **how)
    assert (there_planned.plan, dict(there_planned.files)) == (here_planned.plan, dict(here_planned.files))
    assert Path("planned/plan.json").is_file()
    assert wire.work == {"read_there", "proven_there"}
    assert KEY not in logs and NOTE not in logs


def test_one_is_killed_one_is_slow_and_nothing_is_lost_told_twice_or_leaks(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = to_json(check(load("snap")))
    wire, told, known = Wire(monkeypatch), list[str](), list[bytes]()
    others = workspaces(desk, 5)
    begun = time.monotonic()
    with cluster(desk / "cluster") as running:
        running.add(others[0])
        running.add(others[1], slow=60.0)
        doomed = running.add(others[2], slow=5.0)
        running.add(others[3], other_version=True)
        running.add(Workspace.open(desk / "strange").path)
        running.wait(5)

        def kill() -> None:
            until = time.monotonic() + 60
            while not running.begun(2) and time.monotonic() < until:
                time.sleep(0.02)
            known.append(everything(running))
            doomed.kill()

        killer = threading.Thread(target=kill)
        killer.start()
        found = to_json(check(load("snap", runner=running.runner, tell=told.append)))
        killer.join()
        known.append(everything(running))
        logs, slow = running.logs, running.begun(1)
    assert re.sub(r'"time":"[^"]*"', "", found) == re.sub(r'"time":"[^"]*"', "", alone)
    assert doomed.returncode and slow, "it was killed while it read, and the slow one had its part"
    assert time.monotonic() - begun < 60 + 45, "nobody waited for the slow one"
    said = "\n".join(told)
    assert said.count("Worker without work:") == 2
    assert "runs another version of ikeaudit" in said and "has another fingerprint key" in said
    assert wire.work == {"read_there", "audited_there"}
    sent = b"".join(wire.sent)
    assert b"<PSK:" in sent and wire.got, "something was looked at"
    key = (desk / "ws" / KEY_FILE).read_text().strip()
    secrets = [KEY.encode(), NOTE.encode(), b"Zq7Lm2vR9tW4yB8nC", key.encode(), bytes.fromhex(key)]
    everywhere = b"".join([sent, *wire.got, *known, logs.encode(), said.encode(), in_files(desk / "cluster")])
    for secret in secrets:
        assert secret not in everywhere, secret
    assert secrets[0] in in_files(desk / "plain")


def test_what_somebody_wrote_into_a_snapshot_stays_here(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = sorted((desk / "snap").iterdir())[3] / "running-config.txt"
    file.write_text(file.read_text().replace("\nend\n", f"\ncrypto isakmp key {KEY} address 192.0.2.200\nend\n"))
    wire, told = Wire(monkeypatch), list[str]()
    alone = to_json(check(load("snap")))
    (other,) = workspaces(desk, 1)
    with cluster(desk / "cluster") as running:
        running.add(other)
        running.wait(1)
        found = to_json(check(load("snap", runner=running.runner, tell=told.append)))
        known = everything(running) + running.logs.encode()
    assert re.sub(r'"time":"[^"]*"', "", found) == re.sub(r'"time":"[^"]*"', "", alone)
    assert [line[:5] for line in told] == ["1 of "]
    assert wire.sent and KEY.encode() not in b"".join([*wire.sent, *wire.got, known])


def test_a_router_that_ends_every_worker_and_a_cluster_without_any_leave_the_rest_to_this_process(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreading.Cluster.__init__, "__defaults__", (2.0,))
    others = workspaces(desk, 2)
    names = sorted(entry.name for entry in (desk / "snap").iterdir())
    alone, told = to_json(check(load("snap"))), list[str]()
    once = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    with cluster(desk / "cluster", settings=once) as running:
        for other in others:
            running.add(other, ends_at=names[40])
        running.wait(2)
        found = to_json(check(load("snap", runner=running.runner, tell=told.append)))
        ended = [worker.poll() for worker in running.workers]
        with pytest.raises(InputError, match=r"The cluster has no workers|No worker"):
            while True:
                load("snap", runner=running.runner)
    assert re.sub(r'"time":"[^"]*"', "", found) == re.sub(r'"time":"[^"]*"', "", alone)
    assert any(code is not None for code in ended)
    assert any("done by this process" in line for line in told)


def test_by_tls_and_not_without(desk: Path, certificates: tuple[Path, Path, Path]) -> None:
    (other,) = workspaces(desk, 1)
    ca, cert, key = map(str, certificates)
    tls = ["--tls-ca-file", ca, "--tls-cert", cert, "--tls-key", key]
    at = "distributed.comm.tls"
    names = {f"{at}.ca-file": ca, f"{at}.client.cert": cert, f"{at}.client.key": key}
    alone = to_json(check(load("snap")))
    with cluster(desk / "cluster", tls=tls) as running:
        running.add(other)
        running.wait(1)
        import dask
        import distributed  # noqa: F401 - its defaults stay then, when the names below are taken back

        with dask.config.set(names):
            found = to_json(check(load("snap", runner=running.runner)))
        with pytest.raises(InputError, match="No Dask scheduler answers at tcp://"):
            load("snap", runner=running.runner)
    assert re.sub(r'"time":"[^"]*"', "", found) == re.sub(r'"time":"[^"]*"', "", alone)
