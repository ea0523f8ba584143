"""What an audit finds, from the cache where every router is as it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from ikeaudit.exchange.result import Seen
from ikeaudit.hazards.finding import Finding, State
from ikeaudit.snapshot.audit_key import audit_key
from ikeaudit.snapshot.cache import Cache
from ikeaudit.snapshot.packing import Unpacker, packed

if TYPE_CHECKING:
    from ikeaudit.fleet import Translation
    from ikeaudit.hazards.facts.release import Release
    from ikeaudit.snapshot.loading import Snapshot


class Audited(msgspec.Struct, frozen=True):
    """What an audit says of a fleet: the causes, how many ``tunnels`` are of each state, and what the routers' state says.

    ``titles`` are those of all hazards by code: who knows what was found needs no catalogue.
    """

    findings: tuple[Finding, ...]
    tunnels: dict[State, int]
    seen: dict[Seen, int]
    titles: dict[str, str]


class Kept(NamedTuple):
    """Where the answers of earlier audits are kept."""

    cache: Cache

    def key(self, read: Snapshot, nat: tuple[Translation, ...], planned: Mapping[str, Release] | None) -> bytes | None:
        """The key of what an audit says: of every router's name and of all that it goes by; None where that is not known of
        every one."""
        return audit_key(self.cache, "audit", read, [one.name for one in read.names], nat, planned)

    def found(self, key: bytes) -> Audited | None:
        """What was said before; None where that is not known."""
        value = self.cache.get(key)
        found = _AUDITED.unpacked(value) if value is not None else None
        return found if isinstance(found, Audited) else None

    def keep(self, key: bytes, said: Audited) -> None:
        """Keep what was said."""
        value = packed(said)
        if value is not None:
            self.cache.keep({key: value})


_AUDITED = Unpacker(Audited)
