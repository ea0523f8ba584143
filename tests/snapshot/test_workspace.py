"""The workspace and its fingerprint key (DESIGN section 4)."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from ikeaudit.model.errors import InputError
from ikeaudit.parsing.fingerprint import Fingerprinter, psk_token
from ikeaudit.snapshot.workspace import KEY_FILE, SETTINGS_FILE, Workspace


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def fingerprint_in(folder: Path) -> str:
    return Workspace.open(folder).fingerprinter.psk("cisco")


def test_first_use_makes_a_private_folder_and_key(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "ws")
    assert workspace.path == tmp_path / "ws"
    assert workspace.lasting
    assert mode(tmp_path / "ws") == 0o700
    assert mode(tmp_path / "ws" / KEY_FILE) == 0o600
    assert [entry.name for entry in (tmp_path / "ws").iterdir()] == [KEY_FILE]


def test_the_same_workspace_gives_the_same_fingerprints_and_another_one_others(tmp_path: Path) -> None:
    assert fingerprint_in(tmp_path / "a") == fingerprint_in(tmp_path / "a")
    assert fingerprint_in(tmp_path / "a") != fingerprint_in(tmp_path / "b")


def test_many_processes_at_once_agree_on_one_key(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4) as pool:
        found = set(pool.map(fingerprint_in, [tmp_path / "ws"] * 12))
    assert len(found) == 1


def test_permissions_too_wide_are_narrowed(tmp_path: Path) -> None:
    Workspace.open(tmp_path / "ws")
    (tmp_path / "ws").chmod(0o755)
    (tmp_path / "ws" / KEY_FILE).chmod(0o644)
    Workspace.open(tmp_path / "ws")
    assert mode(tmp_path / "ws") == 0o700
    assert mode(tmp_path / "ws" / KEY_FILE) == 0o600


@pytest.mark.parametrize("content", ["", "not hexadecimal", "ab" * 31, "ab" * 33])
def test_a_damaged_key_is_one_clear_sentence(tmp_path: Path, content: str) -> None:
    Workspace.open(tmp_path / "ws")
    (tmp_path / "ws" / KEY_FILE).write_text(content)
    with pytest.raises(InputError, match=r"fingerprint key .* is damaged"):
        Workspace.open(tmp_path / "ws")


def test_a_file_in_the_way_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "ws").write_text("")
    with pytest.raises(InputError, match=r"workspace .* cannot be used"):
        Workspace.open(tmp_path / "ws")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="permission denied"):
        Workspace.open(tmp_path / "ws")


def test_reading_needs_no_lasting_key(tmp_path: Path) -> None:
    (tmp_path / "ws").write_text("")
    workspace = Workspace.open(tmp_path / "ws", required=False)
    assert not workspace.lasting
    assert len(workspace.fingerprinter.psk("cisco")) == 16


def test_a_damaged_key_is_an_error_even_where_none_is_required(tmp_path: Path) -> None:
    Workspace.open(tmp_path / "ws")
    (tmp_path / "ws" / KEY_FILE).write_text("broken")
    with pytest.raises(InputError):
        Workspace.open(tmp_path / "ws", required=False)


def test_fingerprints_depend_on_key_text_and_kind() -> None:
    one, two = Fingerprinter(b"1" * 32), Fingerprinter(b"2" * 32)
    assert one.psk("cisco") == one.psk("cisco") != one.psk("cisco ")
    assert one.psk("cisco") != two.psk("cisco")
    assert one.psk("cisco") != one.opaque("cisco")
    assert one.key_id != two.key_id
    assert psk_token(one.psk("cisco")) == f"<PSK:{one.psk('cisco')}>"
    with pytest.raises(ValueError, match="16 bytes"):
        Fingerprinter(b"short")


def settings(folder: Path, text: str) -> Path:
    Workspace.open(folder)
    (folder / SETTINGS_FILE).write_text(text, encoding="utf-8")
    return folder


def test_the_owner_says_which_free_text_is_kept(tmp_path: Path) -> None:
    assert Workspace.open(tmp_path / "none").fingerprinter.keep == frozenset()
    folder = settings(tmp_path / "ws", 'keep = ["interface description", "access-list remark", "snmp-server location"]')
    assert Workspace.open(folder).fingerprinter.keep == {
        "interface description", "access-list remark", "snmp-server location"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            'keep = ["interface descripton"]',
            "'interface descripton', which has no free text; for example: interface description",
        ),
        ('keep = ["crypto isakmp key"]', "which has no free text"),
        ('keep = "interface description"', r"may say one thing: keep = \[\.\.\.\]"),
        ("keep = [1]", "may say one thing"),
        ("kept = []", "may say one thing"),
        ("keep = [", "are no TOML"),
    ],
)
def test_settings_that_say_anything_else_are_refused(tmp_path: Path, text: str, problem: str) -> None:
    folder = settings(tmp_path / "ws", text)
    with pytest.raises(InputError, match=problem):
        Workspace.open(folder)
