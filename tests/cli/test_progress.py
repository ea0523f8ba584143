"""Progress of long work: on a terminal, on standard error; nothing in a pipe, and nothing changes what is gone through."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from ikeaudit import api
from ikeaudit.cli import progress
from ikeaudit.model.watching import watched, watching

SEED = Path(__file__).parents[1] / "cases" / "seed"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def seed() -> Path:
    return sorted(path.parent for path in SEED.rglob("*.cfg"))[0]


def test_without_a_watch_the_items_themselves_are_gone_through() -> None:
    items = [1, 2, 3]
    assert watched("numbers", items) is items


def test_a_watch_sees_what_is_gone_through_and_not_what_is_gone_through_meanwhile() -> None:
    seen: list[tuple[str, list[int]]] = []

    def watch(title: str, items: Sequence[Any], /) -> Iterable[Any]:
        seen.append((title, list(items)))
        return items

    with watching(watch):
        pairs = [(a, b) for a in watched("outer", [1, 2]) for b in watched("inner", [3, 4])]
        again = list(watched("then", [5]))
    assert pairs == [(1, 3), (1, 4), (2, 3), (2, 4)] and again == [5]
    assert seen == [("outer", [1, 2]), ("then", [5])]
    assert list(watched("after", [6])) == [6] and len(seen) == 2


def test_a_check_tells_what_it_goes_through(tmp_path: Path) -> None:
    titles: list[str] = []

    def watch(title: str, items: Sequence[Any], /) -> Iterable[Any]:
        titles.append(title)
        return items

    with watching(watch):
        report = api.check(api.load(seed(), workspace=tmp_path))
    assert titles == ["routers read", "files read", "tunnels replayed", "hazards asked"]
    assert report == api.check(api.load(seed(), workspace=tmp_path))


@pytest.mark.parametrize("terminal", [True, False])
def test_the_bar_is_for_a_terminal(terminal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal() if terminal else io.StringIO()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(progress, "PATIENCE", -1.0)
    with progress.shown():
        assert list(watched("routers read", list(range(50)))) == list(range(50))
    assert ("routers read" in screen.getvalue()) == terminal


def test_what_is_quickly_done_shows_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with progress.shown():
        assert list(watched("routers read", [1, 2])) == [1, 2]
    assert screen.getvalue() == ""
