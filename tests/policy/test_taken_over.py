"""What a version of a router takes over from the one before: tables of keys and of profiles, routes and traffic."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from ipaddress import IPv4Address
from typing import Any

import msgspec
import pytest
from parsed import prefix
from steps import squares, steps

from ikeaudit.model import (
    IdentityMatch,
    Interface,
    InterfaceAddress,
    IsakmpProfile,
    Key,
    Keyring,
    Prefix,
    Router,
    Secret,
)
from ikeaudit.selection import Identity, LocalEnd, RouterRules, key_index, profiles
from ikeaudit.selection.key_index import KeyIndex
from ikeaudit.selection.local import Addresses
from ikeaudit.selection.places import Places
from ikeaudit.selection.profiles import ProfileTable

PEERS = [IPv4Address(f"10.{n}.0.{m}") for n in range(3) for m in range(3)]
PREFIXES = [None, *(Prefix.of(peer, length) for peer in PEERS for length in (0, 8, 16, 32))]
ENDS = [LocalEnd(IPv4Address("192.0.2.1"), "Gi0/0", vrf) for vrf in (None, "RED")]
NAMES = ["a.b", "c.b", "b"]


@pytest.mark.parametrize(
    ("now", "numbers", "gone", "come"),
    [
        ("ABC", (0, 1, 2), "", ""),
        ("ABCD", (0, 1, 2, 3), "", "D"),
        ("AC", (0, 2), "B", ""),
        ("AXC", (0, 1, 2), "B", "X"),
        ("BC", (1, 2), "A", ""),
        ("AXBC", (0, 1, 2, 3), "BC", "XBC"),
        ("AXY", (0, 1, 2), "BC", "XY"),
        ("", (), "ABC", ""),
    ],
)
def test_numbers_grow_and_stay_where_nothing_comes_before(
    now: str, numbers: tuple[int, ...], gone: str, come: str
) -> None:
    first, _, _ = Places[str]().later(tuple("ABC"))
    later, went, came = first.later(tuple(now))
    assert later == Places(tuple(now), numbers)
    assert "".join(thing for _, thing in went) == gone
    assert "".join(thing for _, thing in came) == come
    at = dict(zip(first.numbers, first.things, strict=True))
    assert all(at[number] == thing for number, thing in went)
    assert all(later.things[later.numbers.index(number)] == thing for number, thing in came)


def test_what_is_put_at_the_end_comes_behind_all_that_stays() -> None:
    first, _, _ = Places[str]().later(tuple("ABC"))
    without, _, _ = first.later(tuple("AC"))
    later, _, came = without.later(tuple("ACD"))
    assert later.numbers == (0, 2, 3)
    assert came == ((3, "D"),)


def _key(chance: random.Random) -> Key:
    number = chance.randrange(40)
    prefix = chance.choice(PREFIXES)
    return Key(line=number, secret=Secret(str(number)), prefix=prefix, hostname=None if prefix else "peer.b")


def _ring(chance: random.Random, name: str) -> Keyring:
    keys = tuple(_key(chance) for _ in range(chance.randrange(4)))
    return Keyring(name, 1, keys=keys, vrf=chance.choice([None, None, "RED"]))


def _profile(chance: random.Random, name: str) -> IsakmpProfile:
    matches = []
    for line in range(chance.randrange(4)):
        prefix, vrf = chance.choice(PREFIXES), chance.choice([None, None, "RED"])
        kind = "address" if prefix is not None else chance.choice(["host", "host-domain"])
        value = None if prefix is not None else chance.choice(NAMES)
        matches.append(IdentityMatch(line=line, kind=kind, value=value, prefix=prefix, vrf=vrf))
    return IsakmpProfile(name, 1, matches=tuple(matches))


def _other(chance: random.Random, things: tuple, make) -> tuple:  # type: ignore[type-arg, no-untyped-def]
    """``things`` with one more, one less, or one that is another."""
    at, what = chance.randrange(len(things) + 1), chance.choice(["add", "drop", "change", "append", "clear"])
    fresh = make(chance, f"N{chance.randrange(8)}")
    if what == "append":
        return (*things, fresh)
    if what == "add":
        return (*things[:at], fresh, *things[at:])
    if what == "clear":
        return () if chance.random() < 0.1 else things
    return things[:at] + ((fresh,) if what == "change" else ()) + things[at + 1 :]


def _later(chance: random.Random, router: Router) -> Router:
    """The router after some line: most touch one keyring or one profile."""
    what = chance.choice(["keyrings", "keys", "global keys", "isakmp_profiles", "domain_name"])
    if what == "keyrings":
        return msgspec.structs.replace(router, keyrings=_other(chance, router.keyrings, _ring))
    if what == "isakmp_profiles":
        return msgspec.structs.replace(router, isakmp_profiles=_other(chance, router.isakmp_profiles, _profile))
    if what == "domain_name":
        return msgspec.structs.replace(router, domain_name=f"d{chance.randrange(9)}")
    if what == "global keys" or not router.keyrings:
        ring = router.default_keyring
        keys = _other(chance, ring.keys, lambda c, _: _key(c))
        return msgspec.structs.replace(router, default_keyring=msgspec.structs.replace(ring, keys=keys))
    at = chance.randrange(len(router.keyrings))
    ring = router.keyrings[at]
    ring = msgspec.structs.replace(ring, keys=_other(chance, ring.keys, lambda c, _: _key(c)))
    return msgspec.structs.replace(router, keyrings=(*router.keyrings[:at], ring, *router.keyrings[at + 1 :]))


def _told(rules: RouterRules) -> list[object]:
    """What the rules say of keys and profiles, whoever calls."""
    identities = [*(Identity("address", peer) for peer in PEERS), *(Identity("fqdn", value=f"x.{n}") for n in NAMES)]
    identities += [Identity("fqdn", value=name) for name in NAMES]
    names = tuple(rules.keyrings)
    return [
        *(rules.covering(peer) for peer in PEERS),
        *(rules.blind_keys(end, peer) for end in ENDS for peer in PEERS),
        *(rules.keys_in((name,), end, peer) for name in names for end in ENDS for peer in PEERS),
        *(rules.profiles_for(identity, end) for identity in identities for end in ENDS),
    ]


@pytest.mark.parametrize("seed", range(12))
def test_a_version_says_what_it_says_made_anew(seed: int) -> None:
    """Some versions are asked nothing, so that tables are taken over from further back; none changes what is known before."""
    chance = random.Random(seed)
    router = Router("R", "r.cfg")
    rules, kept = RouterRules(router), list[tuple[RouterRules, list[object]]]()
    for _ in range(25):
        router = _later(chance, router)
        rules = RouterRules(router, rules)
        if chance.random() < 0.7:
            kept.append((rules, _told(rules)))
            assert kept[-1][1] == _told(RouterRules(router))
    assert kept
    assert all(_told(old) == told for old, told in kept)


@pytest.mark.parametrize("first", [0, 1])
def test_of_masks_of_one_length_the_same_tells_whichever_came_first(first: int) -> None:
    """Odd masks are kept as they are written (U-15); which line is cited does not hang on the history of the change."""
    masks = (0xFFFF0000, 0xFF00FF00)
    matches = tuple(IdentityMatch(n, "address", prefix=Prefix(4, 0x0A000000, mask)) for n, mask in enumerate(masks))
    one = Router("R", "r.cfg", isakmp_profiles=(IsakmpProfile("P", 1, matches=matches[first:][:1]),))
    both = Router("R", "r.cfg", isakmp_profiles=(IsakmpProfile("P", 1, matches=matches),))
    rules = RouterRules(one)
    asked = Identity("address", IPv4Address("10.0.0.7"))
    assert rules.profiles_for(asked, ENDS[0]).best
    assert RouterRules(both, rules).profiles_for(asked, ENDS[0]) == RouterRules(both).profiles_for(asked, ENDS[0])


def _of_one_profile(count: int) -> Router:
    matches = tuple(
        IdentityMatch(line=n, kind="address", prefix=Prefix.of(IPv4Address(0x0A000000 + n))) for n in range(count)
    )
    return Router("R", "r.cfg", isakmp_profiles=(IsakmpProfile("P", 1, matches=matches),))


def _of_one_keyring(count: int) -> Router:
    hosts = [Prefix.of(IPv4Address(0x0A000000 + n)) for n in range(count)]
    keys = tuple(Key(line=n, secret=Secret(str(n)), prefix=host) for n, host in enumerate(hosts))
    return Router("R", "r.cfg", keyrings=(Keyring("K", 1, keys=keys),))


def _all_for_everybody(count: int) -> Router:
    """Profiles and keyrings each for any address, as a hub has them that tells its peers apart by VRF."""
    everybody = Prefix.of(IPv4Address(0), 0)
    matches = (IdentityMatch(line=1, kind="address", prefix=everybody),)
    profiles = tuple(IsakmpProfile(f"P{n}", n, matches=matches) for n in range(count))
    rings = tuple(
        Keyring(f"K{n}", n, keys=(Key(line=n, secret=Secret(str(n)), prefix=everybody),)) for n in range(count)
    )
    return Router("R", "r.cfg", isakmp_profiles=profiles, keyrings=rings)


class _Copied(dict[object, object]):
    """A dictionary that tells how much was copied into it."""

    entries = 0

    def __init__(self, *content: Any) -> None:
        type(self).entries += sum(len(one) for one in content if isinstance(one, dict))
        super().__init__(*content)


@pytest.mark.parametrize("design", [_of_one_profile, _of_one_keyring, _all_for_everybody])
def test_tables_are_made_without_looking_at_all_for_each(
    design: Callable[[int], Router], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither at every statement of a profile for each of them, nor by copying what others have for the same network."""
    for module in (profiles, key_index):
        monkeypatch.setattr(module, "dict", _Copied, raising=False)
    counts, copied = [], []
    for count in (20, 80):
        _Copied.entries = 0
        router = design(count)
        counts.append(steps(partial(ProfileTable, router, RouterRules(router).addresses)))
        KeyIndex(router)
        copied.append(_Copied.entries)
    assert not squares(*counts, times=4)
    assert copied[1] <= 4 * copied[0] + 80


def test_an_interface_that_is_another_one_now_holds_its_addresses() -> None:
    """Two of one router may hold the same: each is the one of its version, in their order."""
    held = (InterfaceAddress(2, prefix("192.0.2.1/24").address, prefix("192.0.2.1/24")),)
    one, other = (Interface(name, line, addresses=held) for name, line in (("Gi0", 1), ("Gi1", 4)))
    down = msgspec.structs.replace(one, shutdown=True)
    earlier = Addresses(Router("R", "r.cfg", interfaces=(one, other)))
    later = Addresses(Router("R", "r.cfg", interfaces=(down, other)), earlier)
    assert [*later.owners(held[0].address)] == [down, other]
    assert [*earlier.owners(held[0].address)] == [one, other]


def test_of_two_interfaces_of_one_name_the_last_one_counts_whichever_has_changed() -> None:
    first, second = (Interface("Gi0", line, vrf=vrf) for line, vrf in ((1, "RED"), (4, "BLUE")))
    earlier = Addresses(Router("R", "r.cfg", interfaces=(first, second)))
    down = msgspec.structs.replace(first, shutdown=True)
    later = Addresses(Router("R", "r.cfg", interfaces=(down, second)), earlier)
    assert later.interface("Gi0") == second
