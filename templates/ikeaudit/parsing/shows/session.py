"""``show crypto session [detail]`` (SHOW-LAYOUT): which profile each tunnel really used."""

from __future__ import annotations

from collections.abc import Iterator

from ikeaudit.model import CryptoConnection, CryptoSession, parse_address
from ikeaudit.parsing.shows.lines import endpoint, or_none, texts, vrf_or_none
from ikeaudit.parsing.shows.times import seconds
from ikeaudit.parsing.ttp_adapter import Match, parse_show

_TITLE = "crypto session current status"


def parse_session(text: str) -> tuple[CryptoSession, ...] | None:
    """The sessions of ``show crypto session``, with or without ``detail``; None when it is not that command's output.

    ``IKE SA`` without a version is IKEv1, as releases without IKEv2 print it. An interface with several peers gives a session
    for each. When the command was given several times, the last time counts.
    """
    lines = texts(text)
    last = max((at for at, line in enumerate(lines) if line.lower() == _TITLE), default=0)
    found = parse_show("show_crypto_session", lines[last:])
    sessions = tuple(session for match in found.get("sessions", ()) for session in _sessions(match))
    return sessions if sessions or "titles" in found else None


def _sessions(match: Match) -> Iterator[CryptoSession]:
    """The sessions of one interface, one a peer; a peer's own status and VRF replace those above it."""
    for peer in match.get("peers", ({},)):
        association = peer.get("associations", ({},))[-1]
        version = association.get("version")
        yield CryptoSession(
            interface=match["interface"],
            status=peer.get("status", match.get("status", "")),
            peer=parse_address(peer.get("peer", "")),
            local=endpoint(association.get("local", ""))[0],
            fvrf=vrf_or_none(peer.get("fvrf")),
            profile=or_none(match.get("profile", "")),
            ike_version=None if version is None else 2 if version.endswith("2") else 1,
            active_sas=sum(int(flow["count"]) for flow in peer.get("flows", ())),
            uptime=seconds(match.get("uptime")),
            encaps=_packets(peer, "encaps"),
            decaps=_packets(peer, "decaps"),
            connections=tuple(_connection(one) for one in peer.get("associations", ())),
        )


def _packets(peer: Match, name: str) -> int | None:
    """The packets of all flows together; None where they are not printed."""
    counts = [int(flow[name]) for flow in peer.get("flows", ()) if name in flow]
    return sum(counts) if counts else None


def _connection(match: Match) -> CryptoConnection:
    conn_id = match.get("conn_id")
    return CryptoConnection(
        ike_version=2 if match["version"].endswith("2") else 1,
        local=endpoint(match.get("local", ""))[0],
        remote=endpoint(match.get("remote", ""))[0],
        state=match.get("state", "").strip(),
        conn_id=None if conn_id is None else int(conn_id),
        remaining=seconds(match.get("remaining")),
    )
