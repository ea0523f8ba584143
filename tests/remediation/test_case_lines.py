"""The lines that each strategy types on each router of each case, and their order, as ``lines/`` has them.

A file holds one part of the case folders, a line for every router that a plan changes: case, strategy, router, how many lines
it is sent wave by wave and how many take them back, and a digest of them. What differs is read with ``ikeaudit plan`` before
and after; ``pytest -n 0 tests/remediation/test_case_lines.py --update`` writes the files again.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from plans import WHEN

from ikeaudit.model.errors import InputError
from ikeaudit.remediation.plan import Plan
from ikeaudit.remediation.planner import make_plan
from ikeaudit.remediation.strategies import STRATEGIES
from ikeaudit.snapshot.loading import load_snapshot
from ikeaudit.snapshot.workspace import KEY_FILE, Workspace

CASES = Path(__file__).resolve().parents[1] / "cases"
LINES = Path(__file__).with_name("lines")


def part_of(folder: Path) -> str:
    """The part that a case belongs to: its group, that of hazards by their first letters."""
    group, *rest = folder.relative_to(CASES).parts
    return f"{group}-{rest[0].partition('-')[0]}" if group == "hazards" else group


PARTS: dict[str, list[Path]] = {}
for one in sorted({path.parent for path in CASES.rglob("*.cfg")}):
    PARTS.setdefault(part_of(one), []).append(one)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """One whose key is known, so that tokens are always the same."""
    folder = tmp_path_factory.mktemp("workspace")
    folder.chmod(0o700)
    (folder / KEY_FILE).write_text("11" * 32)
    (folder / KEY_FILE).chmod(0o600)
    return Workspace.open(folder)


def told(folder: Path, strategy: str, plan: Plan) -> list[str]:
    """A line for each router of a plan."""
    found = []
    for router in plan.routers:
        own = [step for step in plan.steps if step.router == router.name]
        wave_of = {number: wave.number for wave in plan.waves for number in wave.steps or ()}
        sent = [f"{wave_of.get(step.number, 0)} {line}" for step in own for line in step.commands]
        back = [line for step in own for line in step.rollback]
        digest = sha256("\n".join((*sent, "", *back)).encode()).hexdigest()[:12]
        found.append(f"{folder.relative_to(CASES)} {strategy} {router.name} {len(sent)} {len(back)} {digest}")
    return found


def planned(folder: Path, workspace: Workspace) -> list[str]:
    """The lines of all strategies for a case."""
    found: list[str] = []
    try:
        fleet = load_snapshot(folder, workspace).fleet()
        for strategy in STRATEGIES:
            plan = make_plan(fleet, strategy, change_id="CHG-1", created=WHEN, archive=True).plan
            found += told(folder, strategy.name, plan)
    except InputError as error:
        found.append(f"{folder.relative_to(CASES)} refused: {error}")
    return found


@pytest.mark.full
@pytest.mark.parametrize("part", PARTS)
def test_the_lines_of_each_case_are_those_that_are_known(part: str, workspace: Workspace, update: bool) -> None:
    lines = [line for folder in PARTS[part] for line in planned(folder, workspace)]
    file = LINES / f"{part}.txt"
    if update:
        LINES.mkdir(exist_ok=True)
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    assert lines == file.read_text(encoding="utf-8").splitlines()


def test_each_part_is_known() -> None:
    assert {file.stem for file in LINES.iterdir()} == set(PARTS)


@pytest.mark.parametrize("changed", ["order", "word", "wave", "roll-back"])
def test_any_other_line_or_order_is_another_digest(changed: str, workspace: Workspace) -> None:
    folder = CASES / "vectors/T01-seed"
    plan = make_plan(load_snapshot(folder, workspace).fleet(), STRATEGIES[0], change_id="CHG-1", created=WHEN).plan
    at = next(n for n, step in enumerate(plan.steps) if len(set(step.commands)) > 1)
    step, waves = plan.steps[at], plan.waves
    if changed == "wave":
        waves = tuple(msgspec.structs.replace(wave, number=wave.number + 1) for wave in waves)
    elif changed == "roll-back":
        step = msgspec.structs.replace(step, rollback=(*step.rollback, "end"))
    else:
        commands = step.commands[::-1] if changed == "order" else (step.commands[0].upper(), *step.commands[1:])
        step = msgspec.structs.replace(step, commands=commands)
    other = msgspec.structs.replace(plan, steps=(*plan.steps[:at], step, *plan.steps[at + 1 :]), waves=waves)
    assert told(folder, "s", plan) != told(folder, "s", other)
