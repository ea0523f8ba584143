"""The program's own code as a hash: two that have the same one give the same answers."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import cache as once
from hashlib import blake2b
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

AUDIT = (
    "rulebook", "ios", "model", "selection", "exchange", "fleet", "witness", "logs", "hazards", "parsing", "snapshot", "report",
    "api",
)  # fmt: skip
"""The packages that decide what an audit says."""

ALL = (*AUDIT, "candidate", "rendering", "remediation", "collect")
"""Those that decide what any work is that other machines are given."""


@once
def code_of(packages: Sequence[str]) -> bytes:
    """A hash of all that lies in ``packages``, and of the versions of ikeaudit and of what it reads and packs with."""
    said = blake2b(digest_size=32)
    said.update(f"{version('ikeaudit')} {version('msgspec')} {version('ttp')}".encode())
    for package in packages:
        found = find_spec(f"ikeaudit.{package}")
        for folder in (found.submodule_search_locations or ()) if found is not None else ():
            for place, names, files in os.walk(folder):
                names[:] = sorted(name for name in names if name != "__pycache__")
                for name in sorted(files):
                    content = (Path(place) / name).read_bytes()
                    said.update(f"\0{package} {os.path.relpath(place, folder)} {name} {len(content)}\0".encode())
                    said.update(content)
    return said.digest()


def own_code() -> str:
    """What two machines have alike that give the same answers, in hexadecimal: the code of :data:`ALL`, and the Python."""
    python = ".".join(map(str, sys.version_info[:2]))
    return blake2b(python.encode() + code_of(ALL), digest_size=16).hexdigest()
