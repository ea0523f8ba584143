"""Quick mode at its edges, by hand: whose proxies are taken, which of several failures is told, who asks for a user."""

from __future__ import annotations

import msgspec
import pytest
from parsed import prefix, router
from two_ends import POLICY, Changes, call, end, first, pair, text

from ikeaudit.exchange import Exchange
from ikeaudit.exchange.quick_mode import _family
from ikeaudit.exchange.replay import replay
from ikeaudit.exchange.run import Initiator, Responder
from ikeaudit.selection import RouterRules

UP = ("up", None, None, "certain")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (None, "gre ip", True), ("gre ip", "gre multipoint", True), ("gre ipv6", "gre multipoint ipv6", True),
        ("gre ip", "gre ipv6", False), ("gre ip", "ipsec ipv4", False), ("ipsec ipv4", "ipsec ipv6", False),
        ("ipsec ipv4", "ipsec ipv4", True),
    ],
)  # fmt: skip
def test_tunnels_pair_by_what_they_encapsulate_with(one: str | None, other: str, alike: bool) -> None:
    assert (_family(one) == _family(other)) is alike


def test_the_set_named_default_is_nowhere_written_down() -> None:
    """It is IOS's own, and no model has it: the others that the profile names are offered."""
    beside: Changes = {" set transform-set TS\n": " set transform-set default TS\n"}
    assert end(call(beside)) == end(call(b=beside)) == UP


@pytest.mark.parametrize(("route", "lost"), [("ip route 10.1.0.0 255.255.0.0 Null0\n!\n", "replies"), ("", None)])
def test_answers_that_a_route_discards_are_lost(route: str, lost: str | None) -> None:
    entry = (
        "crypto map CM 10 ipsec-isakmp\n set peer PEER\n set transform-set TS\n set isakmp-profile P\n match address VPN\n!\n"
        "ip access-list extended VPN\n permit ip {} {}\n!\n"
    )
    near, far = "10.1.0.0 0.0.255.255", "10.2.0.0 0.0.255.255"
    tunnel = (
        "interface Tunnel1\n tunnel source GigabitEthernet0/0\n tunnel mode ipsec ipv4\n tunnel destination PEER\n"
        " tunnel protection ipsec profile I\n!\n"
    )
    port = {" ip address OWN 255.255.255.0\n": " ip address OWN 255.255.255.0\n crypto map CM\n"}
    found = call({tunnel: entry.format(near, far), **port}, {tunnel: entry.format(far, near) + route, **port})
    assert (end(found)[:3], found.lost_at) == (("up", None, None), lost)
    cited = [e.text for e in found.evidence if e.host == "B"]
    assert ("ip route 10.1.0.0 255.255.0.0 Null0" in cited) is bool(route)


def mapped(entries: str) -> str:
    """A, with a crypto map in place of its tunnel."""
    body = text("A", "192.0.2.1", "192.0.2.2", 1, {})
    start, stop = body.index("interface Tunnel1"), body.index("interface GigabitEthernet0/0")
    entry = "crypto map CM 10 ipsec-isakmp\n set peer 192.0.2.2\n set transform-set TS\n set isakmp-profile P\n"
    own = f"{entry} match address VPN\n!\n"
    body = body[:start] + own + body[stop:].replace(" ip address", " crypto map CM\n ip address")
    return body.removesuffix("end\n") + f"ip access-list extended VPN\n{entries}!\nend\n"


class TestACryptoMapAndATunnel:
    """A tunnel takes less than its own proxies only where it is cloned for the caller (VTI-AND-MAP)."""

    def test_all_that_the_tunnel_carries(self) -> None:
        found = first(router(mapped(" permit ip any any\n")), pair()[1])
        assert end(found) == UP
        more = first(router(mapped(" permit ip any any\n permit ip 10.1.0.0 0.0.255.255 any\n")), pair()[1])
        assert end(more) == UP

    def test_less_than_that(self) -> None:
        found = first(router(mapped(" permit ip 10.1.0.0 0.0.255.255 any\n")), pair()[1])
        assert end(found) == ("down", "QM1", "proxy-mismatch", "probable")
        assert [(r.outcome, r.reading) for r in found.readings] == [
            ("down", "B Tunnel1 takes its own proxies only"), ("up", "B Tunnel1 takes less than its own proxies")
        ]  # fmt: skip
        assert {"permit ip 10.1.0.0 0.0.255.255 any"} <= {e.text for e in found.evidence}


ASKS: Changes = {"   keyring K\n": "   keyring K\n   client authentication list USERS\n"}


class TestWhoAsksForAUser:
    """XAUTH of the profile that the peer selected; a key may exempt it (XAUTH-ROUTERS)."""

    def test_the_responder(self) -> None:
        found = call(b=ASKS)
        assert end(found) == ("down", "XAUTH", "xauth", "certain")
        assert "crypto isakmp profile P" in [e.text for e in found.evidence if e.host == "B"]
        assert [(said.router, said.line) for said in found.transcript][-1] == ("B", "Need XAUTH")

    def test_the_initiator_hardly_does(self) -> None:
        found = call(ASKS)
        assert end(found) == ("up", None, None, "probable")
        assert [(r.outcome, r.failed_at, r.reason) for r in found.readings] == [
            ("up", None, None),
            ("down", "XAUTH", "xauth"),
        ]
        assert found.readings[0].reading.endswith("A asks nobody whom it calls")
        assert found.readings[1].reading.endswith("A asks whom it calls")

    def test_a_key_that_exempts_the_peer(self) -> None:
        old = "crypto keyring K\n  pre-shared-key address PEER key sesame\n"
        ring = {
            old: "crypto isakmp key sesame address PEER no-xauth\n",
            "   keyring K\n": "   client authentication list USERS\n",
        }
        assert end(call(b=ring)) == ("up", None, None, "probable")
        plain = {old: new.replace(" no-xauth", "") for old, new in ring.items()}
        assert end(call(b=plain))[:3] == ("down", "XAUTH", "xauth")
        assert end(call(ring)) == ("up", None, None, "probable")


class TestTheFailureThatIsTold:
    """Of several ends the one that got furthest."""

    SECOND = (
        "interface Tunnel2\n tunnel source GigabitEthernet0/0\n tunnel mode {mode}\n tunnel destination 192.0.2.1\n"
    )

    def found(self, mode: str, second: str, third: str = "") -> Exchange:
        b = {
            "tunnel mode ipsec ipv4\n": "tunnel mode gre ip\n",
            "interface GigabitEthernet0/0\n": (
                f"crypto ipsec profile J\n set transform-set TS\n{second}!\n{self.SECOND.format(mode=mode)}"
                f" tunnel protection ipsec profile J\n!\n{third}interface GigabitEthernet0/0\n"
            ),
        }
        return call(b=b)

    def test_an_end_with_other_proxies_and_one_with_pfs(self) -> None:
        found = self.found("ipsec ipv4", " set pfs group14\n set isakmp-profile P\n")
        assert (found.reason, found.responder_interface) == ("pfs-mismatch", "Tunnel2")

    def test_an_end_bound_to_another_profile_and_one_with_other_proxies(self) -> None:
        found = self.found("ipsec ipv4", " set isakmp-profile Q\n", "crypto isakmp profile Q\n   keyring K\n!\n")
        assert (found.reason, found.responder_interface) == ("proxy-mismatch", "Tunnel1")

    def test_one_that_fits(self) -> None:
        found = self.found("ipsec ipv4", " set isakmp-profile P\n")
        assert (found.outcome, found.responder_interface) == ("up", "Tunnel2")


class TestTheSameCallOnceThePeerIsKnown:
    """A dynamic or multipoint end calls again whom it knows (CALL-RENEWAL)."""

    def renewed(self, **more: object) -> object:
        a, b = (RouterRules(one) for one in pair())
        calling = msgspec.structs.replace(a.endpoints[0], **more)
        responder = Responder(b, b.endpoints[0].local, a.endpoints[0].local.address, b.endpoints)
        found = replay(Initiator(a, calling), responder, startable=False, known_as=prefix("192.0.2.2").address)
        assert (found.outcome, found.reason) == ("not-initiated", "peer-unknown")
        renewal = found.renewal
        return (renewal.outcome, renewal.confidence, renewal.failed_at) if renewal is not None else None

    def test_which_ends_do(self) -> None:
        assert self.renewed() is None
        assert self.renewed(dynamic=True, responder_only=True) == ("up", "probable", None)
        assert self.renewed(dynamic=True, peer=None) == ("up", "probable", None)
        assert self.renewed(tunnel_mode=None) is None
        for mode in ("gre multipoint", "gre multipoint ipv6"):
            assert self.renewed(tunnel_mode=mode) == ("down", "probable", "QM1")

    def test_a_policy_in_the_way(self) -> None:
        assert end(call({POLICY: POLICY.replace("group 14", "group 5")}))[:3] == ("down", "MM1", "no-common-ike-policy")
