"""Faults of a change window, to be injected into a lab router (issue: connection lost, reboot, refused lines, full disk ...).

A fault waits for a typed line that its ``on`` pattern matches, skips ``after`` such lines, then strikes ``times`` times. To
strike at line k of the configuration sent, use ``on=CONFIG_LINE`` with ``after=k - 1``. With ``since`` it does not look at any
line before one that this other pattern matches.
"""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from ikeaudit.lab.lab_router import LabRouter
from ikeaudit.lab.shell import Shell
from ikeaudit.lab.talk import Drop, Say, Talk, Wait

CONFIG_LINE = "<config line>"
"""As ``on``: any line typed in configuration mode, the ones that leave it not counted."""

_LEAVING = frozenset({"end", "exit"})


@dataclass(slots=True)
class Fault:
    """Base of all faults: which line it waits for. By itself it does nothing."""

    on: str
    after: int = 0
    times: int = 1
    since: str | None = field(default=None, kw_only=True)
    struck: int = field(default=0, init=False)
    _awake: bool = field(default=False, init=False)

    def matches(self, shell: Shell, line: str) -> bool:
        """Whether ``line`` is one of those the fault waits for."""
        return _is(self.on, shell, line)

    def due(self, shell: Shell, line: str) -> bool:
        """Whether the fault strikes at ``line``; counts the lines it lets pass."""
        if self.since is not None and not self._awake:
            self._awake = _is(self.since, shell, line)
            return False
        if self.struck >= self.times or not self.matches(shell, line):
            return False
        if self.after:
            self.after -= 1
            return False
        self.struck += 1
        return True

    def around(self, shell: Shell, line: str, work: Talk) -> Talk:
        """What happens in place of ``work``, the talk that would answer the line."""
        yield from work


def _is(pattern: str, shell: Shell, line: str) -> bool:
    if pattern == CONFIG_LINE:
        return shell.config is not None and line.strip() not in _LEAVING
    return re.search(pattern, line.strip()) is not None


def reworded(work: Talk, words: Callable[[str], str]) -> Talk:
    """``work`` with other words for each piece of text that it prints; empty ones are not printed."""
    answer: object = None
    while True:
        try:
            step = work.send(answer)
        except StopIteration:
            return
        answer = None
        if not isinstance(step, Say):
            answer = yield step
        elif said := words(step.text):
            yield Say(said)


@dataclass(slots=True)
class ConnectionLost(Fault):
    """The session breaks at the line: before the router has carried it out, or (``carried_out``) just after."""

    carried_out: bool = False

    def around(self, shell: Shell, line: str, work: Talk) -> Talk:
        """Cut the connection without a reply."""
        if self.carried_out:
            yield from reworded(work, lambda text: "")
        shell.closed = True
        yield Drop()


@dataclass(slots=True)
class Reboot(Fault):
    """The router restarts at the line: sessions, SAs, timers and unsaved configuration are gone; ``seconds`` of lab time."""

    seconds: float = 60.0

    def around(self, shell: Shell, line: str, work: Talk) -> Talk:
        """Crash before the line is carried out."""
        shell.router.reboot("reload by fault injection", down_for=self.seconds)
        yield Drop()


@dataclass(slots=True)
class Refused(Fault):
    """The line is not carried out and answered by ``reply``."""

    reply: str = "% Invalid input detected at '^' marker."
    caret: bool = True

    def around(self, shell: Shell, line: str, work: Talk) -> Talk:
        """Print the refusal."""
        mark = " " * len(shell.prompt) + "^\n" if self.caret else ""
        yield Say(f"{mark}{self.reply}\n\n")


@dataclass(slots=True)
class AlreadyExists(Refused):
    """IOS refuses the second key of an address: the old one stays (KEY-DUPLICATE)."""

    reply: str = "A pre-shared key for address mask 192.0.2.1 255.255.255.255 already exists!"
    caret: bool = False


@dataclass(slots=True)
class RevertRefused(Refused):
    """``configure revert``, ``configure replace`` or the arming of the timer is refused."""

    on: str = r"^configure (revert|replace|terminal revert)"
    reply: str = "%Rollback Confirmed Change: config lock is held by another session"
    caret: bool = False


@dataclass(slots=True)
class SlowReply(Fault):
    """The reply comes ``seconds`` (of real time) late; the line is carried out first."""

    seconds: float = 5.0

    def around(self, shell: Shell, line: str, work: Talk) -> Talk:
        """Carry out, wait, answer."""
        held: list[str] = []

        def hold(text: str) -> str:
            held.append(text)
            return ""

        yield from reworded(work, hold)
        yield Wait(self.seconds)
        yield Say("".join(held))


@dataclass(slots=True)
class SyslogBurst(Fault):
    """Log lines are printed into the middle of the reply, as on a console with ``logging monitor``."""

    lines: tuple[str, ...] = (
        "%LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet0/1, changed state to down",
        "%LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet0/1, changed state to up",
    )

    def around(self, shell: Shell, line: str, work: Talk) -> Talk:
        """Break the first piece of the reply in two."""
        shell.router.log.write(*self.lines)
        noise = "".join(f"\n{text}\n" for text in shell.router.log.lines[-len(self.lines) :])
        pieces = itertools.count()

        def broken(text: str) -> str:
            lines = text.splitlines(keepends=True)
            middle = len(lines) // 2
            return text if next(pieces) else "".join(lines[:middle]) + noise + "".join(lines[middle:])

        yield from reworded(work, broken)
        if not next(pieces):
            yield Say(noise)


@dataclass(slots=True)
class PromptChanged(Fault):
    """From the line on the router shows another prompt than its host name, without its configuration saying so."""

    name: str = "standby"

    def around(self, shell: Shell, line: str, work: Talk) -> Talk:
        """Rename the prompt, then answer."""
        shell.router.prompt_override = self.name
        yield from work


@dataclass(slots=True)
class TimerFires(Fault):
    """The revert timer fires at the line, before its time."""

    def around(self, shell: Shell, line: str, work: Talk) -> Talk:
        """Roll back, then answer."""
        shell.router.revert.fire()
        yield from work


@dataclass(slots=True)
class DiskFull(Fault):
    """From the line on neither the flash nor the memory for the startup configuration has room left."""

    def around(self, shell: Shell, line: str, work: Talk) -> Talk:
        """Fill up, then answer."""
        flash = shell.router.flash
        flash.capacity -= flash.free
        shell.router.nvram_full = True
        yield from work


@dataclass(slots=True)
class SecondOperator(Fault):
    """Somebody else changes the configuration just before the line is carried out."""

    commands: tuple[str, ...] = ("banner motd ^C second operator ^C",)

    def around(self, shell: Shell, line: str, work: Talk) -> Talk:
        """Change, then answer."""
        shell.router.operator(self.commands)
        yield from work


@dataclass(slots=True)
class Happening(Fault):
    """Anything else: ``action`` is called with the router when the line is typed, before it is carried out."""

    action: Callable[[LabRouter], None] = lambda router: None

    def around(self, shell: Shell, line: str, work: Talk) -> Talk:
        """Call, then answer."""
        self.action(shell.router)
        yield from work
