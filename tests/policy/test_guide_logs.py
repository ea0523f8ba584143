"""The logs of Cisco's guide to keyring and profile selection against the transcripts: line by line, in order.

Every line of a log is accounted for: it stands in the transcript of that router, in its order, or it is one that no
configuration decides (:data:`UNDECIDED` says of which kind). The other way round, what the transcript says of those messages
stands in the log, unless it was not switched on (``detail``) or the guide says that it was cut.
"""

from __future__ import annotations

import re

import pytest
from guide_logs import LOGS, Log
from parsed import router

from ikeaudit.exchange import Exchange
from ikeaudit.fleet import Fleet
from ikeaudit.lab.scenarios import SEED

UNDECIDED = {
    "packets": r"(received packet from|sending packet to|Sending an IKE IPv4 Packet|Send initial contact)",
    "states": r"(Input = IKE_|Old State = IKE_|set new node|insert sa successfully|Found a peer struct|Locking peer struct)",
    "capabilities": r"(constructed NAT-T|processing vendor id|vendor ID |speaking to another IOS|received payload type 20)",
    "translation": r"(His hash no match|No NAT Found|local port 500)",
    "accounting": r"(ISAKMP AAA: Accounting|processing NOTIFY INITIAL_CONTACT)",
    "the lifetime again": r"(Acceptable atts:|Fill atts in sa|Returning Actual lifetime|:?Started lifetime timer)",
    "the same in every payload": r"(next-payload : 8|protocol : 17|port : 500|length : 12|Total payload length)",
    "debug crypto ipsec": r"(IPSEC\((sa_request|validate_proposal_request)\)|Crypto mapdb : proxy_match|spi= 0x0)",
}
DETAIL = re.compile(r"key for \S+ (not available in|found in)|ISAKMP: Selecting ")


def configuration(name: str) -> str:
    return next(path for path in SEED.iterdir() if path.stem.upper() == name).read_text(encoding="utf-8")


def fleet(pair: str) -> Fleet:
    """The routers of an excerpt: the guide's own pair, or what the guide changes in it."""
    one, other = configuration("R1"), configuration("R2")
    keyring1 = "pre-shared-key address 192.168.0.2 key cisco\ncrypto keyring keyring2"
    rings = re.compile(r"crypto keyring keyring1.*?(?=^crypto isakmp policy)", re.DOTALL | re.MULTILINE)
    profiles = re.compile(r"crypto isakmp profile profile1.*?(?=^crypto ipsec transform)", re.DOTALL | re.MULTILINE)
    bound = re.compile(r"^ +set isakmp-profile .*\n", re.MULTILINE)
    if pair == "other key":
        other = other.replace("key cisco", "key walnut")
    elif pair == "no profile":
        narrow = "crypto keyring keyring1\n  pre-shared-key address 192.168.0.0 255.255.255.0 key cisco\n"
        one = rings.sub(f"{narrow}crypto keyring keyring2\n  {keyring1.split(chr(10))[0]}\n", one)
        one = bound.sub("", profiles.sub("", one))
    elif pair in ("unbound", "wrong profile"):
        peer, text = ("192.168.0.2", one) if pair == "unbound" else ("192.168.0.1", other)
        text = rings.sub(f"crypto keyring keyring\n  pre-shared-key address {peer} key cisco\n", text)
        text = profiles.sub(
            "crypto isakmp profile profile1\n   keyring keyring\n   match identity address 192.168.0.0 255.255.255.0\n"
            f"crypto isakmp profile profile2\n   keyring keyring\n   match identity address {peer} 255.255.255.255\n",
            text,
        )
        one, other = (bound.sub("", text), other) if pair == "unbound" else (one, text)
    return Fleet([router(one), router(other)], steps=True)


def call(log: Log) -> Exchange:
    return next(e for e in fleet(log.pair).exchanges if e.initiator == log.caller)


def decided(lines: list[str]) -> list[str]:
    """The lines that a configuration decides; what is repeated at once is one, and numbers of messages are chance."""
    kept = [line for line in lines if not any(re.match(pattern, line) for pattern in UNDECIDED.values())]
    once = [line for at, line in enumerate(kept) if at == 0 or line != kept[at - 1]]
    return [re.sub(r", M-ID of \d+$", "", line) for line in once]


@pytest.mark.parametrize("name", LOGS)
def test_the_log_stands_in_the_transcript(name: str) -> None:
    log = LOGS[name]
    wanted = decided(log.lines)
    said = [line.line for line in call(log).transcript if line.router == log.router]
    shown = said if log.detail else [line for line in said if not DETAIL.match(line)]
    starts = [at for at, line in enumerate(shown) if line == wanted[0]]
    assert starts, f"the transcript has no {wanted[0]!r}"
    found = min((_left_out(shown[at:], wanted, log.cut) for at in starts), key=len)
    assert found == [], f"missing, or not in the log: {found}"


def _left_out(shown: list[str], wanted: list[str], cut: tuple[str, ...]) -> list[str]:
    """What keeps ``wanted`` from being the beginning of ``shown``, apart from what the guide cut."""
    rest = iter(shown)
    strange: list[str] = []
    for line in wanted:
        for other in rest:
            if other == line:
                break
            if other not in cut:
                strange.append(other)
        else:
            strange.append(line)
    return strange


def test_no_kind_of_line_is_decided_by_a_configuration_and_put_aside() -> None:
    """What is put aside is the same in all logs of the guide but for addresses of memory, or is told by another line."""
    every = {line for log in LOGS.values() for line in log.lines}
    aside = {line for line in every if decided([line]) == []}
    assert all(any(re.match(pattern, line) for line in aside) for pattern in UNDECIDED.values())
    names = ("keyring", "profile", "192.168.0.0")
    assert not [line for line in aside if any(name in line for name in names)]
