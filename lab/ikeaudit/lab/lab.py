"""A lab: several virtual routers on loopback, served by one event loop in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from ikeaudit.lab.clock import LoopClock
from ikeaudit.lab.inventory import write_inventory
from ikeaudit.lab.port import LOOPBACK, Port
from ikeaudit.lab.router import LabRouter
from ikeaudit.lab.world import Negotiator, World, by_our_model

T = TypeVar("T")


class Lab:
    """Routers that boot and stop together; ``host_key`` is the file of their SSH host key, where that is to last.

    Use them in a ``with`` block, or ``start`` and ``stop`` by hand."""

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


def running_lab(
    routers: Iterable[LabRouter],
    *,
    minute_seconds: float = 60.0,
    negotiator: Negotiator = by_our_model,
    ports: Mapping[str, int] | None = None,
) -> Lab:
    """A lab of ``routers`` for a ``with`` block, inside which it runs; a lab minute takes ``minute_seconds`` of real time.

    ``negotiator`` decides how negotiations go; by default that is the project's exchange model. ``ports`` gives routers a
    port of their choice by host name, the others get any free one.
    """
    return Lab(routers, minute_seconds=minute_seconds, negotiator=negotiator, ports=ports)
