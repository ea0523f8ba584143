"""Every line that the tables of IOS describe, operands made up."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.ios.command import Command
from ikeaudit.ios.language import LANGUAGES, Language
from ikeaudit.ios.notation import sequences

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
    "operands": "two words",
    "url": "flash:archive",
    "psk": "<PSK:0123456789abcdef>",
    "psktext": "<PSK:0123456789abcdef>",
    "pskword": "<PSK:0123456789abcdef>",
    "secret": "<SECRET>",
    "secretword": "<SECRET>",
    "secrettag": "<PSK:0123456789abcdef>",
    "digit": "9",
    "words": "NAME",
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
