"""Targets of the bench: when one counts as missed, and what is written of it; flame graphs without a path of the machine."""

import json
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "bench"))

import capacity  # noqa: E402
import targets  # noqa: E402
from targets import Ratio  # noqa: E402


@pytest.mark.parametrize(
    ("ratio", "met"),
    [
        (Ratio("most", 1.10, 1.0), True),
        (Ratio("most", 1.11, 1.0), False),
        (Ratio("least", 5.4, 6, at_least=True), True),
        (Ratio("least", 5.39, 6, at_least=True), False),
        (Ratio("exact", 1.01, 1.0, noise=0.0), False),
        (Ratio("nobody is lost", 1, 0, noise=0.0), False),
        (Ratio("told", 99), True),
    ],
)
def test_a_target_is_missed_by_more_than_its_noise_only(ratio, met):
    assert ratio.met is met
    assert targets.missed({"part": [ratio]}) == ([] if met else [f"part: {ratio.name}"])


def test_a_part_is_kept_beside_the_others_and_written_between_its_marks(tmp_path):
    file, page = tmp_path / "kept.json", tmp_path / "page.md"
    page.write_text("before\n<!-- figures -->\nold\n<!-- end of figures -->\nafter\n")
    targets.keep({"one": [Ratio("a", 2.0, 1.0)], "two": [Ratio("b", 1)]}, file)
    kept = targets.keep({"two": [Ratio("b", 1234.5)]}, file)
    assert json.loads(file.read_text()) == kept
    targets.put(page, "figures", targets.tables(kept))
    text = page.read_text()
    assert "| a | 2.00 | at most 1 | 10% | MISSED |" in text and "| b | 1,23" in text and "old" not in text
    assert text.startswith("before\n") and text.endswith("<!-- end of figures -->\nafter\n")


def test_the_page_has_its_marks_and_is_made_of_the_figures_beside_it():
    page = targets.PAGE.read_text(encoding="utf-8")
    for name in ("figures", "capacity"):
        assert page.count(f"<!-- {name} -->") == page.count(f"<!-- end of {name} -->") == 1
    assert targets.tables(json.loads(targets.KEPT.read_text(encoding="utf-8"))) in page


def test_capacity_is_worked_out_from_what_a_router_costs():
    """20 ms at 60% of a core are 3600 * 0.6 / 0.02 = 108,000 routers an hour, 864,000 in eight."""
    figures = [
        (capacity.WORKER, 20.0),
        (capacity.SCHEDULER, 2.88),
        (capacity.COLLECTOR, 5.76),
        (capacity.SIZE, 10_000.0),
    ]
    text = capacity.table({"cluster": {"figures": [{"name": name, "measured": value} for name, value in figures]}})
    assert "reads 110,000 routers an hour" in text
    rows = {line.split(" |")[0]: line for line in text.splitlines()}
    assert rows["| 1,000"] == "| 1,000 | 0.6 minutes | 1 | under 0.1% | under 0.1% | 10 MB | 347 B/s |"
    assert rows["| 1,000,000"] == "| 1,000,000 | 9.3 hours | 2 | 20.0% of a core | 10.0% of a core | 10 GB | 347 kB/s |"


def test_flame_graphs_name_no_place_of_the_machine_they_were_made_on():
    found = sorted((ROOT / "docs" / "flames").glob("*.svg"))
    assert [file.stem for file in found] == ["check", "collect", "plan"]
    for file in found:
        text = file.read_text(encoding="utf-8")
        assert "selection" in text or "session" in text, "it is of ikeaudit"
        assert not re.search(r"(?<![\w./])/(?:home|root|usr|tmp|work|opt|var)/", text), file.name
        assert "site-packages" not in text and str(ROOT) not in text
