"""For programs: what is published of each document, beginning with the id of its schema, always in the same order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from ikeaudit.report.formats.format import Format
from ikeaudit.report.kinds import KINDS
from ikeaudit.report.surface import Surface

if TYPE_CHECKING:
    from ikeaudit.report.documents import Document


def _render(document: Document, surface: Surface) -> str:
    del surface
    body = document.published()
    order: Literal["deterministic"] | None = "deterministic" if document.ordered else None
    try:
        text = msgspec.json.format(msgspec.json.encode(body, order=order), indent=2).decode()
    except UnicodeEncodeError:  # a file name that is not UTF-8
        import json

        text = json.dumps(msgspec.to_builtins(body, order=order), indent=2)
    return text + "\n"


def to_json(document: Document) -> str:
    """What ``--format json`` prints of ``document``; LookupError for one that is text for people only."""
    return _render(document, Surface())


JSON = Format(
    name="json",
    suffix="json",
    machine=True,
    draws=tuple(kind.name for kind in KINDS if kind.schema and kind.printed),
    render=_render,
)
