"""A server on loopback that is old, slow or odd at a place of our choice, with a router of the lab behind it.

The lab itself speaks modern SSH and answers at once; this server has what routers in the field have: only SHA-1, an AAA server
that thinks, prompts of their own, refusals, log messages inside what they say, telnet. It is paramiko's server, so it needs
none of the lab's SSH.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
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

    ``key``: the host key; ``full``: how many connections find no free line; ``greeting``: printed first, then a key is waited
    for; ``prompt``: a ``prompt`` line, shown in EXEC mode; ``deny``: patterns of commands that are not authorised; ``level``:
    the privilege level until enabled, below which the configuration is a part; ``enable_asks``: what ``enable`` asks before the
    password; ``noise``: makes of the text of a configuration, and how often it was asked for, what is printed; ``flushes``:
    what is typed ahead is lost; ``show_noise``: stands in the middle of each list of keys.
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
    key: paramiko.PKey | None = None
    full: int = 0
    greeting: str = ""
    prompt: str = ""
    deny: tuple[str, ...] = ()
    level: int = 15
    enable_asks: str = ""
    noise: Callable[[str, int], str] | None = None
    show_noise: str = ""
    flushes: bool = False


@dataclass
class Served:
    """A running server: its port, what each session that got through agreed on, the lines typed, the connections taken."""

    port: int
    agreed: list[dict[str, str]] = field(default_factory=list)
    ending: threading.Event = field(default_factory=threading.Event)
    typed: list[str] = field(default_factory=list)
    connections: int = 0

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


class _Vty:
    """The router's session on ``channel``: echo, reply, prompt, as a line of IOS does, with ``manners``."""

    def __init__(
        self, router: LabRouter, manners: Manners, served: Served, channel: paramiko.Channel | _Telnet
    ) -> None:
        self.console, self.manners, self.served, self.channel = Console(router), manners, served, channel
        self.router, self.level, self.readings = router, manners.level, 0
        self.coming = b""

    def say(self, text: str) -> None:
        self.channel.sendall(text.replace("\n", "\r\n").encode())

    @property
    def prompt(self) -> str:
        shown = self.console.prompt
        if self.manners.prompt and "(" not in shown and shown[:-1] == self.router.hostname:
            return f"{self.manners.prompt}{shown[-1]}"
        return shown

    def key(self) -> bytes:
        if not self.coming:
            self.coming = self.channel.recv(4096)
            if not self.coming:
                raise EOFError
        key, self.coming = self.coming[:1], self.coming[1:]
        return key

    def line(self, *, echo: bool) -> str:
        typed = b""
        while (key := self.key()) not in b"\r\n":
            typed += key
            if echo:
                self.channel.sendall(key)
        if key == b"\r" and self.coming[:1] == b"\n":
            self.key()
        if self.manners.flushes:
            self.coming = b""
        self.channel.sendall(b"\r\n")
        return typed.decode()

    def talk(self) -> None:
        self.served.wait(self.manners.slow_prompt)
        if self.manners.greeting:
            self.say(self.manners.greeting)
            self.key()
        self.say(f"\n{self.prompt}")
        while not self.console.dropped and not self.served.ending.is_set():
            if "More" in self.console.prompt:
                key = self.key().decode()
                self.say("\b" * 9 + " " * 8 + "\b" * 9 + self.console.send(key) + self.prompt)
                continue
            secret = "assword" in self.console.prompt
            line = self.line(echo=not secret)
            if not secret:
                self.served.typed.append(line)
            self.say(self.answer(line, secret=secret) + self.prompt)

    def answer(self, line: str, *, secret: bool) -> str:
        if any(re.match(pattern, line) for pattern in self.manners.deny):
            return "Command authorization failed.\n\n"
        if line == "enable":
            self.served.wait(self.manners.slow_enable_question)
            if self.manners.enable_asks:
                self.say(self.manners.enable_asks)
                self.served.typed.append(f"asked: {self.line(echo=True)}")
            if self.level < 15:
                self.say("Password: ")
                if self.line(echo=False) != self.router.enable_secret:
                    return "% Bad secrets\n\n"
                self.level = 15
                return ""
        elif secret:
            self.served.wait(self.manners.slow_enable)
        elif line.startswith("show") and line != "show privilege":
            self.served.wait(self.manners.slow_command)
        if line == "show privilege" and self.console.prompt.endswith("#"):
            return f"Current privilege level is {self.level}\n"
        if line == "show running-config" and self.level < 15:
            return "Building configuration...\n\n!\nboot-start-marker\nboot-end-marker\n!\nend\n\n"
        said = self.console.send(line)
        if line == "show running-config" and self.manners.noise:
            self.readings += 1
            return self.manners.noise(said, self.readings)
        if line == "show crypto isakmp key" and self.manners.show_noise:
            return said[: len(said) - 9] + self.manners.show_noise + said[len(said) - 9 :]
        return said


class _Telnet:
    """A connection by telnet as a channel: what the client says of options is left out."""

    def __init__(self, peer: socket.socket) -> None:
        self.peer = peer

    def sendall(self, data: bytes) -> None:
        self.peer.sendall(data)

    def recv(self, size: int) -> bytes:
        while True:
            data = self.peer.recv(size)
            plain = re.sub(rb"\xff[\xfb-\xfe].", b"", data, flags=re.DOTALL)
            if plain or not data:
                return plain


def _serve_telnet(router: LabRouter, manners: Manners, served: Served, peer: socket.socket) -> None:
    """As a VTY line with ``login local`` and ``transport input telnet``: options first, then three chances."""
    with peer:
        vty = _Vty(router, manners, served, _Telnet(peer))
        try:
            peer.sendall(b"\xff\xfb\x01\xff\xfb\x03\xff\xfd\x18\xff\xfd\x1f")
            vty.say("\nUser Access Verification\n\n")
            for _ in range(3):
                vty.say("Username: ")
                name = vty.line(echo=True)
                vty.say("Password: ")
                if (name, vty.line(echo=False)) == (router.username, router.password):
                    vty.talk()
                    return
                served.wait(manners.slow_password)
                vty.say("% Login invalid\n\n")
        except (EOFError, OSError):
            pass


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
    transport.add_server_key(manners.key or _rsa_key())
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
            _Vty(router, manners, served, channel).talk()
    except (EOFError, OSError, paramiko.SSHException):
        pass
    finally:
        transport.close()


@contextlib.contextmanager
def ssh_server(
    router: LabRouter, manners: Manners, folder: Path, *, telnet: bool = False, port: int = 0
) -> Iterator[Served]:
    """Serve ``router`` for the length of a ``with`` block; ``folder`` takes a file of primes for group exchange."""
    moduli = folder / "moduli"
    moduli.write_text(f"20250301020000 2 6 100 2047 2 {KexGroup14.P:X}\n")
    paramiko.Transport.load_server_moduli(str(moduli))
    threads: list[threading.Thread] = []
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(16)
        served = Served(int(listener.getsockname()[1]))

        def accept() -> None:
            while not served.ending.is_set():
                with contextlib.suppress(OSError):
                    peer, _ = listener.accept()
                    served.connections += 1
                    if served.connections <= manners.full:
                        peer.close()
                        continue
                    serve = _serve_telnet if telnet else _serve
                    thread = threading.Thread(target=serve, args=(router, manners, served, peer), daemon=True)
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
