"""Whether packets get from end to end, by hand: routes, access lists and address translation (ROUTE-WAY, NAT-TRAVERSAL)."""

from __future__ import annotations

import msgspec
import pytest
from parsed import router
from two_ends import Changes, call, end, first, pair, text

from ikeaudit.exchange.choices import Choices
from ikeaudit.exchange.run import Initiator, Responder, Run, Stop
from ikeaudit.exchange.way import answer_way, heard, set_out, translated, traversal
from ikeaudit.model import IPAddress, Router, parse_address
from ikeaudit.selection import LocalEnd, RouterRules
from ikeaudit.selection.inside import unsupported_inside

UP = ("up", None, None, "certain")


def address(given: str | None) -> IPAddress | None:
    return parse_address(given) if given else None


def sides(
    a: Router, b: Router, ours: str | None = "192.0.2.1", caller: str | None = "192.0.2.1", called: str = "192.0.2.2"
) -> tuple[Initiator, Responder]:
    """A's end as it stands, or under another address; B as it hears ``caller`` and is called."""
    one, other = RouterRules(a), RouterRules(b)
    calling = one.endpoints[0]
    local = msgspec.structs.replace(calling.local, address=address(ours))
    where = LocalEnd(address(called), "GigabitEthernet0/0")
    return Initiator(one, msgspec.structs.replace(calling, local=local)), Responder(other, where, address(caller))


class TestTranslation:
    @pytest.mark.parametrize(
        ("ours", "caller", "called", "yes"),
        [
            ("192.0.2.1", "192.0.2.1", "192.0.2.2", False), ("192.0.2.1", None, "192.0.2.2", False),
            (None, "192.0.2.1", "192.0.2.2", False), ("10.0.0.1", "192.0.2.1", "192.0.2.2", True),
            ("192.0.2.1", "192.0.2.1", "10.0.0.2", True), (None, "192.0.2.1", "10.0.0.2", True),
            ("192.0.2.1", None, "10.0.0.2", True),
        ],
    )  # fmt: skip
    def test_an_address_is_another_one_at_the_other_end(
        self, ours: str | None, caller: str | None, called: str, yes: bool
    ) -> None:
        assert translated(*sides(*pair(), ours, caller, called)) is yes

    @pytest.mark.parametrize("off", ["A", "B", ""])
    @pytest.mark.parametrize("ours", ["192.0.2.1", "10.0.0.1"])
    def test_ikev2_needs_traversal_at_both_ends(self, off: str, ours: str) -> None:
        routers = [
            msgspec.structs.replace(one, nat_transparency_off_line=1 if one.name == off else 0)
            for one in pair(version=2)
        ]
        run = Run(Choices())
        if off and ours == "10.0.0.1":
            with pytest.raises(Stop) as stopped:
                traversal(run, *sides(*routers, ours))
            assert (stopped.value.outcome, stopped.value.failed_at) == ("down", "SA_INIT")
            assert stopped.value.reason == "incomplete-configuration"
            assert [(e.host, e.line) for e in run.evidence] == [(off, 1)]
            assert [(said.router, said.line) for said in run.transcript] == [(off, "NAT-T disabled via cli")]
        else:
            traversal(run, *sides(*routers, ours))
            assert not run.evidence


FILTER: Changes = {"interface GigabitEthernet0/0\n": "interface GigabitEthernet0/0\n ip access-group IN in\n"}
LIST = "ip access-list extended IN\n permit tcp any any\n deny udp any any\n!\n"


def listed(name: str, version: int) -> Router:
    own, peer = ("192.0.2.1", "192.0.2.2") if name == "A" else ("192.0.2.2", "192.0.2.1")
    return router(text(name, own, peer, version, FILTER).removesuffix("end\n") + LIST + "end\n")


class TestAccessLists:
    @pytest.mark.parametrize(
        ("version", "at", "message"), [(1, "A", "MM2"), (1, "B", "MM1"), (2, "A", "SA_INIT"), (2, "B", "SA_INIT")]
    )
    def test_the_call_is_dropped_at_the_one_end_the_answer_at_the_other(
        self, version: int, at: str, message: str
    ) -> None:
        routers = [listed(one.name, version) if one.name == at else one for one in pair(version=version)]
        found = first(*routers)
        assert end(found)[:3] == ("down", message, "incomplete-configuration")
        texts = [e.text for e in found.evidence if e.host == at]
        assert {"ip access-group IN in", "deny udp any any"} <= set(texts)

    def test_the_second_message_of_aggressive_mode(self) -> None:
        run = Run(Choices())
        with pytest.raises(Stop) as stopped:
            heard(run, *sides(listed("A", 1), pair()[1]), "AM1")
        assert stopped.value.failed_at == "AM2"


class TestRoutes:
    def test_a_tunnel_whose_route_leads_into_itself_is_down(self) -> None:
        text = "ip route 192.0.3.0 255.255.255.0 Tunnel1\n!\ninterface Tunnel1\n ip address 10.0.0.1 255.255.255.252\n"
        route = {"interface Tunnel1\n": text}
        found = call({**route, "tunnel destination PEER": "tunnel destination 192.0.3.2"})
        assert (found.outcome, found.reason) == ("not-initiated", "interface-down")

    def test_where_no_route_is_shown_the_router_may_have_others(self) -> None:
        a = {
            "interface Tunnel1\n": "ip route 10.9.0.0 255.255.0.0 192.0.2.9\n!\ninterface Tunnel1\n",
            "tunnel destination PEER": "tunnel destination 192.0.3.2",
        }
        found = call(a)
        assert (found.outcome, found.reason, found.confidence) == (
            "not-initiated",
            "incomplete-configuration",
            "probable",
        )
        assert [reading.reading.split("; ")[0] for reading in found.readings] == [
            "A has no routes but those of its configuration", "A has other routes than those of its configuration"
        ]  # fmt: skip

    @pytest.mark.parametrize(("back", "idle"), [("192.0.2.0", True), ("203.0.113.0", False)])
    def test_a_peer_with_a_route_back_tells_that_the_configurations_are_whole(self, back: str, idle: bool) -> None:
        a, _ = pair()
        away = router(text("B", "192.0.3.2", "192.0.2.1", 1, {}).removesuffix("end\n")
                      + f"ip route {back} 255.255.255.0 192.0.3.9\nend\n")  # fmt: skip
        calling, called = sides(a, away, called="192.0.3.2")
        far = msgspec.structs.replace(calling.endpoint, peer=address("192.0.3.2"))
        calling = Initiator(calling.rules, far)
        for caller, responder in ((idle, called), (False, None), (False, msgspec.structs.replace(called, caller=None))):
            run = Run(Choices())
            if caller:
                with pytest.raises(Stop) as stopped:
                    set_out(run, calling, responder)
                assert stopped.value.idle == "incomplete-configuration"
            else:
                set_out(run, calling, responder)


MAP = """\
hostname B
!
crypto map CM 10 ipsec-isakmp
 set peer 192.0.2.1
 match address VPN
!
interface GigabitEthernet0/0
 ip address 192.0.2.2 255.255.255.0
 crypto map CM
!
interface GigabitEthernet0/1
 ip address 10.1.0.1 255.255.0.0
!
ip access-list extended VPN
 permit ip 10.1.0.0 0.0.255.255 10.9.0.0 0.0.255.255
!
"""


@pytest.mark.parametrize(
    ("route", "lost"),
    [
        ("ip route 10.9.0.0 255.255.0.0 10.1.0.9", True), ("ip route 10.9.0.0 255.255.0.0 Null0", True),
        ("ip route 10.9.0.0 255.255.0.0 192.0.2.9", False), ("ip route 10.8.0.0 255.255.0.0 192.0.2.9", False),
        ("ip route 10.9.0.0 255.255.0.0 10.1.0.9\nrouter ospf 1", False),
    ],
)  # fmt: skip
def test_answers_that_leave_round_the_map_are_lost(route: str, lost: bool) -> None:
    rules = RouterRules(router(f"{MAP}{route}\nend\n"))
    run = Run(Choices())
    responder = Responder(rules, rules.endpoints[0].local, address("192.0.2.1"))
    answer_way(run, responder, rules.endpoints[0])
    assert run.lost_at == ("replies" if lost else None)
    assert [e.text for e in run.evidence] == ([route] if lost else [])


def test_answers_of_a_tunnel_are_not_asked_for() -> None:
    body = MAP.replace(" crypto map CM\n", "").replace("interface GigabitEthernet0/1", "interface Tunnel1")
    tunnel = body.replace("10.1.0.1 255.255.0.0", (
        "10.1.0.1 255.255.0.0\n tunnel source GigabitEthernet0/0\n tunnel destination 198.51.100.7\n"
        " tunnel protection ipsec profile I"
    ))  # fmt: skip
    rules = RouterRules(router(tunnel + "ip route 198.51.100.7 255.255.255.255 Tunnel1\nend\n"))
    assert rules.routing.astray(rules.endpoints[0]) is not None
    run = Run(Choices())
    answer_way(run, Responder(rules, rules.endpoints[0].local, None), rules.endpoints[0])
    assert run.lost_at is None


class TestTheInsideVrf:
    """A profile of a tunnel names none, and a crypto map in a VRF protects networks of that VRF (PROFILE-IVRF)."""

    @staticmethod
    def lines(found: Router) -> list[str]:
        rules = RouterRules(found)
        return [found.text(line) for line in unsupported_inside(rules, rules.endpoints[0])]

    def test_a_tunnel_by_ikev1(self) -> None:
        a, _ = pair({"crypto isakmp profile P\n": "crypto isakmp profile P\n   vrf RED\n"})
        assert self.lines(a) == ["crypto isakmp profile P"]
        assert self.lines(pair()[0]) == []

    def test_a_tunnel_by_ikev2(self) -> None:
        a, _ = pair({"crypto ikev2 profile P\n": "crypto ikev2 profile P\n ivrf RED\n"}, version=2)
        assert self.lines(a) == ["crypto ikev2 profile P"]
        assert self.lines(pair(version=2)[0]) == []
        rules = RouterRules(a)
        template = msgspec.structs.replace(rules.endpoints[0], virtual_template=1)
        assert unsupported_inside(rules, template) == ()

    RED = MAP.replace("0/0\n ip", "0/0\n vrf forwarding RED\n ip")

    def test_a_map_in_a_vrf_whose_networks_are_in_the_default_table(self) -> None:
        assert self.lines(router(self.RED + "end\n")) == ["interface GigabitEthernet0/1"]
        assert self.lines(router(MAP + "end\n")) == []
        inside = self.RED.replace("0/1\n ip", "0/1\n vrf forwarding RED\n ip")
        assert self.lines(router(inside + "end\n")) == []
        both = self.RED + "interface GigabitEthernet0/2\n vrf forwarding RED\n ip address 10.1.9.1 255.255.255.0\n!\n"
        assert self.lines(router(both + "end\n")) == []
        two = self.RED + "interface GigabitEthernet0/2\n ip address 10.1.9.1 255.255.255.0\n!\n"
        assert len(self.lines(router(two + "end\n"))) == 2

    def test_networks_that_are_not_on_this_router_or_any_tell_nothing(self) -> None:
        assert self.lines(router(self.RED.replace("permit ip 10.1.0.0", "permit ip 10.2.0.0") + "end\n")) == []
        anything = self.RED.replace("10.1.0.0 0.0.255.255 10.9", "any 10.9")
        assert self.lines(router(anything + "end\n")) == []

    def test_an_address_whose_mask_makes_no_sense_tells_nothing(self) -> None:
        odd = self.RED + "interface GigabitEthernet0/2\n ip address 10.1.9.1 255.255.255.\n!\n"
        found = router(odd + "end\n")
        bare = msgspec.structs.replace(found.interfaces[1].addresses[0], prefix=None)
        interfaces = (found.interfaces[0], msgspec.structs.replace(found.interfaces[1], addresses=(bare,)))
        assert self.lines(found) == ["interface GigabitEthernet0/1"]
        assert self.lines(msgspec.structs.replace(found, interfaces=interfaces)) == []

    def test_a_profile_that_names_the_inside_vrf(self) -> None:
        profile = "crypto isakmp profile P\n   vrf BLUE\n   match identity address 0.0.0.0\n!\n"
        bound = self.RED.replace(" match address VPN\n", " match address VPN\n set isakmp-profile P\n")
        assert self.lines(router(bound.replace("!\ncrypto map", f"!\n{profile}crypto map") + "end\n")) == []
        rules = RouterRules(router(self.RED + "end\n"))
        (end,) = rules.endpoints
        assert unsupported_inside(rules, msgspec.structs.replace(end, kind="gdoi")) == ()
        assert unsupported_inside(rules, msgspec.structs.replace(end, interface="GigabitEthernet0/9 CM 10")) == ()
