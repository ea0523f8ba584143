"""``explain A B`` looks at few routers, and says of them what it says when it looks at all."""

from __future__ import annotations

import random
from itertools import combinations
from pathlib import Path

import pytest
from clouds import dual_hub_cloud
from generated_fleets import cloud_with_faults, hubs_with_faults
from hub_fleets import hub_fleet
from parted import put_together

from ikeaudit.api import Snapshot, explain, load, to_json
from ikeaudit.model.errors import IkeauditError

CASES = Path(__file__).parents[1] / "cases"
FOLDERS = sorted({path.parent for path in CASES.rglob("expect.toml")})
FLEETS = {
    "hubs": lambda: hubs_with_faults(152),
    "mixed": lambda: hub_fleet(40, hubs=4, each=2),
    "cloud": lambda: cloud_with_faults(50),
    "small cloud": lambda: dual_hub_cloud(5),
}


def said(snapshot: Snapshot, a: str, b: str | None = None, *, whole: bool) -> str:
    """The document, or the error; of the ``whole`` fleet where the rest of it may not be left out."""
    try:
        if whole:
            few, snapshot.told_between = snapshot.told_between, lambda *_: snapshot.told  # type: ignore[method-assign]
        report = explain(snapshot, a, b)
        return f"{to_json(report)} {report.unread}"
    except IkeauditError as error:
        return str(error)
    finally:
        if whole:
            snapshot.told_between = few  # type: ignore[method-assign]


@pytest.mark.parametrize(
    "some", [FOLDERS[2::30], pytest.param(FOLDERS[::2], marks=pytest.mark.full)], ids=["few", "many"]
)
def test_of_cases(some: list[Path], tmp_path_factory: pytest.TempPathFactory) -> None:
    workspace = tmp_path_factory.mktemp("workspace")
    for folder in some:
        nat = folder / "nat.yaml"
        try:
            snapshot = load(folder, nat=nat if nat.exists() else (), workspace=workspace)
        except IkeauditError:
            continue
        for a, b in [*combinations(snapshot.hosts, 2)][:10]:
            assert said(snapshot, a, b, whole=False) == said(snapshot, a, b, whole=True), (folder, a, b)
            assert said(snapshot, b, a, whole=False) == said(snapshot, b, a, whole=True), (folder, b, a)


@pytest.mark.parametrize(
    "fleet", ["mixed", "small cloud", *(pytest.param(name, marks=pytest.mark.full) for name in ("hubs", "cloud"))]
)
def test_of_fleets(fleet: str, tmp_path: Path) -> None:
    folder = tmp_path / "fleet"
    folder.mkdir()
    for name, text in FLEETS[fleet]().items():
        (folder / f"{name}.cfg").write_text(text)
    snapshot = load(folder, workspace=tmp_path / "ws")
    chance = random.Random(3)
    calling = sorted({(e.initiator, e.responder) for e in explain(snapshot).exchanges if e.responder is not None})
    pairs = chance.sample(calling, 12) + [tuple(chance.sample(snapshot.hosts, 2)) for _ in range(6)]
    fewer = 0
    for a, b in pairs:
        assert said(snapshot, a, b, whole=False) == said(snapshot, a, b, whole=True), (a, b)
        fewer += len(snapshot.told_between(a, b).routers) < len(snapshot.hosts)
    assert fewer or fleet == "small cloud", "the others were left out"


@pytest.mark.parametrize(
    "some", [FOLDERS[2::24], pytest.param(FOLDERS[1::6], marks=pytest.mark.full)], ids=["few", "many"]
)
def test_of_one_router_or_address_among_many(some: list[Path], tmp_path: Path) -> None:
    """What has nothing to do with it is not looked at."""
    folder = put_together([path for path in some if not (path / "nat.yaml").exists()], tmp_path / "fleet")
    snapshot = load(folder, workspace=tmp_path / "workspace")
    exchanges = explain(snapshot).exchanges
    chance = random.Random(5)
    addresses = sorted({e.peer for e in exchanges})
    interfaces = [interface for router in snapshot.fleet.routers for interface in router.interfaces]
    owned = sorted({str(one.address) for interface in interfaces for one in interface.addresses})
    asked = [
        *chance.sample(snapshot.hosts, min(25, len(snapshot.hosts))),
        *chance.sample(addresses, min(12, len(addresses))),
        *sorted({e.peer for e in exchanges if e.responder is None and e.peer[0].isdigit()})[:6],
        *sorted({*owned} - {*addresses})[:6],
        *chance.sample(owned, 5),
        *(name.upper() for name in snapshot.hosts[:3]),
        *(name.lower() for name in snapshot.hosts[:3]),
        "203.0.113.250",
        "2001:db8::250",
        "nobody",
    ]
    fewer = 0
    for word in asked:
        assert said(snapshot, word, whole=False) == said(snapshot, word, whole=True), word
        fewer += len(snapshot.told_between(word, None).routers) < len(snapshot.hosts) / 4
    assert fewer > 25
    for _ in range(8):
        one, other = chance.choice(exchanges), chance.choice(snapshot.hosts)
        for a, b in ((one.initiator, one.peer), (one.initiator, other), (other, "nobody"), ("nobody", other)):
            assert said(snapshot, a, b, whole=False) == said(snapshot, a, b, whole=True), (a, b)


def test_whoever_is_called_by_an_outside_address_is_found_by_it(tmp_path: Path) -> None:
    """With translations an address may be nobody's: all are looked at."""
    folder = put_together([path for path in FOLDERS if (path / "nat.yaml").exists()][:4], tmp_path / "fleet")
    snapshot = load(folder, nat=folder / "nat.yaml", workspace=tmp_path / "workspace")
    outside = sorted({str(one.outside) for one in snapshot.fleet.translations})
    for word in (*outside, *snapshot.hosts):
        assert said(snapshot, word, whole=False) == said(snapshot, word, whole=True), word
    assert any(len(snapshot.told_between(host, None).routers) < len(snapshot.hosts) for host in snapshot.hosts)
