"""Commands of IOS and IOS-XE in which ``{}`` is a secret, or text in which people write one down, and how hands spell them.

Each form is a section of its own; whoever plants a value fills every ``{}`` with it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from string import ascii_letters, digits

NAMED = """
event manager environment _mail ops:{}@192.0.2.1
event manager environment _key {}
event manager applet A| event syslog pattern "{}"| action 1.0 cli command "enable {}"|\
 action 2.0 mail server "ops:{}@192.0.2.1" to "a@b" from "c@d" subject "x" body "{}"
radius-server local| nas 192.0.2.7 key 0 {}| user joe nthash 7 {}| user jim password {}| group G1|  ssid {}
radius-server local| user joe nthash {}| eapfast authority info {}
mab request format attribute 2 7 {}
mab request format attribute 2 0 {}
mab request format attribute 32 vlan access-vlan {}
parameter-map type cws global| license 0 {}| server cloud-scansafe license {}
parameter-map type umbrella global| token {}| api-key {}| orgid 123456| secret 0 {}
parameter-map type content-scan global| license 7 {}| user-group G username {}
parameter-map type webauth global| custom-page login device {}
redundancy inter-device| security ipsec {}| scheme standby {}
redundancy| application redundancy|  group 1|   authentication md5 key-string {}|   authentication text {}
telephony-service| web admin system name root password {}| web admin customer name c secret 5 {}| xml user a password {} 15
telephony-service| load-cfg-file {}| url authentication http://192.0.2.1/{}
ephone 1| username "joe" password {}| pin {}
voice register pool 1| username joe password {}| pin {}
voice service voip| sip|  authenticate redirecting-number {}
sip-ua| credentials username joe password 7 {} realm r.example| authentication username joe password {} realm x
dial-peer voice 1 voip| authentication username joe password 7 {}| description {}| translate {}
controller Cellular 0/1/0| lte sim authenticate 0 7 {}| lte sim data-profile 1 attach-profile 1|\
 profile id 1 apn {} authentication chap username u password {}
cellular 0 lte sim authenticate {}
controller Cellular 0/1/0| gsm sim authenticate {}
banner motd ^C|welcome {}|^C
banner login #|the key is {}#
banner exec ^Cone line {}^C
archive| path ftp://ops:{}@192.0.2.1/cfg| log config|  hidekeys
archive| path scp://ops:pa@{}@192.0.2.1/cfg
archive| path tftp://192.0.2.1/{}/cfg
interface Loopback77| ip address 192.0.2.77 255.255.255.255 ! {}
crypto isakmp policy 77 // {}
interface Loopback78| shutdown ; {}
snmp mib community-map {} engineid 80000009 security-name x
snmp mib community-map  {} context c1
crypto pki trustpoint T1| enrollment url http://192.0.2.1:80/{}| enrollment http-proxy {} 80| password {}| subject-name CN={}|\
 enrollment terminal pem| serial-number none| ip-address none| fqdn {}| subject-alt-name {}| challenge {}
crypto pki trustpoint T2| enrollment url scep://ops:{}@192.0.2.1/x| enrollment profile P| enrollment credential {}|\
 enrollment command {}
crypto pki profile enrollment P| authentication url http://192.0.2.1/{}| enrollment url http://ops:{}@192.0.2.1/|\
 authentication command GET {}| parameter 1 value {}| parameter 2 prompt {}| credential {}
crypto pki server S| database url ftp://192.0.2.1/{}| database username u password 7 {}| grant ra-auto|\
 database archive pkcs12 password 7 {}| issuer-name CN={}
alias exec showkey show run | include {}
access-list 77 remark {}
ip access-list extended X77| remark {}| 10 remark ask for {}| permit ip any any
menu M title ^C{}^C
menu M text 1 {}
menu M command 1 telnet {}
macro name M|description {}|@
macro global description {}
"""
"""What was found in the field to stay."""

OTHERS = """
username u1 privilege 15 secret 9 {}
username u2 algorithm-type scrypt secret {}
username u3 password 7 {}
username u4 secret 8 {}
username u5 common-criteria-policy P password 0 {}
username u6 view V secret {}
username u7 autocommand telnet {}
enable algorithm-type sha256 secret {}
enable secret level 7 5 {}
enable password {}
tacacs-server host 192.0.2.9 single-connection key 7 {}
tacacs-server key {}
tacacs server T9| address ipv4 192.0.2.9| key 6 {}
radius-server host 192.0.2.9 auth-port 1645 acct-port 1646 key 7 {}
radius server R9| address ipv4 192.0.2.9 auth-port 1812 acct-port 1813| key 0 {}| pac key {}|\
 automate-tester username {} probe-on
radius-server key 7 {}
aaa group server radius G9| server-private 192.0.2.9 key {}
aaa server radius dynamic-author| client 192.0.2.9 server-key 7 {}| server-key {}
aaa attribute list L| attribute type password {}
aaa authentication banner ^C{}^C
ldap server L9| ipv4 192.0.2.9| bind authenticate root-dn cn=ops password {}| bind authenticate root-dn {} password x
snmp-server community {} RO 77
snmp-server user U G v3 auth sha {} priv aes 128 {}
snmp-server user U G v3 encrypted auth md5 {} priv des56 {}
snmp-server host 192.0.2.9 version 2c {}
snmp-server host 192.0.2.9 traps version 3 priv {}
snmp-server contact {}
snmp-server location {}
snmp-server chassis-id {}
snmp-server view {} iso included
ntp authentication-key 1 md5 {} 7
ntp authentication-key 2 hmac-sha2-256 {}
ntp server 192.0.2.9 key 1 ! {}
key chain KC| key 1|  key-string 7 {}| key 2|  key-string {}|  cryptographic-algorithm md5
key chain MK macsec| key 01|  cryptographic-algorithm aes-256-cmac|  key-string 6 {}
key config-key password-encrypt {}
interface Dot11Radio0| encryption key 1 size 128bit 7 {} transmit-key| ssid S
dot11 ssid S| wpa-psk ascii 7 {}| authentication client username u password 7 {}
wlan W 1 S| security wpa psk set-key ascii 0 {}| security wpa akm psk
wireless profile policy P| description {}
ap dot1x username u password 0 {}
interface Dialer1| ppp chap password 7 {}| ppp chap hostname {}| ppp pap sent-username u password 0 {}| ppp eap password {}|\
 pppoe-client ppp-max-payload {}| ppp ipcp username {}
interface GigabitEthernet0/7| ip ospf authentication-key 7 {}| ip ospf message-digest-key 1 md5 7 {}|\
 ip rip authentication string {}| isis password {}| isis authentication key-chain KC| ip authentication key-chain eigrp 1 {}
interface GigabitEthernet0/8| standby 1 authentication md5 key-string 7 {}| standby 1 authentication {}|\
 vrrp 1 authentication text {}|\
 glbp 1 authentication md5 key-string {}| ip nhrp authentication {}| ipv6 ospf encryption ipsec spi 256 esp null md5 {}
interface GigabitEthernet0/9| mka pre-shared-key key-chain KC| cts manual|  sap pmk {}| dot1x credentials {}|\
 authentication {}|\
 ip ddns update hostname {}| ip dhcp client client-id ascii {}| ip address dhcp| ip igmp join-group {}
interface Tunnel77| tunnel protection psk 0 {}| description {}| ip nhrp authentication {}| tunnel frobnicate {}| frobnicate {}
interface Tunnel78| crypto frobnicate {}| vrrp 1 authentication {}
router bgp 65001| neighbor 192.0.2.9 password 7 {}| neighbor 192.0.2.9 description {}|\
 neighbor 192.0.2.9 ao {} include-tcp-options|\
 neighbor PEERS remote-as 65002
router ospf 1| area 0 authentication message-digest| area 1 virtual-link 192.0.2.9 authentication-key 7 {}|\
 area 1 virtual-link 192.0.2.9 message-digest-key 1 md5 7 {}
router isis| area-password {}| domain-password {} authenticate snp validate
router eigrp N| address-family ipv4 unicast autonomous-system 1|  af-interface default|   authentication mode hmac-sha-256 7 {}
router rip| offset-list {} in 1
ip msdp password peer 192.0.2.9 7 {}
mpls ldp neighbor 192.0.2.9 password 7 {}
mpls ldp password option 1 for A 7 {}
ip ftp username {}
ip ftp password 7 {}
ip http client username {}
ip http client password 7 {}
ip http client proxy-server {} proxy-port 80
ip http authentication local {}
ip scp username u password {}
ip ssh pubkey-chain| username u|  key-string|   Q{}|  key-hash ssh-rsa Q{}
ip domain lookup {}
ip ddns update method M| HTTP|  add http://ops:{}@members.example/nic| DDNS both
ip sla 77| http raw http://192.0.2.1|  http-raw-request|   Authorization: Basic {}|   exit
ip sla 78| http get http://ops:{}@192.0.2.1/x name-server 192.0.2.2 cache disable
kron policy-list K| cli copy running-config ftp://ops:{}@192.0.2.1/x| cli show {}
tclsh flash:x.tcl {}
event manager session cli username {}
event manager directory user policy {}
logging host 192.0.2.9 transport tcp port 514 filtered stream {}
logging origin-id string {}
logging discriminator D msg-body drops {}
call-home| contact-email-addr {}| http-proxy "{}" port 80| customer-id {}| phone-number {}| profile P|\
  destination address http https://192.0.2.1/{}|  anonymous-reporting-only| source-ip-address 192.0.2.1| token {}
license smart register idtoken {} force
license smart url default {}
license smart proxy address {}
license boot level {}
license udi pid X sn {}
smart license idtoken {}
crypto pki token default user-pin {}
crypto pki import T1 pkcs12 ftp://192.0.2.1/x password {}
crypto key export rsa K pem url flash: 3des {}
crypto ikev2 keyring K77| peer P|  address 192.0.2.9|  pre-shared-key local {}|  pre-shared-key remote 6 {}|\
  ppk manual id 1 key {}|  frob {}
crypto ikev2 profile P77| authentication local pre-share key {}| keyring aaa L password {}| description {}|\
 aaa authorization group psk list L {}
crypto ikev2 client flexvpn F77| peer 1 192.0.2.9| source 1 Tunnel1| frob {}
crypto isakmp peer address 192.0.2.9| set aggressive-mode password {}| set aggressive-mode client-endpoint fqdn a.example
crypto isakmp client configuration group G77| key {}| banner ^C{}^C| domain d.example|\
 auto-update client t url http://ops:{}@192.0.2.1/ rev 1
crypto ipsec client ezvpn E77| group G key {}| username u password {}| peer 192.0.2.9
crypto map M77 10 ipsec-manual| set session-key inbound esp 256 cipher {} authenticator {}
crypto keyring K78| pre-shared-key address 192.0.2.9 key {}| description {}| frobnicate with {}
crypto gdoi group G78| server local|  rekey authentication mypubkey rsa {}
crypto gkm group G79| frob {}
crypto isakmp frobnicate {}
crypto vpn {}
crypto frobnicate {}
vpdn-group 1| l2tp tunnel password 7 {}| local name {}
l2tp-class L| password 7 {}| authentication| digest secret 7 {} hash SHA1
pseudowire-class P| encapsulation l2tpv3| protocol l2tpv3 {}
netconf-yang ssh local-vrf guest {}
restconf
telemetry ietf subscription 77| receiver-type {}| filter xpath {}
telemetry receiver protocol P| host name {} 57500
flow exporter F| destination 192.0.2.9| option {} timeout 5| description {}
app-hosting appid guestshell| app-vnic management guest-interface 0| docker|  run-opts 1 "-e TOKEN={}"|\
  prepend-pkg-opts| env {}
virtual-service V| guest ip address 192.0.2.7| activate {}
gnxi secure-password {}
gnmi-yang secure-trustpoint {}
cts credentials id u password 7 {}
cts sxp default password 7 {}
dot1x credentials D| username u| password 7 {}| anonymous-id {}
eap profile {}
mka policy {}
policy-map type inspect http P77| class type x| frob {}
class-map match-any C77| match protocol http url "{}"
ip inspect name {} http
zone security Z| description {}
ip host h.example 192.0.2.9
ip route 192.0.2.0 255.255.255.0 192.0.2.1 name {}
ip dhcp pool D77| option 43 ascii {}| bootfile {}| client-name {}
line vty 0 4| password 7 {}| refuse-message ^C{}^C| autocommand telnet {}| session-limit {}| vacant-message # {} #
line con 0| busy-message h ^C{}^C
chat-script dial "" "AT" OK "ATDT {}" TIMEOUT 30 CONNECT
rmon event 1 log trap {} description x owner {}
kerberos srvtab entry host/r 0 8 1 1 {}
kerberos server {} 192.0.2.9
privilege exec level 7 show running-config {}
identity profile default| description {}| template {}
template {}
webvpn gateway W| ip address 192.0.2.9 port 443| ssl trustpoint T1| secondary {}
webvpn context W| policy group P|  banner "{}"|  citrix {}| login-message "{}"
ssl profile {}
vtp password {}
vtp domain {}
spanning-tree mode {}
hw-module session {}
wsma agent exec| profile {}
wsma profile listener {}
cns trusted-server all-agents {}
cns password {}
cns id string {}
cns config initial 192.0.2.9 {}
ccm-manager config server {}
mgcp call-agent {}
gatekeeper| security password {}| zone local {} d.example
sccp ccm {} identifier 1
voice class tenant 1| credentials username u password 7 {} realm r| sip-server {}
voice class uri 1 sip| pattern {}
voice-port 0/1/0| description {}| station-id name {}
crypto ssl authorization policy P| banner {}| def-domain {}
ip admission auth-proxy-banner http {}
ip admission banner http ^C{}^C
bba-group pppoe {}
service-template {}
subscriber feature prepaid {}
interface GigabitEthernet0/6| vrrp 1 description {}| vrrp 1 authentication md5 key-string {} timeout 30| ntp multicast client {}
ip prefix-list P77 description {}
ip msdp description 192.0.2.9 {}
ip access-list extended X78| permit ip any any log {}| 20 deny tcp any any eq 22 log-input {}
access-list 177 permit ip any any log {}
ipv6 access-list X79| sequence 10 permit ipv6 any any log {}| remark {}
crypto pki trustpool import url http://192.0.2.1/{}
crypto pki import T1 pem terminal password {}
crypto key encrypt rsa name K passphrase {}
crypto sks-client S| server ipv4 192.0.2.1 port 1| psk id {} key 0 {}| psk id i key hex {}
crypto provisioning registrar| template username u password {}| template http {}
crypto ssl profile P| match url https://{}| aaa authentication user-pass list {}
crypto pki server S78| cdp-url http://192.0.2.1/{}| storage ftp://u:{}@192.0.2.1/
crypto ikev2 profile P78| authentication local eap mschapv2 username u password 6 {}|\
 aaa authorization user eap list L password {}
aaa group server radius G78| server-private 192.0.2.9 key-wrap encryption-key {} message-auth-code-key {}|\
 server-private 192.0.2.9 auth-port 1 acct-port 2 pac key 7 {}
aaa attribute list L78| attribute type psk {}| attribute type tunnel-password {}| attribute type ikev2-password-local {}
aaa authentication fail-message ^C{}^C
aaa authentication password-prompt "{}"
aaa configuration route username u password {}
radius server R78| key-wrap encryption-key 0 {} message-auth-code-key 7 {}| address ipv4 192.0.2.1 key {}
radius-server host 192.0.2.1 test username {} key 7 {}
user-name U19| creation-time 1| privilege 15| password 0 {}| type mgmt-user| description {}| secret 9 {}
username u15 masked-secret {}
username u16 one-time secret {}
parser view V| secret 5 {}| commands exec include {}
ip http client secure-trustpoint {}
ip wccp 61 password 7 {}
ip mobile secure host 192.0.2.9 spi 100 key hex {}
ip ips auto-update| url ftp://u:{}@192.0.2.1/| username u password 7 {}
ip ddns update method N| HTTP|  add http://{}:{}@members.example/nic/update?system=dyndns&hostname=<h>&myip=<a>
ip dhcp pool D78| option 66 ascii http://u:{}@192.0.2.1| option 150 ascii "{}"
boot system ftp://u:{}@192.0.2.1/x
ipv6 mobile pmipv6-domain D| auth-option spi 67 key ascii {}| auth-option spi 67 key hex {}
router lisp| site S|  authentication-key 7 {}| ipv4 etr map-server 192.0.2.1 key {}|\
 ipv4 etr map-server 192.0.2.2 key 7 {} proxy-reply
router ospf 9| area 0 sham-link 192.0.2.1 192.0.2.2 message-digest-key 1 md5 {}
router bgp 65010| template peer-session T|  password 7 {}|  description {}
domain D| vrf default|  border|   password 7 {}|  master hub|   password {}
cwmp agent| management server password 0 {}| connection request username {}| connection request password {}
cns username u password {}
ap profile A| mgmtuser username {} password 0 {} secret 0 {}| dot1x username {} password 0 {}| description {}
ap name A mgmtuser {} {}
wlan W9 9 {}| security wpa wpa2 mpsk|  priority 0 set-key ascii 0 {}| security static-wep-key encryption 40 ascii 0 {} 1
cellular lte profile create 1 apn.example pap user {}
voice service voip| sip|  stun|   stun flowdata agent-id 1|   stun flowdata shared-secret 7 {}
voice class sip-profiles 1| request INVITE sip-header P-Auth add "P: {}"
dial-peer voice 9 voip| digest username u password {}| voice-class sip authenticate redirecting-number {}
utd engine standard| signature update server cisco username {} password {}| signature update server url http://u:{}@192.0.2.1/
policy-map type control subscriber P| event session-started match-all|  10 class always do-until-failure|\
   10 authorize aaa password {} identifier {}
webvpn context W79| sso-server "S"|  secret-key {}|  web-agent-url "http://192.0.2.1/{}"|\
 url-text "x" url-value "http://u:{}@192.0.2.1"
wsma profile initiator W| transport ssh h path /x user u {}| transport https h path /y username u password 0 {}
macro name M78|enable secret {}|username u secret {}|@
mpls ldp vrf A password fallback {}
frobnicate {}
frob user:{}@192.0.2.1
secret-thing {}
mykey={}
key={}
"""
"""What else IOS has, and what no table knows."""


FOUND = (Path(__file__).parent / "forms.txt").read_text(encoding="utf-8")
"""Forms of command references and of releases up to 17.x that no table names one by one."""


def forms(text: str) -> list[str]:
    """Every form of a list, a text of one section each."""
    return list(_joined(text))


def _joined(text: str) -> Iterator[str]:
    for line in text.replace("\\\n", "").splitlines():
        if line.strip():
            yield line.replace("show run | include", "show run \x00 include").replace("|", "\n").replace("\x00", "|")


def spelt(form: str, chance: random.Random) -> str:
    """A form as hands spell it: cut short, with ``no`` or ``default``, quoted, with a remark behind it, in capitals."""
    lines = []
    for line in form.split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        words = line.split()
        if words and chance.random() < 0.3 and "{}" in line:
            words[0] = words[0][: max(3, len(words[0]) - chance.randint(1, 4))] if words[0].isalpha() else words[0]
        if words and indent and chance.random() < 0.15 and not words[0].startswith("{"):
            words.insert(0, chance.choice(["no", "default"]))
        text = " ".join(words)
        if chance.random() < 0.1:
            text = text.replace(" {}", ' "{}"')
        if chance.random() < 0.1 and "^C" not in text and "#" not in text:
            text += chance.choice([" ! {}", " // {}", " ; {}", " <- {}"])
        if chance.random() < 0.05:
            text = text.replace(" ", "  ", 1)
        lines.append(indent + text)
    return "\n".join(lines)


def value(chance: random.Random) -> str:
    """A secret as routers have them."""
    kind = chance.randrange(6)
    if kind == 0:
        return "".join(chance.choices(digits, k=chance.randint(6, 12)))
    if kind == 1:
        return "".join(chance.choices("0123456789ABCDEF", k=2 * chance.randint(5, 16))) + "F"
    body = "".join(chance.choices(ascii_letters + digits, k=chance.randint(5, 14)))
    sign = chance.choice(["", "", "!", "@", "$", "_", "-", ".", "%", "#", "/"])
    return f"Q{body}{sign}{chance.choice(ascii_letters)}z"


HEAD = "version 15.9\n!\nhostname R1\n!\nboot-start-marker\nboot-end-marker\n!\n"
TAIL = "!\nend\n"
