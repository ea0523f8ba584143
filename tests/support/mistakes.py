"""A hub and its spokes, all healthy, and mistakes of one hand on one spoke."""

from __future__ import annotations

HUB = "198.51.100.1"
POLICY = "crypto isakmp policy 10\n encr aes 256\n hash sha256\n authentication pre-share\n group 14\n"
REST = "crypto isakmp keepalive 10 3\ncrypto isakmp aggressive-mode disable\n"
SET = "crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac\n"
KEY = " pre-shared-key address 198.51.100.1 key Xq002LkPz7TnRw4vB002yM\n"
MATCH = " match identity address 198.51.100.1 255.255.255.255\n"
CALLS = " tunnel destination 198.51.100.1\n"

MISTAKES: dict[str, tuple[str, str, str]] = {
    # What spoke 2 has, what it has instead, and the cause (KR-UNDEF: BIND-UNDEFINED; PW-PEERADDR: END-NAMED-PEER).
    "keyring, one slip": ("PS002\n keyring S002\n", "PS002\n keyring S020\n", "KR-UNDEF"),
    "keyring, quite another": ("PS002\n keyring S002\n", "PS002\n keyring ZEBRA\n", "KR-UNDEF"),
    "no keyring": ("PS002\n keyring S002\n", "PS002\n", "PF-NO-KEYRING"),
    "key": ("Xq002LkPz7TnRw4vB002yM", "Xq002LkPz7TnRw4vB020yM", "PW-PSK-DIFF"),
    "no key": (KEY, "", "KR-EMPTY"),
    "address of the key": (KEY, KEY.replace("198.51", "198.15"), "KR-NOKEY"),
    "DH group": (" group 14", " group 5", "PW-PH1-NONE"),
    "authentication": (" authentication pre-share\n", "", "PH1-MIXEDAUTH"),
    "transform": ("TS esp-aes 256", "TS esp-aes 128", "PW-TS-NONE"),
    "PFS group": ("set pfs group14", "set pfs group19", "PW-PFS"),
    "identity": (MATCH, MATCH.replace(".100.1 ", ".100.9 "), "PF-BOUND-NOMATCH"),
    "no identity": (MATCH, "", "PF-INCOMPLETE"),
    "peer, one slip": (CALLS, " tunnel destination 198.15.100.1\n", "PW-PEERADDR"),
    "peer, quite another": (CALLS, " tunnel destination 192.0.2.77\n", "PW-PEERADDR"),
    "peer, another spoke": (CALLS, " tunnel destination 203.0.113.3\n", "PW-PEERADDR"),
    "source": (" tunnel source 203.0.113.2\n", " tunnel source 203.0.113.222\n", "PW-PEERADDR"),
    "profile": ("set isakmp-profile PS002", "set isakmp-profile PS020", "PF-UNDEF-REF"),
    "transform set's name": ("set transform-set TS", "set transform-set ST", "PF-UNDEF-REF"),
}


def end(number: int, own: str, far: str, tunnel: int) -> str:
    """One end of the tunnel of a spoke."""
    name = f"S{number:03}"
    return (
        f"crypto keyring {name}\n pre-shared-key address {far} key Xq{number:03}LkPz7TnRw4vB{number:03}yM\n"
        f"crypto isakmp profile P{name}\n keyring {name}\n match identity address {far} 255.255.255.255\n"
        f"crypto ipsec profile I{name}\n set transform-set TS\n set pfs group14\n set isakmp-profile P{name}\n"
        f"interface Tunnel{tunnel}\n ip address 10.{tunnel // 200}.{number}.1 255.255.255.252\n tunnel source {own}\n"
        f" tunnel mode ipsec ipv4\n tunnel destination {far}\n tunnel protection ipsec profile I{name}\n"
    )


def router(name: str, address: str, ends: str) -> str:
    """A router with its ends."""
    outside = f"interface GigabitEthernet1\n ip address {address} 255.255.255.0\nend\n"
    return f"hostname {name}\n{POLICY}{REST}{SET}{ends}{outside}"


def texts(spokes: int) -> list[str]:
    """A hub and its spokes, all healthy."""
    own = {n: f"203.0.113.{n}" for n in range(1, spokes + 1)}
    hub = router("HUB", HUB, "".join(end(n, HUB, address, n) for n, address in own.items()))
    return [hub, *(router(f"SP{n:03}", address, end(n, address, HUB, 1)) for n, address in own.items())]
