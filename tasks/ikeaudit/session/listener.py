"""Hearing whole replies on the line to a router: where one ends, and what is no part of it.

The rules:

* a reply begins after the echo of the line that was sent;
* it ends with a prompt that bears the router's name, at the very end of what has come;
* what the router prints unasked, broadcasts and log messages, is no part of it, wherever it broke in;
* waiting is bounded by silence (``idle`` seconds without a byte) and by a total;
* an error never holds text that the router sent.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from functools import partial

from ikeaudit.session.failure import SessionError, Wait
from ikeaudit.session.line import PAGER, ByteChannel, Line
from ikeaudit.session.lines import after_echo, first_match, last_line
from ikeaudit.session.noise import CUT, SYSLOG, begun, hear, mend, without_prompts

ANY_PROMPT = re.compile(r"([^\s#>()\[\]$%]+)([#>])[ \t]?\Z")
MODE = r"(?:\([^)\s]+\))?[#>]"
QUESTION = re.compile(r"(?:\?|\[confirm\]|\]:)\s*\Z")
PAGE_AFTER = 0.15
STUCK_AFTER = 4.0

_CONFIG_PROMPT = re.compile(r"^([^\s#>()]+)\(config[^)\s]*\)#[ \t]?\Z")
_CONFIGURE = re.compile(r"conf\w*\s+(?:t|r)")
_CONFIG_NAME = 16
_NUDGE_AFTER = 1.5
_NUDGES = 3


class Listener:
    """What :class:`~ikeaudit.session.terminal.Terminal` hears with; its attributes are described there."""

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
        self.level: int | None = None
        self.notices: tuple[str, ...] = ()
        self.ways: tuple[str, ...] = ()
        self.on_warning: Callable[[str], None] = lambda warning: None
        self._line = Line(where, channel, idle)
        self._names: list[str] = []
        self._nudged = False
        self._end = ANY_PROMPT
        self._hidden = re.compile(rf"^[^\s#>()\[\]$%]+[#>][ \t]?(?=$|{SYSLOG})", re.MULTILINE)

    def __repr__(self) -> str:
        return f"Terminal({self.where})"

    @property
    def heard(self) -> bool:
        """Whether the router said anything at all."""
        return self._line.heard

    def _answer_to(self, name: str) -> None:
        """Take prompts with ``name`` for the router's, beside those known before: a ``prompt`` line shows in EXEC mode only.

        Configuration modes show no more than the first characters of a long name, so no more than those are compared.
        """
        self._names.append(name)
        names = "|".join(f"{re.escape(n)}|{re.escape(n[:_CONFIG_NAME])}[^\\s#>()]*" for n in self._names)
        prompt = rf"^(?:{names}){MODE}[ \t]?"
        self._end = re.compile(rf"{prompt}\Z")
        self._hidden = re.compile(rf"{prompt}(?=$|{SYSLOG})", re.MULTILINE)

    def _ends(self, command: str) -> Callable[[str], object]:
        """What ends a reply: the router's prompt; after ``configure`` also one with its real name, which is new to us."""
        return partial(first_match, (self._end, _CONFIG_PROMPT)) if _CONFIGURE.match(command) else self._end.search

    def _arrived(self, text: str) -> None:
        self.prompt = last_line(text).strip()
        other = _CONFIG_PROMPT.search(self.prompt)
        if other and not self._end.search(self.prompt):
            self._answer_to(other[1])

    def close(self) -> None:
        """Leave politely when the line still works, and close it in any case; never raises."""
        self._line.close()

    def _drained(self) -> str:
        """What came since the last reply, where it may be the beginning of a broadcast; else nothing."""
        text = self._line.drain(0.0)
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
            page = PAGER.search(tail)
            piece = self._line.receive(PAGE_AFTER if page else min(_NUDGE_AFTER, idle))
            now = time.monotonic()
            if piece is None and page:
                pieces = ["".join(pieces)[: page.start() - len(tail)], piece := self._line.turn_page()]
                tail = ""
            elif piece is not None:
                pieces.append(piece)
            if piece is not None:
                quiet_since = now
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
                rest = after_echo(heard.text, nudge) if nudge is not None else None
                hidden = rest is not None and self._hidden.search(mend(rest, self._end))
                if nudges < _NUDGES and (hidden or (nudge == "" and not self.name)):
                    nudges += 1
                    self._nudged = True
                    self._line.send("\n")
                if self.name and now - quiet_since >= STUCK_AFTER:
                    self._check_stuck(last_line(calm), shown)
            failure = give_up(tail, now - quiet_since) if give_up is not None else None
            if failure is not None:
                raise failure
            if give_up is None and now - quiet_since >= idle:
                raise self._silent(shown, idle)
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
        if ANY_PROMPT.search(tail):
            raise SessionError("prompt", f"{self.where} shows another prompt than before after `{shown}`.")
        if QUESTION.search(tail):
            self._line.send("\x03")
            raise SessionError("question", f"{self.where} asks a question in reply to `{shown}`.")

    def _silent(self, shown: str, idle: float) -> SessionError:
        said = f"it was silent for {idle:g} s after `{shown}`"
        return SessionError("timeout", f"{self.where} timed out: {said}; {Wait(idle).remedy}.")

    def _body(self, text: str, command: str) -> str:
        """The reply within ``text``: after the echo, before the prompt that ends it, log messages left out.

        Where one was cut out inside, ``CUT`` begins the next line.
        """
        heard = hear(text).text
        after = after_echo(heard, command)
        body = mend(heard if after is None else after, self._end, sign=CUT).rpartition("\n")[0]
        lines = without_prompts(body).split("\n")
        keep = len(lines)
        while keep and (not lines[keep - 1].strip(f" \t{CUT}") or self._end.search(lines[keep - 1].strip(CUT))):
            keep -= 1
            if lines[keep].strip(f" \t{CUT}"):
                del lines[keep:]
        return "\n".join(lines)
