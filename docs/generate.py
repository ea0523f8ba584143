"""``make docs``: write the generated pages and pictures again; a test compares the pages with the catalogue."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.text import Text

from ikeaudit.hazards.document import document
from ikeaudit.lab.scenarios import SEED
from ikeaudit.remediation.strategies import STRATEGIES
from ikeaudit.report import SCHEMAS, load_schema
from ikeaudit.rulebook import selection_rules
from ikeaudit.snapshot.workspace import ENVIRONMENT, KEY_FILE

DOCS = Path(__file__).parent
CASES = DOCS.parent / "tests" / "cases"


sys.path.append(str(CASES.parent / "support"))
from generated_fleets import cloud_with_faults, hubs_with_faults  # noqa: E402


class Picture(NamedTuple):
    """A verb run on the configurations of ``folder``, which it knows as ``routers``, on a page of ``width`` columns.

    ``folder`` may be what makes them, by name. ``watched``: on a terminal.
    """

    arguments: tuple[str, ...]
    folder: Path | Callable[[], Mapping[str, str]] = SEED
    width: int = 100
    watched: bool = False


PICTURES = {
    "glance.svg": Picture(("check", "routers"), watched=True),
    "glance-200-routers.svg": Picture(("check", "routers"), hubs_with_faults, watched=True),
    "glance-dmvpn.svg": Picture(("check", "routers"), cloud_with_faults, watched=True),
    "check.svg": Picture(("check", "routers", "--code", "KR-DUP-ADDR", "--code", "PW-ONEWAY", "--host", "R1")),
    "explain.svg": Picture(("explain", "routers", "R2", "R1")),
    **{
        f"ladder-{name}-{width}.svg": Picture(("explain", "routers", *routers), folder, width)
        for name, folder, routers in (
            ("main-mode", SEED, ("R2", "R1")),
            ("ikev2", CASES / "vectors" / "T15-ikev2-half-open", ()),
            ("aggressive-mode", CASES / "aggressive" / "other-key", ("A", "B")),
        )
        for width in (120, 80)
    },
}
LINES = 56
"""A picture shows the beginning of an output, not all of it."""

FINGERPRINT_KEY = bytes(range(32))
"""The tokens in the pictures stand for the seed's published keys; with a key of its own each run would draw others."""


def picture(name: str, picture: Picture) -> str:
    """Run a verb as in a terminal and draw what it prints; the same every time."""
    arguments, width = picture.arguments, picture.width
    with tempfile.TemporaryDirectory() as folder:
        if isinstance(picture.folder, Path):
            shutil.copytree(picture.folder, Path(folder) / "routers")
        else:
            (Path(folder) / "routers").mkdir()
            for router, text in picture.folder().items():
                (Path(folder) / "routers" / f"{router}.cfg").write_text(text, encoding="utf-8")
        command = shutil.which("ikeaudit", path=str(Path(sys.executable).parent)) or "ikeaudit"
        workspace = Path(folder) / "workspace"
        workspace.mkdir(mode=0o700)
        (workspace / KEY_FILE).write_text(FINGERPRINT_KEY.hex() + "\n", encoding="ascii")
        environment = {
            **{name: value for name, value in os.environ.items() if name != "NO_COLOR"},
            "FORCE_COLOR": "1",
            "COLUMNS": str(width),
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            ENVIRONMENT: str(workspace),
        }
        printed = _printed([command, *arguments], folder, environment, watched=picture.watched)
    lines = printed.splitlines()
    console = Console(record=True, width=width, file=open(os.devnull, "w", encoding="utf-8"), color_system="truecolor")  # noqa: SIM115, PTH123
    console.print(f"[bold]$ ikeaudit {' '.join(arguments)}", highlight=False)
    console.print(Text.from_ansi("\n".join(lines[:LINES])))
    if len(lines) > LINES:
        console.print("[dim]…")
    drawn = console.export_svg(title="ikeaudit", unique_id=name.removesuffix(".svg"))
    # No fonts from elsewhere: a picture in the repository loads nothing.
    return re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)


def _printed(command: list[str], folder: str, environment: dict[str, str], *, watched: bool) -> str:
    """What ``command`` prints into a pipe, or on a terminal of ``COLUMNS`` by 40."""
    if not watched:
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False).stdout
    screen, keyboard = pty.openpty()
    fcntl.ioctl(keyboard, termios.TIOCSWINSZ, struct.pack("HHHH", 40, int(environment["COLUMNS"]), 0, 0))
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=keyboard, stderr=subprocess.DEVNULL, stdin=keyboard
    )  # no bar
    os.close(keyboard)
    printed = b""
    with os.fdopen(screen, "rb", buffering=0) as terminal, contextlib.suppress(OSError):  # its end is an error on Linux
        while piece := terminal.read(65536):
            printed += piece
    process.wait()
    return printed.decode().replace("\r\n", "\n")


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
    for name, wanted in PICTURES.items():
        (DOCS / name).write_text(picture(name, wanted), encoding="utf-8")


if __name__ == "__main__":
    main()
