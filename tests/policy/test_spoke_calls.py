"""Spokes of a DMVPN calling each other: which pairs are looked at, and that none that is told apart is missed."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import msgspec
import pytest

from ikeaudit.exchange import Exchange
from ikeaudit.fleet import Fleet, Translation
from ikeaudit.fleet.dmvpn import SMALL
from ikeaudit.model import Key, Prefix, Router, parse_address
from ikeaudit.parsing import parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter

FINGERPRINTER = Fingerprinter(b"spokes" * 6)
CASE = Path(__file__).parents[1] / "cases" / "dmvpn" / "spoke-to-spoke-with-wildcard"
HUB = (CASE / "hub.cfg").read_text(encoding="utf-8")
SPOKE = (CASE / "s1.cfg").read_text(encoding="utf-8")


def read(text: str, name: str) -> Router:
    (parsed,) = parse_configs(text, file=f"{name}.cfg", fingerprinter=FINGERPRINTER)
    assert parsed.router is not None
    return parsed.router


def spoke(number: int, key: str = "sesame-two-four-six-eight", more: str = "", tunnel_key: int = 10) -> Router:
    text = SPOKE.replace("hostname S1", f"hostname S{number:03}").replace("203.0.113.11", f"203.0.{number}.1")
    text = text.replace("10.10.0.11", f"10.10.{number}.1").replace("sesame-two-four-six-eight", key)
    text = text.replace("tunnel key 10", f"tunnel key {tunnel_key}")
    return read(text.replace("crypto isakmp policy", f"{more}crypto isakmp policy", 1), f"S{number:03}")


def cloud(*spokes: Router) -> Fleet:
    return Fleet([read(HUB, "HUB"), *spokes])


def pairs(exchanges: tuple[Exchange, ...]) -> set[tuple[str, str | None]]:
    return {(exchange.initiator, exchange.responder) for exchange in exchanges}


def test_of_a_small_cloud_every_pair_is_looked_at() -> None:
    fleet = cloud(*(spoke(n) for n in range(1, SMALL + 1)))
    assert len(fleet.spoke_exchanges) == SMALL * (SMALL - 1)
    names = [router.name for router in fleet.routers if router.name != "HUB"]
    assert pairs(fleet.spoke_exchanges) == set(permutations(names, 2))


def test_of_a_large_cloud_each_spoke_calls_and_is_called() -> None:
    fleet = cloud(*(spoke(n) for n in range(1, 41)))
    assert len(fleet.spoke_exchanges) == 2 * 40
    names = {router.name for router in fleet.routers} - {"HUB"}
    assert {e.initiator for e in fleet.spoke_exchanges} == {e.responder for e in fleet.spoke_exchanges} == names
    assert {e.outcome for e in fleet.spoke_exchanges} == {"up"}


def test_one_spoke_with_another_key_is_found_in_a_large_cloud() -> None:
    fleet = cloud(
        *(spoke(n, "walnut-one-three-five-nine" if n == 17 else "sesame-two-four-six-eight") for n in range(1, 41))
    )
    failing = [e for e in fleet.spoke_exchanges if e.outcome != "up"]
    assert {e.reason for e in failing} == {"psk-mismatch"}
    assert all("S017" in (e.initiator, e.responder) for e in failing)
    assert {e.initiator == "S017" for e in failing} == {True, False}, "seen from both ends"


def test_an_entry_for_one_spoke_is_found_in_a_large_cloud() -> None:
    """S003 alone has a key of its own for S030: neither is the other's neighbour in the list."""
    more = "crypto keyring OWN\n  pre-shared-key address 203.0.30.1 key walnut-one-three-five-nine\n"
    fleet = cloud(*(spoke(n, more=more if n == 3 else "") for n in range(1, 41)))
    failing = {(e.initiator, e.responder): e.reason for e in fleet.spoke_exchanges if e.outcome != "up"}
    # As initiator S003 is bound to its profile, whose keyring has the wildcard only; as responder it takes the /32.
    assert failing == {("S030", "S003"): "psk-mismatch"}
    assert [e.outcome for e in fleet.between("S003", "S030")] == ["up", "down"]


def test_a_pair_that_is_not_listed_can_be_asked_for() -> None:
    fleet = cloud(*(spoke(n) for n in range(1, 41)))
    assert ("S001", "S025") not in pairs(fleet.spoke_exchanges)
    assert pairs(fleet.between("S001", "S025")) == {("S001", "S025"), ("S025", "S001")}
    assert fleet.between("S001", "S001") == ()


def test_another_tunnel_key_is_another_cloud() -> None:
    fleet = cloud(spoke(1), spoke(2), spoke(3, tunnel_key=11))
    assert pairs(fleet.spoke_exchanges) == {("S001", "S002"), ("S002", "S001")}


def test_a_router_with_two_tunnels_into_one_cloud_does_not_call_itself() -> None:
    text = SPOKE.split("interface Tunnel10\n")[1].split("!\n")[0]
    second = "interface Tunnel20\n" + text.replace("GigabitEthernet0/0", "Loopback0").replace(
        "10.10.0.11", "10.10.0.21"
    )
    twice = read(
        SPOKE.replace("end\n", f"{second}!\ninterface Loopback0\n ip address 203.0.113.111 255.255.255.255\n!\nend\n"),
        "S1",
    )
    found = cloud(twice, spoke(2)).spoke_exchanges
    assert all(e.initiator != e.responder and e.responder is not None for e in found)
    called = {(e.initiator, e.initiator_interface, e.peer) for e in found}
    assert called == {
        ("S1", "Tunnel10", "203.0.2.1"),
        ("S1", "Tunnel20", "203.0.2.1"),
        ("S002", "Tunnel10", "203.0.113.11"),
        ("S002", "Tunnel10", "203.0.113.111"),
    }


def test_the_order_of_the_files_changes_nothing() -> None:
    spokes = [spoke(n) for n in range(1, 12)]
    assert cloud(*spokes).spoke_exchanges == cloud(*reversed(spokes)).spoke_exchanges


@pytest.mark.parametrize("kind", ["pat", "static"])
def test_a_spoke_behind_translation_is_called_by_its_outer_address(kind: str) -> None:
    inside, outside = parse_address("203.0.2.1"), parse_address("192.0.2.99")
    assert inside is not None and outside is not None
    fleet = Fleet([read(HUB, "HUB"), spoke(1), spoke(2)], [Translation(inside, outside, kind)])  # type: ignore[arg-type]
    called = {e.initiator: (e.peer, e.outcome) for e in fleet.spoke_exchanges}
    assert called == {
        "S001": ("192.0.2.99", "up" if kind == "static" else "not-initiated"),
        "S002": ("203.0.1.1", "up"),
    }


def test_a_configured_exchange_is_no_spoke_call() -> None:
    fleet = cloud(spoke(1), spoke(2))
    assert not pairs(fleet.exchanges) & pairs(fleet.spoke_exchanges)


def test_keys_by_the_spokes_own_addresses_only() -> None:
    """No wildcard anywhere: S001 and S002 have a key for each other, S003 has none for anybody but the hub."""
    hub, first, second = (parse_address(a) for a in ("198.51.100.1", "203.0.1.1", "203.0.2.1"))
    assert hub is not None and first is not None and second is not None

    def only(router: Router, *addresses: object) -> Router:
        ring = router.keyrings[0]
        keys = tuple(Key(n, ring.keys[0].secret, Prefix.of(a)) for n, a in enumerate(addresses, 50))  # type: ignore[arg-type]
        return msgspec.structs.replace(router, keyrings=(msgspec.structs.replace(ring, keys=keys),))

    fleet = cloud(only(spoke(1), hub, second), only(spoke(2), hub, first), only(spoke(3), hub))
    found = {(e.initiator, e.responder): (e.outcome, e.reason) for e in fleet.spoke_exchanges}
    assert found == {
        ("S001", "S002"): ("up", None),
        ("S002", "S001"): ("up", None),
        ("S001", "S003"): ("down", "no-key-on-initiator"),
        ("S002", "S003"): ("down", "no-key-on-initiator"),
        ("S003", "S001"): ("down", "no-key-on-initiator"),
        ("S003", "S002"): ("down", "no-key-on-initiator"),
    }


NETWORK = " ip nhrp network-id 10\n"


class TestNetworkId:
    """Without 'ip nhrp network-id' nobody registers, and nobody is asked for (DMVPN-CLOUDS, DMVPN-SPOKES)."""

    def mute(self, router_text: str, name: str) -> Router:
        assert NETWORK in router_text
        return read(router_text.replace(NETWORK, ""), name)

    def silent_spoke(self, number: int) -> Router:
        text = SPOKE.replace("hostname S1", f"hostname S{number:03}").replace("203.0.113.11", f"203.0.{number}.1")
        return self.mute(text.replace("10.10.0.11", f"10.10.{number}.1"), f"S{number:03}")

    def test_of_a_spoke(self) -> None:
        fleet = cloud(spoke(1), self.silent_spoke(2), spoke(3))
        assert pairs(fleet.spoke_exchanges) == {("S001", "S003"), ("S003", "S001")}
        for one, other in (("S001", "S002"), ("S002", "S003")):
            asked = fleet.between(one, other)
            assert [(e.outcome, e.reason) for e in asked] == [("not-initiated", "no-shortcut")] * 2

    def test_of_the_only_hub(self) -> None:
        fleet = Fleet([self.mute(HUB, "HUB"), spoke(1), spoke(2)])
        assert fleet.spoke_exchanges == ()
        assert {(e.outcome, e.reason) for e in fleet.between("S001", "S002")} == {("not-initiated", "no-shortcut")}

    def test_of_one_of_two_hubs(self) -> None:
        other = self.mute(HUB.replace("198.51.100.1", "198.51.100.2").replace("10.10.0.1 ", "10.10.0.2 "), "HUB")
        both = " ip nhrp nhs 10.10.0.2 nbma 198.51.100.2 multicast\n"
        spokes = []
        for number in (1, 2):
            text = SPOKE.replace("hostname S1", f"hostname S{number}").replace("203.0.113.11", f"203.0.{number}.1")
            text = text.replace("10.10.0.11", f"10.10.{number}.1").replace(NETWORK, NETWORK + both)
            spokes.append(read(text, f"S{number}"))
        second = msgspec.structs.replace(other, name="OTHER")
        assert len(Fleet([read(HUB, "HUB"), second, *spokes]).spoke_exchanges) == 2

    def test_of_a_spoke_that_another_one_has_a_route_by(self) -> None:
        route = "ip route 10.99.0.0 255.255.0.0 10.10.2.1\n"
        assert len(cloud(spoke(1, more=route), spoke(2)).spoke_exchanges) == 2
        assert cloud(spoke(1, more=route), self.silent_spoke(2)).spoke_exchanges == ()
        assert Fleet([self.mute(HUB, "HUB"), spoke(1, more=route), spoke(2)]).spoke_exchanges == ()

    def test_one_that_takes_no_part_stands_for_no_other_in_a_large_cloud(self) -> None:
        fleet = cloud(*(self.silent_spoke(n) if n % 2 else spoke(n) for n in range(1, 41)))
        assert len(fleet.spoke_exchanges) == 2 * 20
        assert {e.initiator for e in fleet.spoke_exchanges} == {f"S{n:03}" for n in range(2, 41, 2)}


def worded(text: str, name: str, word: str | None) -> Router:
    """A router whose tunnel has ``word`` behind 'ip nhrp authentication', none for None."""
    line = f" ip nhrp authentication {word}\n" if word is not None else ""
    return read(text.replace(NETWORK, NETWORK + line), name)


def numbered(number: int, more: str = "") -> str:
    text = SPOKE.replace("hostname S1", f"hostname S{number:03}").replace("203.0.113.11", f"203.0.{number}.1")
    return text.replace("10.10.0.11", f"10.10.{number}.1").replace(NETWORK, NETWORK + more)


SECOND_HUB = HUB.replace("hostname HUB", "hostname OTHER").replace("198.51.100.1", "198.51.100.2")
SECOND_HUB = SECOND_HUB.replace("10.10.0.1 ", "10.10.0.2 ")
SECOND_SERVER = " ip nhrp nhs 10.10.0.2 nbma 198.51.100.2 multicast\n"


class TestAuthentication:
    """Where 'ip nhrp authentication' surely differs it is not known whether spokes call each other (DMVPN-SPOKES)."""

    def outcomes(self, *routers: Router) -> dict[tuple[str, str | None], str]:
        found = Fleet(routers).spoke_exchanges
        return {(e.initiator, e.responder): e.outcome for e in found}

    @pytest.mark.parametrize(
        ("hub", "one", "other", "expected"),
        [
            ("walnut", "walnut", "walnut", "up"),
            ("walnut", "hazel", "walnut", "unknown"),
            ("walnut", "walnut", "hazel", "unknown"),
            ("walnut", "hazel", "hazel", "unknown"),  # they agree, and neither registers
            ("walnut", None, "walnut", "unknown"),
            (None, "walnut", None, "unknown"),
            (None, None, None, "up"),
            ("walnut", "<removed>", "walnut", "up"),  # may be the same
            ("walnut", "<removed>", "hazel", "unknown"),
            ("walnut", "<removed>", None, "unknown"),
            ("<removed>", "walnut", "hazel", "unknown"),  # one of them is refused
            ("<removed>", "walnut", "walnut", "up"),
        ],
    )
    def test_of_a_hub_and_two_spokes(self, hub: str | None, one: str | None, other: str | None, expected: str) -> None:
        found = self.outcomes(
            worded(HUB, "HUB", hub), worded(numbered(1), "S001", one), worded(numbered(2), "S002", other)
        )
        assert found == {("S001", "S002"): expected, ("S002", "S001"): expected}

    def test_it_is_said_why(self) -> None:
        fleet = Fleet(
            [worded(HUB, "HUB", "walnut"), worded(numbered(1), "S001", "walnut"), worded(numbered(2), "S002", "hazel")]
        )
        for found in fleet.spoke_exchanges:
            assert [(one.outcome, "ip nhrp authentication" in one.reading) for one in found.readings] == [
                ("not-initiated", True),
                ("up", True),
            ]
            assert any("ip nhrp authentication" in line.text for line in found.evidence)

    def test_a_call_that_would_fail_is_not_known_either(self) -> None:
        other = numbered(2).replace("sesame-two-four-six-eight", "walnut-one-three-five-nine")
        found = self.outcomes(
            worded(HUB, "HUB", "walnut"), worded(numbered(1), "S001", "walnut"), worded(other, "S002", "hazel")
        )
        assert set(found.values()) == {"unknown"}

    def test_one_of_two_hubs_is_enough(self) -> None:
        spokes = [worded(numbered(n, SECOND_SERVER), f"S{n:03}", "walnut") for n in (1, 2)]
        first = worded(HUB, "HUB", "hazel")
        assert set(self.outcomes(first, worded(SECOND_HUB, "OTHER", "walnut"), *spokes).values()) == {"up"}
        assert set(self.outcomes(first, worded(SECOND_HUB, "OTHER", "hazel"), *spokes).values()) == {"unknown"}
        assert set(self.outcomes(first, *spokes).values()) == {"up"}, "the other hub is not known"

    def test_of_spokes_whose_hub_is_not_known(self) -> None:
        one, other = worded(numbered(1), "S001", "walnut"), worded(numbered(2), "S002", "hazel")
        assert set(self.outcomes(one, other).values()) == {"unknown"}

    def test_where_nothing_makes_them_call_nothing_is_open(self) -> None:
        quiet = HUB.replace(" ip nhrp redirect\n", "")
        found = self.outcomes(
            worded(quiet, "HUB", "walnut"), worded(numbered(1), "S001", "walnut"), worded(numbered(2), "S002", "hazel")
        )
        assert found == {}

    def test_one_with_another_word_stands_for_no_other_in_a_large_cloud(self) -> None:
        spokes = [worded(numbered(n), f"S{n:03}", "hazel" if n % 2 else "walnut") for n in range(1, 21)]
        found = self.outcomes(worded(HUB, "HUB", "walnut"), *spokes)
        up = {caller for (caller, _), outcome in found.items() if outcome == "up"}
        assert up == {f"S{n:03}" for n in range(2, 21, 2)}
        assert {caller for (caller, _), outcome in found.items() if outcome == "unknown"} == {
            f"S{n:03}" for n in range(1, 21)
        }


class TestHubsAtWhichNobodyRegisters:
    """Where no hub registers a spoke, no spoke learns another's address (DMVPN-CLOUDS, DMVPN-SPOKES)."""

    @pytest.mark.parametrize(
        ("said", "instead"),
        [
            (" tunnel key 10\n", " tunnel key 11\n"),
            (" tunnel key 10\n", ""),
            (" tunnel key 10\n", " tunnel key 10\n shutdown\n"),
            (" tunnel mode gre multipoint\n", " tunnel destination 203.0.1.1\n"),
        ],
        ids=["another key", "no key", "shut down", "point-to-point"],
    )
    def test_they_do_not_call_each_other(self, said: str, instead: str) -> None:
        assert said in HUB
        hub = read(HUB.replace(said, instead), "HUB")
        fleet = Fleet([hub, spoke(1), spoke(2)])
        assert fleet.spoke_exchanges == ()
        assert {(e.outcome, e.reason) for e in fleet.between("S001", "S002")} == {("not-initiated", "no-shortcut")}
        both = [read(numbered(n, SECOND_SERVER), f"S{n:03}") for n in (1, 2)]
        assert len(Fleet([hub, read(SECOND_HUB, "OTHER"), *both]).spoke_exchanges) == 2, "the other hub registers them"

    def test_a_point_to_point_tunnel_of_another_subnet_is_no_hub(self) -> None:
        other = HUB.replace(" tunnel mode gre multipoint\n", " tunnel destination 203.0.1.1\n")
        fleet = Fleet([read(other.replace("10.10.0.1 ", "10.11.0.1 "), "HUB"), spoke(1), spoke(2)])
        assert {e.confidence for e in fleet.spoke_exchanges} == {"probable"}, "their hub is not known"
