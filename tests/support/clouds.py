"""A generated DMVPN cloud with two hubs: every spoke registers with both (DOMAIN 12 B3)."""

from __future__ import annotations

from ipaddress import IPv4Network

from ikeaudit.remediation.strategies.ikev2.choices import Cloud

SECOND = Cloud("Tunnel10", "Tunnel20", "Loopback20", IPv4Network("10.20.0.0/24"))
"""The cloud to be built beside it."""

_ROUTER = """version 15.7
hostname {name}
!
crypto keyring DMVPN
  pre-shared-key address 0.0.0.0 0.0.0.0 key {key}
crypto isakmp policy 10
 encr aes 256
 authentication pre-share
 group 14
crypto isakmp profile DMVPN
   keyring DMVPN
   match identity address 0.0.0.0
crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
 mode transport
crypto ipsec profile DMVPN
 set transform-set TS
 set isakmp-profile DMVPN
!
archive
 path flash:chg-
!
interface Loopback20
 ip address 198.51.100.{number} 255.255.255.255
!
interface Tunnel10
 ip address 10.10.0.{number} 255.255.255.0
 no ip redirects
 ip nhrp network-id 10
 ip nhrp redirect
 ip nhrp shortcut
{nhrp} tunnel source GigabitEthernet0/0
 tunnel mode gre multipoint
 tunnel key 10
 tunnel protection ipsec profile DMVPN
!
interface GigabitEthernet0/0
 ip address 192.0.2.{number} 255.255.255.0
!
end
"""
_SERVER = " ip nhrp nhs 10.10.0.{0} nbma 192.0.2.{0} multicast\n"


def dual_hub_cloud(spokes: int, key: str = "sample-key-of-a-cloud") -> dict[str, str]:
    """``HUB1``, ``HUB2``, and ``S01`` ... by name."""
    hubs = {f"HUB{n}": (n, " ip nhrp map multicast dynamic\n") for n in (1, 2)}
    calling = _SERVER.format(1) + _SERVER.format(2)
    found = hubs | {f"S{n:02}": (n + 10, calling) for n in range(1, spokes + 1)}
    return {
        name: _ROUTER.format(name=name, number=number, nhrp=nhrp, key=key) for name, (number, nhrp) in found.items()
    }
