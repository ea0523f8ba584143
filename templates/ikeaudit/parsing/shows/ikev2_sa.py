"""``show crypto ikev2 sa [detailed]`` and ``show crypto ikev2 session [detailed]`` (SHOW-LAYOUT)."""

from __future__ import annotations

from ikeaudit.model import Ikev2Sa
from ikeaudit.parsing.shows.lines import endpoint, texts, vrf_or_none
from ikeaudit.parsing.ttp_adapter import Match, parse_show


def parse_ikev2_sa(text: str) -> tuple[Ikev2Sa, ...] | None:
    """The associations printed, in any of the two commands' layouts; None when it is not such a command's output."""
    found = parse_show("show_crypto_ikev2_sa", texts(text))
    associations = tuple(sa for match in found.get("associations", ()) if (sa := _association(match)))
    return associations if associations or "titles" in found else None


def _association(match: Match) -> Ikev2Sa | None:
    """One association; None when an end of it is not printed or no address."""
    local, local_port = endpoint(match.get("local", ""))
    remote, remote_port = endpoint(match.get("remote", ""))
    if local is None or remote is None:
        return None
    cipher = match.get("encryption")
    initiator = match.get("initiator")
    return Ikev2Sa(
        tunnel_id=int(match["tunnel_id"]),
        local=local,
        remote=remote,
        status=match["status"],
        local_port=local_port,
        remote_port=remote_port,
        fvrf=vrf_or_none(match["fvrf"]),
        ivrf=vrf_or_none(match["ivrf"]),
        encryption=cipher and cipher.replace(", keysize: ", "-"),
        integrity=match.get("integrity"),
        prf=match.get("prf"),
        group=match.get("group"),
        sign=match.get("sign"),
        verify=match.get("verify"),
        local_id=match.get("local_id"),
        remote_id=match.get("remote_id"),
        initiator=None if initiator is None else initiator == "Yes",
        children=len(match.get("children", ())),
        lifetime=int(match["lifetime"]) if "lifetime" in match else None,
        active=int(match["active"]) if "active" in match else None,
    )
