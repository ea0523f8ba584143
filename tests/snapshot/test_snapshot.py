"""Loading and writing snapshots: layouts, names, bad input, and that no key ever reaches the disk (DESIGN section 4)."""

from __future__ import annotations

import gzip
import json
import stat
from pathlib import Path

import pytest

from ikeaudit.model import DEFAULT_KEYRING
from ikeaudit.model.errors import IncompleteError, InputError
from ikeaudit.snapshot.host_files import host_folder_name
from ikeaudit.snapshot.loading import Snapshot, load_snapshot
from ikeaudit.snapshot.workspace import Workspace
from ikeaudit.snapshot.writing import write_failed_host, write_snapshot_host

CANARY = "C4naryInTheMine"
CONFIG = f"""\
Building configuration...

Current configuration : 400 bytes
!
version 15.7
hostname R1
!
enable secret 5 {CANARY}1
username bob password 0 {CANARY}2
crypto keyring K1
  pre-shared-key address 10.0.0.2 key {CANARY}3
crypto isakmp key {CANARY}4 address 10.0.0.3
!
snmp-server community {CANARY}5 RO
tacacs-server host 10.0.0.9 key {CANARY}6
end
"""
SHOWN = f"""\
Keyring      Hostname/Address                            Preshared Key

default      10.0.0.3                                    {CANARY}4
K1           10.0.0.2                                    {CANARY}3
"""
VERSION = """\
Cisco IOS Software, C2900 Software (C2900-UNIVERSALK9-M), Version 15.7(3)M, RELEASE SOFTWARE (fc3)
Cisco CISCO2911/K9 (revision 1.0) with 487424K/36864K bytes of memory.
"""
SHOWS = {"show crypto isakmp key": SHOWN, "show version": VERSION}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "ws")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "snap"
    path.mkdir()
    return path


def minimal(name: str) -> str:
    return f"hostname {name}\ncrypto isakmp key s3cret address 10.0.0.2\nend\n"


def names(snapshot: Snapshot) -> list[str]:
    return [router.name for router in snapshot.routers]


class TestWriting:
    def test_no_secret_reaches_the_disk(self, folder: Path, workspace: Workspace) -> None:
        meta = {"note": f"enable secret {CANARY}7"}
        write_snapshot_host(folder, "R1", CONFIG, SHOWS, meta, fingerprinter=workspace.fingerprinter)
        write_failed_host(folder, "R2", f"password {CANARY}8 refused", {}, fingerprinter=workspace.fingerprinter)
        for file in folder.rglob("*"):
            assert file.is_dir() or CANARY not in file.read_text()

    def test_layout_and_permissions(self, folder: Path, workspace: Workspace) -> None:
        written = write_snapshot_host(folder / "new", "R1", CONFIG, SHOWS, {}, fingerprinter=workspace.fingerprinter)
        assert written == folder / "new" / "R1"
        assert sorted(file.name for file in written.iterdir()) == [
            "meta.json",
            "running-config.txt",
            "show-crypto-isakmp-key.txt",
            "show-version.txt",
        ]
        assert {stat.S_IMODE(path.stat().st_mode) for path in (folder / "new", written)} == {0o700}
        assert {stat.S_IMODE(path.stat().st_mode) for path in written.iterdir()} == {0o600}
        assert (written / "running-config.txt").read_text().count("\n") == CONFIG.count("\n")

    def test_meta_holds_facts_and_hash(self, folder: Path, workspace: Workspace) -> None:
        written = write_snapshot_host(
            folder, "R1", CONFIG, SHOWS, {"platform": "ios"}, fingerprinter=workspace.fingerprinter
        )
        meta = json.loads((written / "meta.json").read_text())
        assert meta["host"] == "R1"
        assert meta["status"] == "collected"
        assert meta["details"] == {"platform": "ios"}
        assert meta["key_id"] == workspace.fingerprinter.key_id
        assert meta["facts"][workspace.fingerprinter.psk(f"{CANARY}3")]["length"] == len(CANARY) + 1
        assert len(meta["before_hash"]) == 64

    def test_a_configuration_without_its_end_is_refused_and_nothing_is_written(
        self, folder: Path, workspace: Workspace
    ) -> None:
        with pytest.raises(IncompleteError, match="final 'end' is missing"):
            write_snapshot_host(
                folder, "R1", CONFIG.removesuffix("end\n"), {}, {}, fingerprinter=workspace.fingerprinter
            )
        assert list(folder.iterdir()) == []

    def test_a_prompt_after_the_end_is_fine(self, folder: Path, workspace: Workspace) -> None:
        write_snapshot_host(folder, "R1", CONFIG + "\r\nR1#", {}, {}, fingerprinter=workspace.fingerprinter)
        assert names(load_snapshot(folder, workspace)) == ["R1"]

    def test_a_second_collection_replaces_the_first(self, folder: Path, workspace: Workspace) -> None:
        write_snapshot_host(folder, "R1", CONFIG, SHOWS, {}, fingerprinter=workspace.fingerprinter)
        write_snapshot_host(folder, "R1", CONFIG, {}, {}, fingerprinter=workspace.fingerprinter)
        assert sorted(file.name for file in (folder / "R1").iterdir()) == ["meta.json", "running-config.txt"]
        assert [entry.name for entry in folder.iterdir()] == ["R1"]

    @pytest.mark.parametrize("host", ["../escape", "/etc/x", "..", ".", ".hidden", "a/b", "a\\b", "a\0b", "réseau"])
    def test_a_host_name_cannot_leave_the_folder(self, folder: Path, workspace: Workspace, host: str) -> None:
        written = write_snapshot_host(folder, host, CONFIG, {}, {}, fingerprinter=workspace.fingerprinter)
        assert written.parent == folder
        assert not written.name.startswith(".")
        assert names(load_snapshot(folder, workspace)) == [host]

    @pytest.mark.parametrize("host", ["", "  ", "x" * 300])
    def test_a_host_name_that_names_nothing(self, host: str) -> None:
        with pytest.raises(InputError, match="cannot name a folder"):
            host_folder_name(host)

    def test_a_folder_that_cannot_be_written(self, tmp_path: Path, workspace: Workspace) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(InputError, match="cannot be written"):
            write_snapshot_host(tmp_path / "file", "R1", CONFIG, {}, {}, fingerprinter=workspace.fingerprinter)


class TestLoadingACollection:
    def test_configuration_shows_and_facts_come_together(self, folder: Path, workspace: Workspace) -> None:
        write_snapshot_host(folder, "r1.example.net", CONFIG, SHOWS, {}, fingerprinter=workspace.fingerprinter)
        snapshot = load_snapshot(folder, workspace)
        (router,) = snapshot.routers
        assert (router.name, router.hostname, router.file) == (
            "r1.example.net",
            "R1",
            "r1.example.net/running-config.txt",
        )
        (key,) = router.keyrings[0].keys
        assert key.secret.fingerprint == workspace.fingerprinter.psk(f"{CANARY}3")
        assert key.secret.facts is not None
        assert key.secret.facts.length == len(CANARY) + 1
        assert router.shows.keys is not None
        assert [(shown.keyring, shown.secret.fingerprint) for shown in router.shows.keys] == [
            (DEFAULT_KEYRING, workspace.fingerprinter.psk(f"{CANARY}4")),
            ("K1", workspace.fingerprinter.psk(f"{CANARY}3")),
        ]
        assert (router.shows.version, router.shows.platform) == ("15.7(3)M", "CISCO2911/K9")
        assert snapshot.problems == ()

    def test_one_host_folder_and_one_file_of_it_are_snapshots_too(self, folder: Path, workspace: Workspace) -> None:
        written = write_snapshot_host(folder, "R1", CONFIG, SHOWS, {}, fingerprinter=workspace.fingerprinter)
        assert load_snapshot(written, workspace).routers[0].shows.keys is not None
        (router,) = load_snapshot(written / "running-config.txt", workspace).routers
        assert router.keyrings[0].keys[0].secret.facts is not None

    def test_a_failed_host_is_a_problem_beside_the_others(self, folder: Path, workspace: Workspace) -> None:
        write_snapshot_host(folder, "R1", CONFIG, {}, {}, fingerprinter=workspace.fingerprinter)
        write_failed_host(folder, "R2", "connection timed out", {}, fingerprinter=workspace.fingerprinter)
        snapshot = load_snapshot(folder, workspace)
        assert names(snapshot) == ["R1"]
        assert [(problem.host, problem.text) for problem in snapshot.failed_hosts] == [("R2", "connection timed out")]

    def test_show_output_that_is_not_understood_or_missing_is_a_problem(
        self, folder: Path, workspace: Workspace
    ) -> None:
        shows = {"show crypto isakmp key": "nonsense", "show version": VERSION}
        written = write_snapshot_host(folder, "R1", CONFIG, shows, {}, fingerprinter=workspace.fingerprinter)
        (written / "show-version.txt").unlink()
        snapshot = load_snapshot(folder, workspace)
        assert names(snapshot) == ["R1"]
        assert {(problem.kind, problem.file, problem.text) for problem in snapshot.problems} == {
            ("show", "R1/show-crypto-isakmp-key.txt", "the output is not understood"),
            ("show", "R1/show-version.txt", "is missing"),
        }

    def test_secrets_typed_into_a_snapshot_are_redacted_again(self, folder: Path, workspace: Workspace) -> None:
        written = write_snapshot_host(folder, "R1", CONFIG, {}, {}, fingerprinter=workspace.fingerprinter)
        file = written / "running-config.txt"
        file.write_text(file.read_text().replace("end\n", f"crypto isakmp key {CANARY} address 10.0.0.4\nend\n"))
        (router,) = load_snapshot(folder, workspace).routers
        assert CANARY not in repr(router)
        assert len(router.default_keyring.keys) == 2

    def test_a_damaged_meta_file_costs_the_facts_only(self, folder: Path, workspace: Workspace) -> None:
        written = write_snapshot_host(folder, "R1", CONFIG, {}, {}, fingerprinter=workspace.fingerprinter)
        (written / "meta.json").write_text('{"host": 7')
        snapshot = load_snapshot(folder, workspace)
        assert names(snapshot) == ["R1"]
        assert [problem.kind for problem in snapshot.problems] == ["file"]

    def test_keys_of_another_workspace_are_pointed_out(
        self, folder: Path, tmp_path: Path, workspace: Workspace
    ) -> None:
        other = Workspace.open(tmp_path / "other")
        write_snapshot_host(folder, "R1", CONFIG, {}, {}, fingerprinter=other.fingerprinter)
        assert any("another workspace" in problem.text for problem in load_snapshot(folder, workspace).problems)
        write_snapshot_host(folder, "R2", CONFIG, {}, {}, fingerprinter=workspace.fingerprinter)
        both = load_snapshot(folder, workspace)
        assert names(both) == ["R2"]
        assert [(problem.kind, problem.host) for problem in both.problems] == [("host", "R1")]


class TestLoadingPlainFiles:
    def test_names_come_from_hostname_lines_else_from_file_stems(self, folder: Path, workspace: Workspace) -> None:
        (folder / "b.cfg").write_text(minimal("R1"))
        (folder / "a.CONF").write_text(minimal("R2"))
        (folder / "c.txt").write_text(
            "crypto isakmp key s3cret address 10.0.0.2\ninterface Tunnel1\n tunnel source Gi0/0\nend\n"
        )
        (folder / "d.md").write_text(minimal("R9"))
        (folder / ".e.cfg").write_text(minimal("R9"))
        assert names(load_snapshot(folder, workspace)) == ["R2", "R1", "c"]

    def test_two_files_that_claim_one_name(self, folder: Path, workspace: Workspace) -> None:
        for stem, name in (("one", "R1"), ("two", "R1"), ("three", "R2")):
            (folder / f"{stem}.cfg").write_text(minimal(name))
        snapshot = load_snapshot(folder, workspace)
        assert sorted(names(snapshot)) == ["R1@one", "R1@two", "R2"]
        assert sorted(entry.host for entry in snapshot.files) == ["R1@one", "R1@two", "R2"]
        assert {entry.host for entry in snapshot.routers[0].evidence(2)} == {snapshot.routers[0].name}

    def test_names_stay_apart_where_the_stem_does_not_tell(self, folder: Path, workspace: Workspace) -> None:
        (folder / "one.cfg").write_text(minimal("R1"))
        (folder / "one.txt").write_text(minimal("R1"))
        assert sorted(names(load_snapshot(folder, workspace))) == ["R1@one", "R1@one#2"]

    def test_one_file_may_have_any_name(self, folder: Path, workspace: Workspace) -> None:
        file = folder / "router.backup"
        file.write_text(minimal("R1"))
        snapshot = load_snapshot(file, workspace)
        assert names(snapshot) == ["R1"]
        assert snapshot.routers[0].file == "router.backup"

    @pytest.mark.parametrize(
        "content",
        [
            minimal("R1").encode("utf-8-sig"),
            minimal("R1").encode("utf-16"),
            minimal("R1").encode("utf-16-le"),
            minimal("R1").replace("\n", "\r\n").encode(),
            minimal("R1").replace("\n", "\r").encode(),
            minimal("R1").encode() + b"! caf\xe9\n",
            "! 라우터\n".encode("euc-kr") + minimal("R1").encode(),
        ],
    )
    def test_encodings_and_line_ends(self, folder: Path, workspace: Workspace, content: bytes) -> None:
        (folder / "x.cfg").write_bytes(content)
        (router,) = load_snapshot(folder, workspace).routers
        assert router.name == "R1"
        assert router.default_keyring.keys[0].secret.fingerprint == workspace.fingerprinter.psk("s3cret")

    def test_a_fleet_of_what_was_loaded(self, folder: Path, workspace: Workspace) -> None:
        (folder / "x.cfg").write_text(minimal("R1"))
        assert [router.name for router in load_snapshot(folder, workspace).fleet().routers] == ["R1"]


class TestBadInput:
    def test_a_path_that_is_not_there(self, folder: Path, workspace: Workspace) -> None:
        with pytest.raises(InputError, match="does not exist"):
            load_snapshot(folder / "missing", workspace)

    def test_an_empty_folder(self, folder: Path, workspace: Workspace) -> None:
        with pytest.raises(
            InputError, match=r"is empty: expected collected hosts .* or files ending in \.cfg, \.conf, \.txt"
        ):
            load_snapshot(folder, workspace)

    def test_a_folder_of_other_things(self, folder: Path, workspace: Workspace) -> None:
        (folder / "picture.png").write_bytes(b"\x89PNG")
        with pytest.raises(InputError, match="holds no configuration"):
            load_snapshot(folder, workspace)

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (bytes(range(256)) * 8, "is binary, not text"),
            (gzip.compress(b"hostname R1\n", mtime=0), "is compressed"),
            (b"PK\x03\x04rest", "is compressed"),
            (b"hostname R1\n" + b"\0" * 200, "is binary, not text"),
        ],
    )
    def test_a_file_that_is_no_text(self, folder: Path, workspace: Workspace, content: bytes, reason: str) -> None:
        file = folder / "x.cfg"
        file.write_bytes(content)
        with pytest.raises(InputError, match=f"x.cfg: {reason}"):
            load_snapshot(file, workspace)
        with pytest.raises(InputError, match=reason):
            load_snapshot(folder, workspace)

    def test_a_binary_file_among_configurations_is_an_entry_with_its_reason(
        self, folder: Path, workspace: Workspace
    ) -> None:
        (folder / "x.cfg").write_bytes(bytes(range(256)) * 8)
        (folder / "y.cfg").write_text(minimal("R1"))
        snapshot = load_snapshot(folder, workspace)
        assert names(snapshot) == ["R1"]
        assert [(entry.file, entry.kind, entry.reason) for entry in snapshot.files if entry.router is None] == [
            ("x.cfg", "unreadable", "is binary, not text")
        ]

    def test_no_ios_configuration_at_all(self, folder: Path, workspace: Workspace) -> None:
        (folder / "notes.txt").write_text("Dear diary,\ntoday the tunnel was down again.\n")
        snapshot = load_snapshot(folder, workspace)
        assert [entry.kind for entry in snapshot.files] == ["unreadable"]
        with pytest.raises(InputError, match=r"holds no Cisco IOS configuration \(notes\.txt: "):
            snapshot.fleet()

    def test_a_line_as_long_as_may_be(self, folder: Path, workspace: Workspace) -> None:
        text = minimal("R1").replace("end\n", "! {}\nend\n")
        (folder / "x.cfg").write_text(text.format("x" * 999_998))
        assert names(load_snapshot(folder, workspace)) == ["R1"]
        (folder / "x.cfg").write_text(text.format("x" * 999_999))
        with pytest.raises(InputError, match="longer than a million characters"):
            load_snapshot(folder, workspace)

    def test_an_empty_file(self, folder: Path, workspace: Workspace) -> None:
        (folder / "x.cfg").write_text("")
        with pytest.raises(InputError, match=r"holds no configuration: x\.cfg is empty"):
            load_snapshot(folder, workspace).fleet()

    def test_only_failed_hosts(self, folder: Path, workspace: Workspace) -> None:
        write_failed_host(folder, "R1", "connection refused", {}, fingerprinter=workspace.fingerprinter)
        snapshot = load_snapshot(folder, workspace)
        with pytest.raises(InputError, match="R1: connection refused"):
            snapshot.fleet()


def test_a_collected_configuration_that_was_cut_afterwards_is_a_host_not_read(tmp_path: Path) -> None:
    host = tmp_path / "R1"
    host.mkdir()
    (host / "meta.json").write_text('{"host": "R1", "status": "collected"}', encoding="utf-8")
    (host / "running-config.txt").write_text("hostname R1\ncrypto isakmp policy 10\n group 14\n", encoding="utf-8")
    whole = tmp_path / "R2"
    whole.mkdir()
    (whole / "running-config.txt").write_text(
        "hostname R2\ncrypto isakmp policy 10\n group 14\nend\n", encoding="utf-8"
    )
    snapshot = load_snapshot(tmp_path, Workspace.open(tmp_path / "workspace"))
    assert [router.name for router in snapshot.routers] == ["R2"]
    assert [(problem.kind, problem.host) for problem in snapshot.problems] == [("host", "R1")]
