"""The door before the passes over damaged text: what passes by them unchanged, and what may not."""

import re
import time
from pathlib import Path

import pytest
from parsed import FINGERPRINTER, config, router

from ikeaudit.parsing.mess import Cleaned, RouterText, as_printed, clean
from ikeaudit.parsing.mess.door import clean_thoroughly
from ikeaudit.parsing.redact import redact

ROOT = Path(__file__).resolve().parents[2]
PARSING = ROOT / "templates/ikeaudit/parsing"
CORPUS = ROOT / "../shared/corpus/configs"

PLAIN = """\
Building configuration...

Current configuration : 4711 bytes
!
! Last configuration change at 10:03:52 UTC Fri Dec 9 2016 by admin (web)
!
version 15.7
service timestamps debug datetime msec
!
hostname R1
!
boot-start-marker
boot-end-marker
!
crypto pki certificate chain TP
 certificate self-signed 01
  3082022B 30820194 A0030201 02020101
  ABCD
  \tquit
crypto ikev2 keyring K
 peer P
  hostname R2.example.net
  address 192.0.2.2
!
interface Tunnel1
 description to R2 (backup) # not a remark
 ip address 10.0.0.1 255.255.255.252
!
router bgp 65000
 address-family ipv4
  network 10.0.0.0
 exit-address-family
 !
 address-family ipv4 vrf RED
 exit-address-family
!
access-list 10 permit 10.0.0.0 0.0.0.255
snmp-server location Building 5 (east)
banner motd ^C
R1#show running-config
hostname R9
interface Tunnel9
*** This is a sentence about the router, is it not. ***
^C
!
end
"""
COMMANDS = [7, 8, 10, 12, 13, 15, 16, 20, 21, 22, 23, 25, 26, 27, 29, 30, 31, 32, 34, 35, 37, 38, 39, 46]


def told(cleaned: Cleaned) -> Cleaned:
    """All that is said of a text, whether its lines were made already or not."""
    parts = [
        part._replace(cleaned=part.lines, printed=None) if isinstance(part, RouterText) else part
        for part in cleaned.parts
    ]
    return cleaned._replace(parts=tuple(parts))


def test_what_ios_printed_passes_by_with_its_own_line_numbers() -> None:
    assert as_printed(PLAIN) is not None
    cleaned = clean(PLAIN)
    (part,) = cleaned.routers
    assert [line.number for line in part.lines] == COMMANDS
    assert (part.lines[12].text, part.lines[12].indent) == ("description to R2 (backup) # not a remark", 1)
    assert (part.name, part.full, part.remarks) == ("R1", True, [])
    # the two header lines are nobody's; the text ends with an empty line 47
    assert (part.first, part.last, part.last_told, part.elsewhere) == (2, 47, 46, frozenset({3}))
    # the passes cut the text in two at the name in the banner; without it they find the same
    calm = re.sub(r"R1#show.*|hostname R9", "Authorized use only", PLAIN)
    assert told(cleaned) == told(clean(calm)) == told(clean_thoroughly(calm))


@pytest.mark.parametrize(
    "line",
    [
        "R2#show running-config",
        "r2(config-if)#ip address 10.0.0.5 255.255.255.252",
        "do show run",
        "*Mar  1 00:00:01.123: %SYS-5-CONFIG_I: Configured from console",
        "000123: Mar  1 00:00:01: x",
        "% Invalid input detected at '^' marker.",
        "! this router is the hub",
        "!--- output omitted",
        "!interface Tunnel5",
        "<snip>",
        "...",
        "This is a sentence about the router.",
        "```",
        "# Phase 1",
        "crypto isakmp key 6 <PSK:00> address 192.0.2.9 ! the old one",
        "ip route 10.9.0.0 255.255.0.0 10.0.0.2!gone",
        "ip domain name example.net // ours",
        "ip domain name caf\u00e9.example \u2190 ours",
        "hostname R2",
        " hostname R2",
        "version 15.2",
        "end",
        "Building configuration...",
        "encr gost",
        "ip address {{ address }} 255.255.255.0",
        "ip address <%= address %> 255.255.255.0",
        "- name: configure",
        "commands: |",
        "\tip address 10.0.0.5 255.255.255.252",
        "interface Tunnel5\r",
        "interface\u00a0Tunnel5",
        "interface Tun\b\bTunnel5",
        "description x --More-- y",
        "banner login #",
        "banner login ^Cnever ends",
        "menu M title ^C",
        "crypto isakmp key 6 <PSK:00> address\n192.0.2.9",
        "tunnel protection ipsec profile\nP",
        "crypto isakmp key 6 <PSK:00>\naddress 192.0.2.9",
        f"ip domain list {'a' * 90}.exam\nple.net",
    ],
)
def test_what_ios_does_not_print_goes_through_the_passes(line: str) -> None:
    text = PLAIN.replace("interface Tunnel1\n", f"{line}\ninterface Tunnel1\n")
    assert as_printed(text) is None
    assert told(clean(text)) == told(clean_thoroughly(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "end",
        PLAIN.removesuffix("end\n"),
        PLAIN + "R1#\n",
        PLAIN + PLAIN,
        PLAIN.replace("version 15.7", "version 9.1(7)"),
        PLAIN.replace("version 15.7\n", ""),
        PLAIN.replace("!\n", ""),
        "R1#show running-config\n" + PLAIN,
        PLAIN.replace("\n", "\r\n"),
    ],
)
def test_what_is_not_whole_goes_through_the_passes(text: str) -> None:
    assert as_printed(text) is None


def texts(folder: Path) -> list[str]:
    files = sorted(file for file in folder.rglob("*") if file.suffix in (".cfg", ".txt") and file.is_file())
    return [redact(file.read_text(encoding="utf-8", errors="replace"), FINGERPRINTER).text for file in files]


def passing_by(found: list[str]) -> int:
    """How many texts pass the passes by; each must come out of them just the same."""
    count = 0
    for text in found:
        if as_printed(text) is not None:
            count += 1
            assert told(clean(text)) == told(clean_thoroughly(text))
    return count


def test_nothing_is_lost_by_passing_the_passes_by() -> None:
    assert passing_by(texts(ROOT / "tests/cases")) > 400


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus does not lie beside the project")
def test_nothing_is_lost_by_passing_the_passes_by_in_the_corpus() -> None:
    found = texts(CORPUS)
    whole = [text for text in found if re.match(r"[\s!]*version 1[2-7]", text) and text.rstrip().endswith("\nend")]
    assert passing_by(found) > 25
    assert passing_by(whole) > 0.9 * len(whole)


def test_telling_costs_a_fraction_of_the_passes() -> None:
    tunnels = "".join(
        f"interface Tunnel{n}\n ip address 10.1.{n >> 8}.{n & 255} 255.255.255.255\n!\n" for n in range(2000)
    )
    text = PLAIN.replace("router bgp", f"{tunnels}router bgp")
    assert as_printed(text) is not None

    def seconds(action: object) -> float:
        assert callable(action)
        start = time.process_time()
        action(text)
        return time.process_time() - start

    quick, thorough = (min(seconds(action) for _ in range(3)) for action in (as_printed, clean_thoroughly))
    assert quick < thorough / 2


def test_an_ikev2_peer_has_a_host_name_and_an_address() -> None:
    keyring = "crypto ikev2 keyring K\n peer P\n  hostname R2.example.net\n  address 192.0.2.2\n  pre-shared-key abc\n"
    (peer,) = router(f"hostname R1\n{keyring}").ikev2.keyrings[0].peers
    assert (peer.hostname, [str(prefix) for prefix in peer.addresses]) == ("R2.example.net", ["192.0.2.2"])


def test_where_a_router_stands_is_free_text() -> None:
    text = "hostname R1\ncrypto isakmp policy 10\nsnmp-server location Building 5 (east)\nsnmp-server contact Ann # 7\n"
    assert config(text).remarks == ()


def test_the_package_has_one_door() -> None:
    for file in PARSING.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        if file.parent.name == "mess":
            inner = re.findall(r"from ikeaudit\.parsing(?:\.(\w+))? import", text)
            if file.name != "commands.py":
                assert set(inner) <= {"lines", "blocks", "likeness"}, file.name
        else:
            assert "ikeaudit.parsing.mess." not in text, file.name
