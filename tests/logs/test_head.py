"""What stands in front of a message: the router and the time, whoever wrote it there."""

from __future__ import annotations

import pytest

from ikeaudit.logs.head import Head, parse_head, prompt_of

HEADS = {
    "": (None, ""),
    "*Mar  1 00:01:02.003: ": (None, "Mar 1 00:01:02.003"),
    ".Mar  1 00:01:02.003: ": (None, "Mar 1 00:01:02.003"),
    "Mar 31 2026 23:01:02.003 CEST: ": (None, "Mar 31 2026 23:01:02.003"),
    "*Mar  1 00:01:02.003 XYZ: ": (None, "Mar 1 00:01:02.003"),
    "000123: *Mar  1 00:01:02.003 UTC: ": (None, "Mar 1 00:01:02.003"),
    "000123: ": (None, ""),
    "00:27:07: ": (None, "00:27:07"),
    "1w2d: ": (None, "1w2d"),
    "1d00h: ": (None, "1d00h"),
    "R1#*Mar  1 00:01:02.003: ": ("R1", "Mar 1 00:01:02.003"),
    "R1(config-if)#": ("R1", ""),
    "<189>123: R1: *Mar  1 00:01:02.003: ": ("R1", "Mar 1 00:01:02.003"),
    "<189>Oct 11 22:14:15 R1 123: *Oct 11 22:14:14.003: ": ("R1", "Oct 11 22:14:14.003"),
    "Oct 11 22:14:15 r1.example.net 123: ": ("r1.example.net", "Oct 11 22:14:15"),
    "Oct 11 22:14:15 HUB: ": ("HUB", "Oct 11 22:14:15"),
    "Oct 11 22:14:15 HUB 7: Oct 11 22:14:14 XYZ: ": ("HUB", "Oct 11 22:14:14"),
    "Oct 11 22:14:15 192.0.2.9 123: Oct 11 22:14:14.003 CET: ": ("192.0.2.9", "Oct 11 22:14:14.003"),
    "Oct 11 22:14:15 192.0.2.9 123: R1: Oct 11 22:14:14.003: ": ("R1", "Oct 11 22:14:14.003"),
    "Oct 11 22:14:15 loghost Oct 11 22:14:14 R1 45: *Oct 11 22:14:14.003: ": ("R1", "Oct 11 22:14:14.003"),
    "Sat Oct 11 22:14:15 2025 R1 45: ": ("R1", "Oct 11 22:14:15 2025"),
    "2025 Oct 11 22:14:15 R1 45: ": ("R1", "Oct 11 22:14:15"),
    "<189>1 2026-11-02T08:15:30.123Z R1 77 - - - : ": ("R1", "2026-11-02T08:15:30.123Z"),
    "<189>1 2026-11-02T08:15:30.123Z R1 ios - - - *Nov  2 08:15:30.001: ": ("R1", "Nov 2 08:15:30.001"),
    "2026-11-02T08:15:30.123456+01:00 HUB: ": ("HUB", "2026-11-02T08:15:30.123456+01:00"),
    "2026-11-02 08:15:30\tLocal7.Debug\t192.0.2.9\t123: *Nov  2 08:15:30.001: ": ("192.0.2.9", "Nov 2 08:15:30.001"),
    "02/11/2026 08:15:30 R1 : ": ("R1", "02/11/2026 08:15:30"),
    "[2026-11-02 08:15:30] R1#*Nov  2 08:15:30.001: ": ("R1", "Nov 2 08:15:30.001"),
    "R1 | *Mar  1 00:01:02.003: ": ("R1", "Mar 1 00:01:02.003"),
    "[R1] ": ("R1", ""),
    "r1.log:711:*Mar  1 00:01:02.003: ": ("r1.log", "Mar 1 00:01:02.003"),
    "> *Mar  1 00:01:02.003: ": (None, "Mar 1 00:01:02.003"),
}


@pytest.mark.parametrize("text", HEADS)
def test_a_header_names_the_router_and_the_time(text: str) -> None:
    assert parse_head(text) == Head(*HEADS[text])


@pytest.mark.parametrize(
    "text",
    [
        "If you see ",
        "The line ",
        "On Mar  1 00:01:02 we saw in the log of the router the line ",
        'Nov  2 08:15:30 nms watcher: alert for router R9 with the text "',
        "debug output: ",
    ],
)
def test_somebody_who_quotes_a_message_is_no_router(text: str) -> None:
    assert parse_head(text) is None


@pytest.mark.parametrize(
    ("line", "router"),
    [
        ("R1#", "R1"),
        ("R1#show logging", "R1"),
        ("br-12.example(config-isakmp)#hash sha", "br-12.example"),
        ("R1>", "R1"),
        ("R1>enable", "R1"),
        ("<b>text", None),
        ("a>b is no prompt", None),
        ("*Mar  1 00:01:02.003: #", None),
        ("Success rate is 0 percent (0/5)", None),
    ],
)
def test_a_prompt_names_its_router(line: str, router: str | None) -> None:
    assert prompt_of(line) == router
