"""What lies to each side of a condition in the replay: one input for each, the values by the rule named with them."""

from __future__ import annotations

import msgspec
import pytest
from parsed import router
from two_ends import POLICY, Changes, call, cited, end, pair

from ikeaudit.exchange import Exchange
from ikeaudit.exchange.choices import Choices
from ikeaudit.exchange.replay import replay
from ikeaudit.exchange.result import Idle
from ikeaudit.exchange.run import Initiator, Responder, Run, Stop
from ikeaudit.exchange.traffic import start_traffic
from ikeaudit.exchange.way import set_out
from ikeaudit.exchange.xauth import challenge
from ikeaudit.model import IPAddress, parse_address
from ikeaudit.selection import Endpoint, LocalEnd, RouterRules
from ikeaudit.selection.proxies import proxies
from ikeaudit.selection.routing import Astray
from ikeaudit.selection.traffic import Fate


def address(given: str) -> IPAddress:
    found = parse_address(given)
    assert found is not None
    return found


def readings(found: Exchange) -> list[tuple[object, ...]]:
    return [(r.reading, r.outcome, r.failed_at, r.reason) for r in found.readings]


def said(found: Exchange, host: str) -> list[str]:
    return [one.line for one in found.transcript if one.router == host]


class TestXauth:
    """Who asks for a user: the profile of the peer, without one the map that the call comes to (XAUTH-ROUTERS)."""

    ASKING = """\
hostname B
crypto isakmp profile ASKS
   match identity host a.b
   client authentication list L
crypto isakmp profile SILENT
   match identity host c.d
crypto map CM client authentication list L
crypto map CM 10 ipsec-isakmp
 set peer 192.0.2.1
crypto map OTHER 10 ipsec-isakmp
 set peer 192.0.2.1
interface GigabitEthernet0/0
 ip address 192.0.2.2 255.255.255.0
 crypto map CM
interface GigabitEthernet0/1
 ip address 198.51.100.2 255.255.255.0
interface GigabitEthernet0/2
 ip address 203.0.113.2 255.255.255.0
 crypto map OTHER
end
"""
    LINE = "crypto map CM client authentication list L"

    @pytest.mark.parametrize(
        ("arrives", "waiting", "profile", "exempt", "by"),
        [
            ("GigabitEthernet0/0", (), None, False, LINE), ("GigabitEthernet0/1", (), None, False, None),
            ("GigabitEthernet0/2", (), None, False, None), (None, (), None, False, None),
            ("GigabitEthernet0/0", ("OTHER",), None, False, None), ("GigabitEthernet0/2", ("CM",), None, False, LINE),
            ("GigabitEthernet0/0", ("OTHER", "CM"), None, False, None),
            ("GigabitEthernet0/1", ("CM", "OTHER"), None, False, LINE),
            ("GigabitEthernet0/0", (), "SILENT", False, None),
            ("GigabitEthernet0/1", (), "ASKS", False, "crypto isakmp profile ASKS"),
            ("GigabitEthernet0/0", (), None, True, None), ("GigabitEthernet0/1", (), "ASKS", True, None),
        ],
    )  # fmt: skip
    def test_at_the_responder(
        self, arrives: str | None, waiting: tuple[str, ...], profile: str | None, exempt: bool, by: str | None
    ) -> None:
        rules, calling = RouterRules(router(self.ASKING)), RouterRules(pair()[0])
        ends = tuple(Endpoint("B", f"X {name} 10", "crypto-map", LocalEnd(None), crypto_map=name) for name in waiting)
        called = Responder(rules, LocalEnd(address("192.0.2.2"), arrives), address("192.0.2.1"), ends)
        run = Run(Choices())
        run.no_xauth = exempt
        selected = rules.profiles[profile] if profile else None
        caller = Initiator(calling, calling.endpoints[0])
        if by is not None:
            with pytest.raises(Stop) as stopped:
                challenge(run, caller, called, selected, exempt=False)
            assert (stopped.value.outcome, stopped.value.failed_at, stopped.value.reason) == ("down", "XAUTH", "xauth")
            assert [(one.router, one.line) for one in run.transcript] == [("B", "Need XAUTH")]
        else:
            challenge(run, caller, called, selected, exempt=False)
            assert run.transcript == []
        assert [e.text for e in run.evidence] == ([by] if by else [])
        granted = "no-xauth exempts from the client authentication of a profile, too (XAUTH-ROUTERS)"
        assert run.assumptions == ([granted] if exempt and profile else [])


ASTRAY: list[tuple[str, Idle]] = [
    ("itself", "interface-down"), ("nowhere", "incomplete-configuration"), ("unrouted", "incomplete-configuration"),
    ("round", "traffic-not-matched"), ("discarded", "null-route"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "idle"), ASTRAY)
@pytest.mark.parametrize("sure", [True, False])
def test_what_the_initiator_sends_goes_astray(
    kind: str, idle: Idle, sure: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ROUTE-WAY; where the router may have other routes the call goes out in the other reading."""
    rules = RouterRules(pair()[0])
    monkeypatch.setattr(rules.routing, "astray", lambda *_, **__: Astray(kind, (1,), sure))  # type: ignore[arg-type]
    for script, stays in (((), True), ((1,), sure)):
        run = Run(Choices(script))
        if stays:
            with pytest.raises(Stop) as stopped:
                set_out(run, Initiator(rules, rules.endpoints[0]), None)
            assert (stopped.value.outcome, stopped.value.idle) == ("not-initiated", idle)
        else:
            set_out(run, Initiator(rules, rules.endpoints[0]), None)
        assert [e.line for e in run.evidence] == [1]


class TestWhatStartsTheTunnel:
    """Each doubt about the traffic has its own two readings, the likely first (NAT-BEFORE-MAP, ACL-NETMASK)."""

    MAP = """\
hostname A
crypto map CM 10 ipsec-isakmp
 set peer 192.0.2.2
 match address VPN
interface GigabitEthernet0/0
 ip address 192.0.2.1 255.255.255.0
 crypto map CM
ip access-list extended VPN
 permit ip 10.1.0.0 0.0.0.255 10.9.0.0 0.0.255.255
 permit ip 10.1.1.0 0.0.0.255 10.9.0.0 0.0.255.255
end
"""

    def run(self, monkeypatch: pytest.MonkeyPatch, script: tuple[int, ...], *kinds: str) -> tuple[Run, Idle | None]:
        rules = RouterRules(router(self.MAP))
        (here,) = rules.endpoints
        own = proxies(rules.router, here).entries
        fates = dict(zip(own, (Fate(kind, (9 + at,)) for at, kind in enumerate(kinds)), strict=True))  # type: ignore[arg-type]
        monkeypatch.setattr(rules.traffic, "fate", lambda _, proxy: fates[proxy])
        run = Run(Choices(script))
        try:
            start_traffic(run, Initiator(rules, here))
        except Stop as stop:
            assert stop.outcome == "not-initiated"
            return run, stop.idle
        return run, None

    @pytest.mark.parametrize(
        ("kinds", "script", "idle", "unsent", "lines"),
        [
            (("seen", "seen"), (), None, 0, []), (("seen", "part"), (), None, 0, [10]),
            (("part", "denied"), (), None, 1, [9, 10]),
            (("denied", "denied"), (), "traffic-not-matched", 2, [9, 10]),
            (("translated", "denied"), (), "traffic-translated", 2, [9, 10]),
            (("backwards", "denied"), (), "traffic-not-matched", 2, [9, 10]), (("backwards", "seen"), (), None, 1, [9]),
            (("netmask", "denied"), (), "traffic-not-matched", 2, [9, 10]), (("netmask", "denied"), (1,), None, 1, [9, 10]),
            (("taken", "denied"), (), "traffic-not-matched", 2, [9, 10]), (("taken", "denied"), (1,), None, 1, [9, 10]),
            (("open", "denied"), (), None, 1, [9, 10]), (("open", "denied"), (1,), "traffic-translated", 2, [9, 10]),
            (("open", "netmask"), (0, 1), "traffic-translated", 2, [9, 10]), (("open", "netmask"), (1, 1), None, 1, [9, 10]),
        ],
    )  # fmt: skip
    def test_which_lines_do(
        self, kinds: tuple[str, ...], script: tuple[int, ...], idle: Idle | None, unsent: int, lines: list[int],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        run, found = self.run(monkeypatch, script, *kinds)
        assert (found, len(run.unsent), [e.line for e in run.evidence]) == (idle, unsent, lines)

    @pytest.mark.parametrize(
        ("kind", "words", "weight"),
        [
            ("netmask", ["the netmask for a wildcard in VPN of A lets no traffic match",
                         "traffic matches the netmask for a wildcard in VPN of A"], "weak"),
            ("taken", ["an entry of CM before it takes the traffic of VPN of A",
                       "an entry before it leaves the traffic of VPN of A alone"], "weak"),
            ("open", ["A does not translate the traffic of VPN", "A translates the traffic of VPN"], "unknown"),
        ],
    )  # fmt: skip
    def test_in_which_words(self, kind: str, words: list[str], weight: str, monkeypatch: pytest.MonkeyPatch) -> None:
        for at, expected in enumerate(("primary", weight)):
            run, _ = self.run(monkeypatch, (at,), kind, "seen")
            (answer,) = run._choices.taken
            assert (answer.words, answer.weight, answer.count) == (words[at], expected, 2)

    def test_a_line_that_is_not_compared_may_start_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(self, "MAP", self.MAP.replace("end\n", " permit ip object-group G any\nend\n"))
        run, found = self.run(monkeypatch, (), "denied", "denied")
        assert (found, len(run.unsent)) == (None, 2)


class TestRenewal:
    """An end that names no peer calls again whom it knows; nobody renews what an Easy VPN client began (CALL-RENEWAL)."""

    def renewed(
        self, change: Changes | None, responder: dict[str, object], **more: object
    ) -> tuple[object, ...] | None:
        a, b = (RouterRules(one) for one in pair(None, change))
        calling = msgspec.structs.replace(a.endpoints[0], **{"dynamic": True, "peer": None, **more})
        called = Responder(b, b.endpoints[0].local, a.endpoints[0].local.address, b.endpoints)
        called = msgspec.structs.replace(called, **responder)
        found = replay(Initiator(a, calling), called, known_as=address("192.0.2.2"))
        assert (found.outcome, found.reason, found.confidence) == ("not-initiated", "peer-unknown", "certain")
        renewal = found.renewal
        return msgspec.structs.astuple(renewal) if renewal is not None else None

    def test_what_becomes_of_it(self) -> None:
        assert self.renewed({}, {}) == ("up", "probable", None, None)
        assert self.renewed({"key sesame": "key walnut"}, {}) == ("down", "probable", "MM5", "psk-mismatch")
        six = {"key sesame": "key 6 AABB"}
        assert self.renewed(six, {}) == ("unknown", "unknown", None, None)
        assert self.renewed({}, {}, dynamic=False) is None
        assert self.renewed({}, {}, dynamic=False, tunnel_mode=None) is None

    def test_of_an_end_that_names_its_peer_that_one_is_called(self) -> None:
        a, b = (RouterRules(one) for one in pair())
        called = Responder(b, b.endpoints[0].local, address("192.0.2.1"), b.endpoints)
        calling = Initiator(a, msgspec.structs.replace(a.endpoints[0], dynamic=True))
        for known_as in (None, address("198.51.100.9")):
            renewal = replay(calling, called, known_as=known_as).renewal
            assert renewal is not None and renewal.outcome == "up"
        nobody = Initiator(a, msgspec.structs.replace(a.endpoints[0], dynamic=True, peer=None))
        assert replay(nobody, called).renewal is None

    def test_not_to_a_client(self) -> None:
        own = RouterRules(pair()[1]).endpoints[0]
        client = msgspec.structs.replace(own, kind="ezvpn")
        assert self.renewed({}, {"endpoints": (own, client)}) is None
        assert self.renewed({}, {"endpoints": (client,)}) is None
        a = RouterRules(pair()[0])
        calling = msgspec.structs.replace(a.endpoints[0], dynamic=True, peer=None)
        assert replay(Initiator(a, calling), None, known_as=address("192.0.2.2")).renewal is None

    def test_not_where_nothing_would_start_it_either(self) -> None:
        a = {POLICY: f"ip route 192.0.2.2 255.255.255.255 Null0\n{POLICY}"}
        rules, b = (RouterRules(one) for one in pair(a))
        calling = msgspec.structs.replace(rules.endpoints[0], dynamic=True, peer=None)
        called = Responder(b, b.endpoints[0].local, address("192.0.2.1"), b.endpoints)
        found = replay(Initiator(rules, calling), called, known_as=address("192.0.2.2"))
        assert (found.reason, found.renewal) == ("peer-unknown", None)


class TestIdle:
    """Why nothing reaches IKE, the first reason that holds (CALL-POSSIBLE)."""

    @pytest.mark.parametrize(
        ("change", "startable", "idle"),
        [
            ({"shutdown": True}, True, "interface-down"), ({"unapplied": True}, True, "map-not-applied"),
            ({"shutdown": True, "unapplied": True}, True, "interface-down"),
            ({"shutdown": True, "peer": None}, True, "interface-down"), ({"peer": None}, True, "peer-unknown"),
            ({"dynamic": True}, True, "peer-unknown"), ({}, False, "peer-unknown"),
            ({"responder_only": True}, True, "responder-only"), ({"responder_only": True}, False, "peer-unknown"),
            ({"dynamic": True, "responder_only": True}, True, "peer-unknown"), ({}, True, None),
            ({"shortcut": "none"}, True, "no-shortcut"), ({"shortcut": "both"}, True, None),
            ({"missing": (("ip nhrp network-id", 1),)}, True, "incomplete-configuration"),
        ],
    )  # fmt: skip
    def test_of_an_end(self, change: dict[str, object], startable: bool, idle: Idle | None) -> None:
        a, b = (RouterRules(one) for one in pair())
        calling = msgspec.structs.replace(a.endpoints[0], **change)
        called = Responder(b, b.endpoints[0].local, address("192.0.2.1"), b.endpoints)
        found = replay(Initiator(a, calling), called, startable=startable)
        assert (found.outcome, found.reason) == (("up", None) if idle is None else ("not-initiated", idle))

    @pytest.mark.parametrize(
        ("shortcut", "primary", "weights"),
        [("both", True, None), ("theirs", True, "weak"), ("ours", False, "weak"), ("open", True, "unknown"),
         ("kept", True, "weak"), ("unseen", True, "weak"), ("none", False, None)],
    )  # fmt: skip
    def test_of_a_spoke(self, shortcut: str, primary: bool, weights: str | None) -> None:
        """DMVPN-SPOKES: the answering spoke calls first; where it is open both readings are told."""
        a, b = (RouterRules(one) for one in pair())
        calling = msgspec.structs.replace(a.endpoints[0], shortcut=shortcut)
        found = replay(Initiator(a, calling), Responder(b, b.endpoints[0].local, address("192.0.2.1"), b.endpoints))
        outcomes = ["up", "not-initiated"] if primary else ["not-initiated", "up"]
        if weights is None:
            assert (found.outcome, found.confidence, found.readings) == (outcomes[0], "certain", ())
        else:
            assert [reading.outcome for reading in found.readings] == outcomes
            assert (found.outcome, found.confidence) == (
                ("unknown", "unknown") if weights == "unknown" else (outcomes[0], "probable")
            )

    def test_the_interface_that_takes_the_source_down_with_it_is_cited(self) -> None:
        """A subinterface is down with its parent (CALL-POSSIBLE)."""
        below = {
            "interface GigabitEthernet0/0\n": "interface GigabitEthernet0/0\n{}!\ninterface GigabitEthernet0/0.10\n",
            "tunnel source GigabitEthernet0/0": "tunnel source GigabitEthernet0/0.10",
        }
        down, up = ({old: new.format(line) for old, new in below.items()} for line in (" shutdown\n", ""))
        found = call(down)
        assert (found.outcome, found.reason, "interface GigabitEthernet0/0" in cited(found, "A")) == (
            "not-initiated", "interface-down", True
        )  # fmt: skip
        assert end(call(up)) == ("up", None, None, "certain")
        called = call(None, down)
        assert end(called)[:3] == ("down", "MM1", "incomplete-configuration")
        assert cited(called, "B") == ["interface GigabitEthernet0/0.10", "interface GigabitEthernet0/0"]
        bare = call({" tunnel source GigabitEthernet0/0\n": " shutdown\n"})
        assert (bare.outcome, bare.reason) == ("not-initiated", "interface-down")
