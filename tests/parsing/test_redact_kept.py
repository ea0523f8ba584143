"""How much of a line is kept, worked out from the table in ``docs/security.md``: ``¦`` stands where the cut begins."""

from __future__ import annotations

import pytest

from ikeaudit.ios.language import GLOBAL, LANGUAGES
from ikeaudit.parsing.redact import mask_line
from ikeaudit.parsing.redact.open_operands import goes_on
from ikeaudit.parsing.redact.verdicts import (
    GLOBALS,
    WHOLE,
    Verdicts,
    _is_left,
    inside,
    keepable,
    kept_of,
    shapes,
)
from ikeaudit.parsing.redact.vocabulary import harmless, is_interface, is_leading, is_shortened

PSK = "<PSK:0123456789abcdef>"
CUT = "<CUT:0123456789abcdef>"

LINES = """\
global                          | no
global                          | default
global            prose         | location ¦the cellar
global            prose         | no location ¦the cellar
global            prose         | default location  ¦the cellar
global            unknown       | ¦locations the cellar
global            unknown       | location
global            prose         | alias ¦exec sk show run
global            prose         | macro name ¦M
global            prose         | banner ¦motd ^C
global            prose         | banner ¦motd ^Ctext
global            prose         | snmp-server contact ¦Joe
global            prose         | snmp-server   location   ¦the cellar
global            prose         | ip route 10.0.0.0 255.0.0.0 Tunnel1 200 name ¦X
global            prose         | ip route vrf CUST 10.0.0.0 255.0.0.0 192.0.2.1 name ¦X Y
global            prose         | no  ip route 10.0.0.0 255.0.0.0 192.0.2.1 name ¦X
global            prose         | ip route 10.0.0.0 255.0.0.0 192.0.2.1 name CUT
global            prose         | access-list 101 permit ip any any log ¦TAGWORD
global            prose         | access-list 101 remark ¦the guard
global                          | access-list 10 permit 192.0.2.1
global            unknown       | ¦DEADBEEF 00
global            unknown       | crypto pki trusstpoint ¦12 aes
global            unknown       | ip acces-list extended ¦S3cretX
global            unknown       | ip ruote 10.0.0.0 255.0.0.0 Null0 ¦name crypto map
global            unknown       | no ¦frob x
global            unknown       | crypto isakmp ¦frobnicate
global            unknown       | crypto isa ¦frob
global            unknown       | ¦frobnicate CUT
global            unknown       | crypto isakmp ¦CUT KR
global            unknown       | router ospf 7 vrf CUST ¦CUT VPN
global            router        | router ospf 7 vrf CUST CUT
global                          | ip vrf frob CUST CUT
global                          | ip vrf CUST ¦RED BLUE CUT
global            interface     | interface Tunnel1 CUT
global            interface     | interface Tunnel1 ¦S3cretX
global            interface     | interface ¦S3cretX
global            interface     | default  interface   Tunnel1
global                          | hostname R1 CUT
global                          | crypto map M 10 ipsec-isakmp CUT
global            isakmp-profile | cry isa prof P
global            unknown       | ¦cry isa prof P S3cretX
global            isakmp-profile | no crypto isakmp profile P
global            redundancy    | redundancy
global                          | crypto isakmp key PSK address 192.0.2.9
global                          | crypto isakmp key ¦S3cretX address 192.0.2.9
global                          | crypto isakmp key 6 ¦S3cretX hostname h.example
global                          | enable secret 9 <SECRET>
global                          | enable secret 9 <SECRET> ¦x
global                          | snmp-server community <SECRET> ¦RO 10
global                          | tacacs-server host 192.0.2.5 key <SECRET>
global                          | no username ¦bob
global                          | username ¦bob privilege 15 secret 9 <SECRET>
global                          | logging host 192.0.2.7
global                          | logging host ¦syslog.example.org
global                          | logging buffered 1000000
global                          | logging ¦origin-id string Z-house
global                          | ip http client source-interface Loopback0
global                          | ip http client username ¦bob
global                          | boot system flash:image.bin
global                          | boot system ¦tftp://192.0.2.1/x
global                          | clock timezone ¦CET 1
global                          | license ¦udi pid CSR1000V sn 9ABCDEFGHIJ
interface         unknown       |  description
interface         prose         |  description ¦x
interface         prose         |  description ¦description x
interface         prose         |  no description ¦description x
interface         prose         |  desc  ¦circuit 4711
interface         prose         |  description CUT
interface         prose         |  location ¦civic x
interface                       |  ip address 10.0.0.1 255.255.255.0
interface                       |  standby 1 ip 10.0.0.1
interface                       |  standby 1 authentication ¦S3cret
interface                       |  ip nhrp authentication PSK
interface                       |  ip nhrp authentication ¦S3cretX
interface                       |  ip ospf message-digest-key 1 md5 7 <SECRET>
interface                       |  ip ospf message-digest-key 1 md5 7 ¦S3cretX
interface                       |  tunnel destination hub.example.org
interface         unknown       |  tunnel protection ipsec profile ¦P shared S3cretX
interface         unknown       |  ¦frob PSK
interface         unknown       |  ¦frob x <SECRET>
interface                       |  ip ¦frob <SECRET>
interface                       |  ip ¦frob <SECRET> !
interface         unknown       |  ip address ¦CUT VPN
acl-extended                    |  10 permit ip any any
acl-extended      prose         |  10 permit ip any any log ¦TAGWORD
acl-extended      prose         |  permit ip any any log ¦TAGWORD more
acl-extended      prose         |  permit tcp any any eq 22 ¦S3cretX log TAGWORD
acl-extended      prose         |  no 10 permit ip any any log-input ¦TAGWORD
acl-extended      prose         |   permit  ip  any  any  log  ¦TAGWORD
acl-extended      prose         |  10 remark ¦of the guard
acl-extended                    |  10
acl-extended      unknown       |  ¦S3cretX
certificate-chain               |  certificate ca 01
certificate-chain               |   3082AB 01
certificate-chain               |   3082AB 01<SECRET>
certificate-chain unknown       |   ¦3082AG
certificate-chain               |   quit
certificate-chain unknown       |   ¦quits
keyring           prose         |   description ¦my own text
keyring           prose         |   descr ¦my own text
keyring           prose         |   no description ¦my own text
keyring                         |   pre-shared-key address 192.0.2.9 key <PSK>
keyring                         |   pre-shared-key address 192.0.2.9 key ¦S3cretX
keyring           unknown       |   pre-shared-key address ¦192.0.2.9 S3cretX
keyring                         |   no pre-shared-key address 192.0.2.9
isakmp-profile                  |    mat ident addr 10.1.2.3 255.255.255.255 CUST
isakmp-profile    unknown       |    match identity address ¦10.1.2.3 255.255.255.255 CUST S3cretX
trustpoint                      |  password 7 ¦0822455D0A16
trustpoint                      |  password <SECRET>
trustpoint                      |  subject-name ¦CN=r1.example
trustpoint                      |  rsakeypair K ¦2048
crypto-map                      |  set session-key inbound esp 256 cipher <SECRET>
crypto-map                      |  set session-key inbound esp 256 cipher <SECRET> authenticator <SECRET>
crypto-map                      |  set session-key inbound esp 256 cipher <SECRET> authenticator ¦S3cretX
crypto-map                      |  set session-key inbound ah 256 <SECRET>
crypto-map                      |  set session-key inbound ah 256 ¦S3cretX
crypto-map                      |  set tran TS
crypto-map                      |  set  transform-set  TS
crypto-map        unknown       |  match  address  ¦101  S3cretX
crypto-map        unknown       |  set peer ¦CUT VPN
ikev2-keyring     ikev2-peer    |  peer P
ikev2-keyring                   |   pre-shared-key local PSK
ikev2-keyring                   |   pre-shared-key local ¦S3cretX
ikev2-keyring                   |   address 192.0.2.1 255.255.255.255
ikev2-profile                   |  authentication remote pre-share key 6 ¦S3cretX
ikev2-profile                   |  aaa authorization group psk list L name-mangler ¦N
router            prose         |  neighbor PEERS description ¦the far end
router                          |  no neighbor 192.0.2.1 password 7 ¦0822455D0A16
crypto-map                      |  set transform-set T9-x U8-y
ikev2-policy                    |  proposal P9-x Q8-y
global                          | ip nat inside source list NAT-9 pool P-8 overload
global                          | ip nat inside source list NAT-9 pool P-8 overload ¦S3cretX
global                          | ip nat inside source route-map RM-9 interface GigabitEthernet0/0 overload
global                          | ip nat pool P-9 192.0.2.1 192.0.2.9 netmask 255.255.255.0
global                          | ip route 10.0.0.0 255.0.0.0 Tun1 ¦S3cretX
global                          | ip route 10.0.0.0 255.0.0.0 Port-channel1.10 100 track 5
global                          | ip route vrf CUST-9 10.0.0.0 255.0.0.0 192.0.2.1 12345
interface                       |  ip address dhcp client-id GigabitEthernet0/0
interface                       |  dialer pool-member 1 min-link 10 ¦S3cretX
interface                       |  service-policy type ¦S3cretX output POL-9
interface                       |  bandwidth 1234567
interface                       |  bandwidth ¦123456789
interface                       |  standby 1 name UK-9
interface                       |  ip helper-address vrf CUST-9 192.0.2.1
interface                       |  ip nhrp map group G-9 service-policy output POL-9
global            class-map     | class-map match-any CM-9
global            class-map     | class-map match-any CM-9 ¦CM-8
global            policy-map    | policy-map type inspect PM-9
global            route-map     | route-map RM-9 deny 10
global            object-group  | object-group network OG-9
global            track         | track 10 interface Tunnel1 line-protocol
global            router        | router eigrp NAME-9
global            zone-pair     | zone-pair security ZP-9 source Z1-9 destination Z2-9
route-map                       |  match ip address prefix-list PL-9
interface                       |  bandwidth ¦d
aaa-group                       |  server-private 10.0.0.1 ¦odd9x 5 key 7 <SECRET>
aaa-group                       |  server-private 10.0.0.1 timeout 5 key 7 <SECRET>
none              unknown       |  ¦frob x
none              unknown       |  crypto isakmp ¦x
none              unknown       |  set peer ¦192.0.2.1
none              prose         |  description ¦x
"""


@pytest.mark.parametrize("row", LINES.splitlines())
def test_how_much_of_a_line_is_kept(row: str) -> None:
    head, _, line = row.partition("| ")
    mode, _, what = head.strip().partition(" ")
    marked = line.replace("PSK", PSK).replace(f"<{PSK}>", "<PSK>").replace("CUT", CUT)
    text = marked.replace("¦", "")
    of = GLOBALS if mode == "global" else inside("" if mode == "none" else mode)
    opens = what.strip() if what.strip() not in ("", "prose", "unknown") else None
    verdict = Verdicts(of._languages)[text]
    assert (verdict.kept, verdict.prose, verdict.known, verdict.opens) == (
        marked.index("¦") if "¦" in marked else WHOLE,
        what.strip() == "prose",
        what.strip() != "unknown",
        opens,
    )


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("crypto isakmp profile P", "P"),
        ("no crypto keyring K", "K"),
        ("vrf definition CUST", "CUST"),
        ("crypto isakmp policy 10", ""),  # no name
        ("hostname R1", ""),
        ("interface Tunnel1 point-to-point", "Tunnel1"),
    ],
)
def test_the_name_that_a_header_gives(line: str, name: str) -> None:
    verdicts = Verdicts((GLOBAL,))
    assert [verdicts[line].named(line), verdicts[line].named(line)] == [name, name]


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("crypto isakmp", True),
        ("vrf A", True),
        ("vrf A B", True),
        ("vrf A B C", False),
        ("A vrf", False),
        ("vrf A B ip C D", True),
        ("", True),
    ],
)
def test_what_may_be_left_of_a_line_that_was_cut(words: str, left: bool) -> None:
    """Keywords, and names up to two words behind one."""
    assert _is_left(words.split()) is left


@pytest.mark.parametrize(
    ("mode", "front", "name"),
    [
        ("", "access-list 10 remark ", "access-list remark"),
        ("", "ip route 10.0.0.0 255.0.0.0 Tunnel1 name ", "ip route name"),
        ("", "no snmp-server location ", "snmp-server location"),
        ("interface", " default description ", "interface description"),
        ("acl-extended", " 10 remark ", "access-list remark"),
        ("keyring", "  description ", "keyring description"),
    ],
)
def test_what_owners_call_a_command(mode: str, front: str, name: str) -> None:
    of = inside(mode) if mode else GLOBALS
    assert of.command(front) == name
    assert name in keepable()


@pytest.mark.parametrize("mode", sorted(LANGUAGES.keys() - {GLOBALS.name}))
def test_the_free_text_of_every_section_can_be_kept(mode: str) -> None:
    assert inside(mode).command(" description ") in keepable()


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("macro name PORTS", "macro name "), ("macro global apply X", "macro "), ("menu OPS x y", "menu "),
        ("busy-message h1 #hello", "busy-message h1 "), ("privilege exec level 7 ping", "privilege "),
    ],
)  # fmt: skip
def test_how_much_is_left_before_free_text(line: str, left: str) -> None:
    """Up to the text itself, the operands before it included, where the command has any."""
    verdict = GLOBALS[line]
    assert (line[: verdict.kept], verdict.prose) == (left, True)


def test_what_nobody_can_keep_by_name() -> None:
    assert keepable().isdisjoint({"", "global description", "acl-extended remark", "ip route <words> name", "hostname"})


@pytest.mark.parametrize(
    ("mode", "line", "kept"),
    [
        ("global", "ip route 10.0.0.0 255.0.0.0 Null0 name of it", "ip route 10.0.0.0 255.0.0.0 Null0 name <SECRET>"),
        ("global", "crypto isakmp key S3cretX address 192.0.2.9", "crypto isakmp key <SECRET>"),
        ("global", "interface Tunnel1 S3cretX", "interface Tunnel1 <SECRET>"),
        ("global", "class-map type inspect C S3cretX", "class-map type inspect C <SECRET>"),  # it opens a section
        ("global", "hostname R1", "hostname R1"),
        ("global", "frobnicate S3cretX", "frobnicate S3cretX"),  # of no model
        ("global", "snmp-server contact Joe", "snmp-server contact Joe"),
        ("keyring", "pre-shared-key address 192.0.2.9 key S3cretX", "pre-shared-key address 192.0.2.9 key <SECRET>"),
        ("ikev2-keyring", "pre-shared-key local S3cretX", "pre-shared-key local <SECRET>"),
    ],
)  # fmt: skip
def test_no_model_holds_more_than_is_kept(mode: str, line: str, kept: str) -> None:
    assert kept_of(mode, line) == kept


def test_an_address_that_is_none_is_settled_by_no_other() -> None:
    """What is settled is not looked at again."""
    verdicts = Verdicts(inside("isakmp-profile")._languages)
    assert verdicts[" match identity address 100.1.2.3 255.255.255.255 A"].kept == WHOLE
    assert verdicts.settled == {b"", b"!", b" !"}
    assert verdicts[" match identity address 300.1.2.3 255.255.255.255 A"].kept == len(" match identity address ")


def test_the_shape_of_a_line() -> None:
    lines = [f"  key {PSK} for 192.0.2.19", "x", "", "  key <PSK> y"]
    assert list(shapes(lines)) == [b"  key <PSK> for 000.0.0.00", b"x", b"", b"  key <PSK> y"]
    assert list(shapes(["a1"] * 5000)) == [b"a0"] * 5000


def test_what_is_no_text_has_a_shape_as_well() -> None:
    """Bytes that could not be read stand as lone surrogates."""
    assert list(shapes(["\udcff1"])) == [b"\xed\xb3\xbf0"]
    verdicts = Verdicts((GLOBAL,))
    assert [verdicts["hostname \udcff1"].kept, verdicts["hostname \udcff2"].kept] == [WHOLE, WHOLE]
    assert verdicts["frob \udcff1"].kept == 0


@pytest.mark.parametrize(
    ("family", "word", "on"),
    [
        ("ip", "nhr", True),
        ("ip", "NHR", True),
        ("ip", "nh", False),
        ("ip", "nhrx", False),
        ("hostname", "nhr", False),
        ("crypto", "isak", True),
    ],
)
def test_a_family_goes_on_with_a_keyword_cut_short(family: str, word: str, on: bool) -> None:
    assert goes_on(family, word) is on


@pytest.mark.parametrize(
    "line", [f"  pre-shared-key address 192.0.2.1 key {PSK}  ", f"crypto isakmp key {PSK} address 192.0.2.1"]
)
def test_a_token_stays_with_the_blanks_behind_it(line: str) -> None:
    assert mask_line(line) == line


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("interface", (True, False, False, True)),
        ("INTERFACE", (True, False, False, True)),
        ("inte", (False, True, False, True)),
        ("inter", (False, False, False, True)),
        ("interf", (False, False, False, True)),
        ("i", (False, False, False, False)),
        ("pre-sha", (False, True, False, True)),
        ("encrypti", (False, False, False, False)),
        ("S3cretX", (False, False, False, False)),
        ("123", (True, False, False, False)),
        ("1234", (False, False, False, False)),
        ("192.0.2.1", (True, False, False, False)),
        ("192.0.2.1/24", (True, False, False, False)),
        ("192.0.2.1/240", (False, False, False, False)),
        ("192.0.2", (False, False, False, False)),
        ("2001:db8::1/128", (True, False, False, False)),
        ("2001:db8", (False, False, False, False)),
        ("GigabitEthernet0/0.10", (True, False, True, False)),
        ("Gi0/0", (False, False, True, False)),
        ("Gi", (False, True, True, False)),
        ("G", (False, False, False, False)),
        ("Gi0/0-3", (False, False, True, False)),
        ("Frob0/0", (False, False, False, False)),
        ("flash:image.bin", (True, False, False, False)),
        ("flash1:x", (True, False, False, False)),
        ("tftp://x", (False, False, False, False)),
        (PSK, (True, False, False, False)),
        (f"{PSK}x", (False, False, False, False)),
        ("^C", (True, False, False, False)),
        ("crpyto", (False, False, False, True)),
        ("tunel", (False, False, False, True)),
        ("tun", (False, True, True, False)),
    ],
)  # fmt: skip
def test_what_a_word_is(word: str, says: tuple[bool, ...]) -> None:
    """Harmless wherever it stands, a keyword cut short, an interface or a type of one, or one to lead an unknown line."""
    assert (harmless(word), is_shortened(word), is_interface(word), is_leading(word)) == says
