"""Making thousands of like values small: a skeleton for each shape, a column for each place in it, every string once.

The directions of a fleet have few shapes: the same messages, decisions and kinds of lines, with other names in them. A packed
list is ``{"s": strings, "k": skeletons, "c": columns, "w": shapes, "r": rows, "x": examples}``. Value ``n`` is the skeleton
``k[w[n]]`` with its places filled from row ``r[n]`` of the columns ``c[w[n]]``; a column of one entry holds for every row. In a
skeleton, ``n >= 0`` is a string (its column holds a place in ``s``), ``-n - 1`` a number (its column holds it), a string is
JSON of a list of numbers or of a truth value, and null is itself. ``x`` lists the values that were left out: what stands in
their place is another of the same shape.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

Packed: TypeAlias = dict[str, list[Any]]
Skeleton: TypeAlias = "int | str | tuple[Skeleton, ...] | None"


def pack(values: Sequence[Any], keep: Callable[[int], bool] | None = None) -> Packed:
    """``values`` (dictionaries, lists, strings, numbers, None) packed.

    Of those of which ``keep`` says no by their number only the first of each shape is there.
    """
    strings: dict[str, int] = {}
    shapes: dict[Skeleton, int] = {}
    rows: list[list[list[int | float]]] = []
    found: Packed = {"s": [], "k": [], "c": [], "w": [], "r": [], "x": []}
    for number, value in enumerate(values):
        slots = _Slots(strings)
        shape = shapes.setdefault(slots.walk(value), len(shapes))
        if shape == len(rows):
            rows.append([])
        found["w"].append(shape)
        if keep is not None and rows[shape] and not keep(number):
            found["r"].append(0)
            found["x"].append(number)
        else:
            found["r"].append(len(rows[shape]))
            rows[shape].append(slots.values)
    found["k"] = list(map(_plain, shapes))
    found["c"] = [[_column(column) for column in zip(*some, strict=True)] for some in rows]
    found["s"] = list(strings)
    return found


def _plain(skeleton: Skeleton) -> Any:
    """A skeleton as JSON has it."""
    if not isinstance(skeleton, tuple):
        return skeleton
    kind, *inner = skeleton
    if kind == "list":
        return list(map(_plain, inner))
    return {key: _plain(one) for key, one in zip(inner[::2], inner[1::2], strict=True)}


def _column(values: tuple[int | float, ...]) -> list[int | float]:
    return [values[0]] if len(set(values)) == 1 else list(values)


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
    text = json.dumps(value, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode(), 6, mtime=0)).decode()
