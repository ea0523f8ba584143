"""A collection from beginning to end: every host of the inventory, side by side, none in another's way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from nornir.core import Nornir
from rich.console import Console

from ikeaudit.collect.outcome import Collection, HostOutcome
from ikeaudit.collect.progress import ProgressBar
from ikeaudit.collect.shards import running, shards_of
from ikeaudit.collect.task import TASK_NAME, CollectHosts, HostWriter
from ikeaudit.session import Keychain, Limits
from ikeaudit.snapshot.dated import utc

DEFAULT_PARENT = Path("snapshots")


def collect_fleet(
    nornir: Nornir,
    keys: Keychain,
    writer: HostWriter,
    *,
    folder: Path,
    limits: Limits | None = None,
    console: Console | None = None,
    now: datetime | None = None,
    changes: Mapping[str, str] | None = None,
    tolerant: bool = False,
    state_only: bool = False,
) -> Collection:
    """Read all hosts of ``nornir`` with its number of workers and hand them to ``writer``.

    ``changes`` says of hosts when their configurations were changed last: those that still say so are asked nothing else. A
    host that fails is in the result with its reason; nothing is raised for it. ``console`` shows the progress when it is
    a terminal; left out, nothing is shown. ``tolerant``: show commands that an account may not use are no failure.
    ``state_only``: only the state is read, for a snapshot that has the configurations.
    """
    started = utc(now or datetime.now(UTC))
    hosts = list(nornir.inventory.hosts)
    task = CollectHosts(keys, writer, limits or Limits(), changes or {}, tolerant, state_only)
    shards = shards_of(nornir, task)
    with running(shards) as coming, ProgressBar("Collecting", len(hosts), console) as bar:
        if shards:
            outcomes = {}
            for outcome in coming:
                outcomes[outcome.host] = outcome
                bar.count(failed=outcome.status == "failed")
        else:
            results = nornir.with_processors([bar]).run(task=task, name=TASK_NAME, on_failed=True)
            outcomes = {name: result[0].result for name, result in results.items()}
    return Collection(
        snapshot=str(folder), started=started, hosts=tuple(outcomes.get(name) or _lost(name) for name in hosts)
    )


def _lost(host: str) -> HostOutcome:
    return HostOutcome(
        host=host, status="failed", reason="internal", message=f"{host}: the process that was to read it ended."
    )
