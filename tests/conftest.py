"""Options and tiers of the whole suite.

``make test`` leaves out what is marked ``full``, and so is every test that boots routers (``ssh``) unless it is marked
``quick``: few of those show that the parts fit together, the rest takes its time in ``make full`` and in CI.
"""

from __future__ import annotations

import gc
import signal
import threading
import time
from collections.abc import Callable, Iterator
from functools import wraps
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from machine import patience, piece_of_work

hypothesis.settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("unhurried")  # a busy machine is slow, and that is no fault of what is tested

_NUMBERS = count()
_UNTIL = pytest.StashKey[float | None]()
"""When the last test may begin."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--update`` writes golden files anew instead of comparing with them; look at the diff before you keep it."""
    parser.addoption("--update", action="store_true", default=False, help="rewrite golden files")
    parser.addoption("--record", type=Path, default=None, help="note how each case of the fault matrix ended")
    parser.addoption(
        "--within", type=float, default=None, help="begin no test after so many seconds: CI runs what fits"
    )


def pytest_configure(config: pytest.Config) -> None:
    """A shell starts its background jobs with SIGINT ignored, ``nohup`` with SIGHUP, and so their children's: tests send
    both."""
    for name, usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
        if signal.getsignal(name) is signal.SIG_IGN:
            signal.signal(name, usual)
    within = config.getoption("--within")
    config.stash[_UNTIL] = None if within is None else time.monotonic() + within


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Begin no test that does not fit any more: the summary says how many, and ``make full`` has no such limit."""
    until = item.config.stash[_UNTIL]
    if until is not None and time.monotonic() >= until:
        pytest.skip("no time was left for it; `make full` runs it")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the tests that boot routers into the full tier, before ``-m`` looks at the marks, and the few that stay first: they
    wait for a while, and at the end everybody would wait for them. On a slow machine all may take longer."""
    limited = config.pluginmanager.hasplugin("timeout")  # `make mutation` sets limits of its own
    longer, usual = (patience(piece_of_work()), float(config.getini("timeout") or 0)) if limited else (1.0, 0.0)
    for item in items:
        if item.get_closest_marker("ssh") and not item.get_closest_marker("quick"):
            item.add_marker(pytest.mark.full)
        own = item.get_closest_marker("timeout")
        seconds = own.args[0] if own is not None else usual
        if seconds:
            item.add_marker(pytest.mark.timeout(seconds * longer), append=False)
    items.sort(key=lambda item: item.get_closest_marker("quick") is None)


def pytest_collection_finish() -> None:
    """Tens of thousands of tests are no garbage: nobody need look through them again and again while they run."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _nobodys_workspace(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The data folder of whoever runs the tests is none of their business, and that of one test not another's."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.getbasetemp() / f"data-{next(_NUMBERS)}"))


@pytest.fixture(autouse=True, scope="session")
def _printed_commands() -> Iterator[None]:
    """Whatever a test makes the program print, its commands must be ones that run."""
    from printed import look_through

    from ikeaudit.model.errors import IkeauditError
    from ikeaudit.report import console

    by_hand = import_module("ikeaudit.change.by_hand")

    def looked(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def call(*args: Any, **named: Any) -> Any:
            text = function(*args, **named)
            look_through(text)
            return text

        return call

    def told(self: IkeauditError, *args: object) -> None:
        Exception.__init__(self, *args)
        look_through(" ".join(map(str, args)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(IkeauditError, "__init__", told)
        patch.setattr(console, "draw", looked(console.draw))
        patch.setattr(by_hand, "sheet", looked(by_hand.sheet))
        yield


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be rewritten."""
    return bool(request.config.getoption("--update"))


@pytest.fixture
def own_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads that tests before this one left are not counted: work is spread over processes only where there are none."""
    counted, before = threading.active_count, threading.active_count()
    monkeypatch.setattr(threading, "active_count", lambda: counted() - before + 1)
