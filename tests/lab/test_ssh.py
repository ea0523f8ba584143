"""Plain netmiko against lab routers over real SSH."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from netmiko import ConnectHandler
from netmiko.exceptions import NetmikoAuthenticationException, NetmikoBaseException, ReadTimeout
from ruamel.yaml import YAML

from ikeaudit.lab import Lab, LabRouter
from ikeaudit.lab.faults import ConnectionLost, Reboot, SlowReply
from ikeaudit.lab.lab import write_inventory
from ikeaudit.model.errors import InputError

pytestmark = [pytest.mark.ssh, pytest.mark.quick]

PASSWORD = "opensesame"


@pytest.fixture
def lab(r1_text: str, r2_text: str) -> Iterator[Lab]:
    routers = [
        LabRouter("R1", r1_text, password=PASSWORD, enable_secret="enable-me"),
        LabRouter("R2", r2_text, password=PASSWORD),
    ]
    with Lab(routers, minute_seconds=0.6) as found:
        yield found


def connect(lab: Lab, host: str, **options: Any) -> Any:
    settings: dict[str, Any] = {
        "device_type": "cisco_ios",
        "host": "127.0.0.1",
        "port": lab.port(host),
        "username": "lab",
        "password": PASSWORD,
        "secret": "enable-me",
        "conn_timeout": 10,
    }
    return ConnectHandler(**{**settings, **options})


def wait_for(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def test_login_enable_and_show(lab: Lab) -> None:
    with connect(lab, "R1") as session:
        assert session.find_prompt() == "R1>"
        session.enable()
        assert session.find_prompt() == "R1#"
        text = session.send_command("show running-config")
        assert text.startswith("Building configuration...")
        assert text.rstrip().endswith("end")
        assert "crypto keyring keyring2" in text
        assert "Version 15.7" in session.send_command("show version")
    assert lab.router("R1").typed()[:2] == ("terminal width 511", "terminal length 0")


def test_a_user_with_privilege_15_needs_no_enable(lab: Lab) -> None:
    with connect(lab, "R2") as session:
        assert session.find_prompt() == "R2#"
        assert session.check_enable_mode()


def test_wrong_password(lab: Lab) -> None:
    with pytest.raises(NetmikoAuthenticationException):
        connect(lab, "R1", password="wrong")


def test_wrong_enable_secret(lab: Lab) -> None:
    session = connect(lab, "R1")
    session.write_channel("enable\n")
    for _ in range(3):
        session.read_until_pattern("Password: ", read_timeout=5)
        session.write_channel("wrong\n")
    assert "% Bad secrets" in session.read_until_pattern("R1>", read_timeout=5)
    session.disconnect()


def test_configuration_mode_and_saving(lab: Lab) -> None:
    router = lab.router("R2")
    with connect(lab, "R2") as session:
        printed = session.send_config_set(["crypto keyring NEW", "pre-shared-key address 203.0.113.9 key k"])
        assert "R2(config-keyring)#" in printed or "R2(conf-keyring)#" in printed
        assert not session.check_config_mode()
        assert "crypto keyring NEW" in router.running_text
        assert "crypto keyring NEW" not in router.startup_text
        assert "[OK]" in session.save_config()
        assert "crypto keyring NEW" in router.startup_text
        bad = session.send_config_set(["interface Ethernet0/0", "no such command"])
        assert "% Invalid input detected at '^' marker." in bad


def test_paging_without_terminal_length(lab: Lab) -> None:
    with connect(lab, "R2") as session:
        session.send_command("terminal length 10")
        first = session.send_command("show running-config", expect_string="--More--")
        assert len(first.splitlines()) < 12
        second = session.send_command("q", expect_string="R2#", strip_prompt=False, cmd_verify=False)
        assert "end" not in second


def test_copy_run_start_with_its_prompt(lab: Lab) -> None:
    with connect(lab, "R2") as session:
        asked = session.send_command("copy running-config startup-config", expect_string=r"\]\? ")
        assert "Destination filename [startup-config]" in asked
        assert "[OK]" in session.send_command("\n", expect_string="R2#")


def test_the_revert_timer_fires_by_itself(lab: Lab) -> None:
    router = lab.router("R2")
    before = router.running_text
    with connect(lab, "R2") as session:
        session.send_command("configure terminal revert timer 1", expect_string=r"\(config\)#")
        session.send_config_set(["hostname R2", "crypto keyring NEW"], enter_config_mode=False)
        assert router.running_text != before
    wait_for(lambda: router.running_text == before)


def test_connection_lost(lab: Lab) -> None:
    router = lab.router("R2")
    router.faults.add(ConnectionLost(on="^show clock"))
    session = connect(lab, "R2")
    with pytest.raises((OSError, NetmikoBaseException, EOFError)):
        session.send_command("show clock", read_timeout=1)
    session.disconnect()
    with connect(lab, "R2") as again:
        assert "UTC" in again.send_command("show clock")


def refuses(port: int) -> bool:
    """Whether a connection to ``port`` is refused."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except ConnectionRefusedError:
        return True
    return False


@pytest.mark.full
def test_a_reboot_refuses_connections_until_it_is_over(lab: Lab) -> None:
    router = lab.router("R2")
    router.faults.add(Reboot(on="^show clock", seconds=300))  # three seconds of real time
    session = connect(lab, "R2")
    session.write_channel("show clock\n")
    wait_for(lambda: refuses(lab.port("R2")))
    assert router.down
    wait_for(lambda: not router.down)
    session.disconnect()
    with connect(lab, "R2") as again:
        assert "System returned to ROM by" in again.send_command("show version")
    assert router.reboots == 1


@pytest.mark.full
def test_a_slow_reply_runs_into_the_read_timeout(lab: Lab) -> None:
    lab.router("R2").faults.add(SlowReply(on="^show clock", seconds=3))
    session = connect(lab, "R2")
    with pytest.raises(ReadTimeout):
        session.send_command("show clock", read_timeout=1)
    session.disconnect()


@pytest.mark.full
def test_a_device_that_is_no_ios(r1_text: str) -> None:
    with Lab([LabRouter("box", r1_text, password=PASSWORD, platform="unix")]) as lab:
        session = connect(lab, "box", device_type="generic")
        assert "command not found" in session.send_command_timing("show version")
        session.disconnect()


def test_many_sessions_at_once(lab: Lab) -> None:
    def size(_: int) -> int:
        with connect(lab, "R2") as session:
            return len(session.send_command("show running-config"))

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(size, range(8)))) == 1


def test_the_inventory_holds_no_password(lab: Lab, tmp_path: Path) -> None:
    folder = lab.write_inventory(tmp_path / "inventory")
    files = {path.name: path.read_text() for path in folder.iterdir()}
    assert set(files) == {"hosts.yaml", "groups.yaml", "defaults.yaml"}
    assert not any(secret in text for text in files.values() for secret in (PASSWORD, "enable-me"))
    hosts = YAML(typ="safe").load(files["hosts.yaml"])
    assert hosts["R1"] == {
        "hostname": "127.0.0.1",
        "port": lab.port("R1"),
        "username": "lab",
        "groups": ["lab"],
        "data": {"lab": True},
    }
    assert YAML(typ="safe").load(files["groups.yaml"]) == {"lab": {"platform": "cisco_ios"}}


def test_a_lab_leaves_nothing_behind(r1_text: str) -> None:
    with Lab([LabRouter("R1", r1_text, password=PASSWORD)]) as lab:
        port = lab.port("R1")
        session = connect(lab, "R1")
    assert not [t for t in threading.enumerate() if t.name.startswith("ikeaudit-lab")]
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)
    session.disconnect()


def test_a_port_of_ones_choice_and_one_that_is_taken(r1_text: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"), Lab([LabRouter("R1", r1_text)], ports={"R1": number}):
            pass
    with Lab([LabRouter("R1", r1_text, password=PASSWORD)], ports={"R1": number}) as lab:
        assert lab.port("R1") == number
        connect(lab, "R1").disconnect()
        with pytest.raises(OSError, match="in use"), Lab([LabRouter("R1", r1_text)], ports={"R1": number}):
            pass


def test_two_routers_of_one_name_are_refused(r1_text: str) -> None:
    with pytest.raises(ValueError, match="two lab routers"):
        Lab([LabRouter("R1", r1_text), LabRouter("R1", r1_text)])


def test_echo_and_line_ends_are_those_of_a_terminal(lab: Lab) -> None:
    with connect(lab, "R2") as session:
        session.write_channel("show clock\n")
        raw = session.read_until_pattern(r"R2#", read_timeout=5)
    # Echo, output, prompt; the line ends were normalised by netmiko from CR LF.
    assert re.fullmatch(r"show clock\n\*\d\d:\d\d:\d\d\.\d{3} UTC \w{3} \w{3} \d+ \d{4}\nR2#", raw)


def test_an_inventory_that_the_lab_did_not_write_stays(tmp_path):
    (tmp_path / "hosts.yaml").write_text("R1: {hostname: 192.0.2.1}\n")
    with pytest.raises(InputError, match="did not write; name another folder with --inventory"):
        write_inventory(tmp_path, [LabRouter("R1", "hostname R1\nend\n")], "127.0.0.1", {"R1": 22001})
    assert (tmp_path / "hosts.yaml").read_text() == "R1: {hostname: 192.0.2.1}\n"
