"""``make docs``, second part: pictures of the HTML report, taken in Debian's Chromium. Without one those that are there stay.

``pngquant`` makes them small where it is installed. They are looked at before they are committed; no test compares them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ikeaudit.lab.scenarios import SEED
from ikeaudit.snapshot.workspace import ENVIRONMENT, KEY_FILE

DOCS = Path(__file__).parent
sys.path.append(str(DOCS.parent / "tests" / "support"))
from generated_fleets import cloud_with_faults  # noqa: E402
from hub_fleets import hub_fleet  # noqa: E402

FINGERPRINT_KEY = bytes(range(32))
WHEN = 1_767_326_645
"""The time of the configurations in the pictures, 2026-01-02T04:04:05Z."""


def _seed() -> Mapping[str, str]:
    return {file.stem: file.read_text(encoding="utf-8") for file in SEED.glob("*.cfg")}


def _hubs() -> Mapping[str, str]:
    return hub_fleet(200, 6, 3)


class Shot(NamedTuple):
    """A view of the page of ``fleet``, or of a plan for it by ``strategy``: the window's size, and how it is looked at."""

    fleet: Callable[[], Mapping[str, str]]
    place: str
    size: tuple[int, int]
    strategy: str = ""
    dark: bool = False
    paper: bool = False


SHOTS = {
    "report-overview.png": Shot(_hubs, "", (1280, 1240)),
    "report-ladder.png": Shot(_seed, "#t/R2~R1", (1280, 1130)),
    "report-plan.png": Shot(_seed, "#d/R2~R1~Tunnel1", (1440, 1010), strategy="single-keyring"),
    "report-dark.png": Shot(_hubs, "#r/SYD-BR016", (1280, 940), dark=True),
    "report-ring.png": Shot(lambda: cloud_with_faults(20), "", (1280, 1420)),
    "report-print.png": Shot(_seed, "#t/R2~R1", (794, 1123), paper=True),
}


def _page(folder: Path, shot: Shot) -> Path:
    """The page that is to be looked at, made as a user makes it."""
    (folder / "wan").mkdir()
    for name, text in shot.fleet().items():
        file = folder / "wan" / f"{name}.cfg"
        file.write_text(text, encoding="utf-8")
        os.utime(file, (WHEN, WHEN))
    workspace = folder / "workspace"
    workspace.mkdir(mode=0o700)
    (workspace / KEY_FILE).write_text(FINGERPRINT_KEY.hex() + "\n", encoding="ascii")
    command = shutil.which("ikeaudit", path=str(Path(sys.executable).parent)) or "ikeaudit"
    steps = [["check", "wan", "--format", "html", "--output", "page.html"]]
    if shot.strategy:
        made = ["plan", "wan", "--strategy", shot.strategy, "--out", "plan", "--change-id", "CHG-20260102"]
        steps = [made, ["plan", "show", "plan", "--format", "html", "--output", "page.html"]]
    for arguments in steps:
        environment = {**os.environ, ENVIRONMENT: str(workspace)}
        subprocess.run([command, *arguments], cwd=folder, env=environment, check=False, capture_output=True)
    return folder / "page.html"


def take(browser: Any, shot: Shot, file: Path) -> None:
    """One picture, in ``file``."""
    width, height = shot.size
    with tempfile.TemporaryDirectory() as folder:
        page = browser.new_page(
            viewport={"width": width, "height": height}, color_scheme="dark" if shot.dark else "light"
        )
        page.goto(_page(Path(folder), shot).as_uri() + shot.place)
        page.wait_for_selector("html[data-ready]")
        if shot.paper:
            page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
            page.emulate_media(media="print")
            page.evaluate("() => { document.body.style.padding = '44px' }")  # the margins of a sheet
        page.wait_for_timeout(300)
        page.screenshot(path=file)
        page.close()
    if shutil.which("pngquant"):
        subprocess.run(["pngquant", "--force", "--ext", ".png", "--speed", "1", "128", str(file)], check=True)


def main(names: tuple[str, ...] = tuple(SHOTS)) -> None:
    """Take the pictures called ``names``."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("No Chromium here (`apt-get install chromium`): the pictures of the report stay as they are.")  # noqa: T201
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        for name in names:
            take(browser, SHOTS[name], DOCS / name)
        browser.close()


if __name__ == "__main__":
    main(tuple(sys.argv[1:]) or tuple(SHOTS))
