"""A virtual IOS router: its configuration, files, log, SAs and timers, and the sessions that look at them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from ikeaudit.exchange import Exchange
from ikeaudit.fleet import Fleet
from ikeaudit.ios.tables import ikev1, ikev2
from ikeaudit.lab.archive import Archive
from ikeaudit.lab.clock import Alarm, LabClock, LoopClock, clock_text
from ikeaudit.lab.configuration import ConfigMode, ConfigReply, Configuration, Replaced
from ikeaudit.lab.memory import DiskFullError, Flash, LogBuffer
from ikeaudit.lab.sa import SaTable
from ikeaudit.lab.talk import Talk
from ikeaudit.model import IPAddress
from ikeaudit.selection import Endpoint, RouterRules


class Waits(Protocol):
    """A fault that waits for a typed line; ``shell`` is the session (:class:`~ikeaudit.lab.shell.Shell`), handed through."""

    def due(self, shell: Any, line: str) -> bool:
        """Whether the fault strikes at ``line``."""

    def around(self, shell: Any, line: str, work: Talk) -> Talk:
        """What happens in place of ``work``, the talk that would answer the line."""


class Waiting:
    """All that waits in a router, in the order of arming."""

    def __init__(self) -> None:
        self._faults: list[Waits] = []

    def add(self, *faults: Waits) -> None:
        """Arm ``faults``; they strike in the order of arming when several are due at one line."""
        self._faults.extend(faults)

    def clear(self) -> None:
        """Disarm everything."""
        self._faults.clear()

    def __iter__(self) -> Iterator[Waits]:
        return iter(self._faults)

    def wrap(self, shell: Any, line: str, work: Talk) -> Talk:
        """``work`` as it goes under the faults that are due at ``line``."""
        for fault in [f for f in self._faults if f.due(shell, line)]:
            work = fault.around(shell, line, work)
        return work


PLATFORMS = {"ios": "flash", "ios-xe": "bootflash", "unix": ""}
"""What a lab device can be, with the name of its file system; ``unix`` is no router at all."""


SA_PROFILES = {ikev1.PROFILE_KIND: 1, ikev2.PROFILE_KIND: 2}
"""Objects that an SA holds, with the IKE version of the SA (CHANGE-ORDER)."""


@dataclass(frozen=True, slots=True, repr=False)
class TypedLine:
    """A line that a session typed: the prompt it stood behind, and the text as typed (keys included, in memory only)."""

    session: int
    username: str
    prompt: str
    line: str


class Closable(Protocol):
    """A connection that the router can cut."""

    def cut(self) -> None:
        """Close the connection at once."""

    def show(self, text: str) -> None:
        """Print ``text`` where the cursor stands, whatever the session is doing."""


class Surroundings(Protocol):
    """What a router knows of the lab around it: the fleet that its routers form, and how they negotiate."""

    def fleet(self) -> Fleet:
        """The fleet that the running configurations form now."""

    def rules(self, router: LabRouter) -> RouterRules | None:
        """The selection rules of one router; None when its configuration is not one of IOS."""

    def host(self, name: str) -> LabRouter | None:
        """The lab router of that name in the fleet."""

    def owner(self, address: IPAddress) -> LabRouter | None:
        """A router of the lab that holds ``address`` and is up."""

    def negotiate(self, endpoint: Endpoint) -> Exchange:
        """How the direction that ``endpoint`` starts goes now."""

    def settle(self, endpoint: Endpoint, exchange: Exchange) -> bool:
        """Enter the result into the SA tables and logs of both routers; True when traffic can flow."""


class LabRouter:
    """One virtual router; everything it knows is in memory and gone with it.

    ``privilege`` is what a login gives: 15, or 1 when the user must ``enable`` first; left out, it is 1 exactly when an
    ``enable_secret`` is set. ``platform`` is one of ``PLATFORMS``. ``strict_references`` refuses what IOS may or may not allow:
    deleting an object in use, naming an undefined one (U-10).
    """

    def __init__(
        self,
        hostname: str,
        config_text: str,
        *,
        username: str = "lab",
        password: str = "lab",  # noqa: S107
        enable_secret: str | None = None,
        privilege: int | None = None,
        platform: str = "ios",
        clock: LabClock | None = None,
        file_prompt_quiet: bool = False,
        strict_references: bool = True,
    ) -> None:
        if platform not in PLATFORMS:
            raise ValueError(f"a lab router's platform is one of {', '.join(PLATFORMS)}, not {platform!r}")
        self.hostname = hostname
        self.username = username
        self.password = password
        self.enable_secret = enable_secret
        self.privilege = privilege if privilege is not None else (1 if enable_secret else 15)
        self.platform = platform
        self._strict = strict_references
        self.configuration = self._load(config_text)
        self.startup_text: str = self.configuration.text()
        self.flash = Flash()
        self.nvram_full = False
        self.faults = Waiting()
        self.commands: list[TypedLine] = []
        self.prompt_override: str | None = None
        self.file_prompt_quiet = file_prompt_quiet
        self.other_users: list[str] = []
        """Lines of other sessions that `show users` prints."""
        self.last_change: str | None = None
        self.failures: list[Exception] = []
        self.packets: dict[str, tuple[int, int]] = {}
        self.reboots = 0
        self.last_reload_reason = "power-on"
        self.down = False
        self.connections: set[Closable] = set()
        self.on_change: list[Callable[[LabRouter, str, str], None]] = []
        self.on_power: list[Callable[[bool], None]] = []
        self.world: Surroundings | None = None
        self._lines = 0
        self._reload: tuple[float, Alarm] | None = None
        self.attach(clock or LoopClock())

    def attach(self, clock: LabClock) -> None:
        """Live by ``clock`` from here on; done once, before the first session."""
        self.clock = clock
        self.log = LogBuffer(clock)
        self.sas = SaTable(clock)
        self.booted_at = clock.now()
        self.revert = Archive(clock, self.flash, self.log, lambda: self.running_text, self.replace, self.broadcast)

    def __repr__(self) -> str:
        return f"LabRouter({self.hostname!r})"

    @property
    def running_text(self) -> str:
        """The running configuration as it stands, without the header of ``show running-config``."""
        return self.configuration.text()

    @property
    def prompt_name(self) -> str:
        """The name in the prompt: the configured host name, unless a fault shows another one."""
        if self.prompt_override is not None:
            return self.prompt_override
        return self.configuration.hostname

    @property
    def file_system(self) -> str:
        """``flash`` or ``bootflash``."""
        return PLATFORMS[self.platform]

    def file(self, url: str) -> str | None:
        """The text behind ``url``: a file of the flash, or one of the two configurations."""
        known = {"system:running-config": self.running_text, "nvram:startup-config": self.startup_text}
        return known.get(url, self.flash.read(url))

    def count(self, label: str, *, received: int = 0, sent: int = 0) -> None:
        """Add packets to the counters of the interface of a tunnel end."""
        name = label.split()[0] if label else ""
        before = self.packets.get(name, (0, 0))
        self.packets[name] = (before[0] + received, before[1] + sent)

    def next_line(self) -> int:
        """The number of the next terminal line (vty)."""
        self._lines += 1
        return self._lines

    def typed(self) -> tuple[str, ...]:
        """All lines typed so far, in all sessions, blank ones left out."""
        return tuple(entry.line for entry in self.commands)

    def configure(self, mode: ConfigMode, line: str, *, user: str = "console") -> ConfigReply:
        """One configuration line; whoever watches the configuration is told of a change."""
        before = self.running_text
        reply = mode.send(line)
        if reply.changed:
            self._changed(before, user)
        return reply

    def operator(self, commands: Iterable[str], *, user: str = "second") -> None:
        """Another operator types ``commands`` in configuration mode."""
        mode = self.configuration.session()
        for command in commands:
            self.configure(mode, command, user=user)
        self.log.write(f"%SYS-5-CONFIG_I: Configured from console by {user} on vty9 (127.0.0.9)")

    def replace(self, text: str) -> Replaced:
        """Turn the running configuration into ``text``, as ``configure replace`` does."""
        before = self.running_text
        replaced = self.configuration.replace(text)
        self._changed(before)
        return replaced

    def _load(self, text: str) -> Configuration:
        return Configuration(text, held=self._held, strict_references=self._strict)

    def _held(self, kind: str, name: str) -> bool:
        return kind in SA_PROFILES and any(sa.holds(SA_PROFILES[kind], name) for sa in self.sas)

    def save(self) -> None:
        """Running configuration to startup configuration. Raises DiskFullError when there is no room for it."""
        if self.nvram_full:
            raise DiskFullError("startup-config")
        self.startup_text = self.running_text

    def reboot(self, reason: str = "reload", *, down_for: float = 60.0) -> None:
        """Restart from the startup configuration; unreachable for ``down_for`` seconds of lab time."""
        self.reboots += 1
        self.last_reload_reason = reason
        self.revert.forget()
        self.cancel_reload()
        self.prompt_override = None
        self.sas.reset()
        self.packets.clear()
        before = self.running_text
        self.configuration = self._load(self.startup_text)
        self._changed(before)
        self.log.clear()
        self.log.write("%SYS-5-RESTART: System restarted --")
        self.booted_at = self.clock.now() + down_for
        if down_for > 0:
            self._power(up=False)
            self.clock.call_later(down_for, partial(self._power, up=True))
        self.disconnect()

    def schedule_reload(self, minutes: int) -> None:
        """Restart in ``minutes``, in place of any restart scheduled before."""
        self.cancel_reload()
        seconds = minutes * 60.0
        alarm = self.clock.call_later(seconds, lambda: self.reboot("Reload Command"))
        self._reload = (self.clock.now() + seconds, alarm)
        for left in (5, 1):
            if minutes > left:
                self.clock.call_later(seconds - left * 60.0, partial(self._count_down, alarm, left))

    def cancel_reload(self) -> bool:
        """Call the scheduled restart off; False when there is none."""
        if self._reload is None:
            return False
        self._reload[1].cancel()
        self._reload = None
        return True

    def reload_due_in(self) -> float | None:
        """Seconds until the scheduled restart, None without one."""
        return None if self._reload is None else max(0.0, self._reload[0] - self.clock.now())

    def send_all(self, text: str, line: int = 2) -> None:
        """Somebody on terminal ``line`` types ``text`` with ``send *``."""
        self.broadcast(f"\n\n\n\x07***\n***\n*** Message from tty{line} to all terminals:\n***\n{text}\n\n")

    def broadcast(self, text: str) -> None:
        """Print ``text`` into every session."""
        for connection in tuple(self.connections):
            connection.show(text)

    def _count_down(self, alarm: Alarm, minutes: int) -> None:
        if self._reload is not None and self._reload[1] is alarm:
            self.broadcast(f"\n\n\n***\n*** --- SHUTDOWN in 0:0{minutes}:00 ---\n***\n\n")

    def disconnect(self) -> None:
        """Cut every session."""
        for connection in tuple(self.connections):
            connection.cut()

    def _power(self, *, up: bool) -> None:
        self.down = not up
        for listener in tuple(self.on_power):
            listener(up)

    def _changed(self, before: str, user: str = "console") -> None:
        after = self.running_text
        if after != before:
            self.last_change = f"{clock_text(self.clock)} by {user}"
            for listener in tuple(self.on_change):
                listener(self, before, after)
