"""One run of a replay: what it has found out so far, what the routers said, and how it can end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import NoReturn, ParamSpec, TypeVar

import msgspec

from ikeaudit.exchange.choices import Choices, Option
from ikeaudit.exchange.citations import Citations, Piece
from ikeaudit.exchange.result import KEYS_DIFFER, Idle, Lost, Message, Mode, Outcome, Reason, TranscriptLine
from ikeaudit.exchange.steps import Decision, Notes, Pool, Sender, Step, StepMessage
from ikeaudit.model import Evidence, IPAddress, Router, Secret, same_key
from ikeaudit.selection import Endpoint, LocalEnd, RouterRules
from ikeaudit.selection.proxies import Proxy

T = TypeVar("T")
P = ParamSpec("P")


class Initiator(msgspec.Struct, frozen=True):
    """The end that starts: its rules, its tunnel end and the address that it calls."""

    rules: RouterRules
    endpoint: Endpoint

    @property
    def router(self) -> Router:
        """The initiator's configuration."""
        return self.rules.router

    @property
    def end(self) -> LocalEnd:
        """The initiator's own end of the negotiation."""
        return self.endpoint.local


class Responder(msgspec.Struct, frozen=True):
    """The end that is called: ``end`` is where the packet arrives, ``endpoints`` the tunnel ends that could accept it.

    ``elsewhere`` are ends of the responder that name the initiator but wait under another address or VRF, or whose own peer
    is another address of the initiator (END-NAMED-PEER). ``caller`` is the source address as the responder sees it.
    ``translated`` are ends of the responder for a public address that nobody has, which the caller may be known by
    (NAT-GUESS). ``assumed`` says what was taken for granted to find this end, None when nothing was.
    """

    rules: RouterRules
    end: LocalEnd
    caller: IPAddress | None
    endpoints: tuple[Endpoint, ...] = ()
    elsewhere: tuple[Endpoint, ...] = ()
    translated: tuple[Endpoint, ...] = ()
    assumed: str | None = None

    @property
    def router(self) -> Router:
        """The responder's configuration."""
        return self.rules.router


class Stop(Exception):  # noqa: N818 - an end of the exchange, not an error
    """The exchange ends here."""

    def __init__(
        self,
        outcome: Outcome,
        failed_at: Message | None = None,
        reason: Reason | None = None,
        idle: Idle | None = None,
    ) -> None:
        super().__init__(outcome)
        self.outcome = outcome
        self.failed_at = failed_at
        self.reason = reason
        self.idle = idle


class Run:
    """The notebook of one run; with ``notes`` it also keeps what was decided at which message.

    With ``same`` its lines are the objects that others have as well. Without ``words`` only the verdict is kept, neither what
    the routers say nor which lines are behind it.
    """

    def __init__(
        self, choices: Choices, notes: Notes | None = None, same: Pool | None = None, *, words: bool = True
    ) -> None:
        self._choices = choices
        self._notes = notes
        self._same = same
        self._words = words
        self._told = choices.primary and words
        self.transcript: list[TranscriptLine] = []
        self._cites: list[Router | int | Piece] = []
        self.assumptions: list[str] = []
        self.outcome: Outcome = "up"
        self.mode: Mode = "main"
        self.failed_at: Message | None = None
        self.reason: Reason | None = None
        self.idle: Idle | None = None
        self.lost_at: Lost | None = None
        self.lost_after: int | None = None
        self.initiator_profile: str | None = None
        self.initiator_keyring: str | None = None
        self.responder_keyring: str | None = None
        self.responder_profile: str | None = None
        self.responder_interface: str | None = None
        self.taken: Endpoint | None = None
        """The responder's end that took the call."""
        self.no_xauth = False
        self.unsent: frozenset[Proxy] = frozenset()
        """Lines of the initiator's access list that no traffic reaches."""

    def message(self, message: StepMessage, sender: Sender = "initiator") -> None:
        """``sender`` prepares its next message; what is said and decided from now on belongs to it."""
        if self._notes is not None:
            self._notes.begin(message, sender, len(self.transcript))

    def arrive(self) -> None:
        """The message has come to the other end."""
        if self._notes is not None:
            self._notes.arrived()

    def deliver(self, message: StepMessage, sender: Sender = "initiator") -> None:
        """A message that leaves and arrives with nothing to decide before."""
        self.message(message, sender)
        self.arrive()

    def decide(self, tell: Callable[P, Decision], *args: P.args, **kwargs: P.kwargs) -> None:
        """Note a decision; ``tell`` puts it into words, and is called only when somebody asked for the steps."""
        if self._notes is not None:
            self._notes.decided(tell(*args, **kwargs))

    def steps(self) -> tuple[Step, ...]:
        """What was noted, message by message; nothing when nobody asked, or nothing is sent."""
        if self._notes is None or self.outcome == "not-initiated":
            return ()
        return self._notes.told(
            len(self.transcript), aggressive=self.mode == "aggressive", known=self.outcome != "unknown"
        )

    def say(self, router: Router, *lines: str) -> None:
        """Debug lines that ``router`` would show."""
        if not self._told:
            return
        if self._same is None:
            self.transcript += [TranscriptLine(router.name, line) for line in lines]
        else:
            self.transcript += map(self._same.made(TranscriptLine, router.name).__getitem__, lines)

    def cite(self, router: Router, *lines: int) -> None:
        """Configuration lines behind the verdict."""
        if self._words:
            self._cites.append(router)
            self._cites += lines

    def cite_piece(self, piece: Piece) -> None:
        """As :meth:`cite`, for lines that many exchanges cite together: they are not looked at one by one."""
        if self._words:
            self._cites.append(piece)

    def cited(self) -> Citations:
        """All that was cited until now; the lines are looked up when somebody reads them."""
        return Citations.later(partial(_pieces, tuple(self._cites), self._same))

    @property
    def evidence(self) -> Piece:
        """The lines that were cited until now, each once."""
        return self.cited().lines

    def said(self) -> tuple[TranscriptLine, ...]:
        """All that was said until now."""
        return tuple(self.transcript)

    def choose(self, options: Sequence[Option[T]]) -> T:
        """Answer a question that the sources leave open."""
        return self._choices.pick(options)

    def same_key(self, one: Secret, other: Secret) -> bool:
        """Whether the keys of two ends are the same clear key; where type 6 or a mask hides one, that is asked (U-17)."""
        equal = same_key(one, other, same_router=False)
        if equal is not None:
            return equal
        masked = one.masked or other.masked
        keys, differ = ("masked keys", KEYS_DIFFER[0]) if masked else ("type 6 keys", KEYS_DIFFER[1])
        return self.choose([Option(True, f"the {keys} are equal"), Option(False, differ, "unknown")])

    def assume(self, what: str) -> None:
        """Note a rule that was inferred, not read: the verdict is then no better than probable."""
        if what not in self.assumptions:
            self.assumptions.append(what)

    def stop(self, failed_at: Message, reason: Reason, outcome: Outcome = "down") -> NoReturn:
        """End the exchange with a failure."""
        raise Stop(outcome, failed_at, reason)

    def stay_idle(self, why: Idle) -> NoReturn:
        """End the exchange before it begins: nothing reaches IKE at the initiator's end."""
        raise Stop("not-initiated", idle=why)

    def give_up(self, why: str) -> NoReturn:
        """End the exchange because a fact is missing."""
        self.assume(why)
        raise Stop("unknown", None, None)

    def close(self, stop: Stop) -> None:
        """Take over how the exchange ended."""
        self.outcome, self.failed_at = stop.outcome, stop.failed_at
        self.reason, self.idle = stop.reason, stop.idle


def _pieces(cites: Iterable[Router | int | Piece], same: Pool | None) -> Iterator[Piece]:
    """What was cited: numbers of lines behind the router that has them, each line once up to the next piece, and pieces."""
    lines: dict[Evidence, None] = {}
    router: Router | None = None
    for cited in (*cites, ()):
        if isinstance(cited, Router):
            router = cited
        elif isinstance(cited, tuple):
            yield tuple(lines) if same is None else tuple(map(same.one, lines))
            yield cited
            lines = {}
        elif router is not None:
            lines.update(dict.fromkeys(router.evidence(cited)))
