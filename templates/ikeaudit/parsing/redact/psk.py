"""The lines that hold pre-shared keys (DOMAIN 3.1, 3.3 and 3.5), canonical or abbreviated by hand.

Each rule is given a telling word of the line and answers with the cut to make, or None when the word tells of no key.
"""

from __future__ import annotations

import re

from ikeaudit.parsing.redact.clause import (
    BLANK,
    EDGE,
    INK,
    PROMPT,
    Clause,
    Cut,
    abbreviation,
    psk_rest,
    psk_word,
    secret_rest,
)
from ikeaudit.parsing.redact.tokens import SECRET, TOKEN

PRE_SHARED_KEY = abbreviation("pre-shared-key", 3)
"""The command of keyrings, and what may be left of it when typed by hand."""


def _pattern(text: str) -> re.Pattern[str]:
    """``text`` compiled; a ``~`` stands for one or more blanks, ``@`` for a word."""
    return re.compile(text.replace("~", f"{BLANK}+").replace("@", f"{INK}+"), re.IGNORECASE)


_ADDRESS = abbreviation("address", 1)
_HOSTNAME = abbreviation("hostname", 1)
_PEER = rf"(?:{_ADDRESS}~(?=[\d?]|ipv6\b|{INK}*[.:])|{_HOSTNAME}~(?={INK}))"

_ISAKMP = _pattern(rf"{EDGE}{abbreviation('crypto', 2)}~{abbreviation('isakmp', 2)}~\Z")
_SHOW = _pattern(rf"{EDGE}{abbreviation('show', 2)}~@~@~\Z")
_GLOBAL_TYPED = _pattern(rf"~([067])~(@)~{_PEER}")
_GLOBAL_CLEAR = _pattern(rf"~(@)~{_PEER}")
_GLOBAL_PEER = _pattern(rf"~(?:address~(?=\d|ipv6\b)|hostname~(?={INK}))")
_GLOBAL_BARE = _pattern(rf"~(?:([067])~(?={INK}))?(@)")

_KEYRING = _pattern(rf"~(?:{_ADDRESS}|{_HOSTNAME})~@(?:~@){{0,3}}?~{abbreviation('key', 1)}~(?={INK})")
_KEYRING_OPEN = _pattern(
    rf"~(?:{_ADDRESS}(?:~ipv6)?(?:~[\d.:a-f/]+){{0,2}}|{_HOSTNAME}(?:~@)?)(?:~{abbreviation('key', 1)})?{BLANK}*\Z"
)
_ENTRY_ALONE = _pattern(rf"~(?:{_ADDRESS}(?:~ipv6)?(?:~[\d.:a-f/]+){{1,2}}|{_HOSTNAME}~@){BLANK}*\Z")
_NO = _pattern(rf"{EDGE}no~\Z")
_PEER_BLOCK = _pattern(rf"~(?:(?:{abbreviation('local', 3)}|{abbreviation('remote', 3)})~(?={INK}))?(hex~(?={INK}))?")
_REFERENCE = _pattern(r"~key-chain~@")
_MKA = _pattern(rf"{EDGE}mka~\Z")

_IKEV2_AUTH = _pattern(
    rf"{EDGE}{abbreviation('authentication', 2)}~(?:{abbreviation('local', 1)}|{abbreviation('remote', 1)})~\Z"
)
_KEY = _pattern(rf"~{abbreviation('key', 1)}~(?={INK})")
_FIRST_WORD = re.compile(rf"{PROMPT}?[\W_]*(?:no\s+|default\s+)?\Z", re.IGNORECASE)

_CRYPTO = _pattern(rf"{EDGE}{abbreviation('crypto', 2)}~\Z")
_ISAKMP_WORD = _pattern(rf"~(@)~(?:[067]~(?=@~{_PEER}))?(@)~{_PEER}")
_ISAKMP_COMMANDS = (
    "aggressive-mode",
    "client",
    "default",
    "diagnose",
    "disconnect-revoked-peers",
    "enable",
    "fragmentation",
    "identity",
    "invalid-spi-recovery",
    "keepalive",
    "key",
    "nat",
    "peer",
    "policy",
    "profile",
    "xauth",
    "sa",
    "sessions",
    "ccm",
    "call",
)

_AGGRESSIVE = _pattern(rf"{EDGE}set~{abbreviation('aggressive-mode', 2)}~\Z")
_PROTECTION = _pattern(rf"{EDGE}{abbreviation('tunnel', 3)}~{abbreviation('protection', 2)}~\Z")

_SHORT_KEYRING = _pattern(
    rf"(?:(?:{BLANK}|!)*(?:no~)?)p(?:re?)?~(?:{_ADDRESS}|{_HOSTNAME})~@(?:~@){{0,3}}?~{abbreviation('key', 1)}~(?={INK})"
)
_SHORT_PEER = _pattern(rf"(?:(?:{BLANK}|!)*(?:no~)?)pr?(?=~{INK})")


def shows_keys(clause: Clause) -> bool:
    """Whether the word ``key`` belongs to a typed ``show crypto isakmp key``."""
    return clause.word == "key" and _ISAKMP.search(clause.left) is not None and _SHOW.search(clause.left) is not None


def is_global_key(clause: Clause) -> bool:
    """Whether the word ``key`` belongs to ``crypto isakmp key``."""
    return clause.word == "key" and _ISAKMP.search(clause.left) is not None


def global_key(clause: Clause) -> Cut | None:
    """``crypto isakmp key [0|6|7] KEY address|hostname ...``: the key is one word, even if that word is a digit or
    ``address`` (DOMAIN 13)."""
    line, end = clause.line, clause.end
    if _SHOW.search(clause.left):
        return None
    if found := _GLOBAL_TYPED.match(line, end):
        return psk_word(clause, found.start(2), found.end(2), found[1])
    if found := _GLOBAL_CLEAR.match(line, end):
        return psk_word(clause, found.start(1), found.end(1), None)
    bare = _GLOBAL_BARE.match(line, end)
    if bare is None or bare[2] == "?":
        return None
    if peer := _GLOBAL_PEER.search(line, bare.start(2)):
        return psk_word(clause, bare.start(2), peer.start(), bare[1])
    cut = psk_word(clause, bare.start(2), bare.end(2), bare[1])
    return Cut(cut.start, len(line), f"{cut.text} {SECRET}" if line[cut.end :].strip() else cut.text)


def pre_shared_key(clause: Clause) -> Cut | None:
    """``pre-shared-key`` of an IKEv1 keyring or an IKEv2 peer block, and ``pre-share`` of an IKEv2 profile."""
    line, end, left = clause.line, clause.end, clause.left
    if _IKEV2_AUTH.search(left):
        key = _KEY.match(line, end)
        return psk_rest(clause, key.end(), blanks_count=True) if key else secret_rest(clause)
    if clause.mode != "ikev2-keyring" and (found := _KEYRING.match(line, end)):
        return psk_rest(clause, found.end(), blanks_count=True)
    if clause.mode != "ikev2-keyring" and _NO.search(left) and _ENTRY_ALONE.match(line, end):
        return None
    if _MKA.search(left) and _REFERENCE.match(line, end):
        return None
    if not clause.word.startswith("pre-shared-"):
        in_place = clause.mode == "ikev2-keyring" or _FIRST_WORD.match(left)
        if not in_place or _KEY.match(line, end):
            return None
    return peer_block_key(clause)


def peer_block_key(clause: Clause) -> Cut | None:
    """What follows ``pre-shared-key`` in an IKEv2 peer block: ``[local|remote] [hex] [0|6] KEY``."""
    found = _PEER_BLOCK.match(clause.line, clause.end)
    if found is None or clause.line[found.end() :].strip() in {"", "?", "<cr>"}:
        return None
    if not found[1]:
        return psk_rest(clause, found.end(), blanks_count=True)
    digits = clause.line[found.end() :].strip()
    if TOKEN.fullmatch(digits):
        return Cut(found.end(), len(clause.line), digits)
    clause.vault.known.learn_secret(digits)
    return Cut(found.end(), len(clause.line), clause.vault.token(_from_hex(digits), None))


def misspelt_key(clause: Clause) -> Cut | None:
    """``crypto isakmp kye KEY address ...``: looks like a key, and no sub-command is spelt so."""
    found = _ISAKMP_WORD.match(clause.line, clause.end)
    if found is None or not _CRYPTO.search(clause.left):
        return None
    word = found[1].lower()
    known = any(command.startswith(word) for command in _ISAKMP_COMMANDS)
    return None if known else psk_word(clause, found.start(2), found.end(2), None)


def aggressive_password(clause: Clause) -> Cut | None:
    """``set aggressive-mode password [0|6] KEY`` of ``crypto isakmp peer`` (DOMAIN 2.2)."""
    return psk_rest(clause, clause.value_at(), blanks_count=False) if _AGGRESSIVE.search(clause.left) else None


def tunnel_protection(clause: Clause) -> Cut | None:
    """``tunnel protection psk [0|6] KEY`` of newer images (DOMAIN 3.4)."""
    return psk_rest(clause, clause.value_at(), blanks_count=False) if _PROTECTION.search(clause.left) else None


def short_form(clause: Clause) -> Cut | None:
    """``p a 10.0.0.1 k KEY`` inside a keyring, and ``p KEY`` inside an IKEv2 peer block: shorter than anything that could
    be told from another command elsewhere. Only the clause's line, mode and vault count."""
    if found := _SHORT_KEYRING.match(clause.line):
        return psk_rest(clause, found.end(), blanks_count=True)
    if clause.mode == "ikev2-keyring" and (found := _SHORT_PEER.match(clause.line)):
        return peer_block_key(clause._replace(start=found.start(), end=found.end()))
    return None


def is_whole(clause: Clause) -> bool:
    """Whether the line names peer and key, in the global form or a keyring's."""
    line, end = clause.line, clause.end
    if clause.word == "key":
        return _GLOBAL_TYPED.match(line, end) is not None or _GLOBAL_CLEAR.match(line, end) is not None
    return _KEYRING.match(line, end) is not None


def is_open(clause: Clause) -> bool:
    """Whether the line ends before its peer or its key does, as lines wrapped at the edge of a terminal do."""
    if is_whole(clause):
        return False
    return clause.word == "key" or _KEYRING_OPEN.match(clause.line, clause.end) is not None


def _from_hex(digits: str) -> str:
    """The key that ``hex`` digits spell; the digits themselves when they spell none."""
    try:
        return bytes.fromhex(digits.removeprefix("0x").removeprefix("0X")).decode("latin-1")
    except ValueError:
        return digits
