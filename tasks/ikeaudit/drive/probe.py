"""Making a router start a negotiation, and seeing whether it was that router which started it (CHANGE-LATER, CHANGE-WINDOW).

A direction counts as tested only when the router shows its own address as the initiator's; traffic of the
other side may win the race, so a few attempts are made, and then the direction is "not proven".
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Literal, Protocol

import msgspec

from ikeaudit.drive.device import Device
from ikeaudit.drive.replies import complaint
from ikeaudit.fleet import Fleet
from ikeaudit.model import Interface, IPAddress, Router, parse_address
from ikeaudit.parsing.shows import parse_isakmp_sa, parse_session
from ikeaudit.selection import Endpoint

Verdict = Literal["up", "down", "not-proven"]

_IKEV2_SA = re.compile(
    r"^\s*\d+\s+(?P<local>[\da-fA-F.:]+)/\d+\s+(?P<remote>[\da-fA-F.:]+)/\d+\s+\S+\s+(?P<state>\S+)", re.M
)
_IKEV2_ROLE = re.compile(r"Initiator of SA\s*:\s*(Yes|No)")


class Direction(Protocol):
    """One direction of one tunnel: who calls whom; its text names it. The answering end is None where nobody is known."""

    @property
    def initiator(self) -> str: ...

    @property
    def initiator_interface(self) -> str: ...

    @property
    def peer(self) -> str: ...

    @property
    def responder(self) -> str | None: ...

    @property
    def responder_interface(self) -> str | None: ...


class Tested(msgspec.Struct, frozen=True, kw_only=True):
    """The result of forcing one direction; ``detail`` says what the initiator showed, or why it could not be forced.

    ``on`` is the configuration that it was run on: that of before the change, or after it. Of a change that was taken back a
    test on the latter tells nothing of how the routers are.
    """

    direction: str
    initiator: str
    peer: str
    result: Verdict
    detail: str
    on: Literal["before", "after"] = "after"


@dataclass(frozen=True, slots=True)
class Probe:
    """What to type to make a direction start: the traffic, and what clears the association before."""

    endpoint: Endpoint
    local: IPAddress
    peer: IPAddress
    clear: str
    ping: str


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient a test is: attempts, seconds until an association must stand, seconds between two looks, and seconds until
    routing neighbours that were lost on the way must be back."""

    attempts: int = 3
    settle: float = 10.0
    look: float = 1.0
    routing: float = 90.0


def probe_of(direction: Direction, fleet: Fleet) -> Probe | str:
    """How to force ``direction`` by what the routers' configurations say; the reason when it cannot be forced."""
    try:
        near = fleet.router(direction.initiator)
    except KeyError:
        return f"the configuration of {direction.initiator} is not known"
    ends = [e for e in fleet.rules(near.name).endpoints if e.interface == direction.initiator_interface]
    peer = parse_address(direction.peer)
    endpoint = next((e for e in ends if e.peer == peer), None)
    if peer is None or endpoint is None:
        return f"{direction.initiator_interface} does not call {direction.peer}"
    if endpoint.local.address is None:
        return f"{direction.initiator_interface} has no fixed address of its own"
    if endpoint.shutdown:
        return f"{direction.initiator_interface} is shut down"
    if endpoint.responder_only:
        return f"{direction.initiator_interface} only answers"
    first = _called_first(near, ends)
    if endpoint.kind == "crypto-map" and first.peer != peer:
        return (
            f"{direction.initiator_interface} calls {peer} only while {first.peer or first.peer_name} does not answer"
        )
    far = _router(fleet, direction.responder)
    traffic = _tunnel_traffic(near, endpoint, far, direction) or _map_traffic(near, endpoint, far)
    if traffic is None:
        return "no address is known that traffic through the tunnel could be sent to"
    scope = f" fvrf {endpoint.fvrf}" if endpoint.fvrf else ""
    return Probe(endpoint, endpoint.local.address, peer, f"clear crypto session remote {peer}{scope}", traffic)


def _called_first(router: Router, ends: list[Endpoint]) -> Endpoint:
    """Of the peers of one entry, which are alternatives, the one called first: the default, else that at the top."""
    entries = [entry for crypto_map in (*router.crypto_maps, *router.dynamic_maps) for entry in crypto_map.entries]
    default = {peer.line for entry in entries for peer in entry.peers if peer.default}
    return next((end for end in ends if not default.isdisjoint(end.lines)), ends[0])


def force(
    device: Device,
    direction: Direction,
    probe: Probe,
    *,
    pace: Pace,
    wait: Callable[[float], None] = time.sleep,
    before: Callable[[str], None] = lambda line: None,
) -> Tested:
    """Clear the association with the peer, send traffic, and see who started the next one.

    ``before`` is called with each line that does something, before it is sent.

    :raises SessionError: when the router does not answer.
    """
    device.leave_config()
    seen = ""
    for _ in range(pace.attempts):
        before(probe.clear)
        refused = complaint(device.run(probe.clear))
        if refused is not None:
            return _tested(direction, "not-proven", f"`{probe.clear}` was refused: {refused}")
        before(probe.ping)
        device.run(probe.ping)
        started, state = _settled(device, probe, pace, wait)
        if started is None:
            return _tested(direction, "down", state)
        if started == probe.local:
            return _tested(direction, "up", state)
        seen = f"the other side started it, {pace.attempts} times in a row"
    return _tested(direction, "not-proven", seen)


def force_by(
    devices: Mapping[str, Device],
    direction: Direction,
    probe: Probe | str,
    *,
    pace: Pace,
    before: Callable[[str], None] = lambda line: None,
) -> Tested:
    """:func:`force` by the direction's initiator; ``not-proven``, with the reason, where :func:`probe_of` gave that instead."""
    if isinstance(probe, str):
        return unproven(direction, probe)
    return force(devices[direction.initiator], direction, probe, pace=pace, before=before)


def unproven(direction: Direction, reason: str) -> Tested:
    """The result for a direction that cannot be forced."""
    return _tested(direction, "not-proven", reason)


def _tested(direction: Direction, result: Verdict, detail: str) -> Tested:
    return Tested(
        direction=str(direction), initiator=direction.initiator, peer=direction.peer, result=result, detail=detail
    )


def _settled(device: Device, probe: Probe, pace: Pace, wait: Callable[[float], None]) -> tuple[IPAddress | None, str]:
    """Who started the association that carries traffic now, None when there is none in time; and what the router shows."""
    until = time.monotonic() + pace.settle
    while True:
        started, state = _look(device, probe)
        if started is not None or time.monotonic() >= until:
            return started, state
        wait(pace.look)


def _look(device: Device, probe: Probe) -> tuple[IPAddress | None, str]:
    started, state = _ikev2(device, probe) if probe.endpoint.ike_version == 2 else _ikev1(device, probe)
    if started is None:
        return None, state
    sessions = parse_session(device.run("show crypto session detail")) or ()
    mine = [s for s in sessions if s.peer == probe.peer and s.active_sas > 0]
    if not mine:
        return None, f"{state}, but no IPsec association with {probe.peer}"
    return started, state


def _ikev1(device: Device, probe: Probe) -> tuple[IPAddress | None, str]:
    rows = parse_isakmp_sa(device.run("show crypto isakmp sa")) or ()
    mine = [r for r in rows if {r.source, r.destination} == {probe.local, probe.peer} and "deleted" not in r.status]
    up = sorted((r for r in mine if r.state == "QM_IDLE"), key=lambda row: row.source != probe.local)
    if up:
        return up[0].source, f"QM_IDLE, started by {up[0].source}"
    return None, f"no association stands; state {mine[0].state}" if mine else "no association stands"


def _ikev2(device: Device, probe: Probe) -> tuple[IPAddress | None, str]:
    text = device.run("show crypto ikev2 sa detailed")
    starts = list(_IKEV2_SA.finditer(text))
    state = "no association stands"
    for number, row in enumerate(starts):
        if parse_address(row["local"]) != probe.local or parse_address(row["remote"]) != probe.peer:
            continue
        end = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        role = _IKEV2_ROLE.search(text, row.end(), end)
        state = f"no association stands; state {row['state']}"
        if row["state"] == "READY" and role is not None:
            started = probe.local if role[1] == "Yes" else probe.peer
            return started, f"READY, started by {started}"
    return None, state


def _router(fleet: Fleet, name: str | None) -> Router | None:
    try:
        return fleet.router(name) if name is not None else None
    except KeyError:
        return None


def _tunnel_traffic(near: Router, endpoint: Endpoint, far: Router | None, direction: Direction) -> str | None:
    """A ping from tunnel address to tunnel address.

    Where the other end's is not in the tunnel's net (a virtual template with the address of a loopback) nobody knows whether it
    is routed into the tunnel; another host of that net is.
    """
    if endpoint.kind != "tunnel":
        return None
    interfaces: Mapping[str, Interface] = {i.name: i for i in near.interfaces}
    mine = interfaces.get(endpoint.interface)
    if mine is None:
        return None
    target: IPAddress | None = None
    if far is not None:
        theirs = {i.name: i for i in far.interfaces}
        target = _address(theirs, direction.responder_interface)
    if target is None or not any(a.prefix is not None and a.prefix.covers(target) for a in mine.addresses):
        target = _other_end(mine) or target
    if target is None:
        return None
    return f"ping {f'vrf {mine.vrf} ' if mine.vrf else ''}{target} source {mine.name}"


def _address(interfaces: Mapping[str, Interface], name: str | None) -> IPAddress | None:
    interface = interfaces.get(name) if name is not None else None
    if interface is not None and interface.unnumbered is not None:
        interface = interfaces.get(interface.unnumbered)
    found = [a.address for a in interface.addresses if a.role == "primary"] if interface is not None else []
    return found[0] if found else None


def _other_end(interface: Interface) -> IPAddress | None:
    """Another host of the net on a point-to-point tunnel: whoever is called there, the packet goes into the tunnel."""
    if interface.tunnel is None or interface.tunnel.multipoint:
        return None
    for own in interface.addresses:
        if own.prefix is None or own.prefix.version != 4 or not own.prefix.contiguous or own.prefix.is_host:
            continue
        net = IPv4Network((own.prefix.network.value, own.prefix.length))
        return next((host for host in net.hosts() if host != own.address), None)
    return None


def _map_traffic(near: Router, endpoint: Endpoint, far: Router | None) -> str | None:
    """A ping that the access list of a crypto map entry takes, from an own address to one of the peer's."""
    acl = next((a for a in near.acls if a.name == endpoint.acl), None)
    if acl is None or far is None:
        return None
    mine = [(i, a.address) for i in near.interfaces if not i.shutdown for a in i.addresses if a.role == "primary"]
    theirs = [a.address for i in far.interfaces if not i.shutdown for a in i.addresses if a.role == "primary"]
    for entry in acl.entries:
        if (
            entry.action != "permit"
            or entry.protocol not in ("ip", "icmp")
            or not entry.source
            or not entry.destination
        ):
            continue
        for interface, source in mine:
            for target in theirs:
                if entry.source.covers(source) and entry.destination.covers(target):
                    vrf = f"vrf {interface.vrf} " if interface.vrf else ""
                    return f"ping {vrf}{target} source {source}"
    return None
