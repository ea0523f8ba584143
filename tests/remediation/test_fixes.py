"""What is advised is proved: the law over cases, and what may never be advised."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from ikeaudit.candidate import Candidate
from ikeaudit.exchange import Exchange
from ikeaudit.fleet import Fleet
from ikeaudit.hazards import audit
from ikeaudit.hazards.finding import Finding
from ikeaudit.model import Router
from ikeaudit.parsing import parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.remediation.fixes.contract import Repair
from ikeaudit.remediation.fixes.prover import Prover
from ikeaudit.remediation.proof_state import worsening
from ikeaudit.snapshot.loading import load_snapshot
from ikeaudit.snapshot.nat_file import load_nat
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

FOLDERS = sorted(str(path.parent.relative_to(CASES)) for path in CASES.rglob("expect.toml"))


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.open(tmp_path_factory.mktemp("workspace"))


def fleet_of(folder: Path, workspace: Workspace) -> Fleet:
    fleet = load_snapshot(folder, workspace).fleet()
    nat = folder / "nat.yaml"
    return Fleet(fleet.routers, load_nat(nat)) if nat.exists() else fleet


def applied(router: Router, commands: tuple[str, ...]) -> Router:
    """The router read anew, from what its configuration mode makes of ``commands``."""
    candidate = Candidate.from_text("\n".join(router.lines) + "\n")
    refused = [reply.output for reply in candidate.apply(commands) if reply.refused]
    assert not refused, refused
    (parsed,) = parse_configs(candidate.text(), file=router.file, fingerprinter=Fingerprinter(bytes(32)))
    assert parsed.router is not None
    return parsed.router


def directions(fleet: Fleet) -> dict[tuple[str, str, str], Exchange]:
    every = (*fleet.exchanges, *fleet.client_exchanges, *fleet.spoke_exchanges)
    return {(e.initiator, e.initiator_interface, e.peer): e for e in every}


def holds(fleet: Fleet, finding: Finding, repair: Repair) -> None:
    """The whole fleet, changed as the repair says: the finding is gone, nothing is worse, and what is said to come up does."""
    routers = [
        applied(router, repair.commands[router.name]) if router.name in repair.commands else router
        for router in fleet.routers
    ]
    after = Fleet(routers, fleet.translations)
    before, now = directions(fleet), directions(after)
    for key, was in before.items():
        if was.outcome in ("up", "unknown"):
            assert key in now, f"{finding.code}: {key} is gone"
        if key in now:
            assert worsening(was, now[key]) is None, f"{finding.code}: {key}: {worsening(was, now[key])}"
    told = [one for cause in audit(after) for one in (cause, *cause.follows)]
    assert finding.fingerprint not in {one.fingerprint for one in told}, f"{finding.code}: {finding.message}"
    came = {(d.initiator, d.initiator_interface): d for d in repair.brings_up}
    for ends in came:
        up = [e for key, e in now.items() if key[:2] == ends]
        assert any(e.worst in ("up", "not-initiated") for e in up), f"{finding.code}: {ends}"


def law(fleet: Fleet) -> dict[str, bool]:
    """The law for every finding of a fleet; which codes have a proved fix."""
    found: dict[str, bool] = {}
    for finding in audit(fleet):
        repair = Prover(fleet, finding).repair()
        assert repair.proved == bool(repair.commands)
        assert repair.proved != bool(repair.reason)
        found[finding.code] = found.get(finding.code, False) or repair.proved
        if repair.proved:
            holds(fleet, finding, repair)
    return found


@pytest.mark.parametrize("folder", QUICK)
def test_a_proved_fix_mends_its_finding_and_harms_nothing(folder: str, workspace: Workspace) -> None:
    code = folder.split("/")[1]
    assert law(fleet_of(CASES / folder, workspace)).get(code), f"{code} has a proved fix"


@pytest.mark.full
@pytest.mark.parametrize("folder", FOLDERS)
def test_the_law_over_all_cases(folder: str, workspace: Workspace) -> None:
    if "target_releases" not in tomllib.loads((CASES / folder / "expect.toml").read_text(encoding="utf-8")):
        law(fleet_of(CASES / folder, workspace))
