"""One user's session on a lab router: modes, prompts, privileges, the reply to each line. No socket in here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from ikeaudit.lab.archive import RefusedByRouterError
from ikeaudit.lab.command_table import INVALID, Grammar, SyntaxProblem, parse_filter, split_pipe
from ikeaudit.lab.configuration import ConfigMode
from ikeaudit.lab.lab_router import LabRouter, TypedLine
from ikeaudit.lab.talk import Ask, Drop, Report, Say, Talk

MORE = " --More-- "


_HOST_IN_CONFIG_PROMPT = 20


@dataclass(slots=True)
class TerminalSettings:
    """``terminal length``, ``width`` and ``monitor`` of one session; length 0 means no paging."""

    length: int = 24
    width: int = 80
    monitor: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Call:
    """A line that was understood: where it was typed, its keywords in full, and the values of its placeholders."""

    shell: Shell
    line: str
    words: tuple[str, ...]
    args: Mapping[str, str]


Handler: TypeAlias = Callable[[Call], "str | Talk | Report | None"]
"""What carries out a command: the text it prints, or the talk that it takes."""


class Shell:
    """A logged-in user; ``privilege`` is 1 or 15.

    ``closed`` is set once the session has ended, ``leaving`` as well when it was the user who ended it.
    """

    def __init__(self, router: LabRouter, grammar: Grammar[Handler], username: str, privilege: int, line: int) -> None:
        self.router = router
        self.username = username
        self.privilege = privilege
        self.line = line
        self.terminal = TerminalSettings()
        self.config: ConfigMode | None = None
        self.closed = False
        self.leaving = False
        self._grammar = grammar

    @property
    def prompt(self) -> str:
        """The prompt as it stands: ``R1>``, ``R1#``, ``R1(config-keyring)#``."""
        host = self.router.prompt_name
        if self.config is not None:
            suffix = self.config.suffix
            return f"{host[:_HOST_IN_CONFIG_PROMPT]}{suffix}" if suffix else ""
        return f"{host}{'#' if self.privilege == 15 else '>'}"

    @property
    def _verbatim(self) -> bool:
        return self.config is not None and not self.config.suffix

    @property
    def origin(self) -> str:
        """Where the user sits, as ``%SYS-5-CONFIG_I`` words it."""
        return f"console by {self.username} on vty{self.line} (127.0.0.1)"

    def run(self, line: str) -> Talk:
        """Carry out one line; the talk ends where the next prompt is due."""
        if not line.strip() and not self._verbatim:
            return
        self.record(line)
        work = self._configure(line) if self.config is not None else self._exec(line)
        yield from self.router.faults.wrap(self, line, work)

    def record(self, line: str) -> None:
        """Keep a typed line for tests to look at."""
        self.router.commands.append(TypedLine(self.line, self.username, self.prompt, line))

    def leave_config(self) -> None:
        """Back to exec mode, with the log line that IOS writes."""
        if self.config is not None:
            self.config = None
            self.router.log.write(f"%SYS-5-CONFIG_I: Configured from {self.origin}")

    def _configure(self, line: str) -> Talk:
        config = self.config
        if config is None:
            return
        words = line.split(maxsplit=1)
        if words and words[0].lower() == "do" and config.suffix:
            if len(words) == 2:
                yield from self._exec(words[1].strip())
            else:
                yield Say(SyntaxProblem("% Incomplete command.").render(0))
            return
        width = len(self.prompt)
        reply = self.router.configure(config, line, user=self.username)
        if reply.column is not None:
            yield Say(SyntaxProblem(INVALID, reply.column).render(width))
        elif reply.output:
            yield Say(f"{reply.output}\n")
        if reply.ended:
            self.leave_config()

    def _exec(self, line: str) -> Talk:
        width = len(self.prompt)
        text, pipe, column = split_pipe(line)
        if text.lstrip().startswith("!"):
            return
        parsed = self._grammar.parse(text, self.privilege)
        if isinstance(parsed, SyntaxProblem):
            yield Say(self._problem(text, parsed, width))
            return
        command, words, args = parsed
        shape: Callable[[str], str] | None = None
        if pipe is not None:
            found = parse_filter(pipe, column)
            if isinstance(found, SyntaxProblem):
                yield Say(found.render(width))
                return
            shape = found
        try:
            result = command.handler(Call(self, line, words, args))
        except RefusedByRouterError as refusal:
            result = f"{refusal}\n"
        text_out: str | None = result if result is None or isinstance(result, str) else (yield from result)
        if text_out:
            yield from self._page(shape(text_out) if shape else text_out)

    def _problem(self, text: str, problem: SyntaxProblem, width: int) -> str:
        words = text.split()
        if problem.column is not None and len(words) == 1:
            return (
                f'Translating "{words[0]}"\n\n% Unknown command or computer name, or unable to find computer address\n'
            )
        return problem.render(width)

    def _page(self, output: str) -> Talk:
        room = self.terminal.length
        lines = output.splitlines(keepends=True)
        if not room or len(lines) < room:
            yield Say(output)
            return
        start, count = 0, room - 1
        while True:
            yield Say("".join(lines[start : start + count]))
            start += count
            if start >= len(lines):
                return
            key = yield Ask(MORE, echo=False, key=True)
            if key == " ":
                count = room - 1
            elif key in ("\r", "\n"):
                count = 1
            else:
                return

    def close(self) -> Talk:
        """End the session from the router's side."""
        self.closed = self.leaving = True
        yield Drop()


class UnixShell(Shell):
    """Answers every line as a shell without that command does."""

    @property
    def prompt(self) -> str:
        """``lab@R1:~$ ``."""
        return f"{self.username}@{self.router.hostname}:~$ "

    def run(self, line: str) -> Talk:
        """Leave on ``exit``; know nothing else."""
        words = line.split()
        if not words:
            return
        self.record(line)
        if words[0] in ("exit", "logout"):
            yield from self.close()
            return
        yield Say(f"-bash: {words[0]}: command not found\n")
