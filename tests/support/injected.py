"""Healthy fleets, and for each hazard that breaks tunnels a fault of one hand that makes it: a line lost, added or changed."""

from __future__ import annotations

from typing import NamedTuple

from mistakes import CALLS, HUB, KEY, MATCH, texts

SPOKE = "203.0.113.2"
HUB_MATCH = " match identity address 203.0.113.2 255.255.255.255\n"
KEYRING = "crypto keyring S002\n"
OTHER = "AnotherKeyOfTheSameLength02"
PROFILE = "crypto isakmp profile PS002\n"
OUTSIDE = "interface GigabitEthernet1\n"


def ikev1() -> list[str]:
    """A hub and two spokes by IKEv1: routing interfaces, a profile and a keyring for each tunnel."""
    return texts(2)


def _ikev2(name: str, own: str, peer: str) -> str:
    return (
        f"hostname {name}\ncrypto ikev2 proposal PR\n encryption aes-cbc-256\n integrity sha256\n group 19\n"
        "crypto ikev2 policy PO\n proposal PR\n"
        f"crypto ikev2 keyring KR\n peer FAR\n  address {peer}\n  pre-shared-key Xq7LkPz7TnRw4vB2yMc9Kd\n !\n"
        f"crypto ikev2 profile PF\n match identity remote address {peer} 255.255.255.255\n"
        " authentication remote pre-share\n authentication local pre-share\n keyring local KR\n"
        "crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac\n mode tunnel\n"
        "crypto ipsec profile IP\n set transform-set TS\n set pfs group19\n set ikev2-profile PF\n"
        f"interface Tunnel1\n ip address 10.0.0.{own[-1]} 255.255.255.252\n tunnel source {own}\n tunnel mode ipsec ipv4\n"
        f" tunnel destination {peer}\n tunnel protection ipsec profile IP\n"
        f"{OUTSIDE} ip address {own} 255.255.255.0\nend\n"
    )


def ikev2() -> list[str]:
    """Two routers by IKEv2."""
    return [_ikev2("OAK", "198.51.100.1", "203.0.113.2"), _ikev2("ELM", "203.0.113.2", "198.51.100.1")]


def _map(name: str, own: str, peer: str, inside: int, there: int) -> str:
    return (
        f"hostname {name}\ncrypto isakmp policy 10\n encr aes 256\n hash sha256\n authentication pre-share\n group 14\n"
        f"crypto isakmp key Xq7LkPz7TnRw4vB2yMc9Kd address {peer}\ncrypto isakmp keepalive 10 3\n"
        "crypto isakmp aggressive-mode disable\n"
        "crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac\n mode tunnel\n"
        f"crypto map CM 10 ipsec-isakmp\n set peer {peer}\n set transform-set TS\n set pfs group14\n match address VPN\n"
        f"interface Loopback0\n ip address 192.0.2.{inside} 255.255.255.255\n"
        f"interface GigabitEthernet0\n ip address 10.{inside}.0.1 255.255.255.0\n"
        f"{OUTSIDE} ip address {own} 255.255.255.0\n crypto map CM\n"
        f"ip access-list extended VPN\n permit ip 10.{inside}.0.0 0.0.0.255 10.{there}.0.0 0.0.0.255\nend\n"
    )


def crypto_map() -> list[str]:
    """Two routers with crypto maps."""
    return [_map("OAK", "198.51.100.1", "203.0.113.2", 1, 2), _map("ELM", "203.0.113.2", "198.51.100.1", 2, 1)]


def _cloud(name: str, own: str, inner: int, nhrp: str) -> str:
    return (
        f"hostname {name}\ncrypto keyring DMVPN\n pre-shared-key address 0.0.0.0 0.0.0.0 key Xq7LkPz7TnRw4vB2yMc9Kd\n"
        "crypto isakmp policy 10\n encr aes 256\n hash sha256\n authentication pre-share\n group 14\n"
        "crypto isakmp keepalive 10 3\ncrypto isakmp aggressive-mode disable\n"
        "crypto isakmp profile DMVPN\n keyring DMVPN\n match identity address 0.0.0.0\n"
        "crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac\n mode transport\n"
        "crypto ipsec profile DMVPN\n set transform-set TS\n set isakmp-profile DMVPN\n"
        f"interface Tunnel10\n ip address 10.10.0.{inner} 255.255.255.0\n ip nhrp authentication n3arby\n"
        f" ip nhrp network-id 10\n{nhrp} tunnel source GigabitEthernet1\n tunnel mode gre multipoint\n tunnel key 10\n"
        f" tunnel protection ipsec profile DMVPN\n{OUTSIDE} ip address {own} 255.255.255.0\nend\n"
    )


def cloud() -> list[str]:
    """A DMVPN of a hub and two spokes, which call each other."""
    spoke = " ip nhrp nhs 10.10.0.1 nbma 198.51.100.1 multicast\n ip nhrp shortcut\n"
    hub = _cloud("HUB", "198.51.100.1", 1, " ip nhrp map multicast dynamic\n ip nhrp redirect\n")
    return [hub, _cloud("SP1", "203.0.113.11", 11, spoke), _cloud("SP2", "192.0.2.12", 12, spoke)]


BASES = {"ikev1": ikev1, "ikev2": ikev2, "map": crypto_map, "cloud": cloud}


class Fault(NamedTuple):
    """What is put into the configuration ``at`` of a base: ``was`` becomes ``now``."""

    base: str
    at: int
    was: str
    now: str


def _ring(name: str, *keys: str) -> str:
    return f"crypto keyring {name}\n" + "".join(f" pre-shared-key address {key}\n" for key in keys)


_SAME = "Xq002LkPz7TnRw4vB002yM"
_ACL = " permit ip 10.2.0.0 0.0.0.255 10.1.0.0 0.0.0.255\n"

FAULTS: dict[str, Fault] = {
    "KR-UNDEF": Fault("ikev1", 2, "PS002\n keyring S002\n", "PS002\n keyring S020\n"),
    "KR-NOKEY": Fault("ikev1", 2, KEY, KEY.replace("198.51", "198.15")),
    "KR-EMPTY": Fault("ikev1", 2, KEY, ""),
    "KR-DEFAULT-SHADOW": Fault(
        "ikev1", 0, "crypto isakmp keepalive", f"crypto isakmp key {OTHER} address {SPOKE}\ncrypto isakmp keepalive"
    ),
    "KR-DUP-ADDR": Fault("ikev1", 2, KEYRING, _ring("FIRST", f"{HUB} key {_SAME}") + KEYRING),
    "KR-DUP-ADDR-DIFFKEY": Fault("ikev1", 2, KEYRING, _ring("FIRST", f"{HUB} key {OTHER}") + KEYRING),
    "KR-LPM-STEAL": Fault(
        "ikev1",
        2,
        KEYRING + KEY,
        _ring("FIRST", f"{HUB} key {OTHER}") + KEYRING + KEY.replace(HUB, "198.51.100.0 255.255.255.0"),
    ),
    "KR-LOCALADDR-MISS": Fault("ikev1", 2, KEYRING, f"{KEYRING} local-address 203.0.113.99\n"),
    "KR-FVRF-MISS": Fault(
        "ikev1", 2, KEYRING, "vrf definition RED\n address-family ipv4\ncrypto keyring S002 vrf RED\n"
    ),
    "KR-PROFILE-LACKS-PEER": Fault("ikev1", 2, "PS002\n keyring S002\n", "PS002\n keyring NEW\n"),
    "PF-NO-KEYRING": Fault("ikev1", 2, "PS002\n keyring S002\n", "PS002\n"),
    "PF-INCOMPLETE": Fault("ikev1", 2, MATCH, ""),
    "PF-BOUND-NOMATCH": Fault("ikev1", 2, MATCH, MATCH.replace(".100.1 ", ".100.9 ")),
    "PF-DUP-ID": Fault("ikev1", 2, PROFILE, f"crypto isakmp profile FIRST\n keyring S002\n{MATCH}{PROFILE}"),
    "PF-OVERLAP-ID": Fault(
        "ikev1",
        2,
        PROFILE,
        f"crypto isakmp profile FIRST\n keyring S002\n match identity address 198.51.100.0 255.255.255.0\n{PROFILE}",
    ),
    "PF-CATCHALL": Fault(
        "ikev1", 2, PROFILE, f"crypto isakmp profile FIRST\n keyring S002\n match identity address 0.0.0.0\n{PROFILE}"
    ),
    "PF-SELFID": Fault(
        "ikev1", 2, "PS002\n keyring S002\n", "PS002\n keyring S002\n self-identity user-fqdn me@example.net\n"
    ),
    "PF-FVRF-MATCH": Fault("ikev1", 2, MATCH, MATCH.replace("255\n", "255 RED\n")),
    "PF-AM-CONFLICT": Fault("ikev1", 2, "PS002\n keyring S002\n", "PS002\n keyring S002\n initiate mode aggressive\n"),
    "PF-UNDEF-REF": Fault("ikev1", 2, "set isakmp-profile PS002", "set isakmp-profile PS020"),
    "PH1-MIXEDAUTH": Fault("ikev1", 2, " authentication pre-share\n", ""),
    "PW-PSK-DIFF": Fault("ikev1", 2, _SAME, OTHER),
    "PW-PH1-NONE": Fault("ikev1", 2, " group 14\n", " group 19\n"),
    "PW-TS-NONE": Fault("ikev1", 2, "TS esp-aes 256", "TS esp-aes 192"),
    "PW-PFS": Fault("ikev1", 2, "set pfs group14", "set pfs group19"),
    "PW-PEERADDR": Fault("ikev1", 2, CALLS, " tunnel destination 198.15.100.1\n"),
    "PW-HALF-PROTECTED": Fault("ikev1", 2, " tunnel protection ipsec profile IS002\n", ""),
    "PW-FILTERED": Fault(
        "ikev1",
        2,
        " ip address 203.0.113.2 255.255.255.0\n",
        " ip address 203.0.113.2 255.255.255.0\n"
        " ip access-group IN in\nip access-list extended IN\n permit tcp any any\n",
    ),
    "V2-KEYRING-GAP": Fault("ikev2", 1, "  address 198.51.100.1\n", "  address 198.15.100.1\n"),
    "V2-IDLOCAL": Fault("ikev2", 1, " keyring local KR\n", " identity local fqdn elm.example.net\n keyring local KR\n"),
    "V2-FVRF": Fault(
        "ikev2",
        1,
        "crypto ikev2 policy PO\n",
        "vrf definition RED\n address-family ipv4\ncrypto ikev2 policy PO\n match fvrf RED\n",
    ),
    "V2-NO-POLICY": Fault(
        "ikev2", 1, "crypto ikev2 policy PO\n", "crypto ikev2 policy PO\n match address local 203.0.113.9\n"
    ),
    "V2-HALF-PSK": Fault("ikev2", 1, "  pre-shared-key X", "  pre-shared-key local X"),
    "V2-DUP-PEER": Fault(
        "ikev2", 1, " peer FAR\n", f" peer ALSO\n  address 198.51.100.1\n  pre-shared-key {OTHER}\n !\n peer FAR\n"
    ),
    "V2-IDENT-ONLY-INIT": Fault("ikev2", 1, "  address 198.51.100.1\n", "  identity address 198.51.100.1\n"),
    "V2-UNBOUND": Fault("ikev2", 1, " set ikev2-profile PF\n", ""),
    "CM-ACL-BACKWARDS": Fault("map", 1, _ACL, " permit ip 10.1.0.0 0.0.0.255 10.2.0.0 0.0.0.255\n"),
    "CM-ACL-NETMASK": Fault("map", 1, _ACL, " permit ip 10.2.0.0 255.255.255.0 10.1.0.0 255.255.255.0\n"),
    "CM-NOT-APPLIED": Fault("map", 1, " crypto map CM\n", ""),
    "CM-LOCALADDR": Fault("map", 1, "crypto map CM 10", "crypto map CM local-address Loopback0\ncrypto map CM 10"),
    "CM-NAT": Fault(
        "map",
        1,
        "ip access-list extended VPN",
        "ip nat inside source list NAT interface GigabitEthernet1 overload\n"
        "ip access-list extended NAT\n permit ip 10.2.0.0 0.0.0.255 any\nip access-list extended VPN",
    ),
    "PF-IVRF": Fault("ikev1", 2, "PS002\n keyring S002\n", "PS002\n vrf RED\n keyring S002\n"),
    "KR-LOCALADDR-UNRES": Fault("ikev1", 2, KEYRING, f"{KEYRING} local-address Dialer1\n"),
    "PF-UNBOUND": Fault(
        "ikev1",
        2,
        KEYRING
        + KEY
        + PROFILE
        + " keyring S002\n"
        + MATCH
        + "crypto ipsec profile IS002\n set transform-set TS\n set pfs group14\n set isakmp-profile PS002\n",
        _ring("FIRST", f"{HUB} key {_SAME}")
        + KEYRING
        + KEY
        + PROFILE
        + " keyring S002\n"
        + MATCH
        + "crypto ipsec profile IS002\n set transform-set TS\n set pfs group14\n",
    ),
    "V2-INCOMPLETE": Fault("ikev2", 1, " authentication remote pre-share\n", ""),
    "PW-V2-ASYM": Fault("ikev2", 1, "  pre-shared-key X", f"  pre-shared-key remote {OTHER}\n  pre-shared-key local X"),
    "PW-PROXY": Fault("map", 1, _ACL, " permit ip 10.2.0.0 0.0.0.255 10.9.0.0 0.0.0.255\n"),
    "KR-NOXAUTH": Fault(
        "map", 1, "crypto map CM 10", "aaa new-model\ncrypto map CM client authentication list USERS\ncrypto map CM 10"
    ),
    "PW-TUNNEL-KEY": Fault("cloud", 1, " tunnel key 10\n", " tunnel key 100\n"),
    "TP-NETWORK-ID": Fault("cloud", 1, " ip nhrp network-id 10\n", ""),
    "PW-NHRP": Fault("cloud", 1, "authentication n3arby", "authentication nearby"),
    "PW-SHORTCUT": Fault(
        "cloud", 1, "match identity address 0.0.0.0", "match identity address 198.51.100.1 255.255.255.255"
    ),
}


def made(code: str) -> tuple[list[str], list[str]]:
    """The healthy configurations, and those with the fault of ``code`` in one of them."""
    fault = FAULTS[code]
    healthy = BASES[fault.base]()
    if code == "KR-PROFILE-LACKS-PEER":
        healthy[2] = healthy[2].replace(KEYRING, _ring("NEW", f"192.0.2.77 key {OTHER}") + KEYRING)
    if code == "CM-NAT":
        healthy[1] = (
            healthy[1]
            .replace("interface GigabitEthernet0\n", "interface GigabitEthernet0\n ip nat inside\n")
            .replace(OUTSIDE, f"{OUTSIDE} ip nat outside\n")
        )
    assert fault.was in healthy[fault.at], code
    wrong = [*healthy]
    wrong[fault.at] = wrong[fault.at].replace(fault.was, fault.now)
    return healthy, wrong
