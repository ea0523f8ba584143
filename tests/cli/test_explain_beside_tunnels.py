"""``explain`` shows what calls beside the tunnels: spokes each other, members their key servers, Easy VPN clients."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ikeaudit.cli.main import main
from ikeaudit.report import load_schema

CASES = Path(__file__).parents[1] / "cases"


def explain(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    assert main(["explain", *arguments, "--format", "json"]) == 0
    body = json.loads(capsys.readouterr().out)
    Draft202012Validator(load_schema(body["schema"])).validate(body)
    exchanges: list[dict[str, Any]] = body["exchanges"]
    return exchanges


def outcomes(exchanges: list[dict[str, Any]]) -> dict[tuple[str, str | None], str]:
    return {(e["initiator"], e["responder"]): e["outcome"] for e in exchanges}


@pytest.fixture
def large_cloud(tmp_path: Path) -> Path:
    case = CASES / "dmvpn" / "spoke-to-spoke-with-wildcard"
    (tmp_path / "hub.cfg").write_text((case / "hub.cfg").read_text())
    spoke = (case / "s1.cfg").read_text()
    for n in range(1, 13):
        text = spoke.replace("hostname S1", f"hostname S{n:02}").replace("203.0.113.11", f"203.0.113.{100 + n}")
        (tmp_path / f"s{n:02}.cfg").write_text(text.replace("10.10.0.11", f"10.10.0.{100 + n}"))
    return tmp_path


def test_a_large_cloud_is_shown_in_part(large_cloud: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = outcomes(explain(capsys, str(large_cloud)))
    # Twelve spokes, each to the hub and back; and each with one other spoke in both directions.
    assert len(found) == 24 + 24
    assert ("S01", "S07") not in found and found["S01", "S02"] == found["S02", "S01"] == "up"


def test_any_pair_of_spokes_can_be_asked_for(large_cloud: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = explain(capsys, str(large_cloud), "s07", "S01")
    assert [(e["initiator"], e["responder"], e["outcome"]) for e in asked] == [
        ("S07", "S01", "up"),
        ("S01", "S07", "up"),
    ]
    listed = explain(capsys, str(large_cloud), "S01", "S02")
    assert [(e["initiator"], e["responder"]) for e in listed] == [("S01", "S02"), ("S02", "S01")], "each once"


def test_a_key_server_and_its_member(capsys: pytest.CaptureFixture[str]) -> None:
    found = explain(capsys, str(CASES / "getvpn" / "keyring-trouble-on-the-key-server"), "GM", "KS")
    assert outcomes(found) == {("GM", "KS"): "down", ("KS", "GM"): "not-initiated"}
    assert found[0]["responder_interface"] == "GDOI GETVPN"
    assert found[0]["reason"] == "keyring-verification"


def test_an_easy_vpn_client(capsys: pytest.CaptureFixture[str]) -> None:
    found = explain(capsys, str(CASES / "ezvpn" / "dynamic-map"))
    assert outcomes(found) == {("CLIENT", "SERVER"): "unknown", ("SERVER", "CLIENT"): "not-initiated"}
    assert "EzVPN groups are never compared" in found[0]["readings"][0]["reading"]
