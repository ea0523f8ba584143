"""A jump host on loopback: takes one public key, and leads to wherever it is told."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncssh


class _Door(asyncssh.SSHServer):
    led: list[str]
    public_key: Path

    def begin_auth(self, username: str) -> bool:
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return self.public_key.exists() and key == asyncssh.read_public_key(self.public_key)

    def connection_requested(self, dest_host: str, dest_port: int, orig_host: str, orig_port: int) -> bool:
        self.led.append(f"{dest_host}:{dest_port}")
        return dest_host == "127.0.0.1"


@contextmanager
def jump_host(public_key: Path) -> Iterator[tuple[int, list[str]]]:
    """Its port, and where it led to, for the length of a ``with`` block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    door = type("Door", (_Door,), {"led": [], "public_key": public_key})

    async def start() -> asyncssh.SSHAcceptor:
        key = asyncssh.generate_private_key("ssh-ed25519")
        return await asyncssh.create_server(door, "127.0.0.1", 0, server_host_keys=[key])

    acceptor = asyncio.run_coroutine_threadsafe(start(), loop).result(timeout=20)
    try:
        yield acceptor.get_port(), door.led
    finally:

        async def stop() -> None:
            acceptor.close()
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()

        asyncio.run_coroutine_threadsafe(stop(), loop).result(timeout=20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=20)
