"""``meta.json`` of a collected host: how it was collected, and the facts of its keys."""

from typing import Literal

import msgspec

from ikeaudit.model.secret import SecretFacts

SCHEMA = "ikeaudit.host/1"
META_FILE = "meta.json"
CONFIG_FILE = "running-config.txt"


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
