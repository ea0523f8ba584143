"""The plan of one finding, over SSH: applied, taken back, rehearsed; one router is changed, or two are."""

from __future__ import annotations

import re
from functools import partial

import pytest
from change_lab import OPTIONS, night, pairs
from parsed import FINGERPRINTER

from ikeaudit.change import roll_back, status_of
from ikeaudit.change.rehearsal.in_the_lab import rehearse, scene_of
from ikeaudit.change.rollback import dry_run
from ikeaudit.fleet import Fleet
from ikeaudit.hazards import audit
from ikeaudit.lab import LabRouter
from ikeaudit.lab.faults import Refused
from ikeaudit.parsing import parse_configs
from ikeaudit.remediation.fixes.strategy import mending
from ikeaudit.snapshot.loading import load_snapshot

pytestmark = pytest.mark.ssh

OUTSIDE = "interface Ethernet0/1\n ip address {} 255.255.255.0\n!\nend\n"


def one_tunnel():
    """A1 and B1, each with one keyring for the other."""
    return {name: re.sub(r"crypto keyring old1\n.*\n", "", text) for name, text in pairs(1).items()}


def one_router():
    """A1's profile matches another address than its peer's: B1's calls fail (BIND-PROFILE)."""
    texts = one_tunnel()
    texts["A1"] = texts["A1"].replace("match identity address 192.168.1.2 ", "match identity address 192.168.1.9 ")
    return texts, "PF-BOUND-NOMATCH", ("A1",)


def two_routers():
    """Each end calls the other's second address, where no tunnel waits for it (END-NAMED-PEER): one alone mends nothing."""
    texts = one_tunnel()
    for name, own, far in (("A1", 1, 2), ("B1", 2, 1)):
        texts[name] = (
            texts[name]
            .replace(f"tunnel destination 192.168.1.{far}", f"tunnel destination 192.168.101.{far}")
            .replace("end\n", OUTSIDE.format(f"192.168.101.{own}"))
        )
    return texts, "PW-PEERADDR", ("A1", "B1")


def planned(texts, code):
    """The strategy of the one cause of that code."""
    found = [p.router for t in texts.values() for p in parse_configs(t, file="x.cfg", fingerprinter=FINGERPRINTER)]
    fleet = Fleet(router for router in found if router is not None)
    (finding,) = [f for f in audit(fleet) if f.code == code]
    return fleet, finding


@pytest.fixture(params=[one_router, two_routers])
def mended(request, tmp_path):
    """The lab with a fault in it, the plan of the finding approved; with the code and the routers that it changes."""
    texts, code, names = request.param()
    fleet, finding = planned(texts, code)
    with night(tmp_path, texts, mending(fleet, finding)) as n:
        assert tuple(router.name for router in n.setting.plan.routers) == names
        yield n, code, names


def codes(n):
    """What is found in what the routers run."""
    texts = [n.lab.do(lambda name=name: n.lab.router(name).running_text) for name in n.texts]
    found = [p.router for t in texts for p in parse_configs(t, file="x.cfg", fingerprinter=FINGERPRINTER)]
    return {f.code for f in audit(Fleet(router for router in found if router is not None))}


def test_a_finding_is_mended_and_the_fault_comes_back(mended):
    n, code, names = mended
    assert code in codes(n)
    report = n.apply()
    assert report.result == "committed", (report, n.said)
    assert {(d.direction, d.result) for d in report.directions} == {
        ("A1 Tunnel1 -> B1", "up"),
        ("B1 Tunnel1 -> A1", "up"),
    }
    assert code not in codes(n) and n.quiet()
    assert [name for name in n.texts if not n.is_before(name)] == list(names)
    report = roll_back(n.setting, OPTIONS, n.said.append, everything=True)
    assert report.result == "rolled-back", (report, n.said)
    assert all(n.is_before(name) for name in n.texts) and n.quiet()


def test_the_plan_of_a_finding_is_rehearsed(mended):
    n, _, names = mended
    snapshot = n.setting.folder.parent / "snapshot"
    for name, text in n.texts.items():
        (snapshot / f"{name}.cfg").write_text(text)
    routers = load_snapshot(snapshot, n.setting.workspace).fleet().routers
    known = {router.name: "\n".join(router.lines) + "\n" for router in routers}
    said = []
    done = rehearse(scene_of(n.setting.plan, n.setting.folder, known), said.append)
    assert done.passed, [(case, case.wrong) for case in done.cases if not case.passed]
    clean, *faulty = done.cases
    assert clean.result == "committed" and clean.runs == dict.fromkeys(names, "after")
    assert {case.result for case in faulty} >= {"committed", "rolled-back"}


# -- a line that no command brings back -------------------------------------------------------------------------------


def misnamed():
    """A1's profile names a keyring that does not exist; the router need not take that line again once it is gone (U-10)."""
    texts = one_tunnel()
    texts["A1"] = texts["A1"].replace("   keyring new1\n", "   keyring nwe1\n")
    return texts


GONE = "crypto isakmp profile P1 / keyring nwe1"


@pytest.fixture(params=["taken", "not taken"])
def dangling(request, tmp_path, monkeypatch):
    """A plan that mends it, on routers that take such a line, or do not."""
    if request.param == "taken":
        monkeypatch.setattr("change_lab.LabRouter", partial(LabRouter, strict_references=False))
    texts = misnamed()
    fleet, finding = planned(texts, "KR-UNDEF")
    with night(tmp_path, texts, mending(fleet, finding)) as n:
        (words,) = n.setting.plan.router("A1").order_changes
        assert words.startswith("'keyring nwe1' may not come back")
        yield n, request.param == "taken"


def told_of(n, taken, report):
    """Word for word as before; or the one line that is not, in the report, in ``status``, for good."""
    (router,) = [r for r in report.routers if r.name == "A1"]
    (status,) = status_of(n.setting.workspace, "CHG-7").changes
    (standing,) = [r for r in status.routers if r.name == "A1"]
    if taken:
        assert n.is_before("A1") and router.detail == "" and standing.words == "it runs what it ran before"
        assert n.running("A1").index("   keyring nwe1") == n.running("A1").index("crypto isakmp profile P1") + 1
        return
    assert router.detail == f"It is not word for word what it was: - {GONE}; type that again if the router takes it."
    assert standing.words == f"it runs what it ran before, but for - {GONE}"
    booted = [line for line in n.texts["A1"].splitlines() if line.strip() not in ("", "!")]
    assert sorted([*n.running("A1"), "   keyring nwe1"]) == sorted(booted)


def test_after_the_roll_back_of_one_in_force_the_report_says_what_is_not_as_it_was(dangling):
    n, taken = dangling
    assert n.apply().result == "committed", n.said
    shown = dry_run(n.setting, everything=True)
    before = len(n.lab.router("A1").typed())
    report = roll_back(n.setting, OPTIONS, n.said.append, everything=True)
    assert report.result == "rolled-back", (report, n.said)
    told_of(n, taken, report)
    lines = [line.removeprefix("A1# ") for line in shown if line.startswith("A1# ")]
    looks = ("show ", "more ", "terminal ", "exit")
    typed = [line for line in n.lab.router("A1").typed()[before:] if not line.startswith(looks)]
    assert lines == ["configure replace flash:pre-CHG-7.cfg force", "write memory"] and lines == typed


@pytest.mark.parametrize("refused", ["keyring new1", "^configure confirm"])
def test_after_a_change_that_failed_the_report_says_what_is_not_as_it_was(dangling, refused):
    """Taken back by its timer, or by whichever way works."""
    n, taken = dangling
    n.fault("A1", Refused(on=refused, times=9))
    report = n.apply()
    assert report.result == "rolled-back", (report, n.said)
    told_of(n, taken, report)


def test_what_comes_back_is_nobody_else_s(dangling):
    """Somebody adds a line, so that the plan's own lines are sent, and has put the old one back by hand."""
    n, taken = dangling
    assert n.apply().result == "committed", n.said
    n.lab.do(lambda: n.lab.router("A1").operator(["ip route 203.0.113.0 255.255.255.0 Null0"]))
    if taken:
        n.lab.do(lambda: n.lab.router("A1").operator(["crypto isakmp profile P1", "keyring nwe1"]))
    report = roll_back(n.setting, OPTIONS, n.said.append, everything=True)
    assert report.result == "rolled-back", (report, n.said)
    (router,) = [r for r in report.routers if r.name == "A1"]
    assert "is kept: + ip route 203.0.113.0 255.255.255.0 Null0;" in router.detail
    assert ("It is not word for word" in router.detail) is not taken and (f"+ {GONE}" not in router.detail)
    assert ("   keyring nwe1" in n.running("A1")) is taken
