"""A router that is slow on the way in is waited for as long as it was told, and a time-out is called one.

The server takes 2.5 seconds at one place. With a limit of 1 second that is a time-out there, with one of 10 it is read.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time

import pytest
from ssh_server import Manners, ssh_server

from ikeaudit.drive.device import Device
from ikeaudit.lab import LabRouter
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.session import Credentials, Keychain, Limits, SessionError, open_inventory

pytestmark = pytest.mark.ssh

CONFIG = "version 15.7\nhostname R1\n!\nend\n"
SLOW = 2.5
PASSWORD, SECRET = "Canary-login-5Ka1", "Canary-enable-5Ka2"

PLACES = {
    "banner": (Manners(slow_banner=SLOW), "sent no SSH banner"),
    "keys": (Manners(slow_kex=SLOW), "did not finish the SSH key exchange"),
    "password": (Manners(slow_password=SLOW), "did not answer to the user name and password"),
    "interactive question": (
        Manners(interactive=True, slow_question=SLOW),
        "did not answer to the user name and password",
    ),
    "interactive answer": (
        Manners(interactive=True, slow_password=SLOW),
        "did not answer to the user name and password",
    ),
    "channel": (Manners(slow_channel=SLOW), "opened no terminal"),
    "shell": (Manners(slow_shell=SLOW), "opened no terminal"),
    "prompt": (Manners(slow_prompt=SLOW), "showed no prompt"),
    "enable": (Manners(slow_enable_question=SLOW), "did not answer to `enable`"),
    "enable secret": (Manners(slow_enable=SLOW), "did not answer to `enable`"),
}


def router(**settings):
    return LabRouter("R1", CONFIG, username="lab", password=PASSWORD, enable_secret=SECRET, **settings)


def collect(tmp_path, folder, *arguments):
    """``ikeaudit collect`` as a user runs it: exit code, the host's outcome, seconds."""
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "ikeaudit.cli", "collect", "-i", str(folder), "-f", "json", "-o", str(tmp_path / "snap")]
        + [str(argument) for argument in arguments],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "IKEAUDIT_USERNAME": "lab",
            "IKEAUDIT_PASSWORD": PASSWORD,
            "IKEAUDIT_ENABLE": SECRET,
            "IKEAUDIT_WORKSPACE": str(tmp_path / "workspace"),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Canary" not in done.stdout + done.stderr
    return done.returncode, json.loads(done.stdout)["hosts"][0], time.monotonic() - started


def device(folder, limits):
    """R1 as a change sees it."""
    nornir = open_inventory(folder)
    keys = Keychain(Credentials("lab", PASSWORD, SECRET))
    return Device("R1", nornir.inventory.hosts["R1"], nornir.config, keys, Fingerprinter(bytes(32)), limits)


@pytest.mark.parametrize("place", PLACES)
def test_too_slow_is_a_time_out_that_names_the_limit(inventory, tmp_path, place):
    manners, what = PLACES[place]
    with ssh_server(router(), manners, tmp_path) as served:
        code, one, seconds = collect(tmp_path, inventory(R1=served.port), "--timeout", 1)
    assert (code, one["status"], one["reason"]) == (3, "failed", "timeout"), one
    assert one["message"].startswith("R1 (127.0.0.1:") and what in one["message"]
    assert "timed out" in one["message"] and "within 1 s" in one["message"] and "--timeout" in one["message"]
    assert "did not accept" not in one["message"]
    assert seconds < 15


@pytest.mark.parametrize("place", PLACES)
def test_slow_is_waited_for(inventory, tmp_path, place):
    with ssh_server(router(), PLACES[place][0], tmp_path) as served:
        code, one, _ = collect(tmp_path, inventory(R1=served.port), "--timeout", 10)
    assert (code, one["status"], one["reason"]) == (0, "collected", None), one


def test_an_aaa_server_that_thinks_for_twenty_seconds(inventory, tmp_path):
    """Longer than any limit that stands in a library, or stood in ours: only what was told counts."""
    with ssh_server(router(), Manners(slow_password=20.5), tmp_path) as served:
        code, one, _ = collect(tmp_path, inventory(R1=served.port), "--timeout", 40)
    assert (code, one["status"], one["reason"]) == (0, "collected", None), one


@pytest.mark.parametrize("place", PLACES)
def test_a_change_waits_and_times_out_like_a_collection(inventory, tmp_path, place):
    manners, what = PLACES[place]
    with ssh_server(router(), manners, tmp_path) as served:
        folder = inventory(R1=served.port)
        patient, hasty = device(folder, Limits(connect=10.0, idle=10.0)), device(folder, Limits(connect=1.0, idle=10.0))
        try:
            patient.reach(1.0)
            assert patient.mode == "#"
            with pytest.raises(SessionError) as caught:
                hasty.reach(0.1)
        finally:
            patient.close()
            hasty.close()
    assert caught.value.reason == "timeout" and what in str(caught.value) and "within 1 s" in str(caught.value)


def test_every_place_at_once_has_the_limit_for_itself(inventory, tmp_path):
    # each step is within 4 s; together they are not
    manners = Manners(slow_banner=1.5, slow_kex=1.5, slow_password=1.5, slow_prompt=1.5, slow_enable=1.5)
    with ssh_server(router(), manners, tmp_path) as served:
        code, one, _ = collect(tmp_path, inventory(R1=served.port), "--timeout", 4)
    assert (code, one["status"]) == (0, "collected"), one


OWN = "  connection_options: {netmiko: {extras: {auth_timeout: %s}}}\n"


@pytest.mark.parametrize("place", ["password", "interactive answer", "shell", "prompt", "enable secret"])
def test_the_inventory_gives_one_host_longer(inventory, tmp_path, place):
    with ssh_server(router(), PLACES[place][0], tmp_path) as served:
        code, one, _ = collect(tmp_path, inventory(OWN % 10, R1=served.port), "--timeout", 1)
    assert (code, one["status"]) == (0, "collected"), one


def test_the_inventory_gives_one_host_less(inventory, tmp_path):
    with ssh_server(router(), Manners(slow_password=SLOW), tmp_path) as served:
        code, one, _ = collect(tmp_path, inventory(OWN % 1, R1=served.port), "--timeout", 10)
    assert (code, one["reason"]) == (3, "timeout")
    assert "within 1 s" in one["message"] and "auth_timeout" in one["message"] and "--timeout" not in one["message"]


def test_a_limit_in_the_inventory_that_is_no_number(inventory, tmp_path, closed_port):
    code, one, _ = collect(tmp_path, inventory(OWN % "soon", R1=closed_port))
    assert code == 3 and "auth_timeout in the inventory must be a number of seconds" in one["message"]


def test_a_slow_reply_is_a_time_out_too(inventory, tmp_path):
    with ssh_server(router(), Manners(slow_command=SLOW), tmp_path) as served:
        code, one, _ = collect(tmp_path, inventory(R1=served.port), "--timeout", 1)
    assert (code, one["reason"]) == (3, "timeout")
    assert "silent for 1 s after `show version`" in one["message"] and "--timeout" in one["message"]


def test_a_wrong_password_is_still_called_one(inventory, tmp_path):
    wrong = LabRouter("R1", CONFIG, username="lab", password="Canary-other-5Ka3")
    with ssh_server(wrong, Manners(slow_password=SLOW), tmp_path) as served:
        code, one, _ = collect(tmp_path, inventory(R1=served.port), "--timeout", 10)
    assert (code, one["reason"]) == (3, "bad-password")


def test_a_router_that_hangs_up_on_the_password_did_not_refuse_it(inventory, tmp_path):
    # as when its own limit for logins runs out before its AAA server answers
    with ssh_server(router(), Manners(hang_up_at_password=True), tmp_path) as served:
        code, one, _ = collect(tmp_path, inventory(R1=served.port), "--timeout", 10)
    assert (code, one["reason"]) == (3, "closed") and "closed the connection" in one["message"]


def test_a_session_that_failed_leaves_nothing_behind(inventory, tmp_path):
    before = threading.active_count()
    with ssh_server(router(), Manners(slow_kex=SLOW), tmp_path) as served:
        hasty = device(inventory(R1=served.port), Limits(connect=1.0, idle=1.0))
        with pytest.raises(SessionError):
            hasty.reach(0.1)
    until = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < until:
        time.sleep(0.05)
    assert threading.active_count() <= before
