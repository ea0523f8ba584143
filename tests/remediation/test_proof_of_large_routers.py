"""Of a router with many directions a step replays what it can concern, and lists what it leaves otherwise: the same proof."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import msgspec
import pytest
from ikev2_laws import moved, options_in
from plans import fleet_in, planned

from ikeaudit.exchange import Exchange
from ikeaudit.remediation import planner, proof, proof_record, proof_state, scene
from ikeaudit.remediation.planner import PlannedChange
from ikeaudit.remediation.proof_record import Proof, ProvenExchange

HERE = Path(__file__).parent
CASES = ["plans/a2-many-keyrings", "plans/a5-global-keys", "ikev2/b1-seed", "ikev2/b3-in-place", "ikev2/b2-dynamic-map"]


def made(case: str) -> PlannedChange:
    folder = HERE / case
    if case.startswith("plans/"):
        return planned(fleet_in(folder))
    return moved(fleet_in(folder), options_in(folder))


@pytest.mark.parametrize("case", CASES)
def test_what_a_step_cannot_concern_need_not_be_replayed(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything replayed after each step, and every call asked: every file of the plan is the same, word for word."""
    files = made(case).files
    monkeypatch.setattr(planner, "prove", partial(proof.prove, whole=True))
    monkeypatch.setattr(scene, "_FEW", 10**9)
    assert made(case).files == files


@pytest.mark.parametrize("case", CASES)
def test_an_index_leaves_out_no_call_that_a_change_concerns(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With all calls looked up in an index, however few they are: every file of the plan is the same, word for word."""
    files = made(case).files
    monkeypatch.setattr(scene, "_FEW", 0)
    assert made(case).files == files


@pytest.mark.parametrize("case", ["plans/a2-many-keyrings", "ikev2/b3-in-place"])
def test_a_brief_proof_says_all_that_the_long_one_does(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever follows the steps knows every direction of a step's router after it."""
    long = msgspec.json.decode(made(case).files["proof.json"], type=Proof)
    monkeypatch.setattr(proof_record, "LISTED", 0)
    brief = msgspec.json.decode(made(case).files["proof.json"], type=Proof)
    assert len(msgspec.json.encode(brief)) < len(msgspec.json.encode(long))
    said: dict[object, ProvenExchange] = {record.direction: record for record in brief.before}
    for step, whole in zip(brief.steps, long.steps, strict=True):
        said.update((record.direction, record) for record in step.exchanges)
        assert len(step.exchanges) + step.unchanged == len(whole.exchanges)
        assert {said[record.direction] for record in whole.exchanges} == set(whole.exchanges)
    assert any(step.unchanged for step in brief.steps)


def test_a_replay_of_the_whole_that_says_something_else_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was kept in mind from line to line is compared with a replay of everything in the end."""
    take = proof_state.State.take

    def forgetful(self: proof_state.State, replayed: tuple[Exchange, ...]) -> dict[proof_state.Key, None]:
        return take(self, [msgspec.structs.replace(e, responder_keyring="ANOTHER") for e in replayed])

    monkeypatch.setattr(proof_state.State, "take", forgetful)
    change = made("plans/a1-seed")
    assert change.plan.empty
    assert {refusal.router for refusal in change.plan.refusals} == {"R1", "R2"}
    assert "replayed as a whole, R1 Tunnel1 -> R2 is not what it was line by line" in change.plan.refusals[0].reason
