"""Going back needs the routers and the plan's lines, not a journal that is whole, a folder as it was, or a disk with room."""

from __future__ import annotations

import os
import shutil
import signal
from contextlib import suppress
from dataclasses import replace

import pytest
from change_lab import OPTIONS, hub_and_spokes, night, pairs

from ikeaudit.change import confirm_change, lines_of_rollback, nothing_to_do, parts, resume_change, roll_back, status_of
from ikeaudit.change.close import close_change
from ikeaudit.lab import Console
from ikeaudit.lab.faults import CONFIG_LINE, ConnectionLost, Happening
from ikeaudit.model.errors import IncompleteError, RefusedError
from ikeaudit.remediation.strategies import STRATEGIES
from ikeaudit.remediation.strategies.ikev2 import ikev2_strategy
from ikeaudit.snapshot.workspace import Workspace

pytestmark = pytest.mark.ssh

BOTH = ("R1", "R2")
PSK = "Canary-psk-4Wd1-long-enough"
(SINGLE,) = [s for s in STRATEGIES if s.name == "single-keyring"]


def elsewhere(w, tmp_path):
    """The same plan and routers in a workspace that was never used."""
    return replace(w.setting, workspace=Workspace.open(tmp_path / "other"), under_way=[])


def typed(w, name, *lines):
    """What somebody types on a router."""

    def do():
        console = Console(w.router(name), privilege=15)
        return [console.send(line) for line in lines]

    return w.lab.do(do)


def all_back(w):
    for name in BOTH:
        assert w.is_before(name), w.running(name)
        assert w.router(name).revert.pending is None and w.router(name).reload_due_in() is None
        assert "keyring2" in w.router(name).startup_text
    return True


def writing(w):
    """The lines that somebody has typed in configuration mode, or that change a router otherwise."""
    return [
        line
        for name in BOTH
        for line in w.router(name).typed()
        if line.startswith(("conf", "write", "copy", "crypto", "no ", "reload"))
    ]


# -- no journal ----------------------------------------------------------------------------------------------------------


def test_another_workspace_asks_the_routers_and_changes_nothing(window, tmp_path):
    w = window()
    other = elsewhere(w, tmp_path)
    assert lines_of_rollback(other) == []
    report = roll_back(other, w.options, w.said.append)
    assert (report.result, report.exit_code, {r.state for r in report.routers}) == ("nothing-to-do", 0, {"untouched"})
    assert report == nothing_to_do(other)
    assert str(tmp_path / "other") in report.cause and "IKEAUDIT_WORKSPACE" in report.cause
    assert writing(w) == [] and not other.journal_path.exists()
    for verb in (confirm_change, resume_change):
        with pytest.raises(RefusedError, match="has no journal of CHG-1") as refused:
            verb(other, w.options, w.said.append)
        assert str(tmp_path / "other") in str(refused.value) and "IKEAUDIT_WORKSPACE" in str(refused.value)


@pytest.mark.parametrize("new_keys", [False, True])
def test_another_workspace_takes_back_what_is_in_force(window, tmp_path, new_keys):
    w = window()
    assert w.apply().result == "committed"
    other = elsewhere(w, tmp_path)
    before = len(writing(w))
    for verb in (lambda: lines_of_rollback(other), lambda: roll_back(other, w.options, w.said.append)):
        with pytest.raises(RefusedError, match=r"in force on R1, R2.*plan --commit --all"):
            verb()
    assert len(writing(w)) == before and all(w.is_after(name) for name in BOTH)
    if new_keys is False:
        lines = lines_of_rollback(other, everything=True)
        assert any("other" in line and "IKEAUDIT_WORKSPACE" in line for line in lines[:1])
        assert lines[1] == "! R1: runs what the plan predicts for after the change; flash:pre-CHG-1.cfg is there"
        assert "R1# configure replace flash:pre-CHG-1.cfg force" in lines
    else:
        for name in BOTH:  # the copy is gone: by the plan's own lines
            w.lab.do(lambda name=name: w.router(name).flash.delete("flash:pre-CHG-1.cfg"))
    report = roll_back(other, w.options, w.said.append, everything=True)
    assert (report.result, report.exit_code) == ("rolled-back", 6), (report, w.said)
    assert all_back(w)
    assert not other.progress().open and other.progress().result == "rolled-back"


def test_another_workspace_takes_back_one_end_and_the_timer_of_the_other(window, tmp_path):
    w = window()
    assert w.apply(replace(w.options, hold=True, minutes=60)).result == "held"
    w.lab.do(lambda: w.router("R2").revert.fire())
    other = elsewhere(w, tmp_path)
    report = roll_back(other, w.options, w.said.append)
    assert report.result == "rolled-back", (report, w.said)
    assert {r.name: r.state for r in report.routers} == {"R1": "reverted"}
    assert all_back(w)


@pytest.mark.parametrize("count", [3, 6])
def test_another_workspace_knows_a_router_in_the_middle_of_a_step(window, tmp_path, count):
    w = window()
    lines = w.setting.plan.commands_of("R1")[:count]
    typed(
        w,
        "R1",
        "configure terminal",
        *(line.split("<PSK:")[0] + (PSK if "<PSK:" in line else "") for line in lines),
        "end",
    )
    assert not w.is_before("R1")
    other = elsewhere(w, tmp_path)
    told = lines_of_rollback(other)
    assert any(line.startswith("! R1: changed") for line in told) and not any("R2#" in line for line in told)
    report = roll_back(other, w.options, w.said.append)
    assert report.result == "rolled-back", (report, w.said)
    assert all_back(w)


def test_another_workspace_refuses_what_is_no_state_of_the_change(window, tmp_path):
    w = window()
    assert w.apply().result == "committed"
    typed(w, "R2", "configure terminal", "ip route 10.99.0.0 255.255.0.0 192.168.0.9", "end", "write memory")
    before = len(writing(w))
    other = elsewhere(w, tmp_path)
    for verb in (lambda: lines_of_rollback(other), lambda: roll_back(other, w.options, w.said.append)):
        with pytest.raises(RefusedError, match=r"R2 runs neither .*\+ ip route 10\.99\.0\.0") as refused:
            verb()
        assert "keyring" not in str(refused.value)  # only the line that is somebody else's
    assert len(writing(w)) == before and all(w.is_after(name) for name in BOTH)


def test_a_router_that_does_not_answer_is_not_told_as_untouched(window, tmp_path):
    w = window()
    w.fault("R2", ConnectionLost(on="^show running", times=10_000))
    with pytest.raises(IncompleteError, match="R2 cannot be reached"):
        roll_back(elsewhere(w, tmp_path), w.options, w.said.append)


def test_several_waves_without_a_journal(tmp_path):
    with night(tmp_path, pairs(2), SINGLE) as n:
        assert n.apply(go_on=True).result == "committed"
        other = replace(n.setting, workspace=Workspace.open(tmp_path / "other"), under_way=[])
        with pytest.raises(RefusedError, match="--all"):
            roll_back(other, OPTIONS, n.said.append)
        report = roll_back(other, OPTIONS, n.said.append, everything=True)
        assert report.result == "rolled-back", (report, n.said)
        assert all(n.is_before(name) for name in ("A1", "B1", "A2", "B2")) and n.quiet()


def test_another_workspace_knows_routers_between_two_waves(tmp_path):
    """Keys are called otherwise there, those that were made too; a hub that is in every wave rests after the second one."""
    with night(tmp_path, hub_and_spokes(3), ikev2_strategy()) as n:
        for _ in range(2):
            assert n.apply().result == "committed", n.said
        other = replace(n.setting, workspace=Workspace.open(tmp_path / "other"), under_way=[])
        n.said.clear()
        with pytest.raises(RefusedError, match=r"--wave N; in force: 1, 2.*--commit --all"):
            roll_back(other, OPTIONS, n.said.append)
        sent = parts(n.setting.plan)[0].steps | parts(n.setting.plan)[1].steps
        for name in ("S1", "S2", "HUB"):
            last = max(step.number for step in n.setting.plan.steps_of(name) if step.number in sent)
            assert f"{name}: runs a part of the change, all of step {last}" in n.said
        assert not n.is_before("HUB") and not n.is_before("S2")
        report = roll_back(other, OPTIONS, n.said.append, everything=True)
        assert report.result == "rolled-back", (report, n.said)
        assert all(n.is_before(name) for name in n.texts) and n.quiet()


# -- a damaged journal ---------------------------------------------------------------------------------------------------


def broken(path, how):
    raw = path.read_bytes()
    lines = raw.split(b"\n")
    match how:
        case "byte":
            lines[3] = lines[3][:20] + b"\xff" + lines[3][21:]
        case "last byte":
            lines[-2] = lines[-2][:20] + b"\xff" + lines[-2][21:]
        case "beginning":
            del lines[:4]
        case "end":
            del lines[4:-1]
        case "empty":
            lines = []
        case "zeros":
            lines = [b"\0" * len(raw)]
        case "gone":
            path.unlink()
            return
        case "foreign":
            lines = [b'{"hello": "world"}', b""]
    path.unlink()
    path.mkdir() if how == "folder" else path.write_bytes(b"\n".join(lines))


DAMAGES = ("byte", "last byte", "beginning", "end", "empty", "zeros", "foreign", "folder", "gone")


@pytest.mark.parametrize("how", DAMAGES)
def test_back_with_a_damaged_journal(window, how):
    w = window()
    assert w.apply(replace(w.options, hold=True, minutes=60)).result == "held"
    broken(w.setting.journal_path, how)
    (change,) = status_of(w.setting.workspace, None).changes
    assert change.next is not None and change.state != "committed"
    report = roll_back(w.setting, w.options, w.said.append)
    assert report.result == "rolled-back", (report, w.said)
    assert all_back(w)
    (change,) = status_of(w.setting.workspace, None).changes
    assert (change.state, change.next) == ("rolled-back", None)
    assert w.apply().result == "committed"


@pytest.mark.parametrize("how", ["byte", "last byte", "beginning", "empty", "folder"])
def test_confirmed_with_a_damaged_journal(window, how):
    w = window()
    assert w.apply(replace(w.options, hold=True, minutes=60)).result == "held"
    broken(w.setting.journal_path, how)
    report = confirm_change(w.setting, w.options, w.said.append)
    assert report.result == "committed", (report, w.said)
    for name in BOTH:
        assert w.is_after(name) and w.router(name).revert.pending is None
        assert w.router(name).startup_text == w.router(name).running_text


@pytest.mark.parametrize("how", ["last byte", "beginning", "empty", "gone"])
def test_in_force_with_a_damaged_journal(window, how):
    """What is in force everywhere is not taken back unnamed, and cannot be closed until the journal tells it again."""
    w = window()
    assert w.apply().result == "committed"
    broken(w.setting.journal_path, how)
    assert status_of(w.setting.workspace, None).changes[0].state == "state-unknown"
    before = len(writing(w))
    for verb in (lambda: lines_of_rollback(w.setting), lambda: roll_back(w.setting, w.options, w.said.append)):
        with pytest.raises(RefusedError, match=r"plan --commit --all.*ikeaudit confirm .*plan"):
            verb()
    with pytest.raises(RefusedError, match="not finished"):
        close_change(w.setting, w.said.append)
    assert len(writing(w)) == before and all(w.is_after(name) for name in BOTH)
    report = confirm_change(w.setting, w.options, w.said.append)
    assert report.result == "committed", (report, w.said)
    assert status_of(w.setting.workspace, None).changes[0].state == "committed"
    assert close_change(w.setting, w.said.append).result == "closed"
    assert all(w.is_after(name) for name in BOTH)


@pytest.mark.parametrize("how", ["last byte", "empty"])
def test_in_force_with_a_damaged_journal_is_taken_back_when_that_is_said(window, how):
    w = window()
    assert w.apply().result == "committed"
    broken(w.setting.journal_path, how)
    report = roll_back(w.setting, w.options, w.said.append, everything=True)
    assert report.result == "rolled-back", (report, w.said)
    assert all_back(w)
    assert roll_back(w.setting, w.options, w.said.append, everything=True).result == "nothing-to-do"


@pytest.mark.parametrize("how", ["byte", "last byte", "zeros"])
def test_resumed_with_a_damaged_journal(window, how):
    w = window()
    assert w.apply(replace(w.options, hold=True, minutes=60)).result == "held"
    w.lab.do(lambda: w.router("R2").revert.fire())
    broken(w.setting.journal_path, how)
    report = resume_change(w.setting, w.options, w.said.append)
    assert report.result == "committed", (report, w.said)
    assert all(w.is_after(name) and w.router(name).revert.pending is None for name in BOTH)


def test_a_damaged_journal_and_a_router_that_is_away(window):
    w = window()
    assert w.apply(replace(w.options, hold=True)).result == "held"
    broken(w.setting.journal_path, "last byte")
    w.fault("R2", ConnectionLost(on="", times=10_000))
    report = roll_back(w.setting, w.options, w.said.append)
    assert (report.result, report.exit_code) == ("state-unknown", 7), (report, w.said)
    assert {r.name: r.state for r in report.routers} == {"R1": "reverted", "R2": "unknown"}
    assert w.is_before("R1") and w.setting.progress().open


# -- a plan that is not as it was ----------------------------------------------------------------------------------------


def altered(folder, how):
    match how:
        case "a line in plan.md":
            with (folder / "plan.md").open("a") as stream:
                stream.write("Looked at, fine. A.\n")
        case "plan.json":
            path = folder / "plan.json"
            path.write_text(path.read_text().replace("no crypto keyring keyring2", "no crypto keyring keyring1"))
        case "no plan.json":
            (folder / "plan.json").unlink()
        case "after.cfg":
            for path in folder.glob("*/after.cfg"):
                path.write_text("hostname nobody\nend\n")
        case "gone":
            shutil.rmtree(folder)


ALTERED = ("a line in plan.md", "plan.json", "no plan.json", "after.cfg", "gone")


@pytest.mark.parametrize("how", ALTERED)
def test_back_whatever_became_of_the_plan(verbs, how):
    w = verbs.window
    started = []
    w.fault("R2", Happening(on=CONFIG_LINE, after=2, action=lambda router: os.kill(started[0].pid, signal.SIGKILL)))
    started.append(verbs.start("apply", "plan", "--commit"))
    verbs.finish(started[0])
    altered(verbs.tmp_path / "plan", how)
    code, out, _ = verbs.run("status", "plan")
    assert code == 0 and "rollback plan --commit" in out
    if how != "gone":
        code, _, err = verbs.run("apply", "plan", "--commit")
        assert code in (2, 5)
    code, out, err = verbs.run("rollback", "plan", "--commit")
    assert code == 0, (out, err)
    assert err.count("Remark: ") == 1
    assert all_back(w)
    verbs.assert_no_canary()


@pytest.mark.parametrize(
    ("how", "verb"), [("a line in plan.md", "confirm"), ("gone", "confirm"), ("plan.json", "resume")]
)
def test_forward_whatever_became_of_the_plan(verbs, how, verb):
    w = verbs.window
    assert verbs.run("apply", "plan", "--commit", "--hold", "--minutes", "60")[0] == 0
    altered(verbs.tmp_path / "plan", how)
    code, out, err = verbs.run(
        *(["confirm", "plan"] if verb == "confirm" else ["apply", "plan", "--commit", "--resume"])
    )
    assert code == 0 and err.count("Remark: ") == 1, (out, err)
    assert all(w.is_after(n) and w.router(n).revert.pending is None for n in BOTH)
    code, out, _ = verbs.run("status", "--format", "json")
    assert code == 0 and '"committed"' in out


def test_nothing_begun_with_an_altered_plan_is_refused(verbs):
    altered(verbs.tmp_path / "plan", "a line in plan.md")
    for arguments in (["apply", "plan", "--commit"], ["apply", "plan", "--commit", "--resume"]):
        code, _, err = verbs.run(*arguments)
        assert code == 5 and "altered" in err
    assert writing(verbs.window) == []


def test_back_without_the_predicted_configurations(window, tmp_path):
    """Nobody knows then which lines are somebody else's: going back is judged by the plan's hashes, and nothing is closed."""
    w = window()
    assert w.apply().result == "committed"
    shutil.rmtree(tmp_path / "workspace/plans")
    for path in (tmp_path / "plan").glob("*/after.cfg"):
        path.unlink()
    with pytest.raises(RefusedError, match="R1, R2 should run is not known"):
        close_change(w.setting, w.said.append)
    report = roll_back(w.setting, w.options, w.said.append, everything=True)
    assert report.result == "rolled-back", (report, w.said)
    assert all_back(w)


# -- a disk without room -------------------------------------------------------------------------------------------------


@pytest.fixture
def disk(monkeypatch):
    """A disk that takes no more of a journal once ``full`` is set, and then a half of a line at most."""

    class Disk:
        full = False

    real = os.write
    at = Disk()

    def write(handle, data):
        if not at.full or not data.startswith(b'{"number"'):
            return real(handle, data)
        if len(data) > 40 and not os.get_inheritable(handle):
            with suppress(OSError):
                real(handle, data[:11])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", write)
    return at


@pytest.mark.parametrize(
    ("name", "on", "after", "sent"),
    [
        ("R1", "^configure terminal revert", 0, "no configuration line"),
        ("R2", "^configure terminal revert", 0, "no configuration line"),
        ("R1", CONFIG_LINE, 1, "to R1"),
        ("R2", CONFIG_LINE, 2, "to R2"),
        ("R2", "^ping", 0, "to R2"),
        ("R1", "^configure confirm", 0, "to R2"),
        ("R2", "^write memory", 0, "to R2"),
    ],
)
def test_a_journal_that_cannot_be_written_leads_back(window, disk, name, on, after, sent):
    w = window()
    w.fault(name, Happening(on=on, after=after, action=lambda router: setattr(disk, "full", True)))
    report = w.apply()
    assert (report.result, report.exit_code) == ("rolled-back", 6), (report, w.said)
    assert "cannot be written any more: no space left on device" in report.cause and sent in report.cause
    assert not any("nothing was changed" in line for line in w.said)
    assert all_back(w)
    (change,) = status_of(w.setting.workspace, None).changes
    assert change.state == "state-unknown" and change.next is not None  # the journal does not know it
    told = lines_of_rollback(w.setting)
    assert told[0].startswith("! R1: runs what it ran before the change") and all(line[0] == "!" for line in told)
    disk.full = False
    assert roll_back(w.setting, w.options, w.said.append).result == "nothing-to-do"
    assert status_of(w.setting.workspace, None).changes[0].next is None


def test_the_way_back_begins_though_the_journal_cannot_be_written(window, disk):
    w = window()
    assert w.apply(replace(w.options, hold=True, minutes=60)).result == "held"
    disk.full = True
    report = roll_back(w.setting, w.options, w.said.append)
    assert report.result == "rolled-back", (report, w.said)
    assert all_back(w)


def test_a_router_that_stays_away_and_no_journal(window, disk):
    w = window()
    w.fault("R2", Happening(on=CONFIG_LINE, after=1, action=lambda router: setattr(disk, "full", True)))
    w.fault("R1", ConnectionLost(on="^(show|configure revert|end)", since="^crypto", times=10_000))
    report = w.apply(replace(w.options, minutes=60, patience=1.0, minute=0.02))
    assert (report.result, report.exit_code) == ("state-unknown", 7), (report, w.said)


def test_a_journal_that_cannot_be_begun_changes_nothing(window, disk):
    w = window()
    disk.full = True
    with pytest.raises(Exception, match="Nothing was sent") as refused:
        w.apply()
    assert refused.value.exit_code == 2 and writing(w) == []
    disk.full = False
    assert status_of(w.setting.workspace, None).changes == ()


def test_a_journal_that_tells_nothing_and_a_plan_that_was_altered(verbs):
    w = verbs.window
    assert verbs.run("apply", "plan", "--commit", "--hold", "--minutes", "60")[0] == 0
    (verbs.tmp_path / "workspace/changes/CHG-1/journal.jsonl").write_bytes(b"\0" * 300)
    altered(verbs.tmp_path / "plan", "plan.json")
    code, out, _ = verbs.run("status")
    assert code == 7 and "R1# configure revert now" in out
    code, out, err = verbs.run("rollback", "plan", "--commit")
    assert code == 0 and "Remark: " in err, (out, err)
    assert all_back(w)


def test_the_copy_is_private_and_holds_no_key(window, tmp_path):
    w = window()
    assert w.apply().result == "committed"
    copies = [path for path in (tmp_path / "workspace/plans").rglob("*") if path.is_file()]
    assert {path.name for path in copies} == {"plan.json", "after.cfg"}
    for path in copies:
        assert path.stat().st_mode & 0o077 == 0 and "Canary" not in path.read_text()
