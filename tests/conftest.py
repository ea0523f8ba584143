"""Options and tiers of the whole suite.

``make test`` leaves out what is marked ``full``, and so is every test that boots routers (``ssh``) unless it is marked
``quick``: few of those show that the parts fit together, the rest takes its time in ``make full`` and in CI.
"""

from __future__ import annotations

import signal
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--update`` writes golden files anew instead of comparing with them; look at the diff before you keep it."""
    parser.addoption("--update", action="store_true", default=False, help="rewrite golden files")
    parser.addoption("--record", type=Path, default=None, help="note how each case of the fault matrix ended")


def pytest_configure() -> None:
    """A shell starts its background jobs with SIGINT ignored, and so would their children: tests of Ctrl-C press it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests that boot routers into the full tier, before ``-m`` looks at the marks."""
    for item in items:
        if item.get_closest_marker("ssh") and not item.get_closest_marker("quick"):
            item.add_marker(pytest.mark.full)


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be rewritten."""
    return bool(request.config.getoption("--update"))
