"""Whatever ``explain`` predicts to fail, ``check`` raises an alarm about, and names both routers."""

from __future__ import annotations

from pathlib import Path

import pytest
from told import told

from ikeaudit.exchange import Exchange
from ikeaudit.fleet import Fleet
from ikeaudit.hazards import RANK, audit
from ikeaudit.snapshot.loading import load_snapshot
from ikeaudit.snapshot.nat_file import load_nat
from ikeaudit.snapshot.workspace import Workspace

CASES = Path(__file__).parents[1] / "cases"
GROUPS = sorted(path.name for path in CASES.iterdir() if path.name != "hazards")
"""The hazards' own cases say by themselves what must fire."""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.open(tmp_path_factory.mktemp("workspace"))


def failing(fleet: Fleet) -> list[Exchange]:
    """Directions between two known routers that fail in the primary reading, and not for want of a fact."""
    return [
        exchange
        for exchange in fleet.exchanges
        if exchange.outcome in ("down", "half-open") and exchange.responder and exchange.confidence != "unknown"
    ]


@pytest.mark.parametrize("group", GROUPS)
def test_no_direction_fails_without_an_alarm(group: str, workspace: Workspace) -> None:
    for expectation in sorted((CASES / group).rglob("expect.toml")):
        folder = expectation.parent
        nat = folder / "nat.yaml"
        fleet = load_snapshot(folder, workspace).fleet(load_nat(nat) if nat.exists() else ())
        wrong = failing(fleet)
        alarms = [set(one.hosts) for one in told(audit(fleet)) if RANK[one.severity] >= RANK["high"]] if wrong else []
        for exchange in wrong:
            ends = {exchange.initiator, exchange.responder}
            assert any(ends <= hosts for hosts in alarms), (
                folder,
                exchange.initiator,
                exchange.responder,
                exchange.reason,
            )
