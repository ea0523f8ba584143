"""What ``--format json`` prints is what the published schemas say, and the schemas say what the models hold."""

from __future__ import annotations

import json
from typing import Any, get_args

import msgspec
import pytest
from jsonschema import Draft202012Validator, ValidationError

from ikeaudit.exchange.result import Confidence, Exchange, Message, Mode, Outcome, Reading, Reason
from ikeaudit.hazards.finding import Finding, Hazard, Severity
from ikeaudit.report import (
    SCHEMAS,
    CheckReport,
    Coverage,
    CoverageReport,
    Document,
    ExplainReport,
    Problem,
    RulesReport,
    Surface,
    format_named,
    judge,
    load_schema,
)


def printed(document: Document) -> Any:
    chosen = format_named("json")
    assert chosen is not None
    body = json.loads(chosen.render(document, Surface()))
    validator = Draft202012Validator(load_schema(body["schema"]))
    validator.validate(body)
    return body


def checked(findings: tuple[Finding, ...], coverage: Coverage) -> CheckReport:
    return CheckReport(findings=findings, coverage=coverage, verdict=judge(findings, coverage))


@pytest.mark.parametrize("schema", SCHEMAS)
def test_every_schema_is_one(schema: str) -> None:
    loaded = load_schema(schema)
    Draft202012Validator.check_schema(loaded)
    assert loaded["properties"]["schema"] == {"const": schema}


def test_no_schema_of_another_name() -> None:
    with pytest.raises(KeyError):
        load_schema("ikeaudit.findings/2")


def test_exchanges(up: Exchange, down: Exchange, unknown: Exchange, coverage: Coverage) -> None:
    body = printed(ExplainReport(exchanges=(up, down, unknown), coverage=coverage))
    assert list(body) == ["schema", "exchanges"]
    assert [(e["initiator"], e["responder"], e["outcome"]) for e in body["exchanges"]] == [
        ("R1", "R2", "up"),
        ("R2", "R1", "down"),
        ("R1", None, "unknown"),
    ]
    failing = body["exchanges"][1]
    assert (failing["failed_at"], failing["reason"], failing["confidence"]) == (
        "MM5",
        "keyring-verification",
        "unpredictable",
    )
    assert [reading["outcome"] for reading in failing["readings"]] == ["down", "up"]
    assert failing["transcript"][-1] == {"router": "R1", "line": "FSM action returned error: 2"}
    assert failing["evidence"][0]["line"] == 3
    assert "tunnel" not in failing


def test_findings(one_way: Finding, weak: Finding, coverage: Coverage) -> None:
    body = printed(checked((one_way, weak), coverage))
    assert list(body) == ["schema", "coverage", "findings"]
    first = body["findings"][0]
    assert first["code"] == "PW-ONEWAY"
    assert first["fingerprint"] == one_way.fingerprint
    assert "cause" not in first
    assert body["coverage"]["total"] == {"modelled": 59, "irrelevant": 9, "unknown": 1, "unread": 0, "percent": 98.5}
    assert body["coverage"]["hosts"][2]["reason"] == "Junos: set security ike"


def test_nothing_found_is_still_a_document() -> None:
    body = printed(checked((), Coverage()))
    assert body["findings"] == []


def test_coverage(coverage: Coverage, gap: Problem) -> None:
    body = printed(CoverageReport(coverage=msgspec.structs.replace(coverage, problems=(gap,))))
    assert list(body) == ["schema", "hosts", "total", "problems"]
    assert body["hosts"][1]["unknown"] == [{"line": 12, "text": "crypto isakmp something-new 7"}]
    assert body["problems"] == [
        {"kind": "host", "host": "R3", "file": "R3/meta.json", "reason": "connection refused at 192.0.2.3 port 22"}
    ]


def test_the_coverage_inside_findings_is_that_of_coverage() -> None:
    findings, coverage = load_schema("ikeaudit.findings/1"), load_schema("ikeaudit.coverage/1")
    inside = findings["properties"]["coverage"]["properties"]
    alone = {name: schema for name, schema in coverage["properties"].items() if name != "schema"}
    assert inside == alone
    for name, definition in coverage["$defs"].items():
        assert findings["$defs"][name] == definition


def test_rules(hazard: Hazard) -> None:
    body = printed(RulesReport(hazards=(hazard,)))
    assert list(body["rules"][0]) == [
        "code",
        "title",
        "severity",
        "scope",
        "what",
        "why",
        "symptom",
        "fix",
        "source",
    ]


def test_the_same_every_time(down: Exchange, coverage: Coverage) -> None:
    chosen = format_named("json")
    assert chosen is not None
    report = ExplainReport(exchanges=(down,), coverage=coverage)
    assert chosen.render(report, Surface()) == chosen.render(report, Surface(width=40, terminal=True))


@pytest.mark.parametrize(
    ("where", "value"),
    [("outcome", "fine"), ("failed_at", "MM7"), ("reason", "bad-luck"), ("ike_version", 3), ("extra", 1)],
)
def test_schema_refuses(where: str, value: object, down: Exchange, coverage: Coverage) -> None:
    body = printed(ExplainReport(exchanges=(down,), coverage=coverage))
    body["exchanges"][0][where] = value
    with pytest.raises(ValidationError):
        Draft202012Validator(load_schema("ikeaudit.exchanges/1")).validate(body)


def test_a_file_that_is_not_ios_needs_a_reason(coverage: Coverage) -> None:
    body = printed(CoverageReport(coverage=coverage))
    body["hosts"][2]["reason"] = None
    with pytest.raises(ValidationError):
        Draft202012Validator(load_schema("ikeaudit.coverage/1")).validate(body)


def test_schema_and_model_know_the_same_words() -> None:
    exchange = load_schema("ikeaudit.exchanges/1")["$defs"]["exchange"]["properties"]
    assert exchange["outcome"]["enum"] == list(get_args(Outcome))
    assert exchange["confidence"]["enum"] == list(get_args(Confidence))
    assert exchange["failed_at"]["enum"] == [None, *get_args(Message)]
    assert exchange["reason"]["enum"] == [None, *get_args(Reason)]
    assert exchange["mode"]["enum"] == [*get_args(Mode), None]
    finding = load_schema("ikeaudit.findings/1")["$defs"]["finding"]["properties"]
    assert finding["severity"]["enum"] == list(get_args(Severity))


def test_schema_and_model_have_the_same_fields() -> None:
    definitions = load_schema("ikeaudit.exchanges/1")["$defs"]
    assert set(definitions["exchange"]["properties"]) == set(Exchange.__struct_fields__) - {"tunnel"}
    assert list(definitions["reading"]["properties"]) == list(Reading.__struct_fields__)
    finding = load_schema("ikeaudit.findings/1")["$defs"]["finding"]
    assert set(finding["properties"]) == set(Finding.__struct_fields__) - {"cause", "removes"} | {"fingerprint"}


def test_a_file_name_that_is_not_utf8_is_printed(up: Exchange, coverage: Coverage) -> None:
    evidence = (msgspec.structs.replace(up.evidence[0], file="r\udcff.cfg"),)
    body = printed(ExplainReport(exchanges=(msgspec.structs.replace(up, evidence=evidence),), coverage=coverage))
    assert body["exchanges"][0]["evidence"][0]["file"] == "r\udcff.cfg"
