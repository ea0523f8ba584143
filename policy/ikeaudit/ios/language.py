"""The tables of all modes made ready for use: syntax trees, order, look-ups."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from hashlib import sha256

import msgspec

from ikeaudit.ios import fast
from ikeaudit.ios.abbreviations import Grammar, Spelt
from ikeaudit.ios.command import Command, Mode
from ikeaudit.ios.fast import Found, Step
from ikeaudit.ios.notation import skeletons
from ikeaudit.ios.syntax import Branch, Failure, Match, Typed, add_syntax, read
from ikeaudit.ios.tables import router
from ikeaudit.ios.tables.names import FREE_TEXT, LABELS, NAMES

_NO = "no "
_MEMORY = 1 << 11
_NO_LETTERS = re.compile(r"[^A-Za-z0-9+]+")


class _Memory(dict[str, Found | None]):
    """What lines of one mode were found to be; forgotten when there are too many."""

    __slots__ = ("_language",)

    def __init__(self, language: Language) -> None:
        self._language = language

    def __missing__(self, text: str) -> Found | None:
        if len(self) >= _MEMORY:
            self.clear()
        found = self[text] = self._language.match(text)
        return found


class Language:
    """One mode made ready: for lines as printed (``match``, ``known``), as typed (``read``) and as damaged (``spell``).

    What is made of the table is made when it is first asked for. Raises ValueError, then, when a syntax is malformed or
    two commands are spelt alike.
    """

    def __init__(self, mode: Mode) -> None:
        self.mode = _identified(mode)
        self.remembered = _Memory(self)

    def __repr__(self) -> str:
        return f"Language({self.mode.name!r})"

    @cached_property
    def tree(self) -> Branch:
        """What may be typed, word by word."""
        return self._tree(shorter=False)

    @cached_property
    def no_tree(self) -> Branch:
        """What may be typed behind ``no``."""
        return self._tree(shorter=True)

    def _tree(self, *, shorter: bool) -> Branch:
        root = Branch()
        typed = [command for command in self.mode.commands if not command.kept]
        for command in typed:
            for syntax in (command.syntax, *command.also):
                add_syntax(root, syntax, command)
        for command in typed if shorter else ():
            for syntax in command.no:
                add_syntax(root, syntax, command)
        return root

    @cached_property
    def ranks(self) -> Mapping[Command, int]:
        """The order in which IOS prints the lines."""
        groups: dict[str, int] = {}
        return {
            command: groups.setdefault(command.rank or command.slot, len(groups))
            for command in self.mode.commands
            if not command.kept
        }

    @cached_property
    def steps(self) -> Step:
        """The look-up of printed lines."""
        return fast.steps(self.mode.commands)

    @cached_property
    def no_steps(self) -> Step:
        """The look-up of what is printed, or typed, behind ``no``."""
        return fast.steps(self.mode.commands, shorter=True)

    @cached_property
    def grammar(self) -> Grammar:
        """The keywords that lines are told by."""
        return Grammar([*_skeletons(self.mode.commands), "exit"])

    @cached_property
    def section_grammar(self) -> Grammar:
        """As ``grammar``, together with the keywords of the sections that stand inside of this one."""
        inside = [LANGUAGES[row.opens] for row in self.mode.commands if row.opens]
        commands = [command for one in (self, *inside) for command in one.mode.commands]
        return Grammar([*_skeletons(commands), "exit"])

    def read(self, text: str) -> Match | Failure:
        """Describe a line of this mode as configuration mode does, keywords cut short or not."""
        return read(self.tree, Typed.of(text))

    def read_no(self, text: str) -> Match | Failure:
        """Describe what stands behind ``no`` in a line of this mode."""
        return read(self.no_tree, Typed.of(text))

    def match(self, text: str) -> Found | None:
        """The command that a line is, spelt as IOS prints it, ``no`` included; None for any other line."""
        if text.startswith(_NO):
            return fast.look_up(self.no_steps, text[3:], negated=True)
        return fast.look_up(self.steps, text)

    def known(self, text: str) -> Found | None:
        """As :meth:`match`, remembered (``remembered[text]`` is the same): for text without clear secrets only."""
        return self.remembered[text]

    def spell(self, text: str) -> Spelt:
        """A line with its keywords in full, and whether it is told by them to be one of this mode."""
        return self.grammar.spell(text)

    def concerns(self, text: str) -> bool:
        """Whether a line that no command describes begins as only lines do that concern tunnels."""
        bare = text.lower().removeprefix("no ").removeprefix("default ")
        return fast.concerns(self.steps, bare)


def _identified(mode: Mode) -> Mode:
    """``mode`` with an id for each of its commands, and with what each has to do with tunnels."""
    return msgspec.structs.replace(
        mode,
        commands=tuple(
            msgspec.structs.replace(
                command,
                id=f"{mode.name}/{command.id or _NO_LETTERS.sub('-', command.slot).strip('-')}",
                bears=command.bears or mode.bears,
            )
            for command in mode.commands
        ),
    )


def _skeletons(commands: Iterable[Command]) -> Iterable[str]:
    for command in commands:
        if command.told_by is not None:
            yield from command.told_by
        elif not command.existing_only:
            for syntax in command.spellings:
                yield from skeletons(syntax)


LANGUAGES: Mapping[str, Language] = {mode.name: Language(mode) for mode in router.ALL}
"""Every mode by name."""

GLOBAL = LANGUAGES["global"]


def _by_id() -> Mapping[str, tuple[Command, ...]]:
    found: dict[str, tuple[Command, ...]] = {}
    for one in LANGUAGES.values():
        for command in one.mode.commands:
            found[command.id] = (*found.get(command.id, ()), command)
    return found


COMMANDS = _by_id()
"""Every command by id; the forms of one command share it (``self-identity address``, ``self-identity fqdn <value>``)."""


@cache
def grammar() -> str:
    """Names what the tables say: another one wherever a command is added, described better, or taken for something else."""
    said = [
        f"{row.id} {row.bears} {row.spellings} {row.hides}" for one in LANGUAGES.values() for row in one.mode.commands
    ]
    return sha256("\n".join((*said, *FREE_TEXT, *LABELS, *NAMES)).encode()).hexdigest()[:12]


def language_of(command: Command | None) -> Language | None:
    """The language of the mode that a header opens; None for a line that opens none."""
    return LANGUAGES[command.opens] if command is not None and command.opens else None
