"""Names that look like rich's markup or emoji stand on the screen as they are, in every verb."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ikeaudit.cli.main import main

SOURCES = Path(__file__).parents[2]
HOSTS = ("R1[/nope]", "R2[bold]")
NAMES = {
    "keyring1": "[bold]k1",
    "keyring2": "[/nope]k2",
    "profile1": "p1[red]x",
    "profile2": ":x:p2[/]",
    "TS": "[dim]TS",
}
CHANGE = "CHG-1"


@pytest.fixture
def fleet(tmp_path: Path, seed: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two routers whose every name is a trap, in a folder that is one, and an inventory where nobody answers."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IKEAUDIT_USERNAME", "me")
    monkeypatch.setenv("IKEAUDIT_PASSWORD", "not-needed")
    folder = tmp_path / "[bold]fleet"
    folder.mkdir()
    for number, host in enumerate(HOSTS, 1):
        text = (seed / f"r{number}.cfg").read_text()
        for plain, trap in NAMES.items():
            text = re.sub(rf"\b{plain}\b", trap.replace("\\", r"\\"), text)
        (folder / f"[red]r{number}.cfg").write_text(text.replace(f"hostname R{number}", f"hostname {host}"))
    (tmp_path / "inventory").mkdir()
    (tmp_path / "inventory" / "hosts.yaml").write_text(
        "'[bold]A':\n  hostname: 127.0.0.1\n  port: 1\n  platform: cisco_ios\n"
    )
    return folder


@pytest.fixture
def planned(fleet: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["plan", fleet.name, "-s", "single-keyring", "--out", "[bold]plan", "--change-id", CHANGE]) == 0
    assert main(["approve", "[bold]plan", "--by", "[/nope] me"]) == 0
    capsys.readouterr()
    return fleet.parent / "[bold]plan"


def said(capsys: pytest.CaptureFixture[str], code: int, *words: str) -> str:
    """What a verb prints, with its lines joined where a table broke them."""
    assert main(words) == code
    out, err = capsys.readouterr()
    assert "internal error" not in err
    assert "MarkupError" not in out + err
    return "".join((out + err).split())


def test_check_explain_and_coverage(fleet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, 1, "check", fleet.name)
    assert all(name in text for name in (*HOSTS, "[bold]k1", "[/nope]k2", "[red]r1.cfg"))
    text = said(capsys, 0, "explain", fleet.name)
    assert all(name in text for name in (*HOSTS, "p1[red]x", ":x:p2[/]"))
    text = said(capsys, 0, "explain", fleet.name, *HOSTS)
    assert all(name in text for name in (*HOSTS, "[bold]k1"))
    text = said(capsys, 0, "coverage", fleet.name)
    assert all(name in text for name in (*HOSTS, "[red]r2.cfg"))


def test_colours_change_nothing(
    fleet: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    text = re.sub(r"\x1b\[[0-9;]*m", "", said(capsys, 1, "check", fleet.name))
    assert all(name in text for name in (*HOSTS, "[bold]k1", "[/nope]k2"))


def test_a_plan(fleet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("plan", fleet.name, "-s", "single-keyring", "--out", "[bold]plan", "--change-id", CHANGE)
    text = said(capsys, 0, *words)
    assert all(name in text for name in (*HOSTS, CHANGE, "Writtento[bold]plan:"))
    assert "R1[/nope]Tunnel1->R2[bold]" in text, "the table of tunnels"


def test_a_plan_read_again(planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, 0, "plan", "show", planned.name)
    assert all(name in text for name in (*HOSTS, CHANGE, "In[bold]plan:", "Approvedby[/nope]me"))
    text = said(capsys, 0, "plan", "diff", planned.name)
    assert all(name in text for name in (*HOSTS, CHANGE, "[/nope]k2"))


def test_refusals_of_a_plan(fleet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file in fleet.iterdir():
        text = file.read_text()
        file.write_text(
            text.replace("crypto isakmp policy 10", "crypto isakmp frobnicate [/nope]\ncrypto isakmp policy 10")
        )
    text = said(capsys, 5, "plan", fleet.name, "-s", "ikev2", "--out", "p", "--change-id", CHANGE)
    assert "R1[/nope],Tunnel1:Alinethatisnotunderstood" in text
    assert "[red]r1.cfg:9:cryptoisakmp<CUT:" in text


@pytest.mark.ssh
@pytest.mark.timeout(180)
def test_a_rehearsal(fleet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A router's prompt has no brackets; everything else may stay as it is. How the rehearsal ends is not the point here."""
    for file in fleet.iterdir():
        file.write_text(file.read_text().replace("R1[/nope]", "R1").replace("R2[bold]", "R2"))
    assert main(["plan", fleet.name, "-s", "single-keyring", "--out", "[bold]plan", "--change-id", CHANGE]) == 0
    assert main(["rehearse", "[bold]plan", "--snapshot", fleet.name]) in (0, 1)
    out, err = capsys.readouterr()
    assert "[bold]plan/rehearsal.json has every run" in out
    assert "internal error" not in err


def test_verbs_of_a_change(planned: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, 0, "apply", planned.name)
    assert all(name in text for name in (*HOSTS, CHANGE))
    for verb in ("apply", "confirm", "rollback", "verify"):
        main([verb, planned.name, *(["--commit"] if verb in ("apply", "rollback") else [])])
        out, err = capsys.readouterr()
        assert "internal error" not in err
        assert any(name in out + err for name in (*HOSTS, CHANGE, planned.name))
    main(["status"])
    assert "internal error" not in capsys.readouterr().err


def test_a_collection_in_which_a_host_fails(fleet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, 3, "collect", "--out", "[bold]shot")
    assert "[bold]A" in text
    assert "into[bold]shot" in text


@pytest.mark.parametrize("verb", ["check", "explain", "coverage", "rule", "status", "rehearse", "lab", "plan show"])
def test_messages(fleet: Path, verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("x[bold]y", "[/nope]"):
        main([*verb.split(), name])
        err = capsys.readouterr().err
        assert "internal error" not in err
        assert name.rpartition("/")[2].lower() in err.lower()


def test_every_console_is_made_in_one_place() -> None:
    """A console that reads markup is made nowhere: only ``screen``, and the sheet, which says so itself."""
    roots = ("policy", "templates", "snapshot", "remediation", "report", "lab", "tasks", "change", "cli")
    files = [file for root in roots for file in (SOURCES / root).rglob("*.py")]
    made = {
        file.name for file in files if re.search(r"(?<![\w.])Console\(", file.read_text()) and "lab" not in file.parts
    }
    assert made - {"demo.py"} == {"screen.py", "sheet.py", "surface.py"}
    marked = [
        f.name
        for f in files
        if re.search(r"rich\.markup|markup=True|from_markup|\.print\(f?\"[^\"]*\[[a-z /]*\]", f.read_text())
    ]
    assert marked == []
