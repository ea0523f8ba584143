"""Builds hubs and spokes as models, for tests that need many of them."""

from __future__ import annotations

from ipaddress import IPv4Address

from ikeaudit.model import (
    IdentityMatch,
    Interface,
    InterfaceAddress,
    IpsecProfile,
    IsakmpPolicy,
    IsakmpProfile,
    Key,
    Keyring,
    KeyringRef,
    NamedLine,
    Prefix,
    Router,
    Secret,
    SecretFacts,
    TransformSet,
    Tunnel,
    TunnelProtection,
)

HUB = IPv4Address("192.0.2.1")
FIRST = IPv4Address("10.0.0.1")
STRONG = SecretFacts(length=24, classes=3, distinct=20)
POLICY = IsakmpPolicy(
    10, 1, encryption="aes 256", keyword="encr", hash="sha256", authentication="pre-share", group="14"
)
TRANSFORM = TransformSet("TS", 2, ("esp-aes 256", "esp-sha256-hmac"))


def spoke_address(number: int) -> IPv4Address:
    """The outer address of spoke ``number``, from 0."""
    return FIRST + number


def key(number: int, line: int) -> Key:
    """A key of its own for each spoke."""
    return Key(line, Secret(f"{number:016x}", facts=STRONG), Prefix.of(spoke_address(number)))


def hub(
    spokes: int, *, rings: int = 1, profiles: int | None = None, name: str = "HUB", duplicate: bool = False
) -> Router:
    """A hub with a tunnel for each spoke: keys spread over ``rings`` keyrings, one profile for each spoke or ``profiles``.

    ``duplicate`` puts all keys into a second keyring as well, which comes first and no profile names.
    """
    profiles = spokes if profiles is None else profiles
    line = 10
    keyrings = []
    if duplicate:
        keyrings.append(Keyring("OLD", line, keys=tuple(key(n, line + 1 + n) for n in range(spokes))))
        line += spokes + 1
    for ring in range(rings):
        numbers = range(ring, spokes, rings)
        keys = tuple(key(n, line + 1 + place) for place, n in enumerate(numbers))
        keyrings.append(Keyring(f"K{ring}", line, keys=keys))
        line += len(keys) + 1
    found = []
    for p in range(profiles):
        matches = tuple(
            IdentityMatch(line + 2, "address", Prefix.of(spoke_address(n))) for n in range(p, spokes, profiles)
        )
        used = dict.fromkeys(f"K{n % rings}" for n in range(p, spokes, profiles))
        refs = tuple(KeyringRef(line + 1, ring) for ring in used)
        found.append(IsakmpProfile(f"P{p}", line, refs, matches))
        line += 3
    ipsec = tuple(
        IpsecProfile(f"I{p}", line + p, (NamedLine(line + p, "TS"),), isakmp_profile=NamedLine(line + p, f"P{p}"))
        for p in range(profiles)
    )
    line += profiles
    tunnels = tuple(
        Interface(
            f"Tunnel{n}",
            line + 3 * n,
            tunnel=Tunnel(
                source_interface="Loopback0",
                destination=spoke_address(n),
                mode="ipsec ipv4",
                protection=TunnelProtection(line + 3 * n + 1, f"I{n % profiles}"),
            ),
        )
        for n in range(spokes)
    )
    outside = Interface("Loopback0", 3, (InterfaceAddress(4, HUB, Prefix.of(HUB)),), addressing="static")
    return _router(name, keyrings, found, ipsec, (*tunnels, outside), line + 3 * spokes)


def spoke(number: int) -> Router:
    """Spoke ``number`` with one tunnel to the hub."""
    own = spoke_address(number)
    tunnel = Interface(
        "Tunnel0",
        30,
        tunnel=Tunnel(
            source_interface="GigabitEthernet0/0",
            destination=HUB,
            mode="ipsec ipv4",
            protection=TunnelProtection(31, "I"),
        ),
    )
    outside = Interface("GigabitEthernet0/0", 40, (InterfaceAddress(41, own, Prefix.of(own, 8)),), addressing="static")
    ring = Keyring("K", 10, keys=(Key(11, Secret(f"{number:016x}", facts=STRONG), Prefix.of(HUB)),))
    profile = IsakmpProfile("P", 15, (KeyringRef(16, "K"),), (IdentityMatch(17, "address", Prefix.of(HUB)),))
    ipsec = IpsecProfile("I", 20, (NamedLine(21, "TS"),), isakmp_profile=NamedLine(22, "P"))
    return _router(f"S{number:04}", [ring], [profile], (ipsec,), (tunnel, outside), 50)


def _router(
    name: str,
    keyrings: list[Keyring],
    profiles: list[IsakmpProfile],
    ipsec: tuple[IpsecProfile, ...],
    interfaces: tuple[Interface, ...],
    lines: int,
) -> Router:
    return Router(
        name=name,
        file=f"{name}.cfg",
        lines=tuple(f"line {n}" for n in range(1, lines + 1)),
        hostname=name,
        interfaces=interfaces,
        keyrings=tuple(keyrings),
        isakmp_policies=(POLICY,),
        isakmp_profiles=tuple(profiles),
        transform_sets=(TRANSFORM,),
        ipsec_profiles=ipsec,
    )
