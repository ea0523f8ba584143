"""The associations that a router shows, put together from all its show commands (SHOW-LAYOUT, SA-EVIDENCE)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import Literal

import msgspec

from ikeaudit.model import (
    CryptoConnection,
    CryptoSession,
    Evidence,
    Ikev2Sa,
    IPAddress,
    IsakmpDetail,
    IsakmpSa,
    ShownLine,
    show_file,
)
from ikeaudit.model.grouping import by_key
from ikeaudit.selection import RouterRules


class Agreed(msgspec.Struct, frozen=True, gc=False):
    """What both ends agreed on, as the router prints it; None is not shown."""

    encryption: str | None = None
    hash: str | None = None
    authentication: str | None = None
    group: str | None = None


class ObservedSa(msgspec.Struct, frozen=True, kw_only=True):
    """An IKE SA of ``router`` that is up or was tried, with the IPsec SAs that run beside it.

    ``initiator`` says whether this router started it. ``up``: phase 1 (or IKEv2) is established and not deleted. ``carries``:
    there are IPsec SAs with the peer. ``interfaces`` are those whose sessions use it. ``profile`` is that of the session, which
    is known to be none only if ``profile_shown``. ``remaining`` is what is left of an IKEv1 lifetime, ``active`` for how long
    IKEv2 has been up, ``uptime`` for how long the session has, all in seconds; ``encaps`` and ``decaps`` count packets. None is
    what is not shown.
    """

    router: str
    ike_version: Literal[1, 2]
    local: IPAddress
    remote: IPAddress
    initiator: bool | None = None
    up: bool = False
    state: str = ""
    carries: bool | None = None
    interfaces: tuple[str, ...] = ()
    profile: str | None = None
    profile_shown: bool = False
    agreed: Agreed = Agreed()
    remaining: int | None = None
    active: int | None = None
    uptime: int | None = None
    encaps: int | None = None
    decaps: int | None = None
    shown: tuple[ShownLine, ...] = ()


def shown_lines(rules: RouterRules, lines: Iterable[ShownLine | None]) -> tuple[Evidence, ...]:
    """Lines of a router's show output as evidence."""
    router = rules.router
    folder = router.file.rpartition("/")[0]
    return tuple(
        Evidence(
            router.name, f"{folder}/{show_file(line.command)}" if folder else show_file(line.command), n, line.text
        )
        for line in dict.fromkeys(lines)
        if line is not None and (n := line.number)
    )


def observed_sas(rules: RouterRules) -> tuple[ObservedSa, ...]:
    """Every IKE SA that the router shows; one whose own end cannot be told is left out.

    Where only sessions were collected, an SA is known by its ends, and not by who started it.
    """
    shows = rules.router.shows
    shown = _Shown(rules)
    found = [sa for row in shows.isakmp_sas or () if (sa := _isakmp(rules, row, shown)) is not None]
    found += [_ikev2(rules, row, shown) for row in shows.ikev2_sas or ()]
    listed = {1: shows.isakmp_sas is not None, 2: shows.ikev2_sas is not None}
    for session in shows.sessions or ():
        for one in session.connections:
            if one.local is not None and session.peer is not None and not listed[one.ike_version]:
                found.append(_from_session(rules, session, one, one.local, session.peer))
    return tuple(found)


class _Shown:
    """What a router shows, to be looked up: a hub has thousands of each."""

    def __init__(self, rules: RouterRules) -> None:
        shows = rules.router.shows
        self.own = frozenset(rules.addresses.all())
        self.sessions = by_key((session.peer, session) for session in shows.sessions or ())
        self.details = {detail.conn_id: detail for detail in reversed(shows.isakmp_details or ())}


def _isakmp(rules: RouterRules, row: IsakmpSa, shown: _Shown) -> ObservedSa | None:
    detail = shown.details.get(row.conn_id) if row.conn_id else None
    ends = _own_end(row, shown.own, detail)
    if ends is None:
        return None
    local, remote, initiator = ends
    sessions = [*_sessions_of(shown.sessions.get(remote, ()), 1, local, row.conn_id)]
    last = next((c for s in sessions for c in s.connections if c.conn_id == row.conn_id and row.conn_id), None)
    deleted = "deleted" in row.status.lower()
    idle = row.state == "QM_IDLE" or (not row.state and detail is not None)
    up = idle and not deleted
    left = last.remaining if last is not None else None
    if left is None and detail is not None:
        left = detail.remaining
    sa = ObservedSa(
        router=rules.router.name,
        ike_version=1,
        local=local,
        remote=remote,
        initiator=initiator,
        up=up,
        state=f"{row.state} {row.status}".strip(),
        agreed=Agreed()
        if detail is None
        else Agreed(detail.encryption, detail.hash, detail.authentication, detail.group),
        remaining=left if up else None,
        shown=_lines(row.at),
    )
    return _with_sessions(sa, sessions)


def _own_end(
    row: IsakmpSa, own: Container[IPAddress], detail: IsakmpDetail | None
) -> tuple[IPAddress, IPAddress, bool | None] | None:
    """The local and the remote end of a row, and whether the local one started it; None where that cannot be told."""
    if not row.state:  # the long form prints the local end first, and nobody's initiator
        return row.source, row.destination, None
    if detail is not None and {detail.local, detail.remote} == {row.source, row.destination}:
        return detail.local, detail.remote, detail.local == row.source
    here = [address in own for address in (row.source, row.destination)]
    if here == [True, False]:
        return row.source, row.destination, True
    if here == [False, True]:
        return row.destination, row.source, False
    return None


def _ikev2(rules: RouterRules, row: Ikev2Sa, shown: _Shown) -> ObservedSa:
    sessions = [*_sessions_of(shown.sessions.get(row.remote, ()), 2, row.local, None)]
    sa = ObservedSa(
        router=rules.router.name,
        ike_version=2,
        local=row.local,
        remote=row.remote,
        initiator=row.initiator,
        up=row.status.upper() == "READY",
        state=row.status,
        agreed=Agreed(row.encryption, row.integrity, row.sign, row.group),
        active=row.active,
        shown=_lines(row.at),
    )
    return _with_sessions(sa, sessions)


def _from_session(
    rules: RouterRules, session: CryptoSession, one: CryptoConnection, local: IPAddress, remote: IPAddress
) -> ObservedSa:
    up = one.state.lower().startswith("active")
    sa = ObservedSa(
        router=rules.router.name,
        ike_version=2 if one.ike_version == 2 else 1,
        local=local,
        remote=remote,
        up=up,
        state=one.state,
        remaining=one.remaining if up else None,
        shown=_lines(session.at),
    )
    return _with_sessions(sa, [session])


def _sessions_of(
    sessions: Iterable[CryptoSession], version: int, local: IPAddress, conn_id: int | None
) -> Iterator[CryptoSession]:
    """Those of the ``sessions`` with its peer that use an SA: by its number where that is printed, else by its own end."""
    for session in sessions:
        for one in session.connections:
            numbered = conn_id and one.conn_id
            if one.ike_version == version and (one.conn_id == conn_id if numbered else one.local in (None, local)):
                yield session
                break


def _with_sessions(sa: ObservedSa, sessions: list[CryptoSession]) -> ObservedSa:
    """The SA with what its sessions tell of it."""
    ups = [session.uptime for session in sessions if session.uptime is not None]
    sent = [session.encaps for session in sessions if session.encaps is not None]
    got = [session.decaps for session in sessions if session.decaps is not None]
    profiles = {session.profile for session in sessions}
    return msgspec.structs.replace(
        sa,
        carries=any(session.active_sas for session in sessions) if sessions else None,
        interfaces=tuple(dict.fromkeys(session.interface for session in sessions)),
        profile=next(iter(profiles)) if len(profiles) == 1 else None,
        profile_shown=len(profiles) == 1,
        uptime=max(ups) if ups else None,
        encaps=sum(sent) if sent else None,
        decaps=sum(got) if got else None,
        shown=tuple(dict.fromkeys((*sa.shown, *(s.at for s in sessions if s.at is not None)))),
    )


def _lines(*lines: ShownLine | None) -> tuple[ShownLine, ...]:
    return tuple(dict.fromkeys(line for line in lines if line is not None))
