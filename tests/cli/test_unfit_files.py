"""A link to an endless device, a pipe that nobody writes to, or a huge file in the place of one that is read: refused."""

from __future__ import annotations

import os
import resource
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ikeaudit.cli.main import main

pytestmark = pytest.mark.timeout(60)


def _huge(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(300 * 2**20)


KINDS: dict[str, tuple[Callable[[Path], object], str]] = {
    "device": (lambda p: p.symlink_to("/dev/zero"), "a device, no regular file"),
    "pipe": (os.mkfifo, "a pipe, no regular file"),
    "300 MB": (_huge, "larger than 256 MB"),
}
BY_HAND = {**KINDS, "300 MB": (_huge, "larger than 16 MB")}

READERS = {
    "show": ("plan", "show", "plan"),
    "diff": ("plan", "diff", "plan"),
    "approve": ("approve", "plan", "--by", "me"),
    "rehearse": ("rehearse", "plan"),
    "apply": ("apply", "plan"),
    "verify": ("verify", "plan"),
}
ONWARD = {"confirm": 5, "rollback": 3}
"""Verbs that go on with what was begun, by ``plan.json`` alone; how they end here: nothing was begun, no router answers."""


@pytest.fixture(autouse=True)
def little_memory() -> Iterator[None]:
    """Whoever reads without an end runs out of memory, and does not take the machine with it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (used + 2**30, hard))
    yield
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


@pytest.fixture
def folder(
    approved: Path, workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Path:
    """A workplace with an approved plan and an inventory."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(approved / "plan", "plan")
    shutil.copytree(approved / "workspace", workspace)
    (tmp_path / "inventory").mkdir()
    hosts = "".join(f"{name}:\n  hostname: 127.0.0.1\n  port: 1\n  platform: cisco_ios\n" for name in ("R1", "R2"))
    (tmp_path / "inventory" / "hosts.yaml").write_text(hosts)
    monkeypatch.setenv("IKEAUDIT_USERNAME", "me")
    monkeypatch.setenv("IKEAUDIT_PASSWORD", "not-needed")
    capsys.readouterr()
    return tmp_path


def refused(capsys: pytest.CaptureFixture[str], file: str, why: str, *words: str) -> int:
    """The exit code of a verb that must say in one sentence which file it does not read, and why."""
    code = main(words)
    err = capsys.readouterr().err
    last = err.splitlines()[-1]
    assert last.startswith("ikeaudit: "), err
    assert file in last
    assert why in last
    assert "internal error" not in err
    return code


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("verb", READERS)
@pytest.mark.parametrize(("file", "code"), [("plan.json", 2), ("proof.json", 5), ("R1/after.cfg", 5), ("plan.md", 5)])
def test_a_file_of_a_plan(
    folder: Path, capsys: pytest.CaptureFixture[str], verb: str, kind: str, file: str, code: int
) -> None:
    make, why = KINDS[kind]
    (folder / "plan" / file).unlink()
    make(folder / "plan" / file)
    assert refused(capsys, file, why, *READERS[verb]) == code


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("verb", ONWARD)
def test_going_on_needs_the_plan(folder: Path, capsys: pytest.CaptureFixture[str], verb: str, kind: str) -> None:
    make, why = KINDS[kind]
    (folder / "plan/plan.json").unlink()
    make(folder / "plan/plan.json")
    assert refused(capsys, "plan.json", why, verb, "plan") == 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("verb", ONWARD)
@pytest.mark.parametrize("file", ["proof.json", "R1/after.cfg", "plan.md"])
def test_going_on_does_without_the_other_files(
    folder: Path, capsys: pytest.CaptureFixture[str], verb: str, kind: str, file: str
) -> None:
    make, why = KINDS[kind]
    (folder / "plan" / file).unlink()
    make(folder / "plan" / file)
    code = main([verb, "plan"])
    remark, *_, last = capsys.readouterr().err.splitlines()
    assert remark.startswith("Remark: ")
    assert f"{file} is {why}" in remark
    assert last.startswith("ikeaudit: ")
    assert "internal error" not in last
    assert code == ONWARD[verb]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("words", [("plan", "show", "plan"), ("apply", "plan", "--commit")], ids=" ".join)
def test_an_approval(folder: Path, capsys: pytest.CaptureFixture[str], kind: str, words: tuple[str, ...]) -> None:
    make, why = KINDS[kind]
    (folder / "plan/approval.json").unlink()
    make(folder / "plan/approval.json")
    assert refused(capsys, "approval.json", why, *words) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_rehearsal(folder: Path, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    make, why = KINDS[kind]
    make(folder / "plan/rehearsal.json")
    assert refused(capsys, "rehearsal.json", why, "apply", "plan", "--commit", "--require-rehearsal") == 5


@pytest.mark.parametrize("kind", BY_HAND)
@pytest.mark.parametrize("file", ["groups.yaml", "defaults.yaml"])
def test_an_inventory(folder: Path, capsys: pytest.CaptureFixture[str], kind: str, file: str) -> None:
    make, why = BY_HAND[kind]
    make(folder / "inventory" / file)
    assert refused(capsys, file, why, "verify", "plan") == 2
    assert refused(capsys, file, why, "collect", "--out", "x") == 2


@pytest.mark.parametrize("kind", BY_HAND)
@pytest.mark.parametrize("option", ["--nat", "--suites", "--second-cloud"])
def test_a_file_of_an_option(
    folder: Path, seed: Path, capsys: pytest.CaptureFixture[str], kind: str, option: str
) -> None:
    make, why = BY_HAND[kind]
    make(folder / "given.yaml")
    words = ("plan", str(seed), "--strategy", "ikev2", "--out", "new", option, "given.yaml")
    assert refused(capsys, "given.yaml", why, *words) == 2
    assert not (folder / "new").exists()


@pytest.mark.parametrize("kind", BY_HAND)
def test_a_strategy(folder: Path, seed: Path, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    make, why = BY_HAND[kind]
    (folder / "own/mine").mkdir(parents=True)
    make(folder / "own/mine/strategy.py")
    words = ("plan", str(seed), "--strategy", "mine", "--strategies", "own", "--out", "new")
    assert refused(capsys, "strategy.py", why, *words) == 2


@pytest.mark.parametrize("kind", BY_HAND)
def test_the_fingerprint_key(
    folder: Path, seed: Path, capsys: pytest.CaptureFixture[str], workspace: Path, kind: str
) -> None:
    make, why = BY_HAND[kind]
    (workspace / "fingerprint.key").unlink()
    make(workspace / "fingerprint.key")
    assert refused(capsys, "workspace", why, "check", str(seed)) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_journal(folder: Path, workspace: Path, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    """Here only that nobody hangs; what is said of a journal that cannot be read is told elsewhere."""
    make, _ = KINDS[kind]
    place = workspace / "changes" / "c1"
    place.mkdir(parents=True)
    make(place / "journal.jsonl")
    main(["status"])
    assert "internal error" not in capsys.readouterr().err


@pytest.mark.parametrize("kind", KINDS)
def test_one_configuration(folder: Path, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    make, _ = KINDS[kind]
    make(folder / "one.cfg")
    for verb in ("check", "explain", "coverage"):
        assert main([verb, "one.cfg"]) == 2
        err = capsys.readouterr().err
        assert err.count("\n") == 1
        assert "one.cfg" in err
