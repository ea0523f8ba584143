"""The matrix of what is not the router's doing, for plans of both ends and of one: the journal damaged, or without room, at
every event of a change; verbs repeated; another workspace; lines that somebody typed since the plan was made.

Whatever happened to the journal, the routers are taken back, by asking them where it cannot tell, and the same command typed
again sends nothing.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace

import pytest
from judge import lines_of

from ikeaudit.change import Journal, roll_back, status_of
from ikeaudit.change.rehearsal.in_the_lab import lines_for
from ikeaudit.change.run import Run
from ikeaudit.lab import Console
from ikeaudit.lab.fault_set import FAULTS, KILLED, Case
from ikeaudit.model.errors import IkeauditError, RefusedError
from ikeaudit.snapshot.workspace import Workspace

pytestmark = [pytest.mark.ssh, pytest.mark.timeout(300)]

EVENTS = (
    "begin", "compared", "observed", "backup", "arming", "armed", "send", "reply", "arrived", "testing", "tested", "confirming",
    "confirmed", "saving", "saved", "end",
)  # fmt: skip
DAMAGES = {
    "garbage": lambda raw: raw[: raw.rstrip(b"\n").rfind(b"\n") + 1] + b"\x8f what is this\n",
    "zeros": lambda raw: raw[:-40] + bytes(40),
    "cut": lambda raw: raw[:-40],
    "only zeros": lambda raw: bytes(len(raw)),
    "gone": lambda raw: None,
}
MOMENTS = [(event, which) for event in EVENTS for which in (1, 2)]
ENDS = {"both ends": None, "one end": ("R1",)}
LOOKING = ("show ", "dir", "terminal ", "more ", "exit", "end")


def typed(w):
    """What the routers were typed that does more than look."""
    return [line for name in ("R1", "R2") for line in w.router(name).typed() if line and not line.startswith(LOOKING)]


def at(monkeypatch, event, which, deed):
    """Let ``deed`` be done once the journal has told of ``event`` for the ``which``-th time."""
    real, count = Journal.record, [0]

    def record(self, told, *args, **named):
        entry = real(self, told, *args, **named)
        count[0] += told == event
        if told == event and count[0] == which:
            deed(self)
        return entry

    monkeypatch.setattr(Journal, "record", record)


def back(w):
    """Take everything back, whether it is half-way or in force."""
    try:
        return roll_back(w.setting, w.options, w.said.append)
    except RefusedError:
        return roll_back(w.setting, w.options, w.said.append, everything=True)


def is_clean(w):
    assert w.is_before("R1") and w.is_before("R2"), w.said
    for name in ("R1", "R2"):
        assert w.router(name).revert.pending is None and w.router(name).reload_due_in() is None
        assert w.router(name).startup_text == w.router(name).running_text


@pytest.mark.matrix
@pytest.mark.parametrize("ends", list(ENDS))
@pytest.mark.parametrize(("event", "which"), MOMENTS)
def test_the_process_dies_and_the_journal_is_damaged(window, monkeypatch, event, which, ends, record):
    w = window(hosts=ENDS[ends])
    kind = list(DAMAGES)[(EVENTS.index(event) * 2 + which) % len(DAMAGES)]

    def gone(self, *args, **named):
        raise SystemExit(137)

    with monkeypatch.context() as patch:
        patch.setattr(Run, "go_back", gone)
        at(patch, event, which, gone)
        try:
            w.apply()
        except SystemExit:
            pass
        except IkeauditError as error:  # a bug's trail would be another error
            raise AssertionError(str(error)) from error
    path = w.setting.journal_path
    raw = DAMAGES[kind](path.read_bytes())
    path.unlink() if raw is None else path.write_bytes(raw)
    assert status_of(w.setting.workspace, None) is not None
    report = back(w)
    assert report.result in ("rolled-back", "nothing-to-do"), (kind, report, w.said)
    is_clean(w)
    record(f"the journal damaged | {event} {which}, {ends}", report.result)
    before = typed(w)
    assert back(w).result == "nothing-to-do" and typed(w) == before


@pytest.mark.matrix
@pytest.mark.parametrize("ends", list(ENDS))
@pytest.mark.parametrize(("event", "which"), MOMENTS)
def test_the_disk_is_full_from_there_on(window, monkeypatch, event, which, ends, record):
    """The room that was kept is full as well: the report is true, and what is not in force everywhere is back."""
    w = window(hosts=ENDS[ends])
    real, full = os.write, [False]

    def write(handle, data):
        if full[0] and bytes(data).startswith(b'{"number"'):
            raise OSError(28, "No space left on device")
        return real(handle, data)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", write)
        at(patch, event, which, lambda journal: full.__setitem__(0, True))
        try:
            result = w.apply().result
        except IkeauditError as error:
            assert "changed" in str(error) or "sent" in str(error)
            result = "refused"
    assert result in ("committed", "unsaved", "rolled-back", "refused"), w.said
    record(f"no room for the journal | {event} {which}, {ends}", result)
    if result in ("rolled-back", "refused"):
        is_clean(w)
    report = back(w)
    assert report.result in ("rolled-back", "nothing-to-do"), (result, report, w.said)
    is_clean(w)


@pytest.mark.matrix
@pytest.mark.parametrize("ends", list(ENDS))
def test_both_commands_repeated(window, ends, record):
    w = window(hosts=ENDS[ends])
    assert w.apply().result == "committed"
    before = typed(w)
    with pytest.raises(RefusedError, match="in force already"):
        w.apply()
    assert typed(w) == before
    record(f"both commands repeated | apply, {ends}", "refused")
    assert back(w).result == "rolled-back"
    before = typed(w)
    again = back(w).result
    assert again == "nothing-to-do" and typed(w) == before
    record(f"both commands repeated | rollback, {ends}", again)


@pytest.mark.matrix
@pytest.mark.parametrize("ends", list(ENDS))
@pytest.mark.parametrize("event", EVENTS)
def test_the_process_dies_and_another_workspace_takes_it_back(window, monkeypatch, tmp_path, event, ends, record):
    """It has neither the journal nor the key of the first; afterwards the first finds nothing to do on the routers."""
    w = window(hosts=ENDS[ends])

    def gone(self, *args, **named):
        raise SystemExit(137)

    with monkeypatch.context() as patch:
        patch.setattr(Run, "go_back", gone)
        at(patch, event, 1, gone)
        with suppress(SystemExit):
            w.apply()
    other = replace(w.setting, workspace=Workspace.open(tmp_path / "other"), under_way=[])
    try:
        report = roll_back(other, w.options, w.said.append)
    except RefusedError as error:
        assert "it is in force on" in str(error)
        report = roll_back(other, w.options, w.said.append, everything=True)
    assert report.result in ("rolled-back", "nothing-to-do"), (report, w.said)
    is_clean(w)
    record(f"taken back from another workspace | {event}, {ends}", report.result)
    assert back(w).result in ("rolled-back", "nothing-to-do")
    is_clean(w)


@pytest.mark.matrix
@pytest.mark.parametrize("ends", list(ENDS))
@pytest.mark.parametrize("fault", [None, *(fault for fault in FAULTS if fault != KILLED)], ids=str)
def test_an_unrelated_line_was_typed_before(window, fault, ends, record):
    """The plan is rebased, without a fault and with each of them in the middle of its lines; the line is kept."""
    w = window(hosts=ENDS[ends])
    w.lab.do(lambda: w.router("R1").operator(["snmp-server location here"]))
    w.lab.do(lambda: Console(w.router("R1"), privilege=15).send("write memory"))
    if fault is not None:
        w.fault("R1", *Case(fault, "middle line", "R1").faults(lines_for(w.setting.plan, "R1")))
    try:
        result = w.apply().result
    except IkeauditError:
        result = "refused"
    assert result in ("committed", "unsaved", "rolled-back", "refused"), w.said
    assert fault is not None or result == "committed", w.said
    assert "snmp-server location here" in w.running("R1")
    record(f"an unrelated line before it | {fault}, {ends}", result)
    if result in ("committed", "unsaved"):
        assert back(w).result == "rolled-back", w.said
    for name in ("R1", "R2"):
        kept = [line for line in lines_of(w.running(name)) if line[1] != "snmp-server location here"]
        assert kept == lines_of(w.config(name)) and w.router(name).revert.pending is None, w.said


@pytest.mark.matrix
@pytest.mark.parametrize("ends", list(ENDS))
@pytest.mark.parametrize("name", ["R1", "R2"])
def test_a_relevant_line_was_typed_before(window, name, ends, record):
    w = window(hosts=ENDS[ends])
    w.lab.do(lambda: w.router(name).operator(["crypto isakmp policy 10", "group 5"]))
    try:
        result = w.apply().result
    except IkeauditError as error:
        result = "refused"
        assert error.exit_code == 5 and "no-common-ike-policy" in str(error) and typed(w) == []
    # The far end of a plan of one end is not read before: the tests show it.
    assert result == ("rolled-back" if (ends, name) == ("one end", "R2") else "refused"), w.said
    for router in (w.router(n) for n in ("R1", "R2")):
        assert router.revert.pending is None and "keyring2" in router.running_text
    record(f"a relevant line before it | {name}, {ends}", result)
