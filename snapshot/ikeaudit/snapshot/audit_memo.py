"""What an audit knows from before of routers that did not change, in the cache: exchanges, and findings about single routers.

Answers are found by the names of all routers that they were worked out of, by the matter of each, which is the whole of it
(:mod:`ikeaudit.snapshot.matter`), and by every other value that was looked at; the cache itself adds the program's own code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from ikeaudit.snapshot.cache import Cache
from ikeaudit.snapshot.packing import Unpacker, packed

T = TypeVar("T")


class AuditMemo:
    """The :class:`~ikeaudit.fleet.memo.Memo` of one audit, or of one part of it; ``fresh`` is what it is to be kept besides.

    ``matter`` says of a router what an audit goes by of it; None where that is not known.
    """

    def __init__(self, cache: Cache, matter: Callable[[str], str | None]) -> None:
        self._cache = cache
        self._matter = matter
        self.fresh: dict[bytes, bytes] = {}

    def place(self, kind: str, routers: Sequence[str], *values: object) -> bytes | None:
        """Where an answer is that hangs on ``values``, and on all that ``routers`` have; None where that is not known."""
        if not self._cache.used:
            return None
        parts: list[bytes] = []
        for name in routers:
            matter = self._matter(name)
            if matter is None:
                return None
            parts += [name.encode("utf-8", "surrogatepass"), matter.encode()]
        content = packed(values)
        return None if content is None else self._cache.key(f"known {kind}", content, *parts)

    def found(self, place: bytes, type_: type[T]) -> T | None:
        """The answer that is kept there; None without one."""
        if type_ not in _UNPACKERS:
            _UNPACKERS[type_] = Unpacker(type_)
        value = self._cache.get(place)
        answer = _UNPACKERS[type_].unpacked(value) if value is not None else None
        return answer if isinstance(answer, type_) else None

    def keep(self, place: bytes, answer: object) -> None:
        """Keep an answer, with the others that are new, once somebody puts those into the cache."""
        value = packed(answer)
        if value is not None:
            self.fresh[place] = value


_UNPACKERS: dict[object, Unpacker] = {}
"""What reads answers back, by their type."""
