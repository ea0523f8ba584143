"""Logs of the lab's routers, whose debug comes from the replay: what the log shows is what the replay did, and nothing else.

A router does not see all: the other end's reason may stay open, and then all that it may be is named. But no log leads to a
wrong cause, none of a call that comes up to a failure, and none of a failure to success.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import ikeaudit.api as api
from ikeaudit.exchange import Exchange
from ikeaudit.lab.sa import log_line

CASES = Path(__file__).parents[1] / "cases"
LOG_ONLY = (None, "no-response", "authentication-failed")

RESPONDERS = {
    "crypto-map/keyring-verification": "keyring-verification",
    "crypto-map/transform-differs": "no-common-transform",
    "crypto-map/pfs-one-side": "pfs-mismatch",
    "addresses/profile-local-address": "profile-binding",
    "crypto-map/peers-in-turn-phase-2": "proxy-mismatch",
    "fuzz/xauth-for-a-router": "xauth",
    "hazards/PH1-MIXEDAUTH/fires": "authentication-method",
    "fuzz/aggressive-no-policy": "no-common-ike-policy",
    "addresses/hsrp-crypto-map-without-redundancy": "no-key-on-responder",
    "addresses/hsrp-pair-that-disagrees": "psk-mismatch",
    "certificates/one-way-by-trust-point": "certificate",
    "field/v2-14b-learnt-address-wrong-identity": "identity-not-matched",
    "field/v2-implicit-set-against-gcm": "no-common-transform",
    "fuzz/ikev2-identity-before-address": "psk-mismatch",
    "field/v2-01-policy-of-the-global-table": "no-common-ike-policy",
    "multi-sa/not-mirrored": "proxy-mismatch",
}
"""Cases in which the router that refuses says why, by that reason: worked out for the cases' own expectations."""


def printed(exchange: Exchange, router: str) -> list[str]:
    """What the buffer of ``router`` holds of a call."""
    lines = (log_line(line.line, exchange.ike_version) for line in exchange.transcript if line.router == router)
    return [f"Mar  1 02:00:01 {router} 7: *Mar  1 02:00:00.000: {line}" for line in lines]


def calls(snapshot: api.Snapshot) -> Iterator[tuple[Exchange, str, list[str]]]:
    """Every call of which it is known what becomes, with the log of each end."""
    for exchange in api.exchanges(snapshot):
        for router in dict.fromkeys((exchange.initiator, exchange.responder)):
            if router is not None and exchange.outcome in ("up", "down", "half-open"):
                lines = printed(exchange, router)
                if lines:
                    yield exchange, router, lines


def wrong(exchange: Exchange, told: api.Diagnosed) -> bool:
    """Whether ``told`` says of a call what is not so."""
    if told.told.outcome == "up":
        return exchange.outcome != "up"
    if told.told.outcome in ("down", "half-open"):
        open_ = told.reason in LOG_ONLY or exchange.reason in told.told.candidates
        return exchange.outcome == "up" or not (open_ or told.reason == exchange.reason)
    return told.reason is not None


@pytest.fixture(autouse=True)
def workspace(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path_factory.mktemp("workspace") / "ws"))


@pytest.mark.parametrize("case", RESPONDERS)
def test_the_router_that_refuses_says_why(case: str) -> None:
    snapshot = api.load(CASES / case)
    refusing = [
        (exchange, lines)
        for exchange, router, lines in calls(snapshot)
        if router == exchange.responder and exchange.reason == RESPONDERS[case] and exchange.outcome == "down"
    ]
    assert refusing
    for exchange, lines in refusing:
        for known in (None, snapshot):
            (told,) = api.diagnose(lines, known).exchanges
            if told.told.mode is None and exchange.mode == "aggressive":
                continue
            assert (told.told.outcome, told.reason, told.failed_at) == ("down", exchange.reason, exchange.failed_at)
        assert told.predicted is True
        assert told.evidence, "the lines behind it"


@pytest.mark.full
def test_no_log_leads_to_a_wrong_cause() -> None:
    seen = predicted = 0
    for expected in sorted(CASES.rglob("expect.toml")):
        try:
            snapshot = api.load(expected.parent)
            found = [*calls(snapshot)]
        except api.IkeauditError:
            continue
        for exchange, router, lines in found:
            for known in (None, snapshot):
                for told in api.diagnose(lines, known).exchanges:
                    assert not wrong(exchange, told), (expected.parent.name, router, exchange, told)
                    seen += 1
                    predicted += told.predicted is True
                    assert told.predicted is not False, (expected.parent.name, router, exchange, told)
    assert seen > 3000 and predicted > 800
