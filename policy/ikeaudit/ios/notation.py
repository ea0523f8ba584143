"""The notation that syntaxes are written in, the way that command references print them::

    pre-shared-key address <address:ip> [<mask:mask>] key [<encoding:encoding>] <secret:psk>

``<name:type>`` is a placeholder (type ``word`` when left out), ``[...]`` may be absent, ``{name:a|b}`` is a choice of
keywords that is remembered under ``name``, ``(a|b)`` one that is not. ``{name=a|b}`` is a choice of values: where only
the beginning of a line tells what it is, they count as placeholders do (``hash {hash=md5|sha|sha256}``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TypeAlias

import msgspec

_TOKEN = re.compile(
    r"\s*(?:(?P<open>\[)|(?P<close>\])|<(?P<arg>[\w-]+)(?::(?P<type>[\w-]+))?>"
    r"|\{(?P<kept>[\w-]+)(?P<sign>[:=])(?P<choices>[^}]+)\}|\((?P<either>[^)]+)\)|(?P<word>[^\s\[\]<>{}()]+))"
)
_SECRET = re.compile(r"(?:psk|secret)(?:word|text|tag)?$")


class Part(msgspec.Struct, frozen=True):
    """One word position: ``words`` that may stand there, or a placeholder of a ``type``; remembered as ``name``."""

    name: str = ""
    words: tuple[str, ...] = ()
    type: str = ""
    values: bool = False


class Optional(msgspec.Struct, frozen=True):
    """Parts that stand together or not at all."""

    parts: tuple[Node, ...]


Node: TypeAlias = Part | Optional


class Token(msgspec.Struct, frozen=True):
    """One word of one way to spell a syntax: a keyword, or a placeholder of a ``type``."""

    name: str
    word: str = ""
    type: str = ""
    value: bool = False


@cache
def parts(syntax: str) -> tuple[Node, ...]:
    """``syntax`` taken apart. Raises ValueError when it is malformed."""
    position = 0
    text = syntax.strip()

    def group(*, inside: bool) -> tuple[Node, ...]:
        nonlocal position
        found: list[Node] = []
        while position < len(text):
            token = _TOKEN.match(text, position)
            if token is None:
                raise ValueError(f"syntax not understood: {syntax!r} at {position}")
            position = token.end()
            if token["close"]:
                if not inside:
                    raise ValueError(f"unbalanced brackets: {syntax!r}")
                return tuple(found)
            found.append(Optional(group(inside=True)) if token["open"] else _part(token))
        if inside:
            raise ValueError(f"unbalanced brackets: {syntax!r}")
        return tuple(found)

    return group(inside=False)


def _part(token: re.Match[str]) -> Part:
    if token["arg"]:
        return Part(token["arg"], type=token["type"] or "word")
    if token["either"]:
        return Part(words=tuple(token["either"].split("|")))
    if token["kept"]:
        return Part(token["kept"], tuple(token["choices"].split("|")), values=token["sign"] == "=")
    return Part(words=(token["word"],))


def sequences(syntax: str) -> list[list[Token]]:
    """Every way to spell ``syntax`` with its optional parts present or absent, fullest first."""
    return _ways(parts(syntax))


def _ways(nodes: Iterable[Node]) -> list[list[Token]]:
    ways: list[list[Token]] = [[]]
    for node in nodes:
        if isinstance(node, Optional):
            inner = _ways(node.parts)
            ways = [way + more for way in ways for more in inner] + ways
        elif node.words:
            ways = [[*way, Token(node.name, word, value=node.values)] for way in ways for word in node.words]
        else:
            ways = [[*way, Token(node.name, type=node.type)] for way in ways]
    return ways


def placeholders(syntax: str) -> Iterator[Part]:
    """The placeholders and choices of ``syntax`` that are remembered under a name."""
    yield from named(parts(syntax))


def named(nodes: Iterable[Node]) -> Iterator[Part]:
    """The placeholders and choices among ``nodes`` that are remembered under a name."""
    for node in nodes:
        if isinstance(node, Optional):
            yield from named(node.parts)
        elif node.name:
            yield node


@cache
def secrets(syntax: str) -> tuple[tuple[str, bool], ...]:
    """The placeholders of ``syntax`` that are secret, each with whether it is a pre-shared key."""
    return tuple((p.name, p.type.startswith("psk")) for p in placeholders(syntax) if _SECRET.match(p.type))


@cache
def skeletons(syntax: str) -> tuple[str, ...]:
    """The keywords that tell ``syntax`` from others, ``*`` for each operand between them.

    What follows the last keyword is left out; so are values, and whatever follows an operand of several words.
    """
    found: dict[str, None] = {}
    for tokens in sequences(syntax):
        words: list[str] = []
        for token in tokens:
            if token.word and not token.value:
                words.append(token.word)
            elif token.type == "interface":
                break
            else:
                words.append("*")
        while words and words[-1] == "*":
            words.pop()
        if words:
            found[" ".join(words)] = None
    return tuple(found)
