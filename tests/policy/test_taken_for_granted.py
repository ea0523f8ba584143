"""What a verdict takes for granted, and the readings that it weighs: all their words, one situation for each (DESIGN 3.2)."""

from __future__ import annotations

import pytest
from two_ends import POLICY, Changes, call, end, first, pair

TUNNEL = "interface Tunnel1\n"
UP = ("up", None, None, "probable")
AT_1 = ("down", "MM1", "incomplete-configuration", "probable")
ENDS_IT = "an end with an undefined reference, or shut down, accepts nothing (BIND-UNDEFINED)"
WHOLE_VRF = "the outer packets of a tunnel are in the VRF of `tunnel vrf`, not in that of its source (END-FVRF)"
BARE = POLICY.replace(" hash sha256\n", "").replace("encr aes", "encryption aes")
HIDES: Changes = {"hostname": "version 17.12\nhostname", POLICY: BARE}
HALVES: Changes = {
    "authentication remote pre-share": "authentication remote pre-share key sesame",
    "authentication local pre-share": "authentication local pre-share key sesame",
    " keyring local K\n": "",
}


def pfs(group: str) -> Changes:
    return {" set transform-set TS\n": f" set transform-set TS\n set pfs {group}\n"}


SITUATIONS: dict[str, tuple[Changes, Changes, int, tuple[object, ...], list[str]]] = {
    "no transform set at either end": (
        {" set transform-set TS\n": ""},
        {" set transform-set TS\n": ""},
        1,
        UP,
        ["an end without a transform set uses defaults that the other end accepts"],
    ),
    "no transform set at the initiator": (
        {" set transform-set TS\n": ""},
        {"esp-aes 256 esp-sha256-hmac": "esp-3des esp-sha-hmac"},
        1,
        ("down", "QM1", "no-common-transform", "probable"),
        ["the transform set of an end without one is AES in CBC (QM-TRANSFORM)"],
    ),
    "transport mode of a VTI": (
        {" mode tunnel\n": " mode transport\n"},
        {},
        1,
        UP,
        ["a VTI uses tunnel mode, whatever the mode of its transform set"],
    ),
    "PFS that nobody asked for": (
        pfs("group14"),
        {},
        1,
        UP,
        ["a responder without PFS takes an offer with it (QM-PFS)"],
    ),
    "PFS that is not offered": (
        {},
        pfs("group14"),
        1,
        ("down", "QM1", "pfs-mismatch", "probable"),
        ["a responder that requires PFS refuses an offer with another group or none (QM-PFS)"],
    ),
    "an unbound end": (
        {},
        {" set isakmp-profile P\n": ""},
        1,
        UP,
        ["an end without a bound profile takes any profile (U-6)"],
    ),
    "GRE at one end": (
        {" tunnel mode ipsec ipv4\n": ""},
        {},
        1,
        ("down", "QM1", "proxy-mismatch", "probable"),
        ["a GRE end pairs with no IPsec-mode end (QM-PROXIES)"],
    ),
    "a responder's end shut down": ({}, {TUNNEL: f"{TUNNEL} shutdown\n"}, 1, ("down", "QM1", *AT_1[2:]), [ENDS_IT]),
    "a responder's end shut down, v2": (
        {},
        {TUNNEL: f"{TUNNEL} shutdown\n"},
        2,
        ("down", "AUTH", *AT_1[2:]),
        [ENDS_IT],
    ),
    "a responder's end that refers to nothing": (
        {},
        {"set transform-set TS": "set transform-set NONE"},
        2,
        ("down", "AUTH", *AT_1[2:]),
        [ENDS_IT],
    ),
    "an initiator's end that refers to nothing": (
        {"set transform-set TS": "set transform-set NONE"},
        {},
        1,
        AT_1,
        ["an end that refers to something undefined does not negotiate (BIND-UNDEFINED)"],
    ),
    "a route to Null0": (
        {POLICY: "ip route PEER 255.255.255.255 Null0\n" + POLICY},
        {},
        1,
        ("not-initiated", None, "null-route", "probable"),
        ["a router does not reach a peer that a static route to Null0 stands for (ROUTE-NULL0)"],
    ),
    "IKE switched off at the initiator": (
        {POLICY: "no crypto isakmp enable\n" + POLICY},
        {},
        1,
        AT_1,
        ["a router with `no crypto isakmp enable` starts no IKEv1 (IKE-ENABLED)"],
    ),
    "IKE switched off at the responder": (
        {},
        {POLICY: "no crypto isakmp enable\n" + POLICY},
        1,
        AT_1,
        ["a router with `no crypto isakmp enable` answers no IKEv1 (IKE-ENABLED)"],
    ),
    "the interface called is shut down": (
        {},
        {"interface GigabitEthernet0/0\n": "interface GigabitEthernet0/0\n shutdown\n"},
        1,
        AT_1,
        ["an interface that is shut down answers nothing"],
    ),
    "a tunnel's VRF at the initiator": (
        {" tunnel source": " tunnel vrf X\n tunnel source", "crypto keyring K": "crypto keyring K vrf X"},
        {},
        1,
        UP,
        [WHOLE_VRF],
    ),
    "a tunnel's VRF at the responder": (
        {},
        {" tunnel source": " tunnel vrf X\n tunnel source"},
        1,
        ("down", "QM1", "peer-address-mismatch", "probable"),
        ["a packet arrives in the VRF of the interface, not in the one that `tunnel vrf` names (END-FVRF)"],
    ),
    "no profile for the peer, none bound": (
        {},
        {" set isakmp-profile P\n": "", "match identity address PEER": "match identity address 198.51.100.9"},
        1,
        UP,
        ["a responder authenticates a peer that matches none of its profiles (KEY-VERIFY)"],
    ),
    "no profile for the peer, one bound": (
        {},
        {"match identity address PEER": "match identity address 198.51.100.9"},
        1,
        ("down", "QM1", "profile-binding", "probable"),
        [
            "B refuses a peer of no profile where P is bound",
            "B accepts a peer of no profile where P is bound",
        ],
    ),
    "a bound profile without a match": (
        {"   match identity address PEER 255.255.255.255\n": ""},
        {},
        1,
        UP,
        ["a profile without a match statement still serves its initiator (PROFILE-INITIATOR)"],
    ),
    "a bound profile elsewhere": (
        {"   keyring K\n": "   keyring K\n   local-address 198.51.100.1\n"},
        {},
        1,
        UP,
        [
            "a bound profile serves its initiator whatever its local-address (PROFILE-INITIATOR)",
            "a bound profile does not serve an initiator that its local-address keeps out",
        ],
    ),
    "a key for a name only": (
        {"pre-shared-key address PEER": "pre-shared-key hostname far.example.net"},
        {},
        1,
        ("down", "MM1", "no-key-on-initiator", "probable"),
        ["a host-name key is no key for an address (KEY-ADDRESS-ONLY, MODE-AGGRESSIVE, U-14)"],
    ),
    "host bits in a key's address": (
        {},
        {"address PEER key": "address 192.0.2.7 255.255.255.0 key"},
        1,
        UP,
        ["a key's address is compared under its mask, whatever its host bits (U-15)"],
    ),
    "two keyrings listed": (
        {},
        {
            POLICY: "crypto keyring L\n  pre-shared-key address 198.51.100.9 key sesame\n" + POLICY,
            "   keyring K\n": "   keyring L\n   keyring K\n",
        },
        1,
        UP,
        ["any keyring that the profile lists passes the verification (U-3)"],
    ),
    "a profile without a keyring": (
        {},
        {"   keyring K\n": ""},
        1,
        ("down", "MM5", "keyring-verification", "probable"),
        ["a profile without a keyring uses the global keys only", "a profile without a keyring uses any keyring"],
    ),
    "certificates without a trust-point": (
        {POLICY: POLICY.replace(" authentication pre-share\n", "")},
        {POLICY: POLICY.replace(" authentication pre-share\n", "")},
        1,
        ("down", "MM1", "authentication-method", "probable"),
        ["without a trust-point a policy with certificates is not acceptable (POLICY-AGREE)"],
    ),
    "a hidden hash": (
        HIDES,
        {},
        1,
        ("unknown", None, None, "unknown"),
        [
            "the hidden policy defaults of the two releases agree",
            "the hidden policy defaults of the two releases differ",
        ],
    ),
    "keys in the IKEv2 profile": (HALVES, HALVES, 2, ("up", None, None, "certain"), []),
    "a block by its host name": (
        {
            "  address PEER\n": "  hostname far.example.net\n",
            "tunnel destination PEER": "tunnel destination far.example.net",
            "hostname A\n": "hostname A\nip host far.example.net PEER\n",
        },
        {},
        2,
        UP,
        ["an initiator looks for a peer block by host name, then by address (IKEV2-KEYS)"],
    ),
    "a post-quantum key": (
        {"  pre-shared-key sesame\n": "  pre-shared-key sesame\n  ppk manual id 1 key sesame\n"},
        {},
        2,
        UP,
        ["post-quantum keys and key exchanges of the two ends agree (IKEV2-QUANTUM)"],
    ),
    "bound to another IKEv2 profile": (
        {},
        {
            "crypto ikev2 profile P\n": (
                "crypto ikev2 profile Q\n match identity remote fqdn a.b\n authentication remote pre-share\n"
                " authentication local pre-share\n keyring local K\n!\ncrypto ikev2 profile P\n"
            ),
            "set ikev2-profile P": "set ikev2-profile Q",
        },
        2,
        ("down", "AUTH", "profile-binding", "probable"),
        ["an end bound to another IKEv2 profile refuses the child SA, as in IKEv1 (BIND-PROFILE)"],
    ),
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_what_is_taken_for_granted(name: str) -> None:
    a, b, version, verdict, words = SITUATIONS[name]
    found = call(a, b, version=version)
    assert (end(found), [reading.reading for reading in found.readings]) == (verdict, words)
    assert [reading.primary for reading in found.readings] == [n == 0 for n in range(len(words))]


@pytest.mark.parametrize("version", [1, 2])
def test_ends_of_two_versions(version: int) -> None:
    found = first(pair(version=version)[0], pair(version=3 - version)[1])
    assert [reading.reading for reading in found.readings] == ["one tunnel end does not serve both IKE versions (U-9)"]


@pytest.mark.parametrize(
    ("change", "by", "told"),
    [
        ({"encr aes 256": "encr aes"}, "keylength of", "128"),
        ({"encr aes 256": "encr aes 192"}, "keylength of", "192"),
        ({"encr aes 256": "encr 3des"}, "encryption", "3DES-CBC"),
        ({" group 14": " group 14\n lifetime 60"}, "life duration", "(basic) of 60"),
        ({" group 14": " group 14\n lifetime 65535"}, "life duration", "(basic) of 65535"),
        ({" group 14": " group 14\n lifetime 65536"}, "life duration", "(VPI) of 0x0 0x1 0x0 0x0"),
        ({"hash sha256": "hash md5"}, "hash", "MD5"),
        ({"group 14": "group 2"}, "default group", "2"),
    ],
)
def test_how_an_offer_is_printed(change: Changes, by: str, told: str) -> None:
    """As `debug crypto isakmp` has it: a lifetime of more than two octets as octets (DEBUG-LINES)."""
    found = call(change, change)
    assert {line.line for line in found.transcript if line.line.startswith(f"{by} ")} == {f"{by} {told}"}
    if "3des" in str(change):
        assert not [line for line in found.transcript if "keylength" in line.line]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"encr aes 256": "encr 3des"}, "Encryption algorithm offered"),
        ({"hash sha256": "hash md5"}, "Hash algorithm offered"),
        ({"group 14": "group 2"}, "Diffie-Hellman group offered"),
        ({"authentication pre-share": "authentication rsa-sig"}, "Authentication method offered"),
    ],
)
def test_what_a_responder_complains_of(change: Changes, complaint: str) -> None:
    told = [line.line for line in call(b=change).transcript if line.line.endswith("match policy!")]
    assert told == [f"{complaint} does not match policy!"]
