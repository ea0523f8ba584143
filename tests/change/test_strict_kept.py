"""Being strict about host keys is never lost in silence: not by another verb, not by a journal that is damaged.

Where a journal cannot tell, what goes on is strict, and says so. By hand: a line of a journal that cannot be read may have been
the beginning of a run, and that run may have been strict.
"""

from __future__ import annotations

import pytest

from ikeaudit.change.journal import Entry, Progress, line_of, progress_told, reading_of
from ikeaudit.change.setting import called
from ikeaudit.change.waves import Part
from ikeaudit.cli.change_options import _chosen

STRICT = "--strict-host-keys"


def entry(number, event, router=None, text=None, **data):
    return Entry(
        number=number, at=f"2026-11-29T02:00:{number:02d}.000Z", event=event, router=router, text=text, data=data
    )


def journal(*runs):
    """``runs``: verb and session options of each; a router is touched and left half-way in the first."""
    found, number = [], 0
    for verb, session in runs:
        number += 1
        told = {} if session is None else {"session": session}
        found.append(
            entry(number, "begin", text=verb, digest="d", change_id="C", inventory="/inv", routers=["A"], **told)
        )
        number += 1
        found.append(entry(number, "arming", "A", safety="timer", minutes=10))
        number += 1
        found.append(entry(number, "end", result="held"))
    return found


def told(lines):
    progress = progress_told(reading_of(b"".join(lines)))
    progress.digest = progress.digest or "d"
    return progress


class ThePlan:
    digest, change_id = "d", "C"


PART = Part(change_id="C", wave=None, group=None, routers=("A",), steps=frozenset())


def strict_of(progress: Progress):
    return called(ThePlan, [(PART, progress)]).strict  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("runs", "session", "strict"),
    [
        ([("apply", "")], "", False),
        ([("apply", STRICT)], STRICT, True),
        # what is given later is for that command alone, but for being strict
        ([("apply", "--timeout 20"), ("confirm", "--timeout 5")], "--timeout 20", False),
        ([("apply", "--timeout 20"), ("confirm", STRICT)], f"--timeout 20 {STRICT}", True),
        ([("apply", ""), ("confirm", "--timeout 5")], "", False),
        ([("apply", f"--timeout 20 {STRICT}"), ("rollback", "--timeout 20")], f"--timeout 20 {STRICT}", True),
        # begun anew: as it is then
        ([("apply", "--timeout 20"), ("rollback", ""), ("apply", "--timeout 7")], "--timeout 7", False),
        ([("apply", STRICT), ("rollback", ""), ("apply", "")], STRICT, True),
        # a line that does not tell it, or tells what is no such option
        ([("apply", None)], "", None),
        ([("apply", "--strict-host-keyz")], "", None),
        ([("apply", "--timeout 20 --strict")], "", None),
        ([("apply", STRICT), ("confirm", None)], STRICT, True),
        ([("apply", None), ("confirm", "--timeout 5")], "--timeout 5", None),
    ],
)
def test_what_is_kept_of_several_runs(runs, session, strict):
    progress = told([line_of(one) for one in journal(*runs)])
    assert progress.session == session and strict_of(progress) is strict


@pytest.mark.parametrize("damage", [b"}{ no line\n", b"", b"\0" * 40 + b"\n"])
@pytest.mark.parametrize("verb", ["confirm", "rollback", "resume"])
def test_with_every_line_damaged_a_strict_change_is_never_told_as_not_strict(verb, damage):
    """Strict by its first run, or only by its second; each line made unreadable, taken out, or overwritten with zeros."""
    for sessions in ((STRICT, STRICT), (STRICT, ""), ("", STRICT)):
        lines = [line_of(one) for one in journal(("apply", sessions[0]), (verb, sessions[1]))]
        for at in range(len(lines)):
            spoilt = [*lines[:at], damage, *lines[at + 1 :]]
            if at == len(lines) - 1 and damage == b"":
                continue  # an end that is gone cannot be seen, and tells nothing of this
            assert strict_of(told(spoilt)) is not False, (sessions, at)


def test_no_byte_of_the_first_line_loosens_it():
    lines = [line_of(one) for one in journal(("apply", STRICT))]
    for place in range(len(lines[0]) - 1):
        for byte in (b"z", b'"', b" "):
            spoilt = lines[0][:place] + byte + lines[0][place + 1 :]
            assert strict_of(told([spoilt, lines[1]])) is not False, spoilt


def test_only_a_journal_without_damage_tells_that_it_was_not_strict():
    lines = [line_of(one) for one in journal(("apply", ""), ("confirm", ""))]
    assert strict_of(told(lines)) is False
    for at in range(6):
        assert strict_of(told([*lines[:at], b"}{\n", *lines[at + 1 :]])) is None


def test_one_part_that_was_strict_makes_all_strict_and_one_that_does_not_tell_as_well():
    def strict(*sessions):
        return called(ThePlan, [(PART, told([line_of(one) for one in journal(("apply", s))])) for s in sessions]).strict  # type: ignore[arg-type]

    assert strict("", STRICT) is True and strict("", "") is False and strict("", None) is None
    assert strict(STRICT, None) is True and strict() is False


@pytest.mark.parametrize(("given", "strict", "kept"), [(None, True, True), (False, False, False), (True, True, False)])
def test_where_the_journal_cannot_tell_it_goes_on_strict_and_says_so(
    given, strict, kept, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    of_it = called(ThePlan, [(PART, told([b"}{\n", line_of(entry(2, "arming", "A", safety="timer", minutes=1))]))])  # type: ignore[arg-type]
    assert _chosen(ThePlan, of_it, None, None, given)[2] is strict  # type: ignore[arg-type]
    err = capsys.readouterr().err
    assert ("does not tell with which inventory (inventory is taken), and whether it was begun with" in err) is kept
