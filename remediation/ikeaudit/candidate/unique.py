"""Lines that no two sections of one parent may both hold (IKEV2-KEYS), found without a look into each of them."""

from __future__ import annotations

from collections.abc import Callable, Collection

from ikeaudit.candidate.index import index_of
from ikeaudit.candidate.tree import Line
from ikeaudit.ios.syntax import Match


class UniqueLines:
    """Which sections may hold such a line, by its text as ``spelled`` has it: all that do, and some that once did."""

    def __init__(self, spelled: Callable[[Match], str]) -> None:
        self._spelled = spelled
        self._holders: dict[Line, dict[str, dict[Line, None]]] = {}

    def note(self, section: Line, text: str) -> None:
        """``section`` holds the line ``text`` from now on."""
        if section.parent in self._holders:
            self._holders[section.parent].setdefault(text, {})[section] = None

    def holders(self, parent: Line, text: str) -> Collection[Line]:
        """The sections below ``parent`` that may hold the line ``text``."""
        if parent not in self._holders:
            self._holders[parent] = {}
            for section in parent.statements():
                if section.language is not None:
                    index_of(section, section.language)
                    for line in section.statements():
                        if line.match is not None and line.match.command.unique:
                            self.note(section, self._spelled(line.match))
        return self._holders[parent].get(text, {})
