"""One mutant against its tests, in a process of its own: the tree on disk is never touched.

Two ways, because importing the product and collecting the tests costs more than most mutants take to be caught.
:class:`Warm` collects once, and each child puts changed code into the functions that are there. What only the import of a
module runs (tables, classes, what builds them) needs :func:`cold`: a child that imports everything with the change in it.
"""

from __future__ import annotations

import gc
import importlib.abc
import importlib.machinery
import importlib.util
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

import pytest
from operators import Mutant, mutated
from packages import import_all

CAUGHT, SURVIVED, BROKEN, TOO_LATE = "caught", "survived", "broken", "too late"
_TOO_LATE = 20
_RESULTS = {0: SURVIVED, 1: CAUGHT, 2: CAUGHT, 4: CAUGHT, _TOO_LATE: TOO_LATE}
"""By pytest's exit code: all passed, some failed, tests or their ``conftest.py`` cannot import the changed module; and
:data:`_TOO_LATE` for changed code that does not fit into the function that is there."""

PYTEST = (
    "--hypothesis-profile=mutation",
    *("-q", "--tb=no", "--import-mode=importlib", "--capture=sys", "-o", "addopts=", "-o", "timeout="),
    *("-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:timeout"),
    *("-W", "ignore"),
)

Limits = Mapping[str, float]
"""Tests in their order, with the seconds of computing that each may take."""
Trial = tuple[Mutant | None, Limits]
"""The mutant (None: the code as it is), and the tests it meets."""
STARTING = 20.0
"""Seconds that a child may compute before its first test."""


def outcome(status: int) -> str:
    """What the end of a child says: by a signal it ran too long, or the change made it crash."""
    if os.WIFSIGNALED(status):
        return CAUGHT
    return _RESULTS.get(os.WEXITSTATUS(status), BROKEN)


def patience(seconds: float, load: float) -> float:
    """How long, by the clock, one may take that may compute for ``seconds``: four times that, and more by as much as others
    share the processors, so that nothing counts as hanging that only waits for its turn."""
    return 4 * seconds * max(1.0, load / (os.cpu_count() or 1))


def limit(seconds: float) -> None:
    """End this process when it has computed for so long from now on."""
    signal.setitimer(signal.ITIMER_PROF, seconds)


def fork(work: Callable[[], int], tests: Limits) -> int:
    """A silent child that ends with what ``work`` returns, which is to run ``tests``; its process id.

    What hangs is caught, too: a child that computes longer than starting may take, or a test longer than it may
    (:class:`_Timed`), is ended, and so is one that takes longer by the clock than :func:`patience` has.
    """
    child = os.fork()
    if child:
        return child
    status = 3
    try:
        os.setpgid(0, 0)  # what a test or a mutant signals is its own group, never the gate
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silence, stream)
        signal.setitimer(signal.ITIMER_REAL, patience(STARTING + sum(tests.values()), os.getloadavg()[0]))
        limit(STARTING)
        status = work()
    finally:
        os._exit(status)


# -- with everything collected ---------------------------------------------------------------------------------------------


class Warm:
    """A pytest plugin that tries mutants instead of running the tests that were collected.

    ``ask`` yields the trials; it is told what became of each by ``answer``, in the order in which they end.
    """

    def __init__(self, ask: Iterator[Trial], answer: Callable[[Mutant | None, str], None], workers: int) -> None:
        self._ask, self._answer, self._workers = ask, answer, workers
        self._functions: dict[str, list[FunctionType]] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        import_all()  # no change can be put into what is imported later, and each child would do it
        gc.unfreeze()  # the tests freeze what is there once they are collected
        for found in gc.get_objects():
            if isinstance(found, FunctionType):
                self._functions.setdefault(found.__code__.co_filename, []).append(found)
        session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
        gc.collect()
        gc.freeze()
        running: dict[int, Mutant | None] = {}
        for mutant, tests in self._ask:
            chosen = [items[test] for test in tests if test in items]  # a recording may be older than the tests
            running[fork(lambda m=mutant, c=chosen, t=tests: self._try(m, c, t), tests)] = mutant  # type: ignore[misc]
            if len(running) >= self._workers:
                self._reap(running)
        while running:
            self._reap(running)
        return True

    def _reap(self, running: dict[int, Mutant | None]) -> None:
        child, status = os.wait()
        self._answer(running.pop(child), outcome(status))

    def _try(self, mutant: Mutant | None, items: Sequence[pytest.Item], tests: Limits) -> int:
        if mutant is not None and not self._change(mutant):
            return _TOO_LATE
        for item in items[:1]:
            item.config.pluginmanager.register(_FirstFailure())
            item.config.pluginmanager.register(_Timed(tests))
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        return 0

    def _change(self, mutant: Mutant) -> bool:
        """Put the changed code into every function of the module that is there; False where it does not fit."""
        path = str(mutant.path)
        new: dict[tuple[str, int], CodeType] = {}
        waiting = [compile(mutated(mutant.path, mutant.index), path, "exec")]
        while waiting:
            code = waiting.pop()
            new[code.co_qualname, code.co_firstlineno] = code
            waiting += [const for const in code.co_consts if isinstance(const, CodeType)]
        for function in self._functions.get(path, ()):
            old = function.__code__
            changed = new.get((old.co_qualname, old.co_firstlineno))
            if changed is not None and changed.co_freevars != old.co_freevars:
                return False
            if changed is not None:
                function.__code__ = changed
        return True


class _Timed:
    """A pytest plugin that gives each test its own time: one that hangs does not use up that of all others."""

    def __init__(self, tests: Limits) -> None:
        self._tests = tests

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        limit(self._tests[item.nodeid])


class _FirstFailure:
    """A pytest plugin that ends the process at the first test that fails."""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            os._exit(1)


# -- with everything imported anew -----------------------------------------------------------------------------------------


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, code: CodeType) -> None:
        super().__init__(name, path)
        self._code = code

    def get_code(self, fullname: str) -> CodeType:
        return self._code


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the one changed module; everything else is found as ever."""

    def __init__(self, name: str, path: Path, code: CodeType) -> None:
        self._name, self._path, self._code = name, path, code

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        folder = [str(self._path.parent)] if self._path.name == "__init__.py" else None
        loader = _Loader(fullname, str(self._path), self._code)
        return importlib.util.spec_from_file_location(
            fullname, self._path, loader=loader, submodule_search_locations=folder
        )


class _Chosen:
    """A pytest plugin: only the chosen tests, in their order."""

    def __init__(self, tests: Limits) -> None:
        self._order = {test: place for place, test in enumerate(tests)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen = [item for item in items if item.nodeid in self._order]
        items[:] = sorted(chosen, key=lambda item: self._order[item.nodeid])


def module_name(path: Path) -> str:
    """``ikeaudit.selection.keys`` for its file."""
    parts = path.with_suffix("").parts
    inside = parts[len(parts) - parts[::-1].index("ikeaudit") - 1 :]
    return ".".join(inside[:-1] if inside[-1] == "__init__" else inside)


def cold(mutant: Mutant | None, tests: Limits) -> int:
    """Pytest's exit code for the tests, everything imported with the change in it."""
    if mutant is not None:
        code = compile(mutated(mutant.path, mutant.index), str(mutant.path), "exec")
        sys.meta_path.insert(0, _Finder(module_name(mutant.path), mutant.path, code))
    files = list(dict.fromkeys(test.partition("::")[0] for test in tests))
    return int(pytest.main([*PYTEST, "-x", *files], plugins=[_Chosen(tests), _Timed(tests)]))
