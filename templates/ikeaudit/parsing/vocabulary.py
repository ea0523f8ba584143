"""The commands that may stand in each kind of section, words only, separated by commas; ``*`` stands for one operand.

They serve to spell abbreviations out and to tell where a line without indentation belongs. Operands are described no
further than is needed to reach the next keyword; reading them is the templates' work.
"""

from __future__ import annotations

MAP_BODY = """
description, match address, set peer, set transform-set, set pfs, set isakmp-profile, set ikev2-profile,
set identity, set security-association lifetime seconds, set security-association lifetime kilobytes,
set security-association lifetime days, set security-association idle-time, set security-association level,
set security-association replay, set security-association ecn, set security-association dfbit,
set security-association dummy, set session-key, set nat, set ip access-group, set mixed-mode,
set reverse-route, set group, reverse-route, reverse-route static, reverse-route remote-peer, reverse-route tag,
responder-only, qos pre-classify, qos default, discover, redundancy
"""

KEYRING = """
description, local-address, pre-shared-key address ipv6 * key, pre-shared-key address * key,
pre-shared-key address * * key, pre-shared-key hostname * key, rsa-pubkey address, rsa-pubkey name, address,
serial-number, key-string, quit
"""

ISAKMP_PROFILE = """
description, vrf, keyring, ca trust-point, self-identity address, self-identity address ipv6,
self-identity fqdn, self-identity user-fqdn, self-identity dn, match identity address, match identity host,
match identity host domain, match identity user, match identity user domain, match identity group,
match identity address ipv6, match certificate, local-address, initiate mode, initiate mode aggressive,
initiate mode main, keepalive, keepalive * retry, accounting, isakmp authorization list,
client authentication list, client configuration address respond, client configuration address initiate,
client configuration group, client pki authorization list, virtual-template, qos-group, rekey
"""

ISAKMP_POLICY = """
encr, encryption, hash, authentication pre-share, authentication rsa-sig, authentication rsa-encr,
authentication ecdsa-sig, group, lifetime
"""

ISAKMP_PEER = """
description, set aggressive-mode password, set aggressive-mode client-endpoint ipv4-address,
set aggressive-mode client-endpoint ipv6-address, set aggressive-mode client-endpoint fqdn,
set aggressive-mode client-endpoint user-fqdn
"""

CLIENT_GROUP = """
access-restrict, acl, auto-update, backup-gateway, banner, browser-proxy, configuration,
crypto aaa attribute list, dhcp, dns, domain, firewall, group-lock, include-local-lan, ipv6, key, max-logins,
max-users, netmask, pfs, pool, save-password, smartcard-removal-disconnect, split-dns, wins
"""

TRANSFORM_SET = """
mode tunnel, mode transport, mode transport require, esn
"""

IKEV2_PROPOSAL = """
encryption, integrity, prf, group, dh-group, description, pqc
"""

IKEV2_POLICY = """
match fvrf, match address local, proposal, description
"""

IKEV2_KEYRING = """
peer, description, address, hostname, identity address, identity fqdn, identity fqdn domain, identity email,
identity email domain, identity key-id, pre-shared-key, pre-shared-key local, pre-shared-key remote,
pre-shared-key hex, ppk, ppk manual, ppk dynamic, ppk id
"""

IKEV2_PROFILE = """
description, match identity remote address, match identity remote fqdn, match identity remote fqdn domain,
match identity remote email, match identity remote email domain, match identity remote key-id,
match identity remote any, match certificate, match fvrf, match address local, match address local interface,
match inbound-only, match any, identity local address, identity local fqdn, identity local email,
identity local key-id, identity local dn, authentication local pre-share, authentication local rsa-sig,
authentication local ecdsa-sig, authentication local eap, authentication local anyconnect-eap,
authentication remote pre-share, authentication remote rsa-sig, authentication remote ecdsa-sig,
authentication remote eap, authentication remote anyconnect-eap, authentication local pre-share key,
authentication remote pre-share key, keyring local, keyring aaa, keyring ppk, keyring, pki trustpoint, ivrf,
lifetime, lifetime certificate, dpd, dpd * * on-demand, dpd * * periodic, nat keepalive, nat force-encap,
virtual-template, virtual-template * mode auto, shutdown, aaa accounting, aaa authentication, aaa authorization,
initial-contact, config-exchange, redirect, reconnect, anyconnect, ppk, eap-identity, certificate,
session-lifetime
"""

INTERFACE = """
description, shutdown, ip address, ip address dhcp, ip address negotiated, ip address pool, ip address dynamic,
ip unnumbered, ip nhrp map, ip nhrp map multicast, ip nhrp map multicast dynamic, ip nhrp nhs,
ip nhrp network-id, ip nhrp authentication, ip nhrp holdtime, ip nhrp redirect, ip nhrp shortcut,
ip nhrp registration, ip nhrp attribute, ip nhrp group, ip nhrp cache, ip nhrp server-only, ip nhrp path,
ip nhrp responder, ip nhrp record, ip nhrp interest, ip nhrp max-send, ip nhrp map group, ip nhrp trigger-svc,
ip nhrp use, ip nhrp send-routed, ip vrf forwarding, ip vrf receive, ip vrf sitemap, ip nat inside,
ip nat outside, ip nat enable, ip access-group, ip authentication, ip bandwidth-percent, ip broadcast-address,
ip directed-broadcast, ip flow ingress, ip flow egress, ip flow monitor, ip hello-interval, ip helper-address,
ip hold-time, ip inspect, ip mtu, ip next-hop-self, ip ospf, ip pim sparse-mode, ip pim dense-mode,
ip pim sparse-dense-mode, ip policy, ip proxy-arp, ip redirects, ip rip, ip router, ip split-horizon,
ip summary-address, ip tcp adjust-mss, ip unreachables, ip verify, ip virtual-reassembly, vrf forwarding,
ipv6 address, ipv6 enable, ipv6 unnumbered, ipv6 nhrp, ipv6 mtu, ipv6 nd, ipv6 ospf, ipv6 eigrp,
ipv6 traffic-filter, ipv6 crypto map, crypto map, crypto engine, crypto ipsec df-bit, crypto ipsec fragmentation,
crypto ipsec client ezvpn, crypto ssl, tunnel source, tunnel source dynamic, tunnel destination,
tunnel destination dynamic, tunnel mode, tunnel mode gre, tunnel mode gre ip, tunnel mode gre ipv6,
tunnel mode gre multipoint, tunnel mode gre multipoint ipv6, tunnel mode ipsec, tunnel mode ipsec ipv4,
tunnel mode ipsec ipv4 v6-overlay, tunnel mode ipsec ipv6, tunnel mode ipsec ipv6 v4-overlay,
tunnel mode ipsec dual-overlay, tunnel mode ipip, tunnel mode ipv6, tunnel mode ipv6ip, tunnel mode mpls,
tunnel mode eon, tunnel mode nos, tunnel mode cayman, tunnel mode iptalk, tunnel mode dvmrp, tunnel mode aurp,
tunnel mode auto, tunnel mode ethernet gre, tunnel mode sdwan, tunnel mode udp, tunnel vrf, tunnel key,
tunnel protection ipsec profile, tunnel protection ipsec policy, tunnel protection psk,
tunnel path-mtu-discovery, tunnel route-via, tunnel bandwidth, tunnel checksum, tunnel tos, tunnel ttl,
tunnel udlr, tunnel mpls, tunnel qos, tunnel rbscp, tunnel sequence-datagrams, tunnel entropy, tunnel flow,
tunnel endpoint, tunnel raw, tunnel ip, standby, standby * ip, vrrp, vrrp * ip, glbp, glbp * ip, bandwidth,
delay, mtu, keepalive, duplex, speed, negotiation, encapsulation, media-type, load-interval, cdp enable,
half-duplex, full-duplex, service-policy, switchport, zone-member, mpls ip, qos pre-classify, clock rate,
serial restart-delay, nhrp, ntp, no-arp
"""

GDOI_GROUP = """
identity number, identity address, server local, server address, passive, rekey, authorization, authorization address ipv4,
sa ipsec, sa receive-only, sa d3p, registration, client, client registration interface, client protocol,
client protocol gikev2, profile, match address, replay, no replay, address ipv4, address ipv6, redundancy, local priority,
peer address, protocol version, tag cts, gikev2, group size, pfs, identifier, range, value
"""

EZVPN = """
acl, backup, connect auto, connect manual, connect acl, ctcp port, dead-peer-detection, default, flow allow acl, flow restrict,
group * key, idletime, local-address, mode client, mode network-extension, mode network-plus, nat allow, nat acl, peer,
username * password, virtual-interface, xauth userid mode
"""

VRF = """
description, rd, route-target, address-family, exit-address-family, import, export, vpn, mdt, maximum routes,
context, route-replicate, inter-as-hybrid, bgp, snmp
"""

ACL = """
permit, deny, remark, evaluate, dynamic, * permit, * deny, * remark
"""

ARCHIVE = """
path, maximum, write-memory, time-period, rollback, log config, logging, notify, hidekeys, record
"""

PKI = """
enrollment, revocation-check, rsakeypair, eckeypair, subject-name, subject-alt-name, serial-number, fqdn,
ip-address, usage, auto-enroll, fingerprint, password, hash, vrf, source interface, database, issuer-name,
grant, lifetime, shutdown, crl, cdp-url, certificate, authorization, match certificate, chain-validation, ocsp,
regenerate, root, quit
"""
