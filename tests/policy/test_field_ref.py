"""The reference cases of the field, worked out apart from this code: every direction as their table says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ikeaudit.exchange import Exchange
from ikeaudit.fleet import Fleet
from ikeaudit.snapshot.loading import load_snapshot
from ikeaudit.snapshot.workspace import Workspace

REF = Path(__file__).parents[3] / "shared" / "field" / "ref"
ROW = re.compile(r"\| ([a-z0-9-]+) \| (\S+)(?: (\S+))? to (\S+)(?: (\S+))? \| (.+) \|$")


def rows() -> dict[str, list[tuple[str, ...]]]:
    """By case: caller, its interface, who is called, the interface there, and what is right."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for line in (REF / "README.md").read_text(encoding="utf-8").splitlines() if REF.is_dir() else ():
        if told := ROW.match(line):
            found.setdefault(told[1], []).append(tuple(part or "" for part in told.groups()[1:]))
    return found


def fits(outcome: str, reason: str | None, right: str) -> bool:
    """``down, xauth``: alternatives of each word by ``|``; ``*`` is any reason. A reading that stays idle tells none."""
    outcomes, _, reasons = right.partition(", ")
    known = not reasons or reasons == "*" or reason is None
    return outcome in outcomes.strip().split("|") and (known or reason in reasons.strip().split("|"))


def as_it_should_be(exchange: Exchange, right: str) -> bool:
    """Whether the verdict is one of the readings, or the one that stands before ``of``, and its readings are all of them."""
    first, of, rest = right.partition(" of ")
    wanted = (rest if of else right).split(" | ")
    seen = {(r.outcome, r.reason) for r in exchange.readings} or {(exchange.outcome, exchange.reason)}
    open_ = exchange.outcome == "unknown" and len(seen) > 1 and not of  # readings of equal weight
    return (
        (open_ or any(fits(exchange.outcome, exchange.reason, text) for text in ([first] if of else wanted)))
        and all(any(fits(*one, text) for text in wanted) for one in seen)
        and all(any(fits(*one, text) for one in seen) for text in wanted)
    )


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace.open(tmp_path_factory.mktemp("workspace"))


def wrong(fleet: Fleet, wanted: list[tuple[str, ...]]) -> Iterator[str]:
    everything = (*fleet.exchanges, *fleet.client_exchanges, *fleet.spoke_exchanges)
    for caller, here, called, there, right in wanted:
        found = [
            e
            for e in everything
            if (e.initiator, e.responder) == (caller, called)
            and here in ("", e.initiator_interface)
            and (not there or e.responder_interface in (there, None))
        ]
        if not found and not right.startswith("not-initiated"):
            yield f"{caller} to {called} is missing"
        for one in found:
            if not as_it_should_be(one, right):
                others = [(r.outcome, r.reason) for r in one.readings]
                yield f"{caller} to {called}: {one.outcome}, {one.reason}, {others} instead of {right}"


@pytest.mark.skipif(not REF.is_dir(), reason="the reference cases are not at hand")
@pytest.mark.parametrize(("case", "wanted"), rows().items(), ids=list(rows()))
def test_reference_case(case: str, wanted: list[tuple[str, ...]], workspace: Workspace) -> None:
    assert [*wrong(load_snapshot(REF / case, workspace).fleet(), wanted)] == []
