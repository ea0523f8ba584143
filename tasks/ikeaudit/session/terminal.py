"""One interactive IOS session: a line goes out, its reply comes back, and nothing is mistaken for the end of it.

netmiko opens the session; reading is done here, because its defaults cut a configuration in silence where the router's own
prompt appears in it, and log what they read (PERF "Silent truncation"). The rules:

* a reply begins after the echo of the line that was sent;
* it ends with a prompt that bears the router's name, at the very end of what has come;
* what the router prints unasked, broadcasts and log messages, is no part of it, wherever it broke in;
* what a broadcast broke into is read again, unless it is certain which line the router printed;
* waiting is bounded by silence (``idle`` seconds without a byte) and by a total;
* an error never holds text that the router sent.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from functools import partial

from ikeaudit.session.agreement import Apart, never, settle
from ikeaudit.session.failure import LEVEL, SessionError, Wait
from ikeaudit.session.line import PAGER, ByteChannel, Line
from ikeaudit.session.lines import after_echo, first_match, last_line
from ikeaudit.session.noise import CUT, SYSLOG, begun, hear, mend, without_prompts

_ANY_PROMPT = re.compile(r"([^\s#>()\[\]$%]+)([#>])[ \t]?\Z")
_MODE = r"(?:\([^)\s]+\))?[#>]"
_ODD_PROMPT = re.compile(r"\S.*[#>][ \t]?\Z")
_CONFIG_PROMPT = re.compile(r"^([^\s#>()]+)\(config[^)\s]*\)#[ \t]?\Z")
_CONFIGURE = re.compile(r"conf\w*\s+(?:t|r)")
_PASSWORD = re.compile(r"(?:assword|enable secret)[^\n:]{0,30}:?\s*\Z", re.IGNORECASE)
_USER = re.compile(r"(?:user ?name|user ?id|user|login)[^\n:]{0,20}:\s*\Z", re.IGNORECASE)
_CODE = re.compile(r"(pass ?code|token|one-?time|\botp|\bpin\b|challenge|response|code)[^\n:]{0,30}:\s*\Z", re.IGNORECASE)
_QUESTION = re.compile(r"(?:\?|\[confirm\]|\]:)\s*\Z")
_LEVEL = re.compile(r"privilege level is (\d+)|(View Context)(?! with view 'root')")
_CONFIG_NAME = 16
_NUDGE_AFTER = 1.5
_PAGE_AFTER = 0.15
_STUCK_AFTER = 4.0
_GRACE = 2.0
_FOREIGN_AFTER = 15.0
_NUDGES = 3
_READINGS = 4

PREPARATION = ("terminal width 511", "terminal length 0", "terminal no monitor")
"""Typed before anything else: no line is broken, no reply paged, no log message printed into it. Not every account may."""

_PRIVILEGE = "show privilege"


class Terminal:
    """A session at a router's prompt; not for use by two threads at once.

    ``where`` names the router in errors. ``idle`` is the longest silence, ``total`` the longest reply, both in seconds;
    ``login`` is the longest silence before the first prompt and in ``enable``, ``idle`` when left out.
    ``name`` is the name in the prompt once :meth:`learn` has found it, ``prompt`` the last prompt seen, ``level`` the privilege
    level where the router tells it (0 in a view that hides commands). ``notices`` is what a person should know of how the
    session came about, ``ways`` what is weak in how it is carried (``telnet``, algorithms of SSH); ``on_warning`` is told what the router warned of unasked, in our words: ``it restarts in 0:01:00``.
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
        self.level: int | None = None
        self.notices: tuple[str, ...] = ()
        self.ways: tuple[str, ...] = ()
        self.on_warning: Callable[[str], None] = lambda warning: None
        self._line = Line(where, channel, idle)
        self._names: list[str] = []
        self._nudged = False
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

    def log_in(self, username: str, password: str | None) -> None:
        """Answer the questions by which a router without SSH asks who is there.

        :raises SessionError: ``bad-password``, ``question``, ``not-ios``, ``timeout``, ``closed``.
        """
        wrong = SessionError("bad-password", f"{self.where} did not accept the user name and password.")
        self._answer("the login", _ANY_PROMPT, username, password, self._no_prompt, wrong, wrong)

    def learn(self) -> None:
        """Wait for the first prompt, which a router may owe to an AAA server, set the session up, and find name and level.

        The lines of the set-up go out at once, the last of them one that has an answer.

        :raises SessionError: ``timeout`` when nothing is asked or shown, ``not-ios`` for a prompt of another kind, ``closed``.
        """

        def shown(tail: str) -> object:
            return _ANY_PROMPT.search(tail) or (self._nudged and _ODD_PROMPT.search(tail))

        self._collect(shown, "the login", idle=self.login.seconds, nudge="", give_up=self._no_prompt)
        self._line.send("\n".join(("", *PREPARATION, _PRIVILEGE, "")))
        ends = partial(first_match, (_ANY_PROMPT, _ODD_PROMPT))
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
            text += self._line.drain(_PAGE_AFTER)
        found = _LEVEL.search(text)
        prompt = last_line(text).strip()
        if not found and not _ANY_PROMPT.search(prompt):
            raise SessionError("not-ios", f"{self.where} shows no IOS prompt; it may not be an IOS router.")
        self.level = int(found[1] or 0) if found else None
        self.prompt, self.name = prompt, prompt[:-1]
        if not self._names:
            self._answer_to(self.name)

    def _answer_to(self, name: str) -> None:
        """Take prompts with ``name`` for the router's, beside those known before: a ``prompt`` line shows in EXEC mode only.

        Configuration modes show no more than the first characters of a long name, so no more than those are compared.
        """
        self._names.append(name)
        names = "|".join(f"{re.escape(n)}|{re.escape(n[:_CONFIG_NAME])}[^\\s#>()]*" for n in self._names)
        prompt = rf"^(?:{names}){_MODE}[ \t]?"
        self._end = re.compile(rf"{prompt}\Z")
        self._hidden = re.compile(rf"{prompt}(?=$|{SYSLOG})", re.MULTILINE)

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

    def _ends(self, command: str) -> Callable[[str], object]:
        """What ends a reply: the router's prompt; after ``configure`` also one with its real name, which is new to us."""
        return (
            partial(first_match, (self._end, _CONFIG_PROMPT)) if _CONFIGURE.match(command) else self._end.search
        )

    def _arrived(self, text: str) -> None:
        self.prompt = last_line(text).strip()
        other = _CONFIG_PROMPT.search(self.prompt)
        if other and not self._end.search(self.prompt):
            self._answer_to(other[1])

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
            text = self._collect(lambda tail: ends(tail) or _QUESTION.search(tail), command, idle=idle)
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
                    "question", f"{self.where} asks for a {code[1].lower()} after {shown}, which nobody can know beforehand."
                )
            kind, answer = ("password", secret) if _PASSWORD.search(asked) else ("user name", username)
            if answer is None:
                raise missing
            if kind in answered:
                raise wrong
            answered.add(kind)
            self._line.send(answer + "\n")

    def close(self) -> None:
        """Leave politely when the line still works, and close it in any case; never raises."""
        self._line.close()

    # -- the line --

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
            piece = self._line.receive(_PAGE_AFTER if page else min(_NUDGE_AFTER, idle))
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
                if nudges < _NUDGES and (hidden or nudge == "" and not self.name):
                    nudges += 1
                    self._nudged = True
                    self._line.send("\n")
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
            self._line.send("\x03")
            raise SessionError("question", f"{self.where} asks a question in reply to `{shown}`.")

    def _no_prompt(self, tail: str, quiet: float) -> SessionError | None:
        """Before the first prompt: a router that is slow has not begun a line yet, another system waits behind its own."""
        wait = self.login
        if tail.strip() and quiet >= min(wait.seconds, _FOREIGN_AFTER):
            return SessionError("not-ios", f"{self.where} shows no IOS prompt; it may not be an IOS router.")
        return wait.late(self.where, "it let us in but showed no prompt") if quiet >= wait.seconds else None

    def _no_set_up(self, tail: str, quiet: float) -> SessionError | None:
        if quiet >= _STUCK_AFTER and _ODD_PROMPT.search(tail):
            return SessionError("prompt", f"{self.where} shows a prompt and answers to nothing.")
        return self._no_prompt(tail, quiet)

    def _no_enable(self, tail: str, quiet: float) -> SessionError | None:
        wait = self.login
        if quiet >= _STUCK_AFTER and tail.rstrip().endswith((":", "?")):
            self._line.send("\x03")
            return SessionError("question", f"{self.where} asks for something other than a password after enable.")
        return wait.late(self.where, "it did not answer to `enable`") if quiet >= wait.seconds else None

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
