"""Verbs of a change that are typed without inventory or options of the session go by those that its journal remembers."""

from __future__ import annotations

import shlex

import pytest
from change_lab import night, pairs

from ikeaudit.change import Journal
from ikeaudit.cli.main import main
from ikeaudit.model.errors import InputError
from ikeaudit.remediation.plan_folder import load_plan
from ikeaudit.remediation.strategies import find_strategy
from ikeaudit.session.known_hosts import known_hosts_of

VERBS = (
    "apply ../plan --commit",
    "apply ../plan --commit --resume",
    "confirm ../plan",
    "confirm ../plan --close",
    "rollback ../plan",
    "rollback ../plan --commit --all",
    "verify ../plan",
)
ANOTHER = "---\nhosts: {}\n"
"""No inventory: whoever opens it says so, with its path."""


@pytest.fixture
def begun(tmp_path, monkeypatch):
    """A change that was begun with ``kept``; the current folder is another, with an inventory of its own."""
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path / "workspace"))
    (tmp_path / "snapshot").mkdir()
    for name, text in pairs(1).items():
        (tmp_path / "snapshot" / f"{name}.cfg").write_text(text)
    plan = tmp_path / "plan"
    assert main(shlex.split(f"plan {tmp_path}/snapshot --strategy single-keyring --change-id CHG-1 --out {plan}")) == 0
    assert main(["approve", str(plan), "--by", "the tests"]) == 0
    routers = [router.name for router in load_plan(plan).routers]
    path = tmp_path / "workspace/changes/CHG-1/journal.jsonl"
    path.parent.mkdir(parents=True)

    def begin(inventory, digest="", session="", verb="apply"):
        digest = digest or load_plan(plan).digest
        Journal(path).record(
            "begin", text=verb, change_id="CHG-1", digest=digest, plan=str(plan), inventory=str(inventory), routers=routers,
            session=session,
        )  # fmt: skip

    (tmp_path / "elsewhere/inventory").mkdir(parents=True)
    (tmp_path / "elsewhere/inventory/hosts.yaml").write_text("A1: {hostname: 192.0.2.1}\n")
    (tmp_path / "kept.yaml").write_text(ANOTHER)
    (tmp_path / "given.yaml").write_text(ANOTHER)
    monkeypatch.chdir(tmp_path / "elsewhere")
    return begin


@pytest.mark.parametrize("line", VERBS)
def test_what_the_journal_remembers_comes_before_the_folder_that_one_stands_in(line, begun, tmp_path, capsys):
    begun(tmp_path / "first.yaml")
    begun(tmp_path / "kept.yaml")
    capsys.readouterr()
    assert main(shlex.split(line)) == 2
    told, refused = capsys.readouterr().err.splitlines()
    assert told == f"Inventory: {tmp_path}/kept.yaml, with which CHG-1 was begun; --inventory names another."
    assert "kept.yaml" in refused


@pytest.mark.parametrize("line", VERBS)
def test_an_option_that_is_given_wins(line, begun, tmp_path, capsys):
    begun(tmp_path / "kept.yaml")
    capsys.readouterr()
    assert main([*shlex.split(line), "--inventory", "../given.yaml"]) == 2
    (refused,) = capsys.readouterr().err.splitlines()
    assert "given.yaml" in refused and "kept" not in refused


@pytest.mark.parametrize("line", VERBS)
def test_what_is_remembered_and_gone_is_said(line, begun, tmp_path, capsys):
    """Not another inventory that happens to lie there: its routers of these names may be others."""
    begun(tmp_path / "gone")
    capsys.readouterr()
    assert main(shlex.split(line)) == 2
    (refused,) = capsys.readouterr().err.splitlines()
    assert refused.endswith(
        f"The inventory that CHG-1 was begun with, {tmp_path}/gone, cannot be found; name it with --inventory."
    )


@pytest.mark.parametrize("line", VERBS)
def test_what_it_was_begun_with_stays_whatever_a_later_verb_was_given(line, begun, tmp_path, capsys):
    (tmp_path / "later.yaml").write_text(ANOTHER)
    begun(tmp_path / "kept.yaml")
    begun(tmp_path / "later.yaml", verb="confirm")
    begun(tmp_path / "kept.yaml", verb="rollback")
    begun(tmp_path / "later.yaml", verb="confirm")
    capsys.readouterr()
    assert main(shlex.split(line)) == 2
    told, _ = capsys.readouterr().err.splitlines()
    assert told == f"Inventory: {tmp_path}/kept.yaml, with which CHG-1 was begun; --inventory names another."
    (tmp_path / "kept.yaml").unlink()  # then the one that was given since, rather than none
    assert main(shlex.split(line)) == 2
    told, _ = capsys.readouterr().err.splitlines()
    assert told == (
        f"Inventory: {tmp_path}/later.yaml, with which CHG-1 was gone on with, the one it was begun with being gone; "
        "--inventory names another."
    )


def test_another_plan_of_that_name_remembers_nothing(begun, tmp_path, capsys):
    begun(tmp_path / "kept.yaml", digest="e" * 64)
    (tmp_path / "elsewhere/inventory/hosts.yaml").write_text("- no\n")
    capsys.readouterr()
    assert main(shlex.split("apply ../plan --commit")) == 2
    (refused,) = capsys.readouterr().err.splitlines()
    assert "inventory/hosts.yaml" in refused


@pytest.fixture
def sessions(monkeypatch):
    """Of each verb, instead of any contact: strict about host keys or not, seconds of silence, what its journal would keep."""
    found = []

    def stop(plan, folder, workspace, nornir, keys, limits, *, called, options):
        assert limits.connect == limits.idle
        found.append((known_hosts_of(nornir.config).strict, limits.idle, options.session))
        raise InputError("Far enough.")

    monkeypatch.setattr("ikeaudit.change.Setting", stop)
    monkeypatch.setenv("IKEAUDIT_USERNAME", "lab")
    monkeypatch.setenv("IKEAUDIT_PASSWORD", "none-of-theirs")
    return found


BOTH = "--timeout 5 --strict-host-keys"
WINS = ", with which CHG-1 was begun; what is given wins "
SESSIONS = (
    (BOTH, "", (True, 5, BOTH), f"Options: --timeout 5, --strict-host-keys{WINS}(--timeout, --no-strict-host-keys)."),
    ("--strict-host-keys", "", (True, 30, "--strict-host-keys"),
     f"Options: --strict-host-keys{WINS}(--no-strict-host-keys)."),
    (BOTH, "--timeout 30", (True, 30, "--strict-host-keys"), f"Options: --strict-host-keys{WINS}(--no-strict-host-keys)."),
    # lifted for one command alone: whoever goes on after it is strict again
    (BOTH, "--no-strict-host-keys", (False, 5, BOTH), f"Options: --timeout 5{WINS}(--timeout)."),
    (BOTH, "--timeout 1234567 --strict-host-keys", (True, 1234567, "--timeout 1234567 --strict-host-keys"), ""),
    ("", "", (False, 30, ""), ""),
    ("", "--strict-host-keys", (True, 30, "--strict-host-keys"), ""),
)  # fmt: skip


@pytest.mark.parametrize(
    ("line", "begun_with", "given", "session", "told"),
    [
        pytest.param(line, *row, marks=pytest.mark.full if verb and at else ())
        for verb, line in enumerate(VERBS)
        for at, row in enumerate(SESSIONS)
    ],
)
def test_options_of_the_session_are_those_that_the_change_was_begun_with(
    line, begun_with, given, session, told, begun, sessions, tmp_path, capsys
):
    begun(tmp_path / "elsewhere/inventory", session=begun_with)
    capsys.readouterr()
    assert main(shlex.split(f"{line} {given}")) == 2
    assert sessions == [session]
    said = [one for one in capsys.readouterr().err.splitlines() if "was begun" in one]
    assert said == ([told] if told else [])


@pytest.mark.parametrize(("given", "strict"), [("", True), ("--no-strict-host-keys", False)])
@pytest.mark.parametrize("line", [line for line in VERBS if not line.startswith("apply")])
def test_a_damaged_beginning_loses_no_strictness_in_silence(line, given, strict, begun, sessions, tmp_path, capsys):
    """It goes on strict and says so; what is given wins, for this command alone: the journal keeps that it is strict."""
    begun(tmp_path / "elsewhere/inventory", session=BOTH)
    path = tmp_path / "workspace/changes/CHG-1/journal.jsonl"
    Journal(path).record("arming", "A1", safety="timer", minutes=10)
    path.write_bytes(b"}{" + path.read_bytes()[2:])
    capsys.readouterr()
    assert main(shlex.split(f"{line} {given}")) == 2
    assert sessions == [(strict, 30, "--strict-host-keys")]
    err = capsys.readouterr().err
    assert ("whether it was begun with --strict-host-keys, so it goes on with that" in err) is strict


def test_inventory_and_options_are_said_in_one_line(begun, tmp_path, capsys):
    begun(tmp_path / "kept.yaml", session=BOTH)
    capsys.readouterr()
    assert main(["confirm", "../plan"]) == 2
    told, _ = capsys.readouterr().err.splitlines()
    assert told == (
        f"Inventory: {tmp_path}/kept.yaml, --timeout 5, --strict-host-keys{WINS}"
        "(--inventory, --timeout, --no-strict-host-keys)."
    )


def test_options_of_another_plan_of_that_name_are_none_of_this_one(begun, sessions, tmp_path):
    begun(tmp_path / "elsewhere/inventory", digest="e" * 64, session=BOTH)
    main(shlex.split("apply ../plan --commit"))
    assert sessions == [(False, 30, "")]


@pytest.mark.parametrize("seconds", ["1234567", "0.5", "inf"])
def test_no_length_of_silence_makes_a_journal_forget_that_it_was_strict(seconds, begun, sessions, tmp_path):
    begun(tmp_path / "elsewhere/inventory")
    main(shlex.split(f"confirm ../plan --strict-host-keys --timeout {seconds}"))
    begun(tmp_path / "elsewhere/inventory", session=sessions[0][2])
    main(["confirm", "../plan"])
    assert [strict for strict, _, _ in sessions] == [True, True]


@pytest.mark.ssh
@pytest.mark.quick
@pytest.mark.timeout(300)
def test_a_change_is_gone_on_with_from_another_folder(tmp_path, monkeypatch, capsys):
    """Held by somebody with an inventory of another name; whoever is called types from home."""
    with night(tmp_path, pairs(1), find_strategy("single-keyring"), change_id="CHG-1") as n:
        monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path / "workspace"))
        monkeypatch.setenv("IKEAUDIT_USERNAME", "lab")
        monkeypatch.setenv("IKEAUDIT_PASSWORD", n.setting.keys.environment.password)
        monkeypatch.chdir(tmp_path)
        (tmp_path / "inventory").rename(tmp_path / "other")
        assert main(shlex.split("apply plan --commit --hold --minutes 60 --inventory other")) == 0
        (tmp_path / "home").mkdir()
        monkeypatch.chdir(tmp_path / "home")
        for line in ("confirm ../plan", "verify ../plan", "rollback ../plan --commit --all", "apply ../plan --commit"):
            capsys.readouterr()
            assert main(shlex.split(line)) == 0, (line, capsys.readouterr())
            assert f"Inventory: {tmp_path}/other, with which CHG-1 was begun" in capsys.readouterr().err


@pytest.mark.parametrize("called", ["plan", "CHG-1"])
def test_a_folder_without_a_plan_where_the_one_of_that_name_is_known(called, begun, tmp_path, capsys):
    begun(tmp_path / "kept.yaml")
    for verb in ("rollback", "confirm", "verify"):
        capsys.readouterr()
        assert main([verb, called]) == 2
        (refused,) = capsys.readouterr().err.splitlines()
        assert f"There is no plan in {called}; of that name something was begun with {tmp_path}/plan:" in refused
        assert main([verb, "nothing"]) == 2
        assert "begun" not in capsys.readouterr().err


def test_a_way_through_the_folder_above_is_the_same_folder(begun, tmp_path, capsys):
    """In what is printed, and where the folder itself is gone and only its name tells which change is meant."""
    begun(tmp_path / "kept.yaml")
    capsys.readouterr()
    assert main(shlex.split("apply ../plan")) == 0
    assert main(shlex.split("status ../plan")) == 0
    told = capsys.readouterr().out
    assert "CHG-1: " in told and "/../" not in told
    (tmp_path / "plan").rename(tmp_path / "away")
    assert main(shlex.split("status ../plan")) == 0
    assert "CHG-1: " in capsys.readouterr().out
