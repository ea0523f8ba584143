"""Which directions a plan changes, and what they do at each message before it, after it and after its roll-back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ikeaudit.exchange.result import Exchange
from ikeaudit.model import parse_address
from ikeaudit.model.errors import RefusedError
from ikeaudit.model.grouping import by_key
from ikeaudit.remediation.plan import Direction, Plan
from ikeaudit.remediation.proof_files import documents
from ikeaudit.remediation.proof_record import ProvenExchange
from ikeaudit.report.ladders import Ladders, PublishedLadder
from ikeaudit.report.published_exchanges import PublishedExchange
from ikeaudit.report.published_findings import PublishedCall
from ikeaudit.snapshot.plain_files import read_plain_text

if TYPE_CHECKING:
    from ikeaudit.fleet import Fleet

LADDERS_FILE = "ladders.json"
TOLD = 100
"""Directions that are told at most: first all that end otherwise, then an example of each other kind."""


def ladders(told: Fleet, plan: Plan, files: Mapping[str, str]) -> Ladders:
    """The directions of ``plan``; ``told`` is the fleet before it, with steps, ``files`` are those of the plan's folder.

    Of the routers that have to do with these directions only those that start or answer them are read again; of the others
    they need the addresses.
    """
    from ikeaudit.candidate import Candidate
    from ikeaudit.fleet import Fleet
    from ikeaudit.remediation.changing_router import ChangingRouter
    from ikeaudit.remediation.components import components

    proofs = list(documents(files, _Ends))
    before, after, back = (
        {record.direction: record for proof in proofs for record in getattr(proof, moment)}
        for moment in ("before", "after", "rolled_back")
    )
    chosen = _chosen(before, after)
    callers = {direction.initiator for direction in chosen}
    near = {name for part in components(told, plan.steps) if callers & {*part.routers} for name in part.routers}
    around = [router for router in told.routers if router.name in near]
    ends = near if told.translations else _at_the_ends(told, chosen)
    steps = by_key((step.router, step) for step in plan.steps if step.router in ends)
    texts, undone = {}, {}
    for router in plan.routers:
        if router.name in ends:
            texts[router.name] = files[f"{router.folder}/after.cfg"]
            candidate = Candidate.from_text(texts[router.name])
            candidate.apply(tuple(line for step in reversed(steps[router.name]) for line in step.rollback))
            undone[router.name] = candidate.text()
    fleets = [Fleet(around, told.translations, steps=True)]
    for changed in (texts, undone):
        routers = [
            ChangingRouter(router, changed[router.name]).model() if router.name in changed else router
            for router in around
        ]
        fleets.append(Fleet(routers, told.translations, steps=True))
    found = [
        _replayed(fleet, [key for key in chosen if key in known])
        for fleet, known in zip(fleets, (before, after, back), strict=True)
    ]
    return Ladders(
        ladders=tuple(
            PublishedLadder(
                direction=PublishedCall.of(direction),
                like=like,
                before=found[0].get(direction),
                after=found[1].get(direction),
                rolled_back=found[2].get(direction),
            )
            for direction, like in chosen.items()
            if any(direction in one for one in found)
        )
    )


def _at_the_ends(told: Fleet, directions: Iterable[Direction]) -> set[str]:
    """The routers that start or answer ``directions``, and whoever else holds an address called."""
    found: set[str] = set()
    for direction in directions:
        address = parse_address(direction.peer)
        held = told.owners(address) if address is not None else ()
        found.update((direction.initiator, *(router.name for router, _ in held)))
        found.update(() if direction.responder is None else (direction.responder,))
    return found


class _Ends(msgspec.Struct):
    """What of a proof is needed here."""

    before: tuple[ProvenExchange, ...]
    after: tuple[ProvenExchange, ...]
    rolled_back: tuple[ProvenExchange, ...]


def _chosen(
    before: Mapping[Direction, ProvenExchange], after: Mapping[Direction, ProvenExchange]
) -> dict[Direction, int]:
    """The directions to be told, each with how many others are like it and are not.

    Like ones end alike before and after, and the same of what both ends choose becomes another.
    """
    kinds: dict[tuple[tuple[object, ...], tuple[object, ...], tuple[bool, ...]], list[Direction]] = {}
    for direction in dict.fromkeys((*before, *after)):
        one, other = before.get(direction), after.get(direction)
        same = tuple(a == b for a, b in zip(_picks(one), _picks(other), strict=True))
        kinds.setdefault((_ending(one), _ending(other), same), []).append(direction)
    ordered = sorted(
        kinds.items(), key=lambda item: (*(item[0][0][:n] == item[0][1][:n] for n in (1, 4)), all(item[0][2]))
    )
    found: dict[Direction, int] = {}
    for (ending, later, _), directions in ordered:
        room = TOLD - len(found)
        if room <= 0:
            break
        shown = directions[: room if ending != later else 1]
        found.update(dict.fromkeys(shown, 0))
        found[shown[0]] = len(directions) - len(shown)
    return found


def _ending(record: ProvenExchange | None) -> tuple[object, ...]:
    """How a direction ends; empty for one that is not there."""
    return () if record is None else (record.outcome, record.confidence, record.failed_at, record.reason)


def _picks(record: ProvenExchange | None) -> tuple[str | None, ...]:
    if record is None:
        return (None,) * 4
    return (record.initiator_profile, record.initiator_keyring, record.responder_keyring, record.responder_profile)


def _replayed(fleet: Fleet, directions: list[Direction]) -> dict[Direction, PublishedExchange]:
    """What becomes of ``directions``; those that no end of the fleet starts are left out: they have no messages."""
    wanted, found = set(directions), {}
    keys = {(direction.initiator, direction.initiator_interface, direction.peer) for direction in directions}
    for name in dict.fromkeys(direction.initiator for direction in directions):
        for end in fleet.ends_of(name):
            if (name, end.interface, str(end.peer)) in keys and not end.accepts_any:
                exchange: Exchange = fleet.replay(end)
                if Direction.of(exchange) in wanted:
                    found[Direction.of(exchange)] = PublishedExchange.of(exchange)
    return found


def ladders_of(plan: Plan, folder: Path) -> Ladders | None:
    """What ``ladders.json`` of a plan that was just loaded from ``folder`` holds; None where there is none.

    Raises RefusedError for one that does not say what this version can read.
    """
    if LADDERS_FILE not in plan.files:
        return None
    try:
        return msgspec.json.decode(read_plain_text(folder / LADDERS_FILE), type=Ladders)
    except (msgspec.MsgspecError, OSError, UnicodeDecodeError):
        raise RefusedError(f"{folder / LADDERS_FILE} cannot be read by this version; make a new plan.") from None
