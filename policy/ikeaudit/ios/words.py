"""The words that lines begin with, for whoever knows a line by them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import takewhile

from ikeaudit.ios.fast import Step
from ikeaudit.ios.language import COMMANDS, GLOBAL, LANGUAGES
from ikeaudit.ios.notation import sequences
from ikeaudit.ios.secrets import OPERAND, OPERANDS, SECRETS
from ikeaudit.ios.tables.names import DELIMITED, FREE_TEXT, LABELS, PROSE


def slot(row: str) -> str:
    """The words that the command with an id begins with."""
    return COMMANDS[row][0].slot.removeprefix("~")


def starts(*rows: str) -> tuple[str, ...]:
    """What lines begin with that are one of some commands, the blank before the operands included."""
    return tuple(f"{slot(row)} " for row in rows)


def prose() -> tuple[str, ...]:
    """The commands of one keyword with text that people write behind it."""
    ways = [tokens for syntax in PROSE for tokens in sequences(syntax)]
    return tuple(dict.fromkeys(tokens[0].word for tokens in ways if len(tokens) == 1))


@cache
def beginning(*rows: str) -> re.Pattern[str]:
    """A pattern for lines that begin as those commands of one mode do that have one of some ids, keywords cut short or not.

    As far as IOS would take it: a word that may be the beginning of another command's, too, is none of these.
    """
    language = LANGUAGES[rows[0].partition("/")[0]]
    paths = {tuple(slot(row).split()) for row in rows}
    return re.compile(rf" *{_shortened(language.steps, paths)}(?: |$)", re.IGNORECASE)


def _shortened(step: Step, paths: set[tuple[str, ...]]) -> str:
    following = {path[0]: {other[1:] for other in paths if other[0] == path[0]} for path in paths}
    shorter = {word[: size + 1] for word in following for size in range(len(word))}
    return any_of_patterns(pattern for text in shorter for pattern in _meant(step, following, text))


def _meant(step: Step, following: dict[str, set[tuple[str, ...]]], text: str) -> Iterator[str]:
    """The patterns of what ``text`` begins, if it can begin nothing else."""
    fits = [text] if text in step.next else [word for word in step.next if word.startswith(text)]
    if not all(word in following for word in fits):
        return
    if all(() in following[word] for word in fits):
        yield re.escape(text)
    elif len(fits) == 1:
        yield f"{re.escape(text)} +{_shortened(step.next[fits[0]], following[fits[0]] - {()})}"


def any_of_patterns(patterns: Iterable[str]) -> str:
    """A pattern for one of some others, the longest first."""
    return f"(?:{'|'.join(sorted(patterns, reverse=True))})"


def any_of(words: Iterable[str]) -> str:
    """A pattern for one of some words, the longest first."""
    return any_of_patterns(map(re.escape, words))


def key_words(*, margin: bool) -> set[str]:
    """The keywords that lines with a pre-shared key begin with: in the global mode, or in sections."""
    keys = [secret.before for secret in SECRETS if secret.key and (secret.mode == GLOBAL.mode.name) == margin]
    return {" ".join(takewhile(lambda word: word not in (OPERAND, OPERANDS), words)) for words in keys}


def free_text() -> set[str]:
    """The commands with text of people right behind them that have two keywords or more."""
    ways = [[token.word for token in tokens] for syntax in FREE_TEXT for tokens in sequences(syntax)]
    return {" ".join(words) for words in ways if len(words) > 1 and all(words)}


def before_text() -> frozenset[str]:
    """The keywords right behind which there is text that people write, in whatever command."""
    ways = [tokens for syntax in (*FREE_TEXT, *LABELS) for tokens in sequences(syntax)]
    return frozenset([token.word for token in tokens if token.word][-1] for tokens in ways)


def delimited(beginning: str = "") -> list[str]:
    """Patterns for what stands before the delimiter of a text that runs over several lines, the longest first; of those
    that begin with a word, if one is given."""
    ways = [tokens for syntax in DELIMITED if syntax.startswith(beginning) for tokens in sequences(syntax)]
    return sorted((" ".join(re.escape(token.word) or r"\S+" for token in tokens) for tokens in ways), reverse=True)
