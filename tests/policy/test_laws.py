"""Laws that every verdict keeps and that need no oracle, on random pairs of routers."""

from __future__ import annotations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from pairs import End, pairs, texts

from ikeaudit.exchange import SEVERITY, Exchange
from ikeaudit.fleet import Fleet
from ikeaudit.model import Keyring, KeyringRef, Router
from ikeaudit.parsing import parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter

FINGERPRINTER = Fingerprinter(b"laws" * 8)
LAW = settings(max_examples=150, deadline=None)


def routers(pair: tuple[End, End], names: tuple[str, str] = ("A", "B")) -> list[Router]:
    found = []
    for name, text in texts(pair, names).items():
        (parsed,) = parse_configs(text, file=f"{name}.cfg", fingerprinter=FINGERPRINTER)
        assert parsed.router is not None and not parsed.unknown, parsed.unknown
        found.append(parsed.router)
    return found


def verdicts(fleet: Fleet) -> dict[str, Exchange]:
    return {exchange.initiator: exchange for exchange in fleet.exchanges}


def same(one: Exchange, other: Exchange) -> bool:
    return (one.outcome, one.failed_at, one.reason) == (other.outcome, other.failed_at, other.reason)


@LAW
@given(pairs(), st.randoms(use_true_random=False))
def test_keyring_order_changes_nothing_unless_it_is_said_to(pair: tuple[End, End], random: st.DataObject) -> None:
    one, other = routers(pair)
    rings = list(one.keyrings)
    random.shuffle(rings)  # type: ignore[attr-defined]
    shuffled = msgspec.structs.replace(one, keyrings=tuple(rings))
    before, after = verdicts(Fleet([one, other])), verdicts(Fleet([shuffled, other]))
    for name, exchange in before.items():
        if exchange.confidence not in ("unpredictable", "unknown"):
            assert same(exchange, after[name])


@LAW
@given(pairs())
def test_an_unrelated_keyring_changes_nothing(pair: tuple[End, End]) -> None:
    one, other = routers(pair)
    used = {ref.name for profile in one.isakmp_profiles for ref in profile.keyrings}
    peer = other.interfaces[-1].addresses[0].address if other.interfaces[-1].addresses else None
    assert peer is not None
    kept = tuple(
        ring
        for ring in one.keyrings
        if ring.name in used or any(key.prefix is not None and key.prefix.covers(peer) for key in ring.keys)
    )
    before = verdicts(Fleet([one, other]))
    after = verdicts(Fleet([msgspec.structs.replace(one, keyrings=kept), other]))
    for name, exchange in before.items():
        assert same(exchange, after[name])
        assert exchange.confidence == after[name].confidence


@LAW
@given(pairs())
def test_swapping_the_names_changes_nothing(pair: tuple[End, End]) -> None:
    plain, swapped = verdicts(Fleet(routers(pair))), verdicts(Fleet(routers(pair, ("B", "A"))))
    for name, exchange in plain.items():
        twin = swapped[{"A": "B", "B": "A"}[name]]
        assert same(exchange, twin)
        assert exchange.confidence == twin.confidence


@LAW
@given(pairs())
def test_merging_keyrings_with_equal_keys_makes_no_direction_worse(pair: tuple[End, End]) -> None:
    one, other = routers(pair)
    secrets = {key.secret.fingerprint for ring in one.keyrings for key in ring.keys}
    limits = {ring.local_address is None for ring in one.keyrings}
    if len(secrets) > 1 or len(limits) > 1:
        return
    entries = {key.prefix: key for ring in one.keyrings for key in ring.keys}
    merged = Keyring(
        "MERGED",
        one.keyrings[0].line if one.keyrings else 0,
        vrf=one.keyrings[0].vrf if one.keyrings else None,
        local_address=one.keyrings[0].local_address if one.keyrings else None,
        keys=tuple(entries.values()),
    )
    profiles = tuple(
        msgspec.structs.replace(
            profile,
            keyrings=tuple(
                dict.fromkeys(
                    KeyringRef(1, ref.name if ref.name == "default" else "MERGED") for ref in profile.keyrings
                )
            ),
        )
        for profile in one.isakmp_profiles
    )
    consolidated = msgspec.structs.replace(one, keyrings=(merged,), isakmp_profiles=profiles)
    before, after = verdicts(Fleet([one, other])), verdicts(Fleet([consolidated, other]))
    for name, exchange in before.items():
        assert SEVERITY[after[name].outcome] <= SEVERITY[exchange.outcome], (exchange, after[name])
        assert SEVERITY[after[name].worst] <= SEVERITY[exchange.worst]
