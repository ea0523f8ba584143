"""What travels between a collector and its workers: hosts without logins one way, redacted text and outcomes the other way.

Both as MessagePack, so that a cluster carries bytes, and what comes back is checked and is nothing but data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from ikeaudit.collect.commands import STATE_COMMANDS
from ikeaudit.collect.outcome import HostOutcome
from ikeaudit.model import SecretFacts
from ikeaudit.snapshot.host_meta import CONFIG_FILE
from ikeaudit.snapshot.state_writing import RedactedState
from ikeaudit.snapshot.writing import RedactedHost

if TYPE_CHECKING:
    from nornir.core.inventory import Host

_HARMLESS = frozenset(
    {
        "use_keys", "key_file", "allow_agent", "alt_key_file", "ssh_config_file", "ssh_strict", "system_host_keys",
        "alt_host_keys", "alt_host_key_file", "conn_timeout", "banner_timeout", "auth_timeout", "blocking_timeout", "timeout",
        "session_timeout", "read_timeout_override", "keepalive", "device_type", "disabled_algorithms", "global_delay_factor",
        "fast_cli",
    }
)  # fmt: skip
"""Arguments of netmiko that travel with a host: none of them is a secret. Files are those of the worker."""


_PLAIN = (str, int, float, bool, dict, list)


class Member(msgspec.Struct, frozen=True):
    """A host of a shard, as the inventory has it, without user name, password and secret."""

    name: str
    hostname: str | None
    port: int | None
    platform: str | None
    extras: dict[str, Any]


class Shard(msgspec.Struct, frozen=True, kw_only=True):
    """The work of one task: ``members`` to be read by ``threads`` at once, under the fingerprint key called ``key_id``.

    ``keep`` is the free text that the collector's workspace keeps, ``connect``, ``idle`` and ``total`` are seconds. ``changes``
    says of hosts when their configuration was changed last. ``strict``: new host keys are refused; ``tolerant``: refused show
    commands are no failure. Of hosts with ``facts`` of their keys only the state is read.
    """

    members: tuple[Member, ...]
    key_id: str
    keep: tuple[str, ...]
    threads: int
    connect: float
    idle: float
    total: float
    changes: dict[str, str]
    strict: bool
    tolerant: bool
    facts: dict[str, dict[str, SecretFacts]] = {}


class Carried(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one host: ``whole`` is its part of the snapshot, ``state`` its state alone, else it was ``confirmed`` at
    that time, or failed.

    ``details`` say more of a failure.
    """

    outcome: HostOutcome
    whole: RedactedHost | None = None
    state: RedactedState | None = None
    confirmed: str | None = None
    details: dict[str, str] | None = None


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker says of a shard; ``refusal`` is why it did not begin."""

    hosts: tuple[Carried, ...] = ()
    refusal: str = ""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker has: its fingerprint key ("" for none), its tables of IOS, whether any logins, its resources.

    ``code`` is its program as a hash, ``keep`` the free text that its workspace keeps.
    """

    key_id: str
    grammar: str
    logins: bool
    resources: dict[str, float]
    code: str
    keep: tuple[str, ...]


def member(host: Host) -> Member:
    """``host`` without its login."""
    options = host.get_connection_parameters("netmiko")
    extras = {
        name: value for name, value in (options.extras or {}).items() if name in _HARMLESS and isinstance(value, _PLAIN)
    }
    return Member(host.name, options.hostname, options.port, options.platform, extras)


def read_reply(content: bytes, names: Iterable[str], key_id: str) -> Reply:
    """A worker's reply, as far as it is about ``names``, each of them once.

    Raises ValueError when it is none, or is a snapshot of another key or with files of other names than a snapshot has.
    """
    reply = msgspec.msgpack.decode(content, type=Reply)
    asked = {*names}
    found: dict[str, Carried] = {}
    for one in reply.hosts:
        if one.outcome.host not in asked:
            continue
        if one.whole is not None:
            record = one.whole.record
            known = {CONFIG_FILE, *record.commands.values()}
            if record.host != one.outcome.host or record.key_id != key_id or not _are_plain(one.whole.files, known):
                raise ValueError("a reply that does not fit what was asked")
        if one.state is not None and (one.state.key_id != key_id or not one.state.shows.keys() <= {*STATE_COMMANDS}):
            raise ValueError("a reply that does not fit what was asked")
        found.setdefault(one.outcome.host, one)
    return Reply(hosts=tuple(found.values()), refusal=reply.refusal)


def _are_plain(files: Mapping[str, bytes], known: set[str]) -> bool:
    return all(name in known and not name.startswith(".") and "/" not in name and "\\" not in name for name in files)
