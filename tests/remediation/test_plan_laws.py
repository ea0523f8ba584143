"""Laws that every plan keeps: on the vectors, on random pairs of routers, on the plan cases (DESIGN 3.5, DOMAIN 12.1)."""

from __future__ import annotations

import os
import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, seed, settings
from pairs import End, pairs, texts
from plans import FINGERPRINTER, after_fleet, fleet_in, fleet_of, planned, router_of, running

from ikeaudit.exchange import SEVERITY
from ikeaudit.fleet import Fleet
from ikeaudit.parsing import parse_configs
from ikeaudit.remediation import sections
from ikeaudit.remediation.candidate import Candidate
from ikeaudit.remediation.plan import Direction
from ikeaudit.remediation.planner import PlannedChange

TESTS = Path(__file__).parents[1]
FULL = bool(os.environ.get("IKEAUDIT_FULL"))
"""``make full``: all of what the quick run takes a sample of."""
EVERY = sorted({path.parent for path in TESTS.glob("cases/**/*.cfg")})
CASES = EVERY if FULL else [folder for n, folder in enumerate(EVERY) if "hazards" not in folder.parts or n % 8 == 0]
PLANS = sorted({p.parent for p in TESTS.glob("remediation/plans/**/*.cfg") if p.parent.name != "expected"})


def sent(text: str) -> list[str]:
    """The lines of a command file as ``apply`` sends them."""
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("!")]


def check(fleet: Fleet) -> PlannedChange:
    """Every law on one fleet."""
    change = planned(fleet)
    commands_give_after(fleet, change)
    rollback_gives_running(fleet, change)
    nothing_gets_worse(fleet, change)
    no_key_is_shown(change)
    second_plan_is_empty(fleet, change)
    refusals_say_why(change)
    return change


def commands_give_after(fleet: Fleet, change: PlannedChange) -> None:
    for planned_router in change.plan.routers:
        router = fleet.router(planned_router.name)
        candidate = Candidate.from_text(running(router))
        replies = candidate.apply(sent(change.files[f"{planned_router.folder}/apply.cfg"]))
        assert not [reply.output for reply in replies if reply.refused]
        after = change.files[f"{planned_router.folder}/after.cfg"]
        assert candidate.text() == after
        assert tuple(sent(change.files[f"{planned_router.folder}/apply.cfg"])) == change.plan.commands_of(router.name)
        assert len(router_of(after).unknown) <= len(router.unknown), "the parser understands every line of ours"


def rollback_gives_running(fleet: Fleet, change: PlannedChange) -> None:
    for planned_router in change.plan.routers:
        router = fleet.router(planned_router.name)
        candidate = Candidate.from_text(change.files[f"{planned_router.folder}/after.cfg"])
        replies = candidate.apply(sent(change.files[f"{planned_router.folder}/rollback.cfg"]))
        assert not [reply.output for reply in replies if reply.refused]
        if planned_router.order_changes:
            assert planned_router.rolled_back_hash != planned_router.before_hash
            assert regardless_of_order(candidate.text()) == regardless_of_order(running(router))
        else:
            assert sections.same(candidate.text(), running(router))
            assert planned_router.rolled_back_hash == planned_router.before_hash


def regardless_of_order(text: str) -> list[tuple[str, list[str]]]:
    return sorted((header, sorted(below)) for header, below in sections.sections(text))


def nothing_gets_worse(fleet: Fleet, change: PlannedChange) -> None:
    after = {Direction.of(exchange): exchange for exchange in after_fleet(fleet, change).exchanges}
    for exchange in fleet.exchanges:
        if exchange.outcome == "up":
            assert after[Direction.of(exchange)].outcome == "up"
        if exchange.worst == "up":
            assert after[Direction.of(exchange)].worst == "up"
        assert SEVERITY[after[Direction.of(exchange)].worst] <= SEVERITY[exchange.worst] or exchange.worst != "up"


def no_key_is_shown(change: PlannedChange) -> None:
    for name, text in change.files.items():
        assert "sample-key" not in text, name
        for line in text.splitlines():
            if re.search(r"(pre-shared-key (address|hostname)|isakmp key) ", line) and "hold" not in line:
                assert re.search(r"<PSK:[0-9a-f]{16}>", line), f"{name}: a key line without its token"


def second_plan_is_empty(fleet: Fleet, change: PlannedChange) -> None:
    again = planned(after_fleet(fleet, change))
    changed = {router.name for router in change.plan.routers}
    assert not [step for step in again.plan.steps if step.router in changed]


def refusals_say_why(change: PlannedChange) -> None:
    for refusal in change.plan.refusals:
        assert refusal.reason.endswith(".")
        assert refusal.evidence, refusal.reason
        assert all(evidence.line > 0 and evidence.text for evidence in refusal.evidence)


@pytest.mark.parametrize("folder", [*CASES, *PLANS], ids=lambda folder: str(folder.relative_to(TESTS)))
def test_laws_hold_on_cases(folder: Path) -> None:
    check(fleet_in(folder))


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("shard", range(5))
def test_laws_hold_on_500_random_pairs(shard: int) -> None:
    @seed(shard)
    @settings(max_examples=100 if FULL else 8, deadline=None, database=None)
    @given(pairs())
    def hundred(pair: tuple[End, End]) -> None:
        check(fleet_of(*texts(pair, ("A", "B")).values()))

    hundred()


@pytest.mark.corpus
@pytest.mark.skipif(not FULL, reason="takes minutes; make full")
@pytest.mark.timeout(1200)
def test_laws_hold_on_the_corpus() -> None:
    """Every configuration of the corpus on its own, and every pair of them that has a tunnel in common."""
    folder = TESTS.parent.parent / "shared" / "corpus" / "configs"
    if not folder.is_dir():
        pytest.skip("no corpus beside the project")
    routers = {}
    for path in sorted(folder.iterdir()):
        text = path.read_text(encoding="utf-8", errors="replace")
        for parsed in parse_configs(text, file=path.name, fingerprinter=FINGERPRINTER):
            if parsed.router is not None:
                routers[f"{parsed.router.name}@{path.stem}"] = parsed.router
    planned_for = 0
    for router in routers.values():
        if len(router.keyrings) + bool(router.default_keyring.keys) > 1:
            planned_for += bool(check(Fleet([router])).plan.routers)
    assert planned_for >= 9
    named = [msgspec.structs.replace(router, name=name) for name, router in routers.items()]
    pairs_found = {
        tuple(sorted((e.initiator, e.responder))) for e in Fleet(named).exchanges if e.responder and e.ike_version == 1
    }
    assert pairs_found
    for one, other in sorted(pairs_found):
        check(Fleet(msgspec.structs.replace(r, name=r.name.partition("@")[0]) for r in named if r.name in (one, other)))
