"""From what was said of an attempt to how it ended.

A cause is claimed on the evidence that decides it; else candidates are named.
"""

from __future__ import annotations

from typing import NamedTuple, cast

from ikeaudit.exchange.result import Message, Outcome
from ikeaudit.logs.attempt import MOST_LINES, PLACE, Attempt, Refusal
from ikeaudit.logs.message import Cause, Stage
from ikeaudit.logs.messages.ikev2_refusals import REJECTED
from ikeaudit.logs.messages.phase1 import REFUSED, UNREADABLE
from ikeaudit.logs.messages.quick_mode import ANY, NO_MAP

VAGUE = 5
"""Refusals of this weight and less only say that something failed: that nobody answers says more."""


class Verdict(NamedTuple):
    """How an attempt ended; ``candidates`` are causes that the log leaves open beside ``reason``, or all where none leads.

    ``lines`` are the numbers of the lines that tell, ``words`` what they say, ``time`` that of the first of them.
    """

    outcome: Outcome
    failed_at: Message | None
    reason: Cause | None
    candidates: tuple[Cause, ...]
    lines: tuple[int, ...]
    words: str
    time: str


def verdict(attempt: Attempt) -> Verdict | None:
    """What the log shows of ``attempt``; None for one of which it shows nothing that a negotiation has."""
    if attempt.up is not None:
        return Verdict("up", None, None, (), (attempt.up.line,), attempt.up.row.words, attempt.up.time)
    if attempt.refusals:
        return _refused(attempt)
    if attempt.repeats:
        return _unanswered(attempt)
    if attempt.breaks:
        return _broken(attempt)
    if attempt.begun:
        return Verdict("unknown", None, None, (), (attempt.line,), "", attempt.time)
    return None


def _refused(attempt: Attempt) -> Verdict:
    best = max(attempt.refusals, key=lambda refusal: (_weight(attempt, refusal), -refusal.line))
    if attempt.repeats and best.row.weight <= VAGUE and best.row.fact in ("", "rejected"):
        return _unanswered(attempt)
    reason, candidates = _cause(attempt, best)
    at = _message(attempt, best.at, reason)
    outcome: Outcome = "down"
    if attempt.version == 2 and attempt.side == "initiator" and reason == "identity-not-matched":
        outcome = "half-open"  # the responder has its SAs when it answers IKE_AUTH (IKEV2-HALF-OPEN)
    told = [best, *(one for one in attempt.refusals if one is not best and one.at in (best.at, None))]
    lines = tuple(sorted({one.line for one in told[:MOST_LINES]} | _decisive(attempt, reason)))
    return Verdict(
        outcome, at, reason, tuple(one for one in candidates if one != reason), lines, best.row.words, best.time
    )


def _decisive(attempt: Attempt, reason: Cause | None) -> set[int]:
    """The lines of facts that a reason rests on."""
    fact = {"profile-binding": "other-profile", "proxy-mismatch": "maps-shown"}.get(reason or "", "")
    return {attempt.facts[fact]} if fact in attempt.facts else set()


def _weight(attempt: Attempt, refusal: Refusal) -> int:
    """How much a refusal tells; a malformed MM5 is as good as the debug line that says what is wrong with it."""
    if refusal.row.fact == "malformed" and _is_mm5(attempt):
        return 45
    return refusal.row.weight


def _is_mm5(attempt: Attempt) -> bool:
    """Whether the responder has received MM5, and keys are what it authenticates with, as far as the log says."""
    return attempt.side == "responder" and attempt.stage == "MM5" and "certificates" not in attempt.facts


def _cause(attempt: Attempt, best: Refusal) -> tuple[Cause | None, tuple[Cause, ...]]:
    """The cause that ``best`` leads to, and what else is possible."""
    row, facts = best.row, attempt.facts
    rule = _BY_FACT.get(row.fact)
    if rule is not None:
        found = rule(attempt)
        if found is not None:
            return found
    if row.fact == "" and row.reason == "no-common-ike-policy" and "policy" in facts:
        return "no-common-ike-policy", ()
    return row.reason, row.candidates


_Found = tuple[Cause | None, tuple[Cause, ...]] | None


def _no_key(attempt: Attempt) -> _Found:
    """At which end it is missing; the other end stays possible where this one's part is only likely."""
    if attempt.side == "initiator":
        return "no-key-on-initiator", ("no-key-on-responder",) if attempt.assumed else ()
    if attempt.side == "responder":
        return "no-key-on-responder", ("no-key-on-initiator",) if attempt.assumed else ()
    if attempt.version == 2 and attempt.place >= PLACE["AUTH"]:
        return None, ("no-key-on-responder", "no-key-on-initiator")
    return None


def _method(attempt: Attempt) -> _Found:
    """The authentication methods alone differ where no policy failed by anything else."""
    return (
        ("no-common-ike-policy", ("authentication-method",))
        if "policy" in attempt.facts
        else ("authentication-method", ())
    )


def _preshared(attempt: Attempt) -> _Found:
    """A policy with keys was refused: for want of a key, unless one was found."""
    if "key" not in attempt.facts:
        others: tuple[Cause, ...] = ("authentication-method", "no-common-ike-policy")
        return ("no-common-ike-policy", REFUSED[1:]) if "policy" in attempt.facts else ("no-key-on-responder", others)
    return (
        ("no-common-ike-policy", ())
        if "policy" in attempt.facts
        else ("authentication-method", ("no-common-ike-policy",))
    )


def _policy(attempt: Attempt) -> _Found:
    return "no-common-ike-policy", ()


def _proxies(attempt: Attempt) -> _Found:
    """No map for the offer: another profile was bound where the look-up says so (error 32 alone tells neither)."""
    facts = attempt.facts
    if "other-profile" in facts:
        return "profile-binding", ()
    if "maps-shown" in facts and "offered" in facts:
        return "proxy-mismatch", ("peer-address-mismatch", "incomplete-configuration")
    if "proxies" in facts or "maps-shown" in facts:
        return "proxy-mismatch", NO_MAP  # the look-up of the profile is not shown, or lies before the log
    return None


def _malformed(attempt: Attempt) -> _Found:
    if _is_mm5(attempt):
        return "psk-mismatch", ()
    return None


def _not_encrypted(attempt: Attempt) -> _Found:
    return ("authentication-failed", UNREADABLE) if attempt.stage == "MM5" else None


def _clear_notify(attempt: Attempt) -> _Found:
    """The peer answered by a refusal in clear, which says no reason: what is refused is the message sent last."""
    if attempt.place >= PLACE["MM5"]:
        return "authentication-failed", UNREADABLE
    if attempt.stage == "AM1":
        return None, ("aggressive-mode-disabled", *REFUSED)
    return None, REFUSED if attempt.place <= PLACE["MM2"] else ()


def _no_proposal_told(attempt: Attempt) -> _Found:
    """No proposal is taken: of quick mode where phase 1 is up, else of phase 1."""
    if attempt.place >= PLACE["PHASE1"]:
        return None, ANY
    if not attempt.place and attempt.side is None:
        return None, (*REFUSED, *ANY)
    return "no-common-ike-policy", REFUSED[1:]


def _unverified(attempt: Attempt) -> _Found:
    facts = set(attempt.facts)
    if "certificates" in facts:
        return "certificate", ()
    if "preshared-method" in facts:
        return "psk-mismatch", ()
    if "told-so" in facts and attempt.side != "responder":
        return "authentication-failed", REJECTED  # the other end refuses, whatever this one would have found
    return ("psk-mismatch", ()) if "key-look-up" in facts else None


def _computed(attempt: Attempt) -> _Found:
    return ("certificate", ()) if "certificates" in attempt.facts else ("psk-mismatch", ())


def _rejected(attempt: Attempt) -> _Found:
    """This end ends the exchange: for want of a profile, where it said so and nothing else since."""
    facts = set(attempt.facts)
    if "profile-missing" in facts and not facts & {"profile", "verified", "config-reply", "told-so"}:
        return "identity-not-matched", ()
    return None


def _no_profile(attempt: Attempt) -> _Found:
    """Nothing found for an identity: a profile, or with a profile a key."""
    facts = attempt.facts
    if "no-keyring" in facts or ("profile" in facts and "key-look-up" in facts and "key" not in facts):
        return _no_key(attempt) or (None, ("no-key-on-responder", "no-key-on-initiator"))
    if "profile" in facts and "key" not in facts and "certificates" not in facts:
        return None, ("no-key-on-responder", "identity-not-matched")
    if not {"identity", "profile-missing"} & set(facts):
        return "identity-not-matched", ("no-key-on-responder",)  # what was looked for is not shown
    return None


def _proposal(attempt: Attempt) -> _Found:
    """A proposal refused: IKE's own in the first exchange, the child SA's in the second."""
    if attempt.place >= PLACE["AUTH"]:
        return "no-common-transform", ()
    return "no-common-ike-policy", () if attempt.place else ("no-common-transform",)


def _no_proposal(attempt: Attempt) -> _Found:
    return ("no-common-ike-policy", ()) if attempt.stage == "SA_INIT" else None


_BY_FACT = {
    "no-key": _no_key,
    "no-entry": _no_key,
    "policy": _policy,
    "method": _method,
    "preshared": _preshared,
    "proxies": _proxies,
    "error-32": _proxies,
    "malformed": _malformed,
    "not-encrypted": _not_encrypted,
    "clear-notify": _clear_notify,
    "no-proposal-told": _no_proposal_told,
    "unverified": _unverified,
    "computed": _computed,
    "rejected": _rejected,
    "no-profile": _no_profile,
    "proposal": _proposal,
    "no-proposal": _no_proposal,
}
"""What decides where a row alone does not, by the fact that the row stands for."""


def _message(attempt: Attempt, at: Stage | None, reason: Cause | None) -> Message | None:
    """The message that failed."""
    if attempt.version == 2:
        if at in ("SA_INIT", "AUTH"):
            stage: Stage | None = at
        elif reason == "no-common-ike-policy" or (reason == "no-key-on-initiator" and attempt.place < PLACE["AUTH"]):
            stage = "SA_INIT"
        else:
            late = at is not None or attempt.place >= PLACE["AUTH"] or reason in _LATE
            stage = "AUTH" if late else attempt.stage
        return cast("Message | None", stage if stage in ("SA_INIT", "AUTH") else None)
    if at is None:
        at = _last_sent(attempt, reason)
    if at == "MM5" and attempt.side == "initiator" and reason in ("keyring-verification", "certificate"):
        return "MM6"
    return cast("Message | None", at if at not in ("PHASE1", "UP") else None)


_LATE = ("no-common-transform", "no-key-on-responder")
"""What IKEv2 finds in IKE_AUTH, never before."""


def _last_sent(attempt: Attempt, reason: Cause | None) -> Stage | None:
    """The message that a refusal without a message of its own is about: the last one that went by."""
    if reason == "psk-mismatch" and attempt.mode != "aggressive":
        return "MM5"
    if attempt.place >= PLACE["PHASE1"]:
        return "QM1"
    if attempt.stage in ("MM1", "MM3", "MM5", "AM1", "AM2", "AM3"):
        return attempt.stage
    return "MM1" if attempt.stage == "MM2" or reason == "no-common-ike-policy" else None


def _unanswered(attempt: Attempt) -> Verdict:
    """Nobody answers, or not any more; of MM5 that may be the peer's silence about a key that it cannot use."""
    given_up = next((one for one in attempt.repeats if one.row.fact == "given-up"), None)
    best = given_up or attempt.repeats[0]
    stage = next((one.at for one in attempt.repeats if one.at is not None), None) or attempt.stage
    if attempt.version == 2:
        at: Message | None = "AUTH" if attempt.place >= PLACE["AUTH"] or stage == "AUTH" else "SA_INIT"
        candidates: tuple[Cause, ...] = REJECTED if at == "AUTH" else _UNHEARD
        if attempt.side == "responder":
            candidates = ()  # an initiator that falls silent was not refused
    else:
        at = cast("Message | None", stage if stage not in ("PHASE1", "UP") else "QM1")
        candidates = _SILENCE.get(at or "", ())
    lines = tuple(one.line for one in attempt.repeats[:MOST_LINES])
    return Verdict("down", at, "no-response", candidates, lines, best.row.words, attempt.repeats[0].time)


_UNHEARD: tuple[Cause, ...] = ("peer-address-mismatch", "ike-version-mismatch", "incomplete-configuration")
"""What keeps anybody from hearing a first message."""
_SILENCE: dict[str, tuple[Cause, ...]] = {
    "MM1": (*_UNHEARD, "no-key-on-responder"),
    "AM1": ("aggressive-mode-disabled", *_UNHEARD, "no-key-on-responder"),
    "AM2": ("psk-mismatch",),
    "MM5": ("psk-mismatch", "keyring-verification", "certificate"),
    "QM1": ANY,
}
"""What may lie behind silence: what makes a responder drop a message without a word."""


def _broken(attempt: Attempt) -> Verdict:
    """What was up is gone; or packets come that this end cannot use, which says nothing of a negotiation."""
    best = next((one for one in attempt.breaks if one.row.reason), attempt.breaks[0])
    stale = all(one.row.fact for one in attempt.breaks)
    lines = tuple(one.line for one in attempt.breaks[:MOST_LINES])
    return Verdict(
        "unknown" if stale else "down", None, best.row.reason, best.row.candidates, lines, best.row.words, best.time
    )
