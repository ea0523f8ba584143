"""How much of a line is kept is remembered by its shape: what other digits would change is never taken for the same."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from unsaid import unsaid

from ikeaudit.ios.language import GLOBAL, LANGUAGES
from ikeaudit.parsing.redact.verdicts import WHOLE, Verdict, Verdicts
from ikeaudit.parsing.redact.vocabulary import is_interface

CASES = Path(__file__).parents[1] / "cases"
KEY = "<PSK:0123456789abcdef>"
OTHER_KEY = "<PSK:fedcba9876543210>"


def fresh(mode: str) -> Verdicts:
    return Verdicts((LANGUAGES[mode] if mode else GLOBAL,))


def told(line: str, verdict: Verdict) -> tuple[object, ...]:
    return verdict.kept, verdict.prose, verdict.known, verdict.opens, verdict.named(line)


def lines() -> Iterator[tuple[str, str]]:
    """Lines of the cases with the mode that they stand in, each once."""
    found: dict[tuple[str, str], None] = {}
    outside = fresh("")
    for file in sorted(CASES.glob("*/*/*.cfg")):
        mode = ""
        for line in file.read_text(encoding="utf-8").splitlines():
            if line[:1] not in (" ", "!", ""):
                found["", line] = None
                mode = outside[line].opens or ""
            elif mode and line.strip(" !"):
                found[mode, line] = None
    yield from found


def test_a_line_with_other_digits_is_told_as_it_would_be_alone() -> None:
    chance = random.Random(5)
    used = {mode: fresh(mode) for mode in ("", *LANGUAGES)}
    for mode, line in lines():
        other = re.sub(r"\d", lambda found: chance.choice(("0", "2", "5", "9", found[0])), line)
        for text in (line, other):
            assert told(text, used[mode][text]) == told(text, used[mode]._of(text)), (line, text)


@pytest.mark.parametrize(
    ("mode", "first", "second", "kept"),
    [
        (
            "isakmp-profile",
            " match identity address 100.1.2.3 255.255.255.255 A",
            " match identity address 300.1.2.3",
            24,
        ),
        (
            "isakmp-profile",
            " match identity address 10.1.2.3 255.255.255.0 A",
            " match identity address 10.1.2.3 256.",
            24,
        ),
        (
            "isakmp-profile",
            " match identity address 10.10.2.3 255.255.255.0 A",
            " match identity address 10.01.2.3",
            24,
        ),
    ],
)
def test_what_is_no_address_is_cut_beside_one_that_looks_alike(mode: str, first: str, second: str, kept: int) -> None:
    verdicts = fresh(mode)
    assert verdicts[first].kept == WHOLE
    other = second + first[len(second) :]
    assert verdicts[other].kept == kept < WHOLE + len(other)


def test_what_is_cut_is_told_by_the_shape_of_no_other_line() -> None:
    verdicts = fresh("")
    assert verdicts["enable secret 5 $1$abc"].kept == 16
    assert verdicts["enable secret 9 <SECRET>"].kept == WHOLE
    assert verdicts["enable secret 9 $9$abc"].kept == 16


def test_one_verdict_does_for_all_keys_and_addresses() -> None:
    verdicts = fresh("keyring")
    first = verdicts[f"  pre-shared-key address 100.1.2.3 key {KEY}"]
    second = verdicts[f"  pre-shared-key address 177.4.5.6 key {OTHER_KEY}"]
    assert second.kept == WHOLE
    assert second is verdicts[f"  pre-shared-key address 199.4.5.6 key {KEY}"] and second == first
    assert not verdicts
    assert verdicts["  pre-shared-key address 177.4.5.6 key <PSK:0123456789abcdeX>"].kept != WHOLE


def test_the_name_of_an_object_is_that_of_its_own_line() -> None:
    verdicts = fresh("")
    for name in ("ISA-1", "ISA-2", "ISA-9"):
        line = f"crypto isakmp profile {name}"
        assert verdicts[line].named(line) == name


def test_a_name_is_not_looked_for_where_a_number_ends_alike() -> None:
    verdicts = fresh("")
    for name, number in (("1234", "51234"), ("2345", "60000")):
        line = f"crypto map {name} {number}"
        assert verdicts[line].named(line) == name


def test_a_transform_set_may_be_named_like_the_size_of_a_key() -> None:
    verdicts = fresh("")
    for name in ("256", "128"):
        line = f"crypto ipsec transform-set {name} esp-aes 256"
        assert told(line, verdicts[line]) == (WHOLE, False, True, "transform-set", name)


def test_only_indented_lines_of_sections_are_settled() -> None:
    """A line at the margin is the header of the next section, though it looks like one inside of this."""
    verdicts = fresh("interface")
    for line in ("crypto map M", " crypto map M", " ip address 10.1.2.3 255.255.255.0", "vrf forwarding A"):
        assert verdicts[line].kept == WHOLE
    assert verdicts.settled == {b"", b"!", b" !", b" crypto map M", b" ip address 00.0.0.0 000.000.000.0"}


def test_a_verdict_of_which_nothing_else_is_said() -> None:
    assert unsaid(Verdict) == {"known": True}


@pytest.mark.parametrize(
    ("mode", "line"),
    [
        # where the model needs an operand one name may begin it; behind it numbers, interfaces, transforms and keywords stay
        ("crypto-map", "set pfs group21 pqc x 10/24 |x"),
        ("", "ip nat source Qigabit9/1 |12345678 7"),
        ("interface", "glbp 10 ip esp-foo gig"),
        ("interface", "ip mtu 12345678"),
        ("interface", "ip mtu |123456789"),
        ("keyring", "local-address vrf 7 12345678"),  # the name of the VRF is no beginning
        ("interface", "tunnel mode vxlan Gi0/1 name X"),
        ("isakmp-profile", "keyring Qx9zz Xx12-Ab"),  # several names
        # of a command that the model does not need nothing that somebody may have named
        ("trustpoint", "authorization |addr"),
        # a file on the router itself is nobody's secret, another may be, however the command is typed
        ("archive", "pat flash:backup"),
        ("archive", "pat |tftp://192.0.2.9/backup"),
        ("ezvpn", "connect name |Xx12-Ab"),
        ("interface", "nhrp group x |comp-lzs"),
        ("interface", "keepalive |x"),
        ("", "ipv6 |12345678 10/24"),
        ("", "crypto |x 10/24"),
        # a header has one name, an interface is known by its spelling
        ("", "crypto identity policy Gi0/1 |10/24"),
        ("", "crypto ipsec transform-set 70000 |Qx9zz"),
        ("", "ip access-list fqdn X addr"),
        ("", "interface |Xx12-Ab Qx9zz"),
        ("", "interface Qigabit9/1"),
        # of what nobody knows a keyword of the family may be cut short, to three letters
        ("", "crypto isa |Qx9x"),
        ("", "crypto ISA |Qx9x"),
        ("", "crypto |is Qx9x"),
        ("", "crypto |isx Qx9x"),
    ],
)
def test_how_far_an_open_operand_is_kept(mode: str, line: str) -> None:
    """As far as the bar, which is no part of the line; without one the whole of it."""
    front, bar, rest = line.partition("|")
    assert fresh(mode)[front + rest].kept == (len(front) if bar else WHOLE)


@pytest.mark.parametrize(
    ("mode", "line", "prose", "opens", "name"),
    [
        ("aaa-group", "DEFAULT SERVER-PRIVATE NAME 10 KEY |NAME", False, None, ""),
        ("interface", " no ip  nhrp  |s3cretX  NAME", False, None, ""),
        ("ikev2-peer", "pre-shared-key 0 |Zq7Secret9", False, None, ""),
        ("ikev2-profile", "authentication local pre- key |Zq7Secret9", False, None, ""),
        ("", "default crypto isakmp key 0 |Zq7Secret9 hostname NAME", False, None, ""),
        ("", "rmon event 10 trap |Zq7Secret9 NAME", False, None, ""),
        ("", f"no snmp-server host NAME {KEY} 1 |Zq7Secret9", False, None, ""),
        ("", "macro name <CUT:0123456789abcdef>", True, None, ""),
        ("acl-ipv6", "rem |s3cretX", True, None, ""),
        ("acl-standard", " 10", False, None, ""),
        ("ikev2-keyring", "pe NAME", False, "ikev2-peer", ""),
        ("", "crypto map NAME 10", False, "crypto-map", "NAME"),
    ],
)
def test_what_is_said_of_a_line_that_the_tables_know(
    mode: str, line: str, prose: bool, opens: str | None, name: str
) -> None:
    """As far as the bar it is kept; whether the rest is what people write, what it opens, and the object that it names."""
    front, bar, rest = line.partition("|")
    verdict = fresh(mode)[front + rest]
    assert told(front + rest, verdict) == (len(front) if bar else WHOLE, prose, True, opens, name)


@pytest.mark.parametrize(
    ("word", "interface"), [("g0/1", True), ("Gi0/1", True), ("gig", True), ("gi", True), ("g", False), ("x0/1", False)]
)
def test_the_type_of_an_interface_may_be_cut_short(word: str, interface: bool) -> None:
    assert is_interface(word) is interface
