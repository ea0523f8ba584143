"""Sections in which words mean something else than elsewhere: how each begins, and what it may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import takewhile

import msgspec

from ikeaudit.ios.command import Command, Mode
from ikeaudit.ios.language import GLOBAL, LANGUAGES
from ikeaudit.ios.notation import sequences
from ikeaudit.ios.secrets import OPERAND, SECRETS, Secret
from ikeaudit.ios.tables.names import AT_THE_MARGIN, CRYPTO
from ikeaudit.parsing.redact.forms import TELLING, TELLS
from ikeaudit.parsing.redact.places import shortest_at
from ikeaudit.parsing.redact.spelling import BLANK, INK, PROMPT, Pattern, abbreviation, any_of, behind

_SHORTEST = 2
_SHORTEST_OWN = 4
HEX = "hex"
"""The keyword behind which a key is written in hexadecimal digits."""

_BEFORE_COMMANDS = rf"(?:{BLANK}|!)*(?:no{BLANK}+)?"


class Section(msgspec.Struct, frozen=True, eq=False):
    """A section that decides what its lines mean; ``name`` is that of its mode, ``modes`` are those inside of it.

    ``inside`` matches lines that are its own: any other ends it. ``short`` are commands of it that hold secrets, cut as short
    as the section allows, ``plain`` those that hold a pre-shared key as IOS prints them: group 1 is what stands before the
    key, group 2 the digit of its encoding. ``keyring`` says that its lines hold pre-shared keys.
    """

    name: str
    modes: frozenset[str]
    keywords: str
    header: Pattern
    words: tuple[str, str]
    inside: Pattern
    short: tuple[tuple[Pattern, Secret], ...]
    plain: re.Pattern[str] | None
    keyring: bool


def _nested(mode: Mode) -> Iterator[Mode]:
    yield mode
    for row in mode.commands:
        if row.opens is not None:
            yield from _nested(LANGUAGES[row.opens].mode)


def _first_words(modes: list[Mode]) -> set[str]:
    ways = (
        tokens for mode in modes for row in mode.commands for syntax in row.spellings for tokens in sequences(syntax)
    )
    return {tokens[0].word for tokens in ways}


def _decides(modes: list[Mode], secrets: list[Secret]) -> bool:
    """Whether lines of the modes begin with a word that tells of a secret here and elsewhere does not, or the other way."""
    if any(secret.row.bears == "modelled" and secret.before[0] in TELLING for secret in secrets):
        return True
    numbers = (
        tokens
        for mode in modes
        for row in mode.commands
        for tokens in sequences(row.syntax)
        if tokens[0].word in TELLING and len(tokens) > 1 and tokens[1].type == "num"
    )
    return next(numbers, None) is not None


def _opening(keywords: tuple[str, ...]) -> tuple[str, str]:
    """The least that is left of the first of ``keywords``, and a pattern for the rest of a header up to its name."""
    least = max(_SHORTEST, shortest_at((), keywords[0]))
    rest = "".join(
        behind((word,), max(_SHORTEST, shortest_at(keywords[:at], word))) for at, word in enumerate(keywords) if at
    )
    first = keywords[0]
    return first[:least], abbreviation(first, least)[len(re.escape(first[:least])) :] + rest + f"{BLANK}+{INK}"


def _too_short(word: str, words: set[str]) -> str:
    """What is left of ``word`` when it is cut too short to tell anything elsewhere, and is no other of the section's words."""
    ways = {word[:end] for end in range(1, len(word))} - TELLS.keys() - words
    return f"{any_of(ways)}(?![\\w-])" if ways else r"(?!)"


def _plain(secrets: list[Secret]) -> re.Pattern[str] | None:
    ways: dict[str, None] = {}
    for secret in sorted(secrets, key=lambda one: len(one.before)):
        if secret.key and secret.whole and secret.before[-1] != HEX:
            words = (r"\S+" if word == OPERAND else re.escape(word) for word in secret.before)
            size = len(secret.before)
            rivals = {other.before[size] for other in SECRETS if other.before[:size] == secret.before != other.before}
            ways[" ".join(words) + " " + "".join(f"(?!{abbreviation(word, 1)}(?: |$))" for word in sorted(rivals))] = (
                None
            )
    return re.compile(rf"( *(?:{'|'.join(ways)}))(?:([067]) )?(?![067?]$)(\S.*)") if ways else None


def _section(row: Command) -> Section | None:
    assert row.opens is not None
    modes = list(_nested(LANGUAGES[row.opens].mode))
    names = frozenset(mode.name for mode in modes)
    secrets = [secret for secret in SECRETS if secret.mode in names]
    if not _decides(modes, secrets):
        return None
    words = _first_words(modes)
    shortened = {secret.before for secret in secrets if len(secret.before) == 1}
    keywords = tuple(token.word for token in takewhile(lambda token: token.word, sequences(row.syntax)[0]))
    begins = "".join(_opening(keywords))
    telling = {secret.before[0] for secret in secrets}
    own = "|".join(
        abbreviation(word, 1 if word in telling else min(_SHORTEST_OWN, len(word)))
        for word in sorted(words - {CRYPTO} | {"exit"})
    )
    return Section(
        name=row.opens,
        modes=names,
        keywords=" ".join(keywords),
        header=Pattern(rf"{PROMPT}?\W*{begins}"),
        words=_opening(keywords),
        inside=Pattern(rf"\s*(?:(?:no\s+)?(?:{own})(?![\w-])|!(?!{any_of(AT_THE_MARGIN)}\s)|\Z)"),
        short=tuple(
            (
                Pattern(
                    _BEFORE_COMMANDS + _too_short(secret.before[0], words) + _short(secret) + rf"(?={BLANK}+{INK})"
                ),
                secret,
            )
            for secret in sorted(secrets, key=lambda one: -len(one.before))
            if secret.before[0] in TELLING and (len(secret.before) == 1 or (secret.before[0],) not in shortened)
        ),
        plain=_plain([secret for secret in secrets if secret.key]),
        keyring=any(secret.key for secret in secrets),
    )


def _short(secret: Secret) -> str:
    words = secret.before[1:]
    if not (secret.key and OPERAND in words):
        return behind(words, 3)
    at = len(words) - 1 - words[::-1].index(OPERAND)
    return behind(words[: at + 1], 1) + rf"(?:{BLANK}+{INK}+){{0,2}}?" + behind(words[at + 1 :], 1)


SECTIONS = tuple(
    section for row in GLOBAL.mode.commands if row.opens is not None and (section := _section(row)) is not None
)
"""All sections that decide what a word means."""

KEYRINGS = frozenset(section.name for section in SECTIONS if section.keyring)
"""Those in which a line of another one would be something else."""

SECTION_OF: Mapping[str, str] = {mode: section.name for section in SECTIONS for mode in section.modes}
"""The section that the lines of a mode stand in."""

HEADERS: Mapping[str, Section] = {section.keywords: section for section in SECTIONS}
"""What stands before the name in the header of a section."""
