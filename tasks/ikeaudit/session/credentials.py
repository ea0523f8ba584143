"""User names, passwords and enable secrets: from the environment, the inventory or a prompt, never from arguments."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ikeaudit.model.errors import InputError
from ikeaudit.snapshot.standard_input import at_a_terminal

if TYPE_CHECKING:
    from nornir.core.inventory import Host

USERNAME = "IKEAUDIT_USERNAME"
PASSWORD = "IKEAUDIT_PASSWORD"  # noqa: S105 - the name of the variable
ENABLE = "IKEAUDIT_ENABLE"


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """What it takes to log in; a value is None when it is not known. Its text never shows a secret."""

    username: str | None = None
    password: str | None = None
    enable: str | None = None

    def __repr__(self) -> str:
        return (
            f"Credentials(username={self.username!r}, password={_hidden(self.password)}, enable={_hidden(self.enable)})"
        )

    def over(self, other: Credentials) -> Credentials:
        """These values where they are known, ``other``'s elsewhere."""
        return Credentials(
            self.username or other.username, self.password or other.password, self.enable or other.enable
        )


@dataclass(frozen=True, slots=True)
class Keychain:
    """Where each host's credentials come from: what is nearest to the host counts.

    What the inventory says of the host or its groups, else the environment, else the inventory's defaults, else what the
    user typed; each of the three values for itself.
    """

    environment: Credentials
    asked: Credentials = Credentials()

    def of(self, host: Host) -> Credentials:
        """The credentials for one host of the inventory."""
        return _own(host).over(self.environment).over(_from_inventory(host)).over(self.asked)


def from_environment(environ: Mapping[str, str] = os.environ) -> Credentials:
    """What ``IKEAUDIT_USERNAME``, ``IKEAUDIT_PASSWORD`` and ``IKEAUDIT_ENABLE`` say; empty counts as not set."""
    return Credentials(environ.get(USERNAME) or None, environ.get(PASSWORD) or None, environ.get(ENABLE) or None)


def keychain(
    hosts: Iterable[Host],
    *,
    environ: Mapping[str, str] = os.environ,
    ask: Callable[[Credentials], Credentials] | None = None,
) -> Keychain:
    """The keychain for ``hosts``; asks once for what neither the environment nor the inventory gives.

    ``ask`` gets what is known and returns the rest; None when nobody can be asked.

    :raises InputError: when a host has no user name or password and nobody can be asked.
    """
    keys = Keychain(from_environment(environ))
    lacking = [host.name for host in hosts if not _complete(keys.of(host), host)]
    if not lacking:
        return keys
    if ask is not None:
        return Keychain(keys.environment, ask(keys.environment))
    names = ", ".join(lacking[:5]) + (f" and {len(lacking) - 5} more" if len(lacking) > 5 else "")
    raise InputError(
        f"No user name or password for {names}: set {USERNAME} and {PASSWORD}, or put them into the inventory."
    )


def terminal_prompt() -> Callable[[Credentials], Credentials] | None:
    """A function that asks on the terminal without echo, or None when there is no terminal."""
    return _ask_on_terminal if at_a_terminal() else None


def _ask_on_terminal(known: Credentials) -> Credentials:
    username = known.username
    if username is None:
        sys.stderr.write(f"User name [{getpass.getuser()}]: ")
        sys.stderr.flush()
        username = sys.stdin.readline().strip() or getpass.getuser()
    password = known.password or getpass.getpass(f"Password of {username}: ") or None
    enable = known.enable or getpass.getpass("Enable secret (empty if none is asked for): ") or None
    return Credentials(username, password, enable)


def _own(host: Host) -> Credentials:
    """What the inventory says of the host itself or of its groups, not of all; as Nornir, options before attributes."""
    general = host.defaults.connection_options.get("netmiko")
    found = Credentials()
    for element in (host, *host.extended_groups()):
        options = element.connection_options.get("netmiko")
        if options is None:
            continue
        extras = options.extras or {}
        own = Credentials(options.username or None, options.password or None, extras.get("secret") or None)
        if general is not None:  # Nornir copies into a host's options what the defaults say
            own = Credentials(
                None if own.username == general.username else own.username,
                None if own.password == general.password else own.password,
                None if options.extras is general.extras else own.enable,
            )
        found = found.over(own)
    for element in (host, *host.extended_groups()):
        username, password = (object.__getattribute__(element, name) for name in ("username", "password"))
        found = found.over(Credentials(username or None, password or None))
    return found


def _from_inventory(host: Host) -> Credentials:
    options = host.get_connection_parameters("netmiko")
    extras: Mapping[str, Any] = options.extras or {}
    return Credentials(options.username or None, options.password or None, extras.get("secret") or None)


def _complete(credentials: Credentials, host: Host) -> bool:
    """Whether a login can be tried: a user name, and a password or an SSH key."""
    extras: Mapping[str, Any] = host.get_connection_parameters("netmiko").extras or {}
    has_key = any(extras.get(option) for option in ("use_keys", "allow_agent", "key_file", "pkey"))
    return credentials.username is not None and (credentials.password is not None or has_key)


def _hidden(value: str | None) -> str:
    return "<not set>" if value is None else "<set>"
