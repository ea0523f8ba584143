"""The words that the engine itself goes by: what says nothing, what enters and leaves modes, what tells a release."""

from __future__ import annotations

import pytest

from ikeaudit.candidate import Candidate, compare, diff
from ikeaudit.candidate.session import Reply
from ikeaudit.candidate.tree import is_filler

KEY = "<PSK:0011223344556677>"


@pytest.mark.parametrize(
    "line",
    [
        "Building configuration...", "Current configuration : 1234 bytes", "Using 1234 out of 524288 bytes",
        "exit-address-family",
        "exit-vrf", "exit-peer-policy", "exit-peer-session", "exit-af-interface", "exit-sf-interface", "exit-service-family",
        "exit", "exit  ", "", "   ", "!", "! anything", "!exit",
    ],
)  # fmt: skip
def test_what_says_nothing(line: str) -> None:
    assert is_filler(line)


@pytest.mark.parametrize(
    "line",
    [
        "building configuration", "Current configuration 1", "Usingx", "exits", "exit now", "exit-address", "exit-vr",
        "exit-peer",
        "exit-a", "exit-s", "exit-service", "no exit", "hostname !", "end",
    ],
)  # fmt: skip
def test_what_says_something(line: str) -> None:
    assert not is_filler(line)


@pytest.mark.parametrize(
    ("lines", "classic"),
    [
        ("", True), ("version 15.3\n", True), ("version 16.12\n", True), ("version 17.10\n", True), ("version 17.11\n", False),
        ("version 17.12\n", False), ("version 18.1\n", False), ("version 3.17\n", True),
        ("version 15.3\ncrypto isakmp policy 1\n encryption aes\n", False),
        ("version 17.12\ncrypto isakmp policy 1\n encr aes\n", True),
        ("version 17.12\ncrypto isakmp policy 1\n hash sha\n", False),
        ("version 15.3\ncrypto isakmp policy 1\n hash sha\n", True),
        ("crypto isakmp policy 1\n group 2\ncrypto isakmp policy 2\n encryption aes\n", False),
        ("crypto isakmp policy 1\n encr aes\ncrypto isakmp policy 2\n encryption aes\n", True),
        ("version 17.12\ncrypto ikev2 proposal P\n encryption aes-cbc-256\n", False),
        ("version 15.3\ncrypto ikev2 proposal P\n encryption aes-cbc-256\n", True),
    ],
)  # fmt: skip
def test_how_a_release_prints_its_policies(lines: str, classic: bool) -> None:
    """By the words in its policies, else by its release: from 17.11 on (POLICY-DEFAULTS)."""
    assert Candidate.from_text(f"hostname R\n{lines}end\n").engine.classic is classic


@pytest.mark.parametrize(
    ("line", "enters"),
    [
        ("configure terminal", True), ("conf t", True), ("  Conf Term", True), ("config te", True), ("configure t", True),
        ("configure terminal revert timer 15", True), ("conf t lock", True),
        ("conf", False), ("con t", False), ("conf tx", False),
        ("configure replace flash:x", False), ("configured t", False), ("conf terminals", False), ("show conf t", False),
    ],
)  # fmt: skip
def test_what_enters_configuration_mode_again(line: str, enters: bool) -> None:
    """Exec commands may be cut short as far as they stay unique."""
    candidate = Candidate.from_text("hostname R\nend\n")
    replies = candidate.apply(["end", line, "hostname S"])
    assert [reply.mode for reply in replies] == ["(config)#", "#", "(config)#" if enters else "#"]
    assert candidate.hostname == ("S" if enters else "R")


@pytest.mark.parametrize(
    ("lines", "modes", "changed"),
    [
        (("interface Tunnel1", "exit", "hostname S"), ["(config)#", "(config-if)#", "(config)#"], True),
        (("interface Tunnel1", "quit", "hostname S"), ["(config)#", "(config-if)#", "(config)#"], True),
        (("interface Tunnel1", "end", "hostname S"), ["(config)#", "(config-if)#", "#"], False),
        (("interface Tunnel1", "\x1a", "hostname S"), ["(config)#", "(config-if)#", "#"], False),
        (("interface Tunnel1", "END", "hostname S"), ["(config)#", "(config-if)#", "#"], False),
        (("exit", "hostname S"), ["(config)#", "#"], False),
        (("do show clock", "hostname S"), ["(config)#", "(config)#"], True),
        (("! remark", "hostname S"), ["(config)#", "(config)#"], True), (("", "hostname S"), ["(config)#", "(config)#"], True),
        (("exit-vrf", "hostname S"), ["(config)#", "#"], False),
        (("interface Tunnel1", "hostname S"), ["(config)#", "(config-if)#"], True),
    ],
)  # fmt: skip
def test_what_leaves_a_mode(lines: tuple[str, ...], modes: list[str], changed: bool) -> None:
    candidate = Candidate.from_text("hostname R\n!\ninterface Tunnel1\n!\nend\n")
    replies = candidate.apply(lines)
    assert [reply.mode for reply in replies] == modes
    assert [reply.output for reply in replies] == [""] * len(lines)
    assert (candidate.hostname, replies[-1].changed) == (("S", True) if changed else ("R", False))


def test_where_a_line_goes_wrong() -> None:
    """The mark stands below the word that is not understood, behind the prompt with the host name."""
    candidate = Candidate.from_text("hostname R1\n!\ninterface Tunnel1\n!\nend\n")
    at = "% Invalid input detected at '^' marker."
    (top,) = candidate.apply(["crypto isakmp polcy 10"])
    assert (top.output, top.column) == (f"{' ' * (len('R1(config)#') + 14)}^\n{at}", 14)
    (_, below) = candidate.apply(["interface Tunnel1", "  no tunnel sauce Loopback0"])
    assert (below.output.split("\n")[0], below.column) == (" " * (len("R1(config-if)#") + 12) + "^", 12)
    (bare,) = Candidate.from_text("end\n").apply(["crypto isakmp polcy 10"])
    assert bare.output.split("\n")[0] == " " * (len("Router(config)#") + 14) + "^"
    for line in ("no", "default", "no   "):
        assert candidate.apply([line])[0].output == "% Incomplete command."


class TestVerbatim:
    TEXT = "hostname R\n!\nbanner motd ^C\nhello\n^C\n!\nend\n"

    def test_a_banner_that_is_the_same_changes_nothing(self) -> None:
        candidate = Candidate.from_text(self.TEXT)
        same = candidate.apply(["banner motd ^C", "hello", "^C"])
        assert ([reply.changed for reply in same], [reply.mode for reply in same]) == (
            [False] * 3,
            ["(config)#", "", ""],
        )
        other = candidate.apply(["banner motd ^C", "hostname S", "^C", "hostname T"])
        assert [reply.changed for reply in other] == [False, False, True, True]
        assert candidate.text().count("banner motd") == 1 and "hostname S\n^C" in candidate.text()
        assert candidate.hostname == "T"

    def test_a_banner_on_one_line(self) -> None:
        candidate = Candidate.from_text("hostname R\n!\nend\n")
        replies = candidate.apply(["banner motd #hello#", "hostname S"])
        assert [reply.mode for reply in replies] == ["(config)#", "(config)#"] and candidate.hostname == "S"
        assert "banner motd #hello#" in candidate.text()

    def test_a_certificate_ends_with_quit_alone(self) -> None:
        candidate = Candidate.from_text("hostname R\n!\nend\n")
        lines = ["crypto pki certificate chain CA", "certificate 01", "30820336", "  quit", "hostname S"]
        assert [reply.changed for reply in candidate.apply(lines)] == [True, False, False, True, True]
        assert candidate.hostname == "S" and "30820336\n  quit" in candidate.text()


def test_an_interface_is_emptied_by_default_and_anything_else_taken_away() -> None:
    text = "hostname R\n!\ninterface Tunnel1\n description here\n ip address 192.0.2.1 255.255.255.0\n!\nend\n"
    candidate = Candidate.from_text(text)
    assert [reply.changed for reply in candidate.apply(["default interface Tunnel1"])] == [True]
    assert "interface Tunnel1" in candidate.text() and "description" not in candidate.text()
    assert [reply.changed for reply in candidate.apply(["default interface Tunnel9"])] == [False]
    candidate.apply(["interface Tunnel1", "description there", "default description"])
    assert "description" not in candidate.text()


def test_what_changes_by_itself_is_no_difference() -> None:
    one = Candidate.from_text("hostname R\nntp clock-period 17179869\nend\n")
    assert diff(one, Candidate.from_text("hostname R\nntp clock-period 17179870\n")) == ""
    assert compare(one, Candidate.from_text("hostname R\nntp clock-periods 1\nend\n")).differences == (
        "only in the second: ntp clock-periods 1",
    )


def test_a_key_is_shown_as_its_token_or_not_at_all() -> None:
    text = "crypto keyring K\n  pre-shared-key address 192.0.2.1 key {}\nend\n"
    bare = Candidate.from_text("crypto keyring K\nend\n")
    for key, shown in ((KEY, KEY), ("<SECRET>", "<SECRET>"), ("walnut", "<key>"), ("x<PSK:1>", "<key>")):
        told = diff(bare, Candidate.from_text(text.format(key)))
        assert told == f" crypto keyring K\n+ pre-shared-key address 192.0.2.1 key {shown}\n", key


def test_a_reply_never_shows_what_was_typed() -> None:
    reply = Reply("crypto isakmp key walnut address 192.0.2.1", "(config)#", "% no", changed=True, column=3)
    told = "Reply(mode='(config)#', output='% no', changed=True)"
    assert (repr(reply), str(reply)) == (told, told)
    assert reply.__rich_repr__() == [("mode", "(config)#"), ("output", "% no"), ("changed", True)]
    candidate = Candidate.from_text("end\n")
    assert (candidate.hostname, repr(candidate)) == ("Router", "Candidate(hostname='Router')")
