"""The law of proved fixes on two random routers into which one fault was put, and on the corpus."""

from __future__ import annotations

import os
from collections import Counter
from itertools import islice

import pytest
from faults import faults
from hypothesis import HealthCheck, given, seed, settings
from parsed import FINGERPRINTER
from plan_pairs import plan_pairs
from proved import holds
from real_routers import corpus, pairs_met

from ikeaudit.fleet import Fleet
from ikeaudit.hazards import audit
from ikeaudit.parsing import parse_configs
from ikeaudit.remediation.fixes.prover import Prover

SAMPLE = int(os.environ.get("IKEAUDIT_FIXES_SAMPLE", "3"))
"""Of every so many pairs and examples one is looked at; `make full` takes them all (1)."""
SHARDS = 6


def fleet_of(texts: tuple[str, ...]) -> Fleet:
    found = [
        parsed.router
        for n, text in enumerate(texts)
        for parsed in parse_configs(text, file=f"r{n}.cfg", fingerprinter=FINGERPRINTER)
    ]
    return Fleet(router for router in found if router is not None)


def keep(fleet: Fleet) -> Counter[bool]:
    """Every cause that breaks tunnels, or may: what is advised for it holds; how many have a fix."""
    found: Counter[bool] = Counter()
    for finding in audit(fleet):
        if finding.category in ("connectivity", "selection"):
            repair = Prover(fleet, finding).repair()
            found[repair.proved] += 1
            if repair.proved:
                holds(fleet, finding, repair)
    return found


@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    ("shard", "examples"), [(0, 2), *(pytest.param(n, 40 // SAMPLE, marks=pytest.mark.full) for n in range(1, 6))]
)
def test_what_is_advised_for_an_injected_fault_holds(shard: int, examples: int) -> None:
    found: Counter[bool] = Counter()

    @seed(shard)
    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(faults(plan_pairs()))
    def some(pair: tuple[str, ...]) -> None:
        found.update(keep(fleet_of(pair)))

    some()
    assert found[True], "no fault was mended: nothing was shown"


@pytest.mark.full
@pytest.mark.corpus
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("shard", range(SHARDS))
def test_what_is_advised_for_pairs_of_the_corpus_holds(shard: int) -> None:
    found: Counter[bool] = Counter()
    for pair in islice(pairs_met(corpus()), shard * SAMPLE, None, SHARDS * SAMPLE):
        found.update(keep(pair))
    assert found[True], "no fault was mended: nothing was shown"
