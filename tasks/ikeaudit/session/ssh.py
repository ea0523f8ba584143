"""The SSH under a session, and the telnet: netmiko's drivers for IOS, with a limit on every wait of the way in.

paramiko gives the first word of the key exchange 15 seconds whatever it is told, counts the banner into the rest, waits for a
terminal for ever, prefers CBC to GCM, and asks a router whose RSA key it knows for a signature with SHA-1; netmiko then reads
the router's prompt by guessing. What is opened here waits as long as it is told in each of its phases, and says which one took
longer (``KEYS_LATE``, ``TERMINAL_LATE``). What is said on the line is left to :class:`~ikeaudit.session.terminal.Terminal`.
"""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import paramiko
from netmiko.cisco import CiscoIosSSH, CiscoIosTelnet
from netmiko.ssh_dispatcher import CLASS_MAPPER, platforms

from ikeaudit.session.failure import KEYS_LATE, TERMINAL_LATE, JumpError, SessionError
from ikeaudit.session.jump import Jump, way_through
from ikeaudit.session.known_hosts import KnownHosts

DEVICE_TYPE, TELNET_TYPE = "ikeaudit_ios", "ikeaudit_ios_telnet"

_WEAK = ("sha1", "md5", "ssh-rsa", "ssh-dss", "-cbc", "arcfour")
_RSA = ("rsa-sha2-512", "rsa-sha2-256", "ssh-rsa")
_QUICK = "diffie-hellman-group16-sha512"


def weak(algorithm: str) -> bool:
    """Whether an algorithm of SSH is one that is given up: SHA-1 or MD5, CBC mode, a DSA key."""
    return any(sign in algorithm for sign in _WEAK)


class _Transport(paramiko.Transport):  # type: ignore[misc]
    """Waits for the banner and for the key exchange as long as it is told, for each alone.

    It asks for a host key of the kinds in ``known`` first, and for what is weak last.
    """

    known: tuple[str, ...] = ()
    kex = ""

    def start_client(self, event: threading.Event | None = None, timeout: float | None = None) -> None:
        options = self.get_security_options()
        options.key_types = sorted(options.key_types, key=lambda kind: (kind not in self.known, weak(kind)))
        if event is not None or timeout is None:
            super().start_client(event, timeout)
            return
        self.handshake_timeout = timeout + 5.0  # ours is the one that counts
        done = threading.Event()
        super().start_client(done)
        begun: float | None = None
        try:
            while not done.wait(0.05):
                now = time.monotonic()
                if begun is None and self.remote_version:  # the banner has come; it has a limit of its own
                    begun = now
                if begun is not None and now - begun >= timeout:
                    raise paramiko.SSHException(KEYS_LATE)
        finally:
            self.packetizer.complete_handshake()  # its timer would keep the process from ending
        if not self.active:
            raise self.get_exception() or paramiko.SSHException("Negotiation failed.")
        if self.host_key_type == "ssh-rsa" and "server-sig-algs" not in self.server_extensions:
            self._preferred_pubkeys = (
                "ssh-rsa",
                *paramiko.Transport._preferred_pubkeys,
            )  # nor of ours

    def _parse_kex_init(self, m: paramiko.Message) -> None:
        super()._parse_kex_init(m)
        self.kex = getattr(self.kex_engine, "name", "")  # which is forgotten once it is done

    @property
    def weak(self) -> tuple[str, ...]:
        """The algorithms in use that are weak; there was nothing better that both sides know."""
        names = (self.kex, self.host_key_type, self.remote_cipher, self.local_cipher)
        macs = () if "gcm" in self.remote_cipher else (self.remote_mac, self.local_mac)
        return tuple(dict.fromkeys(name for name in (*names, *macs) if name and weak(name)))


class _Client(paramiko.SSHClient):  # type: ignore[misc]
    """Leaves nothing open when something goes wrong, and waits for a terminal no longer than for an answer to the password."""

    def __init__(self, known: KnownHosts, where: str) -> None:
        super().__init__()
        self.known, self.where = known, where
        self.notices: list[str] = []

    def connect(self, hostname: str, port: int = 22, **settings: Any) -> None:
        """As paramiko's, with what is modern before what is weak, and with our judgement of the host key."""

        def transport(*arguments: Any, **more: Any) -> _Transport:
            made = _Transport(*arguments, **more)
            kinds = self.known.kinds(hostname, port)
            made.known = (*kinds, *_RSA) if "ssh-rsa" in kinds else kinds
            options = made.get_security_options()
            options.kex = sorted(options.kex, key=lambda name: (weak(name), name == _QUICK))
            options.ciphers = sorted(options.ciphers, key=weak)
            options.digests = sorted(options.digests, key=weak)
            return made

        self.set_missing_host_key_policy(_Judge(port, hostname, self._policy))
        try:
            super().connect(hostname, port, **settings, transport_factory=transport)
        except BaseException:
            self.close()
            raise

    def invoke_shell(self, *arguments: Any, **settings: Any) -> paramiko.Channel:
        transport = self.get_transport()
        limit = transport.channel_timeout = transport.auth_timeout
        late = threading.Event()

        def give_up() -> None:
            late.set()
            transport.close()

        timer = threading.Timer(limit, give_up)
        timer.daemon = True
        timer.start()
        try:
            return super().invoke_shell(*arguments, **settings)
        except (paramiko.SSHException, EOFError, OSError):
            if not late.is_set():
                raise
        finally:
            timer.cancel()
            if late.is_set():
                self.close()
        raise paramiko.SSHException(TERMINAL_LATE)


class _Judge(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]
    """Asked about every host key, since paramiko is given none to compare it with."""

    def __init__(self, port: int, host: str, policy: paramiko.MissingHostKeyPolicy) -> None:
        self.port, self.host = port, host
        self.strict = isinstance(policy, paramiko.RejectPolicy)

    def missing_host_key(self, client: _Client, hostname: str, key: paramiko.PKey) -> None:
        """Take the key, or raise."""
        told = client.known.check(client.where, self.host, self.port, key.get_name(), key.asbytes(), strict=self.strict)
        client.notices += [told] if told else []


class IosSession(CiscoIosSSH):
    """netmiko's driver for IOS up to the open channel; not a byte is sent or read on it."""

    def __init__(self, *arguments: Any, known_hosts: KnownHosts, where: str, **settings: Any) -> None:
        self._known, self._where = known_hosts, where
        self._jump: Jump | None = None
        super().__init__(*arguments, **settings)

    def _build_ssh_client(self) -> paramiko.SSHClient:
        if self.alt_host_keys:
            self._known.read_beside(Path(self.alt_key_file))
        client = _Client(self._known, self._where)
        client.set_missing_host_key_policy(self.key_policy)
        return client

    def establish_connection(self, *arguments: Any, **settings: Any) -> None:
        """As netmiko's; where the way leads through another machine, that is asked first what went wrong."""
        jump: JumpError | None = None
        try:
            super().establish_connection(*arguments, **settings)
        except Exception as error:
            if self._jump is None or isinstance(error, SessionError):
                raise
            jump = self._jump.failure()
            jump.__cause__ = error
        if jump is not None:
            raise jump
        client: Any = self.remote_conn_pre
        self.notices, self.ways = tuple(client.notices), client.get_transport().weak

    def _use_ssh_config(self, dict_arg: dict[str, Any]) -> dict[str, Any]:
        """As netmiko's, with several jump hosts as well."""
        path = Path(str(self.ssh_config_file)).expanduser()
        if not path.is_file():
            return dict_arg
        found = paramiko.SSHConfig.from_path(str(path)).lookup(self.host)
        changed = dict_arg | {"hostname": found.get("hostname", self.host)}
        if changed["port"] == 22:
            changed["port"] = int(found.get("port", 22))
        if not changed["username"]:
            changed["username"] = found.get("user", "")
        self._jump = way_through(found, str(path), changed["hostname"], changed["port"])
        return changed | ({"sock": self._jump} if self._jump else {})

    def _try_session_preparation(self, force_data: bool = True) -> None:
        """Left to the terminal."""


class TelnetSession(CiscoIosTelnet):
    """netmiko's driver for telnet up to the open connection."""

    notices = ("telnet: the password and everything that the router shows cross the network in clear",)
    ways = ("telnet",)

    def __init__(self, *arguments: Any, known_hosts: KnownHosts, where: str, **settings: Any) -> None:
        super().__init__(*arguments, **settings)

    def telnet_login(self, *arguments: Any, **settings: Any) -> str:
        """Left to the terminal."""
        return ""

    def _try_session_preparation(self, force_data: bool = True) -> None:
        """Left to the terminal."""


class TelnetChannel:
    """A telnet connection as a channel of bytes; options are negotiated by telnetlib, which refuses them all."""

    def __init__(self, telnet: Any) -> None:
        self._telnet = telnet

    def sendall(self, data: bytes) -> None:
        """Send all of ``data``, lines ended as telnet wants them."""
        self._telnet.write(data.replace(b"\n", b"\r\n"))

    def recv(self, nbytes: int) -> bytes:
        """Bytes that came; empty when the far end closed."""
        data: bytes = self._telnet.read_some()
        try:
            return data + self._telnet.read_very_eager() if data else data
        except EOFError:
            return data

    def settimeout(self, timeout: float | None) -> None:
        """Seconds that ``recv`` waits."""
        self._telnet.sock.settimeout(timeout)

    def close(self) -> None:
        """End the connection."""
        self._telnet.close()


def register() -> None:
    """Make the drivers known to netmiko by the names with which nornir-netmiko asks for them; again changes nothing."""
    for name, kind in ((DEVICE_TYPE, IosSession), (TELNET_TYPE, TelnetSession)):
        if name not in CLASS_MAPPER:
            CLASS_MAPPER[name] = kind
            platforms.append(name)
