"""Where the workspace is: named, nearest upwards, or in the user's data folder; looking makes none; a team shares one."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp

import msgspec
import pytest

from ikeaudit.change import Journal, read_journal
from ikeaudit.change.locks import holder_of, locked
from ikeaudit.cli.main import main
from ikeaudit.model.errors import InputError, RefusedError
from ikeaudit.snapshot.private_files import replace_folder, write_private
from ikeaudit.snapshot.workspace import DATA, ENVIRONMENT, KEY_FILE, Workspace, place_of_workspace

READING = (["status"], ["hostkeys"], ["rules"], ["check", "r.cfg"], ["explain", "r.cfg"], ["coverage", "r.cfg"])
CONFIG = "version 15.7\nhostname R\n!\ncrypto isakmp key Canary-psk-0Ws1 address 192.0.2.1\n!\nend\n"


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in which no folder above holds a workspace, its user's data beside it."""
    top = Path(mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
    (top / "a" / "b").mkdir(parents=True)
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    monkeypatch.setenv(DATA, str(top / "data"))
    monkeypatch.chdir(top / "a" / "b")
    yield top
    shutil.rmtree(top)


def everything(top: Path) -> set[str]:
    return {str(path.relative_to(top)) for path in top.rglob("*")}


def test_it_is_named_or_the_nearest_upwards_or_the_users_own(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert place_of_workspace() == home / "data" / "ikeaudit"
    monkeypatch.setenv(DATA, "relative")  # which the standard wants ignored
    assert place_of_workspace() == Path.home() / ".local" / "share" / "ikeaudit"
    for folder in (home, home / "a", home / "a" / "b"):
        (folder / ".ikeaudit").mkdir(mode=0o700)
        assert place_of_workspace() == folder / ".ikeaudit"
    monkeypatch.setenv(ENVIRONMENT, "named")
    assert place_of_workspace() == home / "a" / "b" / "named"
    monkeypatch.setenv(ENVIRONMENT, "")
    assert place_of_workspace() == home / "a" / "b" / ".ikeaudit"


def test_without_a_current_folder_or_a_home_it_must_be_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA, "")
    monkeypatch.setattr(Path, "home", lambda: (_ for _ in ()).throw(RuntimeError("no home")))
    with pytest.raises(InputError, match=ENVIRONMENT):
        place_of_workspace()
    monkeypatch.setenv(DATA, str(home))
    (home / "gone").mkdir()
    monkeypatch.chdir(home / "gone")
    (home / "gone").rmdir()
    with pytest.raises(InputError, match=ENVIRONMENT):
        place_of_workspace()
    monkeypatch.setenv(ENVIRONMENT, str(home / "named"))
    assert place_of_workspace() == home / "named"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda found: found.chmod(0o770), "can be written to by others"),
        (lambda found: found.chmod(0o702), "can be written to by others"),
        (lambda found: os.chown(found, 4711, 4711), "belongs to somebody else"),
        (lambda found: (found.rename(found.with_name("x")), found.symlink_to("x"), os.lchown(found, 4711, 0)), "else"),
        (lambda found: (found.rmdir(), found.write_text("")), "is no folder"),
        (lambda found: (found.rmdir(), found.symlink_to("nowhere")), "cannot be read"),
    ],
)
def test_a_foreign_one_is_named_and_refused(
    home: Path, make: Callable[[Path], object], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = home / "a" / ".ikeaudit"
    found.mkdir(mode=0o700)
    try:
        make(found)
    except PermissionError:
        pytest.skip("only root may give a folder away")
    with pytest.raises(InputError, match=words):
        place_of_workspace()
    assert main(["status"]) == 2
    err = capsys.readouterr().err
    assert str(found) in err and ENVIRONMENT in err and len(err.splitlines()) == 1
    (home / "a" / "b" / ".ikeaudit").mkdir(mode=0o700)  # one of ours lies nearer
    assert place_of_workspace() == home / "a" / "b" / ".ikeaudit"


@pytest.mark.parametrize("verb", READING, ids=lambda verb: verb[0])
def test_looking_makes_nothing(home: Path, verb: list[str]) -> None:
    Path("r.cfg").write_text(CONFIG)
    before = everything(home)
    assert main(verb) in (0, 1)
    assert everything(home) == before


@pytest.mark.parametrize("verb", [["status"], ["hostkeys"]], ids=lambda verb: verb[0])
def test_looking_makes_nothing_where_one_is_named_either(
    home: Path, verb: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(ENVIRONMENT, str(home / "named"))
    before = everything(home)
    assert main(verb) in (0, 1)
    assert everything(home) == before
    out, err = capsys.readouterr()
    assert str(home / "named") in out + err


def test_what_writes_makes_it_and_its_key_fits(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert not Workspace.open(create=False).lasting
    made = Workspace.open()
    assert made.lasting and made.path == home / "data" / "ikeaudit"
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o700
    seen = Workspace.open(create=False)
    assert seen.lasting and seen.fingerprinter.key_id == made.fingerprinter.key_id


def test_looking_leaves_the_modes_alone(home: Path) -> None:
    Workspace.open(home / "ws")
    (home / "ws").chmod(0o755)
    Workspace.open(home / "ws", create=False)
    assert stat.S_IMODE((home / "ws").stat().st_mode) == 0o755


def test_a_plan_of_another_workspace_is_recognised_by_its_key(home: Path) -> None:
    one, other = Workspace.open(home / "one"), Workspace.open(home / "other")
    one.require_key_of(one.fingerprinter.key_id, "The plan p")
    one.require_key_of(None, "The plan p")  # of before plans had its name
    with pytest.raises(RefusedError) as refused:
        other.require_key_of(one.fingerprinter.key_id, "The plan p")
    said = str(refused.value)
    assert all(
        word in said for word in (one.fingerprinter.key_id, other.fingerprinter.key_id, str(other.path), ENVIRONMENT)
    )
    with pytest.raises(RefusedError, match="has none"):
        Workspace.open(home / "nowhere", create=False).require_key_of(one.fingerprinter.key_id, "The plan p")


# -- two users -----------------------------------------------------------------------------------------------------------

TEAM = 47110
"""A group that nobody has."""


def as_user(uid: int, work: Callable[[], str]) -> str:
    """What ``work`` returns when it is done by a user of the team, in a process of its own."""
    back, out = os.pipe()
    child = os.fork()
    if not child:
        said = "nothing"
        try:
            os.setgroups([TEAM])
            os.setgid(uid)
            os.setuid(uid)
            os.umask(0o077)
            said = work()
        except BaseException as error:  # noqa: BLE001 - the other process tells it
            said = f"{type(error).__name__}: {error}"
        os.write(out, said.encode()[:4000])
        os._exit(0)
    os.close(out)
    os.waitpid(child, 0)
    with os.fdopen(back, "rb") as stream:
        return stream.read().decode()


@pytest.fixture
def shared(home: Path) -> Path:
    """A folder that is made for a team as docs/security.md says."""
    if os.geteuid():
        pytest.skip("only root can be two users")
    for folder in (home, home / "a", home / "a" / "b"):
        folder.chmod(0o755)
    folder = home / "team"
    folder.mkdir()
    os.chown(folder, 47001, TEAM)
    folder.chmod(0o2770)
    return folder


def test_a_team_shares_key_journal_and_locks(shared: Path) -> None:
    def key() -> str:
        return Workspace.open(shared).fingerprinter.key_id

    def begin() -> str:
        journal = Journal(Workspace.open(shared).folder("changes") / "CHG-1" / "journal.jsonl")
        journal.record("begin", text="apply", change_id="CHG-1", routers=["R1"])
        write_private(journal.path.with_name("revert-by-hand.txt"), b"page")
        replace_folder(Workspace.open(shared).folder("plans") / "d", {"R1/after.cfg": b"text"})
        return "begun"

    def go_on() -> str:
        workspace = Workspace.open(shared)
        journal = Journal(workspace.path / "changes" / "CHG-1" / "journal.jsonl")
        journal.record("end", result="refused")
        write_private(journal.path.with_name("revert-by-hand.txt"), b"another")
        replace_folder(workspace.path / "plans" / "d", {"R1/after.cfg": b"text"})
        with locked(workspace.folder("locks"), change_id="CHG-1", digest="d" * 64, routers=("R1",)):
            return f"{(workspace.path / 'plans/d/R1/after.cfg').read_text()} {holder_of(workspace.path / 'locks', 'd' * 64)}"

    def is_locked() -> str:
        with locked(shared / "locks", change_id="CHG-1", digest="d" * 64, routers=("R1",)):
            return "locked"

    assert as_user(47001, key) == as_user(47002, key)
    assert as_user(47001, begin) == "begun"
    assert as_user(47002, go_on).startswith("text ")
    assert [entry.event for entry in read_journal(shared / "changes/CHG-1/journal.jsonl")] == ["begin", "end"]
    with locked(shared / "locks", change_id="CHG-1", digest="d" * 64, routers=("R1",)):
        assert f"RefusedError: this plan is being changed by change CHG-1, process {os.getpid()}" in as_user(
            47001, is_locked
        )
    for path in shared.rglob("*"):
        assert path.stat().st_gid == TEAM and not path.stat().st_mode & 0o007, path


def test_who_is_not_of_the_team_gets_nothing(shared: Path) -> None:
    as_user(47001, lambda: Workspace.open(shared).fingerprinter.key_id)

    def stranger() -> str:
        os.setgroups([])
        return "never"

    assert "PermissionError" in as_user(47003, stranger)  # who gave up his groups cannot take others
    (shared / KEY_FILE).chmod(0o600)
    os.chown(shared / KEY_FILE, 47001, 47001)
    assert "InputError" in as_user(47002, lambda: Workspace.open(shared).fingerprinter.key_id)


def test_one_of_somebody_else_that_is_not_shared_stays_his(shared: Path) -> None:
    shared.chmod(0o750)
    assert "cannot be used" in as_user(47002, lambda: Workspace.open(shared).fingerprinter.key_id)
    assert msgspec.json.encode(sorted(everything(shared))) == b"[]"
