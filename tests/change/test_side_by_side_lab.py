"""Groups that share no router run side by side; after a failure none begins, and those that run end by themselves."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from dataclasses import replace

import pytest
from change_lab import OPTIONS, hub_and_spokes, night, pairs

from ikeaudit.change.plan_parts import Part, parts
from ikeaudit.change.waves import _free
from ikeaudit.lab.faults import CONFIG_LINE, Refused, SlowReply
from ikeaudit.remediation.strategies import STRATEGIES

(SINGLE,) = [s for s in STRATEGIES if s.name == "single-keyring"]
BESIDE = replace(OPTIONS, parallel=2)


def part(number: int, *routers: str, wave: int = 2) -> Part:
    return Part(change_id=f"C-w{wave}-g{number}", wave=wave, group=number, routers=routers, steps=frozenset({number}))


def test_only_what_shares_no_router_and_passes_nobody_by() -> None:
    """Group 2 waits for the router of group 1, and group 3 for that of group 2: order between those that share is kept."""
    one, two, three, four = part(1, "A", "B"), part(2, "B", "C"), part(3, "C"), part(4, "D")
    assert _free([two, three, four], [one]) is four
    assert _free([two, three], [one]) is None
    assert _free([two, three, four], []) is two
    assert _free([part(1, "Z", wave=3)], [one]) is None, "the next wave waits"
    assert _free([], []) is None


@pytest.fixture
def four(tmp_path):
    with ExitStack() as stack:
        n = stack.enter_context(night(tmp_path, pairs(4), SINGLE))
        assert n.apply().result == "committed"
        n.said.clear()
        yield n


@pytest.mark.ssh
def test_side_by_side_each_line_says_whose_it_is(four):
    report = four.apply(replace(OPTIONS, parallel=3))
    assert report.result == "committed", (report, four.said)
    assert [(g.group, g.result) for g in report.groups] == [(1, "committed"), (2, "committed"), (3, "committed")]
    assert four.quiet()
    names = [line.partition("]")[0] for line in four.said]
    assert set(names) == {"[wave 2, group 1", "[wave 2, group 2", "[wave 2, group 3"}
    assert names != sorted(names), "they did not run one after the other"


@pytest.mark.ssh
def test_after_a_failure_none_begins_and_those_that_run_end(four):
    four.fault("B3", SlowReply(on="^ping", seconds=2))  # the second goes on for longer than the first
    four.fault("A2", Refused(on=CONFIG_LINE, after=1))
    report = four.apply(BESIDE)
    assert [(g.group, g.result) for g in report.groups] == [(1, "rolled-back"), (2, "committed"), (3, "not-begun")]
    assert report.result == "in-part" and report.exit_code == 6
    assert all(four.is_before(name) for name in ("A2", "B2", "A4", "B4"))
    again = four.apply(BESIDE)
    assert again.result == "committed" and four.quiet()


@pytest.mark.ssh
def test_an_interruption_takes_all_back_that_run(four, monkeypatch):
    """Ctrl-C reaches the main thread only; each part stops at its next word."""
    from ikeaudit.change import waves

    real, waiting = waves.wait, threading.Event()

    def wait(running, **how):
        if not waiting.is_set():
            while sum("step" in line for line in four.said) < 2:
                threading.Event().wait(0.05)
            waiting.set()
            raise KeyboardInterrupt
        return real(running, **how)

    monkeypatch.setattr(waves, "wait", wait)
    report = four.apply(BESIDE)
    assert {g.result for g in report.groups} <= {"rolled-back", "refused", "not-begun"}, (report, four.said)
    assert all(four.is_before(name) for name in four.texts if name[1] != "1")


@pytest.mark.ssh
def test_groups_that_share_a_hub_follow_one_another(tmp_path):
    with night(tmp_path, hub_and_spokes(2), SINGLE) as n:
        assert all("HUB" in p.routers or p.routers[0].startswith("S") for p in parts(n.setting.plan))
        report = n.apply(replace(OPTIONS, parallel=4), go_on=True)
        assert report.result == "committed" and n.quiet()
