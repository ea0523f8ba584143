"""The pieces that the rules are written with: a word found in a line, what surrounds it, and what a rule answers."""

from __future__ import annotations

import re
from typing import NamedTuple

from ikeaudit.ios.tables.names import PROSE
from ikeaudit.model.secret import SecretFacts
from ikeaudit.parsing.fingerprint import PSK_TOKEN, Fingerprinter, psk_token
from ikeaudit.parsing.redact.facts import measure, measure_opaque
from ikeaudit.parsing.redact.known import KnownSecrets
from ikeaudit.parsing.redact.spelling import BLANK, INK, Pattern, commands
from ikeaudit.parsing.redact.tokens import CUT_MARK, MASKED_PSK, SECRET, TOKEN
from ikeaudit.parsing.redact.type7 import decode

_LEFT_SPAN = 200
_TYPED = re.compile(rf"([067])({BLANK}+)(?=\S)")
_TAG = re.compile(rf"{PSK_TOKEN.pattern} ! {SECRET}")
_REMARK = re.compile(r"(?<=\s)(?:!|//|<-{1,2} |#\s)")


class Cut(NamedTuple):
    """``line[start:end]`` becomes ``text``; the scan goes on at ``end``."""

    start: int
    end: int
    text: str


class Vault:
    """Turns keys into tokens and keeps the facts of each. The values are in ``known``, as long as the text is worked on."""

    __slots__ = ("_fingerprinter", "_tokens", "facts", "known")

    def __init__(self, fingerprinter: Fingerprinter | None, known: KnownSecrets | None = None) -> None:
        self._fingerprinter = fingerprinter
        self._tokens: dict[tuple[str, str | None], str] = {}
        self.facts: dict[str, SecretFacts] = {}
        self.known = KnownSecrets() if known is None else known

    def token(self, key: str, encoding: str | None) -> str:
        """The token of ``key``, which is written in ``encoding`` (``0``, ``6``, ``7``, or nothing for clear)."""
        token = self._tokens.get((key, encoding))
        if token is None:
            token = self._tokens[key, encoding] = self._token(key, encoding)
        return token

    def _token(self, key: str, encoding: str | None) -> str:
        clear = decode(key.strip()) if encoding == "7" else None if encoding == "6" else key
        token = MASKED_PSK
        if self._fingerprinter is not None:
            if clear is None:
                fingerprint, facts = self._fingerprinter.opaque(key), measure_opaque(key)
            else:
                fingerprint, facts = self._fingerprinter.psk(clear), measure(clear)
            self.facts.setdefault(fingerprint, facts)
            token = psk_token(fingerprint)
        self.known.learn_key(key, clear, token)
        return token

    def tag(self, value: str, encoding: str | None) -> str:
        """The token of a word that is no key, with a fingerprint that no key has; what is noted behind it is left out."""
        if _TAG.fullmatch(value):
            return value
        if self._fingerprinter is None or TOKEN.search(value):
            return SECRET
        remark = _REMARK.search(value)
        word = value[: remark.start()].rstrip() if remark else value
        clear = decode(word) if encoding == "7" else None if encoding == "6" else word
        fingerprint = self._fingerprinter.opaque(word) if clear is None else self._fingerprinter.tag(clear)
        self.facts.setdefault(fingerprint, measure_opaque(word) if clear is None else measure(clear))
        return psk_token(fingerprint) + (f" ! {SECRET}" if remark else "")


class Clause(NamedTuple):
    """A telling word at ``line[start:end]``; ``word`` is all that hangs on it by hyphens, lower case (``server-key``).

    ``section`` is the mode that the line stands in, where that decides what a word means; else empty.
    """

    line: str
    start: int
    end: int
    word: str
    section: str
    vault: Vault

    @property
    def left(self) -> str:
        """What stands before the word, as far as rules look."""
        begin = self.end - len(self.word)
        return self.line[max(0, begin - _LEFT_SPAN) : begin]

    @property
    def bare(self) -> str:
        """The word without the signs that it may hang on itself."""
        return self.word.lstrip("-._+")

    def value_at(self) -> int:
        """Where the next word begins; the end of the line when there is none."""
        return skip_blanks(self.line, self.end)


_BLANKS = re.compile(f"{BLANK}*")


def skip_blanks(line: str, at: int) -> int:
    """The first position from ``at`` on that is no blank."""
    found = _BLANKS.match(line, at)
    return found.end() if found else at


def psk_word(clause: Clause, start: int, end: int, encoding: str | None) -> Cut:
    """Replaces the single word ``line[start:end]``, a pre-shared key."""
    key = clause.line[start:end]
    return Cut(start, end, key if TOKEN.fullmatch(key) else clause.vault.token(key, encoding))


def psk_rest(clause: Clause, start: int, *, blanks_count: bool) -> Cut | None:
    """Replaces the rest of the line, a pre-shared key after an optional encoding digit.

    ``blanks_count`` says that trailing blanks belong to the key (KEY-BLANKS). A remark (blank, then ``!`` or ``//``) may be
    a note of whoever keeps the file or a part of the key: it is left out of the fingerprint, and cut all the same.
    """
    line = clause.line
    typed = _TYPED.match(line, start)
    encoding, at = (typed[1], typed.end()) if typed else (None, start)
    if not line[at:].strip():
        return None
    return Cut(at, len(line), rest_token(clause.vault, line[at:], encoding, blanks_count=blanks_count))


def rest_token(vault: Vault, value: str, encoding: str | None, *, blanks_count: bool) -> str:
    """The token that replaces ``value``, the rest of a line; the text itself when it is a token already."""
    if CUT_MARK in value:
        return value
    if " " not in value and value.isprintable():
        return value if value[0] == "<" and TOKEN.fullmatch(value) else vault.token(value, encoding)
    if TOKEN.fullmatch(value.strip()):
        return value
    remark = _REMARK.search(value)
    key = value[: remark.start()].rstrip() if remark else value
    if not blanks_count:
        key = key.rstrip()
    token = key.strip() if TOKEN.fullmatch(key.strip()) else vault.token(key, encoding)
    return f"{token} ! {SECRET}" if remark else token


_PROSE = Pattern(rf"\s*(?:!|#|//|(?:no\s+)?{commands(PROSE, 4)}(?![\w-]))")
_SEPARATORS = re.compile(rf"(?:{BLANK}|[\"'`:=>])*")
_ENCODED = re.compile(rf"(\d)({BLANK}+)(?=\S)")
_WORD = re.compile(rf"\"[^\"]*\"|{INK}+")


def secret_rest(clause: Clause, at: int | None = None, *, tag: bool = False) -> Cut | None:
    """Replaces the rest of the line, a secret after an optional encoding digit; None when nothing is there.

    A ``tag`` leaves its fingerprint.
    """
    line = clause.line
    start = _end(_SEPARATORS, line, clause.end if at is None else at)
    typed = _ENCODED.match(line, start)
    if typed:
        start = typed.end()
    value = line[start:].rstrip()
    if not value or value == "?" or CUT_MARK in value:
        return None
    clause.vault.known.learn_secret(value, typed[1] if typed else None, prose=_PROSE.match(line) is not None)
    if TOKEN.fullmatch(value):
        return Cut(start, len(line), value)
    return Cut(start, len(line), clause.vault.tag(value, typed[1] if typed else None) if tag else SECRET)


def secret_word(clause: Clause, at: int | None = None) -> Cut | None:
    """Replaces one word, or what stands between double quotes."""
    start = skip_blanks(clause.line, clause.end if at is None else at)
    found = _WORD.match(clause.line, start)
    if found is None or found[0] == "?":
        return None
    clause.vault.known.learn_secret(found[0])
    return Cut(start, found.end(), found[0] if TOKEN.fullmatch(found[0]) else SECRET)


def _end(pattern: re.Pattern[str], line: str, at: int) -> int:
    found = pattern.match(line, at)
    return found.end() if found else at
