"""A finding, and the hazard it is an instance of: the contract of ``ikeaudit check``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from hashlib import sha256
from typing import TYPE_CHECKING, Literal, NotRequired, TypedDict, Unpack

import msgspec

from ikeaudit.exchange.result import Confidence
from ikeaudit.ios import command
from ikeaudit.model import Evidence

if TYPE_CHECKING:
    from ikeaudit.hazards.context import AuditContext
    from ikeaudit.hazards.facts.router_facts import RouterFacts

Severity = Literal["critical", "high", "medium", "low", "info"]
Scope = Literal["router", "pair", "fleet"]

RANK: dict[Severity, int] = {"info": 0, "low": 1, "medium": 2, "high": 3, "critical": 4}
"""Severities from least to worst."""


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


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One cause, however many tunnels it harms: ``hosts`` and ``peers`` name them all.

    ``cause`` is what makes two findings of one code different (object names, addresses; never line numbers), so that
    ``fingerprint`` stays the same across runs while the facts stay the same. ``removes`` are the objects that ``fix`` would
    have taken away, for programs only: none of them is referred to, or would be chosen, by anything configured.
    """

    code: str
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

    @property
    def fingerprint(self) -> str:
        """Stable identity of the finding: 16 hexadecimal digits over code, hosts and cause."""
        return sha256("\0".join((self.code, *self.hosts, "", *self.cause)).encode()).hexdigest()[:16]


Detector = Callable[["AuditContext"], Iterable[Finding]]


class Hazard(msgspec.Struct, frozen=True, kw_only=True):
    """A rule of the catalogue with its documentation and its detector.

    ``severity`` is the usual one; a finding may carry another where the catalogue says so. ``what`` is what is detected,
    ``why`` why it is bad, ``symptom`` what the routers show, ``fix`` what to do, ``source`` the ids of the rules that it
    rests on (:mod:`ikeaudit.rulebook`). ``absent_from`` are the kinds of object in which it says that something is missing: a
    line, or one whose value is then the default (``global``: an object as a whole, or a command outside of objects). A line
    there that could not be read withholds the finding (TEXT-UNREAD); nothing for a hazard that asserts no absence.
    ``detect`` yields findings and must not depend on the order of routers.
    """

    code: str
    title: str
    severity: Severity
    scope: Scope = "router"
    what: str
    why: str
    symptom: str = "None."
    fix: str
    source: str
    absent_from: tuple[command.ObjectKind, ...]
    detect: Detector

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
    ) -> Finding:
        """A finding of this hazard; texts default to the hazard's own, and ``removes`` are what ``fix`` removes."""
        return Finding(
            code=self.code,
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


def for_each_router(**texts: Unpack[Texts]) -> Callable[[Callable[[RouterFacts], Iterable[Finding]]], Hazard]:
    """As :func:`catalogued`, for a detector that looks at one router at a time: that is the host where a finding names none."""

    def named(detect: Callable[[RouterFacts], Iterable[Finding]]) -> Hazard:
        @wraps(detect)
        def of_all(context: AuditContext) -> Iterator[Finding]:
            for facts in context.routers:
                for finding in detect(facts):
                    yield finding if finding.hosts else msgspec.structs.replace(finding, hosts=(facts.name,))

        return Hazard(**texts, detect=of_all)

    return named
