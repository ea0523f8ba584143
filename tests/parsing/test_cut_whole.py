"""What is left of whole texts, line by line, worked out from the table in ``docs/security.md``.

In the texts ``‹...›`` marks what is cut and fingerprinted, ``«...»`` a pre-shared key, ``{...}`` another secret. Where
more changes than that, what is left stands behind ``=>``.
"""

from __future__ import annotations

import re

import pytest
from parsed import FINGERPRINTER

from ikeaudit.model.secret import SecretFacts
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.parsing.redact import cut

PRINTED = """\
Building configuration...

Current configuration : 4711 bytes
!
! Last configuration change at 11:00:00 UTC Sat Nov 28 2026 by ops
! NVRAM config last updated at 11:00:00 UTC Sat Nov 28 2026 by ops
! No configuration change since last restart
version 15.9
hostname R1
!
boot-start-marker
boot-end-marker
!
enable secret 9 {$9$AbC.dEf}
aaa authentication login default group NOC local
username ‹ops privilege 15 secret 9 $9$XyZ›
crypto keyring IPSec vrf CUST
  description ‹of the ring›
  pre-shared-key address 192.0.2.9 key «K-first-sample»
crypto keyring A-K-first-sample-B
  pre-shared-key address 192.0.2.8 key «K-first-sample»
crypto isakmp profile VPN
   keyring IPSec
   match identity address 192.0.2.9 255.255.255.255 CUST
crypto frobnicate with VPN and VPN, then IPSec => crypto ‹frobnicate with VPN and VPN, then IPSec› VPN IPSec
frobnicate ‹nothing that has a name› => ‹frobnicate nothing that has a name›
interface Tunnel1
 description ‹circuit 4711›
 frobnicate with VPN and S3cret => ‹frobnicate with VPN and S3cret› VPN
 ip address 10.0.0.1 255.255.255.0
 ip ssh source-interface Loopback0
 ip mtu 1400
 tunnel source GigabitEthernet0/0
 tunnel destination 192.0.2.9
ip http client source-interface Loopback0
logging ‹origin-id string Z-house›
logging host 192.0.2.7
ip route 10.0.0.0 255.0.0.0 Tunnel1 name ‹to the hub›
ip access-list extended GUARD
 remark ‹of the guard›
 permit udp host 192.0.2.9 any eq isakmp log
archive
 path ‹ftp://ops:pa@192.0.2.1/cfg›
alias ‹exec sk show run›
snmp-server community public-word RO 10 => snmp-server community {x} ‹snmp-server community public-word RO 10›
snmp-server location ‹the cellar›
banner motd ^C
‹Call the desk›

*****
‹or nobody.›
^C
ntp server 192.0.2.3
crypto pki certificate chain CA
 certificate 01
  30820300 A0030201
  02
  quit
end
"""
TYPED = """\
R1#show running-config
R1>sho run
R1#
! ‹a note of the owner›
!‹another›
  !   ‹a third, further in›
!
!!! === !!!
Building configuration...
Current configuration:4711 bytes
Using 4711 out of 65536 bytes
! Last configuration change at 11:00:00 +0530 Sat Nov 28 2026
! Last configuration change at 11:00 on a day => ! ‹Last configuration change at 11:00 on a day›
hostname R1
R1(config)#crypto isakmp keepalive 10
R1(config)# crypto isakmp keepalive 10 ! why => R1(config)# crypto isakmp keepalive 10 ! ‹! why›
crypto isakmp key «K-first-sample» address 192.0.2.9
interface Tunnel1
 ip address 10.0.0.1 255.255.255.0 ! to the hub => ip address 10.0.0.1 255.255.255.0 ! ‹! to the hub›
 tunnel source GigabitEthernet0/0 // the line of 4711 => tunnel source GigabitEthernet0/0 ! ‹// the line of 4711›
 ip mtu 1400 !!!
 desc  ‹circuit   4711›
 no description ‹circuit 4712›
	tunnel   mode   ipsec ipv4
 TUNNEL DESTINATION 192.0.2.9
interface Gi0/0
ip address 192.0.2.1 255.255.255.0
banner login #‹one line›#
banner prompt-timeout ‹xcall mex› => banner ‹prompt-timeout xcall mex›
banner incoming ^C\x20\x20
‹the text›
^C
banner slip-ppp #‹one line›# and no more => banner slip-ppp #‹one line›#
banner exec ^C‹the first›
‹the second›
‹the third›^C
snmp-server   location   the cellar => snmp-server location ‹snmp-server   location   the cellar›
crypto frobnicate with VPN => crypto ‹frobnicate with VPN›
end
"""
WRAPPED = """\
R1#show running-config
hostname R1
interface Tunnel1
 ip address 10.0.0.1 255.255.255.0
 tunnel source GigabitEthernet0/0
crypto map OUTSIDE-TO-THE-PARTNERS-OF-THE-HOUSE 10 ipsec-isakmp dynamic OTHERS-T
HAT-CALL
interface GigabitEthernet0/0
 description ‹a text that is so long that the terminal breaks it at the eightieth›
column => nothing
 ip address 192.0.2.1 255.255.255.0
 crypto keyring ODD
  pre-shared-key address 192.0.2.9 key «K-first-sample»
 interface GigabitEthernet0/1
   ip address 198.51.100.1 255.255.255.0
   frobnicate with ODD and GigabitEthernet0/1 => ‹frobnicate with ODD and GigabitEthernet0/1› ODD GigabitEthernet0/1
end
"""

JOINED = """\
R1#show running-config
hostname R1
crypto map OUTSIDE-TO-THE-PARTNERS-OF-THE-HOUSE 20 ipsec-isakmp dynamic OTHERS-T\
 => crypto map OUTSIDE-TO-THE-PARTNERS-OF-THE-HOUSE 20 ipsec-isakmp dynamic OTHERS-THAT-CALL
HAT-CALL ! why => nothing
interface GigabitEthernet0/0
 ip address 192.0.2.1 255.255.255.0
end
"""


def _filled(text: str, fingerprinter: Fingerprinter) -> str:
    text = re.sub("«(.*?)»", lambda key: f"<PSK:{fingerprinter.psk(key[1])}>", text)
    text = re.sub("‹(.*?)›", lambda said: fingerprinter.cut(said[1]), text)
    return re.sub(r"\{.*?\}", "<SECRET>", text)


def both(marked: str, fingerprinter: Fingerprinter = FINGERPRINTER) -> tuple[list[str], list[str]]:
    """The lines of a marked text as they come, and as they are left."""
    raw, left = [], []
    for line in marked.split("\n"):
        one, _, other = line.partition(" => ")
        raw.append(re.sub("[«»‹›{}]", "", one))
        left.append(
            "" if other == "nothing" else _filled((re.match(" *", one)[0] + other) if other else one, fingerprinter)
        )
    return raw, left


@pytest.mark.parametrize("text", [PRINTED, TYPED, WRAPPED, JOINED], ids=["printed", "typed", "wrapped", "joined"])
def test_what_is_left_of(text: str) -> None:
    raw, left = both(text)
    for ending in ("\n", "\r\n"):
        assert cut(ending.join(raw), FINGERPRINTER).lines == left
    again = cut("\n".join(left), FINGERPRINTER)
    assert again.lines == left and again.text == "\n".join(left)


@pytest.mark.parametrize("text", [PRINTED, TYPED], ids=["printed", "typed"])
def test_an_owner_keeps_the_text_of_his_choice_and_no_other(text: str) -> None:
    keep = ["interface description", "access-list remark", "snmp-server location"]
    fingerprinter = Fingerprinter(b"a fingerprint key for tests only", keep)
    raw, left = both(text, fingerprinter)
    kept = {line for line in raw if re.match(r" (?:no )?description c| remark |snmp-server +location ", line)}
    assert len(kept) == (3 if text is PRINTED else 2)
    assert cut("\n".join(raw), fingerprinter).lines == [a if a in kept else b for a, b in zip(raw, left, strict=True)]


@pytest.mark.parametrize("front", ["", "R1#show running-config\n"], ids=["printed", "typed"])
def test_what_the_reader_sees_of_what_is_cut(front: str) -> None:
    """What people write is cut there, too; what no table knows is for him to judge."""
    raw, _ = both(PRINTED)
    (part,) = cut(front + "\n".join(raw), FINGERPRINTER).found.routers
    seen = [line.text for line in part.lines]
    said = [f"description {FINGERPRINTER.cut(words)}" for words in ("of the ring", "circuit 4711")]
    said += [f"remark {FINGERPRINTER.cut('of the guard')}", f"snmp-server location {FINGERPRINTER.cut('the cellar')}"]
    judged = ["frobnicate with VPN and S3cret", "crypto frobnicate with VPN and VPN, then IPSec"]
    assert [line for line in said + judged if line not in seen] == []
    assert (part.name, [line for line in seen if "hub" in line or "cellar" in line or "owner" in line]) == ("R1", [])


def ring(name: str, *keys: str) -> str:
    lines = [f"  pre-shared-key address 192.0.2.{n} key {key}\n" for n, key in enumerate(keys, 1)]
    return f"version 15.9\nhostname R1\n!\ncrypto keyring {name}\n{''.join(lines)}interface Tunnel1\n shutdown\nend\n"


@pytest.mark.parametrize(
    ("name", "keys", "found"),
    [
        ("Abc", ["Abc"], (4,)),
        ("Abcd", ["Abc"], ()),
        ("xAbc", ["Abc"], ()),
        ("Abcdef1", ["Abcdef1"], (4,)),
        ("Abcdef1x", ["Abcdef1"], ()),
        ("Abcdef12x", ["Abcdef12"], (4,)),
        ("xAbcdef12", ["Abcdef12"], (4,)),
        ("xAbcdef12x", ["Abcdef12"], (4,)),
        ("Abcdef1", ["Abcdef12"], ()),
        ("Other-name", ["Abcdef12", "Abc"], ()),
        ("Abcdef12-Ghijkl345", ["Abcdef12", "Ghijkl345"], (4,)),
    ],
)
def test_names_that_spell_a_key_out(name: str, keys: list[str], found: tuple[int, ...]) -> None:
    """A short key is the whole name; one of eight characters or more may stand anywhere in it."""
    text = ring(name, *keys)
    assert cut(text, FINGERPRINTER).named == found
    assert cut(f"R1#show running-config\n{text}", FINGERPRINTER).named == tuple(line + 1 for line in found)


def test_what_was_known_of_keys_before_stays_known() -> None:
    before = {"0123456789abcdef": SecretFacts(length=3)}
    found = cut(ring("K", "Abcdef12"), FINGERPRINTER, facts=before).facts
    assert set(found) == {"0123456789abcdef", FINGERPRINTER.psk("Abcdef12")}
    assert found["0123456789abcdef"] == SecretFacts(length=3)


def test_no_line_is_data_of_a_certificate_but_behind_one_or_its_header() -> None:
    text = "0A0B\nfrobnicate\n0C0D"
    assert cut(text, FINGERPRINTER).lines == [f"! {FINGERPRINTER.cut(line)}" for line in text.split("\n")]


@pytest.mark.parametrize("front", ["", "R1#show running-config\n"], ids=["printed", "typed"])
def test_in_a_section_that_nobody_knows_a_command_has_no_other_name(front: str) -> None:
    text = (
        "version 15.9\nhostname R1\n!\nfrob of mine\n description of it\ninterface Tunnel1\n description of that\nend\n"
    )
    lines = cut(front + text, Fingerprinter(b"a fingerprint key for tests only", ["description"])).lines
    assert [line for line in lines if "description" in line] == [
        " description of it",
        f" description {FINGERPRINTER.cut('of that')}",
    ]


READ = """\
version 15.9
!
hostname R1
!
interface Tunnel1
 ip address 10.0.0.1 255.0.0.0
 description to Paris
 mystery line here
!
ip route 10.9.0.0 255.255.0.0 10.0.0.2 name Paris
crypto frobnicate Paris
crypto isakmp peer address 192.0.2.1
 description to Rome
 mystery in here
!
frobnicate all
! my own
ip access-list extended A
 permit ip any any log Paris
end
"""
LEFT = {
    " description to Paris": " description",
    "ip route 10.9.0.0 255.255.0.0 10.0.0.2 name Paris": "ip route 10.9.0.0 255.255.0.0 10.0.0.2 name",
    " description to Rome": " description",
    " permit ip any any log Paris": " permit ip any any log",
}
UNKNOWN = {" mystery line here": "", "crypto frobnicate Paris": "crypto", " mystery in here": "", "frobnicate all": ""}


def read_as(line: str) -> str:
    """What the reader of a configuration is given of a line: free text is cut, what nobody knows is his to judge."""
    return f"{LEFT[line]} <CUT>" if line in LEFT else line


@pytest.mark.parametrize("front", ["", "R1#show running-config\n"], ids=["printed", "typed"])
def test_what_is_unknown_is_left_to_the_reader_and_to_nobody_else(front: str) -> None:
    """Wrong lines that this catches: how ``_printed`` and ``_of_router`` go on behind a line, ``_may_look_damaged``."""
    text = cut(front + READ, FINGERPRINTER)
    (part,) = text.found.routers
    bare = [re.sub("<CUT:[0-9a-f]+>", "<CUT>", line) for line in text.lines[front.count("\n") :]]
    kept = {**LEFT, **UNKNOWN}
    for line, left in zip(READ.split("\n"), bare, strict=True):
        indent = " " * (len(line) - len(line.lstrip()))
        expected = (
            f"{kept[line] or indent.rstrip(' ')} <CUT>" if line in kept else "! <CUT>" if line == "! my own" else line
        )
        assert left.strip() == expected.strip(), line
    given = part.printed if part.printed is not None else [line.text for line in part.cleaned]
    said = [re.sub("<CUT:[0-9a-f]+>", "<CUT>", line.strip()) for line in given]
    for line in READ.split("\n"):
        if line.strip(" !") and not line.startswith("! "):
            assert read_as(line).strip() in said, line


@pytest.mark.parametrize("front", ["", "R1#show running-config\n"], ids=["printed", "typed"])
def test_names_that_stand_in_what_nobody_knows_are_left(front: str) -> None:
    """Wrong lines that this catches: where the names of objects are taken down, operands before others (``_described``)."""
    text = (
        "version 15.9\nhostname R1\n!\ncrypto keyring Paris\n!\naaa group server radius Rome\n"
        " server-private 10.0.0.1 timeout 5 key 7 <SECRET>\n!\ncrypto frobnicate Paris Rome Oslo\nend\n"
    )
    left = re.sub("<CUT:[0-9a-f]+>", "<CUT>", cut(front + text, FINGERPRINTER).text)
    assert left == front + text.replace("frobnicate Paris Rome Oslo", "<CUT> Paris")


@pytest.mark.parametrize(
    ("line", "left"),
    [
        (" vfr forwarding Paris", " vfr forwarding <CUT>"),  # three letters tell nothing
        (" vrff forwarding Paris", " vrff forwarding <CUT>"),
        (" tunel mode Paris", " tunel mode <CUT>"),
        (" tun mode Paris", " <CUT>"),
        (" crpyto map Paris", " crpyto map <CUT>"),
        ("crypto isa frobnicate Paris", "crypto isa <CUT>"),
        ("crypto is frobnicate Paris", "crypto <CUT>"),
        ("crypto Paris isakmp", "crypto <CUT>"),
        ("ip acces frobnicate Paris", "ip acces <CUT>"),
        ("hostname isak Paris", "hostname <CUT>"),
        ("frob isak Paris", "<CUT>"),
    ],
)
@pytest.mark.parametrize("front", ["", "R1#show running-config\n"], ids=["printed", "typed"])
def test_how_far_the_words_of_an_unknown_command_are_left(line: str, left: str, front: str) -> None:
    """Wrong lines that this catches: ``_known_words`` and ``_goes_on``, and how many letters of a vital command tell it."""
    text = f"{front}version 15.9\nhostname R1\n!\ninterface Tunnel1\n{line}\n!\nend\n"
    assert re.sub("<CUT:[0-9a-f]+>", "<CUT>", cut(text, FINGERPRINTER).text) == text.replace(line, left)


@pytest.mark.parametrize("indent", [1, 3])
@pytest.mark.parametrize(("remark", "whole"), [("", False), (" ! why", True)])
def test_a_command_that_was_wrapped_is_one_line_where_a_remark_is_cut(indent: int, remark: str, whole: bool) -> None:
    """Wrong lines that this catches: the lines that ``_remark`` puts together, and their indent."""
    first = " " * indent + "tunnel protection ipsec profile "
    first += "P" * (80 - len(first))
    front = "R1#show running-config\nversion 15.9\nhostname R1\n!\ninterface Tunnel1\n"
    lines = cut(f"{front}{first}\nQQ{remark}\n!\nend\n", FINGERPRINTER).lines[5:]
    assert lines == [*([f"{first}QQ", ""] if whole else [first, "QQ"]), "!", "end", ""]


TYPED_AGAIN = """\
R1#show running-config
hostname R1
crypto pki trustpoint T
subject-name ‹CN=r1.example›
interface GigabitEthernet0/0
 crypto ipsec client ezvpn E
 ip address 10.0.0.1 255.0.0.0
crypto pki certificate chain CA
 certificate 01
  3082
! ‹a note behind it›
  0A0B
end
"""


def test_a_line_is_one_of_its_section_where_both_have_it() -> None:
    """Wrong lines that this catches: whether a line opens a section of its own, and what is data."""
    raw, left = both(TYPED_AGAIN)
    assert cut("\n".join(raw), FINGERPRINTER).lines == left


@pytest.mark.parametrize(
    "pasted",
    [
        "   crypto isakmp policy 10\n    group 14\n    lifetime 3600",
        "   crypto keyring K vrf V\n    local-address 192.0.2.1",
        "   interface Tunnel2\n    ip nhrp network-id 7",
        "   Interface Tunnel2\n    ip nhrp network-id 7",
    ],
)
def test_a_section_that_was_pasted_deeper_begins_all_the_same(pasted: str) -> None:
    """Wrong lines that this catches: ``cut._LEAVING``. All of it is harmless in a section of its own."""
    text = f"hostname R1\nrouter bgp 1\n neighbor 192.0.2.2 remote-as 1\n{pasted}\nend"
    assert cut(text, FINGERPRINTER).text == text


@pytest.mark.parametrize("front", ["", "R1#show running-config\n"], ids=["printed", "typed"])
def test_the_reader_sees_nothing_that_stands_behind_a_header(front: str) -> None:
    """Not even in interfaces, in which it has to see what nobody knows.

    Wrong line that this catches: one that cuts a header in what is written only.
    """
    text = "version 15.9\n!\nhostname R1\n!\ninterface Tunnel1 S3cretX\n ip address 192.0.2.1 255.255.255.0\n!\nend\n"
    (part,) = cut(front + text, FINGERPRINTER).found.routers
    given = part.printed if part.printed is not None else [line.text for line in part.cleaned]
    assert re.sub("<CUT:[0-9a-f]+>", "<CUT>", "\n".join(given)).count("interface Tunnel1 <CUT>") == 1
    assert "S3cretX" not in "\n".join(given)


@pytest.mark.parametrize(
    ("name", "told"),
    [("SITES-ab12", False), ("ab12", True), ("X-Basalt-88-Y", True), ("Basalt-88", True), ("X-Basalt-8", False)],
)
def test_which_names_spell_a_key_out(name: str, told: bool) -> None:
    """A key of eight characters inside of a name, a shorter one as all of it (``_Cutter.named``)."""
    keys = "crypto isakmp key Basalt-88 address 192.0.2.7\ncrypto isakmp key ab12 address 192.0.2.8\n"
    text = f"hostname R1\n{keys}crypto isakmp profile {name}\n   keyring default\nend\n"
    assert cut(text, FINGERPRINTER).named == ((4,) if told else ())
