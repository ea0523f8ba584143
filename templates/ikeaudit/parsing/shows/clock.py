"""``show clock``, and the remark of a running-config that says when it was changed last: the times of a router's state."""

from __future__ import annotations

import re

from ikeaudit.parsing.shows.lines import body
from ikeaudit.parsing.ttp_adapter import parse_show

_CHANGE = re.compile(r"! (?:Last configuration change at|No configuration change since) .+")


def parse_clock(text: str) -> str | None:
    """The time as printed: ``*10:41:31.911 UTC Sat Mar 1 2025``; None when there is none."""
    found = parse_show("show_clock", (line.lstrip() for _, line in body(text)))
    clocks = found.get("clocks", ())
    return f"{clocks[-1]['time']} {clocks[-1]['zone']} {clocks[-1]['date']}" if clocks else None


def parse_last_change(text: str) -> str | None:
    """The remark, as it stands in the configuration; empty where the router prints none."""
    lines = [line.strip() for _, line in body(text)]
    return next((line for line in lines if _CHANGE.fullmatch(line)), "" if not lines else None)
