"""What became of a text: how much of it was understood, and the router in it."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from ikeaudit.model import FileKind, Router


class Remark(NamedTuple):
    """Something about a line that a reader of the coverage should know."""

    line: int
    text: str


class ParsedConfig(msgspec.Struct, frozen=True):
    """What became of one router's text, or of a text that is no router's.

    ``kind`` is ``ios``; ``template`` for a router some of whose values are not filled in, and for a template of a template
    engine (``router`` None); ``not-ios`` for what is known to be something else, ``unreadable`` for what is nothing known.
    ``modelled`` and ``irrelevant`` count crypto-relevant lines; ``unknown`` lists those that were not understood, keys masked.
    ``unread`` counts those of a page of notes, which is not read as routers.
    """

    router: Router | None
    kind: FileKind
    reason: str | None
    host: str
    file: str
    modelled: int = 0
    irrelevant: int = 0
    unknown: tuple[tuple[int, str], ...] = ()
    remarks: tuple[Remark, ...] = ()
    unread: int = 0
