"""No fix removes what a configured tunnel, dynamic entry or profile refers to or would choose.

Each finding says in ``removes`` what its fix takes away. Whether something needs that is worked out from the model alone
(``support/needed.py``), and the fleet is replayed without it: no direction may get worse, in any reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from needed import needed, without
from odd_configs import odd_config
from parsed import router
from told import told

from ikeaudit.exchange import Exchange
from ikeaudit.fleet import Fleet
from ikeaudit.hazards import HAZARDS, Finding, ObjectRef, audit
from ikeaudit.model.errors import InputError
from ikeaudit.report.published_findings import PublishedFinding
from ikeaudit.snapshot.loading import load_snapshot
from ikeaudit.snapshot.nat_file import load_nat
from ikeaudit.snapshot.workspace import Workspace

TESTS = Path(__file__).parents[1]
EVERY = sorted(path.parent for path in (TESTS / "cases").rglob("expect.toml"))
CASES = [folder if at % 4 == 0 else pytest.param(folder, marks=pytest.mark.full) for at, folder in enumerate(EVERY)]
"""One in four in the quick tier, all in the full one."""
FIELD = TESTS.parents[1] / "shared" / "field"

TAKES_AWAY = re.compile(
    r"\b(delete|deleting|remove the (entry|key|keyring|profile)|drop the|get rid)\b"
    r"|nobody calls who is not in this snapshot, |; then .* can go\.|else it can go: ",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.open(tmp_path_factory.mktemp("workspace"))


def fleet_of(folder: Path, workspace: Workspace) -> Fleet:
    nat = folder / "nat.yaml"
    return load_snapshot(folder, workspace).fleet(load_nat(nat) if nat.exists() else ())


def broken(fleet: Fleet, findings: Iterable[Finding]) -> list[str]:
    """What is wrong with the removals that the findings advise."""
    routers = {found.name: found for found in fleet.routers}
    wrong: list[str] = []
    for finding in findings:
        if bool(finding.removes) != bool(TAKES_AWAY.search(finding.fix)):
            wrong.append(f"{finding.code}: {finding.fix!r} against {finding.removes}")
        for gone in finding.removes:
            assert gone.host in finding.hosts
            reason = needed(routers[gone.host], gone)
            if reason is not None:
                wrong.append(f"{finding.code} on {gone.host} removes {gone.kind} {gone.name}, but {reason}")
            wrong += worse(fleet, gone)
    return wrong


def worse(fleet: Fleet, gone: ObjectRef) -> list[str]:
    """The directions that would come up no more without the object, in some reading."""
    routers = [without(one, gone) if one.name == gone.host else one for one in fleet.routers]
    after = {_direction(e): e for e in Fleet(routers, fleet.translations).exchanges}
    wrong = []
    for exchange in fleet.exchanges:
        later = after.get(_direction(exchange))
        if later is None or (_up(exchange) and not _up(later)):
            wrong.append(f"without {gone.kind} {gone.name}: {exchange.initiator} to {exchange.peer} is lost: {later}")
    return wrong


def _direction(exchange: Exchange) -> tuple[str, str, str]:
    return exchange.initiator, exchange.initiator_interface, exchange.peer


def _up(exchange: Exchange) -> bool:
    return exchange.outcome in ("up", "unknown") and all(r.outcome in ("up", "unknown") for r in exchange.readings)


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: str(folder.relative_to(TESTS / "cases")))
def test_no_fix_removes_what_is_needed_in_any_case(folder: Path, workspace: Workspace) -> None:
    fleet = fleet_of(folder, workspace)
    assert broken(fleet, told(audit(fleet))) == []


@pytest.mark.corpus
@pytest.mark.skipif(not FIELD.is_dir(), reason="the shared field cases do not lie beside the project")
def test_no_fix_removes_what_is_needed_in_the_field(workspace: Workspace) -> None:
    wrong = []
    for folder in sorted({path.parent for path in FIELD.rglob("*.cfg")}):
        try:
            fleet = fleet_of(folder, workspace)
        except InputError:
            continue  # told as unreadable, not as mended
        wrong += [f"{folder.relative_to(FIELD)}: {what}" for what in broken(fleet, told(audit(fleet)))]
    assert wrong == []


@pytest.mark.full
def test_no_fix_removes_what_is_needed_in_configurations_made_by_chance() -> None:
    advised = 0
    for seed in range(400):
        fleet = Fleet([router(odd_config(seed))])
        findings = told(audit(fleet))
        advised += sum(len(finding.removes) for finding in findings)
        assert broken(fleet, findings) == [], f"seed {seed}\n{odd_config(seed)}"
    assert advised > 40, "the law is empty unless something may be removed"


def test_what_a_hazard_advises_in_general_removes_nothing() -> None:
    """The text of the catalogue is for everybody; that something may go is said of that one thing, by the finding."""
    assert [hazard.code for hazard in HAZARDS if TAKES_AWAY.search(hazard.fix)] == []


def test_removals_of_folded_findings_are_kept() -> None:
    folder = TESTS / "cases" / "hazards" / "PF-UNUSED" / "fires-spare"
    (text,) = (path.read_text(encoding="utf-8") for path in folder.glob("*.cfg"))
    routers = [router(text.replace("ALDER", f"ALDER{n}").replace("192.0.2.1", f"192.0.2.{n + 1}")) for n in range(9)]
    (finding,) = (f for f in audit(Fleet(routers)) if f.code == "PF-UNUSED" and f.removes)
    assert sorted(gone.host for gone in finding.removes) == sorted(f"ALDER{n}" for n in range(9))


def test_removals_are_not_put_out() -> None:
    """They are for programs of this project; the JSON of findings keeps its schema."""
    assert "removes" not in PublishedFinding.__struct_fields__
