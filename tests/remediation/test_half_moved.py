"""A fleet of which only a part has moved to IKEv2: a new plan goes on with the objects that the first waves made."""

from __future__ import annotations

import pytest
from change_lab import hub_and_spokes
from ikev2_laws import check, moved
from plans import fleet_of, running

from ikeaudit.candidate import after_commands
from ikeaudit.fleet import Fleet
from ikeaudit.remediation.planner import PlannedChange


def half_moved(lines: list[str] = [], old: str = "", new: str = "") -> tuple[PlannedChange, Fleet]:  # noqa: B006 - only read
    """The first plan, and the fleet after its first wave and some ``lines`` on the hub; ``old`` there became ``new``."""
    fleet = fleet_of(*hub_and_spokes(3).values())
    change = moved(fleet, wave_size=2)
    assert len(change.plan.waves) >= 3
    texts = {router.name: running(router) for router in fleet.routers}
    for name in change.plan.waves[0].routers:
        texts[name] = after_commands(texts[name], change.plan.commands_of(name, wave=1))
    texts["HUB"] = after_commands(texts["HUB"], lines)
    assert old in texts["HUB"]
    texts["HUB"] = texts["HUB"].replace(old, new)
    return change, fleet_of(*texts.values())


def test_the_rest_is_planned_with_what_is_there() -> None:
    first, fleet = half_moved(["snmp-server location <CUT:0123456789abcdef>"])
    done = {word for step in first.plan.steps_of("HUB", 1) if step.phase == "switch" for word in step.commands}
    again = check(fleet)
    assert not again.plan.refusals
    commands = again.plan.commands_of("HUB")
    assert not [line for line in commands if line.startswith(("crypto ikev2", "crypto ipsec"))]
    assert [line for line in commands if line.startswith("tunnel protection")]
    assert not done & {line for line in commands if line.startswith("interface")}
    switches = {step.commands for step in first.plan.steps if step.router == "HUB" and step.phase == "switch"}
    assert {step.commands for step in again.plan.steps_of("HUB") if step.phase == "switch"} < switches


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "match identity remote address 192.168.3.2 255.255.255.255",
            "match identity remote address 192.168.3.0 255.255.255.0",
        ),
        ("identity local address 192.168.0.1", "identity local address 192.168.0.9"),
        ("  address 192.168.3.2\n  pre-shared-key <PSK:", "  address 192.168.3.2\n  pre-shared-key <PSK:f"),
    ],
)
def test_what_says_something_else_is_somebody_s_own(old: str, new: str) -> None:
    _, fleet = half_moved([], old, new)
    change = moved(fleet)
    assert any("matches its peers already" in refusal.reason for refusal in change.plan.refusals)
