"""The command starts fast, knows its verbs, and never imports what a verb does not need."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import typer

import ikeaudit.cli
from ikeaudit.cli.main import VERBS, build, main

HEAVY = (
    "netmiko",
    "nornir",
    "nornir_netmiko",
    "paramiko",
    "asyncssh",
    "ttp",
    "hier_config",
    "networkx",
    "cryptography",
)

LOADED = """
import sys
from ikeaudit.cli.main import main
for line in sys.argv[2:]:
    main(line.split())
    print("HEAVY", line, [name for name in sys.argv[1].split(",") if name in sys.modules])
"""


def heavy_after(*lines: str) -> list[str]:
    """What of :data:`HEAVY` is there after each of the commands, one after the other."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, ",".join(HEAVY), *lines], capture_output=True, text=True, check=True
    )
    return [line.removeprefix("HEAVY ") for line in done.stdout.splitlines() if line.startswith("HEAVY ")]


def test_nothing_heavy_is_imported() -> None:
    lines = ["--help", "--version", "rules", "rule KR-DUP-ADDR", *(f"{verb.name} --help" for verb in VERBS)]
    assert heavy_after(*lines) == [f"{line} []" for line in lines]


def test_help_knows_nothing_of_the_replay() -> None:
    """Whoever only asks how to type something waits for typer, and for nothing of ours that takes time."""
    code = (
        "import sys; from ikeaudit.cli.main import main; main(['--help']); "
        "print('LOADED', *sorted(name for name in sys.modules if name.startswith('ikeaudit.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = done.stdout.rpartition("LOADED ")[2].split()
    rooms = {".".join(name.split(".")[:2]) for name in loaded}
    assert rooms <= {"ikeaudit.cli", "ikeaudit.ios", "ikeaudit.model", "ikeaudit.report", "ikeaudit.snapshot"}
    assert "ikeaudit.report.documents" not in loaded
    assert "ikeaudit.ios.tables" not in loaded


def test_check_needs_no_ssh(tmp_path: Path) -> None:
    (tmp_path / "r1.cfg").write_text("hostname R1\n!\ncrypto isakmp policy 10\n encr aes\n!\nend\n")
    (heavy,) = heavy_after(f"check {tmp_path}")
    assert not [name for name in HEAVY if name not in ("ttp", "cryptography") and f"'{name}'" in heavy]


def test_what_is_known_needs_no_parser_no_replay_and_no_catalogue(tmp_path: Path) -> None:
    """A second check, nothing changed, is done in less time than importing what the first one needs takes."""
    folder, workspace = tmp_path / "fleet", tmp_path / "workspace"
    folder.mkdir()
    for name in ("R1", "R2"):
        (folder / f"{name}.cfg").write_text(f"hostname {name}\n!\ncrypto isakmp policy 10\n encr aes\n!\nend\n")
    code = (
        "import sys; from ikeaudit.snapshot import places; places._FRESH = 0; "  # what was written just now is read in any case
        f"from ikeaudit.cli.main import main; main(['check', {str(folder)!r}, '--format', 'json']); "
        "print('LOADED', *sorted(name for name in sys.modules if name.startswith('ikeaudit.')))"
    )
    environment = {**os.environ, "IKEAUDIT_WORKSPACE": str(workspace)}
    loaded = []
    for _ in range(2):
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        loaded.append({*done.stdout.rpartition("LOADED ")[2].split()})
    later = {
        "ikeaudit.parsing.config",
        "ikeaudit.exchange.replay",
        "ikeaudit.hazards.catalogue",
        "ikeaudit.fleet.fleet",
    }
    assert later <= loaded[0]
    assert not {
        name
        for name in loaded[1]
        if name in later or name.startswith(("ikeaudit.parsing.redact", "ikeaudit.selection"))
    }


def test_every_module_with_a_verb_is_in_the_tuple() -> None:
    files = [path for folder in ikeaudit.cli.__path__ for path in Path(folder).glob("*.py") if path.stem != "main"]
    found = [path.stem for path in files if f"\ndef {path.stem}(" in path.read_text(encoding="utf-8")]
    assert sorted(found) == sorted(verb.name.replace("-", "_") for verb in VERBS)


def test_a_verb_is_called_by_its_name() -> None:
    for verb in VERBS:
        command = typer.main.get_command(build([verb]))
        assert verb.name in getattr(command, "commands", ())


def test_the_verb_list_stands_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    for verb in VERBS:
        assert f" {verb.name} " in out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"ikeaudit {version('ikeaudit')}\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chek"], ("No such command 'chek'", "'check'", "(see ikeaudit --help).")),
        (["check"], ("Missing argument", "PATH", "(see ikeaudit check --help).")),
        (["check", "x", "--nope"], ("--nope", "(see ikeaudit check --help).")),
        (["check", "x", "--format", "xml"], ("--format", "'xml' is none of console, json")),
        (["check", "x", "--fail-on", "no"], ("'no' is none of critical, high, medium, low, info, never",)),
        (["check", "x", "--min-coverage", "101"], ("--min-coverage",)),
        (["explain", "x", "--transcripts", "some"], ("'some' is none of auto, all, none",)),
        (["rule"], ("Missing argument", "CODE")),
    ],
    ids=lambda value: " ".join(value),
)
def test_wrong_usage_is_one_sentence_and_2(
    arguments: list[str], said: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("ikeaudit: ")
    assert err.count("\n") == 1
    for part in said:
        assert part in err


def test_no_arguments_show_the_help_and_are_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "Usage: ikeaudit" in capsys.readouterr().out
