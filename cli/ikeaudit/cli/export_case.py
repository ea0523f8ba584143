"""``ikeaudit export-case``: two routers of a snapshot as a case that can be given away."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ikeaudit.cli.options import PathArgument


def export_case(
    path: PathArgument,
    a: Annotated[str, typer.Argument(metavar="A", show_default=False, help="One router of the pair.")],
    b: Annotated[str, typer.Argument(metavar="B", show_default=False, help="The other.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FOLDER", help="A new folder for the case.", show_default=False)
    ],
) -> int:
    """Write the configurations and the state of two routers as a case, with names, addresses and keys replaced.

    The case is replayed before it is kept: its verdicts are those of the two routers.

    Exit code: 0 written, 2 wrong usage or unusable input, 3 the snapshot holds no router that could be read, 4 internal error,
    5 refused, because the case would have another verdict.
    """
    from ikeaudit.api import export_case as exported
    from ikeaudit.api import load

    done = exported(load(path, create=False, jobs=0, cache=True), a, b, out)
    typer.echo(
        f"Wrote routers A and B to {done.folder}: {done.directions} directions, with the verdicts that they have in {path}. "
        "Look through it before you give it away."
    )
    return 0
