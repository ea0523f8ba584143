"""What ``check`` says is the same with one process and many, with a cold cache, a warm one, and none."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import sqlite3
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from generated_fleets import cloud_with_faults, hubs_with_faults
from hub_fleets import hub_fleet

from ikeaudit import hazards
from ikeaudit.api import Snapshot, check, load, to_json
from ikeaudit.hazards.by_parts import PartSaid
from ikeaudit.model import Router
from ikeaudit.model.errors import IkeauditError
from ikeaudit.snapshot import audit_parts, places

CASES = Path(__file__).parents[1] / "cases"
FOLDERS = sorted({path.parent for path in CASES.rglob("expect.toml")})

pytestmark = pytest.mark.usefixtures("own_threads")


def said(snapshot: Path, workspace: Path, **how: Any) -> str:
    """The document without its time, or the error."""
    nat = snapshot / "nat.yaml"
    try:
        loaded = load(snapshot, nat=nat if nat.exists() else (), workspace=workspace, **how)
        return re.sub(r'"time":"[^"]*"', "", to_json(check(loaded)))
    except IkeauditError as error:
        return f"{type(error).__name__}: {error}"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workspace")


@pytest.mark.parametrize(
    "some", [FOLDERS[1::60], pytest.param(FOLDERS[::4], marks=pytest.mark.full)], ids=["few", "many"]
)
def test_a_warm_cache_says_what_a_cold_one_does(some: list[Path], workspace: Path) -> None:
    for folder in some:
        plain = said(folder, workspace)
        assert said(folder, workspace, cache=True) == plain, folder
        assert said(folder, workspace, cache=True) == plain, folder


def write(folder: Path, texts: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name}.cfg").write_text(text)
    return folder


def audits(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A list that grows by the number of routers of every audit."""
    found: list[int] = []
    was = audit_parts.audited_part

    def audited(routers: Iterable[Router], *more: Any) -> PartSaid:
        some = [*routers]
        found.append(len(some))
        return was(some, *more)

    monkeypatch.setattr(audit_parts, "audited_part", audited)
    return found


def test_what_no_rule_looks_at_makes_no_new_audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = hub_fleet(12, hubs=2, each=2)
    first = next(name for name, text in texts.items() if "interface Tunnel" in text)
    text = re.sub(r"(interface Tunnel\d+\n)", r"\1 description circuit 1\n", texts[first])
    texts[first] = text.replace("\nend\n", "\nsnmp-server location cellar\nntp server 192.0.2.99\nend\n")
    folder = write(tmp_path / "fleet", texts)
    found = audits(monkeypatch)
    plain = said(folder, tmp_path / "ws", cache=True)
    assert found == [12]
    file = folder / f"{first}.cfg"
    for was, then in (("circuit 1\n", "circuit 2\n"), ("cellar", "attic"), ("192.0.2.99", "192.0.2.98")):
        assert was in file.read_text(), was
        file.write_text(file.read_text().replace(was, then))
        again = said(folder, tmp_path / "ws", cache=True)
        assert found == [12], was
        assert again == said(folder, tmp_path / "ws")
        found.pop()
        assert json.loads(again.replace("{,", "{"))["findings"] == json.loads(plain.replace("{,", "{"))["findings"]
    file.write_text(file.read_text().replace("\nend\n", "\nsnmp-server contact nobody\n!\nend\n"))
    assert "nobody" in file.read_text()
    again = said(folder, tmp_path / "ws", cache=True)
    assert found == [12], "lines behind all others"
    assert again == said(folder, tmp_path / "ws")
    found.pop()
    file.write_text("!\n" + file.read_text())
    assert said(folder, tmp_path / "ws", cache=True) == said(folder, tmp_path / "ws")
    assert found == [12, 12, 12], "lines have other numbers"


@pytest.mark.parametrize(
    "some", [FOLDERS[3::60], pytest.param(FOLDERS[1::4], marks=pytest.mark.full)], ids=["few", "many"]
)
def test_an_audit_says_the_same_with_the_lines_that_no_rule_looks_at(some: list[Path], workspace: Path) -> None:
    for folder in some:
        nat = folder / "nat.yaml"
        try:
            loaded = load(folder, nat=nat if nat.exists() else (), workspace=workspace)
            fleet = loaded.fleet
        except IkeauditError:
            continue
        assert loaded.audited().findings == hazards.audit(fleet), folder


@pytest.mark.parametrize(
    "texts",
    [pytest.param(hubs_with_faults(152), marks=pytest.mark.full), cloud_with_faults(70)],
    ids=["hubs", "cloud"],
)
def test_many_processes_say_what_one_does(texts: dict[str, str], tmp_path: Path, workspace: Path) -> None:
    folder = write(tmp_path / "fleet", texts)
    alone = said(folder, workspace)
    assert json.loads(alone)["findings"]
    assert said(folder, workspace, jobs=3) == alone
    assert said(folder, workspace, jobs=3, cache=True) == alone
    assert said(folder, workspace, jobs=1, cache=True) == alone


def edited(folder: Path, chance: random.Random) -> None:
    """Changes something: a line that matters, one that does not, a file more, a file less."""
    files = sorted(folder.glob("*.cfg"))
    file = chance.choice(files)
    lines = file.read_text().splitlines()
    at = chance.randrange(len(lines))
    match chance.randrange(6):
        case 0:
            lines.insert(at, chance.choice(["!", " description to the hub", "snmp-server location cellar"]))
        case 1:
            del lines[at]
        case 2:
            lines[at] = re.sub(r"\d+", lambda found: str(int(found[0]) ^ 1), lines[at])
        case 3 if len(files) > 2:
            file.unlink()
            return
        case 4:
            (folder / f"more-{chance.randrange(10**6)}.cfg").write_text(file.read_text())
        case _:
            lines = [line.replace("description", "description new") for line in lines]
    file.write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.full) for seed in range(2, 6))])
def test_after_any_edit_the_answer_is_that_of_no_cache(seed: int, tmp_path: Path, workspace: Path) -> None:
    chance = random.Random(seed)
    if seed % 2:
        folder = write(tmp_path / "fleet", hub_fleet(24, hubs=2, each=2, seed=seed))
    else:
        folder = tmp_path / "fleet"
        shutil.copytree(chance.choice([one for one in FOLDERS if len([*one.glob("*.cfg")]) > 1]), folder)
    for _ in range(6):
        edited(folder, chance)
        assert said(folder, workspace, cache=True) == said(folder, workspace), [*folder.iterdir()]


def test_nothing_is_read_again_that_did_not_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path / "fleet", hub_fleet(12, hubs=2, each=2))
    read: list[str] = []
    was = places.Place.read
    monkeypatch.setattr(places.Place, "read", lambda place, key: read.append(place.name) or was(place, key))  # type: ignore[func-returns-value]
    said(folder, tmp_path / "ws", cache=True)
    assert len(read) == 12
    assert said(folder, tmp_path / "ws", cache=True)
    assert len(read) == 12
    changed = sorted(folder.glob("*.cfg"))[3]
    changed.write_text(changed.read_text().replace("hostname", "!\nhostname"))
    said(folder, tmp_path / "ws", cache=True)
    assert read[12:] == [changed.name]


def test_an_index_spares_the_reading_of_what_the_file_system_calls_unchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "_FRESH", -(10**12))
    folder = write(tmp_path / "fleet", hub_fleet(12, hubs=2, each=2))
    opened: list[str] = []
    was = places.Place.contents
    monkeypatch.setattr(places.Place, "contents", lambda place: opened.append(place.name) or was(place))  # type: ignore[func-returns-value]
    plain = said(folder, tmp_path / "ws")
    assert said(folder, tmp_path / "ws", cache=True) == plain
    opened.clear()
    assert said(folder, tmp_path / "ws", cache=True) == plain
    assert opened == []
    changed = sorted(folder.glob("*.cfg"))[3]
    content, before = changed.read_bytes(), changed.stat()
    changed.write_bytes(content.replace(b"group 14", b"group 15"))
    os.utime(changed, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert changed.stat().st_size == before.st_size
    assert said(folder, tmp_path / "ws", cache=True) == said(folder, tmp_path / "ws") != plain, (
        "its inode was changed later"
    )
    assert {*opened} == {changed.name}


def test_what_was_changed_just_now_is_read_in_any_case(tmp_path: Path) -> None:
    folder = write(tmp_path / "fleet", hub_fleet(12, hubs=2, each=2))
    place = places.Place(next(folder.glob("*.cfg")), "x.cfg")
    assert place.signature() is None
    assert places.Place(folder / "none.cfg", "none.cfg").signature() is None


def test_no_key_is_in_it(tmp_path: Path) -> None:
    key = "C4naryInTheMine"
    folder = write(
        tmp_path / "fleet",
        {
            "R1": f"hostname R1\nenable secret {key}\nusername ann password 0 {key}\nsnmp-server community {key} RO\n"
            f"crypto isakmp key {key} address 192.0.2.2\n"
            f"interface Loopback0\n description {key}\n ip address 192.0.2.1 255.255.255.0\nend\n"
        },
    )
    said(folder, tmp_path / "ws", cache=True)
    with sqlite3.connect(tmp_path / "ws" / "cache" / "cache.sqlite") as connection:
        values = [zlib.decompress(value) for (value,) in connection.execute("SELECT value FROM kept")]
    assert len(values) == 5, "what was read, its router, an empty index, what was said of it, and of the router alone"
    assert any(b"192.0.2.2" in value or b"3221225986" in value for value in values)
    assert not any(key.encode() in value for value in values)


def test_a_read_only_verb_makes_no_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    loaded = load(next(one for one in FOLDERS), create=False, cache=True)
    assert isinstance(loaded, Snapshot)
    check(loaded)
    assert [*tmp_path.iterdir()] == []
