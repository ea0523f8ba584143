"""The result of a collection on the screen."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ikeaudit.collect.outcome import Collection


def print_summary(collection: Collection, console: Console) -> None:
    """How many routers were read, where they are, and each failure in one sentence."""
    good = collection.with_status("collected", "partial")
    routers = "router" if len(collection.hosts) == 1 else "routers"
    console.print(Text(f"Read {len(good)} of {len(collection.hosts)} {routers} into {collection.snapshot}"))
    troubled = collection.with_status("partial", "failed")
    if not troubled:
        return
    table = Table(show_edge=False, pad_edge=False)
    for title in ("Host", "Status", "Reason", "What happened"):
        table.add_column(title, overflow="fold")
    for host in troubled:
        table.add_row(*(Text(text) for text in (host.host, host.status, host.reason or "", host.message or "")))
    console.print(table)
