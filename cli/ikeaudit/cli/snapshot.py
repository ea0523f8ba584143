"""``ikeaudit snapshot``: snapshots as wholes; today, several put together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ikeaudit.snapshot.merging import Merged


def snapshot(
    action: Annotated[str, typer.Argument(metavar="merge", help="What to do: put snapshots together.")],
    folders: Annotated[
        list[Path],
        typer.Argument(
            metavar="SNAPSHOT...", show_default=False, help="Folders that `collect` has filled, or of dated ones."
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FOLDER", show_default=False, help="A new folder for all of them.")
    ],
) -> int:
    """Put snapshots of several collectors together, for one audit of the whole network.

    The collectors must share one fingerprint key (`ikeaudit workspace export`). Of a host that several have, the newest
    reading is taken.

    Exit code: 0 done, 2 wrong usage, 3 something was missing from one of them, 4 internal error, 5 made with different keys.
    """
    from ikeaudit.model.errors import InputError
    from ikeaudit.snapshot.merging import merge

    if action != "merge":
        raise InputError(f"{action!r} is not known: say merge, the snapshots, and --out with a new folder.")
    merged = merge(folders, out)
    for line in told(merged, out):
        typer.echo(line)
    return 0 if merged.complete else 3


def told(merged: Merged, out: Path) -> list[str]:
    """What became of the snapshots, line by line."""
    lines = [f"{place}: {count} {'host' if count == 1 else 'hosts'}" for place, count in merged.hosts.items()]
    lines += [f"{one.host}: taken from {one.taken}, the newest; also in {', '.join(one.left)}" for one in merged.chosen]
    lines += [f"left out: {folder}" for folder in merged.damaged]
    lines += [f"{place}: its collection did not come to its end" for place in merged.unfinished]
    total = sum(merged.hosts.values())
    lines.append(f"{total} {'host' if total == 1 else 'hosts'} in {out}.")
    return lines
