"""``ikeaudit hostkeys``: the SSH host keys of routers that the workspace remembers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ikeaudit.session import KnownHosts


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("hostkeys")(hostkeys)


def hostkeys(
    action: Annotated[str, typer.Argument(metavar="[list|import|forget]", help="What to do with them.")] = "list",
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE|HOST]...",
            show_default=False,
            help="import: files as ssh-keyscan prints them, or known_hosts (- is standard input); "
            "forget: ADDRESS or ADDRESS:PORT as the inventory has them; list: those, or all.",
        ),
    ] = None,
) -> int:
    """List, import or forget the host keys in the workspace's known_hosts.

    `collect` and the verbs that change routers record a key when they first meet it, and refuse a router whose key is another
    one. Your own ~/.ssh/known_hosts counts too, and is not written to.

    Exit code: 0 done, 1 nothing to list or to forget, 2 wrong usage, 4 internal error.
    """
    from ikeaudit.model.errors import InputError
    from ikeaudit.session import KnownHosts
    from ikeaudit.session.known_hosts import FILE
    from ikeaudit.snapshot.workspace import Workspace

    given = what or []
    known = KnownHosts(Workspace.open(create=action == "import").path / FILE)
    if action == "list":
        return _list(known, given)
    if action not in ("import", "forget") or not given:
        raise InputError("Say what to do: `ikeaudit hostkeys list`, or import with files, or forget with addresses.")
    return _import(known, given) if action == "import" else _forget(known, given)


def _list(known: KnownHosts, names: list[str]) -> int:
    from ikeaudit.session.known_hosts import listed, spelt_out

    wanted = [spelt_out(name) for name in names]
    keys = [key for key in known.ours() if not wanted or any(key.belongs_to(name) for name in wanted)]
    for line in listed(keys):
        typer.echo(line)
    if not keys:
        typer.echo(f"{known.file} has no such host key." if wanted else f"{known.file} has no host keys yet.", err=True)
    return 0 if keys else 1


def _import(known: KnownHosts, files: list[str]) -> int:
    from ikeaudit.model.errors import InputError
    from ikeaudit.session.known_hosts import read_file, read_keys
    from ikeaudit.snapshot.standard_input import NAME, standard_input

    read = {
        name: read_keys(standard_input().read().decode("utf-8", "replace"), NAME)
        if name == "-"
        else read_file(Path(name))
        for name in files
    }
    for name, (keys, strange) in read.items():
        if strange:
            raise InputError(f"{name}, line {strange[0]}: neither a host key nor a remark; nothing was imported.")
        if not keys:
            raise InputError(f"{name} has no host keys; nothing was imported.")
    here = {(key.marker, key.names, key.blob) for key in known.ours()}
    new = {(k.marker, k.names, k.blob): k for keys, _ in read.values() for k in keys}
    known.add(key for found, key in new.items() if found not in here)
    count = len(new.keys() - here)
    typer.echo(
        f"{count} host {'key' if count == 1 else 'keys'} imported into {known.file}, {len(new) - count} there already."
    )
    return 0


def _forget(known: KnownHosts, names: list[str]) -> int:
    from ikeaudit.session.known_hosts import listed, spelt_out

    missing = False
    for name in names:
        gone = known.forget(spelt_out(name))
        for line in listed(gone):
            typer.echo(f"forgotten: {line}")
        if not gone:
            missing = True
            typer.echo(f"{known.file} has no host key of {name}.", err=True)
    return 1 if missing else 0
