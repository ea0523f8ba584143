"""Fingerprints of one key: what was collected with another workspace's cannot be compared with the rest, and is left out.

Equal keys would look like different ones, which is worse than to know nothing of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

ELSEWHERE = "was collected under another workspace: its keys cannot be compared with those of other snapshots"
"""Of a snapshot all of which was, which is as good as any by itself."""


def key_of_most(key_ids: Sequence[str], own: str) -> str:
    """The fingerprint key whose routers are looked at: the workspace's ``own`` where some have that, else that of most."""
    counts = Counter(key_ids)
    if own in counts or not counts:
        return own
    return min(counts, key=lambda key_id: (-counts[key_id], key_id))


def left_out(key_id: str, others: str) -> str:
    """Why a router is left out whose keys were made into fingerprints with another key than the ``others``."""
    return (
        f"was collected under another workspace (fingerprint key {key_id}, the others {others}) and is left out: keys of two "
        "cannot be compared; collect it again in this one"
    )
