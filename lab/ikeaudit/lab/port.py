"""The TCP port of a lab router: it stays the router's own, even while a restart makes it refuse connections."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from pathlib import Path

import asyncssh

from ikeaudit.lab.router import LabRouter
from ikeaudit.lab.server import serve

LOOPBACK = "127.0.0.1"
"""The only address that a lab listens on."""


class Port:
    """A port on loopback, kept until ``close``; number 0 lets the system choose a free one.

    ``key`` is the file of its host key (``server.host_key``).

    While the router is down, a socket that does not listen stays bound to it, so that nobody else gets the port.
    """

    def __init__(self, router: LabRouter, number: int = 0, key: Path | None = None) -> None:
        self._router = router
        self._acceptor: asyncssh.SSHAcceptor | None = None
        self._opening: asyncio.Task[None] | None = None
        self._holder: socket.socket | None = None
        self.number = number
        self._key = key

    async def open(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        if self.number:
            self._bound(self.number, shared=False).close()  # another lab's listener would share its port with ours
        listener = self._listener()
        self.number = listener.getsockname()[1]
        self._acceptor = await serve(self._router, listener, self._key)
        self._router.on_power.append(self._power)

    async def close(self) -> None:
        """Stop listening and give the port back."""
        with contextlib.suppress(ValueError):
            self._router.on_power.remove(self._power)
        if self._opening is not None:
            await self._opening
        acceptor, self._acceptor = self._acceptor, None
        if acceptor is not None:
            acceptor.close()
        self._router.disconnect()
        if acceptor is not None:
            await acceptor.wait_closed()
        self._release()

    def _power(self, up: bool) -> None:
        if not up and self._acceptor is not None:
            self._holder = self._bound(self.number)
            self._acceptor.close()
            self._acceptor = None
        elif up and self._acceptor is None:
            self._opening = asyncio.get_running_loop().create_task(self._reopen())

    async def _reopen(self) -> None:
        self._acceptor = await serve(self._router, self._listener(), self._key)
        self._release()

    def _release(self) -> None:
        holder, self._holder = self._holder, None
        if holder is not None:
            holder.close()

    def _bound(self, number: int, *, shared: bool = True) -> socket.socket:
        found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared and hasattr(socket, "SO_REUSEPORT"):
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        try:
            found.bind((LOOPBACK, number))
        except OSError:
            found.close()
            raise
        return found

    def _listener(self) -> socket.socket:
        found = self._bound(self.number)
        found.listen(128)
        found.setblocking(False)
        return found
