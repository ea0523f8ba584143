"""Collection over real SSH: each way to fail is named, and none hides or stops the others."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import pytest

from ikeaudit.collect import SHOW_COMMANDS, collect_fleet
from ikeaudit.lab import Lab, LabRouter
from ikeaudit.lab.faults import ConnectionLost, Fault
from ikeaudit.lab.talk import Say
from ikeaudit.session import Limits, keychain, open_inventory

pytestmark = pytest.mark.ssh

CONFIG = """version 15.3
hostname {name}
banner motd ^C
{name}#
^C
crypto keyring keyring1
  pre-shared-key address 192.168.0.2 key Canary-psk-77
!
end
"""
LIMITS = Limits(connect=2.0, idle=3.0, total=20.0)
ENV = {"IKEAUDIT_USERNAME": "lab", "IKEAUDIT_PASSWORD": "Canary-login-77", "IKEAUDIT_ENABLE": "Canary-enable-77"}


class Memory:
    """A writer that keeps what it is given."""

    def __init__(self):
        self.readings, self.metas = {}, {}

    def write(self, host, reading, details):
        self.readings[host] = reading
        self.metas[host] = dict(details)

    def write_failure(self, host, reason, details):
        self.metas[host] = dict(details, message=reason)


def router(name="R1", **settings):
    return LabRouter(name, CONFIG.format(name=name), **({"username": "lab", "password": "Canary-login-77"} | settings))


def gather(folder, *, env=ENV, workers=10):
    """A collection of everything in the inventory ``folder``, and the writer it went to."""
    memory = Memory()
    nornir = open_inventory(folder, workers=workers)
    keys = keychain(nornir.inventory.hosts.values(), environ=env)
    result = collect_fleet(nornir, keys, memory, folder=folder / "out", limits=LIMITS)
    return {host.host: host for host in result.hosts}, memory, result


def test_a_whole_router_by_way_of_enable(tmp_path):
    with Lab([router(enable_secret="Canary-enable-77")]) as lab:
        outcomes, memory, result = gather(lab.write_inventory(tmp_path))
        typed = lab.router("R1").typed()
    one = outcomes["R1"]
    assert (one.status, one.reason, one.message, one.hostname) == ("collected", None, None, "R1")
    assert result.complete and one.seconds > 0
    assert memory.readings["R1"].config.rstrip().endswith("end")
    assert "R1#\n" in memory.readings["R1"].config  # the banner is whole
    assert [line for line in typed if line.startswith("show")] == [
        "show privilege",
        "show version",
        "show running-config",
        *SHOW_COMMANDS[1:],
    ]
    assert not any(line.startswith(("conf", "clear", "write")) for line in typed)


def test_no_session_stays_open(tmp_path):
    before = threading.active_count()
    with Lab([router("R1"), router("R2")]) as lab:
        gather(lab.write_inventory(tmp_path))
        for _ in range(50):
            if not any(lab.router(name).connections for name in ("R1", "R2")):
                break
            threading.Event().wait(0.1)
        assert not any(lab.router(name).connections for name in ("R1", "R2"))
    assert threading.active_count() <= before + 1


def single(inventory, port, *, env=ENV):
    """The outcome of one host on ``port``."""
    return gather(inventory(R1=port), env=env)[0]["R1"]


def test_refused(inventory, closed_port):
    one = single(inventory, closed_port)
    assert (one.status, one.reason) == ("failed", "refused")
    assert one.message == f"R1 (127.0.0.1:{closed_port}) refused the connection: nothing listens on that port."


def test_silent_socket(inventory, silent_port):
    one = single(inventory, silent_port)
    assert (one.reason, one.seconds < 10) == ("timeout", True)


def test_not_ssh(inventory, web_port):
    assert single(inventory, web_port).reason == "not-ssh"


def test_a_linux_machine(inventory, linux_port):
    one = single(inventory, linux_port)
    assert one.reason == "not-ios" and "IOS" in one.message


def test_another_vendors_switch(inventory, switch_port):
    assert single(inventory, switch_port).reason == "not-ios"


def test_a_platform_that_is_not_ios_is_not_even_called(inventory, silent_port, tmp_path):
    folder = inventory(R1=silent_port)
    (folder / "hosts.yaml").write_text((folder / "hosts.yaml").read_text().replace("platform: ios", "platform: nxos"))
    one = gather(folder)[0]["R1"]
    assert one.reason == "not-ios" and "nxos" in one.message and one.seconds < 1


def test_an_unknown_name(tmp_path):
    (tmp_path / "hosts.yaml").write_text("R1: {hostname: no-such-host.invalid, platform: ios}\n")
    assert gather(tmp_path)[0]["R1"].reason == "name-unknown"


def test_a_bad_password(tmp_path):
    with Lab([router()]) as lab:
        one = gather(lab.write_inventory(tmp_path), env=ENV | {"IKEAUDIT_PASSWORD": "Canary-wrong"})[0]["R1"]
    assert one.reason == "bad-password" and "Canary" not in one.message


@pytest.mark.parametrize(
    ("secret", "words"), [("Canary-wrong", "did not accept the enable secret"), ("", "set IKEAUDIT_ENABLE")]
)
def test_a_bad_enable_secret(tmp_path, secret, words):
    with Lab([router(enable_secret="Canary-enable-77")]) as lab:
        one = gather(lab.write_inventory(tmp_path), env=ENV | {"IKEAUDIT_ENABLE": secret})[0]["R1"]
    assert one.reason == "enable-secret" and words in one.message and "Canary" not in one.message


@dataclass(slots=True)
class CutReply(Fault):
    """The reply ends in the middle of a line, and the prompt comes as if nothing had happened."""

    def around(self, shell, line, work):
        for step in work:
            if isinstance(step, Say):
                yield Say(step.text[: len(step.text) // 2] + "\n")
            else:
                yield step


def test_a_configuration_cut_once_is_read_again(tmp_path):
    one = router()
    one.faults.add(CutReply(on="^show running-config$"))
    with Lab([one]) as lab:
        outcomes, memory, _ = gather(lab.write_inventory(tmp_path))
    assert outcomes["R1"].status == "collected"
    assert memory.readings["R1"].config.rstrip().endswith("end")


def test_a_configuration_cut_twice_fails_the_host(tmp_path):
    one = router()
    one.faults.add(CutReply(on="^show running-config$", times=2))
    with Lab([one]) as lab:
        outcomes, memory, result = gather(lab.write_inventory(tmp_path))
    assert (outcomes["R1"].status, outcomes["R1"].reason) == ("failed", "cut")
    assert not memory.readings and memory.metas["R1"]["reason"] == "cut"
    assert not result.complete


def test_a_session_lost_after_the_configuration_is_partial(tmp_path):
    one = router()
    one.faults.add(ConnectionLost(on="^show crypto isakmp sa$"))
    with Lab([one]) as lab:
        outcomes, memory, result = gather(lab.write_inventory(tmp_path))
    assert outcomes["R1"].status == "partial" and "show crypto isakmp sa" in outcomes["R1"].message
    assert "R1" in memory.readings and not result.complete


def test_failures_stop_nobody_else(inventory, closed_port, silent_port, linux_port):
    with Lab([router("R1"), router("R2")]) as lab:
        folder = inventory(
            A=closed_port, R1=lab.port("R1"), B=silent_port, C=linux_port, R2=lab.port("R2"), D=closed_port
        )
        outcomes, memory, result = gather(folder)
    assert [host.host for host in result.hosts] == ["A", "R1", "B", "C", "R2", "D"]
    assert {name: host.reason for name, host in outcomes.items()} == {
        "A": "refused", "R1": None, "B": "timeout", "C": "not-ios", "R2": None, "D": "refused",
    }  # fmt: skip
    assert set(memory.readings) == {"R1", "R2"} and set(memory.metas) == set(outcomes)


class Broken(Memory):
    """A writer that fails with the configuration in its text."""

    def __init__(self, error):
        super().__init__()
        self.error = error

    def write(self, host, reading, details):
        raise self.error


@pytest.mark.parametrize(
    ("error", "words"),
    [(OSError(28, "No space left on device"), "no space left"), (ValueError("Canary-psk-77"), "ValueError")],
)
def test_what_cannot_be_written_has_failed(tmp_path, error, words):
    with Lab([router()]) as lab:
        nornir = open_inventory(lab.write_inventory(tmp_path))
        keys = keychain(nornir.inventory.hosts.values(), environ=ENV)
        result = collect_fleet(nornir, keys, Broken(error), folder=tmp_path, limits=LIMITS)
    one = result.hosts[0]
    assert (one.status, one.reason) == ("failed", "not-written") and words in one.message
    assert "Canary" not in repr(result)
