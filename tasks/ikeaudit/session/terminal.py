"""One interactive IOS session: a line goes out, its reply comes back, and nothing is mistaken for the end of it.

netmiko opens the session; reading is done here, because its defaults cut a configuration in silence where the router's own
prompt appears in it, and log what they read (PERF "Silent truncation"). What a broadcast broke into is read again, unless it is
certain which line the router printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from ikeaudit.session.agreement import Apart, never, settle
from ikeaudit.session.failure import LEVEL, SessionError
from ikeaudit.session.lines import after_echo, first_match, last_line
from ikeaudit.session.listener import ANY_PROMPT, MODE, PAGE_AFTER, QUESTION, STUCK_AFTER, Listener
from ikeaudit.session.noise import CUT, hear

_ODD_PROMPT = re.compile(r"\S.*[#>][ \t]?\Z")
_PASSWORD = re.compile(r"(?:assword|enable secret)[^\n:]{0,30}:?\s*\Z", re.IGNORECASE)
_USER = re.compile(r"(?:user ?name|user ?id|user|login)[^\n:]{0,20}:\s*\Z", re.IGNORECASE)
_CODE = re.compile(
    r"(pass ?code|token|one-?time|\botp|\bpin\b|challenge|response|code)[^\n:]{0,30}:\s*\Z", re.IGNORECASE
)
_LEVEL = re.compile(r"privilege level is (\d+)|(View Context)(?! with view 'root')")
_GRACE = 2.0
_FOREIGN_AFTER = 15.0
_READINGS = 4

PREPARATION = ("terminal width 511", "terminal length 0", "terminal no monitor")
"""Typed before anything else: no line is broken, no reply paged, no log message printed into it. Not every account may."""

_PRIVILEGE = "show privilege"


class Terminal(Listener):
    """A session at a router's prompt; not for use by two threads at once.

    ``where`` names the router in errors. ``idle`` is the longest silence, ``total`` the longest reply, both in seconds;
    ``login`` is the longest silence before the first prompt and in ``enable``, ``idle`` when left out.
    ``name`` is the name in the prompt once :meth:`learn` has found it, ``prompt`` the last prompt seen, ``level`` the
    privilege level where the router tells it (0 in a view that hides commands). ``notices`` is what a person should know of
    how the session came about, ``ways`` what is weak in how it is carried (``telnet``, algorithms of SSH); ``on_warning`` is
    told what the router warned of unasked, in our words: ``it restarts in 0:01:00``.
    """

    @property
    def privileged(self) -> bool:
        """Whether the last prompt was one of privileged EXEC or of a configuration mode."""
        return self.prompt.endswith("#")

    @property
    def mode(self) -> str:
        """The last prompt without the name: ``>``, ``#``, ``(config)#``, ``(config-keyring)#``; empty before the first."""
        match = re.search(rf"{MODE}\Z", self.prompt)
        return match[0] if match else ""

    def log_in(self, username: str, password: str | None) -> None:
        """Answer the questions by which a router without SSH asks who is there.

        :raises SessionError: ``bad-password``, ``question``, ``not-ios``, ``timeout``, ``closed``.
        """
        wrong = SessionError("bad-password", f"{self.where} did not accept the user name and password.")
        self._answer("the login", ANY_PROMPT, username, password, self._no_prompt, wrong, wrong)

    def learn(self) -> None:
        """Wait for the first prompt, which a router may owe to an AAA server, set the session up, and find name and level.

        The lines of the set-up go out at once, the last of them one that has an answer.

        :raises SessionError: ``timeout`` when nothing is asked or shown, ``not-ios`` for a prompt of another kind, ``closed``.
        """

        def shown(tail: str) -> object:
            return ANY_PROMPT.search(tail) or (self._nudged and _ODD_PROMPT.search(tail))

        self._collect(shown, "the login", idle=self.login.seconds, nudge="", give_up=self._no_prompt)
        self._line.send("\n".join(("", *PREPARATION, _PRIVILEGE, "")))
        ends = partial(first_match, (ANY_PROMPT, _ODD_PROMPT))
        try:
            text = self._collect(
                ends, "the login", lambda said: after_echo(said, _PRIVILEGE) is not None, give_up=self._no_set_up
            )
        except SessionError as error:
            if error.reason != "prompt":
                raise
            text = ""
        if not text:  # what was typed ahead was thrown away
            self._line.send("\n")
            self._answer_to(last_line(self._collect(ends, "the login", give_up=self._no_set_up)).strip()[:-1])
            text = [self._ask(line, None, None, None) for line in (*PREPARATION, _PRIVILEGE)][-1] + f"\n{self.prompt}"
        elif not _LEVEL.search(text):  # it may have echoed the lines before it read them, or have no such command
            text += self._line.drain(PAGE_AFTER)
        found = _LEVEL.search(text)
        prompt = last_line(text).strip()
        if not found and not ANY_PROMPT.search(prompt):
            raise self._foreign()
        self.level = int(found[1] or 0) if found else None
        self.prompt, self.name = prompt, prompt[:-1]
        if not self._names:
            self._answer_to(self.name)

    def run(self, command: str, *, label: str | None = None, idle: float | None = None) -> str:
        """Send one line and return its reply, without echo, prompt and the log messages that the router printed into it.

        An empty line shows whether the session still works. ``label`` stands for the line in errors when the line itself holds
        a key.

        :raises SessionError: ``timeout``, ``closed``, ``prompt`` for a prompt of another name, ``question`` when one is asked.
        """
        return self._ask(command, label, None, idle).replace(CUT, "")

    def read(
        self,
        command: str,
        *,
        complete: Callable[[str], bool] | None = None,
        apart: Apart = never,
        idle: float | None = None,
    ) -> str:
        """The reply to a command that changes nothing, right to the letter.

        Where a broadcast broke into it, nobody knows whether it broke a line in two. Then ``apart`` is asked, and where that
        cannot tell, the command is given again until a reply comes in one piece, or two agree. ``complete`` judges the reply
        when a prompt seems to end it: while it says no, a moment more is waited for the rest.

        :raises SessionError: as :meth:`run`, and ``cut`` when no reply is certain.
        """
        replies: list[str] = []
        for _ in range(_READINGS):
            replies.append(self._ask(command, None, complete, idle))
            text = settle(replies, apart)
            if text is not None:
                return text
            self._ask("", None, None, idle)  # what was printed behind the prompt may take the next line for itself
        raise SessionError(
            "cut",
            f"{self.where}: log messages or other people's messages broke into each of {_READINGS} replies to `{command}`; "
            "let this account use `terminal no monitor`, or try again later.",
        )

    def _ask(self, command: str, label: str | None, complete: Callable[[str], bool] | None, idle: float | None) -> str:
        """The reply to ``command``; a line that begins with ``CUT`` may belong to the one before it."""
        idle = self.idle if idle is None else idle
        command = command.strip()
        shown = label or command
        ends = self._ends(command)
        already = self._drained()
        self._line.send(command.replace("?", "\x16?") + "\n")

        def whole(said: str) -> bool:
            return after_echo(hear(said).text, command) is not None

        text = self._collect(ends, shown, whole, idle=idle, nudge=command, already=already)
        while complete is not None and not complete(self._body(text, command).replace(CUT, "")):
            more = self._line.receive(_GRACE)
            if more is None:
                break
            text += more
            if not ends(last_line(text)):
                text = self._collect(ends, shown, idle=idle, nudge=command, already=text)
        self._arrived(text)
        self._tell(text)
        return self._body(text, command)

    def converse(self, command: str, answers: Sequence[tuple[str, str]], *, idle: float | None = None) -> str:
        """Send ``command``, answer its questions until the prompt is back, and return what was said.

        ``answers`` pairs a pattern, searched in the question, with the line typed. A question without an answer is broken
        off with Ctrl-C.

        :raises SessionError: ``timeout``, ``closed``, or ``question`` when there is no answer to one.
        """
        command = command.strip()
        ends = self._ends(command)
        said = self._drained()
        self._line.send(command + "\n")
        while True:
            text = self._collect(lambda tail: ends(tail) or QUESTION.search(tail), command, idle=idle)
            said += text
            question = last_line(text)
            if ends(question) and after_echo(hear(said).text, command) is not None:
                self._arrived(question)
                self._tell(said)
                return self._body(said, command).replace(CUT, "")
            answer = next((line for pattern, line in answers if re.search(pattern, question)), None)
            if answer is None:
                self._line.send("\x03")
                raise SessionError("question", f"{self.where} asks an unexpected question in reply to `{command}`.")
            self._line.send(answer + "\n")

    def enable(self, username: str | None, secret: str | None) -> None:
        """Reach privilege level 15, typing ``secret`` when a password is asked for, and ``username`` when that is.

        :raises SessionError: ``enable-secret`` when it is missing or wrong, ``privilege`` when the level stays too low,
            ``question`` when something else is asked for, ``timeout``, ``closed``.
        """
        low = self.level if self.privileged else None
        if self.privileged and low in (None, LEVEL):
            return
        if low is not None and secret is None:
            raise self._too_low(low)
        self._line.drain(0.0)
        self._line.send("enable\n")
        self.prompt = self._answer(
            "enable",
            self._end,
            username,
            secret,
            self._no_enable,
            SessionError("enable-secret", f"{self.where} asks for an enable secret; set IKEAUDIT_ENABLE."),
            SessionError("enable-secret", f"{self.where} did not accept the enable secret."),
        )
        if not self.privileged:
            raise SessionError("enable-secret", f"{self.where} did not accept the enable secret.")
        if low is not None:  # the prompt was the same before
            found = _LEVEL.search(self._ask(_PRIVILEGE, None, None, None))
            self.level = int(found[1] or 0) if found else None
            if self.level not in (None, LEVEL):
                raise self._too_low(self.level or 0)

    def _too_low(self, level: int) -> SessionError:
        what = f"privilege level {level}" if level else "a view that hides commands"
        return SessionError(
            "privilege",
            f"{self.where} let us in at {what}, where configurations are shown in part only; give the account level {LEVEL}, "
            "or set IKEAUDIT_ENABLE.",
        )

    def _answer(
        self,
        shown: str,
        end: re.Pattern[str],
        username: str | None,
        secret: str | None,
        give_up: Callable[[str, float], SessionError | None],
        missing: SessionError,
        wrong: SessionError,
    ) -> str:
        """Answer questions for user name and password, each once, until the prompt ``end`` is there; the prompt."""
        ends = partial(first_match, (_PASSWORD, _USER, _CODE, end))
        whole: Callable[[str], bool] | None = (lambda said: shown in said) if shown == "enable" else None
        answered: set[str] = set()
        while True:
            text = self._collect(ends, shown, whole, nudge="" if answered else shown, give_up=give_up)
            whole, asked = None, last_line(text)
            if end.search(asked):
                return asked.strip()
            code = _CODE.search(asked)
            if code and not _PASSWORD.search(asked):
                self._line.send("\x03")
                raise SessionError(
                    "question",
                    f"{self.where} asks for a {code[1].lower()} after {shown}, which nobody can know beforehand.",
                )
            kind, answer = ("password", secret) if _PASSWORD.search(asked) else ("user name", username)
            if answer is None:
                raise missing
            if kind in answered:
                raise wrong
            answered.add(kind)
            self._line.send(answer + "\n")

    def _no_prompt(self, tail: str, quiet: float) -> SessionError | None:
        """Before the first prompt: a router that is slow has not begun a line yet, another system waits behind its own."""
        wait = self.login
        if tail.strip() and quiet >= min(wait.seconds, _FOREIGN_AFTER):
            return self._foreign()
        return wait.late(self.where, "it let us in but showed no prompt") if quiet >= wait.seconds else None

    def _foreign(self) -> SessionError:
        return SessionError("not-ios", f"{self.where} shows no IOS prompt; it may not be an IOS router.")

    def _no_set_up(self, tail: str, quiet: float) -> SessionError | None:
        if quiet >= min(STUCK_AFTER, self.idle) and _ODD_PROMPT.search(tail):
            return (
                self._foreign()
                if not ANY_PROMPT.search(tail)
                else SessionError("prompt", f"{self.where} hears nothing.")
            )
        return self._silent(_PRIVILEGE, self.idle) if quiet >= self.idle else None

    def _no_enable(self, tail: str, quiet: float) -> SessionError | None:
        wait = self.login
        if quiet >= STUCK_AFTER and tail.rstrip().endswith((":", "?")):
            self._line.send("\x03")
            return SessionError("question", f"{self.where} asks for something other than a password after enable.")
        return wait.late(self.where, "it did not answer to `enable`") if quiet >= wait.seconds else None
