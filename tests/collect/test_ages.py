"""A snapshot has an age, host by host: what is read again, kept, stale, gone, and what an interruption leaves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ikeaudit.collect.commands import last_change
from ikeaudit.collect.folder import SnapshotFolder
from ikeaudit.collect.reading import Reading
from ikeaudit.model.errors import InputError
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.snapshot import dated
from ikeaudit.snapshot.dated import dated_folder, interrupted_in, latest_of, make_latest, parse_age, read_run
from ikeaudit.snapshot.host_meta import read_meta
from ikeaudit.snapshot.loading import load_snapshot
from ikeaudit.snapshot.workspace import Workspace

PRINTER = Fingerprinter(b"a made-up fingerprint key, 32 b.")
T1, T2, T3 = "2025-03-01T02:00:00Z", "2025-03-02T02:00:00Z", "2025-03-03T02:00:00Z"
CHANGED = "10:00:00 UTC Mon Feb 3 2025"
CONFIG = """\
Building configuration...

Current configuration : 400 bytes
!
! Last configuration change at {changed} by ann
!
hostname {name}
crypto isakmp key Canary-psk address 192.0.2.9
end
"""


def reading(name, changed=CHANGED):
    return Reading(config=CONFIG.format(name=name, changed=changed), shows={}, name=name)


def collected(path, moment, *hosts, before=None, known=("R1", "R2", "R3")):
    """A snapshot folder into which ``hosts`` were read at ``moment``."""
    folder = SnapshotFolder(path, PRINTER, before=before)
    folder.begin(known, hosts, moment)
    for host in hosts:
        folder.write(host, reading(host), {"collected": moment})
    return folder


@pytest.fixture
def load(tmp_path):
    workspace = Workspace.open(tmp_path / "workspace")
    return lambda path: load_snapshot(path, workspace)


def times(path):
    return {entry.name: read_meta(entry).known for entry in sorted(path.iterdir()) if entry.is_dir()}


def test_each_host_keeps_its_own_time(tmp_path, load):
    collected(tmp_path / "s", T1, "R1", "R2").end(["R1", "R2"])
    assert collected(tmp_path / "s", T2, "R2").end(["R1", "R2"]) == ()
    assert times(tmp_path / "s") == {"R1": T1, "R2": T2}
    assert load(tmp_path / "s").known == {"R1/running-config.txt": T1, "R2/running-config.txt": T2}


def test_a_host_that_left_the_inventory_goes(tmp_path, load):
    collected(tmp_path / "s", T1, "R1", "R2").end(["R1", "R2"])
    folder = collected(tmp_path / "s", T2, "R1", known=("R1",))
    assert (tmp_path / "s/R2").exists()  # not before the end
    assert folder.end(["R1"]) == ("R2",)
    assert times(tmp_path / "s") == {"R1": T2} and not load(tmp_path / "s").failed_hosts


def test_another_fleets_snapshot_is_refused(tmp_path):
    collected(tmp_path / "s", T1, "R1", "R2")
    with pytest.raises(InputError, match=r"of other routers \(R1, R2\): none of them is in the inventory"):
        SnapshotFolder(tmp_path / "s", PRINTER).begin(["X1"], ["X1"], T2)
    assert times(tmp_path / "s") == {"R1": T1, "R2": T1}


def test_what_was_not_reached_is_stale_and_the_audit_says_so(tmp_path, load):
    collected(tmp_path / "s", T1, "R1", "R2")
    folder = SnapshotFolder(tmp_path / "s", PRINTER)
    assert folder.write_failure("R1", "R1 (192.0.2.1:22) refused the connection.", {"collected": T2}) == T1
    assert folder.write_failure("R3", "R3 was silent.", {"collected": T2}) is None
    found = load(tmp_path / "s")
    assert [router.name for router in found.routers] == ["R1", "R2"]
    stale, missing = found.failed_hosts
    assert stale.host == "R1" and stale.text == (
        f"is stale: it was not reached at {T2} (R1 (192.0.2.1:22) refused the connection); its configuration is that of {T1}"
    )
    assert missing.host == "R3" and missing.text == "R3 was silent."
    SnapshotFolder(tmp_path / "s", PRINTER).write("R1", reading("R1"), {"collected": T3})
    assert [problem.host for problem in load(tmp_path / "s").failed_hosts] == ["R3"]


def test_a_host_missed_twice_keeps_its_first_reading(tmp_path, load):
    collected(tmp_path / "s", T1, "R1")
    for moment in (T2, T3):
        assert SnapshotFolder(tmp_path / "s", PRINTER).write_failure("R1", "silent.", {"collected": moment}) == T1
    assert f"not reached at {T3} (silent); its configuration is that of {T1}" in load(tmp_path / "s").problems[0].text


def test_dated_folders_follow_each_other(tmp_path, load):
    parent = tmp_path / "d"
    one = collected(dated_folder(parent, datetime(2025, 3, 1, 2, tzinfo=UTC)), T1, "R1", "R2", "R3")
    one.end(["R1", "R2", "R3"])
    make_latest(one.path)
    assert one.path.name == "20250301T020000Z" and (parent / "latest").resolve() == one.path
    two = collected(dated_folder(parent, datetime(2025, 3, 2, 2, tzinfo=UTC)), T2, "R1", before=latest_of(parent))
    two.write_failure("R2", "silent.", {"collected": T2})
    two.take_over(["R3"])
    assert (parent / "latest").resolve() == one.path  # until the end
    assert two.end(["R1", "R2", "R3"]) == ()
    make_latest(two.path)
    assert times(parent / "latest") == {"R1": T2, "R2": T1, "R3": T1}
    assert [problem.host for problem in load(parent / "latest").failed_hosts] == ["R2"]
    assert times(one.path) == {"R1": T1, "R2": T1, "R3": T1} and not load(one.path).failed_hosts
    assert sorted(entry.name for entry in parent.iterdir()) == ["20250301T020000Z", "20250302T020000Z", "latest"]


def test_a_host_that_left_stays_in_the_earlier_dated_folder(tmp_path):
    one = collected(tmp_path / "d/20250301T020000Z", T1, "R1", "R2")
    two = collected(tmp_path / "d/20250302T020000Z", T2, "R1", before=one.path, known=("R1",))
    assert two.end(["R1"]) == ("R2",)
    assert list(times(two.path)) == ["R1"] and list(times(one.path)) == ["R1", "R2"]


def test_two_dated_folders_in_one_second(tmp_path):
    now = datetime(2025, 3, 1, 2, tzinfo=UTC)
    names = []
    for _ in range(11):
        folder = dated_folder(tmp_path, now)
        collected(folder, T1, "R1")
        names.append(folder.name)
    assert names[:3] == ["20250301T020000Z", "20250301T020000Z-2", "20250301T020000Z-3"]
    assert interrupted_in(tmp_path) == tmp_path / names[-1]


def test_latest_must_be_ours(tmp_path):
    (tmp_path / "latest").mkdir()
    with pytest.raises(InputError, match="latest is no link"):
        latest_of(tmp_path)
    collected(tmp_path / "s", T1, "R1")
    with pytest.raises(InputError, match="is a snapshot itself"):
        latest_of(tmp_path / "s")


def test_the_folder_above_dated_snapshots_is_told_from_a_snapshot(tmp_path, load):
    make_latest(collected(tmp_path / "d/20250301T020000Z", T1, "R1").path)
    with pytest.raises(InputError, match=r"holds dated snapshots: name one of them, or .*latest"):
        load(tmp_path / "d")


def test_an_interrupted_collection_is_known_and_goes_on(tmp_path):
    folder = collected(tmp_path / "s", T1, "R1", "R2")
    folder.end(["R1", "R2", "R3"])
    folder = SnapshotFolder(tmp_path / "s", PRINTER)
    folder.begin(["R1", "R2", "R3"], ["R1", "R2"], T2)
    folder.write("R1", reading("R1"), {"collected": T3})
    folder.write_failure("R2", "silent.", {"collected": T3})
    run = read_run(tmp_path / "s")
    assert run is not None and (run.started, run.hosts) == (T2, ("R1", "R2"))
    assert SnapshotFolder(tmp_path / "s", PRINTER).read_since(run.started) == {"R1"}


def test_the_audit_says_what_an_interrupted_collection_has_not_read(tmp_path, load):
    collected(tmp_path / "s", T1, "R1", "R2").end(["R1", "R2", "R3"])
    folder = SnapshotFolder(tmp_path / "s", PRINTER)
    folder.begin(["R1", "R2", "R3"], ["R1", "R2", "R3"], T2)
    folder.write("R1", reading("R1"), {"collected": T3})
    found = load(tmp_path / "s")
    assert [router.name for router in found.routers] == ["R1", "R2"]
    assert {problem.host: problem.text for problem in found.failed_hosts} == {
        "R2": f"was not read: the collection of {T2} was interrupted, --resume goes on; its configuration is that of {T1}",
        "R3": f"was not read: the collection of {T2} was interrupted, --resume goes on",
    }
    folder.end(["R1", "R2", "R3"])
    assert not load(tmp_path / "s").failed_hosts


def test_interrupted_before_anything_was_read(tmp_path, load):
    SnapshotFolder(tmp_path / "s", PRINTER).begin(["R1"], ["R1"], T1)
    with pytest.raises(InputError, match="interrupted before a router was read; collect --resume goes on"):
        load(tmp_path / "s")


def test_a_partial_reading_is_read_again(tmp_path):
    folder = SnapshotFolder(tmp_path / "s", PRINTER)
    folder.write("R1", reading("R1"), {"collected": T1, "not-read": "show dmvpn"})
    assert folder.read_since(T1) == frozenset()


def test_only_the_newest_dated_folder_goes_on(tmp_path):
    collected(tmp_path / "20250301T020000Z", T1, "R1")
    assert interrupted_in(tmp_path) == tmp_path / "20250301T020000Z"
    collected(tmp_path / "20250302T020000Z", T2, "R1").end(["R1"])
    assert interrupted_in(tmp_path) is None and interrupted_in(tmp_path / "nowhere") is None


@pytest.mark.parametrize(
    ("age", "young"), [("23h", set()), ("24h", {"R2"}), ("25h", {"R2"}), ("2d", {"R1", "R2"}), ("2880m", {"R1", "R2"})]
)
def test_what_is_young_enough(tmp_path, age, young):
    collected(tmp_path / "s", T1, "R1")
    collected(tmp_path / "s", T2, "R2")
    folder = SnapshotFolder(tmp_path / "s", PRINTER)
    assert folder.younger_than(parse_age(age), datetime(2025, 3, 3, 2, tzinfo=UTC)) == young


def test_stale_and_future_readings_are_never_young(tmp_path):
    folder = collected(tmp_path / "s", T3, "R1", "R2")
    SnapshotFolder(tmp_path / "s", PRINTER).write_failure("R1", "silent.", {"collected": T3})
    folder = SnapshotFolder(tmp_path / "s", PRINTER)
    assert folder.younger_than(timedelta(days=9), datetime(2025, 3, 3, 2, tzinfo=UTC)) == {"R2"}
    assert folder.younger_than(timedelta(days=9), datetime(2025, 3, 3, 1, tzinfo=UTC)) == frozenset()
    assert folder.younger_than(timedelta(days=900_000), datetime(2025, 3, 3, 2, tzinfo=UTC)) == {"R2"}


@pytest.mark.parametrize(
    ("text", "age"), [("90m", timedelta(minutes=90)), ("12h", timedelta(hours=12)), ("1.5d", timedelta(hours=36))]
)
def test_ages(text, age):
    assert parse_age(text) == age


@pytest.mark.parametrize(
    "text", ["", "12", "h", "0h", "-1h", "1w", "30s", "12H", "12 hours", "1h30m", "1e9h", "9" * 400 + "d"]
)
def test_what_is_no_age(text):
    with pytest.raises(InputError, match="is no age; write a number with m, h or d"):
        parse_age(text)


def test_what_changed_last(tmp_path):
    collected(tmp_path / "s", T1, "R1")
    other = SnapshotFolder(tmp_path / "s", Fingerprinter(b"another made-up key that is 32 b"))
    other.write("R2", reading("R2"), {"collected": T1})  # under another key
    assert SnapshotFolder(tmp_path / "s", PRINTER).last_changes() == {"R1": CHANGED}
    folder = SnapshotFolder(tmp_path / "s", PRINTER)
    assert folder.confirm("R1", T3) == T1
    meta = read_meta(tmp_path / "s/R1")
    assert (meta.collected, meta.confirmed, meta.known) == (T1, T3, T3)


@pytest.mark.parametrize(
    ("line", "change"),
    [
        ("! Last configuration change at 10:00:00 UTC Mon Feb 3 2025 by ann", "10:00:00 UTC Mon Feb 3 2025"),
        ("! Last configuration change at 10:00:00 CET Mon Feb 3 2025\r", "10:00:00 CET Mon Feb 3 2025"),
        ("! Last configuration change at 00:00:41 UTC Mon Mar 1 1993", None),  # a clock that nobody set
        ("! Last configuration change at 00:00:41 UTC Fri Mar 1 2002 by ann", None),
        ("! No configuration change since last restart", None),
        ("% Invalid input detected at '^' marker.", None),
        ("Command authorization failed.", None),
        ("banner ! Last configuration change at 10:00:00 UTC Mon Feb 3 2025", None),
        ("", None),
    ],
)
def test_the_line_of_the_last_change(line, change):
    assert last_change(f"{line}\n") == change


def test_nothing_is_written_once_it_is_shut(tmp_path):
    folder = collected(tmp_path / "s", T1, "R1")
    folder.shut()
    folder.write("R1", reading("R1"), {"collected": T2})
    assert folder.write_failure("R1", "silent.", {"collected": T2}) is None
    assert times(tmp_path / "s") == {"R1": T1}


def test_the_link_is_switched_in_one_step(tmp_path, monkeypatch):
    one, two = (collected(tmp_path / f"2025030{n}T020000Z", T1, "R1").path for n in (1, 2))
    make_latest(one)

    def refuse(*_):
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as broken:
        broken.setattr("os.replace", refuse)
        with pytest.raises(InputError, match="cannot be made to lead to"):
            make_latest(two)
    assert (tmp_path / "latest").resolve() == one
    make_latest(two)
    assert (tmp_path / dated.LATEST).resolve() == two
    assert sorted(path.name for path in tmp_path.iterdir()) == [one.name, two.name, "latest"]
