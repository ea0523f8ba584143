"""Crowds of findings that are told as one: nothing is lost of them, and what is no crowd stays apart."""

from __future__ import annotations

import msgspec
import pytest
from hubs import hub, spoke, spoke_address

from ikeaudit.fleet import Fleet
from ikeaudit.hazards import Finding, audit
from ikeaudit.hazards.folding import CROWD, fold
from ikeaudit.model import Evidence, IsakmpPolicy, Router, SelfIdentity

SPOKES = 800
"""As many as in the issue; the slowest test here takes a few seconds for them."""


def finding(*hosts: str, message: str = "", cause: tuple[str, ...] = (), confidence: str = "certain") -> Finding:
    return Finding(
        code="PW-X",
        severity="high",
        hosts=hosts,
        peers=(f"peer of {hosts[-1]}",),
        message=message or f"{' and '.join(hosts)} differ.",
        symptom="s",
        fix="f",
        confidence=confidence,  # type: ignore[arg-type]
        evidence=(Evidence(hosts[-1], "x.cfg", 1, "line"),),
        cause=cause,
    )


def test_a_crowd_around_one_router_is_one_finding_with_everything_of_all() -> None:
    crowd = [finding("HUB", f"S{n}") for n in range(CROWD + 4)]
    (one,) = fold(reversed(crowd))
    assert one.hosts == tuple(sorted({"HUB", *(f"S{n}" for n in range(CROWD + 4))}))
    assert set(one.peers) == {f"peer of S{n}" for n in range(CROWD + 4)}
    assert len(one.evidence) == CROWD + 4
    assert one.message == "HUB and S0 differ. The same goes for 11 more: S1, S2, S3, S4 and 7 more."


def test_less_than_a_crowd_stays_apart() -> None:
    few = [finding("HUB", f"S{n}") for n in range(CROWD - 1)]
    assert fold(few) == few


def test_what_is_unlike_stays_apart() -> None:
    sure = [finding("HUB", f"S{n}") for n in range(CROWD - 1)]
    unsure = [finding("HUB", f"T{n}", confidence="probable") for n in range(CROWD - 1)]
    assert len(fold([*sure, *unsure])) == 2 * (CROWD - 1)
    elsewhere = [finding(f"A{n}", f"B{n}") for n in range(2 * CROWD)]
    assert fold(elsewhere) == elsewhere


def test_the_same_words_about_many_routers_are_one_finding() -> None:
    alike = [finding(f"R{n}", message="No keepalive.") for n in range(CROWD)]
    (one,) = fold(alike)
    assert one.message == "No keepalive." and len(one.hosts) == CROWD == len(one.evidence)


def test_folding_does_not_depend_on_the_order_and_its_fingerprint_follows_the_facts() -> None:
    crowd = [finding("HUB", f"S{n}", cause=(f"Tunnel{n}",)) for n in range(12)]
    (one,), (other,) = fold(crowd), fold(reversed(crowd))
    assert one == other
    (fewer,) = fold(crowd[1:])
    assert fewer.fingerprint == one.fingerprint
    assert {m.id for m in one.members} - {m.id for m in fewer.members} == {m.id for m in crowd[0].members} - {
        m.id for m in fewer.members
    }


def changed(router: Router, **fields: object) -> Router:
    return msgspec.structs.replace(router, **fields)


def by_code(routers: list[Router]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for one in audit(Fleet(routers)):
        found.setdefault(one.code, []).append(one)
    return found


def fleet(own: Router) -> list[Router]:
    return [own, *(spoke(n) for n in range(SPOKES))]


@pytest.mark.full
def test_a_lifetime_of_the_hub_is_one_finding_with_800_spokes() -> None:
    policy = IsakmpPolicy(
        10,
        1,
        encryption="aes 256",
        keyword="encr",
        hash="sha256",
        authentication="pre-share",
        group="14",
        lifetime=3600,
    )
    (one,) = by_code(fleet(changed(hub(SPOKES), isakmp_policies=(policy,))))["PW-LIFETIME"]
    assert len(one.hosts) == SPOKES + 1
    assert one.message.startswith("Phase 1 lasts 3600 s on HUB and 86400 s on S0000; the lower value is used.")
    assert one.message.endswith("The same goes for 799 more: S0001, S0002, S0003, S0004 and 795 more.")


def test_an_identity_that_no_spoke_expects_is_one_finding_of_each_kind() -> None:
    own = hub(SPOKES)
    named = tuple(
        msgspec.structs.replace(profile, self_identity=SelfIdentity(1, "fqdn", "hub.example.net"))
        for profile in own.isakmp_profiles
    )
    found = by_code(fleet(changed(own, isakmp_profiles=named)))
    (one,) = found["PF-SELFID"]
    assert len(one.hosts) >= SPOKES and one.effect == "one-end" and one.tunnels == SPOKES
    follows = {consequence.code: consequence for consequence in one.consequences}
    assert all(len(follows[code].hosts) >= SPOKES for code in ("PW-ID", "PW-ONEWAY", "PF-BOUND-NOMATCH"))
    assert len(follows["PW-ONEWAY"].directions) == SPOKES
    assert sum(len(some) for some in found.values()) < 15


def test_profiles_of_a_hub_that_match_nobody_are_one_finding_with_their_peers() -> None:
    own = hub(SPOKES)
    blind = tuple(msgspec.structs.replace(profile, matches=()) for profile in own.isakmp_profiles)
    (one,) = by_code([changed(own, isakmp_profiles=blind)])["PF-INCOMPLETE"]
    assert one.hosts == ("HUB",)
    assert set(one.peers) == {str(spoke_address(n)) for n in range(SPOKES)}
    assert "The same goes for 799 more: P1, P2, P3, P4 and 795 more." in one.message
