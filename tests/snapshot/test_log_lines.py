"""Lines of logs: of any length and encoding, from files that grow, are rotated and cut."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from ikeaudit.snapshot.log_lines import LONGEST, SAMPLE, Followed, lines_of
from ikeaudit.snapshot.plain_files import UnfitFileError


class Enough(Exception):  # noqa: N818 - the end of the test, not an error
    """Nobody waits any longer."""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32", "utf-16-le"])
@pytest.mark.parametrize("size", [0, 1, SAMPLE - 1, SAMPLE, SAMPLE + 1, 3 * SAMPLE])
def test_every_line_comes_once(encoding: str, size: int) -> None:
    """Whatever the places at which the file is read are."""
    lines = [f"line {n} é" for n in range(max(1, size // 10))]
    if encoding == "utf-16-le":
        lines = [line.replace("é", "e") for line in lines]  # told without a mark by its zeros
    text = "\n".join(lines)
    if len(text) < 16 and encoding == "utf-16-le":
        return
    assert [*lines_of(io.BytesIO(text.encode(encoding)), "log")] == lines


def test_a_line_of_no_end_fills_no_memory() -> None:
    endless = b"first\n" + b"x" * (5 * LONGEST) + b"\nlast"
    first, long, last = lines_of(io.BytesIO(endless), "log")
    assert (first, last) == ("first", "last")
    assert set(long) == {"x"} and len(long) == LONGEST


def test_what_is_not_utf_8_is_read_all_the_same() -> None:
    assert [*lines_of(io.BytesIO(b"caf\xe9\nIKE\n"), "log")] == ["caf�", "IKE"]


def test_no_text_is_refused_by_name() -> None:
    with pytest.raises(UnfitFileError) as refused:
        [*lines_of(io.BytesIO(b"\x1f\x8b" + bytes(99)), "old.gz")]
    assert refused.value.filename == "old.gz" and "gzip" in str(refused.value.strerror)


def followed(file: Path, *steps: object) -> Iterator[str | None]:
    """The lines of ``file``, of which each of ``steps`` makes another one whenever nothing more is there."""
    todo = list(steps)

    def wait(seconds: float) -> None:
        assert seconds > 0
        if not todo:
            raise Enough
        step = todo.pop(0)
        assert callable(step)
        step()

    found = Followed(file, wait=wait).lines()
    while True:
        try:
            yield next(found)
        except Enough:
            return


def appended(file: Path, text: str) -> object:
    def step() -> None:
        with file.open("a") as stream:
            stream.write(text)

    return step


def test_a_line_is_told_when_it_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_text("one\ntw")
    assert [*followed(file, appended(file, "o\nthr"), appended(file, "ee\n"))] == [
        "one",
        None,
        "two",
        None,
        "three",
        None,
    ]


def test_a_file_that_is_rotated(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_text("one\n")

    def rotate() -> None:
        file.rename(tmp_path / "log.1")
        file.write_text("two\n")

    assert [line for line in followed(file, rotate) if line] == ["one", "two"]


def test_a_file_that_is_away_for_a_while(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_text("one\n")
    steps = (lambda: file.rename(tmp_path / "log.1"), lambda: None, lambda: file.write_text("two\n"))
    assert [line for line in followed(file, *steps) if line] == ["one", "two"]


def test_a_file_that_is_cut(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_text("one and more\n")
    assert [line for line in followed(file, lambda: file.write_text("two\n")) if line] == ["one and more", "two"]


def test_only_a_file_is_followed(tmp_path: Path) -> None:
    with pytest.raises(UnfitFileError):
        next(Followed(tmp_path, wait=lambda seconds: None).lines())
