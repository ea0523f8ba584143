"""A device that is no IOS: an ordinary Unix shell, for whoever must notice the difference."""

from __future__ import annotations

from ikeaudit.lab.shell import Shell
from ikeaudit.lab.talk import Say, Talk


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
