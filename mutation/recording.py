"""A pytest plugin that writes down which lines each test runs, and how long it takes.

What the import of the product runs is told from what the tests call while they are imported: only the former needs an import
with the change in it. So all of the product is imported before any test is.

Loaded by ``-p recording``; ``MUTATION_RECORD`` names the folder that each process leaves its part in.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import coverage
import pytest
from choice import COLLECTING
from hypothesis import settings
from packages import PACKAGES, import_all

settings.register_profile("mutation", derandomize=True, database=None, deadline=None)
settings.load_profile("mutation")

_FOLDER = Path(os.environ["MUTATION_RECORD"])
_COVERAGE = coverage.Coverage(
    data_file=str(_FOLDER / f"lines.{os.getpid()}"),
    config_file=False,
    include=[str(module) for package in PACKAGES for module in package.modules()],
)
_COVERAGE.set_option("run:relative_files", True)  # so that a recording serves wherever the tree lies
_COVERAGE.start()
import_all()
_COVERAGE.switch_context(COLLECTING)
_SECONDS: dict[str, float] = {}
_PASSED: set[str] = set()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    _COVERAGE.switch_context(item.nodeid)
    start = time.process_time()
    try:
        return (yield)
    finally:
        _SECONDS[item.nodeid] = time.process_time() - start
        _COVERAGE.switch_context(COLLECTING)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and report.passed:
        _PASSED.add(report.nodeid)


def pytest_unconfigure() -> None:
    _COVERAGE.stop()
    _COVERAGE.save()
    kept = {name: seconds for name, seconds in _SECONDS.items() if name in _PASSED}
    (_FOLDER / f"seconds.{os.getpid()}.json").write_text(json.dumps(kept))
