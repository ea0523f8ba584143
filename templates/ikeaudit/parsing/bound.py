"""Commands bound to their builders, once: what the tables of IOS know of a line, and what reads it into the model.

What the first lines of each command were found to be is remembered, so that the thousandth router costs little, and one
that says a thousand times the same with other operands no memory. Text that comes here is redacted.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal, NamedTuple, TypeAlias

from ikeaudit.ios.command import Args, Command, ObjectKind
from ikeaudit.ios.fast import Found, look_up
from ikeaudit.ios.language import COMMANDS, GLOBAL, LANGUAGES, Language
from ikeaudit.ios.tables.names import CRYPTO
from ikeaudit.ios.words import slot, starts
from ikeaudit.parsing.build import groups, ikev2, interfaces, ipsec, isakmp, keyrings, misc, nat, tunnels
from ikeaudit.parsing.build.statement import Begin, Statement
from ikeaudit.parsing.kinds import LEAVES, Header, header_found, is_cut
from ikeaudit.parsing.mess import is_damaged_child, is_stray, is_unfilled
from ikeaudit.parsing.redact.headers import misspelt

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
_new = tuple.__new__
_ROUTES = tuple(row.slot for name in ("ip-route", "ipv6-route") for row in COMMANDS[f"global/{name}"])
_MAP = f"{slot('global/crypto-map-entry')} "
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

Inside: TypeAlias = tuple[Statement | None, Args, Found | None]
"""What reads a line of a section, its arguments; where nothing does, the command that it is, if it is one."""


class Insides(dict[str, Inside]):
    """What lines of one mode were found to be, as they stand."""

    __slots__ = ("_counts", "_language", "_reads")

    def __init__(self, language: Language) -> None:
        super().__init__(dict.fromkeys(("", "!", " !"), (None, _NO_ARGS, NOTHING)))
        self._counts: dict[Command | None, int] = {}
        self._language = language
        self._reads = {
            row: STATEMENTS[row.id]
            for row in language.mode.commands
            if row.bears == "modelled" and row.opens is None and row.id in STATEMENTS
        }

    def __missing__(self, raw: str) -> Inside:
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
            inside = self._not_read(text, found) if read is None else (read, args, found)
        count = self._counts.get(row, 0)
        if count < _EACH:
            self._counts[row] = count + 1
            self[raw] = inside
        return inside

    def _not_read(self, text: str, found: Found) -> Inside:
        row, args, negated = found
        if text.startswith(TAKING):
            if negated and row.bears == "other" and row.id not in NEGATED:
                return None, {"taken": taken(text)}, DENIED
        elif row.opens is None and row.bears == "other" and not _is_suspect(self._language, row, text):
            return None, args, NOTHING
        return None, args, found


def taken(text: str) -> str:
    """The words by which what a ``no`` line takes back is told."""
    return " ".join(text.split(" ", _DEPTH + 1)[1 : _DEPTH + 1])


def _is_suspect(language: Language, row: Command, text: str) -> bool:
    """Whether a command that is known by its first words alone may be one that matters, damaged."""
    if misspelt(text, "interface") is not None:
        return True
    return row.plain and (is_cut(language, text) or is_damaged_child("interface", text))


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
    if found is None:
        if not GLOBAL.concerns(text):
            return Leaf(None, _NO_ARGS, "", "")
        return Leaf(None, _NO_ARGS, "", "use" if _is_known_negation(text) else "miss")
    row, args, negated = found
    if row.plain and is_cut(GLOBAL, text):
        return Leaf(None, args, "", "miss")
    read = (NEGATED if negated else GLOBALS).get(row.id)
    if row.bears in ("other", "irrelevant") and misspelt(text) is not None:
        return Leaf(None, args, "", "miss")
    if row.bears == "other":
        return Leaf(read, args, "", "miss" if row.id in GLOBALS and not negated else "")
    if row.bears == "modelled" and is_unfilled(text, args):
        return Leaf(None, args, "", "miss")
    if negated:
        return Leaf(read, args, "use", "use")
    return Leaf(read, args, "use", "harmless" if row.bears == "irrelevant" else "miss")


def object_of(text: str) -> ObjectKind:
    """What a global command that is not understood makes doubtful."""
    return "other" if text.startswith(_ROUTES) else "global"


def _is_known_negation(text: str) -> bool:
    word, _, taken = text.partition(" ")
    if word not in ("no", "default"):
        return False
    if GLOBAL.spell(text).known or taken.startswith(_MAP):
        return True
    found = GLOBAL.match(taken)
    return found is not None and found.row.bears == "irrelevant"


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

    __slots__ = ("_counts",)

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[Command | None, int] = {}

    def __missing__(self, raw: str) -> Margin:
        text = " ".join(raw.split()) if "  " in raw else raw.rstrip()
        found = GLOBAL.match(text)
        margin = _margin(text, found)
        row = None if found is None else found[0]
        count = self._counts.get(row, 0)
        if count < _EACH:
            self._counts[row] = count + 1
            self[raw] = margin
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
