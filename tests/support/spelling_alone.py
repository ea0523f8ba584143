"""Where a module knows a line of configuration by a single keyword: in a pattern, by its end, by one of its words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from spelling_out import FIRST, Spelt, _constants, _text, _words, nodes

from ikeaudit.ios.language import LANGUAGES
from ikeaudit.ios.notation import sequences

_COMPILING = frozenset({"compile", "match", "fullmatch", "search", "sub", "split", "findall", "finditer"})
_OWN = frozenset({"pattern", "Pattern"})
"""What makes a pattern in which ``~`` stands for blanks."""
_BLANK = frozenset(" \t~")
_MOST = 400
_LINE = re.compile(r"(?:text|line|raw|bare|typed|spelt|low|whole|row|clause\.line)(?:_?\w+)?$")
_SPLIT = re.compile(r"\.(?:split|partition|strip|lower|rstrip|lstrip|removeprefix|removesuffix)\(.*")


def _keywords() -> Iterator[str]:
    for language in LANGUAGES.values():
        for row in language.mode.commands:
            for syntax in row.spellings:
                yield from (token.word for tokens in sequences(syntax) for token in tokens if token.word)


KEYWORDS = frozenset(word for word in _keywords() if word.isalpha() or "-" in word)
"""Every keyword of every command."""


# -- patterns ----------------------------------------------------------------------------------------------------------


class _At(NamedTuple):
    """Where the reading of a pattern is: at the beginning of a line or not, and the letters read of its first word."""

    begins: bool = True
    word: str = ""


class _Reading:
    def __init__(self) -> None:
        self.found: set[str] = set()

    def over(self, items: Sequence[tuple[Any, Any]], states: set[_At]) -> set[_At]:
        """Where a pattern may be behind ``items``."""
        for op, value in items:
            states = set(sorted(self._one(op, value, states))[:_MOST])
        return states

    def _one(self, op: Any, value: Any, states: set[_At]) -> set[_At]:
        if op is ops.LITERAL:
            return {self._letter(chr(value), at) for at in states}
        if op is ops.SUBPATTERN:
            return self.over(value[3], states)
        if op is ops.ATOMIC_GROUP:
            return self.over(value, states)
        if op is ops.BRANCH:
            return {at for way in value[1] for at in self.over(way, states)}
        if op in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT):
            least, _, inside = value
            return self.over(inside, states) | (states if least == 0 else set())
        if op in (ops.ASSERT, ops.ASSERT_NOT):
            self.end(self.over(value[1], states))
            return states
        if op is ops.AT:
            self.end(states)
            inside = value is ops.AT_BOUNDARY  # a word that stands anywhere
            return {at if not (at.word or inside) else _At(False) for at in states}
        if op is ops.IN:
            return self._any_of(value, states)
        return {_At(False)}

    def _any_of(self, value: Sequence[tuple[Any, Any]], states: set[_At]) -> set[_At]:
        letters = {chr(one) for op, one in value if op is ops.LITERAL}
        negated = any(op is ops.NEGATE for op, _ in value)
        blank = any(op is ops.CATEGORY and one is ops.CATEGORY_SPACE for op, one in value) or bool(letters & _BLANK)
        if blank and not negated:
            return {self._letter(" ", at) for at in states}
        return {_At(letters == {"#", ">"} and not negated)}  # behind a prompt a line begins

    def _letter(self, letter: str, at: _At) -> _At:
        if letter == "\n":
            self.end({at})
            return _At()
        if letter in _BLANK:
            self.end({at})
            return _At((not at.word and at.begins) or at.word in ("no", "default", "do"))
        if at.begins and (letter.isalnum() or letter in "-"):
            return _At(True, at.word + letter)
        return _At(False)

    def end(self, states: set[_At]) -> None:
        """Note the words that end here."""
        self.found |= {at.word for at in states if at.begins} & FIRST


def begun_by(text: str, *, verbose: bool = False) -> set[str]:
    """The first keywords of commands that a pattern asks for at the beginning of a line."""
    try:
        items = list(parser.parse(text, re.VERBOSE if verbose else 0))
    except re.error:
        return set()
    reading = _Reading()
    reading.end(reading.over(items, {_At()}))
    return reading.found


def in_patterns(tree: ast.Module) -> Iterator[Spelt]:
    """The single keywords by which patterns know lines."""
    named = _constants(tree)
    for node in nodes(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func
        regular = isinstance(called, ast.Attribute) and ast.unparse(called.value) == "re" and called.attr in _COMPILING
        if regular or (isinstance(called, ast.Name) and called.id in _OWN):
            verbose = any("VERBOSE" in ast.unparse(part) for part in node.args[1:])
            for word in sorted(begun_by(_text(node.args[0], named), verbose=verbose)):
                yield Spelt(node.lineno, word)


# -- words that are compared -------------------------------------------------------------------------------------------


def at_ends(tree: ast.Module) -> Iterator[Spelt]:
    """The keywords behind a blank that a text is asked to end with, or to hold."""
    named = _constants(tree)
    for node in nodes(tree):
        asked: list[ast.expr] = []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _HOLDING:
            asked = node.args
        elif isinstance(node, ast.Compare) and any(isinstance(op, (ast.In, ast.NotIn)) for op in node.ops):
            asked = [node.left]
        for part in asked:
            for text in _words(part, named):
                if text.startswith(" ") and text.split() and set(text.split()) <= KEYWORDS:
                    yield Spelt(part.lineno, text)


_HOLDING = frozenset({"endswith", "removesuffix", "partition", "rpartition", "find", "index", "count", "split"})


def compared(tree: ast.Module) -> Iterator[Spelt]:
    """The first keywords of commands with which a line, or its first word, is compared."""
    named = _constants(tree)
    for node in nodes(tree):
        if isinstance(node, ast.Compare) and _is_of_line(node.left):
            words = [word for part in node.comparators for word in _words(part, named)]
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("startswith", "removeprefix")
            and _is_of_line(node.func.value)
        ):
            words = [word for part in node.args for word in _words(part, named)]
        else:
            continue
        for word in words:
            if word.strip() in FIRST:
                yield Spelt(node.lineno, word)


def _is_of_line(node: ast.expr) -> bool:
    """Whether an expression is a line, by the name that it has, or the first word of something."""
    if isinstance(node, ast.Subscript):
        part = node.slice
        if isinstance(part, ast.Slice):
            return part.lower is None
        return isinstance(part, ast.Constant) and part.value == 0
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _is_of_line(node.func.value) or _SPLIT.search(ast.unparse(node)) is not None
    return _LINE.search(ast.unparse(node)) is not None
