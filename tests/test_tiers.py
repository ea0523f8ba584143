"""The tiers of the suite: what CI leaves out where a machine is slow."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from machine import PATIENCE, patience, workers

ROOT = Path(__file__).resolve().parents[1]
SOME = "tests/bench/test_targets.py"


def _said(*options: str) -> list[str]:
    """What pytest says of a file of tests that pass, or are left out."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, SOME]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0
    return ended.stdout.splitlines()


@pytest.mark.full
def test_no_test_begins_after_its_time_and_how_many_is_said_once() -> None:
    said = _said("--within", "0", "-n", "2")
    number = re.match(r"(\d+) skipped in ", said[-1])
    assert number is not None  # nothing passed
    left_out = [line for line in said if "no time was left" in line]
    assert [line.partition(" tests/")[0] for line in left_out] == [f"SKIPPED [{number[1]}]"]
    assert int(number[1]) > 1


@pytest.mark.full
def test_before_it_all_do() -> None:
    assert re.match(r"\d+ passed in ", _said("--within", "600")[-1])


@pytest.mark.parametrize(("seconds", "number"), [(0.05, 8), (0.15, 8), (0.16, 7), (0.3, 4), (0.5, 3), (5.0, 3)])
def test_fewer_labs_go_side_by_side_on_a_slow_machine(seconds: float, number: int) -> None:
    assert workers(seconds) == number


@pytest.mark.parametrize(("seconds", "times"), [(0.05, 1.0), (0.15, 1.0), (0.3, 2.0), (0.9, 6.0), (3.0, 6.0)])
def test_a_test_may_take_as_much_longer_as_the_machine_is_slower(seconds: float, times: float) -> None:
    assert patience(seconds) == pytest.approx(times)


@pytest.mark.timeout(50)
def test_it_does_so_whatever_it_asks_for_itself(request: pytest.FixtureRequest) -> None:
    marker = request.node.get_closest_marker("timeout")
    assert 50 <= marker.args[0] <= 50 * PATIENCE


def test_and_where_it_asks_for_nothing(request: pytest.FixtureRequest) -> None:
    marker = request.node.get_closest_marker("timeout")
    assert 120 <= marker.args[0] <= 120 * PATIENCE
