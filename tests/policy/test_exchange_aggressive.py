"""Aggressive mode: who starts it, what is presented, which key is found, and the lines of each end (DOMAIN 2.2, 4.10)."""

from __future__ import annotations

import msgspec
import pytest
from two_ends import POLICY, Changes, call, end, pair

from ikeaudit.exchange import Exchange, Initiator, Responder
from ikeaudit.exchange.replay import replay
from ikeaudit.selection import RouterRules

ASKED: Changes = {"   keyring K\n": "   keyring K\n   initiate mode aggressive\n"}
NAMED: Changes = {"   keyring K\n": "   keyring K\n   initiate mode aggressive\n   self-identity fqdn a.b\n"}
BY_NAME: Changes = {
    "pre-shared-key address PEER": "pre-shared-key hostname a.b",
    "match identity address PEER 255.255.255.255": "match identity host a.b",
}
OFFER = (
    "encryption AES-CBC",
    "keylength of 256",
    "hash SHA256",
    "default group 14",
    "auth pre-share",
    "life type in seconds",
    "life duration (VPI) of 0x0 0x1 0x51 0x80",
)
UP = ("up", None, None, "probable")


def said(found: Exchange) -> list[str]:
    return [f"{line.router}: {line.line}" for line in found.transcript]


def readings(found: Exchange) -> list[tuple[object, ...]]:
    return [(r.outcome, r.failed_at, r.reason) for r in found.readings]


class TestWhoStartsIt:
    def test_a_profile_that_asks_for_it(self) -> None:
        found = call(ASKED)
        assert (found.mode, end(found)) == ("aggressive", UP)
        assert call({"   keyring K\n": "   keyring K\n   initiate mode main\n"}).mode == "main"
        assert call().mode == "main"

    @pytest.mark.parametrize(
        ("block", "mode"),
        [
            ("address PEER\n set aggressive-mode password sesame", "aggressive"),
            ("address PEER\n set aggressive-mode client-endpoint fqdn a.b", "aggressive"),
            ("address PEER\n description nothing else", "main"),
            ("address 198.51.100.9\n set aggressive-mode password sesame", "main"),
            ("address PEER vrf FRONT\n set aggressive-mode password sesame", "main"),
        ],
    )
    def test_a_peer_block_for_the_address_called(self, block: str, mode: str) -> None:
        assert call({POLICY: f"crypto isakmp peer {block}\n!\n{POLICY}"}).mode == mode

    def test_a_host_name_key_and_no_other(self) -> None:
        by_address, by_name = (
            "pre-shared-key address PEER key sesame",
            "pre-shared-key hostname far.example.net key sesame",
        )
        host = f"ip host far.example.net PEER\n{POLICY}"
        found = call({POLICY: host, by_address: by_name})
        assert found.mode == "aggressive" and found.initiator_keyring == "K"
        assert call({POLICY: host, by_address: f"{by_name}\n  {by_address}"}).mode == "main"
        stays = call({POLICY: f"crypto isakmp aggressive-mode disable\n{host}", by_address: by_name})
        assert (stays.mode, end(stays)) == ("main", ("down", "MM1", "no-key-on-initiator", "probable"))

    def test_disabled_where_it_is_asked_for(self) -> None:
        found = call({**ASKED, POLICY: f"crypto isakmp aggressive-mode disable\n{POLICY}"})
        assert end(found) == ("down", "AM1", "aggressive-mode-disabled", "probable")
        assert readings(found) == [("down", "AM1", "aggressive-mode-disabled"), ("up", None, None)]
        assert [r.reading for r in found.readings] == [
            "A, whose aggressive mode is disabled, starts nothing",
            "A, whose aggressive mode is disabled, starts main mode instead",
        ]
        assert "crypto isakmp aggressive-mode disable" in [e.text for e in found.evidence if e.host == "A"]

    def test_disabled_where_a_peer_block_asks_for_it(self) -> None:
        block = "crypto isakmp peer address PEER\n set aggressive-mode password sesame\n!\n"
        found = call({POLICY: f"{block}crypto isakmp aggressive-mode disable\n{POLICY}"})
        assert end(found) == ("down", "AM1", "aggressive-mode-disabled", "probable")
        cited = [e.text for e in found.evidence if e.host == "A"]
        assert "crypto isakmp peer address 192.0.2.2" in cited, "the reason why it would begin so"

    def test_disabled_at_the_responder(self) -> None:
        found = call(ASKED, {POLICY: f"crypto isakmp aggressive-mode disable\n{POLICY}"})
        assert end(found) == ("down", "AM1", "aggressive-mode-disabled", "certain")
        assert "crypto isakmp aggressive-mode disable" in [e.text for e in found.evidence if e.host == "B"]


class TestKeys:
    def test_by_address(self) -> None:
        found = call(ASKED)
        assert said(found)[: 9 + len(OFFER)] == [
            "A: SA request profile is P",
            "A: Found ADDRESS key in keyring K",
            "B: Checking ISAKMP transform 1 against priority 10 policy",
            *(f"B: {line}" for line in OFFER),
            "B: atts are acceptable. Next payload is 0",
            "B: peer matches P profile",
            "B: local preshared key found",
            "B: SA authentication status: authenticated",
            "B: SA has been authenticated with 192.0.2.1",
            "A: beginning Quick Mode exchange",
        ]
        assert (found.initiator_keyring, found.responder_keyring, found.responder_profile) == ("K", "K", "P")

    def test_by_name(self) -> None:
        found = call(NAMED, BY_NAME)
        assert end(found) == UP
        assert "B: no pre-shared key based on hostname a.b!" not in said(found)
        back = call(NAMED, {**BY_NAME, "pre-shared-key address PEER": "pre-shared-key hostname c.d"})
        assert end(back) == ("down", "AM1", "no-key-on-responder", "probable")
        assert said(back)[-2:] == [
            "B: no pre-shared key based on hostname a.b!",
            "B: No pre-shared key with 192.0.2.1!",
        ]

    def test_by_the_name_of_a_user(self) -> None:
        asked = {"   keyring K\n": "   keyring K\n   initiate mode aggressive\n   self-identity user-fqdn u@a.b\n"}
        known = {
            "pre-shared-key address PEER": "pre-shared-key hostname u@a.b",
            "match identity address PEER 255.255.255.255": "match identity user u@a.b",
        }
        assert end(call(asked, known)) == UP
        wrong = call(asked, {**known, "pre-shared-key address PEER": "pre-shared-key hostname a.b"})
        assert end(wrong) == ("down", "AM1", "no-key-on-responder", "probable")
        assert said(wrong)[-1] == "B: No pre-shared key with 192.0.2.1!"
        assert "B: no pre-shared key based on hostname u@a.b!" not in said(wrong)

    def test_by_the_address_of_a_peer_that_gives_a_name(self) -> None:
        by_address = {"match identity address PEER 255.255.255.255": "match identity host a.b"}
        found = call(NAMED, by_address)
        assert end(found) == UP
        assert "B: no pre-shared key based on hostname a.b!" in said(found)

    def test_the_keyrings_of_the_profile_that_matches(self) -> None:
        other = f"crypto keyring Z\n  pre-shared-key hostname a.b key walnut\n{POLICY}"
        found = call(NAMED, {**BY_NAME, POLICY: other})
        assert end(found) == UP and found.responder_keyring == "K"

    def test_by_a_name_that_no_key_is_written_for_from_an_address_that_is_learnt(self) -> None:
        matching = {"match identity address PEER 255.255.255.255": "match identity host a.b"}
        a, b = (RouterRules(one) for one in pair(NAMED, matching))
        own = msgspec.structs.replace(b.endpoints[0], peer=None)
        found = replay(Initiator(a, a.endpoints[0]), Responder(b, own.local, None, (own,)))
        assert (found.outcome, found.confidence) == ("unknown", "unknown")
        words = "the address that the initiator calls from is not in its configuration"
        first = "in aggressive mode the responder selects the profile first (AGGRESSIVE-KEY)"
        assert [reading.reading for reading in found.readings] == [f"{first}; {words}"]

    def test_other_keys(self) -> None:
        found = call(ASKED, {"key sesame": "key walnut"})
        assert end(found) == ("down", "AM2", "psk-mismatch", "probable")
        assert said(found)[-1] == (
            "A: %CRYPTO-6-IKMP_MODE_FAILURE: Processing of Aggressive mode failed with peer at 192.0.2.2"
        )

    def test_a_password_of_its_own_stands_in_no_keyring(self) -> None:
        block = "crypto isakmp peer address PEER\n set aggressive-mode password {}\n!\n"
        found = call({POLICY: block.format("sesame") + POLICY})
        assert (end(found), found.initiator_keyring) == (UP, None)
        assert end(call({POLICY: block.format("walnut") + POLICY})) == ("down", "AM2", "psk-mismatch", "probable")

    def test_no_key_to_start_with(self) -> None:
        found = call({**ASKED, "pre-shared-key address PEER": "pre-shared-key address 198.51.100.9"})
        assert end(found) == ("down", "AM1", "no-key-on-initiator", "certain")
        assert said(found) == [
            "A: SA request profile is P",
            "A: No pre-shared key with 192.0.2.2!",
            "A: No Cert or pre-shared address key.",
        ]

    def test_no_common_policy(self) -> None:
        assert end(call(ASKED, {"group 14": "group 19"})) == ("down", "AM1", "no-common-ike-policy", "certain")


@pytest.mark.parametrize(
    ("endpoint", "match"),
    [
        ("fqdn a.b", "match identity host a.b"),
        ("user-fqdn u@a.b", "match identity user u@a.b"),
        ("ipv4-address 192.0.2.77", "match identity address 192.0.2.77 255.255.255.255"),
    ],
)
def test_what_a_client_endpoint_presents(endpoint: str, match: str) -> None:
    block = f"crypto isakmp peer address PEER\n set aggressive-mode client-endpoint {endpoint}\n!\n"
    asked = {"match identity address PEER 255.255.255.255": match}
    assert end(call({POLICY: block + POLICY}, asked)) == UP
    assert call({POLICY: block + POLICY}).responder_profile is None
