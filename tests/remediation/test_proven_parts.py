"""Parts of a fleet that have nothing to do with each other, proven one by one: the same plan, and what it costs."""

from __future__ import annotations

import os
import re
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import msgspec
import pytest
from plans import FINGERPRINTER, WHEN
from wire import Wire

from ikeaudit.api import Planned
from ikeaudit.fleet import Fleet
from ikeaudit.model.errors import RefusedError
from ikeaudit.model.watching import watching
from ikeaudit.parsing import parse_configs
from ikeaudit.remediation import components, proven_parts
from ikeaudit.remediation.plan import Announcement, Direction, Plan, Step
from ikeaudit.remediation.plan_folder import load_plan, write_plan
from ikeaudit.remediation.plan_texts import Packed, Texts
from ikeaudit.remediation.planner import PlannedChange, make_plan
from ikeaudit.remediation.proof_files import ProofParts, whole_proof
from ikeaudit.remediation.proof_record import Proof
from ikeaudit.remediation.strategies import Draft, Proposal, Request, Strategy, find_strategy
from ikeaudit.snapshot.workers import Workers

sys.path.append(str(Path(__file__).parents[2] / "bench"))

import fleets

ALL_AT_ONCE, ONE_BY_ONE = 10**9, 0
BOTH = ["single-keyring", pytest.param("ikev2", marks=pytest.mark.full)]
KINDS = ["dmvpn", *(pytest.param(kind, marks=pytest.mark.full) for kind in ("spoke2", "mix"))]


def regions(kind: str, number: int, size: int = 5, *, faults: float = 0.2, seed: int = 2) -> Fleet:
    """So many hubs-and-spokes that have nothing to do with each other."""
    routers = []
    for made in fleets.fleet(number * size, seed=seed, kind=kind, region=size, faults=faults):
        (parsed,) = parse_configs(made.text, file=f"{made.name}.cfg", fingerprinter=FINGERPRINTER)
        assert parsed.router is not None
        routers.append(parsed.router)
    return Fleet(routers)


def made(
    fleet: Fleet, strategy: str | Strategy, few: int, workers: Workers | None = None, wave_size: int = 25
) -> PlannedChange:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proven_parts, "FEW", few)
        chosen = find_strategy(strategy) if isinstance(strategy, str) else strategy
        how = {"change_id": "CHG-1", "created": WHEN, "archive": True}
        return make_plan(fleet, chosen, workers=workers, wave_size=wave_size, **how)  # type: ignore[arg-type]


def region_number(name: str) -> int:
    """The region that a router is in: of a hub its number, of a spoke one of 200."""
    kind, number = name.split("-")
    return int(number[:4]) if kind == "HUB" else int(number) // 200


def same_but_for_the_proof(one: PlannedChange, other: PlannedChange) -> None:
    """Every file but the proof is the same, word for word, and the proof says the same."""
    plans = [msgspec.structs.replace(change.plan, files={}, digest="") for change in (one, other)]
    assert plans[0] == plans[1]
    files = [{name: text for name, text in c.files.items() if not name.startswith("proof")} for c in (one, other)]
    assert files[0] == files[1]
    proofs = [whole_proof(change.files) for change in (one, other)]
    for said in ("before", "after", "rolled_back", "mixed"):
        records = [getattr(proof, said) for proof in proofs]
        assert len(records[0]) == len(records[1])
        assert set(records[0]) == set(records[1])
    assert proofs[0].steps == proofs[1].steps
    assert proofs[0].checks == proofs[1].checks


@pytest.mark.parametrize("strategy", BOTH)
@pytest.mark.parametrize("kind", KINDS)
def test_proven_one_by_one_it_is_the_plan_that_is_proven_at_once(kind: str, strategy: str) -> None:
    fleet = regions(kind, 6)
    apart = made(fleet, strategy, ONE_BY_ONE)
    same_but_for_the_proof(made(fleet, strategy, ALL_AT_ONCE), apart)
    parts = msgspec.json.decode(apart.files["proof.json"], type=ProofParts).parts if apart.plan.steps else ()
    assert len(parts) == len({region_number(router.name) for router in apart.plan.routers})
    assert sorted(name for part in parts for name in part.routers) == sorted(r.name for r in apart.plan.routers)


@pytest.mark.parametrize("strategy", BOTH)
def test_several_processes_make_the_same_plan(strategy: str) -> None:
    fleet = regions("spoke2", 5)
    alone, spread = (made(fleet, strategy, ONE_BY_ONE, Workers(n)) for n in (1, 3))
    assert alone.plan == spread.plan
    assert {**alone.files} == {**spread.files}


@pytest.mark.usefixtures("own_threads")
def test_parts_are_proven_by_processes_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process notes is not seen here, and what it hands back is."""
    seen = []
    prove = proven_parts.prove

    def noted(fleet: Fleet, steps: tuple[Step, ...], marks: Collection[int]) -> proven_parts.Proven:
        seen.append(os.getpid())
        return prove(fleet, steps, marks=marks)

    monkeypatch.setattr(proven_parts, "prove", noted)
    fleet = regions("spoke2", 3)
    assert made(fleet, "single-keyring", ONE_BY_ONE, Workers(2)).plan.steps
    assert seen == []
    made(fleet, "single-keyring", ONE_BY_ONE)
    assert seen == [os.getpid()] * 3


# -- what belongs together ---------------------------------------------------------------------------------------------

PAIRS = regions("spoke2", 3, 4, faults=0)
SPOKES = ["BR-000000", "BR-000200", "BR-000400"]
"""One of each region."""


def proposing(*drafts: Draft) -> Strategy:
    def propose(_fleet: Fleet, _request: Request) -> Proposal:
        return Proposal(drafts)

    return Strategy(name="test", title="test", documentation="", propose=propose)


def draft(router: str, apply: str, rollback: str, *announce: Announcement) -> Draft:
    return Draft(router=router, phase="switch", title=f"on {router}", apply=apply, rollback=rollback, announce=announce)


def harmless(router: str, *announce: Announcement) -> Draft:
    return draft(router, "crypto keyring SPARE\nexit\n", "no crypto keyring SPARE\n", *announce)


def parts_of(*drafts: Draft) -> list[set[str]]:
    """The changed routers of each part."""
    steps = made(PAIRS, proposing(*drafts), ALL_AT_ONCE).plan.steps
    return [{step.router for step in part.steps} for part in components.components(PAIRS, steps)]


def region_of(name: str) -> set[str]:
    (found,) = [
        set(part.routers)
        for part in components.components(PAIRS, made(PAIRS, proposing(harmless(name)), ALL_AT_ONCE).plan.steps)
    ]
    return found


def address_of(name: str) -> str:
    """The address that a spoke calls from."""
    return str(PAIRS.rules(name).endpoints[0].local.address)


def test_a_part_is_a_region_with_routers_that_are_not_changed() -> None:
    assert region_of(SPOKES[0]) == {"BR-000000", "BR-000001", "HUB-0000A", "HUB-0000B"}


@pytest.mark.parametrize(
    "joining",
    [
        harmless(SPOKES[0], Announcement(text="until another router is done", until=1)),
        harmless(
            SPOKES[0],
            Announcement(text="of another router", directions=(Direction(SPOKES[1], "Tunnel1", "192.0.2.1"),)),
        ),
        draft(
            SPOKES[0],
            f"crypto keyring SPARE\n pre-shared-key address {address_of(SPOKES[1])} key <PSK:00112233>\nexit\n",
            "no crypto keyring SPARE\n",
        ),
        draft(
            SPOKES[0],
            f"interface Loopback99\n ip address {PAIRS.rules(SPOKES[1]).endpoints[0].peer} 255.255.255.255\nexit\n",
            "no interface Loopback99\n",
        ),
    ],
    ids=["until", "announced", "address", "called"],
)
def test_what_a_step_has_to_do_with_elsewhere_joins_parts(joining: Draft) -> None:
    others = [harmless(name) for name in SPOKES[1:]]
    assert parts_of(harmless(SPOKES[0]), *others) == [{name} for name in SPOKES]
    drafts = (joining, *others)
    numbered = tuple(
        Step(
            number=n,
            router=one.router,
            phase="switch",
            title="",
            commands=tuple(one.apply.split("\n")),
            rollback=tuple(one.rollback.split("\n")),
            announce=tuple(msgspec.structs.replace(a, until=n + a.until) for a in one.announce),
        )
        for n, one in enumerate(drafts, 1)
    )
    found = [{step.router for step in part.steps} for part in components.components(PAIRS, numbered)]
    assert found == [{*SPOKES[:2]}, {SPOKES[2]}]


def test_what_is_carried_out_as_one_is_not_parted() -> None:
    steps = made(PAIRS, proposing(*map(harmless, SPOKES)), ALL_AT_ONCE).plan.steps
    found = components.components(PAIRS, steps, [(SPOKES[0], SPOKES[2])])
    assert [{step.router for step in part.steps} for part in found] == [{SPOKES[0], SPOKES[2]}, {SPOKES[1]}]


def test_callers_of_one_hub_that_is_not_here_need_not_be_together() -> None:
    alone = Fleet(router for router in PAIRS.routers if router.name.startswith("BR"))
    steps = made(PAIRS, proposing(*map(harmless, ("BR-000000", "BR-000001"))), ALL_AT_ONCE).plan.steps
    assert len(components.components(alone, steps)) == 2
    assert len(components.components(PAIRS, steps)) == 1


def test_routers_that_were_parted_wrongly_are_proven_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Alone, one of them says something else than in the fleet."""
    fleet = regions("spoke2", 2)
    whole = made(fleet, "single-keyring", ALL_AT_ONCE)

    def each_alone(_fleet: Fleet, steps: Sequence[Step], _: object = ()) -> tuple[components.Component, ...]:
        names = dict.fromkeys(step.router for step in steps)
        return tuple(
            components.Component((name,), tuple(step for step in steps if step.router == name)) for name in names
        )

    monkeypatch.setattr(proven_parts, "components", each_alone)
    assert made(fleet, "single-keyring", ONE_BY_ONE) == whole


# -- refusals ----------------------------------------------------------------------------------------------------------


def keyless(name: str) -> Draft:
    """Takes the key of the first tunnel away, and so breaks it."""
    router = PAIRS.router(name)
    ring = router.keyrings[0]
    line = router.text(ring.keys[0].line).strip()
    header = router.text(ring.line).strip()
    return draft(name, f"{header}\n no {line}\nexit\n", f"{header}\n {line}\nexit\n")


def for_good(name: str) -> Draft:
    """Does not take back what it does."""
    return draft(name, "crypto keyring SPARE\nexit\n", "")


def not_back(name: str) -> Draft:
    """Breaks a tunnel on the way back."""
    return draft(name, "crypto keyring SPARE\nexit\n", f"no crypto keyring SPARE\n{keyless(name).apply}")


@pytest.mark.parametrize(
    "drafts",
    [
        (keyless(SPOKES[2]), keyless(SPOKES[0]), harmless(SPOKES[1])),
        (for_good(SPOKES[0]), keyless(SPOKES[1]), not_back(SPOKES[2])),
        (not_back(SPOKES[1]), not_back(SPOKES[0]), for_good(SPOKES[2])),
        (for_good(SPOKES[2]), for_good(SPOKES[1]), harmless(SPOKES[0])),
    ],
    ids=["steps", "a bit of all", "back", "end"],
)
def test_what_is_refused_comes_in_the_order_in_which_the_whole_proof_meets_it(drafts: tuple[Draft, ...]) -> None:
    whole, apart = (made(PAIRS, proposing(*drafts), few) for few in (ALL_AT_ONCE, ONE_BY_ONE))
    assert whole.plan.refusals == apart.plan.refusals
    assert len(whole.plan.refusals) >= 2
    same_but_for_the_proof(whole, apart)


def test_after_a_refusal_only_parts_that_are_not_known_to_be_fine_come_before_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Three parts, two of them refused one after the other: the third is proven once, and in the end with its numbers."""
    proven: list[list[str]] = []
    prove = proven_parts.prove

    def noted(fleet: Fleet, steps: tuple[Step, ...], marks: Collection[int]) -> proven_parts.Proven:
        proven.append(sorted({step.router for step in steps}))
        return prove(fleet, steps, marks=marks)

    monkeypatch.setattr(proven_parts, "prove", noted)
    change = made(PAIRS, proposing(keyless(SPOKES[2]), keyless(SPOKES[0]), harmless(SPOKES[1])), ONE_BY_ONE)
    assert [refusal.router for refusal in change.plan.refusals] == [SPOKES[0], SPOKES[2]]
    assert sorted(proven[:3]) == [[name] for name in SPOKES]
    assert proven[3:] == [[SPOKES[2]], [SPOKES[1]]]


@pytest.mark.parametrize(
    "other",
    [
        {"commands": ("crypto keyring OTHER", "exit")},
        {"rollback": ()},
        {"announce": (Announcement(text="", until=1),)},
        {"router": "BR-000201"},
        {"phase": "cleanup"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_a_part_is_known_again_by_all_but_the_numbers_of_its_steps(other: dict[str, Any]) -> None:
    def told_by(first: int, **changed: object) -> bytes:
        one = Step(number=first, router=SPOKES[0], phase="switch", title="t", commands=("a",), rollback=("b",))
        announce = (Announcement(text="", until=first + 3),)
        last = msgspec.structs.replace(one, **{"number": first + 3, "announce": announce, **changed})
        return proven_parts._told_by(components.Component((SPOKES[0],), (one, last)))

    assert told_by(1) == told_by(4)
    assert told_by(1) != told_by(1, **other)


# -- how it grows ------------------------------------------------------------------------------------------------------


def lines_run(fleet: Fleet, strategy: str) -> Counter[str]:
    """How many lines of each function of the fleet and of planning are run to make the plan."""
    count: Counter[str] = Counter()

    def local(frame: FrameType, event: str, _: object) -> Callable[..., object]:
        if event == "line":
            count[frame.f_code.co_filename.rpartition("ikeaudit/")[2] + " " + frame.f_code.co_qualname] += 1
        return local

    def called(frame: FrameType, _event: str, _: object) -> Callable[..., object] | None:
        return local if any(room in frame.f_code.co_filename for room in ROOMS) else None

    before = sys.gettrace()
    sys.settrace(called)
    try:
        made(fleet, strategy, ONE_BY_ONE, wave_size=4)
    finally:
        sys.settrace(before)
    return count


ROOMS = ("ikeaudit/remediation/", "ikeaudit/fleet/")


@pytest.mark.full
@pytest.mark.parametrize("strategy", BOTH)
def test_twice_as_many_parts_cost_twice_as_much(strategy: str) -> None:
    """Lines run, not time: a function that goes through all steps, routers or directions for each of them runs four times as
    many. Waves are small, so that there are more of them and none is larger.
    """
    few, many = (regions("spoke2", n, 3, faults=0) for n in (8, 16))
    made(many, strategy, ONE_BY_ONE)  # what is kept from router to router is known for both
    once, twice = (lines_run(fleet, strategy) for fleet in (few, many))
    assert sum(twice.values()) > 100_000
    grown = {name: (once[name], run) for name, run in twice.items() if run > 600 and run > 2.5 * once[name]}
    assert grown == {}


# -- files -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def change() -> PlannedChange:
    return made(regions("spoke2", 3), "single-keyring", ONE_BY_ONE)


def test_the_proof_of_each_part_is_a_file_and_a_list_names_them(change: PlannedChange, tmp_path: Path) -> None:
    write_plan(tmp_path / "plan", change.plan, change.files)
    assert load_plan(tmp_path / "plan") == change.plan
    listing = msgspec.json.decode((tmp_path / "plan/proof.json").read_bytes(), type=ProofParts)
    assert [part.file for part in listing.parts] == [f"proof/000{n}.json" for n in (1, 2, 3)]
    steps = []
    for part in listing.parts:
        proof = msgspec.json.decode((tmp_path / "plan" / part.file).read_bytes(), type=Proof)
        assert {step.router for step in proof.steps} == {*part.routers}
        steps += proof.steps
    assert sorted(step.number for step in steps) == [step.number for step in change.plan.steps]
    assert Planned(plan=change.plan, files=change.files).proof == whole_proof(change.files)


def test_an_altered_part_of_a_proof_is_refused_by_name(change: PlannedChange, tmp_path: Path) -> None:
    write_plan(tmp_path / "plan", change.plan, change.files)
    file = tmp_path / "plan" / "proof" / "0002.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"up"', '"down"', 1), encoding="utf-8")
    with pytest.raises(RefusedError, match=r"proof/0002\.json was altered"):
        load_plan(tmp_path / "plan")


def test_the_proof_of_few_routers_is_one_file() -> None:
    change = make_plan(regions("spoke2", 3), find_strategy("single-keyring"), change_id="CHG-1", created=WHEN)
    assert [name for name in change.files if name.startswith("proof")] == ["proof.json"]
    assert whole_proof(change.files) == msgspec.json.decode(change.files["proof.json"], type=Proof)


def test_long_texts_take_little_room_until_they_are_asked_for(change: PlannedChange) -> None:
    """A proof, and what a router runs afterwards, are unpacked each by itself."""
    kept = change.files._texts
    packed = {name for name, text in kept.items() if isinstance(text, Packed)}
    assert packed == {n for n in kept if n.startswith("proof/") or n.endswith("/after.cfg")}
    long = "proof/0001.json"
    assert len(kept[long][0]) * 5 < len(change.files[long])


def test_each_file_is_made_once_and_when_it_is_written(change: PlannedChange, tmp_path: Path) -> None:
    asked: list[str] = []

    class Watched(Texts):
        def __getitem__(self, name: str) -> str:
            there = {str(path.relative_to(draft)) for draft in tmp_path.iterdir() for path in draft.rglob("*.*")}
            assert set(asked) <= there, "what was made is written before more is"
            asked.append(name)
            return super().__getitem__(name)

    write_plan(tmp_path / "plan", change.plan, Watched(change.files._texts))
    assert asked == [*change.files]


def test_a_watch_counts_steps_whatever_parts_there_are() -> None:
    told: list[tuple[str, int, int]] = []

    def watch(title: str, items: Sequence[object], /) -> Iterator[object]:
        found = [*items]
        told.append((title, len(items), len(found)))
        yield from found

    with watching(watch):  # type: ignore[arg-type]
        plan: Plan = made(regions("spoke2", 3), "single-keyring", ONE_BY_ONE).plan
    assert [entry for entry in told if entry[0] == "steps proved"] == [
        ("steps proved", len(plan.steps), len(plan.steps))
    ]


@pytest.mark.parametrize("strategy", BOTH)
@pytest.mark.parametrize("kind", KINDS)
def test_parts_that_travel_make_the_same_plan(kind: str, strategy: str) -> None:
    fleet = regions(kind, 3)
    wire, here = Wire(), made(fleet, strategy, ONE_BY_ONE)
    there = made(fleet, strategy, ONE_BY_ONE, Workers(elsewhere=wire))
    assert (there.plan, dict(there.files)) == (here.plan, dict(here.files))
    assert (len(wire.sent) > 1 or here.plan.empty) and not wire.here
    texts = "".join(one.text for one in fleets.fleet(15, seed=2, kind=kind, region=5, faults=0.2))
    keys = {*re.findall(r"^ *(?:crypto isakmp key|pre-shared-key .*key|pre-shared-key) (\S{9,})", texts, re.MULTILINE)}
    travelled = b"".join(map(zlib.decompress, wire.sent))
    assert keys and not [key for key in keys if key.encode() in travelled]


def test_an_answer_about_another_part_counts_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    fleet = regions("spoke2", 5)
    here = made(fleet, "single-keyring", ONE_BY_ONE)
    really, answers = proven_parts.proven_there, list[bytes]()

    def mixed(content: bytes) -> bytes:
        """The answer to another question, one that is cut short, none, another thing, and nothing."""
        answers.append(really(content))
        return (answers[0], answers[-1][:-9], zlib.compress(b"{}"), zlib.compress(b'{"proven":null,"unproven":null}'))[
            (len(answers) - 2) % 4
        ]

    monkeypatch.setattr(proven_parts, "proven_there", mixed)
    there = made(fleet, "single-keyring", ONE_BY_ONE, Workers(elsewhere=Wire()))
    assert (there.plan, dict(there.files)) == (here.plan, dict(here.files))
    assert len(answers) == 5


def test_a_part_that_says_something_else_there_is_not_proved_there(monkeypatch: pytest.MonkeyPatch) -> None:
    fleet, answers = regions("spoke2", 3), list[bytes]()
    really, hashed = proven_parts.proven_there, iter("abcdef")
    monkeypatch.setattr(proven_parts, "_hash", lambda exchanges: next(hashed))
    monkeypatch.setattr(proven_parts, "proven_there", lambda content: answers.append(really(content)) or answers[-1])  # type: ignore[func-returns-value]
    here = made(fleet, "single-keyring", ONE_BY_ONE)
    there = made(fleet, "single-keyring", ONE_BY_ONE, Workers(elsewhere=Wire()))
    assert (there.plan, dict(there.files)) == (here.plan, dict(here.files))
    assert answers == [b""] * 3
