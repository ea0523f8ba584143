"""One interactive IOS session: a line goes out, its reply comes back, and nothing is mistaken for the end of it.

netmiko opens the session; reading is done here, because its defaults cut a configuration in silence where the router's own
prompt appears in it, and log what they read (PERF "Silent truncation"). The rules:

* a reply begins after the echo of the line that was sent;
* it ends with a prompt that bears the router's name, at the very end of what has come;
* what the router prints unasked, broadcasts and log messages, is no part of it, wherever it broke in;
* waiting is bounded by silence (``idle`` seconds without a byte) and by a total;
* an error never holds text that the router sent.
"""

from __future__ import annotations

import re
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Protocol

from ikeaudit.session.failure import SessionError, Wait
from ikeaudit.session.lines import after_echo, first_match, last_line
from ikeaudit.session.noise import SYSLOG, begun, hear, mend, without_syslog

_ANY_PROMPT = re.compile(r"([^\s#>()\[\]$%]+)([#>])[ \t]?\Z")
_MODE = r"(?:\([^)\s]+\))?[#>]"
_PASSWORD = re.compile(r"assword:?\s*\Z", re.IGNORECASE)
_QUESTION = re.compile(r"(?:\?|\[confirm\]|\]:)\s*\Z")
_CONFIG_NAME = 16
_NUDGE_AFTER = 1.5
_STUCK_AFTER = 4.0
_GRACE = 2.0
_FOREIGN_AFTER = 15.0
_NUDGES = 3
_READINGS = 3


class ByteChannel(Protocol):
    """What is needed of an SSH channel; paramiko's Channel is one."""

    def sendall(self, data: bytes, /) -> object:
        """Send all of ``data`` or raise."""

    def recv(self, nbytes: int, /) -> bytes:
        """Bytes that came, empty when the far end closed; ``TimeoutError`` when none came in time."""

    def settimeout(self, timeout: float | None, /) -> None:
        """Seconds that ``recv`` waits."""

    def close(self) -> None:
        """End the session."""


class Terminal:
    """A session at a router's prompt; not for use by two threads at once.

    ``where`` names the router in errors. ``idle`` is the longest silence, ``total`` the longest reply, both in seconds;
    ``login`` is the longest silence before the first prompt and in ``enable``, ``idle`` when left out.
    ``name`` is the router's own name once :meth:`learn` has found it, ``prompt`` the last prompt seen. ``on_warning`` is told
    what the router warned of unasked, in our words: ``it restarts in 0:01:00``.
    """

    def __init__(
        self,
        where: str,
        channel: ByteChannel,
        *,
        idle: float = 60.0,
        total: float = 900.0,
        login: Wait | None = None,
    ) -> None:
        self.where = where
        self.login = login or Wait(idle)
        self.idle = idle
        self.total = total
        self.name = ""
        self.prompt = ""
        self.on_warning: Callable[[str], None] = lambda warning: None
        self._channel = channel
        self._decoder = getincrementaldecoder("utf-8")("replace")
        self._end = _ANY_PROMPT
        self._hidden = re.compile(rf"^[^\s#>()\[\]$%]+[#>][ \t]?(?=$|{SYSLOG})", re.MULTILINE)

    def __repr__(self) -> str:
        return f"Terminal({self.where})"

    @property
    def privileged(self) -> bool:
        """Whether the last prompt was one of privileged EXEC or of a configuration mode."""
        return self.prompt.endswith("#")

    @property
    def mode(self) -> str:
        """The last prompt without the name: ``>``, ``#``, ``(config)#``, ``(config-keyring)#``; empty before the first."""
        match = re.search(rf"{_MODE}\Z", self.prompt)
        return match[0] if match else ""

    def wake(self) -> None:
        """Wait for the first prompt, which a router may owe to an AAA server; whose prompt it is, :meth:`learn` says.

        :raises SessionError: ``timeout`` when nothing is asked or shown, ``not-ios`` for a prompt of another kind, ``closed``.
        """
        self._drain(0.05)
        self._send("\n")
        self._collect(_ANY_PROMPT.search, "the login", idle=self.login.seconds, nudge="", give_up=self._no_prompt)

    def learn(self) -> None:
        """Find the router's name in its prompt; every later reply is measured by it.

        :raises SessionError: as :meth:`wake`.
        """
        self._drain(0.05)
        self._send("\n")
        text = self._collect(
            _ANY_PROMPT.search, "the login", idle=self.login.seconds, nudge="", give_up=self._no_prompt
        )
        prompt = last_line(text).strip()
        self.prompt = prompt
        self.rename(prompt[:-1])

    def rename(self, name: str) -> None:
        """Measure replies by another host name, as after a ``hostname`` line.

        Configuration modes show no more than the first characters of a long name, so no more than those are compared.
        """
        self.name = name
        prompt = rf"^{re.escape(name[:_CONFIG_NAME])}[^\s#>()]*{_MODE}[ \t]?"
        self._end = re.compile(rf"{prompt}\Z")
        self._hidden = re.compile(rf"{prompt}(?=$|{SYSLOG})", re.MULTILINE)

    def run(
        self,
        command: str,
        *,
        label: str | None = None,
        complete: Callable[[str], bool] | None = None,
        idle: float | None = None,
    ) -> str:
        """Send one line and return its reply, without echo, prompt and the log messages that the router printed into it.

        An empty line shows whether the session still works.

        ``label`` stands for the line in errors when the line itself holds a key. ``complete`` judges the reply when a prompt
        seems to end it: while it says no, a moment more is waited for the rest. Such a reply must be right to the letter: one
        that a broadcast broke into is asked for again.

        :raises SessionError: ``timeout``, ``closed``, ``prompt`` for a prompt of another name, ``question`` when one is asked,
            ``cut`` when broadcasts broke into every reply.
        """
        idle = self.idle if idle is None else idle
        before: str | None = None
        for _ in range(_READINGS if complete is not None else 1):
            text, broken = self._ask(command, label, complete, idle)
            if complete is None or not broken or text == before:
                return text
            # Nobody knows whether a line was broken in two: until it comes in one piece, or twice the same.
            before = text
            self._ask("", None, None, idle)  # what was printed behind the prompt may take the next line for itself
        raise SessionError(
            "cut", f"{self.where}: messages broke into each reply to `{label or command}`; try again later."
        )

    def _ask(
        self, command: str, label: str | None, complete: Callable[[str], bool] | None, idle: float
    ) -> tuple[str, bool]:
        """The reply to ``command``, and whether a broadcast broke into it."""
        command = command.strip()
        shown = label or command
        already = self._drained()
        self._send(command.replace("?", "\x16?") + "\n")

        def whole(said: str) -> bool:
            return after_echo(hear(said).text, command) is not None

        text = self._collect(self._end.search, shown, whole, idle=idle, nudge=command, already=already)
        while complete is not None and not complete(self._body(text, command)):
            more = self._receive(_GRACE)
            if more is None:
                break
            text += more
            if not self._end.search(last_line(text)):
                text = self._collect(self._end.search, shown, idle=idle, nudge=command, already=text)
        self.prompt = last_line(text).strip()
        self._tell(text)
        return self._body(text, command), hear(text).broken

    def converse(self, command: str, answers: Sequence[tuple[str, str]], *, idle: float | None = None) -> str:
        """Send ``command``, answer its questions until the prompt is back, and return what was said.

        ``answers`` pairs a pattern, searched in the question, with the line typed. A question without an answer is broken
        off with Ctrl-C.

        :raises SessionError: ``timeout``, ``closed``, or ``question`` when there is no answer to one.
        """
        command = command.strip()
        said = self._drained()
        self._send(command + "\n")
        while True:
            text = self._collect(lambda tail: self._end.search(tail) or _QUESTION.search(tail), command, idle=idle)
            said += text
            question = last_line(text)
            if self._end.search(question) and after_echo(hear(said).text, command) is not None:
                self.prompt = question.strip()
                self._tell(said)
                return self._body(said, command)
            answer = next((line for pattern, line in answers if re.search(pattern, question)), None)
            if answer is None:
                self._send("\x03")
                raise SessionError("question", f"{self.where} asks an unexpected question in reply to `{command}`.")
            self._send(answer + "\n")

    def enable(self, secret: str | None) -> None:
        """Reach privileged EXEC, typing ``secret`` when a password is asked for.

        :raises SessionError: ``enable-secret`` when it is missing or wrong, ``timeout``, ``closed``.
        """
        if self.privileged:
            return
        self._drain(0.0)
        self._send("enable\n")
        ends = partial(first_match, (_PASSWORD, self._end))
        idle = self.login.seconds
        text = self._collect(
            ends, "enable", lambda said: "enable" in said, idle=idle, nudge="enable", give_up=self._no_enable
        )
        if _PASSWORD.search(last_line(text)):
            if secret is None:
                raise SessionError("enable-secret", f"{self.where} asks for an enable secret; set IKEAUDIT_ENABLE.")
            self._send(secret + "\n")
            text = self._collect(ends, "enable", idle=idle, nudge="", give_up=self._no_enable)
        self.prompt = last_line(text).strip()
        if not self.privileged:
            raise SessionError("enable-secret", f"{self.where} did not accept the enable secret.")

    def close(self) -> None:
        """Leave politely when the line still works, and close it in any case; never raises."""
        with suppress(OSError, EOFError):
            self._channel.settimeout(1.0)
            self._channel.sendall(b"exit\n")
        with suppress(OSError, EOFError):  # the router may be quicker
            self._channel.close()

    # -- the line --

    def _send(self, text: str) -> None:
        failed = False
        try:
            self._channel.settimeout(self.idle)
            self._channel.sendall(text.encode())
        except (OSError, EOFError):
            failed = True
        if failed:
            raise SessionError("closed", f"{self.where} closed the session.")

    def _receive(self, wait: float) -> str | None:
        """Text within ``wait`` seconds, None when none came.

        :raises SessionError: ``closed`` when the far end is gone.
        """
        self._channel.settimeout(max(wait, 0.001))
        data = b""
        try:
            data = self._channel.recv(65536)
        except TimeoutError:
            return None
        except (OSError, EOFError):
            data = b""
        if not data:
            raise SessionError("closed", f"{self.where} closed the session.")
        return self._decoder.decode(data).replace("\r", "").replace("\x00", "")

    def _drain(self, wait: float) -> str:
        """Everything that has come meanwhile."""
        pieces: list[str] = []
        while (piece := self._receive(wait)) is not None:
            pieces.append(piece)
        return "".join(pieces)

    def _drained(self) -> str:
        """What came since the last reply, where it may be the beginning of a broadcast; else nothing."""
        text = self._drain(0.0)
        start = begun(text)
        self._tell(text[: len(text) - len(start)])
        return start

    def _tell(self, text: str) -> None:
        for warning in hear(text).warnings:
            self.on_warning(warning)

    def _collect(
        self,
        ends: Callable[[str], object],
        shown: str,
        whole: Callable[[str], bool] | None = None,
        *,
        idle: float | None = None,
        nudge: str | None = None,
        already: str = "",
        give_up: Callable[[str, float], SessionError | None] | None = None,
    ) -> str:
        """Read until ``ends`` accepts the last line, and ``whole`` everything so far.

        What is printed after the prompt hides the prompt. ``nudge`` is the command after whose end, once the line is quiet and
        a prompt was seen, an empty line makes the router show its prompt again. What broke a prompt or a question in two, or
        stands behind a question, is looked through: then the text that is returned has it cut out.
        """
        idle = self.idle if idle is None else idle
        pieces = [already]
        tail = last_line(already)
        nudges = 0
        started = quiet_since = time.monotonic()
        while True:
            piece = self._receive(min(_NUDGE_AFTER, idle))
            now = time.monotonic()
            if piece is not None:
                quiet_since = now
                pieces.append(piece)
                tail = last_line(tail + piece)
                if ends(tail) and self._genuine(said := "".join(pieces), ends) and (whole is None or whole(said)):
                    return said
            else:
                said = "".join(pieces)
                heard = hear(said)
                calm = mend(heard.text, self._end)
                if heard.broken and self._looked_through(calm, ends) and (whole is None or whole(said)):
                    self._tell(said)
                    return calm.rstrip("\n")
                rest = after_echo(heard.text, nudge) if nudge is not None and nudges < _NUDGES else None
                if rest is not None and self._hidden.search(mend(rest, self._end)):
                    nudges += 1
                    self._send("\n")
                if self.name and now - quiet_since >= _STUCK_AFTER:
                    self._check_stuck(last_line(calm), shown)
            failure = give_up(tail, now - quiet_since) if give_up is not None else None
            if failure is not None:
                raise failure
            if give_up is None and now - quiet_since >= idle:
                said = f"it was silent for {idle:g} s after `{shown}`"
                raise SessionError("timeout", f"{self.where} timed out: {said}; {Wait(idle).remedy}.")
            if now - started >= self.total:
                raise SessionError("timeout", f"{self.where} was not done with `{shown}` after {self.total:g} s.")

    def _genuine(self, said: str, ends: Callable[[str], object]) -> bool:
        """Whether it is the router's own line that seems to be the end, and not one of a broadcast."""
        heard = hear(said)
        return not heard.broken or bool(ends(last_line(mend(heard.text, self._end))))

    def _looked_through(self, calm: str, ends: Callable[[str], object]) -> bool:
        """Whether ``calm``, text with its broadcasts cut out, ends as is waited for: by a prompt, or a question behind which
        one came. A prompt behind which one came is shown again when it is asked for, which is surer."""
        last = last_line(calm)
        if ends(last):
            return True
        question = last_line(calm.rstrip("\n"))
        return not last and bool(ends(question)) and not self._end.search(question)

    def _check_stuck(self, tail: str, shown: str) -> None:
        """Give up early where waiting is in vain: the router asks something, or shows a prompt that is not its own."""
        if _ANY_PROMPT.search(tail):
            raise SessionError("prompt", f"{self.where} shows another prompt than before after `{shown}`.")
        if _QUESTION.search(tail):
            self._send("\x03")
            raise SessionError("question", f"{self.where} asks a question in reply to `{shown}`.")

    def _no_prompt(self, tail: str, quiet: float) -> SessionError | None:
        """Before the first prompt: a router that is slow has not begun a line yet, another system waits behind its own."""
        wait = self.login
        if tail.strip() and quiet >= min(wait.seconds, _FOREIGN_AFTER):
            return SessionError("not-ios", f"{self.where} shows no IOS prompt; it may not be an IOS router.")
        return wait.late(self.where, "it let us in but showed no prompt") if quiet >= wait.seconds else None

    def _no_enable(self, tail: str, quiet: float) -> SessionError | None:
        wait = self.login
        return wait.late(self.where, "it did not answer to `enable`") if quiet >= wait.seconds else None

    def _body(self, text: str, command: str) -> str:
        """The reply within ``text``: after the echo, before the prompt that ends it, log messages left out."""
        heard = hear(text).text
        after = after_echo(heard, command)
        body = mend(heard if after is None else after, self._end).rpartition("\n")[0]
        lines = without_syslog(body).split("\n")
        keep = len(lines)
        while keep and (not lines[keep - 1].strip() or self._end.search(lines[keep - 1])):
            keep -= 1
            if lines[keep].strip():
                del lines[keep:]
        return "\n".join(lines)
