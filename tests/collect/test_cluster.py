"""A real Dask cluster on loopback: workers that die, dawdle, have another key or another site; and no secret travels."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import dask_cluster
import msgspec
import pytest
from dask_cluster import Cluster, cluster

from ikeaudit.api import load
from ikeaudit.api.audit import check
from ikeaudit.collect import Collection, collect_fleet
from ikeaudit.collect.cluster import worker
from ikeaudit.collect.cluster.runner import DaskRunner
from ikeaudit.collect.cluster.shard import Member, Reply, Shard, read_reply
from ikeaudit.collect.commands import STATE_COMMANDS, last_change
from ikeaudit.collect.folder import SnapshotFolder
from ikeaudit.lab import Lab, LabRouter
from ikeaudit.model.errors import InputError, RefusedError
from ikeaudit.session import Credentials, Keychain, KnownHosts, Limits, known_hosts, open_inventory
from ikeaudit.snapshot.host_meta import read_meta
from ikeaudit.snapshot.workspace import KEY_FILE, Workspace

pytestmark = [pytest.mark.ssh, pytest.mark.full, pytest.mark.timeout(300)]

PASSWORD, KEY, TYPED = "Canary-login-8Da1", "Canary-psk-8Da2", "Canary-inventory-8Da3"
CONFIG = "version 15.7\nhostname {name}\n!\nenable secret 0 Canary-enable-8Da4\ncrypto isakmp key " + KEY
CONFIG += " address 192.0.2.9\n!\nend\n"
LOGINS = {"IKEAUDIT_USERNAME": "lab", "IKEAUDIT_PASSWORD": PASSWORD}
LIMITS = Limits(connect=30.0, idle=30.0)


class Counting:
    """A Nornir processor that counts how often a host is reported."""

    def __init__(self):
        self.seen = Counter()

    def task_instance_completed(self, task, host, result):
        self.seen[host.name] += 1

    def __getattr__(self, name):
        return lambda *given: None


def workspaces(folder: Path, count: int) -> tuple[Workspace, list[Path]]:
    """The collector's, and those of so many workers with its key."""
    own = Workspace.open(folder / "ws")
    own.export_key(folder / "exported")
    others = [folder / f"ws{n}" for n in range(count)]
    for other in others:
        Workspace.import_key(folder / "exported", other)
    return own, others


def collected(
    folder: Path,
    lab: Lab,
    runner: DaskRunner,
    workspace: Workspace,
    extra: str = "",
    counting: Counting | None = None,
    state_only: bool = False,
) -> Collection:
    inventory = lab.write_inventory(folder / "inventory")
    text = (inventory / "hosts.yaml").read_text() + extra
    (inventory / "hosts.yaml").write_text(text)
    nornir = open_inventory(inventory).with_runner(runner)
    for host in nornir.inventory.hosts.values():
        host.password = TYPED
    known_hosts(nornir, workspace.path)
    if counting is not None:
        kept = nornir.with_processors

        def with_ours(bars):
            return kept([*bars, counting])

        nornir.with_processors = with_ours
    writer = SnapshotFolder(folder / "snap", workspace.fingerprinter)
    keys = Keychain(Credentials(password=TYPED))
    return collect_fleet(nornir, keys, writer, folder=writer.path, limits=LIMITS, state_only=state_only)


def routers(names: list[str]) -> list[LabRouter]:
    return [LabRouter(name, CONFIG.format(name=name), password=PASSWORD) for name in names]


def everything(running: Cluster) -> bytes:
    """What scheduler and workers know at this moment."""
    import cloudpickle
    from distributed import Client

    cloudpickle.register_pickle_by_value(dask_cluster)
    with Client(running.address, set_as_default=False) as client:
        known = [client.run_on_scheduler(dask_cluster.all_of_scheduler)]
        known += client.run(dask_cluster.all_of_worker).values()
    return b"".join(known)


def test_one_is_killed_and_one_is_slow_and_no_host_is_lost_or_told_twice_or_leaks(tmp_path):
    names = [f"R{n}" for n in range(24)]
    own, others = workspaces(tmp_path, 3)
    known: list[bytes] = []
    with Lab(routers(names)) as lab, cluster(tmp_path / "cluster", environment=LOGINS) as running:
        running.add(others[0])
        running.add(others[1], slow=1.0)
        doomed = running.add(others[2], slow=4.0)
        running.wait(3)

        def kill() -> None:
            until = time.monotonic() + 60
            while not running.begun(2) and time.monotonic() < until:
                time.sleep(0.02)
            known.append(everything(running))
            doomed.kill()

        killer = threading.Thread(target=kill)
        killer.start()
        counting = Counting()
        result = collected(tmp_path, lab, DaskRunner(running.runner, 4, shard_size=2), own, counting=counting)
        killer.join()
        known.append(everything(running))
        logs = running.logs
        begun, slow = running.begun(2), running.begun(1)

    assert [(host.host, host.status) for host in result.hosts] == [(name, "collected") for name in names]
    assert counting.seen == Counter(names)
    assert doomed.returncode and begun, "it was killed while it read"
    assert slow, "the slow one had its part"
    for name in names:
        assert "<PSK:" in (tmp_path / "snap" / name / "running-config.txt").read_text()
    secrets = [PASSWORD, KEY, TYPED, "Canary-enable-8Da4", (own.path / KEY_FILE).read_text().strip()]
    written = [
        file.read_bytes() for place in ("snap", "cluster") for file in (tmp_path / place).rglob("*") if file.is_file()
    ]
    for secret in secrets:
        assert secret.encode() not in b"".join([*known, *written, logs.encode(), repr(result).encode()]), secret
    assert b"R3" in known[0], "something was looked at"


def test_a_worker_with_another_key_gets_no_work_and_without_a_fit_one_nothing_begins(tmp_path):
    own, (fit,) = workspaces(tmp_path, 1)
    strange = Workspace.open(tmp_path / "strange")
    with Lab(routers(["R1", "R2"])) as lab, cluster(tmp_path / "cluster", environment=LOGINS) as running:
        running.add(strange.path)
        running.wait(1)
        with pytest.raises(
            RefusedError, match=f"another fingerprint key \\({strange.fingerprinter.key_id}\\)"
        ) as caught:
            collected(tmp_path, lab, DaskRunner(running.runner), own)
        assert "workspace export" in str(caught.value)
        running.add(fit, environment={"IKEAUDIT_USERNAME": "", "IKEAUDIT_PASSWORD": ""})
        running.add(fit)
        running.wait(3)
        runner = DaskRunner(running.runner, shard_size=1)
        result = collected(tmp_path, lab, runner, own)
    assert result.complete
    assert sorted(word.partition(" ")[2][:25] for word in runner.unfit) == [
        "has another fingerprint k",
        "was started without login",
    ]
    assert not (strange.path / "known_hosts").exists()


def test_a_worker_that_hangs_holds_up_nobody(tmp_path, monkeypatch):
    monkeypatch.setattr("ikeaudit.collect.cluster.workers._PATIENCE", 3.0)
    own, (one, hung) = workspaces(tmp_path, 2)
    with Lab(routers(["R1", "R2", "R3", "R4"])) as lab, cluster(tmp_path / "cluster", environment=LOGINS) as running:
        running.add(one)
        running.add(hung)
        running.wait(2)
        running.workers[1].send_signal(signal.SIGSTOP)
        result = collected(tmp_path, lab, DaskRunner(running.runner, shard_size=1), own)
    assert result.complete
    assert not (hung / "known_hosts").exists()


def test_a_site_is_read_by_its_workers_and_one_without_any_is_told(tmp_path):
    own, (berlin, other) = workspaces(tmp_path, 2)
    with Lab(routers(["R1", "R2", "R3"])) as lab, cluster(tmp_path / "cluster", environment=LOGINS) as running:
        running.add(berlin, resources="berlin=1")
        running.add(other, resources="paris=1")
        running.wait(2)
        inventory = lab.write_inventory(tmp_path / "inventory")
        lines = (inventory / "hosts.yaml").read_text()
        ports = {host.name: host.port for host in open_inventory(inventory).inventory.hosts.values()}
        assert lines
        sites = {"R1": "berlin", "R2": "berlin", "R3": "rome"}
        (inventory / "hosts.yaml").write_text(
            "".join(
                f"{name}: {{hostname: 127.0.0.1, port: {port}, data: {{dask_resource: {sites[name]}}}}}\n"
                for name, port in ports.items()
            )
        )
        nornir = open_inventory(inventory).with_runner(DaskRunner(running.runner, patience=1.0))
        known_hosts(nornir, own.path)
        writer = SnapshotFolder(tmp_path / "snap", own.fingerprinter)
        result = collect_fleet(nornir, Keychain(Credentials()), writer, folder=writer.path, limits=LIMITS)
    assert [host.status for host in result.hosts] == ["collected", "collected", "failed"]
    assert result.hosts[2].message == "R3: no worker of the cluster offers the resource 'rome'."
    assert len(KnownHosts(berlin / "known_hosts").ours()) == 2
    assert not (other / "known_hosts").exists()


def test_an_error_that_nobody_thought_of_is_told_by_its_kind_only(tmp_path):
    own, (other,) = workspaces(tmp_path, 1)
    with Lab(routers(["R1"])) as lab, cluster(tmp_path / "cluster", environment=LOGINS) as running:
        running.add(other, says=KEY)
        running.wait(1)
        result = collected(tmp_path, lab, DaskRunner(running.runner), own)
        known = everything(running) + running.logs.encode()
    (host,) = result.hosts
    assert (host.status, host.reason) == ("failed", "internal")
    assert host.message == "R1: the worker failed with RuntimeError."
    written = [
        file.read_bytes() for place in ("snap", "cluster") for file in (tmp_path / place).rglob("*") if file.is_file()
    ]
    assert KEY.encode() not in b"".join([known, *written, repr(result).encode()])


def test_a_router_that_ends_every_worker_is_found_and_the_others_of_its_shard_are_read(tmp_path):
    own, others = workspaces(tmp_path, 4)
    names = ["R0", "R1", "R2", "R3"]
    once = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    with Lab(routers(names)) as lab, cluster(tmp_path / "cluster", environment=LOGINS, settings=once) as running:
        for other in others:
            running.add(other, ends_at="R1")
        running.wait(4)
        result = collected(tmp_path, lab, DaskRunner(running.runner, shard_size=4), own)
        ended = sum(worker.poll() is not None for worker in running.workers)
    assert [host.host for host in result.hosts if host.status == "collected"] == ["R0", "R2", "R3"]
    assert result.hosts[1].message == "R1: one worker after the other ended while it was read."
    assert ended == 3, "over all four, over R0 and R1, over R1"


def test_without_its_scheduler_a_collection_ends_and_names_whom_it_has_not_read(tmp_path):
    own, (other,) = workspaces(tmp_path, 1)
    with Lab(routers(["R1", "R2"])) as lab, cluster(tmp_path / "cluster", environment=LOGINS) as running:
        running.add(other, slow=30.0)
        running.wait(1)

        def kill() -> None:
            while not running.begun(0):
                time.sleep(0.02)
            running.scheduler.kill()

        killer = threading.Thread(target=kill)
        killer.start()
        result = collected(tmp_path, lab, DaskRunner(running.runner), own)
        killer.join()
    assert [(host.host, host.status) for host in result.hosts] == [("R1", "failed"), ("R2", "failed")]
    assert all("the cluster ended before it was read" in (host.message or "") for host in result.hosts)


def test_the_verb_reads_by_a_cluster_without_a_login_of_its_own(tmp_path):
    own, (other,) = workspaces(tmp_path, 1)
    with Lab(routers(["R1", "R2"])) as lab, cluster(tmp_path / "cluster", environment=LOGINS) as running:
        running.add(other)
        running.wait(1)
        lab.write_inventory(tmp_path / "inventory")
        done = subprocess.run(
            [sys.executable, "-m", "ikeaudit.cli", "collect", "--out", "snap", "--runner", running.runner],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "IKEAUDIT_WORKSPACE": str(own.path)},
            capture_output=True,
            text=True,
            check=False,
        )
        nornir = open_inventory(tmp_path / "inventory")
        known_hosts(nornir, own.path)
        alone = SnapshotFolder(tmp_path / "alone", own.fingerprinter)
        collect_fleet(nornir, Keychain(Credentials("lab", PASSWORD)), alone, folder=alone.path, limits=LIMITS)
    assert done.returncode == 0, done.stdout + done.stderr
    assert sorted(path.name for path in (tmp_path / "snap").iterdir()) == ["R1", "R2"]
    assert PASSWORD not in done.stdout + done.stderr
    for name in ("R1", "R2"):
        one, other = ((tmp_path / snap / name / "running-config.txt").read_bytes() for snap in ("snap", "alone"))
        assert one == other
    found = [check(load(tmp_path / snap, workspace=own.path)) for snap in ("snap", "alone")]
    assert found[0].findings == found[1].findings


def test_the_state_alone_is_read_by_a_cluster_too(tmp_path):
    """Beside the configurations that the snapshot has; nothing of who has none there, and its keys are found in the state."""
    own, (other,) = workspaces(tmp_path, 1)
    with Lab(routers(["R1", "R2", "R3"])) as lab, cluster(tmp_path / "cluster", environment=LOGINS) as running:
        running.add(other)
        running.wait(1)
        result = collected(tmp_path, lab, DaskRunner(running.runner), own)
        assert result.complete
        shutil.rmtree(tmp_path / "snap" / "R3")
        folder = tmp_path / "snap"
        before = {name: (folder / name / "running-config.txt").read_bytes() for name in ("R1", "R2")}
        then = {name: read_meta(folder / name) for name in before}
        for name in before:
            (folder / name / "show-clock.txt").unlink()
        result = collected(tmp_path, lab, DaskRunner(running.runner), own, state_only=True)
        known = everything(running) + running.logs.encode()
    assert [(host.host, host.status, host.reason) for host in result.hosts] == [
        ("R1", "collected", None),
        ("R2", "collected", None),
        ("R3", "failed", "not-written"),
    ]
    assert "no configuration of it in the snapshot" in (result.hosts[2].message or "")
    assert not (folder / "R3").exists()
    told = {host.host: host.read for host in result.hosts}
    for name, text in before.items():
        record = read_meta(folder / name)
        assert (folder / name / "running-config.txt").read_bytes() == text
        assert (folder / name / "show-clock.txt").read_text()
        assert record.state and (record.collected, record.facts) == (then[name].collected, then[name].facts)
        assert told[name] == record.collected
    assert KEY.encode() not in known


@pytest.fixture
def on_a_worker(tmp_path, monkeypatch):
    """This process as a worker with a workspace of the collector's key and an inventory of its own; its shards are of R1."""
    own, (other,) = workspaces(tmp_path, 1)
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(other))
    monkeypatch.delenv("IKEAUDIT_USERNAME", raising=False)
    monkeypatch.setattr(worker, "worker_address", lambda: "tcp://127.0.0.1:1")
    with Lab([LabRouter("R1", CONFIG.format(name="R1"), password=PASSWORD)]) as lab:
        lab.do(lambda: lab.router("R1").operator(["interface Loopback7", "description one"]))
        folder = lab.write_inventory(tmp_path / "logins")
        port = lab.port("R1")
        (folder / "hosts.yaml").write_text(f"R1: {{username: lab, password: {PASSWORD}}}\n")
        monkeypatch.setenv("IKEAUDIT_WORKER_INVENTORY", str(folder))
        yield Shard(
            members=(Member("R1", "127.0.0.1", port, None, {}),),
            key_id=own.fingerprinter.key_id,
            keep=(),
            threads=1,
            connect=30.0,
            idle=30.0,
            total=60.0,
            changes={},
            strict=False,
            tolerant=False,
        )


def answered(shard: Shard) -> Reply:
    content = worker.collect_shard(msgspec.msgpack.encode(shard))
    return read_reply(content, ["R1"], shard.key_id)


def test_logins_come_from_the_inventory_of_the_worker_and_what_did_not_change_is_confirmed(on_a_worker):
    (first,) = answered(on_a_worker).hosts
    assert first.outcome.status == "collected" and first.whole is not None
    text = first.whole.files["running-config.txt"].decode()
    assert "<PSK:" in text and KEY not in text
    change = last_change(text)
    (again,) = answered(msgspec.structs.replace(on_a_worker, changes={"R1": change})).hosts
    assert again.outcome.unchanged and again.confirmed and again.whole is None


def test_of_a_host_with_facts_a_worker_reads_the_state_and_cuts_its_keys(on_a_worker, monkeypatch):
    (first,) = answered(on_a_worker).hosts
    assert first.whole is not None
    shown = f"Desc: {KEY} to the hub\nProfile: P-{KEY}\n"
    really = worker.collect_host

    def with_keys(nornir, host, keys, writer, *given, **more):
        noted = writer.write_state

        def noting(name, reading, moment):
            reading.shows["show crypto session detail"] = shown
            return noted(name, reading, moment)

        monkeypatch.setattr(writer, "write_state", noting)
        return really(nornir, host, keys, writer, *given, **more)

    monkeypatch.setattr(worker, "collect_host", with_keys)
    facts = {"R1": dict(first.whole.record.facts)}
    (again,) = answered(msgspec.structs.replace(on_a_worker, facts=facts)).hosts
    assert again.whole is None and again.state is not None
    text = again.state.shows["show crypto session detail"]
    assert text.startswith("Desc: (none)\nProfile: P-<PSK:") and KEY not in text
    assert {*again.state.shows} <= {*STATE_COMMANDS}


def test_a_worker_itself_refuses_another_key_and_a_scheduler_in_clear(on_a_worker, monkeypatch):
    other = msgspec.structs.replace(on_a_worker, key_id="00000000")
    assert answered(other) == Reply(refusal="it has another fingerprint key")
    monkeypatch.setattr(worker, "worker_address", lambda: "tcp://192.0.2.1:40001")
    assert answered(on_a_worker) == Reply(refusal="it is joined to its scheduler at tcp://192.0.2.1:40001 without TLS")


def test_the_profiler_of_a_worker_is_ended_before_it_starts_threads(tmp_path):
    """Both callbacks of distributed's Worker; Python 3.11 can hang in sys._current_frames (python/cpython#106883)."""
    import cloudpickle
    from distributed import Client

    own, (other,) = workspaces(tmp_path, 1)
    cloudpickle.register_pickle_by_value(dask_cluster)
    with Lab(routers(["R1"])) as lab, cluster(tmp_path / "cluster", environment=LOGINS) as running:
        running.add(other)
        running.wait(1)
        with Client(running.address, set_as_default=False) as client:
            before = [*client.run(dask_cluster.is_profiling).values()]
            assert collected(tmp_path, lab, DaskRunner(running.runner), own).complete
            after = [*client.run(dask_cluster.is_profiling).values()]
    assert (before, after) == ([True], [False])


def test_by_tls_with_certificates_and_not_without(tmp_path, certificates):
    own, (other,) = workspaces(tmp_path, 1)
    ca, cert, key = map(str, certificates)
    tls = ["--tls-ca-file", ca, "--tls-cert", cert, "--tls-key", key]
    at = "distributed.comm.tls"
    names = {f"{at}.ca-file": ca, f"{at}.client.cert": cert, f"{at}.client.key": key}
    with Lab(routers(["R1"])) as lab, cluster(tmp_path / "cluster", tls=tls, environment=LOGINS) as running:
        assert running.address.startswith("tls://127.0.0.1:")
        running.add(other)
        running.wait(1)
        import dask
        import distributed  # noqa: F401 - its defaults stay then, when the names below are taken back

        with dask.config.set(names):
            result = collected(tmp_path, lab, DaskRunner(running.runner), own)
        with pytest.raises(InputError, match="No Dask scheduler answers at tcp://"):
            collected(tmp_path, lab, DaskRunner(running.runner), own)
    assert result.complete
