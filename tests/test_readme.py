"""Every command of the README runs, in its order, on virtual routers, and ends as a reader would expect."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```console\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
COMMANDS = [line[2:] for block in BLOCKS for line in block.splitlines()]
EXPECTED = {
    # The example fleet has a one-way tunnel until it is mended: high findings, exit code 1.
    "ikeaudit check before": 1,
    "ikeaudit check before --format json --output findings.json": 1,
    "ikeaudit check before --report html=audit.html --report sarif=audit.sarif --report prometheus=audit.prom": 1,
}
SETTING_UP = (". .venv/bin/activate", "export ", "ikeaudit lab")


def free(ports: range) -> bool:
    try:
        for port in ports:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True


@pytest.fixture
def environment() -> dict[str, str]:
    ours = dict(re.findall(r"(IKEAUDIT_\w+)=(\w+)", README))
    scripts = str(Path(sys.executable).parent)
    return {**os.environ, **ours, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "100"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "inventory", tmp_path / "inventory")
    return tmp_path


@pytest.fixture
def lab(environment: dict[str, str], folder: Path) -> Iterator[None]:
    if not free(range(22001, 22003)):
        pytest.skip("the ports of the demo inventory are taken")
    with subprocess.Popen(
        ["ikeaudit", "lab"], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            until = time.monotonic() + 60
            while "Ctrl-C" not in process.stdout.readline():
                assert process.poll() is None, process.stderr
                assert time.monotonic() < until
            yield
        finally:
            process.terminate()


def test_the_readme_says_what_to_type() -> None:
    assert "make demo" in README.split("## Why")[0]
    assert "make test" in README.split("## Why")[0]
    assert len(COMMANDS) > 10
    assert all(command.startswith(("ikeaudit ", *SETTING_UP)) for command in COMMANDS)


@pytest.mark.ssh
@pytest.mark.quick
@pytest.mark.timeout(180)
def test_every_command_of_the_readme_runs(lab: None, folder: Path, environment: dict[str, str]) -> None:
    for command in COMMANDS:
        if command.startswith(SETTING_UP):
            continue
        done = subprocess.run(
            command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == EXPECTED.get(command, 0), f"{command}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stdout + done.stderr
    assert (folder / "findings.json").is_file()
    assert (folder / "plan" / "plan.md").is_file()


def test_links_of_the_readme_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)]+)\)", README):
        file, _, heading = target.partition("#")
        assert (ROOT / file).exists(), target
        if heading:
            text = (ROOT / file).read_text(encoding="utf-8")
            headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
            assert heading in {re.sub(r"[^a-z0-9 -]", "", found.lower()).replace(" ", "-") for found in headings}, (
                target
            )
