"""Hub-and-spoke fleets of any size as texts, with faults strewn in by a seed: what the report is looked at and measured on."""

from __future__ import annotations

import random

REGIONS = ("SEO", "BUS", "TYO", "OSA", "SIN", "SYD", "FRA", "LON", "NYC", "LAX")

_PHASE1 = (
    "crypto isakmp policy 10\n encr aes 256\n hash sha256\n authentication pre-share\n group 14\n!\n"
    "crypto isakmp keepalive 10\n!\n"
)
_PHASE2 = "crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac\n mode tunnel\n!\n"


def hub_fleet(routers: int = 2000, hubs: int = 20, each: int = 5, seed: int = 7) -> dict[str, str]:
    """Configurations by router: each spoke has a tunnel to ``each`` hubs, its region's first.

    Two of a hundred spokes keep the keys of an old keyring in front (they come up from one end only), six of a thousand have
    another key, four none, six the same address in two keyrings, three of ten use IKEv2, and of one in a hundred there is no
    configuration.
    """
    chance = random.Random(seed)
    number = routers - hubs
    hub_names = [f"{REGIONS[n % 10]}-HUB{n // 10 + 1}" for n in range(hubs)]
    spokes = [f"{REGIONS[n % 10]}-BR{n // 10 + 1:03d}" for n in range(number)]
    called: list[list[int]] = []
    for n in range(number):
        home = [h for h in range(hubs) if h % 10 == n % 10]
        rest = [h for h in range(hubs) if h not in home]
        called.append((home + chance.sample(rest, min(len(rest), max(0, each - len(home)))))[:each])
    kinds = [_kind(chance.random()) for _ in range(number)]
    missing = {n for n in range(number) if chance.random() < 0.01}
    texts = {spokes[n]: _spoke(n, spokes[n], kinds[n], called[n], hub_names) for n in range(number) if n not in missing}
    for h, name in enumerate(hub_names):
        texts[name] = _hub(h, name, [n for n in range(number) if h in called[n]], spokes, kinds)
    return texts


def _kind(share: float) -> str:
    for kind, end in (("old", 0.02), ("other", 0.026), ("none", 0.03), ("tie", 0.036), ("ikev2", 0.33)):
        if share < end:
            return kind
    return "well"


def _hub_address(hub: int) -> str:
    return f"192.0.{2 + hub // 200}.{hub % 200 + 1}"


def _spoke_address(spoke: int) -> str:
    return f"198.{18 + spoke // 62500}.{spoke // 250 % 250}.{spoke % 250 + 1}"


def _key(spoke: int, hub: int) -> str:
    return f"k{spoke:04d}x{hub:02d}Zq7Lm2vR9tW4yB8nC"


def _ring(name: str, keys: dict[str, str]) -> str:
    return f"crypto keyring {name}\n" + "".join(f"  pre-shared-key address {a} key {k}\n" for a, k in keys.items())


def _ring2(peers: dict[str, tuple[str, str]]) -> str:
    return "crypto ikev2 keyring V2KR\n" + "".join(
        f" peer {name}\n  address {address}\n  pre-shared-key {key}\n !\n" for name, (address, key) in peers.items()
    )


def _profile2(matches: str) -> str:
    return (
        f"crypto ikev2 profile V2P\n{matches} authentication remote pre-share\n authentication local pre-share\n"
        " keyring local V2KR\n!\n"
    )


def _tunnel(number: int, address: str, peer: str, profile: str) -> str:
    return (
        f"interface Tunnel{number}\n ip address {address} 255.255.0.0\n tunnel source GigabitEthernet0/0\n"
        f" tunnel destination {peer}\n tunnel mode ipsec ipv4\n tunnel protection ipsec profile {profile}\n!\n"
    )


def _spoke(n: int, name: str, kind: str, hubs: list[int], names: list[str]) -> str:
    addresses = {h: _hub_address(h) for h in hubs}
    parts = [f"hostname {name}\n!\n", _PHASE1]
    if kind == "ikev2":
        parts.append(_ring2({names[h]: (addresses[h], _key(n, h)) for h in hubs}))
        parts.append(
            _profile2("".join(f" match identity remote address {a} 255.255.255.255\n" for a in addresses.values()))
        )
    else:
        if kind == "old":
            parts.append(_ring("OLD-WAN", {addresses[h]: f"legacy{n:04d}Aa9Kq2Zx7Pm" for h in hubs[:2]}))
        if kind == "tie":
            parts.append(_ring("ALT", {addresses[h]: _key(n, h) for h in hubs[:1]}))
        typo = hubs[0] if kind == "other" else None
        held = hubs[1:] if kind == "none" else hubs
        parts.append(_ring("HUBS", {addresses[h]: _key(n, h) + ("-typo" if h == typo else "") for h in held}))
        matches = "".join(f"   match identity address {a} 255.255.255.255\n" for a in addresses.values())
        parts.append(f"crypto isakmp profile TO-HUBS\n   keyring HUBS\n{matches}!\n")
    bound = " set ikev2-profile V2P\n" if kind == "ikev2" else " set isakmp-profile TO-HUBS\n"
    parts.append(f"{_PHASE2}crypto ipsec profile VTI\n set transform-set TS\n{bound}!\n")
    parts.append(f"interface GigabitEthernet0/0\n ip address {_spoke_address(n)} 255.255.0.0\n!\n")
    for place, h in enumerate(hubs, 1):
        parts.append(_tunnel(place, f"10.{h}.{n // 250}.{n % 250 + 1}", addresses[h], "VTI"))
    return "".join(parts) + "end\n"


def _hub(h: int, name: str, spokes: list[int], names: list[str], kinds: list[str]) -> str:
    old = [n for n in spokes if kinds[n] != "ikev2"]
    new = [n for n in spokes if kinds[n] == "ikev2"]
    parts = [f"hostname {name}\n!\n", _PHASE1, _ring("SPOKES", {_spoke_address(n): _key(n, h) for n in old})]
    parts.append(
        "crypto isakmp profile SPOKES\n   keyring SPOKES\n   match identity address 198.18.0.0 255.254.0.0\n!\n"
    )
    if new:
        parts.append(_ring2({names[n]: (_spoke_address(n), _key(n, h)) for n in new}))
        parts.append(_profile2(" match identity remote address 198.18.0.0 255.254.0.0\n"))
    parts.append(f"{_PHASE2}crypto ipsec profile VTI\n set transform-set TS\n set isakmp-profile SPOKES\n!\n")
    if new:
        parts.append("crypto ipsec profile VTI2\n set transform-set TS\n set ikev2-profile V2P\n!\n")
    parts.append(f"interface GigabitEthernet0/0\n ip address {_hub_address(h)} 255.255.255.0\n!\n")
    parts += [
        _tunnel(n + 1, f"10.{h}.255.1", _spoke_address(n), "VTI2" if kinds[n] == "ikev2" else "VTI") for n in spokes
    ]
    return "".join(parts) + "end\n"
