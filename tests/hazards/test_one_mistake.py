"""One mistake on one spoke is one finding, however many spokes there are; what follows from it is inside it."""

from __future__ import annotations

import pytest
from mistakes import MISTAKES, end, router, texts
from parsed import FINGERPRINTER

from ikeaudit.fleet import Fleet
from ikeaudit.hazards import AuditContext, audit
from ikeaudit.hazards.ranking import tunnel_states
from ikeaudit.parsing import parse_configs


def fleet_of(configurations: list[str]) -> Fleet:
    found = [p.router for t in configurations for p in parse_configs(t, file="x.cfg", fingerprinter=FINGERPRINTER)]
    return Fleet(r for r in found if r is not None)


def causes(configurations: list[str]) -> list[str]:
    """The codes of the causes that break tunnels or may."""
    return [f.code for f in audit(fleet_of(configurations)) if f.category in ("connectivity", "selection")]


def test_without_a_mistake_there_is_no_cause() -> None:
    assert causes(texts(20)) == []


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("spokes", [3, 20, pytest.param(100, marks=pytest.mark.full)])
def test_one_mistake_is_one_cause(spokes: int, mistake: str) -> None:
    was, instead, code = MISTAKES[mistake]
    made = texts(spokes)
    assert was in made[2]
    made[2] = made[2].replace(was, instead)
    assert causes(made) == [code]
    # One tunnel of so many is broken, wherever its ends call.
    fleet = fleet_of(made)
    states = tunnel_states(AuditContext(fleet))
    assert (states["none"], states.total()) == (spokes - 1, spokes)
    assert [f.tunnels for f in audit(fleet) if f.code == code] == [1]


@pytest.mark.parametrize("spokes", [3, 20, 100])
def test_two_mistakes_are_two_causes(spokes: int) -> None:
    """A mistyped keyring on one spoke explains nothing of the next one's, nor of another fault of the same tunnel."""
    made = texts(spokes)
    made[2] = made[2].replace("PS002\n keyring S002\n", "PS002\n keyring S020\n")
    made[3] = made[3].replace(" group 14", " group 5")
    assert sorted(causes(made)) == ["KR-UNDEF", "PW-PH1-NONE"]


def test_three_ends_that_call_round_in_a_ring_are_told() -> None:
    """Each calls the next one's address and is made for the one before: nobody's mistake explains all, and none is lost."""
    names = {1: "192.0.2.1", 2: "192.0.2.2", 3: "192.0.2.3"}
    made = []
    for n, own in names.items():
        calls, meant = names[n % 3 + 1], names[(n + 1) % 3 + 1]
        ends = end(n, own, meant, 1).replace(f"tunnel destination {meant}", f"tunnel destination {calls}")
        made.append(router(f"R{n}", own, ends))
    assert "PW-PEERADDR" in causes(made)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_same_mistake_on_two_spokes_breaks_two_tunnels_in_all(mistake: str) -> None:
    """Whoever tells them apart gives each its own tunnel, though what follows is told of both together."""
    was, instead, code = MISTAKES[mistake]
    made = texts(5)
    made[2] = made[2].replace(was, instead)
    there = _of_spoke_3(was)
    assert there in made[3]
    made[3] = made[3].replace(there, _of_spoke_3(instead))
    found = [f for f in audit(fleet_of(made)) if f.category in ("connectivity", "selection")]
    assert {f.code for f in found} == {code}
    assert sum(f.tunnels for f in found) == 2
    for finding in found:
        calls = {(m.host, m.far) for c in finding.consequences for m in c.directions}
        assert len({frozenset(call) for call in calls if "HUB" in call and all(call)}) <= finding.tunnels


def _of_spoke_3(line: str) -> str:
    """What spoke 2 has, as spoke 3 has it."""
    for two, three in (
        ("113.3\n", "113.4\n"),
        ("113.2\n", "113.3\n"),
        ("113.222", "113.223"),
        ("S020", "S030"),
        ("B020", "B030"),
        ("002", "003"),
    ):
        line = line.replace(two, three)
    return line
