"""A secret behind a misspelt word is cut all the same: in every command of the tables that holds one, and in every form."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from itertools import islice
from zlib import crc32

import pytest
from misspelling import made, sections, wrong
from parsed import FINGERPRINTER
from planted import FOUND, NAMED, OTHERS, forms, value

from ikeaudit.ios.language import LANGUAGES
from ikeaudit.ios.notation import Token, secrets, sequences
from ikeaudit.parsing.redact import cut
from ikeaudit.parsing.redact.vocabulary import keywords

HEAD = "version 15.9\nhostname R1\n!\n"
SESSION = "R1#show running-config\n"
SECRET = re.compile(r"(?:psk|secret)(?:word|text|tag)?")
_WORD = re.compile(r"[a-z][a-z-]{2,}")


def planted(seed: int, place: str) -> str:
    """A value for a place; no number, since those are operands that the tables describe."""
    chance = random.Random(crc32(f"{seed} {place}".encode()))
    return next(found for found in iter(lambda: value(chance), "") if len(found) > 6 and not found.isdigit())


def _ways() -> Iterator[tuple[str, str, list[Token]]]:
    """Mode, command and words of every way to spell a line with a secret."""
    for mode in sections(all_modes=True):
        for row in LANGUAGES[mode].mode.commands:
            for syntax in dict.fromkeys((*row.spellings, *row.hides)):
                for tokens in sequences(syntax) if secrets(syntax) else ():
                    if any(SECRET.fullmatch(token.type) for token in tokens):
                        yield mode, row.id, tokens


def rows(seed: int) -> Iterator[tuple[str, str]]:
    """A text with a misspelt line of a command of the tables, and the value that stands in it."""
    for mode, row, tokens in _ways():
        headers = sections(all_modes=True)[mode]
        for at, token in enumerate(tokens):
            if not token.word or token.word.isdigit() or len(token.word) < 2:
                continue
            for bad in wrong(token.word, f"{seed} {row}"):
                key = planted(seed, f"{mode} {at} {bad}")
                words = made(tokens, key)
                words[at] = bad
                above = "".join(f"{header}\n" for header in headers)
                yield f"{above}{' ' * len(headers)}{' '.join(words)}\n!\nend\n", key


def whole_forms(seed: int) -> Iterator[tuple[str, str]]:
    """A form with one misspelt word, and the value that stands in all its places."""
    for form in forms(NAMED + OTHERS + FOUND):
        for found in _WORD.finditer(form):
            for bad in wrong(found[0], str(seed))[:2] if "{}" in form[found.end() :] else ():
                if bad in keywords():
                    continue  # another word of IOS makes another command, behind which a name may stand
                text = form[: found.start()] + bad + form[found.end() :]
                key = planted(seed, text)
                yield text.replace("{}", key) + "\n!\nend\n", key


def leaks(texts: Iterator[tuple[str, str]]) -> list[tuple[str, str]]:
    found = ((front + text, key) for text, key in texts for front in (HEAD, SESSION + HEAD))
    return [(text, key) for text, key in found if key in cut(text, FINGERPRINTER).text]


def test_a_sample_of_the_commands_that_hold_secrets() -> None:
    assert leaks(islice(rows(1), 0, None, 12)) == []


def test_a_sample_of_the_forms() -> None:
    assert leaks(islice(whole_forms(1), 0, None, 60)) == []


@pytest.mark.full
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(2, 5))
def test_every_command_that_holds_a_secret(seed: int) -> None:
    assert leaks(rows(seed)) == []


@pytest.mark.full
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(2, 4))
def test_every_form(seed: int) -> None:
    assert leaks(whole_forms(seed)) == []


@pytest.mark.parametrize(
    "line",
    [
        "password enncryption {}",
        "key cofnig-key password-encrypt {}",
        "crypto keyring K\n  pre-shared-kye address 192.0.2.1 key {}",
        "crypto keyring K\n  pre-shared-key adress 192.0.2.1 key {}",
        "crypto keyring K\n  pre-shared-key address 192.0.2.1 kye {}",
        "crypto isakmp kye {} address 192.0.2.1",
        "crypto iskamp key {} address 192.0.2.1",
        "cyrpto isakmp key 0 {} address 192.0.2.1 255.255.255.0",
        "crypto ikev2 keyring K\n peer P\n  pre-shared-key lcoal 0 {}",
        "crypto ikev2 profile P\n authentication loca pre-shrae key {}",
        "crypto isakmp client configuration group G\n kye {}",
        "interface Tunnel1\n tunnel protction psk {}",
        "usrename joe passwrod 0 {}",
        "enable scret 5 {}",
        "snmp-sevrer comunity {} RO",
    ],
)
def test_a_secret_behind_a_misspelt_word_is_cut(line: str) -> None:
    assert leaks(iter([(line.replace("{}", "Qr5tUv8wXy") + "\n!\nend\n", "Qr5tUv8wXy")])) == []


def test_every_secret_has_its_turn() -> None:
    texts = list(rows(1))
    assert len(texts) > 4000 and len({key for _, key in texts}) > 900
    assert all(key in text for text, key in texts)
    assert {row for _, row, _ in _ways()} > {"keyring/pre-shared-key-address", "global/username", "router/neighbor"}
