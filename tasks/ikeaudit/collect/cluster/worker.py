"""What runs on a worker: one shard, read by Nornir's threads, redacted in this process's memory, and handed back as data.

The login of routers and the fingerprint key are the worker's own: ``IKEAUDIT_USERNAME``, ``IKEAUDIT_PASSWORD`` and
``IKEAUDIT_ENABLE``, or an inventory that ``IKEAUDIT_WORKER_INVENTORY`` names; and the workspace that it was started with.
Nothing is raised: an error's text and frames would travel.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from nornir.core import Nornir
from nornir.core.configuration import Config
from nornir.core.inventory import ConnectionOptions, Defaults, Groups, Host, Hosts, Inventory
from nornir.core.plugins.connections import ConnectionPluginRegister
from nornir.core.state import GlobalState
from nornir.core.task import Result, Task
from nornir.plugins.runners import ThreadedRunner

from ikeaudit.collect.cluster.scheduler import is_trusted, worker_address
from ikeaudit.collect.cluster.shard import Carried, Member, Reply, Shard, Standing
from ikeaudit.collect.outcome import HostOutcome
from ikeaudit.collect.reading import Reading
from ikeaudit.collect.task import collect_host
from ikeaudit.ios.language import grammar
from ikeaudit.model import SecretFacts
from ikeaudit.model.errors import InputError
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.session import Credentials, Limits, known_hosts, open_inventory, silence_libraries
from ikeaudit.session.credentials import USERNAME, Keychain, from_environment
from ikeaudit.snapshot.own_code import own_code
from ikeaudit.snapshot.state_writing import RedactedState, redacted_state
from ikeaudit.snapshot.workspace import Workspace
from ikeaudit.snapshot.writing import RedactedHost, redacted_host

_PROFILER = ("profile", "profile-cycle")

OWN_INVENTORY = "IKEAUDIT_WORKER_INVENTORY"
"""The environment variable that names the inventory from which a worker takes the logins of hosts."""


def standing(dask_worker: Any) -> bytes:
    """A :class:`Standing`, asked of every worker before it gets work; Dask hands over the worker, whose profiler is ended.

    It looks at all threads a hundred times a second, and where many are started Python 3.11 hangs over that
    (python/cpython#106883); what it shows is of no use here.
    """
    for name in _PROFILER:
        callback = dask_worker.periodic_callbacks.get(name)
        if callback is not None:
            callback.stop()
    key_id, keep = "", frozenset[str]()
    try:
        opened = Workspace.open(create=False)
        if opened.lasting:
            key_id, keep = opened.fingerprinter.key_id, opened.fingerprinter.keep
    except InputError:
        pass
    found = Standing(
        key_id=key_id,
        grammar=grammar(),
        logins=bool(os.environ.get(USERNAME) or os.environ.get(OWN_INVENTORY)),
        resources=dict(dask_worker.state.total_resources),
        code=own_code(),
        keep=tuple(sorted(keep)),
    )
    return msgspec.msgpack.encode(found)


def collect_shard(content: bytes) -> bytes:
    """The :class:`Reply` to a :class:`Shard`; what goes wrong is told in it, in our words."""
    try:
        reply = _collected(msgspec.msgpack.decode(content, type=Shard))
    except InputError as error:
        reply = Reply(refusal=str(error))
    except Exception as error:  # noqa: BLE001 - its text may hold anything; only its kind is told
        reply = Reply(refusal=f"it failed with {type(error).__name__}")
    return msgspec.msgpack.encode(reply)


def _collected(shard: Shard) -> Reply:
    silence_libraries()
    address = worker_address()
    if not is_trusted(address):
        return Reply(refusal=f"it is joined to its scheduler at {address} without TLS")
    workspace = Workspace.open(create=False)
    if not workspace.lasting or workspace.fingerprinter.key_id != shard.key_id:
        return Reply(refusal="it has another fingerprint key")
    own = _own_inventory()
    recorder = Recorder(workspace.fingerprinter.keeping(shard.keep), shard.facts)
    task = _Reading(shard, _Logins(from_environment(), own.inventory.hosts if own else {}), recorder)
    ConnectionPluginRegister.auto_register()
    hosts = Hosts({one.name: _host(one) for one in shard.members})
    nornir = Nornir(
        inventory=Inventory(hosts=hosts, groups=Groups(), defaults=Defaults()),
        config=own.config if own else Config.from_dict(logging={"enabled": False}, core={"raise_on_error": False}),
        data=GlobalState(),
        runner=ThreadedRunner(num_workers=min(shard.threads, len(shard.members))),
    )
    known_hosts(nornir, workspace.path, strict=shard.strict)
    results = nornir.run(task=task, name=_Reading.name, on_failed=True)
    return Reply(hosts=tuple(recorder.carried(results[one.name][0].result) for one in shard.members))


def _host(one: Member) -> Host:
    options = ConnectionOptions(hostname=one.hostname, port=one.port, platform=one.platform, extras=one.extras)
    return Host(
        name=one.name,
        hostname=one.hostname,
        port=one.port,
        platform=one.platform,
        connection_options={"netmiko": options},
        defaults=Defaults(),
    )


def _own_inventory() -> Nornir | None:
    """The worker's own inventory, if it has one; InputError without a word of what is in it."""
    named = os.environ.get(OWN_INVENTORY)
    return open_inventory(Path(named)) if named else None


class _Logins(Keychain):
    """What the worker's own inventory says of a host of that name, and the worker's environment."""

    def __init__(self, environment: Credentials, hosts: Mapping[str, Host]) -> None:
        super().__init__(environment)
        self.__dict__["hosts"] = hosts

    def of(self, host: Host) -> Credentials:
        """The credentials for one host."""
        hosts: Mapping[str, Host] = self.__dict__["hosts"]
        return super().of(hosts.get(host.name, host))


class _Reading:
    """The task for each host: as a collector's own, but that what is read stays here."""

    name = "collect"

    def __init__(self, shard: Shard, keys: Keychain, recorder: Recorder) -> None:
        self._shard, self._keys, self._recorder = shard, keys, recorder
        self._limits = Limits(connect=shard.connect, idle=shard.idle, total=shard.total)

    def __call__(self, task: Task) -> Result:
        """Read one host."""
        change = self._shard.changes.get(task.host.name)
        try:
            outcome = collect_host(
                task.nornir,
                task.host,
                self._keys,
                self._recorder,
                self._limits,
                change,
                tolerant=self._shard.tolerant,
                state_only=task.host.name in self._shard.facts,
            )
        except Exception as error:  # noqa: BLE001 - Nornir would log its text, which may hold anything
            message = f"{task.host.name}: the worker failed with {type(error).__name__}."
            outcome = HostOutcome(host=task.host.name, status="failed", reason="internal", message=message)
        return Result(host=task.host, result=outcome)


class Recorder:
    """A :class:`~ikeaudit.collect.task.HostWriter` that redacts, and keeps what is to be handed back.

    ``facts`` are those of the keys of hosts of which only the state is read.
    """

    def __init__(self, fingerprinter: Fingerprinter, facts: Mapping[str, Mapping[str, SecretFacts]]) -> None:
        self._fingerprinter, self._facts = fingerprinter, facts
        self._states: dict[str, RedactedState] = {}
        self._whole: dict[str, RedactedHost] = {}
        self._confirmed: dict[str, str] = {}
        self._details: dict[str, dict[str, str]] = {}

    def write(self, host: str, reading: Reading, details: Mapping[str, str]) -> None:
        """Redact ``reading``."""
        self._whole[host] = redacted_host(
            host,
            reading.config,
            reading.shows,
            {name: text for name, text in details.items() if name != "collected"},
            fingerprinter=self._fingerprinter,
            collected=details.get("collected"),
        )

    def write_state(self, host: str, reading: Reading, moment: str) -> str | None:
        """Redact the state in ``reading``, the keys of its configuration being known by their fingerprints."""
        self._states[host] = redacted_state(
            reading.shows, self._facts[host], fingerprinter=self._fingerprinter, read=moment
        )
        return None

    def write_failure(self, host: str, reason: str, details: Mapping[str, str]) -> str | None:
        """Note what is to be noted of a host that failed."""
        self._details[host] = dict(details)
        return None

    def confirm(self, host: str, moment: str) -> str | None:
        """Note that what the collector has of the host is still so."""
        self._confirmed[host] = moment
        return None

    def carried(self, outcome: HostOutcome) -> Carried:
        """All there is of one host."""
        name = outcome.host
        return Carried(
            outcome=outcome,
            whole=self._whole.get(name),
            state=self._states.get(name),
            confirmed=self._confirmed.get(name),
            details=self._details.get(name),
        )
