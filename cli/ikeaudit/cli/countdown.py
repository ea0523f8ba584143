"""While a change runs, at the bottom of the screen: each router's timer, counting down. Only on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from ikeaudit.change import Setting


def timers(setting: Setting, at: datetime) -> str:
    """``R1 goes back by itself in 9:58 ...`` for each router of the parts under way whose net is up; empty when none is."""
    from ikeaudit.change import by_hand

    rows = []
    for window in tuple(setting.under_way) or (setting.entire,):
        for router in setting.progress(window).routers.values():
            until = router.acts_at
            if until is None or router.confirming:
                continue
            left = max(0, int((until - at).total_seconds()))
            first = next(iter(by_hand(window.plan, router)), "")
            rows.append(f"{router.name} goes back by itself in {left // 60}:{left % 60:02d}; at once by hand: {first}")
    return "\n".join(rows)


@contextmanager
def counting_down(setting: Setting) -> Iterator[Callable[[str], None]]:
    """How to say a line while the timers are shown below it."""
    if not sys.stderr.isatty():
        yield lambda line: typer.echo(line, err=True)
        return
    from rich.live import Live
    from rich.text import Text

    from ikeaudit.report.screen import screen

    console = screen(stderr=True)
    shown = Live(
        console=console,
        get_renderable=lambda: Text(timers(setting, datetime.now(UTC)), style="yellow"),
        refresh_per_second=1,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    with shown:
        yield lambda line: console.print(Text(f"{datetime.now(UTC):%H:%M:%S}Z ", "dim") + Text(line), soft_wrap=True)
