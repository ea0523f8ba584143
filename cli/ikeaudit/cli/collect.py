"""``ikeaudit collect``: read routers over SSH into a snapshot."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from ikeaudit.cli.options import (
    FiltersOption,
    GroupsOption,
    HostsOption,
    InventoryOption,
    LimitOption,
    StrictOption,
    format_option,
    report_option,
)


def collect(
    inventory: InventoryOption = Path("inventory"),
    host: HostsOption = None,
    group: GroupsOption = None,
    filter_: FiltersOption = None,
    limit: LimitOption = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="FOLDER", show_default="snapshots/<UTC time>", help="Where the snapshot goes."
        ),
    ] = None,
    dated: Annotated[
        bool,
        typer.Option(
            "--dated", help="Into a new folder below --out, called after the time; the link `latest` then leads to it."
        ),
    ] = False,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Go on with a collection that was interrupted: only what it has not read yet."),
    ] = False,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="AGE",
            show_default=False,
            help="Only routers whose last reading is older: 90m, 12h, 2d.",
        ),
    ] = None,
    only_changed: Annotated[
        bool,
        typer.Option(
            "--only-changed",
            help="Ask for the last change first; a router whose configuration is still the one read is asked nothing else.",
        ),
    ] = False,
    state_only: Annotated[
        bool,
        typer.Option(
            "--state-only",
            help="Only the state (associations, clock, last change), beside the configurations that the snapshot has.",
        ),
    ] = False,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=1000,
            show_default="50, or what the Nornir configuration says",
            help="Routers read at the same time.",
        ),
    ] = None,
    timeout: Annotated[
        float,
        typer.Option(
            min=0.1,
            metavar="SECONDS",
            help="Silence after which a router is given up: in connecting, in logging in, in a reply.",
        ),
    ] = 60.0,
    runner: Annotated[
        str | None,
        typer.Option(
            "--runner",
            metavar="dask://HOST:PORT",
            show_default=False,
            help="Read routers by the workers of this Dask scheduler (extra: ikeaudit[dask]); logins are those of the workers.",
        ),
    ] = None,
    strict_host_keys: StrictOption = False,
    tolerate_refused: Annotated[
        bool,
        typer.Option(
            "--tolerate-refused", help="A router is read whole though its account may not use some show commands."
        ),
    ] = False,
    format_: Annotated[str, format_option("collection")] = "console",
    report_to: Annotated[list[str] | None, report_option("collection")] = None,
) -> int:
    """Read every router of the inventory over SSH; keys become fingerprints before anything is written.

    Credentials are those that the inventory gives a host or its groups, else IKEAUDIT_USERNAME, IKEAUDIT_PASSWORD and
    IKEAUDIT_ENABLE, else the inventory's defaults, else they are asked for.

    Exit code: 0 all read, 2 wrong usage, 3 a router could not be read whole, 4 internal error.
    """
    import msgspec

    from ikeaudit.cli.output import emit
    from ikeaudit.collect import collect_fleet
    from ikeaudit.collect.cluster.runner import DaskRunner
    from ikeaudit.collect.folder import SnapshotFolder
    from ikeaudit.model.errors import InputError
    from ikeaudit.report import CollectReport
    from ikeaudit.report.screen import screen
    from ikeaudit.session import (
        Credentials,
        Keychain,
        Limits,
        keychain,
        known_hosts,
        open_inventory,
        pick,
        terminal_prompt,
    )
    from ikeaudit.snapshot.dated import make_latest, parse_age, read_run, utc
    from ikeaudit.snapshot.workspace import Workspace

    now = datetime.now(UTC)
    if state_only and (only_changed or since is not None):
        raise InputError("--state-only reads the state of every router: leave out --since and --only-changed.")
    age = None if since is None else parse_age(since)
    known = open_inventory(inventory, workers=workers)
    if runner is not None:
        known = known.with_runner(DaskRunner(runner) if workers is None else DaskRunner(runner, workers))
    remote = isinstance(known.runner, DaskRunner)
    everybody = list(known.inventory.hosts)
    path, before = _place(out, now, dated=dated, resume=resume, again=since is not None or only_changed or state_only)
    run = read_run(path) if resume else None
    chosen = pick(known, host or (), groups=group or (), filters=filter_ or (), limit=limit)
    if run is not None and not (host or group or filter_ or limit):
        chosen = chosen.filter(lambda one: one.name in run.hosts)
    workspace = Workspace.open()
    typer.echo(f"Workspace: {workspace.path.absolute()}", err=True)
    if isinstance(known.runner, DaskRunner):
        known.runner.require(workspace.fingerprinter.key_id)
    known_hosts(known, workspace.path, strict=strict_host_keys)
    folder = SnapshotFolder(path, workspace.fingerprinter, before=before)
    kept = folder.read_since(run.started) if run is not None else frozenset()
    kept |= folder.younger_than(age, now) if age is not None else frozenset()
    asked = chosen.filter(lambda one: one.name not in kept)
    keys = Keychain(Credentials()) if remote else keychain(asked.inventory.hosts.values(), ask=terminal_prompt())
    started = run.started if run is not None else utc(now)
    folder.begin(everybody, chosen.inventory.hosts, started)
    folder.take_over(set(everybody) - asked.inventory.hosts.keys())
    try:
        result = collect_fleet(
            asked,
            keys,
            folder,
            folder=folder.path,
            limits=Limits(connect=timeout, idle=timeout),
            console=screen(stderr=True),
            now=now,
            changes=folder.last_changes() if only_changed else {},
            tolerant=tolerate_refused,
            state_only=state_only,
        )
    except KeyboardInterrupt:
        folder.shut()
        count = len(folder.read_since(started) & chosen.inventory.hosts.keys())
        routers = "router" if len(chosen.inventory.hosts) == 1 else "routers"
        typer.echo(f"Read {count} of {len(chosen.inventory.hosts)} {routers} into {path}; --resume goes on.", err=True)
        raise
    for told in getattr(known.runner, "unfit", ()):
        typer.echo(f"Worker without work: {told}.", err=True)
    dropped = folder.end(everybody)
    if dated:
        make_latest(folder.path)
    result = msgspec.structs.replace(
        result, started=started, kept=tuple(name for name in chosen.inventory.hosts if name in kept), dropped=dropped
    )
    emit(CollectReport(collection=result), format_, reports=report_to or ())
    return 0 if result.complete else 3


def _place(out: Path | None, now: datetime, *, dated: bool, resume: bool, again: bool) -> tuple[Path, Path | None]:
    """Where the snapshot goes, and the one that it follows where that is another.

    ``again``: there should be an earlier reading. Raises InputError when what was asked for is not there.
    """
    from ikeaudit.collect import DEFAULT_PARENT
    from ikeaudit.model.errors import InputError
    from ikeaudit.snapshot.dated import dated_folder, interrupted_in, latest_of, read_run

    if again and out is None and not dated and not resume:
        raise InputError(
            "--since, --only-changed and --state-only need an earlier snapshot: name its folder with --out, or say --dated."
        )
    parent = out or DEFAULT_PARENT
    if out is not None and not dated:
        if resume and read_run(out) is None:
            raise InputError(f"There is no interrupted collection in {out}; leave out --resume to begin a new one.")
        return out, None
    before = latest_of(parent) if dated else None
    if not resume:
        return dated_folder(parent, now), before
    found = interrupted_in(parent)
    if found is None:
        raise InputError(f"There is no interrupted collection in {parent}; leave out --resume to begin a new one.")
    return found, before
