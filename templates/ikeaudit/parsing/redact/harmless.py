"""Uses of telling words that hold no secret: configuration, show output and debug lines.

Whatever is not listed here is cut. An entry must not be able to match a line in which the word is followed by a secret.
"""

from __future__ import annotations

import re

from ikeaudit.parsing.redact.clause import PROMPT, Clause

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
      | (?:no\ )?service\ password-
      | (?:no\ )?security\ passwords?\ (?:min-length|authentication)
      | (?:no\ )?password\ (?:encryption\ aes|logging|restriction|policy)
    )""",
    re.VERBOSE | re.IGNORECASE,
)

NAME_BEFORE = re.compile(
    r"""(?:[^\s<\#>]{1,100}[\#>])?[\s!]*(?:no\ )?(?:
        crypto\ (?:map|dynamic-map|keyring|isakmp\ profile|ipsec\ (?:profile|transform-set)|call\ admission\ limit
                  |ikev2\ (?:keyring|profile|policy|proposal)|pki\ (?:trustpoint|certificate\ (?:chain|map))|gdoi\ group)
      | route-map | (?:ip|ipv6)\ access-list(?:\ (?:extended|standard))? | (?:ip\ )?vrf(?:\ definition)? | hostname
      | aaa\ (?:authentication|authorization|accounting)\ \S+(?:\ \S+)? | aaa\ group\ server\ (?:radius|tacacs\+)
      | (?:class|policy)-map(?:\ type\ \S+)?(?:\ match-\S+)? | object-group\ \S+ | key\ chain | keyring(?:\ local)?
      | match\ (?:address|identity|class-map|fvrf)(?:\ \S+){0,4}? | set\ (?:transform-set|isakmp-profile|ikev2-profile|peer)
      | (?:ip\ |ipv6\ )?(?:vrf\ forwarding|policy\ route-map|access-group) | neighbor\ \S+\ (?:route-map|peer-group)
      | tunnel\ (?:source|vrf|protection\ ipsec\ profile) | service-policy\ (?:in|out)put | interface
      | aaa\ authorization\ (?:group|user)(?:\ override)?
    )\s+\Z""",
    re.VERBOSE | re.IGNORECASE,
)

_KEY_COMMAND = re.compile(
    r"\s+(?:generate|zeroize|pubkey-chain|mypubkey|param|storage|move|certificate|lock|unlock|import|export|encrypt|decrypt)\b",
    re.IGNORECASE,
)
_KEY_COMMAND_LEFT = re.compile(r"(?<![\w-])cr[a-z]*\s+\Z", re.IGNORECASE)
_KEY_RIGHT = re.compile(
    r"\s+(?:chain\s|config-key\b|exchange(?=:|\s+[a-z])|in keyring\s|not found in keyrings|matching(?:\s+[\d.:a-f]+)?\s*\Z"
    r"|for [\d.:a-f]+ (?:not available|found) in\s|found\s*\Z)",
    re.IGNORECASE,
)
_TUNNEL_KEY = re.compile(r"(?<![\w-])tun[a-z]*\s+\Z", re.IGNORECASE)
_NUMBER = re.compile(r"\s+\d+(?:\s|\Z)")
_DIGITS_ONLY = re.compile(r"\s+\d{1,10}\s*\Z")
_LINE_START = re.compile(r"\s*(?:no\s+)?\Z", re.IGNORECASE)
_COMMUNITY_LEFT = re.compile(r"(?<![\w-])(?:set|match)\s+(?:ext|large-)?\Z", re.IGNORECASE)
_PASS_RIGHT = re.compile(r"\s+log\s*\Z", re.IGNORECASE)
_PSK_RIGHT = re.compile(r"\s+list\s", re.IGNORECASE)

_COMPOUNDS = frozenset(
    {
        "addressed-key",
        "config-key",
        "named-key",
        "public-key",
        "trusted-key",
        "tunnel-key",
        "send-community",
        "bgp-community",
    }
)
"""Hyphenated words that end like a secret and never are one."""


def is_harmless(clause: Clause) -> bool:
    """Whether this use of the word is known to hold no secret."""
    line, end, left, word = clause.line, clause.end, clause.left, clause.word
    if word in _COMPOUNDS or _SHOW_LINE.match(line, _prompt(line)) or _is_debug(line) or NAME_BEFORE.fullmatch(left):
        return True
    if word == "key":
        return _harmless_key(clause, left)
    if word.endswith("community"):
        return _COMMUNITY_LEFT.search(left) is not None
    if word == "pass":
        return _PASS_RIGHT.match(line, end) is not None
    if word == "psk":
        return left.rstrip().endswith("override") and _PSK_RIGHT.match(line, end) is not None
    return False


_PROMPT = re.compile(rf"{PROMPT}\s*")


def _prompt(line: str) -> int:
    """How far a prompt at the beginning of ``line`` reaches."""
    found = _PROMPT.match(line)
    return found.end() if found else 0


def _harmless_key(clause: Clause, left: str) -> bool:
    line, end = clause.line, clause.end
    if _KEY_RIGHT.match(line, end):
        return True
    if _KEY_COMMAND.match(line, end) and _KEY_COMMAND_LEFT.search(left):
        return True
    if _NUMBER.match(line, end) and _TUNNEL_KEY.search(left):
        return True
    return (
        clause.mode == "key-chain"
        and _LINE_START.fullmatch(left) is not None
        and _DIGITS_ONLY.match(line, end) is not None
    )


def _is_debug(line: str) -> bool:
    """Whether this is a line that IOS itself logged; a logged command is none."""
    return (
        _DEBUG_LINE.match(line) is not None
        and _TIMESTAMP.search(line[:120]) is not None
        and not _DEBUG_SECRET.search(line)
    )
