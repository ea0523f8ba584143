"""docs/witness.md shows what the commands print."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from ikeaudit.cli.main import main

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "witness.md"
CASES = ROOT / "tests" / "cases" / "hazards"
FOLDERS = {
    "snapshot": CASES / "MODEL-DISAGREES" / "fires",
    "monday": CASES / "MODEL-DISAGREES" / "silent",
    "tuesday": CASES / "MODEL-DISAGREES" / "silent",
}
_BLOCK = re.compile(r"```console\n\$ (.+)\n((?:.*\n)*?)```")


def test_the_page_shows_what_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], update: bool
) -> None:
    for name, case in FOLDERS.items():
        shutil.copytree(case, tmp_path / name)
    meta = tmp_path / "tuesday" / "R1" / "meta.json"
    meta.write_text(meta.read_text("utf-8").replace("2026-11-29", "2026-11-30"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IKEAUDIT_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("COLUMNS", "100")

    def printed(block: re.Match[str]) -> str:
        command, _, lines = block[1].partition(" | head -")
        main(shlex.split(command)[1:])
        out = capsys.readouterr().out.rstrip("\n").split("\n")
        shown = "\n".join(line.rstrip() for line in out[: int(lines) if lines else None])
        return f"```console\n$ {block[1]}\n{shown}\n```"

    text = PAGE.read_text(encoding="utf-8")
    made = _BLOCK.sub(printed, text)
    assert _BLOCK.search(text)
    if update:
        PAGE.write_text(made, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == made, "stale: pytest tests/test_docs_witness.py --update"
