"""Laws of the parser: what is written is read, whatever happens to a configuration never crashes it or loses a line."""

from __future__ import annotations

import re
from operator import attrgetter
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from parsed import config, configs
from written import written_routers

from ikeaudit.model import Secret

SLOW = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

EVERY_LINE_MATTERS = """\
hostname R1
crypto keyring K1 vrf INET
  local-address Loopback0
  pre-shared-key address 10.0.0.2 255.255.255.255 key sample
  pre-shared-key address 10.0.1.0 255.255.255.0 key sample
crypto keyring K2
  pre-shared-key hostname hub.example.net key sample
crypto isakmp policy 10
 encr aes 256
 hash sha256
 authentication pre-share
 group 14
crypto isakmp key sample address 10.0.0.9
crypto isakmp profile P1
   keyring K1
   match identity address 10.0.0.2 255.255.255.255 INET
   initiate mode aggressive
crypto ipsec transform-set TS esp-aes 256 esp-sha256-hmac
 mode transport
crypto ipsec profile IP
 set transform-set TS
 set pfs group14
 set isakmp-profile P1
crypto map CM 10 ipsec-isakmp
 set peer 10.0.0.2
 set transform-set TS
 match address PROXY
crypto ikev2 keyring V2
 peer ONE
  address 10.0.0.3
  pre-shared-key sample
crypto ikev2 profile V2
 match identity remote address 10.0.0.3 255.255.255.255
 authentication remote pre-share
 authentication local pre-share
 keyring local V2
interface Tunnel1
 vrf forwarding INSIDE
 ip address 172.16.0.1 255.255.255.252
 tunnel source GigabitEthernet0/0
 tunnel destination 10.0.0.2
 tunnel vrf INET
 tunnel protection ipsec profile IP
interface GigabitEthernet0/0
 ip address 10.0.0.1 255.255.255.0
 crypto map CM
"""
LINES = EVERY_LINE_MATTERS.splitlines()


def without_facts(value: Any) -> Any:
    """``value`` with the facts about keys left out: the writer does not measure them."""
    if isinstance(value, Secret):
        return Secret(value.fingerprint, value.type)
    if isinstance(value, tuple):
        return tuple(without_facts(item) for item in value)
    if isinstance(value, msgspec.Struct):
        return type(value)(*(without_facts(getattr(value, name)) for name in value.__struct_fields__))
    return value


def accounted(text: str) -> int:
    """How many lines the ledger accounts for, over all routers of ``text``."""
    return sum(parsed.modelled + parsed.irrelevant + len(parsed.unknown) for parsed in configs(text))


@SLOW
@given(written_routers())
def test_what_is_written_is_read(written: tuple[str, dict[str, object]]) -> None:
    text, expected = written
    parsed = config(text)
    assert parsed.unknown == ()
    for field, value in expected.items():
        assert without_facts(attrgetter(field)(parsed.router)) == value, field


def test_the_sample_counts_every_line() -> None:
    parsed = config(EVERY_LINE_MATTERS)
    assert (parsed.modelled, parsed.irrelevant, parsed.unknown) == (len(LINES), 0, ())


@SLOW
@given(st.integers(0, len(LINES) - 1))
def test_a_dropped_line_costs_one_line_of_the_ledger(index: int) -> None:
    text = "\n".join(LINES[:index] + LINES[index + 1 :])
    assert accounted(text) == len(LINES) - 1


@SLOW
@given(st.integers(0, len(LINES) - 1))
def test_a_doubled_line_is_accounted_for_twice(index: int) -> None:
    text = "\n".join(LINES[: index + 1] + LINES[index:])
    assert accounted(text) == len(LINES) + 1


@SLOW
@given(st.integers(0, len(LINES) - 1), st.data())
def test_a_cut_line_is_still_accounted_for(index: int, data: st.DataObject) -> None:
    line = LINES[index]
    kept = data.draw(st.integers(len(line) - len(line.lstrip()) + 1, len(line)))
    text = "\n".join([*LINES[:index], line[:kept], *LINES[index + 1 :]])
    assert accounted(text) == len(LINES)


@SLOW
@given(st.integers(0, len(LINES) - 1), st.data())
def test_a_line_with_one_wrong_letter_is_still_accounted_for(index: int, data: st.DataObject) -> None:
    line = LINES[index]
    places = [found.start() for found in re.finditer(r"[a-z]", line)]
    at = data.draw(st.sampled_from(places))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    text = "\n".join([*LINES[:index], line[:at] + letter + line[at + 1 :], *LINES[index + 1 :]])
    assert accounted(text) == len(LINES)


MUTATIONS = st.lists(
    st.tuples(
        st.sampled_from(["drop", "double", "cut", "swap", "byte"]), st.integers(0, 10_000), st.integers(0, 10_000)
    ),
    min_size=1,
    max_size=12,
)


def mutate(lines: list[str], how: str, where: int, what: int) -> None:
    """Damage ``lines`` in place."""
    if not lines:
        return
    index = where % len(lines)
    line = lines[index]
    if how == "drop":
        del lines[index]
    elif how == "double":
        lines.insert(index, line)
    elif how == "cut":
        lines[index] = line[: what % (len(line) + 1)]
    elif how == "swap":
        other = what % len(lines)
        lines[index], lines[other] = lines[other], lines[index]
    elif line:
        at = what % len(line)
        lines[index] = line[:at] + chr(what % 0x250) + line[at + 1 :]


@SLOW
@given(MUTATIONS)
def test_damage_never_crashes_and_never_loses_a_crypto_line(mutations: list[tuple[str, int, int]]) -> None:
    lines = list(LINES)
    for how, where, what in mutations:
        mutate(lines, how, where, what)
    text = "\n".join(lines)
    crypto = sum(line.startswith("crypto ") for line in lines)
    assert accounted(text) >= crypto or all(parsed.router is None for parsed in configs(text))


@SLOW
@given(st.text(max_size=400))
def test_any_text_is_survived(text: str) -> None:
    configs(text)


WORDS = st.sampled_from(
    [
        "crypto",
        "isakmp",
        "keyring",
        "profile",
        "policy",
        "key",
        "address",
        "10.0.0.1",
        "255.255.255.0",
        "ipv6",
        "::1/64",
        "no",
        "default",
        "exit",
        "end",
        "!",
        "interface",
        "Tunnel1",
        "tunnel",
        "source",
        "destination",
        "protection",
        "ipsec",
        "match",
        "identity",
        "map",
        "CM",
        "10",
        "ipsec-isakmp",
        "dynamic",
        "set",
        "peer",
        "ikev2",
        "^C",
        "banner",
        "motd",
        "```",
        "hostname",
        "R1",
        "R1#",
        "R1(config)#",
        "show",
        "run",
        "vrf",
        "ip",
        "nhrp",
        "nhs",
        "standby",
        "1",
        "--More--",
        "certificate",
        "quit",
        "permit",
        "host",
    ]
)


@SLOW
@given(
    st.lists(st.lists(WORDS, max_size=7).map(" ".join), max_size=25),
    st.lists(st.integers(0, 3), min_size=25, max_size=25),
)
def test_any_words_are_survived(lines: list[str], indents: list[int]) -> None:
    configs("\n".join(" " * indent + line for indent, line in zip(indents, lines, strict=False)))
