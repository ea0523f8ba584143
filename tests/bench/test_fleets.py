"""Generated fleets: the same for the same seed, read whole, and with exactly the mistakes in them that their list says."""

import json
import re
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "bench"
sys.path.append(str(BENCH))

import fleets  # noqa: E402

from ikeaudit.api import load  # noqa: E402
from ikeaudit.api.audit import check  # noqa: E402


def test_a_fleet_without_mistakes_is_read_whole_and_comes_up(tmp_path):
    assert fleets.write(tmp_path, fleets.fleet(25, region=5, faults=0)) == (25, 0)
    report = check(load(tmp_path, create=False))
    assert [one.unknown for one in report.coverage.hosts if one.unknown] == []
    assert len(report.coverage.ios) == 25
    assert [(one.code, one.hosts) for one in report.findings if one.severity in {"critical", "high"}] == []


def test_every_mistake_is_told_of_by_its_hazard_and_nothing_else_is_broken(tmp_path):
    made = [*fleets.fleet(50, region=10, faults=1, seed=3)]
    routers, faults = fleets.write(tmp_path, iter(made))
    planted = [json.loads(line) for line in (tmp_path / "planted.jsonl").read_text().splitlines()]
    assert (routers, faults, len(planted)) == (50, 40, 40)
    assert {one["fault"] for one in planted} == {fault for kind in fleets.FAULTS.values() for fault in kind}

    findings = check(load(tmp_path, create=False)).findings
    for one in planted:
        assert any(f.code == one["code"] and {*one["hosts"]} <= {*f.hosts} for f in findings), one
    expected = {one["code"] for one in planted}
    grave = {one.code for one in findings if one.severity in {"critical", "high"}}
    assert grave <= expected


def test_a_fleet_follows_from_its_seed_and_begins_like_a_larger_one():
    few = [*fleets.fleet(20, region=10, seed=3, faults=0.5)]
    assert few == [*fleets.fleet(60, region=10, seed=3, faults=0.5)][:20]
    assert few != [*fleets.fleet(20, region=10, seed=4, faults=0.5)]


@pytest.mark.parametrize(("kind", "low", "high"), [("spoke12", 11_500, 13_000), ("spoke2", 1_800, 2_600)])
def test_spokes_are_as_large_as_their_kind_says_and_one_router_in_a_hundred_is_a_hub(kind, low, high):
    made = [*fleets.fleet(200, kind=kind, faults=0)]
    hubs = [one for one in made if one.name.startswith("HUB")]
    assert [one.text.count("\ninterface Tunnel") for one in hubs] == [198, 198]
    assert all(low < len(one.text) < high for one in made if one not in hubs)


def test_the_last_regions_of_a_million_have_addresses_of_their_own():
    seen = [
        address
        for region in (0, 1, 4998, 4999)
        for made in fleets._region(region, 200, 1, "ikev1 2", 0.0)
        for address in re.findall(r"(?:Tunnel\d+|Loopback0)\n ip address (\S+)| ip address (25\S+|198\S+)", made.text)
    ]
    assert len(seen) == len({*seen}) == 4 * (2 * 198 + 198 * 4 + 2)


@pytest.mark.parametrize("asked", [{"routers": 2}, {"routers": 10, "faults": 1.5}, {"routers": 2_000_000}])
def test_a_fleet_that_makes_no_sense_is_refused(asked):
    with pytest.raises(ValueError, match=r"fleet has|share of"):
        next(fleets.fleet(**asked))


def test_the_spokes_of_one_hub_call_it_and_nobody_else() -> None:
    hub, *spokes = fleets.one_hub(3)
    assert [f"address {address}" in hub.text for address in ("25.0.0.2", "25.0.0.6", "25.0.0.10")] == [True] * 3
    assert [one.text.count("tunnel destination ") for one in spokes] == [1, 1, 1]
    assert [one.text.count("tunnel destination 198.18.0.2\n") for one in spokes] == [1, 1, 1]
