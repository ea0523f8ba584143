"""Lines as IOS prints them, recognised at once: full words in lower case, one blank between them.

A running-config holds little else. The leading keywords of a line lead to the few commands that it can be, and each of
those is one regular expression, derived from the same syntax that typed lines are read by. Whatever is not found here
(an abbreviation, a capital, two blanks) is for the slower reading of :mod:`ikeaudit.ios.syntax`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ikeaudit.ios.names import INTERFACE_TYPES
from ikeaudit.ios.notation import Node, Optional, named, parts, placeholders, sequences
from ikeaudit.ios.quads import is_ipv4
from ikeaudit.ios.syntax import GROUPS, IKEV2_CIPHERS, IKEV2_HASHES, TRANSFORMS, is_ipv6

if TYPE_CHECKING:
    from ikeaudit.ios.command import Command

_NO_NAME = 3
"""Letters from which a word that may be a name is taken for the beginning of a keyword."""

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IPV4 = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_DOTTED = r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}"


def _some(*words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for group in words for word in sorted(group, reverse=True))


def _listed(first: Iterable[str], more: Iterable[str]) -> str:
    return rf"(?:{_some(first)})(?: (?:{_some(more)}))*"


PATTERNS: Mapping[str, str] = {
    "word": r"[^\s!]\S*",
    "any": r"\S+",
    "ip": _DOTTED,
    "mask": _DOTTED,
    "ipv6": r"[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(?:/\d{1,3})?",
    "num": r"\d+",
    "encoding": "[067]",
    "notip": rf"(?!{_IPV4}(?: |$))[^\s!]\S*",
    "interface": rf"(?:{_some(INTERFACE_TYPES)})\d+(?:[/.:]\d+)*",
    "transforms": _listed(TRANSFORMS, (*TRANSFORMS, "128", "192", "256")),
    "ciphers": _listed(IKEV2_CIPHERS, IKEV2_CIPHERS),
    "hashes": _listed(IKEV2_HASHES, IKEV2_HASHES),
    "groups": _listed(GROUPS, GROUPS),
    "line": r"\S.*",
    "text": r"\S(?:.*\S)?",
    "operands": r"\S(?:.*\S)?",
    "url": r"\S+",
    "psk": r"\S.*",
    "psktext": r"\S(?:.*\S)?",
    "pskword": r"\S+",
    "secret": r"\S(?:.*\S)?",
    "secretword": r"\S+",
    "secrettag": r"\S(?:.*\S)?",
    "digit": r"\d",
    "words": r"\S+(?: \S+)*?",
}
"""What each type of placeholder looks like in print, at first sight."""

_STRICT = {**PATTERNS, "ip": _IPV4, "mask": _IPV4}
"""The same for sure, which takes longer."""

_CHECKS: Mapping[str, Callable[[str], bool]] = {"ip": is_ipv4, "mask": is_ipv4, "ipv6": is_ipv6}

_new = tuple.__new__

Args: TypeAlias = Mapping[str, str]


class Found(NamedTuple):
    """The command that a line is, its arguments by name (those left out are missing), and whether ``no`` stood before."""

    row: Command
    args: Args
    negated: bool = False

    def __repr__(self) -> str:
        return f"Found({self.row.id!r})"


class _Entry:
    """One syntax of a command, as an expression that is compiled when it is first tried."""

    __slots__ = ("_checks", "_nodes", "_optional", "_strict", "match", "plain", "row")

    match: Callable[[str], re.Match[str] | None]

    def __init__(self, syntax: str, row: Command) -> None:
        self._nodes = parts(syntax)
        self.match = self._first
        self._strict: re.Pattern[str] | None = None
        self.row = row
        self._optional = tuple(
            part.name for node in self._nodes if isinstance(node, Optional) for part in named(node.parts)
        )
        self._checks = tuple((part.name, _CHECKS[part.type]) for part in placeholders(syntax) if part.type in _CHECKS)
        self.plain = not self._optional and not self._checks

    def _first(self, text: str) -> re.Match[str] | None:
        self.match = re.compile(_expression(self._nodes, PATTERNS, first=True) + " *").fullmatch
        return self.match(text)

    def args(self, found: re.Match[str], *, sure: bool = False) -> dict[str, str] | None:
        """What was found, by name; None where it is not what its type says."""
        args = found.groupdict()
        for name in self._optional:
            if args[name] is None:
                del args[name]
        for name, check in self._checks:
            if name in args and not check(args[name]):
                return None if sure else self._otherwise(found.string)
        return args

    def _otherwise(self, text: str) -> dict[str, str] | None:
        """The arguments, where what looks like an address is none and may still be something else."""
        if self._strict is None:
            self._strict = re.compile(_expression(self._nodes, _STRICT, first=True) + " *")
        found = self._strict.fullmatch(text)
        return None if found is None else self.args(found, sure=True)


class Step:
    """A place among the leading keywords: what may follow, and the expressions to try here."""

    __slots__ = ("beginnings", "concern", "entries", "next", "own")

    def __init__(self) -> None:
        self.concern = False
        self.next: dict[str, Step] = {}
        self.own: list[tuple[bool, _Entry]] = []
        self.entries: tuple[_Entry, ...] = ()
        self.beginnings: frozenset[str] = frozenset()
        """What may be a keyword cut short, where a line may also end or an operand stand."""

    def settle(self, above: tuple[_Entry, ...] = ()) -> None:
        """Make ready: a line may always be what fewer keywords lead to."""
        self.own.sort(key=lambda one: one[0])
        self.entries = (*(entry for _, entry in self.own), *above)
        if self.entries:
            self.beginnings = frozenset(word[:size] for word in self.next for size in range(_NO_NAME, len(word)))
        for step in self.next.values():
            step.settle(self.entries)
        self.concern = all(entry.row.bears != "other" for _, entry in self.own) and all(
            step.concern for step in self.next.values()
        )


def _expression(nodes: tuple[Node, ...], patterns: Mapping[str, str], *, first: bool) -> str:
    """The expression of ``nodes``; a blank stands before each but the very first."""
    out = ""
    for node in nodes:
        blank, first = ("" if first else " "), False
        if isinstance(node, Optional):
            out += f"(?:{_expression(node.parts, patterns, first=not blank)})?"
            continue
        body = "|".join(map(re.escape, node.words)) if node.words else patterns[node.type]
        out += blank + (f"(?P<{node.name}>{body})" if node.name else f"(?:{body})")
    return out


def _heads(syntax: str) -> Iterable[tuple[str, ...]]:
    """The leading keywords of every way to spell ``syntax``."""
    return dict.fromkeys(
        tuple(token.word for token in takewhile(lambda token: token.word, tokens)) for tokens in sequences(syntax)
    )


def steps(rows: Iterable[Command], *, shorter: bool = False) -> Step:
    """The look-up of all ``rows``; ``shorter`` adds what only ``no`` accepts.

    The more keywords an expression begins with the earlier it is tried; what only old or damaged files hold comes last.
    """
    root = Step()
    for row in rows:
        strict = (row.syntax, *row.also, *(row.no if shorter else ()))
        for syntax in (*strict, *row.seen):
            entry = _Entry(syntax, row)
            for head in _heads(syntax):
                step = root
                for word in head:
                    step = step.next.setdefault(word, Step())
                step.own.append((syntax not in strict, entry))
    root.settle()
    return root


def look_up(root: Step, text: str, *, negated: bool = False) -> Found | None:
    """The command that ``text`` is; None when it is none, or not spelt as IOS prints it."""
    step, following = root, root.next
    for word in text.split(" "):
        if word in following:
            step = following[word]
            following = step.next
            if not following:
                break
        elif word in step.beginnings:
            return None  # it may be a keyword cut short, which is not for here
        else:
            break
    for entry in step.entries:
        if (found := entry.match(text)) is None:
            continue
        args = found.groupdict() if entry.plain else entry.args(found)
        if args is None:
            continue
        if "  " in text and not _alike(root, text, args):
            return None
        return _new(Found, (entry.row, args, negated))
    return None


def _alike(root: Step, text: str, args: Args) -> bool:
    """Whether two blanks in a row are part of an operand, and hide no keyword in it."""
    found = look_up(root, " ".join(text.split()))
    return found is not None and found.args.keys() == args.keys()


def leads_on(root: Step, text: str) -> bool:
    """Whether every word of ``text`` is a keyword of one command."""
    step = root
    for word in text.split():
        if word not in step.next:
            return False
        step = step.next[word]
    return True


def concerns(root: Step, text: str) -> bool:
    """Whether all commands that the leading keywords of ``text`` lead to have to do with tunnels."""
    step, rest = root, text
    while rest:
        word, _, rest = rest.partition(" ")
        following = step.next.get(word)
        if following is None:
            return False
        if following.concern:
            return True
        step = following
    return False
