"""Command syntax as a tree of words: keywords that may be cut short, placeholders of a type, optional parts.

The notation of a syntax is that of :mod:`ikeaudit.ios.notation`; the types of placeholders are in ``ARGUMENTS``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from ipaddress import IPv6Interface
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from ikeaudit.ios.names import interface_words
from ikeaudit.ios.notation import sequences
from ikeaudit.ios.quads import is_ipv4

if TYPE_CHECKING:
    from ikeaudit.ios.command import Command

_HMACS = ("md5", "sha", "sha256", "sha384", "sha512")
TRANSFORMS = frozenset(
    [*(f"esp-{cipher}" for cipher in ("3des", "aes", "des", "gcm", "gmac", "null", "seal")), "comp-lzs"]
    + [f"{protocol}-{name}-hmac" for protocol in ("ah", "esp") for name in _HMACS]
)
"""Keywords of a transform set."""

IKEV2_CIPHERS = frozenset(["3des", "aes-cbc-128", "aes-cbc-192", "aes-cbc-256", "aes-gcm-128", "aes-gcm-256", "des"])
IKEV2_HASHES = frozenset(["md5", "sha1", "sha256", "sha384", "sha512"])
GROUPS = frozenset(["1", "2", "5", "14", "15", "16", "19", "20", "21", "24"])
"""Keywords of an IKEv2 proposal, and the Diffie-Hellman groups."""

_WORD = re.compile(r"\S+")


class Unspoken(msgspec.Struct, frozen=True):
    """A value that may hold a key: nothing of it shows in ``repr``, in tracebacks or on a console."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        return []


class Typed(Unspoken, frozen=True):
    """A line as typed, cut into words; ``starts`` are the columns at which they begin."""

    text: str
    words: tuple[str, ...]
    starts: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Typed:
        """Cut ``text`` at blanks; the text itself is kept for arguments that run to the end of the line."""
        found = [(m.group(), m.start()) for m in _WORD.finditer(text)]
        return cls(text, tuple(w for w, _ in found), tuple(s for _, s in found))

    @property
    def bare(self) -> Typed:
        """The line without a remark at its end (`` !...``)."""
        at = self.text.find(" !")
        return self if at < 0 else Typed.of(self.text[:at])


class Match(Unspoken, frozen=True):
    """A line that a command's syntax describes: its words, keywords in full, and its arguments by name.

    ``exact`` says that no keyword was cut short.
    """

    command: Command
    words: tuple[str, ...]
    args: Mapping[str, str]
    exact: bool = True


class Failure(msgspec.Struct, frozen=True):
    """Why no syntax describes a line: ``kind`` is ``invalid``, ``incomplete`` or ``ambiguous``; ``column`` the place."""

    kind: str
    column: int
    words: int = 0

    def better_than(self, other: Failure) -> bool:
        """Whether this reading of the line came further than ``other``."""
        return self.words > other.words or (self.words == other.words and self.kind != "invalid" == other.kind)


Taken: TypeAlias = tuple[int, str]
"""How many words an argument takes, and its value."""


def _one(test: Callable[[str], bool]) -> Callable[[Typed, int], Taken | None]:
    return lambda line, at: (1, line.words[at]) if test(line.words[at]) else None


def is_ipv6(word: str) -> bool:
    """Whether ``word`` is an IPv6 address, with or without a length."""
    if ":" not in word:
        return False
    try:
        IPv6Interface(word)
    except ValueError:
        return False
    return True


def _line(line: Typed, at: int) -> Taken:
    return len(line.words) - at, line.text[line.starts[at] :]


def _text(line: Typed, at: int) -> Taken:
    return len(line.words) - at, line.text[line.starts[at] :].rstrip()


def _all_in(*known: frozenset[str]) -> Callable[[Typed, int], Taken | None]:
    """One or more words up to the end of the line; the first one in the first set, each in one of the sets."""

    def take(line: Typed, at: int) -> Taken | None:
        words = line.words[at:]
        fits = words[0] in known[0] and all(any(word in some for some in known) for word in words)
        return (len(words), " ".join(words)) if fits else None

    return take


ARGUMENTS: Mapping[str, Callable[[Typed, int], Taken | None]] = {
    "word": _one(lambda word: word[0] != "!"),
    "any": _one(lambda word: True),
    "ip": _one(is_ipv4),
    "mask": _one(is_ipv4),
    "ipv6": _one(is_ipv6),
    "num": _one(str.isdigit),
    "encoding": _one(lambda word: word in ("0", "6", "7")),
    "notip": _one(lambda word: word[0] != "!" and not is_ipv4(word)),
    "interface": lambda line, at: interface_words(line.words, at),
    "transforms": _all_in(TRANSFORMS, frozenset({"128", "192", "256"})),
    "ciphers": _all_in(IKEV2_CIPHERS),
    "hashes": _all_in(IKEV2_HASHES),
    "groups": _all_in(GROUPS),
    "line": _line,
    "text": _text,
    "operands": _text,
    "url": _one(lambda word: True),
    "psk": _line,
    "psktext": _text,
    "pskword": _one(lambda word: True),
    "secret": _text,
    "secretword": _one(lambda word: True),
    "secrettag": _text,
    "digit": _one(lambda word: len(word) == 1 and word.isdigit()),
    "words": _one(lambda word: True),
}
"""Placeholder types: a ``word`` does not begin a remark, ``any`` word may; ``line`` runs to the end and keeps trailing
blanks, ``text`` runs to the end without them; ``operands`` are such a text in which there are names, numbers and choices
and never a secret, a ``url`` may hold one. Pre-shared keys are ``psk`` (a line), ``psktext`` or ``pskword``, other secrets
``secret`` (a text), ``secretword``, or ``secrettag``, a text that two ends have to have alike. ``words`` are options that
are not described, in lines that are only read."""


class Branch:
    """A place in the tree of words: what may follow, and the command that may end here."""

    __slots__ = ("_sorted", "arguments", "keywords", "leaf", "names")

    def __init__(self) -> None:
        self._sorted: list[str] = []
        self.keywords: dict[str, Branch] = {}
        self.arguments: list[tuple[str, Branch]] = []
        self.leaf: Command | None = None
        self.names: tuple[str, ...] = ()

    def beginning(self, typed: str) -> list[str]:
        """The keywords that begin with ``typed``."""
        if len(self._sorted) != len(self.keywords):
            self._sorted = sorted(self.keywords)
        known, at = self._sorted, bisect_left(self._sorted, typed)
        end = at
        while end < len(known) and known[end].startswith(typed):
            end += 1
        return known[at:end]

    def leaves(self) -> Iterator[Command]:
        """Every command that can be completed from here."""
        if self.leaf is not None:
            yield self.leaf
        for branch in self.keywords.values():
            yield from branch.leaves()
        for _, branch in self.arguments:
            yield from branch.leaves()


def add_syntax(root: Branch, syntax: str, command: Command) -> None:
    """Hang ``syntax`` into the tree at ``root``.

    Raises ValueError when the syntax is malformed or another command of the tree is spelled just the same.
    """
    for tokens in sequences(syntax):
        branch = root
        for token in tokens:
            if token.word:
                branch = branch.keywords.setdefault(token.word.lower(), Branch())
                continue
            known = next((b for t, b in branch.arguments if t == token.type), None)
            if known is None:
                if token.type not in ARGUMENTS:
                    raise ValueError(f"no such argument type: {token.type}")
                known = Branch()
                branch.arguments.append((token.type, known))
            branch = known
        names = tuple(token.name for token in tokens)
        if branch.leaf is not None and (branch.leaf is not command or branch.names != names):
            raise ValueError(f"spelled twice: {syntax!r} and {branch.leaf.syntax!r}")
        branch.leaf, branch.names = command, names


class _Search:
    """One attempt to describe a line; remembers how far it got for the error message."""

    def __init__(self, line: Typed) -> None:
        self.line = line
        self.furthest = -1
        self.short = 0
        self.ambiguous = False
        self.unfinished: Branch | None = None
        self.partial: tuple[str, ...] = ()

    def walk(self, branch: Branch, at: int, values: tuple[str, ...]) -> Match | None:
        words = self.line.words
        if at == len(words):
            if branch.leaf is not None:
                kept = {name: value for name, value in zip(branch.names, values, strict=True) if name}
                return Match(branch.leaf, values, kept, self.short == 0)
            if at > self.furthest:
                self.furthest, self.unfinished, self.partial = at, branch, values
            return None
        typed = words[at].lower()
        full = typed if typed in branch.keywords else None
        if full is None:
            fits = branch.beginning(typed)
            if len(fits) == 1:
                full = fits[0]
            elif fits and at > self.furthest:
                self.furthest, self.ambiguous = at, True
        if full is not None:
            self.short += full != typed
            found = self.walk(branch.keywords[full], at + 1, (*values, full))
            if found is not None:
                return found
            self.short -= full != typed
        for kind, following in branch.arguments:
            taken = ARGUMENTS[kind](self.line, at)
            if taken is not None:
                found = self.walk(following, at + taken[0], (*values, taken[1]))
                if found is not None:
                    return found
        if at > self.furthest:
            self.furthest, self.ambiguous, self.unfinished = at, False, None
        return None


class Partial(Unspoken, frozen=True):
    """The beginning of at least one command: the words so far in full, and the commands that may become of it."""

    words: tuple[str, ...]
    commands: tuple[Command, ...]


def read(root: Branch, line: Typed) -> Match | Failure:
    """Describe ``line`` by a command below ``root``, or say at which column and why that fails.

    A remark at its end (`` !...``) is no part of a line that is not known but for it.
    """
    found = _read(root, line)
    bare = line.bare
    if bare is not line and (isinstance(found, Failure) or found.command.plain):
        known = _read(root, bare)
        if isinstance(known, Match) and not known.command.plain:
            return known
    return found


def _read(root: Branch, line: Typed) -> Match | Failure:
    search = _Search(line)
    found = search.walk(root, 0, ())
    if found is not None:
        return found
    at = max(search.furthest, 0)
    if search.unfinished is not None:
        return Failure("incomplete", len(line.text), at)
    kind = "ambiguous" if search.ambiguous else "invalid"
    return Failure(kind, line.starts[at], at)


def begin(root: Branch, line: Typed) -> Partial | None:
    """The commands that ``line`` is the beginning of; None when it is not the beginning of any."""
    search = _Search(line.bare)
    search.walk(root, 0, ())
    if search.unfinished is None:
        return None
    return Partial(search.partial, tuple(search.unfinished.leaves()))
