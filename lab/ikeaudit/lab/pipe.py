"""Output filters: ``| include``, ``| exclude``, ``| begin``, ``| section``, ``| count``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ikeaudit.lab.syntax import INCOMPLETE, INVALID, SyntaxProblem

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


def _include(lines: list[str], pattern: re.Pattern[str]) -> Iterator[str]:
    return (line for line in lines if pattern.search(line))


def _exclude(lines: list[str], pattern: re.Pattern[str]) -> Iterator[str]:
    return (line for line in lines if not pattern.search(line))


def _begin(lines: list[str], pattern: re.Pattern[str]) -> Iterator[str]:
    start = next((i for i, line in enumerate(lines) if pattern.search(line)), len(lines))
    return iter(lines[start:])


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


def _count(lines: list[str], pattern: re.Pattern[str]) -> Iterator[str]:
    yield f"Number of lines which match regexp = {sum(1 for line in lines if pattern.search(line))}"


_FILTERS: dict[str, Callable[[list[str], re.Pattern[str]], Iterator[str]]] = {
    "include": _include,
    "exclude": _exclude,
    "begin": _begin,
    "section": _section,
    "count": _count,
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
        lines = list(chosen(output.splitlines(), pattern))
        return "".join(f"{line}\n" for line in lines)

    return apply
