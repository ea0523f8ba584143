"""The plan on disk: private, whole, and refused when anything in it was altered."""

from __future__ import annotations

import stat
from pathlib import Path

import msgspec
import pytest
from plans import fleet_in, planned, router_of

from ikeaudit.model.errors import InputError, RefusedError
from ikeaudit.parsing.volatile import before_hash
from ikeaudit.remediation.plan_folder import load_plan, write_plan
from ikeaudit.remediation.proof_record import Proof

PLANS = Path(__file__).parent / "plans"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    change = planned(fleet_in(PLANS / "a1-seed"))
    write_plan(tmp_path / "plan", change.plan, change.files)
    return tmp_path / "plan"


def test_layout_and_modes(folder: Path) -> None:
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    hosts = [f"{host}/{name}.cfg" for host in ("R1", "R2") for name in ("after", "apply", "rollback")]
    assert names == [*hosts, "plan.json", "plan.md", "proof.json"]
    for path in (folder, *folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    assert sorted(path.name for path in folder.parent.iterdir()) == ["plan"], "no half-written folder is left behind"


def test_what_is_written_is_what_is_loaded(folder: Path) -> None:
    plan = load_plan(folder)
    assert plan == planned(fleet_in(PLANS / "a1-seed")).plan
    assert len(plan.digest) == 64
    proof = msgspec.json.decode((folder / "proof.json").read_bytes(), type=Proof)
    assert {record.number for record in proof.steps} == {step.number for step in plan.steps}


def test_hashes_are_those_of_the_configurations(folder: Path) -> None:
    plan = load_plan(folder)
    text = "\n".join(fleet_in(PLANS / "a1-seed").router("R1").lines)
    assert plan.router("R1").before_hash == before_hash(text) == plan.router("R1").rolled_back_hash
    assert plan.router("R1").after_hash == before_hash((folder / "R1" / "after.cfg").read_text())
    assert plan.router("R1").after_hash != plan.router("R1").before_hash


def test_after_cfg_is_a_configuration_like_any_other(folder: Path) -> None:
    router = router_of((folder / "R1" / "after.cfg").read_text())
    assert router.name == "R1"
    assert not router.unknown and not router.truncated


def test_the_keys_that_are_needed_are_named_with_their_lines(folder: Path) -> None:
    (need,) = load_plan(folder).router("R1").keys
    assert (need.type, need.source) == (0, "own")
    assert [(e.file, e.line) for e in need.evidence] == [("R1.cfg", 4)]
    assert need.token in (folder / "R1" / "apply.cfg").read_text()


@pytest.mark.parametrize(
    "name", ["plan.json", "plan.md", "proof.json", "R1/apply.cfg", "R2/rollback.cfg", "R2/after.cfg"]
)
def test_an_altered_file_is_refused_by_name(folder: Path, name: str) -> None:
    path = folder / name
    text = path.read_text()
    path.write_text(text.replace("keyring1", "keyring3", 1))
    with pytest.raises(RefusedError, match=name):
        load_plan(folder)
    path.write_text(text)
    load_plan(folder)
    path.write_text(text + "\n")
    with pytest.raises(RefusedError, match=name):
        load_plan(folder)


def test_a_missing_file_is_refused_by_name(folder: Path) -> None:
    (folder / "R1" / "apply.cfg").unlink()
    with pytest.raises(RefusedError, match=r"R1/apply\.cfg is missing"):
        load_plan(folder)


def test_a_field_added_to_plan_json_is_an_alteration(folder: Path) -> None:
    path = folder / "plan.json"
    path.write_text(path.read_text().replace("{", '{"approved": true,', 1))
    with pytest.raises(RefusedError, match=r"plan\.json was altered"):
        load_plan(folder)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]"])
def test_a_damaged_plan_is_refused(folder: Path, content: bytes) -> None:
    (folder / "plan.json").write_bytes(content)
    with pytest.raises(RefusedError, match="damaged"):
        load_plan(folder)


def test_a_plan_of_another_version_is_not_read(folder: Path) -> None:
    (folder / "plan.json").write_text('{"schema": "ikeaudit.plan/99"}')
    with pytest.raises(InputError, match="not a plan of this version"):
        load_plan(folder)


def test_no_plan_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no plan in"):
        load_plan(tmp_path / "none")


def test_an_earlier_plan_is_replaced_and_nothing_of_it_stays(folder: Path) -> None:
    change = planned(fleet_in(PLANS / "refused-different-keys"))
    write_plan(folder, change.plan, change.files)
    assert load_plan(folder) == change.plan
    assert not (folder / "R1").exists()
    assert sorted(path.name for path in folder.parent.iterdir()) == ["plan"]


def test_other_files_are_never_overwritten(tmp_path: Path) -> None:
    change = planned(fleet_in(PLANS / "a1-seed"))
    (tmp_path / "notes.txt").write_text("keep me")
    with pytest.raises(InputError, match="holds files that are no plan"):
        write_plan(tmp_path, change.plan, change.files)
    assert (tmp_path / "notes.txt").read_text() == "keep me"
    with pytest.raises(InputError, match="is a file"):
        write_plan(tmp_path / "notes.txt", change.plan, change.files)


def test_rollback_lines_by_progress(folder: Path) -> None:
    """After step 2 only steps 2 and 1 are undone, last first."""
    plan = load_plan(folder)
    one, two, *_ = plan.steps_of("R1")
    assert plan.rollback_of("R1", done=2) == (*two.rollback, *one.rollback)
    assert plan.rollback_of("R1", done=0) == ()
    assert len(plan.rollback_of("R1")) == sum(len(step.rollback) for step in plan.steps_of("R1"))
