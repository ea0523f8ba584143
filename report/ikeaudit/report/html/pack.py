"""Making thousands of like values small: a skeleton for each shape, a column for each place in it, every string once.

The directions of a fleet have few shapes: the same messages, decisions and kinds of lines, with other names in them. On the
page a packed list is ``{"s": strings, "k": skeletons, "c": columns, "w": shapes, "r": rows, "x": examples}``. Value ``n`` is
the skeleton ``k[w[n]]`` with its places filled from row ``r[n]`` of the columns ``c[w[n]]``; a column of one entry holds for
every row. In a skeleton, ``n >= 0`` is a string (its column holds a place in ``s``), ``-n - 1`` a number (its column holds
it), a string is JSON of a list of numbers or of a truth value, and null is itself. ``x`` lists the values that were left out:
what stands in their place is another of the same shape.

The directions of a large fleet are packed part by part, by several processes, and put together (:class:`Joining`): one takes a
hundred kilobytes until it is packed, and a few from then on.
"""

from __future__ import annotations

import base64
import gzip
import json
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO
from typing import Any, NamedTuple, TypeAlias

Skeleton: TypeAlias = "int | str | tuple[Skeleton, ...] | None"
Column: TypeAlias = "array[int] | list[int | float]"


class Packed(NamedTuple):
    """A packed list: the values' ``shapes`` by number, and of each shape its skeleton and its columns, a row for each value.

    ``rows`` says in which row each value stands, and ``examples`` which of them are told by another, where any are.
    """

    strings: list[str]
    skeletons: list[Skeleton]
    columns: list[list[Column]]
    shapes: array[int]
    rows: array[int]
    examples: array[int]

    def on_page(self) -> dict[str, Any]:
        """What stands on the page, for :func:`blob`."""
        return {
            "s": self.strings,
            "k": list(map(_plain, self.skeletons)),
            "c": [list(map(_constant, columns)) for columns in self.columns],
            "w": self.shapes,
            "r": self.rows,
            "x": self.examples,
        }


def pack(values: Iterable[Any]) -> Packed:
    """``values`` (dictionaries, lists, strings, numbers, None) packed."""
    strings: dict[str, int] = {}
    shapes: dict[Skeleton, int] = {}
    rows: list[list[list[int | float]]] = []
    which, row = array("l"), array("l")
    for value in values:
        slots = _Slots(strings)
        shape = shapes.setdefault(slots.walk(value), len(shapes))
        if shape == len(rows):
            rows.append([])
        which.append(shape)
        row.append(len(rows[shape]))
        rows[shape].append(slots.values)
    columns = [[_column(column) for column in zip(*some, strict=True)] for some in rows]
    return Packed([*strings], [*shapes], columns, which, row, array("l"))


class Joining:
    """Packed lists put one behind the other, as if it had been one list from the start."""

    def __init__(self) -> None:
        self._strings: dict[str, int] = {}
        self._numbers: dict[Skeleton, int] = {}
        self._columns: list[list[Column]] = []
        self._filled: list[int] = []
        self._shapes, self._rows, self._examples = array("l"), array("l"), array("l")

    def add(self, part: Packed) -> None:
        """Put ``part`` behind what is there."""
        places = [self._strings.setdefault(one, len(self._strings)) for one in part.strings]
        numbers = [self._numbers.setdefault(one, len(self._numbers)) for one in part.skeletons]
        self._filled += [0] * (len(self._numbers) - len(self._filled))
        more = [0] * len(numbers)
        self._examples.extend(len(self._shapes) + at for at in part.examples)
        self._shapes.extend(numbers[shape] for shape in part.shapes)
        self._rows.extend(self._filled[numbers[shape]] + row for shape, row in zip(part.shapes, part.rows, strict=True))
        for shape, row in zip(part.shapes, part.rows, strict=True):
            more[shape] = max(more[shape], row + 1)
        for number, rows in zip(numbers, more, strict=True):
            self._filled[number] += rows
        for skeleton, number, own in zip(part.skeletons, numbers, part.columns, strict=True):
            texts = set(_texts(skeleton))
            moved = [_moved(column, places) if at in texts else column[:] for at, column in enumerate(own)]
            if number == len(self._columns):
                self._columns.append(moved)
            else:
                pairs = zip(self._columns[number], moved, strict=True)
                self._columns[number] = [_longer(column, further) for column, further in pairs]

    @property
    def places(self) -> int:
        """How many places of skeletons are filled: what it weighs."""
        return sum(len(column) for columns in self._columns for column in columns)

    @property
    def packed(self) -> Packed:
        """All of it."""
        return Packed([*self._strings], [*self._numbers], self._columns, self._shapes, self._rows, self._examples)


def thinned(whole: Packed, keep: Callable[[int], bool]) -> Packed:
    """``whole`` without those values of which ``keep`` says no by their number, but for the first of each shape."""
    kept: list[list[int]] = [[] for _ in whole.skeletons]
    row, examples = array("l"), array("l")
    for number, (shape, was) in enumerate(zip(whole.shapes, whole.rows, strict=True)):
        if kept[shape] and not keep(number):
            row.append(0)
            examples.append(number)
        else:
            row.append(len(kept[shape]))
            kept[shape].append(was)
    strings: dict[int, int] = {}
    columns: list[list[Column]] = []
    for skeleton, own, rows in zip(whole.skeletons, whole.columns, kept, strict=True):
        texts = set(_texts(skeleton))
        left = [_column([column[at] for at in rows]) for column in own]
        for at, column in enumerate(left):
            if at in texts:
                left[at] = _column([strings.setdefault(int(place), len(strings)) for place in column])
        columns.append(left)
    return Packed([whole.strings[at] for at in strings], whole.skeletons, columns, whole.shapes, row, examples)


def _plain(skeleton: Skeleton) -> Any:
    """A skeleton as JSON has it."""
    if not isinstance(skeleton, tuple):
        return skeleton
    kind, *inner = skeleton
    if kind == "list":
        return list(map(_plain, inner))
    return {key: _plain(one) for key, one in zip(inner[::2], inner[1::2], strict=True)}


def _texts(skeleton: Skeleton) -> Iterator[int]:
    """The places of a skeleton that are strings."""
    if isinstance(skeleton, int):
        yield from (skeleton,) if skeleton >= 0 else ()
    elif isinstance(skeleton, tuple):
        for one in skeleton[1:] if skeleton[0] == "list" else skeleton[2::2]:
            yield from _texts(one)


def _column(values: Sequence[int | float]) -> Column:
    """``values`` in as little room as they need."""
    try:
        return array("q", values)  # type: ignore[arg-type]
    except (TypeError, OverflowError):  # no whole numbers, or huge ones
        return [*values]


def _moved(column: Column, places: Sequence[int]) -> Column:
    """A column of strings whose places are others now."""
    return _column([places[int(at)] for at in column])


def _longer(column: Column, more: Column) -> Column:
    """Both in one column."""
    if isinstance(column, array) and isinstance(more, array):
        column.extend(more)
        return column
    return [*column, *more]


def _constant(column: Column) -> Column:
    """A column as it stands on the page."""
    first = column[0]
    return column[:1] if all(one == first for one in column) else column


class _Slots:
    """The places of one value, in the order in which they are met; the same string has one place."""

    def __init__(self, strings: dict[str, int]) -> None:
        self._strings = strings
        self._seen: dict[str, int] = {}
        self.values: list[int | float] = []

    def walk(self, value: Any) -> Skeleton:
        """The skeleton of ``value``: what can be compared and counted, a tuple for a list or a dictionary."""
        kind = type(value)
        if kind is str:
            place = self._seen.get(value)
            if place is None:
                place = self._seen[value] = len(self.values)
                self.values.append(self._strings.setdefault(value, len(self._strings)))
            return place
        if kind is dict:
            parts: list[Skeleton] = ["dict"]
            for key, one in value.items():
                parts += key, self.walk(one)
            return tuple(parts)
        if kind is list or kind is tuple:
            if value and type(value[0]) is int and all(type(one) is int for one in value):
                return f"[{','.join(map(str, value))}]"
            return ("list", *map(self.walk, value))
        if value is None:
            return None
        if kind is bool:  # as a word: True is equal to 1
            return "true" if value else "false"
        self.values.append(value)
        return -len(self.values)


def blob(value: Any) -> str:
    """``value`` as JSON, compressed, in letters that mean nothing to HTML; the same for the same value and library."""
    found = BytesIO()
    with gzip.GzipFile(fileobj=found, mode="wb", compresslevel=6, mtime=0) as file:
        for piece in _pieces(value):
            file.write(piece.encode())
    return base64.b64encode(found.getvalue()).decode()


def _pieces(value: Any) -> Iterator[str]:
    """``value`` as JSON, a piece at a time: all columns at once would take more than all that they were made of."""
    if isinstance(value, Packed):
        yield from _pieces(value.on_page())
    elif isinstance(value, array):
        yield f"[{','.join(map(str, value))}]"
    elif isinstance(value, dict):
        for number, (key, one) in enumerate(value.items()):
            yield f"{',' if number else '{'}{json.dumps(key)}:"
            yield from _pieces(one)
        yield "}" if value else "{}"
    elif isinstance(value, list) and any(isinstance(one, (array, list)) for one in value[:1]):
        for number, one in enumerate(value):
            yield "," if number else "["
            yield from _pieces(one)
        yield "]"
    else:
        yield json.dumps(value, separators=(",", ":"))
