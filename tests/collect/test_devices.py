"""Routers as they were met in the field: each is read whole, or refused for the reason that is its own.

The table is that of the reports which the cases come from (netmiko, napalm, unicon.plugins, ntc-ansible); the server is ours.
"""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

import pytest
from ssh_server import SHA1_KEX, Manners, ssh_server

from ikeaudit.collect import collect_fleet
from ikeaudit.collect.folder import SnapshotFolder
from ikeaudit.drive.device import Device
from ikeaudit.lab import LabRouter
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.session import Credentials, Keychain, Limits, open_inventory

pytestmark = pytest.mark.ssh

KEY = "Canary-field-7Qx1"
PASSWORD, SECRET = "Canary-login-7Qx2", "Canary-enable-7Qx3"
CONFIG = f"""version 15.7
hostname BR7-EDGE
!
crypto keyring K1
  pre-shared-key address 192.0.2.9 key {KEY}
!
crypto isakmp policy 10
 encr aes 256
 hash sha256
 authentication pre-share
 group 14
!
interface Tunnel1
 ip address 10.7.7.1 255.255.255.252
 tunnel source GigabitEthernet0/0
 tunnel destination 192.0.2.9
!
interface GigabitEthernet0/0
 ip address 192.0.2.7 255.255.255.0
!
end
"""
LOG = "\n000123: Nov 28 10:11:13: %LINEPROTO-5-UPDOWN: Line protocol on Interface Tunnel1, changed state to up\n"
SENT = "\n\n***\n***\n*** Message from tty2 to all terminals:\n***\nMaintenance begins at 23:00\n\n"
LIMITS = Limits(connect=4.0, idle=4.0, total=30.0)
SHOW_CRYPTO = ("show crypto isakmp key", "show crypto isakmp sa")


def breaking(message: str, *, after: str, times: int = 99):
    """Noise that puts ``message`` behind the word ``after`` in the first ``times`` readings."""

    def noise(text: str, reading: int) -> str:
        return text.replace(after, after + message, 1) if reading <= times else text

    return noise


def collected(
    tmp_path: Path,
    manners: Manners,
    *,
    telnet: bool = False,
    tolerant: bool = False,
    typed: str = PASSWORD,
    knows_secret: bool = True,
):
    """The outcome of one collection, the snapshot's folder of the host, and the server as it was."""
    tmp_path.mkdir(exist_ok=True)
    router = LabRouter("BR7-EDGE", CONFIG, username="ops", password=PASSWORD, enable_secret=SECRET, privilege=15)
    keys = Keychain(Credentials("ops", typed, SECRET if knows_secret else None))
    with ssh_server(router, manners, tmp_path, telnet=telnet) as served:
        folder = tmp_path / "inventory"
        folder.mkdir(exist_ok=True)
        platform = "cisco_ios_telnet" if telnet else "cisco_ios"
        (folder / "hosts.yaml").write_text(
            f"R1:\n  hostname: 127.0.0.1\n  port: {served.port}\n  platform: {platform}\n"
        )
        writer = SnapshotFolder(tmp_path / "snap", Fingerprinter(bytes(32)))
        result = collect_fleet(
            open_inventory(folder), keys, writer, folder=writer.path, limits=LIMITS, tolerant=tolerant
        )
    written = "".join(file.read_text() for file in (tmp_path / "snap").rglob("*") if file.is_file())
    assert not [part for part in (KEY[:9], KEY[9:]) if part in written], "a part of the key was written"
    return result.hosts[0], tmp_path / "snap" / "R1", served


def config_of(folder: Path) -> list[str]:
    """The configuration that was written, its key as its rule has it."""
    return [line for line in (folder / "running-config.txt").read_text().splitlines() if "PSK:" not in line]


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> list[str]:
    """What a router without odd manners leaves in a snapshot."""
    one, folder, _ = collected(tmp_path_factory.mktemp("plain"), Manners())
    assert (one.status, one.hostname) == ("collected", "BR7-EDGE")
    assert "<PSK:" in (folder / "running-config.txt").read_text()
    return config_of(folder)


READ = {
    "only SHA-1": Manners(kex=SHA1_KEX, host_keys=("ssh-rsa",)),
    "keyboard-interactive": Manners(interactive=True),
    "paging cannot be turned off": Manners(deny=("terminal length", "terminal width", "terminal no")),
    "no terminal width": Manners(deny=("terminal width",)),
    "a prompt of its own": Manners(prompt="BR7-EDGE-STP-1234"),
    "a prompt in brackets": Manners(prompt="[BR7 core]"),
    "# at level 3": Manners(level=3),
    "enable asks for a user name": Manners(level=3, enable_asks="Username: "),
    "press any key": Manners(greeting="\nYour password expires in 5 days.\nPress any key to continue..."),
    "what is typed ahead is lost": Manners(flushes=True),
    "AAA thinks": Manners(slow_password=2.0),
    "a free line at the third try": Manners(full=2),
    "a log message between two lines": Manners(noise=breaking(LOG.lstrip("\n"), after="hash sha256\n")),
    "a log message in a line, twice": Manners(noise=breaking(LOG, after="crypto ke", times=2)),
    "a log message in a key, three times": Manners(noise=breaking(LOG, after=KEY[:9], times=3)),
    "send between two lines": Manners(noise=breaking(SENT, after="group 14\n")),
}


SLOW = (
    "what is typed ahead is lost",
    "AAA thinks",
    "a free line at the third try",
    "press any key",
    "a prompt in brackets",
)


@pytest.mark.parametrize(
    "manners",
    [pytest.param(told, id=name, marks=() if name in SLOW else (pytest.mark.quick,)) for name, told in READ.items()],
)
def test_it_is_read_whole(tmp_path, plain, manners):
    one, folder, _ = collected(tmp_path, manners)
    assert (one.status, one.reason, one.message, one.hostname) == ("collected", None, None, "BR7-EDGE")
    assert config_of(folder) == plain


REFUSED = {
    "a log message in each key": (Manners(noise=breaking(LOG, after=KEY[:9])), "cut", "broke into each of 4 replies"),
    "a log message behind `key`": (Manners(noise=breaking(LOG, after="192.0.2.9 key")), "cut", "broke into each"),
    "a log message in each line": (Manners(noise=breaking(LOG, after="crypto ke")), "cut", "terminal no monitor"),
    "send in each line": (Manners(noise=breaking(SENT, after="tunnel sou")), "cut", "other people's messages"),
    "a passcode": (Manners(level=3, enable_asks="Enter PASSCODE: "), "question", "asks for a passcode after enable"),
    "no running-config": (Manners(deny=("show run",)), "not-authorised", "may not read the running-config"),
    "no free line": (Manners(full=99), "busy", "no free VTY line, and got none within 4 s; --timeout"),
    "AAA thinks too long": (
        Manners(slow_password=6.0),
        "timeout",
        "did not answer to the user name and password within 4 s; --timeout",
    ),
}


@pytest.mark.parametrize(("manners", "reason", "words"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused_and_named(tmp_path, manners, reason, words):
    one, folder, _ = collected(tmp_path, manners)
    assert (one.status, one.reason) == ("failed", reason)
    assert words in one.message and one.message.startswith("R1 (127.0.0.1:")
    assert not (folder / "running-config.txt").exists()


def test_a_low_level_without_a_secret_is_named(tmp_path):
    one, _, _ = collected(tmp_path, Manners(level=7), knows_secret=False)
    assert one.reason == "privilege" and "privilege level 7" in one.message and "IKEAUDIT_ENABLE" in one.message


def test_enable_is_told_the_user_name_that_it_asks_for(tmp_path):
    _, _, served = collected(tmp_path, READ["enable asks for a user name"])
    assert "asked: ops" in served.typed


@pytest.mark.parametrize(("tolerant", "status"), [(False, "partial"), (True, "collected")])
def test_refused_show_commands_are_named_and_known_to_be_missing(tmp_path, tolerant, status):
    from ikeaudit.snapshot.loading import load_snapshot
    from ikeaudit.snapshot.workspace import Workspace

    one, folder, _ = collected(tmp_path, Manners(deny=("show crypto", "show version")), tolerant=tolerant)
    assert (one.status, one.reason) == (status, None if tolerant else "not-authorised")
    assert one.commands["show crypto isakmp key"] == one.commands["show version"] == "refused"
    assert tolerant or all(command in one.message for command in SHOW_CRYPTO)
    problems = load_snapshot(folder.parent, Workspace.open(tmp_path / "ws")).problems
    missing = {p.text.split("`")[1] for p in problems if p.kind == "show" and "may not use it" in p.text}
    assert {*SHOW_CRYPTO, "show version"} <= missing


def test_a_show_command_that_is_broken_into_each_time_is_named_and_the_rest_kept(tmp_path, plain):
    one, folder, _ = collected(tmp_path, Manners(show_noise=LOG))
    assert (one.status, one.reason) == ("partial", "cut")
    assert "not read: show crypto isakmp key" in one.message and one.commands["show archive"] == "read"
    assert config_of(folder) == plain and not (folder / "show-crypto-isakmp-key.txt").exists()


def test_weak_ssh_is_named_in_the_snapshot_and_modern_ssh_is_not(tmp_path):
    old = Manners(kex=SHA1_KEX, host_keys=("ssh-rsa",), ciphers=("aes128-cbc",), macs=("hmac-sha1",))
    _, folder, served = collected(tmp_path / "old", old)
    weak = json.loads((folder / "meta.json").read_text())["details"]["weak"]
    assert weak.split(", ") == [served.agreed[0]["kex"], "ssh-rsa", "aes128-cbc", "hmac-sha1"]
    _, folder, _ = collected(tmp_path / "new", Manners())
    assert "weak" not in json.loads((folder / "meta.json").read_text())["details"]


@pytest.mark.parametrize("manners", [Manners(), READ["enable asks for a user name"], Manners(full=2)])
def test_telnet_where_the_inventory_says_so_with_a_warning(tmp_path, plain, manners):
    one, folder, _ = collected(tmp_path, manners, telnet=True)
    assert (one.status, one.message) == ("collected", None)
    assert config_of(folder) == plain
    assert any("in clear" in notice for notice in one.notices)
    assert json.loads((folder / "meta.json").read_text())["details"]["weak"] == "telnet"


def test_telnet_without_a_free_line_or_with_a_wrong_password(tmp_path):
    one, _, _ = collected(tmp_path / "full", Manners(full=99), telnet=True)
    assert one.reason == "busy"
    one, _, served = collected(tmp_path / "wrong", Manners(), telnet=True, typed="Canary-login-7Qx9")
    assert one.reason == "bad-password" and "Canary" not in one.message
    assert served.connections == 1


def test_configuration_mode_shows_the_name_that_the_prompt_hides(inventory, tmp_path):
    router = LabRouter("BR7-EDGE", CONFIG, username="ops", password=PASSWORD, privilege=15)
    with ssh_server(router, Manners(prompt="BR7-EDGE-STP-1234"), tmp_path) as served:
        nornir = open_inventory(inventory(R1=served.port))
        keys = Keychain(Credentials("ops", PASSWORD))
        device = Device("R1", nornir.inventory.hosts["R1"], nornir.config, keys, Fingerprinter(bytes(32)), LIMITS)
        assert "one per line" in device.run("configure terminal")
        assert device.mode == "(config)#"
        device.run("interface Tunnel1")
        assert device.mode == "(config-if)#"
        device.leave_config()
        assert device.mode == "#" and device.running().lines
        device.close()


SSH = """import sys
{body}
"""


@pytest.mark.parametrize(
    ("body", "reason", "words"),
    [
        ("sys.exit('ops@jump: Permission denied (publickey,password).')", "jump-host", "did not accept the login"),
        ("sys.exit('ssh: Could not resolve hostname jump: Name or service not known')", "jump-host", "has no address"),
        ("sys.exit('channel 0: open failed: administratively prohibited: no')", "jump-host", "does not forward"),
        ("sys.exit('Host key verification failed.')", "jump-host", "host key that is not in known_hosts"),
        ("sys.exit(7)", "jump-host", "its command returned 7"),
        ("import time; time.sleep(60)", "timeout", "timed out: nothing came from it within 4 s"),
        ("sys.exit('channel 0: open failed: connect failed: Connection refused')", "refused", "from the jump host"),
        ("sys.exit('channel 0: open failed: connect failed: No route to host')", "unreachable", "from the jump host"),
    ],
)
def test_a_jump_host_that_fails_is_blamed_itself(inventory, tmp_path, body, reason, words):
    program = tmp_path / "way.py"
    program.write_text(SSH.format(body=body))
    config = tmp_path / "ssh_config"
    config.write_text(f"Host *\n  ProxyCommand {shlex.join([sys.executable, str(program)])}\n")
    nornir = open_inventory(inventory(R1=1))
    nornir.config.ssh.config_file = str(config)
    writer = SnapshotFolder(tmp_path / "snap", Fingerprinter(bytes(32)))
    keys = Keychain(Credentials("ops", PASSWORD))
    one = collect_fleet(nornir, keys, writer, folder=writer.path, limits=LIMITS).hosts[0]
    assert (one.reason, words in one.message) == (reason, True), one.message
    assert one.seconds < 8
