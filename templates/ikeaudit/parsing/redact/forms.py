"""The commands that hold secrets, as they are found in any line: derived from the tables of IOS.

A form is told by one word of its command, its pivot: the first one that tells of secrets by itself (``key``, ``password``),
else the first that is not shared by a whole family of commands (``ip``, ``crypto``), and then also the last but one. What
stands before and behind the pivot is matched as typed by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from ikeaudit.ios.notation import sequences
from ikeaudit.ios.secrets import OPERAND, OPERANDS, SECRETS, Secret, words_of
from ikeaudit.ios.tables.names import FAMILIES
from ikeaudit.parsing.redact.places import is_harmless_keyword, keywords_at
from ikeaudit.parsing.redact.spelling import BLANK, INK, Pattern, abbreviation, before, behind

TELLING: Mapping[str, int] = {
    "pre-shared-key": 3,
    "key": 3,
    "key-string": 4,
    "presharedkey": 12,
    "password": 3,
    "passphrase": 10,
    "passwd": 6,
    "passcode": 8,
    "pass-code": 9,
    "pwd": 3,
    "pw": 2,
    "secret": 6,
    "idtoken": 7,
    "psk": 3,
    "community": 3,
}
"""Words behind which a secret stands in commands that nobody described, and how much of each tells it."""

TELLS = {word[:end]: word for word, shortest in TELLING.items() for end in range(len(word), shortest - 1, -1)}
"""The telling word that a word, in full or cut short, stands for."""

_SHORTEST_PIVOT = 3
_SHORTEST_LEFT = 2
_SHORTEST_OPTION = 3
_SPOILT = r"|[\"'`:=>]"
"""What damage puts behind a keyword, or into it."""

_ADDRESSES = ("ip", "mask", "ipv6")
_ADDRESS = r"[\d.:a-f/]+"


class Form(NamedTuple):
    """The ways to spell commands of a mode with a secret, around their pivot.

    ``left`` (None: anything) ends where the pivot begins; ``right`` begins behind it and ends before the blanks in front of
    the secret, word by word one of ``ways``. ``key``, ``whole``, ``blanks`` and ``tag`` are the secret's; ``peer`` is what
    stands right behind one that is a single word. ``unfinished`` describes what stands behind the pivot where a line ends
    before the secret, ``bare`` where an entry is taken back without it.
    """

    mode: str
    pivot: str
    before: tuple[str, ...]
    key: bool
    whole: bool
    blanks: bool
    left: Pattern | None
    right: Pattern
    ways: tuple[tuple[str, ...], ...]
    peer: str
    unfinished: Pattern | None
    bare: Pattern
    tag: bool

    def fits(self, left: str) -> bool:
        """Whether ``left``, what stands before the pivot, is that of this form."""
        return self.left is None or self.left.search(left) is not None


def tells(word: str) -> bool:
    """Whether a keyword tells of a secret by itself, or by what it ends in behind a hyphen."""
    return word.rpartition("-")[2] in TELLING or word in TELLING


def pivot_of(secret: Secret) -> int:
    """The position of the pivot among the words before the secret."""
    known = next((at for at, word in enumerate(secret.before) if tells(word)), None)
    return _first(secret) if known is None else known


def _first(secret: Secret) -> int:
    """The position of the first word that is not that of a whole family."""
    return next(at for at, word in enumerate(secret.before) if word not in (*FAMILIES, OPERAND, OPERANDS))


def _pivots(secret: Secret) -> Iterator[tuple[int, Secret]]:
    """The positions of the words that may tell of the secret: the pivot, and for lines whose beginning is lost or misspelt the
    last keyword but one. A keyword that tells by its end only is told in full: cut short, it is by the word before it."""
    at, words = pivot_of(secret), secret.before
    if not _adds_nothing(secret, at):
        yield at, secret
    first = _first(secret)
    if tells(words[at]):
        if words[at] not in TELLING:
            yield first, secret._replace(before=words[: at + 1], whole=True)
        return
    keywords = [at for at, word in enumerate(words) if word not in (OPERAND, OPERANDS)]
    if len(keywords) > 1:
        other, last = keywords[-2:]
        long = min(len(words[other]), len(words[last])) >= _SHORTEST_PIVOT
        if other > at and last == other + 1 and long:
            yield other, secret


def _adds_nothing(secret: Secret, at: int) -> bool:
    """Whether the pivot alone tells all that is to know."""
    pivot, left, right = secret.before[at], secret.before[:at], secret.before[at + 1 :]
    if not tells(pivot):
        return False
    if pivot not in TELLING or any(one.mode == secret.mode and one.before == (pivot,) for one in SECRETS):
        return True
    if secret.key or not secret.whole or (not right and TELLING[pivot] > _SHORTEST_PIVOT):
        return False
    return not (right and is_harmless_keyword(left, pivot, right[0]))


class _Words(NamedTuple):
    """What may stand behind the pivot, word by word; ``path`` are the words so far, from the first of the command on."""

    mode: str
    path: tuple[str, ...]
    ways: Sequence[Secret]

    def _next(self) -> Iterator[tuple[str, _Words]]:
        at = len(self.path)
        longer = sorted((one for one in self.ways if len(one.before) > at), key=lambda one: _order(one.before[at]))
        for word, ways in groupby(longer, key=lambda one: one.before[at]):
            yield word, self._replace(path=(*self.path, word), ways=tuple(ways))

    @property
    def _rivals(self) -> list[str]:
        """Keywords that may stand where the secret would: it is none of them."""
        at = len(self.path)
        if self.path[-1] in TELLING:
            return []  # whatever stands behind it is cut
        same = (
            one.before[at] for one in SECRETS if one.mode == self.mode and one.before[:at] == self.path != one.before
        )
        return [word for word in dict.fromkeys(same) if word not in (OPERAND, OPERANDS)]

    def pattern(self) -> str:
        """From here on to the blanks before the secret."""
        ends = any(len(one.before) == len(self.path) for one in self.ways)
        held = any(one.mode == self.mode and one.before == self.path for one in SECRETS)
        out = []
        for word, more in self._next():
            body = behind((word,), _SHORTEST_OPTION if held else 1)
            if word not in TELLING and tells(word):
                body = self._compound(word)
            if word == OPERAND and more.ways[0].key and not any(w == OPERAND for w, _ in more._next()):
                body += rf"(?:{BLANK}+{INK}+){{0,2}}?"  # more than should stand there, in a damaged line
            out.append(body + more.pattern())
        if ends:
            spoilt = (
                "" if self.ways[0].key or not self.ways[0].whole or self.path[-1] in (OPERAND, OPERANDS) else _SPOILT
            )
            out.append(_is_none_of(self._rivals) + rf"(?={BLANK}+{INK}{spoilt})")
        return out[0] if len(out) == 1 else f"(?:{'|'.join(out)})"

    def _compound(self, word: str) -> str:
        """A next word that tells by its end, cut short or not; what it begins with may be a keyword with others behind it."""
        start = word.rpartition("-")[0]
        path = (*self.path, start)
        secrets = {
            word for one in SECRETS for at, word in enumerate(one.before) if _apart(one.before[:at]) == _apart(path)
        }
        ways = "|".join(abbreviation(one, 1) for one in sorted(keywords_at(path) | secrets))
        other = rf"(?!{BLANK}+{re.escape(start)}{BLANK}+(?:{ways})(?![\w-]))" if ways else ""
        alone = not any(one.startswith(word[:_SHORTEST_LEFT]) for one in keywords_at(self.path) - {word})
        return other + behind((word,), _SHORTEST_LEFT if alone else _SHORTEST_OPTION)

    def unfinished(self) -> str:
        """From here on, as far as the line goes."""
        at = len(self.path)
        out = []
        for word, more in self._next():
            operand = _ADDRESS if more.ways[0].types[at] in _ADDRESSES else f"{INK}+"
            out.append((f"{BLANK}+{operand}" if word == OPERAND else behind((word,), 1)) + more.unfinished())
        return f"(?:{'|'.join(out)})?" if out else ""


def _apart(words: tuple[str, ...]) -> tuple[str, ...]:
    """``words`` without that of a whole family in front."""
    return words[1:] if words and words[0] in FAMILIES else words


def _order(word: str) -> tuple[int, str]:
    return (2 if word == OPERANDS else 1 if word == OPERAND else 0, word)


def _is_none_of(words: Iterable[str]) -> str:
    ways = "|".join(abbreviation(word, min(_SHORTEST_OPTION, len(word))) for word in words)
    return rf"(?!{BLANK}+(?:{ways}){BLANK}+{INK})" if ways else ""


def peers(secrets: Sequence[Secret]) -> str:
    """What stands right behind a secret of one word, however the rows of its command spell it."""
    ways: dict[str, None] = {}
    for secret in secrets:
        if secret.after:
            address = secret.after[-1] in _ADDRESSES
            rest = rf"(?=[\d?]|ipv6\b|{INK}*[.:])" if address else f"(?={INK})"
            ways[f"{abbreviation(secret.after[0], 1)}{BLANK}+{rest}"] = None
    return f"(?:{'|'.join(ways)})" if ways else ""


def _bare(secrets: Sequence[Secret], words: tuple[str, ...]) -> Pattern:
    """What stands behind ``words``, up to the pivot, in the ``no`` forms that name no secret; nothing does where there are
    none."""
    ways: dict[str, None] = {}
    for syntax in (syntax for secret in secrets for syntax in secret.row.no):
        for tokens in sequences(syntax):
            if words_of(tokens)[: len(words)] == words:
                ways[
                    "".join(
                        behind((token.word,), 1)
                        if token.word
                        else f"{BLANK}+{_ADDRESS if token.type in _ADDRESSES else f'{INK}+'}"
                        for token in tokens[len(words) :]
                    )
                ] = None
    return Pattern(rf"(?:{'|'.join(ways) or '(?!)'}){BLANK}*\Z")


def _form(at: int, secrets: Sequence[Secret]) -> Form:
    first = secrets[0]
    pivot, left = first.before[at], first.before[:at]
    told: Pattern | None = None
    if tells(pivot):
        told = Pattern(before(left, _SHORTEST_LEFT)) if left else None
    words = _Words(first.mode, (*left, pivot), secrets)
    return Form(
        mode=first.mode,
        pivot=pivot,
        before=(*left, pivot),
        key=first.key,
        whole=first.whole,
        blanks=first.blanks,
        left=told,
        right=Pattern(words.pattern()),
        ways=tuple(dict.fromkeys(secret.before[at + 1 :] for secret in secrets)),
        peer=peers(secrets),
        unfinished=Pattern(rf"{words.unfinished()}{BLANK}*\Z") if first.key else None,
        bare=_bare(secrets, (*left, pivot)),
        tag=first.tag,
    )


def _forms() -> Iterator[Form]:
    groups: dict[tuple[bool, bool, int, str, tuple[str, ...]], list[Secret]] = {}
    for secret in SECRETS:
        for at, told in _pivots(secret):
            shape = (not told.key, told.whole, at, told.mode, told.before[: at + 1])
            groups.setdefault(shape, []).append(told)
    for (_, _, at, _, _), secrets in sorted(groups.items()):
        yield _form(at, secrets)


FORMS = tuple(_forms())
"""All forms; those of pre-shared keys first, those of single words before those that run to the end of the line."""


def _by_word() -> Mapping[str, tuple[Form, ...]]:
    found: dict[str, tuple[Form, ...]] = {}
    for form in FORMS:
        for end in range(min(_SHORTEST_PIVOT, len(form.pivot)), len(form.pivot) + 1):
            word = form.pivot[:end]
            found[word] = (*found.get(word, ()), form)
    return found


FORMS_OF = _by_word()
"""The forms that a word, in full or cut short, may be the pivot of."""
