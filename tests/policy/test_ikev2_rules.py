"""What a router would take under IKEv2 where not everything is known, by hand (IKEV2-POLICY, IKEV2-BUILT-IN, IKEV2-KEYS)."""

from __future__ import annotations

import pytest
from parsed import clear, prefix, router

from ikeaudit.exchange.aggressive_mode import _endpoint_identity
from ikeaudit.model import Ikev2, Ikev2Identity, Ikev2Profile, Ikev2Proposal, IPAddress, Router
from ikeaudit.selection import Identity, LocalEnd
from ikeaudit.selection.ikev2 import Ikev2Rules


def address(text: str) -> IPAddress:
    return prefix(text).address


def rules(text: str) -> Ikev2Rules:
    return Ikev2Rules(router(f"hostname R\n!\ninterface Loopback0\n no ip address\n!\n{text}end\n"))


HERE = LocalEnd(address("192.0.2.1"), "GigabitEthernet0/0")
LEARNT = LocalEnd(None, "GigabitEthernet0/0")
SOMEBODY = Identity("address")
METHODS = " authentication remote pre-share\n authentication local pre-share\n keyring local K\n"


def profile(*lines: str, name: str = "P") -> str:
    return f"crypto ikev2 profile {name}\n" + "".join(f" {line}\n" for line in lines) + f"{METHODS}!\n"


class TestAnAddressThatIsNotKnown:
    ONE = "match identity remote address 198.51.100.7 255.255.255.255"
    NET = "match identity remote address 198.51.100.0 255.255.255.0"

    @pytest.mark.parametrize(
        ("lines", "perhaps"),
        [
            ((ONE,), True), ((NET,), True), (("match identity remote address 0.0.0.0",), False),
            (("match identity remote any",), False), (("match identity remote fqdn a.b",), False),
            (("match identity remote fqdn a.b", ONE), True), ((ONE, "shutdown"), False), ((ONE, "match fvrf RED"), False),
            ((ONE, "match address local 192.0.2.1"), True), ((ONE, "match address local 192.0.2.9"), False),
        ],
    )  # fmt: skip
    def test_may_match_a_profile(self, lines: tuple[str, ...], perhaps: bool) -> None:
        assert rules(profile(*lines)).perhaps_for(SOMEBODY, HERE) is perhaps

    def test_one_that_is_known_or_a_name_does_or_does_not(self) -> None:
        found = rules(profile(self.ONE))
        assert not found.perhaps_for(Identity("address", address("198.51.100.9")), HERE)
        assert not found.perhaps_for(Identity("fqdn", value="a.b"), HERE)
        assert rules(profile(self.ONE, name="A") + profile("match identity remote any", name="B")).perhaps_for(
            SOMEBODY, HERE
        )

    def test_is_matched_by_what_matches_all(self) -> None:
        for line in ("match identity remote any", "match identity remote address 0.0.0.0"):
            assert [p.name for p in rules(profile(line)).profiles_for(SOMEBODY, HERE)] == ["P"]
        assert rules(profile(self.NET)).profiles_for(SOMEBODY, HERE) == ()


POLICIES = """\
crypto ikev2 policy ONE
 match address local 192.0.2.1
 proposal default
!
crypto ikev2 policy OTHER
 match fvrf RED
 match address local 192.0.2.9
 proposal default
!
crypto ikev2 policy ANY
 proposal default
!
"""


class TestPolicies:
    def test_those_for_an_address_that_is_learnt_are_not_decided(self) -> None:
        found = rules(POLICIES)
        assert [policy.name for policy in found.undecided(LEARNT)] == ["ONE"]
        assert [policy.name for policy in found.undecided(LocalEnd(None, fvrf="RED"))] == ["OTHER"]
        assert found.undecided(HERE) == ()
        assert [policy.name for policy in found.policies(HERE)] == ["ONE", "ANY"]
        assert [policy.name for policy in found.policies(LEARNT)] == ["ANY"]
        first = found.policy(HERE)
        assert first is not None and first.name == "ONE" and found.policy(LocalEnd(None, fvrf="BLUE")) is None

    PROPOSAL = "crypto ikev2 proposal {}\n encryption aes-cbc-256\n integrity sha256\n group 14\n!\n"

    def test_the_built_in_one_and_its_proposal(self) -> None:
        plain = rules("").built_in
        assert plain is not None and (plain.policy, plain.proposals) == (None, None)
        own = rules(self.PROPOSAL.format("default")).built_in
        assert own is not None and own.proposals is not None and [p.name for p in own.proposals] == ["default"]
        assert rules(self.PROPOSAL.format("PR")).built_in == plain
        assert rules(POLICIES).built_in == plain

    @pytest.mark.parametrize(
        "text",
        [
            "no crypto ikev2 policy default\n", "no crypto ikev2 proposal default\n",
            "crypto ikev2 policy default\n match fvrf any\n proposal PR\n!\n",
        ],
    )  # fmt: skip
    def test_the_built_in_one_may_be_switched_off_or_defined(self, text: str) -> None:
        assert rules(self.PROPOSAL.format("PR") + text).built_in is None

    def test_proposals_of_a_policy(self) -> None:
        named = "crypto ikev2 policy {}\n proposal {}\n!\n"
        found = rules(
            self.PROPOSAL.format("PR")
            + named.format("A", "PR")
            + named.format("B", "NO")
            + named.format("C", "default")
        )
        told = [found.proposals(policy) for policy in found.router.ikev2.policies]
        assert told[1:] == [(), None] and told[0] is not None and [p.name for p in told[0]] == ["PR"]
        off = rules("no crypto ikev2 proposal default\n" + named.format("C", "default"))
        assert off.proposals(off.router.ikev2.policies[0]) == ()


RING = """\
crypto ikev2 keyring K
 peer NAMED
  hostname far.example.net
  pre-shared-key one
 !
 peer NET
  address 198.51.100.0 255.255.255.0
  pre-shared-key two
 !
 peer HOST
  address 198.51.100.7
  pre-shared-key three
 !
 peer KNOWN
  identity fqdn a.b
  pre-shared-key four
 !
 peer ALL
  address 0.0.0.0 0.0.0.0
  pre-shared-key five
 !
!
"""
PEER = "198.51.100.7"


class TestKeys:
    FOUND = rules(RING + profile("match identity remote any") + "ip host far.example.net 198.51.100.8\n")
    P = FOUND.profiles["P"]

    def peers(self, keys: object) -> list[str | None]:
        return [key.peer for key in keys]  # type: ignore[attr-defined]

    @pytest.mark.parametrize(
        ("peer", "named"),
        [("198.51.100.8", "NAMED"), (PEER, "HOST"), ("198.51.100.9", "NET"), ("203.0.113.1", "ALL")],
    )
    def test_of_an_initiator(self, peer: str, named: str) -> None:
        assert self.peers(self.FOUND.initiator_candidates(self.P, address(peer))) == [named]
        own = self.FOUND.initiator_keys(self.P, address(peer))
        assert own is not None and own.peer == named

    def test_by_the_address_alone(self) -> None:
        assert self.peers(self.FOUND.address_candidates(self.P, address("198.51.100.8"))) == ["NET"]

    @pytest.mark.parametrize(
        ("identity", "peer", "named"),
        [
            (Identity("fqdn", value="a.b"), PEER, "KNOWN"), (Identity("fqdn", value="A.B"), None, "KNOWN"),
            (Identity("fqdn", value="c.d"), PEER, "HOST"), (Identity("fqdn", value="c.d"), None, "ALL"),
        ],
    )  # fmt: skip
    def test_of_a_responder(self, identity: Identity, peer: str | None, named: str) -> None:
        where = address(peer) if peer else None
        assert self.peers(self.FOUND.responder_candidates(self.P, identity, where)) == [named]
        own = self.FOUND.responder_keys(self.P, identity, where)
        assert own is not None and own.peer == named

    def test_other_keys_for_addresses_of_which_one_may_be_the_peers(self) -> None:
        everybody = self.FOUND.responder_candidates(self.P, Identity("fqdn", value="c.d"), None)
        assert self.FOUND.held_for_some(self.P, everybody)
        precise = RING.replace("key two", "key five").replace("key three", "key five")
        same = rules(precise + profile("match identity remote any"))
        known = same.responder_candidates(same.profiles["P"], Identity("fqdn", value="c.d"), None)
        assert not same.held_for_some(same.profiles["P"], known)
        assert same.held_for_some(same.profiles["P"], ())
        none = rules(profile("match identity remote any"))
        assert not none.held_for_some(none.profiles["P"], ())

    @pytest.mark.parametrize(
        ("asking", "may"), [((), False), (("ONE",), True), (("TWO",), True), (("ONE", "TWO"), True)]
    )
    def test_a_proposal_that_asks_for_a_post_quantum_exchange(self, asking: tuple[str, ...], may: bool) -> None:
        """IKEV2-QUANTUM: by whichever of the router's proposals, as which of them is taken the peer decides."""
        own = tuple(Ikev2Proposal(name, 1, post_quantum=name in asking) for name in ("ONE", "TWO"))
        found = Ikev2Rules(Router("R", "r.cfg", ikev2=Ikev2(proposals=own)))
        assert found.may_demand_quantum(Ikev2Profile("P", 2)) is may

    @pytest.mark.parametrize(
        ("own", "presented"),
        [
            ((), set()), ((None,), set()), ((Ikev2Identity(1, "address"),), set()),
            ((Ikev2Identity(1, "address", prefix("192.0.2.7/32")), None), {address("192.0.2.7")}),
            ((Ikev2Identity(1, "address"), Ikev2Identity(1, "address", prefix("192.0.2.7/32"))), {address("192.0.2.7")}),
            ((Ikev2Identity(1, "fqdn", value="a.b"), Ikev2Identity(1, "address", prefix("192.0.2.7/32"))), None),
        ],
    )  # fmt: skip
    def test_what_profiles_present_in_place_of_the_address_of_an_end(
        self, own: tuple[Ikev2Identity | None, ...], presented: set[IPAddress] | None
    ) -> None:
        profiles = tuple(Ikev2Profile(f"P{n}", n, identity_local=one) for n, one in enumerate(own))
        assert Ikev2Rules(Router("R", "r.cfg", ikev2=Ikev2(profiles=profiles))).presented == presented

    def test_a_peer_block_with_a_post_quantum_key(self) -> None:
        """IKEV2-QUANTUM: any of the profile's keyring may be the peer's."""
        block = "address 198.51.100.7\n"
        with_key = RING.replace(block, f"{block}  ppk manual id 1 key walnut\n")
        for text, may in ((RING, False), (with_key, True), (with_key.replace("keyring K", "keyring Z"), False)):
            found = rules(text + profile("match identity remote any"))
            assert found.may_demand_quantum(found.profiles["P"]) is may

    def test_keys_written_into_a_profile(self) -> None:
        local = "authentication local pre-share key one"
        both = (local, "authentication remote pre-share key two")
        one, two = (rules("\n ".join(("crypto ikev2 profile P", *lines)) + "\n!\n") for lines in ((local,), both))
        (half,) = one.identity_candidates(one.profiles["P"], SOMEBODY)
        assert half.remote is None and half.local is not None and half.local.fingerprint == clear("one")
        (whole,) = two.initiator_candidates(two.profiles["P"], address(PEER))
        assert whole.local is not None and whole.remote is not None and whole.remote.fingerprint == clear("two")
        assert [two.router.text(line).partition(" key ")[0] for line in whole.lines] == [
            "authentication local pre-share", "authentication remote pre-share"
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "identity"),
    [
        ("ipv4-address 192.0.2.9", Identity("address", address("192.0.2.9"))),
        ("192.0.2.9", Identity("address", address("192.0.2.9"))),
        ("fqdn a.b", Identity("fqdn", value="a.b")), ("a.b", Identity("fqdn", value="a.b")),
        ("user-fqdn u", Identity("user-fqdn", value="u")), ("u@a.b", Identity("user-fqdn", value="u@a.b")),
        ("fqdn u@a.b", Identity("user-fqdn", value="u@a.b")),
    ],
)  # fmt: skip
def test_what_a_client_endpoint_presents_in_aggressive_mode(said: str, identity: Identity) -> None:
    assert _endpoint_identity(said) == identity
