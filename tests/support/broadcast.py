"""A text that a router prints into a session, wherever its cursor stands: a fault for tests."""

from __future__ import annotations

from dataclasses import dataclass

from ikeaudit.lab.archive import WARNING
from ikeaudit.lab.faults import Fault, reworded
from ikeaudit.lab.shell import Shell
from ikeaudit.lab.talk import Say, Talk


@dataclass(slots=True)
class Broadcast(Fault):
    """``text`` is printed into the session: ``before`` the reply, in the ``middle`` of its first line, ``after`` the prompt."""

    text: str = WARNING
    place: str = "before"

    def around(self, shell: Shell, line: str, work: Talk) -> Talk:
        """Break in."""
        told = self.place == "before"
        if told:
            yield Say(self.text)

        def words(text: str) -> str:
            nonlocal told
            if told or self.place != "middle" or not text.strip():
                return text
            told = True
            half = max(1, len(text.split("\n")[0]) // 2)
            return f"{text[:half]}\n{self.text}{text[half:]}"

        yield from reworded(work, words)
        if not told and self.place == "middle":
            yield Say(self.text)
        elif not told:
            shell.router.clock.call_later(0.0, lambda: shell.router.broadcast(self.text))
