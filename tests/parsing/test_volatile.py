"""The before-hash: the same for one configuration, whenever and however it was read (DESIGN section 4)."""

from __future__ import annotations

from ikeaudit.parsing.volatile import before_hash, stable_lines

CONFIG = """\
Building configuration...

Current configuration : 1234 bytes
!
! Last configuration change at 10:00:00 UTC Mon Jan 1 2024 by bob
! NVRAM config last updated at 10:00:01 UTC Mon Jan 1 2024
!
version 15.7
hostname R1
!
crypto isakmp key <PSK:0123456789abcdef> address 10.0.0.2
ntp clock-period 17179869
end
"""


def test_size_time_stamps_and_clock_period_do_not_count() -> None:
    later = CONFIG.replace("1234 bytes", "99 bytes").replace("10:00:0", "23:59:5").replace("17179869", "1")
    assert before_hash(later) == before_hash(CONFIG)


def test_echo_prompt_line_ends_and_blank_lines_do_not_count() -> None:
    echoed = "R1#show running-config\r\n" + CONFIG.replace("\n", "  \r\n") + "\r\nR1#"
    assert before_hash(echoed) == before_hash(CONFIG)


def test_what_is_configured_counts() -> None:
    assert before_hash(CONFIG.replace("10.0.0.2", "10.0.0.3")) != before_hash(CONFIG)
    assert before_hash(CONFIG.replace("0123456789abcdef", "0123456789abcdee")) != before_hash(CONFIG)
    assert before_hash(CONFIG.replace("hostname R1\n", "hostname R1\n description a#b\n")) != before_hash(CONFIG)


def test_order_counts_because_selection_depends_on_it() -> None:
    one = "crypto keyring A\ncrypto keyring B\n"
    other = "crypto keyring B\ncrypto keyring A\n"
    assert before_hash(one) != before_hash(other)


def test_stable_lines_are_what_is_configured() -> None:
    assert stable_lines(CONFIG) == [
        "version 15.7",
        "hostname R1",
        "crypto isakmp key <PSK:0123456789abcdef> address 10.0.0.2",
        "end",
    ]
