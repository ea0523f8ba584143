"""A link that leads to itself, a standard input that is closed, a help that nobody reads: the right exit code, no traceback."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from ikeaudit.cli.main import main

LOOP = "too many levels of symbolic links"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("diagnose loop", LOOP),
        ("diagnose loop --follow", LOOP),
        ("check seed --output loop", f"loop cannot be written: {LOOP}"),
        ("check seed --report html=loop", f"loop cannot be written: {LOOP}"),
        ("check seed --output loop/page.html", LOOP),
        ("check seed --nat loop", LOOP.capitalize()),
        ("witness loop", "does not exist"),
        ("hostkeys import loop", LOOP),
        ("export-case seed R1 R2 --out loop", "cannot be written"),
        ("demo --out loop", "exists and is no earlier demo"),
    ],
)
def test_a_link_that_leads_to_itself(
    words: str, why: str, seed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(seed.parent)
    Path("loop").symlink_to("loop")
    assert main(shlex.split(words)) == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("ikeaudit: ")
    assert why in last
    assert "loop" in last
    assert Path("loop").is_symlink()


def test_a_link_is_still_followed(seed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(seed.parent)
    Path("link").symlink_to("page.json")
    for _ in "12":  # the file is made, then replaced
        assert main(["check", "seed", "--format", "json", "--output", "link"]) == 1
        assert Path("link").is_symlink()
        assert Path("page.json").read_text().startswith("{")


@pytest.mark.parametrize("words", ["check seed", "explain seed", "coverage seed", "plan seed -s single-keyring -o new"])
def test_a_workspace_that_is_named_and_cannot_be_used(
    words: str, seed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(seed.parent)
    Path("file").write_text("")
    Path("folder").mkdir(mode=0o700)
    Path("folder/fingerprint.key").symlink_to("nowhere")
    for place in ("file", "/dev/null", "folder"):
        monkeypatch.setenv("IKEAUDIT_WORKSPACE", place)
        assert main(shlex.split(words)) == 2, place
        out, err = capsys.readouterr()
        assert out == ""
        assert f"{Path(place).absolute()} cannot be used" in err, err
        assert err.count("\n") == 1


def test_one_that_nobody_named_is_not_needed(
    seed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(seed.parent)
    monkeypatch.delenv("IKEAUDIT_WORKSPACE")
    Path("data").mkdir()
    Path("data/ikeaudit").write_text("")
    monkeypatch.setenv("XDG_DATA_HOME", str(Path("data").absolute()))
    assert main(["check", "seed"]) == 1
    assert "FINDINGS" in capsys.readouterr().out


HOSTS = "R1:\n  hostname: 127.0.0.1\n  port: 1\n  platform: cisco_ios\n"


@pytest.mark.parametrize("how", ["<&-", "0>nowhere"])
@pytest.mark.parametrize(
    ("words", "closed"),
    [
        ("diagnose -", "standard input cannot be used: "),
        ("hostkeys import -", "standard input cannot be used: "),
        ("collect --out snapshot", "No user name or password for R1"),
    ],
)
def test_a_closed_standard_input(words: str, closed: str, how: str, tmp_path: Path) -> None:
    (tmp_path / "inventory").mkdir()
    (tmp_path / "inventory" / "hosts.yaml").write_text(HOSTS)
    unset = {"IKEAUDIT_USERNAME", "IKEAUDIT_PASSWORD"}
    done = subprocess.run(
        ["/bin/sh", "-c", f"{shlex.quote(sys.executable)} -m ikeaudit.cli {words} {how}"],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name not in unset},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"ikeaudit: {closed}"), last


@pytest.mark.parametrize("words", ["--help", "check --help", "plan --help"])
def test_a_help_that_nobody_reads_any_more(words: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as nobody:
        done = subprocess.run(
            [sys.executable, "-m", "ikeaudit.cli", *words.split()],
            stdout=nobody,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr) == (141, b"")
