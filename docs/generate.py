"""``make docs``: write the generated pages and pictures again; a test compares the pages with the catalogue."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from ikeaudit.hazards import document
from ikeaudit.lab.scenarios import SEED
from ikeaudit.remediation.strategies import STRATEGIES
from ikeaudit.report import SCHEMAS, load_schema
from ikeaudit.rulebook import selection_rules
from ikeaudit.snapshot.workspace import ENVIRONMENT, KEY_FILE

DOCS = Path(__file__).parent
PICTURES = {
    "check.svg": ("check", "routers", "--code", "KR-DUP-ADDR", "--code", "PW-ONEWAY", "--host", "R1"),
    "explain.svg": ("explain", "routers", "R2", "R1"),
}
LINES = 48
"""A picture shows the beginning of an output, not all of it."""

FINGERPRINT_KEY = bytes(range(32))
"""The tokens in the pictures stand for the seed's published keys; with a key of its own each run would draw others."""


def picture(name: str, arguments: tuple[str, ...]) -> str:
    """Run a verb on the seed's routers as in a terminal and draw what it prints; the same every time."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(SEED, Path(folder) / "routers")
        command = shutil.which("ikeaudit", path=str(Path(sys.executable).parent)) or "ikeaudit"
        workspace = Path(folder) / "workspace"
        workspace.mkdir(mode=0o700)
        (workspace / KEY_FILE).write_text(FINGERPRINT_KEY.hex() + "\n", encoding="ascii")
        environment = {
            **{name: value for name, value in os.environ.items() if name != "NO_COLOR"},
            "FORCE_COLOR": "1",
            "COLUMNS": "100",
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            ENVIRONMENT: str(workspace),
        }
        printed = subprocess.run(
            [command, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
        ).stdout
    lines = printed.splitlines()
    console = Console(record=True, width=100, file=open(os.devnull, "w", encoding="utf-8"), color_system="truecolor")  # noqa: SIM115, PTH123
    console.print(f"[bold]$ ikeaudit {' '.join(arguments)}", highlight=False)
    console.print(Text.from_ansi("\n".join(lines[:LINES])))
    if len(lines) > LINES:
        console.print("[dim]…")
    drawn = console.export_svg(title="ikeaudit", unique_id=name.removesuffix(".svg"))
    # No fonts from elsewhere: a picture in the repository loads nothing.
    return re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)


def schema_file(schema: str) -> str:
    """``plan-1.json`` for ``ikeaudit.plan/1``."""
    return schema.removeprefix("ikeaudit.").replace("/", "-") + ".json"


def main() -> None:
    """Everything that is generated."""
    (DOCS / "hazards.md").write_text(document(), encoding="utf-8")
    (DOCS / "selection-rules.md").write_text(selection_rules(), encoding="utf-8")
    for strategy in STRATEGIES:
        (DOCS / "strategies" / f"{strategy.name}.md").write_text(strategy.documentation, encoding="utf-8")
    for schema in SCHEMAS:
        text = json.dumps(load_schema(schema), indent=2) + "\n"
        (DOCS / "schemas" / schema_file(schema)).write_text(text, encoding="utf-8")
    for name, arguments in PICTURES.items():
        (DOCS / name).write_text(picture(name, arguments), encoding="utf-8")


if __name__ == "__main__":
    main()
