"""Mutants that no test can catch, each with the reason: ``equivalents.toml`` beside this file."""

from __future__ import annotations

import tomllib
from pathlib import Path

from operators import Mutant

NOTES = Path(__file__).with_name("equivalents.toml")

Key = tuple[str, str, str, int]


def known(notes: Path = NOTES) -> dict[Key, str]:
    """The reason for each mutant known to be equivalent; ValueError for a note that says no reason."""
    found: dict[Key, str] = {}
    for entry in tomllib.loads(notes.read_text(encoding="utf-8")).get("equivalent", ()):
        if not str(entry.get("reason", "")).strip():
            raise ValueError(f"{notes.name}: {entry} has no reason")
        key = entry["scope"], entry["statement"], entry["change"], int(entry.get("number", 1))
        found[key] = entry["reason"]
    return found


def stale(notes: dict[Key, str], mutants: list[Mutant]) -> list[Key]:
    """Notes about code that is gone."""
    there = {mutant.key for mutant in mutants}
    return [key for key in notes if key not in there]


def note(mutant: Mutant) -> str:
    """A mutant as an entry of the file, its reason to be written."""
    lines = ["[[equivalent]]"]
    lines += [
        f"{name} = {_quoted(value)}"
        for name, value in (("scope", mutant.scope), ("statement", mutant.statement), ("change", mutant.change))
    ]
    if mutant.number > 1:
        lines.append(f"number = {mutant.number}")
    return "\n".join([*lines, 'reason = ""', ""])


def _quoted(text: str) -> str:
    if "'" not in text:
        return f"'{text}'"
    if "'''" not in text and not text.endswith("'"):
        return f"'''{text}'''"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
