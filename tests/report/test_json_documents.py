"""What ``--format json`` prints of an audit is what the published schemas say."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator, ValidationError

from ikeaudit.exchange.citations import Citations
from ikeaudit.exchange.result import Exchange
from ikeaudit.hazards.finding import Finding, Hazard, Member
from ikeaudit.report import (
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
from ikeaudit.report.published_exchanges import PublishedExchange
from ikeaudit.report.published_findings import PublishedFinding


def printed(document: Document) -> Any:
    chosen = format_named("json")
    assert chosen is not None
    body = json.loads(chosen.render(document, Surface()))
    validator = Draft202012Validator(load_schema(body["schema"]))
    validator.validate(body)
    return body


def checked(findings: tuple[Finding, ...], coverage: Coverage) -> CheckReport:
    verdict = judge(findings, coverage)
    return CheckReport(findings=findings, coverage=coverage, verdict=verdict, time="t", version="v", snapshot="s")


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
    named = ["schema", "time", "version", "snapshot", "counts", "coverage", "findings", "incomplete", "failing"]
    assert list(body) == named
    assert body["counts"] == {"severity": {"high": 1, "medium": 1}, "category": {"connectivity": 1, "hygiene": 1}}
    assert (body["incomplete"], body["failing"]) == (False, True)
    first = body["findings"][0]
    assert first["code"] == "PW-ONEWAY"
    assert first["fingerprint"] == one_way.fingerprint
    assert "cause" not in first
    assert first["fix"] == {"text": one_way.fix, "basis": "advice"}
    assert [(member["host"], member["id"]) for member in first["members"]] == [
        (member.host, member.id) for member in one_way.members
    ]
    assert body["coverage"]["total"] == {"modelled": 59, "irrelevant": 9, "unknown": 1, "unread": 0, "percent": 98.5}
    assert body["coverage"]["hosts"][2]["reason"] == "Junos: set security ike"


def test_what_follows_names_its_directions(duplicate: Finding, one_way: Finding) -> None:
    call = Member(
        code="PW-ONEWAY", host="R2", object="Tunnel1", peer="192.168.0.1", far="R1", reason="keyring-verification"
    )
    follows = msgspec.structs.replace(one_way, parts=(call,))
    body = printed(checked((msgspec.structs.replace(duplicate, follows=(follows, follows)),), Coverage()))
    assert body["counts"]["severity"] == {"high": 1}
    assert body["findings"][0]["consequences"] == [
        {
            "code": "PW-ONEWAY",
            "hosts": ["R1", "R2"],
            "peers": ["192.168.0.1", "192.168.0.2"],
            "directions": [
                {
                    "initiator": "R2",
                    "initiator_interface": "Tunnel1",
                    "responder": "R1",
                    "peer": "192.168.0.1",
                    "reason": "keyring-verification",
                }
            ],
            "messages": [one_way.message],
        }
    ]


def test_nothing_found_is_still_a_document() -> None:
    body = printed(checked((), Coverage()))
    assert body["findings"] == []


def test_coverage(coverage: Coverage, gap: Problem) -> None:
    body = printed(CoverageReport(coverage=msgspec.structs.replace(coverage, problems=(gap,))))
    assert list(body) == ["schema", "hosts", "total", "problems", "incomplete"]
    assert body["incomplete"] is False
    assert body["hosts"][1]["unknown"] == [{"line": 12, "text": "crypto isakmp something-new 7"}]
    assert body["problems"] == [
        {"kind": "host", "host": "R3", "file": "R3/meta.json", "reason": "connection refused at 192.0.2.3 port 22"}
    ]


def test_the_coverage_inside_findings_is_that_of_coverage(coverage: Coverage, gap: Problem) -> None:
    covered = msgspec.structs.replace(coverage, problems=(gap,))
    alone = printed(CoverageReport(coverage=covered))
    del alone["schema"], alone["incomplete"]
    assert printed(checked((), covered))["coverage"] == alone


def test_rules(hazard: Hazard) -> None:
    body = printed(RulesReport(hazards=(hazard,)))
    assert list(body["rules"][0]) == [
        "code",
        "title",
        "category",
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
        Draft202012Validator(load_schema("ikeaudit.exchanges/2")).validate(body)


def test_a_file_that_is_not_ios_needs_a_reason(coverage: Coverage) -> None:
    body = printed(CoverageReport(coverage=coverage))
    body["hosts"][2]["reason"] = None
    with pytest.raises(ValidationError):
        Draft202012Validator(load_schema("ikeaudit.coverage/2")).validate(body)


def test_every_field_of_a_model_is_published_but_three() -> None:
    """What is added to a model is published on purpose, or named here."""
    assert set(PublishedExchange.__struct_fields__) == set(Exchange.__struct_fields__) - {"tunnel", "cited"} | {
        "by",
        "evidence",
    }
    inside = {"cause", "removes", "parts", "follows"}
    told = {"fingerprint", "members", "consequences"}
    assert set(PublishedFinding.__struct_fields__) == set(Finding.__struct_fields__) - inside | told


def test_a_file_name_that_is_not_utf8_is_printed(up: Exchange, coverage: Coverage) -> None:
    evidence = (msgspec.structs.replace(up.evidence[0], file="r\udcff.cfg"),)
    body = printed(
        ExplainReport(exchanges=(msgspec.structs.replace(up, cited=Citations([evidence])),), coverage=coverage)
    )
    assert body["exchanges"][0]["evidence"][0]["file"] == "r\udcff.cfg"
