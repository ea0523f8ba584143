"""What is written is what the table says, in the mode that it says."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from spellings import SAMPLES

from ikeaudit.ios.command import Command
from ikeaudit.ios.language import COMMANDS, LANGUAGES
from ikeaudit.ios.notation import sequences
from ikeaudit.ios.syntax import Match
from ikeaudit.ios.writing import command, no

ROOT = Path(__file__).resolve().parents[2]
WRITERS = sorted((ROOT / "remediation/ikeaudit/remediation").rglob("*.py"))


@pytest.mark.parametrize(
    ("row", "operands", "line"),
    [
        ("crypto-map/set-peer", ["192.0.2.1"], "set peer 192.0.2.1"),
        ("global/crypto-keyring", ["K"], "crypto keyring K"),
        ("global/crypto-keyring", ["K", "V"], "crypto keyring K vrf V"),
        ("global/crypto-keyring", ["K", None], "crypto keyring K"),
        ("interface/tunnel-protection", ["IP"], "tunnel protection ipsec profile IP"),
        ("interface/tunnel-protection", ["IP", "shared"], "tunnel protection ipsec profile IP shared"),
        ("interface/tunnel-mode", ["gre", "multipoint"], "tunnel mode gre multipoint"),
        ("interface/tunnel-source", ["Loopback0"], "tunnel source Loopback0"),
        ("interface/tunnel-source", ["192.0.2.1"], "tunnel source 192.0.2.1"),
        ("isakmp-policy/encryption", ["aes 256"], "encryption aes 256"),
        ("isakmp-profile/match", ["192.0.2.1", "255.255.255.255", "V"], "match identity address 192.0.2.1 255.255.255.255 V"),
        ("keyring/pre-shared-key-address", ["192.0.2.1", "<PSK:a>"], "pre-shared-key address 192.0.2.1 key <PSK:a>"),
        ("keyring/pre-shared-key-address", ["192.0.2.1", "6 <PSK:a>"], "pre-shared-key address 192.0.2.1 key 6 <PSK:a>"),
        (
            "keyring/pre-shared-key-address",
            ["192.0.2.0 255.255.255.0", "<PSK:a>"],
            "pre-shared-key address 192.0.2.0 255.255.255.0 key <PSK:a>",
        ),
        (
            "global/crypto-isakmp-key-address",
            ["6 <PSK:a>", "192.0.2.0 255.255.255.0"],
            "crypto isakmp key 6 <PSK:a> address 192.0.2.0 255.255.255.0",
        ),
        ("ikev2-profile/keyring-local", ["K"], "keyring local K"),
        ("ikev2-profile/identity-local", ["192.0.2.1"], "identity local address 192.0.2.1"),
        ("ikev2-profile/identity-local", ["fqdn", "a.example"], "identity local fqdn a.example"),
        ("ikev2-peer/pre-shared-key", ["local", "<PSK:a>"], "pre-shared-key local <PSK:a>"),
        ("ipsec-profile/set-transform-set", ["A", "B"], "set transform-set A B"),
        ("keyring/description", ["two  blanks"], "description two  blanks"),
        ("ipsec-profile/responder-only", [], "responder-only"),
        ("isakmp-policy/hash", ["rot13"], "hash rot13"),
    ],
)  # fmt: skip
def test_a_line_is_written_as_its_row_says(row: str, operands: list[str], line: str) -> None:
    assert command(row, *operands) == line


@pytest.mark.parametrize(
    ("row", "operands", "line"),
    [
        ("ipsec-profile/set-pfs", [], "no set pfs"),
        ("crypto-map/set-pfs", ["group14"], "no set pfs group14"),
        ("ikev2-peer/pre-shared-key", [], "no pre-shared-key"),
        ("ikev2-peer/pre-shared-key", ["local"], "no pre-shared-key local"),
        ("archive/path", [], "no path"),
        ("global/archive", [], "no archive"),
        ("global/crypto-ipsec-transform-set", ["TS"], "no crypto ipsec transform-set TS"),
        ("global/access-list", [101], "no access-list 101"),
        ("interface/ip-nat", ["outside"], "no ip nat outside"),
    ],
)
def test_what_takes_a_line_back(row: str, operands: list[str], line: str) -> None:
    assert no(row, *operands) == line


@pytest.mark.parametrize(
    ("row", "operands"),
    [
        ("crypto-map/set-peer", []),
        ("global/crypto-isakmp-enable", ["x"]),
        ("interface/ip-nat", ["sideways"]),
        ("interface/tunnel-key", ["1", "2"]),
    ],
)
def test_operands_that_no_form_has_are_refused_and_not_repeated(row: str, operands: list[str]) -> None:
    with pytest.raises(ValueError, match=rf"no form of {row} has {len(operands)} operands like these$"):
        command(row, *operands)


def test_operands_that_do_not_tell_the_form_are_refused() -> None:
    """P may be an ISAKMP or an IKEv2 profile."""
    with pytest.raises(ValueError, match="do not tell which form of interface/tunnel-protection is meant"):
        command("interface/tunnel-protection", "IP", "P")


def test_there_is_no_such_row() -> None:
    with pytest.raises(KeyError):
        command("crypto-map/set-pear", "192.0.2.1")
    with pytest.raises(KeyError):
        command("keyring/set-peer", "192.0.2.1")


def _typed(row: Command, mode: str) -> list[tuple[str, str]]:
    """Lines of a row as its own syntax spells them, and as they are written."""
    found = []
    for syntax in (row.syntax, *row.also):
        for way in sequences(syntax):
            words = [token.word or SAMPLES[token.type] for token in way]
            operands = [word for token, word in zip(way, words, strict=True) if token.name]
            try:
                found.append((" ".join(words), command(row.id, *operands)))
            except ValueError as error:
                assert "do not tell" in str(error)
    return found


@pytest.mark.parametrize("mode", sorted(LANGUAGES))
def test_whatever_the_tables_spell_is_written_and_read_as_the_same_command(mode: str) -> None:
    """Another form of the command may be written where the operands do not tell them apart."""
    language = LANGUAGES[mode]
    for row in language.mode.commands:
        for spelt, written in _typed(row, mode) if not row.kept else ():
            read = language.read(written)
            assert isinstance(read, Match), written
            one, other = language.read(spelt), read.command.id
            assert not isinstance(one, Match) or one.command.id == other, (spelt, written)


def test_every_row_that_code_writes_by_is_there() -> None:
    """A name that is put together is looked up when it is written; those that stand in full, here."""
    written = {
        node.args[0].value
        for path in WRITERS
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("command", "no", "undone")
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and "/" in str(node.args[0].value)
    }
    assert len(written) >= 40
    assert written - COMMANDS.keys() == set()
