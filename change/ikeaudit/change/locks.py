"""One change at a time: a lock for the plan and one for every router, held by the process and gone with it."""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from ikeaudit.model.errors import InputError, RefusedError
from ikeaudit.snapshot.plain_files import why
from ikeaudit.snapshot.private_files import open_private


@contextmanager
def locked(folder: Path, *, change_id: str, digest: str | None, routers: Iterable[str]) -> Iterator[None]:
    """Hold the locks of a plan and its routers; they lie in ``folder`` and name who holds them.

    ``digest`` is None for a part of a plan whose lock is held for all parts that run side by side.

    :raises RefusedError: when one is held, naming what and by whom; then none is.
    :raises InputError: when one cannot be taken: the folder is full, or may not be written to.
    """
    wanted = [(f"plan-{digest[:32]}", "this plan")] if digest is not None else []
    wanted += [(f"router-{quote(name, safe='')}", name) for name in sorted(set(routers))]
    with ExitStack() as stack:
        for name, subject in wanted:
            stack.enter_context(_lock(folder / f"{name}.lock", subject, change_id))
        yield


def holder_of(folder: Path, digest: str) -> int | None:
    """The process that is at work on the plan with this digest; None when there is none."""
    try:
        handle = os.open(folder / f"plan-{digest[:32]}.lock", os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        number = os.pread(handle, 200, 0).decode("utf-8", "replace").strip().rpartition(" ")[2]
        if not number.isdigit() or not _alive(int(number)):
            return None
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return int(number)
        return None
    finally:
        with suppress(OSError):
            os.close(handle)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


@contextmanager
def _lock(path: Path, subject: str, change_id: str) -> Iterator[None]:
    problem, handle = "", -1
    try:
        handle = open_private(path, os.O_RDWR)
    except OSError as error:
        problem = why(error)
    if problem:
        raise InputError(f"The lock {path} cannot be taken ({problem}), so nothing is begun.")
    try:
        holder: str | None = None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(handle, 200, 0).decode("utf-8", "replace").strip() or "another process"
        except OSError as error:
            problem = why(error)
        if problem:
            raise InputError(f"The lock {path} cannot be taken ({problem}), so nothing is begun.")
        if holder is not None:
            raise RefusedError(
                f"{subject} is being changed by {holder}; wait until that has ended. `ikeaudit status` says how far it is."
            )
        with suppress(OSError):  # a full disk: the lock is held all the same, only nameless
            os.truncate(handle, 0)
            os.pwrite(handle, f"change {change_id}, process {os.getpid()}\n".encode(), 0)
        yield
    finally:
        with suppress(OSError):
            os.close(handle)
