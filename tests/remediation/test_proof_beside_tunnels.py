"""What no tunnel's configuration asks for must survive a change all the same: registrations, and calls between spokes."""

from __future__ import annotations

from pathlib import Path

import msgspec
from plans import WHEN, fleet_in

from ikeaudit.fleet import Fleet
from ikeaudit.remediation.changing_router import ChangingRouter
from ikeaudit.remediation.planner import PlannedChange, make_plan
from ikeaudit.remediation.proof_record import Proof
from ikeaudit.remediation.scene import Scene
from ikeaudit.remediation.strategies import IKEV2, Draft, Proposal, Request, Strategy
from ikeaudit.selection import RouterRules

CASES = Path(__file__).parents[1] / "cases"
MEMBER = fleet_in(CASES / "getvpn" / "registration")
CLOUD = fleet_in(CASES / "dmvpn" / "spoke-to-spoke-with-wildcard")


def replaced_key(fleet: Fleet, router: str, *instead: str) -> PlannedChange:
    """A plan that takes the first key of a router's first keyring away, after ``instead`` was typed there."""
    (ring, *_) = fleet.router(router).keyrings
    line = fleet.router(router).text(ring.keys[0].line).strip()
    apply = [f"crypto keyring {ring.name}", *instead, f"no {line}", "exit"]
    back = [f"crypto keyring {ring.name}", *(f"no {typed}" for typed in instead), line, "exit"]
    draft = Draft(
        router=router,
        phase="switch",
        title="a test",
        apply="\n".join(apply) + "\n",
        rollback="\n".join(back) + "\n",
        announce=(),
        evidence=fleet.router(router).evidence(ring.keys[0].line),
    )

    def propose(_fleet: Fleet, _request: Request) -> Proposal:
        return Proposal((draft,))

    return make_plan(
        fleet,
        Strategy(name="test", title="test", documentation="", propose=propose),
        change_id="CHG-1",
        created=WHEN,
    )


def test_a_registration_that_would_fail_is_refused() -> None:
    (refusal,) = replaced_key(MEMBER, "GM").plan.refusals
    assert refusal.reason == (
        "The replay does not accept step 1 on GM: GM GigabitEthernet0/0 CM 10 -> KS gets worse without being announced: "
        "up becomes down (no-key-on-initiator)."
    )


def test_a_key_for_the_hub_alone_cuts_the_spokes_off_from_each_other() -> None:
    """S1 calls the hub with the new key as before; for S2 it has none any more."""
    hub = next(end.peer for end in CLOUD.endpoints if end.router == "S1" and end.peer is not None)
    token = f"<PSK:{CLOUD.router('S1').keyrings[0].keys[0].secret.fingerprint}>"
    (refusal,) = replaced_key(CLOUD, "S1", f"pre-shared-key address {hub} key {token}").plan.refusals
    assert "on S1: S1 Tunnel10 -> S2 gets worse without being announced" in refusal.reason


def test_spokes_that_move_to_ikev2_one_after_the_other_are_announced() -> None:
    """S1 is step 7 and S2 step 8: between them neither reaches the other, and the plan says so; afterwards both do."""
    change = make_plan(CLOUD, IKEV2, change_id="CHG-1", created=WHEN)
    announced = [
        (step.router, announcement.until - step.number)
        for step in change.plan.steps
        for announcement in step.announce
        if {d.initiator for d in announcement.directions} | {d.responder for d in announcement.directions}
        == {"S1", "S2"}
    ]
    assert announced == [("S1", 1), ("S2", 0)]
    proof = proof_of(change)
    spokes = [r for r in proof.after if {r.direction.initiator, r.direction.responder} == {"S1", "S2"}]
    assert [record.outcome for record in spokes] == ["up", "up"]
    listed = {frozenset((o.direction.initiator, o.direction.responder)) for o in change.plan.directions}
    assert frozenset(("S1", "S2")) not in listed, "nobody tests a call that only traffic starts"


def proof_of(change: PlannedChange) -> Proof:
    return msgspec.json.decode(change.files["proof.json"], type=Proof)


def test_a_patched_scene_binds_the_ends_of_spokes_anew() -> None:
    """Once S1's tunnel speaks IKEv2 and S2's does not, patched and rebuilt scenes say the same: neither reaches the other."""
    change = make_plan(CLOUD, IKEV2, change_id="CHG-1", created=WHEN)
    changing = ChangingRouter(CLOUD.router("S1"))
    lines = [line for step in change.plan.steps[:9] if step.router == "S1" for line in step.commands]
    assert not any(changing.send(line).refused for line in lines)
    router, _ = changing.step()
    scene = Scene(CLOUD, {"S1"})
    before = {(e.initiator, e.responder): e.outcome for e in scene.replay({}, ("S1",))}
    assert before[("S1", "S2")] == before[("S2", "S1")] == "up"
    rules = RouterRules(router)
    patched = scene.patched("S1", rules)
    assert patched is not None
    found = {(e.initiator, e.responder): (e.outcome, e.reason) for e in patched.replay({"S1": rules}, ("S1",))}
    anew = scene.rebuilt({"S1": router}).replay({}, ("S1",))
    assert found == {(e.initiator, e.responder): (e.outcome, e.reason) for e in anew}
    assert found[("S1", "S2")] == found[("S2", "S1")] == ("down", "ike-version-mismatch")
