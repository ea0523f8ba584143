"""Somebody else has changed a router since the plan was made: an unrelated line stops nothing, a relevant one is refused."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from change_lab import OPTIONS, night, pairs

from ikeaudit.change import StaleError, roll_back, verify_change
from ikeaudit.lab.faults import CONFIG_LINE, Refused
from ikeaudit.remediation.strategies import STRATEGIES

pytestmark = pytest.mark.ssh

(SINGLE,) = [s for s in STRATEGIES if s.name == "single-keyring"]
UNRELATED = ["snmp-server location here"]


@pytest.fixture
def n(tmp_path):
    with ExitStack() as stack:
        yield stack.enter_context(night(tmp_path, pairs(1), SINGLE))


def typed_by(n, name, lines):
    n.lab.do(lambda: n.lab.router(name).operator(lines))


def test_an_unrelated_line_stops_nothing_and_stays(n):
    typed_by(n, "A1", UNRELATED)
    report = n.apply()
    assert report.result == "committed", (report, n.said)
    told = "A1: the steps hold on what it runs now. What else had changed on it since the plan was made: + snmp-server"
    assert any(line.startswith(told) for line in n.said)
    assert any("snmp-server location" in router.detail for router in report.routers if router.name == "A1")
    assert verify_change(n.setting, OPTIONS, n.said.append).result == "verified"
    assert roll_back(n.setting, OPTIONS, n.said.append, everything=True).result == "rolled-back"
    assert "snmp-server location here" in n.running("A1") and "crypto keyring old1" in n.running("A1")
    assert n.apply().result == "committed" and n.quiet()


def test_a_failure_after_it_goes_back_to_what_was_found(n):
    typed_by(n, "A1", UNRELATED)
    found = n.running("A1")
    n.fault("B1", Refused(on=CONFIG_LINE, after=1))
    assert n.apply().result == "rolled-back"
    assert sorted(n.running("A1")) == sorted(found)
    assert all(n.lab.router(name).revert.pending is None for name in n.texts)


def test_a_relevant_line_is_refused_and_shown_first(n):
    typed_by(n, "A1", [*UNRELATED, "crypto isakmp policy 10", "group 5"])
    with pytest.raises(StaleError) as caught:
        n.apply()
    assert "would be down (no-common-ike-policy)" in str(caught.value)
    assert all("crypto isakmp policy 10" in row for row in caught.value.details[:2])
    assert not any(line.startswith(("configure", "copy")) for name in n.texts for line in n.lab.router(name).typed())
