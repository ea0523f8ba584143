"""Commands that are printed: each is whole, and taken by the command line; ``support/printed.py`` looks at all of the suite."""

from __future__ import annotations

import ast
import re
import shlex
from itertools import product
from pathlib import Path

import pytest
from change_lab import hub_and_spokes, pairs
from printed import READERS, look_through, shape, what_is_wrong_with

from ikeaudit.change.advice import back_command, command, rollback_command
from ikeaudit.change.journal import Progress, RouterProgress, Typed
from ikeaudit.change.next_step import State, next_in
from ikeaudit.change.status import _stamp
from ikeaudit.cli.main import main

ROOT = Path(__file__).parents[2]
PACKAGES = ("change", "cli", "collect", "lab", "policy", "remediation", "report", "snapshot", "tasks", "templates")
TYPED = (
    Typed(plan="/srv/a plan/it's"),
    Typed(
        plan="/srv/plan", inventory="/srv/in ventory", session="--timeout 5 --strict-host-keys", applying="--minutes 20"
    ),
)


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("ikeaudit status", ""),
        ("ikeaudit rollback /p --commit --wave 2 --group 1", ""),
        ("ikeaudit plan show /p", ""),
        ("ikeaudit hostkeys import -", ""),
        ("ikeaudit confirm", "Missing"),
        ("ikeaudit rollback /p --comit", "No such option"),
        ("ikeaudit rollback PLAN", "fill something in"),
        ("ikeaudit apply /p --wave N", "fill something in"),
        ("ikeaudit undo /p", "no verb undo"),
    ],
)
def test_what_counts_as_whole(line: str, wrong: str) -> None:
    found = what_is_wrong_with(line)
    assert wrong in found if wrong else not found


@pytest.mark.parametrize("typed", TYPED)
def test_every_next_step_of_every_state(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    """By all states of a change; with another inventory, options, and folders that must be quoted."""
    states = State.__args__  # type: ignore[attr-defined]
    for state, phase, back in product(
        states, ("untouched", "armed", "changed", "arrived", "confirmed", "lost"), (True, False)
    ):
        progress = Progress(
            change_id="C1", verb="rollback" if back else "apply", selection="--wave 2" if back else "",
            plan=typed.plan, inventory=typed.inventory, session=typed.session, applying=typed.applying,
            routers={"R1": RouterProgress(name="R1", phase=phase, doubtful=phase == "lost")},
        )  # fmt: skip
        from datetime import UTC, datetime

        following, why = next_in(state, progress, datetime.now(UTC))
        look_through(f"next: {following}")
        assert why and _stamp(datetime.now(UTC))
        if following is not None and " status " not in following:
            words = shlex.split(following)
            assert words[2] == typed.plan and (typed.inventory in words) is bool(typed.inventory)
            assert (
                words[-len(typed.session.split()) :] == typed.session.split()
                or "--minutes" in words
                or not typed.session
            )
        look_through(f"`{back_command(progress)}` `{rollback_command(typed, '--all')}`")


def test_what_is_remembered_is_left_out_where_it_is_found_anyway(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    typed = Typed(plan=str(tmp_path / "plan"), inventory=str(tmp_path / "inventory"))
    assert command("confirm", typed) == "ikeaudit confirm plan"
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert command("confirm", typed) == f"ikeaudit confirm {tmp_path}/plan --inventory {tmp_path}/inventory"
    assert (
        command("confirm", typed, anywhere=True) == f"ikeaudit confirm {tmp_path}/plan --inventory {tmp_path}/inventory"
    )


def texts_of(file: Path) -> list[tuple[int, str]]:
    """The strings of a module that may be printed: no docstrings, no help of options; fields of f-strings as a word."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    passed = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed.add(node.value)
        if isinstance(node, ast.Call):
            passed |= {n for k in node.keywords if k.arg == "help" for n in ast.walk(k.value)}
    found = []
    inside = {n for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for n in node.values}
    for node in ast.walk(tree):
        if node in passed or node in inside:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append((node.lineno, node.value))
        elif isinstance(node, ast.JoinedStr):
            found.append((node.lineno, "".join(v.value if isinstance(v, ast.Constant) else "x" for v in node.values)))
    return found


@pytest.mark.full
def test_no_text_leaves_anything_to_be_filled_in() -> None:
    files = [file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))]
    files = [file for file in files if file.name not in ("document.py", "page.py")]  # of docs/, which explain
    assert len(files) > 300
    wrong = [
        f"{file.relative_to(ROOT)}:{line}: {text}"
        for file in files
        for line, text in texts_of(file)
        if re.search(r"ikeaudit (?!lab\b)[a-z]+[^`'\n]*? ?\b(PLAN|PATH|NAME|FOLDER|CODE|N|G)\b", text)
        or re.search(
            r"`ikeaudit (apply|rollback|confirm|verify|rehearse|approve|plan|check|explain|coverage|rule)`", text
        )
    ]
    assert not wrong


TOLD = re.compile(
    r"(?:`|[;:] |^ *(?:more  |mend  )?)(ikeaudit (?!lab)[a-z][^`\n]*?)(?=`|   | shows| explains|$)", re.MULTILINE
)


@pytest.mark.full
def test_what_readers_print_is_carried_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From what is read first to whatever that prints, and so on; once for each shape and each of four fleets."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr("ikeaudit.report.surface._is_tty", lambda stream: True)
    fleets = {
        "old-keyrings": hub_and_spokes(40),
        "broken": {"R1": hub_and_spokes(1)["HUB"] + "crypto isakmp frob\n" * 9},
        "a name": hub_and_spokes(1),
        "pairs": pairs(5),
    }
    for name, texts in fleets.items():
        (tmp_path / name).mkdir()
        for router, text in texts.items():
            (tmp_path / name / f"{router}.cfg").write_text(text)
    waiting = ["ikeaudit rules", "ikeaudit hostkeys list"]
    waiting += [f"ikeaudit {verb} {shlex.quote(name)}" for name in fleets for verb in ("check", "explain", "coverage")]
    waiting.append("ikeaudit check pairs --verbose")
    waiting += [f"ikeaudit {verb} {shlex.quote(name)} --all" for name in fleets for verb in ("check", "explain")]
    done: set[tuple[str, str, int]] = set()
    while waiting:
        line = waiting.pop(0)
        words = shlex.split(line)
        kind = (shape(line), next((word for word in words if word in fleets), ""), len(words))
        if kind in done:
            continue
        done.add(kind)
        code = main(words[1:])
        told = capsys.readouterr()
        assert code in ((0, 5) if words[1] == "plan" else (0, 1, 3)), (line, code, told.err)
        waiting += [found[1] for found in TOLD.finditer(told.out + told.err)]
    assert {found for found, *_ in done} >= READERS
