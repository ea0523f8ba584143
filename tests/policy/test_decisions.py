"""How a decision tells what was considered: each keyring, policy and key with its fate (DESIGN 3.5)."""

from __future__ import annotations

import pytest
from parsed import prefix, router

from ikeaudit.exchange.decisions import name_decision, verify_decision
from ikeaudit.selection import LocalEnd, RouterRules
from ikeaudit.selection.keys import KeyPick

PEER = prefix("192.0.2.2").address
END = LocalEnd(prefix("192.0.2.1").address)
TEXT = """\
hostname R
!
crypto keyring K
  pre-shared-key address 192.0.2.2 key one
crypto keyring L
  pre-shared-key address {second} key two
crypto keyring Z
  pre-shared-key address 192.0.2.2 key three
  pre-shared-key hostname far.example key four
!
crypto isakmp profile P
   keyring K
   keyring L
   keyring GONE
   match identity address 192.0.2.2 255.255.255.255
!
end
"""


def rules(second: str = "192.0.2.2") -> RouterRules:
    return RouterRules(router(TEXT.format(second=second)))


def pick(found: RouterRules, ring: str, at: int = 0) -> KeyPick:
    keyring = found.keyrings[ring]
    return KeyPick(keyring, keyring.keys[at])


@pytest.mark.parametrize(
    ("second", "used", "passed", "fates"),
    [
        ("192.0.2.2", "K", True, "K picked; L later; GONE no-key"),
        ("192.0.2.2", "L", True, "K later; L picked; GONE no-key"),
        ("192.0.2.9", "K", True, "K picked; L no-key; GONE no-key"),
        ("192.0.2.2", "Z", False, "K later; L later; GONE no-key; Z not-listed"),
        ("192.0.2.2", "Z", True, "K later; L later; GONE no-key; Z picked"),
        ("192.0.2.2", "L", False, "K later; L later; GONE no-key"),
    ],
)
def test_whether_the_key_came_from_a_keyring_of_the_profile(second: str, used: str, passed: bool, fates: str) -> None:
    found = rules(second)
    profile = found.profiles["P"]
    search = found.keys_in_profile(profile, END, PEER)
    told = verify_decision(found, profile, pick(found, used), search, passed=passed)
    assert "; ".join(f"{one.name} {one.result}" for one in told.considered) == fates
    assert (told.rule, told.picked) == ("KEY-VERIFY", used if passed else None)
    texts = [e.text for e in told.evidence]
    assert [text for text in texts if "key" not in text or text.startswith("keyring")] == [
        "crypto isakmp profile P", "keyring K", "keyring L", "keyring GONE"
    ] or passed  # fmt: skip


def test_a_key_that_was_found_by_a_name() -> None:
    found = rules()
    told = name_decision(found.router, pick(found, "Z", 1))
    (one,) = told.considered
    assert (one.name, one.result, one.detail, told.picked) == ("Z", "picked", "far.example", "Z")
    nothing = name_decision(found.router, None)
    assert (nothing.considered, nothing.picked) == ((), None)
