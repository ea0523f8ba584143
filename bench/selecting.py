"""What look-ups of keys and profiles cost, by address and by name, with as many callers as peers.

CPU milliseconds, the best of three; the index is built within the time, as it is once for a router.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Mapping

from rich.console import Console
from rich.table import Table
from targets import Ratio

from ikeaudit.model import (
    IdentityMatch,
    Ikev2,
    Ikev2Identity,
    Ikev2Keyring,
    Ikev2Peer,
    Ikev2Profile,
    IsakmpProfile,
    Key,
    Keyring,
    KeyringRef,
    NamedLine,
    Prefix,
    Router,
    Secret,
    parse_address,
)
from ikeaudit.selection import Identity, LocalEnd, RouterRules

END = LocalEnd(parse_address("192.0.2.1"), "GigabitEthernet0/0")
TARGET = 60.0
"""Milliseconds for 5,000 callers of a router with 5,000 peers."""


def _address(number: int) -> Prefix:
    return Prefix(4, 0x64400000 + number, 2**32 - 1)


def _old(count: int, match: Callable[[int], IdentityMatch]) -> Router:
    ring = Keyring("K", 1, keys=tuple(Key(n, Secret(f"{n:016x}"), _address(n)) for n in range(count)))
    profiles = tuple(
        IsakmpProfile(f"P{n}", n, keyrings=(KeyringRef(n, "K"),), matches=(match(n),)) for n in range(count)
    )
    return Router("R", "R.cfg", keyrings=(ring,), isakmp_profiles=profiles)


def _new(count: int, match: Callable[[int], Ikev2Identity]) -> Router:
    peers = tuple(Ikev2Peer(f"B{n}", n, (_address(n),), identity=match(n)) for n in range(count))
    profiles = tuple(Ikev2Profile(f"P{n}", n, matches=(match(n),), keyring=NamedLine(1, "K")) for n in range(count))
    return Router("R", "R.cfg", ikev2=Ikev2(keyrings=(Ikev2Keyring("K", 1, peers),), profiles=profiles))


def _ask_old(rules: RouterRules, who: Identity, number: int) -> None:
    (picked,) = rules.profiles_for(who, END).matching
    search = rules.keys_in_profile(picked.profile, END, _address(number).address)
    assert picked.profile.name == f"P{number}" and len(search.best) == 1


def _ask_new(rules: RouterRules, who: Identity, number: int) -> None:
    (profile,) = rules.ikev2.profiles_for(who, END)
    (keys,) = rules.ikev2.responder_candidates(profile, who, _address(number).address)
    assert profile.name == f"P{number}" and keys.peer == f"B{number}"


_Asked = Callable[[RouterRules, Identity, int], None]
WAYS: Mapping[str, tuple[Callable[[int], Router], Callable[[int], Identity], _Asked]] = {
    "ISAKMP profiles by address": (
        lambda count: _old(count, lambda n: IdentityMatch(n, "address", _address(n))),
        lambda n: Identity("address", _address(n).address),
        _ask_old,
    ),
    "ISAKMP profiles by host name": (
        lambda count: _old(count, lambda n: IdentityMatch(n, "host", value=f"r{n}.example.net")),
        lambda n: Identity("fqdn", value=f"R{n}.example.net"),
        _ask_old,
    ),
    "IKEv2 by address": (
        lambda count: _new(count, lambda n: Ikev2Identity(n, "address", _address(n))),
        lambda n: Identity("address", _address(n).address),
        _ask_new,
    ),
    "IKEv2 by host name": (
        lambda count: _new(count, lambda n: Ikev2Identity(n, "fqdn", value=f"r{n}.example.net")),
        lambda n: Identity("fqdn", value=f"R{n}.example.net"),
        _ask_new,
    ),
    "IKEv2 by domain": (
        lambda count: _new(count, lambda n: Ikev2Identity(n, "fqdn-domain", value=f"s{n}.example.net")),
        lambda n: Identity("fqdn", value=f"r.s{n}.example.net"),
        _ask_new,
    ),
}
"""How a router picks: the router with so many peers, the identity of a caller, and what is asked for it."""


def _cost(made: Callable[[int], Router], who: Callable[[int], Identity], ask: _Asked, count: int) -> float:
    router = made(count)
    callers = [who(n) for n in range(count)]
    best = math.inf
    for _ in range(3):
        rules = RouterRules(router)
        started = time.process_time()
        for number, caller in enumerate(callers):
            ask(rules, caller, number)
        best = min(best, time.process_time() - started)
    return best * 1000


def measure(console: Console) -> list[Ratio]:
    """Ask all, print the table, and return the times beside their target. ``PEERS`` in the environment is another number."""
    many = int(os.environ.get("PEERS", "5000"))
    few = many // 5
    table = Table("look-ups, as many as peers", f"{few:,}, ms", f"{many:,}, ms", "exponent")
    ratios = []
    for name, (made, who, ask) in WAYS.items():
        small, large = (_cost(made, who, ask, count) for count in (few, many))
        table.add_row(name, f"{small:.1f}", f"{large:.1f}", f"{math.log(large / small) / math.log(many / few):.2f}")
        ratios.append(
            Ratio(f"{name}: ms for {many:,} callers of as many peers", large, TARGET * many / 5000, seconds=True)
        )
    console.print(table)
    return ratios
