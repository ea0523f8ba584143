"""After a roll-back that brings objects back in another order the change can be tried again; long tests set timers anew."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace

import pytest
from change_lab import OPTIONS, PSK, hub_and_spokes, night, pairs

from ikeaudit.change import Setting, read_journal, roll_back
from ikeaudit.change.opened import reading
from ikeaudit.drive import safety
from ikeaudit.lab.faults import Refused, SlowReply
from ikeaudit.model.errors import RefusedError
from ikeaudit.parsing.redact import redact
from ikeaudit.parsing.volatile import before_hash
from ikeaudit.remediation.strategies import STRATEGIES

pytestmark = pytest.mark.ssh

(SINGLE,) = [s for s in STRATEGIES if s.name == "single-keyring"]
POLICY = "!\ncrypto isakmp policy 10\n"
OTHER = f"crypto keyring other vrf ELSEWHERE\n  pre-shared-key address 203.0.113.9 key {PSK}\n{POLICY}"


def with_another(text):
    """A keyring of another VRF stands last: what is deleted before it and created again comes after it (DOMAIN 8.4)."""
    return text.replace(POLICY, OTHER, 1).replace(
        "!\ncrypto keyring old1", "!\nip vrf ELSEWHERE\n!\ncrypto keyring old1"
    )


@pytest.fixture
def boot(tmp_path):
    with ExitStack() as stack:
        yield lambda texts, **how: stack.enter_context(night(tmp_path, texts, SINGLE, **how))


def keyrings(n, name):
    return [line.split()[2] for line in n.running(name) if line.startswith("crypto keyring")]


@pytest.mark.parametrize("count", [1, 2])
def test_again_after_a_roll_back_in_another_order(boot, count):
    """``count`` 1: the plan is one change; 2: it has waves."""
    n = boot({name: with_another(text) for name, text in pairs(count).items()})
    assert all(router.order_changes for router in n.setting.plan.routers)
    assert keyrings(n, "A1") == ["old1", "new1", "other"]
    assert n.apply().result == "committed" and keyrings(n, "A1") == ["old1", "other"]
    assert roll_back(n.setting, OPTIONS, n.said.append, everything=True).result == "rolled-back"
    assert keyrings(n, "A1") == ["old1", "other", "new1"] and n.is_before("A1")
    report = n.apply()
    assert report.result == "committed", (report, n.said)
    assert keyrings(n, "A1") == ["old1", "other"] and n.quiet()
    # and back once more: the journal knows what it began with this time
    assert roll_back(n.setting, OPTIONS, n.said.append, everything=True).result == "rolled-back" and n.is_before("A1")
    assert keyrings(n, "A1") == ["old1", "other", "new1"]


def test_again_only_when_what_was_proven_still_holds(boot, monkeypatch):
    """What the change itself left behind is replayed before it is built upon: here A1 has no policy any more."""
    n = boot(pairs(1))
    n.lab.do(lambda: n.lab.router("A1").operator(["no crypto isakmp policy 10"]))
    digest = before_hash(redact("\n".join(n.running("A1")) + "\n", n.setting.workspace.fingerprinter).text)
    monkeypatch.setattr(Setting, "last_seen", lambda self: {"A1": digest})
    with pytest.raises(
        RefusedError, match=r"A1 Tunnel1 -> B1 would be down \(no-common-ike-policy\) .*collect it again"
    ):
        n.apply()
    assert not any(line.startswith("configure t") for name in n.texts for line in n.lab.router(name).typed())


def test_somebody_else_s_change_is_stale_after_a_roll_back(boot):
    n = boot(pairs(1))
    assert n.apply().result == "committed"
    assert roll_back(n.setting, OPTIONS, n.said.append, everything=True).result == "rolled-back"
    n.lab.do(lambda: n.lab.router("B1").operator(["crypto keyring new1", "pre-shared-key address 10.9.9.9 key other"]))
    with pytest.raises(RefusedError, match=r"B1 does not run what the plan was made for; .*; collect it again"):
        n.apply()


# -- more to test than a timer lasts ---------------------------------------------------------------------------------


def slow(n, seconds):
    for name in n.texts:
        n.fault(name, SlowReply(on="^ping", seconds=seconds, times=99))


def hub_only(n):
    """Everything but the hub's wave is carried out."""
    last = n.setting.plan.waves[-1]
    assert last.routers == ("HUB",)
    for wave in n.setting.plan.waves[:-1]:
        assert n.apply(wave=wave.number).result == "committed"


def test_timers_are_set_anew_while_the_tests_go_on(boot):
    """Six directions of three seconds under a timer of ten seconds."""
    n = boot(hub_and_spokes(3))
    hub_only(n)
    slow(n, 3)
    report = n.apply(replace(OPTIONS, minutes=5))
    assert report.result == "committed", (report, n.said)
    typed = n.lab.router("HUB").typed()
    assert 2 <= typed.count("configure revert timer 5") <= 6 and n.quiet()
    events = [e.event for e in read_journal(n.setting.journal_of(n.setting.window(4)))]
    assert events.count("renewing") == events.count("renewed") == typed.count("configure revert timer 5")
    assert any("5 minutes anew" in line for line in n.said)


def test_a_router_that_sets_no_timer_anew_goes_back_by_itself(boot):
    n = boot(hub_and_spokes(3))
    hub_only(n)
    slow(n, 3)
    n.fault("HUB", Refused(on="^configure revert timer"))
    report = n.apply(replace(OPTIONS, minutes=5))
    assert report.exit_code == 6 and n.is_before("HUB") and n.quiet()
    assert any("HUB does not set its timer anew" in line and "under the timers that run" in line for line in n.said)


def test_a_scheduled_restart_is_put_off(boot):
    n = boot(pairs(1), minute_seconds=60)
    with reading(n.setting, n.setting.entire, ("A1",)) as devices:
        safety.arm(devices["A1"], "reload", 5)
        assert n.lab.router("A1").reload_due_in() <= 300
        safety.renew(devices["A1"], "reload", 60)
        assert 3500 < n.lab.router("A1").reload_due_in() <= 3600
        safety.release(devices["A1"], "reload")
        with pytest.raises(safety.SafetyError, match="does not set its timer anew"):
            safety.renew(devices["A1"], "timer", 60)
