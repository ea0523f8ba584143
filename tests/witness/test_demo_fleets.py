"""Three small fleets in the lab, read over SSH: the state agrees, it disagrees, and it is older than a change."""

from __future__ import annotations

import json
import re
import sqlite3
import time
import zlib
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from witnessed import GLOBAL_KEY, config

from ikeaudit.cli.main import main
from ikeaudit.exchange import Exchange
from ikeaudit.fleet import Fleet
from ikeaudit.lab import Console, Lab, LabRouter
from ikeaudit.selection import Endpoint

pytestmark = [pytest.mark.ssh, pytest.mark.timeout(120)]

CANARY = "Vq7mT2xWn9RzLd4sHb8Jc6Fk"
"""The key of both routers: it is to be in nothing that is written or printed."""


def _router(name: str, extra: str = "") -> LabRouter:
    return LabRouter(name, config(name, changed="", extra=extra), username="lab", password="Canary-login-77")


def _text(file: Path) -> str:
    """What a file holds; of the cache, every value unpacked."""
    if file.name != "cache.sqlite":
        return file.read_text("utf-8")
    with closing(sqlite3.connect(file)) as connection:
        return "".join(
            zlib.decompress(value).decode("utf-8", "replace")
            for (value,) in connection.execute("SELECT value FROM kept")
        )


def _ping(lab: Lab, name: str) -> str:
    other = "2" if name == "R1" else "1"
    return lab.do(partial(Console(lab.router(name), privilege=15).send, f"ping 10.0.0.{other} repeat 3"))


class Desk:
    """Where somebody sits who collects and asks."""

    def __init__(self, folder: Path, lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
        self.snapshot, self._capsys = folder / "snapshot", capsys
        self._inventory = lab.write_inventory(folder / "inventory")
        self._folder = folder

    def collect(self, *more: str) -> int:
        code = main(["collect", "--inventory", str(self._inventory), "--out", str(self.snapshot), *more])
        self._heard()
        return code

    def asked(self, *arguments: str) -> Any:
        main([arguments[0], str(self.snapshot), *arguments[1:], "--format", "json"])
        return json.loads(self._heard())

    def _heard(self) -> str:
        said = self._capsys.readouterr()
        written = "".join(_text(f) for f in self._folder.rglob("*") if f.is_file())
        assert CANARY not in said.out + said.err + written
        return said.out


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("IKEAUDIT_USERNAME", "lab")
    monkeypatch.setenv("IKEAUDIT_PASSWORD", "Canary-login-77")
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path / "workspace"))


def _by_caller(document: Any) -> dict[str, Any]:
    return {one["initiator"]: one.get("observed") for one in document["exchanges"]}


def _codes(document: Any) -> set[str]:
    return {one["code"] for one in document["findings"] if re.match("MODEL|SA-", one["code"])}


def test_state_and_prediction_agree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """R1 starts the tunnel: its direction is observed, R2's is not, and nothing is found."""
    with Lab([_router("R1"), _router("R2")]) as lab:
        assert "!!!" in _ping(lab, "R1")
        desk = Desk(tmp_path, lab, capsys)
        assert desk.collect() == 0
    seen = _by_caller(desk.asked("explain"))
    assert seen["R2"] is None
    assert (seen["R1"]["standing"], seen["R1"]["at"], seen["R1"]["profile"]) == ("observed", ["R1", "R2"], "P")
    document = desk.asked("check")
    assert (document["witness"], _codes(document)) == ({"observed": 1, "not-seen": 1}, set())


def test_the_state_alone_beside_a_configuration(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Before the tunnel is up it is missing; --state-only reads that it is up, and leaves the configuration as it was."""
    with Lab([_router("R1"), _router("R2")]) as lab:
        desk = Desk(tmp_path, lab, capsys)
        assert desk.collect() == 0
        before = (desk.snapshot / "R1" / "running-config.txt").read_bytes()
        assert _codes(desk.asked("check")) == {"SA-MISSING"}
        assert "!!!" in _ping(lab, "R2")
        lab.router("R1").commands.clear()
        assert desk.collect("--state-only") == 0
        typed = [line for line in lab.router("R1").typed() if line.startswith("show")]
    assert (desk.snapshot / "R1" / "running-config.txt").read_bytes() == before
    assert "show running-config" not in typed and "show running-config | include Last configuration change" in typed
    assert _by_caller(desk.asked("explain"))["R2"]["standing"] == "observed"
    document = desk.asked("witness")
    rows = {one["initiator"]: (one["looked"], one["seen"], one["other_end"]) for one in document["directions"]}
    assert rows == {"R1": (1, 0, 1), "R2": (1, 1, 0)}


def _all_is_well(fleet: Fleet, endpoint: Endpoint) -> Exchange:
    """A lab in which every call comes up, whatever the model says."""
    told = fleet.replay(endpoint)
    return msgspec.structs.replace(told, outcome="up", failed_at=None, reason=None)


def test_a_planted_disagreement(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """R1's call is predicted to fail in keyring verification, and these routers take it."""
    with Lab([_router("R1"), _router("R2", GLOBAL_KEY)], negotiator=_all_is_well) as lab:
        assert "!!!" in _ping(lab, "R1")
        desk = Desk(tmp_path, lab, capsys)
        assert desk.collect() == 0
    seen = _by_caller(desk.asked("explain"))["R1"]
    assert seen["standing"] == "contradicted" and "keyring-verification" in seen["differs"][0]
    document = desk.asked("check")
    (found,) = [one for one in document["findings"] if one["code"] == "MODEL-DISAGREES"]
    assert found["hosts"] == ["R1", "R2"]
    shown = {line["file"] for line in found["evidence"] if "show-" in line["file"]}
    assert {file.split("/")[0] for file in shown} == {"R1", "R2"}


def test_an_association_that_is_older_than_a_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A minute and a half after the tunnel came up R2 gets a global key, and a minute and a half later it is read."""
    with Lab([_router("R1"), _router("R2")], minute_seconds=6.0) as lab:
        assert "!!!" in _ping(lab, "R1")
        time.sleep(9)
        lab.do(partial(lab.router("R2").operator, [GLOBAL_KEY.strip()]))
        time.sleep(9)
        desk = Desk(tmp_path, lab, capsys)
        assert desk.collect() == 0
    seen = _by_caller(desk.asked("explain"))["R1"]
    assert (seen["standing"], seen["older_than"]) == ("before-change", ["R2"])
    assert _codes(desk.asked("check")) == {"SA-BEFORE-CHANGE"}
