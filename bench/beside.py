"""A change of twenty pairs side by side, beside one pair: routers in the lab that think for a moment before each answer."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from change_lab import OPTIONS, night, pairs

from ikeaudit.lab import server
from ikeaudit.remediation.strategies import find_strategy

THOUGHT = 0.1
"""Seconds that a router takes for an answer; those of real ones are measured in ``collecting``."""


def measure(count: int = 20) -> tuple[float, float]:
    """Seconds for one pair, the canary, and for ``count`` pairs at once."""
    perform = server._Vty._perform

    async def thoughtful(vty: Any, talk: Any) -> None:
        await asyncio.sleep(THOUGHT)
        await perform(vty, talk)

    server._Vty._perform = thoughtful  # type: ignore[method-assign]
    options = replace(OPTIONS, parallel=count, minute=60.0)
    strategy = find_strategy("single-keyring")
    try:
        with (
            TemporaryDirectory() as name,
            night(Path(name), pairs(count + 1), strategy, minute_seconds=60.0, wave_size=2 * count) as lab,
        ):
            taken = []
            for _ in range(2):
                start = time.perf_counter()
                report = lab.apply(options)
                taken.append(time.perf_counter() - start)
                assert report.result == "committed", report
        return taken[0], taken[1]
    finally:
        server._Vty._perform = perform  # type: ignore[method-assign]
