"""Sections of a running-config as they stand, to be taken away and put back word for word."""

from __future__ import annotations

import re
from collections.abc import Container

from ikeaudit.candidate import Candidate
from ikeaudit.ios.language import LANGUAGES
from ikeaudit.ios.words import key_words
from ikeaudit.model import Router

_REMARK = re.compile(r"\s+!.*$")
_FREE_TEXT = ("description ", *(f"{words} " for margin in (True, False) for words in key_words(margin=margin)))


def bare(line: str) -> str:
    """A line without what somebody remarked behind it (TEXT-PRINTED): sent along, it might become part of a value."""
    line = line.strip()
    return line if line.startswith(_FREE_TEXT) else _REMARK.sub("", line)


def is_one_of(mode: str, line: str, commands: Container[str]) -> bool:
    """Whether a line of a section is one of some commands, or its ``no`` form; they are named by their ids in that mode."""
    found = LANGUAGES[mode].match(line)
    return found is not None and found.row.id.removeprefix(f"{mode}/") in commands


class Sections:
    """The sections of one router, by the line of their header."""

    def __init__(self, router: Router) -> None:
        self._router = router
        tree = Candidate.from_text("\n".join(router.lines) + "\n").root
        self._below = {
            bare(line.raw): tuple(bare(child.raw) for child in line.statements()) for line in tree.statements()
        }
        self._unread = frozenset(router.text(unknown.line) for unknown in router.unknown)

    def header(self, line: int) -> str:
        """The header at ``line``, or any single line, as it is typed."""
        return bare(self._router.text(line))

    def below(self, line: int) -> tuple[str, ...]:
        """The lines of the section that begins at ``line``."""
        return self._below.get(self.header(line), ())

    def restorable(self, line: int) -> bool:
        """Whether the section can be typed again: nothing in it was cut out as a secret, and all of it is understood."""
        return self.header(line) in self._below and not any(
            "<SECRET>" in text or text in self._unread for text in self.below(line)
        )
