"""What the sources leave open: each question alone, with its readings and the label that it gives (DESIGN 3.2, DOMAIN 10)."""

from __future__ import annotations

from itertools import product

import msgspec
import pytest
from parsed import router
from two_ends import POLICY, Changes, call, cited, end, first, pair

from ikeaudit.exchange import Exchange
from ikeaudit.fleet import Fleet

UP = ("up", None, None, "certain")


def readings(found: Exchange) -> list[tuple[object, ...]]:
    return [(r.outcome, r.failed_at, r.reason) for r in found.readings]


def ring(name: str, line: str, key: str = "sesame") -> str:
    return f"crypto keyring {name}\n  pre-shared-key {line} key {key}\n"


class TestEvidence:
    def test_of_a_tunnel_that_comes_up(self) -> None:
        found = call()
        used = [
            "tunnel destination {peer}", "tunnel protection ipsec profile I", "set isakmp-profile P", "crypto isakmp profile P",
            "crypto keyring K", "keyring K", "crypto isakmp policy 10", "match identity address {peer} 255.255.255.255",
            "crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac", "interface Tunnel1",
            "tunnel source GigabitEthernet0/0",
        ]  # fmt: skip
        for host, peer in (("A", "192.0.2.2"), ("B", "192.0.2.1")):
            texts = cited(found, host)
            expected = [line.format(peer=peer) for line in used]
            if host == "A":
                expected.remove(f"match identity address {peer} 255.255.255.255")  # it has no effect on who starts
            assert sorted(t for t in texts if "pre-shared-key" not in t) == sorted(expected)
            assert sum("pre-shared-key" in text for text in texts) == 1

    def test_readings_are_told_of_what_is_not_certain_only(self) -> None:
        assert call().readings == ()
        found = call(b={" set isakmp-profile P\n": ""})
        assert [(r.primary, r.outcome, r.initiator_profile, r.responder_keyring) for r in found.readings] == [
            (True, "up", "P", "K")
        ]
        assert found.readings[0].reading.startswith("an end without a bound profile takes any profile")

    def test_of_several_readings_the_first_is_the_primary_one(self) -> None:
        found = call(b={"match identity address PEER": "match identity address 198.51.100.9"})
        assert [r.primary for r in found.readings] == [True, False]
        assert found.readings[0].reading == "B refuses a peer of no profile where P is bound"
        assert found.readings[1].reading == "B accepts a peer of no profile where P is bound"

    def test_a_peer_that_is_not_there(self) -> None:
        (found,) = Fleet(pair()[:1]).exchanges
        assert end(found) == ("unknown", None, None, "unknown")
        assert [r.reading for r in found.readings] == ["the configuration of 192.0.2.2 is missing"]


class TestKeys:
    def test_equal_masks_in_two_keyrings(self) -> None:
        other = ring("Z", "address PEER", "walnut")
        found = call(b={"crypto keyring K\n": other + "crypto keyring K\n"})
        assert end(found) == ("down", "MM5", "psk-mismatch", "unpredictable")
        assert readings(found)[1] == ("up", None, None)
        assert [r.reading for r in found.readings] == ["B takes the key of Z", "B takes the key of K"]
        behind = call(b={POLICY: other + POLICY})
        assert end(behind) == ("up", None, None, "unpredictable")

    def test_two_keys_in_one_keyring_that_cover_the_peer_equally(self) -> None:
        two = (
            "  pre-shared-key address 192.0.2.7 255.255.255.0 key sesame\n"
            "  pre-shared-key address 192.0.2.8 255.255.255.0 key walnut\n"
        )
        found = call(b={"  pre-shared-key address PEER key sesame\n": two})
        assert end(found) == ("up", None, None, "unpredictable")
        assert [r.reading for r in found.readings] == [
            "B takes the key of K in line 4",
            "B takes the key of K in line 5",
        ]

    @pytest.mark.parametrize(
        ("entry", "confidence"),
        [
            ("address PEER", "certain"),
            ("address 192.0.2.0 255.255.255.0", "certain"),
            ("address 192.0.2.7 255.255.255.0", "probable"),
            ("address 192.0.2.0 255.0.255.0", "probable"),
        ],
    )
    def test_host_bits_and_odd_masks_are_compared_all_the_same(self, entry: str, confidence: str) -> None:
        assert end(call(b={"pre-shared-key address PEER": f"pre-shared-key {entry}"})) == ("up", None, None, confidence)

    def test_a_mask_looked_at_before_local_address(self) -> None:
        barred = "crypto keyring Z\n  local-address Loopback9\n  pre-shared-key address PEER key walnut\n"
        loop = "interface Loopback9\n ip address 203.0.113.9 255.255.255.255\n!\ninterface Tunnel1\n"
        wide = {"pre-shared-key address PEER": "pre-shared-key address 192.0.2.0 255.255.255.0"}
        found = call(b={**wide, POLICY: barred + POLICY, "interface Tunnel1\n": loop})
        assert end(found) == ("up", None, None, "probable")
        assert readings(found) == [("up", None, None), ("down", "MM1", "no-key-on-responder")]
        assert found.readings[1].reading == "B looks at masks before local-address and stops at Z"

    def test_encrypted_keys_are_asked_about_once(self) -> None:
        """Equal text says nothing: each router encrypts with a key of its own."""
        for version, theirs in product((1, 2), ("6 KlMnOpQrSt", "6 AbCdEfGhIj")):
            key = "key sesame" if version == 1 else "pre-shared-key sesame"
            found = call(
                {key: key.replace("sesame", "6 AbCdEfGhIj")},
                {key: key.replace("sesame", theirs)},
                version=version,
            )
            assert end(found) == ("unknown", None, None, "unknown")
            assert [r.outcome for r in found.readings] == ["up", "down"]
            assert [r.reading for r in found.readings] == ["the type 6 keys are equal", "the type 6 keys differ"]

    def test_a_profile_for_an_address_that_is_learnt_may_serve(self) -> None:
        learnt = "interface GigabitEthernet0/1\n ip address dhcp\n!\ninterface GigabitEthernet0/0\n"
        found = call(
            b={
                "   keyring K\n": "   keyring K\n   local-address GigabitEthernet0/1\n",
                "interface GigabitEthernet0/0\n": learnt,
            }
        )
        assert end(found) == ("unknown", None, None, "unknown")
        assert [(r.reading, r.outcome) for r in found.readings] == [
            ("B finds no profile; B refuses a peer of no profile where P is bound", "down"),
            ("B: local-address of profile P fits", "up"),
            ("B finds no profile; B accepts a peer of no profile where P is bound", "up"),
        ]

    def test_masked_keys_are_asked_about_once(self) -> None:
        masked: Changes = {"key sesame": "key *****"}
        for a, b in ((masked, masked), (masked, {}), ({}, masked)):  # one that is hidden is enough
            found = call(a, b)
            assert end(found) == ("unknown", None, None, "unknown")
            assert [r.reading for r in found.readings] == ["the masked keys are equal", "the masked keys differ"]

    def test_a_host_name_key_is_no_key_for_an_address(self) -> None:
        named = {"pre-shared-key address PEER": "pre-shared-key hostname far.example.net"}
        assert end(call(named)) == ("down", "MM1", "no-key-on-initiator", "probable")
        assert end(call(b={"pre-shared-key address PEER": "pre-shared-key hostname near.example.net"})) == (
            "down", "MM1", "no-key-on-responder", "certain",
        )  # fmt: skip
        known = {**named, POLICY: "ip host near.example.net PEER\n" + POLICY}
        known["pre-shared-key address PEER"] = "pre-shared-key hostname near.example.net"
        assert end(call(b=known)) == ("down", "MM1", "no-key-on-responder", "probable")

    @pytest.mark.parametrize(
        ("rings", "confidence"), [("", "certain"), (ring("OTHER", "address 198.51.100.9"), "probable")]
    )
    def test_global_keys_for_ipv6_peers(self, rings: str, confidence: str) -> None:
        """That they come first is read for IPv4 only (10.2 U-18); with nothing to come before, it does not matter."""

        def one(name: str, own: int, peer: int) -> str:
            return (
                f"hostname {name}\n!\n{rings}{POLICY}crypto isakmp key sesame address ipv6 2001:DB8::{peer}/128\n"
                "crypto ipsec transform-set TS esp-aes\n!\ncrypto ipsec profile I\n set transform-set TS\n!\n"
                "interface Tunnel1\n tunnel source GigabitEthernet0/0\n tunnel mode ipsec ipv6\n"
                f" tunnel destination 2001:DB8::{peer}\n tunnel protection ipsec profile I\n!\n"
                f"interface GigabitEthernet0/0\n ipv6 address 2001:DB8::{own}/64\n!\nend\n"
            )

        assert end(first(router(one("A", 1, 2)), router(one("B", 2, 1)))) == ("up", None, None, confidence)

    def test_a_profile_without_a_keyring(self) -> None:
        bare: Changes = {"   keyring K\n": ""}
        found = call(bare)
        assert end(found) == ("down", "MM1", "no-key-on-initiator", "probable")
        assert readings(found) == [("down", "MM1", "no-key-on-initiator"), ("up", None, None)]
        there = call(b=bare)
        assert end(there) == ("down", "MM5", "keyring-verification", "probable")
        assert readings(there) == [("down", "MM5", "keyring-verification"), ("up", None, None)]
        both = {**bare, ring("K", "address PEER"): "crypto isakmp key sesame address PEER\n"}
        assert end(call(b=both)) == ("up", None, None, "probable")

    def test_any_listed_keyring_passes_the_verification(self) -> None:
        second = {POLICY: ring("L", "address 198.51.100.9") + POLICY, "   keyring K\n": "   keyring L\n   keyring K\n"}
        assert end(call(b=second)) == ("up", None, None, "probable")
        assert end(call(second)) == UP, "an initiator that is bound verifies nothing"


class TestWhoAnswers:
    def test_the_end_that_takes_the_proposal(self) -> None:
        tunnel = (
            "interface Tunnel1\n tunnel source GigabitEthernet0/0\n tunnel mode ipsec ipv4\n tunnel destination PEER\n"
            " tunnel protection ipsec profile I\n!\n"
        )
        gre = tunnel.replace("Tunnel1", "Tunnel0").replace(" tunnel mode ipsec ipv4\n", "")
        found = call(b={tunnel: gre + tunnel})
        assert found.outcome == "up" and found.responder_interface == "Tunnel1"
        down = call(b={tunnel: gre + tunnel.replace("profile I", "profile NONE")})
        assert end(down)[:3] == ("down", "QM1", "proxy-mismatch")
        assert down.responder_interface == "Tunnel0", "of several refusals the one that got furthest"

    def test_a_name_that_only_dns_knows_may_be_the_caller(self) -> None:
        for version, message in ((1, "QM1"), (2, "AUTH")):
            found = call(b={"tunnel destination PEER": "tunnel destination far.example.net"}, version=version)
            assert end(found) == ("unknown", None, None, "unknown")
            assert readings(found) == [("up", None, None), ("down", message, "peer-address-mismatch")]
            assert [r.reading for r in found.readings] == [
                "far.example.net is the caller",
                "far.example.net is somebody else",
            ]

    def test_what_cannot_start_names_whom_it_waits_for(self) -> None:
        a, b = pair(None, {" tunnel destination PEER\n": " tunnel destination dynamic\n"})
        found = {e.initiator: e for e in Fleet((a, b)).exchanges}
        assert (found["B"].outcome, found["B"].peer, found["B"].responder) == ("not-initiated", "192.0.2.1", "A")
        assert found["A"].outcome == "up"
        assert found["A"].tunnel == found["B"].tunnel

    def test_versions_that_differ(self) -> None:
        a, _ = pair()
        _, b = pair(version=2)
        found = first(a, b)
        assert end(found) == ("down", "MM1", "ike-version-mismatch", "probable")
        other = first(pair(version=2)[0], pair()[1])
        assert end(other) == ("down", "SA_INIT", "ike-version-mismatch", "probable")

    @pytest.mark.parametrize("version", [1, 2])
    def test_the_interface_called_is_shut_down(self, version: int) -> None:
        dark = {"interface GigabitEthernet0/0\n": "interface GigabitEthernet0/0\n shutdown\n"}
        message = "MM1" if version == 1 else "SA_INIT"
        assert end(call(b=dark, version=version)) == ("down", message, "incomplete-configuration", "probable")
        assert end(call(dark, version=version))[0] == "not-initiated"

    def test_ike_switched_off(self) -> None:
        off = {POLICY: "no crypto isakmp enable\n" + POLICY}
        assert end(call(off)) == ("down", "MM1", "incomplete-configuration", "probable")
        assert end(call(b=off)) == ("down", "MM1", "incomplete-configuration", "probable")
        v2_off = {"crypto ikev2 proposal PR\n": "no crypto isakmp enable\n!\ncrypto ikev2 proposal PR\n"}
        assert end(call(v2_off, v2_off, version=2)) == UP, "it is about IKEv1"

    def test_a_route_to_null(self) -> None:
        route = {POLICY: "ip route PEER 255.255.255.255 Null0\n" + POLICY}
        assert end(call(route))[:1] == ("not-initiated",)
        back = call(b=route)
        assert end(back) == ("unknown", None, None, "unknown")
        assert "Null0 for 192.0.2.1, so that its answers are lost" in back.readings[0].reading

    @pytest.mark.parametrize(("version", "at"), [(1, POLICY), (2, "crypto ikev2 proposal PR\n")])
    def test_a_route_into_the_tunnel_itself(self, version: int, at: str) -> None:
        itself = {at: "ip route PEER 255.255.255.255 Tunnel1\n" + at}
        assert end(call(itself, version=version))[0] == "not-initiated"
        back = call(b=itself, version=version)
        assert end(back) == ("unknown", None, None, "unknown")
        assert "B routes to 192.0.2.1 by the tunnel itself, so that its answers" in back.readings[0].reading
        assert "ip route 192.0.2.1 255.255.255.255 Tunnel1" in cited(back, "B")
        fails = {**itself, "group 14\n": "group 5\n"}
        assert end(call(b=fails, version=version))[0] == "down", "with answers or without"

    def test_an_end_that_refers_to_nothing_starts_nothing(self) -> None:
        for version, message in ((1, "MM1"), (2, "SA_INIT")):
            found = call({" set transform-set TS\n": " set transform-set NONE\n"}, version=version)
            assert end(found) == ("down", message, "incomplete-configuration", "probable")
            assert "set transform-set NONE" in cited(found, "A")


class TestFragments:
    """Where the interface that a tunnel starts from is not in the text, neither are its address and VRF."""

    def found(self, keyring: str, interface: str = "") -> Exchange:
        outside = "interface GigabitEthernet0/0\n ip address OWN 255.255.255.0\n!\n"
        return call({"crypto keyring K\n": keyring, outside: interface})

    def test_a_key_in_another_vrf_may_be_the_one(self) -> None:
        found = self.found("crypto keyring K vrf FRONT\n")
        assert end(found) == ("unknown", None, None, "unknown")
        assert found.readings[0].reading == "the address and VRF of GigabitEthernet0/0 are not in the configuration"
        empty = self.found("crypto keyring K vrf FRONT\n", "interface GigabitEthernet0/0\n!\n")
        assert end(empty)[0] == "unknown"

    def test_a_learnt_address_leaves_no_doubt_about_the_vrf(self) -> None:
        learnt = self.found("crypto keyring K vrf FRONT\n", "interface GigabitEthernet0/0\n ip address dhcp\n!\n")
        assert end(learnt) == ("down", "MM1", "no-key-on-initiator", "certain")

    def test_a_key_for_others_in_another_vrf_leaves_no_doubt(self) -> None:
        gone = "interface GigabitEthernet0/0\n ip address OWN 255.255.255.0\n!\n"
        for entry in ("address 198.51.100.9", "hostname far.example.net"):
            found = call(
                {gone: "", "crypto keyring K\n": "crypto keyring K vrf FRONT\n", "address PEER key": f"{entry} key"}
            )
            assert end(found)[:3] == ("down", "MM1", "no-key-on-initiator"), entry

    def test_without_a_key_anywhere_there_is_none(self) -> None:
        found = call(
            {
                "pre-shared-key address PEER": "pre-shared-key address 198.51.100.9",
                "interface GigabitEthernet0/0\n ip address OWN 255.255.255.0\n!\n": "",
            }
        )
        assert end(found) == ("down", "MM1", "no-key-on-initiator", "certain")

    def test_what_a_file_that_is_cut_off_may_hold_is_certificates_for_a_policy_that_wants_them(self) -> None:
        a, b = pair({"pre-shared-key address PEER": "pre-shared-key address 198.51.100.9"})
        cut = msgspec.structs.replace(a, truncated=True)
        assert end(first(cut, b)) == ("down", "MM1", "no-key-on-initiator", "certain")
        for method in ("ecdsa-sig", "rsa-sig", None):  # rsa-sig is what a configuration hides (POLICY-DEFAULTS)
            policies = (*a.isakmp_policies, msgspec.structs.replace(a.isakmp_policies[0], authentication=method))
            found = first(msgspec.structs.replace(cut, isakmp_policies=policies), b)
            assert end(found) == ("unknown", None, None, "unknown")
            assert found.readings[0].reading == "the certificates of a configuration that is cut off are not known"
        assert end(first(msgspec.structs.replace(a, isakmp_policies=policies), b))[0] == "down"


RSA = "crypto isakmp policy 10\n encr aes 256\n hash sha256\n group 14\n!\n"
CA = "crypto pki trustpoint CA\n enrollment terminal\n!\n"


class TestPoliciesAndCertificates:
    def test_without_a_trustpoint_certificates_are_no_way(self) -> None:
        found = call({POLICY: RSA}, {POLICY: RSA})
        assert end(found) == ("down", "MM1", "authentication-method", "probable")
        one = call({POLICY: CA + RSA}, {POLICY: RSA})
        assert end(one) == ("down", "MM1", "certificate", "probable")

    def test_with_one_at_each_end(self) -> None:
        found = call({POLICY: CA + RSA}, {POLICY: CA + RSA})
        assert end(found) == ("up", None, None, "probable")
        lines = [line.line for line in found.transcript]
        assert lines.count("SA authentication status: authenticated") == 2
        assert found.responder_profile == "P"

    def test_trustpoints_of_the_profiles(self) -> None:
        two = CA + CA.replace("trustpoint CA", "trustpoint CB")
        mine = {POLICY: two + RSA, "   keyring K\n": "   keyring K\n   ca trust-point CA\n"}
        theirs = {POLICY: two + RSA, "   keyring K\n": "   keyring K\n   ca trust-point CB\n"}
        found = call(mine, theirs)
        assert end(found) == ("down", "MM5", "certificate", "probable")
        assert [line.line for line in found.transcript if line.router == "B"][-2:] == [
            "Verify cert failed",
            "%CRYPTO-6-IKMP_AUTH_FAIL: Authentication method 3 failed with host 192.0.2.1",
        ]
        assert end(call(mine, mine)) == ("up", None, None, "probable")
        assert end(call(b=theirs | {POLICY: two + RSA}, a={POLICY: CA + RSA}))[0] == "down"
        assert "ca trust-point CA" in cited(call(mine, mine), "A") and "ca trust-point CA" in cited(
            call(mine, mine), "B"
        )

    def test_names_that_only_one_end_has_tell_nothing(self) -> None:
        other = CA.replace("trustpoint CA", "trustpoint CB")
        assert end(call({POLICY: CA + RSA}, {POLICY: other + RSA})) == ("unknown", None, None, "unknown")

    def test_whose_order_decides_between_keys_and_certificates(self) -> None:
        """A offers certificates first, B prefers keys; B's key is another one."""
        a = CA + RSA + POLICY.replace("policy 10", "policy 20")
        b = CA + POLICY.replace("policy 10", "policy 5") + RSA
        found = call({POLICY: a}, {POLICY: b, "key sesame": "key walnut"})
        assert end(found) == ("up", None, None, "probable")
        assert readings(found) == [("up", None, None), ("down", "MM5", "psk-mismatch")]
        assert [r.reading for r in found.readings] == [
            "the initiator's order of policies decides: rsa-sig",
            "the responder's order of policies decides: pre-share",
        ]

    def test_hidden_defaults(self) -> None:
        hides = "version 17.12\n"
        shown = POLICY
        bare = POLICY.replace(" hash sha256\n", "").replace("encr aes", "encryption aes")
        a, b = pair({"hostname A\n": f"{hides}hostname A\n", POLICY: bare}, {POLICY: shown})
        found = first(a, b)
        assert end(found) == ("unknown", None, None, "unknown")
        assert readings(found) == [("up", None, None), ("down", "MM1", "no-common-ike-policy")]
        same = {"hostname": f"{hides}hostname", POLICY: bare}
        assert end(first(*pair(same, same))) == UP


class TestIkev2:
    def test_the_built_in_proposal(self) -> None:
        own = (
            "crypto ikev2 proposal PR\n encryption aes-cbc-256\n integrity sha256\n group 14\n!\n"
            "crypto ikev2 policy PO\n proposal PR\n!\n"
        )
        none: Changes = {own: ""}
        alike = call(none, none, version=2)
        assert end(alike) == ("up", None, None, "probable")
        assert alike.readings[0].reading == "two routers of one release accept each other's default proposal"
        older = {own: "", "hostname": "version 15.2\nhostname"}
        newer = {own: "", "hostname": "version 17.9\nhostname"}
        mixed = call(older, newer, version=2)
        assert end(mixed) == ("up", None, None, "probable"), "AES-256, SHA-512 and group 5 are in both"
        assert mixed.readings[0].reading == "the built-in IKEv2 proposal is one of two, by release (IKEV2-BUILT-IN)"
        both = own.replace("sha256", "sha384 sha512").replace("group 14", "group 5")
        assert end(call({own: both}, none, version=2)) == ("up", None, None, "probable")
        neither = own.replace("group 14", "group 24")
        assert end(call({own: neither}, none, version=2)) == ("down", "SA_INIT", "no-common-ike-policy", "probable")
        only_new = own.replace("sha256", "sha512")
        found = call({own: only_new}, none, version=2)
        assert end(found)[0] == "unknown" and readings(found)[1] == ("down", "SA_INIT", "no-common-ike-policy")

    def test_two_policies(self) -> None:
        other = (
            "crypto ikev2 proposal P3\n encryption 3des\n integrity md5\n group 2\n!\n"
            "crypto ikev2 policy ZZ\n proposal P3\n!\n"
        )
        found = call(b={"crypto ikev2 keyring K\n": other + "crypto ikev2 keyring K\n"}, version=2)
        assert end(found) == ("up", None, None, "probable")
        assert [r.reading for r in found.readings] == ["B uses IKEv2 policy PO", "B uses IKEv2 policy ZZ"]

    def test_a_policy_of_another_vrf_leaves_the_built_in_one(self) -> None:
        """Which of the two built-in proposals: SHA-256 is in neither with group 14, SHA-384 in the newer one."""
        elsewhere: Changes = {" proposal PR\n!": " match fvrf FRONT\n proposal PR\n!"}
        found = call(b=elsewhere, version=2)
        assert end(found) == ("down", "SA_INIT", "no-common-ike-policy", "probable")
        newer = call({"integrity sha256": "integrity sha384"}, elsewhere, version=2)
        assert end(newer) == ("unknown", None, None, "unknown")
        refused = ("down", "SA_INIT", "no-common-ike-policy")
        assert readings(newer) == [("up", None, None), refused, refused]  # another built-in one, or none at all (U-22)

    def test_a_peer_block_twice(self) -> None:
        twin = " peer TWIN\n  address PEER\n  pre-shared-key walnut\n !\n peer FAR\n"
        found = call(b={" peer FAR\n": twin}, version=2)
        assert end(found) == ("down", "AUTH", "psk-mismatch", "unpredictable")
        assert [r.reading for r in found.readings] == [
            "B takes the key of peer block TWIN",
            "B takes the key of peer block FAR",
        ]
        mine = call({" peer FAR\n": twin}, version=2)
        assert end(mine) == ("down", "AUTH", "psk-mismatch", "unpredictable")

    def test_half_a_key(self) -> None:
        half = {"pre-shared-key sesame": "pre-shared-key local sesame"}
        found = call(half, version=2)
        assert end(found) == ("down", "SA_INIT", "no-key-on-initiator", "probable")
        assert ("down", "AUTH", "no-key-on-initiator") in readings(found)
        assert end(call(b=half, version=2)) == ("down", "AUTH", "no-key-on-responder", "certain")
        remote = {"pre-shared-key sesame": "pre-shared-key remote sesame"}
        assert end(call(remote, version=2)) == ("down", "SA_INIT", "no-key-on-initiator", "certain")
        assert end(call(b=remote, version=2)) == ("down", "AUTH", "no-key-on-responder", "certain")

    def test_two_profiles_that_match(self) -> None:
        twin = (
            "crypto ikev2 profile Q\n match identity remote any\n authentication remote pre-share\n"
            " authentication local pre-share\n keyring local K\n!\ncrypto ikev2 profile P\n"
        )
        found = call(b={"crypto ikev2 profile P\n": twin}, version=2)
        assert end(found)[0] == "unknown"
        assert readings(found) == [
            ("down", "AUTH", "profile-binding"),
            ("up", None, None),
            ("down", "AUTH", "identity-not-matched"),
        ]

    def test_an_identity_of_its_own_is_looked_up_before_the_address(self) -> None:
        by_name = " peer ID\n  identity fqdn a.b\n  pre-shared-key sesame\n !\n peer FAR\n"
        asked = {" peer FAR\n": by_name, "remote address PEER 255.255.255.255": "remote fqdn a.b"}
        found = call({" keyring local K": " identity local fqdn a.b\n keyring local K"}, asked, version=2)
        assert end(found) == UP
        differs = {**asked, "  address PEER\n  pre-shared-key sesame": "  address PEER\n  pre-shared-key walnut"}
        assert end(call({" keyring local K": " identity local fqdn a.b\n keyring local K"}, differs, version=2)) == (
            "up", None, None, "probable",
        )  # fmt: skip

    def test_the_initiator_and_its_own_match_fvrf(self) -> None:
        found = call({" keyring local K": " match fvrf FRONT\n keyring local K"}, version=2)
        assert end(found) == ("up", None, None, "probable")
        assert readings(found) == [("up", None, None), ("half-open", "AUTH", "identity-not-matched")]

    def test_keys_from_elsewhere(self) -> None:
        aaa = {" keyring local K": " keyring aaa LIST"}
        assert end(call(aaa, version=2)) == ("unknown", None, None, "unknown")
        assert end(call(b=aaa, version=2)) == ("unknown", None, None, "unknown")

    def test_certificates_tell_nothing(self) -> None:
        rsa = {
            "authentication local pre-share": "authentication local rsa-sig",
            "authentication remote pre-share": "authentication remote rsa-sig",
        }
        found = call(rsa, rsa, version=2)
        assert end(found) == ("unknown", None, None, "unknown")
        assert found.readings[0].reading == "whether certificates are accepted cannot be told from configurations"

    def test_the_built_in_profile_tells_nothing(self) -> None:
        found = call({" set ikev2-profile P\n": " set ikev2-profile default\n"}, version=2)
        assert end(found) == ("unknown", None, None, "unknown")


def test_a_worst_outcome_is_that_of_any_reading() -> None:
    found = call(b={"match identity address PEER": "match identity address 198.51.100.9"})
    assert found.worst == "down"
    assert msgspec.structs.replace(found, outcome="up").worst == "down"
    assert call().worst == "up"
