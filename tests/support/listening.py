"""A server of asyncssh on loopback, for the length of a ``with`` block."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import asyncssh


@contextmanager
def listening(server: Callable[[], asyncssh.SSHServer], key: str, **options: Any) -> Iterator[int]:
    """Its port; ``key`` is the algorithm of its host key, ``options`` are those of ``asyncssh.create_server``."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def start() -> asyncssh.SSHAcceptor:
        keys = [asyncssh.generate_private_key(key)]
        return await asyncssh.create_server(server, "127.0.0.1", 0, server_host_keys=keys, **options)

    acceptor = asyncio.run_coroutine_threadsafe(start(), loop).result(timeout=20)
    try:
        yield acceptor.get_port()
    finally:

        async def stop() -> None:
            acceptor.close()
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()

        asyncio.run_coroutine_threadsafe(stop(), loop).result(timeout=20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=20)
