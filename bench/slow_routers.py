"""``python bench/slow_routers.py COUNT SECONDS FOLDER``: lab routers that think before each answer, until standard input ends.

Their inventory goes into FOLDER, which is said on standard output once they answer.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from hub import hub

from ikeaudit.lab import Lab, LabRouter, server

PASSWORD = "bench"  # noqa: S105 - virtual routers on loopback


def main() -> None:
    """Boot, serve, end."""
    count, seconds, folder = int(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3])
    perform = server._Vty._perform

    async def thoughtful(vty: Any, talk: Any) -> None:
        await asyncio.sleep(seconds)
        await perform(vty, talk)

    server._Vty._perform = thoughtful  # type: ignore[method-assign]
    names = [f"S{folder.name}{n}" for n in range(count)]
    routers = [LabRouter(name, hub(4).replace("hostname HUB", f"hostname {name}"), password=PASSWORD) for name in names]
    with Lab(routers) as lab:
        lab.write_inventory(folder)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
