"""Looking up by index says what asking line by line says, on many small routers; and thousands of lines cost no square."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from random import Random
from typing import get_args

import msgspec
import pytest
from parsed import clear

from ikeaudit.model import (
    IdentityMatch,
    Ikev2,
    Ikev2Identity,
    Ikev2Keyring,
    Ikev2Peer,
    Ikev2Profile,
    IPAddress,
    IsakmpProfile,
    NamedLine,
    Prefix,
    Router,
    parse_address,
)
from ikeaudit.model.ikev2 import IdentityKind
from ikeaudit.selection import Identity, LocalEnd, RouterRules
from ikeaudit.selection.identities import identity_matches
from ikeaudit.selection.ikev2 import Ikev2Keys
from ikeaudit.selection.profiles import specificity

ADDRESSES = [parse_address(text) for text in ("10.0.0.1", "10.0.0.2", "10.0.1.1", "2001:db8::1", "2001:db8::2")]
PREFIXES = [
    *(Prefix.of(address) for address in ADDRESSES),
    *(Prefix.of(address, length) for address in ADDRESSES for length in (0, 8, 23, 24)),
    Prefix(4, int(ADDRESSES[0]), 0xFF0000FF),
]
NAMES = ["a", "A.b", "x.a.b", ".b", "b", "xb", "..b", "", "b.", "u@a.b", "u@b", "u@x.b", "@b", "u@u@b", "a.b.a.b"]
END = LocalEnd(parse_address("192.0.2.1"), "GigabitEthernet0/0")
IDENTITIES = [
    Identity("address"),
    *(Identity("address", address) for address in ADDRESSES),
    *(Identity(kind, value=name) for kind in ("fqdn", "user-fqdn", "key-id", "dn") for name in NAMES),
]


def identity(chance: Random) -> Ikev2Identity:
    kind = chance.choice(get_args(IdentityKind))
    prefix = chance.choice([*PREFIXES, None]) if kind == "address" else None
    value = chance.choice([*NAMES, None]) if kind not in ("address", "any") else None
    return Ikev2Identity(chance.randrange(100), kind, prefix, value)


def block(chance: Random, number: int) -> Ikev2Peer:
    return Ikev2Peer(
        f"B{number}",
        number,
        addresses=tuple(chance.sample(PREFIXES, chance.choice((0, 1, 1, 2)))),
        hostname=chance.choice((None, None, "A.b", "a", "b")),
        identity=identity(chance) if chance.random() < 0.6 else None,
        local=clear(f"key {number % 3}"),
        remote=clear(f"key {number % 2}"),
    )


def made(seed: int) -> Router:
    """A router with a keyring of some peer blocks, and IKEv2 and ISAKMP profiles with lines of every kind."""
    chance = Random(seed)
    ring = Ikev2Keyring("K", 1, tuple(block(chance, n) for n in range(chance.randrange(7))))
    profiles = tuple(
        Ikev2Profile(
            f"P{n}",
            n,
            matches=tuple(identity(chance) for _ in range(chance.randrange(4))),
            keyring=NamedLine(1, chance.choice(("K", "K", "none"))),
            shutdown=chance.random() < 0.2,
            local_addresses=() if chance.random() < 0.8 else (ADDRESSES[0],),
        )
        for n in range(chance.randrange(6))
    )
    kinds = ("host", "host-domain", "user", "user-domain", "group")
    old = tuple(
        IsakmpProfile(
            f"P{n}",
            n,
            matches=tuple(
                IdentityMatch(line, "address", prefix=chance.choice(PREFIXES))
                if chance.random() < 0.3
                else IdentityMatch(line, chance.choice(kinds), value=chance.choice([*NAMES, None]))
                for line in range(chance.randrange(4))
            ),
        )
        for n in range(chance.randrange(6))
    )
    return Router("R", "R.cfg", ikev2=Ikev2(keyrings=(ring,), profiles=profiles), isakmp_profiles=old)


def scanned(router: Router, profile: Ikev2Profile, fit: Callable[[Ikev2Peer], int | None]) -> tuple[Ikev2Keys, ...]:
    """The peer blocks of a profile's keyring that fit best, each asked in turn."""
    rings = [
        ring for ring in router.ikev2.keyrings if profile.keyring is not None and ring.name == profile.keyring.name
    ]
    fits = [(how, one) for ring in rings for one in ring.peers if (how := fit(one)) is not None]
    best = max((how for how, _ in fits), default=None)
    return tuple(Ikev2Keys(one.local, one.remote, (1, one.line), one.name) for how, one in fits if how == best)


def by_address(address: IPAddress | None) -> Callable[[Ikev2Peer], int | None]:
    def fit(one: Ikev2Peer) -> int | None:
        found = [p.length for p in one.addresses if (not p.length if address is None else p.covers(address))]
        return max(found, default=None)

    return fit


def by_identity(asked: Identity) -> Callable[[Ikev2Peer], int | None]:
    def fit(one: Ikev2Peer) -> int | None:
        if one.identity is None or not identity_matches(one.identity, asked):
            return None
        return one.identity.prefix.length if one.identity.prefix is not None else len(one.identity.value or "")

    return fit


@pytest.mark.parametrize("seed", range(120))
def test_an_index_says_what_the_lines_say(seed: int) -> None:
    router = made(seed)
    rules = RouterRules(router)
    own = rules.ikev2
    for asked in IDENTITIES:
        fitting = [p for p in router.ikev2.profiles if any(identity_matches(match, asked) for match in p.matches)]
        assert [*own.matching(asked)] == fitting
        usable = [p for p in fitting if not p.shutdown and not p.local_addresses]
        assert [*own.profiles_for(asked, END)] == usable
        for profile in router.ikev2.profiles:
            assert own.expects(profile, asked) is (profile in fitting)
            named = scanned(router, profile, by_identity(asked))
            assert own.identity_candidates(profile, asked) == named
            for address in (None, ADDRESSES[0]):
                both = named or scanned(router, profile, by_address(address))
                assert own.responder_candidates(profile, asked, address) == both
        search = rules.profiles_for(asked, END)
        places = [
            (at, max(how for m in profile.matches if (how := specificity(m, asked)) is not None))
            for at, profile in enumerate(router.isakmp_profiles)
            if any(specificity(match, asked) is not None for match in profile.matches)
        ]
        assert [(router.isakmp_profiles.index(pick.profile), pick.specificity) for pick in search.matching] == places
    for profile in router.ikev2.profiles:
        for address in (None, *ADDRESSES):
            assert own.address_candidates(profile, address) == scanned(router, profile, by_address(address))


def hub(count: int, lines: Callable[[int], Ikev2Identity]) -> Router:
    """A router with so many profiles and peer blocks, each with one identity."""
    ring = Ikev2Keyring(
        "K", 1, tuple(Ikev2Peer(f"B{n}", n, (Prefix(4, n, 2**32 - 1),), identity=lines(n)) for n in range(count))
    )
    profiles = tuple(Ikev2Profile(f"P{n}", n, matches=(lines(n),), keyring=NamedLine(1, "K")) for n in range(count))
    return Router("R", "R.cfg", ikev2=Ikev2(keyrings=(ring,), profiles=profiles))


WAYS: list[tuple[Callable[[int], Ikev2Identity], Callable[[int], Identity]]] = [
    (
        lambda n: Ikev2Identity(n, "address", prefix=Prefix(4, n, 2**32 - 1)),
        lambda n: Identity("address", Prefix(4, n, 2**32 - 1).address),
    ),
    (lambda n: Ikev2Identity(n, "fqdn", value=f"R{n}.Example.net"), lambda n: Identity("fqdn", value=f"r{n}.example.net")),
    (lambda n: Ikev2Identity(n, "fqdn-domain", value=f"s{n}.x"), lambda n: Identity("fqdn", value=f"b.s{n}.x")),
    (lambda n: Ikev2Identity(n, "email-domain", value=f"s{n}.net"), lambda n: Identity("user-fqdn", value=f"u@s{n}.net")),
]  # fmt: skip


def seconds(count: int, lines: Callable[[int], Ikev2Identity], asked: Callable[[int], Identity]) -> float:
    router = hub(count, lines)
    identities = [asked(n) for n in range(count)]
    started = time.process_time()
    own = RouterRules(router).ikev2
    for n, one in enumerate(identities):
        (profile,) = own.profiles_for(one, END)
        (keys,) = own.responder_candidates(profile, one, one.address)
        assert profile.name == f"P{n}" and keys.peer == f"B{n}"
    return time.process_time() - started


@pytest.mark.parametrize(("lines", "asked"), WAYS, ids=["address", "fqdn", "domain", "mail-domain"])
def test_thousands_of_callers_cost_no_square(
    lines: Callable[[int], Ikev2Identity], asked: Callable[[int], Identity]
) -> None:
    small, large = (min(seconds(count, lines, asked) for _ in range(3)) for count in (400, 4000))
    assert large < 25 * small  # ten times as many; a hundred times the time where each look-up asks all


def test_thousands_of_host_names_cost_no_square() -> None:
    def names(count: int) -> float:
        profiles = tuple(
            IsakmpProfile(f"P{n}", n, matches=(IdentityMatch(n, "host", value=f"r{n}.x"),)) for n in range(count)
        )
        rules = RouterRules(Router("R", "R.cfg", isakmp_profiles=profiles))
        started = time.process_time()
        for n in range(count):
            assert found(rules.profiles_for(Identity("fqdn", value=f"R{n}.x"), END).matching) == [f"P{n}"]
        return time.process_time() - started

    def found(picks: Iterable[msgspec.Struct]) -> list[str]:
        return [pick.profile.name for pick in picks]  # type: ignore[attr-defined]

    small, large = (min(names(count) for _ in range(3)) for count in (400, 4000))
    assert large < 25 * small
