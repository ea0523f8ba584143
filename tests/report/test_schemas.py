"""The published JSON Schemas: one for each document, derived, and as narrow as what is printed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from ikeaudit.change.report import ChangeReport, GroupResult, RouterResult
from ikeaudit.change.status import Status
from ikeaudit.collect.outcome import Collection, HostOutcome
from ikeaudit.report import SCHEMAS, load_schema
from ikeaudit.report.kinds import KINDS

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "cli.md").read_text(encoding="utf-8")


def read(document: msgspec.Struct) -> dict[str, Any]:
    """As a program reads it."""
    body: dict[str, Any] = json.loads(msgspec.json.encode(document))
    return body


def valid(document: msgspec.Struct | dict[str, Any]) -> bool:
    body = read(document) if isinstance(document, msgspec.Struct) else document
    return Draft202012Validator(load_schema(body["schema"])).is_valid(body)


def test_every_schema_that_the_page_lists_and_no_other() -> None:
    listed = re.findall(r"^\| `(ikeaudit\.[a-z]+/\d+)` ", PAGE, re.MULTILINE)
    assert sorted(listed) == sorted(SCHEMAS)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_the_published_file_is_the_schema(schema: str) -> None:
    """So that a change of what others rely on is seen in review; ``make docs`` writes the files."""
    name = schema.removeprefix("ikeaudit.").replace("/", "-") + ".json"
    assert f"(schemas/{name})" in PAGE
    assert json.loads((DOCS / "schemas" / name).read_text(encoding="utf-8")) == load_schema(schema), "stale: make docs"


@pytest.mark.parametrize("schema", SCHEMAS)
def test_every_schema_is_one(schema: str) -> None:
    loaded = load_schema(schema)
    Draft202012Validator.check_schema(loaded)
    assert loaded["properties"]["schema"] == {"const": schema}
    assert next(iter(loaded["properties"])) == loaded["required"][0] == "schema"
    assert loaded["$id"] == "urn:" + schema.replace(".", ":").replace("/", ":")
    for definition in (loaded, *loaded["$defs"].values()):
        assert definition["additionalProperties"] is False
        assert set(definition["required"]) <= set(definition["properties"])
        assert not any("default" in field for field in definition["properties"].values())


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.schema], ids=lambda kind: kind.name)
def test_a_struct_says_the_schema_that_it_is_published_as(kind: Any) -> None:
    struct = kind.struct()
    config = struct.__struct_config__
    if config.tag is not None:
        assert (config.tag_field, config.tag) == ("schema", kind.schema)
    else:
        (default,) = [field.default for field in msgspec.structs.fields(struct) if field.name == "schema"]
        assert default == kind.schema
    definitions = msgspec.json.schema(struct)["$defs"]
    for name, fields in kind.later.items():
        assert set(fields) <= set(definitions[name]["properties"])


@pytest.mark.parametrize("schema", ["ikeaudit.findings/1", "ikeaudit.plan/9", "plan", ""])
def test_there_is_no_other(schema: str) -> None:
    with pytest.raises(KeyError):
        load_schema(schema)


def test_what_was_printed_before_a_field_came_is_still_valid() -> None:
    report = read(ChangeReport(change_id="C", digest="d", result="committed"))
    assert valid(report)
    for field in ("worse", "groups", "next"):
        del report[field]
    assert valid(report)
    del report["cause"]
    assert not valid(report)
    status = read(Status(at="now", changes=()))
    del status["plans"]
    assert valid(status)
    total = {"modelled": 1, "irrelevant": 0, "unknown": 0, "percent": 100}
    file = {"host": "R", "file": "r", "kind": "ios", "reason": None, "modelled": 1, "irrelevant": 0}
    lines: dict[str, Any] = {"unknown": [], "remarks": []}
    coverage: dict[str, Any] = {"hosts": [{**file, **lines}], "total": total, "problems": []}
    made = {"time": "t", "version": "v", "snapshot": "s", "counts": {"severity": {}, "category": {}}}
    verdict = {"incomplete": False, "failing": False}
    coverage["hosts"][0]["unread"] = coverage["total"]["unread"] = 0
    assert valid({"schema": "ikeaudit.findings/2", **made, **verdict, "coverage": coverage, "findings": []})


@pytest.mark.parametrize(
    ("document", "field", "value"),
    [
        (ChangeReport(change_id="C", digest="d", result="committed"), "result", "done"),
        (ChangeReport(change_id="C", digest="d", result="committed"), "extra", 1),
        (ChangeReport(change_id="C", digest="d", result="committed"), "schema", "ikeaudit.change/2"),
        (Collection(snapshot="s", started="t", hosts=()), "hosts", None),
    ],
)
def test_a_schema_refuses(document: msgspec.Struct, field: str, value: object) -> None:
    assert valid(document)
    schema = load_schema(read(document)["schema"])
    assert not Draft202012Validator(schema).is_valid({**read(document), field: value})


def test_the_parts_of_a_document_are_as_narrow() -> None:
    router = RouterResult(name="R1", state="saved")
    group = GroupResult(wave=1, group=2, routers=("R1",), result="not-begun")
    report = ChangeReport(change_id="C", digest="d", result="in-part", routers=(router,), groups=(group,))
    assert valid(report)
    for part, field, value in (("routers", "state", "fine"), ("groups", "result", "done"), ("groups", "wave", "1")):
        body = read(report)
        body[part][0][field] = value
        assert not valid(body), (part, field)
    host = HostOutcome(host="R1", status="failed", reason="timeout", commands={"show version": "read"})
    collection = Collection(snapshot="s", started="t", hosts=(host,))
    assert valid(collection)
    body = read(collection)
    body["hosts"][0]["commands"]["show version"] = "seen"
    assert not valid(body)


def test_the_words_of_a_verdict_are_those_of_its_number() -> None:
    """DESIGN section 4; another word is another number."""
    fields = load_schema("ikeaudit.exchanges/2")["$defs"]["PublishedExchange"]["properties"]
    assert set(fields["outcome"]["enum"]) == {"up", "down", "half-open", "not-initiated", "unknown"}
    assert set(fields["confidence"]["enum"]) == {"certain", "probable", "unpredictable", "unknown"}
    messages = {*(f"MM{n}" for n in range(1, 7)), *(f"{m}{n}" for m in ("AM", "QM") for n in (1, 2, 3))}
    words, null = fields["failed_at"]["anyOf"]
    assert set(words["enum"]) == messages | {"SA_INIT", "AUTH", "XAUTH"} and null == {"type": "null"}
    words, null = fields["reason"]["anyOf"]
    assert len(words["enum"]) == 16 + 8 + 1 and {"keyring-verification", "null-route", "xauth"} < set(words["enum"])
    assert set(fields["by"]["anyOf"][0]["enum"]) == {"design", "fault"}
    assert set(fields["lost_at"]["anyOf"][0]["enum"]) == {"rekey", "replies"}
    findings = load_schema("ikeaudit.findings/2")["$defs"]["PublishedFinding"]["properties"]
    assert set(findings["severity"]["enum"]) == {"critical", "high", "medium", "low", "info"}
    assert set(findings["category"]["enum"]) == {"connectivity", "selection", "exposure", "hygiene", "drift"}
