"""The tables of configuration modes are sound, and every notice the engine prints is one that a push engine may pass."""

from __future__ import annotations

import pytest

from ikeaudit.candidate import Candidate, harmless, replies
from ikeaudit.ios.command import Command
from ikeaudit.ios.names import interface_order, interface_words
from ikeaudit.ios.syntax import Branch, Failure, Match, Typed, add_syntax, read


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("alpha 10.0.0.1", ("alpha", "10.0.0.1")),
        ("al 10.0.0.1 255.0.0.0 tail", ("alpha", "10.0.0.1", "255.0.0.0", "tail")),
        ("alpha 10.0.0.1 tail", ("alpha", "10.0.0.1", "tail")),
        ("beta one", ("beta", "one")),
        ("beta o", Failure("ambiguous", 5, 1)),
        ("beta", Failure("incomplete", 4, 1)),
        ("gamma", Failure("invalid", 0, 0)),
        ("alpha x", Failure("invalid", 6, 1)),
        ("alpha 10.0.0.1 255.0.0.0 tail more", Failure("invalid", 30, 4)),
    ],
)
def test_grammar(typed: str, words: tuple[str, ...] | Failure) -> None:
    root = Branch()
    add_syntax(root, "alpha <address:ip> [<mask:mask>] [tail]", Command(syntax="a", slot="a"))
    add_syntax(root, "beta {which:one|other}", Command(syntax="b", slot="b"))
    found = read(root, Typed.of(typed))
    assert (found.words if isinstance(found, Match) else found) == words


@pytest.mark.parametrize("syntax", ["alpha [", "alpha ]", "alpha <x:nonsense>", "alpha {"])
def test_malformed_syntax_is_an_error(syntax: str) -> None:
    with pytest.raises(ValueError):
        add_syntax(Branch(), syntax, Command(syntax=syntax, slot="x"))


def test_two_commands_cannot_be_spelled_alike() -> None:
    root = Branch()
    add_syntax(root, "alpha [<x>]", Command(syntax="1", slot="1"))
    with pytest.raises(ValueError):
        add_syntax(root, "alpha", Command(syntax="2", slot="2"))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["tu1"], (1, "Tunnel1")),
        (["Tunnel", "1"], (2, "Tunnel1")),
        (["gi0/0/1.100"], (1, "GigabitEthernet0/0/1.100")),
        (["GigabitEthernet0/0"], (1, "GigabitEthernet0/0")),
        (["e0/0"], (1, "Ethernet0/0")),
        (["vlan10"], (1, "Vlan10")),
        (["nonsense1"], None),
        (["Tunnel"], None),
    ],
)
def test_interface_names(words: list[str], found: tuple[int, str] | None) -> None:
    assert interface_words(words, 0) == found


def test_interfaces_sort_by_type_then_number() -> None:
    names = ["Loopback0", "Tunnel2", "Tunnel10", "Ethernet0/0", "GigabitEthernet0/0", "GigabitEthernet0/0.10", "Vlan1"]
    shuffled = [names[i] for i in (4, 2, 6, 0, 5, 3, 1)]
    assert sorted(shuffled, key=interface_order) == names


def test_notices_of_accepted_lines_are_harmless() -> None:
    lines = [
        "crypto ikev2 proposal P",
        "crypto ikev2 policy P",
        "crypto ikev2 profile P",
        "crypto isakmp profile P",
        "match identity address 10.0.0.1",
        "match identity address 10.0.0.1",
        "crypto map M 10 ipsec-isakmp",
        "crypto keyring K",
        "pre-shared-key address 10.0.0.1 key x ",
        "interface Tunnel1",
        "ip address 10.0.0.1 255.0.0.0",
        "vrf forwarding X",
    ]
    spoken = [r for r in Candidate.from_text("hostname R\nend\n").apply(lines) if r.output]
    assert len(spoken) == 8
    assert all(harmless(r.output) and not r.refused for r in spoken)


@pytest.mark.parametrize(
    "output",
    [
        replies.INVALID,
        replies.INCOMPLETE,
        replies.KEY_EXISTS,
        replies.IN_USE,
        replies.UNDEFINED,
        replies.EXCLUDED,
        replies.OTHER_VALUE,
        replies.OTHER_HEADER,
        replies.NOT_UNIQUE,
        replies.HELD,
        replies.KEY_MISSING,
        "something never seen",
    ],
)
def test_other_answers_are_not_harmless(output: str) -> None:
    assert not harmless(output)
