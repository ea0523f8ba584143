from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from manual_clock import ManualClock

from ikeaudit.lab import LabRouter
from ikeaudit.lab.console import Console


def _configs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("lab_configs", Path(__file__).with_name("lab_configs.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CONFIGS = _configs()


@pytest.fixture
def r1_text() -> str:
    text: str = CONFIGS.R1
    return text


@pytest.fixture
def r2_text() -> str:
    text: str = CONFIGS.R2
    return text


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def router(r1_text: str, clock: ManualClock) -> LabRouter:
    return LabRouter("R1", r1_text, enable_secret="sesame", clock=clock)


@pytest.fixture
def console(router: LabRouter) -> Console:
    """A privileged session on R1, without a network."""
    found = Console(router, privilege=15)
    found.send("terminal length 0")
    return found
