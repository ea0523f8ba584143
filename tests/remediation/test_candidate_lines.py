"""Every line of ``candidate/lines.txt``: accepted in its section, printed as IOS prints it, the same again, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ikeaudit.candidate import Candidate

LINES = (Path(__file__).parent / "candidate" / "lines.txt").read_text(encoding="utf-8")
BASE = "hostname R\n!\ninterface Loopback0\n no ip address\n!\ncrypto ipsec transform-set TS esp-aes\n mode tunnel\n!\nend\n"


def listed() -> Iterator[tuple[tuple[str, ...], str, str | None]]:
    """The sections from the top, the line typed, and the line printed (None: nothing)."""
    path: tuple[str, ...] = ()
    for line in LINES.splitlines():
        if line.startswith("["):
            path = tuple(part for part in line.strip("[]").split(" / ") if part)
        elif line and not line.startswith("#"):
            typed, arrow, printed = line.partition(" => ")
            yield path, typed, None if printed == "-" else printed if arrow else typed


ALL = list(listed())


@pytest.mark.parametrize(("path", "typed", "printed"), ALL, ids=[f"{' / '.join(p)}: {t}" for p, t, _ in ALL])
def test_a_line(path: tuple[str, ...], typed: str, printed: str | None) -> None:
    candidate = Candidate.from_text(BASE, strict_references=False)
    candidate.apply(path)
    before = candidate.text()
    reply = candidate.apply([*path, typed])[-1]
    assert not reply.refused, reply
    added = [line.strip() for line in _added(before, candidate.text()) if line.strip() not in ("", "!")]
    expected = [] if printed is None else [printed]
    assert [line for line in added if not line.startswith("no ip address") or typed.startswith("no")] == expected
    assert reply.changed is (printed is not None)
    after = candidate.text()
    again = candidate.apply([*path, typed])[-1]
    assert candidate.text() == after and not again.changed
    taken = candidate.apply([*path, f"no {typed}"])[-1]
    assert not taken.refused, taken
    left = [line.strip() for line in _added(before, candidate.text())]
    assert printed is None or printed not in left
    assert Candidate.from_text(after).text() == after


def _added(before: str, after: str) -> list[str]:
    gone = before.splitlines()
    return [line for line in after.splitlines() if line not in gone or gone.remove(line)]  # type: ignore[func-returns-value]


@pytest.mark.parametrize("path", sorted({path for path, _, _ in ALL}), ids=" / ".join)
def test_lines_of_no_command_are_refused_where_every_command_is_known(path: tuple[str, ...]) -> None:
    candidate = Candidate.from_text(BASE, strict_references=False)
    reply = candidate.apply([*path, "xyzzy plugh"])[-1]
    assert reply.refused and "Invalid input" in reply.output
