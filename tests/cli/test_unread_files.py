"""A router whose file cannot be read is named, with the reason, and the answer is incomplete: never silent, never clean."""

from __future__ import annotations

import gzip
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from ikeaudit.cli.main import main
from ikeaudit.snapshot.workspace import Workspace
from ikeaudit.snapshot.writing import write_snapshot_host

HEALTHY = """\
hostname R9
interface Ethernet0/0
 ip address 192.0.2.9 255.255.255.0
end
"""
BAD = "bad.cfg"


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _bound(path: Path) -> None:
    """A socket; its name must be short, so it is bound from its folder."""
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(path.name)
    finally:
        os.chdir(here)


def _sparse(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(300 * 2**20)


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


KINDS: dict[str, tuple[Callable[[Path], object], str]] = {
    "gzip": (lambda p: p.write_bytes(gzip.compress(HEALTHY.encode())), "compressed"),
    "binary": (lambda p: p.write_bytes(bytes(range(256)) * 40), "binary"),
    "zeros at the end": (lambda p: p.write_bytes(HEALTHY.encode() + b"\0" * 4096), "binary"),
    "zeros at a far end": (lambda p: p.write_bytes(HEALTHY.encode() + b"!\n" * 2**16 + b"\0" * 4096), "binary"),
    "dangling link": (lambda p: p.symlink_to(p.with_name("gone")), "leads nowhere"),
    "link to itself": (_loop, "symbolic link"),
    "folder": (lambda p: p.mkdir(), "folder"),
    "pipe": (_fifo, "pipe"),
    "socket": (_bound, "socket"),
    "device": (lambda p: p.symlink_to("/dev/zero"), "device"),
    "empty device": (lambda p: p.symlink_to("/dev/null"), "device"),
    "300 MB": (_sparse, "larger than 256 MB"),
    "a line of a megabyte": (
        lambda p: p.write_bytes(b"hostname R1\n" + b"x" * 1_000_001 + b"\nend\n"),
        "line 2 is longer than a million characters",
    ),
}


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "r9.cfg").write_text(HEALTHY)
    return folder


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.timeout(60)
def test_a_quiet_check_names_it(plain: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "-q", "--min-coverage", "100", str(plain)]) == 0
    assert capsys.readouterr() == ("", "")
    make, why = KINDS[kind]
    make(plain / BAD)
    assert main(["check", "-q", "--min-coverage", "100", str(plain)]) == 3
    out, err = capsys.readouterr()
    assert err.count("\n") == 1
    assert err.startswith("ikeaudit: bad.cfg could not be read (")
    assert why in err
    assert "not read  bad.cfg: " in out
    assert out.count(why) == 1, "it is not told a second time as something that is not IOS"
    assert out.splitlines()[-1].startswith("INCOMPLETE  1 host not read (bad.cfg); ")


@pytest.mark.timeout(60)
@pytest.mark.parametrize("verb", ["check", "coverage", "explain"])
def test_each_verb_says_it(verb: str, plain: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    make, why = KINDS[kind]
    make(plain / BAD)
    assert main([verb, str(plain)]) == 3
    out = capsys.readouterr().out
    assert BAD in out
    assert why in out
    assert main([verb, str(plain), "--format", "json"]) == 3
    out, err = capsys.readouterr()
    assert BAD in err
    assert why in err
    body = json.loads(out)
    if verb != "explain":
        body = body.get("coverage", body)
        assert [(p["kind"], p["host"], p["file"]) for p in body["problems"]] == [("host", "bad", BAD)]
        assert why in body["problems"][0]["reason"]
        assert [(h["file"], h["kind"]) for h in body["hosts"]] == [
            (BAD, "unreadable" if verb == "coverage" else "not-ios"),
            ("r9.cfg", "ios"),
        ]


@pytest.mark.parametrize("content", ["", "\n \n"])
def test_an_empty_file_is_a_router_not_read(content: str, plain: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (plain / BAD).write_text(content)
    assert main(["check", "-q", "--min-coverage", "100", str(plain)]) == 3
    assert "bad.cfg could not be read (is empty)" in capsys.readouterr().err


def test_what_goes_to_a_file_is_said_on_stderr(plain: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (plain / BAD).symlink_to("gone")
    assert main(["check", str(plain), "-o", str(plain.parent / "out.txt")]) == 3
    assert "bad.cfg could not be read" in capsys.readouterr().err


def test_a_file_that_may_not_be_read(
    plain: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Permissions do not stop root, who runs the tests in some places: the refusal is played."""
    (plain / BAD).write_text(HEALTHY)
    honest = Path.read_bytes

    def refuse(self: Path) -> bytes:
        if self.name == BAD:
            raise PermissionError(13, "Permission denied", str(self))
        return honest(self)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert main(["check", "-q", "--min-coverage", "100", str(plain)]) == 3
    assert "bad.cfg could not be read (permission denied)" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["site2", "site2.cfg"])
def test_a_folder_that_may_not_be_listed(
    plain: Path, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (plain / name).mkdir()
    honest = os.listdir

    def refuse(path: str) -> list[str]:
        if str(path).endswith(name):
            raise PermissionError(13, "Permission denied", str(path))
        return honest(path)

    monkeypatch.setattr(os, "listdir", refuse)
    assert main(["check", "-q", "--min-coverage", "100", str(plain)]) == 3
    assert f"{name} could not be read (permission denied)" in capsys.readouterr().err


def test_a_readable_folder_of_other_things_is_passed_over(plain: Path) -> None:
    (plain / "notes").mkdir()
    (plain / "notes" / "x.bin").write_bytes(b"\0" * 64)
    (plain / "picture.png").write_bytes(b"\x89PNG")
    (plain / "picture2.png").symlink_to("gone")
    assert main(["check", "-q", "--min-coverage", "100", str(plain)]) == 0


@pytest.fixture
def collected(tmp_path: Path) -> Path:
    folder = tmp_path / "snapshot"
    for host in ("R1", "R2"):
        text = HEALTHY.replace("R9", host)
        write_snapshot_host(folder, host, text, {}, {}, fingerprinter=Workspace.open().fingerprinter)
    return folder


@pytest.mark.timeout(60)
def test_a_collected_host(collected: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "-q", str(collected)]) == 0
    file = collected / "R2" / "running-config.txt"
    file.unlink()
    make, why = KINDS[kind]
    make(file)
    for with_meta in (True, False):
        if not with_meta:
            (collected / "R2" / "meta.json").unlink()
        assert main(["check", "-q", str(collected)]) == 3
        err = capsys.readouterr().err
        assert err.startswith("ikeaudit: R2 could not be read (running-config.txt ")
        assert why in err


def test_a_link_to_a_host_that_is_gone(collected: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (collected / "R3").symlink_to("../elsewhere/R3")
    assert main(["check", "-q", str(collected)]) == 3
    assert "R3 could not be read (a link that leads nowhere)" in capsys.readouterr().err


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "kind", sorted(set(KINDS) - {"gzip", "binary", "zeros at the end", "zeros at a far end", "a line of a megabyte"})
)
def test_facts_that_cannot_be_read_cost_the_facts_only(
    collected: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = collected / "R2" / "meta.json"
    file.unlink()
    make, why = KINDS[kind]
    make(file)
    assert main(["check", str(collected)]) == 0
    out = capsys.readouterr().out
    assert "R2/meta.json cannot be read" in out
    assert why in out


@pytest.mark.timeout(60)
def test_a_plan_says_what_it_was_made_without(
    seed: Path, tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["plan", str(seed), "--strategy", "single-keyring", "--out", str(tmp_path / "plan")]
    assert main(words) == 0
    capsys.readouterr()
    make, why = KINDS[kind]
    make(seed / BAD)
    assert main(words) == 3
    err = capsys.readouterr().err
    assert "bad.cfg could not be read" in err
    assert why in err
    assert (tmp_path / "plan" / "plan.json").is_file()


@pytest.mark.timeout(60)
def test_a_lab_boots_no_fleet_with_a_gap(plain: Path, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    make, why = KINDS[kind]
    make(plain / BAD)
    assert main(["lab", str(plain)]) == 2
    err = capsys.readouterr().err
    assert BAD in err
    assert why in err
