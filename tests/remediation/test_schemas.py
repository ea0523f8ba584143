"""``plan.json`` and ``proof.json`` follow the JSON Schemas that are published with the package."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from plans import fleet_in, planned

from ikeaudit.remediation import schemas
from ikeaudit.remediation.plan_folder import encode

PLANS = Path(__file__).parent / "plans"


@pytest.mark.parametrize("schema", schemas.SCHEMAS)
def test_the_published_file_is_what_the_structs_say(schema: str, update: bool) -> None:
    path = Path(schemas.__file__).parent / schemas.file_name(schema)
    if update:
        path.write_text(schemas.published(schema), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == schemas.published(schema)
    Draft202012Validator.check_schema(schemas.load_schema(schema))


@pytest.mark.parametrize("name", ["a1-seed", "a2-many-keyrings", "refused-different-keys", "nothing-to-do"])
def test_documents_are_valid(name: str) -> None:
    change = planned(fleet_in(PLANS / name))
    plan = json.loads(encode(change.plan))
    Draft202012Validator(schemas.load_schema("ikeaudit.plan/1")).validate(plan)
    Draft202012Validator(schemas.load_schema("ikeaudit.proof/1")).validate(json.loads(change.files["proof.json"]))
    del plan["steps"]
    assert not Draft202012Validator(schemas.load_schema("ikeaudit.plan/1")).is_valid(plan)


def test_an_unknown_schema_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        schemas.load_schema("ikeaudit.plan/9")
