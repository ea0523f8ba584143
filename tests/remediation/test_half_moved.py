"""A fleet of which only a part has moved to IKEv2: a new plan goes on with the objects that the first waves made."""

from __future__ import annotations

import re

import pytest
from change_lab import hub_and_spokes
from ikev2_laws import after_fleet, check, moved
from plans import WHEN, fleet_of, running

from ikeaudit.candidate import after_commands
from ikeaudit.fleet import Fleet
from ikeaudit.parsing.volatile import before_hash
from ikeaudit.remediation.planner import PlannedChange, make_plan
from ikeaudit.remediation.strategies import Request
from ikeaudit.remediation.strategies.ikev2 import drafts as drafting
from ikeaudit.remediation.strategies.ikev2 import ikev2_strategy
from ikeaudit.remediation.strategies.single_keyring import SINGLE_KEYRING
from ikeaudit.rendering import packaged


def half_moved(lines: list[str] = [], old: str = "", new: str = "") -> tuple[PlannedChange, Fleet]:  # noqa: B006 - only read
    """The first plan, and the fleet after its first wave and some ``lines`` on the hub; ``old`` there became ``new``.

    Somebody has typed there what the later waves create, too, and nothing uses it.
    """
    fleet = fleet_of(*hub_and_spokes(3).values())
    change = moved(fleet, wave_size=2)
    assert len(change.plan.waves) >= 3
    texts = {router.name: running(router) for router in fleet.routers}
    for name in change.plan.waves[0].routers:
        texts[name] = after_commands(texts[name], change.plan.commands_of(name, wave=1))
    done = change.plan.steps_of("HUB", 1)
    for step in change.plan.steps_of("HUB"):
        if step.phase == "additive" and step not in done:
            texts["HUB"] = after_commands(texts["HUB"], step.commands)
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


def test_a_wave_creates_only_what_it_switches() -> None:
    """A hub and five spokes in three waves: what names a spoke stands in its wave, and what all rest on in the first."""
    fleet = fleet_of(*hub_and_spokes(5).values())
    plan = moved(fleet, wave_size=3).plan
    waves = [wave for wave in plan.waves if wave.title != "clean-up"]
    assert [set(wave.routers) - {"HUB"} for wave in waves] == [{"S1"}, {"S2", "S3"}, {"S4", "S5"}]
    text = running(fleet.router("HUB"))
    for wave in waves:
        steps = plan.steps_of("HUB", wave.number)
        lines = [line for step in steps for line in step.commands]
        named = {line.split("-")[-1].split()[-1] for line in lines if re.search(r"(?:peer |V2-(?:IPSEC-)?)S\d$", line)}
        addresses = {m[1] for line in lines for m in re.finditer(r"192\.168\.([1-5])\.2\b", line)}
        own = {name.removeprefix("S") for name in wave.routers if name != "HUB"}
        assert addresses == own and {name.removeprefix("S") for name in named} == own, (wave.number, lines)
        once = ("crypto ikev2 proposal", "crypto ikev2 policy", "crypto ipsec transform-set")
        assert bool([line for line in lines if line.startswith(once)]) is (wave.number == 1)
        after = after_commands(text, lines)
        back = [line for step in reversed(steps) for line in step.rollback]
        assert before_hash(after_commands(after, back)) == before_hash(text), f"wave {wave.number} taken back alone"
        assert "no crypto ikev2 keyring V2-KR" in back or wave.number > 1
        text = after


@pytest.mark.parametrize(("tunnels", "divided"), [(6, True), (7, False)])
def test_a_large_hub_gets_everything_at_first(tunnels: int, divided: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafting, "WAVE_BY_WAVE", 6)
    fleet = fleet_of(*hub_and_spokes(tunnels).values())
    order = tuple(router.name for router in fleet.routers)
    drafts = ikev2_strategy().propose(fleet, Request(order=order, change_id="C", templates=packaged())).drafts
    assert {d.shares is not None for d in drafts if d.router == "HUB" and d.phase == "additive"} == {divided}
    (first, *rest) = [draft for draft in drafts if draft.router == "HUB" and draft.phase == "additive"]
    said = [a.text for draft in rest for a in draft.announce] + [a.text for a in first.announce]
    assert [f"because {tunnels} of its tunnels are switched" in text for text in said] == [True] * (not divided)


def test_why_a_large_hub_gets_everything_at_first_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafting, "WAVE_BY_WAVE", 4)
    change = moved(fleet_of(*hub_and_spokes(5).values()), wave_size=3)
    assert not change.plan.refusals and len(change.plan.waves) >= 3
    (before,) = re.findall(r"## Before you carry it out\n(.*?)\n## ", change.files["plan.md"], re.DOTALL)
    assert "on HUB: All new objects of HUB are created in the first wave that it has a part in, because 5 " in before
    lines = [line for line in change.plan.commands_of("HUB", wave=1) if re.search(r"peer S\d$", line)]
    assert len(lines) == 5


def test_a_keyring_is_merged_in_one_wave() -> None:
    """Of `single-keyring` all steps of a router are in one wave: no other creates anything there."""
    plan = make_plan(
        fleet_of(*hub_and_spokes(5).values()), SINGLE_KEYRING, change_id="CHG-1", created=WHEN, wave_size=2
    ).plan
    for router in plan.routers:
        (wave,) = (wave for wave in plan.waves if router.name in wave.routers)
        assert plan.steps_of(router.name, wave.number) == plan.steps_of(router.name)


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


def old_lines(text: str) -> list[str]:
    """The lines of IKEv1, and of IPsec objects that the move does not make."""
    old = r"crypto (?:keyring|isakmp (?:profile|policy|key)|ipsec (?:profile|transform-set) (?!V2-))"
    return [line for line in text.splitlines() if re.match(old, line)]


@pytest.mark.full
@pytest.mark.parametrize("waves", [1, 2, 3])
def test_the_last_clean_up_covers_what_an_earlier_plan_left(waves: int) -> None:
    """A plan is begun and never cleaned up; the next one takes away what both leave, on spokes that it does not move, too."""
    fleet = fleet_of(*hub_and_spokes(5).values())
    plan = moved(fleet, wave_size=3).plan
    texts = {router.name: running(router) for router in fleet.routers}
    for name in texts:
        for wave in range(1, waves + 1):
            texts[name] = after_commands(texts[name], [line for s in plan.steps_of(name, wave) for line in s.commands])
    left = {name: len(old_lines(text)) for name, text in texts.items()}
    assert left["S1"] == 6 and left["HUB"] == 22, (
        "two keyrings, a profile of each kind for every tunnel; a set, a policy"
    )
    half = fleet_of(*texts.values())
    again = check(half)
    after = after_fleet(half, again)
    assert not again.plan.refusals
    assert {router.name: old_lines(running(router)) for router in after.routers} == {name: [] for name in texts}
    assert all(exchange.ike_version == 2 and exchange.outcome == "up" for exchange in after.exchanges)
    assert moved(after).plan.empty, "nothing is left to do"


def test_what_a_tunnel_by_ikev1_needs_stays_after_an_earlier_plan() -> None:
    """HUB's tunnel to S2 is moved by nobody: its objects stay, S1's go; an IPsec profile that somebody keeps for S2 stays."""
    texts = hub_and_spokes(2)
    plan = moved(fleet_of(*texts.values()), wave_size=2).plan
    fleet = fleet_of(*texts.values())
    now = {router.name: running(router) for router in fleet.routers}
    for name in ("HUB", "S1"):
        now[name] = after_commands(now[name], [line for s in plan.steps_of(name, 1) for line in s.commands])
    spare = ["crypto ipsec profile SPARE", "set transform-set TS", "set isakmp-profile P2", "exit"]
    now["HUB"] = after_commands(now["HUB"], spare)
    half = fleet_of(*now.values())
    change = moved(half, hosts={"HUB", "S1"})
    after = after_fleet(half, change)
    assert old_lines(running(after.router("S1"))) == []
    assert [line.split()[-1] for line in old_lines(running(after.router("HUB")))] == [
        "old2", "new2", "10", "P2", "esp-sha256-hmac", "IP2", "SPARE",
    ]  # fmt: skip
    mine = {(e.initiator, e.peer, e.outcome, e.reason) for e in half.exchanges if e.ike_version == 1}
    assert mine == {(e.initiator, e.peer, e.outcome, e.reason) for e in after.exchanges if e.ike_version == 1}
