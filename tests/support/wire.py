"""Other machines that are this process: what travels is kept, and looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any

from ikeaudit.snapshot.travelling import Travelling


class Wire:
    """An :class:`~ikeaudit.snapshot.travelling.Elsewhere`; ``here`` counts what is done without it."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.here = 0

    def spread(self, work: Callable[[Any], Any], items: Sequence[Any]) -> Callable[[], Iterator[Any]] | None:
        if not isinstance(work, Travelling):
            self.here += len(items)
            return None
        module, _, name = work.there.partition(":")
        there: Callable[[bytes], bytes] = getattr(import_module(module), name)

        def answers() -> Iterator[Any]:
            for item in items:
                sent = work.sent(item)
                self.sent += [sent] if sent is not None else []
                self.here += sent is None
                yield work(item) if sent is None else work.taken(item, there(sent)) or work(item)

        return answers
