"""A generated hub: any number of keys, keyrings, ISAKMP profiles and tunnels, as a running-config.

``python bench/hub.py 5000`` prints one of about 2 MB; ``python bench/hub.py --time`` measures what a byte costs to parse.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path


def text(name: str) -> str:
    """A part of a running-config, with the places to be filled in in braces."""
    return (Path(__file__).parent / "texts" / name).read_text(encoding="utf-8")


HEAD = text("hub-head.cfg")
MIDDLE = text("hub-middle.cfg")
TAIL = text("hub-tail.cfg")


def peer(number: int) -> str:
    """The address of spoke ``number``."""
    return f"{100 + (number >> 16) % 100}.{number >> 16 & 127}.{number >> 8 & 255}.{number & 255}"


def _inside(number: int) -> str:
    return f"10.{number >> 14 & 255}.{number >> 6 & 255}.{(number & 63) * 4 + 1}"


def _keys(count: int) -> Iterator[str]:
    yield "crypto keyring KR-ALL vrf INET"
    for number in range(count):
        yield f"  pre-shared-key address {peer(number)} key Generated-{number * 2654435761 % 2**32:08x}"


def _profiles(count: int) -> Iterator[str]:
    for number in range(count):
        yield f"crypto isakmp profile ISA-{number}"
        yield "   keyring KR-ALL"
        yield f"   match identity address {peer(number)} 255.255.255.255 INET"


def _ipsec_profiles(count: int) -> Iterator[str]:
    for number in range(count):
        yield f"crypto ipsec profile IPS-{number}"
        yield " set transform-set TS"
        yield " set pfs group14"
        yield f" set isakmp-profile ISA-{number}"
        yield "!"


def _tunnels(count: int) -> Iterator[str]:
    for number in range(count):
        yield f"interface Tunnel{number}"
        yield f" description spoke {number}"
        yield f" ip address {_inside(number)} 255.255.255.252"
        yield " tunnel source GigabitEthernet0/0"
        yield " tunnel mode ipsec ipv4"
        yield f" tunnel destination {peer(number)}"
        yield " tunnel vrf INET"
        yield f" tunnel protection ipsec profile IPS-{number}"
        yield "!"


def hub(count: int) -> str:
    """A hub with ``count`` keys, profiles and tunnels: about 400 bytes for each."""
    lines = [*_keys(count), *_profiles(count), *MIDDLE.splitlines(), *_ipsec_profiles(count), *_tunnels(count)]
    body = "\n".join(lines)
    return f"{HEAD.format(size=len(body))}{body}\n{TAIL}"


def access_list(count: int) -> str:
    """A router with an access list of ``count`` entries that crypto refers to: about 55 bytes for each."""
    entries = (f" permit tcp host {peer(n)} {_inside(n)} 0.0.0.3 eq {n % 65_000 + 1}" for n in range(count))
    head = "version 15.9\n!\nhostname R1\n!\ncrypto map M 10 ipsec-isakmp\n set peer 192.0.2.1\n match address A\n!"
    return "\n".join((head, "ip access-list extended A", *entries, "!\nend\n"))


def cost(text: str, *, rounds: int = 3) -> float:
    """Seconds a byte to parse ``text``, the best of ``rounds``."""
    from ikeaudit.parsing import parse_configs
    from ikeaudit.parsing.fingerprint import Fingerprinter

    fingerprinter = Fingerprinter(b"a fingerprint key for benchmarks")
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        parse_configs(text, file="hub.cfg", fingerprinter=fingerprinter)
        best = min(best, time.perf_counter() - start)
    return best / len(text)


def main() -> None:
    """Print a hub, or measure."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("count", type=int, nargs="?", default=5000, help="number of keys, profiles and tunnels")
    parser.add_argument(
        "--time", action="store_true", help="measure the cost of a byte in a small file and a large one"
    )
    arguments = parser.parse_args()
    if not arguments.time:
        sys.stdout.write(hub(arguments.count))
        return
    small, large = hub(arguments.count // 20), hub(arguments.count)
    cost(small, rounds=1)  # templates are compiled once a process
    few, many = cost(small), cost(large)
    for text, each in ((small, few), (large, many)):
        sys.stdout.write(f"{len(text) / 1000:8.0f} kB  {each * 1e9:7.0f} ns/byte  {each * len(text):6.2f} s\n")
    sys.stdout.write(f"ratio {many / few:.2f}\n")


if __name__ == "__main__":
    main()
