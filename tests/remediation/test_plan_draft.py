"""Proofs of parts that are written as soon as they are there: the same files, and nothing of a run that ends early."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from plans import FINGERPRINTER, WHEN

from ikeaudit.fleet import Fleet
from ikeaudit.model.errors import InputError, RefusedError
from ikeaudit.parsing import parse_configs
from ikeaudit.remediation import proven_parts
from ikeaudit.remediation.plan_folder import load_plan, plan_draft, write_plan
from ikeaudit.remediation.planner import PlannedChange, make_plan
from ikeaudit.remediation.strategies import Draft, Proposal, Request, Strategy, find_strategy
from ikeaudit.snapshot.private_files import FolderDraft
from ikeaudit.snapshot.workers import Workers

sys.path.append(str(Path(__file__).parents[2] / "bench"))

import fleets


def three_regions() -> Fleet:
    """Hubs and spokes of three regions that have nothing to do with each other."""
    found = []
    for one in fleets.fleet(12, seed=2, kind="spoke2", region=4, faults=0):
        (parsed,) = parse_configs(one.text, file=f"{one.name}.cfg", fingerprinter=FINGERPRINTER)
        assert parsed.router is not None
        found.append(parsed.router)
    return Fleet(found)


FLEET = three_regions()


def step_on(router: str, apply: str, rollback: str) -> Draft:
    return Draft(router=router, phase="switch", title=f"on {router}", apply=apply, rollback=rollback)


def harmless(router: str) -> Draft:
    return step_on(router, "crypto keyring SPARE\nexit\n", "no crypto keyring SPARE\n")


def proposing(*drafts: Draft) -> Strategy:
    """Proposes those of the drafts whose router is not left out."""

    def propose(_fleet: Fleet, request: Request) -> Proposal:
        return Proposal(tuple(one for one in drafts if one.router in request.order))

    return Strategy(name="test", title="test", documentation="", propose=propose)


@pytest.fixture(autouse=True)
def _one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proven_parts, "FEW", 0)


def made(draft: FolderDraft | None, strategy: Strategy | None = None, processes: int = 1) -> PlannedChange:
    chosen = strategy or find_strategy("single-keyring")
    return make_plan(FLEET, chosen, change_id="CHG-1", created=WHEN, workers=Workers(processes), draft=draft)


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def planned_into(folder: Path, strategy: Strategy | None = None, processes: int = 1) -> PlannedChange:
    with plan_draft(folder) as draft:
        change = made(draft, strategy, processes)
        write_plan(folder, change.plan, change.files, draft)
    return change


def test_each_proof_is_on_the_disk_before_the_next_part_is_proven(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    prove = proven_parts.prove
    with plan_draft(tmp_path / "plan") as draft:

        def noted(*given: object, **named: object) -> proven_parts.Proven:
            seen.append(sorted(files_in(draft.path)))
            return prove(*given, **named)  # type: ignore[arg-type]

        monkeypatch.setattr(proven_parts, "prove", noted)
        change = made(draft)
    assert seen == [[], ["proof/0001.json"], ["proof/0001.json", "proof/0002.json"]]
    assert change.plan.steps


@pytest.mark.usefixtures("own_threads")
@pytest.mark.parametrize("processes", [1, 2])
def test_the_folder_is_the_one_that_is_written_at_once(processes: int, tmp_path: Path) -> None:
    at_once = made(None)
    write_plan(tmp_path / "once", at_once.plan, at_once.files)
    change = planned_into(tmp_path / "draft" / "plan", processes=processes)
    assert files_in(tmp_path / "draft" / "plan") == files_in(tmp_path / "once")
    assert {**change.files} == {**at_once.files}  # read again where they lie now
    assert load_plan(tmp_path / "draft" / "plan") == at_once.plan
    assert [one.name for one in (tmp_path / "draft").iterdir()] == ["plan"]
    modes = {stat.S_IMODE(one.stat().st_mode) for one in (tmp_path / "draft" / "plan").rglob("*") if one.is_file()}
    folders = {
        stat.S_IMODE(one.stat().st_mode) for one in (tmp_path / "draft" / "plan" / "proof", tmp_path / "draft" / "plan")
    }
    assert (modes, folders) == ({0o600}, {0o700})


def test_what_is_written_is_known_by_its_sum_and_altered_files_are_found(tmp_path: Path) -> None:
    planned_into(tmp_path / "plan")
    with (tmp_path / "plan/proof/0002.json").open("a") as file:
        file.write(" ")
    with pytest.raises(RefusedError, match=r"proof/0002\.json was altered"):
        load_plan(tmp_path / "plan")


class _EndedError(Exception):
    pass


@pytest.fixture
def _ends_early(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    prove, calls = proven_parts.prove, []

    def ended(*given: object, **named: object) -> proven_parts.Proven:
        calls.append(given)
        if len(calls) == 3:
            raise _EndedError
        return prove(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(proven_parts, "prove", ended)
    yield
    assert len(calls) == 3


@pytest.mark.usefixtures("_ends_early")
def test_a_run_that_ends_early_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(_EndedError):
        planned_into(tmp_path / "new" / "deep" / "plan")
    assert [*tmp_path.iterdir()] == []


def test_a_run_that_ends_early_leaves_the_earlier_plan(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    planned_into(tmp_path / "plan")
    before = files_in(tmp_path)
    request.getfixturevalue("_ends_early")
    with pytest.raises(_EndedError):
        planned_into(tmp_path / "plan")
    assert files_in(tmp_path) == before


def test_of_proofs_before_a_refusal_nothing_is_left(tmp_path: Path) -> None:
    """The plan is made again without the router that is refused, and has one part less."""
    spokes = ["BR-000000", "BR-000200", "BR-000400"]
    refused = step_on(spokes[2], "no such command\n", "")
    change = planned_into(tmp_path / "plan", proposing(harmless(spokes[0]), harmless(spokes[1]), refused))
    assert [one.router for one in change.plan.refusals] == [spokes[2]]
    assert [router.name for router in change.plan.routers] == spokes[:2]
    assert set(files_in(tmp_path / "plan")) == {"plan.json", *change.plan.files}
    assert "proof/0003.json" not in change.plan.files


def test_what_is_no_plan_stays_and_is_told_before_anything_is_made(tmp_path: Path) -> None:
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / "mine").write_text("x")
    with pytest.raises(InputError, match="holds files that are no plan"), plan_draft(tmp_path / "plan"):
        raise AssertionError
    assert files_in(tmp_path) == {"plan/mine": b"x"}
