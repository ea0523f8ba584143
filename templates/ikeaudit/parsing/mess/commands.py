"""What the passes over damaged text ask of the tables; nothing else in this package knows a command's syntax."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import takewhile

from ikeaudit.ios.abbreviations import Grammar, Spelt
from ikeaudit.ios.command import Command
from ikeaudit.ios.language import GLOBAL, LANGUAGES
from ikeaudit.ios.notation import Token, sequences
from ikeaudit.ios.words import any_of, slot
from ikeaudit.parsing.kinds import header_of, kinds
from ikeaudit.parsing.operands import is_interface

_WORD = re.compile(r"[a-z]+")
_NAMES = ("word", "interface", "text")
"""What stands for a name; of texts, those that refer to an object."""


def spell_global(text: str) -> Spelt:
    """A line of global configuration mode with its command words spelt out."""
    return GLOBAL.spell(text)


def is_known_in(section: str, text: str) -> bool:
    """Whether a line is a command of the sections of one kind, spelt out or abbreviated."""
    return _grammars()[section].spell(text).known


def is_known_anywhere(text: str) -> bool:
    """Whether a line is a command of a section of any kind."""
    return any(grammar.spell(text).known for grammar in _grammars().values())


@cache
def _grammars() -> dict[str, Grammar]:
    return {kind.name: kind.grammar for kind in kinds()}


def opened(text: str) -> tuple[str, str] | None:
    """Kind and name of the section that ``text``, spelt out, opens."""
    found = header_of(text)
    return None if found is None else (found.kind.name, found.name)


@cache
def words() -> frozenset[str]:
    """Every word of the commands that are told by their keywords, in lower case."""
    told = [word for grammar in (GLOBAL.grammar, *_grammars().values()) for word in grammar.words()]
    return frozenset(_WORD.findall(" ".join(told).lower()))


def _ways(row: Command) -> Iterator[tuple[list[Token], tuple[str, ...]]]:
    """Every way to spell a command, and the keywords that it begins with."""
    for syntax in row.spellings:
        for tokens in sequences(syntax):
            yield tokens, tuple(token.word for token in takewhile(lambda token: token.word, tokens))


@cache
def _of_tunnels() -> tuple[Command, ...]:
    """The modelled commands of the sections that describe tunnels, and of those inside of them."""
    outer = [kind.language for kind in kinds() if kind.unknown not in ("acl", "other")]
    inner = [LANGUAGES[row.opens] for language in outer for row in language.mode.commands if row.opens]
    return tuple(row for language in (*outer, *inner) for row in language.mode.commands if row.bears == "modelled")


@cache
def _of_the_margin() -> tuple[Command, ...]:
    """The commands of the global mode that have to do with tunnels."""
    return tuple(row for row in GLOBAL.mode.commands if row.bears != "other")


def _pairs(rows: Iterable[Command]) -> set[str]:
    return {f"{words[0]} {words[1]}" for row in rows for _, words in _ways(row) if len(words) > 1}


def inner_pairs() -> set[str]:
    """The first two keywords of the commands inside the sections that describe tunnels, where no other section has them;
    numbers tell nothing."""
    passed = [LANGUAGES[row.opens] for row in GLOBAL.mode.commands if row.opens and row.section is None]
    others = _pairs(row for language in passed for row in language.mode.commands)
    return {pair for pair in _pairs(_of_tunnels()) - others if not pair.rpartition(" ")[2].isdigit()}


def outer_pairs() -> set[str]:
    """The first two keywords of the commands of interfaces and of the global mode that the model holds."""
    return _pairs(row for row in (*_of_the_margin(), *LANGUAGES["interface"].mode.commands) if row.bears == "modelled")


@cache
def _wanting() -> frozenset[str]:
    found = set[str]()
    for row in (*_of_tunnels(), *_of_the_margin()):
        refers = {reference.arg for reference in row.refers}
        for tokens, words in _ways(row):
            last = tokens[len(words)] if len(words) < len(tokens) else None
            if words and last is not None and (last.type in _NAMES[:2] or last.name in refers):
                found.add(" ".join(words))
    return frozenset(found)


def wants_a_name(text: str) -> bool:
    """Whether a line is the keywords of a command, and the name behind them is missing."""
    return text.removeprefix("no ") in _wanting()


@cache
def _telling() -> Grammar:
    rows = (*_of_tunnels(), *_of_the_margin())
    lists = tuple(row for row in GLOBAL.mode.commands if row.section == "acl")
    told = {" ".join(words[: None if row in lists else 2]) for row in (*rows, *lists) for words in _fixed(row)}
    return Grammar(words for words in told if " " in words)


def _fixed(row: Command) -> Iterator[list[str]]:
    for tokens, _ in _ways(row):
        yield [token.word for token in takewhile(lambda token: token.word and not token.name, tokens)]


def printed_by_ios(text: str) -> bool:
    """Whether a line, keywords cut short or not, begins with two keywords or more as only commands of IOS do, or names an
    interface of its."""
    spelt, known, _ = _telling().spell(text)
    if known:
        return not _LINUX.match(spelt)
    header = opened(spell_global(text).text) if text[:2].lower() == "in" else None
    return header is not None and header[0] == "interface" and is_interface(header[1])


_LINUX = re.compile(
    rf"{any_of({slot('global/ip-route'), slot('interface/ip-address')})} (?!(?:vrf \S+ )?\d+(?:\.\d+){{3}} )"
)
"""Commands of iproute2, which has no masks."""
