"""What the sources leave open, taken either way: refused when strict, done when not (DOMAIN 10.2 U-10)."""

from __future__ import annotations

from pathlib import Path

import pytest

from ikeaudit.candidate import Candidate
from ikeaudit.ios.replies import UNDEFINED_ALWAYS

SEED = (Path(__file__).parent / "candidate" / "seed_r1.cfg").read_text()
V2 = """\
hostname R
!
crypto ikev2 keyring V
 peer ONE
  address 192.0.2.1
  identity fqdn one.example.net
  pre-shared-key <PSK:1111111111111111>
 !
 peer TWO
  address 192.0.2.2
  pre-shared-key <PSK:2222222222222222>
 !
!
end
"""

EITHER = pytest.mark.parametrize("strict", [True, False], ids=["strict", "lax"])


def last(text: str, strict: bool, *lines: str) -> tuple[str, bool, bool, str]:
    """The last answer, whether it is a refusal and whether it changed anything, and the text afterwards."""
    candidate = Candidate.from_text(text, strict_references=strict)
    reply = candidate.apply(lines)[-1]
    return reply.output, reply.refused, reply.changed, candidate.text()


@EITHER
@pytest.mark.parametrize(
    ("section", "line", "missing"),
    [
        ("crypto isakmp profile profile1", "keyring NONE", "crypto keyring NONE"),
        ("crypto ipsec profile profile1", "set isakmp-profile NONE", "crypto isakmp profile NONE"),
        ("crypto ikev2 profile NEW", "keyring local NONE", "crypto ikev2 keyring NONE"),
        ("crypto ikev2 policy NEW", "proposal NONE", "crypto ikev2 proposal NONE"),
        ("interface Tunnel1", "tunnel protection ipsec profile NONE", "crypto ipsec profile NONE"),
    ],
)
def test_a_name_that_nothing_defines(strict: bool, section: str, line: str, missing: str) -> None:
    output, refused, changed, text = last(SEED, strict, section, line)
    assert (refused, changed) == (strict, not strict)
    assert (output == f"% {missing} is not defined") is strict
    assert (f" {line}\n" in text) is not strict


@EITHER
@pytest.mark.parametrize(
    ("lines", "kind", "name"),
    [
        (("crypto ipsec profile profile1", "set transform-set NONE"), "crypto ipsec transform-set", "NONE"),
        (("interface Ethernet0/0", "crypto map NONE"), "crypto map", "NONE"),
    ],
)
def test_a_name_that_ios_itself_wants_defined(strict: bool, lines: tuple[str, ...], kind: str, name: str) -> None:
    output, refused, changed, text = last(SEED, strict, *lines)
    assert (output, refused, changed) == (UNDEFINED_ALWAYS[kind].format(name=name), True, False)
    assert text == Candidate.from_text(SEED).text()


@EITHER
def test_defaults_and_what_is_defined_are_never_missed(strict: bool) -> None:
    for lines in (
        ("crypto isakmp profile profile1", "keyring default"),
        ("crypto ipsec profile profile1", "set isakmp-profile profile1"),
    ):
        _, refused, changed, text = last(SEED, strict, *lines)
        assert (refused, changed) == (False, True)
        assert f" {lines[-1]}\n" in text


@EITHER
@pytest.mark.parametrize(
    ("section", "line", "standing"),
    [
        ("interface Tunnel1", "no tunnel destination 10.9.9.9", " tunnel destination 192.168.0.2\n"),
        ("crypto isakmp policy 10", "no group 14", " group 2\n"),
        ("crypto keyring keyring1", "no pre-shared-key address 192.168.0.2 key other", " key cisco\n"),
    ],
)
def test_no_with_another_value_than_the_configured_one(strict: bool, section: str, line: str, standing: str) -> None:
    one_section = SEED[SEED.index(section) :]
    assert standing in one_section
    output, refused, changed, text = last(SEED, strict, section, line)
    assert (refused, changed) == (strict, not strict)
    assert (output == "% The line configured here reads differently; nothing removed") is strict
    assert (text == Candidate.from_text(SEED).text()) is strict


@EITHER
@pytest.mark.parametrize(
    ("section", "line"),
    [
        ("interface Tunnel1", "no tunnel destination 192.168.0.2"),
        ("interface Tunnel1", "no tunnel destination"),
        ("crypto isakmp policy 10", "no group 2"),
        ("crypto keyring keyring1", "no pre-shared-key address 192.168.0.2 key cisco"),
        ("crypto keyring keyring1", "no pre-shared-key address 192.168.0.2"),
    ],
)
def test_no_with_the_configured_value_or_without_one(strict: bool, section: str, line: str) -> None:
    _, refused, changed, _ = last(SEED, strict, section, line)
    assert (refused, changed) == (False, True)


@EITHER
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("set isakmp-profile profile1", "set ikev2-profile F"),
        ("set ikev2-profile F", "set isakmp-profile profile1"),
    ],
)
def test_profiles_of_both_versions_in_one_place(strict: bool, first: str, second: str) -> None:
    made = ("crypto ikev2 profile F", "exit", "crypto ipsec profile NEW", first, second)
    output, refused, changed, after = last(SEED, strict, *made)
    assert (refused, changed) == (strict, not strict)
    assert ("cannot be combined" in output) is strict
    assert f" {first}\n" in after
    assert (f" {second}\n" in after) is not strict


@EITHER
@pytest.mark.parametrize("line", ["address 192.0.2.1", "identity fqdn one.example.net"])
def test_the_same_address_or_identity_in_two_peer_blocks(strict: bool, line: str) -> None:
    output, refused, changed, text = last(V2, strict, "crypto ikev2 keyring V", "peer TWO", line)
    assert (refused, changed) == (strict, not strict)
    assert (output == f"% {line} is already configured in peer ONE") is strict
    assert text.count(line) == (1 if strict else 2)


@EITHER
def test_the_same_line_again_in_its_own_peer_block(strict: bool) -> None:
    _, refused, changed, text = last(V2, strict, "crypto ikev2 keyring V", "peer ONE", "address 192.0.2.1")
    assert (refused, changed) == (False, False)
    assert text == Candidate.from_text(V2).text()


def test_a_copy_is_as_strict_as_its_original() -> None:
    for strict in (True, False):
        copy = Candidate.from_text(SEED, strict_references=strict).copy()
        assert copy.strict_references is strict
        assert copy.apply(["no crypto keyring keyring2"])[0].refused is strict


def test_strictness_is_the_rule_and_can_be_changed_at_any_time() -> None:
    candidate = Candidate.from_text(SEED)
    assert candidate.apply(["no crypto keyring keyring2"])[0].refused
    candidate.strict_references = False
    assert not candidate.apply(["no crypto keyring keyring2"])[0].refused
    candidate.strict_references = True
    assert candidate.apply(["no crypto isakmp profile profile2"])[0].refused


@pytest.mark.parametrize("line", ["address 192.0.2.1", "address 2001:DB8::1/128", "hostname a.b", "identity fqdn a.b"])
@pytest.mark.parametrize("freed", [["peer ONE", "no {line}"], ["no peer ONE"], ["peer ONE", "{slot} {other}"]])
def test_what_one_peer_block_gives_up_another_may_take(line: str, freed: list[str]) -> None:
    slot, _, value = line.rpartition(" ")
    other = {"192.0.2.1": "192.0.2.9", "2001:DB8::1/128": "2001:DB8::9/128", "a.b": "c.d"}[value]
    candidate = Candidate.from_text("hostname R\nend\n")
    into = ["crypto ikev2 keyring K", "peer ONE", line, "exit", "peer TWO"]
    assert candidate.apply([*into, line])[-1].refused
    assert "ONE" in candidate.apply([*into, line])[-1].output
    steps = [one.format(line=line, slot=slot, other=other) for one in freed]
    assert not any(reply.refused for reply in candidate.apply(["crypto ikev2 keyring K", *steps]))
    assert not candidate.apply(["crypto ikev2 keyring K", "peer TWO", line])[-1].refused
    assert candidate.apply(["crypto ikev2 keyring K", "peer THREE", line])[-1].refused


@EITHER
@pytest.mark.parametrize("typed", ["192.0.2.1", "192.0.2.2"])
def test_an_address_of_a_peer_beside_lines_that_nobody_knows(strict: bool, typed: str) -> None:
    text = V2.replace("  address", "  frobnicate\n  address")
    output, refused, changed, left = last(text, strict, "crypto ikev2 keyring V", "peer TWO", f"address {typed}")
    other = typed == "192.0.2.1"
    assert (refused, changed) == (strict and other, other and not strict)
    assert output == ("% address 192.0.2.1 is already configured in peer ONE" if strict and other else "")
    assert (left == text) is not changed
