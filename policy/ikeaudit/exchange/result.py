"""The verdict on one direction of one tunnel: the contract of ``ikeaudit explain``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, cast

import msgspec

from ikeaudit.exchange.citations import Citations, Piece
from ikeaudit.exchange.steps import Step

Outcome = Literal["up", "down", "half-open", "not-initiated", "unknown"]
Confidence = Literal["certain", "probable", "unpredictable", "unknown"]
Mode = Literal["main", "aggressive"]
Message = Literal[
    "MM1", "MM2", "MM3", "MM4", "MM5", "MM6", "AM1", "AM2", "AM3", "XAUTH", "QM1", "QM2", "QM3", "SA_INIT", "AUTH"
]
Reason = Literal[
    "no-key-on-initiator",
    "no-key-on-responder",
    "psk-mismatch",
    "keyring-verification",
    "profile-binding",
    "no-common-ike-policy",
    "authentication-method",
    "xauth",
    "aggressive-mode-disabled",
    "no-common-transform",
    "pfs-mismatch",
    "proxy-mismatch",
    "ike-version-mismatch",
    "identity-not-matched",
    "peer-address-mismatch",
    "certificate",
    "incomplete-configuration",
]

Idle = Literal[
    "peer-unknown",
    "responder-only",
    "no-shortcut",
    "traffic-translated",
    "traffic-not-matched",
    "interface-down",
    "map-not-applied",
    "null-route",
    "incomplete-configuration",
]
"""Why nothing reaches IKE at an end."""

DESIGNED: frozenset[str] = frozenset({"peer-unknown", "responder-only", "no-shortcut"})
"""Those of :data:`Idle` that are as somebody wanted them; the others are faults (CALL-POSSIBLE)."""

KEYS_DIFFER = ("the masked keys differ", "the type 6 keys differ")
"""How a reading says that it supposes two keys to differ that cannot be compared (U-17)."""

Lost = Literal["rekey", "replies"]
"""How a tunnel that comes up is lost again: at the first rekey, or at once, because the replies leave in clear."""


class TranscriptLine(msgspec.Struct, frozen=True, gc=False):
    """A line that ``debug crypto isakmp`` (or ikev2) would show on ``router``; never with a key in it."""

    router: str
    line: str


class Reading(msgspec.Struct, frozen=True):
    """One way to read the rules where the sources leave it open, with the outcome that follows from it.

    ``reading`` says in words which choices it makes; ``primary`` marks the one that ``outcome`` shows.
    """

    reading: str
    outcome: Outcome
    failed_at: Message | None = None
    reason: Reason | None = None
    initiator_profile: str | None = None
    initiator_keyring: str | None = None
    responder_keyring: str | None = None
    responder_profile: str | None = None
    primary: bool = False


class Renewal(msgspec.Struct, frozen=True):
    """The same call while the peer is known: what becomes of it when this end renews the tunnel (CALL-RENEWAL).

    That it renews at all is inferred, so ``confidence`` is never ``certain``.
    """

    outcome: Outcome
    confidence: Confidence
    failed_at: Message | None = None
    reason: Reason | None = None


class Alternative(msgspec.Struct, frozen=True):
    """The peer of the same crypto map entry that is called when the one called first does not answer (CALL-ORDER).

    The first that comes up, else one that nobody can tell of, else the next. ``confidence`` is how sure it is that it is
    called: never ``certain``, and ``unknown`` where phase 1 with the first had come up.
    """

    peer: str
    responder: str | None
    outcome: Outcome
    confidence: Confidence


Standing = Literal["observed", "other-reading", "contradicted", "before-change", "undated"]
"""What an association that the network shows says of a direction: it was predicted so; another reading of the rules was right;
the model is wrong; the association is older than a change, so that nothing is tested yet; its age is not known."""

Seen = Literal["observed", "other-reading", "contradicted", "before-change", "undated", "not-seen"]
"""The same, and that the state shows no association which the initiator started."""


class Observed(msgspec.Struct, frozen=True, kw_only=True):
    """An association that the initiator of a direction started, as the routers ``at`` show it (SA-EVIDENCE).

    ``age`` is how long ago, in seconds, the two proved themselves to each other, at most; ``remaining`` when it is renewed at
    the latest; ``seen`` when the state was read (UTC). ``profile`` is the initiator's as shown. ``differs`` says what is not
    as predicted, ``why`` why it is no evidence; ``older_than`` are the routers that were changed after it came up.
    """

    standing: Standing
    at: tuple[str, ...]
    age: int | None = None
    remaining: int | None = None
    seen: str | None = None
    profile: str | None = None
    differs: tuple[str, ...] = ()
    why: str = ""
    older_than: tuple[str, ...] = ()


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """One direction of one tunnel, replayed message by message; the fields are those of the published schema.

    ``lost_after`` is in seconds. ``steps`` are empty unless they were asked for. ``observed`` is what the routers' state says
    of it, None where nothing does or nobody looked: the replay itself never does. ``tunnel`` is not part of the published
    object: it is the same for the two directions of one tunnel.
    """

    initiator: str
    responder: str | None
    peer: str
    initiator_interface: str
    responder_interface: str | None
    ike_version: Literal[1, 2]
    mode: Mode | None
    outcome: Outcome
    confidence: Confidence
    failed_at: Message | None = None
    reason: Reason | Idle | None = None
    lost_at: Lost | None = None
    lost_after: int | None = None
    renewal: Renewal | None = None
    instead: Alternative | None = None
    initiator_profile: str | None = None
    initiator_keyring: str | None = None
    responder_keyring: str | None = None
    responder_profile: str | None = None
    readings: tuple[Reading, ...] = ()
    transcript: tuple[TranscriptLine, ...] = ()
    cited: Citations = Citations()
    steps: tuple[Step, ...] = ()
    observed: Observed | None = None
    tunnel: str = ""

    @property
    def evidence(self) -> Piece:
        """The configuration lines behind the verdict, each once, in the order in which the replay came to them."""
        return self.cited.lines

    @property
    def by(self) -> Literal["design", "fault"] | None:
        """Whether an end that starts nothing was meant so; None for a direction that somebody starts."""
        if self.outcome != "not-initiated":
            return None
        return "design" if self.reason in DESIGNED else "fault"

    @property
    def failure(self) -> Reason | None:
        """Why the direction fails; None for one that comes up, and for one that nobody starts."""
        return cast("Reason | None", self.reason) if self.outcome in FAILED else None

    @property
    def holds(self) -> bool:
        """Whether the direction comes up and stays up: one that is lost again does not count as up."""
        return self.outcome == "up" and self.lost_at is None

    @property
    def worst(self) -> Outcome:
        """The worst outcome of any reading: what findings and gates go by."""
        return max((self.outcome, *(r.outcome for r in self.readings)), key=SEVERITY.__getitem__)


def unstarted(directions: Sequence[Exchange]) -> bool:
    """Whether nobody starts a tunnel of these two directions by design of each end alone: one only responds, and so does the
    other, or it does not know its peer (CALL-POSSIBLE)."""
    why = {e.reason for e in directions}
    return len(directions) > 1 and "responder-only" in why and why <= {"responder-only", "peer-unknown"}


FAILED: tuple[Outcome, ...] = ("down", "half-open")
"""Outcomes that end without a working tunnel."""

SEVERITY: dict[Outcome, int] = {"up": 0, "not-initiated": 1, "unknown": 2, "half-open": 3, "down": 4}
"""Outcomes from best to worst."""
