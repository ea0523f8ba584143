"""Opening a session with a router through nornir-netmiko's connection plugin, and closing it in any case.

nornir-netmiko ships no types; this is the one place that meets it. Sessions are closed inside the task that opened them,
because Nornir would keep them open to the end of the run (PERF "Collecting").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from ikeaudit.session.credentials import Credentials
from ikeaudit.session.failure import SessionError, classify
from ikeaudit.session.quiet import silence_libraries
from ikeaudit.session.terminal import ByteChannel, Terminal

if TYPE_CHECKING:
    from nornir.core.configuration import Config
    from nornir.core.inventory import Host

PLUGIN = "netmiko"
_IOS_PLATFORMS = {"ios", "iosxe", "ios-xe", "cisco_ios", "cisco_xe", "cisco_iosxe"}
_OURS = {"secret", "session_log", "session_log_record_writes", "session_log_file_mode", "device_type", "verbose"}
"""Connection extras that are not handed to netmiko: it needs no enable secret of us, and must write nothing down."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds to wait: for the connection and login, for the next byte of a reply, and for a whole reply."""

    connect: float = 15.0
    idle: float = 60.0
    total: float = 900.0


@contextmanager
def session(host: Host, config: Config, credentials: Credentials, limits: Limits | None = None) -> Iterator[Terminal]:
    """A terminal of ``host`` in privileged EXEC, closed on leaving.

    :raises SessionError: with the reason when it cannot be opened; nothing else escapes, and no library's text in it.
    """
    limits = limits or Limits()
    terminal = _open(host, config, credentials, limits)
    try:
        terminal.learn()
        terminal.enable(credentials.enable)
        yield terminal
    finally:
        try:
            terminal.close()
        finally:
            _forget(host)


def where(host: Host) -> str:
    """``NAME (ADDRESS:PORT)`` as errors name a router."""
    options = host.get_connection_parameters(PLUGIN)
    return f"{host.name} ({options.hostname or host.name}:{options.port or 22})"


def _open(host: Host, config: Config, credentials: Credentials, limits: Limits) -> Terminal:
    options = host.get_connection_parameters(PLUGIN)
    at = where(host)
    if options.platform is not None and options.platform.lower() not in _IOS_PLATFORMS:
        raise SessionError("not-ios", f"{at} is no IOS router: the inventory gives its platform as {options.platform}.")
    if credentials.username is None:
        raise SessionError("no-credentials", f"{at} has no user name; set IKEAUDIT_USERNAME.")
    silence_libraries()
    failure: SessionError | None = None
    try:
        plugin = host.open_connection(
            PLUGIN,
            configuration=config,
            hostname=options.hostname or host.name,
            username=credentials.username,
            password=credentials.password or "",
            port=options.port or 22,
            platform="cisco_ios",
            extras=_extras(options.extras or {}, limits),
            default_to_host_attributes=False,
        )
    except Exception as error:  # noqa: BLE001 - a library may raise anything; it is classified and dropped
        failure = classify(error, where=at)
    if failure is not None:
        raise failure
    channel = cast(ByteChannel, cast(Any, plugin).connection.remote_conn)
    return Terminal(at, channel, idle=limits.idle, total=limits.total)


def _extras(given: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    """netmiko's arguments: ours, overruled by the inventory's. Known host keys are checked, unknown ones accepted."""
    ours: dict[str, Any] = {
        "conn_timeout": limits.connect,
        "auth_timeout": limits.connect,
        "banner_timeout": limits.connect,
        "read_timeout_override": limits.connect,
        "system_host_keys": True,
        "keepalive": 30,
    }
    return ours | {name: value for name, value in given.items() if name not in _OURS}


def _forget(host: Host) -> None:
    """Let Nornir drop its connection; the channel is closed already, so that netmiko's clean-up cannot wait for it."""
    try:
        host.close_connection(PLUGIN)
    except Exception:  # noqa: BLE001 - the session is over either way
        host.connections.pop(PLUGIN, None)
