"""What a known message does to the attempt that it is about."""

from __future__ import annotations

from ikeaudit.logs.attempt import MOST_LINES, PLACE, Attempt, Refusal
from ikeaudit.logs.message import Row, Stage
from ikeaudit.logs.packets import unanswered
from ikeaudit.logs.reading import Said
from ikeaudit.logs.recognise import Known, recognise

_POLICY = ("policy", "method", "preshared")
"""Facts about one policy that was compared and did not fit: the next one may."""


def apply(attempt: Attempt, known: Known, line: int, time: str) -> None:
    """Note what ``known`` says."""
    row = known.row
    if row.fact:
        _fact(attempt, row, line, time)
    at = row.aggressive if attempt.mode == "aggressive" and row.aggressive else row.at
    if row.does == "notes":
        attempt.begun = attempt.begun or not row.text.startswith("map_db")
    elif row.does == "begins":
        attempt.begun = True
        if at in ("MM1", "AM1"):
            attempt.refusals = [one for one in attempt.refusals if one.row.fact != "no-key"]
        if at is not None and (at != "QM1" or attempt.place < PLACE["QM1"]):
            attempt.reach(at)
    elif row.does == "reaches" and at is not None:
        attempt.reach(at, row, line, time)
    elif row.does == "refuses":
        attempt.refuse(row, line, at, time)
    elif row.does == "repeats":
        attempt.repeat(row, line, _repeated(attempt, known, at), time)
    elif row.does == "breaks" and len(attempt.breaks) < MOST_LINES:
        attempt.breaks.append(Refusal(row, line, None, time))


def _repeated(attempt: Attempt, known: Known, at: Stage | None) -> Stage | None:
    """The message that is sent again."""
    if known.state and not known.state.startswith("QM"):
        return unanswered(attempt.side, known.state) or attempt.stage
    return at or attempt.stage


def _decides(attempt: Attempt) -> bool:
    """Whether no profile for an identity is why a call fails: on a call that goes on the same words are noise."""
    known = {"profile", "verified"} & set(attempt.facts)
    return "identity" in attempt.facts and not known and attempt.place < PLACE["PHASE1"]


def _fact(attempt: Attempt, row: Row, line: int, time: str) -> None:
    fact = row.fact
    if fact == "policy-taken":
        attempt.refusals = [one for one in attempt.refusals if one.row.fact not in _POLICY]
        for name in _POLICY:
            attempt.facts.pop(name, None)
    elif fact == "offer" and not attempt.begun:
        attempt.plays("responder")  # an initiator has said more before it gets an answer
    elif fact == "key-look-up" and not attempt.begun:
        attempt.plays("initiator", assumed=True)  # a responder knows whose key it needs when it has the identity
    elif fact == "profile":
        attempt.plays("responder", assumed=True)  # an initiator has chosen its own before the identity comes
    elif fact == "identity":
        attempt.reach("AUTH")
    elif fact == "key":
        attempt.has_a_key()
    elif fact == "profile-missing" and _decides(attempt):
        attempt.refuse(row, line, "AUTH", time)
    attempt.note(fact, line)


def notified(attempt: Attempt, notify: str, line: int, time: str) -> None:
    """The peer's answer to IKE_SA_INIT or IKE_AUTH holds an error."""
    rekeying = "CREATE_CHILD_SA " if attempt.up is not None or attempt.stage not in ("SA_INIT", "AUTH") else ""
    known = recognise(Said(line, "", "IKEv2", "", f"{rekeying}NOTIFY({notify})"))
    if known is not None:
        attempt.note(known.row.fact, line)
        first = notify == "NO_PROPOSAL_CHOSEN" and attempt.stage == "SA_INIT"
        attempt.refuse(known.row, line, "SA_INIT" if first else known.row.at, time)
