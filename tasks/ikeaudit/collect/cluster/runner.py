"""The Nornir runner ``dask``: hosts divided into shards, each read by a worker of a Dask cluster, results as they come.

It runs ikeaudit's own collecting and nothing else: what another task returns might hold keys, and would travel. A worker that
dies has its shard done again by another; each host is in the result once. A worker with another fingerprint key, other tables
of IOS or without logins gets no work.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

import msgspec
from nornir.core.task import AggregatedResult, MultiResult, Result

from ikeaudit.collect.cluster.scheduler import Client, Ended, Future, address_of, join
from ikeaudit.collect.cluster.shard import Carried, Shard, member, read_reply
from ikeaudit.collect.cluster.workers import Workers, unfit_to_collect
from ikeaudit.collect.outcome import HostOutcome
from ikeaudit.collect.task import CollectHosts, settled
from ikeaudit.model import SecretFacts
from ikeaudit.model.errors import IkeauditError, InputError
from ikeaudit.session.known_hosts import known_hosts_of
from ikeaudit.snapshot.dated import utc

if TYPE_CHECKING:
    from nornir.core.inventory import Host
    from nornir.core.task import Task

    from ikeaudit.collect.folder import SnapshotFolder

LARGEST = 100
"""Hosts of a shard: what is lost when a worker dies is read again."""

RESOURCE = "dask_resource"
"""What the inventory's data calls the Dask resource of a host's site (``dask worker --resources "berlin=1"``)."""

_LOOK = 1.0
"""Seconds between two looks at who is there."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Hosts of one site; ``attempt`` counts how often they were handed out."""

    hosts: tuple[str, ...]
    site: str | None
    attempt: int = 0


class _Out(NamedTuple):
    """A part that was handed to the cluster, for those ``workers`` to do."""

    future: Future
    part: _Part
    workers: frozenset[str]


class DaskRunner:
    """``scheduler`` is ``dask://HOST:PORT``; ``num_workers`` routers are read at the same time by each task of a worker.

    ``shard_size`` is the most hosts of a shard, left out what suits the number of workers. ``patience`` is how many seconds
    hosts wait when no worker that may read them is there any more.
    """

    remote = True
    """Logins are needed on the workers, not here."""

    unfit: tuple[str, ...] = ()
    """Of the last run: workers that got no work, and why."""

    def __init__(
        self, scheduler: str, num_workers: int = 50, shard_size: int | None = None, patience: float = 60.0
    ) -> None:
        address_of(scheduler)
        self.scheduler, self.num_workers, self.shard_size, self.patience = scheduler, num_workers, shard_size, patience

    def require(self, key_id: str) -> None:
        """See that the cluster is there, before anything is begun.

        :raises InputError: when no scheduler answers.
        :raises RefusedError: when no worker is fit, with the fingerprint key called ``key_id``.
        """
        client = join(self.scheduler)
        workers = _workers(client, key_id)
        try:
            workers.begin()
        finally:
            workers.close()
            client.close()

    def run(self, task: Task, hosts: list[Host]) -> AggregatedResult:
        """The outcomes of all ``hosts``.

        :raises InputError: when ``task`` is another than collecting, no scheduler answers, or no worker is fit.
        """
        collecting = task.task
        if not isinstance(collecting, CollectHosts):
            raise InputError(
                "The runner dask carries ikeaudit's own collecting only: results of other tasks may hold keys."
            )
        client = join(self.scheduler)
        try:
            run = _Run(self, client, task, collecting, hosts)
            result = run.done()
            self.unfit = run.unfit
            return result
        finally:
            client.close()


class _Run:
    """One run: parts that wait, and those that workers have."""

    def __init__(
        self, runner: DaskRunner, client: Client, task: Task, collecting: CollectHosts, hosts: Sequence[Host]
    ) -> None:
        self._runner, self._client, self._task, self._collecting = runner, client, task, collecting
        self._writer: SnapshotFolder = collecting.writer  # type: ignore[assignment]
        self._hosts = {host.name: host for host in hosts}
        self._key_id = self._writer.fingerprinter.key_id
        self._result = AggregatedResult(task.name)
        self._workers = _workers(client, self._key_id)
        self._waiting: deque[_Part] = deque()
        self._out: dict[str, _Out] = {}
        self._ended = Ended()
        self._facts: dict[str, dict[str, SecretFacts]] = {}
        self._without: dict[str | None, float] = {}
        self._run = uuid4().hex[:8]

    @property
    def unfit(self) -> tuple[str, ...]:
        """Workers that got no work, and why."""
        return self._workers.unfit

    def done(self) -> AggregatedResult:
        """Every host's outcome."""
        try:
            return self._done()
        finally:
            self._workers.close()

    def _done(self) -> AggregatedResult:
        self._workers.begin()
        if self._collecting.state_only:
            self._look_up_facts()
        self._waiting.extend(self._parts())
        ended = ""
        try:
            self._work()
        except IkeauditError:
            raise
        except Exception as error:  # noqa: BLE001 - what a cluster raises may hold anything; its kind is told
            ended = type(error).__name__
        finally:
            with suppress(Exception):
                self._client.cancel([out.future for out in self._out.values()], force=True)
        left = [name for name in self._hosts if name not in self._result]
        self._fail(left, f"the cluster ended before it was read ({ended or 'no reply'})")
        return self._result

    def _look_up_facts(self) -> None:
        """What the snapshot knows of keys: with it a worker finds them in the state of a host. Of whom it has no configuration
        nothing is read."""
        for name in [*self._hosts]:
            try:
                self._facts[name] = dict(self._writer.facts_beside(name))
            except InputError as error:
                message = f"{name}: {error}."
                self._tell(HostOutcome(host=name, status="failed", reason="not-written", message=message))

    def _work(self) -> None:
        looked = time.monotonic()
        while self._waiting or self._out:
            self._hand_out()
            for future in self._ended.arrived(_LOOK):
                self._take(future)
            if time.monotonic() - looked >= _LOOK:
                self._workers.look()
                self._call_back()
                self._give_up()
                looked = time.monotonic()

    def _parts(self) -> Iterator[_Part]:
        sites: dict[str | None, list[str]] = {}
        for host in self._hosts.values():
            if host.name in self._result:
                continue
            named = host.get(RESOURCE)
            sites.setdefault(None if named is None else str(named), []).append(host.name)
        for site, names in sites.items():
            places = max(1, self._workers.places(site))
            size = self._runner.shard_size or max(1, min(LARGEST, -(-len(names) // (4 * places))))
            for start in range(0, len(names), size):
                yield _Part(tuple(names[start : start + size]), site)

    def _hand_out(self) -> None:
        """A shard in work and one in hand for each place of a worker: a slow one holds no more than that."""
        for _ in range(len(self._waiting)):
            part = self._waiting.popleft()
            busy = sum(1 for out in self._out.values() if out.part.site == part.site)
            fit = self._workers.fit(part.site)
            if not fit or busy >= 2 * self._workers.places(part.site):
                self._waiting.append(part)
                continue
            future = self._client.submit(
                _collect_shard(),
                self._shard(part),
                key=f"ikeaudit-collect-{self._run}-{uuid4().hex[:12]}",
                workers=[*fit],
                resources={part.site: 1} if part.site is not None else None,
                pure=False,
            )
            self._out[future.key] = _Out(future, part, frozenset(fit))
            self._ended.watch(future)

    def _shard(self, part: _Part) -> bytes:
        limits, collecting = self._collecting.limits, self._collecting
        return msgspec.msgpack.encode(
            Shard(
                members=tuple(member(self._hosts[name]) for name in part.hosts),
                key_id=self._key_id,
                keep=tuple(sorted(self._writer.fingerprinter.keep)),
                threads=self._runner.num_workers,
                connect=limits.connect,
                idle=limits.idle,
                total=limits.total,
                changes={name: collecting.changes[name] for name in part.hosts if name in collecting.changes},
                strict=known_hosts_of(self._task.nornir.config).strict,
                tolerant=collecting.tolerant,
                facts={name: self._facts[name] for name in part.hosts if name in self._facts},
            )
        )

    def _take(self, future: Future) -> None:
        """What a worker made of a part: hosts, or a reason to let another one do it."""
        out = self._out.pop(future.key, None)
        if out is None:
            return
        part = out.part
        problem, reply = "", None
        try:
            reply = read_reply(future.result(), part.hosts, self._key_id)
            problem = reply.refusal
        except Exception as error:  # noqa: BLE001 - what a cluster raises may hold anything; its kind is told
            problem = f"it ended with {type(error).__name__}"
        future.release()
        for one in reply.hosts if reply is not None else ():
            self._land(one)
        left = tuple(name for name in part.hosts if name not in self._result)
        if left:
            self._again(_Part(left, part.site, part.attempt), problem or "it said nothing of it")

    def _again(self, part: _Part, problem: str) -> None:
        if "KilledWorker" in problem and len(part.hosts) > 1:  # one of them ends workers; the others are to be read
            half = len(part.hosts) // 2
            self._waiting += [_Part(part.hosts[:half], part.site), _Part(part.hosts[half:], part.site)]
        elif "KilledWorker" in problem:
            self._fail(part.hosts, "one worker after the other ended while it was read")
        elif part.attempt + 1 < _ATTEMPTS:
            self._waiting.append(_Part(part.hosts, part.site, part.attempt + 1))
        else:
            self._fail(part.hosts, f"the worker that was to read it gave it back {_ATTEMPTS} times: {problem}")

    def _call_back(self) -> None:
        """Parts that only workers might do that are gone; Dask would keep them for ever."""
        for key, out in [*self._out.items()]:
            if out.future.status == "pending" and out.workers.isdisjoint(self._workers.fit(out.part.site)):
                del self._out[key]
                out.future.cancel(force=True)
                self._waiting.append(out.part)

    def _give_up(self) -> None:
        """Hosts for which no worker has been there for long."""
        now = time.monotonic()
        for site in {part.site for part in self._waiting}:
            if self._workers.fit(site):
                self._without.pop(site, None)
            elif now - self._without.setdefault(site, now) >= self._runner.patience:
                gone = [part for part in self._waiting if part.site == site]
                self._waiting = deque(part for part in self._waiting if part.site != site)
                need = f"no worker of the cluster offers the resource {site!r}" if site else "no fit worker is left"
                for part in gone:
                    self._fail(part.hosts, need)

    def _land(self, one: Carried) -> None:
        """Put what came of one host into the snapshot, once."""
        name, writer = one.outcome.host, self._writer
        if name in self._result:
            return

        def write() -> str | None:
            if one.whole is not None:
                return writer.put(one.whole)
            if one.state is not None:
                return writer.put_state(name, one.state)
            if one.confirmed is not None:
                return writer.confirm(name, one.confirmed)
            if one.details is not None:
                return writer.write_failure(name, one.outcome.message or "", one.details)
            return None

        self._tell(settled(one.outcome, write))

    def _fail(self, names: Iterable[str], why: str) -> None:
        for name in names:
            outcome = HostOutcome(host=name, status="failed", reason="internal", message=f"{name}: {why}.")
            details = {"reason": "internal", "collected": utc(datetime.now(UTC))}
            self._land(Carried(outcome=outcome, details=details))

    def _tell(self, outcome: HostOutcome) -> None:
        host = self._hosts[outcome.host]
        results = MultiResult(self._task.name)
        results.append(Result(host=host, result=outcome, failed=outcome.status == "failed"))
        self._result[host.name] = results
        self._task.processors.task_instance_completed(self._task, host, results)


def _workers(client: Client, key_id: str) -> Workers:
    return Workers(client, "read routers", lambda found: unfit_to_collect(found, key_id))


_ATTEMPTS = 3
"""How often a part is handed out that workers give back; one whose worker dies is done again by Dask itself."""


def _collect_shard() -> Any:
    from ikeaudit.collect.cluster.worker import collect_shard

    return collect_shard
