"""A move that went wrong is not accepted: whatever is tampered with after the strategy's own replay, the proof finds."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path

import msgspec
import pytest
from ikev2_laws import after_fleet, check, moved
from plans import WHEN, fleet_in, fleet_of, planned

from ikeaudit.fleet import Fleet, Translation
from ikeaudit.remediation.order_changes import same
from ikeaudit.remediation.plan import Refusal
from ikeaudit.remediation.planner import PlannedChange, make_plan
from ikeaudit.remediation.strategies import Draft, Proposal, Request, Strategy
from ikeaudit.remediation.strategies.ikev2 import IKEV2, Options, ikev2_strategy
from ikeaudit.rendering import Templates, environment

FLEET = after_fleet(
    fleet_in(Path(__file__).parent / "plans" / "a1-seed"),
    planned(fleet_in(Path(__file__).parent / "plans" / "a1-seed")),
)
"""The seed's routers with one keyring each: up both ways by IKEv1."""

Change = Callable[[Draft], Draft]


def tampered(change: Change, options: Options | None = None) -> PlannedChange:
    """A plan whose drafts were changed behind the strategy's back."""
    honest = ikev2_strategy(options)

    def propose(fleet: Fleet, request: Request) -> Proposal:
        proposal = honest.propose(fleet, request)
        return Proposal(tuple(change(draft) for draft in proposal.drafts), proposal.refusals)

    strategy: Strategy = msgspec.structs.replace(honest, propose=propose)
    return make_plan(FLEET, strategy, change_id="CHG-1", created=WHEN)


def replaced(router: str, old: str, new: str) -> Change:
    def change(draft: Draft) -> Draft:
        if draft.router != router or old not in draft.apply:
            return draft
        return msgspec.structs.replace(draft, apply=draft.apply.replace(old, new))

    return change


def reasons(change: PlannedChange) -> list[str]:
    assert change.plan.empty and not change.plan.routers
    return [refusal.reason for refusal in change.plan.refusals]


def test_untouched_it_is_proven() -> None:
    change = tampered(lambda draft: draft)
    assert not change.plan.refusals
    assert {e.worst for e in after_fleet(FLEET, change).exchanges} == {"up"}


def test_a_wrong_identity_of_the_initiator_is_a_half_open_tunnel() -> None:
    """DOMAIN 14 T15: R1 does not accept what R2 presents; R1 -> R2 would be half-open, R2 -> R1 down."""
    found = reasons(tampered(replaced("R1", "remote address 192.168.0.2", "remote address 192.168.0.99")))
    assert any("gets worse without being announced" in reason and "half-open" in reason for reason in found)


def test_a_wrong_own_identity_is_found() -> None:
    found = reasons(
        tampered(replaced("R2", "identity local address 192.168.0.2", "identity local address 192.168.0.9"))
    )
    assert any("(identity-not-matched)" in reason for reason in found)


def test_keys_that_are_not_swapped_are_found() -> None:
    swapped = {"local": "remote", "remote": "local"}

    def change(draft: Draft) -> Draft:
        words = draft.apply.replace("pre-shared-key local", "pre-shared-key LOCAL")
        words = words.replace("pre-shared-key remote", "pre-shared-key local").replace(
            "key LOCAL", f"key {swapped['local']}"
        )
        return msgspec.structs.replace(draft, apply=words) if draft.router == "R2" else draft

    found = reasons(tampered(change, Options(new_keys=True)))
    assert any("(psk-mismatch)" in reason for reason in found)


def test_a_loss_that_is_not_announced_is_named_with_its_step() -> None:
    found = reasons(tampered(lambda draft: msgspec.structs.replace(draft, announce=())))
    assert any("step 5 on R1: R1 Tunnel1 -> R2 gets worse without being announced" in reason for reason in found)


def test_an_announcement_that_ends_too_early_is_named() -> None:
    def change(draft: Draft) -> Draft:
        short = tuple(msgspec.structs.replace(a, until=0) for a in draft.announce)
        return msgspec.structs.replace(draft, announce=short)

    assert any("step 5 on R1" in reason and "(ike-version-mismatch)" in reason for reason in reasons(tampered(change)))


def test_a_line_that_the_router_would_refuse_is_named() -> None:
    found = reasons(tampered(replaced("R2", "set pfs group20", "set pfs group99")))
    assert any("step 4 on R2: the router would answer 'set pfs group99' with" in reason for reason in found)


def test_a_rollback_that_forgets_something_is_refused() -> None:
    def change(draft: Draft) -> Draft:
        short = draft.rollback.replace("no crypto ikev2 policy V2-POL\n", "").replace(
            "no crypto ikev2 proposal V2-PROP\n", ""
        )
        return msgspec.structs.replace(draft, rollback=short)

    assert any("rollback does not bring the configuration back" in reason for reason in reasons(tampered(change)))


def test_a_router_that_is_left_out_takes_its_partner_with_it() -> None:
    change = tampered(replaced("R2", "set pfs group20", "set pfs group99"))
    refusals = {refusal.router: refusal for refusal in change.plan.refusals}
    assert set(refusals) == {"R1", "R2"}
    assert refusals["R1"].reason == "R2 is not changed by this plan, and all ends of a tunnel change together."


def test_a_template_of_the_user_that_breaks_the_tunnel_is_refused(tmp_path: Path) -> None:
    """The strategy replays what the user's own templates make of the objects."""
    folder = tmp_path / "strategies" / "ikev2"
    folder.mkdir(parents=True)
    ours = Path(environment.__file__).parent / "strategies" / "ikev2"
    text = (ours / "create-ikev2.j2").read_text(encoding="utf-8")
    (folder / "create-ikev2.j2").write_text(text.replace("remote address {{ identity }}", "remote address 192.0.2.99"))
    change = make_plan(FLEET, IKEV2, change_id="CHG-1", created=WHEN, templates=Templates(tmp_path))
    refusal: Refusal = change.plan.refusals[0]
    assert "would be down (identity-not-matched), not up by IKEv2" in refusal.reason
    assert not change.plan.steps


def test_two_keyrings_with_different_keys_of_one_peer_are_fine() -> None:
    """DOMAIN 14 T16: what breaks IKEv1 does no harm to IKEv2."""
    folder = Path(__file__).parent / "ikev2" / "b1-two-local-addresses"
    fleet = fleet_in(folder)
    change = moved(fleet)
    after = after_fleet(fleet, change)
    assert [len(keyring.peers) for keyring in after.router("A").ikev2.keyrings] == [1, 1]
    assert {(e.ike_version, e.outcome, e.confidence) for e in after.exchanges} == {(2, "up", "certain")}


@pytest.mark.parametrize("cleanup", ["now", "later"])
def test_ikev1_is_gone_after_the_clean_up_only(cleanup: str) -> None:
    fleet = fleet_in(Path(__file__).parent / "plans" / "a1-seed")
    change = moved(fleet, Options(cleanup=cleanup))  # type: ignore[arg-type]
    left = [
        (len(r.keyrings), len(r.isakmp_profiles), len(r.isakmp_policies), len(r.ipsec_profiles), len(r.transform_sets))
        for r in after_fleet(fleet, change).routers
    ]
    assert left == ([(0, 0, 0, 1, 1)] * 2 if cleanup == "now" else [(2, 2, 1, 2, 2)] * 2)


def test_the_clean_up_can_come_later() -> None:
    fleet = fleet_in(Path(__file__).parent / "plans" / "a1-seed")
    later = after_fleet(fleet, moved(fleet, Options(cleanup="later")))
    change = moved(later, Options(cleanup="only"))
    assert {step.phase for step in change.plan.steps} == {"cleanup"}
    after = after_fleet(later, change)
    at_once = after_fleet(fleet, moved(fleet))
    assert all(
        same("\n".join(a.lines), "\n".join(b.lines)) for a, b in zip(after.routers, at_once.routers, strict=True)
    )
    assert not moved(after, Options(cleanup="only")).plan.steps


def test_the_clean_up_keeps_what_a_tunnel_of_ikev1_needs() -> None:
    """The hub's third peer stays with IKEv1: its profile, its key and the policies stay; the key of the moved peer goes."""
    fleet = fleet_in(Path(__file__).parent / "ikev2" / "b1-beside-ikev2-and-ikev1")
    hub = after_fleet(fleet, moved(fleet)).router("HUB")
    assert [p.name for p in hub.isakmp_profiles] == ["S3"]
    assert [str(k.prefix) for ring in hub.keyrings for k in ring.keys] == ["198.51.100.3"]
    assert not hub.default_keyring.keys
    assert [p.number for p in hub.isakmp_policies] == [10]
    assert not hub.isakmp.default_policy_disabled


def test_the_clean_up_keeps_everything_for_get_vpn() -> None:
    """A GET VPN member registers by IKEv1: nobody can tell which keys and profiles it uses."""
    folder = Path(__file__).parent / "plans" / "a1-seed"
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.cfg"))]
    group = "crypto gdoi group GET\n identity number 1\n server address ipv4 192.0.2.77\n!\n"
    fleet = fleet_of(texts[0].replace("interface Loopback0", f"{group}interface Loopback0"), texts[1])
    after = after_fleet(fleet, moved(fleet))
    assert len(after.router("R1").keyrings) == 2
    assert len(after.router("R1").isakmp_profiles) == 2
    assert after.router("R1").isakmp_policies
    assert not after.router("R2").keyrings


@pytest.mark.parametrize(("kind", "back"), [("static", "up"), ("pat", "not-initiated")])
def test_behind_nat_the_key_is_for_the_outer_address_and_the_match_for_the_inner(kind: str, back: str) -> None:
    """DOMAIN 4.8, as in vector T11: B sees A as 203.0.113.9, and A presents itself as 100.64.1.2."""
    routers = fleet_in(Path(__file__).parents[1] / "cases" / "vectors" / "T11-behind-pat").routers
    inside, outside = ip_address("100.64.1.2"), ip_address("203.0.113.9")
    fleet = Fleet(routers, (Translation(inside, outside, kind),))  # type: ignore[arg-type]
    change = check(fleet)
    lines = change.plan.commands_of("B")
    assert "address 203.0.113.9" in lines
    assert "match identity remote address 100.64.1.2 255.255.255.255" in lines
    outcomes = {(e.initiator, e.ike_version, e.outcome) for e in after_fleet(fleet, change).exchanges}
    assert outcomes == {("A", 2, "up"), ("B", 2, back)}
