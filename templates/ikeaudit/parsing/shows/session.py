"""``show crypto session [detail]`` (SHOW-LAYOUT): which profile each tunnel really used."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ikeaudit.model import CryptoSession, IPAddress, parse_address
from ikeaudit.parsing.shows.lines import body, endpoint, or_none, vrf_or_none

_TITLE = re.compile(r"\s*Crypto session current status|\s*Code: C - IKE Configuration mode.*", re.IGNORECASE)
_FIELD = re.compile(r"\s*(?P<name>Interface|Profile|Session status|FVRF):\s*(?P<value>.*)")
_PEER = re.compile(r"\s*Peer:\s*(?P<peer>\S+)(?:\s+port\s+\d+)?(?:.*?\bfvrf:\s*(?P<fvrf>\S+))?.*", re.IGNORECASE)
_SA = re.compile(r"\s*IKE(?:v(?P<version>[12]))? SA: local (?P<local>\S+)(?:\s+remote\s+\S+)?.*", re.IGNORECASE)
_FLOW = re.compile(r"\s*Active SAs:\s*(?P<count>\d+).*", re.IGNORECASE)


@dataclass
class _Session:
    interface: str
    status: str = ""
    profile: str | None = None
    peer: IPAddress | None = None
    local: IPAddress | None = None
    fvrf: str | None = None
    version: int | None = None
    active: int = 0

    def frozen(self) -> CryptoSession:
        return CryptoSession(
            interface=self.interface,
            status=self.status,
            peer=self.peer,
            local=self.local,
            fvrf=self.fvrf,
            profile=self.profile,
            ike_version=self.version,
            active_sas=self.active,
        )


def parse_session(text: str) -> tuple[CryptoSession, ...] | None:
    """The sessions of ``show crypto session``, with or without ``detail``; None when it is not that command's output.

    ``IKE SA`` without a version is IKEv1, as releases without IKEv2 print it. An interface with several peers gives a session
    for each. When the command was given several times, the last time counts.
    """
    sessions: list[_Session] = []
    recognised = False
    for _, line in body(text):
        if _TITLE.fullmatch(line):
            if line.lstrip().lower().startswith("crypto session"):
                sessions.clear()
            recognised = True
        elif field := _FIELD.fullmatch(line):
            _set_field(sessions, field["name"].lower(), field["value"].strip())
        elif sessions:
            _read(sessions, line)
    return tuple(session.frozen() for session in sessions) if sessions or recognised else None


def _set_field(sessions: list[_Session], name: str, value: str) -> None:
    if name == "interface":
        sessions.append(_Session(value))
    elif not sessions:
        return
    elif name == "profile":
        sessions[-1].profile = or_none(value)
    elif name == "fvrf":
        sessions[-1].fvrf = vrf_or_none(value)
    else:
        sessions[-1].status = value


def _read(sessions: list[_Session], line: str) -> None:
    session = sessions[-1]
    if peer := _PEER.fullmatch(line):
        if session.peer is not None:
            session = _Session(session.interface, session.status, session.profile)
            sessions.append(session)
        session.peer = parse_address(peer["peer"])
        session.fvrf = vrf_or_none(peer["fvrf"])
    elif sa := _SA.fullmatch(line):
        session.version = int(sa["version"] or 1)
        session.local = endpoint(sa["local"])[0]
    elif flow := _FLOW.fullmatch(line):
        session.active += int(flow["count"])
