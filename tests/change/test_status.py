"""``status``: the journal's word on every router, the timers, what is broken, and what to do next."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from jsonschema import Draft202012Validator

from ikeaudit.change import Journal, status_of
from ikeaudit.change.locks import locked
from ikeaudit.model.errors import InputError
from ikeaudit.remediation.plan_folder import load_plan, write_plan
from ikeaudit.remediation.planner import make_plan
from ikeaudit.remediation.strategies import STRATEGIES
from ikeaudit.report import load_schema
from ikeaudit.snapshot.loading import load_snapshot
from ikeaudit.snapshot.workspace import Workspace


class Told:
    """A journal written by hand for the seed's plan."""

    def __init__(self, tmp_path, config_text):
        snapshot = tmp_path / "snapshot"
        snapshot.mkdir()
        for name in ("R1", "R2"):
            (snapshot / f"{name}.cfg").write_text(config_text(name))
        self.workspace = Workspace.open(tmp_path / "workspace")
        fleet = load_snapshot(snapshot, self.workspace).fleet()
        (strategy,) = [s for s in STRATEGIES if s.name == "single-keyring"]
        made = make_plan(fleet, strategy, change_id="CHG-1", created=datetime.now(UTC))
        self.folder = tmp_path / "plan"
        write_plan(self.folder, made.plan, made.files)
        self.plan = load_plan(self.folder)
        self.journal = Journal(self.workspace.folder("changes") / "CHG-1" / "journal.jsonl")
        self.begin()

    def begin(self, verb="apply"):
        plan, routers = self.plan, [r.name for r in self.plan.routers]
        self.journal.record(
            "begin", text=verb, change_id="CHG-1", digest=plan.digest, plan=str(self.folder), routers=routers
        )

    def arm(self, *names):
        for name in names:
            self.journal.record("backup", name, file="flash:pre-CHG-1.cfg")
            self.journal.record("arming", name, safety="timer", minutes=10)

    def send_all(self, *names):
        for name in names:
            for step in self.plan.steps_of(name):
                self.journal.record("send", name, step=step.number, line=step.commands[-1])
                self.journal.record("reply", name, step=step.number, last=True)
            self.journal.record("arrived", name)

    def status(self, wanted="CHG-1", later=0.0):
        found = status_of(self.workspace, wanted, datetime.now(UTC) + timedelta(minutes=later))
        Draft202012Validator(load_schema("ikeaudit.status/1")).validate(json.loads(msgspec.json.encode(found)))
        return found.changes[0]


@pytest.fixture
def told(tmp_path, seed_config):
    return Told(tmp_path, seed_config)


def routers(change):
    return {router.name: router for router in change.routers}


def test_nothing_was_begun(tmp_path):
    workspace = Workspace.open(tmp_path / "workspace")
    assert status_of(workspace, None).changes == ()
    with pytest.raises(InputError, match="no journal of a change CHG-9"):
        status_of(workspace, "CHG-9")


def test_cut_off_under_the_timers(told):
    told.arm("R1", "R2")
    change = told.status(later=4)
    assert change.state == "interrupted" and change.broken == ()
    assert 355 <= routers(change)["R1"].net.seconds_left <= 360
    assert routers(change)["R1"].by_hand == ("configure revert now", "clear crypto session remote 192.168.0.2")
    assert routers(change)["R2"].by_hand == ("configure revert now", "clear crypto session remote 192.168.0.1")
    assert change.next.startswith("ikeaudit rollback ") and change.next.endswith(" --commit")
    assert routers(told.status(later=11))["R1"].net.seconds_left == 0


def test_one_router_changed_and_the_other_not(told):
    """Half-way: R1 has its new profile, R2 still binds by the old one; what that breaks is the proof's word, not ours."""
    told.arm("R1", "R2")
    told.send_all("R1")
    change = told.status()
    one, two = routers(change)["R1"], routers(change)["R2"]
    assert (one.phase, one.runs) == ("arrived", "after") and one.step == one.steps > 0
    assert (two.phase, two.runs, two.step) == ("armed", "before", 0)
    assert change.next.endswith("--commit") and "rollback" in change.next
    assert routers(told.status(later=11))["R1"].runs == "before"


def test_held_confirmed_and_saved(told):
    told.arm("R1", "R2")
    told.send_all("R1", "R2")
    told.journal.record("end", result="held")
    change = told.status()
    assert change.state == "held" and change.next.startswith("ikeaudit confirm ")
    late = told.status(later=11)
    assert late.state == "held" and late.next.startswith("ikeaudit rollback ")
    told.begin("confirm")
    for name in ("R1", "R2"):
        told.journal.record("confirming", name)
    told.journal.record("confirmed", "R1")
    change = told.status(later=11)
    assert {name: r.runs for name, r in routers(change).items()} == {"R1": "after", "R2": "unknown"}
    assert {b.outcome for b in change.broken} == {"unknown"} and "R2" in change.broken[0].why
    assert routers(change)["R1"].by_hand[0] == "configure replace flash:pre-CHG-1.cfg force"
    told.journal.record("confirmed", "R2")
    assert told.status().state == "interrupted" and told.status().next.endswith("--commit --resume")
    for name in ("R1", "R2"):
        told.journal.record("saved", name)
    told.journal.record("end", result="committed")
    change = told.status(str(told.folder))
    assert change.state == "committed" and change.next.endswith("--close") and change.broken == ()
    assert change.routers[0].by_hand[:1] == ("configure replace flash:pre-CHG-1.cfg force",)


def test_one_end_confirmed_and_the_other_gone_back_names_what_is_broken(told, monkeypatch):
    """A plan whose mixed state is down: R1 has another key than R2, so the direction's verdict is the replay's."""
    import ikeaudit.change.standing as standing

    told.arm("R1", "R2")
    told.send_all("R1", "R2")
    for name in ("R1",):
        told.journal.record("confirmed", name)
    told.journal.record("reverted", "R2")
    assert told.status().state == "interrupted"
    real = standing._model

    def other_key(plan, folder, name, how, progress):
        from ikeaudit.parsing import parse_configs

        model = real(plan, folder, name, how, progress)
        if name != "R1":
            return model
        text = "\n".join(model.lines)
        fingerprint = next(iter(plan.key_facts))
        text = text.replace(f"<PSK:{fingerprint}>", "<PSK:0123456789abcdef>")
        (parsed,) = parse_configs(text, file="R1.cfg", fingerprinter=standing._TOKENS_ONLY)
        return parsed.router

    monkeypatch.setattr(standing, "_model", other_key)
    change = told.status()
    assert [(b.direction, b.outcome, b.reason) for b in change.broken] == [
        ("R1 Tunnel1 -> R2", "down", "psk-mismatch"),
        ("R2 Tunnel1 -> R1", "down", "psk-mismatch"),
    ]
    assert change.broken[0].why == "R1 runs the new configuration; R2 runs the earlier configuration"


def test_failed_and_lost(told):
    told.arm("R1", "R2")
    told.send_all("R1")
    told.journal.record("failed", text="R2 was silent for 30 s.")
    told.journal.record("reverted", "R1")
    told.journal.record("lost", "R2", text="R2 cannot be reached")
    told.journal.record("end", result="state-unknown")
    change = told.status()
    assert change.state == "state-unknown" and change.cause == "R2 was silent for 30 s."
    assert routers(change)["R1"].by_hand == () and routers(change)["R2"].by_hand[0] == "configure revert now"
    told.begin("rollback")
    told.journal.record("reverted", "R2")
    told.journal.record("end", result="rolled-back")
    assert told.status().state == "rolled-back" and told.status().next is None


def test_a_process_at_work_is_named(told, monkeypatch):
    import os

    told.arm("R1")
    with locked(told.workspace.folder("locks"), change_id="CHG-1", digest=told.plan.digest, routers=("R1",)):
        change = told.status()
        assert (change.state, change.process) == ("running", os.getpid())
    assert told.status().state == "interrupted"


def test_a_plan_that_is_gone_leaves_the_copy(told):
    import shutil

    told.arm("R1")
    told.send_all("R1")
    shutil.rmtree(told.folder)
    change = told.status()
    assert routers(change)["R1"].by_hand == ("configure revert now",)
    assert change.broken == ()
