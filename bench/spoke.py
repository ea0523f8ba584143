"""Generated spokes: running-configs of about 12 kB with two tunnels among all that a branch router holds besides.

``spoke(number)`` is the same text for the same number, and differs from its siblings in names, addresses and keys. ``branch``
is such a router around other crypto and other tunnels.
"""

from collections.abc import Iterator, Sequence

from hub import text

_HEAD = text("spoke-head.cfg")
_CRYPTO = text("spoke-crypto.cfg")
_TUNNEL = text("spoke-tunnel.cfg")
_OUTSIDE = text("spoke-outside.cfg")
_INSIDE = text("spoke-inside.cfg")
_TAIL = text("spoke-tail.cfg")

_HUBS = ("192.0.2.1", "198.51.100.1")


def _lists(number: int, hubs: Sequence[str]) -> Iterator[str]:
    yield "ip access-list extended OUTSIDE-IN"
    yield " remark what may come from outside"
    for peer in hubs:
        yield f" permit udp host {peer} any eq isakmp"
        yield f" permit udp host {peer} any eq non500-isakmp"
        yield f" permit esp host {peer} any"
    yield from (f" permit tcp host 203.0.113.{n} any eq 22" for n in range(1, 21))
    yield " deny   ip any any log"
    yield "ip access-list extended NAT"
    yield from (f" deny   ip 10.{vlan}.{number & 255}.0 0.0.0.255 10.0.0.0 0.255.255.255" for vlan in _VLANS)
    yield from (f" permit ip 10.{vlan}.{number & 255}.0 0.0.0.255 any" for vlan in _VLANS)
    yield "ip access-list extended BULK"
    yield from (f" permit tcp any host 10.255.1.{n} eq 445" for n in range(1, 31))
    yield "!"
    yield from (f"access-list 98 permit 10.255.0.{n}" for n in range(51, 61))
    yield from (f"access-list 99 permit 10.255.2.{n}" for n in range(1, 31))


_VLANS = (10, 20, 30, 40, 50, 60, 70, 80)


def branch(
    number: int,
    *,
    name: str,
    crypto: str,
    tunnels: str,
    hubs: Sequence[str],
    outside: str,
    gateway: str,
    loopback: str,
) -> str:
    """The running-config of the branch router ``number`` around ``crypto`` and ``tunnels`` to the addresses ``hubs``.

    ``outside`` is the address and mask of its interface to the internet, ``gateway`` the next hop there.
    """
    places = {
        "number": number,
        "name": name,
        "high": number >> 8 & 255,
        "low": number & 255,
        "second": number % 60,
        "outside": outside,
        "gateway": gateway,
        "loopback": loopback,
    }
    parts = [_HEAD.format(crypto=crypto, **places), tunnels, _OUTSIDE.format(**places)]
    parts += [_INSIDE.format(vlan=vlan, **places) for vlan in _VLANS]
    parts.append(_TAIL.format(lists="".join(f"{line}\n" for line in _lists(number, hubs)), **places))
    return "".join(parts)


def crypto(hubs: Sequence[str], keys: Sequence[str]) -> str:
    """Keys, profiles and transform sets for tunnels by IKEv1 to two hubs, called A and B."""
    return _CRYPTO.format(a=hubs[0], b=hubs[1], key_a=keys[0], key_b=keys[1])


def tunnels(hubs: Sequence[str], inside: Sequence[str]) -> str:
    """A protected tunnel to each of two hubs; ``inside`` are the tunnels' own addresses with their masks."""
    return "".join(
        _TUNNEL.format(tunnel=n, letter=letter, peer=peer, inside=address)
        for n, (letter, peer, address) in enumerate(zip("AB", hubs, inside, strict=True))
    )


def spoke(number: int) -> str:
    """The running-config of spoke ``number``, from 0."""
    high, low = number >> 8 & 255, number & 255
    return branch(
        number,
        name=f"BRANCH-{number:05d}",
        crypto=crypto(_HUBS, [f"Generated-{letter}{number:04d}" for letter in "AB"]),
        tunnels=tunnels(_HUBS, [f"10.25{n}.{high}.{low} 255.255.255.252" for n in range(2)]),
        hubs=_HUBS,
        outside=f"203.{number % 100}.{high}.{low} 255.255.255.0",
        gateway=f"203.{number % 100}.{high}.254",
        loopback=f"10.254.{high}.{low}",
    )
