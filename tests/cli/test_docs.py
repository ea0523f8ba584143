"""docs/cli.md describes every verb and every option, and nothing that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from ikeaudit.cli.main import VERBS, build
from ikeaudit.model import errors
from ikeaudit.report import SCHEMAS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")
NAMES = [verb.name for verb in VERBS]


def section(verb: str) -> str:
    found = re.search(rf"^## ikeaudit {verb}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"docs/cli.md has no section on {verb}"
    return found[1]


def options(verb: str) -> set[str]:
    commands = typer.main.get_command(build([one for one in VERBS if one.name == verb])).commands  # type: ignore[attr-defined]
    found: set[str] = set()
    for command in commands.values():
        for parameter in command.params:
            if parameter.param_type_name == "option":
                found.update(opt for opt in (*parameter.opts, *parameter.secondary_opts) if opt.startswith("--"))
    return found - {"--help"}


@pytest.mark.parametrize("verb", NAMES)
def test_every_verb_and_option_is_described(verb: str) -> None:
    described = set(re.findall(r"`(--[a-z-]+)", section(verb)))
    assert options(verb) <= described


@pytest.mark.parametrize("verb", NAMES)
def test_no_option_is_invented(verb: str) -> None:
    table = "\n".join(line.split("|")[1] for line in section(verb).splitlines() if line.startswith("| `"))
    assert set(re.findall(r"--[a-z-]+", table)) <= options(verb)


def test_every_verb_described_exists() -> None:
    assert re.findall(r"^## ikeaudit (\S+)", PAGE, re.MULTILINE) == NAMES


def test_every_exit_code_is_described() -> None:
    described = {int(code) for code in re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)}
    ours = {kind.exit_code for kind in vars(errors).values() if isinstance(kind, type)}
    assert ours | {0, 1, 6, 130, 141} == described


def test_every_schema_is_described() -> None:
    for schema in SCHEMAS:
        assert f"`{schema}`" in PAGE
