"""What it costs to read routers over SSH, beside bare paramiko and nornir-netmiko's tasks in the same run.

The routers are the lab's, in processes of their own, and think 50 ms before each answer.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import paramiko
from nornir.core import Nornir
from nornir.core.task import Result, Task
from nornir_netmiko.tasks import netmiko_send_command
from slow_routers import PASSWORD
from targets import Ratio

from ikeaudit.collect import SHOW_COMMANDS, collect_fleet
from ikeaudit.collect.commands import RUNNING_CONFIG
from ikeaudit.collect.folder import SnapshotFolder
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.session import Credentials, Keychain, Limits, known_hosts, open_inventory, session
from ikeaudit.session.terminal import PREPARATION

HERE = Path(__file__).parent
DELAY = 0.05
WORKERS = 100
SET_UP = (*PREPARATION, "show privilege")
COMMANDS = (RUNNING_CONFIG, *SHOW_COMMANDS)
TEN = (*COMMANDS, "show clock", "show version")[:10]
KEYS = Keychain(Credentials("lab", PASSWORD))
LIMITS = Limits(connect=120.0, idle=120.0)
LARGEST = 1500
"""Megabytes that a collector of 1,000 routers may take, all its processes together."""


@contextmanager
def routers(count: int, *, spokes: bool = False) -> Iterator[Nornir]:
    """``count`` routers in as many processes as there are cores, and an inventory of them; ``spokes``: of 12 kB each."""
    cores = min(len(os.sched_getaffinity(0)), count)
    with ExitStack() as stack:
        base = Path(stack.enter_context(TemporaryDirectory()))
        hosts = ""
        started = []
        for number in range(cores):
            share = count // cores + (number < count % cores)
            command = [sys.executable, str(HERE / "slow_routers.py"), str(share), str(DELAY), str(base / str(number))]
            command += ["spokes"] if spokes else []
            process = stack.enter_context(
                subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            )
            started.append((process, base / str(number)))
        for process, folder in started:
            assert process.stdout is not None
            process.stdout.readline()
            hosts += (folder / "hosts.yaml").read_text()
        (base / "inventory").mkdir()
        (base / "inventory" / "hosts.yaml").write_text(hosts)
        (base / "inventory" / "groups.yaml").write_text((base / "0" / "groups.yaml").read_text())
        nornir = open_inventory(base / "inventory", workers=WORKERS)
        for host in nornir.inventory.hosts.values():
            host.username, host.password = "lab", PASSWORD
        (base / "workspace").mkdir()
        known_hosts(nornir, base / "workspace")
        yield nornir
        for process, _ in started:
            assert process.stdin is not None
            process.stdin.close()


def bare(port: int, commands: Sequence[str]) -> bytes:
    """What a program without any library above paramiko does: the same set-up, prompts by the name, every reply waited for."""
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())  # noqa: S507 - virtual routers on loopback
    client.connect("127.0.0.1", port, "lab", PASSWORD, allow_agent=False, look_for_keys=False, timeout=120)
    channel = client.invoke_shell(width=511)
    said = b""

    def until_prompt() -> bytes:
        text = b""
        while not text.endswith(b"#"):
            text += channel.recv(65536)
        return text

    until_prompt()
    for command in (*SET_UP, *commands):
        channel.sendall(f"{command}\n".encode())
        said += until_prompt()
    client.close()
    return said


def of_nornir(task: Task) -> Result:
    """nornir-netmiko's own task, for each command, and the session closed as collecting closes it."""
    for command in COMMANDS:
        task.run(netmiko_send_command, command_string=command, read_timeout=120)
    task.host.close_connections()
    return Result(host=task.host)


def timed(action: Callable[[], object]) -> float:
    """Seconds of wall clock."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def one_router(rounds: int = 7) -> Ratio:
    """One router, ten commands."""
    with routers(1) as nornir:
        host = next(iter(nornir.inventory.hosts.values()))
        assert host.port is not None
        port = host.port

        def ours() -> None:
            with session(host, nornir.config, KEYS.of(host), LIMITS) as terminal:
                for command in TEN:
                    terminal.read(command)

        ours()
        ratios = [timed(ours) / timed(lambda: bare(port, TEN)) for _ in range(rounds)]
    return Ratio("one router, ten commands / bare paramiko", statistics.median(ratios), 1.15, at_least=False)


def fleet(count: int) -> list[Ratio]:
    """``count`` routers with 100 workers; the collector's memory as well, and that nobody is lost."""
    with routers(count) as nornir, TemporaryDirectory() as out:
        ports = [host.port for host in nornir.inventory.hosts.values() if host.port is not None]
        folder = SnapshotFolder(Path(out) / "snapshot", Fingerprinter(bytes(32)))

        def floor() -> None:
            with ThreadPoolExecutor(WORKERS) as pool:
                list(pool.map(lambda port: bare(port, COMMANDS), ports))

        def ours() -> None:
            found = collect_fleet(nornir, KEYS, folder, folder=folder.path, limits=LIMITS)
            assert found.complete, [host.message for host in found.hosts if host.status != "collected"][:3]

        quick = timed(ours)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024 * len(os.sched_getaffinity(0))
        least = timed(floor)
        slow = timed(lambda: nornir.run(of_nornir, on_failed=True))
    return [
        Ratio(f"{count} routers, {WORKERS} workers: nornir-netmiko / ikeaudit", slow / quick, 2.0, at_least=True),
        Ratio(f"{count} routers, {WORKERS} workers: ikeaudit / bare paramiko", quick / least, 1.25, at_least=False),
        Ratio(f"{count} routers: megabytes", memory + children, LARGEST, at_least=False),
    ]


def measure(count: int) -> list[Ratio]:
    """Every figure beside its target."""
    return [one_router(), *fleet(count)]
