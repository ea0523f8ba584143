"""The routers of the corpus that lies beside the project."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from parsed import FINGERPRINTER

from ikeaudit.fleet import Fleet
from ikeaudit.model import Router
from ikeaudit.parsing import parse_configs

TESTS = Path(__file__).resolve().parents[1]


def corpus() -> dict[str, Router]:
    """Every router of the corpus under a name of its own."""
    folder = TESTS.parent.parent / "shared" / "corpus" / "configs"
    if not folder.is_dir():
        pytest.skip("no corpus beside the project")
    found = {}
    for path in sorted(folder.iterdir()):
        text = path.read_text(encoding="utf-8", errors="replace")
        for parsed in parse_configs(text, file=path.name, fingerprinter=FINGERPRINTER):
            if parsed.router is not None:
                name = f"{parsed.router.name}-{path.stem}"
                found[name] = msgspec.structs.replace(parsed.router, name=name)
    return found


def pairs_met(routers: dict[str, Router]) -> Iterator[Fleet]:
    """Every two of them that have a tunnel in common."""
    met = {tuple(sorted((e.initiator, e.responder))) for e in Fleet(routers.values()).exchanges if e.responder}
    yield from (Fleet((routers[one], routers[other])) for one, other in sorted(met))
