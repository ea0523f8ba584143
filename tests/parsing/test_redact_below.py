"""A secret that is no pre-shared key, alone on the line below its command: a mail or an editor broke the line there."""

from __future__ import annotations

import pytest
from parsed import FINGERPRINTER

from ikeaudit.parsing.redact import cut, redact

VALUE = "Zq8vT2xR"


def _redacted(text: str) -> str:
    clean = redact(text, FINGERPRINTER).text
    assert redact(clean, FINGERPRINTER).text == clean, "what is redacted stays as it is"
    return clean


@pytest.mark.parametrize(
    "front",
    [
        "enable secret",
        "enable secret 5",
        "enable secret 9",
        "enable password 7",
        "R1(config)#enable secret",
        "do username bob privilege 15 secret",
        "username bob password 0",
        "tacacs-server key",
        "radius-server host 192.0.2.1 key 7",
        "no radius-server key",
        " password",
        " password 7",
        " neighbor 192.0.2.1 password",
        " ppp chap password 0",
        " ip ospf message-digest-key 1 md5",
        " standby 1 authentication md5 key-string",
        "ntp authentication-key 1 md5",
        "snmp-server user bob ops v3 auth sha",
        "  key-string",
        "line vty 0 4\n password",
        "crypto isakmp client configuration group G\n pool P\n key",
    ],
)
@pytest.mark.parametrize("blanks", ["", "  "])
def test_a_secret_alone_on_the_line_below(front: str, blanks: str) -> None:
    """The line before stays as it is, the digit of an encoding too: the secret is what stands below, however it is indented.

    Wrong lines that this catches: one that takes the digit, or the name of a digest, for the secret, as IOS prints no line.
    """
    text = "hostname R1\n{}\n{}{}\nip domain lookup\n"
    assert _redacted(text.format(front, blanks, VALUE)) == text.format(front, blanks, "<SECRET>")
    assert VALUE not in cut(text.format(front, blanks, VALUE), FINGERPRINTER).text


def test_what_stands_behind_a_secret_of_one_word_stays() -> None:
    text = "snmp-server community\n{} RO 10\nip domain lookup\n"
    assert _redacted(text.format(VALUE)) == text.format("<SECRET>")


def test_a_word_that_two_routers_have_to_have_alike_leaves_its_fingerprint() -> None:
    text = f"interface Tunnel1\n ip nhrp authentication\n{VALUE}\n"
    alike = _redacted(f"interface Tunnel1\n ip nhrp authentication {VALUE}\n")
    assert _redacted(text) == alike.replace("authentication ", "authentication\n")


def test_a_secret_below_is_removed_wherever_else_it_stands() -> None:
    text = "enable secret\n{0}\nbanner motd ^C\nask for {0} here\n^C\n"
    assert _redacted(text.format(VALUE)) == text.format("<SECRET>")


@pytest.mark.parametrize(
    "text",
    [
        # commands, what IOS says, prompts, nothing
        "line vty 0 4\n password\n login\n",
        "line vty 0 4\n password\n transport input ssh\n",
        "enable secret\n!\nhostname R1\n",
        "enable secret\nend\n",
        "enable secret\nR1#\n",
        "enable secret\n% Incomplete command.\n",
        "enable secret\nhostname R1\n",
        "enable secret\nint Tunnel1\n",
        "enable secret\n-----\n",
        "enable secret\n*Nov 29 06:30:03.123: %SYS-5-CONFIG_I: <SECRET>\n",
        "enable secret\n\nZq8vT2xR\n",
        # several words that are indented are a command nobody knows, or a row of a table
        "line vty 0 4\n password\n frobnicate the line\n",
        " interface  key\n  Fa0/0 up\n",
        # a heading, and text that people write
        "Interface Key\nFa0/0\n",
        "the password\nmoonlight\n",
        "we ask for no key\nmoonlight\n",
        # a word that tells of no secret where it stands
        "crypto key generate rsa\nmoonlight\n",
        "R1#show crypto isakmp key\nmoonlight\n",
        "interface Tunnel1\n tunnel key 7\n moonlight\n",
    ],
)
def test_what_is_no_secret_below(text: str) -> None:
    """Wrong lines that this catches: one that cuts whatever follows a telling word at the end of a line; what it learns there
    would be removed from all of the router's configuration."""
    assert _redacted(text) == text


def test_a_secret_of_the_line_itself_is_cut_there() -> None:
    """A digit is a secret where nothing follows that may be one."""
    assert _redacted("enable password 5\nhostname R1\n") == "enable password <SECRET>\nhostname R1\n"
    assert _redacted("enable secret 5 $1$x\nZq8vT2xR\n") == "enable secret 5 <SECRET>\nZq8vT2xR\n"


def test_what_was_cut_before_stays_cut_where_another_secret_stands_below() -> None:
    text = "snmp-server community Zq8vT2xR RO password\nYq8vT2xZ"
    assert redact(text, FINGERPRINTER).text == "snmp-server community <SECRET> RO password\n<SECRET>"


@pytest.mark.parametrize("below", [" shutdown", "nagle", "Loopback0"])
def test_the_words_that_a_secret_begins_with_begin_no_command(below: str) -> None:
    """Only behind others of its words may one begin that goes on below."""
    text = f"username bob password pre-shared-key local\n{below}"
    assert redact(text, FINGERPRINTER).text == f"username bob password <SECRET>\n{below}"
