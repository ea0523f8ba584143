"""Each hazard's case folders: that every code has both kinds, and what the findings say beside their code.

``expect.toml`` may hold ``[[finding]]`` tables: ``code``, and any of ``severity``, ``confidence``, ``hosts``, ``peers``,
``count`` (how many findings of that code there are, causes or
consequences); ``message`` and ``fix`` are parts of the finding's texts, ``removes`` what
the fix takes away (``keyring K``, nothing: ``[]``).
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from told import told

from ikeaudit.api.audit import planned_releases
from ikeaudit.hazards import HAZARDS, Finding, audit
from ikeaudit.snapshot.loading import load_snapshot
from ikeaudit.snapshot.nat_file import load_nat
from ikeaudit.snapshot.workspace import Workspace

CASES = Path(__file__).parents[1] / "cases" / "hazards"
FOLDERS = sorted(path.parent for path in CASES.rglob("expect.toml"))


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.open(tmp_path_factory.mktemp("workspace"))


@cache
def findings(folder: Path, workspace: Workspace) -> tuple[Finding, ...]:
    nat = folder / "nat.yaml"
    fleet = load_snapshot(folder, workspace).fleet(load_nat(nat) if nat.exists() else ())
    planned = planned_releases(_expectation(folder).get("target_releases"), [router.name for router in fleet.routers])
    return audit(fleet, planned)


def _expectation(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "expect.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("code", [hazard.code for hazard in HAZARDS])
def test_every_hazard_has_a_firing_and_a_silent_case(code: str) -> None:
    fire = [code in _expectation(f).get("findings", {}).get("fire", ()) for f in (CASES / code).glob("fires*")]
    silent = [code in _expectation(f).get("findings", {}).get("silent", ()) for f in (CASES / code).glob("silent*")]
    assert fire and all(fire)
    assert silent and all(silent)


WITH_FINDINGS = [folder for folder in FOLDERS if _expectation(folder).get("finding")]


@pytest.mark.parametrize("folder", WITH_FINDINGS, ids=lambda folder: str(folder.relative_to(CASES)))
def test_what_the_finding_says(folder: Path, workspace: Workspace) -> None:
    for wanted in _expectation(folder)["finding"]:
        found = [finding for finding in told(findings(folder, workspace)) if finding.code == wanted["code"]]
        if "count" in wanted:
            assert len(found) == wanted["count"], found
        assert any(_fits(finding, wanted) for finding in found), found


def _fits(finding: Finding, wanted: dict[str, Any]) -> bool:
    removed = [f"{gone.kind} {gone.name}" for gone in finding.removes]
    return (
        finding.severity == wanted.get("severity", finding.severity)
        and finding.confidence == wanted.get("confidence", finding.confidence)
        and list(finding.hosts) == wanted.get("hosts", list(finding.hosts))
        and set(finding.peers) == set(wanted.get("peers", finding.peers))
        and wanted.get("message", "") in finding.message
        and wanted.get("fix", "") in finding.fix
        and wanted.get("removes", removed) == removed
    )


def _keys(folder: Path) -> set[str]:
    """The keys that the case's configurations hold in clear, told by their form."""
    text = "".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.cfg"))
    return {
        word
        for word in text.split()
        if len(word) >= 20 and word.isalnum() and not word.isupper() and not word.islower()
    }


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(CASES)))
def test_findings_of_the_case_are_sound(folder: Path, workspace: Workspace) -> None:
    """Evidence names lines of the hosts concerned, nothing is reported twice, no text is empty, and no key gets through."""
    found = told(findings(folder, workspace))
    written = msgspec.json.encode(found).decode()
    assert not [key for key in _keys(folder) if key in written]
    assert len({finding.fingerprint for finding in found}) == len(found)
    members = [member.id for finding in found for member in finding.members]
    assert len(set(members)) == len(members)
    for finding in found:
        assert finding.hosts and finding.message.endswith(".") and finding.symptom and finding.fix
        for line in finding.evidence:
            assert line.host in finding.hosts
            assert line.text, (finding.code, line)
