"""A session without a network: lines in, text out. For tests, and for whoever wants to look at a router's answers."""

from ikeaudit.lab.commands import GRAMMAR
from ikeaudit.lab.lab_router import LabRouter
from ikeaudit.lab.shell import Shell
from ikeaudit.lab.talk import Ask, Drop, Offload, Say, Step, Talk


class Console:
    """A user at ``router``; nothing that is asked to wait waits."""

    def __init__(self, router: LabRouter, *, privilege: int | None = None) -> None:
        self.shell = Shell(
            router, GRAMMAR, router.username, router.privilege if privilege is None else privilege, router.next_line()
        )
        self.dropped = False
        self._talk: Talk | None = None
        self._asked: Ask | None = None

    @property
    def prompt(self) -> str:
        """What the user sees in front of the cursor: a question that waits, or the prompt."""
        return self._asked.prompt if self._asked is not None else self.shell.prompt

    def send(self, line: str) -> str:
        """Type ``line`` (a key, where one is asked for) and return all that is printed before the next prompt."""
        if self._talk is not None and self._asked is not None:
            answer = (line[:1] or "\r") if self._asked.key else line
            self._asked = None
            return self._drive(self._talk, answer)
        return self._drive(self.shell.run(line), None)

    def send_all(self, *lines: str) -> str:
        """Type several lines and return all that is printed."""
        return "".join(self.send(line) for line in lines)

    def _drive(self, talk: Talk, answer: object) -> str:
        printed: list[str] = []
        try:
            while True:
                step: Step = talk.send(answer)
                answer = None
                if isinstance(step, Say):
                    printed.append(step.text)
                elif isinstance(step, Ask):
                    self._talk, self._asked = talk, step
                    break
                elif isinstance(step, Offload):
                    answer = step.work()
                elif isinstance(step, Drop):
                    self.dropped = True
        except StopIteration:
            self._talk = None
        return "".join(printed)
