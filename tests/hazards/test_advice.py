"""What plain ``check`` advises is not proved: it says when it holds, and what cannot be is not advised."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from proved import fleet_of
from real_routers import corpus

from ikeaudit.exchange import Reason
from ikeaudit.fleet import Fleet
from ikeaudit.hazards import HAZARDS, audit
from ikeaudit.hazards.finding import OUTCOMES, Finding
from ikeaudit.hazards.shared.pair_findings import MENDS
from ikeaudit.remediation.fixes.prover import Prover
from ikeaudit.snapshot.workspace import Workspace

TESTS = Path(__file__).resolve().parents[1]
CASES, FIELD = TESTS / "cases", TESTS.parent.parent / "shared" / "field"
CONDITION = re.compile(r"\b(if|when|where|whichever|meant|wanted)\b", re.IGNORECASE)
TAKING = re.compile(r"\b(delete|remove)\b", re.IGNORECASE)
SLIP = re.compile(r"^Correct .*?: '?(?:keyring )?(?P<right>[^ ']+)'? instead of ")
EXACT = re.compile(r" instead of |--nat FILE")
"""Of what differs by a slip of the finger the very correction is told."""


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.open(tmp_path_factory.mktemp("workspace"))


def advice_of(folder: str, code: str, workspace: Workspace) -> str:
    (finding,) = [f for f in audit(fleet_of(CASES / folder, workspace)) if f.code == code]
    return finding.fix


def unconditional(finding: Finding) -> bool:
    return not CONDITION.search(finding.fix) and not EXACT.search(finding.fix)


@pytest.mark.parametrize("hazard", [h for h in HAZARDS if h.code not in OUTCOMES], ids=lambda h: h.code)
def test_advice_on_what_breaks_tunnels_says_when_it_holds(hazard: object) -> None:
    (one,) = [h for h in HAZARDS if h is hazard]
    assert not TAKING.search(one.fix), "what can go is said to be so, under a condition; it is not ordered away"
    if one.category in ("connectivity", "selection"):
        assert CONDITION.search(one.fix), one.fix


def test_every_reason_has_its_advice() -> None:
    assert set(MENDS) == set(get_args(Reason))
    assert all(CONDITION.search(text) for text in MENDS.values())


GROUPS = sorted(path.name for path in CASES.iterdir() if path.is_dir())


def check_words(fleet: Fleet, where: object) -> None:
    """Nothing is ordered away, and what breaks tunnels has its condition."""
    for cause in audit(fleet):
        for one in (cause, *cause.follows):
            broken = one.category in ("connectivity", "selection")
            assert not TAKING.search(one.fix), (where, one.code, one.fix)
            assert not broken or not unconditional(one), (where, one.code, one.fix)


def check_corrections(fleet: Fleet, where: object) -> None:
    """Of a slip the very words are told, and those are what `check --fixes` proves and types."""
    for finding in audit(fleet):
        slip = SLIP.search(finding.fix) if finding.category in ("connectivity", "selection") else None
        if slip is not None and finding.effect != "none":
            repair = Prover(fleet, finding).repair()
            typed = " ".join(line for lines in repair.commands.values() for line in lines)
            assert repair.proved and slip["right"] in typed.split(), (where, finding.fix, repair.title)


@pytest.mark.parametrize(
    "group", [pytest.param(g, marks=() if g in ("fuzz", "findings") else pytest.mark.full) for g in GROUPS]
)
def test_no_finding_of_a_case_orders_what_is_not_known_to_be_right(group: str, workspace: Workspace) -> None:
    for path in sorted((CASES / group).rglob("expect.toml")):
        fleet = fleet_of(path.parent, workspace)
        check_words(fleet, path.parent)
        check_corrections(fleet, path.parent)


@pytest.mark.full
def test_nor_does_one_of_the_field(workspace: Workspace) -> None:
    if not FIELD.is_dir():
        pytest.skip("no field cases beside the project")
    for folder in sorted({path.parent for path in FIELD.rglob("*.cfg")}):
        fleet = fleet_of(folder, workspace)
        check_words(fleet, folder)
        check_corrections(fleet, folder)


@pytest.mark.full
@pytest.mark.corpus
def test_nor_does_one_of_the_corpus() -> None:
    fleet = Fleet(corpus().values())
    check_words(fleet, "corpus")
    check_corrections(fleet, "corpus")


def test_the_end_that_fits_already_is_not_to_be_changed(workspace: Workspace) -> None:
    """END-NAMED-PEER: destination and source are each other's, and the tunnel's packets arrive in another VRF."""
    advice = advice_of("fuzz/source-outside-the-tunnel-vrf", "PW-PEERADDR", workspace)
    assert advice.startswith("The addresses fit; ") and "destination" not in advice


def test_there_is_no_end_whose_destination_could_be_changed(workspace: Workspace) -> None:
    """TWO has no tunnel for ONE at all."""
    advice = advice_of("hazards/PW-HALF-PROTECTED/silent", "PW-PEERADDR", workspace)
    assert advice == "If the tunnel is wanted, give TWO an end for it, or call the router that has one."


def test_a_key_for_an_address_that_may_be_translated_is_no_order(workspace: Workspace) -> None:
    """NAT-ADDRESSES: which address the call comes from is known only where no translation is missing."""
    (hazard,) = [h for h in HAZARDS if h.code == "PW-NOKEY-R"]
    assert hazard.fix.startswith("If calls do arrive from that address, ") and "--nat" in hazard.fix
