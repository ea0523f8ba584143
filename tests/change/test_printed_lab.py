"""Every command that the life of a change prints is carried out, in the state in which it was printed.

A change is brought into a state, on virtual routers, by what a person types; what was printed on the way and what ``status``
says there is then typed as it stands. What only reads goes first. What changes something is typed on a copy: the same routers
booted afresh and brought into the same state.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import printed
import pytest
from change_lab import Night, night, pairs
from printed import IN_THE_LAB, shape

from ikeaudit.change.run import Run
from ikeaudit.cli.main import main
from ikeaudit.lab.faults import Refused
from ikeaudit.remediation.strategies import find_strategy

pytestmark = [pytest.mark.ssh, pytest.mark.timeout(600)]

_PROMPT = "# typed next:"


@contextmanager
def gone(*moments: str) -> Iterator[None]:
    """The process dies at one of these moments of a run."""

    def dies(self, *args, **named):
        raise SystemExit(137)

    with pytest.MonkeyPatch.context() as patch:
        for moment in moments:
            patch.setattr(Run, moment, dies)
        yield


def type_(line: str) -> int:
    """What a person types, as the shell takes it."""
    for stream in (sys.stdout, sys.stderr):
        print(_PROMPT, file=stream)
    try:
        return main(shlex.split(line)[1:])
    except SystemExit as error:
        return int(str(error.code))


def died(line: str, *moments: str) -> None:
    with gone(*moments):
        assert type_(line) == 137


def lost(n: Night) -> None:
    for path in Path("workspace").rglob("journal.jsonl"):
        path.write_bytes(bytes(900))


@dataclass(frozen=True)
class Situation:
    """``bring`` types what leads there; ``typed`` commands are those that were printed there at least."""

    bring: Callable[[Night], object]
    printed: tuple[str, ...]
    pairs: int = 1
    wave_size: int = 2


def held_elsewhere(n: Night) -> None:
    """From another folder's inventory, with options that the journal remembers."""
    Path("inventory").rename("other")
    assert type_("ikeaudit apply plan --commit --hold --inventory other --timeout 20 --minutes 12") == 0


def unsaved(n: Night) -> None:
    n.fault("A1", Refused(on="write memory", times=9))
    assert type_("ikeaudit apply plan --commit") == 3


def half_a_plan(n: Night) -> None:
    assert type_("ikeaudit apply plan --commit") == 0
    died("ikeaudit apply plan --commit", "go_back", "check_arrived")
    assert type_("ikeaudit confirm plan --close") == 5


def half_taken_back(n: Night) -> None:
    assert type_("ikeaudit apply plan --commit") == 0
    died("ikeaudit rollback plan --commit --wave 1", "_recovered")
    (journal,) = Path("workspace").rglob("journal.jsonl")
    with journal.open("ab") as file:
        file.write(b"}{\n")


SITUATIONS = {
    "held": Situation(lambda n: type_("ikeaudit apply plan --commit --hold"), ("ikeaudit confirm plan",)),
    "held, called with options": Situation(
        held_elsewhere, ("ikeaudit confirm plan --inventory other --timeout 20",)
    ),
    "in force": Situation(
        lambda n: type_("ikeaudit apply plan --commit") or type_("ikeaudit rollback plan"),
        ("ikeaudit confirm plan --close", "ikeaudit rollback plan --commit --all"),
    ),
    "applied twice": Situation(
        lambda n: type_("ikeaudit apply plan --commit") or type_("ikeaudit apply plan --commit"), ("ikeaudit verify plan",)
    ),
    "cut off": Situation(
        lambda n: died("ikeaudit apply plan --commit", "go_back", "check_arrived"),
        ("ikeaudit rollback plan --commit",),
    ),
    "cut off when all had arrived": Situation(
        lambda n: died("ikeaudit apply plan --commit", "go_back", "test"), ("ikeaudit apply plan --commit --resume",)
    ),
    "cut off while it was taken back": Situation(
        lambda n: (
            died("ikeaudit apply plan --commit", "go_back", "check_arrived"),
            died("ikeaudit rollback plan --commit", "_recovered"),
            type_("ikeaudit apply plan --commit --resume"),
        ),
        ("ikeaudit rollback plan --commit",),
    ),
    "taken back, and then to be confirmed": Situation(
        lambda n: (
            type_("ikeaudit apply plan --commit"),
            type_("ikeaudit rollback plan --commit --all"),
            type_("ikeaudit confirm plan"),
        ),
        ("ikeaudit apply plan --commit",),
    ),
    "journal lost": Situation(
        lambda n: (type_("ikeaudit apply plan --commit"), lost(n)), ("ikeaudit rollback plan",)
    ),
    "not saved": Situation(unsaved, ("ikeaudit confirm plan",)),
    "one of two waves": Situation(
        lambda n: type_("ikeaudit apply plan --commit"), ("ikeaudit apply plan --commit --wave 2",), pairs=2
    ),
    "half a wave": Situation(
        half_a_plan,
        ("ikeaudit status CHG-1-w2",),
        pairs=2,
    ),
    "groups in force": Situation(
        lambda n: type_("ikeaudit apply plan --commit --go-on") or type_("ikeaudit rollback plan"),
        ("ikeaudit rollback plan --commit --wave 2", "ikeaudit rollback plan --commit --wave 2 --group 2"),
        pairs=3,
        wave_size=8,
    ),
    "cut off while a wave was taken back, and the journal damaged": Situation(
        half_taken_back, ("ikeaudit rollback plan --wave 1",), pairs=2
    ),
    "a part is named that is not there": Situation(
        lambda n: type_("ikeaudit rollback plan --wave 1 --group 7"), ("ikeaudit plan show plan",), pairs=2
    ),
    "not rehearsed": Situation(
        lambda n: type_("ikeaudit apply plan --commit --require-rehearsal"), ("ikeaudit rehearse plan",)
    ),
}  # fmt: skip


@contextmanager
def brought(folder: Path, situation: Situation, capsys) -> Iterator[tuple[Night, set[str]]]:
    """Routers in a situation, and what is printed there: by the last command, by ``status``, on the pages to type from."""
    folder.mkdir()
    texts = pairs(situation.pairs)
    with (
        night(folder, texts, find_strategy("single-keyring"), change_id="CHG-1", wave_size=situation.wave_size) as n,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.chdir(folder)
        patch.setenv("IKEAUDIT_WORKSPACE", str(folder / "workspace"))
        patch.setenv("IKEAUDIT_USERNAME", "lab")
        patch.setenv("IKEAUDIT_PASSWORD", n.setting.keys.environment.password)
        capsys.readouterr()
        situation.bring(n)
        last = [stream.rpartition(_PROMPT)[2] for stream in capsys.readouterr()]
        type_("ikeaudit status")
        pages = [page.read_text() for page in Path("workspace").rglob("revert-by-hand.txt")]
        found: set[str] = set()
        patch.setattr(printed, "seen", found)
        for text in (*last, *capsys.readouterr(), *pages):
            printed.look_through(text)
        n.lab.do(lambda: [router.faults.clear() for router in n.lab.routers.values()])
        yield n, set(found)


def reads(line: str) -> bool:
    """Whether a command changes nothing anywhere."""
    words = shlex.split(line)
    return words[1] in ("status", "verify", "plan", "check", "explain", "rule", "coverage") or (
        words[1] in ("apply", "rollback") and "--commit" not in words
    )


@pytest.mark.parametrize("name", list(SITUATIONS))
def test_what_is_printed_is_carried_out(tmp_path, name, capsys):
    situation = SITUATIONS[name]
    waiting: list[str] | None = None
    copies = 0
    while waiting is None or waiting:
        folder = tmp_path / f"copy-{copies}"
        with brought(folder, situation, capsys) as (n, found):
            if waiting is None:
                missing = [line for line in situation.printed if line not in found]
                assert not missing, (missing, found)
                carried_out(n, sorted(filter(reads, found)), capsys)
                waiting = sorted(line.replace(str(folder), "{folder}") for line in found if not reads(line))
            if waiting:
                carried_out(n, [waiting.pop().replace("{folder}", str(folder))], capsys)
        copies += 1


def carried_out(n: Night, lines: list[str], capsys) -> None:
    """Each line runs: it is not refused, or it answers what it was asked. ``rollback`` without --commit may say: in force."""
    for line in lines:
        capsys.readouterr()
        code = type_(line)
        told = capsys.readouterr()
        looks = line.startswith("ikeaudit rollback") and "--commit" not in line
        allowed = {0, 7} if line.startswith("ikeaudit status") else {0, 5} if looks else {0}
        assert code in allowed, (line, code, told)
        assert code != 5 or "it is in force" in told.err + told.out, (line, told)


def test_every_shape_is_carried_out():
    """Each situation is sure to print some commands, and all that is printed is carried out."""
    assert {shape(line) for situation in SITUATIONS.values() for line in situation.printed} == IN_THE_LAB
