"""A hub and as many spokes as are wanted, as texts, in the designs that hubs have: what a thousand peers of one router cost."""

from __future__ import annotations

from ipaddress import IPv4Address

from parsed import router

from ikeaudit.model import Router

HUB = "198.18.0.2"
_HEAD = "version 15.9\nhostname {name}\n"
_END = "line vty 0 4\n transport input ssh\nend\n"
_POLICY = (
    "crypto isakmp policy 10\n encr aes 256\n hash sha256\n authentication pre-share\n group 14\n"
    "crypto isakmp keepalive 10 3 periodic\n"
)
_SET = "crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac\n mode tunnel\n"


def address(number: int) -> str:
    """The outer address of spoke ``number``."""
    return str(IPv4Address("25.0.0.2") + 4 * number)


def _lan(number: int) -> str:
    return str(IPv4Address("10.64.0.0") + 256 * number)


def _inner(number: int, end: int) -> str:
    return str(IPv4Address("10.32.0.0") + 4 * number + end)


def _key(number: int) -> str:
    return f"Zq7Lm2vR9tW4yB8nC{number:05d}"


def _outside(own: str, gateway: str, more: str = "") -> str:
    return (
        f"interface GigabitEthernet0/0\n ip address {own} 255.255.255.252\n{more}ip route 0.0.0.0 0.0.0.0 {gateway}\n"
    )


def _before(own: str) -> str:
    return str(IPv4Address(own) - 1)


def _tunnel(number: int, end: int, peer: str, profile: str, mode: str = "ipsec ipv4") -> str:
    return (
        f"interface Tunnel{number}\n ip address {_inner(number, end)} 255.255.255.252\n tunnel source GigabitEthernet0/0\n"
        f" tunnel mode {mode}\n tunnel destination {peer}\n tunnel protection ipsec profile {profile}\n"
    )


def _ring(name: str, entries: list[tuple[str, str]]) -> str:
    return f"crypto keyring {name}\n" + "".join(f"  pre-shared-key address {a} key {k}\n" for a, k in entries)


def _profile(name: str, ring: str, peers: list[str]) -> str:
    matches = "".join(f"   match identity address {peer} 255.255.255.255\n" for peer in peers)
    return f"crypto isakmp profile {name}\n   keyring {ring}\n{matches}"


def _proposal() -> str:
    return (
        "crypto ikev2 proposal PROP\n encryption aes-cbc-256\n integrity sha256\n group 14\n"
        "crypto ikev2 policy POL\n match fvrf any\n proposal PROP\n"
    )


def _blocks(ring: str, entries: list[tuple[str, str]]) -> str:
    blocks = (f" peer P{n}\n  address {a}\n  pre-shared-key {k}\n" for n, (a, k) in enumerate(entries))
    return f"crypto ikev2 keyring {ring}\n" + "".join(blocks)


def _v2(name: str, ring: str, peers: list[str]) -> str:
    matches = "".join(f" match identity remote address {peer} 255.255.255.255\n" for peer in peers)
    return (
        f"crypto ikev2 profile {name}\n{matches} authentication remote pre-share\n authentication local pre-share\n"
        f" keyring local {ring}\n"
    )


def _ipsec(name: str, bound: str) -> str:
    return f"crypto ipsec profile {name}\n set transform-set TS\n set {bound}\n"


def _made(name: str, *parts: str) -> Router:
    return router(_HEAD.format(name=name) + "".join(parts) + _END)


def _spoke(number: int, *parts: str) -> Router:
    lan = f"interface GigabitEthernet0/1\n ip address {IPv4Address(_lan(number)) + 1} 255.255.255.0\n"
    return _made(f"S{number:04d}", *parts, lan)


def ikev2(count: int, *, each: bool = False, other: int = 0) -> list[Router]:
    """IKEv2; one profile and keyring for all spokes, or one for ``each``. Of ``other`` the first have another key."""
    entries = [(address(n), _key(n)) for n in range(count)]
    peers = [a for a, _ in entries]
    if each:
        crypto = [_blocks(f"K{n}", [entry]) + _v2(f"V{n}", f"K{n}", [entry[0]]) for n, entry in enumerate(entries)]
        crypto += [_SET, *(_ipsec(f"I{n}", f"ikev2-profile V{n}") for n in range(count))]
    else:
        crypto = [_blocks("K", entries), _v2("V", "K", peers), _SET, _ipsec("I", "ikev2-profile V")]
    tunnels = [_tunnel(n, 1, peer, f"I{n}" if each else "I") for n, peer in enumerate(peers)]
    hub = _made("HUB", _proposal(), *crypto, *tunnels, _outside(HUB, "198.18.0.1"))
    spokes = [
        _spoke(
            n,
            _proposal(),
            _blocks("K", [(HUB, _key(n) + ("x" if n < other else ""))]),
            _v2("V", "K", [HUB]),
            _SET,
            _ipsec("I", "ikev2-profile V"),
            _tunnel(n, 2, HUB, "I"),
            _outside(address(n), _before(address(n))),
        )
        for n in range(count)
    ]
    return [hub, *spokes]


def ikev1(count: int, *, astray: bool = False, doubtful: bool = False) -> list[Router]:
    """IKEv1 by tunnels with a profile each, and routes to all peers and into all tunnels.

    Where all go ``astray``, every spoke calls from an address next to the one that the hub has. ``doubtful``: a line of the hub
    is not understood.
    """
    entries = [(address(n), _key(n)) for n in range(count)]
    peers = [a for a, _ in entries]
    routes = [f"ip route {peer} 255.255.255.255 198.18.0.1\n" for peer in peers]
    routes += [f"ip route {_lan(n)} 255.255.255.0 Tunnel{n}\n" for n in range(count)]
    hub = _made(
        "HUB",
        _ring("KR", entries),
        _POLICY,
        *(_profile(f"P{n}", "KR", [peer]) for n, peer in enumerate(peers)),
        _SET,
        *(_ipsec(f"I{n}", f"isakmp-profile P{n}") for n in range(count)),
        "crypto isakmp nonsense 3\n" if doubtful else "",
        *(_tunnel(n, 1, peer, f"I{n}") for n, peer in enumerate(peers)),
        _outside(HUB, "198.18.0.1"),
        *routes,
    )
    spokes = []
    for n in range(count):
        own = str(IPv4Address(address(n)) + 40_000) if astray else address(n)
        spokes.append(
            _spoke(
                n,
                _ring("KR", [(HUB, _key(n))]),
                _POLICY,
                _profile("P", "KR", [HUB]),
                _SET,
                _ipsec("I", "isakmp-profile P"),
                _tunnel(n, 2, HUB, "I"),
                _outside(own, _before(own)),
            )
        )
    return [hub, *spokes]


def crypto_map(count: int) -> list[Router]:
    """A crypto map with an entry, an access list, a profile and a keyring for each spoke, and a filter that names them all."""
    entries = [(address(n), _key(n)) for n in range(count)]
    peers = [a for a, _ in entries]

    def lists(name: str, near: str, far: str) -> str:
        return f"ip access-list extended {name}\n permit ip {near} 0.0.0.255 {far} 0.0.0.255\n"

    permits = "".join(
        f" permit {what}\n" for peer in peers for what in (f"udp host {peer} any eq isakmp", f"esp host {peer} any")
    )
    hub = _made(
        "HUB",
        *(_ring(f"K{n}", [entry]) for n, entry in enumerate(entries)),
        _POLICY,
        *(_profile(f"P{n}", f"K{n}", [peer]) for n, peer in enumerate(peers)),
        _SET,
        *(
            f"crypto map CM {n + 10} ipsec-isakmp\n set peer {peer}\n set transform-set TS\n set isakmp-profile P{n}\n"
            f" match address L{n}\n"
            for n, peer in enumerate(peers)
        ),
        _outside(HUB, "198.18.0.1", " ip access-group IN in\n crypto map CM\n"),
        "interface GigabitEthernet0/1\n ip address 10.1.0.1 255.255.255.0\n",
        *(f"ip route {_lan(n)} 255.255.255.0 198.18.0.1\n" for n in range(count)),
        *(lists(f"L{n}", "10.1.0.0", _lan(n)) for n in range(count)),
        f"ip access-list extended IN\n{permits} deny ip any any\n",
    )
    spokes = [
        _spoke(
            n,
            _ring("KR", [(HUB, _key(n))]),
            _POLICY,
            _profile("P", "KR", [HUB]),
            _SET,
            f"crypto map CM 10 ipsec-isakmp\n set peer {HUB}\n set transform-set TS\n set isakmp-profile P\n match address L\n",
            _outside(address(n), _before(address(n)), " crypto map CM\n"),
            lists("L", _lan(n), "10.1.0.0"),
        )
        for n in range(count)
    ]
    return [hub, *spokes]


def aggressive(count: int) -> list[Router]:
    """Names for peers, ``ip host`` for their addresses, and a block of aggressive mode for each of them at both ends."""

    def block(peer: str, own: str, key: str) -> str:
        return (
            f"crypto isakmp peer address {peer}\n set aggressive-mode password {key}\n"
            f" set aggressive-mode client-endpoint fqdn {own}\n"
        )

    hub = _made(
        "HUB",
        *(f"ip host S{n:04d} {address(n)}\n" for n in range(count)),
        "crypto keyring KR\n",
        *(f"  pre-shared-key hostname S{n:04d} key {_key(n)}\n" for n in range(count)),
        _POLICY,
        *(block(address(n), "HUB", _key(n)) for n in range(count)),
        _SET,
        "crypto ipsec profile I\n set transform-set TS\n",
        *(_tunnel(n, 1, f"S{n:04d}" if n % 2 else address(n), "I") for n in range(count)),
        _outside(HUB, "198.18.0.1"),
    )
    spokes = [
        _spoke(
            n,
            "ip domain name example.net\n",
            f"crypto keyring KR\n  pre-shared-key hostname HUB key {_key(n)}\n",
            _POLICY,
            block(HUB, f"S{n:04d}", _key(n)),
            _SET,
            "crypto ipsec profile I\n set transform-set TS\n",
            _tunnel(n, 2, HUB, "I"),
            _outside(address(n), _before(address(n))),
        )
        for n in range(count)
    ]
    return [hub, *spokes]


def idle(count: int) -> list[Router]:
    """A hub whose tunnels are gone, all but one: keys, profiles of both versions and crypto map entries that nothing uses."""
    entries = [(address(n), _key(n)) for n in range(count)]
    hub = _made(
        "HUB",
        _ring("KR", entries),
        _POLICY,
        *(_profile(f"P{n}", "KR", [peer]) for n, (peer, _) in enumerate(entries)),
        _proposal(),
        *(_blocks(f"K{n}", [entry]) + _v2(f"V{n}", f"K{n}", [entry[0]]) for n, entry in enumerate(entries)),
        _SET,
        *(
            f"crypto map CM {n + 10} ipsec-isakmp\n set peer {peer}\n set transform-set TS\n match address L\n"
            for n, (peer, _) in enumerate(entries)
        ),
        _ipsec("I", "isakmp-profile P0"),
        _tunnel(0, 1, address(0), "I"),
        _outside(HUB, "198.18.0.1"),
        "ip access-list extended L\n permit ip 10.1.0.0 0.0.0.255 10.2.0.0 0.0.0.255\n",
    )
    return [hub, *ikev1(count)[1:]]
