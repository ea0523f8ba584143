"""Every case folder: configurations in, exchanges and findings out (DESIGN 6; CONTRIBUTING says how to add one)."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from told import told

from ikeaudit.api import export_case, load
from ikeaudit.api.audit import planned_releases
from ikeaudit.exchange import Exchange
from ikeaudit.fleet import Fleet
from ikeaudit.hazards import audit
from ikeaudit.snapshot.loading import load_snapshot
from ikeaudit.snapshot.nat_file import load_nat
from ikeaudit.snapshot.workspace import Workspace

CASES = Path(__file__).parent / "cases"
FOLDERS = sorted(path.parent for path in CASES.rglob("expect.toml"))


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.open(tmp_path_factory.mktemp("workspace"))


@cache
def _fleet(folder: Path, workspace: Workspace) -> Fleet:
    fleet = load_snapshot(folder, workspace).fleet()
    nat = folder / "nat.yaml"
    return Fleet(fleet.routers, load_nat(nat)) if nat.exists() else fleet


def _name(folder: Path) -> str:
    return str(folder.relative_to(CASES))


def _expectation(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "expect.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("folder", FOLDERS, ids=_name)
def test_case(folder: Path, workspace: Workspace) -> None:
    expected = _expectation(folder)
    assert expected.get("source"), "a case says where its expected values come from"
    assert expected.get("exchange") or expected.get("findings"), "a case expects something"
    fleet = _fleet(folder, workspace)
    for wanted in expected.get("exchange", ()):
        _check_exchange(fleet, wanted)
    findings = expected.get("findings", {})
    if findings:
        planned = planned_releases(expected.get("target_releases"), [router.name for router in fleet.routers])
        codes = {finding.code for finding in told(audit(fleet, planned))}
        assert set(findings.get("fire", ())) <= codes, f"must fire; found {sorted(codes)}"
        assert not set(findings.get("silent", ())) & codes, f"must stay silent; found {sorted(codes)}"


@pytest.mark.parametrize(
    "name",
    [
        "hazards/MODEL-DISAGREES/fires",
        "hazards/SA-NHRP/fires",
        pytest.param("crypto-map/transform-differs", marks=pytest.mark.full),
        pytest.param("fuzz/ikev2-identity-before-address", marks=pytest.mark.full),
    ],
)
def test_an_exported_case_is_a_case(
    name: str, tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its ``expect.toml`` is that of the pair: as many directions, with the outcomes that they have there."""
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path / "workspace"))
    snapshot = load(CASES / name, create=False)
    a, b = [router.name for router in snapshot.fleet.routers][:2]
    export_case(snapshot, a, b, tmp_path / "case")
    test_case(tmp_path / "case", workspace)
    written = _expectation(tmp_path / "case")
    alone = Fleet([snapshot.fleet.router(one) for one in (a, b)])
    letters = {a: "A", b: "B"}
    assert sorted((one["initiator"], one["outcome"], one["reason"]) for one in written["exchange"]) == sorted(
        (letters[e.initiator], e.outcome, e.reason or "none")
        for e in (*alone.exchanges, *alone.client_exchanges, *alone.spoke_exchanges)
    )
    state = {"hazards/MODEL-DISAGREES/fires": ["MODEL-DISAGREES"], "hazards/SA-NHRP/fires": ["SA-NHRP"]}.get(name)
    assert written.get("findings", {}).get("fire") == state


def _check_exchange(fleet: Fleet, wanted: dict[str, Any]) -> None:
    keys = ("initiator", "responder", "initiator_interface", "peer")
    everything = (*fleet.exchanges, *fleet.client_exchanges, *fleet.spoke_exchanges)
    chosen = [e for e in everything if all(getattr(e, k) == wanted[k] for k in keys if k in wanted)]
    seen = [(e.initiator, e.initiator_interface, e.responder, e.peer) for e in everything]
    assert len(chosen) == 1, f"{wanted} names {len(chosen)} exchanges of {seen}"
    exchange = chosen[0]
    for key, value in wanted.items():
        if key == "transcript":
            _check_transcript(exchange, value)
        elif key == "not_in_transcript":
            assert not [line for line in exchange.transcript for text in value if text in line.line]
        elif key == "some_reading":
            outcomes = [(r.outcome, r.reason) for r in exchange.readings]
            wanted_reading = tuple(None if part == "none" else part for part in value)
            assert wanted_reading in outcomes, outcomes
        elif key == "renews":
            renewal = exchange.renewal
            assert renewal is not None, exchange
            assert [renewal.outcome, renewal.reason or "none", renewal.confidence] == value
        elif key == "then":
            other = exchange.instead
            assert other is not None, exchange
            assert [other.peer, other.responder or "", other.outcome, other.confidence] == value
        elif key == "cites":
            texts = [re.sub("<CUT:[0-9a-f]+>", "<CUT>", evidence.text) for evidence in exchange.evidence]
            assert not [text for text in value if text not in texts], texts
        elif value == "none":
            assert getattr(exchange, key) is None, exchange
        else:
            assert getattr(exchange, key) == value, msgspec.json.format(msgspec.json.encode(exchange)).decode()


def _check_transcript(exchange: Exchange, wanted: list[str]) -> None:
    """``ROUTER: text`` must appear in this order, each as part of a line of that router."""
    lines = iter(exchange.transcript)
    for entry in wanted:
        router, _, text = entry.partition(": ")
        assert any(line.router == router and text in line.line for line in lines), (
            f"{entry!r} is missing, or out of order, in\n"
            + "\n".join(f"{x.router}: {x.line}" for x in exchange.transcript)
        )
