"""The mutation gate itself: what it changes, how it names that, which tests it takes, and what counts as caught."""

from __future__ import annotations

import ast
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from choice import COLLECTING, IMPORT, Choice
from equivalents import known, note, stale
from operators import Mutant, mutants, mutated
from packages import PACKAGES, ROOT, Package
from run import AT_LEAST, report, sample
from trial import BROKEN, CAUGHT, PYTEST, SURVIVED, TOO_LATE, module_name, outcome, patience
from uses import users

CODE = '''"""Docstrings stay."""
from typing import Any, Literal

__all__ = ["LIMIT", "Ring"]
Side = Literal["left", "right"]
LIMIT = 3


class Ring(Any, frozen=True):
    """So do these, and annotations."""

    words: tuple[str, ...] = ("a", "bc")

    def longest(self, masks: list[int]) -> int | None:
        """And these."""
        if not masks or self is None:
            return None
        self.assume("a rule that reads like this")
        if masks[0] < 0:
            raise ValueError(f"{masks[0]} is no mask")
        masks = cast("list[int] | None", masks)
        if masks is self:
            return False
        return max(mask for mask in masks if mask >= LIMIT and mask != 7)
'''


@pytest.fixture
def module(tmp_path: Path) -> Path:
    path = tmp_path / "module.py"
    path.write_text(CODE)
    return path


def test_what_is_changed(module: Path) -> None:
    found = [(mutant.line, mutant.scope, mutant.change) for mutant in mutants(module)]
    here = "Ring.longest"
    assert found == [
        (6, "", "3 => 4"),
        (6, "", "3 => 2"),
        (12, "Ring", "without the last: 'bc'"),
        (12, "Ring", "'a' => ''"),
        (12, "Ring", "'bc' => 'XXbc'"),
        (16, here, "if not masks or self is None => if not"),
        (16, here, "not masks or => and"),
        (16, here, "without: or not masks"),
        (16, here, "without: or self is None"),
        (16, here, "not masks => masks"),
        (16, here, "self is None => self is not None"),
        (18, here, "=> pass"),
        (19, here, "masks[0] < 0 => masks[0] <= 0"),
        (19, here, "masks[0] < 0 => masks[0] >= 0"),
        (19, here, "0 => 1"),
        (19, here, "0 => 1"),
        (20, here, "=> pass"),
        (22, here, "masks is self => masks is not self"),
        (23, here, "False => True"),
        (24, here, "return => return None"),
        (24, here, "max => min"),
        (24, here, "without: if mask >= LIMIT and mask != 7"),
        (24, here, "mask >= LIMIT and => or"),
        (24, here, "without: and mask >= LIMIT"),
        (24, here, "without: and mask != 7"),
        (24, here, "mask >= LIMIT => mask > LIMIT"),
        (24, here, "mask >= LIMIT => mask < LIMIT"),
        (24, here, "mask != 7 => mask == 7"),
        (24, here, "7 => 8"),
        (24, here, "7 => 6"),
    ]


def test_text_for_readers_is_left_alone_wherever_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "texts.py"
    path.write_text(
        'def f(n):\n    words = f"so many: {n}"\n    other = f"{n} more"\n    Option(1, words, f"{n} at most")\n'
    )
    assert [(mutant.line, mutant.change) for mutant in mutants(path)] == [
        (3, "' more' => 'XX more'"), (4, "=> pass"), (4, "1 => 2")
    ]  # fmt: skip


def test_what_is_asserted_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "asserted.py"
    path.write_text(
        "T = TypeVar('T')\n\n\ndef f(n, m):\n    assert n is not None and m is not None\n    g(zip(n, m, strict=True))\n"
    )
    assert [mutant.change for mutant in mutants(path)] == ["=> pass"]


def test_each_mutant_is_one_change_and_the_rest_stays(module: Path) -> None:
    whole = ast.dump(ast.parse(CODE))
    seen = set()
    for mutant in mutants(module):
        tree = mutated(module, mutant.index)
        compile(tree, "module", "exec")
        seen.add(ast.dump(tree))
    assert whole not in seen and len(seen) == len(mutants(module))


def test_a_mutant_keeps_its_name_where_code_moves(module: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere.py"
    moved.write_text("import os\n\nOTHER = None\n\n" + CODE)
    assert [mutant.key for mutant in mutants(module)] == [mutant.key for mutant in mutants(moved)]
    assert len({mutant.key for mutant in mutants(module)}) == len(mutants(module))


def test_equal_changes_of_equal_statements_are_numbered(tmp_path: Path) -> None:
    path = tmp_path / "twice.py"
    path.write_text("x = 1\nx = 1\n")
    assert [mutant.number for mutant in mutants(path)] == [1, 2]


def test_every_package_of_the_list_is_there() -> None:
    for package in PACKAGES:
        assert package.modules(), package.name
        assert all(list(ROOT.glob(f"{home}*")) for home in package.home), package.name
    with pytest.raises(FileNotFoundError, match="nowhere is not there: put the new place of gone"):
        Package("gone", "nowhere").modules()


def test_notes_have_reasons_and_are_about_code_that_is_there() -> None:
    every = [mutant for package in PACKAGES for path in package.modules() for mutant in mutants(path)]
    assert stale(known(), every) == []


def test_a_note_is_read_as_it_is_written(module: Path, tmp_path: Path) -> None:
    written = tmp_path / "notes.toml"
    every = mutants(module)
    written.write_text("\n".join(note(mutant).replace('reason = ""', 'reason = "because"') for mutant in every))
    assert set(known(written)) == {mutant.key for mutant in every}
    assert stale(known(written), every[1:]) == [every[0].key]
    written.write_text(note(every[0]))
    with pytest.raises(ValueError, match="has no reason"):
        known(written)


def test_the_sample_is_that_of_its_seed_and_leaves_no_package_out(module: Path) -> None:
    one = mutants(module)[:1] * 40
    every = {"small": one, "large": one * 20}
    first = sample(every, 100, 5)
    assert first == sample(every, 100, 5)
    assert Counter(name for name, _ in first) == {"small": 30, "large": 95}
    assert len(sample({"few": one[:3]}, 100, 5)) == 3


def choice(module: Path) -> tuple[Choice, dict[int, Mutant]]:
    lines = {module: {6: {IMPORT}, 16: {"a::quick", "a::slow", "b::far"}, 18: {"b::far"}, 19: set()}}
    lines[module][13] = {IMPORT}
    by_line = {mutant.line: mutant for mutant in mutants(module)}
    return Choice(lines, {"a::quick": 0.01, "a::slow": 3.0, "b::far": 0.5}), by_line


def test_tests_are_those_that_run_the_line_the_quick_ones_first(module: Path) -> None:
    chosen, at = choice(module)
    package = Package("p", str(module))
    assert chosen.tests(at[16], package, 10) == ["a::quick", "b::far", "a::slow"], "each file in its turn"
    assert chosen.tests(at[16], package, 1) == ["a::quick", "b::far"]
    some = {"a::one": 0.01, "a::two": 0.3, "b::dear": 0.5}
    mixed = Choice({module: {16: {*some}}}, some)
    assert mixed.tests(at[16], package, 0.4) == ["a::one", "a::two"], (
        "one that is too dear keeps none of the others out"
    )
    assert mixed.tests(at[16], package, 0.6) == ["a::one", "b::dear"]
    assert chosen.tests(at[18], package, 0.1) == ["b::far"], "one at least"
    assert chosen.tests(at[19], package, 10) == []
    assert not chosen.imported(at[16])


def test_what_only_the_import_runs_meets_the_tests_of_its_module(module: Path) -> None:
    chosen, at = choice(module)
    assert chosen.imported(at[6]) and chosen.imported(at[12])
    assert chosen.tests(at[6], Package("p", str(module)), 10) == ["a::quick", "b::far", "a::slow"]


def test_tests_of_the_home_come_first_and_those_that_do_not_run_the_line_last(module: Path) -> None:
    chosen, at = choice(module)
    package = Package("p", str(module), ("b", "c"))
    assert chosen.tests(at[6], package, 10) == ["b::far", "a::quick", "a::slow"]
    assert chosen.tests(at[16], package, 10) == ["b::far", "a::quick", "a::slow"]
    away = Package("p", str(module), ("a",))
    assert chosen.tests(at[18], away, 10) == ["b::far", "a::quick", "a::slow"], "who remembers it does not run it"
    assert chosen.tests(at[18], away, 0.1) == ["b::far"] and chosen.tests(at[19], away, 10) == []
    alone = Choice({module: {6: {IMPORT}}}, {"a::quick": 0.01, "b::far": 0.5})
    assert alone.tests(at[6], package, 10) == ["b::far"]


TABLES = """from functools import cache
WORDS = {"a": 1}
LONGEST = max(len(one) for one in WORDS)
MASK: int = LONGEST << 1
OTHER = 5

@cache
def size(word):
    return WORDS.get(word, OTHER)

class Ring:
    def fits(self, one):
        return size(one) < MASK

LOOK_UP = {"size": size}
"""


def test_who_uses_what_is_made_at_import_or_remembered(tmp_path: Path) -> None:
    tables, others = tmp_path / "tables.py", tmp_path / "others.py"
    tables.write_text(TABLES)
    others.write_text("from tables import LOOK_UP\ndef ask(what, one):\n    return LOOK_UP[what](one)\n")
    used = {
        at: sorted((path.stem, line) for path, line in users(tables, at, at, [tables, others])) for at in range(2, 14)
    }
    assert used[2] == [("others", 3), ("tables", 9), ("tables", 13)], (
        "of itself, and of what is made of it or remembers it"
    )
    assert used[3] == used[4] == [("tables", 13)]
    assert used[5] == [("others", 3), ("tables", 9), ("tables", 13)]
    assert used[9] == [("others", 3), ("tables", 13)], "a function, and a table that holds it"
    assert used[13] == []


BUILT = """from functools import lru_cache
def tree(words):
    return "|".join(words)

def pattern(words):
    return tree(words) + "$"

@lru_cache(maxsize=8)
def ways(word):
    return pattern([word])

def found(line):
    return ways(line[0])

def other(line):
    return found(line)
"""


def test_what_is_called_by_what_remembers_is_used_by_who_asks_that(tmp_path: Path) -> None:
    path = tmp_path / "built.py"
    path.write_text(BUILT)
    lines = {at: sorted(line for _, line in users(path, at, at, [path])) for at in (3, 6, 10, 13)}
    assert lines == {3: [6, 13], 6: [10, 13], 10: [13], 13: [16]}


def test_tests_that_use_it_are_asked_before_others_of_the_home(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("LIMIT = 3\n\ndef one(x):\n    return x < 4\n\ndef two(x):\n    return one(x) or x > LIMIT\n")
    lines = {module: {1: {IMPORT}, 4: {"h::first"}, 7: {"h::third", "x::far"}, 9: {"h::second"}}}
    chosen = Choice(lines, {"h::first": 0.01, "h::second": 0.01, "h::third": 0.5, "x::far": 0.1})
    package = Package("p", str(module), ("h",))
    by_line = {mutant.line: mutant for mutant in mutants(module)}
    assert chosen.tests(by_line[1], package, 10) == ["h::third", "x::far", "h::first", "h::second"]
    some = {"h::use": 0.6, "h::another": 0.6, "h::table": 0.7}
    halves = Choice({module: {1: {IMPORT}, 7: {"h::use", "h::another"}, 9: {"h::table"}}}, some)
    assert halves.tests(by_line[1], package, 2.0) == ["h::another", "h::table"], (
        "what names the table itself has its turn"
    )
    assert chosen.tests(by_line[4], package, 10) == ["h::first", "h::third", "x::far", "h::second"], (
        "it may be remembered"
    )


def test_what_a_test_runs_in_other_packages_makes_it_no_broader(tmp_path: Path) -> None:
    module, elsewhere = tmp_path / "module.py", tmp_path / "elsewhere.py"
    module.write_text("def one(x):\n    return x < 4\n\ndef two(x):\n    return x > 3\n")
    lines = {
        module: {2: {"h::small", "h::large"}, 5: {"h::large"}},
        elsewhere: {at: {"h::small"} for at in range(1, 9)},
    }
    chosen = Choice(lines, {"h::small": 0.1, "h::large": 0.1})
    assert chosen.tests(mutants(module)[0], Package("p", str(module), ("h",)), 10) == ["h::small", "h::large"]


def test_a_line_of_a_function_that_the_import_runs_too_meets_those_who_run_it_first(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("def one(x):\n    return x < 4\n\ndef two(x):\n    return one(x)\n")
    lines = {module: {2: {IMPORT, "h::line"}, 5: {"h::use"}}}
    chosen = Choice(lines, {"h::line": 0.5, "h::use": 0.1})
    mutant = mutants(module)[0]
    assert chosen.imported(mutant) and mutant.in_function
    assert chosen.tests(mutant, Package("p", str(module), ("h",)), 10) == ["h::line", "h::use"]


def test_who_runs_a_function_in_a_table_is_asked_first_about_its_line(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        "TABLE = {\n    'a': lambda x: x < 4,\n    'b': 5,\n}\n\ndef use(what):\n    return TABLE[what]\n"
    )
    lines = {module: {1: {IMPORT}, 2: {IMPORT, "h::a"}, 3: {IMPORT}, 7: {"h::use"}}}
    chosen = Choice(lines, {"h::a": 0.5, "h::use": 0.1})
    by_line = {mutant.line: mutant for mutant in mutants(module)}
    package = Package("p", str(module), ("h",))
    assert [chosen.tests(by_line[line], package, 10) for line in (2, 3)] == [["h::a", "h::use"], ["h::use", "h::a"]]


def test_what_tests_call_while_they_are_imported_is_no_import_of_the_product(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        "def one(x):\n    return x < 4\n\ndef two(x):\n    return x > 5\n\ndef three(x):\n    return x > 6\n"
    )
    lines = {module: {2: {COLLECTING, "h::one"}, 5: {COLLECTING}, 8: {COLLECTING, IMPORT, "h::three"}}}
    chosen = Choice(lines, {"h::one": 0.5, "h::three": 0.1})
    first, second, third = ({mutant.line: mutant for mutant in mutants(module)}[line] for line in (2, 5, 8))
    package = Package("p", str(module), ("h",))
    assert [chosen.imported(mutant) for mutant in (first, second, third)] == [False, True, True]
    assert chosen.tests(first, package, 10) == ["h::one", "h::three"]
    assert chosen.tests(second, package, 10) == ["h::three", "h::one"], "it may be what they were given"


LINES = """
import json, sys
from pathlib import Path
from choice import recorded
lines, seconds = recorded(Path(sys.argv[1]))
quads = next(here for path, here in lines.items() if path.match("ikeaudit/ios/quads.py"))
print(json.dumps({"tests": [*seconds], "ran": [sorted(quads[at]) for at in sorted(quads)]}))
"""


@pytest.mark.full
def test_a_recording_tells_apart_who_runs_a_line(tmp_path: Path) -> None:
    """Importing the product, importing tests, or a test."""
    tests = tmp_path / "test_some.py"
    body = "def test_one():\n    assert not is_ipv4('10.0.0')\n"
    tests.write_text(f"from ikeaudit.ios.quads import is_ipv4\n\nGIVEN = is_ipv4('10.0.0.1')\n\n\n{body}")
    folder = tmp_path / "recorded"
    folder.mkdir()
    options = ["-q", "-p", "recording", "-p", "no:cacheprovider", "--hypothesis-profile=mutation", "-o", "addopts="]
    environment = {**os.environ, "MUTATION_RECORD": str(folder), "PYTHONPATH": str(ROOT / "mutation")}
    here = {"cwd": tmp_path, "env": environment, "check": True, "capture_output": True, "text": True}
    subprocess.run([sys.executable, "-m", "pytest", *options, str(tests)], **here)  # type: ignore[call-overload]
    done = subprocess.run([sys.executable, "-c", LINES, str(folder)], **here)  # type: ignore[call-overload]
    said = json.loads(done.stdout)
    assert len(said["tests"]) == 1 and said["tests"][0].endswith("test_some.py::test_one")
    assert [IMPORT] in said["ran"] and sorted([COLLECTING, said["tests"][0]]) in said["ran"]


def test_what_counts_as_caught() -> None:
    results = {0: SURVIVED, 1: CAUGHT, 2: CAUGHT, 4: CAUGHT, 3: BROKEN, 5: BROKEN, 20: TOO_LATE}
    assert {code: outcome(code << 8) for code in results} == results
    assert outcome(signal.SIGPROF) == CAUGHT, "it ran too long"


def test_who_waits_for_a_turn_does_not_hang() -> None:
    cores = os.cpu_count() or 1
    assert [patience(20, load * cores) for load in (0.0, 1.0, 8.0)] == [80, 80, 640]


def test_a_test_that_hangs_is_ended_after_its_own_time(tmp_path: Path) -> None:
    """Not after that of all the others that the change was to meet."""
    tests = tmp_path / "test_some.py"
    tests.write_text("def test_hangs():\n    while True:\n        pass\n\n\ndef test_other():\n    pass\n")
    names = [f"{tests}::{name}" for name in ("test_other", "test_hangs")]
    program = f"import pytest, trial; pytest.main(['-q', {str(tests)!r}, '-p', 'no:timeout'], plugins=[TIMED])"
    limits = {name.rpartition("/")[2]: seconds for name, seconds in zip(names, (60.0, 0.2), strict=True)}
    program = program.replace("TIMED", f"trial._Timed({limits})")
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "mutation")}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, check=False, timeout=60
    )
    assert done.returncode == -signal.SIGPROF


def test_tests_are_collected_without_the_plugin_that_limits_their_time() -> None:
    """The gate limits it by itself, and leaves that plugin out."""
    options = [option for option in PYTEST if not option.startswith("--hypothesis")]
    command = [sys.executable, "-m", "pytest", *options, "--collect-only", "tests/mutation/test_gate.py"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_name_of_a_module() -> None:
    assert module_name(Path("/x/policy/ikeaudit/selection/keys.py")) == "ikeaudit.selection.keys"
    assert module_name(Path("/x/policy/ikeaudit/selection/__init__.py")) == "ikeaudit.selection"


@pytest.mark.parametrize(
    ("counts", "gone", "code"),
    [
        (Counter(caught=95, survived=5), [], 0),
        (Counter(caught=94, survived=6), [], 1),
        (Counter(caught=19, equivalent=80, survived=1), [], 0),
        (Counter(caught=18, equivalent=80, survived=2), [], 1),
        (Counter(caught=95, broken=6), [], 1),
        ({"caught": 95, "reached by no test": 6}, [], 1),
        (Counter(caught=100), ["a note"], 1),
    ],
)
def test_the_gate(counts: dict[str, int], gone: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert AT_LEAST == 0.95
    assert report({"package": Counter(counts)}, gone, 1.0) == code
    assert "package" in capsys.readouterr().out
