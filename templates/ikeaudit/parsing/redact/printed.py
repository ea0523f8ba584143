"""Lines with secrets as IOS prints them: full words in lower case, one blank between them.

A running-config holds little else. What is found here is what the rules would find word by word, many times faster; a line
with anything unusual in it is left to them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Literal, NamedTuple, TypeAlias

from ikeaudit.ios.secrets import OPERAND, OPERANDS, SECRETS, Secret
from ikeaudit.ios.words import starts
from ikeaudit.parsing.redact.clause import Vault, rest_token
from ikeaudit.parsing.redact.forms import TELLS, peers, pivot_of, tells
from ikeaudit.parsing.redact.misspelt import NAMING, VALUED
from ikeaudit.parsing.redact.places import keywords_at
from ikeaudit.parsing.redact.rules import ANCHOR
from ikeaudit.parsing.redact.screen import lower
from ikeaudit.parsing.redact.sections import SECTION_OF
from ikeaudit.parsing.redact.spelling import any_of
from ikeaudit.parsing.redact.tokens import SECRET
from ikeaudit.parsing.redact.wrapped import BEFORE_SECRETS, EDGE_OF_SCREEN

_Kind: TypeAlias = Literal["key and peer", "key", "key without blanks", "tag", "word", "rest"]

_WORD = rf"(?!\S*{any_of(TELLS)}(?![\w-]))\S+"
"""An operand: none that tells of a secret itself."""

(_SESSION_KEY,) = starts("crypto-map/set-session-key")
_OPEN = any_of(BEFORE_SECRETS - {""})
"""How a line ends whose secret may be the next one."""
_UNUSUAL = "<?\"'`:=>"
"""What a value does not begin with."""


class _Printed(NamedTuple):
    """A pattern of a whole line: group 1 is what stands before the secret, 2 the digit of its encoding, 3 the secret."""

    pattern: re.Pattern[str]
    kind: _Kind


def _kind(secret: Secret) -> _Kind:
    if secret.key and secret.whole:
        return "key" if secret.blanks else "key without blanks"
    if secret.key:
        return "key and peer"
    if secret.tag:
        return "tag"
    return "rest" if secret.whole else "word"


def _ends(words: tuple[str, ...], mode: str) -> str:
    """A look-ahead for what is no secret behind ``words``: other keywords that may stand there, in full or cut short."""
    at = len(words)
    rivals = {one.before[at] for one in SECRETS if one.mode == mode and one.before[:at] == words != one.before}
    rivals |= keywords_at(words) if tells(words[-1]) else set()
    known = any_of(word[:end] for word in rivals - {OPERAND, OPERANDS} for end in range(1, len(word) + 1))
    return f"(?!(?i:{known})(?: |$))" if known else ""


def _tree(path: tuple[str, ...], mode: str, ways: Sequence[tuple[str, ...]]) -> str:
    """What may stand behind ``path`` in a mode, as far as one of ``ways`` goes; a blank stands behind each word."""
    following = dict.fromkeys(way[len(path)] for way in ways if len(way) > len(path))
    out = []
    for word in following:
        if word == OPERANDS:
            option = f"{any_of(VALUED)} {_WORD} " if path[0] in NAMING else f"{_WORD} "
            body = f"(?:{option}){{1,6}}?"
        else:
            body = f"{_WORD} " if word == OPERAND else f"{re.escape(word)} "
        more = [way for way in ways if way[: len(path) + 1] == (*path, word)]
        out.append(body + _tree((*path, word), mode, more))
    if path in ways:
        out.append(_ends(path, mode))
    return out[0] if len(out) == 1 else f"(?:{'|'.join(out)})"


def _pattern(kind: _Kind, secrets: Sequence[Secret]) -> re.Pattern[str]:
    first = secrets[0]
    front = f"( *{re.escape(first.before[0])} {_tree(first.before[:1], first.mode, [one.before for one in secrets])})"
    if kind == "key and peer":
        peer = f" {peers(secrets)}"
        return re.compile(rf"{front}(?:([067]) (?=\S+{peer}))?(\S+)({peer}.*)")
    if kind == "word":
        return re.compile(rf"{front}()(?!{_OPEN}$)(\S+)( .*)?")
    if len(first.before) == 1:
        return re.compile(rf"{front}(\d) (\S+)()")  # a word that may stand in what a router shows, too
    if kind == "rest":
        return re.compile(rf"{front}(?:(\d) )?(?!{_OPEN}$)(\S(?:.*\S)?)()")
    return re.compile(rf"{front}(?:([067]) )?(?![067]$)(\S.*)()")  # a digit may be that of a key on the next line


def _is_told_last(secret: Secret) -> bool:
    """Whether no word before the last keyword tells of a secret by itself, which would be cut from there on."""
    at = pivot_of(secret)
    return not tells(secret.before[at]) or at == len(secret.before) - 1


def _grouped() -> Mapping[str, Mapping[tuple[str, _Kind], list[Secret]]]:
    """The secrets that are found here, by the first word of their lines, mode and kind."""
    found: dict[str, dict[tuple[str, _Kind], list[Secret]]] = {}
    for secret in SECRETS:
        kind, first = _kind(secret), secret.before[0]
        if secret.mode not in SECTION_OF and _is_told_last(secret):
            found.setdefault(first, {}).setdefault((secret.mode, kind), []).append(secret)
    return found


_GROUPS = _grouped()


@cache
def _ways(word: str) -> tuple[_Printed, ...]:
    """The patterns of lines that begin with ``word``, one of those that do."""
    return tuple(_Printed(_pattern(kind, secrets), kind) for (_, kind), secrets in _GROUPS[word].items())


def printed(line: str, vault: Vault) -> str | None:
    """``line`` redacted; None for any line that is not spelt as IOS prints it, or not a secret's."""
    words = line.split(None, 1)
    if not words or words[0] not in _GROUPS or len(line) >= EDGE_OF_SCREEN or "        " in line or "://" in line:
        return None
    for pattern, kind in _ways(words[0]):
        found = pattern.fullmatch(line)
        if found is None:
            continue
        front, encoding, value, rest = found.groups()
        if (
            value[0] in _UNUSUAL
            or " " in value  # a command may begin in there
            or front.endswith(_SESSION_KEY)
            or (rest and ANCHOR.search(lower(rest)))
        ):
            return None
        if encoding:
            front = f"{front}{encoding} "
        if kind in ("rest", "word", "tag"):
            vault.known.learn_secret(value, encoding)
            return f"{front}{vault.tag(value, encoding) if kind == 'tag' else SECRET}{rest or ''}"
        if kind == "key and peer":
            return f"{front}{vault.token(value, encoding)}{rest}"
        return front + rest_token(vault, value, encoding, blanks_count=kind == "key")
    return None
