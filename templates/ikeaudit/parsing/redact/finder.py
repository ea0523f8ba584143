"""Finding any of many values in a text: as a whole word at any length, inside of words from eight characters on.

The cost grows with the text, not with the number of values: a few are looked for one by one, which is quick; of many, those
that are long by blocks of four bytes that the text shares with them, those that are short by the words of the text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from ikeaudit.parsing.redact.tokens import TOKEN

INSIDE_WORDS = 8
"""Characters from which on a value is found inside of words, too."""

_FEW = 32
_BLOCK = 4
_PREFIX = 3
_WORD = re.compile(r"\w+", re.ASCII)


def lines_with(values: Collection[str], text: str, newline: str) -> Sequence[int]:
    """The positions of lines that may hold one of ``values``, in order: all that do, and hardly any others."""
    long = [value for value in values if len(value) >= INSIDE_WORDS]
    short = [value for value in values if len(value) < INSIDE_WORDS]
    found: set[int] = set()
    for some, search in ((long, _by_blocks), (short, _by_words)):
        if some:
            search = search if len(some) > _FEW else _one_by_one
            found.update(search(some, text, newline))
    return _numbers(found, text, newline)


def _numbers(places: Iterable[int], text: str, newline: str) -> Sequence[int]:
    """The lines in which ``places`` are."""
    rows: dict[int, None] = {}
    row = done = 0
    for at in sorted(places):
        row += text.count(newline, done, at)
        done = at
        rows[row] = None
    return list(rows)


def _one_by_one(values: Iterable[str], text: str, newline: str) -> Iterator[int]:
    for value in values:
        size, inside = len(value), _inside_words(value)
        at = text.find(value)
        while at >= 0:
            if inside or _alone(text, at, at + size):
                yield at
                at = text.find(newline, at + size)  # one place a line is enough
                if at < 0:
                    break
            at = text.find(value, at + 1)


def _by_words(values: Iterable[str], text: str, newline: str) -> Iterator[int]:
    """Where words of ``text`` stand that values begin with; of a value without letters and digits, where it stands itself."""
    probes: set[str] = set()
    odd: list[str] = []
    for value in values:
        found = _WORD.search(value)
        if found is None:
            odd.append(value)
        else:
            probes.add(found[0])
    yield from _one_by_one(odd, text, newline)
    if not probes.isdisjoint(_WORD.findall(text)):
        yield from (found.start() for found in _WORD.finditer(text) if found[0] in probes)


def _by_blocks(values: Iterable[str], text: str, newline: str) -> Iterator[int]:
    """Where values of eight characters or more stand in ``text``.

    Wherever one stands in the bytes of the text, one of the four blocks that begin at its first bytes is aligned with them.
    """
    data = text.encode("utf-8", "surrogatepass")
    coded = [value.encode("utf-8", "surrogatepass") for value in values]
    blocks: set[int] = set()
    for shift in range(_BLOCK):
        blocks.update(memoryview(b"".join([value[shift : shift + _BLOCK] for value in coded])).cast("I"))
    view = memoryview(data)[: len(data) // _BLOCK * _BLOCK].cast("I")
    if blocks.isdisjoint(view):
        return
    known = set(coded)
    sizes: dict[bytes, list[int]] = {}
    for size, prefix in sorted({(len(value), value[:_BLOCK]) for value in coded}):
        sizes.setdefault(prefix, []).append(size)
    places = [
        start
        for number, block in enumerate(view)
        if block in blocks
        for start in range(max(0, number * _BLOCK - _BLOCK + 1), number * _BLOCK + 1)
        if any(data[start : start + size] in known for size in sizes.get(data[start : start + _BLOCK], ()))
    ]
    yield from places if text.isascii() else _characters(data, places)


def _characters(data: bytes, places: Iterable[int]) -> Iterator[int]:
    """The positions of characters for those of bytes."""
    count = done = 0
    for at in sorted(places):
        count += len(data[done:at].decode("utf-8", "surrogatepass"))
        done = at
        yield count


class Finder:
    """Finds values in single lines, looking at each place once."""

    __slots__ = ("_lengths", "_sizes", "_values")

    def __init__(self, values: Collection[str]) -> None:
        self._values = frozenset(values)
        lengths: dict[str, set[int]] = {}
        for value in values:
            lengths.setdefault(value[:_PREFIX], set()).add(len(value))
        self._lengths = {prefix: sorted(sizes, reverse=True) for prefix, sizes in lengths.items()}
        self._sizes = sorted({len(prefix) for prefix in lengths}, reverse=True)

    def find(self, line: str) -> Iterator[tuple[int, int]]:
        """Where values stand in ``line``, from left to right; what is in a token is no text."""
        known = self._lengths
        places = {at for size in self._sizes for at in range(len(line)) if line[at : at + size] in known}
        if not places:
            return
        tokens = [found.span() for found in TOKEN.finditer(line)][::-1]
        done = 0
        for at in sorted(places):
            while tokens and tokens[-1][1] <= at:
                tokens.pop()
            if at >= done and not (tokens and tokens[-1][0] <= at) and (end := self._end(line, at)):
                done = end
                yield at, end

    def _end(self, line: str, at: int) -> int:
        for size in self._sizes:
            for length in self._lengths.get(line[at : at + size], ()):
                end = at + length
                value = line[at:end]
                if value in self._values and (_inside_words(value) or _alone(line, at, end)):
                    return end
        return 0


def _inside_words(value: str) -> bool:
    """Whether ``value`` is long enough, its first word alone, to be found inside of words."""
    return len(value.split()[0]) >= INSIDE_WORDS


def _alone(text: str, start: int, end: int) -> bool:
    """Whether no letter or digit of the ASCII set touches ``text[start:end]`` where it begins or ends with one itself."""
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    return not (_sticks(before) and _sticks(text[start])) and not (_sticks(after) and _sticks(text[end - 1]))


def _sticks(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "_")
