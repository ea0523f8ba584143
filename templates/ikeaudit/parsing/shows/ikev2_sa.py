"""``show crypto ikev2 sa [detailed]`` and ``show crypto ikev2 session [detailed]`` (SHOW-LAYOUT)."""

from __future__ import annotations

import re
from typing import Any

from ikeaudit.model import Ikev2Sa
from ikeaudit.parsing.shows.lines import body, endpoint, vrf_or_none

_TITLE = re.compile(
    r"\s*IPv[46] Crypto IKEv2\s+(?:SA|Session)\s*|\s*Tunnel-id\s+(?:Local\s+Remote\s+)?fvrf/ivrf\s+Status\s*", re.I
)
_ROW = re.compile(
    r"\s*(?P<id>\d+)\s+(?P<local>\S+/\d+)\s+(?P<remote>\S+/\d+)\s+(?P<fvrf>\S+?)/(?P<ivrf>\S+)\s+(?P<status>\S.*)"
)
_SHORT_ROW = re.compile(r"\s*(?P<id>\d+)\s+(?P<fvrf>[^\s/]+)/(?P<ivrf>\S+)\s+(?P<status>\S.*)")
_END_LINE = re.compile(r"\s*(?P<side>Local|Remote)\s+(?P<end>\S+/\d+)\s*", re.IGNORECASE)
_ALGORITHMS = re.compile(
    r"\s*Encr:\s*(?P<encr>[^,]+?)(?:,\s*keysize:\s*(?P<bits>\d+))?(?:,\s*PRF:\s*(?P<prf>\w+))?,\s*Hash:\s*(?P<hash>\w+)"
    r",\s*DH Grp:\s*(?P<group>\d+)(?:,\s*Auth sign:\s*(?P<sign>[\w-]+))?(?:,\s*Auth verify:\s*(?P<verify>[\w-]+))?.*",
    re.IGNORECASE,
)
_IDENTITY = re.compile(r"\s*(?P<side>Local|Remote) id:\s*(?P<id>\S.*)", re.IGNORECASE)
_INITIATOR = re.compile(r"\s*Initiator of SA\s*:\s*(?P<yes>Yes|No)\s*", re.IGNORECASE)
_CHILD = re.compile(r"\s*Child sa:.*", re.IGNORECASE)


def parse_ikev2_sa(text: str) -> tuple[Ikev2Sa, ...] | None:
    """The associations printed, in any of the two commands' layouts; None when it is not such a command's output.

    In the layout for IPv6 the addresses stand on lines of their own.
    """
    found: list[dict[str, Any]] = []
    recognised = False
    for _, line in body(text):
        if _TITLE.fullmatch(line):
            recognised = True
        elif row := _ROW.fullmatch(line) or _SHORT_ROW.fullmatch(line):
            found.append(_start(row.groupdict()))
        elif found:
            _read(found[-1], line)
    whole = tuple(Ikev2Sa(**values) for values in found if values["local"] and values["remote"])
    return whole if whole or recognised else None


def _start(row: dict[str, str]) -> dict[str, Any]:
    local, local_port = endpoint(row.get("local", ""))
    remote, remote_port = endpoint(row.get("remote", ""))
    return {
        "tunnel_id": int(row["id"]),
        "local": local,
        "remote": remote,
        "local_port": local_port,
        "remote_port": remote_port,
        "fvrf": vrf_or_none(row["fvrf"]),
        "ivrf": vrf_or_none(row["ivrf"]),
        "status": row["status"].strip(),
    }


def _read(values: dict[str, Any], line: str) -> None:
    if end := _END_LINE.fullmatch(line):
        side = end["side"].lower()
        values[side], values[f"{side}_port"] = endpoint(end["end"])
    elif found := _ALGORITHMS.fullmatch(line):
        values["encryption"] = found["encr"] + (f"-{found['bits']}" if found["bits"] else "")
        values |= {"integrity": found["hash"], "prf": found["prf"], "group": found["group"]}
        values |= {"sign": found["sign"], "verify": found["verify"]}
    elif identity := _IDENTITY.fullmatch(line):
        values[f"{identity['side'].lower()}_id"] = identity["id"].strip()
    elif initiator := _INITIATOR.fullmatch(line):
        values["initiator"] = initiator["yes"].lower() == "yes"
    elif _CHILD.fullmatch(line):
        values["children"] = values.get("children", 0) + 1
