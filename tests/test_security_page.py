"""The commands by which docs/security.md lets everybody check what is kept of a configuration."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from canaries import CANARIES

from ikeaudit.lab import Lab

pytest_plugins = ("canaries",)
pytestmark = [pytest.mark.ssh, pytest.mark.timeout(180)]

PAGE = (Path(__file__).parents[1] / "docs/security.md").read_text(encoding="utf-8")


def commands() -> list[str]:
    blocks = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]


@pytest.mark.parametrize("secret", ["psk", "named", "snmp"])
def test_what_the_page_says_can_be_checked(
    lab: Lab, folder: Path, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    monkeypatch.setenv("MY_SECRET", CANARIES[secret])
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:/usr/bin:/bin")
    assert CANARIES[secret] in lab.router("R1").running_text
    assert len(commands()) == 9
    done = subprocess.run(["bash", "-ec", "\n".join(commands())], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert CANARIES[secret] not in done.stdout + done.stderr
    assert done.stdout.count('"grammar"') == 2
    kept, cut = ((folder / name).read_text(encoding="utf-8") for name in ("kept.txt", "cut.txt"))
    assert "crypto keyring keyring1" in kept and "key <PSK:" in cut and "<CUT:" in cut
    assert (folder / "plan/plan.json").is_file()
