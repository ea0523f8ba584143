"""``make mutation``: do the tests notice a wrong line?

Changes one thing at a time in the packages of :mod:`packages` and runs the tests that run the changed line. A sample is
drawn (``--seed``, printed, by default the day), or all of them (``--all``). Fails when less than 95 of a hundred are caught,
those left out that :mod:`equivalents` knows a reason for. What survives is listed as it would be noted there.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from pathlib import Path

import hypothesis
import pytest
from choice import Choice, recorded
from equivalents import Key, known, note, stale
from operators import Mutant, mutants
from packages import PACKAGES, ROOT, Package
from trial import PYTEST, SURVIVED, TOO_LATE, Limits, Trial, Warm, cold, fork, outcome

HERE = Path(__file__).resolve().parent
sys.path.append(str(ROOT / "tests" / "support"))
machine = import_module("machine")
SAMPLE = 320
AT_LEAST = 0.95
TIER = "not full and not ssh and not corpus"
"""Tests that take part: those that run in the process and the time of a moment."""
FIRST, BUDGET = 4.0, 60.0
"""Seconds of tests that a mutant meets at first where importing is dear, or at all where it is noted; and at all. A slow
machine takes longer for the same tests, and is given as much more."""

PREPARING = 10.0
"""Seconds that a test may take besides, for what is prepared once for many."""
_NO_GROUND = "the tests do not pass in a process of their own, without any mutant"

Named = tuple[str, Mutant]
"""A mutant with the name of its package."""


def record(folder: Path, workers: int, tests: Sequence[str]) -> None:
    """Run the tests once and write down who runs which line; SystemExit when they fail."""
    environment = {**os.environ, "MUTATION_RECORD": str(folder), "PYTHONPATH": str(HERE)}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "recording",
        "--hypothesis-profile=mutation",
        "-p",
        "no:cacheprovider",
        "-n",
        str(workers),
    ]
    if subprocess.run([*command, "-m", TIER, *tests], cwd=ROOT, env=environment, check=False).returncode:
        raise SystemExit("the tests fail without any mutant")


def sample(every: Mapping[str, list[Mutant]], size: int, seed: int) -> list[tuple[str, Mutant]]:
    """``size`` mutants, each package by its share and with thirty at least."""
    drawn = random.Random(seed)  # noqa: S311 - a sample, no secret
    total = sum(map(len, every.values()))
    found = []
    for name, there in every.items():
        count = min(len(there), max(30, round(size * len(there) / total)))
        found += [(name, mutant) for mutant in drawn.sample(there, count)]
    drawn.shuffle(found)
    return found


@dataclass(frozen=True)
class Gate:
    """What every trial needs."""

    choice: Choice
    packages: Mapping[str, Package]
    workers: int
    most: float
    noted: Container[Key] = ()

    def budget(self, mutant: Mutant) -> float:
        """Seconds of tests that a mutant meets at all."""
        return min(FIRST, self.most) if mutant.key in self.noted else self.most

    def tests(self, name: str, mutant: Mutant, budget: float) -> Limits:
        """Those that a mutant of a package meets, with what each may take on changed code before it counts as hanging."""
        return self.timed(self.choice.tests(mutant, self.packages[name], budget))

    def timed(self, tests: Sequence[str]) -> Limits:
        """Each of ``tests`` with five times what it takes, and something for what the first of its module prepares."""
        return {test: PREPARING + 5 * self.choice.cost([test]) for test in tests}

    def results(self, chosen: Sequence[Named]) -> Iterator[tuple[str, Mutant, str]]:
        """Each mutant with what became of it, as it becomes known."""
        warm = [(name, mutant) for name, mutant in chosen if not self.choice.imported(mutant)]
        cold = [(name, mutant) for name, mutant in chosen if self.choice.imported(mutant)]
        for name, mutant, result in self._warm(warm):
            if result == TOO_LATE:
                cold.append((name, mutant))
            else:
                yield name, mutant, result
        yield from self._cold(cold)

    def _warm(self, chosen: Sequence[Named]) -> Iterator[tuple[str, Mutant, str]]:
        """Those of functions, in a process that has collected all tests; what it finds comes through a pipe."""
        places = {mutant: place for place, (_, mutant) in enumerate(chosen)}
        trials: list[Trial] = []
        for name, mutant in chosen:
            tests = self.tests(name, mutant, self.budget(mutant))
            if tests:
                trials.append((mutant, tests))
            else:
                yield name, mutant, "reached by no test"
        every = sorted({test for _, tests in trials for test in tests})
        trials.insert(0, (None, self.timed(every[:: max(1, len(every) // 200)])))
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            with os.fdopen(writing, "w", buffering=1) as told, open(os.devnull, "w") as silence:  # noqa: PTH123
                os.dup2(silence.fileno(), 1)
                warm = Warm(iter(trials), lambda m, what: print(places.get(m, -1), what, file=told), self.workers)  # type: ignore[arg-type]
                pytest.main([*PYTEST, "-m", TIER, *{test.partition("::")[0] for test in every}], plugins=[warm])
                told.flush()
                os._exit(0)
        os.close(writing)
        tried = 0
        with os.fdopen(reading) as answers:
            for line in answers:
                place, _, result = line.strip().partition(" ")
                if place == "-1" and result != SURVIVED:
                    raise SystemExit(_NO_GROUND)
                if place != "-1":
                    tried += 1
                    yield *chosen[int(place)], result
        os.waitpid(child, 0)
        if tried != len(trials) - 1:
            raise SystemExit(f"{len(trials) - 1 - tried} mutants were not tried: pytest ended early")

    def _cold(self, chosen: Sequence[Named]) -> Iterator[tuple[str, Mutant, str]]:
        """Those that only an import runs; first few tests, more for a mutant that survives them."""
        waiting = [(name, mutant, min(FIRST, self.most)) for name, mutant in reversed(chosen)]
        control = self.tests(*chosen[0], FIRST) if chosen else {}
        if chosen and outcome(os.waitpid(fork(partial(cold, None, control), control), 0)[1]) != SURVIVED:
            raise SystemExit(_NO_GROUND)
        running: dict[int, tuple[str, Mutant, float]] = {}
        while waiting or running:
            while waiting and len(running) < self.workers:
                name, mutant, budget = waiting.pop()
                tests = self.tests(name, mutant, budget)
                if not tests:
                    yield name, mutant, "reached by no test"
                    continue
                child = fork(partial(cold, mutant, tests), tests)
                running[child] = (name, mutant, budget)
            if not running:
                break
            child, status = os.wait()
            name, mutant, budget = running.pop(child)
            result = outcome(status)
            if result == SURVIVED and budget < self.budget(mutant):
                waiting.append((name, mutant, self.most))
            else:
                yield name, mutant, result


def preload() -> None:
    """Import what the product imports, then forget the product: each child reads it anew, with its change in it."""
    for root in ROOT.iterdir():
        if (root / "ikeaudit").is_dir():
            sys.path.insert(0, str(root))
    for name in ("cli.main", "api"):
        with contextlib.suppress(ImportError):
            import_module(f"ikeaudit.{name}")
    for name in [name for name in sys.modules if name.partition(".")[0] == "ikeaudit"]:
        del sys.modules[name]
    phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)
    hypothesis.settings.register_profile("mutation", derandomize=True, database=None, deadline=None, phases=phases)
    hypothesis.settings.load_profile("mutation")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seed", type=int, default=int(f"{datetime.now(UTC):%Y%m%d}"), help="of the sample")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="how many mutants")
    parser.add_argument("--all", action="store_true", help="every mutant")
    parser.add_argument("--package", action="append", help="only this package, by its name; may be repeated")
    parser.add_argument("--module", help="only modules whose path has this in it")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 2)
    parser.add_argument(
        "--budget", type=float, default=BUDGET, help="seconds of tests for each mutant, on a quick machine"
    )
    parser.add_argument("--record", type=Path, help="keep what tests run which line here, and use it when it is there")
    parser.add_argument("tests", nargs="*", help="take these tests only (default: the quick ones)")
    return parser.parse_args()


def main() -> int:
    """The exit code: 0 when enough are caught, 1 when not."""
    asked, began = arguments(), time.monotonic()
    packages = {p.name: p for p in PACKAGES if not asked.package or p.name in asked.package}
    there = {p.name: [m for path in p.modules() for m in mutants(path)] for p in PACKAGES}
    every = {name: [m for m in there[name] if (asked.module or "") in str(m.path)] for name in packages}
    notes = known()
    gone = stale(notes, [m for found in there.values() for m in found])
    size = sum(map(len, every.values())) if asked.all else asked.sample
    chosen = sample(every, size, asked.seed)
    print(f"{sum(map(len, every.values()))} mutants, {len(chosen)} of them drawn with seed {asked.seed}", flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.record or Path(temporary)
        if not any(folder.glob("seconds.*")):
            folder.mkdir(parents=True, exist_ok=True)
            record(folder, asked.workers, asked.tests)
        choice = Choice(*recorded(folder))
    print(f"lines recorded after {time.monotonic() - began:.0f} s", flush=True)
    preload()
    slow = machine.patience(min(machine.piece_of_work(time.process_time) for _ in range(5)))
    gate = Gate(choice, packages, asked.workers, asked.budget * slow, notes.keys())
    found: dict[str, Counter[str]] = {name: Counter() for name in packages}
    for done, (name, mutant, result) in enumerate(gate.results(chosen), 1):
        if result != "caught" and mutant.key in notes:
            result = "equivalent"
        elif result != "caught":
            print(f"\n# {mutant.path.relative_to(ROOT)}:{mutant.line}: {result}\n{note(mutant)}", flush=True)
        found[name][result] += 1
        if done % 20 == 0:
            print(f"{done} of {len(chosen)} after {time.monotonic() - began:.0f} s", flush=True)
    return report(found, gone, time.monotonic() - began)


def report(found: Mapping[str, Counter[str]], gone: Sequence[object], took: float) -> int:
    """Print the table; the exit code."""
    for key in gone:
        print(f"\nequivalents.toml has a note about code that is gone: {key}")
    print(f"\n{'package':<20}{'mutants':>9}{'caught':>9}{'equivalent':>12}{'survived':>10}{'caught of the others':>22}")
    total: Counter[str] = Counter()
    for name, counts in (*found.items(), ("all", None)):
        counts = total if counts is None else counts
        number, equal, caught = counts.total(), counts["equivalent"], counts["caught"]
        share = caught / (number - equal) if number > equal else 1.0
        print(f"{name:<20}{number:>9}{caught:>9}{equal:>12}{number - equal - caught:>10}{share:>21.1%}")
        if counts is not total:
            total += counts
    enough = total["caught"] >= AT_LEAST * (total.total() - total["equivalent"])
    print(f"\n{took:.0f} s; {'enough' if enough else f'fewer than {AT_LEAST:.0%}'} of the mutants are caught")
    return 0 if enough and not gone else 1


if __name__ == "__main__":
    sys.exit(main())
