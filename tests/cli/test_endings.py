"""Every way a run can end: its exit code, one sentence, and nothing of what the program held in its hands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest
import typer

from ikeaudit.cli.endings import described, guarded
from ikeaudit.model.errors import (
    IkeauditError,
    IncompleteError,
    InputError,
    RefusedError,
    StateUnknownError,
)

SECRET = "Pr3-Shared-C4nary"


def raising(error: BaseException) -> Callable[[], int]:
    def verb() -> int:
        raise error

    return verb


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InputError("It is not there."), 2),
        (IncompleteError("It is not there."), 3),
        (RefusedError("It is not there."), 5),
        (StateUnknownError("It is not there."), 7),
        (IkeauditError("It is not there."), 4),
    ],
)
def test_an_error_of_ours_is_its_sentence_and_its_code(
    error: IkeauditError, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guarded(raising(error)) == code
    assert capsys.readouterr() == ("", "ikeaudit: It is not there.\n")


def test_what_a_verb_returns_is_the_exit_code() -> None:
    assert guarded(lambda: 3) == 3


@pytest.mark.parametrize(
    ("error", "code"), [(typer.Exit(1), 1), (typer.Exit(), 0), (SystemExit(5), 5), (SystemExit(), 0)]
)
def test_a_verb_may_leave_early(error: BaseException, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(raising(error)) == code
    assert capsys.readouterr() == ("", "")


def test_an_unexpected_error_tells_type_and_place_only(capsys: pytest.CaptureFixture[str]) -> None:
    def verb() -> int:
        key = SECRET
        return {"a": 1}[key]

    assert guarded(verb) == 4
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("ikeaudit: internal error: KeyError at ")
    assert "test_endings.py:" in err
    assert SECRET not in err


def test_the_place_is_ours_and_the_library_s() -> None:
    try:
        from ikeaudit.report import load_schema

        load_schema(SECRET)
    except KeyError as error:
        told = described(error)
    assert told.startswith("KeyError at ikeaudit/report/schemas/__init__.py:")
    assert SECRET not in told


def test_even_an_exception_group_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(raising(ExceptionGroup("x", [ValueError(SECRET)]))) == 4
    err = capsys.readouterr().err
    assert err.startswith("ikeaudit: internal error: ExceptionGroup at")
    assert SECRET not in err


def test_an_interrupt_is_130(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(raising(KeyboardInterrupt())) == 130
    assert capsys.readouterr().err == "ikeaudit: interrupted.\n"


def test_a_prompt_that_was_left_is_130(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(raising(typer.Abort())) == 130
    assert capsys.readouterr().err == "ikeaudit: aborted.\n"


def test_a_file_that_nobody_foresaw_is_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(lambda: os.stat("/nowhere/at/all").st_size) == 2  # noqa: PTH116
    assert capsys.readouterr().err == "ikeaudit: /nowhere/at/all cannot be used: no such file or directory.\n"


def test_a_sentence_cannot_drive_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    guarded(raising(InputError("a\x1b[2J\nb")))
    assert capsys.readouterr().err == "ikeaudit: a [2J b.\n"


def test_a_thread_that_dies_tells_no_values(capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> None:
        raise ValueError(SECRET)

    def verb() -> int:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        return 0

    before = threading.excepthook
    try:
        guarded(verb)
    finally:
        threading.excepthook = before
    err = capsys.readouterr().err
    assert err.startswith("ikeaudit: internal error in a thread: ValueError at ")
    assert SECRET not in err


CLOSED = """
import sys
from ikeaudit.cli.endings import guarded
def verb():
    for n in range(200000):
        sys.stdout.write("a line that nobody reads\\n")
    return 0
sys.exit(guarded(verb))
"""


def test_a_reader_that_leaves_is_no_reason_to_complain() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", CLOSED], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(30) == 141


LOGGING = """
import logging, sys
from ikeaudit.cli.endings import guarded
def verb():
    logging.getLogger("paramiko.transport").error("a traceback of a library")
    return 0
sys.exit(guarded(verb))
"""


def test_libraries_do_not_log_to_the_screen() -> None:
    done = subprocess.run([sys.executable, "-c", LOGGING], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_debug_log_has_the_whole_way_and_no_value(caplog: pytest.LogCaptureFixture) -> None:
    def verb() -> int:
        try:
            return {"a": 1}[SECRET]
        except KeyError as error:
            raise RuntimeError(SECRET) from error

    caplog.set_level("DEBUG")
    assert guarded(verb) == 4
    (record,) = [r for r in caplog.records if r.name == "ikeaudit.cli.endings"]
    assert re.search(r"RuntimeError through .*test_endings\.py:\d+; behind it KeyError through ", record.getMessage())
    assert SECRET not in caplog.text
