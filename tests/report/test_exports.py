"""What other programs get: each format is read back by a reader of its own, and says what the document says."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest
from jsonschema import Draft4Validator
from markdown_it import MarkdownIt
from prometheus_client.parser import text_string_to_metric_families

from ikeaudit.api import explain, load
from ikeaudit.api.audit import check
from ikeaudit.exchange.result import Exchange
from ikeaudit.hazards.finding import Finding
from ikeaudit.model import Evidence
from ikeaudit.remediation.fixes.contract import Repair
from ikeaudit.report import (
    CheckReport,
    Coverage,
    CoverageReport,
    Document,
    ExplainReport,
    FileCoverage,
    Line,
    Problem,
    Surface,
    Verdict,
    format_named,
    to_json,
)
from ikeaudit.report.exports import junit, page, prometheus, tables
from ikeaudit.report.formats import FORMATS

ROOT = Path(__file__).resolve().parents[2]
OFFICIAL = ROOT / ".official"
CASES = ROOT / "tests" / "cases"
FLEETS = {
    "demo": CASES / "seed" / "different-addresses-other-order",
    "dmvpn": CASES / "dmvpn" / "hub-and-spokes",
    "one-way": CASES / "dmvpn" / "spoke-to-spoke-one-way",
}

GOOD = Verdict("OK", "no findings.", 0)
BAD = Verdict("FINDINGS", "1 high; 1 failing.", 1, failing=True)


def drawn(name: str, document: Document) -> str:
    found = format_named(name)
    assert found is not None
    text = found.render(document, Surface())
    assert text.endswith("\n")
    return text


@pytest.fixture(scope="module", params=sorted(FLEETS))
def documents(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Document]:
    """``check``, ``explain`` and ``coverage`` of a fleet."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path_factory.mktemp("ws")))
        snapshot = load(FLEETS[request.param])
        return [check(snapshot, fixes=True), explain(snapshot), snapshot.measured()]


@pytest.fixture
def hostile() -> CheckReport:
    """One finding in which every text is somebody's attempt."""
    marks = "\x00\x1b[31m\u202e"
    name = f"=cmd|'/c calc'!A1 </testcase>]]><img src=x onerror=alert(1)> | [x](http://evil.example) `y` {marks}"
    finding = Finding(
        code="KR-DUP-ADDR",
        category="selection",
        severity="high",
        hosts=(name,),
        peers=("192.0.2.1",),
        message=f"{name}\nsecond line",
        symptom=name,
        fix=name,
        evidence=(Evidence(name, f"dir/{name}.cfg", 3, name), Evidence("R2", "r2.cfg", 7, "x")),
        cause=("k",),
    )
    coverage = Coverage(
        hosts=(FileCoverage(name, "a.cfg", modelled=1, unknown=(Line(4, name),)),),
        problems=(Problem("host", name, "", name),),
    )
    return CheckReport(findings=(finding,), coverage=coverage, verdict=BAD, version="1", time="2026-01-02T03:04:05Z")


# --- CSV


def test_csv_is_read_back(documents: list[Document]) -> None:
    for document in documents:
        table = tables.table_of(document)
        header, *rows = csv.reader(io.StringIO(drawn("csv", document)))
        assert tuple(header) == table.columns
        told = [["" if cell is None else str(cell) for cell in row] for row in table.rows]
        assert [[cell.lower() if cell in ("True", "False") else cell for cell in row] for row in told] == rows
        assert rows
        assert len(set(map(len, rows))) == 1


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1", "'=1", "''@x"])
def test_a_name_is_no_formula(cell: str, up: Exchange) -> None:
    report = ExplainReport(exchanges=(msgspec.structs.replace(up, initiator=cell),), coverage=Coverage())
    _, row = csv.reader(io.StringIO(drawn("csv", report)))
    assert row[0] == f"'{cell}"


@pytest.mark.parametrize(("cell", "told"), [("a\rb", "a\\rb"), ("a\0b", "a\\0b"), ('a\n"b"', 'a\n"b"')])
def test_no_name_ends_a_row(cell: str, told: str, up: Exchange) -> None:
    report = ExplainReport(exchanges=(msgspec.structs.replace(up, initiator=cell),), coverage=Coverage())
    _, row = csv.reader(io.StringIO(drawn("csv", report), newline=""))
    assert row[0] == told


@pytest.mark.parametrize("cell", ["R1", "'crypto isakmp'", "a=1", "1-2", "", " =1"])
def test_other_cells_stay_as_they_are(cell: str, up: Exchange) -> None:
    report = ExplainReport(exchanges=(msgspec.structs.replace(up, initiator=cell),), coverage=Coverage())
    _, row = csv.reader(io.StringIO(drawn("csv", report)))
    assert row[0] == cell


def test_numbers_are_numbers_and_nothing_is_nothing(down: Exchange) -> None:
    report = ExplainReport(exchanges=(msgspec.structs.replace(down, lost_after=-5),), coverage=Coverage())
    header, row = csv.reader(io.StringIO(drawn("csv", report)))
    told = dict(zip(header, row, strict=True))
    assert (told["lost_after"], told["lost_at"], told["failed_at"]) == ("-5", "", "MM5")
    assert told["lines"] == "seed/r1.cfg:3 seed/r1.cfg:5 seed/r1.cfg:19"


def test_a_line_that_was_not_understood_is_a_row(coverage: Coverage) -> None:
    rows = list(csv.DictReader(io.StringIO(drawn("csv", CoverageReport(coverage=coverage)))))
    assert [row["what"] for row in rows] == ["file", "file", "unknown", "remark", "file"]
    assert (rows[2]["line"], rows[2]["text"]) == ("12", "crypto isakmp something-new 7")
    assert (rows[1]["modelled"], rows[1]["unknown"], rows[4]["text"]) == ("29", "1", "Junos: set security ike")


# --- JSON lines


def test_lines_put_together_are_the_document(documents: list[Document]) -> None:
    for document in documents:
        whole = json.loads(to_json(document))
        head, *entries = map(json.loads, drawn("jsonl", document).splitlines())
        assert head["schema"] == whole["schema"]
        assert entries
        for entry in entries:
            assert entry.pop("schema") == whole["schema"]
            head.setdefault(entry.pop("part"), []).append(entry)
        assert head == whole


# --- SARIF


def test_sarif_says_what_the_finding_says(
    one_way: Finding, duplicate: Finding, coverage: Coverage, gap: Problem
) -> None:
    repair = Repair(proved=True, title="Keep one keyring", commands={"R1": ("crypto keyring keyring1", " no x")})
    report = CheckReport(
        findings=(one_way, msgspec.structs.replace(duplicate, severity="medium")),
        coverage=msgspec.structs.replace(coverage, problems=(gap,)),
        verdict=Verdict("INCOMPLETE", "1 host not read (R3).", 3, incomplete=True, failing=True),
        repairs={duplicate.fingerprint: repair},
    )
    (run,) = json.loads(drawn("sarif", report))["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    first, second = run["results"]
    assert sorted(rules) == ["KR-DUP-ADDR", "PW-ONEWAY"]
    assert [rules[one["ruleIndex"]] for one in (first, second)] == [first["ruleId"], second["ruleId"]]
    assert (first["ruleId"], first["level"]) == ("PW-ONEWAY", "error")
    assert second["level"] == "warning"
    assert "fixes" not in first
    (place,) = first["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "seed/r1.cfg"
    assert place["physicalLocation"]["region"]["startLine"] == 3
    assert [one["name"] for one in place["logicalLocations"]] == ["R1", "R2"]
    assert [one["physicalLocation"]["region"]["startLine"] for one in first["relatedLocations"]] == [5, 19]
    assert first["partialFingerprints"] == {
        "ikeaudit/cause/v1": one_way.fingerprint,
        "ikeaudit/members/v1": " ".join(sorted(member.id for member in one_way.members)),
    }
    (fix,) = second["fixes"]
    (change,) = fix["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "seed/r1.cfg"
    assert change["replacements"][0]["insertedContent"]["text"] == "crypto keyring keyring1\n no x\n"
    assert change["replacements"][0]["deletedRegion"] == {
        "startLine": 4, "startColumn": 1, "endLine": 4, "endColumn": 1,
    }  # fmt: skip
    (invocation,) = run["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 3)
    told = [(one["level"], one["message"]["text"]) for one in invocation["toolExecutionNotifications"]]
    assert told[0] == ("error", "R3 connection refused at 192.0.2.3 port 22")
    assert told[1][0] == "warning"
    assert len(told) == 2
    assert "crypto isakmp something-new 7" in told[1][1]


@pytest.mark.parametrize(
    ("severity", "level"),
    [("critical", "error"), ("high", "error"), ("medium", "warning"), ("low", "note"), ("info", "note")],
)
def test_levels(severity: str, level: str, one_way: Finding) -> None:
    finding = msgspec.structs.replace(one_way, severity=severity)
    (run,) = json.loads(drawn("sarif", CheckReport(findings=(finding,), coverage=Coverage(), verdict=BAD)))["runs"]
    assert run["results"][0]["level"] == level


def test_a_fix_that_is_not_proved_is_none(one_way: Finding) -> None:
    repair = Repair(proved=False, reason="two mistakes", commands={"R1": ("no x",)})
    report = CheckReport(findings=(one_way,), coverage=Coverage(), verdict=BAD, repairs={one_way.fingerprint: repair})
    (run,) = json.loads(drawn("sarif", report))["runs"]
    assert "fixes" not in run["results"][0]
    assert "No single change mends this: two mistakes." in run["results"][0]["message"]["text"]


def test_file_names_are_uris(hostile: CheckReport) -> None:
    (run,) = json.loads(drawn("sarif", hostile))["runs"]
    uri = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert re.fullmatch(r"[A-Za-z0-9._~/%-]+", uri)


# --- JUnit


def suite(text: str) -> ET.Element:
    root = ET.fromstring(text)
    (found,) = root
    cases = found.findall("testcase")
    assert root.get("tests") == found.get("tests") == str(len(cases))
    for word, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert found.get(word) == str(sum(case.find(tag) is not None for case in cases))
    return found


def test_each_direction_is_a_test(up: Exchange, down: Exchange, unknown: Exchange) -> None:
    lost = msgspec.structs.replace(up, lost_at="rekey")
    idle = msgspec.structs.replace(unknown, outcome="not-initiated", reason="responder-only")
    fault = msgspec.structs.replace(unknown, outcome="not-initiated", reason="interface-down")
    report = ExplainReport(exchanges=(up, down, unknown, lost, idle, fault), coverage=Coverage())
    cases = suite(drawn("junit", report)).findall("testcase")
    ended = [next((child.tag for child in case if child.tag != "system-out"), "passed") for case in cases]
    assert ended == ["passed", "failure", "skipped", "failure", "skipped", "failure"]
    assert cases[1].get("classname") == "ikeaudit.exchanges.R2"
    assert cases[1].get("name") == "Tunnel1 calls R1 (192.168.0.1)"
    why = cases[1].find("failure")
    assert why is not None
    assert why.get("message") == "down at MM5: keyring-verification (unpredictable)"


def test_a_hazard_fails_by_what_the_check_fails_on(one_way: Finding, weak: Finding) -> None:
    report = CheckReport(findings=(one_way, weak), coverage=Coverage(), verdict=BAD)
    failed = {
        case.get("name", "").split()[0]
        for case in suite(drawn("junit", report)).findall("testcase")
        if case.find("failure") is not None
    }
    assert failed == {"PW-ONEWAY"}
    stricter = msgspec.structs.replace(report, fail_on="low")
    failed = {
        case.get("name", "").split()[0]
        for case in suite(drawn("junit", stricter)).findall("testcase")
        if case.find("failure") is not None
    }
    assert failed == {"PW-ONEWAY", "PH1-WEAK"}


def test_what_could_not_be_read_never_passes(gap: Problem) -> None:
    coverage = Coverage(
        hosts=(
            FileCoverage("a", "a.cfg", modelled=1),
            FileCoverage("b", "b.cfg", modelled=1, unknown=(Line(1, "crypto what"),)),
            FileCoverage("c", "c.txt", kind="not-ios", reason="Junos"),
            FileCoverage("d", "d.cfg", kind="unreadable", reason="no text"),
        ),
        problems=(gap,),
    )
    cases = suite(drawn("junit", CoverageReport(coverage=coverage))).findall("testcase")
    ended = [case[0].tag if len(case) else "passed" for case in cases]
    assert ended == ["passed", "failure", "skipped", "error", "error"]
    report = CheckReport(findings=(), coverage=coverage, verdict=Verdict("INCOMPLETE", "x.", 3, incomplete=True))
    assert suite(drawn("junit", report)).findall("testcase")[0].find("error") is not None


def test_any_name_is_xml(hostile: CheckReport) -> None:
    found = suite(drawn("junit", hostile))
    assert "\\x00\\x1b[31m" in ET.tostring(found, encoding="unicode")


# --- Prometheus


def samples(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    families = list(text_string_to_metric_families(text))
    assert len({family.name for family in families}) == len(families)
    assert all(family.type == "gauge" and family.name.startswith("ikeaudit_") for family in families)
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in families for s in family.samples}


def test_gauges(one_way: Finding, weak: Finding, coverage: Coverage, gap: Problem) -> None:
    report = CheckReport(
        findings=(one_way, weak, weak),
        coverage=msgspec.structs.replace(coverage, problems=(gap,)),
        verdict=BAD,
        version="7",
        time="1970-01-01T00:01:00Z",
        tunnels={"one-end": 1, "none": 4},
    )
    told = samples(drawn("prometheus", report))
    assert told["ikeaudit_info", (("version", "7"),)] == 1
    assert told["ikeaudit_tunnels", (("state", "one-end"),)] == 1
    assert told["ikeaudit_tunnels", (("state", "down"),)] == 0, "an alert sees it go"
    assert told["ikeaudit_findings", (("category", "hygiene"), ("severity", "medium"))] == 2
    assert told["ikeaudit_findings", (("category", "exposure"), ("severity", "critical"))] == 0
    assert told["ikeaudit_hazard_findings", (("code", "PW-ONEWAY"), ("severity", "high"))] == 1
    assert (told["ikeaudit_check_failing", ()], told["ikeaudit_check_incomplete", ()]) == (1, 0)
    assert told["ikeaudit_snapshot_timestamp_seconds", ()] == 60
    assert told["ikeaudit_lines", (("understood", "modelled"),)] == 59
    assert told["ikeaudit_lines", (("understood", "unknown"),)] == 1
    assert told["ikeaudit_hosts_missing", ()] == 1
    assert told["ikeaudit_files", (("kind", "ios"),)] == 2


def test_prometheus_counts_directions(up: Exchange, down: Exchange, unknown: Exchange) -> None:
    told = samples(drawn("prometheus", ExplainReport(exchanges=(up, up, down, unknown), coverage=Coverage())))
    assert told["ikeaudit_directions", (("confidence", "certain"), ("outcome", "up"))] == 2
    assert told["ikeaudit_directions", (("confidence", "unpredictable"), ("outcome", "down"))] == 1
    assert told["ikeaudit_directions_by_reason", (("reason", "keyring-verification"),)] == 1


# --- Markdown


def test_tables_have_as_many_cells_as_their_head(documents: list[Document]) -> None:
    for document in documents:
        tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(drawn("markdown", document))
        heads = sum(token.type == "th_open" for token in tokens)
        cells = sum(token.type == "td_open" for token in tokens)
        rows = sum(token.type == "tr_open" for token in tokens) - 1
        assert heads
        assert cells == heads * rows == heads * len(tables.table_of(document).rows)


def test_no_name_is_markdown(hostile: CheckReport) -> None:
    text = drawn("markdown", hostile)
    tokens = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(text)
    inline = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in inline} <= {"text", "softbreak", "text_special"}
    assert not [token for token in tokens if token.type.startswith("html")]
    assert sum(token.type == "heading_open" for token in tokens) == 2
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", text)


# --- All of them


def test_every_kind_that_a_format_names_is_drawn_by_it() -> None:
    by_module = {
        "csv": tables.TABLES,
        "junit": junit._CASES,
        "prometheus": prometheus._GAUGES,
        "markdown": tables.TABLES,
    }
    for one in FORMATS:
        if one.name in by_module:
            assert set(one.draws) == set(by_module[one.name]), one.name
    assert set(page._DRAWN) <= set(tables.TABLES)


def test_no_library_is_loaded_before_it_is_wanted() -> None:
    code = "import sys, ikeaudit.report.formats; print(*{'prometheus_client', 'xml.etree', 'csv'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def official(name: str) -> Path:
    found = next(OFFICIAL.rglob(name), None) if OFFICIAL.is_dir() else None
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(f"`make .official/installed` did not bring {name}")
        pytest.skip("the published schemas are not here: `make .official/installed`")
    return found


@pytest.mark.full
def test_sarif_is_valid_by_the_official_schema(
    documents: list[Document], hostile: CheckReport, coverage: Coverage, one_way: Finding
) -> None:
    schema = json.loads(official("sarif-2.1.0*.json").read_text(encoding="utf-8"))
    validator = Draft4Validator(schema)
    assert list(validator.iter_errors({"version": "2.1.0", "runs": [{}]})), "the schema refuses what is wrong"
    empty = CheckReport(findings=(), coverage=coverage, verdict=GOOD)
    repair = Repair(proved=True, title="Do", commands={"R1": ("no x",)})
    proved = CheckReport(findings=(one_way,), coverage=coverage, verdict=BAD, repairs={one_way.fingerprint: repair})
    for document in (documents[0], hostile, empty, proved):
        errors = list(validator.iter_errors(json.loads(drawn("sarif", document))))
        assert not errors, errors[0]


@pytest.mark.full
def test_junit_is_valid_by_its_schema(documents: list[Document], hostile: CheckReport) -> None:
    import xmlschema

    schema = xmlschema.XMLSchema(str(official("junit-10.xsd")))
    assert not schema.is_valid("<testsuites><testcase/></testsuites>"), "the schema refuses what is wrong"
    for document in (*documents, hostile):
        schema.validate(drawn("junit", document))
