"""Configurations made by chance, in which names lead nowhere, interfaces are down and maps are applied nowhere."""

from __future__ import annotations

from random import Random

KEYS = ("Hx4pLm8Rt2Wq9Zc6Vn3Kd7Bs", "Jt6wNq3Yb8Fr5Xe2Mc9Gh4Lp")
PEERS = ("198.51.100.9", "198.51.100.10", "203.0.113.7")
AREAS = (*(f"{peer} 255.255.255.255" for peer in PEERS), "198.51.100.0 255.255.255.0", "0.0.0.0 0.0.0.0")
RINGS = ("KA", "KB", "KC")
PROFILES = ("PA", "PB", "PC")


def odd_config(seed: int) -> str:
    """One router's configuration; the same for the same ``seed``."""
    chance = Random(seed)

    def maybe(share: float) -> bool:
        return chance.random() < share

    def named(known: tuple[str, ...]) -> str:
        name = chance.choice(known)
        return chance.choice((name + "X", name.lower())) if maybe(0.15) else name

    lines = ["hostname ODD", "crypto isakmp policy 10", " encr aes 256", " hash sha256", " authentication pre-share"]
    lines += [" group 14", "crypto isakmp aggressive-mode disable"]
    if maybe(0.2):
        lines.append(f"crypto isakmp key {KEYS[0]} address {chance.choice(AREAS)}")
    for ring in RINGS[: chance.randint(1, 3)]:
        lines.append(f"crypto keyring {ring}")
        for area in chance.sample(AREAS, chance.randint(0, 2)):
            lines.append(f"  pre-shared-key address {area} key {chance.choice(KEYS)}")
    for profile in PROFILES[: chance.randint(0, 3)]:
        lines.append(f"crypto isakmp profile {profile}")
        lines += [f"   keyring {named(RINGS)}"] if maybe(0.8) else []
        lines += [f"   match identity address {area}" for area in chance.sample(AREAS, chance.randint(0, 2))]
    lines.append("crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac")
    for number in range(3):
        lines += [f"crypto ipsec profile IP{number}", " set transform-set TS"]
        lines += [f" set isakmp-profile {named(PROFILES)}"] if maybe(0.5) else []
    if maybe(0.3):
        lines += ["crypto dynamic-map DM 1", " set transform-set TS"]
        lines += [f" set isakmp-profile {named(PROFILES)}"] if maybe(0.4) else []
    if maybe(0.4):
        lines += ["crypto map CM 10 ipsec-isakmp", f" set peer {chance.choice(PEERS)}", " set transform-set TS"]
        lines += [f" set isakmp-profile {named(PROFILES)}"] if maybe(0.5) else []
        lines.append(" match address SITES")
        lines += ["crypto map CM 65000 ipsec-isakmp dynamic DM"] if maybe(0.5) else []
    for number in range(chance.randint(0, 3)):
        lines += [f"interface Tunnel{number}", f" ip address 10.9.{number}.1 255.255.255.252"]
        lines += [" shutdown"] if maybe(0.3) else []
        lines += [f" tunnel source GigabitEthernet{chance.randint(0, 1)}"]
        if maybe(0.85):
            lines += [" tunnel mode ipsec ipv4", f" tunnel destination {chance.choice(PEERS)}"]
        else:
            lines.append(" tunnel mode gre multipoint")
        lines += [f" tunnel protection ipsec profile IP{chance.randint(0, 3)}"] if maybe(0.9) else []
    for number in range(2):
        lines += [f"interface GigabitEthernet{number}", f" ip address 192.0.2.{1 + 128 * number} 255.255.255.128"]
        lines += [" shutdown"] if maybe(0.2) else []
        lines += [" crypto map CM"] if maybe(0.4) else []
    lines += ["ip access-list extended SITES", " permit ip 10.1.0.0 0.0.0.255 10.2.0.0 0.0.0.255", "end"]
    return "\n".join(lines) + "\n"
