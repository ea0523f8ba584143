"""The one place that touches ``ttp``: typed, cached once a process, safe against its traps (each was reproduced first).

Show output goes in as it is, indentation cut, with one template a command. Text is never mistaken for a path, because it
begins with ``@``.
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


def show_template_text(name: str) -> str:
    """The template of a show command, ``name`` being the command with ``_`` for its blanks."""
    return (resources.files("ikeaudit.parsing.shows") / "ttp" / f"{name}.ttp").read_text(encoding="utf-8")


@cache
def _parser(show: str) -> _Parser:
    """The parser of one show command; ValueError when its template is wrong."""
    with _no_pickle_cache():
        from ttp import ttp

        try:
            parser: _Parser = ttp(template=show_template_text(show))
        except SystemExit:
            raise ValueError(f"the template of {show} is no TTP") from None
    return parser


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
