"""``python bench/slow_routers.py COUNT SECONDS FOLDER [spokes]``: lab routers that think before each answer, until input ends.

They are small hubs, or spokes of 12 kB. Their inventory goes into FOLDER, which is said on standard output once they answer.
"""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path
from typing import Any

from hub import hub
from spoke import spoke

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
    texts = [spoke(n) if "spokes" in sys.argv[4:] else hub(4) for n in range(count)]
    routers = [
        LabRouter(name, re.sub(r"(?m)^hostname .*$", f"hostname {name}", text), password=PASSWORD)
        for name, text in zip(names, texts, strict=True)
    ]
    with Lab(routers) as lab:
        lab.write_inventory(folder)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
