"""Every command that tunnels depend on, typed with one wrong letter, in a configuration in which it counts."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import cache
from string import ascii_lowercase
from typing import NamedTuple
from zlib import crc32

from spellings import SAMPLES

from ikeaudit.ios.command import Command
from ikeaudit.ios.language import LANGUAGES
from ikeaudit.ios.notation import Token, sequences
from ikeaudit.parsing.kinds import STEERING

KEY = "Zq7Secret9"
_SAMPLES = {
    **SAMPLES, "text": "NAME", "operands": "10", "line": "NAME", "words": "10", "encoding": "0", "digit": "0",
    **dict.fromkeys(("psk", "psktext", "pskword", "secret", "secretword", "secrettag"), KEY),
}  # fmt: skip
_HEAD = "version 15.9\nhostname R1\n!\ninterface Tunnel0\n ip address 10.0.0.1 255.255.255.0\n!\n"
_USED = "crypto map CMX 10 ipsec-isakmp\n set peer 192.0.2.9\n match address {}\n!\ninterface Loopback9\n crypto map CMX\n!\n"
_NAT = "ip nat inside source route-map NAME interface Loopback0 overload\n"
_GROUPED = "ip access-list extended NAME\n permit ip object-group NAME any\n!\n"
_TAKING_BACK = ("", "no ", "default ")

OPERANDS = {
    "global": """
        ip nat inside source list 1 interface Loopback0 overload
        ip nat inside source list 1 pool NAME overload
        ip nat inside source route-map NAME interface Loopback0 overload
        ip nat inside source list 1 interface Loopback0 vrf NAME overload
        ip nat inside source static 10.0.0.1 192.0.2.1
        ip nat inside source static 10.0.0.1 192.0.2.1 route-map NAME extendable
        ip nat inside source static network 10.0.0.0 192.0.2.0 /24
        ip nat inside source static tcp 10.0.0.1 80 interface Loopback0 80
        ip nat outside source static 10.0.0.1 192.0.2.1 add-route
        ip route vrf NAME 10.0.0.0 255.0.0.0 Loopback0 10.1.1.1 200 track 1
        ip route 10.0.0.0 255.0.0.0 10.1.1.1 200 name NAME
        ip route 10.0.0.0 255.0.0.0 10.1.1.1 permanent
        ip route 10.0.0.0 255.0.0.0 10.1.1.1 tag 10
        ip route 0.0.0.0 0.0.0.0 dhcp
        ipv6 route 2001:db8::/32 Loopback0 tag 10
        ip host NAME 192.0.2.1
        ip local policy route-map NAME
        ip default-gateway 192.0.2.1
        access-list 101 permit ip host 192.0.2.1 any
        access-list 101 permit udp any eq isakmp host 192.0.2.1
    """,
    "acl-extended": """
        permit gre host 192.0.2.1 any
        permit udp any host 192.0.2.1 eq isakmp
        permit ip object-group NAME any
        deny ip any any
        10 permit tcp any range 10 20 any
        remark NAME
    """,
    "acl-standard": "permit host 192.0.2.1; deny any; 10 permit 192.0.2.0 0.0.0.255",
    "acl-ipv6": "permit ipv6 any any; sequence 10 permit ipv6 any host 2001:db8::1; deny ipv6 any any",
    "route-map": "match ip address NAME; match interface Loopback0",
    "object-group": "host 192.0.2.1; 192.0.2.0 255.255.255.0; group-object NAME; tcp eq www",
    "interface": """
        ip nhrp map multicast dynamic
        ip nhrp map multicast 192.0.2.1
        ip nhrp map 10.0.0.1 192.0.2.1
        ip nhrp nhs 10.0.0.1 nbma 192.0.2.1 multicast
        ip nhrp nhs dynamic nbma 192.0.2.1
        ip nhrp nhs 10.0.0.1 priority 1 cluster 2
        ip nhrp redirect
        ip nhrp shortcut
        ip ospf network point-to-point
        ip address dhcp
        ip vrf forwarding NAME
        standby 1 ip 10.0.0.9
        standby version 2
        standby 1 priority 110
        vrrp 1 ip 10.0.0.9
        vrrp 1 address-family ipv4
        glbp 1 ip 10.0.0.9
        ipv6 address 2001:db8::1/64
        ipv6 address autoconfig
        ip unnumbered Loopback0
        ip policy route-map NAME
        ip access-group 101 in
        ipv6 traffic-filter NAME in
        tunnel path-mtu-discovery
        tunnel protection ipsec policy ipv4 NAME
        channel-group 1 mode active
    """,
    "archive": "path flash:archive",
    "crypto-map": "set peer 192.0.2.7 default; reverse-route static; match address NAME",
}
"""Lines whose keywords stand in operands that the tables leave open, by their mode."""

_SAID_ABOVE = frozenset(
    f"interface/{name}" for name in ("standby", "vrrp", "glbp", "address", "ip-next-hop-self-eigrp")
)
"""Commands of interfaces whose made up operands would be none; :data:`OPERANDS` holds true ones."""


class Case(NamedTuple):
    """``bad`` stands for ``word`` in ``text``, a line of a ``mode``, behind the words ``front``; ``row`` names the command."""

    mode: str
    row: str
    text: str
    word: str
    bad: str
    front: tuple[str, ...]


@cache
def sections(*, all_modes: bool = False) -> dict[str, tuple[str, ...]]:
    """Of each mode that tunnels depend on, or of all, the headers that lead into it."""
    found: dict[str, tuple[str, ...]] = {"global": ()}
    waiting = ["global"]
    while waiting:
        outer = waiting.pop()
        for row in LANGUAGES[outer].mode.commands:
            if (
                row.opens
                and row.opens not in found
                and not row.existing_only
                and (all_modes or row.section or outer != "global")
            ):
                header = " ".join(_made(min(sequences(row.syntax), key=len)))
                found[row.opens] = (*found[outer], " " * len(found[outer]) + header)
                waiting.append(row.opens)
    return found


def _made(tokens: Sequence[Token]) -> list[str]:
    return [token.word or _SAMPLES[token.type] for token in tokens]


def made(tokens: Sequence[Token], key: str) -> list[str]:
    """The words of a line with operands made up, ``key`` where a secret stands."""
    return [key if word == KEY else word for word in _made(tokens)]


def wrong(word: str, seed: str) -> list[str]:
    """``word`` with a letter changed, one left out, one doubled, two swapped; where, is drawn by ``seed``."""
    draw = random.Random(crc32(f"{seed} {word}".encode()))
    at, out, twice = (draw.randrange(len(word)) for _ in range(3))
    swaps = [n for n in range(len(word) - 1) if word[n] != word[n + 1]]
    swap = draw.choice(swaps) if swaps else 0
    letter = draw.choice([one for one in ascii_lowercase if one != word[at].lower()])
    made = (
        word[:at] + letter + word[at + 1 :],
        word[:out] + word[out + 1 :],
        word[:twice] + word[twice] + word[twice:],
        word[:swap] + word[swap : swap + 2][::-1] + word[swap + 2 :],
    )
    return [one for one in dict.fromkeys(made) if one not in ("", word)]


def _matters(mode: str, row: Command) -> bool:
    if row.id in _SAID_ABOVE or row.bears == "unclear":
        return False
    return row.bears == "modelled" or bool(row.section) or row.id in STEERING


def _telling(ways: list[list[Token]]) -> Iterator[list[Token]]:
    """As few of some ways to spell a syntax as hold each of its keywords, and the shortest."""
    told = set[str]()
    for tokens in ways:
        words = {token.word for token in tokens}
        if not words <= told or tokens is ways[-1]:
            told |= words
            yield tokens


def _said(token: Token) -> int:
    return 0 if not token.word else 1 if token.name else 2


def _lines() -> Iterator[tuple[str, str, list[str], list[int]]]:
    """Mode, command and words of every line, and which are keywords: 1 where others may stand in their place, else 2."""
    for mode in sections():
        for row in LANGUAGES[mode].mode.commands:
            for syntax in (row.syntax, *row.also) if _matters(mode, row) else ():
                for tokens in _telling(sequences(syntax)):
                    yield mode, row.id, _made(tokens), [_said(token) for token in tokens]
    for mode, text in OPERANDS.items():
        for line in text.replace("\n", ";").split(";"):
            words = line.split()
            yield mode, "operands", words, [int(word.replace("-", "").isalpha() and word.islower()) for word in words]


def cases(seed: int) -> Iterator[Case]:
    """Each of them once; behind ``no`` and ``default`` as far as a line's leading words go, which tell what is taken back."""
    seen = set[tuple[str, str]]()
    for mode, row, words, keywords in _lines():
        leading = next((n for n, keyword in enumerate(keywords) if keyword < 2), len(keywords))
        for at, word in enumerate(words):
            if not keywords[at] or len(word) < 2 or word.isdigit():
                continue
            for bad in wrong(word, f"{seed} {row}"):
                for taking in _TAKING_BACK if at < leading else ("",):
                    text = taking + " ".join((*words[:at], bad, *words[at + 1 :]))
                    if (mode, text) not in seen:
                        seen.add((mode, text))
                        yield Case(mode, row, text, word, bad, tuple(words[:at]))


def config(case: Case) -> tuple[str, int]:
    """A configuration that holds the line where it counts, and the line's number."""
    headers = sections()[case.mode]
    behind = _USED.format("101" if case.mode == "global" else "NAME")
    if case.mode == "route-map":
        behind += _NAT
    if case.mode == "object-group":
        behind += _GROUPED
    above = _HEAD + "".join(f"{header}\n" for header in headers)
    return f"{above}{' ' * len(headers)}{case.text}\n!\n{behind}end\n", above.count("\n") + 1
