"""The logs of the guide to keyring and profile selection: each leads to the cause that the guide names, and to no other."""

from __future__ import annotations

import pytest
from guide_logs import LOGS

from ikeaudit.logs import Negotiation, diagnose

WHOLE = ("ISAKMP", "IPSEC", "%", "map_db", "Crypto mapdb")
FAILING = {
    "R1, MM5: the verification fails": ("192.168.0.2", "MM5", "keyring-verification"),
    "R1, MM5: another key": ("192.168.0.2", "MM5", "psk-mismatch"),
    "R2 answers with the wrong profile": ("192.168.0.1", "QM1", "profile-binding"),
}
PREFIXES = {
    "15.3": "*Jun 19 12:28:44.270: ISAKMP:(1012):",
    "XE": "000213: *Jun 19 12:28:44.270 CEST: ISAKMP: (1012):",
    "relayed": "<191>Jun 19 12:28:44 203.0.113.77 213: *Jun 19 12:28:44.270: ISAKMP (1012): ",
}


def told(name: str, prefix: str) -> list[Negotiation]:
    """What the excerpt shows, printed under ``prefix``."""
    stamp = prefix[: prefix.index("ISAKMP")]
    return diagnose(stamp + line if line.startswith(WHOLE) else prefix + line for line in LOGS[name].lines)


@pytest.mark.parametrize("prefix", PREFIXES.values(), ids=PREFIXES.keys())
@pytest.mark.parametrize("name", LOGS)
def test_an_excerpt_leads_to_the_cause_that_the_guide_names(name: str, prefix: str) -> None:
    failures = [n for n in told(name, prefix) if n.outcome not in ("up", "unknown")]
    if name not in FAILING:
        assert failures == []
        return
    (failure,) = failures
    assert (failure.peer, failure.failed_at, failure.reason) == FAILING[name]
    assert failure.side == "responder" and failure.candidates == ()


def test_the_guides_second_scenario_as_one_log() -> None:
    """R2 calls and R1 refuses: excerpts of both routers under one prompt, with the same number of the SA at both ends."""
    names = ("R2 calls, MM2", "R1 answers, MM3", "R2, MM4 and MM5", "R1, MM5: the verification fails")
    lines = ["R2#ping 192.168.100.1 source lo0 repeat 1", ""]
    lines += [f"*Jun 19 12:28:44.270: ISAKMP:(1012):{line}" for name in names for line in LOGS[name].lines]
    found = {(n.peer, n.side): n for n in diagnose(lines)}
    assert found["192.168.0.2", "responder"].reason == "keyring-verification"
    calling = found["192.168.0.1", "initiator"]
    assert (calling.outcome, calling.reason, calling.reached) == ("unknown", None, "MM3")
    assert {n.host for n in found.values()} == {None}, "two routers under one prompt: whose is whose is not known"
