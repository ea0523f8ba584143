"""What a router answers to a configuration line: anything that is not known to be harmless is a failure.

What it prints unasked into its answer, broadcasts and log messages, is no answer.
"""

from __future__ import annotations

import re
from itertools import pairwise

from ikeaudit.session import without_syslog

_HARMLESS = tuple(
    re.compile(pattern)
    for pattern in (
        r"% Already found same 'match identity' statement",
        r"% Policy already has same proposal set",
        r"% Profile already contains this keyring",
        r"% A profile is deemed incomplete until it has match identity statements",
        r"IKEv2 proposal MUST (?:either )?have .*",
        r"DH group configured or",
        r"encryption algorithm aes-gcm, a prf algorithm and a DH group configured",
        r"IKEv2 policy MUST have at ?least one complete proposal attached",
        r"IKEv2 profile MUST have:",
        r"1\. A local and a remote authentication method\.",
        r"2\. A match identity or a match certificate or match any statement\.",
        r"Enter configuration commands, one per line\. +End with CNTL/Z\.",
    )
)
"""Lines that say that the configuration is as asked, or not finished yet (KEY-DUPLICATE, PROFILE-MATCH, IKEV2-OBJECTS)."""


def unexpected(reply: str) -> str | None:
    """The first line of ``reply`` that is not known to be harmless; None when the line was accepted.

    ``A pre-shared key for address ... already exists!`` counts: the old key is still there (KEY-DUPLICATE).
    """
    lines = _lines(reply)
    at = 0
    while at < len(lines):
        if _harmless(lines[at]):
            at += 1
        elif at + 1 < len(lines) and _harmless(lines[at] + lines[at + 1]):  # a broadcast broke it in two
            at += 2
        else:
            return lines[at].strip()
    return None


def complaint(reply: str) -> str | None:
    """The first line of the reply to an EXEC command by which the router says no; None when there is none."""
    lines = _lines(reply)
    for line, following in pairwise([*lines, ""]):
        if _NO.match(line.strip()) or _NO.match((line + following).strip()):
            return line.strip()
    return None


_NO = re.compile(r"%|Command authorization failed|Invalid input")


def _lines(reply: str) -> list[str]:
    return [line for line in without_syslog(reply.replace("\r", "")).split("\n") if line.strip()]


def _harmless(line: str) -> bool:
    text = line.strip()
    return text == "^" or any(pattern.fullmatch(text) for pattern in _HARMLESS)
