"""A case folder under ``ikev2/`` is a fleet; ``expected/`` holds the move planned for it, text for text (``--update``)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from ikev2_laws import after_fleet, check, options_in
from plans import fleet_in

from ikeaudit.remediation.planner import PlannedChange

CASES = Path(__file__).parent / "ikev2"
FOLDERS = sorted({path.parent for path in CASES.glob("*/*.cfg")})


@cache
def made(folder: Path) -> PlannedChange:
    """The plan of a case, which keeps every law after each of its lines."""
    return check(fleet_in(folder), options_in(folder))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_planned_text_and_laws(folder: Path, update: bool) -> None:
    files = made(folder).files
    found = {
        name.replace("/", "."): text
        for name, text in files.items()
        if name == "plan.md" or name.endswith(("apply.cfg", "rollback.cfg"))
    }
    expected = folder / "expected"
    if update:
        expected.mkdir(exist_ok=True)
        for stale in expected.iterdir():
            stale.unlink()
        for name, text in found.items():
            (expected / name).write_text(text, encoding="utf-8")
    golden = {path.name: path.read_text(encoding="utf-8") for path in expected.iterdir()}
    assert found == golden


MOVED = [folder for folder in FOLDERS if not folder.name.startswith("b3-second")]


@pytest.mark.parametrize("folder", MOVED, ids=lambda folder: folder.name)
def test_moved_tunnels_are_up_both_ways(folder: Path) -> None:
    """Every direction that can be started speaks IKEv2 and is certain to come up; refused tunnels stay with IKEv1."""
    fleet = fleet_in(folder)
    change = made(folder)
    refused = {(refusal.router, refusal.subject) for refusal in change.plan.refusals}
    for exchange in after_fleet(fleet, change).exchanges:
        here = exchange.responder is not None or exchange.outcome == "not-initiated"
        ends = {(exchange.initiator, exchange.initiator_interface), (exchange.responder, exchange.responder_interface)}
        if here and not ends & refused:  # a tunnel with an end that is refused stays as it is
            assert exchange.ike_version == 2
            assert exchange.outcome in ("up", "not-initiated")
            if exchange.outcome == "up":
                assert exchange.worst == "up"
