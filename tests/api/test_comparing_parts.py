"""``check --against`` of a large fleet: the same whatever the parts and whoever compares; only what changed is replayed."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from parted import put_together

from ikeaudit.api import comparing, load, to_json
from ikeaudit.api.comparing import compare
from ikeaudit.api.parts import Parts
from ikeaudit.snapshot.parting import together

CASES = Path(__file__).parents[1] / "cases"
FOLDERS = sorted({path.parent for path in CASES.rglob("expect.toml")})

pytestmark = pytest.mark.usefixtures("own_threads")


def edited(old: Path, new: Path, chance: random.Random, changes: int) -> Path:
    """A copy of a folder in which some routers lost a line, have one twice or with another number, are gone, or are new."""
    shutil.copytree(old, new)
    files = sorted(file for file in new.rglob("*.cfg") if file.read_text().strip())
    for file in chance.sample(files, min(changes, len(files))):
        lines = file.read_text().splitlines()
        at = chance.randrange(len(lines))
        kind = chance.choice(("less", "twice", "other", "gone", "new"))
        if kind == "gone":
            file.unlink()
            continue
        if kind == "new":
            shutil.copy(file, file.with_stem(f"{file.stem}-new"))
        if kind in ("less", "twice"):
            lines[at : at + 1] = [] if kind == "less" else [lines[at]] * 2
        else:
            lines[at] = "".join(str(chance.randrange(10)) if one.isdigit() else one for one in lines[at])
        file.write_text("\n".join(lines) + "\n")
    return new


@pytest.mark.full
@pytest.mark.parametrize("seed", range(1, 9), ids=lambda seed: f"seed {seed}")
def test_the_same_whatever_the_parts(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    old = put_together(chance.sample(FOLDERS, 60), tmp_path / "old")
    new = edited(old, tmp_path / "new", chance, 25)
    nat = old / "nat.yaml"
    how: dict[str, Any] = {"nat": nat if nat.exists() else (), "workspace": tmp_path / "workspace"}
    apart = to_json(compare(load(new, **how), load(old, **how)))
    assert to_json(compare(load(new, jobs=2, cache=True, **how), load(old, cache=True, **how))) == apart
    assert to_json(compare(load(new, cache=True, **how), load(old, cache=True, **how))) == apart, "known by now"
    alike = monkeypatch.setattr
    alike(Parts, "is_as_in", lambda *_: False)
    alike(
        comparing,
        "together",
        lambda *several: [tuple({name: None for some in several for part in some for name in part})],
    )
    found = compare(load(new, **how), load(old, **how))
    assert to_json(found) == apart
    assert found.comparison.verdicts and found.comparison.findings
    gone = [one.after is None for one in found.comparison.verdicts]
    assert gone == sorted(gone), "those that are gone come last"


def test_only_parts_with_a_router_that_changed_are_replayed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = put_together(FOLDERS[1::40], tmp_path / "old")
    new = shutil.copytree(old, tmp_path / "new")
    file = next(path for path in sorted(new.rglob("*.cfg")) if "pre-shared-key address" in path.read_text())
    file.write_text(file.read_text().replace(" key ", " key x"))
    replayed: list[tuple[str, ...]] = []
    was = comparing._differing
    monkeypatch.setattr(comparing, "_differing", lambda *given: replayed.append(given[2]) or was(*given))  # type: ignore[func-returns-value]
    before, after = (load(path, workspace=tmp_path / "workspace") for path in (old, new))
    found = compare(after, before).comparison
    assert len(replayed) == 1 and any(host.endswith(file.stem) for host in replayed[0])
    assert found.verdicts and {one.initiator for one in found.verdicts} <= {*replayed[0]}
    assert found.verdicts[0].lines


def test_a_line_that_no_audit_looks_at_is_told_though_nothing_is_replayed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = put_together(FOLDERS[1::80], tmp_path / "old")
    new = shutil.copytree(old, tmp_path / "new")
    file = min(new.rglob("*.cfg"))
    file.write_text(f"{file.read_text()}snmp-server location cellar\n")
    monkeypatch.setattr(comparing, "_differing", lambda *_: pytest.fail("a part was replayed"))
    before, after = (load(path, workspace=tmp_path / "workspace") for path in (old, new))
    found = compare(after, before).comparison
    assert [line.text.split()[0] for line in found.other_lines] == ["snmp-server"]
    assert not found.verdicts and not found.findings


def test_parts_of_two_snapshots_that_share_a_router_are_one() -> None:
    assert together([("A", "B"), ("C",)], [("B", "C"), ("D",)], [("E", "F")]) == [("A", "B", "C"), ("D",), ("E", "F")]
    assert together([("B", "A")], []) == [("A", "B")]


def test_other_translations_change_every_part(tmp_path: Path) -> None:
    """The routers are the same: what they are told of the way between them is not."""
    folder = put_together([path for path in FOLDERS if (path / "nat.yaml").exists()], tmp_path / "fleet")
    how: dict[str, Any] = {"workspace": tmp_path / "workspace"}
    found = compare(load(folder, nat=folder / "nat.yaml", **how), load(folder, **how)).comparison
    assert found.verdicts and not found.other_lines
    assert not compare(load(folder, **how), load(folder, **how)).comparison.verdicts
