"""What the replay does not accept: every law has a plan that breaks it."""

from __future__ import annotations

from pathlib import Path

import pytest
from plans import WHEN, fleet_in, fleet_of

from ikeaudit.fleet import Fleet
from ikeaudit.remediation.plan import Announcement, Direction
from ikeaudit.remediation.planner import make_plan
from ikeaudit.remediation.proof_record import Proof
from ikeaudit.remediation.strategies import Draft, Proposal, Request, Strategy

HUB = fleet_in(Path(__file__).parent / "plans" / "a2-many-keyrings")
SEED = fleet_in(Path(__file__).parent / "plans" / "a1-seed")
KEY = next(key for ring in HUB.router("HUB").keyrings for key in ring.keys)
LINE = HUB.router("HUB").text(KEY.line)
FROM_SPOKE1 = Direction("SPOKE1", "Tunnel1", "192.0.2.1", "HUB", "Tunnel1")
TO_SPOKE1 = Direction("HUB", "Tunnel1", "198.51.100.1", "SPOKE1", "Tunnel1")


def draft(apply: str, rollback: str, *announce: Announcement, router: str = "HUB") -> Draft:
    return Draft(
        router=router,
        phase="switch",
        title="a test",
        apply=apply,
        rollback=rollback,
        announce=announce,
        evidence=HUB.router("HUB").evidence(KEY.line),
    )


def plan(*drafts: Draft, fleet: Fleet = HUB):  # type: ignore[no-untyped-def]
    def propose(_fleet: Fleet, _request: Request) -> Proposal:
        return Proposal(drafts)

    strategy = Strategy(name="test", title="test", documentation="", propose=propose)
    return make_plan(fleet, strategy, change_id="CHG-1", created=WHEN)


def reason(*drafts: Draft, fleet: Fleet = HUB) -> str:
    """Why the drafts are refused."""
    change = plan(*drafts, fleet=fleet)
    assert change.plan.empty and not change.plan.routers
    (refusal,) = change.plan.refusals
    assert refusal.evidence
    return refusal.reason


REMOVE = f"crypto keyring OLD1\n no {LINE}\nexit\n"
RESTORE = f"crypto keyring OLD1\n {LINE}\nexit\n"


def test_a_direction_that_goes_down_is_named_with_the_step() -> None:
    words = reason(draft("crypto keyring SPARE\nexit\n", "no crypto keyring SPARE\n"), draft(REMOVE, RESTORE))
    assert words == (
        "The replay does not accept step 2 on HUB: HUB Tunnel1 -> SPOKE1 gets worse without being announced: "
        "up becomes down (no-key-on-initiator)."
    )


def test_a_moment_between_two_lines_is_told_apart() -> None:
    """For one line the key is gone; a router that has it does not take it a second time, so no other order helps."""
    change = plan(draft(REMOVE + RESTORE, ""))
    (step,) = _proof(change).steps
    assert not step.degraded
    assert {(w.direction, w.lines) for w in step.within} == {(FROM_SPOKE1, 1), (TO_SPOKE1, 1)}
    assert "Between its lines, while 1 is sent, a negotiation that begins fails" in change.files["plan.md"]


ELSEWHERE = f"crypto keyring OLD1\n {LINE}\nexit\ncrypto isakmp profile P1\n keyring OLD1\nexit\n"
MOVED = f"crypto keyring OLD2\n {LINE}\nexit\ncrypto isakmp profile P1\n keyring OLD2\nexit\n"
UNMOVED = f"crypto isakmp profile P1\n no keyring OLD2\nexit\ncrypto keyring OLD2\n no {LINE}\nexit\n"


def test_a_moment_that_another_order_avoids_is_refused() -> None:
    """The key goes before it is in its new place; the other way round nobody would notice. Announcing it changes nothing."""
    allowed = Announcement(text="gone", directions=(FROM_SPOKE1, TO_SPOKE1), until=0)
    gone = f"crypto isakmp profile P1\n no keyring OLD1\nexit\n{REMOVE}"
    for said in ((), (allowed,)):
        words = reason(draft(gone + MOVED, f"{ELSEWHERE}{UNMOVED}", *said))
        assert "between two of its lines HUB Tunnel1 -> SPOKE1 gets worse for a moment: up becomes down" in words
        assert "in another order of its lines it would not" in words


def test_the_way_back_is_replayed_line_by_line_as_well() -> None:
    """Forward every line keeps a place that is listed; the way back takes the new place away before the old one is there."""
    listed, unlisted = (f"crypto isakmp profile P1\n {no}keyring OLD{n}\nexit\n" for no, n in (("", 2), ("no ", 1)))
    put = f"crypto keyring OLD2\n {LINE}\nexit\n"
    words = reason(draft(f"{listed}{put}{REMOVE}{unlisted}", f"{UNMOVED}{ELSEWHERE}"))
    assert "between two of its lines HUB Tunnel1 -> SPOKE1 gets worse for a moment: up becomes down" in words


def test_what_is_announced_is_accepted_and_recorded() -> None:
    allowed = Announcement(text="one line without a key", seconds=1, directions=(FROM_SPOKE1, TO_SPOKE1), until=0)
    change = plan(draft(REMOVE + RESTORE, "", allowed))
    assert not change.plan.refusals
    (step,) = _proof(change).steps
    assert {record.direction for record in step.within} == {FROM_SPOKE1, TO_SPOKE1}
    assert step.moments == 2
    assert "Traffic may stop for up to 1 s. one line without a key" in change.files["plan.md"]


def test_an_announcement_ends() -> None:
    """Announced for step 1 only, but the key is still missing when step 1 has been sent."""
    allowed = Announcement(text="gone", directions=(FROM_SPOKE1, TO_SPOKE1), until=0)
    assert "step 1 on HUB: HUB Tunnel1 -> SPOKE1 gets worse" in reason(draft(REMOVE, RESTORE, allowed))


def test_an_announcement_may_last_to_a_later_step() -> None:
    allowed = Announcement(text="gone", directions=(FROM_SPOKE1, TO_SPOKE1), until=1)
    change = plan(draft(REMOVE, "", allowed), draft(RESTORE, ""))
    assert [a.until for step in change.plan.steps for a in step.announce] == [2]
    assert [bool(step.degraded) for step in _proof(change).steps] == [True, False]


def test_only_the_directions_announced_may_get_worse() -> None:
    allowed = Announcement(text="gone", directions=(TO_SPOKE1,), until=1)
    assert "SPOKE1 Tunnel1 -> HUB gets worse" in reason(draft(REMOVE, RESTORE, allowed), draft(RESTORE, REMOVE))


@pytest.mark.parametrize("served", [True, False])
def test_a_caller_that_no_configuration_names_counts(served: bool) -> None:
    """203.0.113.0/24 is nobody's tunnel; its callers get through with OLD2's key, and an end that names no peer takes them."""
    text = (Path(__file__).parent / "plans" / "a2-many-keyrings" / "hub.cfg").read_text()
    if served:
        text = text.replace("interface Tunnel1\n", f"{ANYBODY}interface Tunnel1\n")
    fleet = fleet_of(text)
    ring = fleet.router("HUB").keyrings[1]
    line = fleet.router("HUB").text(ring.keys[1].line)
    step = draft(f"crypto keyring OLD2\n no {line}\n", f"crypto keyring OLD2\n {line}\n")
    if served:
        words = reason(step, fleet=fleet)
        assert "a peer calling from an address of 203.0.113.0/24 gets through today and would not any more" in words
    else:
        change = plan(step, fleet=fleet)
        assert not change.plan.refusals
        words = "A peer calling from an address of 203.0.113.0/24 gets through main mode today and will not any more."
        assert words in change.files["plan.md"]


ANYBODY = """\
interface Tunnel9
 tunnel source GigabitEthernet0/0
 tunnel mode gre multipoint
 tunnel protection ipsec profile IP3
crypto ipsec profile IP3
 set transform-set TS
 set isakmp-profile P3
"""


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("crypto keyrings X", "Invalid input"),
        (f"crypto keyring OLD1\n {LINE}", "already exists"),
        ("no crypto keyring OLD1", "in use"),
    ],
)
def test_a_line_that_the_router_refuses(line: str, answer: str) -> None:
    words = reason(draft(f"{line}\n", ""))
    assert "step 1 on HUB: the router would answer" in words
    assert answer in words


def test_a_rollback_that_does_not_restore() -> None:
    assert "its rollback does not bring the configuration back" in reason(draft("crypto keyring SPARE\nexit\n", ""))


def test_objects_made_and_deleted_on_the_way_leave_no_trace() -> None:
    change = plan(
        draft("crypto keyring A\nexit\ncrypto keyring B\nexit\nno crypto keyring A\n", "no crypto keyring B\n")
    )
    assert not change.plan.refusals
    (router,) = change.plan.routers
    assert router.order_changes == () and router.rolled_back_hash == router.before_hash


def test_a_tunnel_that_disappears() -> None:
    line = "tunnel protection ipsec profile IP1"
    words = reason(draft(f"interface Tunnel1\n no {line}\nexit\n", f"interface Tunnel1\n {line}\nexit\n"))
    assert "step 1 on HUB" in words


def test_one_router_that_cannot_be_proven_does_not_stop_the_others() -> None:
    good = draft("crypto keyring SPARE\nexit\n", "no crypto keyring SPARE\n", router="R2")
    key = SEED.router("R1").text(SEED.router("R1").keyrings[1].keys[0].line)
    bad = draft(f"crypto keyring keyring2\n no {key}\nexit\n", f"crypto keyring keyring2\n {key}\nexit\n", router="R1")
    change = plan(bad, good, fleet=SEED)
    assert [router.name for router in change.plan.routers] == ["R2"]
    assert [step.number for step in change.plan.steps] == [1]
    assert [refusal.router for refusal in change.plan.refusals] == ["R1"]


def test_mixed_states_of_both_ends_are_replayed() -> None:
    drafts = [draft("crypto keyring SPARE\nexit\n", "no crypto keyring SPARE\n", router=name) for name in ("R1", "R2")]
    proof = _proof(plan(*drafts, fleet=SEED))
    assert [mixed.changed for mixed in proof.mixed] == [("R1",), ("R2",)]
    assert all(len(mixed.exchanges) == 2 for mixed in proof.mixed)
    assert len(proof.before) == len(proof.after) == len(proof.rolled_back) == 2


def _proof(change) -> Proof:  # type: ignore[no-untyped-def]
    import msgspec

    return msgspec.json.decode(change.files["proof.json"], type=Proof)


@pytest.mark.full
def test_a_very_long_step_is_looked_at_after_every_line() -> None:
    lines = [f" pre-shared-key address 10.9.{n // 250}.{n % 250 + 1} key {LINE.split()[-1]}" for n in range(300)]
    ring = "crypto keyring LONG vrf NOWHERE\n{}\nexit\n"
    back = "no crypto keyring LONG vrf NOWHERE\n"
    (step,) = _proof(plan(draft(ring.format("\n".join(lines)), back))).steps
    assert step.lines == step.moments == 301
