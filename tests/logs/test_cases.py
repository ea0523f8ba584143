"""Logs of every kind, and what they show: ``cases*.txt`` beside this file."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from ikeaudit.logs import diagnose

CASES = sorted(Path(__file__).parent.glob("cases*.txt"))


class Case(NamedTuple):
    name: str
    expected: list[list[str]]
    candidates: list[set[str]]
    log: list[str]


def cases() -> list[Case]:
    found: list[Case] = []
    for block in (block for file in CASES for block in file.read_text(encoding="utf-8").split("\n=== ")[1:]):
        name, *lines = block.split("\n")
        heads = [line[4:].partition(" ~ ") for line in lines if line.startswith("--- ")]
        log = [line for line in lines if not line.startswith("--- ")]
        found.append(Case(name, [h[0].split() for h in heads], [set(h[2].split()) for h in heads], log))
    return found


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_a_log_shows_what_it_shows(case: Case) -> None:
    told = diagnose(case.log)
    rows = [
        [
            str(value if value is not None else "-")
            for value in (n.host, n.peer, n.side, n.ike_version, n.outcome, n.failed_at, n.reason)
        ]
        for n in told
    ]
    assert sorted(rows) == sorted(case.expected)
    for row, wanted in zip(case.expected, case.candidates, strict=True):
        assert wanted <= set(told[rows.index(row)].candidates)
