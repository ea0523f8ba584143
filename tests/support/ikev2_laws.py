"""Laws that every plan of the strategy ikev2 keeps (DESIGN 3.5, DOMAIN 12 B, 12.1)."""

from __future__ import annotations

import tomllib
from functools import partial
from ipaddress import IPv4Network
from pathlib import Path

from plan_laws import after_fleet, keeps_laws
from plans import WHEN

from ikeaudit.fleet import Fleet
from ikeaudit.remediation.plan import Direction, Step
from ikeaudit.remediation.planner import PlannedChange, make_plan
from ikeaudit.remediation.strategies.ikev2 import Cloud, Options, find_suite, ikev2_strategy

__all__ = ["after_fleet", "check", "moved", "options_in"]


def moved(fleet: Fleet, options: Options | None = None, **more: object) -> PlannedChange:
    """A plan for ``fleet`` as ``ikeaudit plan --strategy ikev2 --change-id CHG-1`` makes it."""
    strategy = ikev2_strategy(options)
    return make_plan(fleet, strategy, change_id="CHG-1", created=WHEN, **more)  # type: ignore[arg-type]


def check(fleet: Fleet, options: Options | None = None, *, lines: bool = True) -> PlannedChange:
    """Every law on one fleet: those of all plans, and those of this strategy."""
    change = keeps_laws(fleet, partial(moved, options=options), lines=lines)
    after = after_fleet(fleet, change)
    moved_is_up_by_ikev2(fleet, change, after)
    pairs_move_together(fleet, change, after)
    return change


def moved_is_up_by_ikev2(fleet: Fleet, change: PlannedChange, after: Fleet) -> None:
    """Whatever a step switches is up by IKEv2 in every direction that can be started."""
    switched = {(s.router, word) for s in change.plan.steps if s.phase == "switch" for word in _places(s)}
    found = {Direction.of(e): e for e in after.exchanges}
    for exchange in fleet.exchanges:
        words = exchange.initiator_interface.split()
        place = words[0] if len(words) == 1 else " ".join(words[1:])
        if (exchange.initiator, place) in switched and exchange.outcome != "not-initiated":
            later = found[Direction.of(exchange)]
            assert (later.ike_version, later.outcome) == (2, "up"), Direction.of(exchange)


def _places(step: Step) -> list[str]:
    found = []
    for line in step.commands:
        if line.startswith("interface "):
            found.append(line.removeprefix("interface "))
        elif line.startswith("crypto map "):
            found.append(" ".join(line.split()[2:4]))
    return found


def pairs_move_together(fleet: Fleet, change: PlannedChange, after: Fleet) -> None:
    """No tunnel speaks two versions that did not before."""
    before = {Direction.of(e) for e in fleet.exchanges if e.reason == "ike-version-mismatch"}
    now = {Direction.of(e) for e in after.exchanges if e.reason == "ike-version-mismatch"}
    assert now <= before


def options_in(folder: Path) -> Options:
    """The options of a case: ``options.toml`` with the words of the command line."""
    file = folder / "options.toml"
    given = tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    suites = folder / given["suites"] if "suites" in given else None
    clouds = tuple(
        Cloud(c["tunnel"], c["new-tunnel"], c["source"], IPv4Network(c["network"])) for c in given.get("cloud", ())
    )
    return Options(
        suite=find_suite(given.get("suite"), suites),
        new_keys=given.get("new_keys", False),
        cleanup=given.get("cleanup", "now"),
        clouds=clouds,
    )
