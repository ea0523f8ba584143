"""Collects two virtual routers over SSH, explains them, and prints the modules of ikeaudit in the order of their first call.

Run as a program of its own, because a profiler looks on: ``first_calls.py CONFIGURATIONS FOLDER``.
"""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from types import FrameType

from ikeaudit.cli.main import main
from ikeaudit.lab import boot_from_folder

FOUND: dict[str, None] = {}


def in_lab(frame: FrameType | None) -> bool:
    """Whether a virtual router is at work: it lives in this process."""
    while frame is not None:
        if "/ikeaudit/lab/" in frame.f_code.co_filename:
            return True
        frame = frame.f_back
    return False


def note(frame: FrameType, event: str, _: object) -> None:
    """Keep the module of a function that is called; what runs on import, and the lab, are no part of the way."""
    code = frame.f_code
    body = code.co_name.startswith("<") or "__qualname__" in code.co_names
    _, inside, name = code.co_filename.partition("/ikeaudit/")
    if event == "call" and inside and not body and name not in FOUND and not in_lab(frame):
        FOUND[name] = None


def watched(*arguments: str) -> None:
    """Run a verb under the eyes of the profiler."""
    threading.setprofile(note)
    sys.setprofile(note)
    code = main(list(arguments))
    sys.setprofile(None)
    assert code in (0, 1), code


if __name__ == "__main__":
    folder = Path(sys.argv[2])
    os.environ |= {
        "IKEAUDIT_USERNAME": "lab",
        "IKEAUDIT_PASSWORD": "p",
        "IKEAUDIT_WORKSPACE": str(folder / "workspace"),
    }
    with boot_from_folder(Path(sys.argv[1]), password="p") as lab:
        inventory = str(lab.write_inventory(folder / "inventory"))
        watched("collect", "--inventory", inventory, "--out", str(folder / "snapshot"))
    watched("explain", str(folder / "snapshot"), "--output", str(folder / "report"))
    sys.stdout.write("\n".join(FOUND))
