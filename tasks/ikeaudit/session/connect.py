"""Opening a session with a router through nornir-netmiko's connection plugin, and closing it in any case.

nornir-netmiko ships no types; this is the one place that meets it. Sessions are closed inside the task that opened them,
because Nornir would keep them open to the end of the run (PERF "Collecting").
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ikeaudit.session.credentials import Credentials
from ikeaudit.session.failure import BANNER, CONNECT, LOGIN, SessionError, Wait, busy, classify
from ikeaudit.session.known_hosts import known_hosts_of
from ikeaudit.session.line import ByteChannel
from ikeaudit.session.quiet import silence_libraries
from ikeaudit.session.terminal import Terminal
from ikeaudit.snapshot.plain_files import require_plain, why

if TYPE_CHECKING:
    from nornir.core.configuration import Config
    from nornir.core.inventory import Host

PLUGIN = "netmiko"
_IOS_PLATFORMS = {"ios", "iosxe", "ios_xe", "cisco_ios", "cisco_xe", "cisco_iosxe", "cisco_ios_xe", "cisco_ios_ios"}
_TELNET = "_telnet"
_PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds between attempts at a router without a free line; the last one again and again."""

_OURS = {"secret", "session_log", "session_log_record_writes", "session_log_file_mode", "device_type", "verbose"}
"""Connection extras that are not handed to netmiko: it needs no enable secret of us, and must write nothing down."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds to wait: in each phase of the way in, for the next byte of a reply, and for a whole reply.

    The phases are the connection, the SSH banner, the key exchange, the answer to the password, the terminal, the first
    prompt and ``enable``. A host's own ``conn_timeout``, ``banner_timeout`` and ``auth_timeout`` in the inventory beat it.
    """

    connect: float = 15.0
    idle: float = 60.0
    total: float = 900.0


@contextmanager
def session(host: Host, config: Config, credentials: Credentials, limits: Limits | None = None) -> Iterator[Terminal]:
    """A terminal of ``host`` in privileged EXEC, closed on leaving.

    :raises SessionError: with the reason when it cannot be opened; nothing else escapes, and no library's text in it.
    """
    limits = limits or Limits()
    terminal = _patiently(host, config, credentials, limits)
    try:
        terminal.learn()
        terminal.enable(credentials.username, credentials.enable)
        yield terminal
    finally:
        try:
            terminal.close()
        finally:
            _forget(host)


def where(host: Host) -> str:
    """``NAME (ADDRESS:PORT)`` as errors name a router."""
    options = host.get_connection_parameters(PLUGIN)
    return f"{host.name} ({options.hostname or host.name}:{options.port or (23 if _by_telnet(host) else 22)})"


def _given_platform(host: Host) -> str | None:
    """What the inventory says of the device; ``device_type`` among netmiko's arguments counts as well."""
    options = host.get_connection_parameters(PLUGIN)
    given = (options.extras or {}).get("device_type") or options.platform
    return None if given is None else str(given)


def _platform(host: Host) -> str | None:
    """The same, spelt one way."""
    given = _given_platform(host)
    return None if given is None else re.sub(r"[-. ]", "_", given.lower())


def _by_telnet(host: Host) -> bool:
    return (_platform(host) or "").endswith(_TELNET)


def _patiently(host: Host, config: Config, credentials: Credentials, limits: Limits) -> Terminal:
    """A terminal, logged in; a router that has no free line is tried again as long as connecting may take."""
    started = time.monotonic()
    for pause in chain(_PAUSES, repeat(_PAUSES[-1])):
        try:
            return _open(host, config, credentials, limits)
        except SessionError as error:
            spent = time.monotonic() - started
            if error.reason != "busy":
                raise
            if spent + pause >= limits.connect:
                failure = error
                break
        time.sleep(pause)
    patience = Wait(limits.connect)
    raise SessionError(
        "busy", f"{str(failure).rstrip('.')}, and got none within {patience.seconds:g} s; {patience.remedy}."
    )


def _open(host: Host, config: Config, credentials: Credentials, limits: Limits) -> Terminal:
    options = host.get_connection_parameters(PLUGIN)
    at, platform, telnet = where(host), _platform(host), _by_telnet(host)
    if platform is not None and platform.removesuffix(_TELNET).removesuffix("_ssh") not in _IOS_PLATFORMS:
        raise SessionError(
            "not-ios", f"{at} is no IOS router: the inventory gives its platform as {_given_platform(host)}."
        )
    if credentials.username is None:
        raise SessionError("no-credentials", f"{at} has no user name; set IKEAUDIT_USERNAME.")
    waits = _waits(options.extras or {}, limits, at)
    _require_key(options.extras or {}, at)
    silence_libraries()
    failure: SessionError | None = None
    try:
        from ikeaudit.session import ssh  # netmiko takes long to import

        ssh.register()
        plugin = host.open_connection(
            PLUGIN,
            configuration=config,
            hostname=options.hostname or host.name,
            username=credentials.username,
            password=credentials.password or "",
            port=options.port or (23 if telnet else 22),
            platform=ssh.TELNET_TYPE if telnet else ssh.DEVICE_TYPE,
            extras=_extras(options.extras or {}, waits) | {"known_hosts": known_hosts_of(config), "where": at},
            default_to_host_attributes=False,
        )
    except Exception as error:  # noqa: BLE001 - a library may raise anything; it is classified and dropped
        failure = classify(error, where=at, waits=waits)
    if failure is not None:
        raise failure
    driver = cast(Any, plugin).connection
    channel = ssh.TelnetChannel(driver.remote_conn) if telnet else cast(ByteChannel, driver.remote_conn)
    terminal = Terminal(at, channel, idle=limits.idle, total=limits.total, login=waits[LOGIN])
    terminal.notices, terminal.ways = driver.notices, driver.ways
    if telnet:
        _log_in(host, terminal, credentials)
    return terminal


def _log_in(host: Host, terminal: Terminal, credentials: Credentials) -> None:
    failure: SessionError | None = None
    try:
        terminal.log_in(credentials.username or "", credentials.password)
    except SessionError as error:
        failure = busy(terminal.where) if error.reason == "closed" and not terminal.heard else error
    if failure is not None:
        terminal.close()
        _forget(host)
        raise failure


def _waits(given: Mapping[str, Any], limits: Limits, at: str) -> dict[str, Wait]:
    """How long each phase may take: the inventory's number where it has one, else the limit of all."""
    waits = {}
    for name in (CONNECT, BANNER, LOGIN):
        own = given.get(name)
        if own is None:
            waits[name] = Wait(limits.connect)
            continue
        if isinstance(own, bool) or not isinstance(own, int | float) or own <= 0:
            raise SessionError("internal", f"{at}: {name} in the inventory must be a number of seconds.")
        waits[name] = Wait(float(own), f"{name} in the inventory gives it longer")
    return waits


def _require_key(given: Mapping[str, Any], at: str) -> None:
    """Raises SessionError where the inventory names a file with a key that cannot be read: netmiko would tell its own words."""
    name = given.get("key_file")
    if name is None or name == "":
        return
    if not isinstance(name, str):
        raise SessionError("internal", f"{at}: key_file in the inventory must be the name of a file.")
    file = Path(os.path.expanduser(name))  # noqa: PTH111 - the other one raises where there is no home
    try:
        require_plain(file)
        with file.open("rb"):
            return
    except OSError as error:
        raise SessionError(
            "internal", f"{at}: {name}, key_file in the inventory, cannot be used: {why(error)}."
        ) from None


def _extras(given: Mapping[str, Any], waits: Mapping[str, Wait]) -> dict[str, Any]:
    """netmiko's arguments: ours, overruled by the inventory's."""
    ours: dict[str, Any] = {"keepalive": 30}
    return (
        ours
        | {name: value for name, value in given.items() if name not in _OURS}
        | {name: wait.seconds for name, wait in waits.items()}
    )


def _forget(host: Host) -> None:
    """Let Nornir drop its connection; the channel is closed already, so that netmiko's clean-up cannot wait for it."""
    try:
        host.close_connection(PLUGIN)
    except Exception:  # noqa: BLE001 - the session is over either way
        host.connections.pop(PLUGIN, None)
