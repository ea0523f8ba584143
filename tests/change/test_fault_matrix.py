"""Every fault in every phase of a change: whatever is reported is true, and no router is left half-changed unsaid.

``make matrix`` runs these alone.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from judge import NAMES, check, comes_up, runs

from ikeaudit.change import roll_back
from ikeaudit.change.rehearsal.in_the_lab import _run, lines_for, scene_of
from ikeaudit.lab.fault_set import KILLED, every_case
from ikeaudit.model.errors import IkeauditError

pytestmark = pytest.mark.ssh

EVERY = every_case(("R1", "R2"))


@pytest.mark.quick
def test_the_readme_has_the_table():
    """Made by docs/fault_matrix.py from the matrix, and from the record of a run of all of it."""
    from runpy import run_path

    root = Path(__file__).resolve().parents[2]
    made = run_path(str(root / "docs" / "fault_matrix.py"))
    assert made["table"]() in (root / "README.md").read_text(encoding="utf-8"), "run docs/fault_matrix.py"
    ended = made["endings"]()
    faults = {case: ending for case, ending in ended.items() if " | " not in case}
    assert sorted(faults) == sorted(map(str, EVERY)), "run make matrix RECORD=docs/fault-matrix.txt"
    assert set(faults.values()) <= {word for words in made["ENDINGS"].values() for word in words}
    beside = {case.split(" | ")[0] for case in ended.keys() - faults.keys()}
    assert beside == set(made["BESIDE"]), "run make matrix RECORD=docs/fault-matrix.txt"
    known = {word for words in made["ENDED"].values() for word in words}
    assert {ending for case, ending in ended.items() if " | " in case} <= known


@pytest.mark.matrix
@pytest.mark.parametrize("case", [case for case in EVERY if case.fault == KILLED], ids=str)
def test_a_killed_change_is_finished(window, case, record):
    """``kill -9`` of the process, then ``apply --resume``, then ``rollback``; tokens stand in for keys."""
    w = window()
    result = _run(scene_of(w.setting.plan, w.setting.folder), 1, ("R1", "R2"), case)
    assert result.passed and result.result == "committed", result
    record(case, result.result)


@pytest.mark.matrix
@pytest.mark.parametrize("case", [case for case in EVERY if case.fault != KILLED], ids=str)
def test_the_report_is_true(window, case, record):
    w = window()
    w.fault(case.router, *case.faults(lines_for(w.setting.plan, case.router)))
    code, report, words = outcome(w, lambda: w.apply())
    wait_for(w)
    check(w, code, report, words)
    record(case, report.result if report is not None else "refused")
    if code == 0 or (report is not None and report.result == "unsaved"):
        in_force = not w.setting.progress().open
        assert roll_back(w.setting, w.options, w.said.append, everything=in_force).result == "rolled-back", w.said
        assert [runs(w, n) for n in NAMES] == ["before", "before"]
        assert [runs(w, n, w.router(n).startup_text) for n in NAMES] == ["before", "before"]
        comes_up(w, "before")


@pytest.mark.matrix
@pytest.mark.parametrize("case", [case for case in every_case(("R1",)) if case.fault != KILLED], ids=str)
def test_the_report_of_a_plan_for_one_end_is_true(window, case, record):
    """R2 is tested with it and stays what it is, in the middle of whatever happens on R1."""
    w = window(hosts=("R1",))
    w.fault("R1", *case.faults(lines_for(w.setting.plan, "R1")))
    code, report, words = outcome(w, lambda: w.apply())
    wait_for(w)
    result = report.result if report is not None else "refused"
    assert (code, result) in {(0, "committed"), (3, "unsaved"), (6, "rolled-back"), (3, "refused"), (5, "refused")}, (
        words
    )
    told = "after" if result in ("committed", "unsaved") else "before"
    assert [runs(w, name) for name in NAMES] == [told, "before"], words
    assert all(w.router(n).revert.pending is None and w.router(n).reload_due_in() is None for n in NAMES), words
    record(f"a fault, the plan of one end | {case}, one end", result)
    if told == "after":
        in_force = not w.setting.progress().open
        assert roll_back(w.setting, w.options, w.said.append, everything=in_force).result == "rolled-back", w.said
        assert [runs(w, n) for n in NAMES] == ["before", "before"]
        assert [runs(w, n, w.router(n).startup_text) for n in NAMES] == ["before", "before"]


def outcome(w, work):
    """Exit code, report (None for an error instead), and words for a failed assertion."""
    try:
        report = work()
    except IkeauditError as error:
        return error.exit_code, None, f"{error} {w.said}"
    return report.exit_code, report, f"{report.result}: {report.cause} {w.said}"


def wait_for(w):
    """Until routers that restarted are there again."""
    for _ in range(50):
        if not any(w.router(n).down for n in NAMES):
            break
        time.sleep(0.1)
