"""Where a module spells commands of IOS out: in one text, in pieces that are put together, or word by word."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise, product, takewhile
from typing import NamedTuple

from ikeaudit.ios.language import LANGUAGES
from ikeaudit.ios.notation import sequences
from ikeaudit.ios.tables.names import DELIMITED, FREE_TEXT

_EXEC = re.compile(r"(?:show|clear|configure|copy|write) ")
_BLANK = re.compile(r"\\ |\\[nbs][+*]{0,2}|~|-\?|\s+")
_GROUP = re.compile(r"\(\?(?:[:=!]|P<\w+>|<[=!])|[()?^]")
_TELLING = frozenset({"compile", "match", "fullmatch", "search", "sub", "split", "findall", "finditer"}) | {
    "startswith", "endswith", "removeprefix", "removesuffix", "partition", "rpartition", "find", "index", "count",
}  # fmt: skip
"""Methods that know a line by their arguments."""
_UNKNOWN = "\0"
_NO_COMMAND = frozenset({"no", "default", "do", "exit", "end"})
_PROTOCOLS = frozenset({"host", "range", "any", "tcp", "udp", "icmp", "esp", "ahp", "gre"})


class Spelt(NamedTuple):
    """What a module holds at a line."""

    line: int
    text: str


def _ways() -> Iterator[list[str]]:
    """The leading keywords of every command."""
    syntaxes = [syntax for one in LANGUAGES.values() for row in one.mode.commands for syntax in row.spellings]
    for syntax in (*syntaxes, *DELIMITED, *FREE_TEXT):
        for tokens in sequences(syntax):
            yield [token.word for token in takewhile(lambda token: token.word, tokens)]


PAIRS = frozenset((way[0], way[1]) for way in _ways() if len(way) > 1)
"""The first two keywords of every command that begins with two or more."""
FIRST = frozenset(way[0] for way in _ways() if way) - _NO_COMMAND - _PROTOCOLS
"""The first keyword of every command, but for the members of object groups: protocols are values of others, too."""


def _pattern(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_OWNED = re.compile(rf"(?<![\w-])(?:{_pattern(map(' '.join, PAIRS))})(?![\w-])")
_LINE = re.compile(rf"(?:no )?(?:{_pattern(map(' '.join, PAIRS))})(?![\w-])")
_BEGUN = re.compile(rf"[ ^|]*(?:{_pattern(FIRST)}) ")


def _plain(text: str) -> str:
    """The text that a pattern stands for, as far as one can be told."""
    return " ".join(_GROUP.sub("", _BLANK.sub(" ", text)).split())


def commands(found: Iterable[Spelt]) -> list[str]:
    """Those that spell two keywords of a command, or more, each behind the number of its line."""
    texts = ((at, text, _plain(text)) for at, text in found)
    told = {f"{at}: {text}": None for at, text, plain in texts if not _EXEC.match(plain) and _OWNED.search(plain)}
    return [*told]


def line_beginnings(found: Iterable[Spelt]) -> list[str]:
    """Those that begin with two keywords of a command, ``no`` before them or not: lines as they are typed."""
    texts = ((at, text, _plain(text)) for at, text in found)
    return [*{f"{at}: {text}": None for at, text, plain in texts if not _EXEC.match(plain) and _LINE.match(plain)}]


def beginnings(found: Iterable[Spelt]) -> list[str]:
    """Those that begin with the first keyword of a command and a blank."""
    return [*{f"{at}: {text}": None for at, text in found if _BEGUN.match(text) and not _EXEC.match(text)}]


# -- what a module holds -----------------------------------------------------------------------------------------------


@cache
def nodes(of: ast.AST) -> tuple[ast.AST, ...]:
    """A module or function with all that is in it; walked through once, however many ask."""
    return tuple(ast.walk(of))


def _constants(tree: ast.Module) -> Mapping[str, ast.expr]:
    """What the names of a module stand for."""
    found: dict[str, ast.expr] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None and isinstance(node.target, ast.Name):
            found[node.target.id] = node.value
    return found


def _text(node: ast.AST, named: Mapping[str, ast.expr]) -> str:
    """The string that an expression makes, with a mark for what is not known of it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _text(node.left, named) + _text(node.right, named)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part, named) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return _text(node.value, named)
    if isinstance(node, ast.Name) and node.id in named:
        return _text(named[node.id], {name: value for name, value in named.items() if name != node.id})
    return _UNKNOWN


def _words(node: ast.AST, named: Mapping[str, ast.expr]) -> list[str]:
    """The strings that are in a collection, or are one."""
    if isinstance(node, ast.Name) and node.id in named:
        return _words(named[node.id], {name: value for name, value in named.items() if name != node.id})
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return [word for part in node.elts for word in _words(part, named)]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("frozenset", "set", "tuple"):
        return [word for part in node.args for word in _words(part, named)]
    return [_text(node, named)]


def literals(tree: ast.Module) -> Iterator[Spelt]:
    """Every string of a module, docstrings apart; those put together as a whole, too."""
    named = _constants(tree)
    texts = {
        id(node.value) for node in nodes(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in nodes(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in texts:
            yield Spelt(node.lineno, node.value)
        elif isinstance(node, (ast.BinOp, ast.JoinedStr)):
            yield Spelt(node.lineno, _text(node, named))


def _arguments(tree: ast.Module) -> Iterator[ast.expr]:
    for node in nodes(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _TELLING:
            yield from node.args
        elif (
            isinstance(node, ast.Compare)
            and isinstance(node.left, ast.Subscript)
            and isinstance(node.left.slice, ast.Slice)
        ):
            yield from node.comparators


def asked_for(tree: ast.Module) -> Iterator[Spelt]:
    """The strings that a line is asked to hold, or to begin with."""
    named = _constants(tree)
    for part in _arguments(tree):
        for text in _words(part, named):
            yield Spelt(part.lineno, text)


def _parts_that_tell(tree: ast.Module) -> Iterator[ast.expr]:
    yield from _arguments(tree)
    for node in nodes(tree):
        if isinstance(node, ast.Compare):
            yield from (node.left, *node.comparators)
        elif isinstance(node, ast.MatchValue):
            yield node.value
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, (ast.Tuple, ast.Set, ast.List)):
            yield from statement.value.elts


def telling(tree: ast.Module) -> Iterator[Spelt]:
    """The strings by which a module may know a line: compared with it, looked for in it, or listed to be."""
    named = _constants(tree)
    for part in _parts_that_tell(tree):
        for text in (*_words(part, named), *(_text(node, named) for node in ast.walk(part))):
            yield Spelt(part.lineno, text)


def word_by_word(tree: ast.Module) -> list[str]:
    """The commands of which two keywords stand beside each other in a collection, or are asked for one after the other."""
    found = [*_collected(tree), *_asked(tree)]
    return [*{f"{at}: {one} {two}": None for at, one, two in found if (one, two) in PAIRS and one != "show"}]


def _collected(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    named = _constants(tree)
    for node in nodes(tree):
        if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            words = [_text(part, named) for part in node.elts]
        elif isinstance(node, ast.MatchSequence):
            words = [_text(part.value, named) if isinstance(part, ast.MatchValue) else "" for part in node.patterns]
        else:
            continue
        for one, two in pairwise(words):
            yield node.lineno, one.strip(), two.strip()


def _asked(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    """Two words that a function compares with what stands at two places, the second right behind the first."""
    named = _constants(tree)
    for function in nodes(tree):
        if isinstance(function, (ast.FunctionDef, ast.Lambda)):
            places = _unpacked(function)
            asked: dict[tuple[str, int], set[str]] = {}
            for node in nodes(function):
                if isinstance(node, ast.Compare) and (place := _place(node.left, places)):
                    asked.setdefault(place, set()).update(
                        word for part in node.comparators for word in _words(part, named)
                    )
            for (words, at), first in asked.items():
                for one, two in product(sorted(first), sorted(asked.get((words, at + 1), ()))):
                    yield function.lineno, one, two


def _unpacked(function: ast.AST) -> Mapping[str, tuple[str, int]]:
    """The names that a function gives to the words of a line, with the places of these."""
    return {
        name.id: (ast.unparse(node.value), at)
        for node in nodes(function)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], (ast.Tuple, ast.List))
        for at, name in enumerate(node.targets[0].elts)
        if isinstance(name, ast.Name)
    }


def _place(node: ast.AST, places: Mapping[str, tuple[str, int]]) -> tuple[str, int] | None:
    if isinstance(node, ast.Name):
        return places.get(node.id)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int):
        return ast.unparse(node.value), node.slice.value
    return None
