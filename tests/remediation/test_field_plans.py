"""Configurations after real reports: in which order keyrings are emptied, who is lost, and what the plan says of it."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from plans import fleet_in, fleet_of, planned
from witnessed import config, pair, state

from ikeaudit.hazards import audit
from ikeaudit.remediation.outlooks import unmended
from ikeaudit.remediation.planner import PlannedChange
from ikeaudit.remediation.proof_record import Proof
from ikeaudit.snapshot.workspace import Workspace

FIELD = Path(__file__).parent / "field"
LOST = "gets through main mode today and will not any more"


def made(case: str, strategy: str = "single-keyring") -> PlannedChange:
    change = planned(fleet_in(FIELD / case), strategy)
    assert not change.plan.empty
    return change


@pytest.mark.parametrize(
    ("case", "order"),
    [("last-defined-first", ["k3", "k2", "k1"]), ("half-emptied", ["KR-ALL", "k3", "k2"])],
)
def test_the_keyring_that_wins_is_emptied_last(case: str, order: list[str]) -> None:
    """Of equal entries the keyring defined first wins (KEY-TIE): p1 lists k1 and none of the others."""
    change = made(case)
    (step,) = (step for step in change.plan.steps if step.title.startswith("Empty "))
    rings = [line.removeprefix("crypto keyring ") for line in step.commands if line.startswith("crypto keyring ")]
    back = [line.removeprefix("crypto keyring ") for line in step.rollback if line.startswith("crypto keyring ")]
    assert (rings, back) == (order, order[::-1])
    proof = msgspec.json.decode(change.files["proof.json"], type=Proof)
    assert not any(step.degraded or step.within or step.within_rollback for step in proof.steps)


@pytest.mark.parametrize("strategy", ["single-keyring", "ikev2"])
@pytest.mark.parametrize("case", ["unserved-callers", "unknown-caller"])
def test_a_caller_whose_quick_mode_nobody_accepts_is_a_warning(case: str, strategy: str) -> None:
    """192.168.0.5 is authenticated by the global key, but R1 has an end for 192.168.0.2 only: it fails today."""
    change = made(case, strategy)
    assert not [refusal for refusal in change.plan.refusals if refusal.router == "R1"]
    said = [a.text for step in change.plan.steps if step.router == "R1" for a in step.announce if LOST in a.text]
    assert len(said) == 1 and "an address of 192.168.0.0/16" in said[0]
    assert said[0] in change.files["plan.md"]


def test_a_caller_that_some_end_serves_is_a_refusal() -> None:
    folder = FIELD / "unserved-callers"
    anybody = "interface Tunnel9\n tunnel source Ethernet0/0\n tunnel mode gre multipoint\n"
    anybody += " tunnel protection ipsec profile open\ncrypto ipsec profile open\n set transform-set TS\n"
    text = (folder / "R1.cfg").read_text().replace("interface Loopback0\n", f"{anybody}interface Loopback0\n")
    plan = planned(fleet_of(text, (folder / "R2.cfg").read_text())).plan
    assert plan.empty
    assert "A peer calling from an address of 192.168.0.0/16 gets through today" in plan.refusals[0].reason


def test_what_fails_today_is_not_said_to_pass() -> None:
    """R2 is given the global key, which profile2 does not list."""
    change = made("global-wildcard")
    assert "lists both" not in change.files["plan.md"]
    assert "profile p1 lists both" in made("last-defined-first").files["plan.md"]


def test_what_stays_down_is_said_with_the_hazard_why() -> None:
    """R1 has no tunnel for R3; weak keys are no reason."""
    change = made("unknown-caller")
    (left,) = change.plan.unmended or ()
    assert (left.direction.initiator, left.verdict.outcome) == ("R3", "down")
    assert {why.split(":")[0] for why in left.hazards} == {"PW-PEERADDR", "PW-PSK-DIFF"}
    assert "R3 Tunnel1 -> R1 stays down" in change.files["plan.md"].partition("## What it does not mend")[2]


def test_what_stays_down_is_not_explained_by_state_of_before(tmp_path: Path) -> None:
    """R2 was given another key an hour ago; the association of before is two hours old: true today, and of no plan."""
    changed = config("R2", changed="11:00:00 UTC Sun Nov 29 2026").replace(
        "Vq7mT2xWn9RzLd4sHb8Jc6Fk", "Hb8Jc6FkVq7mT2xWn9RzLd4s"
    )
    fleet = pair(tmp_path / "snapshot", Workspace.open(tmp_path), state("R1"), state("R2"), configs={"R2": changed})
    assert ("SA-BEFORE-CHANGE", "high") in {(cause.code, cause.severity) for cause in audit(fleet)}
    told = [why for one in unmended(fleet, {}, (), ["R1", "R2"]) for why in one.hazards]
    assert told
    assert not [why for why in told if why.startswith(("SA-", "MODEL-"))]


def test_a_plan_that_mends_everything_says_nothing_of_it() -> None:
    change = made("last-defined-first")
    assert change.plan.unmended is msgspec.UNSET and b"unmended" not in msgspec.json.encode(change.plan)
    assert "does not mend" not in change.files["plan.md"]
