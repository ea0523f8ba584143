"""``ikeaudit workspace``: where the workspace is, and its fingerprint key for other collectors of the same network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def workspace(
    action: Annotated[str, typer.Argument(metavar="[show|export|import]", help="What to do.")] = "show",
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", show_default=False, help="export: a new file; import: one that was exported."),
    ] = None,
) -> int:
    """Show the workspace, or carry its fingerprint key to another collector, so that their snapshots can be merged.

    Who has the key can try out passwords against fingerprints: the file is readable by you only, goes to the other collector
    by a way that you trust, and is removed then. The key itself is never printed.

    Exit code: 0 done, 2 wrong usage, 4 internal error, 5 refused: there is another key, or a file of that name.
    """
    from ikeaudit.model.errors import InputError
    from ikeaudit.snapshot.workspace import Workspace

    if (action, file is None) == ("show", True):
        found = Workspace.open(create=False)
        typer.echo(f"{found.path.absolute()}")
        typer.echo(
            f"fingerprint key {found.fingerprinter.key_id}"
            if found.lasting
            else "no fingerprint key yet; the first collection makes one"
        )
        return 0
    if action == "export" and file is not None:
        found = Workspace.open(create=False)
        found.export_key(file)
        typer.echo(
            f"The fingerprint key {found.fingerprinter.key_id} of {found.path.absolute()} is in {file}, for you only."
        )
        return 0
    if action == "import" and file is not None:
        found, new = Workspace.import_key(file)
        has = "has the fingerprint key" if new else "had the fingerprint key already:"
        typer.echo(f"{found.path.absolute()} {has} {found.fingerprinter.key_id}.")
        return 0
    raise InputError("Say what to do: `ikeaudit workspace`, or export or import with a file.")
