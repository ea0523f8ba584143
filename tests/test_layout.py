"""The house keeps its shape: one namespace package over seven folders, typed."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOTS = ("policy", "templates", "remediation", "report", "lab", "tasks", "cli")
PACKAGES = [path for root in ROOTS for path in sorted((ROOT / root / "ikeaudit").iterdir()) if path.is_dir()]


@pytest.mark.parametrize("root", ROOTS)
def test_the_namespace_has_no_init(root: str) -> None:
    assert not (ROOT / root / "ikeaudit" / "__init__.py").exists()


@pytest.mark.parametrize("package", [p for p in PACKAGES if p.name != "__pycache__"], ids=lambda path: path.name)
def test_every_package_is_typed(package: Path) -> None:
    assert (package / "py.typed").is_file()


def test_nothing_points_to_a_package_registry_or_to_a_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("no git here")
    forbidden = re.compile("|".join(("files.python" + "hosted", "py" + r"pi\.org", "/wo" + "rk/", "/ro" + "ot/")))
    found = []
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.is_file() and path.suffix != ".svg":
            text = path.read_text(encoding="utf-8", errors="replace")
            found += [f"{name}: {match[0]}" for match in forbidden.finditer(text)]
    assert found == []
