"""An SSH server on loopback that is old, or slow at a place of our choice, with a router of the lab behind it.

The lab itself speaks modern SSH and answers at once; this server has what routers in the field have: only SHA-1, or an AAA
server that thinks. It is paramiko's server, so it needs none of the lab's SSH.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import paramiko
from paramiko.kex_group14 import KexGroup14

from ikeaudit.lab import LabRouter
from ikeaudit.lab.console import Console

SHA1_KEX = (
    "diffie-hellman-group14-sha1",
    "diffie-hellman-group1-sha1",
    "diffie-hellman-group-exchange-sha1",
)


@cache
def _rsa_key() -> paramiko.RSAKey:
    return paramiko.RSAKey.generate(2048)


@dataclass(frozen=True, kw_only=True)
class Manners:
    """What the server offers, in its order (None: all that paramiko has), and seconds that it takes for each thing.

    ``public_key`` is the file of the key that it takes instead of a password. ``interactive``: it takes the password by
    keyboard-interactive only. ``enable`` is the secret asked for; the answer to it is what ``slow_enable`` delays,
    ``slow_enable_question`` the question.
    """

    kex: tuple[str, ...] | None = None
    host_keys: tuple[str, ...] | None = None
    ciphers: tuple[str, ...] | None = None
    macs: tuple[str, ...] | None = None
    public_key: Path | None = None
    interactive: bool = False
    slow_banner: float = 0.0
    slow_kex: float = 0.0
    slow_password: float = 0.0
    slow_question: float = 0.0
    slow_channel: float = 0.0
    slow_shell: float = 0.0
    slow_prompt: float = 0.0
    slow_enable_question: float = 0.0
    slow_enable: float = 0.0
    slow_command: float = 0.0
    hang_up_at_password: bool = False


@dataclass
class Served:
    """A running server: its port, and what each session that got through agreed on."""

    port: int
    agreed: list[dict[str, str]] = field(default_factory=list)
    ending: threading.Event = field(default_factory=threading.Event)

    def wait(self, seconds: float) -> None:
        """Be slow, but not beyond the end of the test."""
        self.ending.wait(seconds)


class _Server(paramiko.ServerInterface):
    def __init__(self, router: LabRouter, manners: Manners, served: Served, transport: paramiko.Transport) -> None:
        self.router, self.manners, self.served, self.transport = router, manners, served, transport
        self.shell = threading.Event()

    def get_allowed_auths(self, username: str) -> str:
        if self.manners.public_key is not None:
            return "publickey"
        return "keyboard-interactive" if self.manners.interactive else "password"

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        known = self.manners.public_key
        good = known is not None and known.exists() and key.get_base64() in known.read_text()
        return paramiko.AUTH_SUCCESSFUL if good and username == self.router.username else paramiko.AUTH_FAILED

    def _right(self, username: str, password: str) -> int:
        self.served.wait(self.manners.slow_password)
        if self.manners.hang_up_at_password:
            self.transport.close()
        good = (username, password) == (self.router.username, self.router.password)
        return paramiko.AUTH_SUCCESSFUL if good else paramiko.AUTH_FAILED

    def check_auth_password(self, username: str, password: str) -> int:
        return paramiko.AUTH_FAILED if self.manners.interactive else self._right(username, password)

    def check_auth_interactive(self, username: str, submethods: str) -> object:
        self.served.wait(self.manners.slow_question)
        self.user = username
        return paramiko.InteractiveQuery("", "", ("Password: ", False))

    def check_auth_interactive_response(self, responses: list[str]) -> int:
        return self._right(self.user, responses[0])

    def check_channel_request(self, kind: str, chanid: int) -> int:
        self.served.wait(self.manners.slow_channel)
        return paramiko.OPEN_SUCCEEDED

    def check_channel_pty_request(self, *about: object) -> bool:
        return True

    def check_channel_shell_request(self, channel: paramiko.Channel) -> bool:
        self.served.wait(self.manners.slow_shell)
        self.shell.set()
        return True


class _SlowKex(paramiko.Transport):
    seconds = 0.0
    ending = threading.Event()
    chosen = ""

    def _negotiate_keys(self, m: object) -> None:
        self.ending.wait(self.seconds)
        super()._negotiate_keys(m)
        self.chosen = next(name for name, kind in self._kex_info.items() if kind is type(self.kex_engine))


def _talk(router: LabRouter, manners: Manners, served: Served, channel: paramiko.Channel) -> None:
    """The router's session on ``channel``: echo, reply, prompt, as a line of IOS does."""
    console = Console(router)
    served.wait(manners.slow_prompt)
    channel.sendall(f"\r\n{console.prompt}".encode())
    typed = b""
    while not console.dropped and not served.ending.is_set():
        key = channel.recv(1)
        if not key:
            return
        if key not in b"\r\n":
            typed += key
            if "assword" not in console.prompt:
                channel.sendall(key)
            continue
        channel.sendall(b"\r\n")
        line, typed = typed.decode(), b""
        if line == "enable":
            served.wait(manners.slow_enable_question)
        elif "assword" in console.prompt:
            served.wait(manners.slow_enable)
        elif line.startswith("show"):
            served.wait(manners.slow_command)
        said = console.send(line) + console.prompt
        channel.sendall(said.replace("\n", "\r\n").encode())


def _serve(router: LabRouter, manners: Manners, served: Served, peer: socket.socket) -> None:
    served.wait(manners.slow_banner)
    transport = _SlowKex(peer)
    transport.seconds, transport.ending = manners.slow_kex, served.ending
    transport.handshake_timeout = transport.banner_timeout = 60
    options = transport.get_security_options()
    for name, wanted in (
        ("kex", manners.kex),
        ("key_types", manners.host_keys),
        ("ciphers", manners.ciphers),
        ("digests", manners.macs),
    ):
        if wanted is not None:
            setattr(options, name, wanted)
    transport.add_server_key(_rsa_key())
    try:
        server = _Server(router, manners, served, transport)
        transport.start_server(server=server)
        channel = transport.accept(60)
        if channel is not None and server.shell.wait(60):
            served.agreed.append(
                {
                    "kex": transport.chosen,
                    "host key": transport.host_key_type,
                    "cipher": transport.remote_cipher,
                    "mac": transport.remote_mac,
                }
            )
            _talk(router, manners, served, channel)
    except (EOFError, OSError, paramiko.SSHException):
        pass
    finally:
        transport.close()


@contextlib.contextmanager
def ssh_server(router: LabRouter, manners: Manners, folder: Path) -> Iterator[Served]:
    """Serve ``router`` for the length of a ``with`` block; ``folder`` takes a file of primes for group exchange."""
    moduli = folder / "moduli"
    moduli.write_text(f"20250301020000 2 6 100 2047 2 {KexGroup14.P:X}\n")
    paramiko.Transport.load_server_moduli(str(moduli))
    threads: list[threading.Thread] = []
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        served = Served(int(listener.getsockname()[1]))

        def accept() -> None:
            while not served.ending.is_set():
                with contextlib.suppress(OSError):
                    peer, _ = listener.accept()
                    thread = threading.Thread(target=_serve, args=(router, manners, served, peer), daemon=True)
                    thread.start()
                    threads.append(thread)

        door = threading.Thread(target=accept, daemon=True)
        door.start()
        try:
            yield served
        finally:
            served.ending.set()
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            until = time.monotonic() + 10
            for thread in (door, *threads):
                thread.join(timeout=max(0.1, until - time.monotonic()))
            paramiko.Transport._modulus_pack = None
