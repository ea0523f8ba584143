"""How IOS reads an exec line: keywords may be cut short while they stay unique, and the errors point at the word.

A command is written once as a template: ``show crypto session remote <address> detail``. ``<name>`` takes one word,
``<name:1-120>`` an integer in a range, ``<name...>`` the rest of the line. Behind a ``|`` stands a filter of the output.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

_WORD = re.compile(r"\S+")


_SLOT = re.compile(r"<(?P<name>[\w-]+)(?:(?P<rest>\.\.\.)|:(?P<low>\d+)-(?P<high>\d+))?>")


Handler = TypeVar("Handler")
"""What carries out a command."""


@dataclass(frozen=True, slots=True)
class Command(Generic[Handler]):
    """One row of a command table; ``privilege`` is the level from which on the command exists."""

    template: str
    handler: Handler
    privilege: int = 15


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """Why a line was not understood; ``text`` is what IOS prints, the caret line left out."""

    text: str
    column: int | None = None

    def render(self, prompt_width: int) -> str:
        """The reply as printed below a prompt of ``prompt_width`` characters."""
        caret = "" if self.column is None else " " * (prompt_width + self.column) + "^\n"
        return f"{caret}{self.text}\n\n"


INVALID = "% Invalid input detected at '^' marker."


INCOMPLETE = "% Incomplete command."


@dataclass(slots=True)
class _Node(Generic[Handler]):
    keywords: dict[str, _Node[Handler]] = field(default_factory=dict)
    slots: dict[str, _Node[Handler]] = field(default_factory=dict)
    commands: list[Command[Handler]] = field(default_factory=list)
    lowest: int = 15


class Grammar(Generic[Handler]):
    """All exec commands, as a tree of words."""

    def __init__(self, commands: Iterable[Command[Handler]]) -> None:
        self._root: _Node[Handler] = _Node()
        for command in commands:
            node = self._root
            for token in command.template.split():
                branch = node.slots if token.startswith("<") else node.keywords
                node = branch.setdefault(token, _Node())
                node.lowest = min(node.lowest, command.privilege)
            node.commands.append(command)

    def parse(
        self, line: str, privilege: int
    ) -> tuple[Command[Handler], tuple[str, ...], dict[str, str]] | SyntaxProblem:
        """The command that ``line`` means at ``privilege``, with its full words and placeholder values."""
        node = self._root
        words: list[str] = []
        args: dict[str, str] = {}
        for match in _WORD.finditer(line):
            word, column = match.group(), match.start()
            found = self._keyword(node, word, privilege)
            if isinstance(found, SyntaxProblem):
                return SyntaxProblem(f'% Ambiguous command:  "{line.strip()}"')
            if found is not None:
                keyword, node = found
                words.append(keyword)
                continue
            slot = self._slot(node, word, privilege)
            if slot is None:
                return SyntaxProblem(INVALID, column)
            name, rest, node = slot
            if rest:
                args[name] = line[column:].strip()
                words.append(args[name])
                break
            args[name] = word
            words.append(word)
        for command in node.commands:
            if command.privilege <= privilege:
                return command, tuple(words), args
        return SyntaxProblem(INCOMPLETE)

    @staticmethod
    def _keyword(node: _Node[Handler], word: str, privilege: int) -> tuple[str, _Node[Handler]] | SyntaxProblem | None:
        typed = word.lower()
        known = {k: n for k, n in node.keywords.items() if n.lowest <= privilege}
        if typed in known:
            return typed, known[typed]
        candidates = [k for k in known if k.startswith(typed)]
        if len(candidates) > 1:
            return SyntaxProblem("")
        return (candidates[0], known[candidates[0]]) if candidates else None

    @staticmethod
    def _slot(node: _Node[Handler], word: str, privilege: int) -> tuple[str, bool, _Node[Handler]] | None:
        for token, child in node.slots.items():
            slot = _SLOT.fullmatch(token)
            if slot is None or child.lowest > privilege:
                continue
            if slot["low"] and not (word.isdigit() and int(slot["low"]) <= int(word) <= int(slot["high"])):
                continue
            return slot["name"], bool(slot["rest"]), child
        return None


_PIPE = re.compile(r"\s\|\s*")


def split_pipe(line: str) -> tuple[str, str | None, int]:
    """The command, its filter (None without one) and the column where the filter starts."""
    match = _PIPE.search(line)
    return (line, None, 0) if match is None else (line[: match.start()], line[match.end() :].rstrip(), match.end())


def _pattern(expression: str) -> re.Pattern[str]:
    try:
        return re.compile(expression)
    except re.error:
        return re.compile(re.escape(expression))


def _section(lines: list[str], pattern: re.Pattern[str]) -> Iterator[str]:
    depth: int | None = None
    for line in lines:
        indent = len(line) - len(line.lstrip(" "))
        if depth is not None and indent > depth:
            yield line
        elif pattern.search(line):
            depth = indent
            yield line
        else:
            depth = None


def _from(lines: list[str], pattern: re.Pattern[str]) -> Iterable[str]:
    start = next((i for i, line in enumerate(lines) if pattern.search(line)), len(lines))
    return lines[start:]


_FILTERS: dict[str, Callable[[list[str], re.Pattern[str]], Iterable[str]]] = {
    "include": lambda lines, pattern: filter(pattern.search, lines),
    "exclude": lambda lines, pattern: itertools.filterfalse(pattern.search, lines),
    "begin": _from,
    "section": _section,
    "count": lambda lines, pattern: [
        f"Number of lines which match regexp = {sum(1 for line in lines if pattern.search(line))}"
    ],
}


def parse_filter(text: str, column: int) -> Callable[[str], str] | SyntaxProblem:
    """The function that applies ``text`` (``section ^crypto``) to a command's output."""
    verb, _, expression = text.partition(" ")
    names = [name for name in _FILTERS if verb and name.startswith(verb.lower())]
    if not verb or (names and not expression.strip()):
        return SyntaxProblem(INCOMPLETE)
    if len(names) != 1:
        return SyntaxProblem(INVALID, column)
    chosen, pattern = _FILTERS[names[0]], _pattern(expression.strip())

    def apply(output: str) -> str:
        return "".join(f"{line}\n" for line in chosen(output.splitlines(), pattern))

    return apply
