"""The words that lines begin with, for whoever knows a line by them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import takewhile

from ikeaudit.ios.language import COMMANDS, GLOBAL
from ikeaudit.ios.notation import sequences
from ikeaudit.ios.secrets import OPERAND, SECRETS
from ikeaudit.ios.tables.names import DELIMITED, FREE_TEXT


def slot(row: str) -> str:
    """The words that the command with an id begins with."""
    return COMMANDS[row][0].slot


def any_of(words: Iterable[str]) -> str:
    """A pattern for one of some words, the longest first."""
    return f"(?:{'|'.join(map(re.escape, sorted(words, reverse=True)))})"


def key_words(*, margin: bool) -> set[str]:
    """The keywords that lines with a pre-shared key begin with: in the global mode, or in sections."""
    keys = [secret.before for secret in SECRETS if secret.key and (secret.mode == GLOBAL.mode.name) == margin]
    return {" ".join(takewhile(lambda word: not word.startswith(OPERAND), words)) for words in keys}


def free_text() -> set[str]:
    """The commands with text of people right behind them that have two keywords or more."""
    ways = [[token.word for token in tokens] for syntax in FREE_TEXT for tokens in sequences(syntax)]
    return {" ".join(words) for words in ways if len(words) > 1 and all(words)}


def delimited(beginning: str = "") -> list[str]:
    """Patterns for what stands before the delimiter of a text that runs over several lines, the longest first; of those
    that begin with a word, if one is given."""
    ways = [tokens for syntax in DELIMITED if syntax.startswith(beginning) for tokens in sequences(syntax)]
    return sorted((" ".join(re.escape(token.word) or r"\S+" for token in tokens) for tokens in ways), reverse=True)
