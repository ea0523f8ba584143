"""``make flames``: flame graphs of check, plan and collect under ``docs/flames``, by py-spy, without a path of this machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
sys.path.insert(0, str(Path(__file__).parent))

import fleets
from collecting import routers
from slow_routers import PASSWORD

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs" / "flames"
_HERE = (f"{ROOT}/", f"{Path(sys.prefix)}/", f"{Path(sys.base_prefix)}/", f"{Path.home()}/")
_LIBRARY = re.compile(r"(?:[\w.-]*/)*(?:site-packages|lib/python3\.\d+)/")


def without_paths(svg: str) -> str:
    """``svg`` with files named from their package or folder on, and no process, user or folder of this machine."""
    for place in _HERE:
        svg = svg.replace(place, "")
    svg = _LIBRARY.sub("", svg)
    svg = re.sub(r"process \d+:&quot;.*?&quot;", "ikeaudit", svg)
    svg = re.sub(r"\(0x[0-9A-Fa-f]+\)", "", svg)
    return re.sub(r"/tmp/[\w./-]*", "", svg)  # noqa: S108 - taken out, not used


def record(name: str, arguments: list[str], folder: Path, environment: dict[str, str]) -> None:
    """Run ikeaudit with ``arguments`` in ``folder``, and write ``docs/flames/NAME.svg``."""
    raw = folder / f"{name}.svg"
    spy = [
        str(Path(sys.executable).parent / "py-spy"),
        "record",
        "--rate",
        "50",
        "--format",
        "flamegraph",
        "--output",
        str(raw),
    ]
    done = subprocess.run(
        [*spy, "--", sys.executable, "-m", "ikeaudit.cli", *arguments],
        cwd=folder,
        env=os.environ | environment | {"IKEAUDIT_WORKSPACE": str(folder / "workspace")},
        capture_output=True,
        text=True,
        check=False,
    )
    if not raw.exists():
        raise SystemExit(f"{name}: py-spy recorded nothing.\n{done.stderr}")
    OUT.mkdir(exist_ok=True)
    (OUT / f"{name}.svg").write_text(without_paths(raw.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"docs/flames/{name}.svg\n")


def main() -> None:
    """All three."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        fleets.write(folder / "fleet", fleets.fleet(400, seed=1))
        fleets.write(folder / "few", fleets.fleet(30, kind="spoke12", seed=1, region=10))
        record("check", ["check", "fleet", "--format", "json", "--output", "check.json"], folder, {})
        record("plan", ["plan", "few", "--strategy", "single-keyring", "--out", "plan"], folder, {})
        # one more, and they would be divided among processes that end too soon to be looked into
        with routers(99, spokes=True) as nornir:
            inventory = folder / "inventory"
            inventory.mkdir()
            lines = (
                f"{host.name}: {{hostname: {host.hostname}, port: {host.port}, platform: cisco_ios}}\n"
                for host in nornir.inventory.hosts.values()
            )
            (inventory / "hosts.yaml").write_text("".join(lines), encoding="utf-8")
            login = {"IKEAUDIT_USERNAME": "lab", "IKEAUDIT_PASSWORD": PASSWORD}
            record("collect", ["collect", "--inventory", "inventory", "--out", "snapshot"], folder, login)


if __name__ == "__main__":
    main()
