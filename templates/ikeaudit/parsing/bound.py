"""Commands bound to their builders, once: what the tables of IOS know of a line, and what reads it into the model.

What the first lines of each command were found to be is remembered, so that the thousandth router costs little, and one
that says a thousand times the same with other operands no memory. Text that comes here is redacted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar

from ikeaudit.ios.command import Args, Command, ObjectKind
from ikeaudit.ios.fast import Found, leads_on, look_up
from ikeaudit.ios.language import COMMANDS, GLOBAL, LANGUAGES, Language
from ikeaudit.ios.notation import placeholders
from ikeaudit.ios.tables.names import CRYPTO
from ikeaudit.ios.words import prose, slot, starts
from ikeaudit.parsing.build import groups, ikev2, interfaces, ipsec, isakmp, keyrings, misc, nat, tunnels
from ikeaudit.parsing.build.statement import Begin, Statement
from ikeaudit.parsing.kinds import LEAVES, Header, header_found, is_cut
from ikeaudit.parsing.mess import is_damaged_child, is_stray, is_unfilled
from ikeaudit.parsing.redact.headers import misspelt
from ikeaudit.parsing.redact.verdicts import is_accounted

_BUILDERS: tuple[Any, ...] = (keyrings, isakmp, ipsec, ikev2, interfaces, tunnels, groups, misc, nat)


def _bound(name: str) -> dict[str, Any]:
    return {row: read for module in _BUILDERS for row, read in getattr(module, name, {}).items()}


HEADERS: Mapping[str, Begin] = _bound("HEADERS")
"""By the id of its command, what begins an object."""
STATEMENTS: Mapping[str, Statement] = _bound("STATEMENTS")
"""What reads a command inside of an object."""
GLOBALS: Mapping[str, Statement] = _bound("GLOBALS")
"""What reads a command of the global mode."""
NEGATED: Mapping[str, Statement] = _bound("NEGATED")
"""What reads the ``no`` form of a command, where that says something of its own."""

TAKING = ("no ", "default ")
"""What begins a line that may take back another."""

_EACH = 1 << 7
"""How many lines of one command are remembered."""
_MEMORY = 1 << 11
_DEPTH = 2
(_FREE,) = starts("interface/description")
_NO_ARGS: Args = {}
_PROSE = prose()
_new = tuple.__new__
_ROUTES = tuple(row.slot for name in ("ip-route", "ipv6-route") for row in COMMANDS[f"global/{name}"])
_OF_MAP = re.compile(rf"{slot('global/crypto-map-entry')} \S+(?: \d+)?")
"""What ``no`` takes back of crypto maps: all of one, or an entry."""
_DEFAULT = "default "
(ADMITS,) = starts("line/access-class")
"""What lines begin with that say who may log in."""


def bare(raw: str) -> str:
    """A printed line without blanks around it or in rows; empty for a separator."""
    text = raw.strip()
    if "  " in text and not text.startswith(_FREE):
        text = " ".join(text.split())
    return "" if text[:1] == "!" else text


# -- lines of sections -----------------------------------------------------------------------------------------------

_NONE = Command(syntax="", slot="")
NOTHING = Found(_NONE, _NO_ARGS)
"""A line of which there is nothing to say."""
DENIED = Found(_NONE, _NO_ARGS, negated=True)
"""A ``no`` line of which there is nothing to say but that it may take back another; its argument is what."""


def _makes_no_sense(*_: object) -> bool:
    return False


DOUBTFUL: Statement = _makes_no_sense
"""What reads a command with a typing error."""

Thing = TypeVar("Thing")

Inside: TypeAlias = tuple[Statement | None, Args, Found | None]
"""What reads a line of a section, its arguments; where nothing does, the command that it is, if it is one."""


def _remember(recent: dict[str, Thing], raw: str, thing: Thing) -> None:
    """Keep what a line is for a while: one that is read once is often read again soon, with more lines beside it."""
    if len(recent) >= _MEMORY:
        recent.clear()
    recent[raw] = thing


class Insides(dict[str, Inside]):
    """What lines of one mode were found to be, as they stand."""

    __slots__ = ("_counts", "_language", "_reads", "_recent")

    def __init__(self, language: Language) -> None:
        super().__init__(dict.fromkeys(("", "!", " !"), (None, _NO_ARGS, NOTHING)))
        self._counts: dict[Command | None, int] = {}
        self._recent: dict[str, Inside] = {}
        self._language = language
        self._reads = {
            row: STATEMENTS[row.id]
            for row in language.mode.commands
            if row.bears == "modelled" and row.opens is None and row.id in STATEMENTS
        }

    def __missing__(self, raw: str) -> Inside:
        known = self._recent.get(raw)
        if known is not None:
            return known
        text = raw.strip()
        if "  " in text or text[:1] == "!":
            text = bare(text)
        language = self._language
        found = language.match(text) if text[:3] == "no " else look_up(language.steps, text)
        if found is None:
            row: Command | None = None
            inside: Inside = (None, _NO_ARGS, None if text else NOTHING)
        else:
            row, args, negated = found
            read = None if negated else self._reads.get(row)
            if read is not None and is_doubted(language, row, args, text):
                read = DOUBTFUL
            inside = self._not_read(text, found) if read is None else (read, args, found)
        count = self._counts.get(row, 0)
        if count < _EACH:
            self._counts[row] = count + 1
            self[raw] = inside
        else:
            _remember(self._recent, raw, inside)
        return inside

    def _not_read(self, text: str, found: Found) -> Inside:
        row, args, negated = found
        if text.startswith(TAKING):
            if negated and row.bears == "other" and row.id not in NEGATED:
                suspect = _is_suspect(self._language, row, text)
                return (None, args, None) if suspect else (None, {"taken": taken(text)}, DENIED)
        elif row.bears == "irrelevant" and not row.captures and misspelt(text, self._language.mode.name) is not None:
            return None, args, None
        elif row.opens is None and row.bears == "other" and not _is_suspect(self._language, row, text):
            return None, args, NOTHING
        return None, args, found


def taken(text: str) -> str:
    """The words by which what a ``no`` line takes back is told."""
    return " ".join(text.split(" ", _DEPTH + 1)[1 : _DEPTH + 1])


@cache
def _left_open(row: Command) -> frozenset[str]:
    """The operands of a command that may hold keywords which its syntax does not tell."""
    found = (part for syntax in row.spellings for part in placeholders(syntax))
    return frozenset(part.name for part in found if part.type in ("text", "operands"))


def is_doubted(language: Language, row: Command, args: Args, text: str) -> bool:
    """Whether a word in an operand that the syntax of a command leaves open is a typing error: nearly a keyword, or nothing
    that could stand there."""
    if row.slot in _PROSE or _left_open(row).isdisjoint(args):
        return False
    mode = language.mode.name
    return (row.closed and not is_accounted(mode, text)) or misspelt(text, mode) is not None


def _is_suspect(language: Language, row: Command, text: str) -> bool:
    """Whether a command that is known by its first words alone may be one that matters, damaged."""
    if misspelt(text, language.mode.name) is not None:
        return True
    return row.plain and (is_cut(language, text) or is_damaged_child(language.mode.name, text))


INSIDES: Mapping[str, Insides] = {name: Insides(language) for name, language in LANGUAGES.items()}
"""By the name of the mode."""


# -- global commands -------------------------------------------------------------------------------------------------

Word: TypeAlias = Literal["use", "harmless", "miss", ""]


class Leaf(NamedTuple):
    """A global command without a section: what reads it, and what the ledger says of it then and otherwise."""

    read: Statement | None
    args: Args
    done: Word
    failed: Word


def leaf(text: str, found: Found | None) -> Leaf:
    """What to do with the global command ``text``, which the tables say to be ``found``."""
    if text.startswith(_DEFAULT):
        return _of_default(text)
    if found is None:
        if not GLOBAL.concerns(text):
            return Leaf(None, _NO_ARGS, "", "")
        return Leaf(None, _NO_ARGS, "", "use" if is_known_negation(GLOBAL, text) else "miss")
    row, args, negated = found
    if row.plain and is_cut(GLOBAL, text):
        return Leaf(None, args, "", "miss")
    read = (NEGATED if negated else GLOBALS).get(row.id)
    if not negated and (row.id in GLOBALS or row.bears == "modelled") and is_doubted(GLOBAL, row, args, text):
        return Leaf(None, args, "", "miss")
    if row.bears in ("other", "irrelevant") and misspelt(text) is not None:
        return Leaf(None, args, "", "miss")
    if row.bears == "other":
        return Leaf(read, args, "", "miss" if row.id in GLOBALS and not negated else "")
    if row.bears == "modelled" and is_unfilled(text, args):
        return Leaf(None, args, "", "miss")
    if negated:
        known = misspelt(text) is None
        return Leaf(read if known else None, args, "use", "use" if known else "miss")
    return Leaf(read, args, "use", "harmless" if row.bears == "irrelevant" else "miss")


def _of_default(text: str) -> Leaf:
    """What to do with ``default ...``, which takes back what ``no`` does."""
    taken = text.removeprefix(_DEFAULT)
    found = GLOBAL.match(f"no {taken}") or GLOBAL.match(taken)
    known = is_known_negation(GLOBAL, text)
    if misspelt(text) is not None or (is_stray(taken) and not known) or not (known or found is None or found.row.plain):
        return Leaf(None, _NO_ARGS, "", "miss")
    if GLOBAL.concerns(taken) or (found is not None and found.row.bears != "other"):
        return Leaf(None, _NO_ARGS, "", "use" if known else "miss")
    return Leaf(None, _NO_ARGS, "", "")


def object_of(text: str) -> ObjectKind:
    """What a global command that is not understood makes doubtful."""
    return "other" if text.startswith(_ROUTES) else "global"


def is_known_negation(language: Language, text: str) -> bool:
    """Whether ``no X`` or ``default X`` takes away a command of a mode, or, X being keywords alone, all its forms."""
    word, _, taken = text.partition(" ")
    if word not in ("no", "default") or not taken:
        return False
    whole = language.spell(taken).text
    if any(language.match(line) is not None for line in (f"no {whole}", whole)):
        return misspelt(text, language.mode.name) is None
    all_keywords = language.grammar.depth(taken) == len(taken.split()) or leads_on(language.steps, whole)
    return all_keywords or _OF_MAP.fullmatch(whole) is not None


class Margin(NamedTuple):
    """A line without indentation in a printed text: the section that it opens, or the command that it is.

    Neither for one that has nothing to do with tunnels; ``odd`` says that the text is none that IOS printed.
    """

    text: str
    header: Header | None = None
    begin: Begin | None = None
    leaf: Leaf | None = None
    odd: bool = False


class Margins(dict[str, Margin]):
    """What lines without indentation were found to be."""

    __slots__ = ("_counts", "_recent")

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[Command | None, int] = {}
        self._recent: dict[str, Margin] = {}

    def __missing__(self, raw: str) -> Margin:
        known = self._recent.get(raw)
        if known is not None:
            return known
        text = " ".join(raw.split()) if "  " in raw else raw.rstrip()
        found = GLOBAL.match(text)
        margin = _margin(text, found)
        row = None if found is None else found[0]
        count = self._counts.get(row, 0)
        if count < _EACH:
            self._counts[row] = count + 1
            self[raw] = margin
        else:
            _remember(self._recent, raw, margin)
        return margin


def _margin(text: str, found: Found | None) -> Margin:
    if found is None:
        return Margin(text, odd=True)
    row = found[0]
    if row.section is not None and not found[2]:
        header = header_found(found, text)
        return _new(Margin, (text, header, HEADERS.get(row.id), None, header is None))
    if row.bears != "other" or row.id in LEAVES:
        return Margin(text, leaf=leaf(text, found))
    if text.startswith(_DEFAULT):
        return Margin(text, leaf=leaf(text, found))
    return Margin(text, odd=misspelt(text) is not None or (row.plain and (is_cut(GLOBAL, text) or is_stray(text))))


MARGINS = Margins()


@lru_cache(maxsize=_MEMORY)
def passed(raw: str) -> str | None:
    """What a line of a section that tunnels do not depend on says: the access list that decides who may log in, else
    nothing; None where the line looks as if it were another section's."""
    text = bare(raw)
    if text.startswith(ADMITS):
        return text.split()[1]
    return None if text and (leaves(text) or is_stray(text)) else ""


_LEAVING = (f"{CRYPTO} ", *starts("global/interface"))


def leaves(text: str) -> bool:
    """Whether a line inside a section that does not know it looks like the end of it, or like the next one's header."""
    return text == "exit" or text.startswith(_LEAVING)
