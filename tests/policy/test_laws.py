"""Laws that every verdict keeps and that need no oracle, on random pairs of routers.

Tunnels and crypto maps, with and without front-door VRFs, IKEv1 (:mod:`pairs`) and IKEv2 (:mod:`pairs_v2`). For more
examples: ``IKEAUDIT_LAW_EXAMPLES=5000 pytest --timeout 0 tests/policy/test_laws.py``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from random import Random

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from pairs import KEYS, End, pairs, texts
from pairs_v2 import STRANGER, End2, pairs_v2, texts_v2

from ikeaudit.exchange import SEVERITY, Exchange
from ikeaudit.fleet import Fleet
from ikeaudit.model import (
    Ikev2Keyring,
    Ikev2Peer,
    Key,
    Keyring,
    KeyringRef,
    Prefix,
    Router,
    Secret,
    parse_address,
)
from ikeaudit.parsing import parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter

FINGERPRINTER = Fingerprinter(b"laws" * 8)
LAW = settings(max_examples=int(os.environ.get("IKEAUDIT_LAW_EXAMPLES", "25")), deadline=None)
RANDOM = st.randoms(use_true_random=False)


def read(configurations: Mapping[str, str]) -> list[Router]:
    found = []
    for name, text in configurations.items():
        (parsed,) = parse_configs(text, file=f"{name}.cfg", fingerprinter=FINGERPRINTER)
        assert parsed.router is not None and not parsed.unknown, parsed.unknown
        found.append(parsed.router)
    return found


def verdicts(*routers: Router) -> dict[str, Exchange]:
    found = {exchange.initiator: exchange for exchange in Fleet(routers).exchanges}
    assert len(found) == 2, "one tunnel has two directions"
    return found


def verdict(exchange: Exchange) -> tuple[object, ...]:
    return exchange.outcome, exchange.failed_at, exchange.reason


def conceivable(exchange: Exchange) -> set[tuple[object, ...]]:
    """What can come of it by any reading of the rules."""
    return {verdict(exchange), *((r.outcome, r.failed_at, r.reason) for r in exchange.readings)}


def assert_equal(before: Mapping[str, Exchange], after: Mapping[str, Exchange]) -> None:
    for name, exchange in before.items():
        assert verdict(exchange) == verdict(after[name])
        assert exchange.confidence == after[name].confidence
        assert conceivable(exchange) == conceivable(after[name])


def assert_no_worse(before: Mapping[str, Exchange], after: Mapping[str, Exchange]) -> None:
    for name, exchange in before.items():
        assert SEVERITY[after[name].outcome] <= SEVERITY[exchange.outcome], (exchange, after[name])
        assert SEVERITY[after[name].worst] <= SEVERITY[exchange.worst], (exchange, after[name])


def assert_order_told(before: Mapping[str, Exchange], after: Mapping[str, Exchange]) -> None:
    """Another order changes the verdict only where it was said that the order decides, and never what is conceivable."""
    for name, exchange in before.items():
        if exchange.confidence not in ("unpredictable", "unknown"):
            assert verdict(exchange) == verdict(after[name])
        assert conceivable(exchange) == conceivable(after[name])


def shuffled(router: Router, random: Random) -> Router:
    rings, rings_v2 = list(router.keyrings), list(router.ikev2.keyrings)
    random.shuffle(rings)
    random.shuffle(rings_v2)
    ikev2 = msgspec.structs.replace(router.ikev2, keyrings=tuple(rings_v2))
    return msgspec.structs.replace(router, keyrings=tuple(rings), ikev2=ikev2)


def with_unrelated_keyring(router: Router, random: Random) -> Router:
    """A keyring more, somewhere among the others, with keys for nobody of this pair; no profile lists it."""
    stranger = parse_address(STRANGER)
    assert stranger is not None
    secret = Secret(random.choice(["0" * 16, "f" * 16]))
    rings, rings_v2 = list(router.keyrings), list(router.ikev2.keyrings)
    vrf = random.choice([None, "FRONT"])
    key = Key(9001, secret, Prefix.of(stranger, random.choice([32, 24])))
    rings.insert(random.randint(0, len(rings)), Keyring("UNRELATED", 9000, vrf=vrf, keys=(key,)))
    peer = Ikev2Peer("SOMEBODY", 9002, (Prefix.of(stranger),), local=secret, remote=secret)
    rings_v2.insert(random.randint(0, len(rings_v2)), Ikev2Keyring("UNRELATED", 9001, (peer,)))
    ikev2 = msgspec.structs.replace(router.ikev2, keyrings=tuple(rings_v2))
    return msgspec.structs.replace(router, keyrings=tuple(rings), ikev2=ikev2)


@LAW
@given(pairs(), RANDOM)
def test_keyring_order_changes_nothing_unless_it_is_said_to(pair: tuple[End, End], random: Random) -> None:
    one, other = read(texts(pair))
    assert_order_told(verdicts(one, other), verdicts(shuffled(one, random), shuffled(other, random)))


@LAW
@given(pairs_v2(), RANDOM)
def test_ikev2_keyring_order_changes_nothing_at_all(pair: tuple[End2, End2], random: Random) -> None:
    one, other = read(texts_v2(pair))
    assert_equal(verdicts(one, other), verdicts(shuffled(one, random), shuffled(other, random)))


@LAW
@given(pairs())
def test_removing_an_unrelated_keyring_changes_nothing(pair: tuple[End, End]) -> None:
    one, other = read(texts(pair))
    used = {ref.name for profile in one.isakmp_profiles for ref in profile.keyrings}
    peer = other.interfaces[-1].addresses[0].address
    kept = tuple(
        ring
        for ring in one.keyrings
        if ring.name in used or any(key.prefix is not None and key.prefix.covers(peer) for key in ring.keys)
    )
    assert_equal(verdicts(one, other), verdicts(msgspec.structs.replace(one, keyrings=kept), other))


@LAW
@given(pairs_v2())
def test_removing_an_ikev2_keyring_that_no_profile_names_changes_nothing(pair: tuple[End2, End2]) -> None:
    one, other = read(texts_v2(pair))
    used = {profile.keyring.name for profile in one.ikev2.profiles if profile.keyring is not None}
    kept = tuple(ring for ring in one.ikev2.keyrings if ring.name in used)
    fewer = msgspec.structs.replace(one, ikev2=msgspec.structs.replace(one.ikev2, keyrings=kept))
    assert_equal(verdicts(one, other), verdicts(fewer, other))


@LAW
@given(pairs(), RANDOM)
def test_adding_an_unrelated_keyring_changes_nothing(pair: tuple[End, End], random: Random) -> None:
    one, other = read(texts(pair))
    assert_equal(verdicts(one, other), verdicts(with_unrelated_keyring(one, random), other))


@LAW
@given(pairs_v2(), RANDOM)
def test_adding_an_unrelated_ikev2_keyring_changes_nothing(pair: tuple[End2, End2], random: Random) -> None:
    one, other = read(texts_v2(pair))
    assert_equal(verdicts(one, other), verdicts(with_unrelated_keyring(one, random), other))


@LAW
@given(pairs())
def test_swapping_the_names_changes_nothing(pair: tuple[End, End]) -> None:
    plain, swapped = verdicts(*read(texts(pair))), verdicts(*read(texts(pair, ("B", "A"))))
    assert_equal(plain, {"A": swapped["B"], "B": swapped["A"]})


@LAW
@given(pairs_v2())
def test_swapping_the_names_changes_nothing_in_ikev2(pair: tuple[End2, End2]) -> None:
    plain, swapped = verdicts(*read(texts_v2(pair))), verdicts(*read(texts_v2(pair, ("B", "A"))))
    assert_equal(plain, {"A": swapped["B"], "B": swapped["A"]})


def with_one_key(end: End, *, limited: bool) -> End:
    """The end with one key text and one scope in all its keyrings: only such keyrings can be merged (DOMAIN 12 A0)."""
    rings = tuple(
        replace(ring, entries=tuple((mask, KEYS[0]) for mask, _ in ring.entries), local_address=limited)
        for ring in end.rings
    )
    return replace(end, rings=rings)


def merged(router: Router) -> Router:
    """All keyrings of a router as one, which the profiles list instead."""
    first = router.keyrings[0]
    entries = {key.prefix: key for ring in router.keyrings for key in ring.keys}
    ring = Keyring("MERGED", first.line, first.vrf, first.local_address, tuple(entries.values()))
    profiles = tuple(
        msgspec.structs.replace(
            profile,
            keyrings=tuple(
                dict.fromkeys(
                    KeyringRef(1, ref.name if ref.name == "default" else "MERGED") for ref in profile.keyrings
                )
            ),
        )
        for profile in router.isakmp_profiles
    )
    return msgspec.structs.replace(router, keyrings=(ring,), isakmp_profiles=profiles)


@LAW
@given(pairs(), st.booleans())
def test_merging_keyrings_with_equal_keys_makes_no_direction_worse(pair: tuple[End, End], limited: bool) -> None:
    one, other = read(texts((with_one_key(pair[0], limited=limited), pair[1])))
    if one.keyrings:  # an end that speaks IKEv2 has none
        assert_no_worse(verdicts(one, other), verdicts(merged(one), other))


@LAW
@given(pairs_v2(keys=KEYS[:1]))
def test_merging_ikev2_keyrings_with_equal_keys_makes_no_direction_worse(pair: tuple[End2, End2]) -> None:
    one, other = read(texts_v2(pair))
    line = one.ikev2.keyrings[0].line
    ring = Ikev2Keyring("MERGED", line, tuple(peer for ring in one.ikev2.keyrings for peer in ring.peers))
    profiles = tuple(
        msgspec.structs.replace(profile, keyring=msgspec.structs.replace(profile.keyring, name="MERGED"))
        for profile in one.ikev2.profiles
        if profile.keyring is not None
    )
    ikev2 = msgspec.structs.replace(one.ikev2, keyrings=(ring,), profiles=profiles)
    assert_no_worse(verdicts(one, other), verdicts(msgspec.structs.replace(one, ikev2=ikev2), other))
