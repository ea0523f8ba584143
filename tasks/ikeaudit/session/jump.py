"""The way to a router through another machine, as ssh_config describes it: a jump host or a command.

paramiko's own proxy waits for ever for a command that has ended, and nobody learns what the command said.
"""

from __future__ import annotations

import os
import re
import select
import subprocess
from collections.abc import Mapping

import paramiko

from ikeaudit.session.failure import JumpError

_REASONS = (
    (r"open failed: (?:administratively prohibited|unknown channel)", "does not forward connections to it"),
    (r"(?:open failed: connect failed|nc: .*|connect to .* port .*): .*(?:refused)", "@refused"),
    (r"open failed: connect failed|stdio forwarding failed", "@unreachable"),
    (r"Permission denied|Too many authentication failures|Authentication failed", "did not accept the login"),
    (r"Host key verification failed|IDENTIFICATION HAS CHANGED", "shows a host key that is not in known_hosts"),
    (r"Could not resolve hostname", "has no address: its name cannot be resolved"),
    (r"Connection refused", "refused the connection"),
    (r"No route to host|Network is unreachable", "cannot be reached"),
    (r"timed out", "did not answer in time"),
    (r"not found|No such file", "is reached by a command that is not there"),
)
_FORWARDED = re.compile(r"open failed|stdio forwarding failed")


class Jump(paramiko.ProxyCommand):  # type: ignore[misc]
    """The command that leads to a router; ``hop`` is how the user knows it."""

    def __init__(self, command: str, hop: str) -> None:
        self.hop = hop
        self._said, self._ended = b"", False
        try:
            super().__init__(command)
        except OSError:
            missing = True
        else:
            missing = False
        if missing:
            raise JumpError(hop, "is reached by a command that is not there")

    def recv(self, size: int) -> bytes:
        """At least one byte; none when the command has ended."""
        ready, _, _ = select.select([self.process.stdout], [], [], self.timeout)
        if not ready:
            raise TimeoutError
        data = os.read(self.process.stdout.fileno(), size)
        self._ended = not data
        return data

    def close(self) -> None:
        """End the command, and leave nothing of it behind."""
        try:
            if not self._ended:
                self.process.terminate()
            self._said += self.process.communicate(timeout=5)[1] or b""
        except (subprocess.TimeoutExpired, ValueError, OSError):
            self.process.kill()

    def failure(self) -> JumpError:
        """Why there is no way through, in our words; empty where the command still ran or said nothing that is known."""
        self.close()
        code = self.process.returncode if self._ended else 0
        said = self._said.decode("utf-8", "replace")
        reason = next((words for pattern, words in _REASONS if re.search(pattern, said)), "")
        if reason.startswith("@") and not _FORWARDED.search(said):
            reason = "refused the connection"
        if not reason and code:
            reason = f"ended the connection (its command returned {code})"
        return JumpError(self.hop, reason)


def way_through(found: Mapping[str, str], config: str, host: str, port: int) -> Jump | None:
    """The proxy that ssh_config asks for (``found``: what it says of the host), or None.

    The last of several jump hosts is spoken to through those before it; ssh itself does that.
    """
    command = found.get("proxycommand", "none")
    if command.lower() != "none":
        return Jump(command, f"`{command.split()[0]}`")
    hops = found.get("proxyjump", "none")
    if hops.lower() == "none":
        return None
    *before, last = (hop.strip() for hop in hops.split(","))
    through = f"-J {','.join(before)} " if before else ""
    target = f"ssh://{last}" if ":" in last and "://" not in last else last
    return Jump(f"ssh -F {config} -o BatchMode=yes {through}-W [{host}]:{port} {target}", last)
