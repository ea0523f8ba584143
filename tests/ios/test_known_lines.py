"""Lines that few files hold, and what they are: forms of other releases, families of commands, headers of rare sections."""

from __future__ import annotations

import pytest

from ikeaudit.ios.language import GLOBAL, LANGUAGES

HEADERS = """
crypto isakmp peer address 192.0.2.1 vrf RED: crypto-isakmp-peer: address 192.0.2.1 RED
crypto isakmp peer ip-address 192.0.2.1: crypto-isakmp-peer: ip-address 192.0.2.1
crypto isakmp peer address ipv6 2001:DB8--1 vrf RED: crypto-isakmp-peer: address 2001:DB8--1 RED
crypto isakmp peer fqdn far.example: crypto-isakmp-peer: fqdn far.example
crypto dynamic-map D 10: crypto-dynamic-map: D 10
crypto ipv6 dynamic-map D 10: crypto-dynamic-map: ipv6 D 10
crypto dynamic-map ipv6 D 10: crypto-dynamic-map: ipv6 D 10
crypto map ipv6 M 10 ipsec-isakmp: crypto-map-entry: ipv6 M 10 ipsec-isakmp
crypto identity X: crypto-identity: X
crypto provisioning X: crypto-provisioning: X
crypto ssl policy X: crypto-ssl: policy X
crypto tls-tunnel X: crypto-tls-tunnel: X
crypto wui X: crypto-wui: X
crypto skip-client X: crypto-skip-client: X
crypto sks-client X: crypto-sks-client: X
crypto ca identity X: crypto-ca-identity: X
crypto ca root X: crypto-ca-root: X
crypto ca trusted-root X: crypto-ca-trusted-root: X
ip access-list role-based X: ip-access-list-role-based: X
ip access-list fqdn X: ip-access-list-fqdn: X
control-plane host: control-plane: host
control-plane transit: control-plane: transit
control-plane cef-exception: control-plane: cef-exception
aaa group server tacacs+ G: aaa-group-server: tacacs+ G
aaa group server radius G: aaa-group-server: radius G
aaa group server ldap G: aaa-group-server: ldap G
crypto gdoi group ipv6 G: crypto-gdoi: gdoi ipv6 G
crypto gkm group G: crypto-gdoi: gkm G
"""


@pytest.mark.parametrize("entry", HEADERS.strip().splitlines())
def test_a_header_that_is_rare(entry: str) -> None:
    line, row, operands = (part.replace("--", "::") for part in entry.split(": "))
    found = GLOBAL.match(line)
    assert found is not None and found.row.opens
    assert (found.row.id, " ".join(found.args.values())) == (f"global/{row}", operands)


LINES = """
interface: vrf forwarding RED: vrf-forwarding: RED
interface: ip vrf forwarding RED: vrf-forwarding: RED
interface: vrf forwarding RED downstream BLUE: vrf-forwarding: RED BLUE
interface: ip vrf forwarding RED downstream BLUE: vrf-forwarding: RED BLUE
interface: crypto map ipv6 M: crypto-map: ipv6 M
interface: tunnel mode gre: tunnel-mode: gre
interface: standby 1 ip 192.0.2.1: standby: 1 ip 192.0.2.1
interface: vrrp 1 ip 192.0.2.1: vrrp: 1 ip 192.0.2.1
interface: glbp 1 ip 192.0.2.1: glbp: 1 ip 192.0.2.1
interface: channel-group 1 mode active: channel-group: 1 active
interface: channel-group 1 mode desirable non-silent: channel-group: 1 desirable
crypto-map: match address ipv4 A: match-address: ipv4 A
crypto-map: match address ipv6 A: match-address: ipv6 A
ipsec-profile: set pfs group24: set-pfs: group24
ipsec-profile: set pfs group21 pqc mlkem768: set-pfs: group21 mlkem768
isakmp-policy: encr aes 256: encryption: encr aes 256
isakmp-profile: self-identity 192.0.2.1: self-identity: 192.0.2.1
ikev2-profile: dpd 10: dpd: 10
ikev2-profile: match address local far.example: match-address-local: far.example
global: crypto map M client authentication list L: crypto-map-client-authentication-list: M L
global: crypto map M client configuration address initiate: crypto-map-client-configuration-address: M initiate
global: crypto map M gdoi fail-close: crypto-map-gdoi-fail-close: M
global: crypto map ipv6 M local-address Loopback0: crypto-map-local-address: ipv6 M Loopback0
global: crypto ikev2 dpd 10: crypto-ikev2-dpd: 10
global: access-list 101 remark x: access-list: 101 remark x
global: ip nat inside source list A interface Dialer1 overload: ip-nat-inside-source: list A interface Dialer1 overload
global: ip nat outside source static 192.0.2.1 10.0.0.1: ip-nat-outside-source: static 192.0.2.1 10.0.0.1
global: ip nat source list A interface Dialer1: ip-nat-source: list A interface Dialer1
"""


@pytest.mark.parametrize("entry", LINES.strip().splitlines())
def test_a_line_in_a_form_that_is_rare(entry: str) -> None:
    mode, line, row, operands = entry.split(": ")
    found = LANGUAGES[mode].match(line)
    assert found is not None
    assert (found.row.id, " ".join(found.args.values())) == (f"{mode}/{row}", operands)


def test_every_banner_stands_apart() -> None:
    assert [row.separated for row in GLOBAL.mode.commands if row.slot == "banner"] == [True, True]
