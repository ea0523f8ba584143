"""The directions that a plan changes, before it, after it and after its roll-back."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from dual_hub import HUBS, hub_text, spoke_name, spoke_text
from jsonschema import Draft202012Validator
from pages import inflated, unpacked, written

import ikeaudit.api.ladders
from ikeaudit.api import load, plan
from ikeaudit.cli.main import main
from ikeaudit.lab.scenarios import SEED
from ikeaudit.model import Router
from ikeaudit.remediation.changing_router import ChangingRouter
from ikeaudit.report import load_schema

sys.path.append(str(Path(__file__).parents[2] / "bench"))

import fleets


@pytest.fixture(scope="module")
def seed_ladders() -> dict[tuple[str, str], dict[str, object]]:
    """``ladders.json`` of the seed's plan, by caller and called."""
    files = plan(load(SEED, create=False), "single-keyring", change_id="CHG-1").files
    document = json.loads(files["ladders.json"])
    Draft202012Validator(load_schema("ikeaudit.ladders/1")).validate(document)
    return {(one["direction"]["initiator"], one["direction"]["responder"]): one for one in document["ladders"]}


def test_the_seed_is_mended_by_its_plan_and_broken_again_by_the_roll_back(
    seed_ladders: dict[tuple[str, str], dict[str, object]],
) -> None:
    """The seed's document: R2 calls R1 and fails at MM5, since R1 has taken the key of keyring1 and profile2 lists keyring2."""
    told = seed_ladders["R2", "R1"]
    endings = [(told[name]["outcome"], told[name]["failed_at"]) for name in ("before", "after", "rolled_back")]  # type: ignore[index]
    assert endings == [("down", "MM5"), ("up", None), ("down", "MM5")]
    messages = [[step["message"] for step in told[name]["steps"]] for name in ("before", "after", "rolled_back")]  # type: ignore[index]
    assert messages[0] == messages[2] == ["MM1", "MM2", "MM3", "MM4", "MM5"]
    assert messages[1][:5] == messages[0]
    assert messages[1][5:] == ["MM6", "QM1", "QM2", "QM3"]


def test_lines_are_those_of_the_configuration_at_that_moment(
    tmp_path: Path,
) -> None:
    made = plan(load(SEED, create=False), "single-keyring", change_id="CHG-1")
    lines = made.files["R1/after.cfg"].splitlines()
    told = json.loads(made.files["ladders.json"])["ladders"]
    evidence = next(one for one in told if one["direction"]["initiator"] == "R2")["after"]["evidence"]
    own = [one for one in evidence if one["host"] == "R1"]
    assert own
    assert {lines[one["line"] - 1].strip() for one in own} == {one["text"] for one in own}


def spokes_of_two_hubs(spokes: int) -> dict[str, str]:
    texts = {name: hub_text(name, spokes) for name in HUBS}
    return texts | {spoke_name(number): spoke_text(number) for number in range(1, spokes + 1)}


def test_of_like_directions_one_is_told_and_the_others_are_counted(tmp_path: Path) -> None:
    """A hub and its spokes move to IKEv2: all directions are healthy and become alike, so that a few stand for all."""
    snapshot = load(written(tmp_path / "fleet", spokes_of_two_hubs(6)), create=False)
    made = plan(snapshot, "ikev2", change_id="CHG-1")
    document, outlooks = json.loads(made.files["ladders.json"]), made.plan.directions
    assert len(document["ladders"]) < len(outlooks)
    assert sum(1 + one["like"] for one in document["ladders"]) == len(outlooks)
    for one in document["ladders"]:
        assert (one["before"]["ike_version"], one["after"]["ike_version"], one["rolled_back"]["ike_version"]) == (
            1,
            2,
            1,
        )


def test_there_is_a_most_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ikeaudit.api.ladders, "TOLD", 1)
    files = plan(load(SEED, create=False), "single-keyring", change_id="CHG-1").files
    (only,) = json.loads(files["ladders.json"])["ladders"]
    assert only["direction"]["initiator"] == "R2", "what ends otherwise comes first"


def test_a_plan_with_nothing_to_do_has_none(tmp_path: Path) -> None:
    (tmp_path / "a.cfg").write_text(
        "hostname A\ninterface GigabitEthernet0/0\n ip address 192.0.2.1 255.255.255.0\nend\n"
    )
    made = plan(load(tmp_path, create=False), "single-keyring")
    assert "ladders.json" not in made.files
    assert made.ladders is None


def test_the_page_of_a_plan_holds_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["plan", str(SEED), "-s", "single-keyring", "-o", "plan", "--report", "html=first.html"]) == 0
    assert main(["plan", "show", "plan", "--format", "html", "--output", "second.html"]) == 0
    told = json.loads(Path("plan/ladders.json").read_text(encoding="utf-8"))["ladders"]
    for name in ("first.html", "second.html"):
        page = Path(name).read_text(encoding="utf-8")
        assert unpacked(inflated(page, "details")["ladders"]) == told, name
    core = inflated(page, "core")
    assert [wave["n"] for wave in core["waves"]] == [1]
    assert {one["name"] for one in core["waves"][0]["routers"]} == {"R1", "R2"}
    steps = unpacked(inflated(page, "details")["steps"])
    plan_steps = json.loads(Path("plan/plan.json").read_text(encoding="utf-8"))["steps"]
    assert [(one["n"], one["commands"], one["rollback"]) for one in steps] == [
        (one["number"], one["commands"], one["rollback"]) for one in plan_steps
    ]
    assert "1 of 2 directions come up today, 2 afterwards." in page


def test_a_plan_without_ladders_is_drawn_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plans of earlier versions have none, and stay valid."""
    from plans import fleet_in, planned

    from ikeaudit.remediation.plan_folder import write_plan

    change = planned(fleet_in(SEED))
    write_plan(tmp_path / "plan", change.plan, change.files)
    file = tmp_path / "page.html"
    assert main(["plan", "show", str(tmp_path / "plan"), "-f", "html", "--output", str(file)]) == 0
    assert inflated(file.read_text(encoding="utf-8"), "core")["kept"] is False


def test_a_folder_whose_ladders_were_altered_is_refused(tmp_path: Path) -> None:
    assert main(["plan", str(SEED), "-s", "single-keyring", "-o", str(tmp_path / "plan")]) == 0
    file = tmp_path / "plan" / "ladders.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"down"', '"up"'), encoding="utf-8")
    assert main(["plan", "show", str(tmp_path / "plan"), "-f", "html"]) == 5


def test_one_document_goes_to_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", str(SEED), "-s", "single-keyring", "-o", str(tmp_path / "plan")]) == 0
    capsys.readouterr()
    assert main(["plan", "show", str(tmp_path / "plan"), "--diff", "--output", str(tmp_path / "x")]) == 2
    assert capsys.readouterr().err == "ikeaudit: --output takes one document: leave out --show or --diff.\n"


@pytest.mark.full
@pytest.mark.parametrize("strategy", ["single-keyring", "ikev2"])
def test_only_routers_at_the_ends_need_be_read_again(
    strategy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every router of the plan read again the ladders are the same, and many more are read."""
    fleets.write(tmp_path, fleets.fleet(20, region=10, kind="spoke2", faults=0.3, seed=3))
    snapshot = load(tmp_path)
    read: list[str] = []
    model = ChangingRouter.model

    def noted(self: ChangingRouter) -> Router:
        read.append(self._router.name)
        return model(self)

    def made() -> tuple[str, int]:
        planned = plan(snapshot, strategy, change_id="CHG-1", at=datetime(2026, 1, 2, tzinfo=UTC))
        with monkeypatch.context() as patch:
            patch.setattr(ChangingRouter, "model", noted)
            read.clear()
            told = ikeaudit.api.ladders.ladders(snapshot.told, planned.plan, planned.files)
        assert msgspec.json.encode(told).decode() + "\n" == planned.files["ladders.json"]
        return planned.files["ladders.json"], len(read)

    few = made()
    monkeypatch.setattr(ikeaudit.api.ladders, "_at_the_ends", lambda told, _: {router.name for router in told.routers})
    every = made()
    assert few[0] == every[0]
    assert every[1] >= few[1] > 0
    assert strategy == "ikev2" or every[1] > few[1]
