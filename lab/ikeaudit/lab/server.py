"""SSH for lab routers, each on its port: asyncssh underneath, a line editor as IOS has it on top, a shell behind it."""

import asyncio
import contextlib
import hmac
import socket
from collections.abc import Callable
from functools import cache
from pathlib import Path

import asyncssh

from ikeaudit.lab.commands import GRAMMAR
from ikeaudit.lab.lab_router import LabRouter
from ikeaudit.lab.shell import Shell, UnixShell
from ikeaudit.lab.talk import Ask, Drop, Offload, Say, Talk, Wait
from ikeaudit.model.errors import InputError
from ikeaudit.snapshot.plain_files import LARGEST_BY_HAND, read_plain
from ikeaudit.snapshot.private_files import create_private, make_folder

KEX = ("ecdh-sha2-nistp256", "curve25519-sha256")


CIPHERS = ("aes128-ctr", "aes256-ctr")


MACS = ("hmac-sha2-256",)
"""Quick ones that paramiko and OpenSSH both know: a lab boots hundreds of routers on two cores."""


_CTRL_C, _CTRL_U, _CTRL_Z, _BACKSPACES = "\x03", "\x15", "\x1a", "\x08\x7f"


@cache
def host_key(file: Path | None = None) -> asyncssh.SSHKey:
    """The host key of lab routers: that in ``file``, made on first use; without one, a key as old as this process.

    Raises InputError when ``file`` holds no key, OSError when it cannot be read or made.
    """
    key = asyncssh.generate_private_key("ecdsa-sha2-nistp256")
    if file is None:
        return key
    make_folder(file.parent)
    create_private(file, key.export_private_key())
    try:
        return asyncssh.import_private_key(read_plain(file, LARGEST_BY_HAND))
    except asyncssh.KeyImportError:
        raise InputError(f"{file} holds no SSH host key; remove it, and the lab makes a new one.") from None


class _GoneError(Exception):
    """The other side, or the router, has ended the session."""


class _Door(asyncssh.SSHServer):
    """Decides who may come in."""

    def __init__(self, router: LabRouter) -> None:
        self._router = router

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        good_name = hmac.compare_digest(username.encode(), self._router.username.encode())
        return hmac.compare_digest(password.encode(), self._router.password.encode()) and good_name


class _Vty:
    """One terminal line: reads keys, echoes them, and performs the shell's talks."""

    def __init__(self, router: LabRouter, process: asyncssh.SSHServerProcess[str]) -> None:
        self._router = router
        self._process = process
        self._typed: list[str] = []
        self._after_return = False
        self._is_cut = False
        username = str(process.get_extra_info("username"))
        kind = UnixShell if router.platform == "unix" else Shell
        self._shell = kind(router, GRAMMAR, username, router.privilege, router.next_line())

    def cut(self) -> None:
        """Close the connection at once, as a restart of the router does."""
        self._shell.closed = self._is_cut = True
        connection = self._process.get_extra_info("connection")
        connection.abort()

    def show(self, text: str) -> None:
        """Print ``text`` where the cursor stands."""
        if not self._shell.closed:
            self._write(text)

    async def serve(self) -> None:
        """Prompt, read, answer, until someone leaves."""
        self._router.connections.add(self)
        self._router.log.listeners.append(self._monitor)
        try:
            self._write("\n")
            while not self._shell.closed:
                self._write(self._shell.prompt)
                line = await self._line(echo=True)
                await self._perform(self._shell.run(line))
        except (_GoneError, OSError, asyncssh.Error):
            pass
        finally:
            self._router.connections.discard(self)
            self._router.log.listeners.remove(self._monitor)
            self._process.exit(0)
            self._process.get_extra_info("connection").close()

    def _monitor(self, line: str) -> None:
        if self._shell.terminal.monitor and not self._shell.closed:
            self._write(f"\n{line}\n")

    def _write(self, text: str) -> None:
        if text and not self._is_cut:
            self._process.stdout.write(text.replace("\n", "\r\n"))

    async def _perform(self, talk: Talk) -> None:
        answer: object = None
        while True:
            try:
                step = talk.send(answer)
            except StopIteration:
                return
            except Exception as failure:  # noqa: BLE001 - a bug of the lab must not look like a router that is silent
                self._router.failures.append(failure)
                self._write(f"% Lab failure: {type(failure).__name__}\n")
                return
            answer = None
            if isinstance(step, Say):
                self._write(step.text)
                await self._process.stdout.drain()
            elif isinstance(step, Ask):
                self._write(step.prompt)
                answer = await (self._key() if step.key else self._line(echo=step.echo))
                if step.key and not step.echo:
                    self._process.stdout.write("\r" + " " * len(step.prompt) + "\r")
            elif isinstance(step, Wait):
                await asyncio.sleep(step.seconds)
            elif isinstance(step, Offload):
                answer = await asyncio.get_running_loop().run_in_executor(None, self._guarded, step.work)
            elif isinstance(step, Drop):
                if self._shell.leaving:
                    raise _GoneError
                self.cut()
                raise _GoneError

    def _guarded(self, work: Callable[[], object]) -> object:
        try:
            return work()
        except Exception as failure:  # noqa: BLE001 - as above
            self._router.failures.append(failure)
            return None

    async def _key(self) -> str:
        while True:
            if not self._typed:
                data = await self._process.stdin.read(4096)
                if not data:
                    raise _GoneError
                self._typed = list(reversed(data))
            key = self._typed.pop()
            if key == "\n" and self._after_return:
                self._after_return = False
                continue
            self._after_return = key == "\r"
            return key

    async def _line(self, *, echo: bool) -> str:
        """One line, edited; carriage return, line feed or both end it."""
        line: list[str] = []
        while True:
            key = await self._key()
            if key in "\r\n":
                self._write("\n")
                return "".join(line)
            if key in _BACKSPACES:
                if line:
                    line.pop()
                    self._write("\x08 \x08" if echo else "")
            elif key == _CTRL_U:
                self._write("\x08 \x08" * len(line) if echo else "")
                line.clear()
            elif key == _CTRL_C:
                self._write("^C\n" if echo else "\n")
                self._shell.leave_config()
                return ""
            elif key == _CTRL_Z:
                self._write("^Z\n")
                typed = "".join(line)
                if typed.strip() and self._shell.config is not None:
                    await self._perform(self._shell.run(typed))
                self._shell.leave_config()
                return ""
            elif key >= " ":
                line.append(key)
                if echo:
                    self._write(key)


async def serve(router: LabRouter, listener: socket.socket, key: Path | None = None) -> asyncssh.SSHAcceptor:
    """Serve ``router`` over SSH on a socket that listens already; ``key`` is where :func:`host_key` keeps its key."""

    async def session(process: asyncssh.SSHServerProcess[str]) -> None:
        await _Vty(router, process).serve()

    return await asyncssh.create_server(
        lambda: _Door(router),
        sock=listener,
        server_host_keys=[host_key(key)],
        process_factory=session,
        line_editor=False,
        kex_algs=list(KEX),
        encryption_algs=list(CIPHERS),
        mac_algs=list(MACS),
        compression_algs=["none"],
        gss_host=None,
        allow_scp=False,
        agent_forwarding=False,
        public_key_auth=False,
        host_based_auth=False,
        server_version="Cisco-1.25",
        login_timeout=30,
    )


LOOPBACK = "127.0.0.1"
"""The only address that a lab listens on."""


class Port:
    """A port on loopback, kept until ``close``; number 0 lets the system choose a free one.

    ``key`` is the file of its host key (:func:`host_key`).

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
