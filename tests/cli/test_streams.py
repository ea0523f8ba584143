"""Standard streams to which nobody listens: what cannot be said stops nothing, what cannot be answered is one sentence."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from ikeaudit.cli import streams
from ikeaudit.cli.endings import guarded

CASE = Path(__file__).parents[1] / "cases" / "findings" / "key-address-mistyped"
RUN = "import sys; sys.argv[0] = 'ikeaudit'; from ikeaudit.cli.main import run; run()"
FULL = "the answer cannot be written to standard output: no space left on device."
CLOSED = "the answer cannot be written to standard output: it was closed."


def ended(arguments: str, tmp_path: Path) -> tuple[int, str]:
    """The exit code of a command, typed with its redirections, and what it said on standard error."""
    environment = {**os.environ, "IKEAUDIT_WORKSPACE": str(tmp_path / "workspace"), "CASE": str(CASE)}
    typed = ["bash", "-c", f'exec "$0" -c "{RUN}" {arguments}', sys.executable]
    done = subprocess.run(typed, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ('check "$CASE" >/dev/full', 2, FULL),
        ('check "$CASE" >/dev/full 2>/dev/full', 2, ""),
        ('check "$CASE" >&-', 2, CLOSED),
        ("--help >/dev/full", 2, FULL),
        ("check nowhere 2>/dev/full", 2, ""),
        ("check nowhere 2>&-", 2, ""),
        ('check "$CASE" 2>&-', 1, ""),
        ("check nowhere >&- 2>&-", 2, ""),
    ],
)
def test_a_stream_that_is_full_or_closed(arguments: str, code: int, said: str, tmp_path: Path) -> None:
    got, err = ended(arguments, tmp_path)
    assert (got, err) == (code, f"ikeaudit: {said}\n" if said else "")


def test_a_help_whose_reader_went_away(tmp_path: Path) -> None:
    """By rich, which has an end of its own for that."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([sys.executable, "-c", RUN, "--help"], stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_no_file_takes_the_place_of_a_closed_stream(tmp_path: Path) -> None:
    """A file opened behind would be the one that messages are written into."""
    code = (
        "import os, sys; from ikeaudit.cli.streams import steady; steady(); "
        f"file = os.open({str(tmp_path / 'journal')!r}, os.O_CREAT | os.O_WRONLY); "
        "print('said', file=sys.stderr); sys.exit(file if sys.stdin is None else 0)"
    )
    done = subprocess.run(["bash", "-c", 'exec "$0" -c "$1" <&- >&- 2>&-', sys.executable, code], check=False)
    assert done.returncode > 2
    assert (tmp_path / "journal").read_bytes() == b""


def test_a_message_that_cannot_be_written_is_left_out() -> None:
    """Wrong lines that this catches: one that raises, one that says that less was written than was given."""
    reading, writing = os.pipe()
    os.close(reading)
    stream = streams._text(streams._Raw(writing), None, errors="backslashreplace")
    print("The change stops.", file=stream)
    print("R1 is taken back.", file=stream, flush=True)
    os.close(writing)


@pytest.mark.parametrize("answer", [False, True], ids=["a message", "an answer"])
def test_a_reader_that_takes_its_time(answer: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a pipe that does not wait: an answer is written once there is room, a message is left out where nobody makes any."""
    monkeypatch.setattr(streams._Raw, "patience", 0.05)
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with pytest.raises(BlockingIOError):
        while True:
            os.write(writing, b"." * 4096)
    stream = streams._text(streams._Answer(writing) if answer else streams._Raw(writing))
    emptied = threading.Timer(0.3, lambda: os.read(reading, 1 << 20))
    if answer:
        emptied.start()
    print("said", file=stream, flush=True)
    emptied.join() if answer else None
    left = os.read(reading, 1 << 20)
    assert left.strip(b".") == (b"said\n" if answer else b"")
    if not answer:  # and what comes then is written again
        print("more", file=stream, flush=True)
        assert os.read(reading, 1 << 20) == b"more\n"
    stream.detach()
    os.close(writing)
    os.close(reading)


def test_an_answer_that_cannot_be_written_is_an_error_once(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    monkeypatch.setattr(sys, "stdout", streams._text(streams._Answer(writing), None))
    assert streams.answer_lost() is None
    with pytest.raises(BrokenPipeError) as caught:
        print("x" * 100_000, flush=True)
    assert caught.value.filename == streams.ANSWER
    assert isinstance(streams.answer_lost(), BrokenPipeError)
    print("y", flush=True)
    assert guarded(lambda: 0) == 141
    streams.give_up_answer()
    assert guarded(lambda: 6) == 6
    os.close(writing)


def test_what_a_test_or_a_program_put_in_their_place_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    out, err = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    streams.steady()
    assert sys.stdout is out and sys.stderr is err
    assert streams.answer_lost() is None
