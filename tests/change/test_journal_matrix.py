"""The matrix of the journal: damaged, or without room, at every event of a change, of both ends and of one; verbs repeated.

Whatever happened to the journal, the routers are taken back, by asking them where it cannot tell, and the same command typed
again sends nothing.
"""

from __future__ import annotations

import os

import pytest

from ikeaudit.change import Journal, roll_back, status_of
from ikeaudit.change.run import Run
from ikeaudit.model.errors import IkeauditError, RefusedError

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


@pytest.mark.parametrize("ends", list(ENDS))
@pytest.mark.parametrize(("event", "which"), MOMENTS)
def test_the_process_dies_and_the_journal_is_damaged(window, monkeypatch, event, which, ends):
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
    before = typed(w)
    assert back(w).result == "nothing-to-do" and typed(w) == before


@pytest.mark.parametrize("ends", list(ENDS))
@pytest.mark.parametrize(("event", "which"), MOMENTS)
def test_the_disk_is_full_from_there_on(window, monkeypatch, event, which, ends):
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
    if result in ("rolled-back", "refused"):
        is_clean(w)
    report = back(w)
    assert report.result in ("rolled-back", "nothing-to-do"), (result, report, w.said)
    is_clean(w)


def test_both_commands_repeated(window):
    w = window()
    assert w.apply().result == "committed"
    before = typed(w)
    with pytest.raises(RefusedError, match="in force already"):
        w.apply()
    assert typed(w) == before
    assert back(w).result == "rolled-back"
    before = typed(w)
    assert back(w).result == "nothing-to-do" and typed(w) == before
