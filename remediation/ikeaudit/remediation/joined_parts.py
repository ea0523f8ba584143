"""Parts of a plan that were proven one by one, put together as if proven at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias, TypeVar

import msgspec

from ikeaudit.exchange import Exchange
from ikeaudit.model.grouping import by_key
from ikeaudit.remediation.plan import FirstRekey, Outlook, Step, Wave
from ikeaudit.remediation.plan_texts import Packed, Text

T = TypeVar("T")

Place: TypeAlias = tuple[bool, int, str]
"""What comes first of two directions: those there were before, then those that somebody calls, then by router."""


class Changed(msgspec.Struct, frozen=True):
    """A changed router: what it runs afterwards, the hashes before, after and rolled back, and what comes back otherwise."""

    after: Packed
    hashes: tuple[str, str, str]
    order_changes: tuple[str, ...]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What a plan takes over of a proven component; ``waves`` are those that have groups of it, with these alone.

    ``failing`` are the directions that do not work afterwards, ``ends`` all routers at the ends of directions.
    """

    steps: tuple[Step, ...]
    waves: tuple[Wave, ...]
    changed: dict[str, Changed]
    outlooks: tuple[tuple[Place, Outlook], ...]
    failing: tuple[tuple[Place, Exchange], ...]
    rekeys: tuple[tuple[Place, FirstRekey], ...]
    ends: frozenset[str]
    proof: Packed


class Whole(NamedTuple):
    """All parts of a plan, put together; ``proofs`` has the proof of each part, with its changed routers."""

    steps: tuple[Step, ...]
    waves: tuple[Wave, ...]
    changed: dict[str, Changed]
    outlooks: tuple[Outlook, ...]
    failing: tuple[Exchange, ...]
    rekeys: tuple[FirstRekey, ...]
    ends: frozenset[str]
    proofs: tuple[tuple[tuple[str, ...], Text], ...]


def joined(parts: Sequence[Part], waves: tuple[Wave, ...], proofs: Sequence[Text] = ()) -> Whole:
    """Several parts as one; what has a place comes by it, and of one part it is in its order already.

    ``proofs`` are those of the parts, where these have none of their own any more.
    """
    several = len(parts) > 1

    def placed(found: list[tuple[Place, T]]) -> tuple[T, ...]:
        return tuple(one for _, one in (sorted(found, key=lambda item: item[0]) if several else found))

    return Whole(
        steps=tuple(sorted((step for part in parts for step in part.steps), key=lambda step: step.number)),
        waves=_waves(parts, waves) if several else parts[0].waves,
        changed={name: one for part in parts for name, one in part.changed.items()},
        outlooks=placed([one for part in parts for one in part.outlooks]),
        failing=placed([one for part in parts for one in part.failing]),
        rekeys=placed([one for part in parts for one in part.rekeys]),
        ends=frozenset().union(*(part.ends for part in parts)),
        proofs=tuple(
            (tuple(part.changed), proof)
            for part, proof in zip(parts, proofs or [part.proof for part in parts], strict=True)
        ),
    )


def _waves(parts: Sequence[Part], waves: Sequence[Wave]) -> tuple[Wave, ...]:
    """The ``waves`` with what their shares say."""
    shares = by_key((wave.number, wave) for part in parts for wave in part.waves)
    found = []
    for wave in waves:
        own = shares[wave.number]
        groups = {group.steps: group for share in own for group in share.groups}
        before = {name: one for share in own for name, one in share.before.items()}
        after = {name: one for share in own for name, one in share.after.items()}
        more = {name for share in own for name in share.partners[len(wave.partners) :]}
        found.append(
            msgspec.structs.replace(
                wave,
                groups=tuple(groups[group.steps] for group in wave.groups),
                minutes=max(share.minutes for share in own),
                before={name: before[name] for name in wave.routers},
                after={name: after[name] for name in wave.routers},
                partners=(*wave.partners, *sorted(more)),
            )
        )
    return tuple(found)
