"""A configuration that command lines can be applied to, the way a router's configuration mode does it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ikeaudit.candidate.index import hostname_of
from ikeaudit.candidate.line_effects import Engine
from ikeaudit.candidate.line_tree import read_tree, write_tree
from ikeaudit.candidate.session import ConfigSession, Held, Reply, unheld
from ikeaudit.candidate.tree import Line
from ikeaudit.ios.language import GLOBAL, LANGUAGES
from ikeaudit.ios.words import slot

_CONFIGURE = re.compile(r"\s*conf(i|ig|igu|igur|igure)?\s+t(e|er|erm|ermi|ermin|ermina|erminal)?(\s|$)", re.IGNORECASE)
_RELEASE = re.compile(rf"{slot('global/version')} (\d+)\.(\d+)")
_FIRST_MODERN = (17, 11)
"""From this release on policies print ``encryption`` and their defaults (POLICY-DEFAULTS, U-13)."""


class Candidate:
    """A running-config, clear or redacted, as an ordered tree of lines.

    Text that no command touches stays as it is, byte for byte; only line ends are normalised. ``strict_references`` makes
    the engine refuse what the sources leave open (U-10): deleting an object in use, naming one that does not
    exist, ``no`` with another value than the configured one. It may be changed at any time.
    """

    def __init__(self, root: Line, *, strict_references: bool = True) -> None:
        self.root = root
        self.engine = Engine(root, strict=strict_references, classic=_is_classic(root))
        self.engine.learn(root)

    @classmethod
    def from_text(cls, text: str, *, strict_references: bool = True, redacted: bool = False) -> Candidate:
        """Read a running-config; nothing in it is an error, what is not understood is kept where it stands.

        ``redacted``: no clear secret is in it, nor in what is typed, so that what is found out about lines may be remembered.
        """
        return cls(read_tree(text, redacted=redacted), strict_references=strict_references)

    def __repr__(self) -> str:
        return f"Candidate(hostname={self.hostname!r})"

    @property
    def strict_references(self) -> bool:
        """Whether what the sources leave open is refused."""
        return self.engine.strict

    @strict_references.setter
    def strict_references(self, strict: bool) -> None:
        self.engine.strict = strict

    @property
    def hostname(self) -> str:
        """The configured host name; ``Router`` without one."""
        return hostname_of(self.root)

    def text(self) -> str:
        """The configuration as a running-config prints it."""
        return write_tree(self.root)

    def copy(self) -> Candidate:
        """An independent candidate with the same text."""
        return Candidate.from_text(self.text(), strict_references=self.strict_references)

    def session(self, *, held: Held = unheld) -> ConfigSession:
        """Configuration mode at its top level; ``held`` tells what cannot be deleted because something outside holds it."""
        return ConfigSession(self.engine, held=held)

    def apply(self, commands: Iterable[str]) -> list[Reply]:
        """Send lines to a fresh configuration mode, one reply each.

        The list may be that of a change window: ``configure terminal ...`` enters configuration mode (again), lines after
        ``end`` are exec commands and change nothing here.
        """
        session = self.session()
        answers = []
        for command in commands:
            if _CONFIGURE.match(command):
                answers.append(Reply(command, "#"))
                session = self.session()
            else:
                answers.append(session.send(command))
        return answers


def after_commands(text: str, commands: Iterable[str]) -> str:
    """What a running-config becomes when ``commands`` are sent, whatever is answered to them."""
    candidate = Candidate.from_text(text)
    candidate.apply(commands)
    return candidate.text()


_CLASSIC: Mapping[str | None, Mapping[str, str]] = {
    name: {command.slot: command.classic_word for command in language.mode.commands if command.classic_word}
    for name, language in LANGUAGES.items()
}
"""The words that classic releases print otherwise: by mode, what newer ones print and what they do."""


def _is_classic(root: Line) -> bool:
    """Whether policies are printed the classic way: by what they print, else by the release."""
    for section in root.statements():
        found = GLOBAL.match(section.text)
        words = _CLASSIC.get(found.row.opens, {}) if found is not None else {}
        for line in section.statements() if words else ():
            word = line.text.split()[0]
            if word in words.values():
                return True
            if word in words:
                return False
    for line in root.statements():
        release = _RELEASE.match(line.text)
        if release:
            return (int(release[1]), int(release[2])) < _FIRST_MODERN
    return True
