"""Fleets from text and plans for them, for the tests of remediation."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from ikeaudit.fleet import Fleet
from ikeaudit.model import Router
from ikeaudit.parsing import parse_configs
from ikeaudit.parsing.fingerprint import Fingerprinter
from ikeaudit.remediation.planner import PlannedChange, make_plan
from ikeaudit.remediation.strategies import find_strategy

FINGERPRINTER = Fingerprinter(b"plan" * 8)
WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def router_of(text: str, file: str = "r.cfg") -> Router:
    """The one router of ``text``."""
    (parsed,) = parse_configs(text, file=file, fingerprinter=FINGERPRINTER)
    assert parsed.router is not None, parsed.reason
    return parsed.router


def fleet_of(*texts: str) -> Fleet:
    """A fleet of the given configurations."""
    return Fleet(router_of(text, f"r{n}.cfg") for n, text in enumerate(texts, 1))


def fleet_in(folder: Path) -> Fleet:
    """The fleet whose configurations are ``*.cfg`` of ``folder``."""
    return Fleet(router_of(path.read_text(encoding="utf-8"), path.name) for path in sorted(folder.glob("*.cfg")))


def planned(fleet: Fleet, strategy: str = "single-keyring", **options: object) -> PlannedChange:
    """A plan as ``ikeaudit plan --change-id CHG-1`` makes it, at a fixed time."""
    return make_plan(fleet, find_strategy(strategy), change_id="CHG-1", created=WHEN, **options)  # type: ignore[arg-type]


def after_fleet(fleet: Fleet, change: PlannedChange) -> Fleet:
    """The fleet as the plan predicts it."""
    routers = []
    for router in fleet.routers:
        text = change.files.get(f"{router.name}/after.cfg")
        routers.append(router if text is None else router_of(text, router.file))
    return Fleet(routers)


def running(router: Router) -> str:
    """A router's redacted running-config."""
    return "\n".join(router.lines) + "\n"
