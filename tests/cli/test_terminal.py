"""On a real terminal: as wide as it is, coloured unless NO_COLOR says no, and Ctrl-C is one sentence."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from rich.text import Text


def on_a_terminal(columns: int, *arguments: str, **environment: str) -> tuple[int, str]:
    """Exit code and what a terminal of that width was sent."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    inherited = {
        name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR", "COLUMNS"}
    }
    with subprocess.Popen(
        [sys.executable, "-m", "ikeaudit.cli", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**inherited, "TERM": "xterm-256color", **environment},
    ) as process:
        os.close(theirs)
        chunks = []
        while True:
            try:
                chunk = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not chunk:
                break
            chunks.append(chunk)
        code = process.wait(60)
    os.close(ours)
    return code, b"".join(chunks).decode()


@pytest.mark.parametrize("columns", [80, pytest.param(132, marks=pytest.mark.full)])
@pytest.mark.parametrize("verb", ["check", "explain", "coverage"])
def test_as_wide_as_the_terminal(verb: str, columns: int, seed: Path) -> None:
    _, text = on_a_terminal(columns, verb, str(seed))
    assert "\x1b[" in text
    for line in text.splitlines():
        assert len(Text.from_ansi(line).plain) <= columns, line


def test_no_color(seed: Path) -> None:
    code, text = on_a_terminal(80, "check", str(seed), NO_COLOR="1")
    assert code == 1
    assert not re.search("\x1b\\[[0-9;]*3[0-9]", text)


ENDLESS = """
import sys, time
import ikeaudit.cli.rules as rules
from ikeaudit.cli import main as cli
def forever():
    print("ready", flush=True)
    time.sleep(30)
rules.rules = forever
sys.exit(cli.main(["rules"]))
"""


def test_control_c_is_one_sentence() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ENDLESS], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        assert process.stderr.read() == "ikeaudit: interrupted.\n"
