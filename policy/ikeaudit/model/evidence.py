"""Where a statement comes from: a line of a user's file."""

from __future__ import annotations

import msgspec


class Evidence(msgspec.Struct, frozen=True, order=True, gc=False):
    """One configuration line, its keys masked."""

    host: str
    file: str
    line: int
    text: str
