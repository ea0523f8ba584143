"""The JSON Schemas of everything that ``--format json`` prints, as package data: ``ikeaudit.findings/1`` and so on.

A document's ``schema`` field names the file: ``ikeaudit.findings/1`` is ``findings-1.json`` in this folder. A change that
could break a reader gets a new number; a new optional field does not.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

SCHEMAS: tuple[str, ...] = (
    "ikeaudit.change/1",
    "ikeaudit.collection/1",
    "ikeaudit.coverage/1",
    "ikeaudit.exchanges/1",
    "ikeaudit.findings/1",
    "ikeaudit.rehearsal/1",
    "ikeaudit.rules/1",
    "ikeaudit.status/1",
)


def load_schema(schema: str) -> dict[str, Any]:
    """The JSON Schema that documents marked ``schema`` follow.

    Raises KeyError for an id that is not in ``SCHEMAS``.
    """
    if schema not in SCHEMAS:
        raise KeyError(schema)
    name = schema.removeprefix("ikeaudit.").replace("/", "-") + ".json"
    loaded: dict[str, Any] = json.loads((files(__name__) / name).read_text(encoding="utf-8"))
    return loaded
