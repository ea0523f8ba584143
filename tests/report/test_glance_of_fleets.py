"""What ``check`` shows of whole fleets on a terminal of 100 by 40: the pictures in ``docs`` are of these."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from generated_fleets import cloud_with_faults, hubs_with_faults

from ikeaudit import api
from ikeaudit.report import Surface
from ikeaudit.report.console import draw


@pytest.mark.parametrize(
    ("fleet", "first", "causes"),
    [
        (hubs_with_faults, "9 of 396 tunnels will not come up from both ends for good   200 routers", 8),
        (cloud_with_faults, "4 of 120 tunnels will not come up from both ends for good   62 routers", 3),
    ],
    ids=["200-routers", "dmvpn"],
)
def test_a_fleet_at_a_glance(
    fleet: Callable[[], dict[str, str]], first: str, causes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    routers = Path("routers")
    routers.mkdir()
    for name, text in fleet().items():
        (routers / f"{name}.cfg").write_text(text, encoding="utf-8")
    report = api.check(api.load(routers, workspace="workspace"))
    shown = draw(report, Surface(width=100, terminal=True)).rstrip("\n").split("\n")
    assert len(shown) <= 40 and max(map(len, shown)) <= 100
    assert shown[0].strip().startswith(first)
    assert shown[-1].strip().startswith(f"EXIT 1  {first.split()[0]} tunnels fail by {causes} causes: ")
    assert not re.search(r"\S(?:…|\.\.\.)", "\n".join(shown)), "nothing is cut"
