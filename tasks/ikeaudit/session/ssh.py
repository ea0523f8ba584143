"""The SSH under a session: netmiko's driver for IOS, with a limit on every wait of the way in.

paramiko gives the first word of the key exchange 15 seconds whatever it is told, counts the banner into the rest, waits for a
terminal for ever, and prefers CBC to GCM; netmiko then reads the router's prompt by guessing. What is opened here waits as long
as it is told in each of its phases, and says which one took longer (``KEYS_LATE``, ``TERMINAL_LATE``). What is said on the line
is left to :class:`~ikeaudit.session.terminal.Terminal`.
"""

from __future__ import annotations

import threading
import time
from typing import Any

import paramiko
from netmiko.cisco import CiscoIosSSH
from netmiko.ssh_dispatcher import CLASS_MAPPER, platforms

from ikeaudit.session.failure import KEYS_LATE, TERMINAL_LATE

DEVICE_TYPE = "ikeaudit_ios"


class _Transport(paramiko.Transport):  # type: ignore[misc]
    """Waits for the banner and for the key exchange as long as it is told, for each alone."""

    def start_client(self, event: threading.Event | None = None, timeout: float | None = None) -> None:
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


def _transport(*arguments: Any, **settings: Any) -> _Transport:
    """A transport that prefers what is modern; the order within is paramiko's."""
    transport = _Transport(*arguments, **settings)
    options = transport.get_security_options()
    options.ciphers = sorted(options.ciphers, key=lambda cipher: cipher.endswith("-cbc"))
    return transport


class _Client(paramiko.SSHClient):  # type: ignore[misc]
    """Leaves nothing open when something goes wrong, and waits for a terminal no longer than for an answer to the password."""

    def connect(self, *arguments: Any, **settings: Any) -> None:
        try:
            super().connect(*arguments, **settings, transport_factory=_transport)
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


class IosSession(CiscoIosSSH):
    """netmiko's driver for IOS up to the open channel; not a byte is sent or read on it."""

    def _get_ssh_client_instance(self) -> paramiko.SSHClient:
        return _Client()

    def _try_session_preparation(self, force_data: bool = True) -> None:
        """Left to the terminal."""


def register() -> str:
    """Make the driver known to netmiko; the name by which nornir-netmiko asks for it. Calling it again changes nothing."""
    if DEVICE_TYPE not in CLASS_MAPPER:
        CLASS_MAPPER[DEVICE_TYPE] = IosSession
        platforms.append(DEVICE_TYPE)
    return DEVICE_TYPE
