"""A verb that is typed again after a change began, from anywhere and without its options, says the one right thing, once."""

from __future__ import annotations

import os
import shlex

import pytest
from change_lab import pairs

from ikeaudit.change import Journal
from ikeaudit.change.locks import locked
from ikeaudit.cli.main import main
from ikeaudit.remediation.plan_folder import load_plan

TYPED = "--inventory {home}/kept --timeout 20 --strict-host-keys"


class Begun:
    """CHG-1, begun with ``home/plan``, an inventory and options; the current folder is another, without any of that."""

    def __init__(self, home):
        self.home, self.plan = home, home / "plan"
        self.changes = home / "workspace/changes"
        self.names = [router.name for router in load_plan(self.plan).routers]
        self.journal = Journal(self.changes / "CHG-1/journal.jsonl")
        self.begin("apply")

    def begin(self, verb, **more):
        self.journal.record(
            "begin", text=verb, change_id="CHG-1", digest=load_plan(self.plan).digest, plan=str(self.plan),
            inventory=f"{self.home}/kept", session="--timeout 20 --strict-host-keys", routers=self.names, **more,
        )  # fmt: skip

    def half(self):
        self.journal.record("backup", "A1", file="flash:pre-CHG-1.cfg")
        self.journal.record("arming", "A1", safety="timer", minutes=10)
        self.journal.record("send", "A1", step=1, line="crypto keyring K")

    def command(self, verb, *options):
        return " ".join(("ikeaudit", verb, str(self.plan), *options, TYPED.format(home=self.home)))


@pytest.fixture
def begun(tmp_path, monkeypatch):
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.delenv("IKEAUDIT_PASSWORD", raising=False)
    (tmp_path / "snapshot").mkdir()
    for name, text in pairs(1).items():
        (tmp_path / "snapshot" / f"{name}.cfg").write_text(text)
    line = f"plan {tmp_path}/snapshot --strategy single-keyring --change-id CHG-1 --out {tmp_path}/plan"
    assert main(shlex.split(line)) == 0
    (tmp_path / "changes").mkdir()
    made = Begun(tmp_path)
    (tmp_path / "home").mkdir()
    monkeypatch.chdir(tmp_path / "home")
    return made


AGAIN = (
    "apply ../plan",
    "apply ../plan --commit",  # which nobody approved
    "apply ../plan --commit --inventory nowhere",
    "apply ../plan --commit --wave 7",
    "apply ../plan --commit --require-rehearsal",
)


def spoilt(begun):
    text = (begun.plan / "plan.json").read_text()
    (begun.plan / "plan.json").write_text(text.replace("crypto", "crypt0", 1))


def as_it_was(begun):
    pass


@pytest.mark.parametrize("folder", [as_it_was, spoilt])
@pytest.mark.parametrize("line", AGAIN)
def test_what_is_half_way_comes_before_all_that_may_be_wrong_with_the_line(line, folder, begun, capsys):
    begun.half()
    folder(begun)
    capsys.readouterr()
    assert main(shlex.split(line)) == 5
    told = [one for one in capsys.readouterr().err.splitlines() if one.startswith("ikeaudit: ")]
    assert told == [
        f"ikeaudit: The change CHG-1 is half-way on A1; take it back with `{begun.command('rollback', '--commit')}`, "
        f"finish it with `{begun.command('apply', '--commit', '--resume')}`."
    ]


@pytest.mark.parametrize("line", AGAIN)
def test_what_is_being_taken_back_is_gone_on_with_by_that_alone(line, begun, capsys):
    begun.half()
    begun.begin("rollback", selection="--all")
    capsys.readouterr()
    assert main(shlex.split(line)) == 5
    (told,) = capsys.readouterr().err.splitlines()
    assert f"A1 is not back yet; go on with `{begun.command('rollback', '--commit', '--all')}`." in told


@pytest.mark.parametrize("line", ["apply ../plan", "apply ../plan --commit"])
def test_a_change_that_another_process_is_at_work_on_is_not_told_as_left_behind(line, begun, capsys):
    """Whoever typed rollback then would be refused by the lock, and wonder."""
    begun.half()
    digest = load_plan(begun.plan).digest
    (begun.home / "workspace/locks").mkdir(mode=0o700)
    with locked(begun.home / "workspace/locks", change_id="CHG-1", digest=digest, routers=()):
        capsys.readouterr()
        assert main(shlex.split(line)) == 5
    (told,) = capsys.readouterr().err.splitlines()
    assert told == (
        f"ikeaudit: The change CHG-1 is under way: process {os.getpid()} is at work on it; "
        "`ikeaudit status CHG-1` says how far it is."
    )


@pytest.mark.parametrize("name", ["plan", "CHG-1"])
@pytest.mark.parametrize(
    "verb", ["apply", "apply --commit", "apply --commit --resume", "confirm", "rollback", "verify"]
)
def test_a_folder_that_is_not_there_is_told_with_the_one_that_is_and_what_comes_next(verb, name, begun, capsys):
    begun.half()
    words = verb.split()
    capsys.readouterr()
    assert main([words[0], name, *words[1:]]) == 2
    (told,) = capsys.readouterr().err.splitlines()
    assert f"There is no plan in {name}; of that name something was begun with {begun.plan}: name that folder." in told
    assert f"Next for CHG-1: `{begun.command('rollback', '--commit')}` (" in told


def saved(begun):
    begun.half()
    for name in begun.names:
        for event in ("arrived", "confirming", "confirmed", "saving", "saved"):
            begun.journal.record(event, name)
    begun.journal.record("end", result="committed")


def back(begun):
    begun.half()
    begun.begin("rollback")
    begun.journal.record("reverted", "A1", match="same")
    begun.journal.record("end", result="rolled-back")


def refused(begun):
    begun.journal.record("end", result="refused")


@pytest.fixture
def reachable(begun, monkeypatch):
    """An inventory and credentials, so that the verbs come as far as the journal; no router answers there."""
    (begun.home / "kept").mkdir()
    hosts = "".join(f"{name}: {{hostname: 127.0.0.1, port: 9}}\n" for name in begun.names)
    (begun.home / "kept/hosts.yaml").write_text(hosts)
    monkeypatch.setenv("IKEAUDIT_USERNAME", "lab")
    monkeypatch.setenv("IKEAUDIT_PASSWORD", "none-of-theirs")
    return begun


@pytest.mark.parametrize(
    ("state", "verb", "says", "types"),
    [
        (saved, "confirm", "it is in force, confirmed and saved", "confirm --close"),
        (saved, "apply --commit --resume", "it is in force, confirmed and saved", "confirm --close"),
        (back, "confirm", "its routers run what they ran before", "apply --commit"),
        (back, "apply --commit --resume", "its routers run what they ran before", "apply --commit"),
        (refused, "confirm", "no router was changed by it", "apply --commit"),
        (Begun.half, "confirm --close", "The change CHG-1 is not finished", "rollback --commit"),
    ],
)
def test_what_there_is_not_to_do_is_told_with_what_there_is(state, verb, says, types, reachable, capsys):
    state(reachable)
    assert main(["approve", "../plan", "--by", "the tests"]) == 0
    capsys.readouterr()
    words = verb.split()
    assert main([words[0], "../plan", *words[1:]]) == 5
    told = [one for one in capsys.readouterr().err.splitlines() if one.startswith("ikeaudit: ")]
    assert len(told) == 1 and says in told[0]
    assert f"`{reachable.command(*types.split())}`" in told[0]


def test_a_refusal_of_a_plan_that_is_one_change_is_said_once(reachable, capsys):
    """It is the end of the run, and the last line on the screen; no progress line has it before."""
    refused(reachable)
    other = Journal(reachable.changes / "CHG-0/journal.jsonl")
    other.record("begin", text="apply", change_id="CHG-0", digest="e" * 64, plan="/elsewhere", routers=["A1"])
    other.record("send", "A1", step=1, line="crypto keyring K")
    assert main(["approve", "../plan", "--by", "the tests"]) == 0
    capsys.readouterr()
    assert main(shlex.split("apply ../plan --commit --go --timeout 2 --no-strict-host-keys")) == 5
    err = capsys.readouterr().err
    (told,) = [one for one in err.splitlines() if one.startswith("ikeaudit: ")]
    assert (
        told.startswith("ikeaudit: A1 is half-way in the change CHG-0") and err.count("is half-way in the change") == 1
    )
