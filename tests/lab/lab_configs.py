"""Configurations for the tests of the lab: the seed's two routers, written by hand, with an archive for the revert timer."""

from __future__ import annotations

R1 = """\
version 15.7
hostname R1
!
crypto keyring keyring1
  pre-shared-key address 192.168.0.2 key cisco
crypto keyring keyring2
  pre-shared-key address 192.168.0.2 key cisco
!
crypto isakmp policy 10
 encr 3des
 hash md5
 authentication pre-share
 group 2
crypto isakmp profile profile1
   keyring keyring1
   match identity address 192.168.0.102 255.255.255.255
crypto isakmp profile profile2
   keyring keyring2
   match identity address 192.168.0.2 255.255.255.255
!
crypto ipsec transform-set TS esp-aes esp-sha256-hmac
 mode tunnel
!
crypto ipsec profile profile1
 set transform-set TS
 set isakmp-profile profile2
!
archive
 path flash:chg-
 maximum 3
!
interface Loopback0
 ip address 192.168.100.1 255.255.255.0
!
interface Tunnel1
 ip address 10.0.0.1 255.255.255.0
 tunnel source Ethernet0/0
 tunnel destination 192.168.0.2
 tunnel protection ipsec profile profile1
!
interface Ethernet0/0
 ip address 192.168.0.1 255.255.255.0
!
ip route 192.168.200.0 255.255.255.0 10.0.0.2
!
end
"""

R2 = """\
version 15.7
hostname R2
!
crypto keyring keyring1
  pre-shared-key address 192.168.0.1 key cisco
crypto keyring keyring2
  pre-shared-key address 192.168.0.1 key cisco
!
crypto isakmp policy 10
 encr 3des
 hash md5
 authentication pre-share
 group 2
crypto isakmp profile profile1
   keyring keyring1
   match identity address 192.168.0.1 255.255.255.255
crypto isakmp profile profile2
   keyring keyring2
   match identity address 192.168.0.100 255.255.255.255
!
crypto ipsec transform-set TS esp-aes esp-sha256-hmac
 mode tunnel
!
crypto ipsec profile profile1
 set transform-set TS
 set isakmp-profile profile1
!
archive
 path flash:chg-
!
interface Loopback0
 ip address 192.168.200.1 255.255.255.0
!
interface Tunnel1
 ip address 10.0.0.2 255.255.255.0
 tunnel source Ethernet0/0
 tunnel destination 192.168.0.1
 tunnel protection ipsec profile profile1
!
interface Ethernet0/0
 ip address 192.168.0.2 255.255.255.0
!
ip route 192.168.100.0 255.255.255.0 10.0.0.1
!
end
"""
