"""Every command of docs/runbook.md is run as it stands there, in its order, against the lab; what it shows is what is said."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from change_lab import night, pairs

from ikeaudit.change.run import Run
from ikeaudit.cli.main import main
from ikeaudit.remediation.strategies import find_strategy

PAGE = (Path(__file__).parents[1] / "docs" / "runbook.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"(?:<!-- before: (?P<before>.*) -->\n)?```console\n\$ (?P<command>.*)\n(?P<shown>(?:.*\n)*?)```\n")
COMMANDS = [(found["command"], found["shown"].splitlines(), found["before"] or "") for found in BLOCK.finditer(PAGE)]


def cut_off():
    """The change, its process gone in the middle of the lines."""

    def gone(self, *args, **named):
        raise SystemExit(137)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Run, "go_back", gone)
        patch.setattr(Run, "check_arrived", gone)
        assert main(["apply", "plan", "--commit"]) == 137


def journal_lost():
    (Path("workspace") / "changes/CHG-1/journal.jsonl").write_bytes(bytes(900))


def test_the_page_tells_of_every_verb_of_the_night():
    told = {command.split()[1] for command, _, _ in COMMANDS}
    assert told == {"status", "confirm", "verify", "rollback", "apply"} and len(COMMANDS) > 12
    assert "`ikeaudit rollback PLAN" not in PAGE


@pytest.mark.ssh
@pytest.mark.timeout(600)
def test_the_commands_of_the_page(tmp_path, monkeypatch, capsys):
    texts = {
        name.translate({65: "R", 66: "R", 49: "1" if name == "A1" else "2"}): text for name, text in pairs(1).items()
    }
    texts = {name: re.sub(r"hostname \w+", f"hostname {name}", text) for name, text in texts.items()}
    with night(tmp_path, texts, find_strategy("single-keyring"), change_id="CHG-1") as n:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path / "workspace"))
        monkeypatch.setenv("IKEAUDIT_USERNAME", "lab")
        monkeypatch.setenv("IKEAUDIT_PASSWORD", n.setting.keys.environment.password)
        before = {"cut off": cut_off, "journal lost": journal_lost}
        for command, shown, happened in COMMANDS:
            if happened:
                (before.get(happened) or (lambda typed=happened: main(shlex.split(typed)[1:])))()
            capsys.readouterr()
            wanted = next((int(line.split()[-1]) for line in shown if line.startswith("# exit code")), 0)
            code = main(shlex.split(command)[1:])
            out, err = capsys.readouterr()
            said = [line.removeprefix("ikeaudit: ") for line in (err + out).splitlines()]
            assert code == wanted, (command, code, said)
            for line in shown:
                pattern = re.compile(".*".join(re.escape(piece) for piece in line.split("…")))
                assert line.startswith("# ") or any(pattern.fullmatch(row) for row in said), (command, line, said)
