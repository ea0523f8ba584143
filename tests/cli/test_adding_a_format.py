"""A new format is one file and one line in one tuple, and every verb either draws in it or refuses it in one sentence."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import typer

import ikeaudit.change.rehearsal.in_the_lab
from ikeaudit.change.rehearsal import CaseResult, Rehearsal
from ikeaudit.cli.main import VERBS, build, main
from ikeaudit.lab import boot_from_folder
from ikeaudit.lab.scenarios import SEED
from ikeaudit.remediation.plan_folder import load_plan
from ikeaudit.report import Document, Format, Surface, formats
from ikeaudit.report.kinds import KINDS

ROOT = Path(__file__).resolve().parents[2]

(FILE,) = re.findall(r"^```python\n(.*?)^```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.M | re.S)
"""The example of the page: ``brief``, which draws findings."""


@pytest.fixture
def house(tmp_path: Path) -> dict[str, str]:
    """The environment of a house with one file more and one line more in the tuple."""
    root = tmp_path / "report"
    shutil.copytree(ROOT / "report", root, ignore=shutil.ignore_patterns("__pycache__"))
    folder = root / "ikeaudit" / "report" / "formats"
    (folder / "as_brief.py").write_text(FILE)
    listed = folder / "__init__.py"
    text = listed.read_text()
    assert text.count("    JSON,\n") == 1
    text = text.replace("    JSON,\n", "    JSON,\n    BRIEF,\n")
    listed.write_text(
        text.replace("import CONSOLE\n", "import CONSOLE\nfrom ikeaudit.report.formats.as_brief import BRIEF\n")
    )
    return {**os.environ, "PYTHONPATH": str(root), "IKEAUDIT_WORKSPACE": str(tmp_path / "ws")}


def typed(house: dict[str, str], *words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ikeaudit.cli", *(str(word) for word in words)]
    return subprocess.run(command, env=house, capture_output=True, text=True, check=False)


def test_one_file_and_one_line(house: dict[str, str], seed: Path) -> None:
    done = typed(house, "check", seed, "--code", "KR-DUP-ADDR", "--format", "brief")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == "KR-DUP-ADDR,R1\nKR-DUP-ADDR,R2\n"
    assert "|brief|" in "".join(re.split(r"[│\s]+", typed(house, "check", "--help").stdout))
    assert "brief" not in typed(house, "explain", "--help").stdout
    done = typed(house, "explain", seed, "--format", "brief")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "ikeaudit: Invalid value for '--format' / '-f': The format brief cannot draw what `explain` prints; "
        "use console, json, jsonl, junit, csv, markdown, html or prometheus (see ikeaudit explain --help).\n"
    )


def _lines(document: Document, surface: Surface) -> str:
    """Any published document, a line for each of its fields."""
    body = msgspec.to_builtins(document.published())
    return f"{document.kind}\n" + "".join(f"{name} {len(str(value))}\n" for name, value in body.items())


PUBLISHED = tuple(kind.name for kind in KINDS if kind.schema)
LINES = Format(name="lines", suffix="txt", machine=True, draws=PUBLISHED, render=_lines)
NOTHING = Format(name="nothing", suffix="txt", machine=True, draws=(), render=_lines)


@pytest.fixture(autouse=True)
def more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "FORMATS", (*formats.FORMATS, LINES, NOTHING))


@pytest.fixture(scope="module")
def inventory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Two virtual routers on loopback."""
    with boot_from_folder(SEED, password="lab", minute_seconds=6.0) as lab:
        yield lab.write_inventory(tmp_path_factory.mktemp("inventory"))


def rehearsed(*_: object, **__: object) -> Rehearsal:
    """A rehearsal as one comes out, without the twenty seconds that it takes."""
    case = CaseResult(
        wave=1, fault=None, phase=None, router=None, result="committed", exit_code=0, cause=None,
        runs={"R1": "after", "R2": "after"}, passed=True, wrong=(), seconds=1.0,
    )  # fmt: skip
    return Rehearsal(
        change_id="CHG-1", digest="d", tool_version="0", at="now", faults="some", passed=True, missing=(), cases=(case,)
    )


def verbs_with_a_format() -> list[str]:
    commands = typer.main.get_command(build(VERBS)).commands  # type: ignore[attr-defined]
    return sorted(name for name, one in commands.items() if any("--format" in p.opts for p in one.params))


STEPS: tuple[tuple[str, str, int], ...] = (
    ("collect --inventory INVENTORY --out before", "collection", 0),
    ("check before", "findings", 1),
    ("explain before", "exchanges", 0),
    ("diagnose before/R1/running-config.txt before", "diagnosis", 0),
    ("witness before", "witness", 0),
    ("coverage before", "coverage", 0),
    ("rules", "rules", 0),
    ("rule KR-DUP-ADDR", "rules", 0),
    ("plan before -s single-keyring --change-id CHG-1 -o plan", "plan", 0),
    ("plan show plan", "plan", 0),
    ("plan diff plan", "", 2),
    ("approve plan --by Ada", "approval", 0),
    ("rehearse plan", "rehearsal", 0),
    ("apply plan --inventory INVENTORY", "change", 0),
    ("verify plan --inventory INVENTORY", "change", 1),
    ("apply plan --inventory INVENTORY --commit --hold", "change", 0),
    ("confirm plan --inventory INVENTORY", "change", 0),
    ("status", "status", 0),
    ("rollback plan --inventory INVENTORY --all", "change", 0),
)
(PLANNED,) = (step for step in STEPS if step[1] == "plan" and " -o " in step[0])
"""What is typed one after the other, the kind that is drawn (none: refused), the exit code."""


def run(step: str, inventory: Path, format_: str) -> int:
    return main([*(str(inventory) if word == "INVENTORY" else word for word in step.split()), "--format", format_])


def test_every_verb_with_a_format_is_driven() -> None:
    assert {step.split()[0] for step, _, _ in STEPS} == set(verbs_with_a_format())


@pytest.mark.ssh
def test_every_verb_draws_in_a_format_that_can(
    inventory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ikeaudit.change.rehearsal.in_the_lab, "rehearse", rehearsed)
    monkeypatch.setenv("IKEAUDIT_USERNAME", "lab")
    monkeypatch.setenv("IKEAUDIT_PASSWORD", "lab")
    monkeypatch.chdir(tmp_path)
    for step, kind, code in STEPS:
        assert run(step, inventory, "lines") == code, (step, capsys.readouterr())
        out, err = capsys.readouterr()
        assert "internal error" not in err
        if kind:
            assert out.startswith(f"{kind}\nschema "), step
            assert all(re.fullmatch(r"\w+ \d+", line) for line in out.splitlines()[1:]), step
        else:
            assert (out, err.count("\n")) == ("", 1)
            assert "the format lines cannot draw" in err
    assert load_plan(Path("plan")).change_id == "CHG-1"


def test_every_verb_refuses_a_format_that_cannot_before_it_does_anything(
    inventory: Path,
    seed: Path,
    workspace: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(ikeaudit.change.rehearsal.in_the_lab, "rehearse", rehearsed)
    monkeypatch.chdir(tmp_path)
    seed.rename("before")
    for step, _, _ in STEPS:
        if step == "plan show plan":
            assert not Path("plan").exists(), "no plan was written for nobody to read"
            assert main(PLANNED[0].split()) == 0
            capsys.readouterr()
        assert run(step, inventory, "nothing") == 2, step
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1), step
        assert "the format nothing cannot draw" in err.lower()
        assert f"`{step.split()[0]}`" in err or "`plan diff`" in err
    assert sorted(path.name for path in Path("plan").iterdir() if path.suffix == ".json") == [
        "ladders.json",
        "plan.json",
        "proof.json",
    ]
    assert not (workspace / "changes").exists()


def test_no_format_draws_what_is_not_there() -> None:
    kinds = {kind.name for kind in KINDS}
    for one in formats.FORMATS:
        assert set(one.draws) <= kinds, one.name
