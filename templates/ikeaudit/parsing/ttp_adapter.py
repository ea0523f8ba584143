"""The one place that touches ``ttp``: typed, cached once a process, safe against its traps (each was reproduced first).

Every block goes in behind a line ``@ NUMBER``, and every line behind its own number, so that a match knows its line and
nothing can bleed from one block into the next. Text is never mistaken for a path, because it begins with ``@``.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import resources
from typing import Any, Protocol, TypeAlias

Match: TypeAlias = Mapping[str, Any]
"""One block as TTP saw it: its own fields, and for each kind of statement a list of that statement's fields."""


class _Parser(Protocol):
    """What this module uses of ``ttp.ttp``."""

    def add_input(self, data: str, input_name: str, groups: Sequence[str]) -> None: ...
    def parse(self, one: bool) -> None: ...
    def result(self) -> list[list[Any]]: ...
    def clear_input(self) -> None: ...
    def clear_result(self) -> None: ...


_LOCK = threading.Lock()


@contextmanager
def _no_pickle_cache() -> Iterator[None]:
    """Keep TTP from unpickling its function cache: that file runs code for whoever can write to its folder."""
    log = logging.getLogger("ttp.ttp")
    disabled, folder = log.disabled, os.environ.get("TTPCACHEFOLDER")
    log.disabled = True  # a level would not do: the constructor sets its own
    os.environ["TTPCACHEFOLDER"] = os.devnull
    try:
        yield
    finally:
        log.disabled = disabled
        if folder is None:
            del os.environ["TTPCACHEFOLDER"]
        else:
            os.environ["TTPCACHEFOLDER"] = folder


def template_text() -> str:
    """All templates of ``parsing/ttp``, the variables first."""
    folder = resources.files("ikeaudit.parsing") / "ttp"
    files = sorted((item for item in folder.iterdir() if item.name.endswith(".ttp")), key=lambda item: item.name)
    return "\n".join(item.read_text(encoding="utf-8") for item in files)


@cache
def _parser() -> _Parser:
    with _no_pickle_cache():
        from ttp import ttp

        parser: _Parser = ttp(template=template_text())
    return parser


def parse(inputs: Mapping[str, str]) -> dict[str, list[Match]]:
    """Parse each input with the template group of the same name; blocks come back in order.

    One TTP object shared by threads mixes their results up, hence the lock.
    """
    found: dict[str, list[Match]] = {}
    with _LOCK:
        parser = _parser()
        try:
            for kind, text in inputs.items():
                parser.add_input(text, input_name=kind, groups=[f"{kind}*"])
            parser.parse(one=True)
            for kind, result in zip(inputs, parser.result()[0], strict=True):
                found[kind] = list(result.get(kind, ())) if isinstance(result, dict) else []
        finally:
            parser.clear_input()
            parser.clear_result()
    return found
