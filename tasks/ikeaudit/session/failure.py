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
import socket
from collections.abc import Iterator
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


class SessionError(IncompleteError):
    """One router could not be read or spoken to: ``reason`` for programs, ``str()`` for people; never a key in it."""

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason: Reason = reason


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


def classify(error: BaseException, *, where: str) -> SessionError:
    """The reason behind an exception that opening a session raised; ``where`` is ``NAME (ADDRESS:PORT)``.

    netmiko folds every cause into one time-out exception; the cause is read from what that was raised from.
    """
    if isinstance(error, SessionError):
        return SessionError(error.reason, str(error))
    causes = list(chain(error))
    names = {kind.__name__ for cause in causes for kind in type(cause).__mro__}
    texts = [str(cause) for cause in causes]
    if "BadHostKeyException" in names or any("does not match" in t and "ost key" in t for t in texts):
        return SessionError(
            "host-key",
            f"{where} showed another SSH host key than the one in known_hosts; make sure that it is the router.",
        )
    if any("not found in known_hosts" in t for t in texts):
        return SessionError("host-key", f"{where} is not in known_hosts, and the inventory asks for strict host keys.")
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
    if any("protocol banner" in t for t in texts):
        if any(isinstance(cause, (TimeoutError, EOFError)) or "imeout" in str(cause) for cause in causes):
            return SessionError("timeout", f"{where} took the connection but said nothing; it may be out of VTY lines.")
        return SessionError("not-ssh", f"{where} took the connection but does not speak SSH.")
    if "ReadTimeout" in names or any("prompt not found" in t for t in texts):
        return SessionError("not-ios", f"{where} let us in but shows no IOS prompt.")
    if any(isinstance(cause, TimeoutError) for cause in causes) or any("timed out" in t.lower() for t in texts):
        return SessionError("timeout", f"{where} did not answer in time.")
    if names & {
        "ReadException",
        "WriteException",
        "ConnectionResetError",
        "EOFError",
        "BrokenPipeError",
        "ChannelException",
    }:
        return SessionError("closed", f"{where} closed the connection.")
    if any("imeout" in t for t in texts):
        return SessionError("timeout", f"{where} did not answer in time.")
    if "SSHException" in names:
        return SessionError("closed", f"{where} ended the SSH session during login.")
    return SessionError("internal", f"{where}: the session failed in an unexpected way ({type(error).__name__}).")
