"""``meta.json`` of a collected host: how it was collected, and the facts of its keys."""

from __future__ import annotations

from typing import Literal

import msgspec

from ikeaudit.model.secret import SecretFacts

SCHEMA = "ikeaudit.host/1"
META_FILE = "meta.json"
CONFIG_FILE = "running-config.txt"

UNREAD: tuple[Literal["not-supported", "refused", "not-read"], ...] = ("not-supported", "refused", "not-read")
"""Details that list show commands without output: the router has none, the account may not use it, it could not be read."""

WEAK_WAYS = "weak"
"""The detail that lists what is weak in the way by which a router was read: ``telnet``, or algorithms of SSH."""


class HostMeta(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """``host`` is the inventory's name; ``reason`` says why a host has ``status`` ``failed``.

    ``commands`` names the file of each show command; ``key_id`` the fingerprint key that the tokens were made with; ``facts``
    are those of the keys by fingerprint; ``details`` is whatever the collector wants to keep, keys masked.
    """

    schema: str = SCHEMA
    host: str
    status: Literal["collected", "failed"] = "collected"
    reason: str | None = None
    key_id: str | None = None
    before_hash: str | None = None
    commands: dict[str, str] = {}
    facts: dict[str, SecretFacts] = {}
    details: dict[str, str] = {}


def command_file(command: str) -> str:
    """The file that holds the output of ``command``: ``show-crypto-isakmp-key.txt``."""
    return "-".join(command.split()) + ".txt"
