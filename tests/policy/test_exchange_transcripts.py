"""Whole transcripts, one for each way an exchange can go: what the two routers would print, line by line (DOMAIN 5).

Each pair starts as one that comes up by every rule; a test changes the one thing that it is about.
"""

from __future__ import annotations

import pytest
from two_ends import POLICY, Changes, call, end

from ikeaudit.exchange import Exchange


def said(found: Exchange) -> list[str]:
    return [f"{line.router}: {line.line}" for line in found.transcript]


START = [
    "A: SA request profile is P",
    "A: Can not start Aggressive mode, trying Main mode.",
    "A: Found ADDRESS key in keyring K",
    "A: beginning Main Mode exchange",
]
OFFER = [
    "encryption AES-CBC",
    "keylength of 256",
    "hash SHA256",
    "default group 14",
    "auth pre-share",
    "life type in seconds",
    "life duration (VPI) of 0x0 0x1 0x51 0x80",
]
TRANSFORM = ["Checking ISAKMP transform 1 against priority 10 policy", *OFFER]


def by(router: str, *lines: str) -> list[str]:
    return [f"{router}: {line}" for line in lines]


RECEIVED = ["B: processing SA payload. message ID = 0"]
BLIND = [
    "B: key for 192.0.2.1 not available in default",
    "B: key for 192.0.2.1 found in K",
    "B: ISAKMP: Selecting 192.0.2.1,255.255.255.255 as final key",
    "B: found peer pre-shared key matching 192.0.2.1",
]
LOOKED = ["B: local preshared key found", "B: Scanning profiles for xauth ... P"]
ACCEPTED = by("B", *TRANSFORM, "atts are acceptable. Next payload is 0")
AGREED = [*RECEIVED, *BLIND, *LOOKED, *ACCEPTED]
ANSWERED = by(
    "A",
    "processing SA payload. message ID = 0",
    "Found ADDRESS key in keyring K",
    "local preshared key found",
    "Looking for xauth in profile P",
    *TRANSFORM,
    "atts are acceptable. Next payload is 0",
)
KEYS = ["processing KE payload. message ID = 0", "processing NONCE payload. message ID = 0"]
EXCHANGED = [*by("B", *KEYS), *BLIND, *by("A", *KEYS, "Found ADDRESS key in keyring K")]
ID_OF = {"A": ["ID payload", "type : 1", "address : 192.0.2.1"], "B": ["ID payload", "type : 1", "address : 192.0.2.2"]}
PRESENTED = by("A", "SA is doing pre-shared key authentication using id type ID_IPV4_ADDR", *ID_OF["A"])
IDENTIFIED = by(
    "B",
    "processing ID payload. message ID = 0",
    *ID_OF["A"],
    "peer matches P profile",
    "key for 192.0.2.1 not available in default",
    "key for 192.0.2.1 found in K",
    "ISAKMP: Selecting 192.0.2.1,255.255.255.255 as final key",
    "Found ADDRESS key in keyring K",
)
AUTHENTICATED = [
    "B: processing HASH payload. message ID = 0",
    "B: SA authentication status: authenticated",
    "B: SA has been authenticated with 192.0.2.1",
    "B: SA authentication status: authenticated",
    *by("B", "SA is doing pre-shared key authentication using id type ID_IPV4_ADDR", *ID_OF["B"]),
    *by("A", "processing ID payload. message ID = 0", *ID_OF["B"], "processing HASH payload. message ID = 0"),
    "A: SA authentication status: authenticated",
    "A: SA has been authenticated with 192.0.2.2",
]
QUICK = ["A: beginning Quick Mode exchange", "B: Checking IPsec proposal 1"]
BEFORE_ID = [*START, *AGREED, *ANSWERED, *EXCHANGED, *PRESENTED]
PHASE_1 = [*BEFORE_ID, *IDENTIFIED, *AUTHENTICATED]
UP = ["B: atts are acceptable.", "B: Creating IPSec SAs"]


def refused(error: int) -> list[str]:
    return [
        f"B: IPSec policy invalidated proposal with error {error}",
        "B: phase 2 SA policy not acceptable! (local 192.0.2.2 remote 192.0.2.1)",
        "B: Sending NOTIFY PROPOSAL_NOT_CHOSEN protocol 3",
        "A: processing NOTIFY PROPOSAL_NOT_CHOSEN protocol 3",
        'A: deleting node error FALSE reason "Delete Larval"',
    ]


NO_MAP = [
    "B: atts are acceptable.",
    "B: map_db_find_best did not find matching map",
    "B: IPSEC(ipsec_process_proposal): proxy identities not supported",
]


class TestMainMode:
    def test_up(self) -> None:
        found = call()
        assert end(found) == ("up", None, None, "certain")
        assert said(found) == [*PHASE_1, *QUICK, *UP]
        assert (found.initiator_profile, found.initiator_keyring, found.responder_keyring, found.responder_profile) == (
            "P",
            "K",
            "K",
            "P",
        )
        assert (found.mode, found.ike_version, found.peer) == ("main", 1, "192.0.2.2")
        assert (found.initiator_interface, found.responder_interface) == ("Tunnel1", "Tunnel1")
        assert found.readings == ()

    def test_no_key_at_the_initiator(self) -> None:
        found = call({"pre-shared-key address PEER": "pre-shared-key address 198.51.100.9"})
        assert end(found) == ("down", "MM1", "no-key-on-initiator", "certain")
        assert said(found) == [
            "A: SA request profile is P",
            "A: Can not start Aggressive mode, trying Main mode.",
            "A: No pre-shared key with 192.0.2.2!",
            "A: No Cert or pre-shared address key.",
            "A: construct_initial_message: Can not start Main mode",
        ]
        assert (found.initiator_keyring, found.responder_keyring) == (None, None)

    @pytest.mark.parametrize("first", ["pre-share", "rsa-sig"])
    def test_the_key_is_looked_up_where_any_of_the_offers_wants_one(self, first: str) -> None:
        """Before the offers are compared, and whether one is accepted or not."""
        second = {"pre-share": "rsa-sig", "rsa-sig": "pre-share"}[first]
        policy = POLICY.replace("pre-share", first)
        two = policy + POLICY.replace("pre-share", second).replace("policy 10", "policy 20")
        other = {"encr aes 256": "encr 3des", "hash sha256": "hash md5", "group 14": "group 2"}
        found = call({POLICY: "crypto pki trustpoint CA\n!\n" + two}, other)
        assert end(found)[:3] == ("down", "MM1", "no-common-ike-policy")
        assert said(found)[: len([*START, *RECEIVED, *BLIND, *LOOKED])] == [*START, *RECEIVED, *BLIND, *LOOKED]

    def test_no_common_policy(self) -> None:
        found = call(b={"encr aes 256": "encr 3des", "hash sha256": "hash md5", "group 14": "group 2"})
        assert end(found) == ("down", "MM1", "no-common-ike-policy", "certain")
        assert said(found) == [
            *START, *RECEIVED, *BLIND, *LOOKED,
            *by("B", *TRANSFORM, "Encryption algorithm offered does not match policy!"),
            "B: atts are not acceptable. Next payload is 0",
            "B: no offers accepted!",
            "B: phase 1 SA policy not acceptable! (local 192.0.2.2 remote 192.0.2.1)",
            "A: processing NOTIFY NO_PROPOSAL_CHOSEN protocol 1",
        ]  # fmt: skip

    def test_another_way_to_authenticate(self) -> None:
        found = call(b={"authentication pre-share": "authentication rsa-sig"})
        assert end(found) == ("down", "MM1", "authentication-method", "certain")
        assert "B: Authentication method offered does not match policy!" in said(found)

    def test_the_second_offer_is_taken(self) -> None:
        second = POLICY + POLICY.replace("policy 10", "policy 20").replace("aes 256", "aes 192")
        found = call({POLICY: second}, {"encr aes 256": "encr aes 192"})
        assert end(found)[0] == "up"
        assert "B: Checking ISAKMP transform 2 against priority 10 policy" in said(found)

    def test_no_key_at_the_responder(self) -> None:
        found = call(b={"pre-shared-key address PEER": "pre-shared-key address 198.51.100.9"})
        assert end(found) == ("down", "MM1", "no-key-on-responder", "certain")
        assert said(found) == [
            *START, *RECEIVED,
            "B: key for 192.0.2.1 not available in default",
            "B: No pre-shared key with 192.0.2.1!",
            "B: Scanning profiles for xauth ... P",
            *by("B", *TRANSFORM, "Preshared authentication offered but does not match policy!"),
            "B: atts are not acceptable. Next payload is 0",
            "B: no offers accepted!",
            "B: phase 1 SA policy not acceptable! (local 192.0.2.2 remote 192.0.2.1)",
        ]  # fmt: skip
        assert "B: atts are acceptable. Next payload is 0" not in said(found)

    def test_other_keys(self) -> None:
        found = call(b={"key sesame": "key walnut"})
        assert end(found) == ("down", "MM5", "psk-mismatch", "certain")
        assert said(found) == [
            *BEFORE_ID,
            "B: reserved not zero on ID payload!",
            "B: %CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from 192.0.2.1 failed its sanity check or is malformed",
            "A: retransmitting phase 1 MM_KEY_EXCH...",
        ]  # fmt: skip
        assert (found.responder_keyring, found.responder_profile) == ("K", None)

    def test_keyring_verification(self) -> None:
        steal = "crypto keyring S\n  pre-shared-key address 192.0.2.0 255.255.255.0 key sesame\n"
        wide = {"pre-shared-key address PEER": "pre-shared-key address 192.0.0.0 255.255.0.0", POLICY: steal + POLICY}
        found = call(b=wide)
        assert end(found) == ("down", "MM5", "keyring-verification", "certain")
        blind = [
            "B: key for 192.0.2.1 not available in default",
            "B: key for 192.0.2.1 found in K",
            "B: ISAKMP: Selecting 192.0.0.0,255.255.0.0 as key",
            "B: key for 192.0.2.1 found in S",
            "B: ISAKMP: Selecting 192.0.2.0,255.255.255.0 as key",
            "B: found peer pre-shared key matching 192.0.2.1",
        ]
        assert said(found) == [
            *START, *RECEIVED, *blind, *LOOKED, *ACCEPTED, *ANSWERED,
            *by("B", *KEYS), *blind, *by("A", *KEYS, "Found ADDRESS key in keyring K"), *PRESENTED,
            *by("B", "processing ID payload. message ID = 0", *ID_OF["A"], "peer matches P profile"),
            *blind[:3],
            "B: Found ADDRESS key in keyring K",
            "B: Key not found in keyrings of profile , aborting exchange",
            "B: FSM action returned error: 2",
        ]  # fmt: skip
        assert (found.responder_keyring, found.responder_profile) == ("S", "P")

    def test_a_global_key_is_searched_first(self) -> None:
        found = call(b={POLICY: POLICY + "crypto isakmp key sesame address 0.0.0.0\n"})
        assert end(found) == ("down", "MM5", "keyring-verification", "certain")
        assert said(found)[len(START + RECEIVED) :][:3] == [
            "B: key for 192.0.2.1 found in default",
            "B: ISAKMP: Selecting 0.0.0.0,0.0.0.0 as key",
            "B: found peer pre-shared key matching 192.0.2.1",
        ]
        assert found.responder_keyring == "default"

    def test_a_peer_of_no_profile(self) -> None:
        found = call(b={"match identity address PEER": "match identity address 198.51.100.9"})
        assert end(found) == ("down", "QM1", "profile-binding", "probable")
        assert said(found) == [
            *BEFORE_ID,
            *by("B", "processing ID payload. message ID = 0", *ID_OF["A"]),
            "B: peer matches *none* of the profiles",
            *AUTHENTICATED, *QUICK,
            NO_MAP[0],
            "B: map_db_check_isakmp_profile profile did not match",
            *NO_MAP[1:], *refused(32),
        ]  # fmt: skip
        assert found.responder_profile is None
        assert [r.outcome for r in found.readings] == ["down", "up"]

    def test_names_as_identities(self) -> None:
        for kind, shown, match in (
            ("fqdn a.b", "ID_FQDN", "host a.b"),
            ("user-fqdn u@a.b", "ID_USER_FQDN", "user u@a.b"),
        ):
            found = call(
                {"   keyring K\n": f"   keyring K\n   self-identity {kind}\n"},
                {"match identity address PEER 255.255.255.255": f"match identity {match}"},
            )
            assert end(found) == ("up", None, None, "certain")
            assert f"A: SA is doing pre-shared key authentication using id type {shown}" in said(found)

    def test_the_router_may_present_its_distinguished_name(self) -> None:
        found = call({POLICY: POLICY + "crypto isakmp identity dn\n"})
        assert end(found) == ("up", None, None, "probable")
        assert ("down", "profile-binding") in [(r.outcome, r.reason) for r in found.readings]

    def test_unbound(self) -> None:
        """A VTI starts with the most specific profile (10.1 C-4); the other reading: with none, verified at MM6."""
        found = call({" set isakmp-profile P\n": ""})
        assert end(found) == ("up", None, None, "certain")
        assert said(found) == [*PHASE_1, *QUICK, *UP]

    def test_unbound_and_of_no_profile(self) -> None:
        found = call(
            {" set isakmp-profile P\n": "", "match identity address PEER": "match identity address 198.51.100.9"}
        )
        assert end(found) == ("up", None, None, "certain")
        lines = said(found)
        assert lines[:6] == [
            "A: SA request profile is (NULL)",
            "A: Can not start Aggressive mode, trying Main mode.",
            "A: key for 192.0.2.2 not available in default",
            "A: key for 192.0.2.2 found in K",
            "A: ISAKMP: Selecting 192.0.2.2,255.255.255.255 as final key",
            "A: found peer pre-shared key matching 192.0.2.2",
        ]
        assert "A: peer matches *none* of the profiles" in lines
        at = lines.index("A: processing SA payload. message ID = 0")
        assert lines[at + 1 : at + 3] == [
            "A: found peer pre-shared key matching 192.0.2.2",
            "A: local preshared key found",
        ]
        assert found.initiator_profile is None


class TestQuickMode:
    def test_other_transforms(self) -> None:
        found = call(b={"esp-aes 256 esp-sha256-hmac": "esp-aes 256 esp-sha-hmac"})
        assert end(found) == ("down", "QM1", "no-common-transform", "certain")
        words = "B: IPSEC(validate_proposal): transform proposal not supported for identity: 192.0.2.2"
        assert said(found) == [*PHASE_1, *QUICK, words, *refused(256)]

    def test_pfs_of_the_responder_only(self) -> None:
        found = call(b={" set transform-set TS\n": " set transform-set TS\n set pfs group14\n"})
        assert end(found) == ("down", "QM1", "pfs-mismatch", "probable")
        assert said(found) == [*PHASE_1, *QUICK, *refused(64)]

    def test_pfs_of_the_initiator_only(self) -> None:
        assert end(call({" set transform-set TS\n": " set transform-set TS\n set pfs group14\n"})) == (
            "up",
            None,
            None,
            "probable",
        )

    def test_pfs_of_both(self) -> None:
        change = {" set transform-set TS\n": " set transform-set TS\n set pfs group14\n"}
        assert end(call(change, change)) == ("up", None, None, "certain")
        other = {" set transform-set TS\n": " set transform-set TS\n set pfs group19\n"}
        assert end(call(change, other)) == ("down", "QM1", "pfs-mismatch", "probable")

    def test_another_profile_is_bound(self) -> None:
        second = (
            "crypto isakmp profile Q\n   keyring K\n   match identity address 198.51.100.9\n!\ncrypto ipsec transform"
        )
        found = call(b={"set isakmp-profile P": "set isakmp-profile Q", "crypto ipsec transform": second})
        assert end(found) == ("down", "QM1", "profile-binding", "certain")
        words = "B: map_db_check_isakmp_profile profile did not match"
        phase_1 = [line for line in PHASE_1 if "Scanning profiles" not in line]  # B has two
        assert said(found) == [*phase_1, *QUICK, NO_MAP[0], words, *NO_MAP[1:], *refused(32)]
        assert (found.responder_profile, found.responder_interface) == ("P", "Tunnel1")

    def test_nothing_bound_takes_any_profile(self) -> None:
        assert end(call(b={" set isakmp-profile P\n": ""})) == ("up", None, None, "probable")

    def test_gre_against_ipsec_mode(self) -> None:
        found = call(b={" tunnel mode ipsec ipv4\n": ""})
        assert end(found) == ("down", "QM1", "proxy-mismatch", "probable")
        assert said(found) == [*PHASE_1, *QUICK, *NO_MAP, *refused(32)]

    def test_no_end_names_the_caller(self) -> None:
        found = call(b={"tunnel destination PEER": "tunnel destination 198.51.100.9"})
        assert end(found) == ("down", "QM1", "peer-address-mismatch", "certain")
        assert said(found) == [*PHASE_1, *QUICK, *NO_MAP, *refused(32)]

    def test_the_mode_of_a_transform_set_does_not_count_for_a_vti(self) -> None:
        change = {" mode tunnel\n": " mode transport\n"}
        assert end(call(b=change)) == ("up", None, None, "probable")
        gre = {" tunnel mode ipsec ipv4\n": ""}
        assert end(call(gre, gre)) == ("up", None, None, "certain")
        assert end(call(gre, {**gre, **change})) == ("down", "QM1", "no-common-transform", "certain")

    def test_one_set_in_common_is_enough(self) -> None:
        more = "crypto ipsec transform-set T2 esp-3des esp-md5-hmac\n!\ncrypto ipsec profile"
        two = {"crypto ipsec profile": more, "set transform-set TS": "set transform-set T2 TS"}
        assert end(call(b=two)) == ("up", None, None, "certain")
        assert end(call(two)) == ("up", None, None, "certain")

    def test_an_end_that_is_shut_down_accepts_nothing(self) -> None:
        found = call(b={" tunnel source": " shutdown\n tunnel source"})
        assert end(found) == ("down", "QM1", "incomplete-configuration", "probable")


POLICY_V2 = "crypto ikev2 policy PO\n"
V2_START = [
    "A: Getting preshared key from profile keyring K",
    "A: Matched peer block FAR",
]
V2_SELECTED = [
    "B: Searching policy based on peer's identity '192.0.2.1'",
    "B: found matching IKEv2 profile 'P'",
    "B: Getting preshared key from profile keyring K",
    "B: Matched peer block FAR",
    "B: Use preshared key for id 192.0.2.1",
]
PASSED = "B: Verification of peer's authentication data PASSED"


class TestIkev2:
    def call(self, a: Changes | None = None, b: Changes | None = None) -> Exchange:
        return call(a, b, version=2)

    def test_up(self) -> None:
        found = self.call()
        assert end(found) == ("up", None, None, "certain")
        assert said(found) == [
            *V2_START, *V2_SELECTED, PASSED,
            "A: IKEV2 SA created; inserting SA into database. Session is UP",
        ]  # fmt: skip
        assert (found.mode, found.ike_version) == (None, 2)
        assert (found.initiator_profile, found.initiator_keyring, found.responder_keyring, found.responder_profile) == (
            "P",
            "K",
            "K",
            "P",
        )

    def test_no_common_proposal(self) -> None:
        for old, new in (
            ("aes-cbc-256", "aes-cbc-128"),
            ("integrity sha256", "integrity sha512"),
            ("group 14", "group 19"),
        ):
            found = self.call(b={old: new})
            assert end(found) == ("down", "SA_INIT", "no-common-ike-policy", "certain")
            assert said(found) == [
                *V2_START,
                "B: Received Policies: Failed to find a matching policy",
                "A: Received no proposal chosen notify",
            ]

    def test_one_algorithm_of_each_kind_in_common_is_enough(self) -> None:
        found = self.call(
            {
                "aes-cbc-256": "aes-cbc-128 aes-cbc-256",
                "integrity sha256": "integrity sha512 sha256",
                "group 14": "group 19 14",
            }
        )
        assert end(found) == ("up", None, None, "certain")

    def test_a_combined_cipher_needs_no_integrity(self) -> None:
        gcm = {" encryption aes-cbc-256\n integrity sha256\n": " encryption aes-gcm-256\n prf sha256\n"}
        other = {" encryption aes-cbc-256\n integrity sha256\n": " encryption aes-gcm-256\n prf sha512\n"}
        assert end(self.call(gcm, gcm)) == ("up", None, None, "certain")
        assert end(self.call(gcm, other)) == ("down", "SA_INIT", "no-common-ike-policy", "certain")
        bare = {
            " encryption aes-cbc-256\n integrity sha256\n": " encryption aes-gcm-256\n"
        }  # what is not said cannot differ
        assert (
            end(self.call(bare, gcm))
            == end(self.call(gcm, bare))
            == end(self.call(bare, bare))
            == end(self.call(gcm, gcm))
        )

    def test_no_key_at_the_initiator(self) -> None:
        found = self.call({"  address PEER": "  address 198.51.100.9"})
        assert end(found) == ("down", "SA_INIT", "no-key-on-initiator", "certain")
        assert said(found) == ["A: Getting preshared key from profile keyring K"]

    def test_no_key_at_the_responder(self) -> None:
        found = self.call(b={"  address PEER": "  address 198.51.100.9"})
        assert end(found) == ("down", "AUTH", "no-key-on-responder", "certain")
        assert said(found) == [*V2_START, *V2_SELECTED[:3]]

    def test_other_keys(self) -> None:
        found = self.call(b={"pre-shared-key sesame": "pre-shared-key walnut"})
        assert end(found) == ("down", "AUTH", "psk-mismatch", "certain")
        assert said(found) == [
            *V2_START, *V2_SELECTED,
            "B: Verification of peer's authentication data FAILED",
            "B: Failed to authenticate the IKE SA",
            "A: Verification of peer's authentication data FAILED",
            "A: Failed to authenticate the IKE SA",
        ]  # fmt: skip

    def test_the_answer_proves_another_key(self) -> None:
        found = self.call(
            b={"pre-shared-key sesame": "pre-shared-key local walnut\n  pre-shared-key remote sesame"},
        )
        assert end(found) == ("down", "AUTH", "psk-mismatch", "probable")
        assert said(found) == [
            *V2_START, *V2_SELECTED, PASSED,
            "A: Verification of peer's authentication data FAILED",
            "A: Failed to authenticate the IKE SA",
        ]  # fmt: skip
        assert [(r.outcome, r.reason) for r in found.readings] == [
            ("down", "psk-mismatch"),
            ("half-open", "psk-mismatch"),
        ]

    def test_no_profile_for_the_identity(self) -> None:
        found = self.call(b={"remote address PEER": "remote address 198.51.100.9"})
        assert end(found) == ("down", "AUTH", "identity-not-matched", "certain")
        assert said(found) == [
            *V2_START,
            "B: Searching policy based on peer's identity '192.0.2.1'",
            "B: % IKEv2 profile not found",
            "B: Failed to locate an item in the database",
        ]

    def test_the_initiator_does_not_know_the_answer(self) -> None:
        found = self.call({"remote address PEER": "remote address 198.51.100.9"})
        assert end(found) == ("half-open", "AUTH", "identity-not-matched", "certain")
        assert said(found) == [
            *V2_START, *V2_SELECTED, PASSED,
            "A: Searching policy based on peer's identity '192.0.2.2'",
            "A: Failed to locate an item in the database",
            "A: Auth exchange failed",
            "B: %CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet from 192.0.2.1 has invalid spi",
        ]  # fmt: skip

    def test_other_transforms(self) -> None:
        found = self.call(b={"esp-aes 256 esp-sha256-hmac": "esp-aes 256 esp-sha-hmac"})
        assert end(found) == ("down", "AUTH", "no-common-transform", "certain")
        assert said(found) == [
            *V2_START, *V2_SELECTED, PASSED,
            "B: Received Policies: ESP: Failed to find a matching policy",
            "A: NOTIFY(NO_PROPOSAL_CHOSEN)",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        "change", [{" tunnel source": " shutdown\n tunnel source"}, {"set transform-set TS": "set transform-set NO"}]
    )
    def test_an_end_that_is_shut_down_or_not_whole_accepts_nothing(self, change: Changes) -> None:
        found = self.call(b=change)
        assert end(found) == ("down", "AUTH", "incomplete-configuration", "probable")
        assert said(found) == [*V2_START, *V2_SELECTED, PASSED, "B: TS_UNACCEPTABLE"]
        assert end(self.call(change))[0] in ("down", "not-initiated")

    def test_no_end_names_the_caller(self) -> None:
        found = self.call(b={"tunnel destination PEER": "tunnel destination 198.51.100.9"})
        assert end(found) == ("down", "AUTH", "peer-address-mismatch", "certain")
        assert said(found) == [*V2_START, *V2_SELECTED, PASSED, "B: TS_UNACCEPTABLE"]

    def test_gre_against_ipsec_mode(self) -> None:
        found = self.call(b={" tunnel mode ipsec ipv4\n": ""})
        assert end(found) == ("down", "AUTH", "proxy-mismatch", "probable")
        assert said(found) == [*V2_START, *V2_SELECTED, PASSED, "B: TS_UNACCEPTABLE"]

    def test_methods(self) -> None:
        found = self.call(b={"authentication remote pre-share": "authentication remote rsa-sig"})
        assert end(found) == ("down", "AUTH", "authentication-method", "certain")
        answer = self.call(b={"authentication local pre-share": "authentication local rsa-sig"})
        assert end(answer) == ("down", "AUTH", "authentication-method", "probable")
        assert [(r.outcome, r.reason) for r in answer.readings] == [
            ("down", "authentication-method"),
            ("half-open", "authentication-method"),
        ]
        either = self.call(
            {"authentication remote pre-share": "authentication remote rsa-sig\n authentication remote pre-share"}
        )
        assert end(either) == ("up", None, None, "certain")

    def test_a_profile_that_only_answers(self) -> None:
        assert end(self.call({" keyring local K": " match inbound-only\n keyring local K"}))[0] == "not-initiated"
        assert end(self.call(b={" keyring local K": " match inbound-only\n keyring local K"}))[0] == "up"

    def test_profiles_that_are_not_whole(self) -> None:
        for gone in (
            " authentication remote pre-share\n",
            " authentication local pre-share\n",
            " match identity remote address PEER 255.255.255.255\n",
        ):
            assert end(self.call({gone: ""})) == ("down", "SA_INIT", "incomplete-configuration", "certain")
        assert end(self.call({" keyring local K": " shutdown\n keyring local K"})) == (
            "down",
            "SA_INIT",
            "incomplete-configuration",
            "certain",
        )
        for gone in (" authentication remote pre-share\n", " authentication local pre-share\n"):
            assert end(self.call(b={gone: ""})) == ("down", "AUTH", "incomplete-configuration", "certain")

    def test_pfs_shows_at_the_first_rekey(self) -> None:
        """RFC 7296, 1.2: the first child SA has no key exchange of its own; the shorter lifetime rekeys first."""
        pfs = {" set transform-set TS\n": " set transform-set TS\n set pfs group14\n"}
        other = {" set transform-set TS\n": " set transform-set TS\n set pfs group19\n"}
        short = " set transform-set TS\n set pfs group19\n set security-association lifetime seconds 1800\n"
        one_day = f"crypto ipsec security-association lifetime days 1\n!\n{POLICY_V2}"
        for a, b, seconds in (
            ({}, pfs, 3600),
            (pfs, {}, 3600),
            (pfs, other, 3600),
            (pfs, {" set transform-set TS\n": short}, 1800),
            ({**pfs, POLICY_V2: one_day}, {POLICY_V2: one_day}, 86400),
            ({**pfs, POLICY_V2: one_day}, {}, 3600),
        ):
            found = self.call(a, b)
            assert end(found) == ("up", None, None, "certain")
            assert (found.lost_at, found.lost_after, found.holds) == ("rekey", seconds, False)
        found = self.call(pfs, pfs)
        assert end(found) == ("up", None, None, "certain")
        assert (found.lost_at, found.lost_after, found.holds) == (None, None, True)
