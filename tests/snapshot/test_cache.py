"""The cache is believed only where nobody has touched it, and nothing fails where it cannot be used."""

from __future__ import annotations

import os
import sqlite3
import stat
import zlib
from pathlib import Path

import pytest

from ikeaudit.snapshot import cache as room
from ikeaudit.snapshot.cache import Cache
from ikeaudit.snapshot.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "ws")


def file_of(workspace: Workspace) -> Path:
    return workspace.path / "cache" / "cache.sqlite"


def filled(workspace: Workspace) -> bytes:
    """The key of what is then kept."""
    cache = Cache(workspace)
    key = cache.key("read", b"a file", b"its content")
    cache.keep({key: b"what was found in it"})
    cache.close()
    return key


def test_what_was_kept_is_found_by_what_it_was_worked_out_from(workspace: Workspace) -> None:
    key = filled(workspace)
    cache = Cache(workspace)
    assert cache.get(key) == b"what was found in it"
    assert cache.key("read", b"a file", b"its content") == key
    others = [
        cache.key("audit", b"a file", b"its content"),
        cache.key("read", b"a file", b"another content"),
        cache.key("read", b"a fil", b"eits content"),
    ]
    assert [cache.get(other) for other in others] == [None, None, None]


def test_it_is_private(workspace: Workspace) -> None:
    filled(workspace)
    assert stat.S_IMODE(file_of(workspace).stat().st_mode) == 0o600
    assert stat.S_IMODE(file_of(workspace).parent.stat().st_mode) == 0o700


def test_without_a_lasting_workspace_nothing_is_made(tmp_path: Path) -> None:
    for workspace in (None, Workspace.open(tmp_path / "none", required=False, create=False)):
        cache = Cache(workspace)
        assert not cache.used
        cache.keep({cache.key("read", b"x"): b"y"})
        assert cache.get(cache.key("read", b"x")) is None
    assert not (tmp_path / "none").exists()


def test_another_workspace_does_not_know_it(workspace: Workspace, tmp_path: Path) -> None:
    key = filled(workspace)
    other = Workspace.open(tmp_path / "other")
    (other.path / "cache").mkdir()
    file_of(other).write_bytes(file_of(workspace).read_bytes())
    file_of(other).chmod(0o600)
    cache = Cache(other)
    assert cache.key("read", b"a file", b"its content") != key
    assert cache.get(key) is None


def test_what_the_owner_keeps_in_clear_is_part_of_the_key(workspace: Workspace) -> None:
    key = filled(workspace)
    (workspace.path / "settings.toml").write_text('keep = ["interface description"]\n')
    assert Cache(Workspace.open(workspace.path)).key("read", b"a file", b"its content") != key


def test_so_is_the_code(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    key = filled(workspace)
    monkeypatch.setattr(room, "_code", lambda: b"of another version")
    cache = Cache(workspace)
    assert cache.key("read", b"a file", b"its content") != key
    assert cache.get(key) is None, "the seal of another version is none"


@pytest.mark.parametrize("column", ["key", "seal", "value"])
def test_a_flipped_bit_is_never_believed(workspace: Workspace, column: str) -> None:
    key = filled(workspace)
    with sqlite3.connect(file_of(workspace)) as connection:
        (was,) = connection.execute(f"SELECT {column} FROM kept").fetchone()
        for at in range(len(was)):
            turned = bytes(byte ^ (1 << at % 8 if at == place else 0) for place, byte in enumerate(was))
            connection.execute(f"UPDATE kept SET {column} = ?", (turned,))
            connection.commit()
            cache = Cache(workspace)
            assert cache.get(key if column != "key" else turned) is None, at
            cache.close()
        connection.execute(f"UPDATE kept SET {column} = ?", (was,))
    assert Cache(workspace).get(key) == b"what was found in it"


def test_a_value_in_the_place_of_another_is_never_believed(workspace: Workspace) -> None:
    key = filled(workspace)
    cache = Cache(workspace)
    other = cache.key("read", b"another file")
    cache.keep({other: b"what was found there"})
    cache.close()
    with sqlite3.connect(file_of(workspace)) as connection:
        seal, value = connection.execute("SELECT seal, value FROM kept WHERE key = ?", (other,)).fetchone()
        connection.execute("UPDATE kept SET seal = ?, value = ? WHERE key = ?", (seal, value, key))
    assert Cache(workspace).get(key) is None


def test_a_file_with_flipped_bytes_anywhere_is_at_worst_rebuilt(workspace: Workspace) -> None:
    key = filled(workspace)
    whole = file_of(workspace).read_bytes()
    for at in range(0, len(whole), 97):
        file_of(workspace).write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        cache = Cache(workspace)
        assert cache.get(key) in (None, b"what was found in it")
        cache.keep({key: b"what was found in it"})
        cache.close()
        again = Cache(workspace)
        found = again.get(key)
        if found is None:  # damage that only the second writing came upon
            again.keep({key: b"what was found in it"})
        again.close()


@pytest.mark.parametrize("size", [0, 1, 15, 100, 4096, 5000])
def test_a_file_that_was_cut_is_rebuilt(workspace: Workspace, size: int) -> None:
    key = filled(workspace)
    file_of(workspace).write_bytes(file_of(workspace).read_bytes()[:size])
    assert Cache(workspace).get(key) is None
    assert filled(workspace) == key
    assert Cache(workspace).get(key) == b"what was found in it"


def test_no_database_is_rebuilt(workspace: Workspace) -> None:
    key = filled(workspace)
    file_of(workspace).write_bytes(b"This is no database, though it is longer than the head of one. " * 99)
    assert Cache(workspace).get(key) is None
    filled(workspace)
    assert Cache(workspace).get(key) == b"what was found in it"


def test_another_schema_is_rebuilt(workspace: Workspace) -> None:
    key = filled(workspace)
    with sqlite3.connect(file_of(workspace)) as connection:
        connection.execute("PRAGMA user_version = 99")
    assert Cache(workspace).get(key) is None
    with sqlite3.connect(file_of(workspace)) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_so_are_other_tables(workspace: Workspace) -> None:
    file_of(workspace).parent.mkdir()
    with sqlite3.connect(file_of(workspace)) as connection:
        connection.execute("CREATE TABLE kept (unheard)")
    file_of(workspace).chmod(0o600)
    key = filled(workspace)
    assert Cache(workspace).get(key) == b"what was found in it"


def test_a_file_that_others_may_touch_is_replaced(workspace: Workspace) -> None:
    key = filled(workspace)
    file_of(workspace).chmod(0o606)
    assert Cache(workspace).get(key) is None
    assert stat.S_IMODE(file_of(workspace).stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_so_is_one_of_somebody_else(workspace: Workspace) -> None:
    key = filled(workspace)
    os.chown(file_of(workspace), 12345, 12345)
    assert Cache(workspace).get(key) is None
    assert file_of(workspace).stat().st_uid == os.geteuid()


def test_a_link_is_not_followed(workspace: Workspace, tmp_path: Path) -> None:
    key = filled(workspace)
    elsewhere = file_of(workspace).rename(tmp_path / "elsewhere")
    file_of(workspace).symlink_to(elsewhere)
    assert Cache(workspace).get(key) is None
    assert not file_of(workspace).is_symlink()
    assert elsewhere.exists()


def test_a_folder_in_its_place_leaves_everything_to_be_done_again(workspace: Workspace) -> None:
    file_of(workspace).mkdir(parents=True)
    cache = Cache(workspace)
    assert not cache.used
    assert cache.get(cache.key("read", b"x")) is None


def test_it_grows_to_its_limit_and_lets_go_of_what_was_not_used(workspace: Workspace) -> None:
    values = {f"{number}".encode(): os.urandom(1000) for number in range(100)}
    cache = Cache(workspace, largest=50_000)
    cache.keep({cache.key("read", name): value for name, value in values.items()})
    left = [name for name in values if cache.get(cache.key("read", name)) is not None]
    assert left == [*values][-len(left) :], "what was kept last stays"
    assert 40 <= len(left) <= 45, "nine tenths of 50,000 bytes, a little more than 1,000 for each"


def test_while_somebody_else_writes_nothing_is_kept_and_nothing_lost(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = filled(workspace)
    connect = sqlite3.connect
    monkeypatch.setattr(room.sqlite3, "connect", lambda file, timeout: connect(file, timeout=0))
    cache = Cache(workspace)
    with connect(file_of(workspace)) as writing:
        writing.execute("BEGIN EXCLUSIVE")
        cache.keep({cache.key("read", b"more"): b"of it"})
        assert not Cache(workspace).used
    assert not cache.used
    assert Cache(workspace).get(key) == b"what was found in it"


def test_values_are_small(workspace: Workspace) -> None:
    cache = Cache(workspace)
    key = cache.key("read", b"x")
    cache.keep({key: b"interface Tunnel1" * 1000})
    with sqlite3.connect(file_of(workspace)) as connection:
        (value,) = connection.execute("SELECT value FROM kept").fetchone()
    assert zlib.decompress(value) == b"interface Tunnel1" * 1000
    assert len(value) < 500
