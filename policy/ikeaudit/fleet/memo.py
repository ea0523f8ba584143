"""What was worked out before, of routers that are still the same: the door for who keeps it, and an exchange as it is kept.

An answer is found by all that it was worked out of: the routers as wholes, and whatever values were looked at besides. It is
the same as if it were worked out again, or it is not there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Protocol, TypeVar

import msgspec

from ikeaudit.exchange import Exchange, Initiator, Pool, Responder, TranscriptLine
from ikeaudit.exchange.citations import Citations, Piece
from ikeaudit.selection import RouterRules

T = TypeVar("T")


class Memo(Protocol):
    """Answers by what they were worked out of."""

    def place(self, kind: str, routers: Sequence[str], *values: object) -> bytes | None:
        """Where an answer is that hangs on ``values``, and on all that ``routers`` have; None where that is not known."""

    def found(self, place: bytes, type_: type[T]) -> T | None:
        """The answer that is kept there; None without one."""

    def keep(self, place: bytes, answer: object) -> None:
        """Keep an answer."""


_OTHERWISE = ("transcript", "cited", "steps", "observed")
"""What of an exchange is kept in another form, or never there where one is kept."""

_Said = tuple[bool, str]
"""A debug line, and whether it is the initiator's."""
_Cited = tuple[bool, tuple[int, ...], str]
"""Lines of one router, and whether it is the initiator; or those of the match statements of the IKEv2 profile that is named."""

_Fields: Any = msgspec.defstruct(
    "_Fields",
    [(one.name, one.type) for one in msgspec.structs.fields(Exchange) if one.name not in _OTHERWISE],
    frozen=True,
    array_like=True,
)


class KeptExchange(msgspec.Struct, frozen=True, array_like=True):
    """A replayed exchange: its fields, what was said, and the numbers of the lines that it cites."""

    fields: _Fields
    said: tuple[_Said, ...]
    cited: tuple[_Cited, ...]

    def of(self, initiator: Initiator, responder: Responder | None, same: Pool) -> Exchange:
        """The exchange itself, between the ends that it was replayed between."""
        ends = (initiator.rules, responder.rules if responder is not None else initiator.rules)
        names = (ends[0].router.name, ends[1].router.name)
        return Exchange(
            **{name: getattr(self.fields, name) for name in _Fields.__struct_fields__},
            transcript=tuple(same.one(TranscriptLine(names[not ours], line)) for ours, line in self.said),
            cited=Citations.later(lambda: (_piece(ends[not ours], lines, name) for ours, lines, name in self.cited)),
        )


class KeptTakers(msgspec.Struct, frozen=True, array_like=True):
    """Which of a responder's ends take a call, by their places."""

    places: tuple[int, ...]


def kept(exchange: Exchange, initiator: Initiator, responder: Responder | None) -> KeptExchange | None:
    """``exchange`` as it is kept; None for one that would not come back as it is."""
    fields = _Fields(*(getattr(exchange, name) for name in _Fields.__struct_fields__))
    name = initiator.router.name
    said = tuple((line.router == name, line.line) for line in exchange.transcript)
    cited = tuple(_cited(exchange.cited, initiator.rules, responder.rules if responder is not None else None))
    one = KeptExchange(fields, said, cited)
    return one if one.of(initiator, responder, Pool()) == exchange else None


def _cited(citations: Citations, ours: RouterRules, theirs: RouterRules | None) -> Iterator[_Cited]:
    whole = {id(piece): (True, line, name) for (name, line), piece in ours.told_statements.items()}
    if theirs is not None:
        whole |= {id(piece): (False, line, name) for (name, line), piece in theirs.told_statements.items()}
    for piece in citations.pieces:
        if id(piece) in whole:
            own, line, name = whole[id(piece)]
            yield own, (line,), name
            continue
        for own, lines in groupby(piece, key=lambda one: one.host == ours.router.name):
            yield own, tuple(one.line for one in lines), ""


def _piece(rules: RouterRules, lines: tuple[int, ...], profile: str) -> Piece:
    if not profile:
        return rules.router.evidence(*lines)
    return rules.statements(next(p for p in rules.router.ikev2.profiles if (p.name, p.line) == (profile, lines[0])))
