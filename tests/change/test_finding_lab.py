"""The plan of one finding, over SSH: applied, taken back, rehearsed; one router is changed, or two are."""

from __future__ import annotations

import re

import pytest
from change_lab import OPTIONS, night, pairs
from parsed import FINGERPRINTER

from ikeaudit.change import roll_back
from ikeaudit.change.rehearsal.in_the_lab import rehearse, scene_of
from ikeaudit.fleet import Fleet
from ikeaudit.hazards import audit
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
