"""Configurations with thousands of one thing in one object or file: parsing them has to stay linear, too."""

from __future__ import annotations

from collections.abc import Callable, Mapping


def _dotted(number: int) -> str:
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def _matches(count: int) -> str:
    return "crypto isakmp profile P\n" + "".join(f"   match identity address {_dotted(n)}\n" for n in range(count))


def _v2_matches(count: int) -> str:
    return "crypto ikev2 profile P\n" + "".join(f" match identity remote fqdn r{n}.x\n" for n in range(count))


def _peers(count: int) -> str:
    return "crypto map M 10 ipsec-isakmp\n" + "".join(f" set peer {_dotted(n)}\n" for n in range(count))


def _access_list(count: int) -> str:
    entries = "".join(f" permit ip host {_dotted(n)} any\n" for n in range(count))
    return f"ip access-list extended A\n{entries}crypto map M 1 ipsec-isakmp\n match address A\n"


def _secondary(count: int) -> str:
    lines = (f" ip address {_dotted(n)} 255.255.255.0 secondary\n" for n in range(count))
    return "interface GigabitEthernet0/0\n" + "".join(lines)


def _removals(count: int) -> str:
    made = "".join(f"crypto isakmp policy {n + 1}\n encr aes\n" for n in range(count))
    return made + "".join(f"no crypto isakmp policy {n + 1}\n" for n in range(count))


SHAPES: Mapping[str, Callable[[int], str]] = {
    "match statements of one profile": _matches,
    "match statements of one IKEv2 profile": _v2_matches,
    "peers of one crypto map entry": _peers,
    "entries of one access list": _access_list,
    "secondary addresses of one interface": _secondary,
    "policies, each taken away again": _removals,
}
"""What there is much of, and the text with so many of it."""
