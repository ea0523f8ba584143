"""``ikeaudit lab``: virtual routers on this machine, to try things on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

FIRST_PORT = 22001
"""Routers listen from this port on, in alphabetical order, as ``inventory/`` of the repository expects them."""


def lab(
    configurations: Annotated[
        Path | None,
        typer.Argument(
            metavar="[PATH]", show_default="the demo's two routers", help="A snapshot or a folder of running-configs."
        ),
    ] = None,
    first_port: Annotated[
        int, typer.Option("--first-port", min=1024, max=65000, help="Port of the first router; the next ones follow.")
    ] = FIRST_PORT,
    inventory: Annotated[
        Path,
        typer.Option("--inventory", "-i", metavar="FOLDER", help="Where the inventory of the routers is written."),
    ] = Path("lab-inventory"),
    minute: Annotated[
        float, typer.Option("--minute", min=0.01, max=60.0, metavar="SECONDS", help="How long a lab minute takes.")
    ] = 60.0,
) -> int:
    """Boot a virtual router for every configuration and serve SSH on loopback until Ctrl-C.

    Their Nornir inventory is written, for `ikeaudit collect --inventory`. The user is $IKEAUDIT_USERNAME or `lab`, the password
    $IKEAUDIT_PASSWORD or `lab`. Nothing outside this machine can connect. Their SSH host key is kept in the workspace, so that
    it is known again next time.

    Exit code: 0 stopped, 2 nothing to boot, a port is taken, or the inventory cannot be written.
    """
    import os
    import shlex
    import threading
    from contextlib import suppress

    from ikeaudit.lab import PASSWORD_VARIABLE, USERNAME_VARIABLE, boot_from_folder
    from ikeaudit.lab.boot import configurations as read
    from ikeaudit.lab.scenarios import SEED
    from ikeaudit.model.errors import InputError
    from ikeaudit.snapshot.workspace import Workspace

    folder = configurations or SEED
    ports = {name: first_port + n for n, name in enumerate(sorted(read(folder)))}
    world = boot_from_folder(
        folder,
        username=os.environ.get(USERNAME_VARIABLE) or "lab",
        password=os.environ.get(PASSWORD_VARIABLE) or "lab",
        minute_seconds=minute,
        ports=ports,
        host_key=Workspace.open().folder("lab") / "ssh_host_key",
    )
    try:
        world.start()
    except OSError as error:
        world.stop()
        raise InputError(
            f"A port from {first_port} on is taken ({error.strerror}); name another with --first-port."
        ) from None
    try:
        world.write_inventory(inventory)
        for name in sorted(world.routers):
            typer.echo(f"{name} answers SSH at 127.0.0.1 port {world.port(name)}")
        typer.echo(f"ikeaudit collect --inventory {shlex.quote(str(inventory))} reads them. Ctrl-C stops them.")
        with suppress(KeyboardInterrupt):
            threading.Event().wait()
    finally:
        world.stop()
    return 0
