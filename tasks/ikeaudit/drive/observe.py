"""What a router's tunnels do at a moment, and what of it got worse: sessions, routing neighbours, traffic counters.

All tunnels of a touched router are looked at, not only those that the plan is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from ikeaudit.drive.device import Device
from ikeaudit.drive.replies import complaint
from ikeaudit.parsing.shows import parse_session

_EIGRP_AS = re.compile(r"EIGRP.*Neighbors for (?:AS\((\d+)\)|process (\d+))", re.I)
_EIGRP = re.compile(r"^\s*\d+\s+(\d+\.\d+\.\d+\.\d+)\s+(\S+)\s+\d+\s")
_OSPF = re.compile(r"^\s*\d+\.\d+\.\d+\.\d+\s+\d+\s+([A-Z0-9-]+)/\s*\S+\s+\S+\s+(\d+\.\d+\.\d+\.\d+)\s+(\S+)")
_BGP = re.compile(r"^\s*\*?(\d+\.\d+\.\d+\.\d+|[\da-fA-F:]+:[\da-fA-F:]*)\s+4\s+(\d+(?:\.\d+)?)\s+.*?(\S+)\s*$")
_VRF = re.compile(r"^  (\S+) +(?:\d\S*:\d+|<not set>)")
_INTERFACE = re.compile(r"^(Tunnel\d\S*) is ")
_PACKETS = re.compile(r"^\s+(\d+) packets (input|output)")
_CRYPTED = re.compile(r"^\s+(?:Inbound|Outbound):\s+#pkts (dec|enc)'ed (\d+)")

INTERFACES = "show interfaces | include ^Tunnel|packets input|packets output"


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """``sessions``: state by interface and peer; ``neighbours``: state by protocol, address and interface, in all VRFs;
    ``traffic``: packets received and sent by tunnel interface, and by session (the latter counted from when its association
    was made)."""

    sessions: dict[str, str] = {}
    neighbours: dict[str, str] = {}
    traffic: dict[str, tuple[int, int]] = {}


def observe(device: Device) -> Observation:
    """Look at one router; what it does not know (no such protocol) is left out.

    :raises SessionError: when it does not answer.
    """
    device.leave_config()
    crypto = device.run("show crypto session detail")
    traffic = _interfaces(device.run(INTERFACES, slow=True))
    return Observation(
        sessions=_sessions(crypto),
        neighbours=_neighbours(device),
        traffic=traffic | _crypted(crypto),
    )


def _neighbours(device: Device) -> dict[str, str]:
    """OSPF shows the neighbours of all VRFs at once, EIGRP those of one, BGP those of all but the default one in a table."""
    found = _eigrp(_said(device, "show ip eigrp neighbors"))
    for vrf in _vrfs(_said(device, "show ip vrf")):
        found |= _eigrp(_said(device, f"show ip eigrp vrf {vrf} neighbors"))
    found |= _ospf(_said(device, "show ip ospf neighbor"))
    return found | _bgp([_said(device, "show ip bgp summary"), _said(device, "show ip bgp vpnv4 all summary")])


def lost(before: Observation, after: Observation) -> list[str]:
    """Sessions and neighbours that were up and are not any more, a sentence each."""
    found = [
        f"session {name} was {state} and is {after.sessions.get(name, 'gone')}"
        for name, state in before.sessions.items()
        if state.startswith("UP-ACTIVE") and not after.sessions.get(name, "gone").startswith("UP")
    ]
    found += [
        f"{name} was {state} and is {after.neighbours.get(name, 'gone')}"
        for name, state in before.neighbours.items()
        if _good(state) and not _good(after.neighbours.get(name, "gone"))
    ]
    return found


def one_way(before: Observation, after: Observation) -> list[str]:
    """Tunnels that had traffic both ways and now send without receiving anything, a sentence each."""
    found = []
    for name, (received, sent) in before.traffic.items():
        now = after.traffic.get(name)
        if now is None or not received or not sent:
            continue
        restarted = now[0] < received or now[1] < sent
        new = now if restarted or " -> " in name else (now[0] - received, now[1] - sent)
        if new[1] and not new[0]:
            what = "session " if " -> " in name else ""
            found.append(f"{what}{name} has sent {new[1]} packets since the change and received none")
    return found


def _said(device: Device, command: str) -> str:
    reply = device.run(command)
    return "" if complaint(reply) is not None else reply


def _good(state: str) -> bool:
    return state in ("up", "FULL", "2WAY")


def _sessions(text: str) -> dict[str, str]:
    found = parse_session(text) or ()
    return {f"{s.interface} -> {s.peer}": s.status.strip() for s in found if s.peer is not None}


def _crypted(text: str) -> dict[str, tuple[int, int]]:
    """Decrypted and encrypted packets of each session that carries traffic."""
    found: dict[str, tuple[int, int]] = {}
    for block in re.split(r"(?m)^(?=Interface: )", text):
        sessions = [s for s in parse_session(f"Crypto session current status\n\n{block}") or () if s.peer is not None]
        counts = {"dec": 0, "enc": 0}
        for line in block.splitlines():
            if match := _CRYPTED.match(line):
                counts[match[1]] += int(match[2])
        if len(sessions) == 1 and sessions[0].active_sas:
            found[f"{sessions[0].interface} -> {sessions[0].peer}"] = (counts["dec"], counts["enc"])
    return found


def _interfaces(text: str) -> dict[str, tuple[int, int]]:
    found: dict[str, list[int]] = {}
    name: str | None = None
    for line in text.splitlines():
        if match := _INTERFACE.match(line):
            name = match[1]
            found[name] = [0, 0]
        elif re.match(r"\S", line):
            name = None
        elif name is not None and (match := _PACKETS.match(line)):
            found[name][match[2] == "output"] = int(match[1])
            if match[2] == "output":
                name = None
    return {name: (counts[0], counts[1]) for name, counts in found.items()}


def _eigrp(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    process = ""
    for line in text.splitlines():
        if match := _EIGRP_AS.search(line):
            process = match[1] or match[2]
        elif match := _EIGRP.match(line):
            found[f"EIGRP {process} neighbour {match[1]} on {match[2]}"] = "up"
    return found


def _ospf(text: str) -> dict[str, str]:
    rows = (match for match in map(_OSPF.match, text.splitlines()) if match)
    return {f"OSPF neighbour {match[2]} on {match[3]}": match[1] for match in rows}


def _bgp(tables: Iterable[str]) -> dict[str, str]:
    """Neighbours of one address in several VRFs are told apart by their place: the tables do not name the VRF."""
    found: dict[str, str] = {}
    for row in (match for text in tables for match in map(_BGP.match, text.splitlines()) if match):
        name = f"BGP neighbour {row[1]} (AS {row[2]})"
        count = 2
        while name in found:
            name, count = f"BGP neighbour {row[1]} (AS {row[2]}), number {count}", count + 1
        found[name] = "up" if row[3].isdigit() else row[3]
    return found


def _vrfs(text: str) -> list[str]:
    return [match[1] for match in map(_VRF.match, text.splitlines()) if match]
