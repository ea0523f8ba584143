"""Results in files: whole or not at all, for the owner's eyes only."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
from pathlib import Path

import pytest

from ikeaudit.cli.output import emit, write_private
from ikeaudit.model.errors import InputError
from ikeaudit.report import Coverage, CoverageReport, FileCoverage, Line

REPORT = CoverageReport(coverage=Coverage(hosts=(FileCoverage("R1", "r1.cfg", unknown=(Line(1, "Zürich \udcff"),)),)))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_private(tmp_path / "out.json", b"{}\n")
    finally:
        os.umask(before)
    assert (tmp_path / "out.json").read_bytes() == b"{}\n"
    assert mode(tmp_path / "out.json") == 0o600


def test_a_file_that_was_readable_is_private_afterwards(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    target.write_text("a longer text than the new one")
    target.chmod(0o644)
    write_private(target, b"{}")
    assert target.read_bytes() == b"{}"
    assert mode(target) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["out.json"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_private(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_a_device_is_written_to_not_replaced() -> None:
    write_private(Path(os.devnull), b"gone")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


@pytest.mark.parametrize(
    ("name", "reason"), [("no/such/folder/out", "no such file or directory"), (".", "is a directory")]
)
def test_a_file_that_cannot_be_written_is_one_sentence(name: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        write_private(tmp_path / name, b"")
    assert str(caught.value) == f"{tmp_path / name} cannot be written: {reason}."


def test_no_colours_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    emit(REPORT, "console", tmp_path / "out.txt")
    assert b"\x1b" not in (tmp_path / "out.txt").read_bytes()


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
@pytest.mark.parametrize("format_name", ["console", "json"])
def test_any_encoding_of_the_terminal_will_do(encoding: str, format_name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
    emit(REPORT, format_name)
    text = raw.getvalue().decode("utf-8" if format_name == "json" else encoding)
    if format_name == "json":
        assert json.loads(text)["hosts"][0]["unknown"][0]["text"] == "Zürich \udcff"
    else:
        assert f"{'Z' + chr(92) + 'xfcrich' if encoding == 'ascii' else 'Zürich'} {chr(92)}udcff" in text
