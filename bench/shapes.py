"""Configurations with thousands of one thing in one object or file: parsing them has to stay linear, too."""

from collections.abc import Callable, Mapping


def _each(count: int, line: str) -> str:
    """``line`` so many times, with the number and an address of its own for each."""
    return "".join(
        line.format(n=n, address=f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}") + "\n" for n in range(1, count + 1)
    )


SHAPES: Mapping[str, Callable[[int], str]] = {
    "match statements of one profile": lambda count: (
        "crypto isakmp profile P\n" + _each(count, "   match identity address {address}")
    ),
    "match statements of one IKEv2 profile": lambda count: (
        "crypto ikev2 profile P\n" + _each(count, " match identity remote fqdn r{n}.x")
    ),
    "peers of one crypto map entry": lambda count: (
        "crypto map M 10 ipsec-isakmp\n" + _each(count, " set peer {address}")
    ),
    "entries of one access list": lambda count: (
        "ip access-list extended A\n"
        + _each(count, " permit ip host {address} any")
        + "crypto map M 1 ipsec-isakmp\n match address A\n"
    ),
    "secondary addresses of one interface": lambda count: (
        "interface GigabitEthernet0/0\n" + _each(count, " ip address {address} 255.255.255.0 secondary")
    ),
    "policies, each taken away again": lambda count: (
        _each(count, "crypto isakmp policy {n}\n encr aes") + _each(count, "no crypto isakmp policy {n}")
    ),
}
"""What there is much of, and the text with so many of it."""
