"""The JSON Schemas of all that ``--format json`` prints and that a plan's folder holds: ``ikeaudit.findings/2`` and so on.

They are derived from the structs that are printed, so that they cannot say anything else. A change that could break a reader
gets a new number; a new field does not, and stands in its kind's ``later``.
"""

from __future__ import annotations

from typing import Any

import msgspec

from ikeaudit.report.kinds import KINDS, Kind

_KINDS = {kind.schema: kind for kind in KINDS if kind.schema}

SCHEMAS: tuple[str, ...] = tuple(_KINDS)
"""The ids of all schemas."""


def load_schema(schema: str) -> dict[str, Any]:
    """The JSON Schema that documents marked ``schema`` follow.

    Raises KeyError for an id that is not in ``SCHEMAS``.
    """
    if schema not in _KINDS:
        raise KeyError(schema)
    return _derived(_KINDS[schema])


def _derived(kind: Kind) -> dict[str, Any]:
    struct = kind.struct()
    definitions: dict[str, Any] = msgspec.json.schema(struct)["$defs"]
    for name, definition in definitions.items():
        later = kind.later.get(name, ())
        definition["description"] = _prose(definition.get("description", ""))
        definition["required"] = [field for field in definition["properties"] if field not in later]
        definition["additionalProperties"] = False
        for field in definition["properties"].values():
            field.pop("default", None)  # every field is printed; a reader fills nothing in
    definitions[struct.__name__]["properties"]["schema"] = {"const": kind.schema}
    name, _, number = kind.schema.removeprefix("ikeaudit.").partition("/")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:ikeaudit:{name}:{number}",
        **definitions.pop(struct.__name__),
        "title": f"What {kind.title.replace('`', '')}",
        "$defs": definitions,
    }


def _prose(docstring: str) -> str:
    """A docstring in one line; Python 3.13 strips the indentation of docstrings, earlier ones do not."""
    return " ".join(docstring.replace("``", "`").split())
