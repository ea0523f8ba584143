"""What counts as a whole reading of a router."""

from __future__ import annotations

import socket

import pytest

from ikeaudit.collect import Reading, has_end, read_router, read_running_config
from ikeaudit.collect.commands import is_ios, status
from ikeaudit.session import SessionError
from ikeaudit.session.failure import classify

VERSION = "Cisco IOS Software, Linux Software (I86BI_LINUX-ADVENTERPRISEK9-M), Version 15.7(3)M2\n"
WHOLE = "Building configuration...\n\nCurrent configuration : 99 bytes\nversion 15.7\nhostname R1\n!\nend\n"
CUT = WHOLE.removesuffix("end\n")
INVALID = "          ^\n% Invalid input detected at '^' marker.\n"


class FakeTerminal:
    """Answers each command with the next of its replies, the last one for ever; an exception is raised."""

    where = "R1 (192.0.2.1:22)"
    notices = ways = ()

    def __init__(self):
        self.replies = {"show version": [VERSION], "show running-config": [WHOLE]}
        self.sent = []

    def read(self, command, *, complete=None, apart=None, idle=None):
        self.sent.append(command)
        queue = self.replies.get(command, [INVALID])
        reply = queue.pop(0) if len(queue) > 1 else queue[0]
        if isinstance(reply, Exception):
            raise reply
        return reply


def test_a_whole_configuration():
    assert read_running_config(FakeTerminal()) == WHOLE


def test_a_cut_configuration_is_read_once_more():
    t = FakeTerminal()
    t.replies["show running-config"] = [CUT, WHOLE]
    assert read_running_config(t) == WHOLE
    assert t.sent == ["show running-config"] * 2


def test_a_configuration_cut_twice_is_no_configuration():
    t = FakeTerminal()
    t.replies["show running-config"] = [CUT]
    with pytest.raises(SessionError) as caught:
        read_running_config(t)
    assert caught.value.reason == "cut" and t.sent == ["show running-config"] * 2
    assert "`end`" in str(caught.value)


@pytest.mark.parametrize(
    "reply", [INVALID, "Command authorization failed.\n", "% Authorization failed.\n", "!\n!\nend\n"]
)
def test_an_account_that_may_not_read_it_all(reply):
    t = FakeTerminal()
    t.replies["show running-config"] = [reply]
    with pytest.raises(SessionError) as caught:
        read_running_config(t)
    assert caught.value.reason == "not-authorised"


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("a\nend", True),
        ("a\nend\n\n", True),
        ("a\nend \n", True),
        ("a\nen", False),
        ("end\na", False),
        ("", False),
        ("a\nbackend", False),
    ],
)
def test_the_final_end(text, whole):
    assert has_end(text) is whole


def test_unknown_commands_are_passed_over():
    t = FakeTerminal()
    t.replies["show crypto isakmp key"] = ["Keyring      Hostname/Address                            Preshared Key\n"]
    reading = read_router(t)
    assert set(reading.shows) == {"show version", "show crypto isakmp key"}
    assert reading.status["show dmvpn"] == "not-supported"
    assert reading.status["show crypto isakmp key"] == reading.status["show running-config"] == "read"


def test_a_session_that_breaks_later_keeps_the_configuration():
    t = FakeTerminal()
    t.replies["show crypto isakmp sa"] = [SessionError("closed", "gone")]
    reading = read_router(t)
    assert reading.config == WHOLE
    assert reading.status["show crypto isakmp sa"] == reading.status["show archive"] == "not-read"
    assert "show archive" not in t.sent


@pytest.mark.parametrize(
    "version", [INVALID, "Cisco Nexus Operating System (NX-OS) Software\n", "Cisco IOS XR Software, Version 7.3.2\n"]
)
def test_other_systems_are_refused_before_anything_else_is_asked(version):
    t = FakeTerminal()
    t.replies["show version"] = [version]
    with pytest.raises(SessionError) as caught:
        read_router(t)
    assert caught.value.reason == "not-ios" and t.sent == ["show version"]


@pytest.mark.parametrize(
    "version",
    [
        VERSION,
        "Cisco IOS XE Software, Version 16.09.05\n",
        "Cisco Internetwork Operating System Software \nIOS (tm) C2600 Software\n",
    ],
)
def test_ios_of_all_ages(version):
    assert is_ios(version)


def test_a_long_reply_is_no_refusal():
    assert status(INVALID) == "not-supported"
    assert status("description % Invalid input detected\n" + "x\n" * 400) == "read"


def test_a_reading_shows_nothing_of_itself():
    assert "Canary" not in repr(Reading(config="Canary", shows={"show version": "Canary"}, name="R1"))


def wrapped(cause, text="TCP connection to device failed."):
    """An exception as netmiko raises it: its own, while handling ``cause``."""
    kind = type("NetmikoTimeoutException", (Exception,), {})
    try:
        try:
            raise cause
        finally:
            raise kind(text)
    except kind as error:
        return error


AUTHENTICATION = type("AuthenticationException", (Exception,), {})("Canary")


class NoValidConnectionsError(OSError):
    """By name what paramiko raises: one error for each address tried."""

    def __init__(self, *errors):
        super().__init__("Unable to connect")
        self.errors = dict(enumerate(errors))


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (wrapped(NoValidConnectionsError(ConnectionRefusedError(111, "Connection refused"))), "refused"),
        (wrapped(NoValidConnectionsError(OSError(113, "No route to host"))), "unreachable"),
        (wrapped(TimeoutError("timed out")), "timeout"),
        (wrapped(socket.gaierror(-2, "Name or service not known")), "name-unknown"),
        (wrapped(AUTHENTICATION), "bad-password"),
        (KeyError("Canary"), "internal"),
    ],
)
def test_reasons_of_library_errors(error, reason):
    failure = classify(error, where="R1 (192.0.2.1:22)")
    assert failure.reason == reason
    assert str(failure).startswith("R1 (192.0.2.1:22)") and "Canary" not in str(failure)
    assert failure.__context__ is None and failure.__cause__ is None
