"""The lines of an access list by whom they are about: a hub's may name each of its thousand peers."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge

from ikeaudit.model import AccessList, AclEntry, IPAddress


class LinesBySource:
    """The lines of one access list; those for a single source are found by it, all others are looked at for every packet."""

    def __init__(self, acl: AccessList) -> None:
        self._entries = acl.entries
        self._of_host: dict[tuple[int, int], list[int]] = {}
        self._others: list[int] = []
        for place, entry in enumerate(acl.entries):
            if entry.source is None or not entry.source.is_host or entry.protocol.startswith("object"):
                self._others.append(place)
            else:
                self._of_host.setdefault((entry.source.version, entry.source.value), []).append(place)

    def of(self, source: IPAddress) -> Iterator[AclEntry]:
        """The lines that may fit packets from ``source``, in the order of the list."""
        own = self._of_host.get((source.version, int(source)), ())
        return (self._entries[place] for place in merge(own, self._others))
