"""What the tests of live sessions share: a scripted channel, and small servers on loopback that misbehave."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncssh
import pytest
from listening import listening


class ScriptedChannel:
    """A far end made of a function: it gets each line typed and returns the chunks that come back.

    The lines that set a session up are taken without an answer.
    """

    def __init__(self, answer: Callable[[str], list[str | bytes]], greeting: str = "") -> None:
        self.typed: list[str] = []
        self.closed = False
        self._answer = answer
        self._coming: list[bytes] = [greeting.encode()] if greeting else []
        self._line = ""
        self.gone = False

    def sendall(self, data: bytes) -> None:
        if self.gone or self.closed:
            raise OSError("Socket is closed")
        self._line += data.decode()
        while "\n" in self._line:
            line, _, self._line = self._line.partition("\n")
            if line == "show privilege" or line.startswith("terminal "):
                self._coming += [line.encode(), *map(str.encode, self._answer(""))]
                continue
            self.typed.append(line)
            self._coming += [c.encode() if isinstance(c, str) else c for c in self._answer(line)]

    def recv(self, nbytes: int) -> bytes:
        if self._coming:
            return self._coming.pop(0)
        if self.gone:
            return b""
        raise TimeoutError

    def settimeout(self, timeout: float | None) -> None:
        """Nothing really waits here."""

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def scripted() -> type[ScriptedChannel]:
    """The class of scripted channels."""
    return ScriptedChannel


@pytest.fixture
def closed_port() -> int:
    """A port on loopback where nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(8)
        yield int(listener.getsockname()[1])


@pytest.fixture
def web_port() -> Iterator[int]:
    """A port where something answers that is not SSH."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(8)
        done = threading.Event()

        def serve() -> None:
            while not done.is_set():
                with contextlib.suppress(OSError):
                    peer, _ = listener.accept()
                    with peer:
                        peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 200)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])
        done.set()
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=5)


class _Anyone(asyncssh.SSHServer):
    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return True


@contextlib.contextmanager
def _ssh_server(talk: Callable[[str], str], prompt: str) -> Iterator[int]:
    """An SSH server on loopback with ``prompt``; ``talk`` gives its reply to a line."""

    async def session(process: asyncssh.SSHServerProcess[str]) -> None:
        process.stdout.write(prompt)
        with contextlib.suppress(asyncssh.Error, OSError):
            async for line in process.stdin:
                text = line.strip("\r\n")
                process.stdout.write(f"{text}\r\n{talk(text)}{prompt}")

    with listening(_Anyone, "ecdsa-sha2-nistp256", process_factory=session, line_editor=False) as port:
        yield port


@pytest.fixture
def linux_port() -> Iterator[int]:
    """A Linux machine: an ordinary user's prompt."""
    with _ssh_server(
        lambda line: f"-bash: {line.split()[0]}: command not found\r\n" if line else "", "admin@web01:~$ "
    ) as port:
        yield port


@pytest.fixture
def switch_port() -> Iterator[int]:
    """Another vendor's device whose prompt looks like one of IOS."""
    version = "Cisco Nexus Operating System (NX-OS) Software\r\n"
    with _ssh_server(lambda line: version if line == "show version" else "", "leaf01# ") as port:
        yield port


@pytest.fixture
def inventory(tmp_path: Path) -> Callable[..., Path]:
    """Writes a SimpleInventory of hosts on loopback, by name and port, and returns its folder."""

    def write(extra: str = "", **ports: int) -> Path:
        folder = tmp_path / "inventory"
        folder.mkdir(exist_ok=True)
        hosts = "".join(
            f"{name}:\n  hostname: 127.0.0.1\n  port: {port}\n  platform: ios\n{extra}" for name, port in ports.items()
        )
        (folder / "hosts.yaml").write_text(hosts)
        return folder

    return write


@pytest.fixture
def certificates(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A certificate that signs itself, which is the authority too, and its key."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "cluster")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(private, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    cert.write_bytes(certificate.public_bytes(pem))
    key.write_bytes(private.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return cert, cert, key
