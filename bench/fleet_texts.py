"""Running-configs of generated fleets: what a spoke and a hub need for each kind of tunnel, and the routers around it.

Each function returns text; who has which address and key, and which mistake, is decided in ``fleets``.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from hub import text

_HUB_HEAD = text("hub-head.cfg")
_HUB_TAIL = text("hub-tail.cfg")


@dataclass(frozen=True, slots=True)
class Hub:
    """A hub as its spokes know it; ``letter`` is A or B, ``inside`` its address in the cloud of its spokes."""

    name: str
    letter: str
    address: str
    gateway: str
    inside: str


@dataclass(frozen=True, slots=True)
class Spoke:
    """A spoke as its hubs know it, and what is wrong with it.

    ``keys`` and ``inside`` are for the tunnels to hub A and hub B: the key that is meant, and the addresses at the spoke's and
    at the hub's end. ``fault`` is the mistake that was made, always on the tunnel to hub A, or "".
    """

    number: int
    name: str
    address: str
    gateway: str
    loopback: str
    keys: tuple[str, str]
    inside: tuple[tuple[str, str], tuple[str, str]]
    fault: str = ""

    def key(self, index: int) -> str:
        """The key that it has itself for the hub of that index."""
        wrong = index == 0 and self.fault == "other-key"
        return f"{self.keys[index]}-typo" if wrong else self.keys[index]


def _policy(fault: str) -> str:
    group = 5 if fault == "other-policy" else 14
    return (
        "crypto isakmp policy 10\n encr aes 256\n hash sha256\n authentication pre-share\n"
        f" group {group}\n lifetime 28800\n"
    )


def _ipsec(profiles: Sequence[tuple[str, str]], fault: str, mode: str = "tunnel") -> str:
    """Transform set and a profile of IPsec for each ``(name, what it is bound to)``; mistakes are in the first."""
    parts = [f"crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac\n mode {mode}\n!\n"]
    if fault == "other-transform":
        parts.append(f"crypto ipsec transform-set TS-OLD esp-aes esp-sha-hmac\n mode {mode}\n!\n")
    for number, (name, bound) in enumerate(profiles):
        spoilt = fault if number == 0 else ""
        used = "TS-OLD" if spoilt == "other-transform" else "TS"
        pfs = "" if spoilt == "no-pfs" else " set pfs group14\n"
        parts.append(f"crypto ipsec profile {name}\n set transform-set {used}\n{pfs} set {bound}\n!\n")
    return "".join(parts)


def _tunnel(number: int, inside: str, peer: str, profile: str, front_door: str = "") -> str:
    return (
        f"interface Tunnel{number}\n ip address {inside} 255.255.255.252\n ip mtu 1400\n ip tcp adjust-mss 1360\n"
        f" tunnel source GigabitEthernet0/0\n tunnel mode ipsec ipv4\n tunnel destination {peer}\n{front_door}"
        f" tunnel protection ipsec profile {profile}\n!\n"
    )


def ikev1_spoke(spoke: Spoke, hubs: Sequence[Hub]) -> tuple[str, str]:
    """Crypto and tunnels: a keyring and a profile for each hub. With ``old-keyring`` one more, in front of them."""
    parts = []
    if spoke.fault == "old-keyring":
        parts.append(f"crypto keyring A-OLD\n  pre-shared-key address {hubs[0].address} key {spoke.keys[0]}-old\n")
    for index, hub in enumerate(hubs):
        parts.append(f"crypto keyring KR-{hub.letter}\n  pre-shared-key address {hub.address} key {spoke.key(index)}\n")
    parts.append(_policy(spoke.fault) + "crypto isakmp keepalive 10 3 periodic\n")
    parts += [
        f"crypto isakmp profile ISA-{hub.letter}\n   keyring KR-{hub.letter}\n"
        f"   match identity address {hub.address} 255.255.255.255\n"
        for hub in hubs
    ]
    profiles = [(f"IPS-{hub.letter}", f"isakmp-profile ISA-{hub.letter}") for hub in hubs]
    return "".join(parts) + _ipsec(profiles, spoke.fault), _spoke_tunnels(spoke, hubs)


def ikev1_hub(hub: Hub, spokes: Sequence[Spoke]) -> tuple[str, str]:
    """Crypto and tunnels: one keyring, a profile for each spoke, all in the front-door VRF."""
    index = "AB".index(hub.letter)
    parts = ["crypto keyring KR-ALL vrf INET\n"]
    known = [spoke for spoke in spokes if not (index == 0 and spoke.fault == "no-key")]
    parts += [f"  pre-shared-key address {one.address} key {one.keys[index]}\n" for one in known]
    parts.append("crypto isakmp keepalive 10 3 periodic\n")
    for one in spokes:
        parts.append(
            f"crypto isakmp profile ISA-{one.number}\n   keyring KR-ALL\n"
            f"   match identity address {one.address} 255.255.255.255 INET\n"
        )
    profiles = [(f"IPS-{one.number}", f"isakmp-profile ISA-{one.number}") for one in spokes]
    tunnels = _hub_tunnels(spokes, index, lambda one: f"IPS-{one.number}")
    return "".join(parts) + _ipsec(profiles, ""), "".join(tunnels)


def ikev2_spoke(spoke: Spoke, hubs: Sequence[Hub]) -> tuple[str, str]:
    """Crypto and tunnels: one keyring with a block for each hub, a profile for each hub."""
    parts = [_proposal(spoke.fault), "crypto ikev2 keyring KR\n"]
    for index, hub in enumerate(hubs):
        parts.append(f" peer HUB-{hub.letter}\n  address {hub.address}\n  pre-shared-key {spoke.key(index)}\n !\n")
    parts.append("!\n")
    for index, hub in enumerate(hubs):
        presented = (
            " identity local fqdn nobody.example.net\n" if index == 0 and spoke.fault == "other-identity" else ""
        )
        parts.append(
            f"crypto ikev2 profile V2-{hub.letter}\n match identity remote address {hub.address} 255.255.255.255\n{presented}"
            " authentication remote pre-share\n authentication local pre-share\n keyring local KR\n dpd 10 3 periodic\n!\n"
        )
    profiles = [(f"IPS-{hub.letter}", f"ikev2-profile V2-{hub.letter}") for hub in hubs]
    return "".join(parts) + _ipsec(profiles, spoke.fault), _spoke_tunnels(spoke, hubs)


def ikev2_hub(hub: Hub, spokes: Sequence[Spoke]) -> tuple[str, str]:
    """Crypto and tunnels: one keyring with a block for each spoke, one profile that matches them all by their addresses."""
    index = "AB".index(hub.letter)
    parts = [_proposal(""), "crypto ikev2 keyring KR\n"]
    known = [one for one in spokes if not (index == 0 and one.fault == "no-key")]
    parts += [f" peer {one.name}\n  address {one.address}\n  pre-shared-key {one.keys[index]}\n !\n" for one in known]
    parts.append("!\ncrypto ikev2 profile V2\n match fvrf INET\n")
    parts += [f" match identity remote address {one.address} 255.255.255.255\n" for one in spokes]
    parts.append(
        " authentication remote pre-share\n authentication local pre-share\n keyring local KR\n dpd 10 3 periodic\n!\n"
    )
    tunnels = _hub_tunnels(spokes, index, lambda one: "IPS")
    return "".join(parts) + _ipsec([("IPS", "ikev2-profile V2")], ""), "".join(tunnels)


def _proposal(fault: str) -> str:
    group = 5 if fault == "other-policy" else 14
    return (
        f"crypto ikev2 proposal PROP\n encryption aes-cbc-256\n integrity sha256\n group {group}\n!\n"
        "crypto ikev2 policy POL\n match fvrf any\n proposal PROP\n!\n"
    )


def dmvpn_spoke(spoke: Spoke, hubs: Sequence[Hub]) -> tuple[str, str]:
    """Crypto and tunnels: a point-to-point GRE tunnel into the cloud of each hub, which it registers with."""
    parts = [
        "crypto keyring DMVPN\n",
        *(
            f"  pre-shared-key address {hub.address} key {spoke.key(index)}\n"
            for index, hub in enumerate(hubs)
        ),
        _policy(spoke.fault),
        "crypto isakmp keepalive 10 3 periodic\ncrypto isakmp profile DMVPN\n   keyring DMVPN\n",
        *(f"   match identity address {hub.address} 255.255.255.255\n" for hub in hubs),
        _ipsec([("DMVPN", "isakmp-profile DMVPN")], spoke.fault, "transport"),
    ]  # fmt: skip
    tunnels = []
    for index, hub in enumerate(hubs):
        spoilt = spoke.fault if index == 0 else ""
        tunnels.append(
            f"interface Tunnel{index}\n ip address {spoke.inside[index][0]} 255.255.255.0\n ip mtu 1400\n"
            f" ip nhrp authentication {'WANX' if spoilt == 'other-nhrp-word' else 'WAN'}{index}\n"
            f" ip nhrp map {hub.inside} {hub.address}\n ip nhrp map multicast {hub.address}\n"
            f" ip nhrp network-id {index + 1}\n ip nhrp nhs {hub.inside}\n ip tcp adjust-mss 1360\n"
            f" tunnel source GigabitEthernet0/0\n tunnel destination {hub.address}\n"
            f" tunnel key {index + (9 if spoilt == 'other-tunnel-key' else 1)}\n tunnel protection ipsec profile DMVPN\n!\n"
        )
    return "".join(parts), "".join(tunnels)


def dmvpn_hub(hub: Hub, spokes: Sequence[Spoke]) -> tuple[str, str]:
    """Crypto and tunnels: one multipoint tunnel, a key for each spoke."""
    index = "AB".index(hub.letter)
    known = [spoke for spoke in spokes if not (index == 0 and spoke.fault == "no-key")]
    parts = [
        "crypto keyring DMVPN vrf INET\n",
        *(f"  pre-shared-key address {one.address} key {one.keys[index]}\n" for one in known),
        "crypto isakmp keepalive 10 3 periodic\ncrypto isakmp profile DMVPN\n   keyring DMVPN\n",
        *(f"   match identity address {one.address} 255.255.255.255 INET\n" for one in spokes),
        _ipsec([("DMVPN", "isakmp-profile DMVPN")], "", "transport"),
    ]
    tunnel = (
        f"interface Tunnel{index}\n ip address {hub.inside} 255.255.255.0\n no ip redirects\n ip mtu 1400\n"
        f" ip nhrp authentication WAN{index}\n ip nhrp map multicast dynamic\n ip nhrp network-id {index + 1}\n"
        " ip tcp adjust-mss 1360\n tunnel source GigabitEthernet0/0\n tunnel mode gre multipoint\n"
        f" tunnel key {index + 1}\n tunnel vrf INET\n tunnel protection ipsec profile DMVPN\n!\n"
    )
    return "".join(parts), tunnel


def _spoke_tunnels(spoke: Spoke, hubs: Sequence[Hub]) -> str:
    return "".join(
        _tunnel(index, spoke.inside[index][0], hub.address, f"IPS-{hub.letter}") for index, hub in enumerate(hubs)
    )


def _hub_tunnels(spokes: Sequence[Spoke], index: int, profile: Callable[[Spoke], str]) -> Iterator[str]:
    for one in spokes:
        yield _tunnel(one.number, one.inside[index][1], one.address, profile(one), " tunnel vrf INET\n")


def hub_around(hub: Hub, crypto: str, tunnels: str) -> str:
    """The whole running-config of a hub."""
    body = crypto + tunnels
    head = _HUB_HEAD.replace("hostname HUB", f"hostname {hub.name}").format(size=len(body))
    tail = _HUB_TAIL.replace("192.0.2.1 255.255.255.0", f"{hub.address} 255.255.255.252")
    return f"{head}{body}{tail.replace('192.0.2.254', hub.gateway)}"


def small_branch(spoke: Spoke, crypto: str, tunnels: str) -> str:
    """The whole running-config of a spoke of about 2 kB, with nothing but what a tunnel needs."""
    return (
        f"!\nversion 15.9\nservice timestamps debug datetime msec\nservice timestamps log datetime msec\n!\n"
        f"hostname {spoke.name}\n!\nno ip domain lookup\n!\n{crypto}interface Loopback0\n"
        f" ip address {spoke.loopback} 255.255.255.255\n!\n{tunnels}interface GigabitEthernet0/0\n"
        f" description Internet\n ip address {spoke.address} 255.255.255.252\n no ip redirects\n no ip proxy-arp\n!\n"
        "interface GigabitEthernet0/1\n description Office\n"
        f" ip address 10.10.{spoke.number & 255}.1 255.255.255.0\n ip helper-address 10.255.0.31\n!\n"
        f"ip route 0.0.0.0 0.0.0.0 {spoke.gateway}\nip ssh version 2\n!\nlogging host 10.255.0.41\n!\n"
        f"snmp-server location site {spoke.number:06d}\n!\nline con 0\n exec-timeout 10 0\nline vty 0 4\n"
        " transport input ssh\n!\nntp server 10.255.0.61\nend\n"
    )
