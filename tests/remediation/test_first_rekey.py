"""IKEv2 hides PFS groups that differ until the first rekey: towards an end that is not here it is announced, and waited for."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import msgspec
import pytest
from plans import WHEN, fleet_of

from ikeaudit.change import close
from ikeaudit.drive.observe import Observation
from ikeaudit.model.errors import RefusedError
from ikeaudit.remediation.planner import PlannedChange, make_plan
from ikeaudit.remediation.strategies import Draft, Proposal, Strategy

NEAR = """\
version 15.9
hostname NEAR
crypto ikev2 keyring KR
 peer FAR
  address 198.51.100.9
  pre-shared-key a-sample-of-a-key
crypto ikev2 profile PROF
 match identity remote address 198.51.100.9 255.255.255.255
 authentication remote pre-share
 authentication local pre-share
 keyring local KR
crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
crypto ipsec profile IP
 set security-association lifetime seconds 1800
 set transform-set TS
 set pfs group14
 set ikev2-profile PROF
interface Tunnel1
 tunnel source GigabitEthernet0/0
 tunnel mode ipsec ipv4
 tunnel destination 198.51.100.9
 tunnel protection ipsec profile IP
interface GigabitEthernet0/0
 ip address 192.0.2.1 255.255.255.0
end
"""
FAR = (
    NEAR.replace("hostname NEAR", "hostname FAR")
    .replace("192.0.2.1 ", "203.0.113.1 ")
    .replace("198.51.100.9", "192.0.2.1")
    .replace("203.0.113.1 ", "198.51.100.9 ")
)


def planned(apply: str, rollback: str, *texts: str) -> PlannedChange:
    draft = Draft(router="NEAR", phase="switch", title="a test", apply=apply, rollback=rollback)
    strategy = Strategy(name="test", title="test", documentation="", propose=lambda *_: Proposal((draft,)))
    return make_plan(fleet_of(NEAR, *texts), strategy, change_id="CHG-1", created=WHEN)


PFS = ("crypto ipsec profile IP\n set pfs group19\nexit\n", "crypto ipsec profile IP\n set pfs group14\nexit\n")


def test_another_group_towards_an_end_that_is_not_here_is_announced() -> None:
    change = planned(*PFS)
    (rekey,) = change.plan.rekeys or ()
    assert (rekey.direction.peer, rekey.pfs, rekey.seconds) == ("198.51.100.9", "group19", 1800)
    words = "whether 198.51.100.9 uses group19 for PFS is not known here"
    assert words in change.files["plan.md"] and "1800 s later" in change.files["plan.md"]


def test_with_both_ends_here_it_is_compared() -> None:
    change = planned(*PFS, FAR)
    assert change.plan.empty
    assert "becomes lost at the first rekey" in change.plan.refusals[0].reason


def test_what_changes_nothing_of_it_is_not_waited_for() -> None:
    change = planned("crypto keyring SPARE\nexit\n", "no crypto keyring SPARE\n")
    assert not change.plan.empty and change.plan.rekeys is msgspec.UNSET


@pytest.mark.parametrize(
    ("age", "state", "words"),
    [(1700, "UP-ACTIVE", "it is due by"), (1900, "DOWN", "its session is DOWN"), (1900, "UP-ACTIVE", "")],
)
def test_it_is_closed_after_one_rekey_was_seen(
    age: int, state: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def reading(*_: object):  # type: ignore[no-untyped-def]
        yield {"NEAR": None}

    monkeypatch.setattr(close, "reading", reading)
    monkeypatch.setattr(close, "observe", lambda _: Observation(sessions={"Tunnel1 -> 198.51.100.9": state}))
    began = datetime.now(UTC) - timedelta(seconds=age)
    progress = SimpleNamespace(applied=began.isoformat().replace("+00:00", "Z"), routers={"NEAR": None})
    setting = SimpleNamespace(plan=planned(*PFS).plan, entire=None)
    refused = ""
    try:
        close._refuse_before_rekey(setting, [progress])  # type: ignore[arg-type, list-item]
    except RefusedError as error:
        refused = str(error)
    assert words in refused and bool(words) == bool(refused)
