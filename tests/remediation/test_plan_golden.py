"""A case folder under ``plans/`` is a fleet; ``expected/`` holds what is planned for it, text for text (``--update``)."""

from __future__ import annotations

from pathlib import Path

import pytest
from plans import fleet_in, planned

PLANS = Path(__file__).parent / "plans"
FOLDERS = sorted({path.parent for path in PLANS.rglob("*.cfg") if path.parent.name != "expected"})


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_planned_text(folder: Path, update: bool) -> None:
    strategy = "ikev2" if folder.parent.name == "ikev2" else "single-keyring"
    files = planned(fleet_in(folder), strategy).files
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
