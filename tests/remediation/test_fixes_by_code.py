"""A fault for each hazard that breaks tunnels, put into a healthy fleet: its proved fix mends it and makes nothing worse."""

from __future__ import annotations

import pytest
from injected import BASES, FAULTS, made
from parsed import FINGERPRINTER
from proved import holds

from ikeaudit.fleet import Fleet
from ikeaudit.hazards import audit
from ikeaudit.hazards.finding import RANK
from ikeaudit.hazards.fixed import PROVED
from ikeaudit.parsing import parse_configs
from ikeaudit.remediation.fixes.prover import Prover

EVERY_DAY = ("KR-DEFAULT-SHADOW", "V2-HALF-PSK", "CM-ACL-NETMASK")


def read(configurations: list[str]) -> Fleet:
    found = [p.router for t in configurations for p in parse_configs(t, file="x.cfg", fingerprinter=FINGERPRINTER)]
    return Fleet(router for router in found if router is not None)


@pytest.mark.parametrize("base", BASES)
def test_without_a_fault_nothing_breaks(base: str) -> None:
    fleet = read(BASES[base]())
    assert all(e.outcome == "up" or e.by == "design" for e in (*fleet.exchanges, *fleet.spoke_exchanges))
    told = [f for f in audit(fleet) if f.category in ("connectivity", "selection") and RANK[f.severity] > RANK["low"]]
    assert told == []


def test_each_fault_is_of_a_hazard_that_has_fixes() -> None:
    assert FAULTS.keys() <= PROVED


@pytest.mark.parametrize(
    "code", [pytest.param(code, marks=() if code in EVERY_DAY else pytest.mark.full) for code in FAULTS]
)
def test_the_fault_is_found_and_its_fix_holds(code: str) -> None:
    _, wrong = made(code)
    fleet = read(wrong)
    found = [f for f in audit(fleet) if f.code == code]
    assert found, f"{code} is no cause: {[f.code for f in audit(fleet) if f.category in ('connectivity', 'selection')]}"
    for finding in found:
        repair = Prover(fleet, finding).repair()
        assert repair.proved, repair.reason
        holds(fleet, finding, repair)
