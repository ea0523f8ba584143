"""Of several changes that mend a cause the one is advised that takes the mistake back; what goes round it says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from mistakes import MISTAKES, texts
from parsed import FINGERPRINTER
from proved import applied, fleet_of

from ikeaudit.fleet import Fleet
from ikeaudit.hazards import audit
from ikeaudit.model import Router
from ikeaudit.parsing import parse_configs
from ikeaudit.remediation.fixes.contract import Change, Repair, together
from ikeaudit.remediation.fixes.prover import Prover
from ikeaudit.snapshot.workspace import Workspace

CASES = Path(__file__).resolve().parents[1] / "cases"


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.open(tmp_path_factory.mktemp("workspace"))


def read(configurations: list[str]) -> Fleet:
    found = [p.router for t in configurations for p in parse_configs(t, file="x.cfg", fingerprinter=FINGERPRINTER)]
    return Fleet(router for router in found if router is not None)


def repair_of(fleet: Fleet, code: str) -> Repair:
    (finding,) = [f for f in audit(fleet) if f.code == code]
    return Prover(fleet, finding).repair()


def lines(router: Router) -> list[str]:
    """What a configuration says, in whatever order; how a host's mask is written does not matter."""
    said = (" ".join(line.split()).replace(" 255.255.255.255", "") for line in router.lines)
    return sorted(line for line in said if line not in ("", "!"))


@pytest.mark.parametrize("mistake", [name for name in MISTAKES if name != "source"])
def test_the_mistake_itself_is_taken_back(mistake: str) -> None:
    """The spoke, and it alone, says again what it said before the hand slipped; the hub, whose other tunnels come up, stays."""
    was, instead, code = MISTAKES[mistake]
    healthy = texts(3)
    made = [*healthy[:2], healthy[2].replace(was, instead), *healthy[3:]]
    fleet = read(made)
    repair = repair_of(fleet, code)
    assert list(repair.commands) == ["SP002"], repair.title
    assert not repair.around
    assert lines(applied(fleet.router("SP002"), repair.commands["SP002"])) == lines(read(healthy).router("SP002"))


def test_a_source_is_put_right_where_it_stands() -> None:
    """No interface has the address that the tunnel names as its source; the one that the hub calls is GigabitEthernet1's."""
    was, instead, code = MISTAKES["source"]
    made = texts(3)
    made[2] = made[2].replace(was, instead)
    assert dict(repair_of(read(made), code).commands) == {
        "SP002": ("interface Tunnel1", "tunnel source GigabitEthernet1", "exit")
    }


def test_a_mistyped_address_of_a_key_is_corrected_and_no_second_key_added(workspace: Workspace) -> None:
    """OAK has the key for 192.51.100.1 that its peer 198.51.100.1 was to have (KEY-MISSING)."""
    repair = repair_of(fleet_of(CASES / "findings" / "key-address-mistyped", workspace), "KR-NOKEY")
    (gone, new) = repair.commands["OAK"]
    assert gone.startswith("no crypto isakmp key ") and gone.endswith(" address 192.51.100.1")
    assert new == gone.removeprefix("no ").replace("192.51.100.1", "198.51.100.1")
    assert (
        repair.text("")
        == "Correct the address of the key in keyring default of OAK: 198.51.100.1 instead of 192.51.100.1."
    )


def test_the_spokes_match_each_other_as_the_hub_matches_all(workspace: Workspace) -> None:
    """PROFILE-BOUND: the spokes' profile matches the hub alone, so that a call of the other spoke selects none."""
    fleet = fleet_of(CASES / "dmvpn" / "spoke-profile-matches-the-hub-only", workspace)
    repair = repair_of(fleet, "PW-SHORTCUT")
    lines_ = ("crypto isakmp profile DMVPN", "match identity address 0.0.0.0 0.0.0.0", "exit")
    assert dict(repair.commands) == {"S1": lines_, "S2": lines_}
    assert {(d.initiator, d.responder) for d in repair.brings_up} == {("S1", "S2"), ("S2", "S1")}


def test_a_weak_group_is_given_to_nobody() -> None:
    """Two routers alone, one with group 5: the strong one is not made weak, though it comes first by name."""
    healthy = texts(1)
    made = [healthy[0], healthy[1].replace(" group 14", " group 5")]
    repair = repair_of(read(made), "PW-PH1-NONE")
    assert dict(repair.commands) == {"SP001": ("crypto isakmp policy 10", "group 14", "exit")}


def test_what_goes_round_the_fault_says_so() -> None:
    round_, slip = Change("A", {"R": (("x",),)}, 2, "P stays"), Change("B", {"R": (("y",),)}, -1)
    assert together((slip, round_)).detour == 2
    assert together((slip, Change("C", {"R": (("z",),)}))).detour == -1
    text = Repair(proved=True, title="A", around=together((slip, round_)).around).text("")
    assert text == "A. That goes round the fault: P stays."


def test_the_order_of_candidates() -> None:
    """A slip before all; round the fault last; one router before two; the odd one out before one that is mostly healthy."""
    one, two = {"SPOKE": (("x",),)}, {"SPOKE": (("x",),), "HUB": (("x",),)}
    healthy = {"HUB": 40}
    order = [
        Change("slip at two", two, -1),
        Change("long at the odd one", {"SPOKE": (("a", "b", "c"),)}),
        Change("short at the hub", {"HUB": (("a",),)}),
        Change("at both", two),
        Change("round", one, 1),
    ]
    assert (
        sorted({change.title: change for change in order[::-1]}.values(), key=lambda change: change.size(healthy))
        == order
    )


def test_lines_of_global_mode_are_no_section() -> None:
    """``exit`` behind a line that opens nothing would leave configuration mode, and with it all that follows."""
    blocks = (
        ("no crypto isakmp key K address 192.0.2.1", "crypto isakmp key K address 192.0.2.2"),
        ("interface Tunnel1", "shutdown"),
    )
    said = Change("", {"R": blocks}).commands("R")
    assert said == (*blocks[0], *blocks[1], "exit")


def test_of_two_different_keys_of_ikev2_either_may_be_the_right_one(workspace: Workspace) -> None:
    repair = repair_of(fleet_of(CASES / "fuzz" / "ikev2-one-half-differs", workspace), "PW-V2-ASYM")
    assert "which B has (or B those of A: which of the two are right is in no configuration)" in repair.title
