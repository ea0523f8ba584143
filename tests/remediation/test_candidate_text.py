"""Reading and printing: what no command touches stays byte for byte, whatever it is (DOMAIN 13)."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ikeaudit.candidate import Candidate, tree

SEED = (Path(__file__).parent / "candidate" / "seed_r1.cfg").read_text()
CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus" / "configs"

MESSY = """\
R1#show running-config
Building configuration...

Current configuration : 1234 bytes
!
! Last configuration change at 12:43:22 MSK Mon Jan 13 2025 by cisco
!
version 15.3
hostname R1
!
vrf definition INET
 rd 1:1
 !
 address-family ipv4
 exit-address-family
!
crypto pki certificate chain VPN
 certificate 05
  30820336 3082021E A0030201 02020105 300D0609 2A864886 F70D0101 05050030
  \tquit
 certificate ca 01
  308202F8 308201E0
  \tquit
!
crypto ikev2 keyring K
 peer A
  address 10.0.0.1
  pre-shared-key one
 !
 peer B
  address 10.0.0.2
  pre-shared-key two
 !
!
crypto keyring keyring1 \x20
  pre-shared-key address 192.168.0.2 key with blanks at the end \x20
\tpre-shared-key address 192.168.0.3 key tabbed
crypto isakmp policy 10
encr 3des
 authentication pre-share

crypto isakmp profile profile1
   ! This profile is incomplete (no match identity statement)
   keyring keyring1
crypto isakmp profile profile2
  match identity address 192.168.0.2 255.255.255.255 !R2
crypto ipsec transform-set TS esp-aes esp-sha256-hmac
mode tunnel
!
interface Ethernet0/0
 ip address 192.168.0.1 255.255.255.
!
router bgp 65000
 !
 address-family ipv4
  neighbor 10.0.0.1 activate
 exit-address-family
!
banner motd ^C
crypto keyring INSIDE-A-BANNER
  pre-shared-key address 192.168.0.2 key no
^C
some line nobody knows
line vty 0 4
 transport input ssh
!
ntp clock-period 36029195
end
"""


def test_seed_is_kept() -> None:
    assert Candidate.from_text(SEED).text() == SEED


def test_messy_text_is_kept() -> None:
    assert Candidate.from_text(MESSY).text() == MESSY


def test_line_ends_are_normalised() -> None:
    assert Candidate.from_text(SEED.replace("\n", "\r\n")).text() == SEED
    assert Candidate.from_text(SEED.removesuffix("\n")).text() == SEED
    assert Candidate.from_text("").text() == "\n"


def test_line_ends_of_a_capture_are_line_ends_too() -> None:
    text = Candidate.from_text("hostname R\r\r\nip cef\r\n\rend\r\r\n").text()
    assert text == "hostname R\nip cef\nend\n"


def test_a_change_touches_nothing_else() -> None:
    candidate = Candidate.from_text(MESSY)
    replies = candidate.apply(
        [
            "crypto keyring keyring1",
            " no pre-shared-key address 192.168.0.3",
            "crypto isakmp policy 10",
            " encr aes",
            "crypto isakmp profile profile1",
            " match identity address 192.168.0.2",
            "crypto isakmp profile profile2",
            " no match identity address 192.168.0.2",
            "crypto ikev2 keyring K",
            " no peer A",
            "crypto ipsec transform-set TS esp-gcm 256",
            " mode transport",
        ]
    )
    assert not any(r.refused for r in replies)
    expected = (
        MESSY.replace("\tpre-shared-key address 192.168.0.3 key tabbed\n", "")
        .replace("encr 3des\n", "encr aes\n")
        .replace(
            "   ! This profile is incomplete (no match identity statement)\n   keyring keyring1\n",
            "   keyring keyring1\n   match identity address 192.168.0.2 255.255.255.255\n",
        )
        .replace(
            "  match identity address 192.168.0.2 255.255.255.255 !R2\n",
            "   ! This profile is incomplete (no match identity statement)\n",
        )
        .replace(" peer A\n  address 10.0.0.1\n  pre-shared-key one\n !\n", "")
        .replace("TS esp-aes esp-sha256-hmac\nmode tunnel\n", "TS esp-gcm 256\nmode transport\n")
    )
    assert candidate.text() == expected


def test_crypto_inside_a_banner_is_no_keyring() -> None:
    candidate = Candidate.from_text(MESSY)
    (reply,) = candidate.apply(["no crypto keyring INSIDE-A-BANNER"])
    assert not reply.changed


def test_unfinished_blocks_swallow_nothing_at_the_margin() -> None:
    text = "crypto pki certificate chain X\n certificate 01\n  30820336\nhostname AFTER\nbanner motd #\nnever ends\n"
    candidate = Candidate.from_text(text)
    assert candidate.text() == text
    assert candidate.hostname == "AFTER"


@pytest.mark.parametrize(
    "name", ["crypto ikev2 profile F", "crypto keyring K", "crypto isakmp profile P", "interface Tunnel3"]
)
def test_first_of_its_kind_goes_where_ios_prints_it(name: str) -> None:
    order = [
        "hostname R",
        "crypto ikev2 keyring V2",
        "crypto ikev2 profile F",
        "crypto keyring K",
        "crypto isakmp policy 1",
        "crypto isakmp profile P",
        "crypto ipsec transform-set T esp-aes",
        "interface Loopback0",
        "interface Tunnel3",
        "interface GigabitEthernet0/0",
        "router ospf 1",
        "ip route 0.0.0.0 0.0.0.0 10.0.0.1",
        "line vty 0 4",
        "end",
    ]
    candidate = Candidate.from_text("\n!\n".join(line for line in order if line != name) + "\n")
    candidate.apply([name])
    assert [line for line in candidate.text().splitlines() if line[0] not in " !"] == order
    with_separators = candidate.text()
    candidate.apply([f"no {name}"])
    assert candidate.text() == "\n!\n".join(line for line in order if line != name) + "\n"
    assert f"!\n{name}\n" in with_separators


def test_new_lines_take_the_indent_of_their_section() -> None:
    candidate = Candidate.from_text("crypto isakmp profile P\n keyring default\ncrypto keyring K\nend\n")
    candidate.apply(["crypto isakmp profile P", "match identity address 10.0.0.1", "crypto keyring K", "description x"])
    assert candidate.text() == (
        "crypto isakmp profile P\n keyring default\n match identity address 10.0.0.1 255.255.255.255\n"
        "crypto keyring K\n  description x\nend\n"
    )


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus is not beside the project")
def test_every_corpus_file_is_kept() -> None:
    for path in sorted(CORPUS.iterdir()):
        raw = path.read_bytes().decode(errors="replace")
        text = raw.replace("\r\n", "\n").replace("\r", "").removesuffix("\n") + "\n"
        candidate = Candidate.from_text(raw)
        assert candidate.text() == text, path.name
        assert Candidate.from_text(text).text() == text, path.name


LINES = st.sampled_from(
    [*MESSY.splitlines(), *SEED.splitlines(), "", " ", "!", " !", "\t", "exit", "no", "banner motd #", "  quit"]
)
ANY_LINE = st.one_of(
    LINES, st.text(alphabet=st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=30)
)


@given(st.lists(ANY_LINE, max_size=60))
def test_any_text_is_kept(lines: list[str]) -> None:
    text = "\n".join(lines).removesuffix("\n") + "\n"
    assert Candidate.from_text(text).text() == text


@given(st.lists(ANY_LINE, max_size=40), st.lists(ANY_LINE, max_size=40))
def test_any_lines_can_be_sent(lines: list[str], commands: list[str]) -> None:
    candidate = Candidate.from_text("\n".join(lines))
    replies = candidate.apply(commands)
    assert len(replies) == len(commands)
    text = candidate.text()
    assert Candidate.from_text(text).text() == text


def hub(size: int) -> str:
    lines = ["hostname HUB", "crypto keyring KR"]
    lines += [f"  pre-shared-key address 10.{i // 250}.{i % 250}.1 key <PSK:{i:016x}>" for i in range(size)]
    lines.append("!")
    for i in range(size):
        lines += [
            f"crypto isakmp profile P{i}",
            "   keyring KR",
            f"   match identity address 10.{i // 250}.{i % 250}.1 255.255.255.255",
        ]
    return "\n".join([*lines, "end", ""])


def test_a_thousand_commands_in_a_large_configuration() -> None:
    candidate = Candidate.from_text(hub(3000))
    before = candidate.text()
    commands = [f" pre-shared-key address 172.16.{i // 200}.{i % 200} key x" for i in range(500)]
    removals = [f" no pre-shared-key address 172.16.{i // 200}.{i % 200}" for i in range(500)]
    assert not any(reply.refused for reply in candidate.apply(["crypto keyring KR", *commands]))
    assert candidate.text().count("172.16.") == 500
    assert not any(reply.refused for reply in candidate.apply(["crypto keyring KR", *removals]))
    assert candidate.text() == before


REMEMBERED = "hostname R1\n!\ncrypto keyring K1\n  pre-shared-key address 192.0.2.1 key {}\n!\nend\n"


@pytest.mark.parametrize(("key", "redacted"), [("a-sample-key-in-clear", False), ("<PSK:0123456789abcdef>", True)])
def test_only_what_is_redacted_is_remembered(key: str, redacted: bool) -> None:
    """A key in clear must not outlive its configuration in a memory that all of them share (DESIGN 3.6)."""
    tree._remembered.cache_clear()
    candidate = Candidate.from_text(REMEMBERED.format(key), redacted=redacted)
    candidate.apply(["crypto keyring K1", f"no pre-shared-key address 192.0.2.1 key {key}", "exit"])
    assert key not in candidate.text()
    assert bool(tree._remembered.cache_info().currsize) == redacted


def test_what_is_remembered_of_one_configuration_is_no_part_of_another() -> None:
    text = REMEMBERED.format("<PSK:0123456789abcdef>")
    one, other = (Candidate.from_text(text, redacted=True) for _ in range(2))
    one.apply(["crypto keyring K1", "no pre-shared-key address 192.0.2.1 key <PSK:0123456789abcdef>", "exit"])
    assert other.text() == text
    assert one.text() == text.replace("  pre-shared-key address 192.0.2.1 key <PSK:0123456789abcdef>\n", "")
