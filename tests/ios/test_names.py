"""Names of interfaces: cut short, in order, and which of them can be removed (TEXT-PRINTED)."""

from __future__ import annotations

import re

import pytest

from ikeaudit.ios.fast import PATTERNS
from ikeaudit.ios.names import (
    INTERFACE_TYPES,
    LOGICAL_TYPES,
    interface_order,
    interface_type,
    interface_words,
    removable,
)

LISTED = tuple(
    line.strip()
    for line in """
    Loopback; Port-channel; Tunnel; Virtual-Template; Virtual-Access; Multilink; Dialer; Async; ATM; BRI; Cellular; Ethernet
    FastEthernet; GigabitEthernet; TwoGigabitEthernet; TenGigabitEthernet; TwentyFiveGigE; FortyGigabitEthernet; HundredGigE
    Serial; POS; Service-Engine; AppGigabitEthernet; AppNav-Compress; VirtualPortGroup; Embedded-Service-Engine; Null; NVI; nve
    pseudowire; BDI; BVI; Vlan
    """.strip()
    .replace("\n", ";")
    .split(";")
)
LOGICAL = {
    *("Loopback", "Port-channel", "Tunnel", "Virtual-Template", "Multilink", "Dialer", "VirtualPortGroup"),
    *("nve", "pseudowire", "BDI", "BVI", "Vlan"),
}


@pytest.mark.parametrize("kind", LISTED)
def test_every_type_is_read_and_only_logical_ones_can_go(kind: str) -> None:
    assert interface_words([f"{kind.lower()}0/1"], 0) == (1, f"{kind}0/1")
    assert re.fullmatch(PATTERNS["interface"], f"{kind}0/1.10")
    assert removable(f"{kind}1") is (kind in LOGICAL)


def test_interfaces_stand_in_the_order_of_a_running_config() -> None:
    assert sorted((f"{kind}1" for kind in reversed(LISTED)), key=interface_order) == [f"{kind}1" for kind in LISTED]
    assert (len(INTERFACE_TYPES), len(LOGICAL_TYPES)) == (len(LISTED), len(LOGICAL))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Tunnel1", "Tunnel1"), ("tu1", "Tunnel1"), ("TUNNEL12", "Tunnel12"), ("gi0/0", "GigabitEthernet0/0"),
        ("Gi0/0.100", "GigabitEthernet0/0.100"), ("lo0", "Loopback0"), ("e0/1", "Ethernet0/1"),
    ],
)  # fmt: skip
def test_a_glued_name(typed: str, name: str) -> None:
    assert interface_words([typed, "next"], 0) == (1, name)


SHORT = {
    "Loopback": "lo loop", "Port-channel": "po port", "Tunnel": "tu tun", "Virtual-Template": "vt", "Ethernet": "e et eth",
    "FastEthernet": "f fa", "GigabitEthernet": "g gi gig", "TenGigabitEthernet": "te ten", "TwoGigabitEthernet": "tw",
    "TwentyFiveGigE": "twe", "FortyGigabitEthernet": "fo", "HundredGigE": "hu", "Serial": "s se seri", "Dialer": "di",
    "Vlan": "vl vlan", "Cellular": "ce", "Multilink": "mu", "Null": "nu", "POS": "pos",
}  # fmt: skip


@pytest.mark.parametrize(("short", "kind"), [(word, kind) for kind, words in SHORT.items() for word in words.split()])
def test_how_people_cut_a_type_short(short: str, kind: str) -> None:
    assert interface_type(short) == interface_type(short.upper()) == kind


@pytest.mark.parametrize("short", ["v", "virtual", "b", "t", "ser", "xe", "", "tunnels"])
def test_what_is_short_for_several_types_or_for_none(short: str) -> None:
    assert interface_type(short) is None


@pytest.mark.parametrize(
    ("words", "name"), [(["tunnel", "1"], "Tunnel1"), (["GigabitEthernet", "0/0/1"], "GigabitEthernet0/0/1")]
)
def test_a_name_of_two_words(words: list[str], name: str) -> None:
    assert interface_words(words, 0) == (2, name)
    assert interface_words(["x", *words], 1) == (2, name)


@pytest.mark.parametrize("words", [["tunnel"], ["tunnel", "x"], ["nothing1"], ["nothing", "1"], ["t1"]])
def test_no_name(words: list[str]) -> None:
    assert interface_words(words, 0) is None


def test_a_type_may_be_cut_short_where_only_one_begins_so() -> None:
    assert interface_type("Tunnel") == interface_type("tun") == "Tunnel"
    assert interface_type("t") is None
    usual = "lo0 po1 tu1 vt1 e0 et0 eth0 f0 fa0 g0 gi0 gig0 te0 tw0 twe0 fo0 hu0 s0 se0 di1 vl1 ce0 mu1 nu0"
    full = [
        "Loopback0", "Port-channel1", "Tunnel1", "Virtual-Template1", "Ethernet0", "Ethernet0", "Ethernet0",
        "FastEthernet0", "FastEthernet0", "GigabitEthernet0", "GigabitEthernet0", "GigabitEthernet0",
        "TenGigabitEthernet0", "TwoGigabitEthernet0", "TwentyFiveGigE0", "FortyGigabitEthernet0", "HundredGigE0",
        "Serial0", "Serial0", "Dialer1", "Vlan1", "Cellular0", "Multilink1", "Null0",
    ]  # fmt: skip
    assert [interface_words([typed], 0) for typed in usual.split()] == [(1, name) for name in full]
    assert interface_type("nothing") is None


def test_no_type_is_the_beginning_of_another() -> None:
    """So that one in full is never short for two."""
    pairs = [(one, other) for one in LISTED for other in LISTED if one != other]
    assert [pair for pair in pairs if pair[1].lower().startswith(pair[0].lower())] == []


def test_the_order_of_a_running_config() -> None:
    names = [
        "GigabitEthernet0/10",
        "Tunnel10",
        "GigabitEthernet0/9",
        "Loopback0",
        "Tunnel9",
        "GigabitEthernet0/9.5",
    ]
    assert sorted(names, key=interface_order)[0] == "Loopback0"
    tunnels = [n for n in sorted(names, key=interface_order) if n.startswith("Tun")]
    assert tunnels == ["Tunnel9", "Tunnel10"]
    gigabit = [n for n in sorted(names, key=interface_order) if n.startswith("Gig")]
    assert gigabit == ["GigabitEthernet0/9", "GigabitEthernet0/9.5", "GigabitEthernet0/10"]
    assert interface_order("nothing at all")[1:] == ("nothing at all", ())
    assert interface_order("Unheard7")[1:] == ("Unheard", (7,))
    assert interface_order("Unheard7")[0] == interface_order("nothing at all")[0] > interface_order("Tunnel1")[0]


@pytest.mark.parametrize(
    ("name", "may_go"),
    [
        ("Tunnel1", True),
        ("Loopback0", True),
        ("GigabitEthernet0/0", False),
        ("GigabitEthernet0/0.10", True),
        ("strange", True),
    ],
)
def test_what_no_interface_may_remove(name: str, may_go: bool) -> None:
    assert removable(name) is may_go
