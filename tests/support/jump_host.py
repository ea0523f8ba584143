"""A jump host on loopback: takes one public key, and leads to wherever it is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncssh
from listening import listening


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
    door = type("Door", (_Door,), {"led": [], "public_key": public_key})
    with listening(door, "ssh-ed25519") as port:
        yield port, door.led
