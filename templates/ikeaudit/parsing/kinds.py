"""The sections that tunnels depend on, as the tables of IOS know them: how each begins, and what is inside."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from ikeaudit.ios.abbreviations import Grammar
from ikeaudit.ios.command import Args, Command, ObjectKind
from ikeaudit.ios.fast import Found
from ikeaudit.ios.language import GLOBAL, LANGUAGES, Language, language_of

_new = tuple.__new__
LOOSE = ("route-map", "object-group")
"""Sections beside access lists that say what is read together with them."""
LEAVES = frozenset(
    f"global/{name}"
    for name in ("hostname", "version", "access-list", "ip-nat-source", "ip-nat-inside-source", "ip-nat-outside-source")
)
"""Commands that are read though they have nothing to do with tunnels."""
STEERING = frozenset(
    f"global/{name}"
    for name in ("ip-default-gateway", "ip-default-network", "ip-local-policy", "router", "ipv6-router")
) | frozenset(f"interface/{name}" for name in ("ip-policy", "ipv6-policy", "ip-ospf", "ip-router", "ip-rip"))
"""Commands by which the selection knows which way packets may go; no builder reads them."""
_RANGE = ("ra", "ran", "rang", "range")


def counts(language: Language, text: str) -> bool:
    """Whether a line has to do with tunnels, as far as its words tell; those known by their first word alone tell little."""
    found = language.match(text)
    if found is not None and found.row.bears != "other":
        return True
    return language.concerns(text) if found is None else found.row.plain and is_cut(language, text)


def is_cut(language: Language, text: str) -> bool:
    """Whether a line that is known by its first word alone is all keywords of tunnel commands, its operands missing."""
    return language.grammar.depth(text) == len(text.split()) and language.concerns(text)


class Kind(NamedTuple):
    """A kind of section: its name, what reports call its object, the language of its lines.

    A kind without commands is ``indented_only``: its lines are told by their indentation alone. ``nested`` are the words
    that open a section inside of it.
    """

    name: str
    unknown: ObjectKind
    language: Language
    grammar: Grammar
    indented_only: bool
    nested: tuple[str, ...]

    def concerns(self, text: str) -> bool:
        """Whether a line of the section counts: all do but those of interfaces, which hold much besides tunnels."""
        if self.unknown != "interface":
            return True
        return counts(self.language, text)


class Header(NamedTuple):
    """A line that opens a section: its command, and as much of its ``text`` as the command takes.

    ``said`` are the command's arguments, ``whole`` says that the line holds no more than that.
    """

    kind: Kind
    row: Command
    said: Args
    text: str
    whole: bool = True

    @property
    def name(self) -> str:
        """The name of the object, as reports call it."""
        return self.row.named(self.said, self.text)


@cache
def kind_of(row: Command) -> Kind:
    """The kind of section that a header of this command opens."""
    section = row.section or "other"
    language = language_of(row) or LANGUAGES[section]
    name = section if section != "other" else language.mode.name
    nested = tuple(f"{inner.slot} " if inner.key else inner.slot for inner in language.mode.commands if inner.opens)
    return Kind(name, section, language, language.section_grammar, not language.mode.commands, nested)


def header_of(text: str) -> Header | None:
    """The section that ``text``, spelt out, opens; None when it opens none that matters.

    Words too many behind a header are damage: it still says whose commands follow.
    """
    whole = text
    while whole:
        found = GLOBAL.match(whole)
        if found is not None:
            return header_found(found, text, whole)
        whole = whole.rpartition(" ")[0]
    return None


def header_found(found: Found, text: str, whole: str | None = None) -> Header | None:
    """What the line ``text`` opens, ``found`` being the command that it is, or that its beginning ``whole`` is."""
    whole = text if whole is None else whole
    row, args, negated = found
    section = row.section
    if section is None or negated or (whole is not text and section in ("crypto-map", "other", "acl")):
        return None
    if section == "interface" and "text" in args and args["text"].split(" ", 1)[0] in _RANGE:
        return None
    return _new(Header, (kind_of(row), row, args, whole, whole is text))


def kinds() -> tuple[Kind, ...]:
    """Every kind, each once."""
    rows = [row for row in GLOBAL.mode.commands if row.section is not None]
    return tuple({kind.name: kind for kind in map(kind_of, rows)}.values())
