"""Laws that every move to IKEv2 keeps: on the vectors, on random pairs of routers, on pairs of the corpus (DESIGN 3.5)."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ikev2_laws import check
from pairs import End, pairs, texts
from plans import FINGERPRINTER, fleet_in, fleet_of

from ikeaudit.fleet import Fleet
from ikeaudit.parsing import parse_configs
from ikeaudit.remediation.strategies.ikev2 import Options

TESTS = Path(__file__).parents[1]
GROUPS = ("seed", "vectors", "crypto-map", "dmvpn")
CASES = sorted({path.parent for group in GROUPS for path in (TESTS / "cases" / group).rglob("*.cfg")})
PAIRS = int(os.environ.get("IKEAUDIT_PAIRS", "60"))
"""Random pairs looked at; ``IKEAUDIT_PAIRS=500`` for a long look."""


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: str(folder.relative_to(TESTS / "cases")))
def test_laws_hold_on_cases(folder: Path) -> None:
    check(fleet_in(folder))


@pytest.mark.timeout(1200)
@settings(max_examples=PAIRS, deadline=None)
@given(pairs(), st.booleans())
def test_laws_hold_on_random_pairs(pair: tuple[End, End], new_keys: bool) -> None:
    check(fleet_of(*texts(pair).values()), Options(new_keys=new_keys))


@pytest.mark.corpus
@pytest.mark.parametrize("new_keys", [False, True])
def test_laws_hold_on_pairs_of_the_corpus(new_keys: bool) -> None:
    """Every two real configurations that have a tunnel in common."""
    folder = TESTS.parent.parent / "shared" / "corpus" / "configs"
    if not folder.is_dir():
        pytest.skip("no corpus beside the project")
    routers = {}
    for path in sorted(folder.iterdir()):
        text = path.read_text(encoding="utf-8", errors="replace")
        for parsed in parse_configs(text, file=path.name, fingerprinter=FINGERPRINTER):
            if parsed.router is not None:
                routers[f"{parsed.router.name}@{path.stem}"] = parsed.router
    named = [msgspec.structs.replace(router, name=name) for name, router in routers.items()]
    met = {tuple(sorted((e.initiator, e.responder))) for e in Fleet(named).exchanges if e.responder}
    changed = 0
    for one, other in sorted(met):
        two = [msgspec.structs.replace(r, name=r.name.replace("@", "-")) for r in named if r.name in (one, other)]
        changed += bool(check(Fleet(two), Options(new_keys=new_keys)).plan.steps)
    assert changed
