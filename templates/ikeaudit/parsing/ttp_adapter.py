"""The one place that touches ``ttp``: typed, cached once a process, safe against its traps (each was reproduced first).

A running-config goes in block by block, each behind a line ``@ NUMBER``, and every line behind its own number, so that a
match knows its line and nothing can bleed from one block into the next. Show output goes in as it is, indentation cut,
with one template a command. Text is never mistaken for a path, because it begins with ``@``.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import resources
from typing import Any, Protocol, TypeAlias

from ikeaudit.parsing.gc_pause import gc_paused

Match: TypeAlias = Mapping[str, Any]
"""One block as TTP saw it: its own fields, and for each kind of statement a list of that statement's fields."""


class _Parser(Protocol):
    """What this module uses of ``ttp.ttp``."""

    def add_input(self, data: str, input_name: str = ..., *, groups: Sequence[str] = ...) -> None: ...
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


def show_template_text(name: str) -> str:
    """The template of a show command, ``name`` being the command with ``_`` for its blanks."""
    return (resources.files("ikeaudit.parsing.shows") / "ttp" / f"{name}.ttp").read_text(encoding="utf-8")


@cache
def _parser(show: str | None = None) -> _Parser:
    """The parser of one show command, or that of the running-config; ValueError when a template of ours is wrong."""
    with _no_pickle_cache():
        from ttp import ttp

        try:
            parser: _Parser = ttp(template=template_text() if show is None else show_template_text(show))
        except SystemExit:
            raise ValueError(f"the template of {show or 'the running-config'} is no TTP") from None
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


def parse_show(name: str, lines: Iterable[str]) -> dict[str, list[Match]]:
    """What the template ``show_...`` finds in ``lines``: for each of its groups the matches in the order printed.

    Groups inside a group are lists in its matches. Every group of a template has a name that ends with ``*``, so that one
    match is a list, too.
    """
    text = "\n".join(("@", *lines))
    with _LOCK, gc_paused():
        parser = _parser(name)
        try:
            parser.add_input(text)
            parser.parse(one=True)
            (found,) = parser.result()[0]
        finally:
            parser.clear_input()
            parser.clear_result()
    return dict(found) if isinstance(found, dict) else {}
