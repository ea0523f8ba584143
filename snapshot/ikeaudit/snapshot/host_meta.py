"""``meta.json`` of a collected host: how and when it was collected, and the facts of its keys."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec

from ikeaudit.model import show_file
from ikeaudit.model.secret import SecretFacts
from ikeaudit.snapshot.plain_files import read_plain, why

SCHEMA = "ikeaudit.host/1"
META_FILE = "meta.json"
CONFIG_FILE = "running-config.txt"

UNREAD: tuple[Literal["not-supported", "refused", "not-read"], ...] = ("not-supported", "refused", "not-read")
"""Details that list show commands without output: the router has none, the account may not use it, it could not be read."""

WEAK_WAYS = "weak"
"""The detail that lists what is weak in the way by which a router was read: ``telnet``, or algorithms of SSH."""


class HostMeta(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """``host`` is the inventory's name; ``reason`` says why a host has ``status`` ``failed``, or was missed.

    ``grammar`` names the tables of IOS by which its configuration was cut (None: by none, before there were any).
    ``collected`` is when it was read (UTC), ``confirmed`` when it last said that its configuration is still the same, and
    ``missed`` when it was last asked and not reached: what lies there is then stale. ``state`` is when its state alone was read
    after the configuration (``collect --state-only``). ``commands`` names the file of each show
    command; ``key_id`` the fingerprint key that the tokens were made with; ``facts`` are those of the keys by fingerprint;
    ``details`` is whatever the collector wants to keep, keys masked.
    """

    schema: str = SCHEMA
    host: str
    status: Literal["collected", "failed"] = "collected"
    reason: str | None = None
    collected: str | None = None
    confirmed: str | None = None
    missed: str | None = None
    state: str | None = None
    key_id: str | None = None
    grammar: str | None = None
    before_hash: str | None = None
    commands: dict[str, str] = {}
    facts: dict[str, SecretFacts] = {}
    details: dict[str, str] = {}

    @property
    def known(self) -> str | None:
        """When the configuration that lies there was last known to be the router's."""
        return self.confirmed or self.collected or self.details.get("collected")

    @property
    def state_read(self) -> str | None:
        """When the show commands that lie there were read; a configuration that was only confirmed leaves them as they were."""
        return self.state or self.collected or self.details.get("collected")


def read_meta(folder: Path) -> HostMeta:
    """``meta.json`` of a host folder, one made up where there is none; ValueError with the reason when it cannot be used."""
    return meta_of(folder.name, lambda: read_plain(folder / META_FILE))


def meta_of(name: str, read: Callable[[], bytes]) -> HostMeta:
    """As :func:`read_meta`, of a host folder called ``name``; ``read`` reads its file, and raises OSError where it cannot."""
    try:
        found = msgspec.json.decode(read(), type=HostMeta)
    except FileNotFoundError:
        return HostMeta(host=name)
    except OSError as error:
        raise ValueError(f"cannot be read ({why(error)})") from None
    except msgspec.DecodeError:
        raise ValueError("is damaged") from None
    if any(set(file) & {"/", "\0"} for file in found.commands.values()):
        raise ValueError("is damaged: it names a file that is not in its folder")
    return found


def command_file(command: str) -> str:
    """The file that holds the output of ``command``: ``show-crypto-isakmp-key.txt``."""
    return show_file(command)
