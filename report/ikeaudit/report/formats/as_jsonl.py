"""For log pipelines and ``jq``: the JSON document line by line, so that nobody has to hold all of it.

The first line is the document without its long lists; each further line is one of their entries, with the document's
``schema`` and, as ``part``, the name of the list that it is from. Put together again they are the JSON document.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from ikeaudit.report.formats.as_json import JSON
from ikeaudit.report.formats.format import Format

if TYPE_CHECKING:
    from ikeaudit.report.documents import Document
    from ikeaudit.report.surface import Surface


def _render(document: Document, surface: Surface) -> str:
    del surface
    order: Literal["deterministic"] | None = "deterministic" if document.ordered else None
    body: dict[str, Any] = msgspec.to_builtins(document.published(), order=order)
    return "".join(f"{_line(part)}\n" for part in _parts(body))


def _parts(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The head, then the entries of each list of objects."""
    lists = {name: value for name, value in body.items() if _is_list_of_objects(value)}
    schema = {"schema": body["schema"]} if "schema" in body else {}
    yield {name: value for name, value in body.items() if name not in lists}
    for name, entries in lists.items():
        for entry in entries:
            yield {**schema, "part": name, **entry}


def _is_list_of_objects(value: object) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(one, dict) for one in value)


def _line(part: dict[str, Any]) -> str:
    try:
        return msgspec.json.encode(part).decode()
    except UnicodeEncodeError:  # a file name that is not UTF-8
        import json

        return json.dumps(part, separators=(",", ":"))


JSONL = Format(name="jsonl", suffix="jsonl", machine=True, draws=JSON.draws, render=_render)
