"""Where a Dask scheduler is and how it may be spoken to: in clear on this machine only, else by TLS; and the adapter to Dask.

A scheduler is trusted with the names and addresses of routers and with redacted text, and whoever may speak to it can run
programs on its workers. So nobody may who has no certificate. The certificates are those of Dask's own configuration
(``distributed.comm.tls``, or ``DASK_DISTRIBUTED__COMM__TLS__CA_FILE`` and the like).
"""

from __future__ import annotations

import logging
import queue
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from importlib import import_module
from ipaddress import ip_address
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

from ikeaudit.model.errors import InputError

SCHEME = "dask"
_WAIT = 15


class Future(Protocol):
    """What is used of Dask's future: a task whose result are bytes."""

    key: str
    status: str

    def result(self) -> bytes:
        """What the task returned, or raises what it raised."""

    def release(self) -> None:
        """Let the cluster forget it."""

    def cancel(self, *, force: bool = False) -> None:
        """Let it not be done."""

    def add_done_callback(self, callback: Callable[[Future], object]) -> None:
        """Call ``callback`` when it ended, however it did."""


class Ended:
    """Futures that end, in the order in which they do."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Future] = queue.SimpleQueue()

    def watch(self, future: Future) -> None:
        """Have ``future`` come here when it ends."""
        future.add_done_callback(self._queue.put)

    def arrived(self, patience: float) -> Iterator[Future]:
        """Those that are here, after so many seconds at most that the first of them is waited for."""
        try:
            yield self._queue.get(timeout=patience) if patience else self._queue.get_nowait()
            while True:
                yield self._queue.get_nowait()
        except queue.Empty:
            return


class Client(Protocol):
    """What is used of Dask's client."""

    def nthreads(self) -> Mapping[str, int]:
        """The threads of each worker, by its address."""

    def run(self, function: Callable[..., object], *, workers: Sequence[str], on_error: str) -> Mapping[str, object]:
        """What ``function`` returns on each of ``workers``."""

    def submit(self, function: Callable[[bytes], bytes], content: bytes, **how: object) -> Future:
        """Begin a task."""

    def cancel(self, futures: Collection[Future], *, force: bool = False) -> None:
        """Let them not be done."""

    def close(self) -> None:
        """Leave the cluster."""


def address_of(runner: str) -> tuple[str, int]:
    """Host and port of ``dask://HOST:PORT``; InputError for anything else."""
    wrong = InputError(
        f"{runner!r} is no runner that is known here; write dask://HOST:PORT with those of a Dask scheduler."
    )
    try:
        parts = urlsplit(runner)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in (SCHEME, "tls") or not host or not port or parts.path.strip("/") or "@" in parts.netloc:
        raise wrong
    return host, port


def is_loopback(host: str) -> bool:
    """Whether ``host`` is this machine by its spelling alone: no name is looked up."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_trusted(address: str) -> bool:
    """Whether what goes to ``address``, as Dask spells it (``tls://192.0.2.1:8786``), cannot be read on its way."""
    scheme, _, rest = address.partition("://")
    return scheme == "tls" or scheme == "inproc" or is_loopback(rest.rpartition(":")[0])


def join(runner: str) -> Client:
    """A client of the scheduler at ``runner``; to be closed.

    :raises InputError: when Dask is not installed, no scheduler answers there, or it would have to be spoken to in clear.
    """
    host, port = address_of(runner)
    tls = runner.startswith("tls") or not is_loopback(host)
    distributed = _dask()
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    security = distributed.Security()
    has_certificate = bool(security.tls_ca_file and security.tls_client_cert)
    if tls and not has_certificate:
        raise InputError(
            f"The scheduler {host} is not on this machine, so it is spoken to by TLS only, and Dask's configuration names no "
            "certificates (distributed.comm.tls: ca-file, client.cert, client.key)."
        )
    use_tls = tls or has_certificate
    shown = f"[{host}]" if ":" in host else host
    at, problem = f"{'tls' if use_tls else 'tcp'}://{shown}:{port}", ""
    try:
        if use_tls:
            security = distributed.Security(require_encryption=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = distributed.Client(
                at, security=security if use_tls else None, timeout=_WAIT, set_as_default=False, name="ikeaudit"
            )
            return cast(Client, made)
    except Exception as error:  # noqa: BLE001 - a library may raise anything; only its kind is told
        problem = type(error).__name__
    raise InputError(
        f"No Dask scheduler answers at {at} ({problem}); start one with `dask scheduler`, and look at its certificates."
    )


def _dask() -> Any:
    try:
        found = import_module("distributed")
    except ImportError:
        found = None
    if found is None:
        raise InputError("Many machines need Dask, which is not installed here: pip install 'ikeaudit[dask]'.")
    return found


def worker_address() -> str:
    """The address of the worker on which the task runs that asks."""
    return str(_dask().get_worker().address)
