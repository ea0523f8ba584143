"""Generated spokes: running-configs of about 12 kB with two tunnels among all that a branch router holds besides.

``spoke(number)`` is the same text for the same number, and differs from its siblings in names, addresses and keys.
"""

from collections.abc import Iterator

from hub import text

_HEAD = text("spoke-head.cfg")
_TUNNEL = text("spoke-tunnel.cfg")
_OUTSIDE = text("spoke-outside.cfg")
_INSIDE = text("spoke-inside.cfg")
_TAIL = text("spoke-tail.cfg")


def _lists(number: int) -> Iterator[str]:
    yield "ip access-list extended OUTSIDE-IN"
    yield " remark what may come from outside"
    for peer in ("192.0.2.1", "198.51.100.1"):
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


def spoke(number: int) -> str:
    """The running-config of spoke ``number``, from 0."""
    places = {
        "number": number,
        "name": f"BRANCH-{number:05d}",
        "high": number >> 8 & 255,
        "low": number & 255,
        "tens": number % 100,
        "second": number % 60,
    }
    parts = [_HEAD.format(**places)]
    for tunnel, (letter, peer) in enumerate((("A", "192.0.2.1"), ("B", "198.51.100.1"))):
        parts.append(_TUNNEL.format(tunnel=tunnel, letter=letter, peer=peer, **places))
    parts.append(_OUTSIDE.format(**places))
    parts += [_INSIDE.format(vlan=vlan, **places) for vlan in _VLANS]
    lists = "".join(f"{line}\n" for line in _lists(number))
    parts.append(_TAIL.format(lists=lists, **places))
    return "".join(parts)
