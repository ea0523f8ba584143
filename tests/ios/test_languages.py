"""Lines as IOS prints them are recognised for what they are, and as configuration mode reads them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ikeaudit.ios.command import Command
from ikeaudit.ios.fast import PATTERNS
from ikeaudit.ios.language import LANGUAGES, Language
from ikeaudit.ios.notation import sequences
from ikeaudit.ios.syntax import ARGUMENTS, Match, Typed

SAMPLES = {
    "word": "NAME",
    "any": "NAME",
    "ip": "192.0.2.1",
    "mask": "255.255.255.0",
    "ipv6": "2001:db8::/32",
    "num": "10",
    "encoding": "6",
    "notip": "RED",
    "interface": "GigabitEthernet0/0/1.100",
    "transforms": "esp-aes 256 esp-sha-hmac",
    "ciphers": "aes-cbc-256 des",
    "hashes": "sha256 md5",
    "groups": "14 2",
    "line": "two words",
    "text": "two words",
    "psk": "<PSK:0123456789abcdef>",
    "psktext": "<PSK:0123456789abcdef>",
    "pskword": "<PSK:0123456789abcdef>",
    "secret": "<SECRET>",
    "secretword": "<SECRET>",
}
"""A value of each type, as a redacted running-config holds it."""


def spelt() -> Iterator[tuple[Language, Command, str, str, dict[str, str]]]:
    """Every way to spell every syntax, with the arguments that it stands for."""
    for language in LANGUAGES.values():
        for command in language.mode.commands:
            for syntax in command.spellings:
                for tokens in sequences(syntax):
                    words = [token.word or SAMPLES[token.type] for token in tokens]
                    args = {token.name: word for token, word in zip(tokens, words, strict=True) if token.name}
                    yield language, command, syntax, " ".join(words), args


def test_there_is_a_pattern_and_a_sample_for_each_type() -> None:
    assert PATTERNS.keys() == ARGUMENTS.keys() == SAMPLES.keys()


@pytest.mark.parametrize("kind", sorted(PATTERNS))
def test_pattern_and_argument_agree_on_the_sample(kind: str) -> None:
    line = Typed.of(SAMPLES[kind])
    assert ARGUMENTS[kind](line, 0) == (len(line.words), SAMPLES[kind])


def test_every_spelling_is_recognised() -> None:
    missed = []
    for language, command, syntax, text, args in spelt():
        found = language.match(text)
        if found is None or (found.row is command and found.args != args):
            missed.append(f"{command.id}: {syntax}: {text}: {found and found.args}")
        elif (
            found.row is not command and found.row.id != command.id and command.bears not in (found.row.bears, "other")
        ):
            missed.append(f"{command.id} ({command.bears}) taken for {found.row.id} ({found.row.bears}): {text}")
    assert "\n".join(missed) == ""


def test_what_is_recognised_at_once_is_what_configuration_mode_reads() -> None:
    apart = []
    for language, command, syntax, text, _ in spelt():
        if command.kept or syntax in command.seen:
            continue
        found, typed = language.match(text), language.read(text)
        if not isinstance(typed, Match) or found is None or found.row.kept:
            continue
        if (found.row.id, dict(found.args)) != (typed.command.id, dict(typed.args)):
            apart.append(f"{text}: {found.row.syntax} {found.args} against {typed.command.syntax} {dict(typed.args)}")
    assert "\n".join(apart) == ""
