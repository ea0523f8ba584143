"""``ikeaudit witness``: what several states say together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from witnessed import GLOBAL_KEY, config, isakmp_sa, state, write_host

from ikeaudit.api import load, witness
from ikeaudit.cli.main import main
from ikeaudit.model.errors import InputError


@pytest.fixture(autouse=True)
def _workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path / "workspace"))


def _snapshot(folder: Path, day: int, by: str = "R2", extra: str = GLOBAL_KEY, left: str = "22:00:00") -> Path:
    """The tunnel, started by one router, on a day of November; R1's call is predicted to fail."""
    for name in ("R1", "R2"):
        shows = state(name, left=left)
        if by == "R2":
            shows["show crypto isakmp sa"] = isakmp_sa("192.0.2.2", "192.0.2.1")
        shows["show clock"] = shows["show clock"].replace("Nov 29", f"Nov {day}")
        text = config(name, changed=f"08:00:00 UTC Sun Nov {day} 2026", extra=extra if name == "R2" else "")
        write_host(folder, name, text, shows, read=f"2026-11-{day}T12:00:00Z")
    return folder


def test_who_never_started_it_comes_first(tmp_path: Path) -> None:
    days = [_snapshot(tmp_path / str(day), day) for day in (21, 22, 23)]
    told = witness([load(days[n]) for n in (2, 0, 1)]).witness
    assert [one.read for one in told.snapshots] == [f"2026-11-{day}T12:00:00Z" for day in (21, 22, 23)]
    never, always = told.directions
    assert (never.initiator, never.predicted, never.reason) == ("R1", "down", "keyring-verification")
    assert (never.looked, never.seen, never.other_end, never.standing) == (3, 0, 3, "not-seen")
    assert (never.first_seen, never.last_seen, never.age) == (None, None, None)
    assert (always.initiator, always.looked, always.seen, always.observed) == ("R2", 3, 3, 3)
    assert (always.first_seen, always.last_seen, always.age) == ("2026-11-21T12:00:00Z", "2026-11-23T12:00:00Z", 7200)


def test_the_newest_snapshot_predicts(tmp_path: Path) -> None:
    """The fault was mended on the 22nd, and R1 started the tunnel then."""
    old, new = _snapshot(tmp_path / "old", 21), _snapshot(tmp_path / "new", 22, by="R1", extra="")
    rows = {one.initiator: one for one in witness([load(new), load(old)]).witness.directions}
    assert (rows["R1"].predicted, rows["R1"].seen, rows["R1"].other_end, rows["R1"].observed) == ("up", 1, 1, 1)
    assert (rows["R2"].seen, rows["R2"].other_end, rows["R2"].standing) == (1, 1, "not-seen")


def test_what_is_contradicted_or_too_old_is_counted(tmp_path: Path) -> None:
    against = _snapshot(tmp_path / "against", 21, by="R1")
    older = _snapshot(tmp_path / "older", 22, by="R1", left="12:00:00")
    rows = {one.initiator: one for one in witness([load(against), load(older)]).witness.directions}
    assert (rows["R1"].seen, rows["R1"].contradicted, rows["R1"].observed) == (2, 1, 0)
    assert (rows["R1"].standing, rows["R1"].age) == ("before-change", 43200)


def test_a_state_that_would_not_show_it_did_not_look(tmp_path: Path) -> None:
    for name in ("R1", "R2"):
        write_host(tmp_path / "blind", name, config(name), {"show crypto ikev2 sa detailed": ""})
    rows = witness([load(tmp_path / "blind")]).witness.directions
    assert {(one.looked, one.seen, one.other_end) for one in rows} == {(0, 0, 0)}


def test_snapshots_without_state_are_refused(tmp_path: Path) -> None:
    (tmp_path / "R1.cfg").write_text(config("R1"), encoding="utf-8")
    with pytest.raises(InputError, match="state of a router"):
        witness([load(tmp_path)])


def test_the_verb(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = _snapshot(tmp_path / "one", 21)
    (tmp_path / "latest").symlink_to("one")
    assert main(["witness", str(one), str(tmp_path / "latest")]) == 0
    out = capsys.readouterr().out
    assert "1 snapshot" in out and "the other end started it (1)" in out and "predicted to fail" in out
    assert main(["witness", str(one), "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith("initiator,responder,peer")
    assert main(["witness", str(one), "--format", "sarif"]) == 2


def test_a_folder_of_snapshots_is_all_of_them_in_the_order_in_which_they_were_collected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Names of nights in any order; ``latest`` is one of them, what lies beside them is passed over."""
    nights = tmp_path / "nights"
    nights.mkdir()
    for name, day in (("b-monday", 23), ("c-tuesday", 21), ("a-friday", 22)):
        _snapshot(nights / name, day)
    (nights / "latest").symlink_to("a-friday")
    (nights / "notes.txt").write_text("nothing\n", encoding="utf-8")
    assert main(["witness", str(nights), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [Path(one["path"]).name for one in told["snapshots"]] == ["c-tuesday", "a-friday", "b-monday"]
    assert main(["witness", str(nights), str(nights / "c-tuesday"), "--format", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["snapshots"]) == 3, "each once"


@pytest.mark.parametrize("kind", ["empty", "configurations"])
def test_what_is_neither_is_named(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    night = _snapshot(tmp_path / "night", 21)
    other = tmp_path / "other"
    other.mkdir()
    if kind == "configurations":
        (other / "R1.cfg").write_text(config("R1"), encoding="utf-8")
    assert main(["witness", str(night), str(other)]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "other is neither a snapshot with the routers' state nor a folder of such snapshots" in said
