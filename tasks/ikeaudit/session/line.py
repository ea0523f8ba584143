"""The line to a router: text out, text in, pages turned.

A reply is paged where the account may not say ``terminal length 0``: then ``--More--`` is answered with a blank, and what the
router prints to wipe it off is taken out.
"""

from __future__ import annotations

import re
import time
from codecs import getincrementaldecoder
from contextlib import suppress
from typing import Protocol

from ikeaudit.session.failure import SessionError, Wait

PAGER = re.compile(r"\A[ \t]*<?-{2,} ?more ?-{2,}>?[ \t]*\Z", re.IGNORECASE)
"""The last line at the end of a page, when nothing follows it."""

_WIPED = re.compile(r"(?:[\x07]*(?:\x08+ +\x08+|\r +\r|\x08+|\r*\x1b\[K|\r?\n|\r))?(?=[^\x08\r\x1b])")
_UNPRINTED = str.maketrans("", "", "\r\x00")


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


class Line:
    """Text to and from ``channel``; ``where`` names the router in errors, ``idle`` is the longest wait in seconds; ``heard``:
    something came."""

    def __init__(self, where: str, channel: ByteChannel, idle: float) -> None:
        self.where, self.idle = where, idle
        self.heard = False
        self._channel = channel
        self._decoder = getincrementaldecoder("utf-8")("replace")

    def send(self, text: str) -> None:
        """Type ``text``.

        :raises SessionError: ``closed``.
        """
        failed = False
        try:
            self._channel.settimeout(self.idle)
            self._channel.sendall(text.encode())
        except (OSError, EOFError):
            failed = True
        if failed:
            raise SessionError("closed", f"{self.where} closed the session.")

    def receive(self, wait: float) -> str | None:
        """Text within ``wait`` seconds, lines ended by line feeds alone; None when none came.

        :raises SessionError: ``closed`` when the far end is gone.
        """
        raw = self._raw(wait)
        return None if raw is None else raw.translate(_UNPRINTED)

    def drain(self, wait: float) -> str:
        """Everything that has come meanwhile."""
        pieces: list[str] = []
        while (piece := self.receive(wait)) is not None:
            pieces.append(piece)
        return "".join(pieces)

    def turn_page(self) -> str:
        """Ask for the next page; how it begins.

        :raises SessionError: ``closed``, or ``timeout`` when it does not come.
        """
        self.send(" ")
        raw, until = "", time.monotonic() + self.idle
        while (wiped := _WIPED.match(raw)) is None:
            if time.monotonic() >= until:
                raise SessionError(
                    "timeout",
                    f"{self.where} timed out: it pages its replies and showed no next page for {self.idle:g} s; "
                    f"let this account use `terminal length 0`, or {Wait(self.idle).remedy}.",
                )
            raw += self._raw(0.5) or ""
        return raw[wiped.end() :].translate(_UNPRINTED)

    def close(self) -> None:
        """Leave politely when the line still works, and close it in any case; never raises."""
        with suppress(OSError, EOFError):
            self._channel.settimeout(1.0)
            self._channel.sendall(b"exit\n")
        with suppress(OSError, EOFError):  # the router may be quicker
            self._channel.close()

    def _raw(self, wait: float) -> str | None:
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
        self.heard = True
        return self._decoder.decode(data)
