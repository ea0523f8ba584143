"""Which tests a mutant meets, from what was recorded about them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import coverage
from operators import Mutant
from packages import ROOT, Package
from uses import users

Tests = list[str]
Lines = Mapping[Path, Mapping[int, set[str]]]

IMPORT = ""
"""Who runs a line while the product is imported."""
COLLECTING = "collecting"
"""Who runs a line while tests are imported, which may call any function, or between two tests."""
NO_TESTS = frozenset({IMPORT, COLLECTING})
_IMPORT_OF_A_FILE = 0.2
"""Seconds, about, for a child that imports a file of tests."""


def recorded(folder: Path) -> tuple[Lines, dict[str, float]]:
    """The tests that run each line, by module and line, and the seconds that each test takes."""
    seconds: dict[str, float] = {}
    for part in folder.glob("seconds.*.json"):
        seconds.update(json.loads(part.read_text()))
    lines: dict[Path, dict[int, set[str]]] = {}
    for part in folder.glob("lines.*"):
        data = coverage.CoverageData(basename=str(part))
        data.read()
        for name in data.measured_files():
            here = lines.setdefault(ROOT / name, {})
            for line, contexts in data.contexts_by_lineno(name).items():
                here.setdefault(line, set()).update(one for one in contexts if one in seconds or one in NO_TESTS)
    return lines, seconds


class Choice:
    """Which tests a mutant meets: those that run its line first, and of those the quick ones."""

    def __init__(self, lines: Lines, seconds: Mapping[str, float]) -> None:
        self._lines, self._seconds = lines, seconds
        self._breadth: dict[str, Counter[str]] = {}

    def imported(self, mutant: Mutant) -> bool:
        """Whether the line is run by the import of the module, or by that of tests alone: code put in later comes too late."""
        ran = self._running(mutant)
        return not mutant.in_function or IMPORT in ran or ran == {COLLECTING}

    def _running(self, mutant: Mutant) -> set[str]:
        """Who runs the lines of a mutant."""
        here = self._lines.get(mutant.path, {})
        return set().union(*(here.get(line, ()) for line in range(mutant.first, mutant.last + 1)))

    def tests(self, mutant: Mutant, package: Package, budget: float) -> Tests:
        """As many as the budget allows: first those that run the line, then others of the package's home.

        What is remembered is run by the first test alone that asks for it, and what the import runs by none: so those are
        asked next, or for what the import runs at first, that run a line which uses it (:mod:`uses`); then those of the home
        that run the module at all, and for what the import runs, whatever runs the module or the package.
        """
        here = self._lines.get(mutant.path, {})
        line = self._running(mutant) - NO_TESTS
        imported = self.imported(mutant)
        if not (line or imported):
            return []
        found = set().union(*here.values()) - NO_TESTS
        home = {test for test in self._seconds if test.startswith(package.home)}
        used = users(mutant.path, mutant.first, mutant.last, package.modules())
        using = {test for path, at in used for test in self._lines.get(path, {}).get(at, ())} - NO_TESTS
        if imported:
            for module in package.modules() if not found else ():
                found = found.union(*self._lines.get(module, {}).values()) - NO_TESTS
            found |= home | using
        else:
            found = line | using | (found & home)
        table = not mutant.in_function
        exact = here.get(mutant.line, set()) - NO_TESTS
        # A statement may be a whole table: few who run a function in it look at the rest, but for what that line says.
        turns = (exact, using & home, using, home, line) if table else (line & home, line, using & home, using, home)
        per_file = _IMPORT_OF_A_FILE if imported else 0.0
        chosen: Tests = []
        spent = 0.0
        files: set[str] = set()
        turn = {test: at for at, some in reversed([*enumerate(turns)]) for test in some}
        for test in sorted(self._ordered(found, self._broad(package)), key=lambda test: turn.get(test, len(turns))):
            name = test.partition("::")[0]
            # A file costs its import, so that one test of each of a hundred files is no bargain.
            more = self._seconds[test] + (0.0 if name in files else per_file)
            # Tests of a table name it themselves, and need not run a line that uses it: half of the budget is theirs.
            most = budget / 2 if table and turn.get(test, 2) < 2 else budget
            if chosen and spent + more > most:
                continue  # one that is too dear keeps none of the cheaper ones out
            spent += more
            files.add(name)
            chosen.append(test)
        return chosen

    def _broad(self, package: Package) -> Counter[str]:
        """How many lines of a package each test runs; what it runs elsewhere to get there does not count."""
        if package.name not in self._breadth:
            lines = (self._lines.get(module, {}).values() for module in package.modules())
            self._breadth[package.name] = Counter(test for here in lines for tests in here for test in tests)
        return self._breadth[package.name]

    def _ordered(self, tests: set[str], broad: Counter[str]) -> Tests:
        """Quick tests of few lines first, which look closely; those of one file less and less, as files look at different
        things."""
        dear: dict[str, float] = {}
        rows: Counter[str] = Counter()
        for test in sorted(tests, key=lambda test: (broad[test] * max(self._seconds[test], 0.005), test)):
            name = test.partition("::")[0]
            rows[name] += 1
            dear[test] = rows[name] * max(self._seconds[test], 0.005)
        return sorted(dear, key=dear.__getitem__)

    def cost(self, tests: Sequence[str]) -> float:
        """Seconds that they took when they were recorded."""
        return sum(self._seconds[test] for test in tests)
