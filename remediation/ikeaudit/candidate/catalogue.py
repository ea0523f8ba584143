"""The tables of all modes made ready for use: syntax trees, order, look-ups."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from ikeaudit.candidate import modes_global
from ikeaudit.candidate.grammar import Branch, Failure, Match, Typed, add_syntax, read
from ikeaudit.candidate.rules import Command, Mode


class Language(msgspec.Struct, frozen=True):
    """One mode with the trees of what may be typed in it, plainly and after ``no``, and the rank of each command."""

    mode: Mode
    tree: Branch
    no_tree: Branch
    ranks: Mapping[Command, int]

    def read(self, text: str) -> Match | Failure:
        """Describe a line of this mode."""
        return read(self.tree, Typed.of(text))

    def read_no(self, text: str) -> Match | Failure:
        """Describe what stands behind ``no`` in a line of this mode."""
        return read(self.no_tree, Typed.of(text))


def _language(mode: Mode) -> Language:
    tree, no_tree = Branch(), Branch()
    ranks: dict[Command, int] = {}
    groups: dict[str, int] = {}
    for command in mode.commands:
        for syntax in (command.syntax, *command.also):
            add_syntax(tree, syntax, command)
            add_syntax(no_tree, syntax, command)
        ranks[command] = groups.setdefault(command.rank or command.slot, len(groups))
    for command in mode.commands:
        for syntax in command.no:
            add_syntax(no_tree, syntax, command)
    return Language(mode, tree, no_tree, ranks)


LANGUAGES: Mapping[str, Language] = {mode.name: _language(mode) for mode in modes_global.ALL}
"""Every mode by name."""

GLOBAL = LANGUAGES["global"]


def language_of(command: Command | None) -> Language | None:
    """The language of the mode that a header opens; None for a line that opens none."""
    return LANGUAGES[command.opens] if command is not None and command.opens else None
