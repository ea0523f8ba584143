"""What verbs say does not hang on the parts in which they look at a fleet."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from parted import put_together

from ikeaudit.api import check, diagnose, explain, load, to_json, witness
from ikeaudit.api.parts import Parts
from ikeaudit.api.snapshot import Snapshot
from ikeaudit.model import parse_address

CASES = Path(__file__).parents[1] / "cases"
FOLDERS = sorted({path.parent for path in CASES.rglob("expect.toml")})
WITH_STATE = [path for path in FOLDERS if any(path.rglob("show-*.txt"))]

pytestmark = pytest.mark.usefixtures("own_threads")


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[list[Path]], tuple[Snapshot, Snapshot]]:
    """A fleet of the routers of some cases, read twice: as one part, and as the parts that it has."""

    def read(some: list[Path]) -> tuple[Snapshot, Snapshot]:
        folder = put_together(some, tmp_path / "fleet")
        nat = folder / "nat.yaml"
        how: dict[str, Any] = {"nat": nat if nat.exists() else (), "workspace": tmp_path / "workspace"}
        whole, apart = load(folder, **how), load(folder, jobs=2, **how)
        one = cached_property(lambda self: [tuple(sorted(self._texts))])
        one.__set_name__(Parts, "all")
        with monkeypatch.context() as patch:
            patch.setattr(Parts, "all", one)
            assert len(whole.parts.all) == len(whole.parts.batches) == 1
        assert len(apart.parts.all) > 3
        return whole, apart

    return read


Both = Callable[[list[Path]], tuple[Snapshot, Snapshot]]


def test_what_state_says_of_directions(both: Both) -> None:
    whole, apart = both(WITH_STATE)
    found = witness([apart])
    assert to_json(found) == to_json(witness([whole]))
    assert any(one.seen for one in found.witness.directions) and any(one.other_end for one in found.witness.directions)


def test_of_several_nights_each_is_looked_at_part_by_part(both: Both) -> None:
    whole, apart = both(WITH_STATE[::2])
    assert to_json(witness([apart, apart])) == to_json(witness([whole, whole]))


@pytest.mark.full
def test_what_a_log_is_about(both: Both) -> None:
    whole, apart = both(FOLDERS[3::12])
    chance = random.Random(4)
    failing = [
        e for e in explain(whole).exchanges if e.outcome == "down" and e.ike_version == 1 and e.peer[-1].isdigit()
    ]
    known = 0
    for exchange in chance.sample(failing, min(40, len(failing))):
        said = [line.line for line in exchange.transcript if line.router == exchange.initiator]
        told = [f"sending packet to {exchange.peer} my_port 500 peer_port 500 (I) MM_NO_STATE", *said]
        if exchange.reason == "no-common-ike-policy":
            told.append(f"phase 1 SA policy not acceptable! (local 192.0.2.77 remote {exchange.peer})")
        for head in (f"{exchange.initiator}: ", "nobody: ", ""):
            lines = [f"{head}*Jun 19 12:00:00.000: ISAKMP:(0): {line}" for line in told]
            one, other = (diagnose(lines, snapshot) for snapshot in (whole, apart))
            assert to_json(one) == to_json(other), exchange
            known += sum(found.exchange is not None for found in one.exchanges)
    assert known > 5


def test_what_mends_a_cause(both: Both) -> None:
    whole, apart = both([*FOLDERS[5::80], CASES / "seed" / "different-addresses"])
    one, other = (check(snapshot, fixes=True) for snapshot in (whole, apart))
    assert one.repairs == other.repairs
    assert any(repair.proved for repair in one.repairs.values())


def test_who_holds_an_address_and_who_may_have_to_do_with_it(both: Both) -> None:
    _, apart = both(FOLDERS[2::24])
    fleet = apart.fleet
    held = {str(own.address) for router in fleet.routers for i in router.interfaces for own in i.addresses}
    for word in sorted(held)[::3]:
        address = parse_address(word)
        assert address is not None
        assert apart.parts.holding(address) == {router.name for router, _ in fleet.owners(address)}
        assert apart.parts.holding(address) <= {*apart.parts.knowing(address)}
    nobody = parse_address("203.0.113.251")
    assert nobody is not None and not apart.parts.holding(nobody)
    assert apart.parts.of(["nobody"]) == () and apart.parts.router("nobody") is None
    first = apart.hosts[0]
    assert first in apart.parts.of([first, "nobody"])
    assert apart.parts.router(first) == fleet.router(first)
    assert [*apart.parts.routers()] == [*fleet.routers]


def test_who_is_behind_a_translation_holds_the_address_outside(tmp_path: Path) -> None:
    folder = put_together([path for path in FOLDERS if (path / "nat.yaml").exists()], tmp_path / "fleet")
    snapshot = load(folder, nat=folder / "nat.yaml", workspace=tmp_path / "workspace")
    translations = snapshot.fleet.translations
    found = [snapshot.parts.holding(one.outside) for one in translations]
    for one, there in zip(translations, found, strict=True):
        assert {router.name for router, _ in snapshot.fleet.owners(one.inside)} <= there
    assert any(found)
