"""The result of a collection for people."""

from __future__ import annotations

from ikeaudit.report.console.sheet import Sheet
from ikeaudit.report.documents import CollectReport


def draw_collection(report: CollectReport, sheet: Sheet) -> None:
    """How many routers were read, where they are, and each failure in one sentence."""
    collection = report.collection
    good = collection.with_status("collected", "partial")
    routers = "router" if len(collection.hosts) == 1 else "routers"
    sheet.line(f"Read {len(good)} of {len(collection.hosts)} {routers} into {collection.snapshot}")
    troubled = collection.with_status("partial", "failed")
    if troubled:
        sheet.rows(
            ((host.host, host.status, host.reason or "", host.message or "") for host in troubled),
            heads=("Host", "Status", "Reason", "What happened"),
        )
    for host in collection.hosts:
        for notice in host.notices:
            sheet.line(f"{host.host}: {notice}")
