"""The seed's two routers built by hand: the core without the parser."""

from __future__ import annotations

import msgspec

from ikeaudit.fleet import Fleet
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
    TransformSet,
    Tunnel,
    TunnelProtection,
    parse_address,
)

KEY = Secret("00112233aabbccdd")


def seed_router(name: str, me: str, peer: str, bound: str, matches: dict[str, str]) -> Router:
    """A seed router: two keyrings with one key each for ``peer``, two profiles, a tunnel bound to ``bound``."""
    own, far = parse_address(me), parse_address(peer)
    assert own is not None and far is not None
    rings = tuple(Keyring(f"keyring{n}", 10 * n, keys=(Key(10 * n + 1, KEY, Prefix.of(far)),)) for n in (1, 2))
    profiles = []
    for n, identity in ((1, matches["profile1"]), (2, matches["profile2"])):
        address = parse_address(identity)
        assert address is not None
        profiles.append(
            IsakmpProfile(
                f"profile{n}",
                100 * n,
                keyrings=(KeyringRef(100 * n + 1, f"keyring{n}"),),
                matches=(IdentityMatch(100 * n + 2, "address", Prefix.of(address)),),
            )
        )
    tunnel = Tunnel(
        source_interface="Ethernet0/0",
        destination=far,
        protection=TunnelProtection(320, "ipsec"),
    )
    return Router(
        name,
        f"{name}.cfg",
        keyrings=rings,
        isakmp_policies=(IsakmpPolicy(10, 30, "3des", "encr", "md5", "pre-share", "2"),),
        isakmp_profiles=tuple(profiles),
        transform_sets=(TransformSet("TS", 40, ("esp-aes", "esp-sha256-hmac")),),
        ipsec_profiles=(IpsecProfile("ipsec", 50, (NamedLine(51, "TS"),), isakmp_profile=NamedLine(52, bound)),),
        interfaces=(
            Interface("Tunnel1", 300, tunnel=tunnel),
            Interface("Ethernet0/0", 310, (InterfaceAddress(311, own),), "static"),
        ),
    )


R1 = seed_router(
    "R1", "192.168.0.1", "192.168.0.2", "profile2", {"profile1": "192.168.0.102", "profile2": "192.168.0.2"}
)
R2 = seed_router(
    "R2", "192.168.0.2", "192.168.0.1", "profile1", {"profile1": "192.168.0.1", "profile2": "192.168.0.100"}
)


def test_the_seed_comes_up_from_one_end_only() -> None:
    verdicts = {e.initiator: (e.outcome, e.confidence, e.failed_at, e.reason) for e in Fleet([R1, R2]).exchanges}
    assert verdicts == {
        "R1": ("up", "unpredictable", None, None),
        "R2": ("down", "unpredictable", "MM5", "keyring-verification"),
    }


def test_both_directions_share_one_tunnel() -> None:
    assert len({e.tunnel for e in Fleet([R1, R2]).exchanges}) == 1


def test_order_of_routers_changes_nothing() -> None:
    assert Fleet([R1, R2]).exchanges == Fleet([R2, R1]).exchanges


def test_without_the_other_end_the_verdict_is_unknown() -> None:
    (alone,) = Fleet([R1]).exchanges
    assert (alone.outcome, alone.confidence, alone.responder) == ("unknown", "unknown", None)


def test_type_6_keys_cannot_be_compared() -> None:
    opaque = Secret("ffff000011112222", type=6)
    ring = msgspec.structs.replace(R1.keyrings[1], keys=(Key(21, opaque, R1.keyrings[1].keys[0].prefix),))
    first = next(
        e
        for e in Fleet([msgspec.structs.replace(R1, keyrings=(R1.keyrings[0], ring)), R2]).exchanges
        if e.initiator == "R1"
    )
    assert (first.outcome, first.confidence) == ("unknown", "unknown")
    assert {(r.outcome, r.reason) for r in first.readings} >= {("up", None), ("down", "psk-mismatch")}
