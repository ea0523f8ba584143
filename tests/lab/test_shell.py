"""The exec shell: privileges, abbreviations, errors, filters, paging."""

from __future__ import annotations

import re

import pytest
from manual_clock import ManualClock

from ikeaudit.lab import LabRouter
from ikeaudit.lab.console import Console


def test_user_exec_has_no_privileged_commands(router: LabRouter) -> None:
    user = Console(router)
    assert user.prompt == "R1>"
    assert "% Invalid input detected at '^' marker." in user.send("show running-config")
    assert "Version 15.7" in user.send("show version")


def test_enable_asks_three_times_then_refuses(router: LabRouter) -> None:
    user = Console(router)
    assert user.send("enable") == ""
    for _ in range(3):
        assert user.prompt == "Password: "
        printed = user.send("wrong")
    assert "% Bad secrets" in printed
    assert user.prompt == "R1>"
    user.send("enable")
    assert user.send("sesame") == ""
    assert user.prompt == "R1#"
    user.send("disable")
    assert user.prompt == "R1>"


def test_exit_ends_the_session(console: Console) -> None:
    console.send("exit")
    assert console.dropped
    assert console.shell.closed


def test_keywords_may_be_cut_short(console: Console) -> None:
    assert console.send("sh run") == console.send("show running-config")
    assert console.send("sh cry isa sa").startswith("IPv4 Crypto ISAKMP SA")


def test_the_caret_stands_below_the_wrong_word(console: Console) -> None:
    printed = console.send("show nonsense here")
    # "R1#" is 3 wide, "nonsense" starts at column 5 of the line.
    assert printed.splitlines() == [" " * 8 + "^", "% Invalid input detected at '^' marker.", ""]


def test_incomplete_and_ambiguous(console: Console) -> None:
    assert console.send("show crypto isakmp").startswith("% Incomplete command.")
    # "c" could be clear, configure or copy.
    assert console.send("c") == '% Ambiguous command:  "c"\n\n'


def test_a_single_unknown_word_is_taken_for_a_host_name(console: Console) -> None:
    printed = console.send("shwo")
    assert 'Translating "shwo"' in printed
    assert "% Unknown command or computer name, or unable to find computer address" in printed


def test_numbers_out_of_range_are_invalid(console: Console) -> None:
    assert "% Invalid input" in console.send("configure terminal revert timer 121")
    assert "% Invalid input" in console.send("terminal length 513")


def test_running_config_has_header_size_and_end(console: Console, router: LabRouter) -> None:
    lines = console.send("show running-config").splitlines()
    assert lines[0] == "Building configuration..."
    size = re.fullmatch(r"Current configuration : (\d+) bytes", lines[2])
    assert size and int(size[1]) == len(router.running_text.encode())
    assert [line for line in lines if line][-1] == "end"
    assert "hostname R1" in lines


def test_a_changed_configuration_says_when_and_by_whom(console: Console, clock: ManualClock) -> None:
    assert "Last configuration change" not in console.send("show running-config")
    clock.advance(5)
    console.send_all("configure terminal", "interface Loopback9", "end")
    remark = "! Last configuration change at 02:00:05 UTC Sat Mar 1 2025 by lab"
    assert remark in console.send("show running-config").splitlines()
    # The remark is no part of the configuration: saved files and the start-up configuration do without it.
    assert remark not in console.shell.router.running_text


@pytest.mark.parametrize(
    ("pipe", "expected"),
    [
        ("include keyring1", ["crypto keyring keyring1", "   keyring keyring1"]),
        ("inc ^hostname|^version", ["version 15.7", "hostname R1"]),
        ("section ^crypto isakmp policy", ["crypto isakmp policy 10", " encr 3des", " hash md5"]),
        ("s archive", ["archive", " path flash:chg-", " maximum 3"]),
    ],
)
def test_filters(console: Console, pipe: str, expected: list[str]) -> None:
    lines = console.send(f"show running-config | {pipe}").splitlines()
    assert [line for line in lines if line != "!"][: len(expected)] == expected


def test_begin_and_exclude(console: Console) -> None:
    assert console.send("show running-config | begin ^archive").splitlines()[0] == "archive"
    assert "crypto" not in console.send("show running-config | exclude crypto")
    assert console.send("show running-config | include (") == ""
    assert "% Invalid input" in console.send("show running-config | frobnicate x")


def test_paging_until_terminal_length_zero(router: LabRouter) -> None:
    user = Console(router, privilege=15)
    first = user.send("show running-config")
    assert len(first.splitlines()) == 23
    assert user.prompt == " --More-- "
    one = user.send("\r")
    assert len(one.splitlines()) == 1
    user.send("q")
    assert user.prompt == "R1#"
    user.send("terminal length 0")
    assert user.send("show running-config").splitlines()[-2:] == ["end", ""]


def test_every_typed_line_is_recorded(console: Console, router: LabRouter) -> None:
    console.send_all("configure terminal", "interface Loopback9", "end")
    assert router.typed() == ("terminal length 0", "configure terminal", "interface Loopback9", "end")
    assert router.commands[2].prompt == "R1(config)#"


def test_a_lab_router_does_not_print_its_secrets(router: LabRouter) -> None:
    assert repr(router) == "LabRouter('R1')"


def test_an_unknown_platform_is_refused(r1_text: str) -> None:
    with pytest.raises(ValueError, match="platform"):
        LabRouter("R1", r1_text, platform="junos")
