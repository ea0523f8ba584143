"""The workers of a cluster: who is there, who may read which hosts, and why the others may not."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

import msgspec

from ikeaudit.collect.cluster.scheduler import Client
from ikeaudit.collect.cluster.shard import Standing
from ikeaudit.ios.language import grammar
from ikeaudit.model.errors import RefusedError
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.snapshot.own_code import own_code

_SHOWN = 3
_PATIENCE = 15.0
"""Seconds that the first answers may take; who hangs is left alone, and answers later or never."""
_AT_ONCE = 16
_OTHER_VERSION = "runs another version of ikeaudit"


def unfit_to_collect(found: Standing, key_id: str) -> str:
    """Why a worker may not read routers for who has the fingerprint key called ``key_id``; "" where it may."""
    if other := _has_another_key(found, key_id):
        return other
    if found.grammar != grammar():
        return _OTHER_VERSION
    return "" if found.logins else "was started without logins (IKEAUDIT_USERNAME, or IKEAUDIT_WORKER_INVENTORY)"


def unfit_to_work(found: Standing, key: Fingerprinter) -> str:
    """Why a worker may not do work of who has the fingerprint ``key``: its answers could be others; "" where it may."""
    if found.code != own_code():
        return f"{_OTHER_VERSION}, or of Python"
    if other := _has_another_key(found, key.key_id):
        return other
    lacking = sorted(key.keep - {*found.keep})
    return f"keeps less free text than this workspace ({', '.join(lacking)}; settings.toml)" if lacking else ""


def _has_another_key(found: Standing, key_id: str) -> str:
    if found.key_id == key_id:
        return ""
    has = f"has another fingerprint key ({found.key_id})" if found.key_id else "has no fingerprint key"
    return f"{has}; carry this workspace's there by `ikeaudit workspace export` and `import`"


class Workers:
    """Those of the scheduler that ``client`` speaks to, as they were at the last :meth:`look`.

    ``unfit`` says why one may not do the ``task`` (``read routers``), and nothing of one that is fit.
    """

    def __init__(self, client: Client, task: str, unfit: Callable[[Standing], str]) -> None:
        self._client, self._task, self._why = client, task, unfit
        self._fit: dict[str, Standing] = {}
        self._unfit: dict[str, str] = {}
        self._threads: dict[str, int] = {}
        self._asked: dict[str, Future[object]] = {}
        self._pool = ThreadPoolExecutor(_AT_ONCE)

    def close(self) -> None:
        """Ask nobody any more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def begin(self) -> None:
        """See who is there, and wait for what they say.

        :raises RefusedError: when nobody is fit; it says why.
        """
        self.look()
        wait(self._asked.values(), timeout=_PATIENCE)
        self.look()
        self._require_one()

    def look(self) -> None:
        """See who is there; who is new is asked, and what those say that were asked before counts."""
        self._threads = {str(address): count for address, count in self._client.nthreads().items()}
        for known in (self._fit, self._unfit, self._asked):
            for address in known.keys() - self._threads.keys():
                known.pop(address)
        for address in self._threads.keys() - self._fit.keys() - self._unfit.keys() - self._asked.keys():
            self._asked[address] = self._pool.submit(self._standing, address)
        for address in [address for address, asked in self._asked.items() if asked.done()]:
            self._judge(address, self._asked.pop(address).result())

    def _standing(self, address: str) -> object:
        """What the worker at ``address`` says of itself; anything else when it does not."""
        from ikeaudit.collect.cluster.worker import standing

        try:
            return self._client.run(standing, workers=[address], on_error="return").get(address)
        except Exception as error:  # noqa: BLE001 - it went away, or the client did
            return error

    def _judge(self, address: str, reply: object) -> None:
        try:
            found = msgspec.msgpack.decode(reply, type=Standing) if isinstance(reply, bytes) else None
        except msgspec.MsgspecError:
            found = None
        if found is None:
            self._unfit[address] = "runs no ikeaudit, or another version of it"
        elif why := self._why(found):
            self._unfit[address] = why
        else:
            self._fit[address] = found

    def _require_one(self) -> None:
        if self._fit:
            return
        told = [f"{address} {why}" for address, why in [*self._unfit.items()][:_SHOWN]]
        more = f", and {len(self._unfit) - _SHOWN} more" if len(self._unfit) > _SHOWN else ""
        raise RefusedError(
            f"No worker of the cluster may {self._task}: {'. '.join(told)}{more}."
            if told
            else "The cluster has no workers."
        )

    @property
    def unfit(self) -> tuple[str, ...]:
        """``ADDRESS WHY`` of each worker that gets no work."""
        return tuple(f"{address} {why}" for address, why in self._unfit.items())

    def fit(self, site: str | None) -> tuple[str, ...]:
        """The addresses of those that may read hosts of ``site``, a Dask resource; of any site where that is None."""
        return tuple(address for address, one in self._fit.items() if site is None or one.resources.get(site, 0) >= 1)

    def places(self, site: str | None) -> int:
        """How many tasks they do at the same time."""
        return sum(
            self._threads.get(address, 1)
            if site is None
            else min(self._threads.get(address, 1), int(self._fit[address].resources[site]))
            for address in self.fit(site)
        )
