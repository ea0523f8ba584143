"""The page of a fleet that is drawn part by part: the same whatever the parts, by whom, and nobody has all of it at once."""

from __future__ import annotations

import json
import pickle
import weakref
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from clouds import dual_hub_cloud
from hub_fleets import hub_fleet
from pages import inflated, unpacked, written
from parted import moved_away, put_together

from ikeaudit.api import load, parts
from ikeaudit.api.audit import check
from ikeaudit.fleet import Fleet
from ikeaudit.report import WholePart
from ikeaudit.report.html import fleet, fleet_page

CASES = Path(__file__).parents[1] / "cases"
FOLDERS = sorted({path.parent for path in CASES.rglob("expect.toml")})

pytestmark = pytest.mark.usefixtures("own_threads")

Batches = Callable[[Sequence[tuple[str, ...]]], list[tuple[str, ...]]]
ALL: Batches = lambda parts: [tuple(sorted(name for part in parts for name in part))]  # noqa: E731
EACH: Batches = list
_HEAD = ("states", "coverage", "verdict", "title", "left_out")


def said(page: str) -> dict[str, Any]:
    """What a page says, whatever the order of its tunnels, in which their places are."""
    core, details = inflated(page, "core"), inflated(page, "details")
    short, long = unpacked(core["directions"]), unpacked(details["exchanges"])
    directions = [json.dumps([one, more]) for one, more in zip(short, long, strict=True)]
    ends = (core["tunnels"][name] for name in ("there", "back", "state"))
    tunnels = [
        (directions[there], None if back < 0 else directions[back], state)
        for there, back, state in zip(*ends, strict=True)
    ]
    findings = unpacked(core["findings"])
    harms = [sorted(tunnels[int(place)] for place in one.pop("harms").split(",") if place) for one in findings]
    return {
        "directions": sorted(directions),
        "tunnels": sorted(tunnels, key=repr),
        "findings": findings,
        "harms": harms,
        "details": unpacked(details["findings"]),
        **{name: core[name] for name in _HEAD},
    }


@pytest.mark.full
def test_of_all_cases_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = put_together(FOLDERS[2::12], tmp_path / "fleet")
    nat = folder / "nat.yaml"
    how: dict[str, Any] = {"nat": nat if nat.exists() else (), "workspace": tmp_path / "workspace"}
    monkeypatch.setattr(parts, "batches", ALL)
    whole = said(fleet_page(check(load(folder, **how), whole=True)))
    monkeypatch.setattr(parts, "batches", EACH)
    apart = fleet_page(check(load(folder, **how), whole=True))
    found = said(apart)
    for name, value in whole.items():
        assert found[name] == value, name
    assert any(found["harms"]) and any(tunnel[1] is None for tunnel in found["tunnels"])
    assert fleet_page(check(load(folder, jobs=2, **how), whole=True)) == apart, "by two processes"


def test_a_filter_leaves_all_tunnels_and_the_findings_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = put_together(FOLDERS[2::40], tmp_path / "fleet")
    snapshot = load(folder, workspace=tmp_path / "workspace")
    report = check(snapshot, whole=True)
    code = next(one.code for one in report.findings if one.effect != "none")
    monkeypatch.setattr(parts, "batches", EACH)
    every, some = said(fleet_page(report)), said(fleet_page(check(snapshot, codes=[code], whole=True)))
    assert some["tunnels"] == every["tunnels"]
    harms = {one["fingerprint"]: places for one, places in zip(every["findings"], every["harms"], strict=True)}
    for finding, places in zip(some["findings"], some["harms"], strict=True):
        assert places == harms[finding["fingerprint"]]
    assert 0 < len(some["findings"]) < len(every["findings"])


def test_no_process_has_two_parts_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {
        f"C{place}-{name}": moved_away(text, place)
        for place in range(3)
        for name, text in {**dual_hub_cloud(6), **hub_fleet(6, 1, 1)}.items()
    }
    snapshot = load(written(tmp_path / "fleet", texts), workspace=tmp_path / "workspace")
    monkeypatch.setattr(parts, "batches", EACH)
    alive: list[weakref.ref[Fleet]] = []
    most: list[int] = []

    def work(part: Fleet) -> int:
        alive.append(weakref.ref(part))
        most.append(sum(one() is not None for one in alive))
        return len(part.exchanges)

    assert sum(snapshot.parts.told(work)) == len(snapshot.told.exchanges)
    assert most == [1, 1, 1]


def test_past_so_many_details_no_more_are_kept_than_will_be_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first part has all of it, of those behind it only what is not plain."""
    texts = {
        f"C{place}-{name}": moved_away(text, place) for place in range(3) for name, text in hub_fleet(6, 1, 1).items()
    }
    report = check(load(written(tmp_path / "fleet", texts), workspace=tmp_path / "workspace"), whole=True)
    assert report.whole is not None
    monkeypatch.setattr(parts, "batches", EACH)
    sizes = report.whole.drawn(_size)
    whole = unpacked(inflated(fleet_page(report), "details")["exchanges"])
    monkeypatch.setattr(fleet, "MOST", 1)
    page = fleet_page(report)
    core, packed = inflated(page, "core"), inflated(page, "details")["exchanges"]
    assert core["left_out"] == len(packed["x"]) > 0
    assert min(packed["x"]) >= next(iter(sizes)), "none of the first part"
    for place, (one, was) in enumerate(zip(unpacked(packed), whole, strict=True)):
        assert one == was or (place in packed["x"] and was["outcome"] == one["outcome"] == "up")


def _size(part: WholePart) -> int:
    return sum(len(tunnel.directions) for tunnel in part.tunnels)


def test_what_a_part_is_drawn_as_is_fit_to_be_sent(tmp_path: Path) -> None:
    report = check(load(written(tmp_path / "fleet", hub_fleet(6, 1, 1)), workspace=tmp_path / "workspace"), whole=True)
    assert report.whole is not None
    (drawn,) = report.whole.drawn(fleet._drawn)
    assert pickle.loads(pickle.dumps(drawn)) == drawn
