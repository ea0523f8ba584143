"""A lab: several virtual routers on loopback, served by one event loop in a thread of its own, and their Nornir inventory."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from ruamel.yaml import YAML

from ikeaudit.lab.clock import LoopClock
from ikeaudit.lab.lab_router import LabRouter
from ikeaudit.lab.server import LOOPBACK, Port
from ikeaudit.lab.world import Negotiator, World, by_our_model
from ikeaudit.model.errors import InputError
from ikeaudit.snapshot.plain_files import LARGEST_BY_HAND, read_plain, why
from ikeaudit.snapshot.private_files import make_folder, write_private

USERNAME_VARIABLE = "IKEAUDIT_USERNAME"


PASSWORD_VARIABLE = "IKEAUDIT_PASSWORD"  # noqa: S105


ENABLE_VARIABLE = "IKEAUDIT_ENABLE"
"""Environment variables that hold what the inventory does not."""

_MARK = b"# Written by ikeaudit lab, which replaces it.\n"


_MARK = b"# Written by ikeaudit lab, which replaces it.\n"


def write_inventory(folder: Path, routers: Iterable[LabRouter], address: str, ports: Mapping[str, int]) -> Path:
    """Write hosts.yaml, groups.yaml and defaults.yaml into ``folder``, mode 0600, and return it; passwords stay out.

    Raises InputError when the folder cannot be written to, or holds an inventory that the lab did not write.
    """
    there = folder / "hosts.yaml"
    try:
        ours = not there.exists() or read_plain(there, LARGEST_BY_HAND).startswith(_MARK)
    except OSError:
        ours = False
    if not ours:
        raise InputError(
            f"{folder} holds an inventory that the lab did not write; name another folder with --inventory."
        )
    yaml = YAML()
    yaml.default_flow_style = False
    hosts = {
        router.hostname: {
            "hostname": address,
            "port": ports[router.hostname],
            "username": router.username,
            "groups": ["lab"],
            "data": {"lab": True},
        }
        for router in routers
    }
    groups = {"lab": {"platform": "cisco_ios"}}
    for name, content in (("hosts.yaml", hosts), ("groups.yaml", groups), ("defaults.yaml", {})):
        text = BytesIO()
        yaml.dump(content, text)
        try:
            make_folder(folder)
            write_private(folder / name, _MARK + text.getvalue())
        except OSError as error:
            raise InputError(f"The inventory of the lab cannot be written to {folder}: {why(error)}.") from None
    return folder


T = TypeVar("T")


class Lab:
    """Routers that boot and stop together. Use it in a ``with`` block, or ``start`` and ``stop`` by hand.

    A lab minute takes ``minute_seconds`` of real time. ``negotiator`` decides how negotiations go; by default that is the
    project's exchange model. ``ports`` gives routers a port of their choice by host name, the others get any free one.
    ``host_key`` is the file of their SSH host key, where that is to last.
    """

    def __init__(
        self,
        routers: Iterable[LabRouter],
        *,
        minute_seconds: float = 60.0,
        negotiator: Negotiator = by_our_model,
        ports: Mapping[str, int] | None = None,
        host_key: Path | None = None,
    ) -> None:
        self.routers: dict[str, LabRouter] = {}
        self.clock = LoopClock(minute_seconds)
        for router in routers:
            if router.hostname in self.routers:
                raise ValueError(f"two lab routers are called {router.hostname}")
            router.attach(self.clock)
            self.routers[router.hostname] = router
        self.world = World(self.routers.values(), negotiator)
        self._host_key = host_key
        self._wanted_ports = dict(ports or {})
        self._ports: dict[str, Port] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def router(self, hostname: str) -> LabRouter:
        """The router called ``hostname``. Raises KeyError."""
        return self.routers[hostname]

    def port(self, hostname: str) -> int:
        """The TCP port on loopback where the router answers. Raises KeyError."""
        return self._ports[hostname].number

    def write_inventory(self, folder: Path) -> Path:
        """Write a Nornir SimpleInventory for this lab into ``folder``; no password goes into it."""
        return write_inventory(
            folder, self.routers.values(), LOOPBACK, {name: port.number for name, port in self._ports.items()}
        )

    def do(self, action: Callable[[], T]) -> T:
        """Run ``action`` on the lab's event loop and return its result: the way to change a router from a test."""
        loop = self._loop
        if loop is None:
            raise RuntimeError("the lab is not running")

        async def run() -> T:
            return action()

        return asyncio.run_coroutine_threadsafe(run(), loop).result()

    def start(self) -> None:
        """Boot every router. Raises OSError when a port cannot be had."""
        loop = asyncio.new_event_loop()
        self._loop = loop
        self.clock.bind(loop)
        self._thread = threading.Thread(target=loop.run_forever, name="ikeaudit-lab", daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), loop).result()

    def __enter__(self) -> Lab:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Cut every session, close every port, end the thread."""
        loop, thread = self._loop, self._thread
        if loop is None or thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._close(), loop).result(timeout=30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=30)
        loop.close()
        self._loop = self._thread = None

    async def _open(self) -> None:
        _allow_sockets(3 * len(self.routers) + 256)
        for name, router in self.routers.items():
            self._ports[name] = Port(router, self._wanted_ports.get(name, 0), self._host_key)
            await self._ports[name].open()

    async def _close(self) -> None:
        for port in self._ports.values():
            await port.close()
        self._ports.clear()
        loop = asyncio.get_running_loop()
        tasks = [t for t in asyncio.all_tasks(loop) if t is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await loop.shutdown_default_executor()


def _allow_sockets(wanted: int) -> None:
    """Let this process open ``wanted`` files, as far as the system permits."""
    try:
        import resource
    except ImportError:  # not on this system
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, limit), hard))
