"""``ping``: the traffic that makes a lab negotiate."""

from dataclasses import dataclass
from functools import partial

from ikeaudit.exchange import Exchange
from ikeaudit.lab.command_table import Command
from ikeaudit.lab.lab_router import LabRouter, Surroundings
from ikeaudit.lab.routing import NOWHERE, Path, find_interface, path
from ikeaudit.lab.sa import Sa
from ikeaudit.lab.shell import Call
from ikeaudit.lab.talk import Offload, Question, Say, Talk, Wait
from ikeaudit.model import IPAddress, parse_address
from ikeaudit.selection import RouterRules

LONGEST_SILENCE = 0.3
"""Seconds of real time that a ping without an answer takes at most."""

_OPTIONS = {"source": 1, "repeat": 1, "size": 1, "timeout": 1, "data": 1, "df-bit": 0, "validate": 0}


@dataclass(frozen=True, slots=True)
class Ping:
    """What is asked for; ``source`` None means the outgoing interface's own address."""

    destination: IPAddress
    source: IPAddress | None
    repeat: int
    vrf: str | None


class _BadPingError(Exception):
    """The text is what IOS prints."""


def _parse(call: Call, rules: RouterRules) -> Ping:
    words = call.args.get("options", "").split()
    given: dict[str, str] = {}
    while words:
        word = words.pop(0)
        names = [name for name in _OPTIONS if name.startswith(word.lower())]
        if len(names) != 1:
            column = call.line.rindex(word) + len(call.shell.prompt)
            raise _BadPingError(" " * column + "^\n% Invalid input detected at '^' marker.\n\n")
        if _OPTIONS[names[0]]:
            if not words:
                raise _BadPingError("% Incomplete command.\n\n")
            given[names[0]] = words.pop(0)
            if names[0] == "source" and words and words[0][0].isdigit() and given["source"].isalpha():
                given["source"] += words.pop(0)
    destination = parse_address(call.args["destination"])
    if destination is None:
        raise _BadPingError("% Unrecognized host or address, or protocol not running.\n\n")
    repeat = given.get("repeat", "5")
    if not repeat.isdigit() or int(repeat) < 1:
        raise _BadPingError("% Invalid input detected at '^' marker.\n\n")
    return Ping(
        destination, _source(given.get("source"), rules, destination.version), int(repeat), call.args.get("vrf")
    )


def _source(name: str | None, rules: RouterRules, version: int) -> IPAddress | None:
    if name is None:
        return None
    address = parse_address(name)
    if address is not None:
        if not rules.addresses.owners(address):
            raise _BadPingError("% Invalid source address- IP address not on any of our up interfaces\n")
        return address
    interface = find_interface(rules.router, name)
    address = rules.addresses.primary(interface.name, version) if interface is not None else None
    if interface is None or interface.shutdown or address is None:
        raise _BadPingError("% Invalid source interface - IP not enabled or interface is down\n")
    return address


def ping(call: Call) -> Talk:
    """Send echo requests; the first one towards an idle tunnel starts its negotiation."""
    router, world = call.shell.router, call.shell.router.world
    if world is None:
        return
    rules = yield Offload(partial(world.rules, router))
    if not isinstance(rules, RouterRules):
        yield Say("% Unrecognized host or address, or protocol not running.\n\n")
        return
    try:
        wanted = _parse(call, rules)
    except _BadPingError as problem:
        yield Say(str(problem))
        return
    yield Say(
        "Type escape sequence to abort.\n"
        f"Sending {wanted.repeat}, 100-byte ICMP Echos to {wanted.destination}, timeout is 2 seconds:\n"
    )
    if wanted.source is not None:
        yield Say(f"Packet sent with a source address of {wanted.source} \n")
    way = path(rules, wanted.source, wanted.destination, wanted.vrf)
    answered = yield from _travel(router, world, way, wanted)
    if answered:
        yield Say("!" * wanted.repeat + "\n")
        yield Say(f"Success rate is 100 percent ({wanted.repeat}/{wanted.repeat}), round-trip min/avg/max = 1/1/1 ms\n")
        return
    yield Wait(min(router.clock.real(2.0 * wanted.repeat), LONGEST_SILENCE))
    yield Say("." * wanted.repeat + f"\nSuccess rate is 0 percent (0/{wanted.repeat})\n")


def _travel(router: LabRouter, world: Surroundings, way: Path, wanted: Ping) -> Question:
    """Whether the packets arrive; the talk returns a bool."""
    if way is NOWHERE or way.kind == "none":
        return False
    if way.kind == "clear":
        return _in_the_clear(router, world, way, wanted)
    for endpoint in way.endpoints:
        if endpoint.shutdown or endpoint.peer is None:
            continue
        sa = router.sas.live(endpoint.interface, str(endpoint.peer))
        if sa is None:
            exchange = yield Offload(partial(world.negotiate, endpoint))
            if not isinstance(exchange, Exchange):
                return False
            world.settle(endpoint, exchange)
            sa = router.sas.live(endpoint.interface, str(endpoint.peer))
        if sa is not None:
            return _carried(router, world, sa, wanted)
    for sa in router.sas:
        if sa.ipsec and any(e.accepts_any and e.interface == sa.interface for e in way.endpoints):
            return _carried(router, world, sa, wanted)
    return False


def _in_the_clear(router: LabRouter, world: Surroundings, way: Path, wanted: Ping) -> bool:
    """Whether packets without protection arrive; a tunnel that the far end protects drops them (DEBUG-LINES)."""
    rules = world.rules(router)
    interface = rules.addresses.interface(way.interface) if rules is not None else None
    tunnel = interface.tunnel if interface is not None else None
    if rules is None or tunnel is None or tunnel.destination is None:
        return world.owner(wanted.destination) is not None
    far = world.owner(tunnel.destination)
    far_rules = world.rules(far) if far is not None else None
    if far is None or far_rules is None:
        return False
    local = tunnel.source_address
    if tunnel.source_interface is not None:
        local = rules.addresses.primary(tunnel.source_interface, tunnel.destination.version)
    if any(end.kind == "tunnel" and end.peer == local for end in far_rules.endpoints):
        far.log.write(
            "%CRYPTO-4-RECVD_PKT_NOT_IPSEC: Rec'd packet not an IPSEC packet. (ip) vrf/dest_addr= "
            f"/{tunnel.destination}, src_addr= {local}, prot= 47"
        )
        return False
    return world.owner(wanted.destination) is not None


def _carried(router: LabRouter, world: Surroundings, sa: Sa, wanted: Ping) -> bool:
    """Send over ``sa``; False when the far end has no such SA any more (CHANGE-CLEAR)."""
    sa.sent += wanted.repeat
    router.count(sa.interface, sent=wanted.repeat)
    far = sa.far
    peer = parse_address(sa.remote)
    there = world.owner(peer) if peer is not None else None
    if there is None:
        return False
    if far is None or not far.ipsec:
        there.log.write(
            "%CRYPTO-4-RECVD_PKT_INV_SPI: decaps: rec'd IPSEC packet has invalid spi for destaddr="
            f"{sa.remote}, prot=50, spi=0x{0x10000000 + sa.conn_id:08X}({0x10000000 + sa.conn_id}), srcaddr={sa.local}"
        )
        return False
    far.received += wanted.repeat
    far.sent += wanted.repeat
    sa.received += wanted.repeat
    router.count(sa.interface, received=wanted.repeat)
    there.count(far.interface, received=wanted.repeat, sent=wanted.repeat)
    return True


COMMANDS = (
    Command("ping <destination>", ping, 1),
    Command("ping <destination> <options...>", ping, 1),
    Command("ping ip <destination>", ping, 1),
    Command("ping ip <destination> <options...>", ping, 1),
    Command("ping vrf <vrf> <destination>", ping, 1),
    Command("ping vrf <vrf> <destination> <options...>", ping, 1),
    Command("ping vrf <vrf> ip <destination>", ping, 1),
    Command("ping vrf <vrf> ip <destination> <options...>", ping, 1),
)
