"""A finding, and the hazard it is an instance of: the contract of ``ikeaudit check``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial, wraps
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal, NotRequired, Protocol, TypedDict, TypeVar, Unpack, get_args

import msgspec

from ikeaudit.exchange.result import Confidence, Idle, Reason
from ikeaudit.ios import command
from ikeaudit.model import Evidence
from ikeaudit.model.grouping import by_key
from ikeaudit.model.severity import RANK as RANK
from ikeaudit.model.severity import Category as Category
from ikeaudit.model.severity import Severity as Severity

if TYPE_CHECKING:
    from ikeaudit.hazards.context import AuditContext
    from ikeaudit.hazards.facts.router_facts import RouterFacts

Scope = Literal["router", "pair", "fleet"]
Effect = Literal["down", "one-at-most", "one-end", "order", "later", "none"]
"""What becomes of tunnels, the worst first: no end brings them up; one end at most, the other not being known; one end only; it
hangs on an order; they are lost later."""
State = Effect | Literal["unknown", "design"]
STATES: tuple[State, ...] = (*get_args(Effect), "unknown", "design")
"""What becomes of a tunnel: ``none`` is one that is healthy, ``design`` one that nobody starts, as somebody wanted it."""


MAPS: tuple[command.ObjectKind, ...] = ("crypto-map", "dynamic-map")
USERS: tuple[command.ObjectKind, ...] = ("ipsec-profile", *MAPS, "interface")
"""Objects whose lines bind profiles."""

ObjectKind = Literal["keyring", "key", "isakmp-profile", "ikev2-profile", "ikev2-keyring"]


class ObjectRef(msgspec.Struct, frozen=True):
    """An object of one router's configuration: ``line`` is where it is defined; a key's ``name`` is that of its keyring."""

    kind: ObjectKind
    host: str
    name: str
    line: int


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One instance of what a finding says: an object of one router, towards one peer; either may be empty.

    Of a direction that fails ``object`` is the interface of ``host``, who calls, ``far`` the router called, ``reason`` why, and
    ``at`` the router that refuses, where it alone can be at fault.
    """

    code: str
    host: str
    object: str = ""
    peer: str = ""
    far: str = ""
    reason: str = ""
    at: str = ""

    @property
    def id(self) -> str:
        """Stable identity: 16 hexadecimal digits; that of other members, and the workspace's key, are no part of it."""
        return _digest(self.code, self.host, self.object, self.peer)


class Consequence(msgspec.Struct, frozen=True, kw_only=True):
    """What follows from a cause by one code: ``directions`` are those that fail, ``messages`` what the findings say."""

    code: str
    hosts: tuple[str, ...]
    peers: tuple[str, ...]
    directions: tuple[Member, ...]
    messages: tuple[str, ...]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One cause, however many tunnels it harms: ``hosts`` and ``peers`` name them all.

    ``cause`` is what makes two findings of one code different (names of routers and objects; neither line numbers nor all
    that is concerned), so that ``fingerprint`` stays while the cause does, whoever joins or leaves. ``removes`` are the objects
    that ``fix`` would have taken away, for programs only: none of them is referred to, or would be chosen, by anything
    configured. ``parts`` are the members, where hosts and peers do not tell them. ``follows`` are the findings that this one
    explains. ``effect`` is what becomes of ``tunnels`` tunnels by it.
    """

    code: str
    category: Category = "connectivity"
    severity: Severity
    hosts: tuple[str, ...]
    peers: tuple[str, ...] = ()
    message: str
    symptom: str
    fix: str
    confidence: Confidence = "certain"
    evidence: tuple[Evidence, ...] = ()
    cause: tuple[str, ...] = ()
    removes: tuple[ObjectRef, ...] = ()
    parts: tuple[Member, ...] = ()
    follows: tuple[Finding, ...] = ()
    effect: Effect = "none"
    tunnels: int = 0

    @property
    def fingerprint(self) -> str:
        """Stable identity of the finding: 16 hexadecimal digits over code and cause."""
        return _digest(self.code, *self.cause)

    @property
    def members(self) -> tuple[Member, ...]:
        """What the finding is about, one by one: a peer each of the one host, or a host each."""
        if self.parts:
            return self.parts
        what = " ".join(self.cause)
        if len(self.hosts) == 1:
            return tuple(Member(code=self.code, host=self.hosts[0], object=what, peer=p) for p in self.peers or ("",))
        return tuple(Member(code=self.code, host=host, object=what) for host in self.hosts)

    @property
    def consequences(self) -> tuple[Consequence, ...]:
        """What follows from the cause, code by code."""
        groups = by_key((one.code, one) for one in self.follows)
        return tuple(
            Consequence(
                code=code,
                hosts=tuple(dict.fromkeys(host for one in some for host in one.hosts)),
                peers=tuple(dict.fromkeys(peer for one in some for peer in one.peers)),
                directions=tuple(dict.fromkeys(m for one in some for m in one.members if m.reason)),
                messages=tuple(dict.fromkeys(one.message for one in some)),
            )
            for code, some in groups.items()
        )


def _digest(*words: str) -> str:
    return sha256("\0".join(words).encode()).hexdigest()[:16]


OUTCOMES = ("PW-ONEWAY", "PW-BOTHFAIL", "PW-NOSTART", "FL-LATENT-ONEWAY")
"""Hazards that only say which directions fail, or are not begun: they follow from any that ``breaks`` by the same reason."""


Detector = Callable[["AuditContext"], Iterable[Finding]]


class Fact(Protocol):
    """What a hazard that compares all routers needs of one: small, and fit to be sent."""

    @property
    def order(self) -> str:
        """The router at whose turn it is gathered: facts are told in the order of routers."""


FactT = TypeVar("FactT", bound=Fact)
AnyT = TypeVar("AnyT")
Gather = Callable[["AuditContext"], Iterable[Any]]
Tell = Callable[[Sequence[Any], Collection[str]], Iterable[Finding]]


class Hazard(msgspec.Struct, frozen=True, kw_only=True):
    """A rule of the catalogue with its documentation and its detector.

    ``severity`` is the usual one; a finding may carry another where the catalogue says so, and so may ``category``.
    ``breaks`` are the reasons for which directions then fail, ``explains`` the codes that follow from it where they share its
    router and peer, or, without a peer, its lines (:mod:`ikeaudit.hazards.explaining`). ``what`` is what is detected,
    ``why`` why it is bad, ``symptom`` what the routers show, ``fix`` what to do, ``source`` the ids of the rules that it
    rests on (:mod:`ikeaudit.rulebook`). ``absent_from`` are the kinds of object in which it says that something is missing: a
    line, or one whose value is then the default (``global``: an object as a whole, or a command outside of objects). A line
    there that could not be read withholds the finding (TEXT-UNREAD); nothing for a hazard that asserts no absence.
    ``detect`` yields findings and must not depend on the order of routers. A hazard that compares routers which have nothing
    else to do with each other has ``gather``, too, which yields its facts, and ``tell``, which makes the findings of the facts
    of a whole fleet (:func:`compared`).
    """

    code: str
    title: str
    category: Category = "connectivity"
    breaks: tuple[Reason | Idle, ...] = ()
    explains: tuple[str, ...] = ()
    severity: Severity
    scope: Scope = "router"
    what: str
    why: str
    symptom: str = "None."
    fix: str
    source: str
    absent_from: tuple[command.ObjectKind, ...]
    detect: Detector
    gather: Gather | None = None
    tell: Tell | None = None

    def finding(
        self,
        *,
        message: str,
        cause: Iterable[str],
        hosts: Iterable[str] = (),
        peers: Iterable[str] = (),
        evidence: Iterable[Evidence] = (),
        severity: Severity | None = None,
        confidence: Confidence = "certain",
        symptom: str | None = None,
        fix: str | None = None,
        removes: Iterable[ObjectRef] = (),
        category: Category | None = None,
        parts: Iterable[tuple[str, str, str]] = (),
    ) -> Finding:
        """A finding of this hazard; texts default to the hazard's own, and ``removes`` are what ``fix`` removes.

        ``parts`` are the members as host, object and peer.
        """
        return Finding(
            code=self.code,
            category=category or self.category,
            parts=tuple(Member(code=self.code, host=h, object=o, peer=p) for h, o, p in dict.fromkeys(parts)),
            severity=severity or self.severity,
            hosts=tuple(dict.fromkeys(hosts)),
            peers=tuple(dict.fromkeys(peers)),
            message=message,
            symptom=symptom or self.symptom,
            fix=fix or self.fix,
            confidence=confidence,
            evidence=tuple(dict.fromkeys(evidence)),
            cause=tuple(cause),
            removes=tuple(removes),
        )


class Texts(TypedDict):
    """What a hazard says of itself: the fields of :class:`Hazard` but its detector."""

    code: str
    title: str
    category: NotRequired[Category]
    breaks: NotRequired[tuple[Reason | Idle, ...]]
    explains: NotRequired[tuple[str, ...]]
    severity: Severity
    scope: NotRequired[Scope]
    what: str
    why: str
    symptom: NotRequired[str]
    fix: str
    source: str
    absent_from: tuple[command.ObjectKind, ...]


def catalogued(**texts: Unpack[Texts]) -> Callable[[Detector], Hazard]:
    """Makes a detector the hazard that it detects, so that a hazard is one piece: texts above, detector below."""
    return lambda detect: Hazard(**texts, detect=detect)


class ToldOfRouter(msgspec.Struct, frozen=True, array_like=True):
    """What the hazards ``asked``, by code, say of one router; nothing for one of them that is not in ``told``."""

    asked: tuple[str, ...]
    told: dict[str, tuple[Finding, ...]]


def for_each_router(**texts: Unpack[Texts]) -> Callable[[Callable[[RouterFacts], Iterable[Finding]]], Hazard]:
    """As :func:`catalogued`, for a detector that looks at one router at a time.

    That router is part of the cause, and the host where a finding names none.
    """

    def named(detect: Callable[[RouterFacts], Iterable[Finding]]) -> Hazard:
        @wraps(detect)
        def of_all(context: AuditContext) -> Iterator[Finding]:
            of_one = partial(_of_router, detect)
            return context.told_before.of_all(context.routers, texts["code"], of_one, ToldOfRouter)

        return Hazard(**texts, detect=of_all)

    return named


def speaking_of(
    context: AuditContext, code: str, ask: Callable[[RouterFacts], Sequence[AnyT]]
) -> Iterator[tuple[RouterFacts, Sequence[AnyT]]]:
    """The routers of which ``ask`` finds something, with that: what a hazard of several routers begins with.

    ``ask`` goes by nothing but the router and its peers: while these are the same, it is not asked again where it found
    nothing, for which ``code`` stands.
    """
    return context.told_before.of_some(context.routers, code, ask, ToldOfRouter)


def _of_router(detect: Callable[[RouterFacts], Iterable[Finding]], facts: RouterFacts) -> Iterator[Finding]:
    """What a detector says of one router, that router being named in it."""
    for finding in detect(facts):
        hosts, cause = finding.hosts or (facts.name,), (facts.name, *finding.cause)
        yield msgspec.structs.replace(finding, hosts=hosts, cause=cause)


def compared(
    gather: Callable[[AuditContext], Iterable[FactT]], **texts: Unpack[Texts]
) -> Callable[[Callable[[Sequence[FactT], Collection[str]], Iterable[Finding]]], Hazard]:
    """As :func:`catalogued`, for a detector that compares routers of parts of the fleet that are audited apart.

    ``gather`` yields the facts of a fleet, or of a part of it, in the order of :attr:`Fact.order`. The detector is given
    those of all parts in that order, and the names of all routers.
    """

    def made(tell: Callable[[Sequence[FactT], Collection[str]], Iterable[Finding]]) -> Hazard:
        def detect(context: AuditContext) -> Iterable[Finding]:
            return tell([*gather(context)], {router.name for router in context.fleet.routers})

        return Hazard(**texts, detect=detect, gather=gather, tell=tell)

    return made
