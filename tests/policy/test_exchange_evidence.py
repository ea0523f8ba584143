"""Which lines a verdict stands on: those of each step that was reached, of both routers, and none of steps that were not."""

from __future__ import annotations

from pathlib import Path

import pytest
from parsed import router
from two_ends import POLICY, Changes, call, end, first, text

from ikeaudit.exchange import Exchange
from ikeaudit.fleet import Fleet


def cited(found: Exchange, host: str) -> list[str]:
    """The lines of one router, keys cut off, in the order of its configuration."""
    lines = sorted(line for line in found.evidence if line.host == host)
    return [line.text.strip().partition(" key ")[0] for line in lines]


def split(lines: str) -> list[str]:
    return [line.strip() for line in lines.split(";") if line.strip()]


TUNNEL = (
    "interface Tunnel1; tunnel source GigabitEthernet0/0; tunnel destination {peer}; tunnel protection ipsec profile I"
)
KEY = "crypto keyring K; pre-shared-key address {peer}"
OFFER = "crypto isakmp policy 10"
PROFILE = "crypto isakmp profile P; keyring K"
IDENTITY = "match identity address {peer} 255.255.255.255"
SETS = "crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac"
BOUND = f"set isakmp-profile P; {TUNNEL}"
CALLING = f"{KEY}; {PROFILE}; {BOUND}"
OFFERING = f"{KEY}; {OFFER}; {PROFILE}; {BOUND}"
WHOLE = f"{KEY}; {OFFER}; {PROFILE}; {SETS}; {BOUND}"
ANSWERING = f"{KEY}; {OFFER}; {PROFILE}; {IDENTITY}"
V1 = {
    "comes up": ({}, {}, "up", WHOLE, f"{ANSWERING}; {SETS}; {BOUND}"),
    "no key to start with": (
        {"pre-shared-key address PEER": "pre-shared-key address 198.51.100.9"}, {}, "down",
        f"{PROFILE}; {BOUND}", "",
    ),
    "no key to answer with": (
        {}, {"pre-shared-key address PEER": "pre-shared-key address 198.51.100.9"}, "down", OFFERING, OFFER,
    ),
    "no common policy": ({}, {"encr aes 256": "encr 3des"}, "down", OFFERING, OFFER),
    "IKE switched off at the caller": (
        {POLICY: f"no crypto isakmp enable\n{POLICY}"}, {}, "down", f"no crypto isakmp enable; {BOUND}", "",
    ),
    "IKE switched off at the other end": (
        {}, {POLICY: f"no crypto isakmp enable\n{POLICY}"}, "down", CALLING, "no crypto isakmp enable",
    ),
    "discarded on the way": (
        {" mode tunnel\n": " mode tunnel\nip route PEER 255.255.255.255 Null0\n"}, {}, "not-initiated",
        f"ip route {{peer}} 255.255.255.255 Null0; {BOUND}", "",
    ),
    "discarded on the way back": (
        {}, {" mode tunnel\n": " mode tunnel\nip route PEER 255.255.255.255 Null0\n"}, "unknown",
        CALLING, "ip route {peer} 255.255.255.255 Null0",
    ),
    "something undefined at the caller": (
        {"set transform-set TS": "set transform-set NO"}, {}, "down", f"set transform-set NO; {BOUND}", "",
    ),
    "something undefined at the other end": (
        {}, {"set transform-set TS": "set transform-set NO"}, "down", OFFERING, f"{ANSWERING}; {BOUND}",
    ),
    "an interface that is shut down": (
        {}, {" ip address OWN 255.255.255.0\n": " ip address OWN 255.255.255.0\n shutdown\n"}, "down",
        CALLING, "interface GigabitEthernet0/0",
    ),
    "other transforms": (
        {}, {"esp-sha256-hmac": "esp-sha-hmac"}, "down",
        WHOLE, f"{ANSWERING}; crypto ipsec transform-set TS esp-aes 256 esp-sha-hmac; {BOUND}",
    ),
    "a source in another VRF": (
        {" ip address OWN": " vrf forwarding X\n ip address OWN"}, {}, "up",
        f"{WHOLE}; interface GigabitEthernet0/0", f"{ANSWERING}; {SETS}; {BOUND}",
    ),
    "a name as identity": (
        {"   keyring K\n": "   keyring K\n   self-identity fqdn a.b\n"},
        {"match identity address PEER 255.255.255.255": "match identity host a.b"}, "up",
        f"{KEY}; {OFFER}; {PROFILE}; self-identity fqdn a.b; {SETS}; {BOUND}",
        f"{KEY}; {OFFER}; {PROFILE}; match identity host a.b; {SETS}; {BOUND}",
    ),
    "no profile for the identity": (
        {}, {"match identity address PEER": "match identity address 198.51.100.9"}, "down",
        OFFERING, f"{KEY}; {OFFER}; {BOUND}",
    ),
    "a key of a keyring that the profile does not list": (
        {},
        {
            POLICY: "crypto keyring S\n  pre-shared-key address 192.0.2.0 255.255.255.0 key sesame\n" + POLICY,
            "pre-shared-key address PEER": "pre-shared-key address 192.0.0.0 255.255.0.0",
        },
        "down", OFFERING,
        "pre-shared-key address 192.0.0.0 255.255.0.0; crypto keyring S; pre-shared-key address 192.0.2.0 255.255.255.0; "
        f"{OFFER}; {PROFILE}; {IDENTITY}",
    ),
    "keys that cannot be compared": (
        {"key sesame": "key 6 AABB"}, {"key sesame": "key 6 AACC"}, "unknown", WHOLE, f"{ANSWERING}; {SETS}; {BOUND}",
    ),
}  # fmt: skip

BOUND_2 = f"set ikev2-profile P; {TUNNEL}"
PEER = "crypto ikev2 keyring K; peer FAR"
POLICY_2 = "crypto ikev2 proposal PR; crypto ikev2 policy PO"
IDENTITY_2 = "match identity remote address {peer} 255.255.255.255"
OFFERING_2 = f"{POLICY_2}; {PEER}; crypto ikev2 profile P; {BOUND_2}"
ANSWERING_2 = f"{POLICY_2}; {PEER}; crypto ikev2 profile P; {IDENTITY_2}"
V2 = {
    "comes up": (
        {}, {}, "up", f"{POLICY_2}; {PEER}; crypto ikev2 profile P; {IDENTITY_2}; {SETS}; {BOUND_2}",
        f"{ANSWERING_2}; {SETS}; {BOUND_2}",
    ),
    "no common proposal": ({}, {"aes-cbc-256": "aes-cbc-128"}, "down", OFFERING_2, POLICY_2),
    "no key to start with": (
        {"  address PEER": "  address 198.51.100.9"}, {}, "down", f"crypto ikev2 profile P; keyring local K; {BOUND_2}", "",
    ),
    "no key to answer with": (
        {}, {"  address PEER": "  address 198.51.100.9"}, "down", OFFERING_2,
        f"{POLICY_2}; crypto ikev2 profile P; {IDENTITY_2}; keyring local K",
    ),
    "no profile for the identity": (
        {}, {"remote address PEER": "remote address 198.51.100.9"}, "down", OFFERING_2, f"{POLICY_2}; crypto ikev2 profile P",
    ),
    "an answer that the caller does not know": (
        {"remote address PEER": "remote address 198.51.100.9"}, {}, "half-open",
        f"{POLICY_2}; {PEER}; crypto ikev2 profile P; match identity remote address 198.51.100.9 255.255.255.255; "
        f"{SETS}; {BOUND_2}",
        f"{ANSWERING_2}; {SETS}; {BOUND_2}",
    ),
    "no end that names the caller": (
        {}, {"tunnel destination PEER": "tunnel destination 198.51.100.9"}, "down", OFFERING_2, ANSWERING_2,
    ),
    "an end that takes no such proxies": (
        {}, {" tunnel mode ipsec ipv4\n": ""}, "down", OFFERING_2, f"{ANSWERING_2}; {BOUND_2}",
    ),
    "a policy for another VRF": (
        {}, {"crypto ikev2 policy PO\n": "crypto ikev2 policy PO\n match fvrf X\n"}, "down",
        OFFERING_2, "crypto ikev2 policy PO",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("version", "changes"), [(1, row) for row in V1.values()] + [(2, row) for row in V2.values()], ids=[*V1, *V2]
)
def test_the_lines_of_a_verdict(version: int, changes: tuple[Changes, Changes, str, str, str]) -> None:
    a, b, outcome, ours, theirs = changes
    found = call(a, b, version=version)
    assert found.outcome == outcome
    assert sorted(cited(found, "A")) == sorted(split(ours.format(peer="192.0.2.2")))
    assert sorted(cited(found, "B")) == sorted(split(theirs.format(peer="192.0.2.1")))


def test_the_ends_of_a_tunnel_of_two_versions() -> None:
    found = first(
        router(text("A", "192.0.2.1", "192.0.2.2", 1, {})), router(text("B", "192.0.2.2", "192.0.2.1", 2, {}))
    )
    assert end(found) == ("down", "MM1", "ike-version-mismatch", "probable")
    assert sorted(cited(found, "A")) == sorted(split(CALLING.format(peer="192.0.2.2")))
    assert sorted(cited(found, "B")) == sorted(split(BOUND_2.format(peer="192.0.2.1")))
    assert found.responder_interface == "Tunnel1"
    back = first(router(text("A", "192.0.2.1", "192.0.2.2", 2, {})), router(text("B", "192.0.2.2", "192.0.2.1", 1, {})))
    assert end(back) == ("down", "SA_INIT", "ike-version-mismatch", "probable")


MEMBER = (
    "crypto map CM; crypto map CM 10 gdoi; crypto gdoi group GETVPN; identity number 4711; server address ipv4 198.51.100.1; "
    "crypto keyring KR; pre-shared-key address 198.51.100.1; crypto isakmp policy 10"
)
CLIENT = "crypto ipsec client ezvpn EZ; crypto ipsec client ezvpn EZ; group BRANCHES; peer 198.51.100.1"
LIKE_A_PEER = "the keys for a registration are looked up like any other peer's (CLIENT-GETVPN)"
WITH_A_KEY = "an EzVPN client with a group key starts aggressive mode (CLIENT-EZVPN)"
NEVER = "the keys of EzVPN groups are never compared, and a client's proposals are not in its configuration"
CLIENTS = {
    "getvpn/registration": (
        "up", MEMBER,
        "crypto isakmp policy 10; crypto keyring KR; pre-shared-key address 192.0.2.1; crypto gdoi group GETVPN; "
        "identity number 4711; server local; address ipv4 198.51.100.1",
        f"{LIKE_A_PEER}; a member that IKE stands for registers with the key server of its group (CLIENT-GETVPN)",
    ),
    "getvpn/no-key-on-the-key-server": ("down", MEMBER, "crypto isakmp policy 10", LIKE_A_PEER),
    "ezvpn/group-nobody-knows": (
        "down", CLIENT, "",
        f"{WITH_A_KEY}; the key of an EzVPN group stands in the group, with AAA, or serves the client's address (CLIENT-EZVPN)",
    ),
    "ezvpn/key-for-the-address": ("unknown", CLIENT, "", f"{WITH_A_KEY}; {NEVER}"),
    "ezvpn/group-with-aaa": (
        "unknown", CLIENT, "crypto isakmp profile EZ; match identity group BRANCHES", f"{WITH_A_KEY}; {NEVER}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CLIENTS)
def test_the_lines_of_a_call_that_asks_for_no_tunnel(case: str) -> None:
    outcome, ours, theirs, reading = CLIENTS[case]
    folder = Path(__file__).parents[1] / "cases" / case
    routers = [router(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.cfg"))]
    found = next(e for e in Fleet(routers).client_exchanges if e.outcome != "not-initiated")
    assert (found.outcome, [one.reading for one in found.readings]) == (outcome, [reading])
    assert sorted(cited(found, found.initiator)) == sorted(split(ours))
    assert sorted(cited(found, found.responder or "")) == sorted(split(theirs))


@pytest.mark.parametrize(("group", "outcome"), [("BRANCHES", "unknown"), ("OTHERS", "down")])
def test_a_group_that_the_server_knows_is_cited(group: str, outcome: str) -> None:
    folder = Path(__file__).parents[1] / "cases" / "ezvpn" / "group-nobody-knows"
    client, server = (path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.cfg")))
    named = f"crypto isakmp client configuration group {group}"
    routers = [
        router(client),
        router(server.replace("hostname SERVER\n", f"hostname SERVER\n{named}\n pool POOL\n!\n")),
    ]
    found = next(e for e in Fleet(routers).client_exchanges if e.outcome != "not-initiated")
    assert (found.outcome, cited(found, "SERVER")) == (outcome, [named] if group == "BRANCHES" else [])


def test_an_end_that_waits_elsewhere_is_named() -> None:
    found = call(b={" tunnel source": " tunnel vrf X\n tunnel source"})
    assert (found.outcome, found.reason, found.responder_interface) == ("down", "peer-address-mismatch", "Tunnel1")
