"""By what the cache finds what an audit said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ikeaudit.snapshot.cache import Cache
from ikeaudit.snapshot.packing import packed

if TYPE_CHECKING:
    from ikeaudit.fleet import Translation
    from ikeaudit.hazards.facts.release import Release
    from ikeaudit.snapshot.loading import Snapshot


def audit_key(
    cache: Cache,
    kind: str,
    read: Snapshot,
    names: Sequence[str],
    nat: tuple[Translation, ...],
    planned: Mapping[str, Release] | None,
) -> bytes | None:
    """The key of what an audit says: of its routers' names and of all that it goes by; None where that is not known of all."""
    if not cache.used:
        return None
    parts: list[bytes] = [packed(nat) or b"", packed(planned) or b""]
    for name in sorted(names):
        matter = read.matter(name)
        if matter is None:
            return None
        parts += [name.encode("utf-8", "surrogatepass"), matter.encode()]
    return cache.key(kind, *parts)
