"""A generated fleet with two hubs: every spoke has a tunnel to each of them, and every router has two keyrings."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.fleet import Fleet
from ikeaudit.model import Router
from ikeaudit.parsing import parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.remediation.plan import Announcement, Direction, Phase
from ikeaudit.remediation.strategies import Draft
from ikeaudit.remediation.strategies.contract import WavesOf

HUBS = {"HUB1": "192.0.2.1", "HUB2": "198.51.100.1"}

_HEAD = """\
version 15.7
hostname {name}
!
"""
_POLICY = """\
!
crypto isakmp policy 10
 encr aes 256
 hash sha256
 authentication pre-share
 group 14
"""
_TRANSFORM = """\
!
crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
 mode tunnel
!
"""
_TUNNEL = """\
crypto ipsec profile IP{n}
 set transform-set TS
 set isakmp-profile P{n}
!
interface Tunnel{n}
 ip address {inner} 255.255.255.252
 tunnel source {source}
 tunnel mode ipsec ipv4
 tunnel destination {peer}
 tunnel protection ipsec profile IP{n}
!
"""
_OUTER = """\
interface {name}
 ip address {address} 255.255.255.0
!
"""


def spoke_name(number: int) -> str:
    """The name of spoke ``number``."""
    return f"S{number:04d}"


def outer(number: int) -> str:
    """The outer address of spoke ``number``."""
    return f"100.{64 + (number >> 16)}.{number >> 8 & 255}.{number & 255}"


def _inner(hub: int, number: int, end: int) -> str:
    return f"10.{hub * 100 + (number >> 6 & 63)}.{number & 63}.{end}"


def spoke_text(number: int, *, default_by: int = 0) -> str:
    """A spoke's running-config; ``default_by`` 1 or 2 sends its default route into the tunnel to that hub."""
    rings, profiles, tunnels = "", "", ""
    for n, peer in enumerate(HUBS.values(), 1):
        rings += f"crypto keyring K{n}\n  pre-shared-key address {peer} key spoke-{number}-sample-key\n"
        profiles += f"crypto isakmp profile P{n}\n   keyring K{n}\n   match identity address {peer} 255.255.255.255\n"
        tunnels += _TUNNEL.format(n=n, inner=_inner(n, number, 2), source="GigabitEthernet0/0", peer=peer)
    text = _HEAD.format(name=spoke_name(number)) + rings + _POLICY + profiles + _TRANSFORM + tunnels
    text += _OUTER.format(name="GigabitEthernet0/0", address=outer(number))
    if default_by:
        text += f"ip route 0.0.0.0 0.0.0.0 Tunnel{default_by}\n!\n"
    return text + "end\n"


def hub_text(name: str, spokes: int) -> str:
    """A hub's running-config: a key, a profile and a tunnel for every spoke; odd ones in one keyring, even ones in another."""
    hub = 1 + list(HUBS).index(name)
    keys, profiles, tunnels = ["", ""], "", ""
    for number in range(1, spokes + 1):
        peer, ring = outer(number), number % 2
        keys[ring] += f"  pre-shared-key address {peer} key spoke-{number}-sample-key\n"
        profiles += f"crypto isakmp profile P{number}\n   keyring K{ring}\n"
        profiles += f"   match identity address {peer} 255.255.255.255\n"
        tunnels += _TUNNEL.format(n=number, inner=_inner(hub, number, 1), source="GigabitEthernet0/0", peer=peer)
    rings = "".join(f"crypto keyring K{ring}\n{lines}" for ring, lines in enumerate(keys))
    text = _HEAD.format(name=name) + rings + _POLICY + profiles + _TRANSFORM + tunnels
    return text + _OUTER.format(name="GigabitEthernet0/0", address=HUBS[name]) + "end\n"


def dual_hub_texts(spokes: int) -> Iterator[str]:
    """The running-configs of both hubs and of ``spokes`` spokes; every tenth spoke is reached through its first tunnel."""
    for name in HUBS:
        yield hub_text(name, spokes)
    for number in range(1, spokes + 1):
        yield spoke_text(number, default_by=number % 10 == 0)


def dual_hub_fleet(spokes: int) -> Fleet:
    """The fleet of :func:`dual_hub_texts`."""
    fingerprinter = Fingerprinter(b"dual hub" * 4)
    routers: list[Router] = []
    for n, text in enumerate(dual_hub_texts(spokes)):
        (parsed,) = parse_configs(text, file=f"r{n}.cfg", fingerprinter=fingerprinter)
        assert parsed.router is not None, parsed.reason
        routers.append(parsed.router)
    return Fleet(routers)


def wave_drafts(fleet: Fleet, of: WavesOf) -> tuple[Draft, ...]:
    """Steps without commands, as a strategy that changes every router of ``fleet`` would propose them.

    ``routers``: two on every router. ``tunnels``: objects on every router, a switch at either end of every tunnel, the first
    of which waits for the second, and a clean-up on every router.
    """
    names = [router.name for router in fleet.routers]
    if of == "routers":
        return tuple(_draft(name, phase) for name in names for phase in ("switch", "cleanup"))
    tunnels: dict[str, list[Direction]] = {}
    for exchange in fleet.exchanges:
        tunnels.setdefault(exchange.tunnel, []).append(Direction.of(exchange))
    drafts = [_draft(name, "additive") for name in names]
    for tunnel, directions in tunnels.items():
        ends = sorted(
            {direction.initiator for direction in directions}, key=lambda name: (name.startswith("HUB"), name)
        )
        for name, until in zip(ends, (1, 0), strict=True):
            drafts.append(_draft(name, "switch", Announcement(text=tunnel, directions=tuple(directions), until=until)))
    return (*drafts, *(_draft(name, "cleanup") for name in names))


def _draft(router: str, phase: Phase, *announce: Announcement) -> Draft:
    return Draft(router=router, phase=phase, title=router, apply="", rollback="", announce=announce)
