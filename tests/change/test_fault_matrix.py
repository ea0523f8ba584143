"""Every fault in every phase of a change: whatever is reported is true, and no router is left half-changed unsaid.

By default each fault meets a few phases and each phase a few faults; ``IKEAUDIT_FULL_MATRIX=1`` runs all of them.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from ikeaudit.change import roll_back
from ikeaudit.change.rehearse import _run, scene_of
from ikeaudit.lab.fault_set import KILLED, every_case
from ikeaudit.model.errors import IkeauditError

pytestmark = pytest.mark.ssh

EVERY = every_case(("R1", "R2"))
CHOSEN = EVERY if os.environ.get("IKEAUDIT_FULL_MATRIX") else EVERY[3::11]


def test_the_readme_has_the_table():
    """Made from the matrix by docs/fault_matrix.py."""
    from runpy import run_path

    root = Path(__file__).resolve().parents[2]
    made = run_path(str(root / "docs" / "fault_matrix.py"))["table"]()
    assert made in (root / "README.md").read_text(encoding="utf-8"), "run docs/fault_matrix.py"


@pytest.mark.parametrize("case", [case for case in CHOSEN if case.fault == KILLED], ids=str)
def test_a_killed_change_is_finished(window, case):
    """``kill -9`` of the process, then ``apply --resume``, then ``rollback``; tokens stand in for keys."""
    w = window()
    result = _run(scene_of(w.setting.plan, w.setting.folder), 1, ("R1", "R2"), case)
    assert result.passed and result.result == "committed", result


@pytest.mark.parametrize("case", [case for case in CHOSEN if case.fault != KILLED], ids=str)
def test_the_report_is_true(window, case):
    w = window()
    w.fault(case.router, *case.faults)
    try:
        report = w.apply()
        code, words = report.exit_code, f"{report.result}: {report.cause}"
    except IkeauditError as error:
        report, code, words = None, error.exit_code, str(error)
    routers = [w.router(n) for n in ("R1", "R2")]
    for _ in range(50):
        if not any(router.down for router in routers):
            break
        time.sleep(0.1)
    own = [line for n in ("R1", "R2") for line in w.running(n).splitlines() if "location here" not in line]
    changed = ["keyring2" not in w.running(n) for n in ("R1", "R2")]
    words = f"{words} {changed} {w.said}"
    assert changed in ([True, True], [False, False]), words  # never one end without the other
    assert all(changed) is (code == 0 or (report is not None and report.result == "unsaved")), words
    if code != 0:
        assert code in (3, 5, 6), words
        assert own.count("   keyring keyring2") == (0 if all(changed) else 2), words
    assert not any(router.revert.pending or router.reload_due_in() for router in routers), words
    assert not any(router.failures for router in routers), words
    progress = w.setting.progress()
    assert progress.open is (report is not None and report.result == "unsaved"), words
    assert progress.result in ("committed", "unsaved", "rolled-back", "refused"), words
    if all(changed):
        assert roll_back(w.setting, w.options, w.said.append).result == "rolled-back", w.said
        assert all("keyring2" in w.running(n) for n in ("R1", "R2"))
