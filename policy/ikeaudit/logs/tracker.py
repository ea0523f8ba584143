"""Which negotiation a message belongs to: by router, number of the SA and peer, as far as a log names them.

IOS handles one packet after the other, so a message that names neither belongs to the packet before it. Numbers of SAs begin
at 0 (not yet known) and come again after a restart and on other routers, so a packet's peer outweighs them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from ikeaudit.logs.attempt import PLACE, Attempt
from ikeaudit.logs.ends import Results
from ikeaudit.logs.head import Head, parse_head
from ikeaudit.logs.message import Row, Side
from ikeaudit.logs.negotiation import Negotiation
from ikeaudit.logs.packets import ROLES, Packet, State, packet_of, state_of
from ikeaudit.logs.reading import Reader, Said
from ikeaudit.logs.recognise import Known, recognise
from ikeaudit.logs.taking import apply, notified
from ikeaudit.logs.talk import Loose, Talk, is_number
from ikeaudit.model import parse_address

MOST_OPEN = 4096
"""Attempts that are followed at once; the one that was silent longest ends when there are more."""

_Version = Literal[1, 2]


class Diagnosis:
    """Follows the negotiations in a log. :meth:`feed` its lines, :meth:`finish` when it ends.

    ``recognised`` counts the messages that the tables know.
    """

    def __init__(self) -> None:
        self._reader = Reader()
        self._talks: dict[str | None, Talk] = {}
        self._open: OrderedDict[Attempt, None] = OrderedDict()
        self._results = Results()
        self._unreliable: set[str] = set()
        self.recognised = 0

    @property
    def read(self) -> int:
        """Lines read."""
        return self._reader.read

    def feed(self, line: str) -> None:
        """Take the next line of the log."""
        said = self._reader.feed(line)
        if said is not None:
            self._take(said)

    def flush(self) -> None:
        """Take a message that may go on as it is: nothing more comes for now."""
        said = self._reader.flush()
        if said is not None:
            self._take(said)

    def so_far(self) -> list[Negotiation]:
        """All that can be told now, open attempts as they stand; the log may go on."""
        return self._results.with_open(sorted(self._open, key=lambda one: one.line)).negotiations(
            frozenset(self._unreliable)
        )

    def finish(self) -> list[Negotiation]:
        """End everything that is open, and tell all."""
        self.flush()
        for attempt in sorted(self._open, key=lambda one: one.line):
            self._results.add(attempt)
        self._open.clear()
        self._talks.clear()
        return self._results.negotiations(frozenset(self._unreliable))

    # -- one message --------------------------------------------------------------------------------------------------

    def _take(self, said: Said) -> None:
        found: Packet | State | Known | None = packet_of(said) or state_of(said) or recognise(said)
        if found is None:
            return
        head = parse_head(said.head)
        if head is None:
            return
        self.recognised += 1
        talk = self._talk(head)
        loose, talk.loose = talk.loose, None
        if isinstance(found, Packet):
            self._packet(said, head, found)
        elif isinstance(found, State):
            self._state(said, head, found)
        else:
            self._known(said, head, found, loose)

    def _state(self, said: Said, head: Head, state: State) -> None:
        attempt = self._attempt(said, head, state.version, side=state.side)
        if state.fresh and (attempt.settled or attempt.place > PLACE["SA_INIT"]):
            attempt = self._new(said, head, state.version, after=attempt)
            self._speak(self._talk(head), attempt, said)
        side = state.side
        if state.by_initiator is not None and attempt.last_sent is not None:
            side = "initiator" if state.by_initiator == attempt.last_sent else "responder"
        attempt.plays(side)
        attempt.mode = attempt.mode or ("aggressive" if state.aggressive else None)
        attempt.begun = True
        if state.stage is not None:
            attempt.reach(state.stage, None, said.line, head.time)

    def _packet(self, said: Said, head: Head, packet: Packet) -> None:
        version: _Version = 2 if said.version == 2 else 1
        peer, side, talk = plain(packet.peer), packet.side, self._talk(head)
        if peer is None:
            return
        attempt = talk.numbered(version, said.sa)
        if attempt is not None and attempt.peer not in (None, peer):
            self._two_routers(attempt, said)
            attempt = None
        current = talk.current(version)
        if (
            attempt is None
            and packet.sent
            and current is not None
            and current.peer is None
            and not contrary(current, side)
        ):
            attempt = current  # it has just begun, and this is its first packet
        if attempt is None or contrary(attempt, side):
            attempt = talk.with_peer(version, peer, side)
        if attempt is None and current is not None and current.peer is None and not contrary(current, side):
            attempt = current
        if attempt is not None and (
            _elsewhere(attempt, said) or (attempt.settled and _typed_at_another(attempt, said))
        ):
            attempt = None
        if attempt is not None and packet.sent and side == "initiator" and packet.stage is not None:
            attempt.has_a_key()
        if attempt is None or self._opens(attempt, said, packet):
            attempt = self._new(said, head, version, after=attempt)
        self._name(talk, attempt, peer)
        self._speak(talk, attempt, said)
        attempt.plays(side)
        attempt.begun = True
        attempt.sent = attempt.sent or packet.sent
        attempt.last_sent = packet.sent
        if packet.local is not None:
            attempt.local = plain(packet.local)
        if packet.aggressive:
            attempt.mode = attempt.mode or "aggressive"
        if packet.stage is not None:
            attempt.reach(packet.stage, None, said.line, head.time)
        if packet.notify and not packet.sent:
            notified(attempt, packet.notify, said.line, head.time)

    def _opens(self, attempt: Attempt, said: Said, packet: Packet) -> bool:
        """Whether a packet is the first of another attempt than the one known of its peer."""
        if is_number(said.sa) and attempt.numbers and said.sa not in attempt.numbers:
            return True
        if not packet.fresh:
            return False
        if attempt.version == 2 and attempt.stage == "SA_INIT" and packet.sent and not attempt.refusals:
            return False  # sent again, or with another group
        return attempt.place > PLACE["MM1"] or attempt.settled or bool(attempt.repeats)

    def _known(self, said: Said, head: Head, known: Known, loose: Loose | None = None) -> None:
        row, talk = known.row, self._talk(head)
        version: _Version = 2 if (row.version or said.version) == 2 else 1
        peer = plain(known.peer) if known.peer else None
        identity, peer = (peer, None) if row.fact == "identity" else (None, peer)
        if row.fact == "request":
            if peer is not None and known.local and (local := plain(known.local)):
                talk.requested(peer, local)
            return
        if row.fact == "pki":
            for current in (talk.current(1), talk.current(2)):
                if current is not None and current.up is None and PLACE["MM3"] <= current.place < PLACE["PHASE1"]:
                    apply(current, known, said.line, head.time)
            return
        if not row.version and not said.version:
            version = _either(talk, peer)
        if said.kind == "map_db" and talk.current(1) is None:
            return
        attempt = self._attempt(said, head, version, peer, row)
        if row.does == "begins" and _begins_anew(attempt, row):
            same = row.at == "QM1" or peer is not None or is_number(said.sa)
            attempt = self._new(said, head, version, after=attempt if same else None)
            self._speak(talk, attempt, said)
        if row.does == "breaks" and attempt.up is not None:
            attempt = self._new(said, head, version, after=attempt)
            self._speak(talk, attempt, said)
        if attempt.peer is None and identity is not None:
            attempt.peer = identity  # where no packet says it, what the peer calls itself
            talk.speak(attempt)
        attempt.plays(ROLES.get(known.role) or row.side)
        attempt.mode = attempt.mode or row.mode
        if known.local:
            attempt.local = attempt.local or plain(known.local)
        apply(attempt, known, said.line, head.time)
        if row.fact == "garbage" and not is_number(said.sa) and attempt.refusals:
            talk.loose = Loose(attempt, attempt.refusals[-1])
        elif row.fact == "malformed" and loose is not None:
            loose.move(attempt)

    # -- which attempt ------------------------------------------------------------------------------------------------

    def _attempt(
        self,
        said: Said,
        head: Head,
        version: _Version,
        peer: str | None = None,
        row: Row | None = None,
        side: Side | None = None,
    ) -> Attempt:
        """The attempt that a message is about; a new one where there is none, or where the one there is has ended."""
        talk = self._talk(head)
        attempt = talk.numbered(version, said.sa)
        current = talk.current(version)
        if attempt is not None and contrary(attempt, side) and current is not None and not contrary(current, side):
            self._two_routers(attempt, said)
            attempt = current
        if attempt is not None and peer is not None and attempt.peer not in (None, peer):
            self._two_routers(attempt, said)
            attempt = None
        if attempt is None and peer is not None:
            attempt = talk.with_peer(version, peer)
        if (
            attempt is None
            and current is not None
            and not _by_the_other(current, row)
            and (peer is None or current.peer is None)
        ):
            attempt = current
        if attempt is not None and _elsewhere(attempt, said):
            attempt = None
        if attempt is not None and _over(attempt, row):
            attempt = self._new(said, head, version, after=attempt)
        elif attempt is not None and is_number(said.sa) and attempt.numbers and said.sa not in attempt.numbers:
            attempt = self._new(said, head, version, after=attempt if peer is not None else None)
        attempt = attempt or self._new(said, head, version)
        if peer is not None:
            self._name(talk, attempt, peer)
        self._speak(talk, attempt, said)
        return attempt

    def _new(self, said: Said, head: Head, version: _Version, after: Attempt | None = None) -> Attempt:
        """An attempt that begins here; ``after`` one of the same ends, which is over."""
        attempt = Attempt(version, said.line, head.time)
        attempt.host = head.host or said.prompt
        attempt.soft_host = head.host is None and attempt.host is not None
        if after is not None:
            attempt.peer, attempt.local = after.peer, after.local
            if after.up is not None or after.breaks:
                attempt.side = after.side
            self._close(after)
        self._open[attempt] = None
        while len(self._open) > MOST_OPEN:
            self._close(next(iter(self._open)))
        return attempt

    def _name(self, talk: Talk, attempt: Attempt, peer: str) -> None:
        """``attempt`` is one with ``peer``; what was known of an earlier one of the same ends is over."""
        if attempt.peer is not None:
            return
        attempt.peer = peer
        older = talk.with_peer(attempt.version, peer, attempt.side)
        if older is not None and older is not attempt and (older.settled or older.repeats or older.breaks):
            self._close(older)

    def _speak(self, talk: Talk, attempt: Attempt, said: Said) -> None:
        talk.speak(attempt, said.sa)
        if attempt in self._open:
            self._open.move_to_end(attempt)

    def _close(self, attempt: Attempt) -> None:
        if attempt in self._open:
            del self._open[attempt]
            self._talks[None if attempt.soft_host else attempt.host].forget(attempt)
            self._results.add(attempt)

    def _talk(self, head: Head) -> Talk:
        """What the router of a message talks about; prompts are no header, what is typed below two of them may be one log."""
        found = self._talks.get(head.host)
        if found is None:
            found = self._talks[head.host] = Talk()
        return found

    def _two_routers(self, attempt: Attempt, said: Said) -> None:
        """One number of an SA for two peers at once: two routers speak under one prompt, as on a page about both."""
        if attempt.soft_host and attempt.host is not None and attempt.host == said.prompt and attempt.up is None:
            self._unreliable.add(attempt.host)


def _begins_anew(attempt: Attempt, row: Row) -> bool:
    """Whether a beginning is that of another attempt than the one there is."""
    if row.at == "QM1":
        return attempt.up is not None
    if contrary(attempt, row.side):
        return attempt.begun
    if row.at in ("MM1", "AM1") and not attempt.sent and attempt.keyless:
        return False
    if attempt.breaks:
        return True
    gone = attempt.sent or (attempt.place >= PLACE["MM1"] and row.at is None)
    return gone or attempt.place > PLACE["MM1"] or attempt.settled or bool(attempt.repeats)


def _elsewhere(attempt: Attempt, said: Said) -> bool:
    """Whether another router's prompt was typed at since ``attempt`` began, and no number says that it is meant."""
    return _typed_at_another(attempt, said) and not is_number(said.sa)


def _typed_at_another(attempt: Attempt, said: Said) -> bool:
    """Whether another router's prompt was typed at since ``attempt`` began."""
    return attempt.soft_host and attempt.host != said.prompt


def _over(attempt: Attempt, row: Row | None) -> bool:
    """Whether a message of ``row`` is no more about ``attempt``, which came up before."""
    if row is None or row.does not in ("refuses", "repeats"):
        return False
    # A system message that comes again, with nothing else said in between, is about another attempt.
    again = row.text[0] == "%" and not attempt.place and any(one.row is row for one in attempt.refusals)
    return attempt.up is not None or again


def contrary(attempt: Attempt, side: Side | None) -> bool:
    """Whether this router is the other part in ``attempt``."""
    return not attempt.may_be(side)


def _by_the_other(attempt: Attempt, row: Row | None) -> bool:
    """Whether ``row`` is said by the other part than this router is in ``attempt``."""
    if row is None or row.does != "refuses" or not contrary(attempt, row.side):
        return False
    # An initiator compares MM2 with its policies, too. Where packets are shown, they tell who is who.
    return attempt.place == PLACE["MM1"] and not attempt.sent and "offer" not in attempt.facts


def _either(talk: Talk, peer: str | None) -> _Version:
    """The version of a message that both have: that in which something is going on."""
    if peer is not None and (talk.knows(1, peer) or talk.knows(2, peer)):
        return 1 if talk.knows(1, peer) else 2
    return 2 if talk.current(1) is None and talk.current(2) is not None else 1


@lru_cache(maxsize=4096)
def plain(address: str) -> str | None:
    """An address as it is usually written; None for what only looks like one."""
    found = parse_address(address)
    return str(found) if found is not None else None


def diagnose(lines: Iterable[str]) -> list[Negotiation]:
    """What became of the negotiations in ``lines``."""
    diagnosis = Diagnosis()
    for line in lines:
        diagnosis.feed(line)
    return diagnosis.finish()
