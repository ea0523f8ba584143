"""The worked example from its two configurations to what users rely on: documents, exit codes, filters."""

from __future__ import annotations

import json
import re
import shutil
import stat
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ikeaudit.api import snapshot as loading
from ikeaudit.cli.main import main
from ikeaudit.report import Problem, load_schema
from ikeaudit.snapshot.workspace import Workspace
from ikeaudit.snapshot.writing import write_failed_host, write_snapshot_host


def document(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:
    assert main([*arguments, "--format", "json"]) == code
    body = json.loads(capsys.readouterr().out)
    Draft202012Validator(load_schema(body["schema"])).validate(body)
    return body


def test_explain_knows_that_one_direction_fails(seed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exchanges = document(capsys, "explain", str(seed))["exchanges"]
    told = {(e["initiator"], e["responder"]): e for e in exchanges}
    assert len(exchanges) == 2
    assert told["R1", "R2"]["outcome"] == "up"
    failing = told["R2", "R1"]
    assert (failing["outcome"], failing["reason"], failing["failed_at"], failing["confidence"]) == (
        "down",
        "keyring-verification",
        "MM5",
        "unpredictable",
    )
    lines = iter(line["line"] for line in failing["transcript"] if line["router"] == "R1")
    for wanted in (
        "found peer pre-shared key matching",
        "peer matches profile2 profile",
        "Found ADDRESS key in keyring keyring2",
        "Key not found in keyrings of profile , aborting exchange",
    ):
        assert any(wanted in line for line in lines), wanted


@pytest.mark.parametrize("names", [("R1", "R2"), ("r2", "r1"), ("R2",), ("R1", "192.168.0.2")])
def test_explain_of_a_pair(names: tuple[str, ...], seed: Path, capsys: pytest.CaptureFixture[str], r1: str) -> None:
    (seed / "r3.cfg").write_text(r1.replace("hostname R1", "hostname R3").replace("192.168.0.", "192.168.7."))
    everything = document(capsys, "explain", str(seed))["exchanges"]
    asked = document(capsys, "explain", str(seed), *names)["exchanges"]
    assert {exchange["initiator"] for exchange in everything} == {"R1", "R2", "R3"}
    assert asked[0]["initiator"] == names[0].upper()
    wanted = {("R1", "R2")} if len(names) == 2 and "." in names[1] else {("R1", "R2"), ("R2", "R1")}
    assert {(e["initiator"], e["responder"]) for e in asked} == wanted


def test_explain_of_an_address_finds_its_router(seed: Path, capsys: pytest.CaptureFixture[str], r1: str) -> None:
    (seed / "r3.cfg").write_text(r1.replace("hostname R1", "hostname R3").replace("192.168.0.", "192.168.7."))
    asked = document(capsys, "explain", str(seed), "192.168.0.2")["exchanges"]
    assert {(e["initiator"], e["responder"]) for e in asked} == {("R1", "R2"), ("R2", "R1")}
    # 10.0.0.1 is the inside address of R1's tunnel, which nobody calls: the tunnels of its router.
    asked = document(capsys, "explain", str(seed), "10.0.0.2")["exchanges"]
    assert {(e["initiator"], e["responder"]) for e in asked} == {("R1", "R2"), ("R2", "R1")}
    # 192.168.7.2 is called by R3, and no router holds it.
    asked = document(capsys, "explain", str(seed), "192.168.7.2")["exchanges"]
    assert [(e["initiator"], e["responder"], e["peer"]) for e in asked] == [("R3", None, "192.168.7.2")]
    assert main(["explain", str(seed), "203.0.113.9"]) == 2
    assert "No router holds the address 203.0.113.9, and none calls it." in capsys.readouterr().err


def test_explain_prints_steps_that_point_into_the_exchange(seed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exchanges = document(capsys, "explain", str(seed))["exchanges"]
    failing = next(e for e in exchanges if e["initiator"] == "R2")
    assert [(s["message"], s["from"], s["arrived"]) for s in failing["steps"]] == [
        ("MM1", "initiator", True),
        ("MM2", "responder", True),
        ("MM3", "initiator", True),
        ("MM4", "responder", True),
        ("MM5", "initiator", True),
    ]
    lines = [failing["transcript"][place]["line"] for place in failing["steps"][4]["transcript"]]
    assert lines[-2:] == ["Key not found in keyrings of profile , aborting exchange", "FSM action returned error: 2"]
    key = failing["steps"][2]["decisions"][0]
    assert (key["what"], key["blind"], key["picked"], key["rule"]) == ("key", True, "keyring1", "KEY-TIE")
    assert [(c["name"], c["result"]) for c in key["considered"]] == [
        ("default", "no-key"),
        ("keyring1", "picked"),
        ("keyring2", "later"),
    ]
    told = [failing["evidence"][place]["text"] for place in key["considered"][2]["evidence"]]
    assert told[0] == "crypto keyring keyring2" and told[1].startswith("pre-shared-key address 192.168.0.2")
    assert {(e["by"], e["renewal"], e["lost_at"], e["lost_after"]) for e in exchanges} == {(None, None, None, None)}


def test_explain_of_two_routers_without_a_tunnel(seed: Path, capsys: pytest.CaptureFixture[str], r1: str) -> None:
    (seed / "r3.cfg").write_text(r1.replace("hostname R1", "hostname R3").replace("192.168.0.", "192.168.7."))
    assert main(["explain", str(seed), "R1", "R3"]) == 0
    assert "No tunnel between R1 and R3: nothing to replay." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        ([("r1.cfg", "tunnel protection", "tunnel protectoin")], "2 directions: 2 unknown; r1.cfg:"),
        ([("r1.cfg", "tunnel destination", "tunnel destinatoin")], "2 directions: 2 unknown; r1.cfg:"),
        ([("r1.cfg", "interface Tunnel", "interfcae Tunnel")], "1 direction: 1 unknown; r1.cfg:"),
        (
            [(f"{name}.cfg", "interface Tunnel", "interfcae Tunnel") for name in ("r1", "r2")],
            "Not known whether there is a tunnel between R1 and R2; r1.cfg:",
        ),
    ],
)
def test_a_tunnel_that_was_not_quite_read_is_not_no_tunnel(
    spoilt: list[tuple[str, str, str]], told: str, seed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, word, other in spoilt:
        text = (seed / name).read_text()
        assert word in text
        (seed / name).write_text(text.replace(word, other))
    assert main(["explain", str(seed), "R1", "R2"]) == 3
    out = capsys.readouterr().out
    assert told in out and "what depends on that is unknown" in " ".join(out.split())


def test_check_finds_the_cause_and_the_effect(seed: Path, capsys: pytest.CaptureFixture[str], canary: str) -> None:
    body = document(capsys, "check", str(seed), code=1)
    (cause, *_) = body["findings"]
    assert (cause["code"], cause["effect"], cause["tunnels"]) == ("KR-DUP-ADDR", "one-end", 1)
    (follows,) = (one for one in cause["consequences"] if one["code"] == "PW-ONEWAY")
    assert [(one["initiator"], one["responder"]) for one in follows["directions"]] == [("R2", "R1")]
    assert body["coverage"]["total"]["unknown"] == 0
    assert [entry["host"] for entry in body["coverage"]["hosts"]] == ["R1", "R2"]
    for finding in body["findings"]:
        for line in finding["evidence"]:
            assert line["text"]
    assert canary not in json.dumps(body)


def test_check_says_the_same_twice(seed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = document(capsys, "check", str(seed), code=1)
    assert document(capsys, "check", str(seed), code=1) == first
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", first["time"])
    assert re.fullmatch(r"[0-9a-f]{64}", first["snapshot"])


def test_check_console_ends_with_the_verdict(seed: Path, capsys: pytest.CaptureFixture[str], canary: str) -> None:
    assert main(["check", str(seed)]) == 1
    out = capsys.readouterr().out
    assert out.splitlines()[-1].startswith("FINDINGS  ")
    assert "\nCoverage 2 hosts" in out
    assert canary not in out


def test_fail_on_decides(seed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(seed), "--fail-on", "never"]) == 0
    assert main(["check", str(seed), "--fail-on", "info"]) == 1
    capsys.readouterr()


def test_filters(seed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = document(capsys, "check", str(seed), "--code", "kr-dup-*", "--host", "r1", code=1)
    assert {finding["code"] for finding in body["findings"]} == {"KR-DUP-ADDR"}
    assert all("R1" in finding["hosts"] for finding in body["findings"])
    assert main(["check", str(seed), "--code", "PW-ONEWAY"]) == 1
    assert capsys.readouterr().out.startswith("Only findings of PW-ONEWAY.\n")


def test_output_goes_to_a_private_file(seed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "findings.json"
    assert main(["check", str(seed), "--format", "json", "--output", str(target)]) == 1
    assert capsys.readouterr().out == ""
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert json.loads(target.read_text())["schema"] == "ikeaudit.findings/2"


def test_quiet_is_silent_only_when_clean(seed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(seed), "--quiet", "--fail-on", "never"]) == 0
    assert capsys.readouterr() == ("", "")
    assert main(["check", str(seed), "--quiet"]) == 1
    assert "FINDINGS" in capsys.readouterr().out


@pytest.fixture
def with_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A snapshot that records that R3 did not answer."""
    honest = loading.coverage_of

    def gap(snapshot: Any) -> Any:
        covered = honest(snapshot)
        return type(covered)(
            hosts=covered.hosts, problems=(Problem("host", "R3", "R3/meta.json", "connection refused"),)
        )

    monkeypatch.setattr(loading, "coverage_of", gap)


@pytest.mark.usefixtures("with_gap")
def test_a_host_that_was_not_read_outranks_findings(seed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = document(capsys, "check", str(seed), code=3)
    assert body["findings"]
    assert body["coverage"]["problems"] == [
        {"kind": "host", "host": "R3", "file": "R3/meta.json", "reason": "connection refused"}
    ]
    assert main(["check", str(seed)]) == 3
    assert capsys.readouterr().out.splitlines()[-1].startswith("INCOMPLETE  1 host not read (R3); ")
    assert main(["coverage", str(seed)]) == 3
    assert main(["explain", str(seed)]) == 3
    assert main(["explain", str(seed), "R1", "R2"]) == 0
    capsys.readouterr()
    assert main(["explain", str(seed), "R3"]) == 3
    assert capsys.readouterr().err == "ikeaudit: R3 could not be read: connection refused.\n"


def test_an_unknown_line_is_printed_and_counts(seed: Path, capsys: pytest.CaptureFixture[str], r1: str) -> None:
    text = r1.replace("crypto isakmp policy 10", "crypto isakmp frobnicate 7\n!\ncrypto isakmp policy 10")
    (seed / "r1.cfg").write_text(text)
    body = document(capsys, "coverage", str(seed))
    number = text.splitlines().index("crypto isakmp frobnicate 7") + 1
    (unknown,) = body["hosts"][0]["unknown"]
    assert unknown["line"] == number
    cut = unknown["text"]
    assert re.fullmatch(r"crypto isakmp <CUT:[0-9a-f]{16}>", cut), "what nobody knows is not printed"
    assert main(["check", str(seed), "--min-coverage", "100"]) == 3
    out = capsys.readouterr().out
    assert f"r1.cfg:{number}  {cut}" in out
    assert main(["coverage", str(seed), "--min-coverage", "100"]) == 3


def test_explain_json_says_beside_it_what_is_missing(
    seed: Path, capsys: pytest.CaptureFixture[str], junos: str
) -> None:
    (seed / "fw.conf").write_text(junos)
    assert main(["explain", str(seed), "--format", "json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["schema"] == "ikeaudit.exchanges/2"
    assert "fw.conf is not IOS" in err


def test_rules_and_rule(capsys: pytest.CaptureFixture[str]) -> None:
    body = document(capsys, "rules")
    codes = [rule["code"] for rule in body["rules"]]
    assert "KR-DUP-ADDR" in codes
    assert len(codes) == len(set(codes))
    one = document(capsys, "rule", "kr-dup-addr")
    assert one["rules"] == [rule for rule in body["rules"] if rule["code"] == "KR-DUP-ADDR"]
    assert main(["rule", "KR-DUP-ADDR"]) == 0
    assert "HIGH  KR-DUP-ADDR" in capsys.readouterr().out


def test_a_rule_about_ios(capsys: pytest.CaptureFixture[str]) -> None:
    (known,) = document(capsys, "rule", "key-lpm")["book"]
    assert known["id"] == "KEY-LPM"
    assert "117259" in known["source"]
    assert main(["rule", "U-7"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("U-7 ")
    assert "IKEv2" in told and "source" in told
    assert main(["rule", "KEY-LPN"]) == 2
    assert "KEY-LPM" in capsys.readouterr().err


@pytest.fixture
def collected(tmp_path: Path, r1: str) -> Path:
    """A snapshot of R1, and of R3, which did not answer."""
    fingerprinter = Workspace.open().fingerprinter
    folder = tmp_path / "snapshot"
    write_snapshot_host(folder, "R1", r1, {}, {}, fingerprinter=fingerprinter)
    write_failed_host(folder, "R3", "connection refused at 192.0.2.3 port 22", {}, fingerprinter=fingerprinter)
    return folder


def test_a_collected_snapshot_with_a_host_missing(collected: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = document(capsys, "check", str(collected), code=3)
    problems = [problem for problem in body["coverage"]["problems"] if problem["kind"] == "host"]
    assert [(problem["host"], problem["reason"]) for problem in problems] == [
        ("R3", "connection refused at 192.0.2.3 port 22")
    ]
    assert main(["check", str(collected), "--fail-on", "never"]) == 3
    assert "not read  R3: connection refused at 192.0.2.3 port 22" in capsys.readouterr().out


def test_a_snapshot_of_which_nothing_was_read(collected: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(collected / "R1")
    assert main(["check", str(collected)]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"ikeaudit: No host of {collected} could be read (R3: connection refused at 192.0.2.3 port 22).\n"
