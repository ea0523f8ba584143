"""Why a session with a router failed: a reason from a short list, and one sentence for the user.

Library exceptions carry output of the router or parameters of the connection in their text, their arguments and their
context. None of that may travel further, so each is *classified* here and then dropped: a :class:`SessionError`
is always raised outside the ``except`` block that caught the original, and has no context.

::

    IncompleteError               ikeaudit.model.errors, exit code 3
    └── SessionError              one router did not give what was asked for
"""

from __future__ import annotations

import errno
import re
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from ikeaudit.model.errors import IncompleteError

Reason = Literal[
    "refused",
    "unreachable",
    "name-unknown",
    "timeout",
    "not-ssh",
    "host-key",
    "bad-password",
    "no-credentials",
    "enable-secret",
    "privilege",
    "jump-host",
    "busy",
    "not-ios",
    "not-authorised",
    "cut",
    "closed",
    "prompt",
    "question",
    "internal",
]
"""What went wrong with one router, for programs; the sentence beside it is for people."""

_UNREACHABLE = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN, errno.EADDRNOTAVAIL}

_NO_ARGUMENT = re.compile(r"unexpected keyword argument '(\w{1,40})'")
_GONE = {"ReadException", "WriteException", "ConnectionResetError", "EOFError", "BrokenPipeError", "ChannelException"}


class SessionError(IncompleteError):
    """One router could not be read or spoken to: ``reason`` for programs, ``str()`` for people; never a key in it."""

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason: Reason = reason


class JumpError(Exception):
    """The machine that leads to a router, ``hop``, did not; ``reason`` is in our words, empty where it is not known.

    ``@refused`` and ``@unreachable`` are said of the router, seen from there.
    """

    def __init__(self, hop: str, reason: str) -> None:
        super().__init__(hop, reason)
        self.hop, self.reason = hop, reason


@dataclass(frozen=True, slots=True)
class Wait:
    """How long something may take, in seconds, and what a person does to give it longer."""

    seconds: float
    remedy: str = "--timeout gives it longer"

    def late(self, where: str, what: str) -> SessionError:
        """The error for ``where`` (``NAME (ADDRESS:PORT)``) when ``what`` took longer; ``what``: ``it showed no prompt``."""
        return SessionError("timeout", f"{where} timed out: {what} within {self.seconds:g} s; {self.remedy}.")


LEVEL = 15
"""The privilege level at which IOS shows everything."""

KEYS_LATE = "Timeout in the key exchange."
TERMINAL_LATE = "Timeout opening a terminal."
"""Texts of the exceptions by which our own SSH client says what took too long."""

CONNECT, BANNER, LOGIN = "conn_timeout", "banner_timeout", "auth_timeout"
"""The waits of the way in, by netmiko's names, which are those of the inventory: for the connection and the key exchange, for
the first word, and for everything from the password to the privileged prompt."""


def chain(error: BaseException) -> Iterator[BaseException]:
    """``error`` and what it was raised from, outermost first; the parts of paramiko's multi-address error included."""
    seen: set[int] = set()
    queue: list[BaseException] = [error]
    while queue:
        current = queue.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        parts = getattr(current, "errors", None)
        if isinstance(parts, dict):
            queue += [part for part in parts.values() if isinstance(part, BaseException)]
        queue += [other for other in (current.__cause__, current.__context__) if other is not None]


def classify(error: BaseException, *, where: str, waits: Mapping[str, Wait] | None = None) -> SessionError:
    """The reason behind an exception that opening a session raised; ``where`` is ``NAME (ADDRESS:PORT)``.

    ``waits`` are the limits that held, by ``CONNECT``, ``BANNER`` and ``LOGIN``; a time-out names the one that ran out.
    netmiko folds every cause into one time-out exception; the cause is read from what that was raised from.
    """
    if isinstance(error, SessionError):
        return SessionError(error.reason, str(error))
    causes = list(chain(error))
    jump = next((cause for cause in causes if isinstance(cause, JumpError)), None)
    if jump is not None and jump.reason == "@refused":
        return SessionError("refused", f"{where} refused the connection from the jump host {jump.hop}.")
    if jump is not None and jump.reason == "@unreachable":
        return SessionError("unreachable", f"{where} cannot be reached from the jump host {jump.hop}.")
    if jump is not None and jump.reason:
        return SessionError("jump-host", f"{where} was not asked: the jump host {jump.hop} {jump.reason}.")
    if jump is not None:
        where = f"{where} through {jump.hop}"
    names = {kind.__name__ for cause in causes for kind in type(cause).__mro__}
    texts = [str(cause) for cause in causes]
    late = _late(causes, texts)
    if late is not None:
        name, what = late
        if jump is not None and name == BANNER:
            what = "nothing came from it"
        wait = (waits or {}).get(name)
        return wait.late(where, what) if wait else SessionError("timeout", f"{where} timed out: {what} in time.")
    if any("transport shut down" in t for t in texts):
        return SessionError(
            "closed", f"{where} closed the connection instead of answering to the user name and password."
        )
    if "AuthenticationException" in names:
        return SessionError("bad-password", f"{where} did not accept the user name and password.")
    if any(isinstance(cause, socket.gaierror) for cause in causes) or any("DNS failure" in t for t in texts):
        return SessionError("name-unknown", f"{where} has no address: the name cannot be resolved.")
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return SessionError("refused", f"{where} refused the connection: nothing listens on that port.")
    if any(isinstance(cause, OSError) and cause.errno in _UNREACHABLE for cause in causes):
        return SessionError("unreachable", f"{where} cannot be reached: there is no route to it.")
    if "IncompatiblePeer" in names or any("no matching" in t or "no acceptable" in t for t in texts):
        return SessionError(
            "not-ssh", f"{where} offers no SSH algorithm in common; its key or its SSH settings are too old."
        )
    if any("Indecipherable protocol version" in t for t in texts):
        return SessionError("not-ssh", f"{where} took the connection but does not speak SSH.")
    if "ReadTimeout" in names or any("prompt not found" in t for t in texts):
        return SessionError("not-ios", f"{where} let us in but shows no IOS prompt.")
    gone = bool(names & _GONE)
    if any("protocol banner" in t for t in texts):
        if not gone:
            return SessionError("not-ssh", f"{where} took the connection but does not speak SSH.")
        return busy(where)
    if gone:
        return SessionError("closed", f"{where} closed the connection.")
    if "SSHException" in names:
        return SessionError("closed", f"{where} ended the SSH session during login.")
    unknown = next((found for text in texts if (found := _NO_ARGUMENT.search(text))), None)
    if unknown is not None:
        told = f"netmiko has no argument {unknown[1]}, which connection_options in the inventory give it"
        return SessionError("internal", f"{where}: {told}.")
    return SessionError("internal", f"{where}: the session failed in an unexpected way ({type(error).__name__}).")


def busy(where: str) -> SessionError:
    """The error for a router that hangs up before it says who it is."""
    return SessionError("busy", f"{where} closed the connection before it said a word: it has no free VTY line.")


def _late(causes: list[BaseException], texts: list[str]) -> tuple[str, str] | None:
    """Which wait ran out and what was not there by then; None when ``causes`` are no time-out."""
    if any("Authentication timeout" in t for t in texts):
        return LOGIN, "it did not answer to the user name and password"
    if any(TERMINAL_LATE in t or "Timeout opening channel" in t for t in texts):
        return LOGIN, "it took the password but opened no terminal"
    if any(KEYS_LATE in t or "No existing session" in t for t in texts):
        return CONNECT, "it did not finish the SSH key exchange"
    timed_out = any(isinstance(cause, TimeoutError) for cause in causes)
    if timed_out and any("protocol banner" in t for t in texts):
        return BANNER, "it took the connection but sent no SSH banner (it may have no free VTY line)"
    if timed_out or any("timed out" in t.lower() for t in texts):
        return CONNECT, "it did not take the connection"
    return None
