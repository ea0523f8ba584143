"""Lines about packets and states: the one thing that always names the peer, this end's part, and how far both have come."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from ikeaudit.logs.message import ADDRESS, Side, Stage
from ikeaudit.logs.reading import Said


class Packet(NamedTuple):
    """A packet that was ``sent`` or received: ``stage`` is the message that it is, None where that is not told.

    ``fresh``: it is the first of a negotiation. ``notify`` is the error of IKEv2 in it.
    """

    peer: str
    local: str | None
    side: Side | None
    sent: bool
    stage: Stage | None
    fresh: bool = False
    notify: str = ""
    aggressive: bool = False


class State(NamedTuple):
    """The state machine has come to ``stage`` at this end, None where a state tells only the part.

    ``by_initiator``: it is the header of an IKEv2 packet, and whether the initiator of the SA sent that. ``fresh``: a
    negotiation begins.
    """

    side: Side | None
    stage: Stage | None
    aggressive: bool = False
    version: Literal[1, 2] = 1
    by_initiator: bool | None = None
    fresh: bool = False


ROLES: dict[str, Side] = {"I": "initiator", "R": "responder"}

_PACKET = re.compile(
    rf"(?P<way>sending|received) packet (?:to|from) (?P<peer>{ADDRESS}).*?"
    r"\((?P<role>[IRN])\)\s*(?P<state>[A-Z]+(?:[_ ][A-Z_]+)?)",
    re.IGNORECASE,
)
_STATE = re.compile(r"Old State\s*=\s*IKE_(?P<old>\w+)\s+New State\s*=\s*IKE_(?P<new>\w+)", re.IGNORECASE)
_STEP = re.compile(r"(?P<role>[IR])_(?P<mode>[MA])M(?P<number>[1-6])")
_WAITING = re.compile(r"([IR])_AM_")
"""Aggressive mode while AAA is asked for the key of a group."""
_PACKET_2 = re.compile(
    rf"(?P<way>Sending|Received) Packet \[(?:To|From) (?P<peer>{ADDRESS}):\d+/(?:From|To) (?P<local>{ADDRESS}):\d+(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_PACKET_OLD = re.compile(rf"(?P<way>[RT]x)\s*\[L (?P<local>{ADDRESS}):\d+/R (?P<peer>{ADDRESS}):\d+")
"""As 15.1 and 15.2 show a packet; its header follows, in a message of its own."""
_TRACE = re.compile(
    r"SM Trace->.*?\((?P<role>[IR])\)\s+MsgID = \w+\s+CurState:\s+(?P<state>\w+)(?:\s+Event:\s+(?P<event>\w+))?"
)
_EXCHANGE = re.compile(r"IKEv2 (IKE_SA_INIT|IKE_AUTH|CREATE_CHILD_SA|INFORMATIONAL) Exchange (REQUEST|RESPONSE)", re.I)
_TYPE = re.compile(r"Exchange type: (IKE_SA_INIT|IKE_AUTH|CREATE_CHILD_SA|INFORMATIONAL),\s*flags:\s*([\w ,-]*)", re.I)
_NOTIFY = re.compile(r"NOTIFY\((NO_PROPOSAL_CHOSEN|AUTHENTICATION_FAILED|TS_UNACCEPTABLE)\)", re.I)

_SENT: dict[tuple[str, str], Stage] = {
    ("I", "MM_NO_STATE"): "MM1",
    ("I", "MM_SA_SETUP"): "MM3",
    ("I", "MM_KEY_EXCH"): "MM5",
    ("R", "MM_SA_SETUP"): "MM2",
    ("R", "MM_KEY_EXCH"): "MM4",
    ("I", "AG_NO_STATE"): "AM1",
    ("I", "AG_INIT_EXCH"): "AM1",
    ("R", "AG_INIT_EXCH"): "AM2",
    ("I", "QM_IDLE"): "QM1",
    ("R", "QM_IDLE"): "QM2",
    ("I", "CONF_XAUTH"): "XAUTH",
    ("R", "CONF_XAUTH"): "XAUTH",
}
"""The message that is sent in a state, the label being what the state was before; ``QM_IDLE`` may be others."""

_RECEIVED: dict[tuple[str, str], Stage] = {
    ("N", "NEW SA"): "MM1",
    ("I", "MM_SA_SETUP"): "MM4",
    ("R", "MM_SA_SETUP"): "MM3",
    ("R", "MM_KEY_EXCH"): "MM5",
}
"""As sent; what the initiator gets in ``MM_NO_STATE`` or ``MM_KEY_EXCH`` may be a refusal as well as an answer."""


def unanswered(side: Side | None, state: str) -> Stage | None:
    """The message that is sent again and again in an IKEv1 state; the part is the initiator's where it is not told."""
    role = "R" if side == "responder" else "I"
    state = _whole(state)
    if role == "R" and state == "MM_NO_STATE":
        return "MM2"
    return _SENT.get((role, state))


def packet_of(said: Said) -> Packet | None:
    """The packet that a message is about, None when it is about none."""
    if said.kind.startswith("IKEv2"):
        return _of_ikev2(said.body)
    if said.body[:8].lower() not in ("sending ", "received"):
        return None
    found = _PACKET.match(said.body)
    if found is None:
        return None
    role, state = found["role"].upper(), _whole(found["state"].upper())
    sent = found["way"].lower() == "sending"
    stage = (_SENT if sent else _RECEIVED).get((role, state))
    return Packet(
        peer=found["peer"],
        local=None,
        side=ROLES.get(role, "responder" if role == "N" else None),
        sent=sent,
        stage=stage if state != "QM_IDLE" else None,
        fresh=state == "NEW SA" or (sent and role == "I" and state == "AG_NO_STATE"),
        aggressive=state.startswith("AG_"),
    )


def _of_ikev2(body: str) -> Packet | None:
    found = _PACKET_2.match(body)
    if found is None:
        old = _PACKET_OLD.match(body)
        return old and Packet(old["peer"], old["local"], None, old["way"] == "Tx", None)
    rest, sent = found["rest"], found["way"].lower() == "sending"
    exchange, answer = _exchange(rest)
    notify = _NOTIFY.search(rest)
    side: Side | None = None
    stage: Stage | None = None
    if exchange in ("IKE_SA_INIT", "IKE_AUTH"):
        side = "initiator" if sent != answer else "responder"
        stage = "SA_INIT" if exchange == "IKE_SA_INIT" else "AUTH"
    return Packet(
        peer=found["peer"],
        local=found["local"],
        side=side,
        sent=sent,
        stage=stage,
        fresh=stage == "SA_INIT" and not answer,
        notify=notify[1].upper() if notify and exchange != "INFORMATIONAL" else "",
    )


def _exchange(rest: str) -> tuple[str, bool]:
    """The exchange of an IKEv2 packet, '' where it is cut off, and whether it is the answer."""
    if found := _EXCHANGE.search(rest):
        return found[1].upper(), found[2].upper() == "RESPONSE"
    if found := _TYPE.search(rest):
        return found[1].upper(), "RESPONSE" in found[2].upper()
    return "", False


def state_of(said: Said) -> State | None:
    """The state that IKE has come to, None for a message about something else."""
    if said.kind.startswith("IKEv2"):
        return _of_ikev2_machine(said.body)
    if said.body[:9].lower() != "old state":
        return None
    found = _STATE.match(said.body)
    if found is None:
        return None
    new = found["new"].upper()
    old = _STEP.match(found["old"].upper())
    side: Side | None = ROLES[old["role"]] if old is not None else None
    if new.startswith("P1_COMPLETE"):
        return State(side, "PHASE1", old is not None and old["mode"] == "A")
    if new.startswith("QM_PHASE2_COMPLETE"):
        return State(side, "UP")
    if new.startswith(("XAUTH", "CONFIG_MODE", "CONF_XAUTH")):
        return State(side, "PHASE1")
    step = _STEP.match(new)
    if step is None:
        waiting = _WAITING.match(new)
        return State(ROLES[waiting[1]], "AM1", aggressive=True) if waiting else None
    return State(ROLES[step["role"]], f"{step['mode']}M{step['number']}", step["mode"] == "A")  # type: ignore[arg-type]


def _of_ikev2_machine(body: str) -> State | None:
    """What a trace of IKEv2's state machine says, or the header of a packet; not those of exchanges after the first two."""
    if body.startswith("SM Trace"):
        found = _TRACE.match(body)
        if found is None or found["state"].startswith(("CHILD", "INFO", "DEL", "REKEY", "EXIT")):
            return None
        state, event = found["state"], found["event"] or ""
        stage: Stage | None = "SA_INIT" if "INIT" in state or state == "R_WAIT_AUTH" else None
        if event in ("EV_RECV_AUTH", "EV_GET_POLICY_BY_PEERID") or ("AUTH" in state and state != "R_WAIT_AUTH"):
            stage = "AUTH"
        return State(ROLES[found["role"]], stage, version=2, fresh=event in ("EV_INIT_SA", "EV_RECV_INIT"))
    if body.startswith("Next payload:") and (header := _TYPE.search(body)):
        stage = {"IKE_SA_INIT": "SA_INIT", "IKE_AUTH": "AUTH"}.get(header[1].upper())  # type: ignore[assignment]
        return State(None, stage, version=2, by_initiator="INITIATOR" in header[2].upper()) if stage else None
    return None


def _whole(state: str) -> str:
    """A state that was cut at the edge of a page, written out."""
    for name in ("MM_NO_STATE", "MM_SA_SETUP", "MM_KEY_EXCH", "AG_NO_STATE", "AG_INIT_EXCH", "CONF_XAUTH"):
        if len(state) > 4 and name.startswith(state):
            return name
    return "NEW SA" if state.startswith("NEW") else state
