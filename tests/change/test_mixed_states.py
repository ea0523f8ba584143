"""One end confirmed and the other gone back: said, named by ``status``, and repaired in each way that is offered."""

from __future__ import annotations

import pytest
from judge import NAMES, SECRETS, comes_up, runs

from ikeaudit.change import read_journal, resume_change, roll_back, status_of
from ikeaudit.lab import Console
from ikeaudit.lab.faults import ConnectionLost, Refused, TimerFires

pytestmark = pytest.mark.ssh

WAYS = ("rollback", "resume", "by hand")


@pytest.fixture(params=[0, 1], ids=["confirmation not proven", "confirmation proven"])
def mixed(window, request):
    """R1 confirms and cannot be reached from then on; R2's timer fires before it is confirmed.

    ``confirmation not proven``: already the look whether R1's timer is gone fails.
    """
    w = window()
    w.fault("R1", ConnectionLost(on="", since="^configure confirm", after=request.param, times=10_000))
    w.fault("R2", TimerFires(on="^configure confirm"), TimerFires(on="^configure revert"))
    report = w.apply()
    assert [runs(w, name) for name in NAMES] == ["after", "before"], w.said
    return w, report, bool(request.param)


@pytest.mark.parametrize("way", WAYS)
def test_it_is_said_and_repaired(mixed, way):
    w, report, _ = mixed
    assert (report.result, report.exit_code) == ("state-unknown", 7), w.said
    states = {router.name: router for router in report.routers}
    assert (states["R1"].state, states["R2"].state) == ("unknown", "reverted")
    assert "R1 (127.0.0.1" in states["R1"].detail and states["R1"].by_hand
    phases = {name: router.phase for name, router in w.setting.progress().routers.items()}
    assert phases == {"R1": "lost", "R2": "reverted"}
    (change,) = status_of(w.setting.workspace, None).changes
    assert change.state == "state-unknown" and "rollback" in change.next
    assert {b.direction for b in change.broken} == {"R1 Tunnel1 -> R2", "R2 Tunnel1 -> R1"}
    assert all("R1" in b.why for b in change.broken)
    for name in NAMES:
        w.lab.do(w.router(name).faults.clear)
    if way == "rollback":
        assert roll_back(w.setting, w.options, w.said.append).result == "rolled-back", w.said
    elif way == "resume":
        assert resume_change(w.setting, w.options, w.said.append).result == "committed", w.said
    else:
        for line in states["R1"].by_hand:
            said = w.lab.do(lambda line=line: Console(w.router("R1"), privilege=15).send(line))
            assert "%" not in said, (line, said)
    told = "after" if way == "resume" else "before"
    assert [runs(w, name) for name in NAMES] == [told, told]
    comes_up(w, told)


def test_the_journal_of_it_tells_the_truth(mixed):
    """What was confirmed is told as confirmed only where the router said so; nothing is told as saved; no key is in it."""
    w, _, proven = mixed
    entries = list(read_journal(w.setting.journal_path))
    confirmed = [e.router for e in entries if e.event == "confirmed"]
    assert not [e for e in entries if e.event in ("saving", "saved")]
    assert confirmed == (["R1"] if proven else [])
    assert all("keyring2" in w.router(name).startup_text for name in NAMES)
    assert not SECRETS.search(w.setting.journal_path.read_text())


def test_a_router_that_refuses_every_way_back(window):
    """R2 refuses a line and whatever would take the change back: it is said with exit code 7, and a later roll-back does it."""
    w = window(minute_seconds=60)
    w.fault("R2", Refused(on="^no crypto keyring"), Refused(on="^configure (revert|replace)", times=99))
    w.fault("R2", Refused(on="^(crypto|keyring|pre-shared-key)", since="^configure revert", times=999))
    report = w.apply(w.options)
    assert (report.result, report.exit_code) == ("state-unknown", 7), w.said
    assert runs(w, "R1") == "before" and runs(w, "R2") == "half"
    assert {r.name: r.state for r in report.routers} == {"R1": "reverted", "R2": "unknown"}
    assert w.setting.progress().open
    w.lab.do(w.router("R2").faults.clear)
    assert roll_back(w.setting, w.options, w.said.append).result == "rolled-back", w.said
    assert [runs(w, name) for name in NAMES] == ["before", "before"]
    comes_up(w, "before")
