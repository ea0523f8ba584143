"""Which of several ends that name no peer takes a call, and so renews the tunnel that it began (CALL-RENEWAL)."""

from __future__ import annotations

import msgspec
import pytest
from parsed import router
from two_ends import Changes, pair

import ikeaudit.fleet.fleet as module
from ikeaudit.exchange import Exchange, Initiator, Responder
from ikeaudit.exchange.replay import takers
from ikeaudit.fleet import Fleet
from ikeaudit.selection import RouterRules

HUB = """\
    hostname HUB
    crypto keyring KA
      pre-shared-key address 192.0.2.3 key walnut
    crypto keyring KB
      pre-shared-key address 192.0.2.2 key sesame
    crypto isakmp policy 10
     authentication pre-share
    crypto isakmp profile PA
       keyring KA
       match identity address 192.0.2.3 255.255.255.255
    crypto isakmp profile PB
       keyring KB
       match identity address 192.0.2.2 255.255.255.255
    crypto ipsec transform-set TS esp-aes
    crypto dynamic-map D 10
     set transform-set TS
     set isakmp-profile PA
    crypto dynamic-map D 20
     set transform-set TS
     set isakmp-profile PB
    crypto map M 10 ipsec-isakmp dynamic D
    interface GigabitEthernet0/0
     ip address 192.0.2.1 255.255.255.0
     crypto map M
    end
"""
SITE = """\
    hostname SITE
    crypto isakmp policy 10
     authentication pre-share
    crypto isakmp key sesame address 192.0.2.1
    crypto ipsec transform-set TS esp-aes
    access-list 101 permit ip 10.1.0.0 0.0.255.255 10.0.0.0 0.0.255.255
    crypto map M 10 ipsec-isakmp
     set peer 192.0.2.1
     set transform-set TS
     match address 101
    interface GigabitEthernet0/0
     ip address 192.0.2.2 255.255.255.0
     crypto map M
    end
"""
BOTH_MAPS = HUB.replace("dynamic-map D 20", "dynamic-map E 10").replace(
    "dynamic D\n", "dynamic D\n    crypto map M 20 ipsec-isakmp dynamic E\n"
)


def started(hub: str, site: str = SITE) -> list[Exchange]:
    """What the hub starts: a direction for its end that takes the site's call, and one for each that nobody calls."""
    return [one for one in Fleet([router(hub), router(site)]).exchanges if one.initiator == "HUB"]


def renews(one: Exchange) -> tuple[object, ...] | None:
    found = one.renewal
    return (found.outcome, found.confidence, found.reason) if found is not None else None


def taken(*ends: dict[str, object], changes: Changes | None = None, version: int = 1) -> tuple[int, ...]:
    """Which of B's ends take a call of A, each made of that of the tunnel."""
    a, b = (RouterRules(one) for one in pair(None, changes, version=version))
    own = tuple(msgspec.structs.replace(b.endpoints[0], **change) for change in ends)
    return takers(Initiator(a, a.endpoints[0]), Responder(b, b.endpoints[0].local, a.endpoints[0].local.address, own))


class TestTakers:
    """By their places, none twice."""

    def test_the_first_that_fits(self) -> None:
        assert taken({}) == (0,)
        assert taken({}, {"interface": "Tunnel9"}) == (0,)
        assert taken({"shutdown": True}, {}) == (1,)

    def test_nobody(self) -> None:
        assert taken() == ()
        assert taken({"shutdown": True}, {"shutdown": True}) == ()

    def test_in_every_reading_that_of_the_primary_one_first(self) -> None:
        """A peer of no profile is refused where one is bound; the weaker reading is that it is accepted (U-6)."""
        nobody = {"match identity address PEER": "match identity address 192.0.2.9"}
        nobody["crypto keyring K\n  pre-shared-key address PEER key sesame\n"] = (
            "crypto keyring K\n  pre-shared-key address PEER key sesame\ncrypto isakmp key sesame address PEER\n"
        )
        assert taken({}, {"isakmp_profile": None, "interface": "Tunnel9"}, changes=nobody) == (1, 0)
        assert taken({}, changes=nobody) == (0,)

    def test_by_ikev2(self) -> None:
        assert taken({}, {"interface": "Tunnel9"}, version=2) == (0,)
        assert taken({"shutdown": True}, {}, version=2) == (1,)
        assert taken({"ikev2_profile": None}, {"ikev2_profile": "OTHER"}, {}, version=2) == (2,)


class TestRenewal:
    @pytest.mark.parametrize("hub", [HUB, BOTH_MAPS])
    def test_by_the_entry_that_took_the_call(self, hub: str) -> None:
        first, second = started(hub)
        assert (first.responder, first.peer, renews(first)) == (None, "any", None)
        assert (second.responder, second.peer, renews(second)) == ("SITE", "192.0.2.2", ("up", "probable", None))

    @pytest.mark.parametrize("hub", [HUB, BOTH_MAPS])
    def test_it_is_the_same_tunnel(self, hub: str) -> None:
        call, answer = (one for one in Fleet([router(hub), router(SITE)]).exchanges if one.responder is not None)
        assert {call.tunnel} == {answer.tunnel}
        assert {call.initiator_interface, call.responder_interface} == {
            answer.initiator_interface,
            answer.responder_interface,
        }

    def test_by_the_first_where_none_takes_it(self) -> None:
        first, second = started(HUB, SITE.replace("esp-aes", "esp-3des"))
        assert (first.responder, second.responder) == ("SITE", None)
        assert renews(first) == ("down", "probable", "no-key-on-initiator")

    UNBOUND = HUB.replace("     set isakmp-profile PB\n", "").replace("address 192.0.2.2 255", "address 192.0.2.9 255")

    def test_unknown_where_another_reading_is_of_an_entry_that_renews_otherwise(self) -> None:
        """The site is of no profile: entry 20 takes its call, or entry 10, whose keyring has no key for it (U-6)."""
        first, second = started(self.UNBOUND)
        assert (first.responder, second.responder) == (None, "SITE")
        assert renews(second) == ("unknown", "unknown", None)

    def test_known_where_all_renew_alike(self) -> None:
        hub = self.UNBOUND.replace(
            "pre-shared-key address 192.0.2.3 key walnut", "pre-shared-key address 192.0.2.2 key sesame"
        )
        assert renews(started(hub)[1]) == ("up", "probable", None)


class Kept:
    """A memo that keeps what it is given."""

    def __init__(self) -> None:
        self.answers: dict[bytes, object] = {}

    def place(self, kind: str, routers: object, *values: object) -> bytes:
        return repr((kind, routers, values)).encode()

    def found(self, place: bytes, type_: type) -> object:
        return self.answers.get(place)

    def keep(self, place: bytes, answer: object) -> None:
        self.answers[place] = answer


def test_who_takes_a_call_is_known_from_before(monkeypatch: pytest.MonkeyPatch) -> None:
    memo, routers = Kept(), [router(HUB), router(SITE)]
    known = Fleet(routers, memo=memo).exchanges  # type: ignore[arg-type]
    assert known == Fleet(routers).exchanges

    def never(*_: object) -> tuple[int, ...]:
        raise AssertionError("it was looked for again")

    monkeypatch.setattr(module, "takers", never)
    assert Fleet(routers, memo=memo).exchanges == known  # type: ignore[arg-type]
    one_entry = router(
        HUB.replace("    crypto dynamic-map D 20\n     set transform-set TS\n     set isakmp-profile PB\n", "")
    )
    assert len(Fleet([one_entry, router(SITE)]).exchanges) == 2, "one end is not looked for"
