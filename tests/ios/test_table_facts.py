"""Facts about IOS that stand in single fields of the tables, said here a second time from its command references."""

from __future__ import annotations

from itertools import takewhile

import pytest

from ikeaudit.candidate import Candidate
from ikeaudit.ios.command import Command
from ikeaudit.ios.language import GLOBAL, LANGUAGES
from ikeaudit.ios.notation import sequences
from ikeaudit.ios.syntax import GROUPS, IKEV2_CIPHERS, IKEV2_HASHES, TRANSFORMS, Match

ROWS = [(mode, row) for mode, language in LANGUAGES.items() for row in language.mode.commands]


def said(entries: str) -> set[str]:
    return {" ".join(entry.split()) for entry in entries.replace("\n", ";").split(";") if entry.strip()}


def slots(field: str) -> set[str]:
    return {f"{mode}: {row.slot}" for mode, row in ROWS if getattr(row, field)}


ON = """
global: ip routing; global: ip domain lookup; global: ip domain-lookup; global: crypto isakmp enable
global: crypto isakmp default policy; global: crypto ipsec nat-transparency udp-encapsulation
interface: ip redirects; interface: ip unreachables; interface: ip proxy-arp; interface: ip split-horizon
"""
OFF = """
global: service; global: logging console; global: aaa new-model; global: ip cef; global: ip source-route
global: ip icmp rate-limit; global: ip dhcp snooping; global: ipv6 cef; global: crypto ikev2 http-url cert
global: ip forward-protocol; global: ip http server; global: ip http secure-server; interface: ip address
"""


def test_what_is_on_unless_no_is_printed() -> None:
    assert slots("hidden") == said(ON)


def test_what_is_printed_with_no_when_it_is_off() -> None:
    assert slots("negative") == said(ON) | said(OFF)


@pytest.mark.parametrize("line", sorted(said(ON) | said(OFF)))
def test_a_no_line_that_is_printed(line: str) -> None:
    mode, _, slot = line.partition(": ")
    value = {
        "service": " pad",
        "ip icmp rate-limit": " unreachable",
        "ip dhcp snooping": " vlan",
        "ip forward-protocol": " nd",
    }
    typed = f"no {slot}{value.get(slot, '')}"
    candidate = Candidate.from_text("hostname R\ninterface Loopback0\nend\n")
    section = ["interface Loopback0"] if mode == "interface" else []
    assert candidate.apply([*section, typed])[-1].changed
    assert typed in [printed.strip() for printed in candidate.text().splitlines()]
    assert not candidate.apply([*section, typed])[-1].changed


def test_the_order_of_these_decides() -> None:
    objects = "crypto keyring; crypto isakmp profile; crypto ikev2 policy; crypto ikev2 keyring; crypto ikev2 profile"
    inside = {"isakmp-profile: keyring", "ikev2-policy: proposal", "crypto-map: set peer"}
    assert slots("ordered") == {f"global: {name}" for name in said(objects)} | inside
    lists = {"acl-extended", "acl-standard", "acl-ipv6"}
    assert {name for name, language in LANGUAGES.items() if language.mode.ordered} == lists


def test_one_peer_block_only_may_hold_these() -> None:
    assert slots("unique") == {f"ikev2-peer: {slot}" for slot in ("address", "address ipv6", "hostname", "identity")}
    assert all(
        row.unique for mode, row in ROWS if mode == "ikev2-peer" and row.slot in ("address", "hostname", "identity")
    )


def test_separators_stand_around_every_section_but_those_that_ios_lists_in_a_row() -> None:
    opening = {row.slot for _, row in ROWS if row.opens and not row.separated and row in GLOBAL.mode.commands}
    assert opening == {
        "crypto keyring", "crypto isakmp profile", "crypto ipsec transform-set", "crypto map", "crypto dynamic-map"
    }  # fmt: skip
    assert {row.slot for _, row in ROWS if row.separated and not row.opens} == {"banner"}


CLOSED = """
global; keyring; rsa-pubkey; isakmp-policy; isakmp-profile; isakmp-peer; ikev2-proposal; ikev2-policy; ikev2-keyring
ikev2-peer; ikev2-profile; transform-set; ipsec-profile; crypto-map; interface; archive; archive-log; certificate-chain
"""
"""Modes of which every command is known, so that anything else is refused."""


def test_where_any_line_is_taken_as_it_comes() -> None:
    assert {name for name, language in LANGUAGES.items() if not language.mode.accepts_any} == said(CLOSED)


def test_indents() -> None:
    indents = {name: language.mode.indent for name, language in LANGUAGES.items() if language.mode.indent != 1}
    assert indents == {"global": 0, "keyring": 2, "isakmp-profile": 3}


@pytest.mark.parametrize(
    ("header", "prompt"),
    [
        ("interface Tunnel1", "(config-if)#"),
        ("interface GigabitEthernet0/0.10", "(config-subif)#"),
        ("router bgp 65000", "(config-router)#"),
        ("crypto dynamic-map D 10", "(config-crypto-map)#"),
    ],
)
def test_prompts_of_sections(header: str, prompt: str) -> None:
    candidate = Candidate.from_text("hostname R\nend\n", strict_references=False)
    assert candidate.apply([header, "!"])[-1].mode == prompt


@pytest.mark.parametrize(
    ("words", "listed", "line"),
    [
        (
            TRANSFORMS,
            "ah-md5-hmac ah-sha-hmac ah-sha256-hmac ah-sha384-hmac ah-sha512-hmac comp-lzs esp-3des esp-aes esp-des esp-gcm "
            "esp-gmac esp-md5-hmac esp-null esp-seal esp-sha-hmac esp-sha256-hmac esp-sha384-hmac esp-sha512-hmac",
            ["crypto ipsec transform-set T {}"],
        ),
        (
            IKEV2_CIPHERS,
            "3des aes-cbc-128 aes-cbc-192 aes-cbc-256 aes-gcm-128 aes-gcm-256 des",
            ["crypto ikev2 proposal P", "encryption {}"],
        ),
        (IKEV2_HASHES, "md5 sha1 sha256 sha384 sha512", ["crypto ikev2 proposal P", "integrity {}"]),
        (GROUPS, "1 2 5 14 15 16 19 20 21 24", ["crypto ikev2 proposal P", "group {}"]),
        (GROUPS, "1 2 5 14 15 16 19 20 21 24", ["crypto isakmp policy 10", "group {}"]),
        (GROUPS, "1 2 5 14 15 16 19 20 21 24", ["crypto ipsec profile P", "set pfs group{}"]),
    ],
)
def test_algorithms(words: frozenset[str], listed: str, line: list[str]) -> None:
    for word in listed.split():
        replies = Candidate.from_text("end\n").apply([one.format(word) for one in line])
        assert not any(reply.refused for reply in replies), word
    assert words == set(listed.split())
    assert Candidate.from_text("end\n").apply([one.format("esp-rot13") for one in line])[-1].refused


TOLD = {
    "isakmp-profile": "initiate mode aggressive; initiate mode main; self-identity fqdn; match identity address 10.0.0.1",
    "ikev2-profile": "aaa accounting x; aaa authentication x; aaa authorization x; identity local fqdn a.b",
    "ipsec-profile": "reverse-route static; reverse-route remote-peer; reverse-route tag; set transform-set T; set pfs group2",
    "interface": (
        "tunnel mode gre ip; tunnel mode gre ipv6; tunnel mode gre multipoint; tunnel mode ipsec ipv4 v6-overlay;"
        "tunnel mode ipsec ipv6 v4-overlay; tunnel mode mpls; tunnel mode ethernet gre; tunnel mode ipv6ip; tunnel mode udp;"
        "ip nhrp map multicast dynamic; tunnel bandwidth x; tunnel ttl 9; tunnel tos 9; tunnel flow x; crypto map M"
    ),
    "crypto-map": "set peer 10.0.0.1; set security-association level; match address 100",
}


@pytest.mark.parametrize(
    ("mode", "line"), [(mode, line) for mode, lines in TOLD.items() for line in sorted(said(lines))]
)
def test_a_line_is_told_by_its_keywords_down_to_the_last(mode: str, line: str) -> None:
    """One letter short in each keyword, a line is spelt out again: what people type is not what is printed."""
    cut = (word[:-1] if len(word) > 3 and word.replace("-", "").isalpha() else word for word in line.split())
    short = " ".join(cut)
    assert LANGUAGES[mode].spell(line).known
    assert LANGUAGES[mode].spell(short).text == line


def test_a_command_without_a_secret_has_none() -> None:
    assert (Command(syntax="a <b>", slot="a").secret, Command(syntax="a <b>", slot="a").psk) == ("", "")
    assert (Command(syntax="a <b:secret>", slot="a").secret, Command(syntax="a <b:secret>", slot="a").psk) == ("b", "")
    assert (Command(syntax="a <b:psk>", slot="a").secret, Command(syntax="a <b:psk>", slot="a").psk) == ("b", "b")


def test_a_remark_begins_at_the_first_mark_behind_a_blank() -> None:
    found = LANGUAGES["isakmp-policy"].read("hash md5 !one !two")
    assert isinstance(found, Match) and found.words == ("hash", "md5")
    assert not isinstance(LANGUAGES["isakmp-policy"].read("hash md5!one"), Match)


def concerned(mode: str, words: tuple[str, ...]) -> bool:
    """By the rows alone: whether everything that may follow some beginning of ``words`` has to do with tunnels."""
    heads = [
        (tuple(token.word for token in takewhile(lambda token: token.word, tokens)), row)
        for row in LANGUAGES[mode].mode.commands
        for syntax in row.spellings
        for tokens in sequences(syntax)
    ]
    for size in range(1, len(words) + 1):
        rows = [row for head, row in heads if head[:size] == words[:size]]
        if rows and all(row.bears != "other" for row in rows):
            return True
        if not rows:
            return False
    return False


@pytest.mark.parametrize("mode", sorted(LANGUAGES))
def test_what_concerns_tunnels_by_its_first_words(mode: str) -> None:
    beginnings = {
        tuple(token.word for token in takewhile(lambda token: token.word, tokens))[:2]
        for row in LANGUAGES[mode].mode.commands
        for tokens in sequences(row.syntax)
        if tokens[0].word not in ("no", "default")
    }
    for words in sorted(beginnings - {()})[:60]:
        assert LANGUAGES[mode].concerns(f"{' '.join(words)} xyzzy") is concerned(mode, (*words, "xyzzy")), words
    assert not LANGUAGES[mode].concerns("xyzzy")
