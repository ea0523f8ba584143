"""What an audit knows from before of routers that did not change, in the cache: exchanges, and findings about single routers.

Answers are found by the names of all routers that they were worked out of, by the matter of each, which is the whole of it
(:mod:`ikeaudit.snapshot.matter`), and by every other value that was looked at; the cache itself adds the program's own code.
Those of one router lie together, in one row of the cache: a row each would cost more than the answers. The row is found by the
router alone, and says nothing: whether an answer in it holds is told by its own place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

import msgspec

from ikeaudit.snapshot.cache import Cache
from ikeaudit.snapshot.packing import Unpacker, packed

T = TypeVar("T")

AGAIN = 4
"""How many times as many answers as an audit used lie together: those of another day's neighbours may be asked for again."""


class _Row(NamedTuple):
    """The answers of one router: those that were ``there``, and of all those that were of use, or are new."""

    key: bytes
    there: dict[bytes, bytes]
    used: dict[bytes, bytes]
    fresh: set[bytes]


class AuditMemo:
    """The :class:`~ikeaudit.fleet.memo.Memo` of one audit, or of one part of it; ``fresh`` is what it is to be kept besides.

    ``matter`` says of a router what an audit goes by of it, ``still`` the same without its state, which is another one each
    night and no exchange depends on; None where that is not known.
    """

    def __init__(
        self, cache: Cache, matter: Callable[[str], str | None], still: Callable[[str], str | None] | None = None
    ) -> None:
        self._cache = cache
        self._matter = matter
        self._still = still or matter
        self._rows: dict[str, _Row] = {}
        self._row_of: dict[bytes, _Row] = {}

    def place(self, kind: str, routers: Sequence[str], *values: object) -> bytes | None:
        """Where an answer is that hangs on ``values``, and on all that ``routers`` have; None where that is not known.

        It lies with the others of the first of ``routers``.
        """
        if not self._cache.used:
            return None
        known = self._still if kind == "exchange" else self._matter
        parts: list[bytes] = []
        for name in routers:
            matter = known(name)
            if matter is None:
                return None
            parts += [name.encode("utf-8", "surrogatepass"), matter.encode()]
        content = packed(values)
        if content is None:
            return None
        place = self._cache.key(f"known {kind}", content, *parts)
        self._row_of[place] = self._row(routers[0])
        return place

    def _row(self, name: str) -> _Row:
        """The row of a router."""
        if name not in self._rows:
            key = self._cache.key("known", name.encode("utf-8", "surrogatepass"), (self._still(name) or "").encode())
            value = self._cache.get(key)
            self._rows[name] = _Row(key, _answers(value) if value is not None else {}, {}, set())
        return self._rows[name]

    def found(self, place: bytes, type_: type[T]) -> T | None:
        """The answer that is kept there; None without one."""
        if type_ not in _UNPACKERS:
            _UNPACKERS[type_] = Unpacker(type_)
        row = self._row_of[place]
        value = row.there.get(place)
        answer = _UNPACKERS[type_].unpacked(value) if value is not None else None
        if value is None or not isinstance(answer, type_):
            return None
        row.used[place] = value
        return answer

    def keep(self, place: bytes, answer: object) -> None:
        """Keep an answer, with the others that are new, once somebody puts those into the cache."""
        value = packed(answer)
        if value is not None:
            row = self._row_of[place]
            row.used[place] = value
            row.fresh.add(place)

    @property
    def fresh(self) -> dict[bytes, bytes]:
        """The rows with answers that are new, those of use first, and what else is there while it is not too much."""
        found: dict[bytes, bytes] = {}
        for row in self._rows.values():
            if row.fresh:
                answers = [*({**row.used, **row.there, **row.used}).items()][: AGAIN * len(row.used)]
                found[row.key] = msgspec.msgpack.encode(dict(answers))
        return found


_ANSWERS = msgspec.msgpack.Decoder(dict[bytes, bytes])


def _answers(value: bytes) -> dict[bytes, bytes]:
    """The answers in a row; none where it is no row."""
    try:
        return _ANSWERS.decode(value)
    except (msgspec.DecodeError, ValueError):
        return {}


_UNPACKERS: dict[object, Unpacker] = {}
"""What reads answers back, by their type."""
