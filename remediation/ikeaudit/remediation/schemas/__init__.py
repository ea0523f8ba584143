"""The JSON Schemas of ``plan.json``, ``proof.json`` and ``approval.json``, as package data.

The schema ``ikeaudit.plan/1`` is ``plan-1.json`` here, and so on.

A change that could break a reader gets a new number; a new optional field does not. The files are what
:func:`published` derives from the structs; a test keeps them equal.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import msgspec

from ikeaudit.remediation.approval import APPROVAL_SCHEMA, Approval
from ikeaudit.remediation.plan import PLAN_SCHEMA, Plan
from ikeaudit.remediation.proof_record import PROOF_SCHEMA, Proof

SCHEMAS: dict[str, type[msgspec.Struct]] = {PLAN_SCHEMA: Plan, PROOF_SCHEMA: Proof, APPROVAL_SCHEMA: Approval}


def file_name(schema: str) -> str:
    """The file in this folder that holds ``schema``."""
    return schema.removeprefix("ikeaudit.").replace("/", "-") + ".json"


def load_schema(schema: str) -> dict[str, Any]:
    """The JSON Schema that documents marked ``schema`` follow. Raises KeyError for an id that is not in ``SCHEMAS``."""
    if schema not in SCHEMAS:
        raise KeyError(schema)
    loaded: dict[str, Any] = json.loads((files(__name__) / file_name(schema)).read_text(encoding="utf-8"))
    return loaded


def published(schema: str) -> str:
    """The text of a schema's file."""
    derived = msgspec.json.schema(SCHEMAS[schema])
    for definition in derived["$defs"].values():
        definition.pop("default", None)
        # Python 3.13 strips the indentation of docstrings, earlier ones do not.
        definition["description"] = " ".join(definition.get("description", "").replace("``", "`").split())
        if "properties" in definition:
            definition["required"] = list(definition["properties"])
    derived["$defs"][SCHEMAS[schema].__name__]["properties"]["schema"] = {"const": schema}
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": schema, **derived}
    return json.dumps(document, indent=2) + "\n"
