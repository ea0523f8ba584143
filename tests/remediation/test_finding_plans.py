"""``check --fixes`` and ``plan --finding`` from the outside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ikeaudit.cli.main import main
from ikeaudit.remediation.plan_folder import load_plan

CASES = Path(__file__).resolve().parents[1] / "cases" / "hazards"
OTHER_KEYS = CASES / "PW-PSK-DIFF" / "fires"
"""R1 and R2 each have another key for the other, in keyring KR; nobody else holds either."""


@pytest.fixture(autouse=True)
def workspace(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path_factory.mktemp("workspace") / "ws"))


def finding(folder: Path, code: str, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, object]:
    main(["check", str(folder), "--format", "json", "--code", code, *more])
    (found,) = [one for one in json.loads(capsys.readouterr().out)["findings"] if one["code"] == code]
    assert isinstance(found, dict)
    return found


def key_at(folder: Path, router: str, capsys: pytest.CaptureFixture[str]) -> str:
    """The token of the one key of a router, from the evidence of what is found."""
    evidence = finding(folder, "PW-PSK-DIFF", capsys)["evidence"]
    assert isinstance(evidence, list)
    (text,) = {e["text"] for e in evidence if e["host"] == router and "<PSK:" in e["text"]}
    return str(text)[text.index("<PSK:") :]


def test_without_being_asked_for_nothing_is_proved(capsys: pytest.CaptureFixture[str]) -> None:
    assert finding(OTHER_KEYS, "PW-PSK-DIFF", capsys)["fix"] == {
        "text": "Enter the key that is meant at both ends; check which keyring each end takes it from.",
        "basis": "advice",
    }


def test_the_commands_are_those_that_a_hand_would_type(capsys: pytest.CaptureFixture[str]) -> None:
    """KEY-DUPLICATE: an address that has a key takes no other one before the first is gone."""
    mine, theirs = (key_at(OTHER_KEYS, name, capsys) for name in ("R1", "R2"))
    assert mine != theirs
    fix = finding(OTHER_KEYS, "PW-PSK-DIFF", capsys, "--fixes")["fix"]
    assert isinstance(fix, dict)
    there = ("crypto keyring KR", f"no pre-shared-key address 192.0.2.2 key {mine}")
    back = ("crypto keyring KR", f"no pre-shared-key address 192.0.2.2 key {theirs}")
    assert fix["commands"] == {"R1": [*there, f"pre-shared-key address 192.0.2.2 key {theirs}", "exit"]}
    assert fix["rollback"] == {"R1": [*back, f"pre-shared-key address 192.0.2.2 key {mine}", "exit"]}
    assert fix["proved"] is True
    assert [d["initiator"] for d in fix["brings_up"]] == ["R1", "R2"]
    assert fix["leaves_down"] == []
    assert "which R2 has (or R2 that of R1: which of the two is right is in no configuration)" in str(fix["text"])


def test_people_see_the_commands_below_the_cause(capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", str(OTHER_KEYS), "--code", "PW-PSK-DIFF", "--fixes"])
    shown = capsys.readouterr().out
    assert "          crypto keyring KR\n           no pre-shared-key address 192.0.2.2" in shown
    assert "Proved by replay: brings up 2 directions, makes none worse." in shown


def test_a_plan_is_made_of_the_fix(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fingerprint = str(finding(OTHER_KEYS, "PW-PSK-DIFF", capsys)["fingerprint"])
    out = tmp_path / "plan"
    assert main(["plan", str(OTHER_KEYS), "--finding", fingerprint[:8], "--out", str(out), "--no-archive"]) == 0
    plan = load_plan(out)
    assert plan.strategy == f"finding-{fingerprint}"
    assert [(step.router, step.phase) for step in plan.steps] == [("R1", "switch")]
    assert {o.after.worst for o in plan.directions if o.after is not None} == {"up"}
    # The key comes from the other end, which is read when the plan is applied.
    assert {(need.source, need.host) for need in plan.routers[0].keys} == {("own", None), ("peer", "R2")}
    after = tmp_path / "after"
    after.mkdir()
    (after / "r1.cfg").write_text((out / "R1" / "after.cfg").read_text())
    (after / "r2.cfg").write_text((OTHER_KEYS / "r2.cfg").read_text())
    capsys.readouterr()


def test_no_such_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", str(OTHER_KEYS), "--finding", "0000", "--out", str(tmp_path / "plan")]) == 2
    assert "There is no cause '0000'" in capsys.readouterr().err


def test_no_fix_is_proved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two routers with one address: who is to have it is in no configuration (the fix of FL-DUPIP)."""
    folder = CASES / "FL-DUPIP" / "fires"
    fingerprint = str(finding(folder, "FL-DUPIP", capsys)["fingerprint"])
    assert main(["plan", str(folder), "--finding", fingerprint, "--out", str(tmp_path / "plan")]) == 5
    assert f"No fix of {fingerprint} (FL-DUPIP) is proved: " in capsys.readouterr().err
    assert not (tmp_path / "plan").exists()


def test_a_fix_and_a_strategy_are_two_things(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--finding", "0000", "--strategy", "ikev2", "--out", str(tmp_path / "plan")]
    assert main(["plan", str(OTHER_KEYS), *words]) == 2
    assert "give one of them" in capsys.readouterr().err


def test_a_mistyped_keyring_is_put_right_and_nothing_is_deleted(capsys: pytest.CaptureFixture[str]) -> None:
    """A profile names SITSE, the keyring is SITES: the name is mended (BIND-UNDEFINED); the keyring is needed."""
    fix = finding(CASES.parent / "findings" / "keyring-name-mistyped", "KR-UNDEF", capsys, "--fixes")["fix"]
    assert isinstance(fix, dict)
    assert fix["commands"] == {"OAK": ["crypto isakmp profile PEERS", "no keyring SITSE", "keyring SITES", "exit"]}


def test_an_interface_that_is_switched_off_is_left_so(capsys: pytest.CaptureFixture[str]) -> None:
    fix = finding(CASES / "PF-UNUSED" / "fires-switched-off", "PW-NOSTART", capsys, "--fixes")["fix"]
    assert isinstance(fix, dict)
    assert fix["proved"] is False
    assert fix["commands"] == {}
    assert "shut down" in str(fix["reason"])


def test_a_mistyped_destination_is_put_right_where_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    """OAK calls 203.0.113.15, and ELM, whose calls find no tunnel there, is 203.0.113.51 (END-NAMED-PEER)."""
    fix = finding(CASES.parent / "findings" / "tunnel-destination-mistyped", "PW-PEERADDR", capsys, "--fixes")["fix"]
    assert isinstance(fix, dict)
    assert fix["commands"] == {"OAK": ["interface Tunnel1", "tunnel destination 203.0.113.51", "exit"]}
