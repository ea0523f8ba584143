"""Where in the commands that the tables describe a word of a line stands: as a name, or as a keyword of a harmless command."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from ikeaudit.ios.language import GLOBAL, LANGUAGES
from ikeaudit.ios.notation import Token, sequences
from ikeaudit.ios.secrets import SECRETS
from ikeaudit.ios.tables.names import NAMES, NAMES_BESIDE_SECRETS
from ikeaudit.parsing.redact.spelling import PROMPT
from ikeaudit.parsing.redact.vocabulary import harmless as is_known

_NAME = "word"
_SECRETS = ("psk", "secret")
_ADDRESSES = ("ip", "ipv6")
_ONE_WORD = frozenset({_NAME, "ip", "mask", "ipv6", "num", "encoding", "digit", "interface", "pskword", "secretword"})
_SHORTEST = 2
_BEGINNING = re.compile(
    rf"\A(?:\s*-+ ?more ?-+\s|.*command:|{PROMPT})?[\s!+-]*(?:do\s+)?(?:(?:no|default|show?)\s+)?", re.IGNORECASE
)
"""What may stand before a command: a pager's remains, the head of a log line, a prompt, ``no``."""


class _Place:
    """A place among the words of commands: keywords that may follow, an operand, and what that operand may be; it is ``open``
    where more may follow than is described."""

    __slots__ = ("hides", "keywords", "names", "open", "operand")

    def __init__(self) -> None:
        self.keywords: dict[str, _Place] = {}
        self.operand: _Place | None = None
        self.names = self.hides = self.open = False

    def add(self, tokens: Iterable[Token], *, harmless: bool = True, whole: bool = True) -> None:
        """Takes in a command, ``whole`` or only its beginning."""
        place = self
        for token in tokens:
            if token.word:
                place = place.keywords.setdefault(token.word, _Place())
                continue
            if token.type not in _ONE_WORD or (place is self and token.type in _ADDRESSES):
                place.open = True
                return  # a line that begins with an address is told by nothing before it
            if token.type == _NAME:
                place.names = place.names or harmless
            place.operand = place.operand or _Place()
            place = place.operand
        place.open = place.open or not whole

    def named(self, following: str) -> bool:
        """Whether a word is a name here, before ``following``: what no command has behind a name may be a secret behind it."""
        behind = self.operand if self.names else None
        if behind is None:
            return False
        if not following or behind.operand is not None or any(word.startswith(following) for word in behind.keywords):
            return True
        return behind.open and is_known(following)

    def after(self, word: str, *, cut_short: bool) -> Iterator[_Place]:
        """The places behind ``word``, a keyword in full or ``cut_short``, or an operand."""
        low = word.lower()
        if low in self.keywords:
            yield self.keywords[low]
        elif cut_short and len(low) >= _SHORTEST:
            yield from (place for keyword, place in self.keywords.items() if keyword.startswith(low))
        if self.operand is not None:
            yield self.operand


@cache
def _root(section: str = "") -> _Place:
    """The commands that hold no secret, or the ways to spell them that do not; those of ``section`` if one is given."""
    root = _Place()
    modes = [LANGUAGES[section].mode] if section else [language.mode for language in LANGUAGES.values()]
    for mode in modes:
        for row in mode.commands:
            for tokens in (tokens for syntax in row.spellings for tokens in sequences(syntax)):
                if not (row.captures or any(token.type.startswith(_SECRETS) for token in tokens)):
                    root.add(tokens, harmless=not (row.hides or row.secret))
    for tokens in (tokens for syntax in (NAMES if not section else ()) for tokens in sequences(syntax)):
        root.add(tokens, whole=False)
    for secret in SECRETS:
        place: _Place | None = root
        for word in secret.before:
            place = place and place.keywords.get(word)
        if place is not None:
            place.hides = True
    return root


@cache
def _all() -> _Place:
    """All commands, in every way to spell them."""
    root = _Place()
    for row in (row for language in LANGUAGES.values() for row in language.mode.commands if not row.captures):
        for syntax in (*row.spellings, *row.hides):
            for tokens in sequences(syntax):
                root.add(tokens)
    for syntax in (*NAMES, *NAMES_BESIDE_SECRETS):
        for tokens in sequences(syntax):
            root.add(tokens)
    return root


def words_of_line(left: str) -> list[str]:
    """The words of ``left``, the beginning of a line, without prompt and ``no``."""
    return _BEGINNING.sub("", left).split()


def _walked(words: Iterable[str], root: _Place, *, cut_short: bool = True) -> list[_Place]:
    """The places that ``words``, those that a line begins with, lead to."""
    places = [root]
    for word in words:
        if not places:
            break
        places = [following for place in places for following in place.after(word, cut_short=cut_short)]
    return places


@cache
def keywords_at(words: tuple[str, ...], mode: str = "") -> frozenset[str]:
    """The keywords that may follow ``words``, with which a line begins, in a mode or in any."""
    return frozenset(keyword for place in _walked(words, _root(mode)) for keyword in place.keywords)


def shortest_at(words: tuple[str, ...], keyword: str) -> int:
    """How many characters tell ``keyword`` behind ``words`` from all that may stand there in the global mode."""
    others = keywords_at(words, GLOBAL.mode.name) - {keyword}
    fits = (end for end in range(1, len(keyword)) if not any(other.startswith(keyword[:end]) for other in others))
    return next(fits, len(keyword))


def is_name(left: str) -> bool:
    """Whether a name of an object stands behind ``left``, the beginning of a line."""
    return any(place.names for place in _walked(words_of_line(left), _all(), cut_short=False))


def is_harmless_keyword(left: Sequence[str], word: str, following: str) -> bool:
    """Whether ``word`` behind ``left`` and before ``following`` is a keyword of a command that holds no secret there."""
    for place in _walked(left, _root()):
        behind = place.keywords.get(word)
        if behind is None and left:
            fits = [keyword for keyword in place.keywords if keyword.startswith(word)]
            if len(fits) == 1 and place.keywords[fits[0]].names:
                return True  # "crypto ikev2 key NAME": the keyring, cut short
        elif behind is not None and (
            following in behind.keywords or (behind.operand is not None and not behind.hides and following.isdigit())
        ):
            return True
    return False


def holds_no_secret(left: str, word: str, following: str, section: str) -> bool:
    """Whether ``word``, which tells of secrets elsewhere, is a name here, or a keyword of a command that holds none.

    ``following`` is what stands behind it. A number is no secret where no mode has a secret in this place, nor one that is
    all that follows in the ``section`` that the line stands in, if any.
    """
    words, next_word = words_of_line(left), following.partition(" ")[0]
    if any(place.named(next_word) for place in _walked(words, _root(), cut_short=False)) or is_harmless_keyword(
        words, word, next_word
    ):
        return True
    if not section or not following.isdigit():
        return False
    inside = (place.keywords.get(word) for place in _walked(words, _root(section)))
    return any(place is not None and place.operand is not None for place in inside)
