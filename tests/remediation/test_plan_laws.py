"""Laws that every plan keeps, for each strategy: on the cases, on random pairs of routers, on the corpus (DESIGN 3.5)."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from ikev2_laws import check as check_ikev2
from pairs import pairs, texts
from plan_laws import fleet_of_case, keeps_laws
from plan_pairs import plan_pairs
from plans import fleet_of, planned
from real_routers import corpus, pairs_met

from ikeaudit.fleet import Fleet
from ikeaudit.remediation.planner import PlannedChange
from ikeaudit.remediation.strategies.ikev2 import Options

TESTS = Path(__file__).parents[1]
FULL = pytest.mark.full
STRATEGIES = ("single-keyring", "ikev2")

EVERY = sorted({path.parent for path in TESTS.glob("cases/**/*.cfg")})
VECTORS = [folder for folder in EVERY if "hazards" not in folder.parts]
CASES = [folder if folder.parent.name == "vectors" else pytest.param(folder, marks=FULL) for folder in EVERY]
"""Those of DOMAIN 14 in the quick tier, the others in the full one."""
SHARDS = [pytest.param(0, 5), *(pytest.param(shard, 50, marks=FULL) for shard in range(1, 11))]
"""Random pairs looked at for each strategy: a few in the quick tier, 500 in the full one."""
PLANS = sorted({p.parent for p in TESTS.glob("remediation/plans/**/*.cfg") if p.parent.name != "expected"})


def check(fleet: Fleet, strategy: str, *, lines: bool = True, new_keys: bool = False) -> PlannedChange:
    """Every law of a strategy on one fleet."""
    if strategy == "ikev2":
        return check_ikev2(fleet, Options(new_keys=new_keys), lines=lines)
    return keeps_laws(fleet, partial(planned, strategy=strategy), lines=lines)


def test_all_vectors_are_among_the_cases() -> None:
    """DOMAIN 14 has T1 to T20."""
    found = {folder.name[:3] for folder in VECTORS if folder.parent.name == "vectors"}
    assert found == {f"T{n:02}" for n in range(1, 21)}


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("folder", CASES, ids=lambda folder: str(folder.relative_to(TESTS / "cases")))
def test_laws_hold_on_cases(folder: Path, strategy: str) -> None:
    check(fleet_of_case(folder), strategy)


@pytest.mark.parametrize("folder", PLANS, ids=lambda folder: folder.name)
def test_laws_hold_on_plans(folder: Path) -> None:
    """Those of the other strategy are in ``test_ikev2_golden.py``."""
    check(fleet_of_case(folder), "single-keyring")


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize(("shard", "examples"), SHARDS)
def test_laws_hold_on_random_pairs(shard: int, examples: int, strategy: str) -> None:
    """Half of them with whatever comes, half with tunnels that mostly work and everything that may stand beside them."""
    planned_for = 0

    @seed(shard)
    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(pairs().map(lambda pair: tuple(texts(pair).values())) | plan_pairs(), st.booleans())
    def some(pair: tuple[str, ...], new_keys: bool) -> None:
        nonlocal planned_for
        planned_for += bool(check(fleet_of(*pair), strategy, new_keys=new_keys).plan.steps)

    some()
    assert planned_for, "no pair had anything to plan: nothing was shown"


# -- the corpus --------------------------------------------------------------------------------------------------------


@FULL
@pytest.mark.corpus
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("strategy", "new_keys"), [("single-keyring", False), ("ikev2", False), ("ikev2", True)])
def test_laws_hold_on_pairs_of_the_corpus(strategy: str, new_keys: bool) -> None:
    found = [check(pair, strategy, new_keys=new_keys) for pair in pairs_met(corpus())]
    assert found
    assert any(change.plan.steps for change in found)


@FULL
@pytest.mark.corpus
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_laws_hold_on_every_router_of_the_corpus(strategy: str) -> None:
    """Alone, without its peers: keyrings can be merged, tunnels cannot be moved."""
    found = [check(Fleet((router,)), strategy, lines=False) for router in corpus().values()]
    planned_for = sum(bool(change.plan.steps) for change in found)
    assert planned_for >= 9 if strategy == "single-keyring" else any(change.plan.refusals for change in found)
