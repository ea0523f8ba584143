"""The words that say nothing of a router's owner: keywords of the tables, addresses, interfaces, small numbers, tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ikeaudit.ios.language import LANGUAGES
from ikeaudit.ios.names import INTERFACE_TYPES
from ikeaudit.ios.notation import sequences
from ikeaudit.ios.tables.names import COMMON, FREE_TEXT, NAMES, VALUES, VITAL, VITAL_IN_INTERFACE
from ikeaudit.ios.words import slot
from ikeaudit.parsing.likeness import near
from ikeaudit.parsing.redact.tokens import TOKEN

_ON_DISK = re.compile(
    r"(?:(?:stby-)?(?:boot)?flash\d*|disk\d|slot\d|harddisk|usb(?:flash)?\d|nvram|bootdisk):[\w./$%-]*\Z"
)
_NUMBER = re.compile(r"\d{1,3}\Z")
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?\Z|(?=[^:]*:[^:]*:)[0-9A-Fa-f:]{2,39}(?:/\d{1,3})?\Z")
_INTERFACE = re.compile(r"([A-Za-z][A-Za-z-]*)\d+(?:[/.:]\d+)*\Z")
_CUT_SHORT = re.compile(r"([A-Za-z][A-Za-z-]*?)(\d{1,10}(?:[/.:]\d{1,5})*(?:-\d{1,5})?)?\Z")
_SIGNS = frozenset({"!", "^C", "-", "|"})
_MEMORY = 1 << 14
_VITAL = (*VITAL, *VITAL_IN_INTERFACE, slot("isakmp-profile/keyring"))
_LEAST_OF_VITAL = 4
_LONGEST_SHORTENED = 4


def _spellings() -> Iterator[str]:
    for language in LANGUAGES.values():
        for row in language.mode.commands:
            yield from (*row.spellings, *row.hides, *row.no)
    yield from (*NAMES, *FREE_TEXT)


@cache
def keywords() -> frozenset[str]:
    """The dictionary: every keyword of the tables, and the values that their commands take, in lower case."""
    told = {token.word.lower() for syntax in set(_spellings()) for tokens in sequences(syntax) for token in tokens}
    return frozenset(told - {""}) | VALUES | COMMON


class _Harmless(dict[str, bool]):
    """Whether a word is harmless wherever it stands; remembered."""

    def __missing__(self, word: str) -> bool:
        found = (
            word.lower() in keywords()
            or _NUMBER.match(word) is not None
            or _ADDRESS.match(word) is not None
            or word in _SIGNS
            or on_disk(word) is not None
            or TOKEN.fullmatch(word) is not None
            or ((split := _INTERFACE.match(word)) is not None and split[1] in INTERFACE_TYPES)
        )
        if len(self) < _MEMORY:
            self[word] = found
        return found


harmless = _Harmless().__getitem__
"""Whether a word is a keyword, an address, an interface, a number of up to three digits, or a token."""


def is_keyword(word: str) -> bool:
    """Whether a word stands in the dictionary."""
    return word.lower() in keywords()


@cache
def _shortened() -> frozenset[str]:
    beginnings = ((word, word[:size]) for word in keywords() for size in range(2, len(word)))
    return frozenset(typed for word, typed in beginnings if len(typed) <= _LONGEST_SHORTENED or "-" in typed)


def is_shortened(word: str) -> bool:
    """Whether a few letters are the beginning of a word of the dictionary; of one with hyphens they may be more."""
    return word.lower() in _shortened()


@cache
def _types() -> frozenset[str]:
    return frozenset(kind[:size].lower() for kind in INTERFACE_TYPES for size in range(1, len(kind) + 1))


def is_interface(word: str) -> bool:
    """Whether a word names an interface or a range of them, or its type, be it cut short."""
    found = _CUT_SHORT.match(word)
    return found is not None and found[1].lower() in _types() and (found[2] is not None or len(word) > 1)


on_disk = _ON_DISK.match
"""Whether a URL names a file on the router itself."""


def is_leading(word: str) -> bool:
    """Whether a word may stand at the beginning of what is kept of a command that nobody knows."""
    low = word.lower()
    return low in keywords() or (len(low) >= _LEAST_OF_VITAL and any(near(low, vital) for vital in _VITAL))
