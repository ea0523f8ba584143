"""What is advised is proved: the law over cases, and what may never be advised."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from proved import fleet_of, holds, law

from ikeaudit.hazards import HAZARDS, audit
from ikeaudit.hazards.catalogue import OF_STATE
from ikeaudit.hazards.fixed import PROVED
from ikeaudit.remediation.fixes.prover import Prover
from ikeaudit.snapshot.workspace import Workspace

CASES = Path(__file__).resolve().parents[1] / "cases"
QUICK = (
    "hazards/KR-NOKEY/fires",
    "hazards/PW-PSK-DIFF/fires",
    "hazards/PW-PH1-NONE/fires",
    "hazards/PW-PFS/fires",
    "hazards/CM-ACL-BACKWARDS/fires",
    "hazards/V2-KEYRING-GAP/fires",
)
"""A sample for every day."""

FIXED: dict[str, str] = tomllib.loads(Path(__file__).with_name("fixed.toml").read_text(encoding="utf-8"))
BREAKING = {hazard.code for hazard in HAZARDS if hazard.category in ("connectivity", "selection")} - OF_STATE
"""What a configuration breaks; what the routers' state alone tells, no edit takes away by itself."""
FOLDERS = sorted(str(path.parent.relative_to(CASES)) for path in CASES.rglob("expect.toml"))


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.open(tmp_path_factory.mktemp("workspace"))


@pytest.mark.parametrize("folder", QUICK)
def test_a_proved_fix_mends_its_finding_and_harms_nothing(folder: str, workspace: Workspace) -> None:
    code = folder.split("/")[1]
    assert law(fleet_of(CASES / folder, workspace)).get(code), f"{code} has a proved fix"


def test_most_hazards_that_break_tunnels_have_a_proved_fix_and_the_pages_say_which() -> None:
    assert set(FIXED) == PROVED <= BREAKING | OF_STATE
    assert len(FIXED.keys() - OF_STATE) >= 0.8 * len(BREAKING)


@pytest.mark.full
@pytest.mark.parametrize("code", sorted(FIXED))
def test_the_table_of_proved_fixes_is_true(code: str, workspace: Workspace) -> None:
    fleet = fleet_of(CASES / FIXED[code], workspace)
    proved = False
    for finding in audit(fleet):
        if finding.code == code:
            repair = Prover(fleet, finding).repair()
            proved |= repair.proved
            if repair.proved:
                holds(fleet, finding, repair)
    assert proved


@pytest.mark.full
@pytest.mark.timeout(600)
@pytest.mark.parametrize("folder", FOLDERS)
def test_the_law_over_all_cases(folder: str, workspace: Workspace) -> None:
    if "target_releases" not in tomllib.loads((CASES / folder / "expect.toml").read_text(encoding="utf-8")):
        law(fleet_of(CASES / folder, workspace))
