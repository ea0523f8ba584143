"""The facts that hazards share, each by hand."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from ikeaudit.exchange import Exchange, Reading
from ikeaudit.hazards.facts.certainty import strongest, weakest
from ikeaudit.hazards.facts.duplicates import all_equal
from ikeaudit.hazards.facts.ikev2_profiles import overlaps
from ikeaudit.hazards.facts.phrases import each, listing
from ikeaudit.hazards.facts.release import Release, release_of, shield
from ikeaudit.hazards.facts.router_facts import RouterFacts
from ikeaudit.hazards.facts.scope import Scope
from ikeaudit.hazards.facts.tunnel_pairs import TunnelPair, pair_up
from ikeaudit.hazards.shared.pair_findings import oneway
from ikeaudit.model import Ikev2Identity, Ikev2Profile, Prefix, Router, Secret, SecretFacts, UnknownLine
from ikeaudit.selection import RouterRules


def direction(initiator: str, responder: str | None, outcome: str = "up", **more: object) -> Exchange:
    values = {
        "initiator": initiator,
        "responder": responder,
        "peer": "192.0.2.9",
        "initiator_interface": "Tunnel1",
        "responder_interface": "Tunnel1",
        "ike_version": 1,
        "mode": "main",
        "outcome": outcome,
        "confidence": "certain",
        "tunnel": "A Tunnel1 <> B Tunnel1",
    }
    return Exchange(**{**values, **more})  # type: ignore[arg-type]


MASKED = Secret("m", facts=SecretFacts(5, masked=True))
DOWN = Reading("the other one", "down", "MM5", "keyring-verification")


def test_listing_counts_what_it_does_not_name() -> None:
    assert listing([]) == ""
    assert listing(["a"]) == "a"
    assert listing("abcde") == "a, b, c, d and e"
    assert listing(["a", "b", "a"]) == "a and b"
    assert listing(range(800)) == "0, 1, 2, 3 and 796 more"


def test_certainties() -> None:
    assert weakest() == strongest() == "certain"
    assert weakest("probable", "unknown", "certain") == "unknown"
    assert strongest("unpredictable", "probable") == "probable"


def test_the_two_directions_of_a_tunnel_find_each_other() -> None:
    there, back = direction("A", "B"), direction("B", "A")
    assert pair_up([there, back]) == (TunnelPair(there, back),)


def test_directions_that_miss_each_other_are_paired_by_their_routers() -> None:
    there = direction("A", "B", "down", tunnel="A Tunnel1 > 192.0.2.2")
    back = direction("B", "A", "down", tunnel="B Tunnel1 > 192.0.2.1")
    assert pair_up([there, back]) == (TunnelPair(there, back),)


def test_an_end_that_nobody_can_call_belongs_to_the_call_that_arrives_there() -> None:
    call = direction("A", "B", tunnel="A Tunnel1 <> B Tunnel1")
    hidden = direction("B", None, "not-initiated", tunnel="B Tunnel1 > 203.0.113.1")
    assert pair_up([call, hidden]) == (TunnelPair(call, hidden),)


def test_a_missing_configuration_leaves_one_direction() -> None:
    alone = direction("A", None, "unknown", confidence="unknown")
    assert pair_up([alone]) == (TunnelPair(alone),)


@pytest.mark.parametrize(
    ("there", "back", "confidence"),
    [
        (("up", "certain", ()), ("down", "certain", ()), "certain"),
        (("half-open", "probable", ()), ("up", "certain", ()), "probable"),
        (("up", "certain", ()), ("up", "unpredictable", (DOWN,)), "unpredictable"),
        (("up", "probable", (DOWN,)), ("up", "certain", ()), "probable"),
        (("up", "certain", ()), ("up", "certain", ()), None),
        (("up", "certain", ()), ("unknown", "unknown", (DOWN,)), None),
        (("up", "certain", ()), ("not-initiated", "certain", ()), None),
        (("down", "certain", ()), ("down", "certain", ()), None),
        (("down", "certain", ()), ("not-initiated", "certain", ()), None),
    ],
)
def test_oneway(
    there: tuple[str, str, tuple[Reading, ...]], back: tuple[str, str, tuple[Reading, ...]], confidence: str | None
) -> None:
    pair = TunnelPair(
        direction("A", "B", there[0], confidence=there[1], readings=there[2]),
        direction("B", "A", back[0], confidence=back[1], readings=back[2]),
    )
    found = oneway(pair)
    assert (found.confidence if found else None) == confidence


def test_scopes_meet_where_a_local_end_lies_in_both() -> None:
    anywhere, nowhere = Scope("any"), Scope("nowhere")
    one, other = Scope("address", IPv4Address("192.0.2.1"), "Loopback0"), Scope("address", IPv4Address("192.0.2.2"))
    dialer = Scope("learnt", interface="Dialer1")
    assert anywhere.meets(one) and one.meets(anywhere) and one.meets(one) and dialer.meets(dialer)
    assert one.meets(other) is False and nowhere.meets(anywhere) is False
    assert dialer.meets(Scope("learnt", interface="Dialer2")) is False
    assert dialer.meets(one) is False, "the address is another interface's"
    assert dialer.meets(other) is None, "nobody holds the address: it may be the one that Dialer1 learns"


@pytest.mark.parametrize(
    ("secrets", "equal"),
    [
        ([Secret("a"), Secret("a")], True),
        ([Secret("a"), Secret("a", 7)], True),
        ([Secret("a"), Secret("b")], False),
        ([Secret("x", 6), Secret("x", 6)], True),
        ([Secret("x", 6), Secret("y", 6)], None),
        ([Secret("a"), Secret("x", 6)], None),
        ([Secret("a"), Secret("x", 6), Secret("b")], False),
        ([MASKED, MASKED], None),
        ([Secret("a"), MASKED], None),
        ([MASKED], True),
    ],
)
def test_all_equal(secrets: list[Secret], equal: bool | None) -> None:
    assert all_equal(secrets) is equal


@pytest.mark.parametrize(
    ("version", "platform", "state"),
    [
        ("15.7(3)M3", None, "accepts"),
        ("17.9", None, "accepts"),
        ("17.11.1a", "ISR4331/K9", "refuses"),
        ("17.09.05a", "ISR4431/K9", "accepts"),
        ("17.12", "C9300-24T", "accepts"),
        ("17.15", "C9300-24T", "refuses"),
        ("17.12", None, "may refuse"),
        ("17.15.1", None, "refuses"),
        (None, "C8500-12X", "accepts"),
    ],
)
def test_what_a_release_still_accepts(version: str | None, platform: str | None, state: str) -> None:
    assert shield(Router("R", "r.cfg", version=version, platform=platform)) == state


def test_releases_compare_as_numbers() -> None:
    assert release_of(Router("R", "r.cfg", version="17.09.05a")) == Release(17, 9, 5)
    assert release_of(Router("R", "r.cfg", version="15.7(3)M3")) == Release(15, 7, 3)
    assert release_of(Router("R", "r.cfg")) is None
    assert Release(17, 9) < Release(17, 11) < Release(17, 11, 1)


def v2(name: str, *matches: Ikev2Identity, fvrf: str | None = None, local: str | None = None) -> Ikev2Profile:
    addresses = (IPv4Address(local),) if local else ()
    return Ikev2Profile(name, 1, fvrf=fvrf, matches=matches, local_addresses=addresses)


def at(text: str, length: int = 32) -> Ikev2Identity:
    return Ikev2Identity(1, "address", Prefix.of(IPv4Address(text), length))


def test_overlapping_ikev2_profiles_are_found_by_index() -> None:
    def names(*profiles: Ikev2Profile) -> list[tuple[str, list[str]]]:
        return [(wide.name, [profile.name for profile, _ in narrow]) for wide, narrow in overlaps(profiles)]

    assert names(v2("A", at("192.0.2.0", 24)), v2("B", at("192.0.2.7"))) == [("A", ["B"])]
    assert names(v2("A", at("192.0.2.7")), v2("B", at("192.0.2.7"))) == [("A", ["B"])]
    assert names(v2("A", at("192.0.2.7")), v2("B", at("192.0.2.8"))) == []
    assert names(v2("A", Ikev2Identity(1, "any")), v2("B", Ikev2Identity(2, "fqdn", value="x.y"))) == [("A", ["B"])]
    domain = Ikev2Identity(1, "fqdn-domain", value="example.com")
    assert names(v2("A", domain), v2("B", Ikev2Identity(2, "fqdn", value="r1.Example.com"))) == [("A", ["B"])]
    assert names(v2("A", domain), v2("B", Ikev2Identity(2, "fqdn", value="r1.example.org"))) == []
    assert names(v2("A", at("192.0.2.0", 24), fvrf="X"), v2("B", at("192.0.2.7"))) == []
    assert names(v2("A", at("192.0.2.0", 24), fvrf="any"), v2("B", at("192.0.2.7"), fvrf="X")) == [("A", ["B"])]
    assert names(v2("A", at("192.0.2.0", 24), local="10.0.0.1"), v2("B", at("192.0.2.7"), local="10.0.0.2")) == []


def test_what_was_not_understood_may_hold_what_seems_to_be_missing() -> None:
    def doubt(*lines: UnknownLine, truncated: bool = False) -> str:
        router = Router("R", "r.cfg", unknown=lines, truncated=truncated)
        return RouterFacts(RouterRules(router), (), ()).doubt("keyring", name="K")

    assert doubt() == "certain"
    assert doubt(UnknownLine(3, "keyring", "K")) == "unknown"
    assert doubt(UnknownLine(3, "keyring", "OTHER")) == "certain"
    assert doubt(UnknownLine(3, "interface", "K")) == "certain"
    assert doubt(UnknownLine(3, "global")) == "unknown"
    assert doubt(truncated=True) == "unknown"


def test_a_word_agrees_with_the_names_behind_it() -> None:
    assert each("keyring", ["A"]) == each("keyring", ["A", "A"]) == "keyring A"
    assert each("Profile", ("A", "B")) == "Profiles A and B"
