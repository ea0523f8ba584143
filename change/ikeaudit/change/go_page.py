"""Go or no-go: what a person should know of a router just before its timer is armed, on one page; nothing is changed for it.

What a router does not tell is said to be unknown, and stops nobody.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

import msgspec

from ikeaudit.change.as_planned import arming_steps, differences
from ikeaudit.change.opened import reading
from ikeaudit.change.plan_parts import Part, Window
from ikeaudit.change.planned_device import PlannedDevice
from ikeaudit.change.rebase import modelled
from ikeaudit.change.setting import Setting
from ikeaudit.drive.device import RouterText
from ikeaudit.drive.replies import complaint
from ikeaudit.ios.words import slot, starts
from ikeaudit.model import Router, parse_address
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.session import SessionError

_UPTIME = re.compile(r"^Uptime: (\S+)", re.MULTILINE)
_INTERFACE = re.compile(r"^Interface: (.+?)\s*$", re.MULTILINE)
_STATUS = re.compile(r"^Session status: (\S+)", re.MULTILINE)
_PEER = re.compile(r"^Peer: (\S+)", re.MULTILINE)
_FREE = re.compile(r"\((\d+) bytes free\)")
_USER = re.compile(r"^(\*?)\s*\d+\s+(con|aux|vty|tty)\s+(\d+)\s+(.*)$", re.MULTILINE)
_CLOCK = re.compile(r"[*.]?(\d\d:\d\d:\d\d)\.\d+ (\S+) \w{3} (\w{3}) +(\d+) (\d{4})")
_VIA = re.compile(r"\bvia (?:\S+, )?(Tunnel\d+)", re.IGNORECASE)
_ARCHIVE_PATH = re.compile(
    rf"^{slot('global/archive')}\s*\n(?:[ \t].*\n)*?[ \t]+{slot('archive/path')} (\S+)", re.MULTILINE
)
(_HEADER, _DESCRIPTION) = starts("global/interface", "interface/description")
_COPIES = 3
"""Copies of its configuration for which a router should have room: the one from before, and the archive's."""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one router before the change; ``against`` are the sentences that speak against beginning now."""

    router: str
    rows: tuple[str, ...]
    against: tuple[str, ...] = ()


def pages(setting: Setting, chosen: Iterable[Part]) -> Iterator[Page]:
    """A page for every router of the parts ``chosen``, each router once; one that cannot be reached has none."""
    told: set[str] = set()
    for part in chosen:
        window = setting.part(part)
        names = tuple(name for name in window.routers if name not in told)
        told.update(names)
        with reading(setting, window, names) as devices:
            for name in names:
                try:
                    yield _page(window, devices[name], setting.workspace.fingerprinter)
                except SessionError as error:
                    yield Page(router=name, rows=(str(error),))
                devices[name].close()


def _page(window: Window, device: PlannedDevice, fingerprinter: Fingerprinter) -> Page:
    name, running = device.name, device.running()
    device.leave_config()
    ask: Callable[[str], str | None] = lambda command: _said(device, command)  # noqa: E731
    tunnels = {
        end
        for outlook in window.plan.directions
        for router, end in (
            (outlook.direction.initiator, outlook.direction.initiator_interface),
            (outlook.direction.responder, outlook.direction.responder_interface),
        )
        if router == name and end is not None
    }
    (model,) = modelled(name, running.text, fingerprinter) or (Router(name, ""),)
    others, client = _operators(ask("show users"))
    management = _rides(ask, model, tunnels, client)
    flash, little = _flash(ask("dir"), running)
    against = [f"{who} is logged in as well" for who in others or ()]
    against += [little] if little else []
    against += [f"this session rides {management}, which is changed"] if management else []
    rows = (
        *_ages(ask("show crypto session detail"), tunnels),
        f"flash: {flash}",
        f"net: {_net(window, name, running)}",
        f"operators: {'not known' if others is None else '; '.join(others) or 'nobody else'}",
        f"clock: {_clock(ask('show clock'))}",
        f"startup: {_startup(device, running)}",
        f"management: {f'through {management}' if management else 'not through a changed tunnel, as far as is known'}",
        *_circuits(running, model, tunnels),
    )
    return Page(router=name, rows=rows, against=tuple(f"{name}: {words}" for words in against))


def _said(device: PlannedDevice, command: str) -> str | None:
    reply = device.run(command)
    return None if complaint(reply) is not None else reply.replace("\r", "")


def _ages(text: str | None, tunnels: set[str]) -> list[str]:
    """How long the sessions of the changed tunnels have been up."""
    names = {tunnel.split()[0] for tunnel in tunnels}
    found = []
    for block in re.split(r"(?m)^(?=Interface: )", text or ""):
        interface, status, peer = (p.search(block) for p in (_INTERFACE, _STATUS, _PEER))
        if interface is None or not names & set(interface[1].split()):
            continue
        age = _UPTIME.search(block)
        since = f" for {age[1]}" if age is not None else ""
        whom = f" -> {peer[1]}" if peer is not None else ""
        found.append(f"SA: {interface[1]}{whom} {status[1] if status is not None else 'not known'}{since}")
    return found or ["SA: not known" if text is None else "SA: none of the tunnels concerned has one"]


def _flash(text: str | None, running: RouterText) -> tuple[str, str]:
    free = _FREE.search(text or "")
    if free is None:
        return "not known", ""
    room, size = int(free[1]), len(running.text.encode())
    words = f"{room} bytes free"
    little = room < _COPIES * size
    return (
        words,
        f"its flash has {words}, and {_COPIES} copies of its configuration take {_COPIES * size}" if little else "",
    )


def _net(window: Window, name: str, running: RouterText) -> str:
    path = _ARCHIVE_PATH.search(running.text.replace("\r", ""))
    if path is not None:
        return f"revert timer, archive path {path[1]}"
    return (
        "revert timer; the plan gives it an archive path"
        if arming_steps(window.plan, name)
        else "a scheduled restart only"
    )


def _operators(text: str | None) -> tuple[list[str] | None, str | None]:
    """Who else is logged in (None: not known), and the address from which this session comes."""
    lines = _USER.findall(text or "")
    if not lines:
        return None, None
    others = [f"{' '.join(rest.split())} ({kind} {number})" for own, kind, number, rest in lines if not own]
    mine: list[str] = next((rest.split() for own, _, _, rest in lines if own), [])
    return others, mine[-1] if mine else None


def _clock(text: str | None) -> str:
    found = _CLOCK.search(text or "")
    if found is None:
        return "not known"
    if found[2] not in ("UTC", "GMT"):
        return f"{found[0].lstrip('*.')}, in a time zone of its own"
    at = datetime.strptime(f"{found[1]} {found[3]} {found[4]} {found[5]}", "%H:%M:%S %b %d %Y").replace(tzinfo=UTC)
    off = round((at - datetime.now(UTC)).total_seconds())
    return f"{_span(abs(off))} {'ahead of' if off > 0 else 'behind'} this machine"


def _span(seconds: int) -> str:
    """A time in the largest unit of which there are two."""
    units = ((86400, "days"), (3600, "hours"), (60, "minutes"))
    return next((f"{seconds // unit} {name}" for unit, name in units if seconds >= 2 * unit), f"{seconds} s")


def _startup(device: PlannedDevice, running: RouterText) -> str:
    startup = device.startup()
    if startup is None:
        return "there is none that is whole"
    if startup.digest == running.digest:
        return "the same as what it runs"
    return f"differs from what it runs, and is saved with the change: {'; '.join(differences(startup.lines, running.lines, 4))}"


def _rides(ask: Callable[[str], str | None], model: Router, tunnels: set[str], client: str | None) -> str | None:
    """The changed tunnel through which this session comes, by the routing table or the configuration; None: none known."""
    address = parse_address(client or "")
    if address is None:
        return None
    route = _VIA.search(ask(f"show ip route {address}") or "")
    if route is not None:
        return next((tunnel for tunnel in tunnels if tunnel.lower() == route[1].lower()), None)
    on = {
        i.name: [a.prefix.network for a in i.addresses if a.prefix is not None]
        for i in model.interfaces
        if i.name in tunnels
    }
    connected = next((name for name, networks in on.items() if any(n.covers(address) for n in networks)), None)
    if connected is not None:
        return connected
    routes = [r for r in model.static_routes if r.vrf is None and r.prefix.covers(address)]
    best = max(routes, key=lambda route: route.prefix.length, default=None)
    if best is None or best.interface in tunnels:
        return best.interface if best is not None else None
    hop = best.next_hop
    return next((name for name, networks in on.items() if hop and any(n.covers(hop) for n in networks)), None)


def _circuits(running: RouterText, model: Router, tunnels: set[str]) -> list[str]:
    """What is written at the interfaces that the tunnels use, where that was kept."""
    sources = {t.tunnel.source_interface for t in model.interfaces if t.tunnel is not None and t.name in tunnels}
    sources |= {tunnel.split()[0] for tunnel in tunnels}
    found, inside = [], ""
    for line in running.text.splitlines():
        if not line.startswith(" "):
            inside = line.removeprefix(_HEADER) if line.startswith(_HEADER) else ""
        elif inside in sources and line.strip().startswith(_DESCRIPTION) and "<CUT:" not in line:
            found.append(f"circuit: {inside}: {line.strip().removeprefix(_DESCRIPTION)}")
    return found
