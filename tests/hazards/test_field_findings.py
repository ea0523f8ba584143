"""What configurations from the field lead to: one mistake is one finding, and what is healthy gives no alarm.

``expect.toml`` of a case in ``tests/cases/findings`` lists as ``[[cause]]`` every finding above ``low`` that is no hygiene, in
their order: ``code``, ``effect``, ``tunnels``, ``follows`` (the codes inside it), and parts of ``message`` and ``fix``.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from told import told

from ikeaudit.api.audit import planned_releases
from ikeaudit.hazards import RANK, Finding, audit
from ikeaudit.model import parse_address
from ikeaudit.model.errors import InputError
from ikeaudit.snapshot.loading import load_snapshot
from ikeaudit.snapshot.nat_file import load_nat
from ikeaudit.snapshot.workspace import Workspace

TESTS = Path(__file__).parents[1]
CASES = sorted(path.parent for path in (TESTS / "cases" / "findings").rglob("expect.toml"))
FIELD = TESTS.parents[1] / "shared" / "field"
BROKEN = {"v2-07-flex-two-vrf-profiles", "v2-11-legacy-cryptomap", "v2-16-smart-defaults"}
"""Whose ``after`` is another fault, not the mended state."""


def found(folder: Path, tmp_path: Path, releases: list[str] | None = None) -> tuple[Finding, ...]:
    nat = next((path for path in (folder / "nat.yaml", folder.parent / "nat.yaml") if path.exists()), None)
    workspace = Workspace.open(tmp_path / "workspace")
    fleet = load_snapshot(folder, workspace).fleet(load_nat(nat) if nat is not None else ())
    return audit(fleet, planned_releases(releases, [router.name for router in fleet.routers]))


def alarms(findings: tuple[Finding, ...]) -> list[Finding]:
    return [one for one in findings if RANK[one.severity] > RANK["low"] and one.category != "hygiene"]


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_case(folder: Path, tmp_path: Path) -> None:
    expected: dict[str, Any] = tomllib.loads((folder / "expect.toml").read_text(encoding="utf-8"))
    wanted = expected.get("cause", [])
    causes = alarms(found(folder, tmp_path, expected.get("target_releases")))
    told_ = [(one.code, one.effect, one.tunnels, sorted(c.code for c in one.consequences)) for one in causes]
    assert told_ == [(w["code"], w["effect"], w["tunnels"], sorted(w.get("follows", []))) for w in wanted]
    for one, w in zip(causes, wanted, strict=True):
        assert w.get("message", "") in one.message
        assert w.get("fix", "") in one.fix


@pytest.mark.skipif(not FIELD.is_dir(), reason="the shared field cases do not lie beside the project")
def test_what_was_mended_gives_no_alarm(tmp_path: Path) -> None:
    mended = [path for path in sorted(FIELD.glob("*/after")) if path.parent.name not in BROKEN]
    assert len(mended) > 20
    wrong = {path.parent.name: [one.code for one in alarms(found(path, tmp_path))] for path in mended}
    assert {name: codes for name, codes in wrong.items() if codes} == {}


@pytest.mark.skipif(not FIELD.is_dir(), reason="the shared field cases do not lie beside the project")
def test_no_class_of_callers_is_shown_as_an_address(tmp_path: Path) -> None:
    """A peer that is one address stands in the configurations: nothing was made up to speak for a class."""
    for folder in sorted({path.parent for path in FIELD.rglob("*.cfg")}):
        text = "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in folder.glob("*.cfg")).lower()
        try:
            findings = told(found(folder, tmp_path))
        except InputError:
            continue
        for finding in findings:
            made_up = [peer for peer in finding.peers if parse_address(peer) is not None and peer.lower() not in text]
            assert not made_up, (folder.name, finding.code, made_up)
