"""Every command and every file of docs/inventory.md runs, against routers and servers on loopback."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from jump_host import jump_host
from source_of_truth import nautobot_device, netbox_device, source_of_truth
from ssh_server import Manners, ssh_server

from ikeaudit.lab import LabRouter
from ikeaudit.lab.scenarios import SEED

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "inventory.md").read_text(encoding="utf-8")
SECTIONS = {text.split("\n", 1)[0]: text for text in PAGE.split("\n## ")}
FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```", re.MULTILINE | re.DOTALL)
SETTING_UP = ("export ", "ikeaudit lab")
NEEDS = {
    "NetBox": "nornir-netbox",
    "Nautobot": "nornir-nautobot",
    "Ansible": "nornir-ansible",
    "A table": "nornir-table-inventory",
}
"""The package of each section; its plugin finds the rest."""

EXPECTED = {
    "ikeaudit collect --inventory routers.csv": (2, "it looks like a table"),
    "ikeaudit collect --inventory production.ini": (2, "it looks like an Ansible inventory"),
    "ikeaudit collect --inventory routers/hosts.yaml": (2, "name its folder"),
    "ikeaudit collect --inventory fleet": (2, "it looks like a snapshot"),
    "ikeaudit check nights/latest": (1, "PW-ONEWAY"),
    "ikeaudit collect --inventory lab-inventory --out today --resume": (2, "no interrupted collection in today"),
    "ikeaudit collect --inventory lab-inventory --out today --since 12h": (0, "Kept, read already: R1, R2"),
    "ikeaudit coverage today": (0, "collected 20"),
}
"""Exit code and a part of what is printed, where that is not 0 and anything."""

pytestmark = [
    pytest.mark.ssh,
    pytest.mark.timeout(180),
    pytest.mark.xdist_group("docs/inventory.md"),
]


def free_ports() -> int:
    """The first of two ports that follow each other and are free; other tests look elsewhere at the same time."""
    begin = 22101 + os.getpid() * 14 % 8000
    for first in range(begin, begin + 800, 2):
        try:
            for port in (first, first + 1):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first
    raise AssertionError("no ports")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str], dict[str, str]]]:
    """The folder where a reader stands, the environment, and the ports that the page names by those that are taken here."""
    folder = tmp_path_factory.mktemp("reader")
    scripts = Path(sys.executable).parent
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("SSH_AUTH_SOCK", "PYTHONPATH")},
        **dict(re.findall(r"(IKEAUDIT_\w+)=(\w+)", SECTIONS[PAGE.split("\n", 1)[0]])),
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
        "IKEAUDIT_WORKSPACE": str(folder / ".ikeaudit"),
        "HOME": str(folder),
        "COLUMNS": "100",
    }
    if os.environ.get("PYTHONPATH"):
        environment["PYTHONPATH"] = os.environ["PYTHONPATH"]
    first = free_ports()
    router = LabRouter("K1", (SEED / "R1.cfg").read_text().replace("hostname R1", "hostname K1"), username="lab")
    key = folder / "audit-key.pub"
    with ExitStack() as stack:
        lab = stack.enter_context(
            subprocess.Popen(
                ["ikeaudit", "lab", "--first-port", str(first)],
                cwd=folder,
                env=environment,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        stack.callback(lab.terminate)
        assert lab.stdout is not None
        while "Ctrl-C" not in (line := lab.stdout.readline()):
            assert line, "the lab did not start"
        keyed = stack.enter_context(ssh_server(router, Manners(public_key=key), tmp_path_factory.mktemp("primes")))
        bastion, _ = stack.enter_context(jump_host(key))
        ports = {"22001": first, "22002": first + 1, "22003": keyed.port, "2222": bastion}
        yield folder, environment, {name: str(port) for name, port in ports.items()}


def play(section: str, world: tuple[Path, dict[str, str], dict[str, str]], **more: int) -> list[str]:
    """Write the files of a section and run its commands, in their order; the commands."""
    folder, environment, ports = world
    ports = ports | {name.removeprefix("port"): str(port) for name, port in more.items()}
    numbers = re.compile(rf"\b(?:{'|'.join(ports)})\b")
    commands = []
    for kind, name, text in FENCE.findall(SECTIONS[section]):
        if kind != "console":
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(numbers.sub(lambda match: ports[match[0]], text))
            continue
        for line in text.splitlines():
            assert line.startswith("$ ")
            if line[2:].startswith(SETTING_UP):
                continue
            commands.append(line[2:])
            done = subprocess.run(
                line[2:],
                shell=True,
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                timeout=100,
                check=False,
            )
            code, words = EXPECTED.get(line[2:], (0, ""))
            assert (done.returncode, "Traceback" in done.stderr) == (code, False), (
                f"{line}\n{done.stdout}\n{done.stderr}"
            )
            assert words in " ".join((done.stdout + done.stderr).split()), line
    return commands


def hosts(world: tuple[Path, dict[str, str], dict[str, str]], snapshot: str) -> list[str]:
    return sorted(entry.name for entry in (world[0] / snapshot).iterdir() if entry.is_dir())


def routers_of(section: str, world: tuple[Path, dict[str, str], dict[str, str]]) -> None:
    """What a section stands on: the folder of routers."""
    if section != "A folder of your own" and not (world[0] / "fleet").exists():
        play("A folder of your own", world)


def test_the_page_says_what_can_be_done() -> None:
    sections = {"A folder of your own", "Only some of the routers", "Logins", "SSH keys", "A jump host", *NEEDS,
                "A Nornir configuration", "What is no inventory", "Snapshots have an age"}  # fmt: skip
    assert sections <= SECTIONS.keys()
    assert all(name for kind, name, _ in FENCE.findall(PAGE) if kind != "console")


def test_links_of_the_page_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^):]+)\)", PAGE):
        assert (ROOT / "docs" / target).exists(), target


@pytest.mark.ssh
@pytest.mark.quick
def test_the_lab_and_a_folder(world: tuple[Path, dict[str, str], dict[str, str]]) -> None:
    play(PAGE.split("\n", 1)[0], world)
    assert hosts(world, "lab-routers") == ["R1", "R2"]
    play("A folder of your own", world)
    assert hosts(world, "fleet") == ["BER-HUB1", "LON-BR1"]


@pytest.mark.ssh
def test_only_some(world: tuple[Path, dict[str, str], dict[str, str]]) -> None:
    routers_of("Only some of the routers", world)
    assert len(play("Only some of the routers", world)) == 4
    assert hosts(world, "some") == ["BER-HUB1", "LON-BR1"]


@pytest.mark.ssh
@pytest.mark.parametrize(
    ("section", "snapshots"),
    [
        ("Logins", {"own-login": ["R1"]}),
        ("SSH keys", {"by-key": ["K1"], "by-agent": ["K1"]}),
        ("A jump host", {"jumped": ["BER-HUB1", "LON-BR1"]}),
        ("A Nornir configuration", {"transformed": ["BER-HUB1", "LON-BR1"]}),
        ("Snapshots have an age", {"today": ["R1", "R2"], "nights/latest": ["R1", "R2"]}),
    ],
)
def test_a_section(
    section: str, snapshots: dict[str, list[str]], world: tuple[Path, dict[str, str], dict[str, str]]
) -> None:
    routers_of(section, world)
    if section in ("SSH keys", "A jump host") and not all(map(shutil.which, ("ssh", "ssh-keygen", "ssh-agent"))):
        pytest.skip("OpenSSH is not installed")
    if section == "A jump host" and not (world[0] / "audit-key").exists():
        play("SSH keys", world)
    play(section, world)
    assert {name: hosts(world, name) for name in snapshots} == snapshots


@pytest.mark.ssh
@pytest.mark.parametrize("section", NEEDS)
def test_a_plugin(section: str, world: tuple[Path, dict[str, str], dict[str, str]]) -> None:
    try:
        version(NEEDS[section])
    except PackageNotFoundError:
        pytest.skip(f"{NEEDS[section]} is not installed: pip install -c constraints.txt -e '.[inventories]'")
    if section in ("Ansible", "A table"):
        play(section, world)
        assert hosts(world, f"from-{'ansible' if section == 'Ansible' else 'table'}") == (
            ["lon-br1"] if section == "Ansible" else ["BER-HUB1"]
        )
        return
    device = netbox_device if section == "NetBox" else nautobot_device
    found = [
        device(n, name, "127.0.0.1", site)
        for n, name, site in ((1, "R1", "berlin"), (2, "R2", "london"), (3, "R3", "paris"))
    ]
    # a source of truth knows no ports: the reader's own defaults do
    (world[0] / "defaults.yaml").write_text(f"port: {world[2]['22001']}\n")
    with source_of_truth(found) as server:
        play(section, world, port8000=server.server_port)
    assert hosts(world, f"from-{section.lower()}") == (["R1", "R2"] if section == "NetBox" else ["R1"])
    assert any("limit" in path and "offset=2" in path for path in server.asked), "all pages are asked for"


@pytest.mark.ssh
def test_what_is_no_inventory(world: tuple[Path, dict[str, str], dict[str, str]]) -> None:
    routers_of("What is no inventory", world)
    for section in ("Ansible", "A table"):
        for _, name, text in FENCE.findall(SECTIONS[section]):
            if name:
                (world[0] / name).write_text(text)
    assert len(play("What is no inventory", world)) == 4
