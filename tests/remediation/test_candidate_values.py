"""Which value a line typed for the second time, or taken back, is about: the last edges of ``line_effects``."""

from __future__ import annotations

import pytest

from ikeaudit.candidate import Candidate

RING = "crypto keyring K\n  pre-shared-key address 192.0.2.1 key{} a b{}\nend\n"


@pytest.mark.parametrize(("front", "end"), [("", ""), ("", " "), (" ", ""), (" ", "  ")])
@pytest.mark.parametrize("typed", ["a b", "a b ", " a b", ""])
def test_a_key_taken_back_is_told_without_the_blanks_at_its_end(front: str, end: str, typed: str) -> None:
    candidate = Candidate.from_text(RING.format(front, end))
    line = f"no pre-shared-key address 192.0.2.1 key {typed}" if typed else "no pre-shared-key address 192.0.2.1"
    assert candidate.apply(["crypto keyring K", line])[-1].changed
    assert "pre-shared-key" not in candidate.text()


@pytest.mark.parametrize("typed", ["b", "a", "a b c", "a  b", "A b"])
def test_another_key_takes_nothing_back(typed: str) -> None:
    candidate = Candidate.from_text(RING.format("", " "))
    reply = candidate.apply(["crypto keyring K", f"no pre-shared-key address 192.0.2.1 key {typed}"])[-1]
    assert reply.output.startswith("% The line configured here reads differently")
    assert candidate.text() == Candidate.from_text(RING.format("", " ")).text()


def test_an_address_that_a_peer_said_no_to_may_be_its_own() -> None:
    text = "crypto ikev2 keyring K\n peer A\n  no address 192.0.2.1\n !\n!\nend\n"
    candidate = Candidate.from_text(text)
    assert candidate.apply(["crypto ikev2 keyring K", "peer A", "address 192.0.2.1"])[-1].output == ""
    assert candidate.text() == text.replace("no address", "address")


def test_every_line_has_its_reply() -> None:
    lines = ["configure terminal", "hostname R2", "end", "show clock", "conf t", "hostname R3"]
    candidate = Candidate.from_text("hostname R1\nend\n")
    replies = candidate.apply(lines)
    assert [reply.command for reply in replies] == lines
    assert [reply.mode for reply in replies] == ["#", "(config)#", "(config)#", "#", "#", "(config)#"]
    assert candidate.text() == "hostname R3\nend\n"


@pytest.mark.parametrize("rest", ["", " exit-address-family\n", "!\nend\n", " exit-address-family\n!\nend\n"])
def test_a_block_goes_with_its_end_wherever_the_text_ends(rest: str) -> None:
    text = f"router bgp 1\n address-family ipv4\n  no synchronization\n{rest}"
    candidate = Candidate.from_text(text)
    assert candidate.apply(["router bgp 1", "no address-family ipv4"])[-1].changed
    assert candidate.text() == "router bgp 1\n" + rest.replace(" exit-address-family\n", "")
