"""A share of work on its way to a worker and back, and what the worker does with it: bytes in, bytes out, nothing raised."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from threading import Lock

import msgspec

from ikeaudit.collect.cluster.scheduler import is_trusted, worker_address
from ikeaudit.parsing.gc_pause import gc_paused
from ikeaudit.snapshot.own_code import own_code

_OURS = "ikeaudit."
_ALONE = Lock()
"""A worker with several threads does one share after the other: what reads is not made for threads, nor faster by them."""


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """``items`` to be done by ``there`` (:mod:`~ikeaudit.snapshot.travelling`), by a program whose code is ``code``."""

    there: str
    code: str
    items: tuple[bytes, ...]


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """The answers to a share, in its order, an empty one for an item that failed; ``refusal`` is why it was not begun."""

    answers: tuple[bytes, ...] = ()
    refusal: str = ""


def do_share(content: bytes) -> bytes:
    """The :class:`Done` of a :class:`Share`; of what goes wrong no more than its kind is told."""
    try:
        done = _done(msgspec.msgpack.decode(content, type=Share))
    except Exception as error:  # noqa: BLE001 - its text may hold anything; only its kind is told
        done = Done(refusal=f"it failed with {type(error).__name__}")
    return msgspec.msgpack.encode(done)


def _done(share: Share) -> Done:
    address = worker_address()
    if not is_trusted(address):
        return Done(refusal=f"it is joined to its scheduler at {address} without TLS")
    if share.code != own_code():
        return Done(refusal="it runs another version of ikeaudit")
    module, _, name = share.there.partition(":")
    if not module.startswith(_OURS):
        return Done(refusal="this work is none of ours")
    work = getattr(import_module(module), name)
    with _ALONE, gc_paused():
        return Done(answers=tuple(_answer(work, item) for item in share.items))


def _answer(work: Callable[[bytes], bytes], item: bytes) -> bytes:
    try:
        return work(item)
    except Exception:  # noqa: BLE001 - who sent it meets the same error when it does the item itself
        return b""


def read_done(content: bytes, count: int) -> Done:
    """What a worker made of a share of ``count`` items; ValueError for anything else."""
    done = msgspec.msgpack.decode(content, type=Done)
    if not done.refusal and len(done.answers) != count:
        raise ValueError("a reply that does not fit what was asked")
    return done
