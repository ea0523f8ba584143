"""The ends of a router after a change of one thing: the same as made anew, and only those made anew that it can concern."""

from __future__ import annotations

from functools import partial

import msgspec
import pytest
from steps import steps

from ikeaudit.model import (
    AccessList,
    Ikev2,
    Ikev2Profile,
    Interface,
    InterfaceAddress,
    IpsecProfile,
    IsakmpProfile,
    NamedLine,
    Prefix,
    Router,
    TransformSet,
    Tunnel,
    TunnelProtection,
    parse_address,
)
from ikeaudit.selection.known_ends import KnownEnds
from ikeaudit.selection.local import Addresses

changed = msgspec.structs.replace


def loopback(number: int, address: str | None = None, **more: object) -> Interface:
    own = parse_address(address) if address else None
    held = (InterfaceAddress(number + 1, own, Prefix.of(own)),) if own is not None else ()
    return Interface(f"Loopback{number}", number, addresses=held, addressing="static" if own else "none", **more)  # type: ignore[arg-type]


def tunnel(number: int, **more: object) -> Interface:
    own = Tunnel(
        **{"source_interface": "Loopback0", "destination": parse_address(f"198.51.100.{number}")} | more,  # type: ignore[arg-type]
        protection=TunnelProtection(100 * number + 1, f"IP{number}"),
    )
    return Interface(f"Tunnel{number}", 100 * number, tunnel=own)


def made(count: int) -> Router:
    """Tunnels from one loopback, each with profiles and a transform set of its own; half of them by IKEv2."""
    numbers = range(1, count + 1)
    sets = tuple(TransformSet(f"TS{n}", n, ("esp-aes",)) for n in numbers)
    ipsec = tuple(
        IpsecProfile(
            f"IP{n}",
            n,
            (NamedLine(n, f"TS{n}"),),
            isakmp_profile=NamedLine(n, f"P{n}") if n % 2 else None,
            ikev2_profile=None if n % 2 else NamedLine(n, f"P{n}"),
        )
        for n in numbers
    )
    return Router(
        "R",
        "r.cfg",
        interfaces=(loopback(0, "192.0.2.1"), loopback(9, "192.0.2.9"), *map(tunnel, numbers)),
        acls=(AccessList("A", 1),),
        transform_sets=sets,
        ipsec_profiles=ipsec,
        isakmp_profiles=tuple(IsakmpProfile(f"P{n}", n) for n in numbers if n % 2),
        ikev2=Ikev2(profiles=tuple(Ikev2Profile(f"P{n}", n) for n in numbers if not n % 2)),
    )


def at(router: Router, place: int, other: Interface) -> Router:
    """The router with another interface in the place of one."""
    there = router.interfaces
    return changed(router, interfaces=(*there[:place], other, *there[place + 1 :]))


def _with(router: Router, change: str) -> Router:
    ipsec, sets, profiles = router.ipsec_profiles, router.transform_sets, router.ikev2.profiles
    match change:
        case "another interface":
            return at(router, 1, loopback(9, "192.0.2.9", shutdown=True))
        case "the interface that they start from":
            return at(router, 0, loopback(0, "192.0.2.1", shutdown=True))
        case "where one calls":
            return at(router, 3, tunnel(2, destination=parse_address("198.51.100.99")))
        case "an IPsec profile":
            return changed(router, ipsec_profiles=(ipsec[0], changed(ipsec[1], pfs="group14"), *ipsec[2:]))
        case "an IPsec profile gone":
            return changed(router, ipsec_profiles=(ipsec[0], *ipsec[2:]))
        case "a transform set gone":
            return changed(router, transform_sets=(sets[0], *sets[2:]))
        case "an ISAKMP profile gone":
            return changed(router, isakmp_profiles=router.isakmp_profiles[1:])
        case "an IKEv2 profile gone":
            return changed(router, ikev2=changed(router.ikev2, profiles=profiles[1:]))
        case "a list":
            return changed(router, acls=(AccessList("B", 1),))
        case "nothing":
            return changed(router, acls=(AccessList("A", 1),), archive_path="flash:before")
    raise ValueError(change)


CHANGES = {
    "another interface": 0, "where one calls": 1, "an IPsec profile": 1, "an IPsec profile gone": 1, "a transform set gone": 1,
    "an ISAKMP profile gone": 1, "an IKEv2 profile gone": 1, "nothing": 0, "a list": 6, "the interface that they start from": 6,
}  # fmt: skip
"""Of six ends, how many a change may concern."""


@pytest.mark.parametrize("change", CHANGES)
def test_only_the_ends_that_a_change_may_concern_are_made_anew(change: str) -> None:
    was = made(6)
    now = _with(was, change)
    known = KnownEnds(was, Addresses(was))
    found = KnownEnds(now, Addresses(now), known).found
    assert found == KnownEnds(now, Addresses(now)).found
    assert sum(one is not other for one, other in zip(found, known.found, strict=True)) == CHANGES[change]
    assert (found is known.found) is (change == "nothing")


@pytest.mark.parametrize("change", [change for change, ends in CHANGES.items() if ends < 6])
def test_and_no_others_are_looked_at_by_what_makes_them(change: str) -> None:
    def taken(count: int) -> dict[str, int]:
        was = made(count)
        now, known = _with(was, change), KnownEnds(was, Addresses(was))
        addresses = Addresses(now)
        counted = steps(partial(KnownEnds, now, addresses, known))
        return {line: often for line, often in counted.items() if "endpoint.py" in line}

    assert taken(4) == taken(12)


def bare(interface: Interface) -> Interface:
    """A tunnel without protection."""
    assert interface.tunnel is not None
    return changed(interface, tunnel=changed(interface.tunnel, protection=None))


BASE = made(3)
BY_ADDRESS = at(BASE, 2, tunnel(1, source_interface=None, source_address=parse_address("192.0.2.7")))
BORROWING = at(at(BASE, 1, loopback(9, unnumbered="Loopback8")), 2, tunnel(1, source_interface="Loopback9"))
LENT = changed(BORROWING, interfaces=(*BORROWING.interfaces, loopback(8, "192.0.2.8")))
MOVED = at(BASE, 2, tunnel(1, source_interface="Loopback9"))


@pytest.mark.parametrize(
    "versions",
    {
        "starts elsewhere, then that goes down": (BASE, MOVED, at(MOVED, 1, loopback(9, "192.0.2.9", shutdown=True))),
        "another tunnel without protection in its place": (BASE, at(BASE, 2, bare(changed(tunnel(1), name="Tunnel8")))),
        "two interfaces, one of them the source": (
            BASE,
            at(at(BASE, 0, loopback(0, "192.0.2.5")), 1, loopback(9, "192.0.2.6")),
        ),
        "its address comes to an interface": (BY_ADDRESS, at(BY_ADDRESS, 1, loopback(9, "192.0.2.7"))),
        "the address that its source borrows": (LENT, at(LENT, 5, loopback(8, "192.0.2.18"))),
        "protection goes and comes": (BASE, at(BASE, 3, bare(tunnel(2))), BASE),
        "one more and one less": (BASE, changed(BASE, interfaces=(*BASE.interfaces, tunnel(4))), BASE),
        "a source that is not there comes": (
            changed(BASE, interfaces=BASE.interfaces[1:]),
            BASE,
            at(BASE, 0, loopback(0, "192.0.2.1", shutdown=True)),
        ),
    }.items(),
    ids=lambda item: item[0],
)
def test_every_version_has_the_ends_that_it_has_made_anew(versions: tuple[str, tuple[Router, ...]]) -> None:
    known = None
    told = []
    for router in versions[1]:
        known = KnownEnds(router, Addresses(router), known)
        told.append(known.found)
        assert known.found == KnownEnds(router, Addresses(router)).found
    assert len(set(told)) > 1, "the change is one that concerns an end"


class TestWhetherAddressesStandAsTheyDid:
    ONE, OTHER = loopback(0, "192.0.2.1"), loopback(9, "192.0.2.9")
    WAS = Addresses(Router("R", "r.cfg", interfaces=(ONE, OTHER)))

    @pytest.mark.parametrize(
        ("interfaces", "stand"),
        {
            "equal": ((loopback(0, "192.0.2.1"), loopback(9, "192.0.2.9")), True),
            "one shut down": ((changed(ONE, shutdown=True), OTHER), True),
            "in another order": ((OTHER, ONE), True),
            "one more without an address": ((loopback(5), ONE, OTHER), True),
            "one with another address": ((loopback(0, "192.0.2.5"), OTHER), False),
            "one in another VRF": ((changed(ONE, vrf="RED"), OTHER), False),
            "one of another name": ((changed(ONE, name="Loopback7"), OTHER), False),
            "one gone": ((ONE,), False),
            "addresses changed places": ((loopback(0, "192.0.2.9"), loopback(9, "192.0.2.1")), False),
        }.values(),
    )
    def test_after_a_change(self, interfaces: tuple[Interface, ...], stand: bool) -> None:
        now = Addresses(Router("R", "r.cfg", interfaces=interfaces))
        assert now.stand_as(self.WAS) is stand
        assert self.WAS.stand_as(self.WAS) is True
