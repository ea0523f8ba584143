"""The running configuration of a lab router, the configuration mode of one session, and ``configure replace``.

What a line does is decided by ``ikeaudit.candidate``, the engine that also proves plans.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ikeaudit.candidate import Candidate, ConfigSession
from ikeaudit.candidate.tree import Line, identity_of

_END = ("end",)


def commands_to(now: Line, target: Line) -> list[str]:
    """Configuration lines that turn the tree ``now`` into the tree ``target``; empty when they say the same.

    Lines are compared section by section, without regard to their order, as ``configure replace`` does (CHANGE-REVERT): IOS
    adds and removes, it never moves. New objects come first, then the changes inside objects that stay, then what goes.
    """
    before, wanted = _statements(now), _statements(target)
    new = [line for key, line in wanted.items() if key not in before]
    gone = [line for key, line in before.items() if key not in wanted]
    coming = {identity_of(line): line for line in new}
    first, last = [], []
    for line in gone:
        successor = coming.get(identity_of(line))
        if successor is None:
            last.append(_inverse(line))
        elif not _overwrites(successor):
            first.append(_inverse(line))
    commands = first
    for line in new:
        commands += _written(line)
    for key, line in wanted.items():
        if key in before:
            inner = commands_to(before[key], line)
            commands += [line.text, *inner, "exit"] if inner else []
    return commands + last


def _statements(section: Line) -> dict[str, Line]:
    return {line.raw.lstrip(): line for line in section.statements() if line.text not in _END}


def _overwrites(line: Line) -> bool:
    """Whether typing ``line`` replaces what stands in its place."""
    return line.match is not None and line.match.command.clash == "replace" and line.first is None


def _inverse(line: Line) -> str:
    return line.text[3:] if line.negated else f"no {line.text}"


def _written(line: Line) -> list[str]:
    """A line and all below it, as typed."""
    lines = line.raw.lstrip().split("\n")
    if line.language is None and line.first is None:
        return lines
    for child in line.statements():
        lines += _written(child)
    return [*lines, "exit"]


Held = Callable[[str, str], bool]
"""Whether a live SA still holds an object (kind, name), so that it cannot be deleted (U-10)."""


MAX_PASSES = 5
"""Attempts that ``configure replace`` makes before it gives up (CHANGE-REVERT)."""


_VOLATILE = re.compile(
    r"Building configuration\.\.\.|Current configuration\s*:.*|Using \d+ out of.*|! (?:Last|No) configuration change.*|"
    r"! NVRAM config last updated.*"
)


@dataclass(frozen=True, slots=True)
class ConfigReply:
    """What one line in configuration mode did; ``column`` is where IOS's caret points, in the line."""

    output: str
    changed: bool
    ended: bool = False
    column: int | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Replaced:
    """How a replacement went: the passes it took, the commands of each, and whether it reached its goal."""

    passes: tuple[tuple[str, ...], ...]
    complete: bool
    failed: tuple[str, ...] = ()


def plain_text(text: str) -> str:
    """``text`` as a router holds it: without the header of show commands, from its first line to ``end``."""
    lines = text.replace("\r", "").splitlines()
    while lines and (not lines[0].strip() or _VOLATILE.fullmatch(lines[0].strip())):
        del lines[0]
    kept = [line for line in lines if not _VOLATILE.fullmatch(line.strip())]
    while kept and not kept[-1].strip():
        kept.pop()
    if not kept or kept[-1].strip() != "end":
        kept.append("end")
    return "\n".join(kept) + "\n"


class Configuration:
    """The running configuration: text that commands change."""

    def __init__(self, text: str, *, held: Held, strict_references: bool = True) -> None:
        self._held = held
        self._candidate = Candidate.from_text(plain_text(text), strict_references=strict_references)
        self._text: str | None = None

    @property
    def hostname(self) -> str:
        """The configured host name."""
        return self._candidate.hostname

    def text(self) -> str:
        """The whole configuration, from its first line to ``end``."""
        if self._text is None:
            self._text = self._candidate.text()
        return self._text

    def session(self) -> ConfigMode:
        """Configuration mode for one user, at its top level."""
        return ConfigMode(self, self._candidate.session(held=self._held))

    def replace(self, text: str) -> Replaced:
        """Become ``text`` the way ``configure replace`` does: by commands, so that what is re-created stands at the end."""
        target = Candidate.from_text(plain_text(text)).root
        passes: list[tuple[str, ...]] = []
        refused: list[str] = []
        while commands := commands_to(self._candidate.root, target):
            if len(passes) == MAX_PASSES:
                return Replaced(tuple(passes), complete=False, failed=tuple(refused))
            session = self._candidate.session()
            refused = [command for command in commands if session.send(command).refused]
            passes.append(tuple(commands))
            self._text = None
        return Replaced(tuple(passes), complete=True)

    def touched(self) -> None:
        """The candidate has changed: its text must be written anew."""
        self._text = None


class ConfigMode:
    """One session's place in the configuration."""

    def __init__(self, configuration: Configuration, session: ConfigSession) -> None:
        self._configuration = configuration
        self._session = session

    @property
    def suffix(self) -> str:
        """What follows the host name in the prompt; empty while the lines of a banner are taken as they come."""
        return self._session.prompt_suffix

    def send(self, line: str) -> ConfigReply:
        """Carry out one configuration line."""
        reply = self._session.send(line)
        if reply.changed:
            self._configuration.touched()
        return ConfigReply(reply.output, reply.changed, self._session.ended, reply.column)
