"""Generated spokes: running-configs of about 12 kB with two tunnels among all that a branch router holds besides.

``spoke(number)`` is the same text for the same number, and differs from its siblings in names, addresses and keys.
"""

from __future__ import annotations

from collections.abc import Iterator

_HEAD = """\
Building configuration...

Current configuration : 12144 bytes
!
! Last configuration change at 04:12:{second:02d} UTC Tue Mar 4 2025 by noc
! NVRAM config last updated at 04:12:51 UTC Tue Mar 4 2025 by noc
!
version 15.9
service nagle
no service pad
service tcp-keepalives-in
service tcp-keepalives-out
service timestamps debug datetime msec localtime show-timezone
service timestamps log datetime msec localtime show-timezone
service password-encryption
!
hostname {name}
!
boot-start-marker
boot system flash:c2900-universalk9-mz.SPA.159-3.M7.bin
boot-end-marker
!
logging buffered 64000 informational
no logging console
enable secret 9 $9$mad{number:04d}e$Generated{number:04d}
!
aaa new-model
aaa group server tacacs+ NOC
 server-private 10.255.0.11 key 7 13061E01080{number:04d}
 server-private 10.255.0.12 key 7 13061E01080{number:04d}
 ip tacacs source-interface Loopback0
!
aaa authentication login default group NOC local
aaa authorization exec default group NOC local if-authenticated
aaa accounting exec default start-stop group NOC
aaa session-id common
clock timezone UTC 0 0
no ip source-route
no ip bootp server
no ip domain lookup
ip domain name branch.example.net
ip cef
login on-failure log
no ipv6 cef
multilink bundle-name authenticated
!
username fallback privilege 15 secret 9 $9$made{number:04d}$Generated{number:04d}
!
redundancy
!
ip ssh version 2
ip ssh source-interface Loopback0
!
class-map match-any VOICE
 match ip dscp ef
class-map match-any SIGNAL
 match ip dscp cs3
 match ip dscp af31
class-map match-any BULK
 match ip dscp af11
 match access-group name BULK
!
policy-map QUEUES
 class VOICE
  priority percent 20
 class SIGNAL
  bandwidth percent 10
 class BULK
  bandwidth percent 15
  random-detect dscp-based
 class class-default
  fair-queue
  random-detect
policy-map SHAPE
 class class-default
  shape average 50000000
   service-policy QUEUES
!
crypto keyring KR-A
  pre-shared-key address 192.0.2.1 key Generated-A{number:04d}
crypto keyring KR-B
  pre-shared-key address 198.51.100.1 key Generated-B{number:04d}
!
crypto isakmp policy 10
 encr aes 256
 hash sha256
 authentication pre-share
 group 14
 lifetime 28800
crypto isakmp keepalive 10 3 periodic
crypto isakmp profile ISA-A
   keyring KR-A
   match identity address 192.0.2.1 255.255.255.255
crypto isakmp profile ISA-B
   keyring KR-B
   match identity address 198.51.100.1 255.255.255.255
!
crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
 mode tunnel
!
crypto ipsec profile IPS-A
 set transform-set TS
 set pfs group14
 set isakmp-profile ISA-A
!
crypto ipsec profile IPS-B
 set transform-set TS
 set pfs group14
 set isakmp-profile ISA-B
!
interface Loopback0
 description management of {name}
 ip address 10.254.{high}.{low} 255.255.255.255
!
"""

_TUNNEL = """\
interface Tunnel{tunnel}
 description to hub {letter}
 bandwidth 50000
 ip address 10.25{tunnel}.{high}.{low} 255.255.255.252
 no ip redirects
 no ip proxy-arp
 ip mtu 1400
 ip tcp adjust-mss 1360
 tunnel source GigabitEthernet0/0
 tunnel mode ipsec ipv4
 tunnel destination {peer}
 tunnel protection ipsec profile IPS-{letter}
!
"""

_OUTSIDE = """\
interface GigabitEthernet0/0
 description Internet, circuit {number:06d}
 bandwidth 50000
 ip address 203.{tens}.{high}.{low} 255.255.255.0
 ip access-group OUTSIDE-IN in
 no ip redirects
 no ip unreachables
 no ip proxy-arp
 ip nat outside
 ip virtual-reassembly in
 duplex auto
 speed auto
 no cdp enable
 service-policy output SHAPE
!
"""

_INSIDE = """\
interface GigabitEthernet0/1.{vlan}
 description VLAN {vlan} of {name}
 encapsulation dot1Q {vlan}
 ip address 10.{vlan}.{low}.1 255.255.255.0
 ip helper-address 10.255.0.31
 no ip redirects
 no ip proxy-arp
 ip nat inside
 ip virtual-reassembly in
 standby version 2
 standby {vlan} ip 10.{vlan}.{low}.254
 standby {vlan} priority 110
 standby {vlan} preempt
!
"""

_TAIL = """\
router bgp 65{low:03d}
 bgp router-id 10.254.{high}.{low}
 bgp log-neighbor-changes
 neighbor HUB peer-group
 neighbor HUB remote-as 64512
 neighbor HUB password 7 0214055F5A{number:04d}
 neighbor HUB timers 10 30
 neighbor 10.250.{high}.2 peer-group HUB
 neighbor 10.251.{high}.2 peer-group HUB
 !
 address-family ipv4
  redistribute connected route-map CONNECTED
  neighbor 10.250.{high}.2 activate
  neighbor 10.251.{high}.2 activate
 exit-address-family
!
ip forward-protocol nd
!
no ip http server
no ip http secure-server
ip nat inside source list NAT interface GigabitEthernet0/0 overload
ip route 0.0.0.0 0.0.0.0 203.{tens}.{high}.254
ip tacacs source-interface Loopback0
!
{lists}logging source-interface Loopback0
logging host 10.255.0.41
!
route-map CONNECTED permit 10
 match interface Loopback0
!
snmp-server community Generated{number:04d} RO 98
snmp-server location site {number:04d}
snmp-server contact noc
snmp-server enable traps snmp authentication linkdown linkup coldstart warmstart
snmp-server host 10.255.0.51 version 2c Generated{number:04d}
!
tacacs-server timeout 3
!
control-plane
!
banner login ^C
Access to {name} is for staff only.
Everything is recorded.
^C
!
line con 0
 exec-timeout 10 0
 logging synchronous
line aux 0
 no exec
line vty 0 4
 access-class 99 in
 exec-timeout 15 0
 transport input ssh
line vty 5 15
 access-class 99 in
 transport input ssh
!
ntp source Loopback0
ntp server 10.255.0.61
ntp server 10.255.0.62
!
end
"""


def _lists(number: int) -> Iterator[str]:
    yield "ip access-list extended OUTSIDE-IN"
    yield " remark what may come from outside"
    for peer in ("192.0.2.1", "198.51.100.1"):
        yield f" permit udp host {peer} any eq isakmp"
        yield f" permit udp host {peer} any eq non500-isakmp"
        yield f" permit esp host {peer} any"
    yield from (f" permit tcp host 203.0.113.{n} any eq 22" for n in range(1, 21))
    yield " deny   ip any any log"
    yield "ip access-list extended NAT"
    yield from (f" deny   ip 10.{vlan}.{number & 255}.0 0.0.0.255 10.0.0.0 0.255.255.255" for vlan in _VLANS)
    yield from (f" permit ip 10.{vlan}.{number & 255}.0 0.0.0.255 any" for vlan in _VLANS)
    yield "ip access-list extended BULK"
    yield from (f" permit tcp any host 10.255.1.{n} eq 445" for n in range(1, 31))
    yield "!"
    yield from (f"access-list 98 permit 10.255.0.{n}" for n in range(51, 61))
    yield from (f"access-list 99 permit 10.255.2.{n}" for n in range(1, 31))


_VLANS = (10, 20, 30, 40, 50, 60, 70, 80)


def spoke(number: int) -> str:
    """The running-config of spoke ``number``, from 0."""
    places = {
        "number": number,
        "name": f"BRANCH-{number:05d}",
        "high": number >> 8 & 255,
        "low": number & 255,
        "tens": number % 100,
        "second": number % 60,
    }
    parts = [_HEAD.format(**places)]
    for tunnel, (letter, peer) in enumerate((("A", "192.0.2.1"), ("B", "198.51.100.1"))):
        parts.append(_TUNNEL.format(tunnel=tunnel, letter=letter, peer=peer, **places))
    parts.append(_OUTSIDE.format(**places))
    parts += [_INSIDE.format(vlan=vlan, **places) for vlan in _VLANS]
    lists = "".join(f"{line}\n" for line in _lists(number))
    parts.append(_TAIL.format(lists=lists, **places))
    return "".join(parts)
