"""Input that cannot be used: one clear sentence, the right exit code, never a traceback."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from ikeaudit.cli.main import main

HEADER = "Building configuration...\n\nCurrent configuration : 1803 bytes\n!\n"
VERBS = ("check", "explain", "coverage")


def one_sentence(err: str) -> str:
    """The only line on stderr, without its prefix."""
    assert err.count("\n") == 1, err
    assert err.startswith("ikeaudit: "), err
    assert "Traceback" not in err
    assert err.rstrip().endswith((".", "?")), err
    return err.removeprefix("ikeaudit: ").strip()


@pytest.mark.parametrize("verb", VERBS)
def test_a_missing_path(verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([verb, str(tmp_path / "nowhere")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "nowhere" in one_sentence(err)


@pytest.mark.parametrize("verb", VERBS)
def test_an_empty_folder(verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    assert main([verb, str(tmp_path / "empty")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "empty" in one_sentence(err)


@pytest.mark.parametrize("verb", VERBS)
def test_a_folder_without_configurations(verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    assert main([verb, str(tmp_path)]) == 2
    one_sentence(capsys.readouterr().err)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    "content", [b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 20, b"\x00" * 4096], ids=["elf", "nul"]
)
def test_a_binary_file(verb: str, content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "image.cfg"
    path.write_bytes(content)
    assert main([verb, str(path)]) == 2
    assert "image.cfg" in one_sentence(capsys.readouterr().err)


@pytest.mark.parametrize("verb", VERBS)
def test_an_empty_file(verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "r1.cfg"
    path.write_text("\n")
    for given in (path, tmp_path):
        assert main([verb, str(given)]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert "r1.cfg" in one_sentence(err)
        assert "is empty" in err


def test_a_file_in_which_nothing_is_known_is_not_understood(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By itself as in a folder; one that is known to be something else is passed over."""
    path = tmp_path / "r1.cfg"
    path.write_text("hello\n")
    for given in (path, tmp_path):
        assert main(["coverage", str(given)]) == 3
        assert "no IOS configuration was recognised in it" in " ".join(capsys.readouterr().out.split())
        assert main(["check", str(given)]) == 2
        assert "r1.cfg is not an IOS configuration" in one_sentence(capsys.readouterr().err)


@pytest.mark.parametrize("verb", ["check", "explain"])
def test_a_file_that_is_not_ios(verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], junos: str) -> None:
    path = tmp_path / "fw.conf"
    path.write_text(junos)
    assert main([verb, str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    sentence = one_sentence(err)
    assert "fw.conf is not an IOS configuration" in sentence
    assert "Junos" in sentence


def test_coverage_tells_of_a_file_that_is_not_ios(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], junos: str
) -> None:
    (tmp_path / "fw.conf").write_text(junos)
    assert main(["coverage", str(tmp_path / "fw.conf"), "--format", "json"]) == 0
    entry = json.loads(capsys.readouterr().out)["hosts"][0]
    assert entry["kind"] == "not-ios"
    assert "Junos" in entry["reason"]


@pytest.mark.parametrize("cut", [120, 200, 450, -5])
@pytest.mark.parametrize("verb", VERBS)
def test_a_truncated_configuration_is_remarked(
    verb: str, cut: int, tmp_path: Path, capsys: pytest.CaptureFixture[str], canary: str, r1: str
) -> None:
    path = tmp_path / "r1.cfg"
    path.write_text((HEADER + r1)[:cut])
    code = main([verb, str(path)])
    out, err = capsys.readouterr()
    assert canary not in out + err
    assert "Traceback" not in out + err
    assert code in (0, 1, 3)
    assert "without its final 'end'" in " ".join(out.split())


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("check ''", "PATH"),
        ("check seed --against ''", "--against"),
        ("check seed --against=", "--against"),
        ("check seed --host R1 --host ''", "--host"),
        ("check seed -o ''", "--output"),
        ("explain seed '' R2", "A"),
        ("diagnose ''", "LOG"),
        ("witness seed ''", "FOLDER"),
        ("coverage ''", "PATH"),
        ("plan '' --strategy ikev2 --out new", "PATH"),
        ("plan show ''", "PATH"),
        ("plan seed --strategy ikev2 --out new --suite ''", "--suite"),
        ("collect --out ''", "--out"),
        ("approve '' --by me", "PLAN"),
        ("approve seed --by ''", "--by"),
        ("apply '' --commit --go", "PLAN"),
        ("rollback '' --commit", "PLAN"),
        ("status ''", "PLAN|CHANGE-ID"),
        ("hostkeys forget 192.0.2.1 ''", "FILE|HOST"),
        ("workspace export ''", "FILE"),
    ],
)
def test_an_empty_value_is_not_the_current_folder(
    words: str,
    name: str,
    seed: Path,
    workspace: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(seed.parent)
    assert main(shlex.split(words)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert one_sentence(err) == f"{name} is empty (an unset variable?)."
    assert [entry.name for entry in seed.parent.iterdir()] == ["seed"]
    assert not workspace.exists()


def test_the_current_folder_is_taken_where_it_is_said(
    seed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(seed)
    assert main(["check", "."]) == 1
    assert "R1" in capsys.readouterr().out


def test_an_unknown_router(seed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(seed), "R3"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert one_sentence(err) in (
        "There is no router 'R3'; did you mean R1 or R2?",
        "There is no router 'R3'; did you mean R2 or R1?",
    )
    assert main(["check", str(seed), "--host", "routr"]) == 2
    assert "There is no router 'routr'" in one_sentence(capsys.readouterr().err)


def test_an_unknown_rule(seed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rule", "KR-DUP-ADR"]) == 2
    assert "did you mean KR-DUP-ADDR" in one_sentence(capsys.readouterr().err)
    assert main(["check", str(seed), "--code", "NOPE-*"]) == 2
    assert "There is no rule 'NOPE-*'" in one_sentence(capsys.readouterr().err)


def test_an_output_that_cannot_be_written(seed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(seed), "--output", str(seed / "no" / "out.json")]) == 2
    assert "cannot be written" in one_sentence(capsys.readouterr().err)


@pytest.mark.parametrize("verb", VERBS)
def test_one_bad_file_does_not_hide_the_others(
    verb: str, seed: Path, capsys: pytest.CaptureFixture[str], junos: str
) -> None:
    (seed / "image.cfg").write_bytes(bytes(range(256)) * 20)
    (seed / "fw.conf").write_text(junos)
    main([verb, str(seed)])
    out, err = capsys.readouterr()
    assert "R1" in out
    assert "R2" in out
    assert "fw.conf" in out
    assert "image.cfg" in out
    assert "Traceback" not in err


# As a user would: a process of its own.


def process(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ikeaudit.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_as_a_process_a_missing_path(tmp_path: Path) -> None:
    done = process("check", str(tmp_path / "nowhere"))
    assert (done.returncode, done.stdout) == (2, "")
    one_sentence(done.stderr)


def test_as_a_process_findings(seed: Path, canary: str) -> None:
    done = process("check", str(seed), "--format", "json")
    assert done.returncode == 1
    assert done.stderr == ""
    assert canary not in done.stdout
    first = json.loads(done.stdout)["findings"][0]
    assert first["code"] == "KR-DUP-ADDR" and "PW-ONEWAY" in {one["code"] for one in first["consequences"]}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("verb", VERBS)
def test_an_unreadable_file(verb: str, tmp_path: Path, r1: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "r1.cfg"
    path.write_text(r1)
    path.chmod(0)
    assert main([verb, str(path)]) == 2
    assert "r1.cfg" in one_sentence(capsys.readouterr().err)


@pytest.mark.parametrize("verb", VERBS)
def test_a_file_that_refuses_to_be_read(
    verb: str, seed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What an unreadable file is to the program, also where the tests run as root."""
    honest = Path.read_bytes

    def refuse(self: Path) -> bytes:
        if self.suffix == ".cfg":
            raise PermissionError(13, "Permission denied", str(self))
        return honest(self)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert main([verb, str(seed / "r1.cfg")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "r1.cfg: cannot be read (permission denied)" in one_sentence(err)


def test_a_workspace_key_that_is_damaged(seed: Path, workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace.mkdir()
    (workspace / "fingerprint.key").write_text("not a key")
    assert main(["check", str(seed)]) == 2
    assert "fingerprint.key is damaged" in one_sentence(capsys.readouterr().err)
