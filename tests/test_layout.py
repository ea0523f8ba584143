"""The house keeps its shape: one namespace package over its folders, typed."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOTS = ("policy", "templates", "snapshot", "remediation", "report", "lab", "tasks", "change", "cli")
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


# -- what CONTRIBUTING says of the folders --------------------------------------------------------------------------------

GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def section(title: str) -> list[list[str]]:
    """The cells of the table below a heading of CONTRIBUTING, its header left out."""
    text = GUIDE.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    return rows[2:]


def test_the_table_names_every_package_and_no_other() -> None:
    named, root = set(), ""
    for folder, package, _, inside in section("Where things are"):
        root = folder.strip("`/") or root
        if package:
            own = f"{root}/ikeaudit/{package.strip('`')}"
            named |= {own, *(f"{own}/{name}" for name in re.findall(r"`([^`]+)`", inside))}
    found = {str(path.parent.relative_to(ROOT)) for path in ROOT.glob("*/ikeaudit/**/__init__.py")}
    assert named == found


def test_every_package_is_a_layer_and_forbidden_to_have_rings() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    packages = {f"ikeaudit.{path.name}" for path in PACKAGES if path.name != "__pycache__"}
    contracts = {contract["type"]: contract for contract in settings["contracts"] if "containers" not in contract}
    layers = {name for layer in contracts["layers"]["layers"] for name in layer.split(" : ")}
    assert packages == set(settings["root_packages"]) == layers == set(contracts["acyclic_siblings"]["ancestors"])


def test_every_source_root_is_named_wherever_roots_are() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    hatch, mypy = settings["hatch"]["build"], settings["mypy"]
    there = {path.parent.name for path in ROOT.glob("*/ikeaudit")}
    assert set(ROOTS) == there
    assert set(hatch["dev-mode-dirs"]) == set(mypy["files"]) == set(settings["ruff"]["src"]) == there
    assert {Path(package).parent.name for package in hatch["targets"]["wheel"]["packages"]} == there
    assert {Path(path).name for path in mypy["mypy_path"]} == there


WAY = [name for row in section("The way of one tunnel") for name in re.findall(r"`([^`]+\.py)`", row[1])]


@pytest.mark.ssh
def test_the_way_of_one_tunnel_is_the_one_that_is_gone(tmp_path: Path) -> None:
    """Each module that is named is called, for the first time in this order, and named once."""
    assert len(WAY) == len(set(WAY)) > 30
    gone = subprocess.run(
        [sys.executable, ROOT / "tests/support/first_calls.py", ROOT / "tests/cases/seed/different-addresses", tmp_path],
        capture_output=True, text=True, check=True, cwd=tmp_path,
    ).stdout.splitlines()  # fmt: skip
    assert [name for name in gone if name in WAY] == WAY
