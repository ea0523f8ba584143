"""Words that tunnels depend on: a line that begins with one misspelt stays to be seen, and a margin is known by them."""

from __future__ import annotations

import pytest
from parsed import config, unknown_lines

from ikeaudit.parsing.lines import read_lines
from ikeaudit.parsing.mess import is_damaged_child, is_stray


@pytest.mark.parametrize(
    "line",
    [
        "cryto isakmpp policy 10",
        "interfce Tunnel1",
        "hostnme R1",
        "pre-shard-key address 192.0.2.1",
    ],
)
def test_a_misspelt_line_that_stands_anywhere(line: str) -> None:
    assert is_stray(line) and is_stray(f"no {line}")


@pytest.mark.parametrize(
    "line",
    [
        "tunel mode gre ip", "cryptto map M", "shutdwn", "vfr forwarding RED", "stanby 1 ip 192.0.2.1",
        "ip adress 192.0.2.1 255.255.255.0", "ip nhpr nhs 10.0.0.1", "ip vfr forwarding RED", "ip unumbered Loopback0",
        "ipv6 adress 2001:DB8::1/64", "ipv6 nhpr nhs 2001:DB8::1", "ipv6 unumbered Loopback0",
        "p address 192.0.2.1 255.255.255.0", "i nhrp nhs 10.0.0.1", "i vrf forwarding RED", "p unnumbered Loopback0",
    ],
)  # fmt: skip
def test_a_misspelt_line_of_an_interface(line: str) -> None:
    assert is_damaged_child("interface", line) and is_damaged_child("interface", f"no {line}")


@pytest.mark.parametrize(
    "line", ["bandwith 9", "ip osfp cost 10", "ipv6 osfp cost 10", "descripton one", "cdpp enable"]
)
def test_a_misspelt_line_that_tunnels_do_not_depend_on(line: str) -> None:
    assert not is_stray(line) and not is_damaged_child("interface", line)


@pytest.mark.parametrize(
    "line",
    [
        "crypto isakmp enable",
        "interface Tunnel1",
        "hostname R1",
        "ip address 192.0.2.1 255.0.0.0",
        "tunnel mode gre ip",
    ],
)
def test_a_line_behind_a_prompt_that_says_no_mode_is_configuration(line: str) -> None:
    for front in ("R1#", "R1# no "):
        (read,) = read_lines(f"{front}{line}")
        assert (read.host, read.mode) == ("R1", "bare")
    (other,) = read_lines(f"R1#x{line}")
    assert (other.host, other.mode) == (None, None)


SETTINGS = """
address-family ipv4; arp timeout 1; authentication text x; bfd; client-cache size 10; delay minimum 30; description x
follow 1; forwarder preempt; ip; ipv6 autoconfig; load-balancing weighted; mac-address 0000.0c07.ac01; mac-refresh 10
match-address; name X; preempt; priority 110; redirect 10; redirects disable; shutdown; sso; timers 1 3; track 1 decrement 20
use-bia; version 2; vrrpv2; vrrs leader X; weighting 110
"""


@pytest.mark.parametrize("front", ["standby", "vrrp", "glbp"])
def test_settings_of_first_hops_are_understood(front: str) -> None:
    for setting in SETTINGS.replace("\n", ";").split(";"):
        line = f"{front} {setting.strip()}"
        assert not setting.strip() or unknown_lines(config(f"interface GigabitEthernet0/0\n {line}\n")) == [], line
    assert unknown_lines(config(f"interface GigabitEthernet0/0\n {front} xyzzy\n")) == [2]
