"""A line with one wrong letter in a keyword is unknown, or what it says is the same to IOS: nothing unread is fine."""

from __future__ import annotations

from functools import cache
from itertools import islice

import pytest
from misspelling import Case, cases, config, wrong
from parsed import config as parsed

from ikeaudit.ios.language import LANGUAGES
from ikeaudit.parsing.redact.vocabulary import is_shortened, keywords

ALLOWED = {
    "the router takes the whole of what follows for the key": {"pre-shared-key": "local remote hex"},
    "behind 'crypto key' nothing is kept: what a section of public keys says decides nothing": {
        "crypto": "pubkey-chain rsa"
    },
    "a name may stand there": {
        "crypto gdoi group": "ipv6", "crypto gkm group": "ipv6", "tunnel destination": "dynamic",
    },
    "what a line takes back holds no secret, but is cut as if it did": {
        "key": "config-key", "password": "encryption", "authentication local pre-share": "key",
        "authentication remote pre-share": "key",
    },
    "'default' is a command of its own there": {
        "": "group peer local-address connect mode virtual-interface", "group": "key",
    },
}  # fmt: skip
"""Why a misspelling passes that no rule of :func:`passes` knows: behind which words, and which words."""

OF_LINES_THAT_TAKE_BACK = tuple(ALLOWED)[-2:]


SHORT, OTHER = "a keyword cut short", "a word of IOS of its own"


def passes(case: Case) -> str:
    """Why nothing need be unknown of a misspelt line; empty where something has to be."""
    step = LANGUAGES[case.mode].steps
    for word in case.front:
        step = step.next.get(word, step)
    if any(word.startswith(case.bad) for word in (case.word, *step.next)):
        return SHORT
    if case.bad in keywords() or (case.row == "operands" and is_shortened(case.bad)):
        return OTHER
    return next(
        (
            reason
            for reason, places in ALLOWED.items()
            for front, words in places.items()
            if " ".join(case.front).startswith(front)
            and case.word in words.split()
            and (reason not in OF_LINES_THAT_TAKE_BACK or case.text.startswith(("no ", "default ")))
        ),
        "",
    )


def silent(case: Case) -> bool:
    """Whether the line is taken for one of which nothing is unknown."""
    text, line = config(case)
    return line not in {number for number, _ in parsed(text).unknown}


def test_one_line_in_twenty() -> None:
    assert [case for case in islice(cases(1), 0, None, 20) if silent(case) and not passes(case)] == []


@pytest.mark.full
@pytest.mark.parametrize("seed", range(1, 5))
def test_every_line(seed: int) -> None:
    assert [case for case in cases(seed) if silent(case) and not passes(case)] == []


@cache
def _all() -> tuple[Case, ...]:
    return tuple(cases(1))


@pytest.mark.full
def test_what_is_let_through_is_little() -> None:
    """The allowance is no hole: everything that it names is let through, and that is one line in fifty."""
    through = [case for case in _all() if passes(case) and silent(case)]
    assert {passes(case) for case in through} == {SHORT, OTHER, *ALLOWED}
    assert sum(passes(case) == OTHER for case in through) < len(_all()) / 200
    assert sum(passes(case) in ALLOWED for case in through) < len(_all()) / 50


def test_the_four_ways_to_mistype() -> None:
    assert all(len(wrong(word, "1")) >= 3 for word in ("keyring", "match", "tunnel"))
    assert wrong("aa", "1")[0] != "aa" and "a" in wrong("aa", "1") and "aaa" in wrong("aa", "1")
    words = {case.word for case in _all()}
    assert {"crypto", "keyring", "secondary", "nbma", "overload", "path", "verify", "signature", "gikev2"} <= words


@pytest.mark.parametrize(
    ("section", "line"),
    [
        ("interface GigabitEthernet0/1", "ip vf RED"),
        ("interface GigabitEthernet0/1", "ip address 192.0.2.1 255.255.255.0 seconadry"),
        ("", "key cofnig-key password-encrypt"),
        ("", "password enncryption aes"),
        ("archive", "pth flash:archive"),
        ("crypto ikev2 profile P", "pki trustpoint X verifyy"),
        ("crypto keyring K", "rsa-pubkey address 192.0.2.1 signaure"),
        ("crypto gdoi group G", "client protocol gikve2 P"),
        ("", "crypto ipsec nat-transparency udp-encapsulatin"),
        ("", "no crypto ipsec nat-transparency udp-encapsulatin"),
        ("", "ip nat inside source list 1 interface GigabitEthernet0/1 overlaod"),
        ("", "ip nat inside source static tcp 10.0.0.1 80 interfcae Loopback0 80"),
        ("", "default crypto isakmp polcy 1"),
        ("", "default cyrpto isakmp policy 1"),
        ("", "no crypto isakmp polcy 1"),
        ("", "srchive"),
        ("crypto map CM 10 ipsec-isakmp", "reverse-route statci"),
        ("interface Tunnel0", "ip nhrp nhs 10.0.0.1 nmba 192.0.2.1"),
        ("interface Tunnel0", "tunnel destination dynamc"),
        ("interface Tunnel0", "no ip natt inside"),
        ("route-map RM permit 10", "mathc ip address VPN"),
        ("route-map RM permit 10", "macth interface Tunnel0"),
        ("route-map RM permit 10", "contniue 20"),
    ],
)
@pytest.mark.parametrize("front", ["", "R1#show running-config\n"], ids=["printed", "typed"])
def test_a_misspelt_line_is_unknown(front: str, section: str, line: str) -> None:
    head = f"{front}version 15.9\nhostname R1\n!\n"
    indented = f" {line}" if section else line
    text = f"{head}{section or '!'}\n{indented}\n!\nend\n"
    assert [number for number, _ in parsed(text).unknown] == [head.count("\n") + 2]


@pytest.mark.parametrize(
    ("section", "line"),
    [
        ("", "default crypto isakmp policy 1"),
        ("", "default interface GigabitEthernet0/1"),
        ("", "default ip route 0.0.0.0 0.0.0.0 192.0.2.1"),
        ("", "crypto ipsec nat-transparency spi-matching"),
        ("", "no crypto ipsec nat-transparency udp-encapsulation"),
        ("", "ip nat inside source static 10.0.0.1 192.0.2.1 vrf RED match-in-vrf no-alias"),
        ("", "ip nat inside source list NAT pool overloda overload"),  # a pool may have any name
        ("", "ip route 10.0.0.0 255.0.0.0 192.0.2.1 name permanet track 1"),
        ("", "key chain K"),
        ("interface Tunnel0", "no tunnel bandwidth transmit"),
        ("interface Tunnel0", "default ip address"),
        ("interface Tunnel0", "tunnel destination dyn.example.org"),
        ("interface Tunnel0", "ip nhrp nhs cluster 1 max-connections 2"),
        ("interface Tunnel0", "ip ospf 4 area 0"),
        ("interface Tunnel0", "channel-group 1 mode passive"),
        ("crypto map CM 10 ipsec-isakmp", "reverse-route static"),
        ("crypto map CM 10 ipsec-isakmp", "reverse-route"),
        ("archive", "maximum 14"),
        ("ip vrf RED", "rd 65000:1"),
    ],
)
@pytest.mark.parametrize("front", ["", "R1#show running-config\n"], ids=["printed", "typed"])
def test_a_genuine_line_is_not(front: str, section: str, line: str) -> None:
    text = f"{front}version 15.9\nhostname R1\n!\n{section or '!'}\n{' ' if section else ''}{line}\n!\nend\n"
    assert not parsed(text).unknown
