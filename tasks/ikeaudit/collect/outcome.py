"""What became of each host of a collection: all that leaves the task, and never a word that a router said."""

from __future__ import annotations

from typing import Literal

import msgspec

from ikeaudit.collect.commands import CommandStatus
from ikeaudit.session import Reason

SCHEMA = "ikeaudit.collection/1"

HostStatus = Literal["collected", "partial", "failed"]
"""``partial``: the configuration is there, but not all show commands could be read, or the account may not use them all."""


class HostOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """One host: ``reason`` and ``message`` are None when all went well; ``seconds`` is the time it took.

    ``hostname`` is the name that its configuration gives the router. ``notices`` is what a person should know of the session:
    a host key that was new, a way in that is weak. ``read`` is when what the snapshot holds of the host was read (UTC), None
    when it holds nothing: of a failed host it is stale. ``unchanged``: the router said that its configuration is still that
    one, and was asked nothing else.
    """

    host: str
    status: HostStatus
    reason: Reason | Literal["not-written"] | None = None
    message: str | None = None
    hostname: str | None = None
    seconds: float = 0.0
    commands: dict[str, CommandStatus] = {}
    notices: tuple[str, ...] = ()
    read: str | None = None
    unchanged: bool = False


class Collection(msgspec.Struct, frozen=True, kw_only=True):
    """A whole run, hosts in the order of the inventory.

    ``kept`` are hosts that were not asked, because what is there is young enough or was read before an interruption;
    ``dropped`` are those that left the inventory and the snapshot.
    """

    schema: str = SCHEMA
    snapshot: str
    started: str
    hosts: tuple[HostOutcome, ...]
    kept: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every host was read whole."""
        return all(host.status == "collected" for host in self.hosts)

    def with_status(self, *statuses: HostStatus) -> tuple[HostOutcome, ...]:
        """The hosts of the given statuses."""
        return tuple(host for host in self.hosts if host.status in statuses)
