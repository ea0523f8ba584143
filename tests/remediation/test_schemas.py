"""``plan.json`` and ``proof.json`` follow the JSON Schemas that are published with the package."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from plans import fleet_in, planned

from ikeaudit.remediation.plan_folder import encode
from ikeaudit.report import load_schema

PLANS = Path(__file__).parent / "plans"


@pytest.mark.parametrize("name", ["a1-seed", "a2-many-keyrings", "refused-different-keys", "nothing-to-do"])
def test_documents_are_valid(name: str) -> None:
    change = planned(fleet_in(PLANS / name))
    plan = json.loads(encode(change.plan))
    Draft202012Validator(load_schema("ikeaudit.plan/1")).validate(plan)
    Draft202012Validator(load_schema("ikeaudit.proof/1")).validate(json.loads(change.files["proof.json"]))
    del plan["steps"]
    assert not Draft202012Validator(load_schema("ikeaudit.plan/1")).is_valid(plan)
