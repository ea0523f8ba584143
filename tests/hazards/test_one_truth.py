"""One source of truth: ``check`` and ``explain`` never contradict each other.

Every direction that is down by fault is named by a finding, and no finding that is certain says of a tunnel what no direction
of it certainly shows. What fixes take away is looked at in ``test_removals``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from pairs import End, pairs, texts
from pairs_v2 import End2, pairs_v2, texts_v2
from parsed import router
from told import told

from ikeaudit.exchange import Exchange
from ikeaudit.exchange.result import FAILED
from ikeaudit.fleet import Fleet
from ikeaudit.hazards import RANK, Finding, audit
from ikeaudit.model.errors import InputError
from ikeaudit.snapshot.loading import load_snapshot
from ikeaudit.snapshot.nat_file import load_nat
from ikeaudit.snapshot.workspace import Workspace

TESTS = Path(__file__).parents[1]
SHARED = TESTS.parents[1] / "shared"
CASES = sorted({path.parent for path in (TESTS / "cases").rglob("expect.toml")})
EXAMPLES = int(os.environ.get("IKEAUDIT_LAW_EXAMPLES", "25"))

FAILURES = frozenset(
    {
        *("PW-ONEWAY", "PW-BOTHFAIL", "PW-PSK-DIFF", "PW-NOKEY-R", "PW-PH1-NONE", "PW-TS-NONE", "PW-PFS", "PW-PROXY"),
        *("PW-PEERADDR", "PW-IKEVER", "PW-AUTH", "PW-V2-NOPROFILE", "PW-V2-HALFOPEN", "PW-CERT-ONEWAY", "KR-NOKEY"),
        *("PW-NOSTART", "PW-SHORTCUT"),
    }
)
"""Codes that say that some direction fails."""


def everything(fleet: Fleet) -> tuple[Exchange, ...]:
    return (*fleet.exchanges, *fleet.client_exchanges, *fleet.spoke_exchanges)


def at_fault(exchange: Exchange) -> bool:
    """Whether the direction does not do what it should, whatever else."""
    renewed = exchange.renewal.outcome if exchange.renewal is not None else None
    lost = exchange.lost_at is not None or renewed in FAILED
    return exchange.outcome in FAILED or exchange.by == "fault" or lost


def named(exchange: Exchange, findings: tuple[Finding, ...]) -> bool:
    """Whether a finding names both ends; the far one by its address where its configuration is missing or cannot matter."""
    return any(
        RANK[finding.severity] >= RANK["medium"]
        and exchange.initiator in finding.hosts
        and (exchange.responder in finding.hosts or exchange.peer in finding.peers)
        for finding in findings
    )


def contradictions(fleet: Fleet) -> Iterator[str]:
    """What is wrong, in words."""
    findings, exchanges = tuple(told(audit(fleet))), everything(fleet)
    for exchange in exchanges:
        # What hangs on a fact that nobody has is told as unknown.
        if at_fault(exchange) and exchange.confidence != "unknown" and not named(exchange, findings):
            why = exchange.reason or exchange.lost_at or exchange.renewal
            yield f"{exchange.initiator} to {exchange.responder or exchange.peer} is not named: {exchange.outcome}, {why}"
    for finding in findings:
        if finding.confidence != "certain":
            continue
        hosts = set(finding.hosts)
        theirs = [e for e in exchanges if e.initiator in hosts and (e.responder in hosts or e.peer in finding.peers)]
        if finding.code in FAILURES and not any(at_fault(e) and e.confidence == "certain" for e in theirs):
            yield f"{finding.code} is certain, and no direction shows it: {finding.message}"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.open(tmp_path_factory.mktemp("workspace"))


def fleet_of(path: Path, workspace: Workspace) -> Fleet:
    nat = path / "nat.yaml"
    return load_snapshot(path, workspace).fleet(load_nat(nat) if path.is_dir() and nat.exists() else ())


@pytest.mark.parametrize("group", sorted({path.relative_to(TESTS / "cases").parts[0] for path in CASES}))
def test_cases(group: str, workspace: Workspace) -> None:
    folders = [path for path in CASES if path.relative_to(TESTS / "cases").parts[0] == group]
    wrong = {folder.name: found for folder in folders if (found := [*contradictions(fleet_of(folder, workspace))])}
    assert wrong == {}


@pytest.mark.full
@pytest.mark.corpus
@pytest.mark.skipif(not SHARED.is_dir(), reason="real configurations are not at hand")
def test_real_configurations(workspace: Workspace) -> None:
    configs = SHARED / "corpus" / "configs"
    field = sorted({path.parent for path in (SHARED / "field").rglob("*.cfg")})
    wrong: dict[str, list[str]] = {}
    for path in [configs, *sorted(path for path in configs.iterdir() if path.is_file()), *field]:
        try:
            found = [*contradictions(fleet_of(path, workspace))]
        except InputError:
            continue
        if found:
            wrong[str(path)] = found
    assert wrong == {}


def read(configurations: Mapping[str, str]) -> Fleet:
    return Fleet([router(text) for text in configurations.values()])


@given(pairs())
@settings(max_examples=EXAMPLES, deadline=None)
def test_random_pairs(pair: tuple[End, End]) -> None:
    assert [*contradictions(read(texts(pair)))] == []


@given(pairs_v2())
@settings(max_examples=EXAMPLES, deadline=None)
def test_random_pairs_of_ikev2(pair: tuple[End2, End2]) -> None:
    assert [*contradictions(read(texts_v2(pair)))] == []
