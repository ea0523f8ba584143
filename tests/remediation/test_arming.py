"""The step that gives a router an archive path, so that its revert timer can be armed (DOMAIN 8.6, 12.0)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from plans import fleet_of, planned

from ikeaudit.cli.main import main
from ikeaudit.lab.scenarios import SEED
from ikeaudit.remediation.plan import Plan


def seed(name: str, block: str = "", version: str = "15.4") -> str:
    text = re.sub(r"(?m)^archive\n(?: .*\n)+", "", (SEED / f"{name}.cfg").read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if not line.startswith("version ")]
    return f"version {version}\n{block}" + "\n".join(lines) + "\n"


def arming(plan: Plan) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    return {step.router: (step.commands, step.rollback) for step in plan.steps if step.phase == "arm"}


ADDED = (("archive", "path flash:chg-CHG-1-", "maximum 14", "exit"), ("no archive",))


def test_each_router_without_a_path_gets_one_before_anything_else() -> None:
    change = planned(fleet_of(seed("R1"), seed("R2")), archive=True)
    assert arming(change.plan) == {"R1": ADDED, "R2": ADDED}
    for name in ("R1", "R2"):
        assert change.plan.steps_of(name)[0].phase == "arm"
        assert [s.phase for s in change.plan.steps_of(name)].count("arm") == 1
        assert "\narchive\n path flash:chg-CHG-1-\n maximum 14\n" in change.files[f"{name}/after.cfg"]
    (wave,) = change.plan.waves
    assert set(wave.steps) == {step.number for step in change.plan.steps}
    assert ", arm: Give the router an archive path" in change.files["plan.md"]


def test_the_step_is_proven_like_the_others() -> None:
    """Its own record in the proof: lines accepted, every direction of the router replayed, none worse."""
    change = planned(fleet_of(seed("R1"), seed("R2")), archive=True)
    proof = json.loads(change.files["proof.json"])
    records = [r for r in proof["steps"] if r["number"] == change.plan.steps_of("R1")[0].number]
    assert [(r["router"], r["lines"], r["degraded"]) for r in records] == [("R1", 3, [])]
    assert {e["direction"]["initiator"] for e in records[0]["exchanges"]} == {"R1", "R2"}


def test_nothing_is_added_where_a_path_is_or_nobody_asks() -> None:
    block = "archive\n path flash:own-\n!\n"
    assert arming(planned(fleet_of(seed("R1", block), seed("R2")), archive=True).plan) == {"R2": ADDED}
    assert arming(planned(fleet_of(seed("R1"), seed("R2"))).plan) == {}


@pytest.mark.parametrize(
    ("block", "version", "commands", "rollback"),
    [
        (
            "archive\n log config\n  hidekeys\n!\n",
            "15.4",
            ("archive", "path flash:chg-CHG-1-", "exit"),
            ("archive", "no path", "exit"),
        ),
        ("", "16.9", ("archive", "path bootflash:chg-CHG-1-", "maximum 14", "exit"), ("no archive",)),
        (
            "boot system bootflash:isr.bin\n!\n",
            "15.4",
            ("archive", "path bootflash:chg-CHG-1-", "maximum 14", "exit"),
            ("no archive",),
        ),
    ],
)
def test_what_is_there_stays_and_the_disk_is_the_router_s(
    block: str, version: str, commands: tuple[str, ...], rollback: tuple[str, ...]
) -> None:
    change = planned(fleet_of(seed("R1", block, version), seed("R2")), archive=True)
    assert arming(change.plan)["R1"] == (commands, rollback)
    assert change.plan.router("R1").rolled_back_hash == change.plan.router("R1").before_hash


def test_a_router_in_several_waves_gets_it_in_the_first() -> None:
    change = planned(fleet_of(seed("R1"), seed("R2")), "ikev2", archive=True)
    first, *others = change.plan.waves
    assert others
    numbers = {step.number for step in change.plan.steps if step.phase == "arm"}
    assert len(numbers) == 2 and numbers <= set(first.steps)


@pytest.mark.parametrize(("option", "phases"), [((), 2), (("--no-archive",), 0)])
def test_the_verb_plans_it_unless_told_not_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: tuple[str, ...], phases: int
) -> None:
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path / "workspace"))
    (tmp_path / "configurations").mkdir()
    for name in ("R1", "R2"):
        (tmp_path / "configurations" / f"{name}.cfg").write_text(seed(name), encoding="utf-8")
    words = ["plan", str(tmp_path / "configurations"), "-s", "single-keyring", "--out", str(tmp_path / "plan"), *option]
    assert main(words) == 0
    plan = json.loads((tmp_path / "plan/plan.json").read_bytes())
    assert [step["phase"] for step in plan["steps"]].count("arm") == phases
