"""The lines that make one configuration of another, worked out by hand; typed, they do."""

from __future__ import annotations

import pytest

from ikeaudit.candidate import Candidate, Comparison, compare
from ikeaudit.candidate.candidate import after_commands
from ikeaudit.candidate.way import accepted, lost, way

E0 = "interface Ethernet0/0\n ip address 10.0.0.1 255.0.0.0\n"
KEY = "  pre-shared-key address 192.0.2.1 key {}\n"
A1, A2, A3 = (f"access-list 101 permit ip host 10.0.0.{n} any\n" for n in (1, 2, 3))
LIST = "ip access-list extended A\n"
P1, P2 = " permit ip host 10.0.0.1 any\n", " permit ip host 10.0.0.2 any\n"

WAYS = {
    "nothing": (E0, E0, ""),
    "a new line": (E0, f"{E0} shutdown\n", "interface Ethernet0/0|shutdown|exit"),
    "one less": (f"{E0} description x\n", E0, "interface Ethernet0/0|no description x|exit"),
    "another value": (f"{E0} description x\n", f"{E0} description y\n", "interface Ethernet0/0|description y|exit"),
    "a no line taken back": (f"{E0} no ip redirects\n", E0, "interface Ethernet0/0|ip redirects|exit"),
    "a no line": (E0, f"{E0} no ip redirects\n", "interface Ethernet0/0|no ip redirects|exit"),
    "the new first, the old last": (
        f"crypto keyring K1\n{KEY.format('a')}",
        f"crypto keyring K2\n{KEY.format('a')}",
        "crypto keyring K2|pre-shared-key address 192.0.2.1 key a|exit|no crypto keyring K1",
    ),
    "another key": (
        f"crypto keyring K\n{KEY.format('a')}",
        f"crypto keyring K\n{KEY.format('b')}",
        "crypto keyring K|no pre-shared-key address 192.0.2.1 key a|pre-shared-key address 192.0.2.1 key b|exit",
    ),
    "a section in a section": (
        "crypto ikev2 keyring K\n",
        "crypto ikev2 keyring K\n peer P\n  address 192.0.2.1\n",
        "crypto ikev2 keyring K|peer P|address 192.0.2.1|exit|exit",
    ),
    "the last defined goes first": (
        "crypto keyring K1\ncrypto keyring K2\n",
        "",
        "no crypto keyring K2|no crypto keyring K1",
    ),
    "an entry of a numbered list": (A1 + A3, A1 + A2 + A3, "no access-list 101|" + "|".join((A1 + A2 + A3).split("\n")[:-1])),
    "a new numbered list": ("", A1 + A2, "|".join((A1 + A2).split("\n")[:-1])),
    "a numbered list that goes": (A1 + A2, "", "no access-list 101"),
    "the same lists": (A1 + A2 + LIST + P1 + P2, A1 + A2 + LIST + P1 + P2, ""),
    "a policy is no numbered list": (
        "crypto isakmp policy 20\n group 14\n",
        "crypto isakmp policy 10\n group 14\ncrypto isakmp policy 20\n group 14\n",
        "crypto isakmp policy 10|group 14|exit",
    ),
    "the same numbered list": (A1 + A2, A1 + A2 + "crypto keyring K\n", "crypto keyring K|exit"),
    "an entry of a named list": (
        LIST + P1,
        LIST + P2 + P1,
        f"{LIST.strip()}|no {P1.strip()}|{P2.strip()}|{P1.strip()}|exit",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WAYS)
def test_the_way(name: str) -> None:
    """Wrong lines that this catches: order, what is taken back first, lists whose entries have numbers of their own."""
    before, after, lines = WAYS[name]
    one, other = (Candidate.from_text(f"hostname R1\n{text}end\n") for text in (before, after))
    there = way(one, other)
    assert "|".join(there) == lines
    assert not [reply.output for reply in one.apply(there) if reply.refused]
    assert compare(one, other) == Comparison((), ())


PROFILE = "crypto isakmp profile P\n   match identity address 192.0.2.1 255.255.255.255\n"
DANGLES, ALSO = "   keyring GONE\n", "   keyring NONE\n"


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        (PROFILE, PROFILE, None), (PROFILE + DANGLES, PROFILE, ("keyring GONE",)), (PROFILE, PROFILE + DANGLES, None),
        (PROFILE + DANGLES + ALSO, PROFILE, ("keyring GONE", "keyring NONE")),
        (f"{PROFILE}{DANGLES}   description x\n", PROFILE, None), (f"{PROFILE}   description x\n", PROFILE, None),
        (PROFILE + DANGLES, f"crypto keyring GONE\n{PROFILE}", None),
    ],
)  # fmt: skip
def test_what_is_lost_is_what_a_router_would_not_take_again(
    before: str, after: str, lines: tuple[str, ...] | None
) -> None:
    """A dangling reference cannot be typed (U-10); where more differs, nothing is told."""
    one, other = (Candidate.from_text(f"hostname R1\n{text}end\n") for text in (before, after))
    text = other.text()
    assert lost(one, other) == lines
    assert other.text() == text, "it is only tried"


def test_what_a_router_takes_of_some_lines() -> None:
    candidate = Candidate.from_text(f"hostname R1\n{PROFILE}end\n")
    text, lines = candidate.text(), ("crypto isakmp profile P", "keyring GONE", "description x", "exit", "hostname S")
    assert accepted(candidate, lines) == ("crypto isakmp profile P", "description x", "exit", "hostname S")
    assert candidate.text() == text
    assert after_commands("hostname R1\n!\nend\n", ["hostname S", "keyring GONE"]) == "hostname S\n!\nend\n"
