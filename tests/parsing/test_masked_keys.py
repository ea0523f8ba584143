"""Keys that somebody masked before passing a configuration on cannot be compared."""

from __future__ import annotations

import pytest

from ikeaudit.fleet import Fleet
from ikeaudit.parsing import parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.parsing.redact.facts import is_masked

CONFIG = """hostname {name}
crypto isakmp policy 10
 encr aes
 hash sha
 authentication pre-share
 group 14
crypto isakmp key {key} address {peer}
crypto ipsec transform-set TS esp-aes esp-sha-hmac
crypto ipsec profile IP
 set transform-set TS
interface Tunnel1
 tunnel source GigabitEthernet1
 tunnel destination {peer}
 tunnel protection ipsec profile IP
interface GigabitEthernet1
 ip address {me} 255.255.255.0
end
"""


@pytest.mark.parametrize("key", ["*****", "<removed>", "[redacted]", "XXXXXXXX", "removed", "<key-hidden>", "......"])
def test_masks(key: str) -> None:
    assert is_masked(key)


@pytest.mark.parametrize("key", ["cisco", "S3cret*Key", "xXx-tunnel-7", "a.b.c", "removes-all-doubt"])
def test_keys(key: str) -> None:
    assert not is_masked(key)


@pytest.mark.parametrize(
    ("key", "outcome"), [("Real-Key-9151", "up"), ("*****", "unknown"), ("<secret hidden>", "unknown")]
)
def test_two_masks_are_not_one_key(key: str, outcome: str) -> None:
    routers = []
    for name, me, peer in (("A", "192.0.2.1", "192.0.2.2"), ("B", "192.0.2.2", "192.0.2.1")):
        text = CONFIG.format(name=name, key=key, me=me, peer=peer)
        (parsed,) = parse_configs(text, file=f"{name}.cfg", fingerprinter=Fingerprinter(b"k" * 32))
        assert parsed.router is not None
        routers.append(parsed.router)
    exchanges = Fleet(routers).exchanges
    assert [exchange.outcome for exchange in exchanges] == [outcome, outcome]
    words = ["the masked keys are equal", "the masked keys differ"] if outcome == "unknown" else []
    assert [reading.reading for exchange in exchanges for reading in exchange.readings] == words * 2
