"""``explain A B`` looks at few routers, and says of them what it says when it looks at all."""

from __future__ import annotations

import random
from itertools import combinations
from pathlib import Path

import pytest
from clouds import dual_hub_cloud
from generated_fleets import cloud_with_faults, hubs_with_faults
from hub_fleets import hub_fleet

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


def said(snapshot: Snapshot, a: str, b: str, *, whole: bool) -> str:
    """The document, or the error; of the ``whole`` fleet where the rest of it may not be left out."""
    try:
        if whole:
            few, snapshot.told_between = snapshot.told_between, lambda *_: snapshot.told  # type: ignore[method-assign]
        return to_json(explain(snapshot, a, b))
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
