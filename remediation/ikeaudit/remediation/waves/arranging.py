"""The steps of a proposal in waves: torn into pieces, packed, put in order, timed, explained."""

from collections.abc import Collection, Mapping, Sequence
from math import ceil

import msgspec

from ikeaudit.remediation.plan import Wave, WaveGroup
from ikeaudit.remediation.strategies.contract import Draft, WavesOf
from ikeaudit.remediation.waves.graph import TunnelGraph
from ikeaudit.remediation.waves.packing import (
    WAVE_SIZE,
    Piece,
    new_pieces,
    packed,
    router_pieces,
    tunnel_pieces,
    with_additive,
)
from ikeaudit.remediation.waves.reasons import Words

SHORTEST, LONGEST = 15, 120
"""Minutes of a revert timer: the default, and the most that IOS takes (CHANGE-REVERT)."""

FAR_END = 10
"""Minutes that a far end's timer is longer than the near end's."""

SECONDS = {"router": 20, "step": 2, "test": 10}
"""What a group takes: to save, arm, confirm and save again on a router; to send a step; to clear and start a tunnel."""


class Arrangement(msgspec.Struct, frozen=True):
    """The steps of a proposal in the order of the waves, and the waves with the numbers of those steps."""

    drafts: tuple[Draft, ...]
    waves: tuple[Wave, ...]


def arrange(
    graph: TunnelGraph, drafts: Sequence[Draft], of: WavesOf = "routers", *, size: int = WAVE_SIZE
) -> Arrangement:
    """``drafts`` sorted into waves of at most ``size`` routers; a piece that is larger has a wave of its own."""
    every = list(drafts)
    placed = _placed(graph, packed(graph, _pieces(graph, drafts, of), size), every)
    words = Words(graph, placed)
    order = [at for pieces in placed for piece in pieces for at in piece.drafts]
    number = {at: n for n, at in enumerate(order, 1)}
    waves = tuple(_wave(graph, words, n, pieces, number) for n, pieces in enumerate(placed, 1))
    last = len(drafts) - 1
    return Arrangement(tuple(_moved(every[at], at, last, number) for at in order), waves)


def _pieces(graph: TunnelGraph, drafts: Sequence[Draft], of: WavesOf) -> list[Piece]:
    if of == "routers":
        return router_pieces(graph, dict(enumerate(drafts)))
    switching = {at: draft for at, draft in enumerate(drafts) if draft.phase == "switch"}
    cleaning = {at: draft for at, draft in enumerate(drafts) if draft.phase == "cleanup"}
    found = tunnel_pieces(graph, switching)
    switched = {name for piece in found for name in piece.routers}
    spare = {at: d for at, d in enumerate(drafts) if d.phase == "additive" and d.router not in switched}
    return [*new_pieces(graph, spare), *found, *router_pieces(graph, cleaning, "cleanup")]


def _placed(graph: TunnelGraph, waves: list[list[Piece]], drafts: list[Draft]) -> list[list[Piece]]:
    """The pieces of ``waves`` with the additive steps that their switches need; shares of them join the ``drafts``."""
    taken = {at for pieces in waves for piece in pieces for at in piece.drafts}
    return with_additive(graph, waves, drafts, [at for at in range(len(drafts)) if at not in taken])


def _moved(draft: Draft, at: int, last: int, number: Mapping[int, int]) -> Draft:
    """A draft whose announcements end with the same steps as before, wherever those stand now; it was that at ``at``."""
    if not any(announced.until for announced in draft.announce):
        return draft
    return msgspec.structs.replace(
        draft,
        announce=tuple(
            msgspec.structs.replace(a, until=max(0, number[min(at + a.until, last)] - number[at]))
            for a in draft.announce
        ),
    )


def _wave(graph: TunnelGraph, words: Words, number: int, pieces: Sequence[Piece], step_of: Mapping[int, int]) -> Wave:
    routers = graph.far_ends_first(frozenset(name for piece in pieces for name in piece.routers))
    tunnels = frozenset(tunnel for piece in pieces for tunnel in piece.tunnels)
    far = _far_ends(graph, routers, tunnels)
    groups = tuple(_group(piece, step_of, far) for piece in pieces)
    seconds = max(_seconds(piece) for piece in pieces)
    others = {node for tunnel in tunnels for node in graph.ends[tunnel] if graph.known(node)}
    wave = Wave(
        number=number,
        title=words.title(number),
        routers=routers,
        reasons={},
        minutes=max(group.minutes for group in groups),
        timers={name: max(group.timers.get(name, 0) for group in groups) for name in far},
        groups=groups,
        partners=graph.far_ends_first(others.difference(routers)),
    )
    return msgspec.structs.replace(wave, reasons=words.reasons(wave, seconds, LONGEST))


def _group(piece: Piece, step_of: Mapping[int, int], far: Collection[str]) -> WaveGroup:
    """A piece with its timers; the routers in ``far`` get the longer one."""
    minutes = _minutes(_seconds(piece))
    longer = [name for name in piece.routers if name in far]
    if longer:
        minutes = min(minutes, LONGEST - FAR_END)
    return WaveGroup(
        routers=piece.routers,
        steps=tuple(step_of[at] for at in piece.drafts),
        tunnels=tuple(sorted(piece.tunnels)),
        minutes=minutes,
        timers=dict.fromkeys(longer, minutes + FAR_END),
    )


def _seconds(piece: Piece) -> int:
    """What a group may take."""
    tests = 2 * len(piece.tunnels) * SECONDS["test"]
    return len(piece.routers) * SECONDS["router"] + len(piece.drafts) * SECONDS["step"] + tests


def longer(group: WaveGroup, tunnels: int) -> WaveGroup:
    """``group`` with time for so many more ``tunnels`` to be tested."""
    seconds = len(group.routers) * SECONDS["router"] + len(group.steps) * SECONDS["step"]
    seconds += 2 * (len(group.tunnels) + tunnels) * SECONDS["test"]
    minutes = max(group.minutes, min(_minutes(seconds), LONGEST - FAR_END if group.timers else LONGEST))
    return msgspec.structs.replace(group, minutes=minutes, timers=dict.fromkeys(group.timers, minutes + FAR_END))


def _minutes(seconds: int) -> int:
    """The minutes of a group's timers, with half as much again in hand."""
    return min(LONGEST, max(SHORTEST, ceil(seconds * 1.5 / 60)))


def _far_ends(graph: TunnelGraph, routers: Sequence[str], tunnels: frozenset[str]) -> tuple[str, ...]:
    """The routers that are managed through a tunnel under change, and those of which a nearer end is changed as well."""
    changed = frozenset(routers)
    found = []
    for name in routers:
        nearer = any(graph.rank(n) > graph.rank(name) for n in graph.neighbours(name, tunnels) if n in changed)
        if nearer or tunnels.intersection(graph.through.get(name, {})):
            found.append(name)
    return tuple(found)
