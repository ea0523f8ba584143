"""The result of a collection for people."""

from __future__ import annotations

from ikeaudit.report.console.pieces import named, plural
from ikeaudit.report.console.sheet import Sheet
from ikeaudit.report.documents import CollectReport

_NOTICES = 10
"""Notices that a terminal shows."""


def draw_collection(report: CollectReport, sheet: Sheet) -> None:
    """How many routers were read, where they are, each failure in one sentence, and what else became of the snapshot."""
    collection = report.collection
    good = collection.with_status("collected", "partial")
    sheet.line(f"Read {len(good)} of {plural(len(collection.hosts), 'router')} into {collection.snapshot}")
    if unchanged := [host.host for host in good if host.unchanged]:
        sheet.line(f"Unchanged, asked for the last change only: {named(sheet, unchanged)}")
    if collection.kept:
        sheet.line(f"Kept, read already: {named(sheet, collection.kept)}")
    if collection.dropped:
        sheet.line(f"Removed, no longer in the inventory: {named(sheet, collection.dropped)}")
    troubled = collection.with_status("partial", "failed")
    stale = [f"{host.host} ({host.read})" for host in troubled if host.status == "failed" and host.read]
    if stale:
        sheet.line(f"Stale, the earlier reading is kept: {named(sheet, stale)}")
    if troubled:
        sheet.rows(
            ((host.host, host.status, host.reason or "", host.message or "") for host in troubled),
            heads=("Host", "Status", "Reason", "What happened"),
        )
    some, left = sheet.shortened([(host.host, n) for host in collection.hosts for n in host.notices], _NOTICES)
    for host, notice in some:
        sheet.line(f"{host}: {notice}")
    if left:
        sheet.line(f"{left:,} more of these; `ikeaudit hostkeys` lists the keys that are known now.")
