"""Uses of telling words that hold no secret: configuration, show output and debug lines.

Whatever is not listed here is cut. An entry must not be able to match a line in which the word is followed by a secret.
"""

from __future__ import annotations

import re

from ikeaudit.parsing.redact.clause import Clause
from ikeaudit.parsing.redact.places import holds_no_secret
from ikeaudit.parsing.redact.spelling import PROMPT

_DEBUG_LINE = re.compile(
    r"[^\"']{0,80}?(?<![\w-])(?:ISAKMP|IKEv2|IPSEC|CRYPTO)(?:-\w{1,12}){0,2}:?\s?\(|"
    r"[^\"']{0,120}?%(?:CRYPTO|IKEV2|IPSEC|ISAKMP)-\d-\w+:",
    re.ASCII,
)
_TIMESTAMP = re.compile(r"\d\d:\d\d:\d\d|\A\s*(?:ISAKMP|IKEv2|IPSEC|CRYPTO)")
_DEBUG_SECRET = re.compile(r"command:|passw|secret", re.IGNORECASE)

_SHOW_LINE = re.compile(
    r"""\s*(?:
        A\ pre-shared\ key\ for\ (?:address\ mask|hostname)\ \S+(?:\ \S+)?\ already\ exists
      | (?:X\ -\ IKE\ Extended\ Authentication,\ )?psk\ -\ Preshared\ key,
      | encryption\ algorithm:\s+\S+\ key\ triple\ DES
      | sa\ timing:\ remaining\ key\ lifetime
      | (?:%\ )?Key\ (?:is\ (?:not\ )?exportable|name:|type:|pair\ |Data:)
      | %\ (?:Invalid|Incomplete|Ambiguous|Already|Profile|Policy|Warning)\b
      | .{0,200}Auth\ sign:\ \w+,\ Auth\ verify:
      | \d+\s+[\d.:a-fA-F]+\s+[\d.:a-fA-F]+\s+(?:\S+\s+)?[A-Z]+\s+\S+\s+\S+\s+psk\s+\d+\s+[\d:]+
    )""",
    re.VERBOSE | re.IGNORECASE,
)

_KEY_RIGHT = re.compile(
    r"\s+(?:chain\s|config-key\b|exchange(?=:|\s+[a-z])|in keyring\s|not found in keyrings\b|matching(?:\s+[\d.:a-f]+)?\s*\Z"
    r"|for [\d.:a-f]+ (?:not available|found) in\s|found\s*\Z)",
    re.IGNORECASE,
)
_COMMUNITY_LEFT = re.compile(r"(?<![\w-])(?:set|match)\s+\Z", re.IGNORECASE)
_PASS_RIGHT = re.compile(r"\s+log\s*\Z", re.IGNORECASE)

_COMPOUNDS = frozenset(
    {
        "addressed-key",
        "config-key",
        "named-key",
        "public-key",
        "trusted-key",
        "tunnel-key",
        "transport-encrypt-key",
        "send-community",
        "bgp-community",
    }
)
"""Hyphenated words that end like a secret and never are one."""


def is_harmless(clause: Clause, telling: str) -> bool:
    """Whether this use of the word, which is ``telling`` or stands for it, is known to hold no secret."""
    line, end, word = clause.line, clause.end, clause.word
    if word in _COMPOUNDS:
        return True
    following = " ".join(line[end:].split(None, 2)[:2]).lower() if line[end : end + 1].isspace() else ""
    typed = line[clause.start : end].lower()
    known = telling if clause.bare == typed else word
    if holds_no_secret(clause.left, known, following, clause.section):
        return True
    if word == "key" and _KEY_RIGHT.match(line, end):
        return True
    if word.endswith("community") and _COMMUNITY_LEFT.search(clause.left):
        return True
    if word == "pass" and _PASS_RIGHT.match(line, end):
        return True
    return _SHOW_LINE.match(line, _prompt(line)) is not None or _is_debug(line)


_PROMPT = re.compile(PROMPT)


def _prompt(line: str) -> int:
    """How far a prompt at the beginning of ``line`` reaches."""
    found = _PROMPT.match(line)
    return found.end() if found else 0


def _is_debug(line: str) -> bool:
    """Whether this is a line that IOS itself logged; a logged command is none."""
    return (
        _DEBUG_LINE.match(line) is not None
        and _TIMESTAMP.search(line[:120]) is not None
        and not _DEBUG_SECRET.search(line)
    )
