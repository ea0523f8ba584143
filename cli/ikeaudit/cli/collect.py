"""``ikeaudit collect``: read routers over SSH into a snapshot."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ikeaudit.cli.options import format_option


def collect(
    inventory: Annotated[
        Path, typer.Option("--inventory", "-i", metavar="FOLDER", help="Folder of a Nornir SimpleInventory.")
    ] = Path("inventory"),
    host: Annotated[
        list[str] | None,
        typer.Option("--host", metavar="NAME", show_default=False, help="Only this host; may be given several times."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="FOLDER", show_default="snapshots/<UTC time>", help="Where the snapshot goes."
        ),
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=1000, help="Routers read at the same time.")] = 50,
    timeout: Annotated[
        float,
        typer.Option(
            min=0.1,
            metavar="SECONDS",
            help="Silence after which a router is given up: in connecting, in logging in, in a reply.",
        ),
    ] = 60.0,
    format_: Annotated[str, format_option("collection")] = "console",
) -> int:
    """Read every router of the inventory over SSH; keys become fingerprints before anything is written.

    Credentials come from IKEAUDIT_USERNAME, IKEAUDIT_PASSWORD and IKEAUDIT_ENABLE, else from the inventory, else they are
    asked for.

    Exit code: 0 all read, 2 wrong usage, 3 a router could not be read whole, 4 internal error.
    """
    from datetime import UTC, datetime

    from ikeaudit.cli.output import emit
    from ikeaudit.collect import collect_fleet, default_folder
    from ikeaudit.collect.folder import SnapshotFolder
    from ikeaudit.report import CollectReport
    from ikeaudit.report.screen import screen
    from ikeaudit.session import Limits, keychain, open_inventory, pick, terminal_prompt
    from ikeaudit.snapshot.workspace import Workspace

    now = datetime.now(UTC)
    nornir = pick(open_inventory(inventory, workers=workers), host or [])
    keys = keychain(nornir.inventory.hosts.values(), ask=terminal_prompt())
    folder = SnapshotFolder(out or default_folder(now), Workspace.open().fingerprinter)
    limits = Limits(connect=timeout, idle=timeout)
    result = collect_fleet(
        nornir, keys, folder, folder=folder.path, limits=limits, console=screen(stderr=True), now=now
    )
    emit(CollectReport(collection=result), format_)
    return 0 if result.complete else 3
