"""Which rows are for reading alone, and how lines of one command are told apart: facts of single fields, said a second time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ikeaudit.ios.language import GLOBAL, LANGUAGES
from ikeaudit.ios.syntax import Failure, Match
from ikeaudit.ios.tables import secrets
from ikeaudit.ios.tables.names import COMMON, NAMING, NAMING_NEEDED, PROTOCOLS, VALUES

ROWS = [(mode, row) for mode, language in LANGUAGES.items() for row in language.mode.commands]

READ_ONLY = """
global:
  | enable access-list ccm-manager configure dialer exit keyring module parameter-map sccp write zone-pair do key password
password encryption | aes
password | logging
ip | host route admission arp as-path auth-proxy bgp-community bootp classless default-gateway default-network dhcp finger
ip | flow-cache ftp gratuitous-arps icmp igmp inspect local mroute msdp nhrp options pim rsvp scp subnet-zero telnet tftp wccp
ip local | policy
ip access-list | logging resequence log-update match-local-traffic persistent helper
ip nat inside | source
ip nat outside | source
ip nat | pool source translation
ipv6 | route multicast-routing router
key config-key | password-encrypt newpass
crypto | ca key ipv6 gdoi gkm
crypto pki | trustpool token authenticate enroll
crypto ca | identity root trusted-root
crypto pki certificate | pool
crypto key generate | rsa ec
crypto key | encrypt export import zeroize
crypto engine compliance | shield
crypto ipsec | nat-traversal
crypto ipsec nat-transparency | spi-matching
crypto ipsec security-association | dummy ecn
crypto ipsec default | transform-set
crypto ipsec exclude | peer-list
rsa-pubkey:
  | quit
isakmp-profile:
  | self-identity reverse-route
client authentication | username password
client pki authorization | password
isakmp authorization | password
ikev2-proposal:
  | group pqc
ikev2-profile:
  | anyconnect dynamic initial-contact redirect session-lifetime certificate eap-identity
authentication | key
authentication local | dynamic
keyring | local
config-mode | set
ipsec-profile:
  | virtual-template discover
set | session-key peer group nat
set ip | access-group
set nat | demux
set security-policy | limit
qos | pre-classify default
match | address
crypto-map:
  | responder-only redundancy dialer discover disable
qos | default
set | nat
interface:
  | nhrp standby vrrp glbp address load-interval no-arp ntp tunnel-interface
ip | address broadcast-address directed-broadcast route-cache
ip vrf | receive sitemap select
vrf | select receive
ip nhrp map | group
ip nhrp | redirect shortcut registration attribute group cache server-only path responder record interest max-send trigger-svc
ip nhrp | use send-routed connect reject route-watch summary-map event-publisher bfd set-unreachable multicast role timeout
ip next-hop-self | eigrp
ip ospf | network
ip nat | enable
ipv6 | nhrp traffic-filter policy enable mtu nd ospf eigrp
ipv6 nhrp | map nhs network-id redirect shortcut authentication holdtime registration attribute group cache responder record
ipv6 nhrp | path interest max-send use server-only event-publisher
ipv6 nhrp map | group
ipv6 crypto | map
nhrp | group attribute event-publisher route-watch
nhrp map | group
dialer | pool pool-member
pppoe-client | dial-pool-number
cdp | enable
clock | rate
mpls | ip
qos | pre-classify
serial | restart-delay
tunnel | source mode ip mpls udlr qos rbscp entropy sequence-datagrams endpoint raw src-port dst-port tsp-hop 6to4 6rd
tunnel destination | dynamic list
tunnel protection ipsec | initiate
crypto | ssl
crypto ipsec | df-bit fragmentation
crypto connect | vlan
"""
"""Commands that files hold and that configuration mode, where it knows every command, does not: beginning and last words."""

TYPED = """
vrf: description; vrf: rd; vrf: address-family; router: address-family; policy-map: class; keychain: key; line: exec-timeout
line: transport input; line: transport output; line: transport preferred; line: privilege level; line: password; line: login
line: access-class
"""
"""Commands that configuration mode knows where it takes any line as it comes."""


def said(entries: str) -> set[str]:
    return {" ".join(entry.split()) for entry in entries.replace("\n", ";").split(";") if entry.strip()}


def read_only() -> Iterator[str]:
    mode = ""
    for line in READ_ONLY.strip().splitlines():
        if line.endswith(":"):
            mode = line
            continue
        front, _, last = line.partition("|")
        yield from (f"{mode} {' '.join((*front.split(), word))}" for word in last.split())


def slots(*, kept: bool, open_modes: bool) -> list[str]:
    chosen = [(mode, row) for mode, row in ROWS if LANGUAGES[mode].mode.accepts_any is open_modes]
    return [f"{mode}: {row.slot}" for mode, row in chosen if row.kept is kept]


def test_what_is_for_reading_alone() -> None:
    assert sorted(slots(kept=True, open_modes=False)) == sorted(read_only())
    assert set(slots(kept=False, open_modes=True)) == said(TYPED)


@pytest.mark.parametrize(
    ("mode", "line"),
    [
        ("global", "crypto engine compliance shield disable"),
        ("isakmp-profile", "self-identity dn"),
        ("ikev2-profile", "authentication remote pre-share key <PSK:0123456789abcdef>"),
        ("interface", "tunnel mode ipsec dual-overlay"),
        ("crypto-map", "responder-only"),
    ],
)
def test_a_line_for_reading_alone_is_refused_when_typed(mode: str, line: str) -> None:
    found = LANGUAGES[mode].match(line)
    assert found is not None and found.row.kept and found.row not in LANGUAGES[mode].ranks
    typed = LANGUAGES[mode].read(line)
    assert isinstance(typed, Failure) or typed.command is not found.row


KEYS = """
global: crypto isakmp peer: kind peer vrf; global: ip local pool: name rest; global: access-list: number entry
keyring: rsa-pubkey: kind peer; isakmp-profile: match identity ipv6: prefix vrf
isakmp-profile: match identity name: kind whole value vrf; ikev2-profile: match identity remote name: kind whole value
interface: ip dhcp: what rest
"""


def test_what_tells_lines_of_one_command_apart_where_that_is_more_than_one_word() -> None:
    assert {f"{mode}: {row.slot}: {' '.join(row.key)}" for mode, row in ROWS if len(row.key) > 1} == said(KEYS)


def test_single_fields() -> None:
    def holding(field: str) -> dict[str, object]:
        return {f"{mode}: {row.slot}": getattr(row, field) for mode, row in ROWS if getattr(row, field)}

    several = {f"{mode}: {row.slot}" for mode, row in ROWS if any(one.many for one in row.refers)}
    assert several == said(
        "isakmp-profile: keyring; ikev2-policy: proposal; ipsec-profile: set transform-set; crypto-map: set transform-set"
    )
    assert [row.syntax for _, row in ROWS if row.existing_only] == ["crypto map <name> <seq:num>"]
    family = ("exit-address-family", "!")
    assert holding("closing") == {
        "ikev2-keyring: peer": ("!",), "vrf: address-family": family, "router: address-family": family
    }  # fmt: skip
    assert holding("captures") == {
        "global: banner": "banner", "rsa-pubkey: key-string": "quit", "certificate-chain: certificate": "quit"
    }  # fmt: skip
    assert holding("excludes") == {
        f"{mode}: set {one}-profile": (f"set {other}-profile",)
        for mode in ("ipsec-profile", "crypto-map")
        for one, other in (("isakmp", "ikev2"), ("ikev2", "isakmp"))
    }
    assert holding("effect") == {"interface: vrf forwarding": "vrf", "interface: ip address": "address"}
    assert holding("classic_word") == {"isakmp-policy: encryption": "encr"}
    assert {row.syntax.split()[0] for mode, row in ROWS if row.plain and mode == "interface"} >= {
        "arp",
        "standby",
        "speed",
    }


def test_of_which_commands_every_word_is_a_keyword_a_value_or_a_name() -> None:
    """Those whose operands tunnels depend on, of which more words may follow than are described."""
    closed = """
    global: ip route; global: ipv6 route; global: ip nat source; global: ip nat inside source; global: ip nat outside source
    keyring: rsa-pubkey; ikev2-profile: pki trustpoint; interface: ip address; interface: channel-group
    interface: ip nhrp map; interface: ip nhrp nhs; interface: ipv6 nhrp map; interface: ipv6 nhrp nhs
    """
    assert {f"{mode}: {row.slot}" for mode, row in ROWS if row.closed} == said(closed)


def test_what_settings_of_isakmp_speak_of() -> None:
    """Keyrings, policies and profiles are parts of their own; all other lines of IKEv1 are settings, but for the keys."""
    parts = {"keyring": "", "isakmp key": "global-key", "isakmp policy": "", "isakmp profile": ""}
    for row in GLOBAL.mode.commands:
        if row.slot.startswith(("crypto isakmp", "crypto keyring")):
            kind = next((kind for kind in parts if row.slot.startswith(f"crypto {kind}")), None)
            assert row.part == (parts[kind] if kind else "isakmp-setting"), row.slot


def test_titles() -> None:
    """What reports call the objects that have no name, or more than one word of it."""
    lines = {
        "crypto isakmp policy 10": "10",
        "crypto map CM 10 ipsec-isakmp": "CM 10",
        "crypto dynamic-map D 20": "D 20",
        "crypto map CM local-address Loopback0": "CM local-address Loopback0",
        "crypto isakmp peer address 192.0.2.1 vrf RED": "address 192.0.2.1 vrf RED",
        "crypto pki trustpoint T": "trustpoint T",
        "crypto ca certificate map M 10": "certificate map M 10",
        "crypto ikev2 authorization policy A": "authorization policy A",
        "crypto ikev2 cluster": "cluster",
        "crypto key pubkey-chain rsa": "key pubkey-chain rsa",
        "crypto provisioning petitioner": "provisioning petitioner",
        "route-map R permit 10": "R permit 10",
        "archive": "archive",
        "interface Tunnel1": "Tunnel1",
    }
    for line, name in lines.items():
        found = GLOBAL.match(line)
        assert found is not None
        assert found.row.named(found.args, line) == name, line


def test_words_that_are_no_names_are_spelt_as_they_are_looked_up() -> None:
    for words in (NAMING, NAMING_NEEDED, PROTOCOLS, VALUES, COMMON, frozenset(" ".join(secrets.USER_OPTIONS).split())):
        assert {word for word in words if word != word.lower()} == set()
    assert NAMING < NAMING_NEEDED and {"address", "host", "nbma", "dynamic", "security"} <= NAMING_NEEDED - NAMING
    assert {"ahp", "esp", "gre", "ip", "ipv6", "tcp", "udp"} <= PROTOCOLS
    assert {"password", "description", "privilege", "level"} <= set(" ".join(secrets.USER_OPTIONS).split())
    assert (
        {"vrf", "virtual-template"} <= NAMING
        and {"3des", "off"} <= VALUES
        and {"connected", "virtual-reassembly"} <= COMMON
    )


@pytest.mark.parametrize(
    ("mode", "one", "other"),
    [
        ("isakmp-profile", "match identity host domain a.example RED", "match identity host domain a.example BLUE"),
        (
            "isakmp-profile",
            "match identity address ipv6 2001:db8::/32 RED",
            "match identity address ipv6 2001:db8::/32",
        ),
        ("ikev2-profile", "match identity remote fqdn domain a.example", "match identity remote fqdn domain b.example"),
        ("global", "crypto isakmp peer address 192.0.2.1", "crypto isakmp peer address 192.0.2.1 vrf RED"),
        ("ikev2-peer", "pre-shared-key local A1", "pre-shared-key remote A1"),
        ("ikev2-peer", "pre-shared-key local hex 41", "pre-shared-key remote hex 41"),
        ("ikev2-peer", "pre-shared-key hex 41", "pre-shared-key remote hex 41"),
    ],
)
def test_lines_that_stand_beside_each_other(mode: str, one: str, other: str) -> None:
    mine, theirs = LANGUAGES[mode].read(one), LANGUAGES[mode].read(other)
    assert isinstance(mine, Match) and isinstance(theirs, Match)
    assert mine.command.slot == theirs.command.slot
    assert mine.command.identity(mine.args) != theirs.command.identity(theirs.args)
