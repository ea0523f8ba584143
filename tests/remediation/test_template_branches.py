"""Every branch of every template that makes a plan is taken by some golden case, whose text is compared word for word."""

from __future__ import annotations

from pathlib import Path

import pytest
from branches import Watched
from ikev2_laws import moved, options_in
from plans import fleet_in, planned

HERE = Path(__file__).parent
PLANS = sorted({path.parent for path in (HERE / "plans").glob("*/*.cfg")})
MOVES = sorted({path.parent for path in (HERE / "ikev2").glob("*/*.cfg")})


def of_a_plan(name: str) -> bool:
    return name.startswith(("strategies/", "plan/"))


@pytest.fixture(scope="module")
def watched() -> Watched:
    """The templates after all golden cases were planned."""
    templates = Watched(of_a_plan)
    for folder in PLANS:
        planned(fleet_in(folder), templates=templates)
    for folder in MOVES:
        moved(fleet_in(folder), options_in(folder), templates=templates)
    return templates


@pytest.mark.full
def test_every_branch_is_taken_by_a_golden_case(watched: Watched) -> None:
    assert sorted(watched.branches - watched.taken) == []


def test_every_template_has_branches_or_is_rendered(watched: Watched) -> None:
    """One that has no branch at all would not be seen above."""
    names = {name for name in watched.names() if of_a_plan(name)}
    assert len(names) >= 20
    plain = {name for name in names if not any(branch.startswith(f"{name}:") for branch in watched.branches)}
    assert plain == {"strategies/ikev2/remove-tunnel.j2"}, "the cases of a second cloud render that one"


@pytest.mark.parametrize("case", ["plans/a1-seed", "ikev2/b1-seed", "ikev2/b3-second-cloud"])
def test_watching_changes_no_text(case: str) -> None:
    """The same files as in the golden folder: what is watched is what is compared there."""
    folder = HERE / case
    if case.startswith("plans/"):
        files = planned(fleet_in(folder), templates=Watched(of_a_plan)).files
    else:
        files = moved(fleet_in(folder), options_in(folder), templates=Watched(of_a_plan)).files
    for path in (folder / "expected").iterdir():
        host, _, rest = path.name.partition(".")
        name = path.name if path.name == "plan.md" else f"{host}/{rest}"
        assert files[name] == path.read_text(encoding="utf-8"), name


def test_a_branch_that_nothing_takes_is_found() -> None:
    """Only the seed: it has no global keys to remove."""
    templates = Watched(of_a_plan)
    planned(fleet_in(HERE / "plans" / "a1-seed"), templates=templates)
    missed = templates.branches - templates.taken
    assert "strategies/single-keyring/remove-global-keys.j2:1: for has an item" in missed
    assert "strategies/single-keyring/drop-keyrings.j2:1: for has an item" not in missed
