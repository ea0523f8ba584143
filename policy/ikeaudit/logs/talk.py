"""What one router is talking about: its open attempts by the numbers of their SAs, by peer, and the one spoken of last."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

from ikeaudit.logs.attempt import Attempt, Refusal
from ikeaudit.logs.message import Side

MOST_REQUESTS = 1024
"""Pairs of addresses that are remembered for attempts that name the peer only."""


class Loose(NamedTuple):
    """A refusal that named nobody, and the attempt that was thought to be meant."""

    attempt: Attempt
    refusal: Refusal

    def move(self, attempt: Attempt) -> None:
        """The next message says that ``attempt`` was meant."""
        if attempt is not self.attempt and self.refusal in self.attempt.refusals:
            self.attempt.refusals.remove(self.refusal)
            attempt.refusals.append(self.refusal)


class Talk:
    """The open attempts of one router; everything is found in constant time, however many there are."""

    def __init__(self) -> None:
        self._current: dict[int, Attempt] = {}
        self._by_number: dict[tuple[int, str], Attempt] = {}
        self._by_peer: dict[tuple[int, str], list[Attempt]] = {}
        self._locals: OrderedDict[str, str] = OrderedDict()
        self.loose: Loose | None = None

    def current(self, version: int) -> Attempt | None:
        """The attempt that was spoken of last."""
        return self._current.get(version)

    def numbered(self, version: int, number: str) -> Attempt | None:
        """The attempt whose SA has this number; 0 is no number yet."""
        return self._by_number.get((version, number)) if is_number(number) else None

    def with_peer(self, version: int, peer: str, side: Side | None = None) -> Attempt | None:
        """The attempt with ``peer`` that was spoken of last, in which this router is ``side``, where that is asked for."""
        for attempt in reversed(self._by_peer.get((version, peer), ())):
            if attempt.may_be(side):
                return attempt
        return None

    def knows(self, version: int, peer: str) -> bool:
        """Whether there is an attempt with ``peer``."""
        return bool(self._by_peer.get((version, peer)))

    def requested(self, peer: str, local: str) -> None:
        """IPsec asks for an SA, or is offered one, between these addresses."""
        self._locals[peer] = local
        self._locals.move_to_end(peer)
        if len(self._locals) > MOST_REQUESTS:
            self._locals.popitem(last=False)

    def speak(self, attempt: Attempt, number: str = "") -> None:
        """It is ``attempt`` that is spoken of now, and its SA has this number."""
        version = attempt.version
        self._current[version] = attempt
        if attempt.local is None and attempt.peer is not None:
            attempt.local = self._locals.get(attempt.peer)
        if attempt.peer is not None:
            others = self._by_peer.setdefault((version, attempt.peer), [])
            if attempt in others:
                if others[-1] is attempt:
                    others = []
                else:
                    others.remove(attempt)
                    others.append(attempt)
            else:
                others.append(attempt)
        if is_number(number):
            self._by_number[version, number] = attempt
            attempt.numbers.add(number)

    def forget(self, attempt: Attempt) -> None:
        """The attempt is over: neither number nor peer lead to it any more."""
        version = attempt.version
        if self._current.get(version) is attempt:
            del self._current[version]
        for number in attempt.numbers:
            if self._by_number.get((version, number)) is attempt:
                del self._by_number[version, number]
        if attempt.peer is not None:
            others = self._by_peer.get((version, attempt.peer), [])
            if attempt in others:
                others.remove(attempt)
            if not others:
                self._by_peer.pop((version, attempt.peer), None)


def is_number(number: str) -> bool:
    """Whether an SA has its number: until it has, IOS writes 0, or none."""
    return number not in ("", "0")
